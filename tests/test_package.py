"""What is shipped: a wheel with everything that is read at run time, and locks that name no machine."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
LINE = re.compile(
    r"^(?:#.*|[a-z0-9][a-z0-9.-]*==[^\s;\\]+(?: ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?|    # .*|)$"
)


def test_the_wheel_carries_what_is_read_at_run_time(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    data = {path.relative_to(ROOT) for path in (ROOT / "quantshark").rglob("*") if path.is_file()}
    prompts = {path.relative_to(ROOT) for path in (ROOT / "prompts").rglob("*") if path.is_file()}
    expected = {p.as_posix() for p in data if "__pycache__" not in p.parts} | {
        f"quantshark/{p.as_posix()}" for p in prompts
    }
    assert expected - carried == set()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_pins_and_hashes_and_names_no_place(name: str) -> None:
    """Any line that is neither (an index, a find-links, a path) would tie the lock to the machine that wrote it."""
    strange = [line for line in (ROOT / name).read_text("utf-8").splitlines() if not LINE.match(line)]
    assert strange == []


def test_the_locks_agree_and_hold_every_dependency() -> None:
    pins = {
        name: dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in LOCKS
    }
    for package, version in pins["requirements.lock"].items():
        assert pins["requirements-dev.lock"][package] == version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for name, wanted in (
        ("requirements.lock", [*project["dependencies"], *extras["postgres"], *extras["build"]]),
        ("requirements-dev.lock", [each for each in extras["dev"] if not each.startswith("quantshark")]),
    ):
        named = {re.split(r"[\[<>=~!]", each)[0].lower().replace("_", "-") for each in wanted}
        assert named <= pins[name].keys()
