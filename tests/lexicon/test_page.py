"""A report as its reader sees it: nothing moves, marks vanish, tables stand apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.lexicon.page import HIDDEN, open_page


def seen(text: str) -> str:
    return open_page(text).visible.replace(HIDDEN, "")


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("**小米**净买入[5亿港元](https://example.org/News/1)", "小米净买入5亿港元"),
        ("![图：成交3亿](a/1.png)", "图：成交3亿"),
        ("见 https://example.org/2025/12 。", "见  。"),
        ("*ST金科涨5%", "*ST金科涨5%"),
        ("---\ntitle: 收盘 3%\ntags: [9]\n---\n正文", "收盘 3%\n\n\n正文"),
        ("<b>5</b>%", "5%"),
    ],
)
def test_marks_are_hidden(text: str, visible: str) -> None:
    assert seen(text).strip("\n") == visible.strip("\n")


def test_links_keep_their_span_and_target() -> None:
    text = "南向[净卖出52.87亿](https://example.org/News/abc)"
    (link,) = open_page(text).links
    assert text[link.start : link.end] == "净卖出52.87亿"
    assert link.target.endswith("/abc")


def test_a_table_stands_apart_with_its_cells_in_place() -> None:
    text = "前文\n\n| 标的 | 净买入（亿港元） |\n| --- | ---: |\n| 美团-W | 24.81 |\n\n后文"
    page = open_page(text)
    (grid,) = page.grids
    cell = grid.rows[0][1]
    assert text[cell.start : cell.start + len(cell.text)] == cell.text == " 24.81 "
    assert "24.81" not in page.prose
    assert "后文" in page.prose


@given(st.text())
def test_every_code_point_keeps_its_place(text: str) -> None:
    page = open_page(text)
    assert len(page.visible) == len(page.prose) == len(text)
