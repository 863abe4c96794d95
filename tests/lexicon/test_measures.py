"""What is measured is chosen by the unit beside the word."""

from __future__ import annotations

import pytest

from quantshark.lexicon import measures
from quantshark.lexicon.figures import find_figures

BY_UNIT = [
    ("回购", "104.4万股", "buyback_shares"),
    ("回购", "3.2亿港元", "buyback_amount"),
    ("回购", "8次", "buyback_count"),
    ("营业收入", "133亿元", "revenue"),
    ("营业收入", "38.85%", "revenue"),
    ("涨", "1.21%", "change"),
    ("涨", "136点", "change_points"),
    ("收报", "25530点", "close"),
    ("股价", "4.53%", "change"),
    ("归属于上市公司股东的净利润", "16.81亿元", "profit"),
    ("市盈率", "39.7倍", "pe"),
]


@pytest.mark.parametrize(("word", "figure", "slug"), BY_UNIT)
def test_the_unit_chooses(word: str, figure: str, slug: str) -> None:
    (read,) = [f for f in find_figures(f"为{figure}") if f.value is not None]
    assert measures.choose(measures.words()[word], read) == slug


def test_northbound_net_flow_is_retired_and_southbound_is_not() -> None:
    assert measures.retired("net_flow", "FLOW.NORTHBOUND") is not None
    assert measures.retired("net_flow", "FLOW.SOUTHBOUND") is None


def test_a_close_may_be_told_as_a_price_but_not_as_a_high() -> None:
    assert measures.same("close", "price")
    assert not measures.same("close", "high")
    assert not measures.same("profit", "adj_profit")
