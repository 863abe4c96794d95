"""Traditional script: words change, figures, links and marks stay."""

from __future__ import annotations

import pytest

from quantshark.data import load_entities
from quantshark.lexicon.figures import find_figures
from quantshark.model import Mark
from quantshark.press.markdown import render
from quantshark.press.script import Traditional, house_names, say
from tests.press.sample import IMPRINT, SITE, draft

TERMS = [
    ("南向资金净买入", "南向資金淨買入"),
    ("遭净卖出，占比六成", "遭淨賣出，佔比六成"),
    ("回购与沽空", "回購與沽空"),
    ("恒生科技指数", "恒生科技指數"),
    ("港股通", "港股通"),
    ("为什么涨跌幅扩大", "為什麼漲跌幅擴大"),
    ("信息、软件、网络", "信息、軟件、網絡"),
    ("复盘后市，风险松动", "復盤後市，風險鬆動"),
    ("面向台湾", "面向台灣"),
    ("12只股票与两只个股，只有一只下跌", "12隻股票與兩隻個股，只有一隻下跌"),
    ("[净买入](https://example.org/News/卖)", "[淨買入](https://example.org/News/卖)"),
]


@pytest.mark.parametrize(("plain", "traditional"), TERMS)
def test_terms_as_hong_kong_prints_them(plain: str, traditional: str) -> None:
    assert Traditional().text(plain) == traditional


def test_names_take_the_house_form() -> None:
    turn = Traditional({"阿里巴巴-W": "阿里巴巴－Ｗ", "小米集团-W": "小米集團－Ｗ"})
    text, (mark,) = turn.marked("阿里巴巴-W净卖出33.68亿港元", (Mark(6, 17, "f2"),))
    assert text == "阿里巴巴－Ｗ淨賣出33.68億港元"
    assert text[mark.start : mark.end] == "淨賣出33.68億港元"


def test_every_registry_name_comes_out_in_its_own_form() -> None:
    names = house_names(load_entities())
    turn = Traditional(names)
    assert len(names) > 100
    assert {plain: turn.text(plain) for plain in names} == names


def test_the_traditional_report_says_the_same_figures() -> None:
    turn = Traditional(house_names(load_entities()))
    plain = render(draft(), IMPRINT, SITE)
    traditional = render(turn.draft(draft()), IMPRINT, SITE)
    assert traditional.release_id == "radar-2025-12-12-hant-r1"
    assert [(figure.value, figure.unit) for figure in find_figures(traditional.text)] == [
        (figure.value, figure.unit) for figure in find_figures(plain.text)
    ]
    assert [(mark.fact_id, traditional.text[mark.start : mark.end]) for mark in traditional.marks] == [
        (mark.fact_id, turn.text(plain.text[mark.start : mark.end])) for mark in plain.marks
    ]
    assert traditional == render(turn.draft(draft()), turn.imprint(IMPRINT), SITE), "turning twice is turning once"
    assert "免責聲明" in traditional.text
    assert "演示數據" in traditional.text


def test_fixed_words() -> None:
    assert say("数字与出处", "hans") == "数字与出处"
    assert say("数字与出处", "hant") == "數字與出處"
