"""A section read as a form: what stays, what may be written anew, and what an answer may hold."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.errors import ReplyError
from quantshark.writers.form import Slot, accept, form_of, mend_seams, pattern, schema

PAGE = """| 维度 | 状态 | 影响 |
| :--- | :---: | :--- |
| **资金面** | 🔴南向净卖出 | 12月11日南向资金{f1}。港股流动性承压，先看流出是否收窄 |
| **政策面** | 🟢支持 | [央行将开展{f2:said}逆回购](d4) |

**🚀 最大的机会：**
小米集团-W 已{f3}，[车型今日上市](d5)。

**简单解释：**
南向资金是内地投资者经港股通买卖港股的资金。

1. 公司{f4:value}，进度继续。
- **观察建议：** 若回调5%以上再看资金{f1}。
"""


def test_cells_and_lines_that_cite_are_slots_and_the_rest_are_bones() -> None:
    assert [(slot.key, slot.about, slot.text) for slot in form_of(PAGE).slots] == [
        ("a1", "资金面", "{t1}南向资金{f1}。港股流动性承压，先看流出是否收窄"),
        ("a2", "", "小米集团-W 已{f3}，{s1}。"),
        ("a3", "", "公司{f4:value}，进度继续。"),
    ]


def test_a_name_with_digits_is_placed_not_typed() -> None:
    """标普500指数 kept its row, and the day's 最大的机会, from being written at all."""
    page = "隔夜美股，道指{f1}，标普500指数{f2}，外围给了好的开头。\n"
    (slot,) = form_of(page).slots
    assert slot.text == "隔夜美股，道指{f1}，{t1}{f2}，外围给了好的开头。"
    assert slot.tokens == (("t1", "标普500指数"),)
    assert "".join(form_of(page).fill({})) == page


def test_a_form_without_texts_is_the_page_itself() -> None:
    assert "".join(form_of(PAGE).fill({})) == PAGE


@given(st.text(alphabet="|-*# \n12月日a南向资金{f1}[x](d2)。：", max_size=120))
def test_any_page_comes_back_whole(page: str) -> None:
    assert "".join(form_of(page).fill({})) == page


def test_texts_take_the_place_of_slots_with_their_news_and_days() -> None:
    filled = "".join(form_of(PAGE).fill({"a1": "{t1}，南向资金{f1}，港股承压。", "a2": "资金青睐小米，{f3}，而{s1}。"}))
    assert "| 🔴南向净卖出 | 12月11日，南向资金{f1}，港股承压。 |" in filled
    assert "资金青睐小米，{f3}，而[车型今日上市](d5)。" in filled


SLOT = Slot("a1", "资金面", "{t1}南向资金{f1}，其中{f2:value}。", (("t1", "12月11日"),))


@pytest.mark.parametrize("text", ["{t1}南向资金{f1}，沪市一侧{f2}。", "就在{t1}，南向资金{f1}，占比{f2}，仍需观察。"])
def test_a_grammar_takes_text_around_the_references_in_order(text: str) -> None:
    assert re.fullmatch(pattern(SLOT), text)
    assert accept({"a1": text}, [SLOT]) == {"a1": text}


@pytest.mark.parametrize(
    "text",
    [
        "{t1}南向资金{f1}，其中52.87亿{f2}。",
        "{t1}南向资金{f2}，其中{f1}。",
        "南向资金{f1}{f2}。",
        "{t1}资金{f1}[看](x){f2}。",
        "{t1}{f9}{f2}。",
    ],
)
def test_a_grammar_takes_no_digit_no_other_order_no_markup_no_other_fact(text: str) -> None:
    assert not re.fullmatch(pattern(SLOT), text)


REFUSED = {
    "a link": ("{t1}南向资金{f1}，见[这里](https://x.cn)，{f2}。", "holds"),
    "a bare address": ("{t1}南向资金{f1}，见 www.x.cn，{f2}。", "holds"),
    "HTML": ("{t1}南向资金{f1}<b>，{f2}。", "holds"),
    "a table": ("{t1}南向资金{f1} | {f2}。", "holds"),
    "an invented reference": ("{t1}南向资金{f1}，{f2}，{f999}。", "do not belong"),
    "brackets of another language": ("{t1}南向资金【f1】，{f2}。", "look like"),
    "full-width braces": ("{t1}南向资金｛f1｝，{f2}。", "look like"),
    "a left-out reference": ("{t1}南向资金{f1}。", "leaves out"),
    "a stray brace": ("{t1}南向资金{f1}，{f2}}。", "brace"),
    "nothing": ("", "no Chinese"),
    "English": ("{t1} the flow was {f1}, of which {f2}.", "no Chinese"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_what_an_answer_may_not_hold_is_named(text: str, told: str) -> None:
    with pytest.raises(ReplyError, match=told):
        accept({"a1": text}, [SLOT])


def test_keys_must_be_those_of_the_slots() -> None:
    with pytest.raises(ReplyError, match="unknown keys"):
        accept({"a1": "x", "publish": "true"}, [SLOT])
    with pytest.raises(ReplyError, match="missing"):
        accept({}, [SLOT])


@pytest.mark.parametrize("value", [5, 5.5, True, None, [], {}, ["{t1}{f1}{f2}资金"]])
def test_a_text_is_a_text(value: object) -> None:
    with pytest.raises(ReplyError, match="no Chinese sentence"):
        accept({"a1": value}, [SLOT])


def test_a_schema_names_each_slot_and_nothing_else() -> None:
    told = schema([SLOT])
    assert (list(told["properties"]), told["required"], told["additionalProperties"]) == (["a1"], ["a1"], False)
    assert told["properties"]["a1"]["pattern"].isascii()


class Phrases:
    """What three references print."""

    said_of: ClassVar[dict[str, str]] = {"f1": "净卖出52.87亿港元", "f3": "连续11天净买入", "f5": "报25530.51点"}

    def said(self, ref: str) -> str:
        return self.said_of[ref.strip("{}").partition(":")[0]]

    def opposites(self, ref: str) -> tuple[str, ...]:
        return ("净买入", "净流入") if "f1" in ref else ()


SEAMS = {
    "a verb twice": ("南向资金净卖出{f1}。", "南向资金{f1}。"),
    "a verb of the wrong direction": ("南向资金净买入{f1}。", "南向资金{f1}。"),
    "a verb before and after": ("小米连续{f3}净买入，后市可看。", "小米{f3}，后市可看。"),
    "a unit twice": ("南向资金{f1}亿港元。", "南向资金{f1}。"),
    "one character of a longer word stays": ("南向资金{f1}元气大伤。", "南向资金{f1}元气大伤。"),
    "a verb of one character": ("恒指收报{f5}。", "恒指收{f5}。"),
    "nothing to mend": ("南向资金{f1}，小米{f3}。", "南向资金{f1}，小米{f3}。"),
}


@pytest.mark.parametrize(("text", "mended"), SEAMS.values(), ids=SEAMS.keys())
def test_words_that_a_reference_prints_again_go(text: str, mended: str) -> None:
    assert mend_seams(text, Phrases()) == mended
