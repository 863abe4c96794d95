"""A frozen day is a file that nobody may change, and all that a trial needs."""

from __future__ import annotations

import lzma
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from quantshark import editions
from quantshark.errors import LabError
from quantshark.lab import frozen
from quantshark.lab.frozen import FrozenDay
from quantshark.newsroom import material
from quantshark.writers.rules import compose
from tests.conftest import ROOT
from tests.lab.conftest import FROZEN

SHIPPED = ("2025-12-10", "2025-12-11", "2025-12-12", "2025-12-15", "2025-12-16")


def test_five_days_ship_and_are_small() -> None:
    files = sorted(FROZEN.glob("*.frozen.jsonl.xz"))
    assert tuple(file.name.split(".")[0] for file in files) == SHIPPED
    assert sum(file.stat().st_size for file in files) < 1_000_000


def test_a_day_knows_its_editions_documents_and_facts(days: tuple[FrozenDay, ...]) -> None:
    day = days[1]
    assert (day.day, day.editions, day.demo) == (date(2025, 12, 12), ("radar", "scan"), True)
    assert len(day.facts) == len(day.fact_lines) > 1000
    assert {fact.source.doc_id for fact in day.facts if fact.source} <= set(day.documents)


def test_nothing_of_a_later_hour_is_frozen_for_an_edition(days: tuple[FrozenDay, ...]) -> None:
    context = days[1].context("radar")
    assert all(d.known_at is not None and d.known_at <= context.until for d in context.documents.values())


def test_writing_and_reading_gives_the_same_day(days: tuple[FrozenDay, ...], tmp_path: Path) -> None:
    path = frozen.write(days[1], tmp_path)
    again = frozen.read(path)
    assert (again.digest, again.frozen_as) == (days[1].digest, days[1].frozen_as)
    assert path.read_bytes() == frozen.write(again, tmp_path / "again").read_bytes()
    texts = (compose(day.context("radar")).texts for day in (days[1], again))
    assert next(texts) == next(texts)


@pytest.mark.slow
def test_freezing_the_fixtures_gives_what_a_draft_would_be_written_from(tmp_path: Path) -> None:
    known, _ = material.from_files([ROOT / "fixtures" / "2025-12"], lambda _done, _total, _text: None)
    made = frozen.freeze(
        date(2025, 12, 12), [editions.load("radar")], lambda _edition, _until: known, "https://a.example"
    )
    again = frozen.read(frozen.write(made, tmp_path))
    assert again.digest == made.digest
    assert again.drifted == ()
    assert compose(again.context("radar")).texts == compose(made.context("radar")).texts


def test_a_changed_file_is_refused_with_both_hashes(tmp_path: Path) -> None:
    told = lzma.decompress((FROZEN / "2025-12-12.frozen.jsonl.xz").read_bytes()).decode()
    assert "52.87" in told
    path = tmp_path / "2025-12-12.frozen.jsonl.xz"
    path.write_bytes(lzma.compress(told.replace("52.87", "52.78", 1).encode()))
    with pytest.raises(LabError, match="was changed after it was frozen: its hash is"):
        frozen.read(path)


@pytest.mark.parametrize("content", [b"", b"not compressed", lzma.compress(b"[]"), lzma.compress(b'{"frozen": 99}')])
def test_what_is_no_frozen_day_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.frozen.jsonl.xz"
    path.write_bytes(content)
    with pytest.raises(LabError, match=r"is no frozen day|is of format 99"):
        frozen.read(path)


def test_an_edition_that_was_not_frozen_is_named(days: tuple[FrozenDay, ...]) -> None:
    with pytest.raises(LabError, match="not frozen for 'close' but for radar, scan"):
        days[1].context("close")


def test_a_folder_is_read_by_day_and_no_day_twice(tmp_path: Path) -> None:
    path = FROZEN / "2025-12-12.frozen.jsonl.xz"
    with pytest.raises(LabError, match="2025-12-12 is there twice"):
        frozen.read_all([path, path])
    with pytest.raises(LabError, match="no frozen day"):
        frozen.read_all([tmp_path])


def test_a_day_without_core_facts_is_not_frozen() -> None:
    none = material.Material((), ())
    with pytest.raises(LabError, match="nothing to freeze"):
        frozen.freeze(date(2025, 12, 12), [editions.load("radar")], lambda _edition, _until: none, "https://a.example")


def test_other_wording_than_when_frozen_is_noticed(days: tuple[FrozenDay, ...]) -> None:
    """Whatever was reworded since these days were frozen: one that is frozen as it reads today has not drifted."""
    today = replace(days[1], frozen_as={slug: context.digest for slug, context in days[1].contexts.items()})
    assert today.drifted == ()
    assert replace(today, frozen_as={**today.frozen_as, "radar": "other"}).drifted == ("radar",)
