"""Cells of a column are read alike: what one decimal says, another of its form says with its own digits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.lexicon import clauses, tables
from quantshark.lexicon.names import Names

DAY = date(2025, 12, 11)
COLUMNS = [
    "涨跌幅(%)",
    "净买入(亿港元)",
    "近5日累计净买入(亿港元)",
    "成交额(亿元)",
    "市盈率(倍)",
    "沽空比率(%)",
    "较上日(点)",
    "2025年净利润(亿元)",
    "增持比例(个百分点)",
    "目标价(港元)",
]
NUMBERS = st.from_regex(r"[+-]?(0|[1-9][0-9]{0,5})\.[0-9]{1,3}", fullmatch=True)


@given(st.sampled_from(COLUMNS), NUMBERS)
def test_a_cell_says_what_the_sentence_of_its_column_says(column: str, number: str) -> None:
    head, names = tables.head(column), Names.load()
    row = [tables.Cell("0700.HK", 0), tables.Cell(number, 8)]
    (told,) = (claim for _, claim in tables.row_claims([tables.head("代码"), head], row, names, DAY))
    said = clauses.read(f"{head.label}为{number}{head.unit}", names, day=DAY).claims[-1]
    assert (told.measure, told.basis, told.scope, told.left) == (said.measure, said.basis, said.scope, said.left)
    wanted = (said.figure.value, said.figure.unit, said.figure.ulp, said.figure.kind)
    assert (told.figure.value, told.figure.unit, told.figure.ulp, told.figure.kind) == wanted
    assert told.figure.surface == number


@pytest.mark.parametrize("number", ["20.9", "12.11", "261109.1", "-351228.53"])
def test_a_decimal_in_a_column_without_a_unit_is_no_date(number: str) -> None:
    heads = [tables.head("名称"), tables.head("权重")]
    row = [tables.Cell("腾讯控股", 0), tables.Cell(number, 5)]
    assert [c.figure.value for _, c in tables.row_claims(heads, row, Names.load(), DAY)] == [Decimal(number)]
