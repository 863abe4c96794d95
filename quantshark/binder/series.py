"""Days in a row: a streak, a total, an average, a change or a record that a sentence tells of is computed again.

The figures of the sources for single trading days, in the order of the market's calendar, are one line. A day that no
source tells, or that two tell otherwise, ends what can be known: then there is no verdict here. A streak is as long as the
line says only where the line also shows the day that ended it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from quantshark.binder.computed import plain, verdict
from quantshark.binder.days import one_a_day
from quantshark.binder.index import Index
from quantshark.binder.match import SPANS
from quantshark.binder.values import agrees_with
from quantshark.calendars import Calendar
from quantshark.errors import DataError
from quantshark.lexicon import dates, measures
from quantshark.lexicon.clauses import Claim, Reading
from quantshark.lexicon.format import format_value
from quantshark.lexicon.markets import MARKETS, calendar_of, market_of
from quantshark.model import Period, Verdict
from quantshark.sources.extract import Proof

FLOWS = ("net_flow",)
MOVES = ("change", "close")
TOTALLED = frozenset(
    {
        "net_flow",
        "turnover",
        "short_turnover",
        "buyback_amount",
        "buyback_shares",
        "buy_amount",
        "sell_amount",
        "volume",
    }
)
AVERAGED = TOTALLED | {"close", "change"}
FLOW_WORDS = frozenset({"net_flow", "inflow_count", "net_buy", "net_sell"})
MOVE_WORDS = frozenset({"", "change", "change_points", "advancers", "decliners", "close", "price"})
COUNTLESS = frozenset({"streak", "rank", "duration", "date", "time", "ratio"})
LONGEST = 400
"""Sessions that a line is followed back: more than a year."""

_TOTAL = re.compile(r"合计|累计|共计|总计|总共|合共")
_AVERAGE = re.compile(r"日均|平均|均价|均值")
_ENDED = re.compile(r"终结|结束|止[住步]?|此前|之前|打断|告别|扭转")
_AS_MUCH = re.compile(r"(?:是|为|相当于|达)[^，。；]{0,12}的?$")
_CHANNELS = frozenset(code for code in MARKETS if code.startswith("FLOW."))


class Days(NamedTuple):
    """One measure of one entity, day by day."""

    told: dict[date, Proof]
    calendar: Calendar
    measure: str

    def value(self, day: date) -> Decimal | None:
        proof = self.told.get(day)
        return proof.fact.value if proof else None

    def before(self, day: date) -> date:
        return self.calendar.previous(day)

    def all(self, days: Sequence[date]) -> list[Proof]:
        """The proofs of these days, newest first; none at all where one of them is not told."""
        return [self.told[day] for day in reversed(days)] if days and all(day in self.told for day in days) else []

    def last(self, end: date, count: int) -> tuple[date, ...]:
        """So many trading days up to one, oldest first."""
        days = [end]
        while len(days) < min(count, LONGEST):
            days.append(self.before(days[-1]))
        return tuple(reversed(days))

    def side(self, day: date) -> int | None:
        """Which way the day went: a close is held against the close before."""
        value = self.value(day)
        if self.measure == "close" and value is not None:
            former = self.value(self.before(day))
            value = value - former if former is not None else None
        return None if value is None else (value > 0) - (value < 0)


def spans_days(words: str) -> bool:
    """Do words tell a total or an average, which no single day's figure can be?"""
    return bool(_TOTAL.search(words) or _AVERAGE.search(words))


class Place(NamedTuple):
    """Where a claim stands: the report's other claims, its words, the day it speaks of."""

    claims: Sequence[Claim]
    reading: Reading
    as_of: date
    sources: Index


def told(claim: Claim, place: Place) -> Verdict | None:
    """A verdict where the figure tells of days in a row and every one of them is known; else None."""
    figure = claim.figure
    if claim.table or claim.modality != "actual" or claim.negated or figure.value is None or figure.high is not None:
        return None
    try:
        if figure.kind == "streak":
            return _streak(claim, place)
        if figure.kind == "duration" and figure.unit == "天":
            return _record(claim, place) if claim.records else _window(claim, place)
        return _over(claim, place) or _against(claim, place)
    except DataError:
        return None  # a day beyond what the calendar knows


