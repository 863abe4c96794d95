"""What cannot be what it says it is: broken tables are held, the fixtures' own never."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from quantshark.lexicon.names import Names
from quantshark.model import Document
from quantshark.sources.plausible import doubts
from tests.sources.mutants import Series, mutants, series

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
SOON = timedelta(minutes=5)
HELD_SHARE = 0.98
"""What is left is mostly a change of some hundredths of a percent, a hundred times as large: still a likely move."""


@cache
def all_series() -> tuple[Series, ...]:
    return tuple(one for week in sorted(FIXTURES.glob("20*")) for one in series(week))


def codes(document: Document, earlier: tuple[Document, ...] = (), now: datetime | None = None) -> list[str]:
    moment = now or (document.known_at or datetime.now(UTC)) + SOON
    return [doubt.code for doubt in doubts(document, earlier, moment)]


def test_no_true_table_is_held() -> None:
    names = Names.load()
    held = {
        one.document.title: found
        for one in all_series()
        if (found := doubts(one.document, one.earlier, _soon(one), names))
    }
    assert held == {}


def test_broken_tables_are_held() -> None:
    names = Names.load()
    made, held = Counter[str](), Counter[str]()
    for mutant in mutants(all_series(), seed=20260415, count=240):
        made[mutant.fault] += 1
        held[mutant.fault] += bool(doubts(mutant.series.document, mutant.series.earlier, _soon(mutant.series), names))
    assert min(held[fault] / made[fault] for fault in made) >= 0.9, (held, made)
    assert held.total() / made.total() >= HELD_SHARE, (held, made)


def _soon(one: Series) -> datetime:
    assert one.document.known_at is not None
    return one.document.known_at + SOON


def table(text: str, day: str = "2025-12-11", title: str = "表") -> Document:
    return Document(f"t{day}{title}", text, title, datetime.fromisoformat(f"{day}T16:30+08:00"), "table")


INDEX = "日期,代码,名称,收盘(点),涨跌幅(%)\n{},IDX.HSI,恒生指数,{},{}\n"
FLOW = "日期,代码,名称,买入金额(亿港元),卖出金额(亿港元),净买入(亿港元)\n2025-12-11,FLOW.SOUTHBOUND,南向资金,{},{},{}\n"

BY_ITSELF = [
    ("range", "日期,代码,名称,收盘价(港元),最高(港元),最低(港元)\n2025-12-11,00700,腾讯控股,612,610,600\n"),
    ("range", "日期,代码,名称,收盘价(港元),最高(港元),最低(港元)\n2025-12-11,00700,腾讯控股,605,600,610\n"),
    ("sum", FLOW.format("400.00", "452.87", "52.87")),
    ("share", "日期,代码,名称,沽空金额(亿港元),成交额(亿港元),沽空比率(%)\n2025-12-11,MKT.HK,港股大市,300,2000,1.50\n"),
    ("negative", "日期,代码,名称,成交额(亿港元)\n2025-12-11,MKT.HK,港股大市,-2000.00\n"),
    ("name", "日期,代码,名称,收盘价(港元)\n2025-12-11,00700,美团-W,605.00\n"),
    ("not_a_number", "日期,代码,名称,收盘价(港元),成交额(亿港元)\n2025-12-11,00700,腾讯控股,605.00,腾讯\n"),
    ("future_row", INDEX.format("2025-12-12", "25000.00", "0.10")),
    ("range", "日期,代码,名称,回购数量(万股),回购金额(万港元),最低价(港元),最高价(港元)\n2025-12-11,00700,腾讯控股,100,6000,600,610\n"),
    (
        "total",
        "日期,代码,名称,净买入(亿港元)\n2025-12-11,FLOW.SOUTHBOUND,南向资金,-52.87\n2025-12-11,FLOW.SOUTHBOUND.SH,港股通（沪）,-30.00\n2025-12-11,FLOW.SOUTHBOUND.SZ,港股通（深）,-20.00\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), BY_ITSELF)
def test_a_table_against_itself(code: str, text: str) -> None:
    assert code in codes(table(text))


YESTERDAY = table(INDEX.format("2025-12-10", "25540.78", "0.42"), "2025-12-10")
AGAINST_HISTORY = [
    ("yesterday", INDEX.format("2025-12-10", "25540.78", "0.42")),
    ("same", INDEX.format("2025-12-11", "25540.78", "0.42")),
    ("price", INDEX.format("2025-12-11", "2554.08", "0.01")),
    ("change", INDEX.format("2025-12-11", "25285.52", "1.00")),
    ("unit", INDEX.format("2025-12-11", "25285.52", "-1.00").replace("收盘(点)", "收盘(港元)")),
]


@pytest.mark.parametrize(("code", "text"), AGAINST_HISTORY)
def test_a_table_against_what_came_before(code: str, text: str) -> None:
    assert code in codes(table(text), (YESTERDAY,))


def test_a_true_day_after_is_taken() -> None:
    assert codes(table(INDEX.format("2025-12-11", "25285.52", "-1.00")), (YESTERDAY,)) == []


def test_an_empty_cell_is_no_zero() -> None:
    text = "日期,代码,名称,收盘(点),涨跌幅(%),成交额(亿港元)\n2025-12-11,IDX.HSTECH,恒生科技指数,5500.00,-0.20,\n"
    assert codes(table(text)) == []


def test_news_from_the_future_is_held() -> None:
    news = Document("n", "明日的新闻", "明日", datetime(2025, 12, 12, 9, tzinfo=UTC))
    assert codes(news, now=datetime(2025, 12, 11, 9, tzinfo=UTC)) == ["future"]
    assert (
        codes(
            replace(news, published_at=datetime(2025, 12, 11, 9, tzinfo=UTC)), now=datetime(2025, 12, 11, 9, tzinfo=UTC)
        )
        == []
    )


def test_a_stock_may_leap_where_the_table_says_so() -> None:
    head = "日期,代码,名称,收盘价(港元),涨跌幅(%)\n"
    before = table(f"{head}2025-12-10,01024,快手-W,50.00,1.00\n", "2025-12-10")
    assert codes(table(f"{head}2025-12-11,01024,快手-W,75.00,50.00\n"), (before,)) == []
    assert "price" in codes(table(f"{head}2025-12-11,01024,快手-W,75.00,1.50\n"), (before,))
