"""A few of the races of `make faults`."""

from __future__ import annotations

from pathlib import Path

from tests.desk import racing


def test_nothing_is_claimed_once_a_halt_has_returned(tmp_path: Path) -> None:
    assert racing.halts(f"sqlite:///{tmp_path / 'news.db'}", tmp_path, 10) == 0


def test_nothing_goes_out_before_its_embargo_ends(tmp_path: Path) -> None:
    assert racing.embargoes(f"sqlite:///{tmp_path / 'news.db'}", tmp_path, 10) == 0
