"""Promotion: the better text becomes the prompt file, with the numbers it won by in its front matter.

Beside it the baseline is written (`promoted/<edition>.json`): the texts, what they measured on which frozen days, and the
replies, so that the gate can ask later whether anything has become worse, without a model where nothing has changed.
Everything is laid out in the folder, ready to be read and committed; nothing is committed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from quantshark.errors import LabError
from quantshark.lab import recording
from quantshark.lab.comparing import Comparison, Measured
from quantshark.lab.grid import Experiment
from quantshark.lab.recording import Recording
from quantshark.lab.variants import Contender
from quantshark.model import Journal
from quantshark.prompts import parse
from quantshark.writers.form import Style

BASELINES = "promoted"
CHANGELOG = "CHANGELOG.md"
KEPT = ("proved", "false", "dropped", "figures", "coverage")
"""What a baseline remembers of each trial."""

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n---[ \t]*\n", re.DOTALL)


@dataclass(frozen=True)
class Baseline:
    """What was promoted last: who wrote what on which days, how it measured, and the replies."""

    edition: str
    sections: tuple[str, ...]
    contender: Contender
    days: Mapping[str, str]
    context_tokens: int
    samples: int
    measured: Mapping[str, Mapping[str, float | None]]
    """By cell (`2025-12-12/radar/overview/0`)."""
    recording: Recording = field(default_factory=Recording)
    style: Style = "sentences"


_BASELINE = TypeAdapter(Baseline)


@dataclass(frozen=True)
class Promotion:
    """What was written, and the line of the changelog."""

    files: tuple[Path, ...]
    line: str


def promote(
    experiment: Experiment, comparison: Comparison, folder: Path, journal: Journal, measured: Measured, today: date
) -> Promotion:
    """Put the winner's text in place of the prompt file. Raises LabError where the lab names no winner."""
    if comparison.winner != comparison.second:
        raise LabError(
            f"{comparison.second} is not promoted: {comparison.why}; add days or sections and run it again",
            notice=f"没有换上 {comparison.second}：{comparison.why}；加日子或栏目再试",
        )
    winner = contender_of(experiment, comparison.second)
    if not winner.variant.texts:
        raise LabError(
            f"{winner.name} changes no prompt file, there is nothing to write; set its model in the settings",
            notice=f"{winner.name} 没有改动提示词，不用写文件；要换模型请改设置",
        )
    told = _numbers(experiment, comparison)
    files: list[Path] = []
    for name, text in winner.variant.texts.items():
        path = folder / name
        _put(path, with_comparison(text, told, path))
        files.append(path)
    line = _line(comparison, winner, experiment, today)
    _put(folder / CHANGELOG, _with_line(folder / CHANGELOG, line))
    kept = keep_baseline(experiment, winner, folder, journal, measured)
    return Promotion((*files, folder / CHANGELOG, kept), line)


