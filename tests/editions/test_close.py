"""The closing review: lead, quotations, sectors, flows, institutions named; the day's own close, turnover and shorting."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.editions.conftest import Writes, reads_well

DAYS = [("2025-02", "2025-02-10"), ("2025-02", "2025-02-12"), ("2025-12", "2025-12-12"), ("2025-12", "2025-12-17")]


@pytest.mark.parametrize(("week", "day"), DAYS)
def test_close_is_released_and_reads_well(write: Writes, week: str, day: str) -> None:
    report = write("close", week, day)
    reads_well(report, 1.5, 4.0)
    assert [section.slug for section in report.judged.draft.sections] == ["lead", "market", "sectors", "flows", "view"]


def test_close_tells_its_own_day_and_the_seed_of_it(write: Writes) -> None:
    body = write("close", "2025-02", "2025-02-12").body
    assert "恒生指数上涨2.64%" in body
    assert "2871.63亿港元" in body
    assert re.search(r"沽空314.9亿港元，(?:沽空金额占大市成交额的|沽空比率)10.97%", body)
    assert "美团-W沽空40.38亿港元，阿里巴巴-W、腾讯控股排在其后" in body


def test_close_quotes_market_and_institutions_in_block_quotes(write: Writes) -> None:
    quotes = [line for line in write("close", "2025-02", "2025-02-12").body.splitlines() if line.startswith("> ")]
    assert len(quotes) >= 3
    assert any("中金认为" in line for line in quotes)


@pytest.mark.parametrize(("day", "way"), [("2025-02-11", "走弱"), ("2025-02-12", "走强")])
def test_headings_follow_the_sectors_of_the_day(write: Writes, day: str, way: str) -> None:
    """A heading is made of what moved, with the verb of its direction."""
    heading = write("close", "2025-02", day).parts[2].title
    assert way in heading


def test_no_direction_is_told_against_its_figures(write: Writes) -> None:
    """走强 stands over rises alone, 走弱 over falls alone."""
    for day in ("2025-02-11", "2025-02-12"):
        report = write("close", "2025-02", day)
        heading, text = report.parts[2].title, report.parts[2].text.rsplit("\n\n", 1)[0]  # the last tells single stocks
        assert ("走强" in heading) == ("上涨" in text)
        assert ("走弱" in heading) == ("下跌" in text)


def test_one_company_is_no_sector(write: Writes) -> None:
    """长飞光纤光缆 alone is known of its trade on these days: it is told as a stock, with its own news."""
    for day in ("2025-12-11", "2025-12-12"):
        part = write("close", "2025-12", day).parts[2]
        assert "光通信" not in part.title
        assert "长飞光纤光缆" in part.text.rsplit("\n\n", 1)[1]


def test_closings_of_a_sector_change_from_day_to_day(write: Writes) -> None:
    one, other = (write("close", "2025-12", day).parts[2].text for day in ("2025-12-11", "2025-12-12"))
    assert {s for s in one.split("。") if len(s) > 8} & {s for s in other.split("。") if len(s) > 8} == set()


def test_the_report_of_the_close_gives_the_reason(write: Writes) -> None:
    """What the source says in words alone stands with its sector, linked."""
    assert "收盘报道提到，半导体股跟随隔夜海外同业走低。" in write("close", "2025-12", "2025-12-11").body


def test_front_matter_is_hugos(write: Writes) -> None:
    text = write("close", "2025-02", "2025-02-12").text
    front = text.split("---")[1]
    assert [key for key in ("title:", "date:", "summary:", "categories:", "tags:") if key not in front] == []
    assert 'date: "2025-02-12T16:35:00+08:00"' in front


def test_close_in_traditional_characters_is_released(write: Writes) -> None:
    report = write("close", "2025-02", "2025-02-12", "hant")
    assert report.judged.releasable, report.blocking()
    assert "恒生科技指數" in report.body


WORKSHOP = ("复算", "算出的占比", "所存", "程序按")


@pytest.mark.parametrize("day", ["2025-12-09", "2025-12-10", "2025-12-11", "2025-12-12"])
def test_what_is_said_of_the_day_is_so(write: Writes, day: str) -> None:
    """Turnover that hardly changed is neither 放量 nor 缩量, a flat index neither rose nor fell, A shares agree or they do not."""
    report = write("close", "2025-12", day)
    find = report.context.find
    growth, hsi, chinext = find("hk_growth"), find("hsi"), find("chinext")
    assert growth is not None
    assert hsi is not None
    assert chinext is not None
    heading = report.parts[1].title
    assert abs(growth.fact.value) >= 5 or not re.search("放量|缩量|量价|放大|收缩", heading)
    assert (abs(hsi.fact.value) < Decimal("0.3")) == ("近乎平收" in heading)
    assert hsi.fact.value * chinext.fact.value > 0 or "站在同一边" not in report.body
    assert not [word for word in WORKSHOP if word in report.body]


def test_two_days_do_not_quote_the_same_view(write: Writes) -> None:
    one, other = (
        {line for line in write("close", "2025-12", day).body.splitlines() if line.startswith("> ") and "认为" in line}
        for day in ("2025-12-11", "2025-12-12")
    )
    assert one
    assert not one & other


def test_headings_name_sectors_that_are_told(write: Writes) -> None:
    part = write("close", "2025-02", "2025-02-12").parts[2]
    told = {"半导体": "半导体", "金融": "金融", "消费电子": "硬件|消费电子", "有色与资源": "资源"}
    assert all(re.search(words, part.text) for name, words in told.items() if name in part.title)
