"""What a figure measures, by the words around it: nearest before it, else right behind, else carried over."""

from __future__ import annotations

import re
from typing import NamedTuple

from quantshark.lexicon import measures
from quantshark.lexicon.carried import Carried
from quantshark.lexicon.claims import Reading
from quantshark.lexicon.segments import Segment
from quantshark.model import Figure

# One word for two measures, whose figures come in its order.
PAIRS: dict[str, tuple[tuple[str, str], ...]] = {"产销": (("output", "产量"), ("sales_volume", "销量"))}
PER_SHARE = {
    "proceeds": "placement_price",
    "placement_shares": "placement_price",
    "buyback_amount": "buyback_price",
    "dividend": "dps",
    "profit": "eps",
    "acquisition": "price",
}
_HEDGED = re.compile(r"(?:大约|将近|接近|超过|不足|不到|至少|最多|多达|[约近逾超达])?")


_NAMES_A_MEASURE = ("率", "量", "额", "比", "价", "度", "值")
_LEADS_TO = re.compile(r"\s*[至到]\s*")


class Stretch(NamedTuple):
    """A figure with the words before and behind it, and its place among the figures of one run."""

    figure: Figure
    own: Segment
    tail: Segment
    item: int
    among: int


def each(reading: Reading, own: Segment, figure: Figure) -> bool:
    """Is the amount told for one share (每股68.85港元, 53.5元/股)?"""
    return "每股" in reading.folded[max(own.start, figure.start - 8) : figure.start] or figure.surface.endswith("/股")


def _moved(reading: Reading, figure: Figure, own: Segment) -> str:
    """The verb right before points that it moves by: 高开533点, 反弹139点收市; 高开于24679点 is a level."""
    token = next((t for t in reversed(own.tokens) if t.meaning.slugs), None)
    if token is None or measures.family(figure) != "index" or "change_points" not in token.meaning.slugs:
        return ""
    return token.text if _HEDGED.fullmatch(reading.masked, token.end, figure.start) else ""


Said = tuple[str, str]


def measure_of(reading: Reading, state: Carried, place: Stretch) -> tuple[str, str, bool]:
    """Measure, its word, and whether the clause itself names it."""
    figure, own, tail, item, among = place
    moved = _moved(reading, figure, own)
    if moved:
        return "change_points", moved, True
    stuck = glued(figure, tail)
    if stuck:
        return (*stuck, True)
    if figure.unit is None and figure.kind == "number" and _counts_a_noun(reading, figure, tail):
        return "", "", False  # 收逾4千申请: what is counted stands right behind
    fits = _fitting(figure, own)
    strong = _strong(figure, fits, carried=bool(state.slugs))
    pair = PAIRS.get(strong[-1][1] if strong else state.word)
    if pair and among == len(pair):
        return (*pair[item], bool(strong))
    if among > 1 and len(strong) == among and not own.names:
        return (*strong[item], True)
    if strong:
        return (*_nearest(fits, strong), True)
    if fits and fits[-1][1].endswith("至") and measures.family(figure) == "rate" and not state.slugs:
        return "", "", False  # 利率区间降至3.75%: a level, which the name of the rate tells
    return _elsewhere(reading, state, place, fits)


def _counts_a_noun(reading: Reading, figure: Figure, tail: Segment) -> bool:
    """Does a word that no list knows follow a number without a unit?"""
    known = tail.tokens[0].start if tail.tokens else tail.end
    return figure.end < known and "\u4e00" <= reading.masked[figure.end] <= "\u9fff"


def _fitting(figure: Figure, segment: Segment) -> list[Said]:
    """The measure words that fit the unit of a figure."""
    told = [t for t in segment.tokens if t.meaning.slugs]
    return [(slug, t.text) for t in told if (slug := measures.choose(t.meaning.slugs, figure))]


def _strong(figure: Figure, fits: list[Said], *, carried: bool) -> list[Said]:
    """Those that name more than a movement."""
    strong = [pair for pair in fits if pair[0] not in measures.WEAK or (pair[0] == "change" and pair[1][-1] in "幅价")]
    bound = figure.hedge and strong and strong[-1][1] in ("最高", "最低")
    if bound and (len(strong) > 1 or (carried and not measures.small(figure))):
        strong.pop()  # 净利润最高21亿元: a bound, not the day's high
    return strong


def _nearest(fits: list[Said], strong: list[Said]) -> Said:
    if strong[-1][0] in measures.PRICES and fits[-1][0] in measures.MOVES:
        return fits[-1]  # 收市升136点
    if len(strong) > 1 and strong[-1][0] == "price" and strong[-1][1].endswith("至"):
        return next((pair for pair in reversed(strong) if pair[0] not in measures.PRICES), strong[-1])  # 外储升至3万亿
    return strong[-1]


def _elsewhere(reading: Reading, state: Carried, place: Stretch, fits: list[Said]) -> tuple[str, str, bool]:
    """Behind the figure, or carried over from the clauses before."""
    figure, own, tail = place[:3]
    behind = [pair for pair in _fitting(figure, tail) if pair[0] not in measures.WEAK]
    if behind and not own.rest:
        return (*behind[0], True)
    slugs, word = state.slugs, state.word
    if place.among > 1 and len(state.measured) >= place.among:
        slugs, word = state.measured[-place.among :][place.item]  # 产量x，销量y，分别增长a、b
    carried = measures.choose(slugs, figure) if slugs else ""
    if (
        carried in measures.MOVES
        and not own.has_content()
        and _LEADS_TO.fullmatch(reading.masked, own.start, figure.start)
    ):
        return ("", "", False) if measures.family(figure) == "rate" else ("price", word, False)  # 跌1.18%至57.6美元
    if carried in measures.PRICES | measures.FLOWS and fits and fits[-1][0] in measures.MOVES and not own.basis():
        carried = ""  # 收市报37580点，升424点
    if carried and not own.rest and not (own.names and fits):
        return carried, word, False
    if own.rest.endswith(_NAMES_A_MEASURE) and not fits:
        return "", "", False  # 拨备覆盖率405.93%: a measure that no registry has
    if fits or behind:
        return (*(fits[-1] if fits else behind[0]), True)
    return (carried, word, False) if carried and not own.names else ("", "", False)


def glued(figure: Figure, tail: Segment) -> tuple[str, str] | None:
    """加征34%关税: the duty is named by the word that the rate stands before."""
    first = tail.tokens[0] if tail.tokens else None
    if first is None or first.start != figure.end or "tariff" not in first.meaning.slugs or figure.unit != "%":
        return None
    return "tariff", first.text
