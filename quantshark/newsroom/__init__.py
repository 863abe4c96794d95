"""The newsroom: where the parts meet, and the verbs: ingest, draft, check, publish, verify, facts, forget.

This is the one composition root: it is given the settings, opens the store, chooses writer and engine, and hands each
room what it needs. A verb tells its steps; what a step is stands in the rooms below. `draft` is async and tells its
progress as events; everything else is synchronous.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Literal
from uuid import uuid4

from quantshark import editions
from quantshark.calendars import Calendar
from quantshark.checks import CheckResult, Evidence, judge
from quantshark.context import Context, Wishes, plots
from quantshark.context.lessons import PUBLISHING_DAYS, taught
from quantshark.data import load_concepts, load_measures, use
from quantshark.editions import Edition
from quantshark.errors import EditionError
from quantshark.lexicon.names import Names
from quantshark.model import Document, Draft, Event, Fact, Listener, Receipt, Release, Verdict
from quantshark.newsroom import drafting, material, outgoing, picturing
from quantshark.newsroom.drafting import Judged, Script
from quantshark.newsroom.material import Ingested, Progress
from quantshark.newsroom.outgoing import Shelf
from quantshark.press import verify as proofs
from quantshark.press.targets.folder import FolderTarget, put
from quantshark.press.verify import Difference
from quantshark.runs.inline import InlineEngine, MemoryBook
from quantshark.settings import Settings, load
from quantshark.sources import Intake
from quantshark.store import Store
from quantshark.writers import Writer
from quantshark.writers.rules import RuleWriter
from quantshark.writers.rules_careful import careful

__all__ = ["Assignment", "Ingested", "Newsroom", "Outcome", "Progress", "Script", "WriterName"]

WriterName = Literal["auto", "rules", "llm"]
SHANGHAI = timezone(timedelta(hours=8))


def nobody(_event: Event) -> None:
    """A listener for those who do not ask."""


def silent(_done: int, _total: int, _text: str) -> None:
    """Progress for those who do not look."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be written: `day` defaults to today, `until` to the edition's slot.

    With `sources` these files alone are read, and nothing is stored.
    """

    edition: str
    day: date | None = None
    until: datetime | time | None = None
    sources: tuple[Path, ...] = ()
    writer: WriterName = "auto"
    script: Script = "hans"
    out: Path = Path("out")
    cache: bool = True
    """False: ask the model again even where the journal has its reply."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draft came to. Without a release, `draft.held` and the blocking `verdicts` say why."""

    draft: Draft
    text: str
    verdicts: tuple[Verdict, ...]
    release: Release | None
    files: tuple[Path, ...]
    intake: Intake | None = None


