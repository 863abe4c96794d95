"""The binder, trap by trap: which retellings of a source are borne out, and which are not.

Each row is a trap of the language that checkers of numbers fall into: the source, what may be said of it, what may not.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantshark import check
from quantshark.model import Document, Verdict

DAY = date(2025, 12, 11)
HEAD = "财联社12月11日电，"


class Trap(NamedTuple):
    """A source, a true retelling and a false one."""

    name: str
    source: str
    true: str
    false: str


FROM_THE_ISSUE = [
    Trap("digit", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出52.87亿港元。", "南向资金净卖出52.78亿港元。"),
    Trap("scale", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出528700万港元。", "南向资金净卖出52.87万港元。"),
    Trap("full digits", "今日回购104.4万股。", "今日回购1,044,000股。", "今日回购104,400股。"),
    Trap("rounding", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出52.9亿港元。", "南向资金净卖出52.8亿港元。"),
    Trap("about", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出约53亿港元。", "南向资金净卖出约58亿港元。"),
    Trap("side of a hedge", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出逾52亿港元。", "南向资金净卖出近52亿港元。"),
    Trap("hedge turned", "胜宏科技涨超50%。", "胜宏科技涨超50%。", "胜宏科技涨近50%。"),
    Trap("tenths", "其市场份额为63.7%。", "其市场份额逾六成。", "其市场份额逾七成。"),
    Trap("currency", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出52.87亿港元。", "南向资金净卖出52.87亿元。"),
    Trap("percent and points", "毛利率同比提升3.6个百分点。", "毛利率同比提升3.6个百分点。", "毛利率同比提升3.6%。"),
    Trap("basis points", "1年期LPR下调25个基点。", "1年期LPR下调0.25个百分点。", "1年期LPR下调25个百分点。"),
    Trap("counter", "腾讯控股回购104.4万股。", "腾讯控股回购104.4万股。", "腾讯控股回购104.4万手。"),
    Trap("unit of price", "WTI原油报96.07美元/桶。", "WTI原油报96.07美元/桶。", "WTI原油报96.07美元/吨。"),
    Trap("growth in multiples", "合同负债同比增长2.6倍。", "合同负债增至去年同期的3.6倍。", "合同负债增至去年同期的2.6倍。"),
    Trap("to and by", "资本开支增加50亿元。", "资本开支增加50亿元。", "资本开支增加至50亿元。"),
    Trap("direction", "恒生指数收涨1.21%。", "恒生指数收涨1.21%。", "恒生指数收跌1.21%。"),
    Trap("loss", "公司净亏损3.2亿元。", "公司净亏损3.2亿元。", "公司净利润3.2亿元。"),
    Trap("verb of a flow", "美团-W获净买入24.81亿港元。", "美团-W获净买入24.81亿港元。", "美团-W遭净卖出24.81亿港元。"),
    Trap("entity", "美团-W获净买入24.81亿港元。", "美团获净买入24.81亿港元。", "快手-W获净买入24.81亿港元。"),
    Trap("entity of a list", "道指涨1.24%，纳指涨2.02%。", "纳指涨2.02%。", "道指涨2.02%。"),
    Trap("unknown entities", "壁仞科技涨超12%，晶门半导体涨超7%。", "晶门半导体涨超7%。", "壁仞科技涨超7%。"),
    Trap("index and its future", "恒指期货夜盘收涨1.01%。", "恒指期货夜盘收涨1.01%。", "恒生指数收涨1.01%。"),
    Trap("measure", "公司营业收入133.01亿元，净利润16.81亿元。", "公司净利润16.81亿元。", "公司净利润133.01亿元。"),
    Trap("adjusted profit", "公司净利润9.12亿元，扣非净利润8.45亿元。", "公司扣非净利润8.45亿元。", "公司净利润8.45亿元。"),
    Trap("lists in order", "腾讯、美团分别获净买入3.2亿港元、5.1亿港元。", "美团获净买入5.1亿港元。", "腾讯、美团分别获净买入5.1亿港元、3.2亿港元。"),
    Trap("ellipsis", "小米集团-W获净买入5.6亿港元，收报42.1港元。", "小米集团收报42.1港元。", "美团-W获净买入，收报42.1港元。"),
    Trap("day", "南向资金今日净卖出52.87亿港元。", "12月11日南向资金净卖出52.87亿港元。", "12月10日南向资金净卖出52.87亿港元。"),
    Trap("day before", "南向资金今日净卖出52.87亿港元，上一交易日净买入9.12亿港元。", "上一交易日南向资金净买入9.12亿港元。", "今日南向资金净买入9.12亿港元。"),
    Trap("quarter", "公司第三季度营业收入133.01亿元，前三季度营业收入411.95亿元。", "公司前三季度营业收入411.95亿元。", "公司第三季度营业收入411.95亿元。"),
    Trap("year", "公司2024年净利润7.5亿元。", "公司2024年净利润7.5亿元。", "公司2023年净利润7.5亿元。"),
    Trap("comparison", "营业收入同比增长38.85%，环比下降1.12%。", "营业收入环比下降1.12%。", "营业收入同比下降1.12%。"),
    Trap("what it is compared with", "两市成交1.61万亿元，较上个交易日缩量842亿元。", "较上个交易日缩量842亿元。", "较上周同期缩量842亿元。"),
    Trap("half day", "恒生指数午间收涨0.55%，全日收涨2.31%。", "恒生指数午间收涨0.55%。", "恒生指数收涨0.55%。"),
    Trap("running total", "小米集团-W连续11日获净买入，累计净买入107.70亿港元。", "小米集团-W累计净买入107.70亿港元。", "小米集团-W单日净买入107.70亿港元。"),
    Trap("streak", "小米集团-W连续11日获净买入。", "小米集团-W连续11天获净买入。", "小米集团-W连续12日获净买入。"),
    Trap("rank", "联想集团市场份额8.1%，排名第四。", "联想集团市场份额8.1%，位列第四。", "联想集团市场份额8.1%，位列第三。"),
    Trap("record", "南向资金净买入52.87亿港元，创年内新高。", "南向资金净买入52.87亿港元，创年内新高。", "南向资金净买入52.87亿港元，创历史新高。"),
    Trap("plan", "公司拟配售1.5亿股新股。", "公司拟配售1.5亿股新股。", "公司已完成配售1.5亿股新股。"),
    Trap("forecast", "高盛预计腾讯控股明年收入同比增长14.6%。", "高盛预计腾讯控股明年收入增长14.6%。", "高盛确认腾讯控股明年收入同比增长14.6%。"),
    Trap("whose forecast", "高盛预计腾讯控股明年收入同比增长14.6%；花旗预计美团-W明年收入同比增长9.3%。", "花旗预计美团-W明年收入同比增长9.3%。", "花旗预计腾讯控股明年收入同比增长14.6%。"),
    Trap("before and after", "大和将美团-W目标价由133.5港元下调至125.9港元。", "美团-W目标价下调至125.9港元。", "美团-W目标价下调至133.5港元。"),
    Trap("negation", "公司未收到5.2亿元退款。", "公司未收到5.2亿元退款。", "公司收到5.2亿元退款。"),
    Trap("range", "每股回购价36.48港元至37.57港元。", "回购价区间为每股36.48-37.57港元。", "回购价区间为每股36.48-39.57港元。"),
    Trap("sum", "腾讯控股获净买入3.2亿港元。美团-W获净买入5.1亿港元。", "腾讯控股与美团-W合计净买入8.3亿港元。", "腾讯控股与美团-W合计净买入8.6亿港元。"),
    Trap("difference", "腾讯控股获净买入3.2亿港元。美团-W获净买入5.1亿港元。", "美团-W净买入额比腾讯控股多1.9亿港元。", "美团-W净买入额比腾讯控股多2.9亿港元。"),
    Trap("share", "港股今日成交2000亿港元，沽空总额200亿港元。", "沽空总额占大市成交额的10%。", "沽空总额占大市成交额的12%。"),
    Trap("multiple", "腾讯控股获净买入2亿港元。美团-W获净买入5亿港元。", "美团-W净买入额是腾讯控股的2.5倍。", "美团-W净买入额是腾讯控股的3.5倍。"),
    Trap("ratio with its operands", "公司营业收入200亿元，净利润30亿元。", "公司净利率为15%（净利润/营业收入）。", "公司净利率为18%（净利润/营业收入）。"),
    Trap("growth of another level", "挂拍27.2万套，同比增0.8%；成交5.6万套，同比增8.5%，清仓率20.7%。", "成交5.6万套，同比增8.5%，清仓率20.7%。", "成交5.6万套，同比增0.8%，清仓率20.7%。"),
    Trap("Chinese numerals", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出五十二点八七亿港元。", "南向资金净卖出五十二点七八亿港元。"),
    Trap("full width", "南向资金今日净卖出52.87亿港元。", "南向资金净卖出５２．８７亿港元。", "南向资金净卖出５２．７８亿港元。"),
    Trap("traditional", "南向资金今日净卖出52.87亿港元。", "南向資金淨賣出52.87億港元。", "南向資金淨買入52.87億港元。"),
    Trap("table row", "美团-W获净买入24.81亿港元，上涨1.31%。", "| 标的 | 净买入（亿港元） | 涨跌幅 |\n| --- | ---: | ---: |\n| 美团-W | 24.81 | 1.31% |", "| 标的 | 净买入（亿港元） | 涨跌幅 |\n| --- | ---: | ---: |\n| 美团-W | 24.81 | -1.31% |"),
    Trap("unit of a column", "美团-W获净买入24.81亿港元。", "| 标的 | 净买入（亿港元） |\n| --- | --- |\n| 美团-W | 24.81 |", "| 标的 | 净买入（万港元） |\n| --- | --- |\n| 美团-W | 24.81 |"),
    Trap("advice", "美团-W获净买入24.81亿港元。", "美团-W获净买入24.81亿港元。\n\n建议：若回调10%以上可分批建仓。", "美团-W获净买入24.81亿港元。\n\n建议：该股今日获大单净流入15.22亿港元，可逢低吸纳。"),
    Trap("nobody gave it", "美团-W获净买入24.81亿港元。", "美团-W获净买入24.81亿港元。", "美团-W获净买入24.81亿港元，换手率3.15%。"),
]  # fmt: skip

MUST_PASS = [
    "理想L9、L7、L6三款车型同步推出，美团-W获净买入24.81亿港元。",
    "科创50成分股表现分化，美团-W获净买入24.81亿港元。",
    "1. 美团-W获净买入24.81亿港元。",
    "## 一、市场要点\n\n1、美团-W获净买入24.81亿港元。",
    "第一，美团-W获净买入24.81亿港元。",
    "**美团-W**获[净买入24.81亿港元](https://example.org/News/d)。",
    "> 美团-W获净买入24.81亿港元。",
]


def judged(source: str, report: str) -> list[Verdict]:
    document = Document("d", HEAD + source, published_at=DAY)
    return [verdict for verdict in check(report, [document], as_of=DAY).verdicts if verdict.blocks]


@pytest.mark.parametrize("trap", FROM_THE_ISSUE, ids=lambda trap: trap.name)
def test_a_true_retelling_is_borne_out(trap: Trap) -> None:
    assert judged(trap.source, trap.true) == []


@pytest.mark.parametrize("trap", FROM_THE_ISSUE, ids=lambda trap: trap.name)
def test_a_false_retelling_is_not(trap: Trap) -> None:
    assert judged(trap.source, trap.false)


@pytest.mark.parametrize("report", MUST_PASS)
def test_identifiers_marks_and_quotes_change_nothing(report: str) -> None:
    assert judged("美团-W获净买入24.81亿港元。", report) == []


def test_a_verdict_says_what_is_wrong_and_what_may_be_cited() -> None:
    (verdict,) = judged("南向资金今日净卖出52.87亿港元。", "南向资金净卖出52.78亿港元。")
    assert (verdict.status, verdict.reason, verdict.surface) == ("unsourced", "unsourced", "52.78亿港元")
    assert "资料中没有这个数字" in verdict.message
    assert [fact.surface for fact in verdict.nearest] == ["52.87亿港元"]


def test_a_derived_figure_carries_its_formula() -> None:
    source = "腾讯控股获净买入3.2亿港元。美团-W获净买入5.1亿港元。"
    document = Document("d", HEAD + source, published_at=DAY)
    result = check("腾讯控股与美团-W合计净买入8.3亿港元。", [document], as_of=DAY)
    (verdict,) = [v for v in result.verdicts if v.status == "derived"]
    assert verdict.fact is not None
    assert verdict.fact.formula is not None
    assert verdict.fact.formula.op == "sum"
    assert len(verdict.fact.formula.operands) == 2


def test_sources_that_disagree_are_shown() -> None:
    documents = [
        Document("a", HEAD + "南向资金今日净卖出52.87亿港元。", published_at=DAY),
        Document("b", HEAD + "南向资金今日净卖出52.78亿港元。", published_at=DAY),
    ]
    result = check("南向资金净卖出52.87亿港元。", documents, as_of=DAY)
    assert result.releasable
    assert [verdict.reason for verdict in result.verdicts] == ["disputed"]


def test_one_stock_is_no_share_of_a_net_total() -> None:
    source = "南向资金今日净卖出52.87亿港元，阿里巴巴-W遭净卖出33.68亿港元。"
    assert judged(source, "阿里巴巴-W净卖出额占南向资金净卖出总额的63.70%。")


# Any mutation of a digit, a unit or a sign changes the verdict.

AMOUNT = st.decimals(min_value=Decimal("1.01"), max_value=Decimal("999.99"), places=2)


@settings(max_examples=60, deadline=None)
@given(amount=AMOUNT, place=st.integers(0, 5), digit=st.integers(1, 9))
def test_any_changed_digit_is_seen(amount: Decimal, place: int, digit: int) -> None:
    text = f"{amount}"
    spots = [i for i, c in enumerate(text) if c.isdigit()]
    spot = spots[place % len(spots)]
    changed = text[:spot] + str((int(text[spot]) + digit) % 10) + text[spot + 1 :]
    source = f"南向资金今日净卖出{text}亿港元。"
    assert judged(source, f"南向资金净卖出{text}亿港元。") == []
    if changed != text and Decimal(changed) != amount:
        assert judged(source, f"南向资金净卖出{changed}亿港元。")


UNITS = ("亿港元", "万港元", "亿元", "亿美元", "万股", "%", "倍", "点", "个百分点")


@settings(max_examples=40, deadline=None)
@given(amount=AMOUNT, unit=st.sampled_from(UNITS), other=st.sampled_from(UNITS))
def test_any_changed_unit_is_seen(amount: Decimal, unit: str, other: str) -> None:
    blocked = judged(f"该项数据为{amount}{unit}。", f"该项数据为{amount}{other}。")
    assert bool(blocked) == (unit != other)


@settings(max_examples=30, deadline=None)
@given(amount=AMOUNT, up=st.booleans())
def test_any_changed_sign_is_seen(amount: Decimal, *, up: bool) -> None:
    said, other = ("净买入", "净卖出") if up else ("净卖出", "净买入")
    source = f"南向资金今日{said}{amount}亿港元。"
    assert judged(source, f"南向资金{said}{amount}亿港元。") == []
    assert judged(source, f"南向资金{other}{amount}亿港元。")


@settings(max_examples=80, deadline=None)
@given(report=st.text(max_size=120))
def test_any_text_is_judged_and_every_numeral_covered(report: str) -> None:
    document = Document("d", HEAD + "南向资金今日净卖出52.87亿港元。", published_at=DAY)
    result = check(report, [document], as_of=DAY)
    for place, char in enumerate(report):
        if char.isdecimal():
            assert any(v.start <= place < v.end for v in result.verdicts)
