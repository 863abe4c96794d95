"""The README is true: its Python runs, its commands do what they say, its targets and settings exist."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quantshark import settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = [code for kind, code in BLOCK.findall(README) if kind == "python"]
SHELL = [code for kind, code in BLOCK.findall(README) if kind == "sh"]


@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_python_runs(code: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr


def test_commands_run_one_after_another(tmp_path: Path) -> None:
    """In a folder with the fixtures, as in a checkout; comments say what each is for."""
    shutil.copytree(ROOT / "fixtures" / "2025-12", tmp_path / "fixtures")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUANTSHARK_")}
    commands = [line for code in SHELL for line in code.splitlines() if line.startswith("quantshark ")]
    assert len(commands) >= 8
    for line in commands:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "quantshark", *shlex.split(line, comments=True)[1:]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


def test_every_make_target_it_names_is_one() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)", README))
    assert named
    assert named <= targets


def test_every_setting_it_names_is_one() -> None:
    named = set(re.findall(r"QUANTSHARK_[A-Z_]+[A-Z]", README))
    assert named
    assert named <= set(settings.variables())


def test_every_file_it_names_is_there() -> None:
    named = re.findall(r"\]\(([^)#:]+)\)|`((?:quantshark|prompts|tests|deploy|docs|fixtures)/[\w./-]+)`", README)
    for path in filter(None, (one or other for one, other in named)):
        assert (ROOT / path).exists(), path
