"""The WeChat article: only what the account's editor keeps, and all that a reader needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from quantshark.press.markdown import Printed
from quantshark.press.wechat import JOINER, article
from tests.press.hostile import attack_lines, hostile_published
from tests.press.sample import FLOW, published, sample


def made() -> str:
    return article(published())


class Editor(HTMLParser):
    """A sanitiser like WeChat's: it complains of whatever would be dropped or changed."""

    KEPT = frozenset("section p h2 h3 ul ol li blockquote hr br strong em code sup span".split())

    def __init__(self) -> None:
        super().__init__()
        self.dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag not in self.KEPT:
            self.dropped.append(tag)
        for name, value in attrs:
            if name != "style" or re.search(r"position|url\(|expression|script|@", value or ""):
                self.dropped.append(f"{tag} {name}={value}")


def dropped(html: str) -> list[str]:
    editor = Editor()
    editor.feed(html)
    return editor.dropped


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_the_editor_keeps_all_of_it() -> None:
    assert dropped(made()) == []


def test_rows_become_cards_that_say_their_columns() -> None:
    html = made()
    assert "<table" not in html
    assert html.count("<section") == 3
    assert re.search(
        r"<strong[^>]*>资金面</strong></p><p [^>]*>状态</p><p [^>]*>🔴南向净卖出</p><p [^>]*>对你的直接影响</p>", html
    )


def test_links_become_notes_with_their_sources() -> None:
    told = words(made())
    assert f"净卖出52.87亿港元{JOINER}[1]" in told
    assert f"央行将开展6000亿元买断式逆回购{JOINER}[2]" in told
    assert f"[1] {FLOW.title} · 示例财经 · 2025-12-11 17:05 https://example.org/News/{FLOW.doc_id}" in told
    assert (
        "[3] 小米获南向资金连续增持 · 示例财经 · 2025-12-11 18:30 https://news.example.com/xiaomi?id=7&lang=zh" in told
    )


def test_label_warning_and_disclaimer_are_in_sight() -> None:
    told = words(made())
    assert told.index("演示数据") < told.index("本文由人工智能生成") < told.index("市场全景")
    assert "免责声明" in told
    assert "风险提示" in told
    assert "主题追踪：当日资料不足以成篇" in told


def test_every_word_of_the_sections_is_there() -> None:
    told = words(made())
    printed: Printed = sample().printed
    for figure in re.findall(r"\d[\d.]*(?:亿港元|亿元|%|日)", printed.text[printed.body_start : printed.body_end]):
        assert figure in told


@pytest.mark.slow
def test_hostile_lines_are_dropped(shared: Path) -> None:
    lines = attack_lines(shared)
    for n in range(0, len(lines), 200):
        html = article(hostile_published(lines[n : n + 200]))
        assert dropped(html) == []
