"""Sheets of drafts, made once for all who look: a draft does not change, so its page can only be the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakValueDictionary

from quantshark.console import evidence
from quantshark.console.evidence import Cabinet, Sheet
from quantshark.model import Fact
from quantshark.newsroom import Newsroom
from quantshark.newsroom.room import Reread

KEPT = 24


class Turn:
    """A draft's turn at being read; it lives as long as somebody waits for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


@dataclass(frozen=True)
class Proofed:
    """A draft as it was judged, with the sheet that shows it."""

    reread: Reread
    site_url: str

    @cached_property
    def cabinet(self) -> Cabinet:
        judged = self.reread.judged
        return Cabinet(judged.evidence.facts, judged.context.documents, self.site_url, self.citable)

    @property
    def citable(self) -> tuple[Fact, ...]:
        """What an editor may insert, the most telling first."""
        return tuple(item.fact for item in self.reread.judged.context.items)

    def with_draft(self, reread: Reread) -> Proofed:
        """Another text of the same draft: what it may cite is the same."""
        made = Proofed(reread, self.site_url)
        made.__dict__["cabinet"] = self.cabinet
        return made

    @cached_property
    def sheet(self) -> Sheet:
        judged = self.reread.judged
        return evidence.of(judged.printed, judged.draft.sections, judged.result.verdicts, self.cabinet)


class Proofs:
    """By draft, the latest used last; safe for threads. One thread makes a sheet, who wants the same waits for it."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._known: OrderedDict[str, Proofed] = OrderedDict()
        self._lock = threading.Lock()
        self._turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()

    def of(self, draft_id: str) -> Proofed:
        """Raises NotFoundError."""
        with self._lock:
            turn = self._turns.setdefault(draft_id, Turn())
        with turn.lock:
            return self._read(draft_id)

    def _read(self, draft_id: str) -> Proofed:
        reread = self._newsroom.reread(draft_id)
        known = self._known.get(draft_id)
        if known is None or known.reread.judged is not reread.judged:
            known = Proofed(reread, self._newsroom.settings.site_url)
            known.sheet  # noqa: B018 - made while others wait, not once by each of them
        elif known.reread is not reread:
            known = _renewed(known, reread)
        with self._lock:
            self._known[draft_id] = known
            self._known.move_to_end(draft_id)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return known


def _renewed(known: Proofed, reread: Reread) -> Proofed:
    """The same sheet with what is new around it (a later draft of the slot)."""
    made = Proofed(reread, known.site_url)
    made.__dict__.update({name: known.__dict__[name] for name in ("cabinet", "sheet") if name in known.__dict__})
    return made
