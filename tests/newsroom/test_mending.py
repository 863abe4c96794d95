from __future__ import annotations

import pytest

from quantshark.errors import EditError
from quantshark.model import Mark, Section
from quantshark.newsroom import mending
from quantshark.newsroom.places import sentences
from tests.writing import context, market

CONTEXT = context(market())


def ref(measure: str) -> str:
    return next(
        item.ref for item in CONTEXT.items if item.fact.measure == measure and item.fact.entity == "FLOW.SOUTHBOUND"
    )


def test_a_reference_is_printed_by_code_with_its_verb_and_link() -> None:
    flow = ref("net_flow")
    text, marks = mending.with_references(f"南向资金{{{flow}}}，共{{{flow}:value}}。", CONTEXT, "hans")
    assert "[净卖出52.87亿港元](https://" in text
    assert [text[mark.start : mark.end] for mark in marks] == ["净卖出52.87亿港元", "52.87亿港元"]


def test_a_reference_inside_of_a_link_gets_no_second_one() -> None:
    text, marks = mending.with_references(f"[南向{{{ref('net_flow')}}}](https://a.example/b)", CONTEXT, "hans")
    assert text == "[南向净卖出52.87亿港元](https://a.example/b)"
    assert text[marks[0].start : marks[0].end] == "净卖出52.87亿港元"


@pytest.mark.parametrize("text", ["南向{f999}。", "南向{f 3}。", "南向{f3:colour}。"])
def test_a_reference_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(EditError) as caught:
        mending.with_references(text, CONTEXT, "hans")
    assert any("\u4e00" <= char <= "\u9fff" for char in caught.value.notice)


OLD = Section("a", "标题", "南向净卖出52.87亿港元，沪市净卖出46.25亿港元。", (Mark(2, 13, "s"), Mark(16, 27, "sh")))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("昨日南向净卖出52.87亿港元，沪市净卖出46.25亿港元。", ["净卖出52.87亿港元", "净卖出46.25亿港元"]),
        ("南向净卖出52.78亿港元，沪市净卖出46.25亿港元。", ["净卖出46.25亿港元"]),
        ("南向净卖出152.87亿港元，沪市净卖出46.25亿港元。", ["净卖出46.25亿港元"]),
        ("沪市净卖出46.25亿港元。", ["净卖出46.25亿港元"]),
        ("没有数字。", []),
    ],
)
def test_marks_follow_the_words_that_stayed(text: str, left: list[str]) -> None:
    assert [text[mark.start : mark.end] for mark in mending.carried(OLD, text)] == left


@pytest.mark.parametrize(
    ("text", "sentence", "left"),
    [
        ("甲。乙。丙。", "乙。", "甲。丙。"),
        ("- 甲。\n- 乙。\n- 丙。\n", "乙。", "- 甲。\n- 丙。\n"),
        ("| a | 甲。乙 |\n", "乙", "| a | 甲。 |\n"),
        ("[甲](https://x.example/?a=1;b)乙。丙。", "[甲](https://x.example/?a=1;b)乙。", "丙。"),
    ],
)
def test_a_sentence_is_taken_out_with_the_bullet_that_it_leaves(text: str, sentence: str, left: str) -> None:
    assert mending.without_sentence(Section("a", "", text), sentence).replace("  ", " ") == left


def test_a_sentence_that_is_not_there_is_refused() -> None:
    with pytest.raises(EditError):
        mending.without_sentence(OLD, "别的话。")


def test_sentences_have_their_spans() -> None:
    text = "甲。 乙！\n| 丙 | 丁 |"
    assert [(found.text, text[found.start : found.end]) for found in sentences(text)] == [
        (word, word) for word in ("甲。", "乙！", "丙", "丁")
    ]