class Newsroom:
    """The verbs over one store and one set of settings."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or load()
        use(self.settings.user_registry)

    @cached_property
    def store(self) -> Store:
        """Opened when first needed: a draft from files alone leaves no database behind."""
        return Store.open(self.settings.store_url)

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.settings.home / "releases")

    # In

    def ingest(self, paths: Sequence[Path], progress: Progress = silent) -> Ingested:
        """Read documents and their facts into the store."""
        done = material.ingest(self.store, paths, progress)
        self.store.audit("ingest", ", ".join(map(str, paths)), f"{len(done.intake.documents)} documents")
        return done

    def facts(self, day: date | None = None, entity: str | None = None, measure: str | None = None) -> tuple[Fact, ...]:
        """What is known, by day, entity (code or name) and measure (slug or name)."""
        codes = entity_codes(entity) if entity else (None,)
        slugs = measure_slugs(measure) if measure else (None,)
        return tuple(
            fact for code in codes for slug in slugs for fact in self.store.facts(day=day, entity=code, measure=slug)
        )

    def forget(self, doc_id: str) -> tuple[str, ...]:
        """Take a document's words and facts away for good; the releases that used it are named."""
        used = self.store.used_in(doc_id=doc_id)
        self.store.forget(doc_id)
        self.store.audit("forget", doc_id)
        return used

    # Writing

    async def draft(self, task: Assignment, listen: Listener = nobody, progress: Progress = silent) -> Outcome:
        """Write the edition of a day, read it as a stranger, release it if it may go out, and lay its files in `out`."""
        edition = editions.load(task.edition, self.settings.prompts_dir)
        day = trading_day(edition, task.day)
        moment = moment_of(edition, day, task.until)
        if task.sources:
            known, intake = material.from_files(task.sources, progress)
        else:
            known, intake = material.from_store(self.store, moment), None
        wishes = Wishes(self._watchlist(), taught=() if task.sources else self._taught(edition, day))
        context = drafting.frame(edition, known, day, moment, self.settings.site_url, wishes)
        engine = InlineEngine(MemoryBook() if task.sources else self.store)
        drawn = plots.choose(context)
        evidence = drafting.evidence(plots.widened(context, drawn), known.facts)
        context = careful(context, evidence)
        inputs = drafting.inputs_of(context, self._pen(task), task.script)
        async with engine.open(f"draft {edition.slug} {day} {task.script}", inputs) as run:
            writer, prompts = self._writer(task, context, evidence)
            draft = await drafting.write(context, writer, task.script, run, listen, prompts)
            run_id = "" if task.sources else run.run_id
            context = plots.widened(context, drawn)
            draft = picturing.pictured(draft, drawn, context, evidence)
            outcome = self._finish(draft, context, evidence, task.out, run_id, listen)
        listen(Event("done", "", {"releasable": outcome.release is not None}))
        return replace(outcome, intake=intake)

    def _watchlist(self) -> tuple[str, ...]:
        """The user's stocks by code; a name that stands for several listings brings them all."""
        return tuple(code for name in self.settings.watchlist for code in entity_codes(name))

    def _taught(self, edition: Edition, day: date) -> tuple[str, ...]:
        """The concepts that recent reports of this edition explained."""
        before = [
            release for release in self.store.releases(edition.slug, limit=4 * PUBLISHING_DAYS) if release.day < day
        ]
        days = sorted({release.day for release in before}, reverse=True)[:PUBLISHING_DAYS]
        return taught(edition, (release.text for release in before if release.day in days), load_concepts())

    def _writer(self, task: Assignment, context: Context, evidence: Evidence) -> tuple[Writer, Mapping[str, str]]:
        """Who writes, with the hashes of the prompts they are given; `auto` is the model where one is configured."""
        if task.writer == "rules" or (task.writer == "auto" and not self.settings.llm.configured):
            return RuleWriter(), {}
        from quantshark.newsroom import staff  # noqa: PLC0415 - only who asks a model waits for its libraries

        budget = staff.budget_of(self.settings.llm)
        writer = staff.models(self.settings, context, evidence, budget, self.store.journal, read_journal=task.cache)
        return writer, staff.prompts(context, self.settings.prompts_dir)

    def _pen(self, task: Assignment) -> str:
        """What the steps of a draft depend on beside its context: who writes, and whether anew."""
        if task.writer == "rules" or not self.settings.llm.configured:
            return "rules"
        return f"{self.settings.llm.model}/{'' if task.cache else uuid4().hex}"

    def _finish(
        self, draft: Draft, context: Context, evidence: Evidence, out: Path, run_id: str, listen: Listener
    ) -> Outcome:
        """Judge a draft and release it, or lay it out with what stands against it. Without a `run_id` nothing is stored."""
        site = self.settings.site_url
        latest = self._latest(draft) if run_id else None
        revision = latest.revision if latest else 1
        sheet = drafting.printed(draft, context.edition, site, revision)
        same = latest is not None and latest.text == sheet.text
        if latest and not same:
            revision += 1
            draft = self._held_if_published(draft, latest)
            sheet = drafting.printed(draft, context.edition, site, revision)
        judged = drafting.judged(draft, sheet, context, evidence, listen)
        if run_id:
            self.store.save_draft(draft, sheet.text, run_id)
        verdicts = judged.result.verdicts
        if not judged.releasable:
            return Outcome(draft, sheet.text, verdicts, None, (_lay_draft(judged, out),))
        release, files = (
            (latest, self.shelf.files(latest)) if latest and same else self._release(judged, stored=bool(run_id))
        )
        FolderTarget(out).send(release, files)
        (out / f"{release.stem}.draft.md").unlink(missing_ok=True)
        read = outgoing.read_aloud(release, context.edition, out)
        return Outcome(draft, sheet.text, verdicts, release, (*(out / name for name in files), *read))

    def _latest(self, draft: Draft) -> Release | None:
        """The newest release of the draft's slot and script."""
        return next(iter(self.store.releases(draft.edition, draft.day, draft.script, limit=1)), None)

    def _held_if_published(self, draft: Draft, latest: Release) -> Draft:
        """What went out is not replaced in silence: another text for the same slot is a correction.

        A demonstration is: it told nobody anything about a market, so it has nothing to correct.
        """
        receipts = self.store.receipts(latest.release_id)
        if not receipts or (latest.demo and draft.demo):
            return draft
        told = f"本期已发布（{latest.release_id}，{receipts[0].channel}），内容有变动须作更正，不能重新发布"
        return replace(draft, held=(*draft.held, told))

    def _release(self, judged: Judged, *, stored: bool) -> tuple[Release, dict[str, bytes]]:
        made = outgoing.make(judged, self.settings.site_url, datetime.now(UTC))
        if stored:
            outgoing.keep(made, self.shelf, self.store, judged.context.documents)
        return made.release, dict(made.files)

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

    # Out

    def publish(self, release: str, target: str = "") -> Receipt:
        """Send a release (by id, or one of its files) to a channel, once."""
        channel = outgoing.target(target, self.settings.home, self.settings.site_url)
        path = Path(release)
        known = outgoing.from_file(path, self.shelf, self.store) if path.is_file() else self.store.release(release)
        receipt = outgoing.publish(known, channel, self.shelf, self.store)
        self.store.audit("publish", known.release_id, channel.name)
        return receipt


