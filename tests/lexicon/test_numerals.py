"""Numerals of every form have one exact value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.lexicon.numerals import fold, last_place, parse

WRITTEN = [
    ("52.87亿", "5287000000"),
    ("1.68万亿", "1680000000000"),
    ("五十二点八七亿", "5287000000"),
    ("一点六八万亿", "1680000000000"),
    ("三点一三万亿", "3130000000000"),
    ("肆亿零捌佰玖拾玖万", "408990000"),
    ("貳仟壹佰玖拾壹點肆叁", "2191.43"),
    ("壹仟捌佰壹拾億", "181000000000"),
    ("两万一", "21000"),
    ("兩千四百五", "2450"),
    ("一千零三", "1003"),
    ("一百二", "120"),
    ("廿三", "23"),
    ("卅", "30"),
    ("五百卅四", "534"),
    ("二〇二五", "2025"),
    ("〇", "0"),
    ("千亿", "100000000000"),
    ("一万五千亿", "1500000000000"),
    ("五兆六十二亿四万五千二", "5006200045200"),
    ("3万4000", "34000"),
    ("5亿1万4千6百", "500014600"),
    ("1,234,567.5", "1234567.5"),
    ("１，２３４", "1234"),
    ("２．８７", "2.87"),
    ("𝟖𝟏𝟐𝟔.𝟎𝟗", "8126.09"),
    ("١٦٣.٢", "163.2"),
    ("9 2 7 3 . 3 7", "9273.37"),
    ("4\u200b.\u200b9\u200b6", "4.96"),
    ("-0.6", "-0.6"),
    ("负三十二", "-32"),
    ("−1.5", "-1.5"),
    ("0", "0"),
    (".5", "0.5"),
    ("二分之一", "0.5"),
    ("一又四分之一", "1.25"),
    ("3/5", "0.6"),
    ("2e5", "200000"),
    ("40k", "40000"),
    ("11bn", "11000000000"),
]
NO_NUMERAL = [
    "",
    " ",
    "-",
    "--1",
    "半导体",
    "十十",
    "两两",
    "1.2.3",
    "一/零",
    "1/0",
    "点五",
    "五点",
    "港元",
    "9" * 5000,
]


@pytest.mark.parametrize(("surface", "value"), WRITTEN)
def test_parse_reads(surface: str, value: str) -> None:
    assert parse(surface) == Decimal(value)


@pytest.mark.parametrize("surface", NO_NUMERAL)
def test_parse_leaves(surface: str) -> None:
    assert parse(surface) is None


PLACES = [
    ("52.87亿", "1000000"),
    ("六千亿", "100000000"),
    ("两万一", "1000"),
    ("3.5", "0.1"),
    ("五点二万", "1000"),
    ("三十", "1"),
    ("一点六八万亿", "10000000000"),
]


@pytest.mark.parametrize(("surface", "worth"), PLACES)
def test_last_place_is_that_of_arabic_digits(surface: str, worth: str) -> None:
    assert last_place(surface) == Decimal(worth)


@given(st.text())
def test_fold_moves_no_code_point(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="0123456789.,零一二三四五六七八九十百千万亿两廿壹拾佰点分之又/-负eE^ ", max_size=30))
def test_parse_never_raises(text: str) -> None:
    value = parse(text)
    assert value is None or value.is_finite()


_DIGITS = "零一二三四五六七八九"
_PLACES = ["", "十", "百", "千"]


def _spell(number: int) -> str:
    """The reading that schools teach: 10203 is 一万零二百零三."""
    parts: list[str] = []
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section, number = divmod(number, scale)
        if section:
            parts.append(("零" if parts and section < 1000 else "") + _section(section) + name)
    return "".join(parts) or "零"


def _section(number: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _PLACES[place]
        gap = digit == 0
    return said


@given(st.integers(0, 10**12 - 1))
def test_parse_reads_what_a_school_spells(number: int) -> None:
    assert parse(_spell(number)) == number
