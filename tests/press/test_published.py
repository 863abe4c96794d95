"""A release read back from its files: pictures, notes and declarations, without the draft that it was made from."""

from __future__ import annotations

import re

from quantshark.model import Verdict
from quantshark.press.exhibits import exhibits
from quantshark.press.html import page
from quantshark.press.ledger import read
from quantshark.press.markdown import render, sections_of
from quantshark.press.page_reader import read_page
from quantshark.press.release import bundle
from quantshark.press.script import Traditional
from quantshark.press.verify import verify
from tests.press.sample import ARCHIVE, DOCUMENTS, IMPRINT, ORIGIN, SITE, draft, pictured, plot, published, verdicts


def test_a_picture_stands_in_the_text_in_words_and_is_checked_like_any_other() -> None:
    made = pictured()
    text = made.printed.text
    (placed,) = made.printed.plots
    assert text[placed.start : placed.end].startswith("12月11日，南向资金对小米集团-W净买入107.70亿港元")
    assert "\n## 图表数据\n\n**个股净流向**：" in text
    assert placed.section == 2
    ledger = published(made).ledger
    inside = [f for f in ledger.figures if placed.start <= f.start and f.end <= placed.end]
    assert [(f.surface, f.status, f.marked, f.shown) for f in inside] == [
        ("12月11日", "exempt", False, True),
        ("107.70亿港元", "supported", True, True),
        ("33.68亿港元", "supported", True, True),
    ]
    assert verify(text, ledger, DOCUMENTS) == ()


def test_a_changed_digit_of_a_picture_is_found() -> None:
    made = pictured()
    held = bundle(made.printed, made.verdicts, ARCHIVE, ORIGIN, SITE)
    ledger = read(held.release.ledger)
    at = made.printed.plots[0].start
    text = made.printed.text
    changed = text[:at] + text[at:].replace("33.68", "33.86", 1)
    assert str(verify(changed, ledger)[0]).endswith("正文 33.86亿港元，账本 33.68亿港元")
    html = held.files["radar-2025-12-12.html"].decode()
    label = html.index("−33.68亿港元</text>")
    assert verify(html[:label] + html[label:].replace("33.68", "33.86", 1), ledger) != ()
    assert verify(html, ledger, DOCUMENTS) == ()


def test_the_page_draws_it_below_its_section() -> None:
    made = pictured()
    html = page(made.printed, exhibits(made.verdicts, ARCHIVE), ARCHIVE, SITE)
    assert html.index('id="s2"') < html.index('<figure class="chart">') < html.index('id="s3"')
    figure = html[html.index('<figure class="chart">') : html.index("</figure>")]
    assert re.findall(r"<text[^>]*>([^<]*)</text>", figure) == [
        "小米集团-W",
        "+107.70亿港元",
        "阿里巴巴-W",
        "−33.68亿港元",
    ]
    cards = re.findall(r'<a href="#(e\d+)" class="fig"', figure)
    assert all(f'<li id="{card}"' in html for card in cards)
    assert len(cards) == 2
    numbers = [int(n) for n in re.findall(r'data-n="(\d+)"', figure)]
    assert [read_page(html).figures[n] for n in numbers] == ["12月11日", "107.70亿港元", "33.68亿港元"]


def test_a_picture_of_one_figure_is_told_but_not_drawn() -> None:
    made = pictured(plot(template="12月11日，阿里巴巴-W⟦f2|净卖出33.68亿港元|33.68亿港元⟧。"))
    html = page(made.printed, exhibits(made.verdicts, ARCHIVE), ARCHIVE, SITE)
    assert "<details open>" in html
    assert 'class="down"' not in html


def test_sections_are_those_of_the_report_alone() -> None:
    assert [part.title for part in sections_of(pictured().printed.text)] == [
        "🌤️ 市场全景",
        "🎯 个股机会与风险雷达",
        "📚 每日投资一课",
    ]


def test_pictures_change_script_with_the_text() -> None:
    printed = render(Traditional().draft(draft(plots=(plot(),))), IMPRINT, SITE)
    (placed,) = printed.plots
    assert placed.title == "個股淨流向"
    assert "淨賣出33.68" in printed.text[placed.start : placed.end]
    assert "## 圖表數據" in printed.text


def test_it_says_what_its_files_say() -> None:
    told = published(pictured())
    assert told.label == "本文由人工智能生成"
    assert told.producer == "量子鲨鱼"
    assert told.edition_name == "盘前"
    assert [head for head, _ in told.preface] == ["演示数据", "本文由人工智能生成"]
    assert [head for head, _ in told.declarations] == ["免责声明", "风险提示", "生成方式", "本期从缺"]
    assert told.sections[0].title == "🌤️ 市场全景"
    (chart,) = told.ledger.charts
    assert [shown.surface for shown in told.drawn(chart)] == ["107.70亿港元", "33.68亿港元"]


def test_notes_are_numbered_in_the_order_of_first_use() -> None:
    told = published()
    assert [(note.number, note.surface) for note in told.notes] == [
        (1, "52.87亿港元"),
        (2, "11日"),
        (3, "6000亿元"),
        (4, "107.70亿港元"),
        (5, "4.53%"),
        (6, "33.68亿港元"),
        (7, "63.70%"),
    ]
    derived = told.notes[6]
    assert derived.formula == "33.68亿港元 ÷ 52.87亿港元 = 63.70%"
    assert [told.sources[number - 1].title for number in derived.sources] == ["港股通资金流向：科网股遭减持"]
    assert "净卖出52.87亿港元" in told.notes[0].quote


def test_every_shown_figure_that_is_proved_has_a_note() -> None:
    told = published(pictured())
    proved = [f for f in told.ledger.figures if f.fact and f.shown]
    assert all(told.note_of(figure.number) for figure in proved)
    assert [told.note_of(f.number) for f in told.ledger.figures if f.status == "exempt"] == [None] * sum(
        f.status == "exempt" for f in told.ledger.figures
    )


def test_the_sample_binds() -> None:
    assert not [verdict for verdict in verdicts(pictured().printed) if verdict.blocks and isinstance(verdict, Verdict)]
