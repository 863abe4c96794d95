from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from quantshark.model import SHANGHAI, Document
from tests.sources.files import read_one, refusal

NEWS_ID = "0f3c" * 8


def test_reads_what_a_news_file_says_of_itself(tmp_path: Path) -> None:
    text = (
        f'---\ntitle: "南向资金净卖出"\ndate: "2025-12-11 16:45:00"\nid: {NEWS_ID}\nsource: 某通讯社\n'
        "url: https://example.org/a\ndemo: true\nsummary: 不读\ntags: [a, b]\n---\n\n南向资金净卖出52.87亿港元。\n"
    )
    assert read_one(tmp_path, "a.md", text) == Document(
        doc_id=NEWS_ID,
        text="南向资金净卖出52.87亿港元。",
        title="南向资金净卖出",
        published_at=datetime(2025, 12, 11, 16, 45, tzinfo=SHANGHAI),
        kind="news",
        url="https://example.org/a",
        publisher="某通讯社",
        demo=True,
    )


def test_the_id_may_stand_in_the_name(tmp_path: Path) -> None:
    assert read_one(tmp_path, f"1645_{NEWS_ID.upper()}.md", "---\ntitle: a\n---\n涨1%。").doc_id == NEWS_ID


def test_without_an_id_the_content_is_the_id(tmp_path: Path) -> None:
    first = read_one(tmp_path, "a.md", "---\ndate: 2025-12-11\n---\n涨1%。")
    again = read_one(tmp_path, "b.md", "---\ndate: 2025-12-11\n---\n涨1%。")
    next_day = read_one(tmp_path, "c.md", "---\ndate: 2025-12-12\n---\n涨1%。")
    assert first.doc_id == again.doc_id
    assert first.doc_id != next_day.doc_id
    assert len(first.doc_id) == 32


def test_a_headline_alone_is_the_text(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.md", "---\ntitle: 恒指收涨1%\n---\n").text == "恒指收涨1%"


REFUSED = [
    ("---\ntitle: ''\n---\n", "empty"),
    ("", "empty"),
    ("---\nid: ../../etc/passwd\n---\n涨", "doc_id"),
    ("---\nid: 'a b'\n---\n涨", "doc_id"),
    ("---\ndemo: yes\n---\n涨", "demo"),
    ("---\nkind: rumour\n---\n涨", "kind"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refuses(tmp_path: Path, text: str, code: str) -> None:
    assert refusal(tmp_path, "a.md", text).code == code


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "https://a b", 'https://a"onclick='])  # fmt: skip
def test_only_web_addresses_become_links(tmp_path: Path, url: str) -> None:
    assert read_one(tmp_path, "a.md", f"---\nurl: '{url}'\n---\n涨").url == ""


def test_a_scraped_page_keeps_its_origin_in_the_last_line(tmp_path: Path) -> None:
    text = "---\ntitle: a\n---\n恒指收涨1%。\n\n![图片](https://img.example/1.png)\n\n[站](https://news.example/1)\n"
    document = read_one(tmp_path, "a.md", text)
    assert (document.text, document.url) == ("恒指收涨1%。", "https://news.example/1")


def test_our_own_report_is_no_news(tmp_path: Path) -> None:
    link = f"[南向净卖出52.87亿港元](https://site.example/News/{NEWS_ID})"
    assert read_one(tmp_path, "a.md", f"---\ntitle: 雷达\n---\n{link}\n").kind == "report"
    ours = read_one(
        tmp_path, "b.md", "---\ntitle: 雷达\nedition: radar\nrelease: radar-2025-12-12-hans-r1\n---\n没有数字。\n"
    )
    assert (ours.kind, ours.doc_id) == ("report", "radar-2025-12-12-hans-r1")
    assert read_one(tmp_path, "c.txt", f"12月12日雷达--本报告由某鲨鱼生成\n\n{link}\n").title == "12月12日雷达"
