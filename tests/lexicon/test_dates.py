"""What dates and period words mean when they are said on a Wednesday, 2025-12-17."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.lexicon.dates import find_periods, resolve
from quantshark.model import Period

WEDNESDAY = date(2025, 12, 17)


def _days(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


DAYS = [
    ("12月17日", "2025-12-17"),
    ("12月30日", "2025-12-30"),
    ("1月5日", "2026-01-05"),
    ("2024年10月10日", "2024-10-10"),
    ("2025-02-12", "2025-02-12"),
    ("2025-02-12 21:13:09", "2025-02-12"),
    ("20250212", "2025-02-12"),
    ("11/19", "2025-11-19"),
    ("01/15", "2026-01-15"),
    ("二〇二五年十二月十七日", "2025-12-17"),
    ("17日", "2025-12-17"),
    ("2日", "2025-12-02"),
    ("30日", "2025-12-30"),
    ("十七日", "2025-12-17"),
    ("今日", "2025-12-17"),
    ("昨天", "2025-12-16"),
    ("前日", "2025-12-15"),
    ("明日", "2025-12-18"),
    ("周三", "2025-12-17"),
    ("周五", "2025-12-12"),
    ("星期二", "2025-12-16"),
    ("上周五", "2025-12-12"),
    ("本周一", "2025-12-15"),
    ("下周一", "2025-12-22"),
    ("上一交易日", "2025-12-16"),
    ("上個交易日", "2025-12-16"),
    ("12月15日至17日", "2025-12-15..2025-12-17"),
    ("12月15-17日", "2025-12-15..2025-12-17"),
    ("14日至16日", "2025-12-14..2025-12-16"),
]
PERIODS = [
    ("12月", "2025-12-01..2025-12-31"),
    ("11月份", "2025-11-01..2025-11-30"),
    ("2026年1月", "2026-01-01..2026-01-31"),
    ("1-11月", "2025-01-01..2025-11-30"),
    ("前11个月", "2025-01-01..2025-11-30"),
    ("3月中旬", "2025-03-11..2025-03-20"),
    ("2月底", "2025-02-21..2025-02-28"),
    ("2024年", "2024-01-01..2024-12-31"),
    ("2020-2024年", "2020-01-01..2024-12-31"),
    ("2025财年", "2025-01-01..2025-12-31"),
    ("Q3", "2025-07-01..2025-09-30"),
    ("3Q25", "2025-07-01..2025-09-30"),
    ("1H25", "2025-01-01..2025-06-30"),
    ("三季度", "2025-07-01..2025-09-30"),
    ("2025年第一季度", "2025-01-01..2025-03-31"),
    ("2026年Q1", "2026-01-01..2026-03-31"),
    ("前三季度", "2025-01-01..2025-09-30"),
    ("首季", "2025-01-01..2025-03-31"),
    ("上半年", "2025-01-01..2025-06-30"),
    ("去年下半年", "2024-07-01..2024-12-31"),
    ("去年", "2024-01-01..2024-12-31"),
    ("本周", "2025-12-15..2025-12-21"),
    ("上周", "2025-12-08..2025-12-14"),
    ("上月", "2025-11-01..2025-11-30"),
    ("上季度", "2025-07-01..2025-09-30"),
    ("年初至今", "2025-01-01..2025-12-17"),
    ("年内", "2025-01-01..2025-12-17"),
    ("月内", "2025-12-01..2025-12-17"),
    ("12月以来", "2025-12-01..2025-12-17"),
    ("近5日", "2025-12-11..2025-12-17"),
    ("近三周", "2025-11-27..2025-12-17"),
    ("过去一年", "2024-12-18..2025-12-17"),
]


@pytest.mark.parametrize(("text", "days"), DAYS + PERIODS)
def test_a_form_is_placed(text: str, days: str) -> None:
    period = resolve(text, WEDNESDAY)
    assert period is not None
    assert (period.start, period.end) == _days(days)


SAID_EARLY = [  # said on 2026-01-05: news tells the past
    ("12月30日", "2025-12-30"),
    ("11月", "2025-11-01..2025-11-30"),
    ("四季度", "2025-10-01..2025-12-31"),
    ("31日", "2025-12-31"),
    ("上月", "2025-12-01..2025-12-31"),
]


@pytest.mark.parametrize(("text", "days"), SAID_EARLY)
def test_in_january_the_past_is_last_year(text: str, days: str) -> None:
    period = resolve(text, date(2026, 1, 5))
    assert period is not None
    assert (period.start, period.end) == _days(days)


@pytest.mark.parametrize("text", ["当日", "次日", "去年同期", "14:30", "2月30日", "13月1日", "港元", "", "沪深300"])
def test_a_form_that_cannot_be_placed_is_none(text: str) -> None:
    assert resolve(text, WEDNESDAY) is None


def test_a_fiscal_year_says_so() -> None:
    assert resolve("2025财年", WEDNESDAY) == Period(date(2025, 1, 1), date(2025, 12, 31), "fiscal_year")


def test_sessions_come_from_the_calendar_that_is_given() -> None:
    def before(day: date) -> date:  # a market that was shut for a week
        return day - timedelta(days=8)

    assert resolve("上一交易日", WEDNESDAY, before) == Period(date(2025, 12, 9), date(2025, 12, 9))
    assert resolve("近2日", WEDNESDAY, before) == Period(date(2025, 12, 9), WEDNESDAY, "span")


def test_a_session_before_monday_is_friday_without_a_calendar() -> None:
    assert resolve("上一交易日", date(2025, 12, 15)) == Period(date(2025, 12, 12), date(2025, 12, 12))


def test_periods_are_found_with_their_spans() -> None:
    text = "昨日南向净买入，近5日累计，12月17日，前11个月；上周五52.87亿港元，停牌5日"
    found = find_periods(text)
    assert [p.surface for p in found] == ["昨日", "近5日", "12月17日", "前11个月", "上周五"]
    assert all(text[p.start : p.end] == p.surface for p in found)


@given(
    st.text(alphabet="0123456789一二三四五六七八九十年月日号周上本下前近今昨季度半Qh-/至以来财", max_size=14),
    st.dates(),
)
def test_resolve_never_raises(text: str, base: date) -> None:
    period = resolve(text, base)
    assert period is None or isinstance(period.start, date)


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)), st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_a_full_date_means_itself_on_any_day(day: date, base: date) -> None:
    for form in (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day:%Y/%m/%d}"):
        assert resolve(form, base) == Period(day, day)


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)), st.integers(-100, 100))
def test_a_day_of_a_month_is_the_nearest(base: date, offset: int) -> None:
    day = base + timedelta(days=offset)
    assert resolve(f"{day.month}月{day.day}日", base) == Period(day, day)
