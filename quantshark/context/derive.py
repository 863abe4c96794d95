"""What follows from the facts by arithmetic: streaks, sums, differences, growth, shares, ranks, records.

Prose does no sums: whatever a sentence may want to say is a fact here first, with a formula whose operands are facts by
id, so that the check can compute it again. What cannot be known is not derived: a missing trading day ends a streak, a
run that reaches the beginning of the stored series has no known length, and a share is taken of gross totals only.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from quantshark.binder.days import one_a_day
from quantshark.calendars import Calendar
from quantshark.model import Fact, Formula, Period

Series = dict[date, Fact]
Sessions = Callable[[date], date]
"""The session before a day: the calendar of the market that the series belongs to."""

HUNDREDTH = Decimal("0.01")

NETS = frozenset({"net_flow", "net_buy", "net_sell"})
"""Balances of gross legs: a part of one may be larger than the whole, so no share is ever taken of them."""

SHARES = (("short_turnover", "turnover"),)
"""Part and gross whole, of the same entity and day."""

COUNTS = frozenset({"inflow_count", "net_flow"})
"""Measures of which a source may tell the length of a run itself."""

RUNS = frozenset({"net_flow", "change"})
LEVELS = frozenset({"net_flow", "turnover", "short_turnover", "close"})
RANKED = frozenset({"net_flow"})
LEAST_RUN = 3
LEAST_RANKED = 3
LEAST_RECORD = 5
AVERAGED = 20
"""Sessions of the moving average that this market watches first."""
LARGE = Decimal(10000)
RATED = frozenset({"pe", "pb", "dividend_yield"})
LEAST_SERIES = 250
"""Days without which a percentile says little: about a year."""
EXCHANGES = {
    "IDX.SSE": "XSHG", "IDX.SZSE": "XSHG", "IDX.CHINEXT": "XSHG", "IDX.STAR50": "XSHG", "IDX.CSI300": "XSHG",
    "IDX.HSI": "XHKG", "IDX.HSTECH": "XHKG", "IDX.HSCEI": "XHKG",
}  # fmt: skip
"""Indices that have an average of their own, and whose trading days it is taken over."""


def derive(facts: Sequence[Fact], session: date, before: Sessions) -> tuple[Fact, ...]:
    """Everything that the facts of `session` and their history prove. Told streaks and sums are not derived again."""
    daily = [fact for fact in facts if _is_daily(fact)]
    series = _series(daily)
    told = {
        f.entity for f in facts if f.kind in ("streak", "duration") and f.measure in COUNTS and _ends_on(f, session)
    }
    found: list[Fact] = []
    for key, line in series.items():
        if session in line:
            found += _of_series(line, session, before, told=key[0] in told)
    for line in _series(fact for fact in facts if _is_noon(fact)).values():
        if session in line and (previous := line.get(before(session))) is not None:
            found += _against(line[session], previous)
    for (entity, measure, *_), line in series.items():
        if measure == "close" and entity in EXCHANGES:
            found += _average(line, session, Calendar(EXCHANGES[entity]).previous)
        if measure in RATED and session in line:
            found += _percentile(line, session)
    found += _rounds(facts, session)
    found += _year_on_year(facts, session)
    found += _shares(daily, session)
    found += _ranks(daily, session)
    return tuple(found)


NOON = frozenset({"turnover"})
"""Half-day readings that are held against those of the morning before."""


def _is_noon(fact: Fact) -> bool:
    return _is_exact(fact) and fact.scope == "half_day" and fact.basis == "" and fact.measure in NOON


def _is_exact(fact: Fact) -> bool:
    """A figure of one day as its source knows it."""
    period = fact.period
    return (
        fact.formula is None
        and fact.modality == "actual"
        and fact.status == "available"
        and fact.hedge is None
        and fact.high is None
        and period is not None
        and period.start == period.end
    )


def _is_daily(fact: Fact) -> bool:
    return (
        _is_exact(fact)
        and fact.scope in ("", "day")
        and (fact.basis == "" or (fact.basis == "prev_day" and fact.measure not in LEVELS))
        and fact.kind not in ("streak", "rank", "date", "time")
    )


def _ends_on(fact: Fact, day: date) -> bool:
    return fact.period is None or fact.period.end == day


def _series(facts: Iterable[Fact]) -> dict[tuple[str, str, str, str | None], Series]:
    """By entity, measure, channel and unit; where two documents differ on a day, the day is not known."""
    kept: dict[tuple[str, str, str, str | None], list[Fact]] = defaultdict(list)
    for fact in facts:
        kept[fact.entity, fact.measure, fact.via, fact.unit].append(fact)
    return {key: one_a_day(((_day(fact), fact) for fact in line), lambda fact: fact) for key, line in kept.items()}


def _day(fact: Fact) -> date:
    assert fact.period is not None  # noqa: S101 - `_is_daily` let it in
    return fact.period.end


def _of_series(line: Series, session: date, before: Sessions, *, told: bool) -> Iterator[Fact]:
    last = line[session]
    if last.measure in RUNS and not told:
        yield from _run(line, session, before)
    previous = line.get(before(session))
    if last.measure in LEVELS and previous is not None:
        yield from _against(last, previous)
    if last.measure in LEVELS:
        yield from _record(line, session, before)


def _run(line: Series, session: date, before: Sessions) -> Iterator[Fact]:
    """Days in a row with one sign, told only when the day before the run is known to have had another."""
    run = _signed_run(line, session, before)
    stopped_by = line.get(before(_day(run[-1]))) if run else None
    if len(run) < LEAST_RUN or stopped_by is None:
        return
    first, last = run[-1], run[0]
    span = Period(_day(first), _day(last), "range")
    way = 1 if last.value > 0 else -1
    yield _made(
        last, "streak", [*run, stopped_by], f"{len(run)}个交易日同号，{_day(stopped_by):%m-%d}中断",
        value=Decimal(way * len(run)), unit="天", kind="streak", ulp=Decimal(1), direction=way, period=span, scope="",
    )  # fmt: skip
    if last.measure in NETS:
        total = sum((fact.value for fact in run), Decimal(0))
        yield _made(
            last, "sum", run, " + ".join(f"({fact.value})" for fact in reversed(run)),
            value=total, period=span, scope="cumulative", ulp=_coarsest(run), direction=way,
        )  # fmt: skip


def _signed_run(line: Series, session: date, before: Sessions) -> list[Fact]:
    run: list[Fact] = []
    day, sign = session, line[session].value > 0
    if line[session].value == 0:
        return run
    while day in line and line[day].value != 0 and (line[day].value > 0) == sign:
        run.append(line[day])
        day = before(day)
    return run


def _against(last: Fact, previous: Fact) -> Iterator[Fact]:
    """Today less the session before; growth in percent too, where both are gross and above zero."""
    period = last.period
    gap = last.value - previous.value
    if gap and last.measure != "close":
        yield _made(
            last, "difference", [last, previous], f"{last.value} - ({previous.value})",
            value=gap, basis="prev_day", period=period, ulp=_coarsest([last, previous]), direction=1 if gap > 0 else -1,
        )  # fmt: skip
    if last.measure not in NETS and last.measure != "close" and last.value > 0 and previous.value > 0:
        growth = _rounded((last.value / previous.value - 1) * 100)
        yield _made(
            last, "growth", [last, previous], f"({last.value} / {previous.value} - 1) * 100",
            value=growth, unit="%", kind="percent", basis="prev_day", ulp=HUNDREDTH, period=period,
            direction=(growth > 0) - (growth < 0),
        )  # fmt: skip


def _record(line: Series, session: date, before: Sessions) -> Iterator[Fact]:
    """How many sessions in a row, the last included, none was as far out: 近N个交易日新高 or 新低, N named."""
    last = line[session].value
    for op, side in (("record_high", 1), ("record_low", -1)):
        days: list[Fact] = [line[session]]
        day = before(session)
        while day in line and (last - line[day].value) * side > 0:
            days.append(line[day])
            day = before(day)
        if len(days) >= LEAST_RECORD:
            yield _made(
                line[session], op, days, f"{line[session].value} 为 {len(days)} 个交易日之最",
                value=Decimal(len(days)), unit="天", kind="duration", ulp=Decimal(1), scope="",
                direction=1 if op == "record_high" else -1,
                period=Period(_day(days[-1]), session, "range"),
            )  # fmt: skip


def _average(line: Series, session: date, before: Sessions) -> Iterator[Fact]:
    """The mean of an index's last closes, up to the session or, while it is open, the one before."""
    run: list[Fact] = []
    day = session if session in line else before(session)
    while day in line and len(run) < AVERAGED:
        run.append(line[day])
        day = before(day)
    if len(run) == AVERAGED:
        mean = _rounded(sum((fact.value for fact in run), Decimal(0)) / AVERAGED)
        yield _made(
            run[0], "average", run, f"{AVERAGED}个交易日收盘的均值",
            value=mean, ulp=HUNDREDTH, scope="", direction=0,
        )  # fmt: skip


