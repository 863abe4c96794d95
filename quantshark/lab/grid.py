"""A grid of trials: every contender on every cell, in parallel under limits and caps, resumed where it stopped.

An experiment is a durable run in the lab's own database, each trial a step of it: what was finished is read, not
repeated. A trial that was under way finds its paid replies in the journal. The plan is kept with the run, so that it can
be resumed by name alone, and the frozen days are named by hash, so that it goes on with the very same ones.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from quantshark.errors import LabError, ModelError
from quantshark.lab import variants
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.trials import WHOLE, Bench, Cell, Trial, attempt
from quantshark.lab.variants import Contender
from quantshark.model import NOTHING_SPENT, Event, Usage
from quantshark.store.work import RunRecord, Work
from quantshark.writers.calls import total
from quantshark.writers.form import Style

PLAN = "plan"
"""The step that keeps what a run is."""
EXPERIMENT = "lab "
STOPPING = frozenset({"tokens", "money", "deadline"})
FAILURES_IN_A_ROW = 3
"""After so many trials that could not be asked, the endpoint is taken for gone."""
RESTS = 4
"""How often a trial waits for an endpoint that is left alone for a moment."""


@dataclass(frozen=True)
class Plan:
    """What is tried: the first contender is the one that the others are compared with."""

    name: str
    edition: str
    sections: tuple[str, ...]
    contenders: tuple[Contender, ...]
    days: Mapping[str, str]
    samples: int = 1
    context_tokens: int = 4000
    prompts: str = ""
    """The hash of the prompt files that no variant stands in for: other files, other experiment."""
    paths: tuple[str, ...] = ()
    style: Style = "sentences"

    @property
    def digest(self) -> str:
        return hashlib.sha256(_PLAN.dump_json(self)).hexdigest()

    def cells(self, frozen: Sequence[FrozenDay]) -> tuple[Cell, ...]:
        return tuple(
            Cell(day.day, self.edition, section, sample)
            for sample in range(self.samples)
            for day in frozen
            for section in self.sections
        )


@dataclass(frozen=True)
class Experiment:
    """A run of a plan, as far as it got. `stopped` says why it did not finish."""

    run_id: str
    plan: Plan
    trials: tuple[Trial, ...]
    wanted: int
    stopped: str = ""
    failed: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def finished(self) -> bool:
        return len(self.trials) == self.wanted

    @property
    def spent(self) -> Usage:
        """What was paid in the process that made these trials."""
        spent = NOTHING_SPENT
        for trial in self.trials:
            spent = total(spent, trial.spent)
        return spent


Progress = Callable[[int, int, Trial | None, Usage], None]
"""Trials done, of how many, the one just finished, and what this process has spent."""

_PLAN = TypeAdapter(Plan)
_TRIAL = TypeAdapter(Trial)


async def run(
    plan: Plan, frozen: Sequence[FrozenDay], bench: Bench, book: Work, parallel: int, progress: Progress
) -> Experiment:
    """Try everything that is not there yet. What it could not finish stays open; run it again to go on."""
    cells = checked(plan, frozen)
    run_id = book.open_run(f"{EXPERIMENT}{plan.name}", plan.digest)
    book.keep_step(run_id, PLAN, _PLAN.dump_json(plan).decode())
    work = _Trying(run_id, plan, {day.day: day for day in frozen}, bench, book, asyncio.Semaphore(parallel), progress)
    wanted = [(contender, cell) for cell in cells for contender in plan.contenders]
    work.take_up(wanted)
    await asyncio.gather(*(work.one(contender, cell) for contender, cell in wanted))
    if len(work.done) == len(wanted):
        book.close_run(run_id)
    trials = tuple(work.done[_step(c, cell)] for c, cell in wanted if _step(c, cell) in work.done)
    return Experiment(run_id, plan, trials, len(wanted), work.stopped, work.failed)


def checked(plan: Plan, frozen: Sequence[FrozenDay]) -> tuple[Cell, ...]:
    """The cells, once it is sure that every day is the one that was meant and has the edition. Raises LabError."""
    there = {day.day.isoformat(): day.digest for day in frozen}
    if there != dict(plan.days):
        raise LabError(
            f"experiment {plan.name} is about {_days(plan.days)}, given were {_days(there)}; give the very same frozen days",
            notice=f"实验 {plan.name} 用的冻结日与现在给出的不同；用 --frozen 给出当时的那几个文件",
        )
    for day in frozen:
        edition = day.context(plan.edition).edition
        for section in plan.sections:
            if section != WHOLE:
                edition.section(section)
    return plan.cells(frozen)


def read(run_id: str, book: Work) -> Experiment:
    """An experiment as it was left. Raises NotFoundError or LabError."""
    book.run(run_id)
    steps = book.steps(run_id)
    if PLAN not in steps:
        raise LabError(
            f"run {run_id} is no experiment; see `quantshark lab list`",
            notice=f"{run_id} 不是实验；quantshark lab list 列出全部",
        )
    plan = _PLAN.validate_json(steps.pop(PLAN))
    found = {name: _TRIAL.validate_json(told) for name, told in steps.items()}
    order = {contender.name: place for place, contender in enumerate(plan.contenders)}
    trials = sorted(found.values(), key=lambda trial: (trial.cell.name, order.get(trial.contender, 0)))
    wanted = len(plan.contenders) * len(plan.days) * len(plan.sections) * plan.samples
    return Experiment(run_id, plan, tuple(trials), wanted)


def experiments(book: Work, limit: int = 100) -> tuple[RunRecord, ...]:
    """Newest first."""
    return tuple(record for record in book.runs(limit=limit) if record.name.startswith(EXPERIMENT))


def find(told: str, book: Work) -> RunRecord:
    """An experiment by the beginning of its id, or its name; empty: the newest. Raises LabError."""
    known = experiments(book)
    fitting = [r for r in known if r.run_id.startswith(told) or r.name.removeprefix(EXPERIMENT) == told]
    if not fitting:
        names = sorted({r.name.removeprefix(EXPERIMENT) for r in known})
        raise LabError(
            f"no experiment {told!r}; there are: {', '.join(names) or 'none yet'}",
            notice=f"没有叫“{told}”的实验；有的是 {'、'.join(names)}"
            if names
            else "还没有实验；用 quantshark lab run 开始一次",
        )
    return fitting[0]


@dataclass
class _Trying:
    """An experiment under way."""

    run_id: str
    plan: Plan
    frozen: Mapping[object, FrozenDay]
    bench: Bench
    book: Work
    gate: asyncio.Semaphore
    progress: Progress
    done: dict[str, Trial] = field(default_factory=dict[str, Trial])
    failed: dict[str, str] = field(default_factory=dict[str, str])
    wanted: int = 0
    stopped: str = ""
    in_a_row: int = 0

    def take_up(self, wanted: Iterable[tuple[Contender, Cell]]) -> None:
        """What an earlier process finished."""
        steps = self.book.steps(self.run_id)
        names = [_step(contender, cell) for contender, cell in wanted]
        self.wanted = len(names)
        self.done = {name: _TRIAL.validate_json(steps[name]) for name in names if name in steps}
        self.progress(len(self.done), self.wanted, None, self.bench.budget.spent)

    async def one(self, contender: Contender, cell: Cell) -> None:
        name = _step(contender, cell)
        if name in self.done:
            return
        async with self.gate:
            if self.stopped:
                return
            try:
                trial = await self._attempted(contender, cell)
            except ModelError as error:
                self._note(name, error)
                return
        self.in_a_row = 0
        self.book.keep_step(self.run_id, name, _TRIAL.dump_json(trial).decode())
        self.done[name] = trial
        self.progress(len(self.done), self.wanted, trial, self.bench.budget.spent)

    async def _attempted(self, contender: Contender, cell: Cell) -> Trial:
        """An open circuit is a pause, not an answer: nothing was asked, so the trial is not counted as failed."""
        for _ in range(RESTS):
            try:
                return await attempt(contender, cell, self.frozen[cell.day], self.bench, _nobody)
            except ModelError as error:
                if error.details.get("limit") != "circuit":
                    raise
                await asyncio.sleep((error.retry_after or 0.0) + 0.01)
        return await attempt(contender, cell, self.frozen[cell.day], self.bench, _nobody)

    def _note(self, name: str, error: ModelError) -> None:
        self.failed[name] = error.told
        self.in_a_row += 1
        if error.details.get("limit") in STOPPING or self.in_a_row >= FAILURES_IN_A_ROW:
            self.stopped = self.stopped or error.told


def _nobody(_event: Event) -> None:
    """Progress is told trial by trial."""


def _step(contender: Contender, cell: Cell) -> str:
    return f"{contender.name}/{cell.name}"


def _days(days: Mapping[str, str]) -> str:
    return ", ".join(f"{day} ({digest[:8]})" for day, digest in days.items()) or "no day"


def plan_of(
    name: str,
    edition: str,
    sections: Sequence[str],
    contenders: Sequence[Contender],
    frozen: Sequence[FrozenDay],
    bench: Bench,
    samples: int = 1,
    paths: Sequence[Path] = (),
) -> Plan:
    """A plan over these days with the prompt files as they are now."""
    if not contenders:
        raise LabError(
            "nothing to try; give a variant, or try the present prompts",
            notice="没有可试的：用 --variant 或 --edit 给出一个参赛者，或去掉 --no-current",
        )
    variants.require_asked(contenders, edition, bench.style)
    plain = bench.files.digests(frozen[0].context(edition, bench.folder).edition)
    return Plan(
        name=name,
        edition=edition,
        sections=tuple(sections),
        contenders=tuple(contenders),
        days={day.day.isoformat(): day.digest for day in frozen},
        samples=samples,
        context_tokens=bench.context_tokens,
        prompts=hashlib.sha256("\n".join(f"{k} {v}" for k, v in sorted(plain.items())).encode()).hexdigest(),
        paths=tuple(str(path) for path in paths),
        style=bench.style,
    )