def keep_baseline(
    experiment: Experiment, contender: Contender, folder: Path, journal: Journal, measured: Measured
) -> Path:
    """Write down what a contender measured, for the gate."""
    if not experiment.finished:
        raise LabError(
            f"experiment {experiment.plan.name} has {len(experiment.trials)} of {experiment.wanted} trials; "
            "finish it with `quantshark lab run --resume`",
            notice=f"实验 {experiment.plan.name} 只做了 {len(experiment.trials)}/{experiment.wanted} 次；用 quantshark lab run --resume 做完",
        )
    own = tuple(trial for trial in experiment.trials if trial.contender == contender.name)
    # The file is the variant from now on: the gate asks with what lies in the folder.
    plain = Contender(type(contender.variant)("current"), contender.model, contender.temperature)
    replies = recording.record(Experiment(experiment.run_id, experiment.plan, own, len(own)), journal)
    renamed = {f"{plain.name}/{trial.cell.name}": trial.keys for trial in own}
    baseline = Baseline(
        edition=experiment.plan.edition,
        sections=experiment.plan.sections,
        contender=plain,
        days=experiment.plan.days,
        context_tokens=experiment.plan.context_tokens,
        samples=experiment.plan.samples,
        measured={t.cell.name: {slug: value for slug, value in measured(t).items() if slug in KEPT} for t in own},
        recording=Recording(replies.replies, renamed),
        style=experiment.plan.style,
    )
    path = folder / BASELINES / f"{baseline.edition}.json"
    told: Any = _BASELINE.dump_python(baseline, mode="json")  # JSON
    _put(path, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return path


def baselines(folder: Path) -> tuple[Baseline, ...]:
    """What was promoted last, by edition. Raises LabError."""
    found: list[Baseline] = []
    for path in sorted((folder / BASELINES).glob("*.json")):
        try:
            found.append(_BASELINE.validate_json(path.read_bytes()))
        except (OSError, ValidationError) as problem:
            raise LabError(
                f"{path} is no baseline ({' '.join(str(problem).split())[:160]}); promote again",
                notice=f"{path} 不是基准文件；重新用 quantshark lab promote 记下",
            ) from problem
    return tuple(found)


def with_comparison(text: str, told: Mapping[str, Any], path: Path) -> str:
    """A prompt's text with its comparison in the front matter; the rest stays as it was typed. Raises PromptError."""
    found = _FRONT.match(text)
    head = found[1] if found else ""
    own = re.sub(r"^comparison:.*?(?=^\S|\Z)", "", head + "\n", flags=re.MULTILINE | re.DOTALL).rstrip("\n")
    block = yaml.safe_dump(  # pyright: ignore[reportUnknownMemberType]  its stubs type one argument in part
        {"comparison": dict(told)}, allow_unicode=True, sort_keys=False, width=120
    ).rstrip()
    made = f"---\n{own}\n{block}\n---\n{text[found.end() :] if found else text}"
    parse(made, path)
    return made


def _numbers(experiment: Experiment, comparison: Comparison) -> dict[str, Any]:
    """The comparison as front matter: by what it won, against what, on which days."""
    deciding = [row for row in comparison.rows if row.measure.decides]
    return {
        "experiment": f"{experiment.plan.name} ({experiment.run_id[:8]})",
        "against": comparison.first,
        "days": ", ".join(experiment.plan.days),
        "sections": ", ".join(experiment.plan.sections),
        "pairs": comparison.pairs,
        "result": comparison.why,
        "measures": {
            row.measure.hans: f"{row.measure.told(row.first)} → {row.measure.told(row.second)}；{row.told}；{row.says}"
            for row in deciding
        },
    }


def _line(comparison: Comparison, winner: Contender, experiment: Experiment, today: date) -> str:
    names = "、".join(sorted(winner.variant.texts))
    won = "；".join(
        f"{row.measure.hans} {row.measure.told(row.first)} → {row.measure.told(row.second)}"
        for row in comparison.rows
        if row.measure.decides and row.better == comparison.winner
    )
    days = len(experiment.plan.days)
    return f"- {today} {names}：换成“{winner.name}”，{won}（{days} 天 {comparison.pairs} 对，模型 {winner.model}）。"


def _with_line(path: Path, line: str) -> str:
    """Newest first, under the heading."""
    old = path.read_text("utf-8") if path.is_file() else "# 提示词的改动\n\n"
    head, _, rest = old.partition("\n\n")
    return f"{head}\n\n{line}\n{rest}"


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def contender_of(experiment: Experiment, name: str) -> Contender:
    """A contender by name. Raises LabError."""
    found = next((c for c in experiment.plan.contenders if c.name == name), None)
    if found is None:
        named = [c.name for c in experiment.plan.contenders]
        raise LabError(
            f"no contender {name!r}; there are {', '.join(named)}",
            notice=f"没有叫“{name}”的参赛者；有的是 {'、'.join(named)}",
        )
    return found
