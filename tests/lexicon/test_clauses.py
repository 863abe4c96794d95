"""Who, what, when: the clause around a figure, read into a claim."""

from __future__ import annotations

from datetime import date

import pytest

from quantshark.lexicon import clauses
from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.names import Names

DAY = date(2025, 12, 11)


def read(text: str) -> list[Claim]:
    return clauses.read(text, Names.load(), day=DAY).claims


WHO = [
    ("腾讯控股、美团-W分别获净买入3.2亿港元、5.1亿港元", [("0700.HK",), ("3690.HK",)]),
    ("小米集团-W收报42.1港元，上涨1.2%", [("1810.HK",), ("1810.HK",)]),
    ("快手-W在港交所公告，今日斥资8145万港元", [("1024.HK",)]),
    ("美团-W获南向资金净买入24.81亿港元", [("3690.HK",)]),
    ("南向资金净买入居前的美团-W、快手-W，金额分别为2.08亿港元和3.1亿港元", [("3690.HK",), ("1024.HK",)]),
    ("高盛将美团-W目标价由133港元下调至125港元", [("3690.HK",)]),
]
WHAT = [
    ("公司营业收入133亿元，净利润16亿元", ["revenue", "profit"]),
    ("营业收入133亿元，同比增长38.85%", ["revenue", "revenue"]),
    ("恒生指数涨0.97%，报26185.92点，涨250点", ["change", "close", "change_points"]),
    ("拟以每股68.85港元配售5.9亿股新股", ["placement_price", "placement_shares"]),
]
WAY = [
    ("南向资金净卖出52.87亿港元", -1),
    ("恒生指数收跌1.2%", -1),
    ("跌幅扩大至3%", -1),
    ("营业收入同比增长38.85%", 1),
]


@pytest.mark.parametrize(("text", "expected"), WHO)
def test_whom_a_figure_is_about(text: str, expected: list[tuple[str, ...]]) -> None:
    claims = read(text)[: len(expected)]
    assert [set(e) <= set(c.entities) for c, e in zip(claims, expected, strict=True)] == [True] * len(expected)


@pytest.mark.parametrize(("text", "expected"), WHAT)
def test_what_is_measured(text: str, expected: list[str]) -> None:
    families = [(c.measure, e) for c, e in zip(read(text), expected, strict=True)]
    assert all(one == other or {one, other} <= {"close", "price"} for one, other in families), families


@pytest.mark.parametrize(("text", "expected"), WAY)
def test_which_way(text: str, expected: int) -> None:
    assert read(text)[0].direction == expected


def test_compared_with_what() -> None:
    assert [c.basis for c in read("营业收入同比增长3%，环比下降1%，较上周同期放量2%")] == ["yoy", "qoq", "prev_week"]


def test_a_comparison_no_list_knows_is_kept_as_it_stands() -> None:
    assert read("成交额较节前首日放量842亿元")[0].basis == "~节前首日"


def test_plan_forecast_and_done() -> None:
    modes = [(c.modality, c.done) for c in read("公司拟回购3亿元。预计收入增长5%。公司已回购2亿元。")]
    assert modes == [("plan", False), ("forecast", False), ("actual", True)]


def test_half_day_and_running_total() -> None:
    assert "half_day" in read("恒生指数午间收涨0.55%")[0].scope
    assert "cumulative" in read("累计净买入107.70亿港元")[0].scope


def test_growing_to_and_by() -> None:
    assert [c.form for c in read("合同负债同比增长2.6倍，存货增至去年同期的3.6倍，利润升至50亿元")] == [
        "by",
        "to",
        "to",
    ]


def test_the_value_before_a_change() -> None:
    assert [c.role for c in read("目标价由133港元下调至125港元")] == ["from", ""]


def test_a_product_is_not_the_company() -> None:
    assert read("小米MiMo-V2系列模型亮相，净利润为11亿元")[0].entities != ("1810.HK",)


def test_a_bracket_interrupts_and_does_not_end_a_clause() -> None:
    assert read("京东集团-SW今天（11日）遭南向资金净卖出29.56亿港元")[0].entities == ("9618.HK",)


def test_days_are_resolved_against_the_day_of_the_text() -> None:
    (claim,) = read("昨日南向资金净卖出52.87亿港元")
    assert [(p.start, p.end) for p in claim.periods] == [(date(2025, 12, 10), date(2025, 12, 10))]
