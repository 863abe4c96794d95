"""Bought, sold and net must balance, though each figure stands somewhere in the sources."""

from __future__ import annotations

from datetime import date

from quantshark import Document, check

DAY = date(2025, 12, 12)
SIDES = Document("sides", "南向资金当日买入1.03亿港元，卖出2.65亿港元，净卖出1.62亿港元。", published_at=DAY)
OTHERS = Document(
    "others",
    "小米集团获南向资金买入2.25亿港元，卖出1.10亿港元，净买入1.15亿港元。南向资金买入额一度达2.25亿港元。",
    published_at=DAY,
)


def blocked(report: str, *sources: Document) -> list[tuple[str, str]]:
    return [(v.surface, v.reason) for v in check(report, sources, as_of=DAY).verdicts if v.blocks]


def test_what_balances_stands() -> None:
    assert blocked(SIDES.text, SIDES, OTHERS) == []
    assert blocked("南向资金当日买入1.03亿港元，卖出2.65亿港元，净卖出1.62亿港元。", SIDES) == []


def test_the_leg_from_elsewhere_is_refuted() -> None:
    report = "南向资金当日买入2.25亿港元，卖出2.65亿港元，净卖出1.62亿港元。"
    assert [surface for surface, _ in blocked(report, SIDES, OTHERS)] == ["2.25亿港元"]


def test_a_source_that_does_not_balance_is_not_corrected() -> None:
    odd = Document("odd", "南向资金当日买入1.03亿港元，卖出2.65亿港元，净卖出1.75亿港元。", published_at=DAY)
    assert blocked(odd.text, odd) == []


def test_the_leg_of_another_in_the_same_sentence_is_refuted() -> None:
    told = "南向资金当日买入1.03亿港元，卖出2.65亿港元，净卖出1.62亿港元；四家机构买入2.25亿港元，卖出1.82亿港元。"
    source = Document("both", told, published_at=DAY)
    report = "南向资金当日买入2.25亿港元，卖出2.65亿港元，净卖出1.62亿港元。"
    assert [surface for surface, _ in blocked(report, source)] == ["2.25亿港元"]
    assert blocked(told, source) == []
