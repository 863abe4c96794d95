"""The theme report: questions as chapters, percentile and growth computed, a source line under each block, risks."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from quantshark import editions
from quantshark.errors import EditionError
from quantshark.newsroom import trading_day
from tests.editions.conftest import Writes, reads_well

DAYS = ["2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07"]


@pytest.mark.parametrize("day", DAYS)
def test_theme_is_released_and_reads_well(write: Writes, day: str) -> None:
    report = write("theme", "2025-03", day)
    reads_well(report, 0.6, 1.9)
    slugs = [section.slug for section in report.judged.draft.sections]
    assert slugs == ["lead", "why", "valuation", "money", "shorts", "watch", "disclosure"]


@pytest.mark.parametrize("day", DAYS)
def test_chapters_are_questions_in_order(write: Writes, day: str) -> None:
    heads = [part.title for part in write("theme", "2025-03", day).parts if re.match(r"\d\d ", part.title)]
    assert [head[:2] for head in heads] == ["01", "02", "03", "04", "05"]
    assert all(head.endswith("？") for head in heads)


def test_every_chapter_of_data_names_its_sources(write: Writes) -> None:
    for part in write("theme", "2025-03", "2025-03-06").parts[:5]:
        assert re.search(r"（(?:资料|数据)来源：量子快讯，截至\d+月\d+日", part.text), part.title


def test_percentile_is_computed_from_the_stored_series(write: Writes) -> None:
    """25.30 times is above 32.66% of all days since the index began, and the source that tells so agrees."""
    report = write("theme", "2025-03", "2025-03-06")
    rank = next(i.fact for i in report.context.items if i.fact.formula and i.fact.formula.op == "percentile")
    assert rank.value == Decimal("32.66")
    assert "25.30倍" in report.body
    assert "32.66%的分位" in report.body


def test_growth_of_flows_is_computed(write: Writes) -> None:
    report = write("theme", "2025-03", "2025-03-06")
    growth = report.context.find("ytd_growth")
    assert growth is not None
    assert growth.fact.value == (Decimal("3018.1") / Decimal("612.7") * 100 - 100).quantize(Decimal("0.01"))
    assert "同比增长393%" in report.body


def test_risks_and_watch_list_hold_no_figures_of_their_own(write: Writes) -> None:
    for part in write("theme", "2025-03", "2025-03-06").parts[5:7]:
        assert not re.search(r"\d", part.text), part.title


def test_theme_in_traditional_characters_is_released(write: Writes) -> None:
    report = write("theme", "2025-03", "2025-03-06", "hant")
    assert report.judged.releasable, report.blocking()
    assert "市盈率TTM" in report.body
    assert "01 這一輪行情從哪裏來" in report.text


def test_a_saturdays_report_is_that_of_the_last_trading_day() -> None:
    """The study of a weekend tells Friday; a report on the day itself is refused on a day without trading."""
    saturday = date(2025, 3, 8)
    assert trading_day(editions.load("theme"), saturday) == date(2025, 3, 7)
    with pytest.raises(EditionError, match="no trading day"):
        trading_day(editions.load("close"), saturday)


def test_a_week_s_last_study_says_when_it_appears_and_what_it_tells(write: Writes) -> None:
    friday, thursday = (write("theme", "2025-03", day).judged.draft.summary for day in ("2025-03-07", "2025-03-06"))
    assert friday.startswith("本期周六刊出，以上一交易日为准，数据截至3月7日收盘。")
    assert thursday.startswith("数据截至3月6日收盘。")


def test_a_run_of_selling_is_not_told_as_a_single_day(write: Writes) -> None:
    body = write("theme", "2025-12", "2025-12-12").body
    assert "连续3天净卖出" in body
    assert "单日的净流出" not in body


def test_leaders_are_taken_from_all_members(write: Writes) -> None:
    """京东集团-SW rose third of the index on that day."""
    assert "京东集团-SW上涨2.99%" in write("theme", "2025-12", "2025-12-12").body
