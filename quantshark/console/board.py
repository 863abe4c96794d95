"""The desk of a day, looked at once a moment for everyone who asks: fifty editors cost no more than one."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date, datetime

from quantshark.console.drafting import Drafting
from quantshark.console.slots import Slot, slots
from quantshark.console.stock import Stock, stock
from quantshark.newsroom import Newsroom

FRESH = 1.0
STOCK_FRESH = 20.0


@dataclass(frozen=True, slots=True)
class Day:
    """A day's slots and material, as they were a moment ago."""

    slots: tuple[Slot, ...]
    stock: Stock


class Board:
    """Slots are read again after a second, material after some."""

    def __init__(self, newsroom: Newsroom, drafting: Drafting) -> None:
        self._newsroom = newsroom
        self._drafting = drafting
        self._slots: dict[date, tuple[float, tuple[Slot, ...]]] = {}
        self._stock: dict[date, tuple[float, Stock]] = {}
        self._lock = threading.Lock()

    def look(self, day: date, now: datetime | None = None) -> Day:
        with self._lock:
            found, held = self._slots.get(day), self._stock.get(day)
            if found is None or time.monotonic() - found[0] > FRESH:
                found = (time.monotonic(), slots(self._newsroom, self._drafting, day, now))
                self._slots = {day: found, **dict(list(self._slots.items())[:8])}
                self._slots[day] = found
            if held is None or time.monotonic() - held[0] > STOCK_FRESH:
                held = (time.monotonic(), stock(self._newsroom, day, now))
                self._stock = dict(list(self._stock.items())[:8])
                self._stock[day] = held
            return Day(found[1], held[1])

    def forget(self) -> None:
        """Something was changed here: the next look is a new one."""
        with self._lock:
            self._slots.clear()
            self._stock.clear()
