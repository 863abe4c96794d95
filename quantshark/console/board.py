"""The desk of a day, looked at once a moment for everyone who asks: fifty editors cost no more than one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from quantshark.console.drafting import Drafting
from quantshark.console.slots import Slot, slots
from quantshark.console.stock import Stock, stock
from quantshark.newsroom import Newsroom

FRESH = 1.0
STOCK_FRESH = 20.0
PATIENT = 10.0
"""While one looks again, the others are shown what was seen last, if it is no older than this over its time."""
DAYS = 8

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Day:
    """A day's slots and material, as they were a moment ago."""

    slots: tuple[Slot, ...]
    stock: Stock


class Looks(Generic[Seen]):
    """What was seen of each day. One looks at a time: a look that takes longer than it stays fresh must not make those
    who waited for it look again one after another."""

    def __init__(self, fresh: float) -> None:
        self._fresh = fresh
        self._seen: dict[date, tuple[float, Seen]] = {}
        self._turn = threading.Lock()
        self._era = 0

    def of(self, day: date, look: Callable[[], Seen]) -> Seen:
        asked = time.monotonic()
        seen = self._seen.get(day)
        if seen is not None and asked - seen[0] <= self._fresh:
            return seen[1]
        bearable = seen is not None and asked - seen[0] <= self._fresh + PATIENT
        if not self._turn.acquire(blocking=not bearable) and seen is not None:
            return seen[1]
        try:
            return self._again(day, look, asked)
        finally:
            self._turn.release()

    def forget(self) -> None:
        """What is being looked at now counts no more either: it may have been read before the change."""
        self._era += 1
        self._seen = {}

    def _again(self, day: date, look: Callable[[], Seen], asked: float) -> Seen:
        seen = self._seen.get(day)
        if seen is not None and asked - seen[0] <= self._fresh:
            return seen[1]
        begun, era = time.monotonic(), self._era
        found = look()
        if era == self._era:
            others = [(known, told) for known, told in self._seen.items() if known != day]
            self._seen = dict([*others, (day, (begun, found))][-DAYS:])
        return found


class Board:
    """Slots are read again after a second, material after some."""

    def __init__(self, newsroom: Newsroom, drafting: Drafting) -> None:
        self._newsroom = newsroom
        self._drafting = drafting
        self._slots = Looks[tuple[Slot, ...]](FRESH)
        self._stock = Looks[Stock](STOCK_FRESH)

    def look(self, day: date, now: datetime | None = None) -> Day:
        return Day(
            self._slots.of(day, lambda: slots(self._newsroom, self._drafting, day, now)),
            self._stock.of(day, lambda: stock(self._newsroom, day, now)),
        )

    def forget(self) -> None:
        """Something was changed here: the next look is a new one."""
        self._slots.forget()
        self._stock.forget()
