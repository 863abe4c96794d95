"""Rules of our own editions: promises, workshop words, leftovers, orders, and the glossary."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantshark.checks import compliant
from quantshark.data import load_concepts

FORBIDDEN = ("增持", "建仓", "目标价")


def reasons(text: str) -> list[str]:
    return [verdict.reason for verdict in compliant.check(text, load_concepts(), FORBIDDEN)]


BLOCKED = {
    "promise": "此时买入稳赚不赔。",
    "promise in traditional": "後市必涨無疑。",
    "workshop": "南向资金（f12）净买入。",
    "workshop, full-width": "南向资金【f3】净买入。",
    "a schema": "以下为 JSON 输出。",
    "leftover": "恒生指数收报nan点。",
    "a template": "恒生指数{{close}}。",
    "an order": "可在回调时分批建仓。",
    "a promise in other words": "跟着买必赚。",
    "a machine that speaks of itself": "作为一个人工智能助手，我认为后市偏强。",
    "a target that nobody set": "该股目标位看到700港元。",
    "a target in traditional": "該股目標價700港元。",
    "glossary": "南向资金净卖出，说明国际投资者在重新评估。",
    "glossary, traditional": "南向資金淨賣出，說明國際投資者在重新評估。",
}


@pytest.mark.parametrize("text", BLOCKED.values(), ids=BLOCKED.keys())
def test_what_may_not_be_said_blocks_with_its_span(text: str) -> None:
    found = list(compliant.check(text, load_concepts(), FORBIDDEN))
    assert found
    assert all(verdict.blocks and text[verdict.start : verdict.end] == verdict.surface for verdict in found)


ALLOWED = {
    "denial": "本报告不承诺保本，也不构成建仓建议。",
    "quoted news": "[公司控股股东拟增持股份](https://quantshark.io/News/1)。",
    "a target with a name": "[摩根士丹利给予该股目标价700港元](https://quantshark.io/News/1)。",
    "no target": "本报告不给出目标价。",
    "own observation": "先看净买入能否延续。",
    "Latin names": "NVIDIA、F5 与 Jason 的合作。",
    "definition": "南向资金不包含任何海外或国际投资者的资金。",
    "a nanometre": "12nm 工艺。",
}


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_may_be_said_passes(text: str) -> None:
    assert reasons(text) == []


def test_the_seed_that_misdefines_southbound_money_is_caught(shared: Path) -> None:
    (seed,) = (shared / "seeds").glob("000_*")
    assert "glossary" in reasons(seed.read_text(encoding="utf-8"))
