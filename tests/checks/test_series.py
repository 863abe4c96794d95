"""Streaks, totals, averages, changes and records of days in a row, computed again from the sources' single days."""

from __future__ import annotations

from datetime import date

import pytest

from quantshark import Document, check
from quantshark.lexicon.markets import MARKETS, calendar_of
from quantshark.model import Verdict
from quantshark.press.formulas import recompute

FRIDAY = date(2025, 12, 12)
FLOWS = ((5, "-3.0"), (8, "12.0"), (9, "15.5"), (10, "20.1"), (11, "8.4"), (12, "30.0"))
LEVELS = (
    (4, "25700.1"),
    (5, "25900.1"),
    (8, "25800.1"),
    (9, "25700.2"),
    (10, "25600.5"),
    (11, "25500.3"),
    (12, "25976.8"),
)
PRICES = """日期,代码,名称,收盘价,涨跌幅(%)
2025-12-05,01810,小米集团,41.7,-0.5
2025-12-08,01810,小米集团,42.1,0.96
2025-12-09,01810,小米集团,42.5,0.95
2025-12-10,01810,小米集团,43.0,1.18
2025-12-11,01810,小米集团,43.2,0.47
2025-12-12,01810,小米集团,44.0,1.85
"""


def sources(*, without: int = 0) -> list[Document]:
    flows = [
        Document(
            f"flow-{day}",
            f"12月{day}日，南向资金净{'卖出' if value[0] == '-' else '买入'}小米集团{value.lstrip('-')}亿港元。",
            published_at=date(2025, 12, day),
        )
        for day, value in FLOWS
        if day != without
    ]
    levels = [
        Document(f"level-{day}", f"恒生指数12月{day}日收报{value}点。", published_at=date(2025, 12, day))
        for day, value in LEVELS
    ]
    return [*flows, *levels, Document("prices", PRICES, published_at=FRIDAY, kind="table")]


PROVED = (
    ("南向资金连续5日净买入小米集团。", "5日", "streak"),
    ("小米集团连涨五日。", "五日", "streak"),
    ("小米集团五连涨，收报44.0港元。", "五连涨", "streak"),
    ("恒指终结四连跌。", "四连跌", "streak"),
    ("12月8日至12日，南向资金合计净买入小米集团86.0亿港元。", "86.0亿港元", "sum"),
    ("南向资金近五日累计净买入小米集团86.0亿港元。", "86.0亿港元", "sum"),
    ("南向资金近五日累计净买入小米集团86.0亿港元。", "五日", "window"),
    ("本周五个交易日，南向资金日均净买入小米集团17.2亿港元。", "17.2亿港元", "average"),
    ("本周五个交易日，南向资金日均净买入小米集团17.2亿港元。", "五个交易日", "window"),
    ("小米集团五日平均涨幅为1.08%。", "1.08%", "average"),
    ("小米集团连续五日上涨，累计涨5.5%。", "5.5%", "growth"),
    ("12月12日南向资金净买入小米集团30.0亿港元，较前一日增加21.6亿港元。", "21.6亿港元", "difference"),
    ("12月12日南向资金净买入小米集团30.0亿港元，是前一日的3.6倍。", "3.6倍", "multiple"),
    ("12月12日南向资金净买入小米集团30.0亿港元，创近五日新高。", "五日", "record"),
    ("12月12日南向资金净买入小米集团30.0亿港元，创近五日新高。", "新高", "record"),
)
WRONG = (
    ("南向资金连续6日净买入小米集团。", "6日"),
    ("南向资金连续3日净买入小米集团。", "3日"),
    ("南向资金连续3日净卖出小米集团。", "3日"),
    ("小米集团连涨四日。", "四日"),
    ("恒指终结三连跌。", "三连跌"),
    ("12月8日至12日，南向资金合计净买入小米集团68.0亿港元。", "68.0亿港元"),
    ("12月8日至12日，南向资金合计净卖出小米集团86.0亿港元。", "86.0亿港元"),
    ("本周南向资金日均净买入小米集团19.2亿港元。", "19.2亿港元"),
    ("小米集团连续五日上涨，累计涨4.5%。", "4.5%"),
    ("12月12日南向资金净买入小米集团30.0亿港元，较前一日减少21.6亿港元。", "21.6亿港元"),
    ("12月12日南向资金净买入小米集团30.0亿港元，是前一日的2.6倍。", "2.6倍"),
    ("12月11日南向资金净买入小米集团8.4亿港元，创近五日新高。", "五日"),
)
UNKNOWN = (
    ("南向资金连续5日净买入小米集团。", "5日"),
    ("12月8日至12日，南向资金合计净买入小米集团86.0亿港元。", "86.0亿港元"),
    ("本周南向资金日均净买入小米集团17.2亿港元。", "17.2亿港元"),
    ("12月12日南向资金净买入小米集团30.0亿港元，创近五日新高。", "五日"),
)


def found(report: str, surface: str, documents: list[Document]) -> Verdict:
    return next(verdict for verdict in check(report, documents, as_of=FRIDAY).verdicts if verdict.surface == surface)


@pytest.mark.parametrize(("report", "surface", "reason"), PROVED)
def test_what_the_days_bear_out_is_derived(report: str, surface: str, reason: str) -> None:
    verdict = found(report, surface, sources())
    assert (verdict.status, verdict.reason) == ("derived", reason), verdict.message


@pytest.mark.parametrize(("report", "surface"), WRONG)
def test_what_the_days_deny_is_refuted(report: str, surface: str) -> None:
    assert found(report, surface, sources()).status == "refuted"


@pytest.mark.parametrize(("report", "surface"), UNKNOWN)
def test_a_day_that_nobody_told_proves_nothing(report: str, surface: str) -> None:
    assert found(report, surface, sources(without=10)).status == "unsourced"


def test_a_streak_whose_beginning_is_not_told_has_no_length() -> None:
    assert found("南向资金连续5日净买入小米集团。", "5日", sources(without=5)).status == "unsourced"
    assert found("南向资金连续4日净买入小米集团。", "4日", sources(without=5)).status == "refuted"


@pytest.mark.parametrize(("report", "surface", "reason"), [row for row in PROVED if row[2] not in ("window", "record")])
def test_the_ledger_can_compute_it_again(report: str, surface: str, reason: str) -> None:
    verdict = found(report, surface, sources())
    assert verdict.fact is not None
    assert verdict.fact.formula is not None
    values = [fact.value for fact in verdict.nearest]
    again = recompute(verdict.fact.formula.op, values, verdict.fact.formula.text)
    assert again is not None
    assert abs(abs(again) - verdict.fact.value) <= (verdict.fact.ulp or 0) / 2


def test_a_highest_over_a_span_needs_a_source() -> None:
    """为本周最高 is a strong word, 最高20元 the name of a price."""
    told = Document("told", "12月12日，南向资金净买入小米集团30.0亿港元，为本周最高。", published_at=FRIDAY)
    report = "12月12日南向资金净买入小米集团30.0亿港元，为本周最高。"
    assert found(report, "最高", sources()).status == "unsourced"
    assert found(report, "最高", [told]).status == "supported"


def test_every_market_has_its_calendar() -> None:
    assert all(calendar_of(name).previous(FRIDAY) == date(2025, 12, 11) for name in set(MARKETS.values()))
