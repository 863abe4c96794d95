"""Edits move marks with their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.model import Mark
from quantshark.press.sheet import Edit, Sheet, edited

CASES = [
    # text, mark, edits, text after, marked after
    ("净卖出52亿", (3, 6), [Edit(0, 1, "淨")], "淨卖出52亿", "52亿"),
    ("a<b> 52亿", (5, 8), [Edit(1, 2, "&lt;")], "a&lt;b> 52亿", "52亿"),
    ("净卖出52亿", (0, 6), [Edit(0, 3, "遭减持")], "遭减持52亿", "遭减持52亿"),
    ("甲52亿乙", (1, 4), [Edit(0, 1, ""), Edit(4, 5, "丙丁")], "52亿丙丁", "52亿"),
    ("甲52亿乙", (1, 4), [Edit(2, 3, "222")], "甲5222亿乙", "5222亿"),
    ("甲52亿乙", (1, 4), [Edit(0, 5, "全改")], "全改", "全改"),
]


@pytest.mark.parametrize(("text", "span", "edits", "after", "marked"), CASES)
def test_edited(text: str, span: tuple[int, int], edits: list[Edit], after: str, marked: str) -> None:
    out, (mark,) = edited(text, (Mark(*span, "f1"),), edits)
    assert out == after
    assert out[mark.start : mark.end] == marked


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        edited("abcdef", (), [Edit(0, 3, "x"), Edit(2, 4, "y")])


def test_a_sheet_puts_marks_where_their_words_come_to_stand() -> None:
    sheet = Sheet()
    sheet.add("甲乙")
    assert sheet.add("52亿", (Mark(0, 3, "f1"),)) == 2
    assert [sheet.text[mark.start : mark.end] for mark in sheet.marks] == ["52亿"]


@given(st.text(alphabet="ab<\x00", max_size=40), st.data())
def test_a_mark_that_no_edit_touches_keeps_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    edits = [
        Edit(n, n + 1, "&lt;" if char == "<" else "")
        for n, char in enumerate(text)
        if char in "<\x00" and not start <= n < end
    ]
    out, (mark,) = edited(text, (Mark(start, end, "f"),), edits)
    assert out[mark.start : mark.end] == text[start:end]
