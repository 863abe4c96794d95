"""The table of units: one code per unit, and no unit inside another word."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.lexicon.units import TABLE, UNIT, trie

_UNIT = re.compile(UNIT)

CODES = [
    ("港元", "HKD", "money"),
    ("港币", "HKD", "money"),
    ("元人民币", "CNY", "money"),
    ("美元", "USD", "money"),
    ("日元", "JPY", "money"),
    ("%", "%", "percent"),
    ("个百分点", "pp", "point"),
    ("厘", "pp", "point"),
    ("个基点", "bp", "point"),
    ("倍", "倍", "multiple"),
    ("点", "点", "index"),
    ("股", "股", "count"),
    ("个月", "月", "duration"),
    ("交易日", "天", "duration"),
]


@pytest.mark.parametrize(("word", "code", "kind"), CODES)
def test_a_unit_has_its_code(word: str, code: str, kind: str) -> None:
    assert TABLE[word][:2] == (code, kind)


def test_a_tenth_is_ten_percent() -> None:
    assert TABLE["成"].worth == TABLE["折"].worth == Decimal(10)


INSIDE_WORDS = [
    "股票价",
    "家电",
    "台湾",
    "手机",
    "点评",
    "成为",
    "折扣",
    "人民",
    "期货",
    "元素",
    "日本",
    "月份",
    "个股",
    "名称",
    "只有",
]


@pytest.mark.parametrize("word", INSIDE_WORDS)
def test_no_unit_begins_a_word(word: str) -> None:
    match = _UNIT.match(word)
    assert match is None or match[0] in {"股票", "人民"}


@pytest.mark.parametrize("word", sorted(TABLE))
def test_every_unit_of_the_table_is_found_whole(word: str) -> None:
    match = _UNIT.match(word)
    assert match is not None
    assert match[0] == word


@given(
    st.lists(st.text(alphabet="abc", min_size=1, max_size=4), min_size=1, max_size=8),
    st.text(alphabet="abc", max_size=8),
)
def test_trie_finds_the_longest_word(words: list[str], text: str) -> None:
    match = re.match(trie(words), text)
    longest = max((w for w in words if text.startswith(w)), key=len, default=None)
    assert (match[0] if match else None) == longest
