"""One value a day: what the sources say of single days, put in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from quantshark.model import Fact

Teller = TypeVar("Teller")


def one_a_day(told: Iterable[tuple[date, Teller]], fact: Callable[[Teller], Fact]) -> dict[date, Teller]:
    """Of several tellers of a day the most exact; a day of which two say different things, beyond rounding, is not known."""
    line: dict[date, Teller] = {}
    torn: set[date] = set()
    for day, teller in told:
        held = line.setdefault(day, teller)
        if fact(held).value == fact(teller).value:
            continue
        finer, coarser = sorted((held, teller), key=lambda one: fact(one).ulp or Decimal(0))
        if abs(fact(finer).value - fact(coarser).value) > (fact(coarser).ulp or Decimal(0)) / 2:
            torn.add(day)
        line[day] = finer
    return {day: teller for day, teller in line.items() if day not in torn}
