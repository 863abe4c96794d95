"""The formula of a derived fact: computed again from the operands that the ledger names, and shown as people write it.

A formula whose text is arithmetic (`(a / b - 1) * 100`) is evaluated as it stands, provided that every number in it is
an operand or one of the constants 1 and 100; streaks, ranks and records are counted. `None` means that it cannot be
computed again: not ours, or its operands do not fit. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import pairwise

from quantshark.context.wording import value_of
from quantshark.model import Fact
from quantshark.press.exhibits import Proof

HUNDRED = Decimal(100)
CONSTANTS = (Decimal(1), HUNDRED)
PERCENT = frozenset({"share", "growth"})
RATIOS = frozenset({"share", "multiple"})
CLOSE = Decimal("0.0001")
COUNTED_ANEW = frozenset({"percentile"})
"""Their text divides two counts, which are no operands: the days are counted again."""
MOST = 500
DEEPEST = 20
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:E[+-]?\d+)?)|(?P<sign>[-+*/()]))")


def recompute(op: str, operands: Sequence[Decimal], text: str = "") -> Decimal | None:
    """What the formula gives for these values; shares and growth in percent, falls below zero."""
    tokens = None if op in COUNTED_ANEW else _tokens(text)
    if not operands:
        return None
    if tokens:
        told = _evaluated(tokens, operands)
        return told if told is None or op not in PERCENT or "100" in text else told * HUNDRED
    formula = FORMULAS.get(op)
    try:
        return formula(operands) if formula else None
    except (DivisionByZero, InvalidOperation, IndexError):
        return None


def formula_text(proof: Proof, printed: str = "") -> str:
    """The formula as people write it, in the figures of its operands: 33.68亿港元 ÷ 52.87亿港元 = 63.70% (as printed)."""
    formula = proof.fact.formula
    if formula is None:
        return ""
    shown = (
        value_of
        if formula.op in RATIOS and len({operand.fact.value > 0 for operand in proof.operands}) == 1
        else _signed
    )
    values = [shown(operand.fact) for operand in proof.operands]
    pattern = SHOWN.get(formula.op)
    if pattern is None or (len(values) != 2 and formula.op != "sum"):
        return COUNTED.get(formula.op, formula.text)
    left = " + ".join(values) if formula.op == "sum" else pattern.format(*values)
    result = value_of(proof.fact) if formula.op in RATIOS else _signed(proof.fact)
    return f"{left} = {printed or result}"


def _signed(fact: Fact) -> str:
    return f"−{value_of(fact)}" if fact.value < 0 else value_of(fact)


SHOWN = {
    "sum": "",
    "difference": "{0} −（{1}）",
    "share": "{0} ÷ {1}",
    "growth": "{0} ÷ {1} − 1",
    "multiple": "{0} ÷ {1}",
}
COUNTED = {
    "streak": "逐日数出：同一方向连续出现，前一日方向不同",
    "streak_of_levels": "逐日与前一日相比：同一方向连续出现，再前一日方向不同",
    "rank": "当日同向各项按金额由大到小排列",
    "record_high": "与此前逐个交易日相比，期间没有更高",
    "record_low": "与此前逐个交易日相比，期间没有更低",
}


# Counting


def _streak(values: Sequence[Decimal]) -> Decimal | None:
    """Days in a row on one side of zero, newest first."""
    side = values[0] > 0
    run = next((n for n, value in enumerate(values) if not value or (value > 0) is not side), len(values))
    return Decimal(run) if values[0] else None


def _rank(values: Sequence[Decimal]) -> Decimal:
    """The place of the first among all by size, 1 for the largest."""
    return Decimal(1 + sum(abs(value) > abs(values[0]) for value in values[1:]))


def _record(values: Sequence[Decimal], side: int) -> Decimal | None:
    """How many days the first is further out than all that follow."""
    return Decimal(len(values)) if all((values[0] - value) * side > 0 for value in values[1:]) else None


def _round(value: Decimal) -> Decimal:
    """The nearest hundred, from ten thousand on the nearest thousand: the level that people watch."""
    step = Decimal(1000) if value >= 10 * Decimal(1000) else HUNDRED
    return (value / step).quantize(Decimal(1)) * step


FORMULAS: dict[str, Callable[[Sequence[Decimal]], Decimal | None]] = {
    "sum": lambda values: sum(values, Decimal(0)),
    "difference": lambda values: values[0] - values[1],
    "share": lambda values: values[0] / values[1] * HUNDRED,
    "growth": lambda values: (values[0] / values[1] - 1) * HUNDRED,
    "multiple": lambda values: values[0] / values[1],
    "streak": _streak,
    "streak_of_levels": lambda values: _streak([now - then for now, then in pairwise(values)]),
    "rank": _rank,
    "record_high": lambda values: _record(values, 1),
    "record_low": lambda values: _record(values, -1),
    "average": lambda values: sum(values, Decimal(0)) / len(values),
    "round": lambda values: _round(values[0]),
    "percentile": lambda values: Decimal(sum(value < values[0] for value in values)) / len(values) * HUNDRED,
}


# Arithmetic


def _evaluated(tokens: list[Decimal | str], operands: Sequence[Decimal]) -> Decimal | None:
    """The value of an arithmetic text whose numbers are operands or constants, else None."""
    if len(tokens) > MOST:
        return None
    known = (*operands, *CONSTANTS)
    if not all(
        any(abs(token - abs(value)) <= CLOSE for value in known) for token in tokens if isinstance(token, Decimal)
    ):
        return None
    return _Reader(tokens).value()


def _tokens(text: str) -> list[Decimal | str] | None:
    """The numbers and signs of an arithmetic text; None for a text in words."""
    found: list[Decimal | str] = []
    here = 0
    while here < len(text.rstrip()):
        token = _TOKEN.match(text, here)
        if token is None:
            return None
        found.append(Decimal(token["number"]) if token["number"] else token["sign"])
        here = token.end()
    return found


@dataclass(slots=True)
class _Reader:
    """Sums of products of numbers, signs and brackets; what is neither makes the whole unreadable."""

    tokens: list[Decimal | str]
    here: int = 0
    depth: int = 0

    def value(self) -> Decimal | None:
        try:
            total = self._sum()
        except (ValueError, DivisionByZero, InvalidOperation):
            return None
        return total if self.here == len(self.tokens) else None

    def _sum(self) -> Decimal:
        total = self._product()
        while self._peek() in ("+", "-"):
            sign = self._next()
            total = total + self._product() if sign == "+" else total - self._product()
        return total

    def _product(self) -> Decimal:
        total = self._atom()
        while self._peek() in ("*", "/"):
            sign = self._next()
            total = total * self._atom() if sign == "*" else total / self._atom()
        return total

    def _atom(self) -> Decimal:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError("brackets within brackets beyond what any formula of ours has")
        value = self._bare()
        self.depth -= 1
        return value

    def _bare(self) -> Decimal:
        found = self._next()
        if isinstance(found, Decimal):
            return found
        if found == "-":
            return -self._atom()
        if found == "(":
            inner = self._sum()
            if self._next() == ")":
                return inner
        raise ValueError(found)

    def _peek(self) -> Decimal | str | None:
        return self.tokens[self.here] if self.here < len(self.tokens) else None

    def _next(self) -> Decimal | str | None:
        token = self._peek()
        self.here += 1
        return token
