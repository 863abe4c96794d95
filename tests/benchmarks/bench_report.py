"""What an editor waits for: help, a cold draft, `make report` once more; what the rules writer takes for a report."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from quantshark import editions
from quantshark.newsroom import drafting, material, silent
from quantshark.writers.rules import compose
from tests.benchmarks.measuring import Finished, Row, UnavailableError, at_most, quantshark, run

RUNS = 5
DRAFT = ("draft", "radar", "--day", "2025-12-12", "--writer", "rules")


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        home, out = Path(folder) / "home", Path(folder) / "out"
        yield _row("quantshark --help", lambda: quantshark("--help", home=home), 0.3)
        quantshark("ingest", "fixtures", home=home)
        yield _row("draft radar, rules writer, cold", lambda: quantshark(*DRAFT, "--out", str(out), home=home), 2)
    yield _row("make report, again", _make_report, 5)
    yield _composing()


def _composing() -> Row:
    """The slowest of the five editions: all sections, title and summary, from a context that stands."""
    known = material.from_files((Path("fixtures/2025-12"),), silent)[0]
    day = date(2025, 12, 12)
    taken: dict[str, float] = {}
    for slug in editions.slugs():
        edition = editions.load(slug)
        context = drafting.frame(edition, known, day, edition.until(day), "https://quantshark.io")
        compose(context)
        times: list[float] = []
        for _ in range(4 * RUNS):
            start = time.process_time()
            compose(context)
            times.append(1000 * (time.process_time() - start))
        taken[slug] = statistics.median(times)
    slowest = max(taken, key=lambda slug: taken[slug])
    return at_most(
        "rules writer, a report, warm", taken[slowest], 100, "ms", f"CPU, slowest of {len(taken)}: {slowest}"
    )


def _make_report() -> Finished:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QUANTSHARK_")}
    return run(["make", "report"], clean)


def _row(what: str, action: Callable[[], Finished], limit: float) -> Row:
    """The median wall time, with the CPU time beside it: on a busy machine the two part."""
    results = [action() for _ in range(RUNS)]
    broken = [result for result in results if result.status]
    if broken:
        raise UnavailableError(f"{what} failed: {broken[0].output.strip().splitlines()[-1:]}")
    cpu = statistics.median(result.cpu for result in results)
    wall = statistics.median(result.seconds for result in results)
    return at_most(what, wall, limit, "s", f"fresh process, median of {RUNS}; CPU {cpu:.2f} s")