# The lines


def _lines(claim: Claim, names: Sequence[str], index: Index) -> Iterator[Days]:
    """The days of what the claim is about, by each of these measures."""
    for code in claim.entities:
        via = claim.via or _channel(claim, code)
        market = market_of(code, via)
        for measure in names if market else ():
            days = _days(index, code, measure, via)
            if len(days) > 1:
                yield Days(days, calendar_of(market), measure)


def _channel(claim: Claim, code: str) -> str:
    """南向资金近五日累计净买入小米: the channel that the clause names, from which the days counted part the figure."""
    if claim.measure not in FLOW_WORDS or code in _CHANNELS:
        return ""
    return next(iter(_CHANNELS & claim.mentions), "")


def _days(index: Index, code: str, measure: str, via: str) -> dict[date, Proof]:
    """What each day was told to be."""
    told = ((day, proof) for proof in index.about((code,), measure) if (day := _day(proof, via)) is not None)
    return one_a_day(told, lambda proof: proof.fact)


def _day(proof: Proof, via: str) -> date | None:
    """The one day that a figure is the level or the change of; None for spans, plans, bounds and comparisons."""
    claim, fact = proof.claim, proof.fact
    if not proof.bound or claim.negated or claim.role or claim.scope & SPANS or fact.kind in COUNTLESS:
        return None
    if fact.modality != "actual" or fact.hedge or fact.high is not None or fact.via != via:
        return None
    if fact.basis and (fact.basis, fact.measure) != ("prev_day", "change"):
        return None
    return fact.period.end if fact.period is not None and fact.period.start == fact.period.end else None


def _end(claim: Claim, days: Days, place: Place) -> date:
    """The day that the claim speaks of: its own, the report's, or the session before where that is not told yet."""
    own = [p.end for p in claim.periods if p.grain == "day" and p.start == p.end]
    if own:
        return own[-1]
    return place.as_of if place.as_of in days.told else days.before(place.as_of)


# What is told of them


def _streak(claim: Claim, place: Place) -> Verdict | None:
    """连续5日净买入, 三连跌: so many days on one side, and the day before them on another."""
    side = claim.direction or claim.toward
    if not side or claim.figure.unit != "天" or claim.figure.hedge:
        return None
    names = FLOWS if claim.via or claim.measure in FLOW_WORDS else MOVES if claim.measure in MOVE_WORDS else ()
    words = place.reading.folded[claim.clause[0] : claim.start]
    for days in _lines(claim, names, place.sources):
        end = _end(claim, days, place)
        if _ENDED.search(words) and days.side(end) not in (side, None):
            end = days.before(end)
        found = _counted(claim, days, end, side)
        if found is not None:
            return found
    return None


def _counted(claim: Claim, days: Days, end: date, side: int) -> Verdict | None:
    run: list[date] = []
    day = end
    while len(run) < LONGEST and days.side(day) == side:
        run.append(day)
        day = days.before(day)
    stopped = days.side(day)
    said = claim.figure.value or Decimal(0)
    if not run and stopped is None:
        return None
    if stopped is None and said >= len(run):
        return None  # the line does not reach back as far
    op = "streak_of_levels" if days.measure == "close" else "streak"
    proofs = [days.told[d] for d in (*run, day) if d in days.told]
    if op == "streak_of_levels" and stopped is not None:
        proofs.append(days.told[days.before(day)])
    count = f"{len(run)}个交易日" if stopped is not None else f"至少{len(run)}个交易日"
    span = f"{run[-1]:%-m月%-d日}至{run[0]:%-m月%-d日}" if run else f"{end:%-m月%-d日}"
    if stopped is not None and said == len(run):
        message = f"由逐日数字数得：{span}，{count}，此前一日（{day:%-m月%-d日}）方向不同"
        return verdict(claim, "derived", "streak", message, op, proofs, f"{count}同号")
    told = f"{span}，同一方向{count}" if run else f"{span}当日方向不同"
    message = f"“{claim.figure.surface}”与逐日数字不符：{told}"
    return verdict(claim, "refuted", "arithmetic", message, op, proofs, f"{count}同号")


