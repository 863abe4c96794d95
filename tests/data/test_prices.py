"""What models cost: ours, the user's over it, and what is no price."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from quantshark.data import load_prices
from quantshark.errors import DataError
from quantshark.model import Usage

OWN = {"slug": "house-1", "currency": "CNY", "in": "1", "out": "2.5", "cached": "0.1", "dated": "2025-11-01"}


def user(folder: Path, *entries: object) -> Path:
    (folder / "prices.json").write_text(json.dumps(entries), "utf-8")
    return folder


def test_every_price_of_ours_is_dated_and_costs_something() -> None:
    known = load_prices()
    assert len(known) > 5
    price = known.get("gpt-4o-mini")
    assert price is not None
    assert price.dated is not None
    assert price.of(Usage(tokens_in=1_000_000, tokens_out=1_000_000)) > 0


@pytest.mark.parametrize("name", ["gpt-4o-2024-08-06", "gpt-4o-20240806", "openai/gpt-4o"])
def test_a_dated_name_costs_what_the_name_costs(name: str) -> None:
    assert load_prices().get(name) == load_prices().get("gpt-4o") != None  # noqa: E711  a chain of three


def test_a_price_tells_where_it_was_read_or_nothing() -> None:
    known = load_prices()
    read, unchecked = known.get("gpt-4o"), known.get("qwen-plus")
    assert read is not None
    assert unchecked is not None
    assert read.source.startswith("https://")
    assert unchecked.source == ""


def test_a_model_of_another_kind_has_no_price() -> None:
    assert load_prices().get("gpt-4o-audio") is None


def test_the_user_adds_a_model_and_changes_ours(tmp_path: Path) -> None:
    known = load_prices(user(tmp_path, OWN, {"slug": "deepseek-chat", "out": "9"}))
    own, changed = known.get("house-1"), known.get("deepseek-chat")
    assert own is not None
    assert changed is not None
    assert (own.tokens_out, own.currency, own.dated) == (Decimal("2.5"), "CNY", date(2025, 11, 1))
    assert (changed.tokens_out, changed.tokens_in) == (Decimal(9), Decimal(2))
    spent = Usage(tokens_in=1_000_000, tokens_cached=400_000, tokens_out=100_000)
    assert own.of(spent) == Decimal("0.6") + Decimal("0.04") + Decimal("0.25")


WRONG = {
    "a float": {**OWN, "in": 0.1},
    "a negative": {**OWN, "out": "-1"},
    "a word": {**OWN, "in": "free"},
    "NaN": {**OWN, "in": "NaN"},
    "true": {**OWN, "in": True},
    "no day": {k: v for k, v in OWN.items() if k != "dated"},
    "no currency": {k: v for k, v in OWN.items() if k != "currency"},
    "a typo": {**OWN, "inn": "1"},
}


@pytest.mark.parametrize("entry", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_price_is_named(tmp_path: Path, entry: object) -> None:
    with pytest.raises(DataError, match="house-1"):
        load_prices(user(tmp_path, entry))
