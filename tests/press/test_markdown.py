"""The Markdown of a draft: front matter for Hugo, label, sections, declarations; marks on their words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quantshark import editions
from quantshark.model import Mark
from quantshark.press.imprint import DISCLAIMER, Imprint
from quantshark.press.markdown import harmless, headline, one_line, plain, quoted, render, sections_of
from tests.press.sample import IMPRINT, SITE, draft, sample, section


def front_matter(text: str) -> dict[str, object]:
    return yaml.safe_load(text.split("\n---\n", 1)[0].removeprefix("---\n"))


def test_a_text_without_headings_has_no_sections() -> None:
    assert sections_of("只有一句话。") == ()


def test_front_matter_is_what_hugo_reads() -> None:
    front = front_matter(sample().printed.text)
    assert front["title"] == "12月12日盘前雷达：南向净卖出52.87亿港元，小米连续11日获净买入"
    assert front["date"] == "2025-12-12T08:30:00+08:00"
    assert front["categories"] == ["盘前"]
    assert front["tags"] == ["港股", "南向资金"]
    assert (front["edition"], front["day"], front["revision"]) == ("radar", "2025-12-12", 1)
    assert front["release"] == "radar-2025-12-12-hans-r1"
    assert front["disclaimer"] == DISCLAIMER
    assert front["demo"] is True


def test_label_of_generated_content_is_in_the_metadata_and_in_sight() -> None:
    text = sample().printed.text
    front = front_matter(text)
    assert front["ai_generated"] is True
    assert front["AIGC"] == {
        "Label": "1",
        "ContentProducer": "量子鲨鱼",
        "ProduceID": "radar-2025-12-12-hans-r1",
        "ReservedCode1": "",
        "ContentPropagator": "量子鲨鱼",
        "PropagateID": "radar-2025-12-12-hans-r1",
        "ReservedCode2": "",
    }
    body = text.split("\n---\n", 1)[1]
    assert body.count("本文由人工智能生成") == 2
    assert "**免责声明**：" in body
    assert "**风险提示**：" in body


def test_an_imprint_without_the_words_of_the_law_is_refused() -> None:
    with pytest.raises(ValueError, match="AI label"):
        Imprint(label="量子鲨鱼出品")


def test_an_edition_file_gives_its_imprint() -> None:
    edition = editions.load("radar")
    imprint = Imprint.of(edition)
    assert (imprint.name, imprint.slot, imprint.label) == (edition.name, edition.slot.time, edition.ai_label)
    assert (imprint.disclaimer, imprint.risk) == (edition.disclaimer, edition.risk)
    assert imprint.title_of("overview").endswith("市场全景")


def test_marks_stand_on_their_words() -> None:
    printed = sample().printed
    assert [(mark.fact_id, printed.text[mark.start : mark.end]) for mark in printed.marks] == [
        ("f1", "净卖出52.87亿港元"),
        ("f6", "6000亿元"),
        ("f3", "连续11日"),
        ("f4", "净买入107.70亿港元"),
        ("f5", "上涨4.53%"),
        ("f2", "净卖出33.68亿港元"),
        ("f7", "63.70%"),
        ("f1", "52.87亿港元"),
    ]


def test_spans_of_title_and_lead_are_theirs() -> None:
    printed = sample().printed
    assert printed.text[printed.title_start :].startswith(printed.title + '"\n')
    assert printed.text[printed.lead_start :].startswith(printed.summary + "\n")
    assert printed.text[printed.body_start :].startswith("## 🌤️ 市场全景\n")
    assert printed.text[: printed.body_end].endswith("背后的结构。")


def test_demo_is_said_in_front_of_everything() -> None:
    text = sample(demo=True).printed.text
    assert text.index("**演示数据**") < text.index("**本文由人工智能生成**") < text.index("## ")
    assert "演示数据" not in sample(demo=False).printed.text


def test_a_correction_says_so_first() -> None:
    printed = render(draft(), IMPRINT, SITE, revision=2, notice="南向净卖出额由52.78亿港元更正为52.87亿港元")
    assert printed.release_id == "radar-2025-12-12-hans-r2"
    body = printed.text.split("\n---\n\n", 1)[1]
    assert body.startswith("> **更正**：南向净卖出额由52.78亿港元更正为52.87亿港元\n>\n> **演示数据**")


def test_what_is_left_out_is_said() -> None:
    assert "**本期从缺**：主题追踪：当日资料不足以成篇。" in sample().printed.text


def test_links_are_absolute() -> None:
    targets = re.findall(r"\]\(([^)]*)\)", sample().printed.text)
    assert targets == [
        "https://example.org/News/" + "a" * 32,
        "https://example.org/News/" + "c" * 32,
        "https://news.example.com/xiaomi?id=7&lang=zh",
    ]


def test_plain_markdown_has_a_heading_and_the_label_but_no_front_matter() -> None:
    told = plain(sample().printed)
    assert told.startswith(f"# {draft().title}\n\n> **演示数据**")
    assert "ai_generated:" not in told
    assert told.count("本文由人工智能生成") == 2
    assert told.endswith(sample().printed.text[-200:])


def test_sections_come_back_as_they_went_in() -> None:
    printed = sample().printed
    parts = sections_of(printed.text)
    assert [part.title for part in parts] == ["🌤️ 市场全景", "🎯 个股机会与风险雷达", "📚 每日投资一课"]
    for part in parts:
        assert printed.text[part.start : part.end] == part.text
        assert printed.text[part.title_start :].startswith(part.title + "\n")
    assert parts[1].text.startswith("**小米集团-W**：[连续11日获净买入")
    assert parts[2].text.endswith("背后的结构。")


def test_the_same_draft_prints_the_same_text() -> None:
    assert sample().printed == sample().printed


def test_a_draft_without_summary_or_slot_is_still_whole() -> None:
    bare = replace(draft(demo=False), summary="", omitted={}, day=date(2026, 1, 15))
    text = render(bare, Imprint(), SITE).text
    assert front_matter(text)["date"] == "2026-01-15"
    assert front_matter(text)["tags"] == []
    assert "本期从缺" not in text


HARMLESS = [
    ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
    ("跌幅<5%，a<b", "跌幅<5%，a&lt;b"),
    ("[a](javascript:alert(1))", "[a]（javascript:alert(1))"),
    ("[a](//evil.example/x)", "[a]（//evil.example/x)"),
    ("[a](/News/7)", "[a](https://example.org/News/7)"),
    ("[a](https://ok.example/x_(y))", "[a]（https://ok.example/x_(y))"),
    ('[a](https://ok.example "t")', '[a]（https://ok.example "t")'),
    ("[a]: javascript:alert(1)", "[a]： javascript:alert(1)"),
    ("![a](https://ok.example/x.png)", "！[a](https://ok.example/x.png)"),
    ("# 大标题\n## 次标题\n### 小标题", "### 大标题\n### 次标题\n### 小标题"),
    ("买\u202e%35.4\u202c入\u200b了\x00", "买%35.4入了"),
    ("行一\r\n行二", "行一  \n行二"),
    ("**小结：**\n**甲**\n乙\n\n- 丙\n- 丁\n1. 戊", "**小结：**  \n**甲**  \n乙\n\n- 丙\n- 丁\n1. 戊"),
    ("<\x00script>[a]\x00(javascript:1)", "&lt;script>[a]（javascript:1)"),
]


@pytest.mark.parametrize(("given_text", "printed"), HARMLESS)
def test_sections_are_printed_harmless(given_text: str, printed: str) -> None:
    assert harmless(given_text, (), SITE)[0] == printed


def test_harmless_moves_marks_with_their_words() -> None:
    text = "<b>看</b> [x](/News/1)\x00 52.87亿港元"
    start = text.index("52.87")
    out, marks = harmless(text, (Mark(start, len(text), "f1"),), SITE)
    assert [out[mark.start : mark.end] for mark in marks] == ["52.87亿港元"]


@given(st.text())
def test_any_title_is_one_yaml_line_that_reads_back(title: str) -> None:
    line = quoted(headline(title))
    assert "\n" not in line
    assert yaml.safe_load(line) == headline(title)
    assert len(line) == len(headline(title)) + 2, "no escape may shift the title's figures"


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(one_line(text)) == one_line(text)


def test_a_section_title_cannot_open_a_second_section() -> None:
    tricky = replace(draft(), sections=(section("a", "标题\n\n## 假标题", "正文"),))
    assert [part.title for part in sections_of(render(tricky, IMPRINT, SITE).text)] == ["标题 ## 假标题"]
