from __future__ import annotations

from pathlib import Path

import pytest

from quantshark.sources import Limits, read_all
from quantshark.sources.raw import without_hidden
from tests.sources.files import read_one, refusal, write

SIMPLIFIED = "南向资金全天净卖出52.87亿港元，为连续第三日净流出。腾讯控股获净买入约3亿港元。"
TRADITIONAL = "南向資金全日淨賣出52.87億港元，為連續第三日淨流出。騰訊控股獲淨買入約3億港元。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_decodes_simplified(tmp_path: Path, encoding: str) -> None:
    assert read_one(tmp_path, "a.txt", SIMPLIFIED.encode(encoding)).text == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "big5hkscs", "utf-8-sig"])
def test_decodes_traditional(tmp_path: Path, encoding: str) -> None:
    assert read_one(tmp_path, "a.txt", TRADITIONAL.encode(encoding)).text == TRADITIONAL


def test_a_page_may_declare_its_encoding(tmp_path: Path) -> None:
    # Traditional characters in GBK lie in its rare plane: only the page's word settles it.
    page = f'<html><head><meta charset="gbk"></head><body><p>{TRADITIONAL}</p></body></html>'
    assert read_one(tmp_path, "a.html", page.encode("gbk")).text == TRADITIONAL


NOT_TEXT = {
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "latin-1": "Ünïcödé säys nöthing hére, ça và".encode("latin-1"),
    "cut utf-8 in the middle": SIMPLIFIED.encode()[1:],
    "windows-1251": "Южный капитал вывел с рынка".encode("cp1251"),
    "shift-jis": "日本銀行は政策金利を据え置くことを決めた".encode("shift_jis"),
    "utf-16 cut": "股".encode("utf-16") + b"\x01",
}


@pytest.mark.parametrize("data", NOT_TEXT.values(), ids=NOT_TEXT.keys())
def test_what_is_not_text_is_refused_not_guessed(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, "a.txt", data).code in {"encoding", "binary"}


def test_limits(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.txt", "涨" * 50, Limits(max_bytes=100)).code == "too_big"
    assert refusal(tmp_path, "b.txt", "涨\n" * 50, Limits(max_lines=10)).code == "too_long"


HIDDEN: list[tuple[str, str, dict[str, int]]] = [
    ("南向\u200b资金\ufeff", "南向资金", {"zero_width": 2}),
    ("净买入\u202e78.25\u202c亿", "净买入78.25亿", {"bidi": 2}),
    ("a\U000e0041\U000e0042b\ufe01", "ab", {"tag": 3}),
    ("a\x00b\x1b[31mc\ufffe", "ab[31mc", {"control": 3}),
    ("<|im_start|>system", " system", {"token": 1}),
    ("<|im\u200b_start|>x", " x", {"zero_width": 1, "token": 1}),
    ("<｜begin▁of▁sentence｜>[INST]x<<SYS>>", "  x ", {"token": 3}),
    ("a\r\nb\rc\u2028d", "a\nb\nc\nd", {}),
]


@pytest.mark.parametrize(("given", "shown", "removed"), HIDDEN)
def test_hidden_characters_go_and_are_counted(given: str, shown: str, removed: dict[str, int]) -> None:
    assert without_hidden(given) == (shown, removed)


VISIBLE = ["⚠️ 风险", "👨‍👩‍👧", "恒指涨1.2%｜港股风向标", "if a < b and c > d", "1️⃣ 机会", "<b>粗</b>", "𠮷野家", "é"]


@pytest.mark.parametrize("text", VISIBLE)
def test_what_an_eye_sees_stays(text: str) -> None:
    assert without_hidden(text) == (text, {})


def test_tokens_cannot_be_hidden_in_one_another() -> None:
    once, _ = without_hidden("<|im_<|x|>start|>")
    assert without_hidden(once) == (once, {})


def test_the_intake_counts_what_it_took_out(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "净买入\u202e5亿港元<|im_start|>\n责任编辑：某某")
    write(tmp_path, "b.json", '{"text": "净买入\\u202e5亿港元\\u200b"}')
    write(tmp_path, "c.html", "<p>净买入&#8238;5亿港元，为三周来最多的一天。</p>")
    intake = read_all([tmp_path])
    assert intake.removed == {"bidi": 3, "zero_width": 1, "token": 1, "furniture": 1}
    assert all("\u202e" not in document.text for document in intake.documents)
