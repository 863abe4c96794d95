"""What the lab's commands share: the options that name days and experiments, and an experiment opened from its database."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # the lab is imported by the command that runs
    from quantshark.lab.comparing import Measured
    from quantshark.lab.frozen import FrozenDay
    from quantshark.lab.grid import Experiment
    from quantshark.settings import Settings
    from quantshark.store.work import Work

Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]
Frozen = Annotated[
    list[Path] | None,
    typer.Option("--frozen", metavar="PATH", help="冻结日文件或文件夹，可重复；默认自己冻结的，没有就用自带的五天"),
]
Name = Annotated[str, typer.Argument(metavar="[NAME|ID]", help="实验的名字或编号开头；默认最近的一个")]


def measured(settings: Settings, days: Sequence[FrozenDay]) -> Measured:
    """How a trial is measured: against the context of its frozen day."""
    from quantshark.editions import roots
    from quantshark.lab.measures import measure

    known = {day.day: day for day in days}
    folder = roots(settings.prompts_dir)
    return lambda trial: measure(trial, known[trial.cell.day].context(trial.cell.edition, folder))


@contextmanager
def opened(
    settings: Settings, name: str, frozen: Sequence[Path]
) -> Generator[tuple[Work, Experiment, tuple[FrozenDay, ...]]]:
    """The lab's database, an experiment in it, and its frozen days."""
    from quantshark.lab import grid, office

    with office.database(settings) as book:
        experiment = grid.read(grid.find(name, book).run_id, book)
        paths = [Path(path) for path in experiment.plan.paths] or list(frozen)
        days = office.find_days(settings, frozen or paths, list(experiment.plan.days))
        grid.checked(experiment.plan, days)
        yield book, experiment, days
