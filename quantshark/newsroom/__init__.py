"""The newsroom: where the parts meet, and the verbs: ingest, draft, check, publish, verify, facts, forget.

This is the one composition root: it is given the settings, opens the store, chooses writer and engine, and hands each
room what it needs. The verbs stand in the modules beside it, by what they are about: `writing` makes a draft, `slots`
says how the day stands, `editing` mends and approves, `sending` lets it out, `corrections` takes it back. `draft` is async and tells its progress as events; everything else is
synchronous. Every verb that changes something takes an `actor` and is written into the audit trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from quantshark.checks import CheckResult, Evidence, judge
from quantshark.model import SHANGHAI, Document, Fact
from quantshark.newsroom import material, naming, outgoing
from quantshark.newsroom.corrections import Change, Corrections, Stale
from quantshark.newsroom.drafting import Script
from quantshark.newsroom.editing import Standing
from quantshark.newsroom.feeding import Feeding
from quantshark.newsroom.library import Found, Shelves
from quantshark.newsroom.material import Ingested, Progress, silent
from quantshark.newsroom.rewriting import Rewriting
from quantshark.newsroom.room import Reread
from quantshark.newsroom.slots import Slots, SlotState
from quantshark.newsroom.writing import (
    Assignment,
    Outcome,
    Prepared,
    WriterName,
    moment_of,
    trading_day,
)
from quantshark.press import verify as proofs
from quantshark.press.verify import Difference

__all__ = [
    "Assignment",
    "Change",
    "Found",
    "Ingested",
    "Newsroom",
    "Outcome",
    "Prepared",
    "Progress",
    "Reread",
    "Script",
    "SlotState",
    "Stale",
    "Standing",
    "WriterName",
    "moment_of",
    "silent",
    "trading_day",
]


class Newsroom(Feeding, Shelves, Slots, Corrections, Rewriting):
    """The verbs over one store and one set of settings."""

    # In

    def ingest(self, paths: Sequence[Path], progress: Progress = silent, actor: str = "") -> Ingested:
        """Read documents and their facts into the store."""
        done = material.ingest(self.store, paths, progress)
        self.store.audit("ingest", ", ".join(map(str, paths)), f"{len(done.intake.documents)} documents", actor)
        return done

    def facts(self, day: date | None = None, entity: str | None = None, measure: str | None = None) -> tuple[Fact, ...]:
        """What is known, by day, entity (code or name) and measure (slug or name)."""
        codes = naming.entity_codes(entity) if entity else (None,)
        slugs = naming.measure_slugs(measure) if measure else (None,)
        return tuple(
            fact for code in codes for slug in slugs for fact in self.store.facts(day=day, entity=code, measure=slug)
        )

    def forget(self, doc_id: str, actor: str = "") -> tuple[str, ...]:
        """Take a document's words and facts away for good; the releases that used it are named."""
        used = self.store.used_in(doc_id=doc_id)
        self.store.forget(doc_id)
        self.store.audit("forget", doc_id, "", actor)
        return used

    # Judging

    def check(self, report: str, as_of: date | None = None) -> CheckResult:
        """Judge any text against what the store knows."""
        until = datetime.combine(as_of, time.max, SHANGHAI) if as_of else datetime.now(SHANGHAI)
        return judge(report, Evidence(material.from_store(self.store, until).documents), as_of=as_of)

    def verify(self, path: Path, sources: Sequence[Path] = (), progress: Progress = silent) -> tuple[Difference, ...]:
        """Prove a published report again from its ledger and its sources: files, else the versions that the store kept."""
        documents = material.from_files(sources, progress)[0].documents if sources else self._cited(path)
        return outgoing.verify(path, documents)

    def confirmed(self, path: Path) -> tuple[str, ...]:
        """编辑确认: the figures of a published report that people let stand without a proof, and why."""
        return proofs.confirmed(outgoing.ledger_of(path))

    def _cited(self, path: Path) -> tuple[Document, ...]:
        ledger = outgoing.ledger_of(path)
        versions = self.store.cited(ledger.release)
        kept = self.store.documents(ids=tuple(name for name in ledger.documents if name not in versions))
        return (*(self.store.document(name, version) for name, version in versions.items()), *kept)