def _percentile(line: Series, session: date) -> Iterator[Fact]:
    """On how many of all stored days the multiple was lower: 处于以来N%分位, told of long series only."""
    days = sorted(day for day in line if day <= session)
    if len(days) < LEAST_SERIES:
        return
    last = line[session]
    below = sum(line[day].value < last.value for day in days)
    yield _made(
        last, "percentile", [last, *(line[day] for day in days)], f"{below} / {len(days)} * 100",
        value=_rounded(Decimal(below) / len(days) * 100), unit="%", kind="percent", ulp=HUNDREDTH, direction=0,
        period=Period(days[0], session, "range"),
    )  # fmt: skip


def _year_on_year(facts: Sequence[Fact], session: date) -> Iterator[Fact]:
    """A total since January against the same days of last year, where one document tells both and both are inflows."""
    totals = [f for f in facts if f.scope == "cumulative" and f.kind == "money" and f.source and f.as_of == session]
    for now in (f for f in totals if f.basis == "" and f.value > 0):
        for base in (f for f in totals if f.basis == "yoy" and f.value > 0):
            alike = (now.entity, now.measure, now.via, now.unit) == (base.entity, base.measure, base.via, base.unit)
            if alike and now.source and base.source and now.source.doc_id == base.source.doc_id:
                yield _made(
                    now, "growth", [now, base], f"({now.value} / {base.value} - 1) * 100",
                    value=_rounded((now.value / base.value - 1) * 100), unit="%", kind="percent", basis="yoy",
                    ulp=HUNDREDTH, direction=1 if now.value > base.value else -1,
                )  # fmt: skip


