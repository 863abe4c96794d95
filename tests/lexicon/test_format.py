"""What is printed reads back as what it was."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.format import format_value, unit_name
from quantshark.lexicon.units import TABLE

PRINTED = [
    ("5287000000", "HKD", "hans", "52.87亿港元"),
    ("5287000000", "HKD", "hant", "52.87億港元"),
    ("1044000", "股", "hans", "104.4万股"),
    ("1680000000000", None, "hans", "1.68万亿"),
    ("362600", "CNY", "hant", "36.26萬元"),
    ("-0.6", "%", "hans", "-0.6%"),
    ("5.2", "pp", "hant", "5.2個百分點"),
    ("25", "bp", "hans", "25个基点"),
    ("22000", "点", "hans", "22000点"),
    ("2.6", "倍", "hans", "2.6倍"),
    ("11", "天", "hans", "11天"),
    ("3", "月", "hant", "3個月"),
    ("9999", "股", "hans", "9999股"),
    ("420.50", "HKD", "hans", "420.5港元"),
]


@pytest.mark.parametrize(("value", "unit", "script", "text"), PRINTED)
def test_a_value_is_printed_as_a_newsroom_does(value: str, unit: str | None, script: str, text: str) -> None:
    assert format_value(Decimal(value), unit, script=script) == text


def test_a_range_is_printed_in_one_scale() -> None:
    assert format_value(Decimal(20), "%", high=Decimal(30)) == "20至30%"
    assert format_value(Decimal(390000000), "CNY", high=Decimal(410000000)) == "3.9至4.1亿元"


def test_places_round_half_to_even() -> None:
    assert format_value(Decimal(5287500000), "HKD", places=1) == "52.9亿港元"
    assert format_value(Decimal("0.25"), "%", places=1) == "0.2%"


def test_an_unknown_unit_is_its_own_name() -> None:
    assert unit_name("趟") == "趟"
    assert unit_name(None) == ""


UNITS = sorted({unit.code for unit in TABLE.values() if unit.code} - {"个点", "番", "连板"})
_values = st.decimals(Decimal("0.01"), Decimal(10) ** 15, places=2, allow_nan=False, allow_infinity=False)


def _reads(text: str) -> list[tuple[Decimal | None, Decimal | None, str | None]]:
    return [(f.value, f.high, f.unit) for f in find_figures(text) if f.exempt is None]


@given(_values, st.sampled_from([*UNITS, None]), st.sampled_from(["hans", "hant"]))
def test_what_was_printed_reads_back(value: Decimal, unit: str | None, script: str) -> None:
    text = f"录得{format_value(value, unit, script=script)}。"
    assert _reads(text) == [(value, None, unit)]


@given(_values, st.sampled_from(UNITS), st.sampled_from(["hans", "hant"]))
def test_a_minus_reads_back(value: Decimal, unit: str, script: str) -> None:
    assert _reads(f"录得{format_value(-value, unit, script=script)}。") == [(-value, None, unit)]


@given(
    _values,
    _values,
    st.sampled_from(["HKD", "CNY", "%", "pp", "点", "倍", "股", "家", "USD"]),
    st.sampled_from(["hans", "hant"]),
)
def test_a_range_reads_back(one: Decimal, other: Decimal, unit: str, script: str) -> None:
    low, high = sorted((one, other))
    if low != high:
        assert _reads(f"录得{format_value(low, unit, high=high, script=script)}。") == [(low, high, unit)]


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_reads_back(unit: str) -> None:
    for script in ("hans", "hant"):
        assert _reads(f"录得{format_value(Decimal(31), unit, script=script)}。") == [(Decimal(31), None, unit)]


@given(_values, st.integers(0, 30), st.sampled_from("0123456789"))
def test_another_digit_is_another_figure(value: Decimal, place: int, digit: str) -> None:
    text = format_value(value, "HKD")
    digits = [i for i, char in enumerate(text) if char.isdigit()]
    at = digits[place % len(digits)]
    changed = text[:at] + digit + text[at + 1 :]
    if digit != text[at]:
        assert _reads(changed) != _reads(text)


@given(
    _values,
    st.sampled_from(["港元", "元", "美元", "股", "%", "个百分点"]),
    st.sampled_from(["港元", "元", "美元", "股", "%", "个百分点"]),
)
def test_another_unit_is_another_figure(value: Decimal, first: str, second: str) -> None:
    number = format_value(value, None)
    if first != second and value < 10000:
        assert _reads(number + first) != _reads(number + second)
