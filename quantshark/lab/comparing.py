"""Two contenders, pair by pair: a table of differences with intervals, and whether one of them may be called better.

A winner is named by measures that decide (fidelity, coverage, sentences lost): at least one shows a difference in its
favour and none against it. Everything else informs. Where nothing is shown, that is the result, in so many words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from quantshark.lab import statistics
from quantshark.lab.grid import Experiment
from quantshark.lab.measures import MEASURES, Measure, Values
from quantshark.lab.statistics import Difference
from quantshark.lab.trials import Trial

MANY = 3
"""So many contenders beside the first are many: the best of them is better than it looks."""
NO_DIFFERENCE = "没有看出差别"

Measured = Callable[[Trial], Values]


@dataclass(frozen=True)
class Row:
    """A measure of two contenders. `better` names the one a difference speaks for, where one is shown."""

    measure: Measure
    first: float | None
    second: float | None
    difference: Difference | None
    better: str = ""

    @property
    def told(self) -> str:
        """The difference in words: second minus first, with its interval."""
        if self.difference is None:
            return "—"
        scale, unit = (100, " 个百分点") if self.measure.share else (1, "")
        low, mean, high = (scale * value for value in (self.difference.low, self.difference.mean, self.difference.high))
        if not self.difference.bounded:
            return f"{mean:+.2f}{unit}（没有区间）"
        return f"{mean:+.2f}{unit} [{low:+.2f}, {high:+.2f}]"

    @property
    def says(self) -> str:
        if self.difference is None:
            return "没有可比的"
        if not self.difference.shown:
            return NO_DIFFERENCE
        return f"{self.better}较好" if self.better else "有差别"


@dataclass(frozen=True)
class Comparison:
    """The second contender against the first. `winner` is empty where the lab refuses to name one; `why` says why."""

    first: str
    second: str
    rows: tuple[Row, ...]
    winner: str
    why: str
    warnings: tuple[str, ...]
    pairs: int
    days: int


def compare(experiment: Experiment, measured: Measured) -> tuple[Comparison, ...]:
    """Every other contender against the first. Questions of all of them are paid for together."""
    names = [contender.name for contender in experiment.plan.contenders]
    values = {name: _by_cell(experiment.trials, name, measured) for name in names}
    found = [(name, _rows(values[names[0]], values[name])) for name in names[1:]]
    adjusted = iter(
        statistics.holm([row.difference.p for _, rows in found for row in rows if _asks(row) and row.difference])
    )
    made: list[Comparison] = []
    for name, rows in found:
        settled = tuple(_settled(row, adjusted, names[0], name) for row in rows)
        winner, why = _verdict(settled, names[0], name)
        pairs = max((row.difference.pairs for row in settled if row.difference), default=0)
        days = max((row.difference.days for row in settled if row.difference), default=0)
        warnings = _warnings(pairs, days, len(names) - 1, experiment)
        made.append(Comparison(names[0], name, settled, winner, why, warnings, pairs, days))
    return tuple(made)


Cells = Mapping[tuple[str, str], Values]
"""By day and section, the mean of the samples."""


def _by_cell(trials: Sequence[Trial], contender: str, measured: Measured) -> Cells:
    samples: dict[tuple[str, str], list[Values]] = defaultdict(list)
    for trial in trials:
        if trial.contender == contender:
            samples[trial.cell.day.isoformat(), trial.cell.section].append(measured(trial))
    return {
        cell: {m.slug: _mean([told[m.slug] for told in found]) for m in MEASURES} for cell, found in samples.items()
    }


def _rows(first: Cells, second: Cells) -> tuple[Row, ...]:
    both = sorted(first.keys() & second.keys())
    rows: list[Row] = []
    for measure in MEASURES:
        pairs: dict[str, list[float]] = defaultdict(list)
        for cell in both:
            one, other = first[cell][measure.slug], second[cell][measure.slug]
            if one is not None and other is not None:
                pairs[cell[0]].append(other - one)
        means = [_mean([cells[cell][measure.slug] for cell in both]) for cells in (first, second)]
        rows.append(Row(measure, means[0], means[1], statistics.difference(pairs)))
    return tuple(rows)


def _asks(row: Row) -> bool:
    """Measures without a better side describe; they are no question and cost none."""
    return row.difference is not None and row.measure.better != "neither"


def _settled(row: Row, adjusted: Iterator[float], first: str, second: str) -> Row:
    if row.difference is None:
        return row
    told = next(adjusted) if _asks(row) else row.difference.p
    found = replace(row.difference, adjusted=told)
    if not found.shown or row.measure.better == "neither":
        return replace(row, difference=found)
    up_is_good = row.measure.better == "more"
    return replace(row, difference=found, better=second if (found.mean > 0) == up_is_good else first)


def _verdict(rows: Sequence[Row], first: str, second: str) -> tuple[str, str]:
    deciding = [row for row in rows if row.measure.decides and row.better]
    for name, other in ((second, first), (first, second)):
        won = [row.measure.hans for row in deciding if row.better == name]
        lost = [row.measure.hans for row in deciding if row.better == other]
        if won and not lost:
            return name, f"{name}胜出：{'、'.join(won)}较好，其余起决定作用的指标{NO_DIFFERENCE}"
    if deciding:
        return "", "不分胜负：起决定作用的指标各有长短，由编辑取舍"
    return (
        "",
        f"不分胜负：起决定作用的指标（{'、'.join(row.measure.hans for row in rows if row.measure.decides)}）{NO_DIFFERENCE}",
    )


def _warnings(pairs: int, days: int, others: int, experiment: Experiment) -> tuple[str, ...]:
    told: list[str] = []
    if not experiment.finished:
        told.append(f"实验没有做完：{len(experiment.trials)}/{experiment.wanted}，结论只是暂时的")
    if not pairs:
        told.append("还没有一对可比的：两个参赛者都要写成同一天的同一个栏目")
    elif days == 1:
        told.append(f"只有 1 天，估不出区间，再大的差别也显示不出来；请加日子，建议至少 {statistics.FEW_DAYS} 天")
    elif days < statistics.FEW_DAYS:
        told.append(f"只有 {days} 天：区间偏窄，换一批日子结论可能不同；建议至少 {statistics.FEW_DAYS} 天")
    if days > 1 and statistics.least_p(pairs) > statistics.ALPHA:
        told.append(
            f"{pairs} 对比较最小可能的 p 是 {statistics.least_p(pairs):.3f}，再大的差别也显示不出来；请加日子或栏目"
        )
    if others >= MANY:
        told.append(
            f"一共看了 {others} 个变体：最好的那个有一部分是运气，p 值已按 Holm 校正，胜出者请在新的日子上再比一次"
        )
    return tuple(told)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