def entity_codes(told: str) -> tuple[str, ...]:
    """The codes that a code or name may mean; one that no registry knows is a name of the sources."""
    return Names.load().codes(told) or ((told,) if told.startswith("~") or "." in told else (f"~{told}",))


def measure_slugs(told: str) -> tuple[str, ...]:
    """The slugs that a slug or name may mean."""
    known = load_measures()
    if any(measure.slug == told for measure in known):
        return (told,)
    return tuple(measure.slug for measure in known if told in (measure.hans, *measure.names)) or (f"~{told}",)


def trading_day(edition: Edition, day: date | None) -> date:
    """The day that was asked for, else today in the edition's zone; it must be one on which the edition is due."""
    wanted = day or datetime.now(SHANGHAI).date()
    calendar = Calendar(edition.slot.calendar)
    if not calendar.is_session(wanted) and edition.slot.closed == "previous":
        return calendar.previous(wanted)
    if not calendar.is_session(wanted):
        raise EditionError(
            f"{wanted} is no trading day of {calendar.name} ({calendar.reason(wanted)}), so {edition.slug} is not due; "
            f"give one with --day: {calendar.previous(wanted)} or {calendar.next(wanted)}"
        )
    return wanted


def moment_of(edition: Edition, day: date, until: datetime | time | None) -> datetime:
    """Up to when documents may be known: the slot, unless asked otherwise. A time without a zone is Hong Kong's."""
    if until is None:
        return edition.until(day)
    moment = until if isinstance(until, datetime) else datetime.combine(day, until)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _lay_draft(judged: Judged, out: Path) -> Path:
    stem = f"{judged.draft.edition}-{judged.draft.day}{'-hant' if judged.draft.script == 'hant' else ''}"
    path = out / f"{stem}.draft.md"
    out.mkdir(parents=True, exist_ok=True)
    put(path, judged.printed.text.encode())
    return path