def _over(claim: Claim, place: Place) -> Verdict | None:
    """合计, 累计, 日均 of a span of days."""
    words = place.reading.folded[claim.clause[0] : claim.start]
    average = bool(_AVERAGE.search(words)) or "average" in claim.scope
    total = bool(_TOTAL.search(words)) or "cumulative" in claim.scope
    if average == total:
        return None
    grown = total and claim.measure in MOVE_WORDS and measures.family(claim.figure) == "rate"
    names = ("close",) if grown else (claim.measure,) if claim.measure in (AVERAGED if average else TOTALLED) else ()
    for days in _lines(claim, names, place.sources):
        span = _span(claim, days, place)
        proofs = days.all(span)
        if len(span) < 2 or not proofs:
            continue
        if grown:
            return _growth(claim, days, span)
        values = [proof.fact.value for proof in proofs]
        value = sum(values, Decimal(0))
        text = " + ".join(f"({plain(v)})" if v < 0 else plain(v) for v in reversed(values))
        if average:
            return _result(claim, value / len(values), "average", proofs, f"{len(values)}个交易日的均值")
        return _result(claim, value, "sum", proofs, text)
    return None


def _growth(claim: Claim, days: Days, span: Sequence[date]) -> Verdict | None:
    """累计涨4.5%: the last close against the one before the first day."""
    base = days.told.get(days.before(span[0]))
    last = days.told[span[-1]]
    if base is None or not base.fact.value:
        return None
    value = (last.fact.value / base.fact.value - 1) * 100
    text = f"({plain(last.fact.value)} / {plain(base.fact.value)} - 1) * 100"
    return _result(claim, value, "growth", [last, base], text)


def _span(claim: Claim, days: Days, place: Place) -> tuple[date, ...]:
    """The trading days that a total or an average is taken over: dates told before it, or so many days up to the last."""
    counted = _count_before(claim, place)
    if counted is not None:
        return days.last(_end(counted, days, place), int(counted.figure.value or 0))
    period = _period(claim, place)
    if period is None:
        return ()
    end = min(period.end, place.as_of)
    return days.calendar.sessions(period.start, end) if period.start <= end else ()


def _count_before(claim: Claim, place: Place) -> Claim | None:
    """近五日累计, 连续五日上涨，累计涨4.5%: the days counted in the sentence before the figure."""
    near = [c for c in place.claims if c.sentence == claim.sentence and c.end <= claim.start]
    counted = [c for c in near if c.figure.kind in ("duration", "streak") and c.figure.unit == "天"]
    return counted[-1] if counted and (counted[-1].figure.value or 0) > 1 else None


def _period(claim: Claim, place: Place) -> Period | None:
    """The last span of several days that the sentence names before the figure: 12月8日至12日, 本周."""
    text = place.reading.folded[claim.sentence[0] : claim.start]
    spans = [dates.resolve(word.surface, place.as_of) for word in dates.find_periods(text)]
    told = [period for period in (*claim.periods, *spans) if period is not None and period.start < period.end]
    return told[-1] if told else None


def _window(claim: Claim, place: Place) -> Verdict | None:
    """近五日 of a total that the days bear out."""
    for later in place.claims:
        if later.start >= claim.end and _count_before(later, place) is claim:
            found = _over(later, place)
            if found is not None and found.status == "derived" and found.fact and found.fact.formula:
                figure, count = claim.figure, int(claim.figure.value or 0)
                message = f"统计区间：其后的数字由这{count}个交易日逐日算得"
                return Verdict(figure.start, figure.end, figure.surface, "derived", "window", message)
    return None


