"""A binding by hand holds a figure against its fact in everything that its sentence tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from quantshark.errors import EditError
from quantshark.model import Fact, Period, Verdict
from quantshark.newsroom import rulings
from quantshark.newsroom.places import Sentence
from quantshark.sources import extract

DAY = date(2025, 12, 11)
ALIBABA = Fact(
    fact_id="a:1",
    entity="9988.HK",
    entity_name="阿里巴巴-W",
    measure="change",
    measure_name="涨跌幅",
    value=Decimal("3.2"),
    kind="percent",
    unit="%",
    ulp=Decimal("0.1"),
    direction=1,
    period=Period(DAY, DAY),
    as_of=DAY,
    surface="3.2%",
)
TENCENT = replace(ALIBABA, fact_id="a:2", entity="0700.HK", entity_name="腾讯控股")


def compared(text: str, fact: Fact, reason: str = "entity", against: Fact | None = ALIBABA) -> None:
    at = text.index("3.2%")
    verdict = Verdict(at, at + 4, "3.2%", "refuted", reason, "主体不符", against)
    rulings.compare(verdict, Sentence(0, len(text), text), fact, extract.teach(()))


@pytest.mark.parametrize(
    ("text", "fact", "says"),
    [
        ("腾讯控股涨3.2%。", ALIBABA, "主体"),
        ("腾讯控股涨3.2%。", replace(ALIBABA, entity="3690.HK", entity_name="美团-W"), "主体"),
        ("腾讯控股换手率升至3.2%。", TENCENT, "指标"),
        ("12月10日，腾讯控股涨3.2%。", TENCENT, "时间"),
    ],
)
def test_a_figure_is_bound_to_no_fact_of_another(text: str, fact: Fact, says: str) -> None:
    with pytest.raises(EditError) as caught:
        compared(text, fact)
    assert says in caught.value.notice


def test_what_the_check_found_to_contradict_is_no_proof() -> None:
    """The sentence names nobody; the check knew of whom it goes on to speak."""
    with pytest.raises(EditError) as caught:
        compared("涨3.2%。", ALIBABA)
    assert "主体" in caught.value.notice


@pytest.mark.parametrize("text", ["腾讯控股涨3.2%。", "12月11日，腾讯控股涨3.2%。", "某龙头涨3.2%。"])
def test_a_figure_is_bound_to_its_own(text: str) -> None:
    compared(text, TENCENT)
