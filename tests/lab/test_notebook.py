"""The notebook is a script as well: it runs from top to bottom on recorded replies, without a model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quantshark.lab import office, recording
from tests.conftest import ROOT

NOTEBOOK = ROOT / "notebooks" / "prompt_lab.py"


@pytest.mark.slow
def test_the_notebook_runs_as_a_script(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QUANTSHARK_")}
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(NOTEBOOK)],
        env=clean | {"QUANTSHARK_HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first = done.stdout.splitlines()[0]
    made, wanted = first.split(" ")[0].split("/")
    assert made == wanted
    assert "有据的数字占比\t100.0%\t100.0%" in done.stdout
    assert (tmp_path / "lab.db").is_file()


def test_the_recording_that_ships_is_small_and_whole() -> None:
    path = office.SHIPPED / "replies.json"
    told = recording.load(path)
    assert path.stat().st_size < 200_000
    assert {name.split("/")[0] for name in told.trials} == {"current", "照初稿"}
    assert all(key in told.replies for keys in told.trials.values() for key in keys)
