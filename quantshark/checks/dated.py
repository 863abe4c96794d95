"""Do the days agree? (日期有据)

A report before the market opens cannot know its own day: what it tells of trading is of the session before. 今日 and the
day of the report itself are refuted there for everything that only a session makes known.

DAY   2025-12-12
FACT  财联社12月11日电，南向资金今日净卖出52.87亿港元。
PASS  12月12日盘前：12月11日南向资金净卖出52.87亿港元。
FAIL  12月12日盘前：今日南向资金净卖出52.87亿港元。
FAIL  12月12日盘前：12月12日南向资金净卖出52.87亿港元。

A date that is written out must be a source's own day, or stand in a source beside the same words.

FACT  财联社12月11日电，某公司将于12月18日召开股东会。
PASS  某公司将于12月18日（周四）召开股东会。
FAIL  某公司将于12月18日（周五）召开股东会。
FAIL  某公司将于12月19日召开股东会。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from quantshark.binder.match import coverage
from quantshark.lexicon import periods
from quantshark.lexicon.clauses import Claim, Reading
from quantshark.lexicon.segments import starting
from quantshark.model import Figure, Period, Verdict

# A date and the day of the week that is told beside it: 12月11日(周四), 周四（12月11日）.
_WEEKDAY = r"(?:周|星期|礼拜)([一二三四五六日天])"
_BESIDE = re.compile(rf"\s*[(，、]?\s*{_WEEKDAY}")
_AHEAD = re.compile(rf"{_WEEKDAY}\s*[(，、]?\s*$")
Days = Mapping[tuple[date, date], Sequence[str]]

ENOUGH, HALF = 0.3, 0.5
NEAR = 31
_BARE_DAY = re.compile(r"\d{1,2}[日号]")
BEFORE = frozenset({"radar", "premarket"})
SESSION = frozenset(
    "net_flow buy_amount sell_amount turnover volume short_turnover short_ratio close change change_points high low "
    "advancers decliners limit_up limit_down buyback_amount buyback_shares buyback_price".split()
)


def is_before_market(slot: str | None, folded: str) -> bool:
    """Is this a report before the market opens, by its slot or by its own title?"""
    title = next((line for line in folded.split("\n") if line.strip(" \u200b#-")), "")
    return slot in BEFORE or (slot is None and "盘前" in title[:60])


def check(claims: Sequence[Claim], verdicts: Sequence[Verdict], day: date | None, *, before: bool) -> Iterator[Verdict]:
    """The verdicts again; in a report before the market those of its own day's session are refuted."""
    for claim, verdict in zip(claims, verdicts, strict=True):
        yield _judged(claim, verdict, day) if before and day else verdict


def _judged(claim: Claim, verdict: Verdict, day: date | None) -> Verdict:
    told = [period for period in claim.periods if period.grain == "day"]
    if verdict.status in ("exempt", "unread") or claim.measure not in SESSION or claim.modality != "actual":
        return verdict
    if not told or all(period.end != day for period in told) or "cumulative" in claim.scope:
        return verdict
    message = f"盘前报告不可能知道当日收市后的“{verdict.surface}”；应写上一交易日的日期。"
    return replace(verdict, status="refuted", reason="dated", message=message)


def spoken(reading: Reading, day: date | None) -> Iterator[tuple[tuple[date, date], str]]:
    """Each date of a source, with the sentence in which it stands."""
    for start, end in reading.sentences:
        for time in starting(reading.times, (start, end)):
            period = periods.resolve(reading.folded[time.start : time.end], day)
            if period is not None:
                yield (period.start, period.end), reading.folded[start:end]


def proved(claims: Sequence[Claim], verdicts: Sequence[Verdict]) -> frozenset[tuple[date, date]]:
    """The dates that proved figures speak of."""
    return frozenset(
        (period.start, period.end)
        for claim, verdict in zip(claims, verdicts, strict=True)
        if verdict.status in ("supported", "derived")
        for period in claim.periods
    )


def days(
    reading: Reading,
    as_of: date | None,
    known: frozenset[date],
    told: Days,
    proofs: frozenset[tuple[date, date]] = frozenset(),
) -> Iterator[Verdict]:
    """A verdict for each date that the report writes out and no proved figure bears out."""
    for figure in reading.figures:
        if figure.kind != "date" or figure.exempt:
            continue
        period = periods.resolve(reading.folded[figure.start : figure.end], as_of)
        if period is not None and (period.start, period.end) in proofs:
            continue
        if period is not None and not _borne_out(
            figure, period, reading, known | frozenset((as_of,) if as_of else ()), told
        ):
            yield Verdict(
                figure.start,
                figure.end,
                figure.surface,
                "unsourced",
                "date",
                f"“{figure.surface}”：来源所述的不是这个日期。",
            )


def weekdays(reading: Reading, as_of: date | None) -> Iterator[Verdict]:
    """A verdict for each date beside which another day of the week is told than the calendar has."""
    folded = reading.folded
    for figure in reading.figures:
        if figure.kind != "date" or (figure.exempt and not any(char.isdigit() for char in figure.surface)):
            continue
        beside = _BESIDE.match(folded, figure.end) or _AHEAD.search(folded[max(0, figure.start - 5) : figure.start])
        period = periods.resolve(folded[figure.start : figure.end], as_of) if beside else None
        if beside is None or period is None or period.start != period.end:
            continue
        told = "一二三四五六日天".index(beside[1])
        if min(told, 6) != period.start.weekday():
            right = "一二三四五六日"[period.start.weekday()]
            message = f"{period.start:%-m月%-d日}是星期{right}，不是星期{beside[1]}。"
            yield Verdict(figure.start, figure.end, figure.surface, "refuted", "weekday", message)


def _borne_out(figure: Figure, period: Period, reading: Reading, known: frozenset[date], told: Days) -> bool:
    if period.grain in ("day", "month", "year") and any(period.start <= day <= period.end for day in known):
        return True
    words = _around(figure, reading)
    spans = [(period.start, period.end)]
    if periods.yearless(figure.surface):
        spans += [span for span in told if _same_day_of_year(span, spans[0])]
    if any(coverage(words, sentence) >= ENOUGH for span in spans for sentence in told.get(span, ())):
        return True
    near: list[tuple[date, date]] = []
    if period.grain == "month":
        near += [span for span in told if period.start <= span[0] and span[1] <= period.end]  # 10月, on 10月8日
    if _BARE_DAY.fullmatch(figure.surface):
        near += [span for span in told if _same_day_near(span, period)]  # 27日, ahead or behind
    return any(coverage(words, sentence) >= HALF for span in near for sentence in told[span])


def _same_day_near(span: tuple[date, date], period: Period) -> bool:
    return span[0] == span[1] and span[0].day == period.start.day and abs((span[0] - period.start).days) <= NEAR


def _same_day_of_year(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return [(d.month, d.day) for d in one] == [(d.month, d.day) for d in other]


def _around(figure: Figure, reading: Reading) -> str:
    """The sentence of a date without its numerals."""
    start, end = next(((a, b) for a, b in reading.sentences if a <= figure.start < b), (figure.start, figure.end))
    return "".join(char for char in reading.folded[start:end] if not char.isdigit())
