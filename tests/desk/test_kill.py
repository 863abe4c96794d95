"""A few of the faults of `make faults`, so that every run of the suite kills a desk on each database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import BOTH, url_of


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return url_of(request.param, tmp_path, request)


@pytest.mark.slow
def test_desks_that_start_at_once_start_a_slot_once(url: str, tmp_path: Path) -> None:
    told = campaign(url, tmp_path, "--kills", "0", "--workers", "3")
    assert told["sound"], told
    assert told["paid_twice"] == 0


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_send_nothing_twice(url: str, tmp_path: Path) -> None:
    told = campaign(url, tmp_path, "--kills", "4", "--workers", "2")
    assert told["sound"], told
    assert told["kills"] == 4


def campaign(url: str, folder: Path, *words: str) -> dict[str, object]:
    """In a process of its own, which may be killed as often as it likes."""
    command = [sys.executable, "-m", "tests.desk.killing", url, str(folder / "home"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    told: dict[str, object] = json.loads(done.stdout)
    return told
