"""What the clauses before have said and the next one need not repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from quantshark.model import Period


class Heading(NamedTuple):
    """What the words before a colon measure, and which way."""

    slugs: tuple[str, ...]
    word: str
    direction: int


NO_HEADING = Heading((), "", 0)


@dataclass(slots=True)
class Carried:
    """Whom, what and when later clauses of a sentence inherit."""

    entities: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    others: frozenset[str] = frozenset()
    items: tuple[str, ...] = ()
    measure: str = ""
    slugs: tuple[str, ...] = ()
    word: str = ""
    direction: int = 0
    basis: str = ""
    scope: frozenset[str] = frozenset()
    periods: tuple[Period, ...] = ()
    yearless: bool = True
    modality: str = "actual"
    done: bool = False
    via: str = ""
    said_by: str = ""
    left: str = ""
    scene: bool = False
    past: bool = False
    measured: tuple[tuple[tuple[str, ...], str], ...] = ()
    kinds: frozenset[tuple[str, str]] = frozenset()
    headed: bool = False
    heading: Heading = NO_HEADING
    against: str = ""
    """What the value just told is the base of: 较上一交易日的2015亿港元 before 减少92亿港元."""
    told: tuple[tuple[str, ...], ...] = ()

    def part(self) -> None:
        """A part of the sentence begins: whom and what it is about hold on, how it was told does not."""
        self.modality, self.done, self.said_by, self.left = "actual", False, "", ""
        self.others, self.heading = frozenset(), NO_HEADING
        if self.past:
            self.past, self.periods = False, ()
