"""Formulas: what the context derives is computed again to the same value, and shown as people write it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from quantshark.context.derive import derive
from quantshark.model import Document, Fact, Formula
from quantshark.press.exhibits import Archive, Proof
from quantshark.press.formulas import formula_text, recompute
from quantshark.sources.extract import prove, teach
from tests.press.sample import ARCHIVE, FACTS

SERIES = Document(
    doc_id="d" * 32,
    kind="table",
    title="逐日数据",
    published_at=date(2025, 12, 11),
    text="日期,代码,名称,净买入(亿港元),成交额(亿港元),沽空成交额(亿港元)\n"
    "2025-12-04,0700.HK,腾讯控股,1.20,80.00,8.10\n"
    "2025-12-05,0700.HK,腾讯控股,-2.50,81.00,8.20\n"
    "2025-12-08,0700.HK,腾讯控股,-3.10,90.00,9.90\n"
    "2025-12-09,0700.HK,腾讯控股,-4.40,95.00,11.40\n"
    "2025-12-10,0700.HK,腾讯控股,-5.60,99.00,12.10\n"
    "2025-12-11,0700.HK,腾讯控股,-6.93,120.00,15.60\n",
)


def before(day: date) -> date:
    day -= timedelta(1)
    while day.weekday() > 4:
        day -= timedelta(1)
    return day


def derived() -> tuple[dict[str, Fact], tuple[Fact, ...]]:
    told = [proof.fact for proof in prove(SERIES, teach([SERIES]))]
    made = derive(told, date(2025, 12, 11), before)
    return {fact.fact_id: fact for fact in (*told, *made)}, made


def test_every_derived_fact_is_computed_again_to_the_same_value() -> None:
    facts, made = derived()
    assert {fact.formula.op for fact in made if fact.formula} >= {"streak", "sum", "difference", "growth", "share"}
    for fact in made:
        assert fact.formula is not None
        value = recompute(fact.formula.op, [facts[name].value for name in fact.formula.operands], fact.formula.text)
        assert value is not None, fact.formula
        assert abs(abs(value) - abs(fact.value)) <= (fact.ulp or 0) / 2, fact.formula


def test_another_operand_gives_another_value() -> None:
    facts, made = derived()
    for fact in made:
        assert fact.formula is not None
        values = [facts[name].value for name in fact.formula.operands]
        changed = recompute(fact.formula.op, [-values[0] * 3, *values[1:]], fact.formula.text)
        assert changed is None or abs(abs(changed) - abs(fact.value)) > (fact.ulp or 0) / 2, fact.formula


SHOWN = {
    "difference": "−6.93亿港元 −（−5.60亿港元） = −1.33亿港元",
    "growth": "120.00亿港元 ÷ 99.00亿港元 − 1 = 21.21%",
    "share": "15.60亿港元 ÷ 120.00亿港元 = 13.00%",
    "streak": "逐日数出：同一方向连续出现，前一日方向不同",
}


@pytest.mark.parametrize("op", sorted(SHOWN))
def test_formulas_are_shown_as_people_write_them(op: str) -> None:
    facts, made = derived()
    archive = Archive.of([SERIES], facts.values())
    shown = [formula_text(archive.prove(fact)) for fact in made if fact.formula and fact.formula.op == op]
    assert SHOWN[op] in shown


ARITHMETIC = [
    ("share", ["33", "66"], "33 / 66 * 100", "50"),
    ("share", ["33", "66"], "33 / 66", "50"),
    ("growth", ["120", "100"], "(120 / 100 - 1) * 100", "20"),
    ("sum", ["-1.5", "-2"], "(-1.5) + (-2)", "-3.5"),
    ("difference", ["5", "-2"], "5 - (-2)", "7"),
    ("multiple", ["6", "4"], "6 / 4", "1.5"),
    ("share", ["1", "2", "5"], "1 / (1 + 2 + 5)", "12.5"),
    ("streak", ["-1", "-2", "-3", "4"], "3个交易日同号", "3"),
    ("rank", ["5", "9", "-3"], "3只中第2", "2"),
    ("record_high", ["9", "8", "7"], "为 3 个交易日之最", "3"),
]


@pytest.mark.parametrize(("op", "operands", "text", "value"), ARITHMETIC)
def test_recompute(op: str, operands: list[str], text: str, value: str) -> None:
    assert recompute(op, [Decimal(each) for each in operands], text) == Decimal(value)


UNREADABLE: list[tuple[str, list[str], str]] = [
    ("share", ["33", "66"], "34 / 66 * 100"),
    ("share", ["33", "0"], "33 / 0 * 100"),
    ("share", ["33", "0"], "占比"),
    ("share", ["33"], "占比"),
    ("sum", ["1", "2"], "1 + (2"),
    ("sum", ["1", "2"], "1 2"),
    ("sum", ["1"], "(" * 600 + "1"),
    ("sum", ["1"], "(" * 400 + "1"),
    ("sum", ["1"], "-" * 400 + "1"),
    ("magic", ["1"], "魔法"),
    ("record_high", ["9", "12", "7"], "为 3 个交易日之最"),
    ("streak", ["0", "1"], "零"),
    ("sum", [], "1 + 1"),
]


@pytest.mark.parametrize(("op", "operands", "text"), UNREADABLE)
def test_what_cannot_be_computed_is_not_guessed(op: str, operands: list[str], text: str) -> None:
    assert recompute(op, [Decimal(each) for each in operands], text) is None


def test_the_result_is_shown_as_the_report_prints_it() -> None:
    assert formula_text(ARCHIVE.prove(FACTS["f7"]), "六成多") == "33.68亿港元 ÷ 52.87亿港元 = 六成多"


def test_a_formula_in_words_stays_in_words() -> None:
    worded = Proof(replace(FACTS["f7"], formula=Formula("best", (), "历史最高")))
    assert formula_text(worded) == "历史最高"
    assert formula_text(ARCHIVE.prove(FACTS["f1"])) == ""


LEVELS = (
    ("average", "3个交易日收盘的均值", ("4080.10", "4071.20", "4090.00"), "4080.43"),
    ("round", "4071.69 附近的整数", ("4071.69",), "4100"),
    ("round", "25932.46 附近的整数", ("25932.46",), "26000"),
    ("percentile", "1 / 4 * 100", ("22.30", "22.08", "41.35", "40.18"), "25"),
)


@pytest.mark.parametrize(("op", "text", "operands", "value"), LEVELS)
def test_levels_and_percentiles_are_computed_again(op: str, text: str, operands: tuple[str, ...], value: str) -> None:
    told = recompute(op, [Decimal(operand) for operand in operands], text)
    assert told is not None
    assert round(told, 2) == Decimal(value)


def test_a_forged_count_of_days_does_not_pass() -> None:
    told = recompute("percentile", [Decimal("22.30"), Decimal("41.35")], "1 / 2 * 100")
    assert told == 0
