"""What an editor waits for: help, a cold draft, `make report` once more."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.measuring import ROOT, Finished, Row, UnavailableError, at_most, quantshark, run

RUNS = 5
DRAFT = ("draft", "radar", "--day", "2025-12-12", "--writer", "rules")


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        home, out = Path(folder) / "home", Path(folder) / "out"
        yield at_most("quantshark --help", _median(lambda: quantshark("--help", home=home)), 0.3, "s", "fresh process")
        quantshark("ingest", "fixtures", home=home)
        yield at_most(
            "draft radar, rules writer",
            _median(lambda: quantshark(*DRAFT, "--out", str(out), home=home)),
            2,
            "s",
            "fresh process, fixtures ingested",
        )
    yield at_most("make report, again", _median(_make_report), 5, "s", "second time and later")


def _make_report() -> Finished:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QUANTSHARK_")}
    return run(["make", "report"], clean)


def _median(action: Callable[[], Finished]) -> float:
    results = [action() for _ in range(RUNS)]
    broken = [result for result in results if result.status]
    if broken:
        raise UnavailableError(f"a run failed in {ROOT.name}: {broken[0].output.strip().splitlines()[-1:]}")
    return statistics.median(result.seconds for result in results)
