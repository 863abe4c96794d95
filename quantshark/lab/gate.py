"""The gate: are the prompts of the working tree as true and as complete as the ones that were promoted last?

Each baseline is played again on its frozen days with the prompts, the code and the registries of today. Questions that
have not changed are answered from the recording; changed ones need a model. What is compared are shares of figures:
proved, right before repair, and the weight of the facts told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from quantshark.lab import grid, office, recording
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.measures import Values, measure
from quantshark.lab.promoting import Baseline
from quantshark.lab.trials import Asking, Bench, Cell, Trial
from quantshark.lab.variants import Contender
from quantshark.model import Journal, Usage
from quantshark.store.work import Work
from quantshark.writers.calls import Endpoint
from quantshark.writers.prompt_book import PromptBook

TOLERANCE = 0.005
"""Half a percentage point: less is one figure more or less in a long report."""
HELD = {"proved": "有据的数字占比", "right": "返工前无误的数字占比", "coverage": "要紧事实的覆盖（加权）"}


@dataclass(frozen=True)
class Held:
    """A measure before and now; None where no trial has it."""

    slug: str
    hans: str
    before: float | None
    now: float | None

    def fell(self, tolerance: float) -> bool:
        """What was known before and is not known now has fallen: it is no longer shown to be right."""
        if self.before is None:
            return False
        return self.now is None or self.now < self.before - tolerance


@dataclass(frozen=True)
class Passage:
    """A baseline at the gate. `missing` trials got no answer (`why`): what they ask has changed, and no model is there."""

    edition: str
    held: tuple[Held, ...]
    replayed: int
    asked: int
    missing: int = 0
    why: str = ""

    def fell(self, tolerance: float) -> tuple[Held, ...]:
        return tuple(held for held in self.held if held.fell(tolerance))


def pass_through(
    baseline: Baseline, frozen: Sequence[FrozenDay], files: PromptBook, bench: Bench, book: Work
) -> Passage:
    """Play a baseline again. Raises LabError where the frozen days are not its own."""
    counting = _Counting(bench.asking, baseline)
    own = Bench(counting.ask, bench.journal, bench.budget, files, baseline.context_tokens, baseline.style)
    plan = grid.plan_of(
        f"gate-{baseline.edition}",
        baseline.edition,
        baseline.sections,
        [baseline.contender],
        frozen,
        own,
        baseline.samples,
    )
    grid.checked(plan, frozen)
    done = asyncio.run(office.carry_out(plan, frozen, own, book, 2, _unseen))
    days = {day.day: day for day in frozen}
    now = {
        trial.cell.name: measure(trial, days[trial.cell.day].context(baseline.edition, files.folder))
        for trial in done.trials
    }
    both = sorted(now.keys() & baseline.measured.keys())
    held = tuple(_held(slug, [baseline.measured[cell] for cell in both], [now[cell] for cell in both]) for slug in HELD)
    replayed = counting.replayed(done)
    why = next(iter(done.failed.values()), "")
    return Passage(baseline.edition, held, replayed, counting.asked, done.wanted - len(done.trials), why)


def _unseen(_done: int, _total: int, _trial: Trial | None, _spent: Usage) -> None:
    """The gate tells its result, not its steps."""


def _held(slug: str, before: Sequence[Values], now: Sequence[Values]) -> Held:
    return Held(
        slug, HELD[slug], _mean([_value(told, slug) for told in before]), _mean([_value(told, slug) for told in now])
    )


class _Counting:
    """Asks the recording first, then whoever else there is."""

    def __init__(self, asking: Asking, baseline: Baseline) -> None:
        self._asking = asking
        self._replaying = recording.replaying(baseline.recording)
        self._known = baseline.recording.replies
        self.asked = 0

    def ask(self, contender: Contender, cell: Cell, journal: Journal) -> Endpoint:
        endpoint = self._asking(contender, cell, journal)
        replay = self._replaying(contender, cell, journal)
        endpoint.journal = replay.journal
        return endpoint

    def replayed(self, done: grid.Experiment) -> int:
        keys = [key for trial in done.trials for key in trial.keys]
        self.asked = sum(key not in self._known for key in keys)
        return len(keys) - self.asked


def _value(told: Values, slug: str) -> float | None:
    if slug != "right":
        return told.get(slug)
    figures, false = told.get("figures"), told.get("false")
    return None if not figures else max(0.0, 1 - (false or 0) / figures)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
