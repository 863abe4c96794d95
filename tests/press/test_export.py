"""Every format of a release: what it holds, what its metadata says, and what is left out where it cannot be made."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from quantshark.errors import ExportError
from quantshark.press import fonts
from quantshark.press.cards import card, highlights
from quantshark.press.export import FORMATS, Look, export
from quantshark.press.fonts import chinese_font
from quantshark.press.imprint import AIGC_NAMESPACE
from quantshark.press.paper import print_page
from quantshark.press.raster import labelled, png
from tests.press.hostile import active_in, attack_lines, hostile_published
from tests.press.sample import pictured, published

STEM = "radar-2025-12-12"
needs_font = pytest.mark.skipif(
    chinese_font() is None, reason="no Chinese font on this machine (Debian: fonts-noto-cjk)"
)


def chunks(png: bytes) -> Iterator[tuple[str, bytes]]:
    """The entries of a PNG, each with a sound checksum."""
    at = 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert int.from_bytes(png[at + 8 + size : at + 12 + size], "big") == zlib.crc32(kind + data)
        yield kind.decode(), data
        at += 12 + size


def texts(png: bytes) -> dict[str, str]:
    found = (data.split(b"\0", 1) for kind, data in chunks(png) if kind == "iTXt")
    return {key.decode(): rest[4:].decode() for key, rest in found}


def unpacked(pdf: bytes) -> Iterator[bytes]:
    """What the packed streams of a PDF hold."""
    for found in re.finditer(rb"stream\n", pdf):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(pdf[found.end() :])


def made(name: str) -> bytes:
    """The one file of a format."""
    told = export(published(pictured()), [name], STEM)
    assert told.left_out == ()
    (content,) = told.files.values()
    return content


@needs_font
def test_every_format_is_made() -> None:
    told = export(published(pictured()), FORMATS, STEM)
    assert told.left_out == ()
    assert sorted(told.files) == sorted(
        f"{STEM}{ending}"
        for ending in (".pdf", ".docx", ".wechat.html", ".trades.png", ".card.png", ".plain.md", ".txt", ".srt")
    )


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ExportError, match="no format 'epub'; choose of pdf, docx"):
        export(published(), ["epub"], STEM)


@needs_font
@pytest.mark.parametrize("name", ["png", "card"])
def test_a_picture_carries_the_label(name: str) -> None:
    told = texts(made(name))
    label = json.loads(told["AIGC"])
    assert label["Label"] == "1"
    assert label["ContentProducer"] == "量子鲨鱼"
    assert label["ProduceID"] == "radar-2025-12-12-hans-r1"
    assert AIGC_NAMESPACE in told["XML:com.adobe.xmp"]
    assert "<TC260:AIGC>" in told["XML:com.adobe.xmp"]
    assert "107.70亿港元" in told["Description"] or "52.87亿港元" in told["Title"]


@needs_font
def test_the_card_has_the_size_that_channels_ask() -> None:
    header = next(data for kind, data in chunks(made("card")) if kind == "IHDR")
    assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")) == (1200, 630)


def test_the_card_shows_three_proved_figures_and_the_label() -> None:
    told = published()
    assert [(each.surface, each.way) for each in highlights(told)] == [
        ("52.87亿港元", -1),
        ("11日", 1),
        ("6000亿元", 0),
    ]
    svg = card(told)
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert "52.87亿港元" in shown
    assert "本文由人工智能生成 · 演示数据" in shown
    sizes = [float(n) for n in re.findall(r'font-size="([\d.]+)"[^>]*>本文由人工智能生成', svg)]
    assert sizes[0] >= 0.05 * 630
    assert "".join(shown).count("12月12日盘前雷达") == 1


def test_colours_of_the_card_follow_the_setting() -> None:
    assert card(published(), rise="red") != card(published(), rise="green")


def test_without_a_font_pictures_are_left_out_and_the_rest_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.known_font.cache_clear()
    monkeypatch.setattr(fonts, "_folders", lambda: ())
    try:
        told = export(published(pictured()), FORMATS, STEM)
    finally:
        fonts.known_font.cache_clear()
    assert [left.split("：")[0] for left in told.left_out] == ["pdf", "png", "card"]
    assert all("fonts-noto-cjk" in left for left in told.left_out)
    assert f"{STEM}.docx" in told.files


def test_a_font_that_is_not_there_is_not_used(tmp_path: Path) -> None:
    told = export(published(), ["card"], STEM, Look(font=tmp_path / "none.ttf"))
    assert told.files == {}


@needs_font
def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no.ttf"
    path.write_bytes(b"no font")
    with pytest.raises(ExportError, match=r"no\.ttf is no font file"):
        png("<svg/>", font=path)


@pytest.mark.parametrize(("name", "module"), [("pdf", "weasyprint"), ("docx", "docx"), ("png", "resvg_py")])
def test_an_extra_that_is_not_installed_is_named(name: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    if name != "docx" and chinese_font() is None:
        pytest.skip("no Chinese font on this machine")
    (left,) = export(published(pictured()), [name], STEM).left_out
    assert "pip install 'quantshark[" in left


def test_labels_leave_the_picture_untouched() -> None:
    bare = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 13 + zlib.crc32(b"IHDR" + b"\0" * 13).to_bytes(4, "big") + b"rest"
    told = labelled(bare, {"Label": "1"}, "题", "话")
    assert told.startswith(bare[:33])
    assert told.endswith(b"rest")


@needs_font
def test_the_pdf_says_what_it_is() -> None:
    pdf = made("pdf")
    assert pdf.startswith(b"%PDF")
    held = b"".join(unpacked(pdf))
    assert b"/AIGC" in held + pdf
    assert AIGC_NAMESPACE.encode() in held + pdf
    assert b'"ProduceID": "radar-2025-12-12-hans-r1"' in held + pdf


def test_the_page_of_the_pdf_numbers_its_proofs() -> None:
    html = print_page(published(pictured()))
    assert re.search(r'<a class="fig supported" href="#e1">52\.87亿港元<sup>1</sup></a>', html)
    assert '<p id="e7">7. ' in html
    assert "33.68亿港元 ÷ 52.87亿港元 = 63.70%" in html
    assert html.count('<img src="data:image/svg+xml;base64,') == 1
    assert "🔴" not in html
    assert '<span class="dot bad">●</span>' in html
    assert html.count("本文由人工智能生成") >= 3


def test_word_says_what_it_is_and_what_it_rests_on() -> None:
    content = made("docx")
    word = docx.Document(io.BytesIO(content))
    assert word.core_properties.title == published().ledger.title
    assert "本文由人工智能生成" in word.core_properties.comments
    assert word.core_properties.identifier == "radar-2025-12-12-hans-r1"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        custom = file.read("docProps/custom.xml").decode()
        assert 'name="AIGC"' in custom
        assert "ContentProducer" in custom
        assert "custom.xml" in file.read("_rels/.rels").decode()
        assert 'w:eastAsia="宋体"' in file.read("word/styles.xml").decode()
    told = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "免责声明" in told
    assert "7. 63.70%" in told
    assert [cell.text for cell in word.tables[0].rows[1].cells][1] == "🔴南向净卖出"
    raised = [run.text for paragraph in word.paragraphs for run in paragraph.runs if run.font.superscript]
    assert raised[:2] == ["1", "2"]


@needs_font
def test_word_holds_the_pictures_with_their_words() -> None:
    with zipfile.ZipFile(io.BytesIO(made("docx"))) as file:
        document = file.read("word/document.xml").decode()
        assert 'descr="12月11日，南向资金对小米集团-W净买入107.70亿港元' in document
        assert any(name.startswith("word/media/") for name in file.namelist())


def test_plain_markdown_begins_with_the_title() -> None:
    told = made("plain").decode()
    assert told.startswith("# 12月12日盘前雷达")
    assert "---\ntitle" not in told


@pytest.mark.slow
def test_hostile_lines_act_in_no_format(shared: Path) -> None:
    lines = attack_lines(shared)
    for n in range(0, len(lines), 200):
        told = hostile_published(lines[n : n + 200])
        page = print_page(told)
        assert active_in(page, scripts=0, styles=1) == [], n
    held = export(hostile_published(lines[:40]), ["docx", "card"], STEM)
    assert f"{STEM}.docx" in held.files
