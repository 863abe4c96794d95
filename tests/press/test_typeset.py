"""Markdown to HTML: what is bold, what is a link, where a figure stands, and what is never let through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantshark.errors import ReleaseError
from quantshark.press.typeset import Inset, dressed, set_body, set_line


def inset(text: str, surface: str, *, number: int = 1, status: str = "supported", card: str = "e1") -> Inset:
    start = text.index(surface)
    return Inset(start, start + len(surface), number, status, card)


def body(text: str, *surfaces: str) -> str:
    return set_body(
        text, [inset(text, surface, number=n, card=f"e{n}") for n, surface in enumerate(surfaces, 1)]
    ).strip()


BOLD = [
    # What CommonMark's own rule leaves as asterisks in Chinese (BUGS_CAUGHT in real reports).
    ("**“重估”**逻辑", "<p><strong>“重估”</strong>逻辑</p>"),
    ("**52.87亿港元。**此外", "<p><strong>52.87亿港元。</strong>此外</p>"),
    ("**财联社讯（编辑）**今日", "<p><strong>财联社讯（编辑）</strong>今日</p>"),
    ("关于**“资金”**的**（注）**说明", "<p>关于<strong>“资金”</strong>的<strong>（注）</strong>说明</p>"),
    ("**建议：**若持仓", "<p><strong>建议：</strong>若持仓</p>"),
    ("a * b * c", "<p>a * b * c</p>"),
    ("*ST康美", "<p>*ST康美</p>"),
    ("2*3*4", "<p>2<em>3</em>4</p>"),
    ("snake_case_name", "<p>snake_case_name</p>"),
]


@pytest.mark.parametrize(("text", "html"), BOLD)
def test_bold_in_chinese(text: str, html: str) -> None:
    assert body(text) == html


FIGURES = [
    (
        "净卖出52.87亿港元。",
        ("52.87亿港元",),
        '<p>净卖出<a class="fig supported" href="#e1" id="n1" data-n="1">52.87亿港元</a>。</p>',
    ),
    (
        "**52.87亿港元。**此外",
        ("52.87亿港元",),
        '<p><strong><a class="fig supported" href="#e1" id="n1" data-n="1">52.87亿港元</a>。</strong>此外</p>',
    ),
    (
        "[净卖出52亿](https://a.example/x)",
        ("52亿",),
        '<p><a href="#e1" class="cite">净卖出<span class="fig supported" id="n1" data-n="1">52亿</span></a></p>',
    ),
    (
        "[连续11日，累计107亿](https://a.example/x)",
        ("11日", "107亿"),
        '<p><span class="cite">连续<a class="fig supported" href="#e1" id="n1" data-n="1">11日</a>，累计<a class="fig supported" href="#e2" id="n2" data-n="2">107亿</a></span></p>',
    ),
    (
        "**52**.87亿",
        ("52**.87亿",),
        '<p><strong><a class="fig supported" href="#e1" id="n1" data-n="1">52</a></strong><a class="fig supported" href="#e1" data-n="1">.87亿</a></p>',
    ),
    (
        "`52亿`",
        ("52亿",),
        '<p><code></code><a class="fig supported" href="#e1" id="n1" data-n="1"><code>52亿</code></a></p>',
    ),
]


@pytest.mark.parametrize(("text", "surfaces", "html"), FIGURES)
def test_figures_stand_in_elements_of_their_own(text: str, surfaces: tuple[str, ...], html: str) -> None:
    assert body(text, *surfaces) == html.replace("<code></code>", "")


def test_a_link_without_figures_goes_out() -> None:
    assert body("[公告](https://a.example/x)") == (
        '<p><a href="https://a.example/x" class="out" rel="noopener noreferrer nofollow">公告</a></p>'
    )


def test_cells_know_their_column() -> None:
    html = body("| 标的 | **动态** |\n| :-- | --: |\n| 小米 | 涨4% |", "4%")
    assert '<td class="left name" data-label="标的">小米</td>' in html
    assert '<td class="right" data-label="动态">涨<a class="fig supported"' in html
    assert "style=" not in html


HIDDEN = [
    ("[公告](https://a.example/52亿)", "52亿"),
    ("| a |\n| - |\n| b | 52亿 |", "52亿"),
]


@pytest.mark.parametrize(("text", "surface"), HIDDEN)
def test_a_figure_that_nobody_would_see_is_a_fault(text: str, surface: str) -> None:
    with pytest.raises(ReleaseError, match="not visible"):
        body(text, surface)


def test_a_list_marker_keeps_its_list() -> None:
    text = "1. 甲\n2. 乙"
    assert "<ol>" in set_body(
        text, [inset(text, "1.", status="exempt", card=""), inset(text, "2.", status="exempt", card="")]
    )


def test_a_title_is_text() -> None:
    title = "净卖出52亿 <b>&amp; **粗**"
    assert set_line(title, [inset(title, "52亿")]) == (
        '净卖出<a class="fig supported" href="#e1" id="n1" data-n="1">52亿</a> &lt;b&gt;&amp;amp; **粗**'
    )


NOTHING = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,1)",
    "[x](vbscript:1)",
    "![x](https://a.example/x.png)",
    "<https://a.example>",
    "[x]: https://a.example\n\n[x]",
    "    indented\n\n```\nfence\n```",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_foreign_gets_through(text: str) -> None:
    html = body(text)
    assert not re.search(r"<(?!/?(?:p|a|h[3-6]|br|code)\b)", html)
    assert not re.search(r"javascript:[^<]*\"|data:text|src=", re.sub(r">[^<]*<", "><", html))


SHARDS = st.sampled_from(
    [*"甲乙。，“” \n|*_[]()`#>-!&;<1.", "**", "52.87亿港元", "](https://a.example/)", "\n\n", "| ", "---"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SHARDS, max_size=30))
def test_the_page_says_what_the_markdown_says(shards: list[str]) -> None:
    """With figures set apart or not, a reader sees the same words in the same blocks."""
    text = "".join(shards)
    insets = [Inset(m.start(), m.end(), n, "exempt") for n, m in enumerate(re.finditer("52.87亿港元", text), 1)]
    with_figures, without = set_body(text, insets), set_body(text, [])
    set_apart = r'<span class="fig exempt"[^>]*>((?:<code>)?[^<]*(?:</code>)?)</span>'
    assert re.sub(set_apart, r"\1", with_figures).replace("</code><code>", "") == without


DRESSED = {
    "小米集团-W获净买入": '小米集<span class="joined">团-W</span>获净买入',
    '<a title="百度集团-SW">百度集团-SW</a>': '<a title="百度集团-SW">百度集<span class="joined">团-SW</span></a>',
    "<td>🔴南向净卖出</td>": '<td><span class="dot bad">🔴</span>南向净卖出</td>',
    "<p>T-Bill与A-share</p>": "<p>T-Bill与A-share</p>",
}


@pytest.mark.parametrize(("html", "worn"), DRESSED.items())
def test_share_classes_stay_with_their_names_and_dots_have_their_colour(html: str, worn: str) -> None:
    """Text alone is dressed, no attribute, and none of it changes."""
    assert dressed(html) == worn
