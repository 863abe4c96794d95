"""How long does the lab itself take? 200 trials with a model that answers at once: what is left is our own work.

Two contenders, five frozen days, two sections, ten samples; the documents of each day are read once, as a user's run does.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from quantshark.lab import frozen, grid, variants
from quantshark.lab.trials import Bench, Trial
from quantshark.model import Usage
from quantshark.store.work import Work
from quantshark.writers.calls import Budget, Endpoint
from quantshark.writers.prompt_book import PromptBook
from tests.benchmarks.measuring import Row, at_most
from tests.lab.conftest import FROZEN, changed
from tests.writers.conftest import Model


def _unseen(_done: int, _total: int, _trial: Trial | None, _spent: Usage) -> None:
    """Only the time counts."""


def measure() -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Work.open(f"sqlite:///{(Path(folder) / 'lab.db').as_posix()}") as book,
    ):
        began, cpu = time.perf_counter(), time.process_time()
        days = frozen.read_all([FROZEN])
        model = Model()
        files = PromptBook.of(None).as_now(days[0].context("radar").edition)
        bench = Bench(
            lambda _who, _cell, journal: Endpoint(model, journal=journal), book.journal, Budget.of(600), files
        )
        named = variants.contenders([variants.current(), changed()], ["stub"], [None])
        plan = grid.plan_of("bench", "radar", ["overview", "stocks"], named, days, bench, samples=10)
        done = asyncio.run(grid.run(plan, days, bench, book, 4, _unseen))
        wall, spent = time.perf_counter() - began, time.process_time() - cpu
    how = f"{len(done.trials)} trials, days read and judged; {spent:.1f} s of processor time, one process"
    yield at_most("200 trials of the lab, zero-latency stub", wall, 20, "s", how)
