"""When do two printed figures say the same? Tolerances of the house, exact in Decimal.

Bare: half a unit of the last printed digit. Hedged: on the hedge's side, within one unit of the last non-zero printed
digit and within 5%; 逾六成 is 60% up to 70%. Counts, days and ranks are exact. Currencies are never converted.
"""

from __future__ import annotations

import re
from decimal import Decimal

from quantshark.lexicon.measures import family
from quantshark.lexicon.script import fold
from quantshark.model import Figure

FIVE = Decimal("0.05")
EXACT = frozenset({"streak", "rank", "duration"})
_ONE = Decimal(1)


def units_agree(one: Figure, other: Figure, *, loose: bool = False) -> bool:
    """Same unit, or one of two that only context tells apart: bare 亿 beside any currency, bp beside pp."""
    a, b = one.unit, other.unit
    if _per(one) and _per(other) and _per(one) != _per(other):
        return False
    if a == b:
        return True
    if "bare" in (family(one), family(other)):
        return _may_be_bare(other if a is None else one)
    if {a, b} == {"pp", "bp"}:
        return True
    if loose and {a, b} == {"CNY", "HKD"}:
        return True
    if {a, b} <= _SAME_COUNTER:
        return True
    return {a, b} in _ALIKE


def _per(figure: Figure) -> str:
    """What an amount is told for: 桶 of 96.07美元/桶."""
    match = _PER.search(figure.surface)
    return fold(match[1]) if match else ""


_PER = re.compile(r"[/／]\s*([^\s/]+)$")
_SAME_COUNTER = frozenset({"家", "只", "个", "股", "间", "支", "档", "所"}) - {"股"}
_ALIKE = (
    {"人", "名"},
    {"人", "位"},
    {"名", "位"},
    {"台", "辆"},
    {"天", "日"},
    {"次", "个"},
    {"款", "个"},
    {"项", "个"},
    {"户", "家"},
    {"户", "个"},
    {"点", "个点"},
    {"股", "只"},
    {"台", "部"},
    {"份", "个"},
    {"人", "个"},
    {"起", "宗"},
    {"笔", "宗"},
    {"件", "个"},
)


def _may_be_bare(figure: Figure) -> bool:
    """A figure without a unit may stand for money, points or a count, never for a rate."""
    return family(figure) != "rate"


def magnitude(figure: Figure) -> Decimal:
    """The size in the family's own unit: basis points count as hundredths of a point."""
    value = abs(figure.value if figure.value is not None else Decimal(0))
    return value / 100 if figure.unit == "bp" else value


def upper(figure: Figure) -> Decimal | None:
    if figure.high is None:
        return None
    value = abs(figure.high)
    return value / 100 if figure.unit == "bp" else value


def _ulp(figure: Figure) -> Decimal:
    if figure.ulp is None:
        return _printed_ulp(figure)
    return figure.ulp / 100 if figure.unit == "bp" else figure.ulp


def _printed_ulp(figure: Figure) -> Decimal:
    """The worth of the last digit of a ratio (每10股派69.57元: 0.001 a share); none where a form has no last digit."""
    match = _AMOUNT.search(figure.surface) if figure.kind == "ratio" else None
    if match is None or not figure.value:
        return Decimal(0)
    amount = Decimal(match[1])
    places = len(match[1].partition(".")[2])
    return Decimal(1).scaleb(-places) * figure.value / amount if amount else Decimal(0)


_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:港|美)?元")


def last_worth(figure: Figure) -> Decimal:
    """The worth of the last non-zero printed digit: 2000 -> 1000, 44.5亿 -> 0.1亿."""
    value, ulp = magnitude(figure), _ulp(figure)
    if not value or not ulp:
        return ulp
    worth = ulp
    while value % (worth * 10) == 0:
        worth *= 10
    return worth


def reach(figure: Figure, shift: int = 0) -> tuple[float, float]:
    """Between which sizes a figure of the sources may lie for this claim, a little generously."""
    size = float(magnitude(figure)) + shift
    if figure.hedge is None:
        slack = float(_ulp(figure)) * 0.5001
    else:
        slack = max(size * 0.06, 1.0 if size < 10 else 0.0, 10.0 if figure.surface.endswith("成") else 0.0)
    slack += size * 1e-9
    return size - slack, size + slack


def agree(claim: Figure, fact: Figure, *, shift: Decimal = Decimal(0)) -> bool:
    """Would the fact be printed like this claim? `shift` turns 增长n倍 into 增至n+1倍."""
    if claim.high is not None or fact.high is not None:
        return _ranges_agree(claim, fact)
    said, truth = magnitude(claim) + shift, magnitude(fact)
    if said == truth:
        return _hedges_agree(claim, fact)
    if claim.kind in EXACT and fact.kind in EXACT:
        return False
    if fact.hedge and claim.hedge is None and fact.hedge != "about":
        return False
    return _within(claim, said, truth)


def agrees_with(claim: Figure, truth: Decimal) -> bool:
    """Would this exact value be printed like the claim?"""
    return _within(claim, magnitude(claim), abs(truth))


def _within(claim: Figure, said: Decimal, truth: Decimal) -> bool:
    gap = truth - said
    if claim.hedge is None:
        return abs(gap) * 2 <= _ulp(claim)
    if claim.surface.rstrip().endswith("成"):
        return _tenths(claim, gap)
    if abs(gap) * 2 <= _ulp(claim):
        return gap >= 0 if claim.hedge == "over" else gap <= 0 if claim.hedge == "under" else True  # 约0.5% of 0.46%
    limit = last_worth(claim) or truth * FIVE
    near = abs(gap) <= limit and abs(gap) <= truth * FIVE
    single = _single_digit(claim) and abs(gap) < limit
    if not near and not single:
        return False
    match claim.hedge:
        case "over":
            return gap >= 0
        case "under":
            return gap <= 0
        case _:
            return near or abs(gap) * 2 <= limit


def _tenths(claim: Figure, gap: Decimal) -> bool:
    """逾六成: 60% <= truth < 70%; 近六成: within 5 points below; 约六成: half a tenth either way."""
    if claim.hedge == "over":
        return 0 <= gap < 10
    if claim.hedge == "under":
        return -5 <= gap <= 0
    return abs(gap) <= 5


def _single_digit(figure: Figure) -> bool:
    """跌超2% is said of anything from 2% up to 3%."""
    return family(figure) in ("rate", "multiple") and magnitude(figure) < 10 and last_worth(figure) == _ONE


def _hedges_agree(claim: Figure, fact: Figure) -> bool:
    """The same digits: 近5% and 逾5% exclude each other, and only a hedge can prove 逾 of equal digits."""
    if claim.hedge in ("over", "under"):
        return fact.hedge in (claim.hedge, None) if fact.hedge is None else fact.hedge == claim.hedge
    return True


def _ranges_agree(claim: Figure, fact: Figure) -> bool:
    if claim.high is None or fact.high is None:
        return _end_agrees(claim, fact)
    low = abs(magnitude(claim) - magnitude(fact)) * 2 <= _ulp(claim)
    high = abs((upper(claim) or 0) - (upper(fact) or 0)) * 2 <= _ulp(claim)
    return low and high


def _end_agrees(claim: Figure, fact: Figure) -> bool:
    """One end of a range told alone: 至少 its low end, 至多 its high end."""
    if claim.high is not None:
        return False
    said, low, high = magnitude(claim), magnitude(fact), upper(fact)
    if high is None:
        return False
    half = _ulp(claim) / 2
    if claim.hedge == "over":
        return abs(said - low) <= half
    if claim.hedge == "under":
        return abs(said - high) <= half
    return False
