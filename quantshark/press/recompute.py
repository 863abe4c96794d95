"""Compute a derived fact again from the operands that the ledger names, by the formula that it declares.

`None` means that the formula is not one of ours or its operands do not fit it; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

HUNDRED = Decimal(100)


def recompute(op: str, operands: Sequence[Decimal]) -> Decimal | None:
    """What `op` of these values is; shares and growth in percent."""
    formula = FORMULAS.get(op)
    if (
        formula is None
        or len(operands) < (1 if op in ANY_NUMBER else 2)
        or (op not in ANY_NUMBER and len(operands) != 2)
    ):
        return None
    return formula(operands)


def _sum(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _difference(values: Sequence[Decimal]) -> Decimal:
    return values[0] - values[1]


def _share(values: Sequence[Decimal]) -> Decimal | None:
    return values[0] / values[1] * HUNDRED if values[1] else None


def _growth(values: Sequence[Decimal]) -> Decimal | None:
    return (values[0] - values[1]) / abs(values[1]) * HUNDRED if values[1] else None


def _streak(values: Sequence[Decimal]) -> Decimal | None:
    """Days in a row on one side of zero, newest first."""
    sign = values[0] > 0
    run = next((n for n, value in enumerate(values) if not value or (value > 0) is not sign), len(values))
    return Decimal(run) if values[0] else None


def _rank(values: Sequence[Decimal]) -> Decimal:
    """The place of the first among all by size, 1 for the largest."""
    return Decimal(1 + sum(abs(value) > abs(values[0]) for value in values[1:]))


FORMULAS: dict[str, Callable[[Sequence[Decimal]], Decimal | None]] = {
    "sum": _sum,
    "difference": _difference,
    "share": _share,
    "growth": _growth,
    "streak": _streak,
    "rank": _rank,
    "record": lambda values: values[0],
}
ANY_NUMBER = frozenset({"sum", "streak", "rank", "record"})
