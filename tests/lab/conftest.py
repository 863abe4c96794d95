"""Two of the frozen days that ship, a model that says what a test wants, and a lab database of a test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from quantshark.lab import grid, office, variants
from quantshark.lab.comparing import Measured
from quantshark.lab.frozen import FrozenDay, read
from quantshark.lab.grid import Experiment
from quantshark.lab.measures import measure
from quantshark.lab.trials import Asking, Bench, Trial
from quantshark.lab.variants import Contender, Variant
from quantshark.model import Usage
from quantshark.store.work import Work
from quantshark.writers.calls import Budget, Endpoint
from quantshark.writers.prompt_book import PromptBook
from tests.conftest import ROOT
from tests.writers.conftest import Model

FROZEN = office.SHIPPED
OVERVIEW = "radar/overview.prompty"
CALLS = 2
"""In how many calls an overview is asked: its four slots are more than one answer holds."""


@pytest.fixture(scope="session")
def days() -> tuple[FrozenDay, ...]:
    """The two days with which a test can do: reading more costs a second each."""
    return tuple(read(FROZEN / f"2025-12-{day}.frozen.jsonl.xz") for day in ("11", "12"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Work]:
    with Work.open(f"sqlite:///{(tmp_path / 'lab.db').as_posix()}") as work:
        yield work


def changed(name: str = "short", old: str = "user:\n", new: str = "user:\n写短一点。\n") -> Variant:
    """The overview prompt with a passage replaced."""
    return Variant(name, {OVERVIEW: (ROOT / "prompts" / OVERVIEW).read_text("utf-8").replace(old, new)})


def unseen(_done: int, _total: int, _trial: Trial | None, _spent: Usage) -> None:
    """Progress for those who do not look."""


@dataclass
class Lab:
    """A grid over the two days with scripted models."""

    days: tuple[FrozenDay, ...]
    book: Work
    model: Model = field(default_factory=Model)
    sections: tuple[str, ...] = ("overview",)
    budget: Budget = field(default_factory=lambda: Budget.of(600))
    parallel: int = 2

    @property
    def asking(self) -> Asking:
        return lambda _contender, _cell, journal: Endpoint(self.model, journal=journal, attempts=1)

    def bench(self, asking: Asking | None = None) -> Bench:
        files = PromptBook.of(None).as_now(self.days[0].context("radar").edition)
        return Bench(asking or self.asking, self.book.journal, self.budget, files)

    def run(
        self, *named: Variant, contenders: tuple[Contender, ...] = (), samples: int = 1, asking: Asking | None = None
    ) -> Experiment:
        bench = self.bench(asking)
        known = contenders or variants.contenders(named or (variants.current(), changed()), ["stub"], [None])
        plan = grid.plan_of("test", "radar", self.sections, known, self.days, bench, samples)
        return asyncio.run(grid.run(plan, self.days, bench, self.book, self.parallel, unseen))

    @property
    def measured(self) -> Measured:
        known = {day.day: day for day in self.days}
        return lambda trial: measure(trial, known[trial.cell.day].context("radar"))


@pytest.fixture
def lab(days: tuple[FrozenDay, ...], book: Work) -> Lab:
    return Lab(days, book)
