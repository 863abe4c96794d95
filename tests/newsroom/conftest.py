"""A newsroom over a few days of the fixtures, ingested once for all tests of the room."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from quantshark import settings
from quantshark.newsroom import Assignment, Newsroom
from quantshark.newsroom.framing import Frames
from tests.conftest import ROOT

DAY = date(2025, 12, 12)
FIRST = "radar-2025-12-12-hans-d1"


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a radar of 12 December needs of the fixtures, and what it may not know: three days, and the series before."""
    folder = tmp_path_factory.mktemp("week")
    for file in sorted((ROOT / "fixtures" / "2025-12").rglob("*")):
        if re.search(r"12-1[012]|_history|members", file.name):
            shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="session")
def stocked(week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose store holds the week."""
    home = tmp_path_factory.mktemp("stocked")
    newsroom = Newsroom(settings.Settings(home=home))
    newsroom.ingest([week])
    newsroom.store.close()
    return home


@pytest.fixture
def newsroom(stocked: Path, tmp_path: Path) -> Newsroom:
    """A newsroom of one's own over the fixtures."""
    home = tmp_path / "home"
    shutil.copytree(stocked, home)
    return Newsroom(settings.Settings(home=home))


@pytest.fixture(scope="session")
def drafted_home(stocked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Frames]:
    """A home with one draft of the radar, and the frame that it was written in."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(stocked, home)
    frames = Frames()
    newsroom = Newsroom(settings.Settings(home=home), frames)
    asyncio.run(newsroom.draft(Assignment("radar", DAY, writer="rules", release=False), actor="desk"))
    newsroom.store.close()
    return home, frames


@pytest.fixture
def desk(drafted_home: tuple[Path, Frames], tmp_path: Path) -> Newsroom:
    """A newsroom of one's own that has the draft `FIRST`."""
    home = tmp_path / "desk"
    shutil.copytree(drafted_home[0], home)
    return Newsroom(settings.Settings(home=home), drafted_home[1])
