"""Measures as the file has them, and what a user may change."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from quantshark.data import load_measures
from quantshark.errors import DataError


def write(folder: Path, entries: object) -> Path:
    (folder / "measures.json").write_text(json.dumps(entries), encoding="utf-8")
    return folder


def test_northbound_net_flow_is_retired() -> None:
    net_flow = next(m for m in load_measures() if m.slug == "net_flow")
    assert net_flow.retired_on == date(2024, 8, 19)
    assert any(code.startswith("FLOW.NORTHBOUND") for code in net_flow.retired_for)


def test_user_measure_changes_the_fields_it_names(tmp_path: Path) -> None:
    ours = next(m for m in load_measures() if m.slug == "turnover")
    write(tmp_path, [{"slug": "turnover", "hans": "成交总值"}])
    theirs = next(m for m in load_measures(tmp_path) if m.slug == "turnover")
    assert (theirs.hans, theirs.unit_kind, theirs.names) == ("成交总值", ours.unit_kind, ours.names)


def test_user_measure_is_added(tmp_path: Path) -> None:
    write(tmp_path, [{"slug": "seats", "hans": "席位数", "unit_kind": "count", "retired_on": "2026-01-01"}])
    added = load_measures(tmp_path)[-1]
    assert (added.slug, added.signed, added.names, added.retired_on) == ("seats", False, (), date(2026, 1, 1))


BROKEN: list[tuple[object, str]] = [
    ({"slug": "x"}, "list of objects"),
    ([{"hans": "成交额"}], "entry 1"),
    ([{"slug": "x", "hans": "某", "unit_kind": "money", "nmaes": []}], "nmaes"),
    ([{"slug": "x", "unit_kind": "money"}], "hans is None"),
    ([{"slug": "x", "hans": "某", "unit_kind": "money", "names": "成交"}], "list of texts"),
    ([{"slug": "x", "hans": "某", "unit_kind": "money", "signed": "yes"}], "true or false"),
    ([{"slug": "x", "hans": "某", "unit_kind": "money", "retired_on": "19 Aug"}], "2024-08-19"),
    ([{"slug": "x", "hans": "某", "unit_kind": "money"}] * 2, "twice"),
]


@pytest.mark.parametrize(("entries", "what"), BROKEN)
def test_wrong_user_measure_is_told(tmp_path: Path, entries: object, what: str) -> None:
    with pytest.raises(DataError) as caught:
        load_measures(write(tmp_path, entries))
    assert "measures.json" in str(caught.value)
    assert what in str(caught.value)


def test_json_that_breaks_off_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "measures.json").write_text('[\n{"slug": \n', encoding="utf-8")
    with pytest.raises(DataError, match=r"measures\.json:3:"):
        load_measures(tmp_path)
