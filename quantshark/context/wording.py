"""How one fact is said: the verb by its sign, the figure as its source printed it, the day relative to the report's.

The phrase of a fact names what is measured, so that a careful reader binds it without help: 净卖出52.87亿港元,
上涨1.23%, 连续11天净买入, 报25530.51点. An edition's `phrases` may say it otherwise (`buyback_amount: 回购{value}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from quantshark.lexicon.format import format_value
from quantshark.model import Fact, Measure, Period

SCALES = (Decimal(10**12), Decimal(10**8), Decimal(10**4))
SCALED = frozenset({"money", "count"})
HEDGES = {"about": "约", "over": "超", "under": "近"}
EXTREMES = frozenset({"high", "low"})
"""Measures whose own word (最高, 最低) reads like a hedge and is none."""
BASES = {"yoy": "同比", "mom": "环比", "qoq": "环比"}
COUNTED = frozenset({"streak", "rank", "duration"})
UP, DOWN = "上涨", "下跌"
GREW, SHRANK = "增长", "下降"

_HEDGED = re.compile(r"^(约|逾|超|近|至少|至多|不足|大约|将近|超过|接近|突破|不到)")
_PADDED = re.compile(r"(\d)(?:\.0+|(?<=\.\d)0+)(?=\D|$)")
_BARE = re.compile(r"^[+\-−]?[\d.,，]+$")


def value_of(fact: Fact, script: str = "hans") -> str:
    """The figure with its unit, without sign words: 52.87亿港元, 超8%, 91.28美元/桶."""
    printed = _as_printed(fact)
    if printed is not None and script == "hans":
        return printed
    if fact.kind == "rank":
        return "首位" if abs(fact.value) == 1 else f"第{abs(fact.value):f}位"
    hedge = "" if fact.measure in EXTREMES else HEDGES.get(fact.hedge or "", "")
    high = None if fact.high is None else abs(fact.high)
    return hedge + format_value(abs(fact.value), fact.unit, high=high, script=script, places=_places(fact))


def _places(fact: Fact) -> int | None:
    """As many digits behind the point as the source knows, at most two where 万 or 亿 follows."""
    if fact.kind in COUNTED or (fact.kind == "count" and fact.ulp is None):
        return None
    scale = next((s for s in SCALES if abs(fact.value) >= s), Decimal(1)) if fact.kind in SCALED else Decimal(1)
    worth = (fact.ulp or Decimal("0.01")) / scale
    known = max(0, -worth.normalize().adjusted())
    if fact.kind == "count":  # 380万股: a count is exact, and zeros that only pad say nothing
        known = min(known, max(0, -int((fact.value / scale).normalize().as_tuple().exponent)))
    return min(known, 2) if scale > 1 else known


def _as_printed(fact: Fact) -> str | None:
    """The surface of the source where it says the unit and no sign; a table's cell says neither."""
    surface = fact.surface.strip()
    if (
        fact.formula is not None
        or not surface
        or "\n" in surface
        or _BARE.match(surface)
        or re.match(r"[+\-−]", surface)
    ):
        return None
    surface = bare_count(fact, surface)
    if fact.hedge and fact.measure not in EXTREMES and not _HEDGED.match(surface):
        return HEDGES.get(fact.hedge, "") + surface
    return surface


def bare_count(fact: Fact, surface: str) -> str:
    """The printed figure; of a count (380.0万股) without the zeros that only pad it."""
    return _PADDED.sub(r"\1", surface) if fact.kind == "count" and fact.high is None else surface


def phrase_of(fact: Fact, measures: Mapping[str, Measure], phrases: Mapping[str, str], script: str = "hans") -> str:
    """The figure with what it measures: the verb follows the sign, so a direction cannot be written wrongly."""
    value, verb = value_of(fact, script), verb_of(fact, measures)
    for key in _keys(fact):
        if key in phrases:
            words = {
                "{value}": value,
                "{verb}": verb,
                "{basis}": BASES.get(fact.basis, ""),
                "{number}": f"{abs(fact.value):f}",
            }
            return _filled(phrases[key], words)
    if fact.kind in ("percent", "point") and fact.basis in BASES:
        return f"{BASES[fact.basis]}{GREW if sign_of(fact) > 0 else SHRANK if sign_of(fact) < 0 else verb}{value}"
    measure = measures.get(fact.measure)
    if measure is not None and measure.signed:
        return f"{verb}{value}"
    return f"{fact.measure_name}{value}"


def _keys(fact: Fact) -> Iterator[str]:
    """The names under which an edition may say a fact its own way, the closest first; + - 0 is the sign."""
    sign = "+0-"[1 - sign_of(fact)]
    op = f".{fact.formula.op}" if fact.formula else ""
    for part in dict.fromkeys((op, f".{fact.kind}", "")):
        yield f"{fact.measure}{part}{sign}"
        yield f"{fact.measure}{part}"


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        pattern = pattern.replace(name, word)
    return pattern


def verb_of(fact: Fact, measures: Mapping[str, Measure]) -> str:
    """净买入 or 净卖出, 上涨 or 下跌: the registry's first word for the sign. A fact without a sign has no verb."""
    way = sign_of(fact)
    measure = measures.get(fact.measure)
    if way == 0:
        return measure.hans if measure else fact.measure_name
    if measure is not None and (measure.up if way > 0 else measure.down):
        return (measure.up if way > 0 else measure.down)[0]
    if fact.basis in BASES:
        return GREW if way > 0 else SHRANK
    return UP if way > 0 else DOWN


def sign_of(fact: Fact) -> int:
    """+1, -1 or 0: the sign is in the value; where a value counts (days, places) the direction may hold it."""
    if fact.value < 0:
        return -1
    if fact.kind in COUNTED:
        return fact.direction or _way_of_words(fact.measure_name)
    return 1 if fact.value > 0 else 0


def _way_of_words(name: str) -> int:
    """A column of counted days says its way in its head: 连续净卖出(天)."""
    return (
        -1
        if any(word in name for word in ("卖", "流出", "跌", "降"))
        else 1
        if any(word in name for word in ("买", "流入", "涨", "升"))
        else 0
    )


def day_words(day: date, report: date) -> str:
    """12月11日, with the year where it is another one."""
    return f"{day.month}月{day.day}日" if day.year == report.year else f"{day.year}年{day.month}月{day.day}日"


def told_day(fact: Fact, report: date) -> str:
    """The day or span that a fact is about, as a reader names it; empty where the fact has none."""
    return span_words(fact.period, report) if fact.period is not None else ""


QUARTERS = ("一季度", "二季度", "三季度", "四季度")


def span_words(period: Period, report: date) -> str:
    """12月11日, 3月, 一季度, 2025年; a span of days is named by its last."""
    start, end = period.start, period.end
    year = "" if end.year == report.year else f"{end.year}年"
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    if period.grain in ("day", "range") or not whole:
        return day_words(end, report)
    if months == 12 and start.month == 1:
        return f"{end.year}年"
    if months == 3 and start.month % 3 == 1:
        return f"{year}{QUARTERS[start.month // 3]}"
    return f"{year}{end.month}月" if months == 1 else day_words(end, report)