def _rounds(facts: Sequence[Fact], session: date) -> Iterator[Fact]:
    """The round number nearest to where an index stood at noon: a level that people watch, not a reading."""
    for fact in facts:
        if (
            fact.entity in EXCHANGES
            and fact.measure == "close"
            and fact.scope == "half_day"
            and _ends_on(fact, session)
        ):
            step = Decimal(1000) if fact.value >= LARGE else Decimal(100)
            level = (fact.value / step).quantize(Decimal(1)) * step
            yield _made(fact, "round", [fact], f"{fact.value} 附近的整数", value=level, ulp=Decimal(1), direction=0)


def _shares(facts: Sequence[Fact], session: date) -> Iterator[Fact]:
    today = {(f.entity, f.measure, f.unit): f for f in facts if _day(f) == session and not f.via}
    for part_of, whole_of in SHARES:
        for (entity, measure, unit), part in today.items():
            whole = today.get((entity, whole_of, unit)) if measure == part_of else None
            if whole is not None and whole.value > 0 and 0 <= part.value <= whole.value:
                yield _made(
                    part, "share", [part, whole], f"{part.value} / {whole.value} * 100",
                    value=_rounded(part.value / whole.value * 100), unit="%", kind="percent", ulp=HUNDREDTH, basis="share",
                )  # fmt: skip


def _ranks(facts: Sequence[Fact], session: date) -> Iterator[Fact]:
    """Places in the day's lists of net bought and net sold; a tie is nobody's place."""
    lists: dict[tuple[str, str, str | None], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.measure in RANKED and fact.via and fact.entity != fact.via and _day(fact) == session:
            lists[(fact.measure, fact.via, fact.unit)].append(fact)
    for members in lists.values():
        single = {fact.entity: fact for fact in members}
        for sign in (1, -1):
            side = sorted((f for f in single.values() if f.value * sign > 0), key=lambda f: -abs(f.value))
            yield from _places(side, sign)


def _places(side: Sequence[Fact], sign: int) -> Iterator[Fact]:
    if len(side) < LEAST_RANKED or len({fact.value for fact in side}) < len(side):
        return
    for place, fact in enumerate(side, start=1):
        yield _made(
            fact, "rank", [fact, *(other for other in side if other is not fact)], f"{len(side)}只中第{place}",
            value=Decimal(place), unit=None, kind="rank", ulp=Decimal(1), direction=sign, scope="day",
        )  # fmt: skip


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, rounding=ROUND_HALF_EVEN)


def _coarsest(facts: Iterable[Fact]) -> Decimal | None:
    """The worth of the last digit of a sum: that of its least exact member, None where one has none."""
    worths = [fact.ulp for fact in facts]
    return None if any(worth is None for worth in worths) else max(worth for worth in worths if worth is not None)


def _made(of: Fact, op: str, operands: Sequence[Fact], text: str, *, value: Decimal, **changed: object) -> Fact:
    """A fact about the same entity and measure as `of`; what differs is named."""
    ids = tuple(dict.fromkeys(fact.fact_id for fact in operands))
    key = hashlib.sha256("\0".join((op, of.entity, of.measure, of.via, *ids)).encode()).hexdigest()[:20]
    base: dict[str, object] = {
        "unit": of.unit, "kind": of.kind, "ulp": of.ulp, "direction": of.direction, "period": of.period,
        "basis": of.basis, "scope": of.scope,
    }  # fmt: skip
    base.update(changed)
    return Fact(
        fact_id=f"derived:{key}",
        entity=of.entity,
        entity_name=of.entity_name,
        measure=of.measure,
        measure_name=of.measure_name,
        value=value,
        via=of.via,
        as_of=of.as_of,
        formula=Formula(op, ids, text),
        **base,  # type: ignore[arg-type] - the names above are Fact's own
    )
