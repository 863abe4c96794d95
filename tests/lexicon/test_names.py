"""Names in market text: the registry's in both scripts, those that sources introduce, and what only looks like one."""

from __future__ import annotations

import pytest

from quantshark.lexicon.names import Names, listing
from quantshark.lexicon.script import fold


def found(text: str, *sources: str) -> list[tuple[str, str]]:
    names = Names.load()
    for source in sources:
        names.learn(source)
    return [(name.text, name.codes[0]) for name in names.find(fold(text))]


FROM_SEEDS = [
    ("小米集团-W获净买入", ("小米集团-W", "1810.HK")),
    ("小米获连续11日净买入", ("小米", "1810.HK")),
    ("騰訊控股回購", ("腾讯控股", "0700.HK")),
    ("港股通（沪）净买入", ("港股通(沪)", "FLOW.SOUTHBOUND.SH")),
    ("北上資金流出", ("北上资金", "FLOW.NORTHBOUND")),
    ("恒生科技指数收跌", ("恒生科技指数", "IDX.HSTECH")),
    ("沪指收报4101点", ("沪指", "IDX.SSE")),
]
COMPOUNDS = ["恒指期货夜盘收涨", "科创50ETF净流入", "科创50成分股分化", "深股通专用席位买入"]
CODES = [
    ("00700", None, "0700.HK"),
    ("0700", "HK", "0700.HK"),
    ("600519", None, "600519.SH"),
    ("300750", None, "300750.SZ"),
    ("688256", "SH", "688256.SH"),
    ("COIN", "US", "COIN.US"),
]


@pytest.mark.parametrize(("text", "expected"), FROM_SEEDS)
def test_a_known_name_is_found(text: str, expected: tuple[str, str]) -> None:
    assert expected in found(text)


def test_a_name_is_learned_from_its_code() -> None:
    source = "财联社4月28日电，云雀智联(688998.SH)公告称，第一季度盈利。"
    assert found("云雀智联涨3%", source) == [("云雀智联", "688998.SH")]


@pytest.mark.parametrize("text", COMPOUNDS)
def test_a_compound_is_somebody_else(text: str) -> None:
    assert all(code.startswith("~") or "FUT" in code for _, code in found(text)[:1])


@pytest.mark.parametrize(("digits", "exchange", "code"), CODES)
def test_a_listing_has_one_code(digits: str, exchange: str | None, code: str) -> None:
    assert listing(digits, exchange) == code


def test_what_one_set_of_sources_teaches_another_does_not_know() -> None:
    names = Names.load()
    names.add("云雀智联", "688998.SH")
    assert names.knows("雲雀智聯")
    assert not Names.load().knows("云雀智联")