def _record(claim: Claim, place: Place) -> Verdict | None:
    """30亿港元，创近五日新高: none of so many days was as far out."""
    before = [c for c in place.claims if c.sentence == claim.sentence and c.end <= claim.start and c.measure]
    count = int(claim.figure.value or 0)
    if not before or count < 2 or len(claim.records) != 1 or claim.figure.hedge:
        return None
    subject, side = before[-1], 1 if "high" in claim.records else -1
    for days in _lines(subject, (subject.measure,), place.sources):
        proofs = days.all(days.last(_end(subject, days, place), count))
        if not proofs:
            continue
        way = -1 if subject.direction < 0 and subject.measure in FLOW_WORDS else 1
        values = [proof.fact.value * way for proof in proofs]
        held = all((values[0] - value) * side > 0 for value in values[1:])
        op = "record_high" if side * way > 0 else "record_low"
        span = f"{count}个交易日的数字"
        if held:
            return verdict(claim, "derived", "record", f"与{span}逐日相比，确为其最", op, proofs, f"{count}日之最")
        far = max(proofs[1:], key=lambda proof: proof.fact.value * way * side)
        message = f"“{claim.figure.surface}”内并非最{'高' if side > 0 else '低'}：另有一日为{far.fact.surface}"
        return verdict(claim, "refuted", "record", message, op, [proofs[0], far], f"{count}日之最")
    return None


def _against(claim: Claim, place: Place) -> Verdict | None:
    """较前一日增加21.6亿, 是前一日的3.6倍: the day against the session before."""
    family = measures.family(claim.figure)
    words = place.reading.folded[claim.clause[0] : claim.start]
    levels = (claim.measure,) if claim.measure in TOTALLED else ()
    many = family == "multiple" and claim.form == "to" and _AS_MUCH.search(words)
    if not many and (claim.basis != "prev_day" or not claim.direction or family == "multiple"):
        return None
    for days in _lines(claim, levels, place.sources):
        end = _end(claim, days, place)
        now, then = (days.calendar.next(end), end) if many else (end, days.before(end))
        proofs = days.all((then, now))
        if not proofs or (many and not claim.period_own):
            continue
        last, former = (proof.fact.value for proof in proofs)
        if many and former:
            return _result(claim, last / former, "multiple", proofs, f"{plain(last)} / {plain(former)}")
        if family == "rate" and former > 0 and last > 0:
            text = f"({plain(last)} / {plain(former)} - 1) * 100"
            return _result(claim, (last / former - 1) * 100, "growth", proofs, text)
        if family == measures.family(proofs[0].claim.figure):
            return _result(claim, last - former, "difference", proofs, f"{plain(last)} - ({plain(former)})")
    return None


def _result(claim: Claim, value: Decimal, op: str, proofs: Sequence[Proof], text: str) -> Verdict:
    sides = not claim.direction or not value or (value > 0) == (claim.direction > 0)
    shown = f"{_shown(op, proofs)} = {_printed(value, claim.figure.unit)}"
    if sides and agrees_with(claim.figure, value):
        return verdict(claim, "derived", op, f"由逐日数字算得：{shown}", op, proofs, text)
    message = f"“{claim.figure.surface}”与逐日数字不符：{shown}"
    return verdict(claim, "refuted", "arithmetic", message, op, proofs, text)


def _shown(op: str, proofs: Sequence[Proof]) -> str:
    """The formula as people write it, oldest day first: (12亿港元 + 15.5亿港元) ÷ 2."""
    values = [_printed(proof.fact.value, proof.fact.unit) for proof in proofs]
    match op:
        case "sum":
            return " + ".join(reversed(values))
        case "average":
            return f"({' + '.join(reversed(values))}) ÷ {len(values)}"
        case "difference":
            return f"{values[0]} − {values[1]}"
        case "multiple":
            return f"{values[0]} ÷ {values[1]}"
        case _:
            return f"{values[0]} ÷ {values[1]} − 1"


def _printed(value: Decimal, unit: str | None) -> str:
    text = format_value(value.quantize(Decimal("0.0001")).normalize(), unit)
    return f"({text})" if value < 0 else text
