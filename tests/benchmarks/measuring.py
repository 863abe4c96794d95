"""What measurements have in common: a row of the table, medians over runs, fresh processes."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


class UnavailableError(Exception):
    """What is to be measured is not here; the message says what is missing."""


class Row(NamedTuple):
    """A line of the table. `met` is None where there is no target."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None
    how: str = ""

    @property
    def verdict(self) -> str:
        return {True: "✓", False: "✗ missed", None: ""}[self.met]


def at_most(what: str, value: float, limit: float, unit: str, how: str = "") -> Row:
    return Row(what, f"{value:.3g} {unit}", f"<= {limit:g} {unit}", value <= limit, how)


def at_least(what: str, value: float, limit: float, unit: str, how: str = "") -> Row:
    return Row(what, f"{value:,.4g} {unit}", f">= {limit:,g} {unit}", value >= limit, how)


def seconds(action: Callable[[], object], runs: int = 5) -> float:
    """The median wall time of `action`."""
    times: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


class Served:
    """A Python process that serves while it runs; its first line is its address, which entering gives."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    def __enter__(self) -> str:
        command = [sys.executable, *self._arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own text
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


class Finished(NamedTuple):
    """A process that ran: its status, wall time, CPU time of it and its children, and peak memory."""

    status: int
    seconds: float
    cpu: float
    megabytes: float
    output: str


def quantshark(*arguments: str, home: Path, environment: Mapping[str, str] | None = None) -> Finished:
    """The command line in a fresh process, with its own home and nothing of the developer's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QUANTSHARK_")}
    return run(
        [sys.executable, "-m", "quantshark", *arguments],
        clean | {"QUANTSHARK_HOME": str(home)} | dict(environment or {}),
    )


def run(command: Sequence[str], environment: Mapping[str, str]) -> Finished:
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        command, env=dict(environment), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts kilobytes, macOS bytes.
    scale = 1024 if sys.platform != "darwin" else 1
    cpu = usage.ru_utime + usage.ru_stime
    return Finished(process.returncode, time.perf_counter() - started, cpu, usage.ru_maxrss * scale / 1e6, output)


def own_megabytes() -> float:
    """Peak memory of this process so far."""
    scale = 1024 if sys.platform != "darwin" else 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6
