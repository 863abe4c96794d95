"""Which of two drafts reads better, when nobody knows whose it is: people blind, and a model that judges twice.

Pairs come in a shuffled order with sides shuffled too, both from a seed, so that a page shows the same pair when it is
opened again. A model judge is asked with the sides swapped as well; an answer that follows the side is no preference. It
may not be the model that wrote, and how often it agrees with the people is told beside its votes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from quantshark.editions import roots
from quantshark.errors import LabError, ModelError, ReplyError
from quantshark.lab import statistics
from quantshark.lab.grid import Experiment
from quantshark.lab.trials import Trial
from quantshark.prompts import load
from quantshark.store.work import Work
from quantshark.writers.calls import Ask, Budget, Endpoint
from quantshark.writers.reply import one_object

Side = Literal["left", "right", "same"]
SIDES: tuple[Side, ...] = ("left", "right", "same")
JUDGE = "model:"
"""Votes of a model are signed with this and its name."""


@dataclass(frozen=True)
class Pair:
    """Two drafts of one cell, sides shuffled."""

    name: str
    left: Trial
    right: Trial

    def chosen(self, side: Side) -> str:
        """Whose draft was preferred; empty for neither."""
        return {"left": self.left.contender, "right": self.right.contender, "same": ""}[side]


@dataclass(frozen=True)
class Vote:
    """Somebody's preference: the contender's name, empty where both read alike."""

    pair: str
    chosen: str
    by: str


@dataclass(frozen=True)
class Tally:
    """Preferences of one pair of contenders: a sign test over those who had one."""

    first: int
    second: int
    same: int
    p: float

    @property
    def shown(self) -> bool:
        return self.p <= statistics.ALPHA


_VOTE = TypeAdapter(Vote)


def pairs(experiment: Experiment, first: str, second: str, seed: int = statistics.SEED) -> tuple[Pair, ...]:
    """The pairs to read, in shuffled order. Drafts that are word for word the same are left out: there is no choice."""
    by_cell = {(trial.contender, trial.cell.name): trial for trial in experiment.trials}
    rng = random.Random(f"{seed}/{experiment.run_id}/{first}/{second}")  # noqa: S311  the same order when opened again
    found: list[Pair] = []
    for name in sorted({trial.cell.name for trial in experiment.trials}):
        one, other = by_cell.get((first, name)), by_cell.get((second, name))
        if one is None or other is None or one.text == other.text:
            continue
        left, right = (one, other) if rng.random() < 0.5 else (other, one)
        found.append(Pair(name, left, right))
    rng.shuffle(found)
    return tuple(found)


def vote(book: Work, experiment: Experiment, pair: Pair, side: Side, by: str) -> Vote:
    """Keep a preference; whoever votes on a pair again has changed their mind."""
    run_id = _votes_of(book, experiment)
    made = Vote(pair.name, pair.chosen(side), by)
    book.keep_step(run_id, f"{len(book.steps(run_id)):06d}", _VOTE.dump_json(made).decode())
    return made


def votes(book: Work, experiment: Experiment) -> tuple[Vote, ...]:
    """The last word of each reader on each pair."""
    kept = (_VOTE.validate_json(told) for _, told in sorted(book.steps(_votes_of(book, experiment)).items()))
    last = {(cast.pair, cast.by): cast for cast in kept}
    return tuple(last.values())


def _votes_of(book: Work, experiment: Experiment) -> str:
    return book.open_run("votes", experiment.run_id)


def tally(cast: Iterable[Vote], first: str, second: str) -> Tally:
    counts = Counter(one.chosen for one in cast if one.chosen in (first, second, ""))
    won, lost = counts[first], counts[second]
    signs = [1.0] * won + [-1.0] * lost
    return Tally(won, lost, counts[""], statistics.p_value(signs) if signs else 1.0)


# A model as judge

SCHEMA = {
    "type": "object",
    "properties": {"choice": {"type": "string", "enum": ["甲", "乙", "相当"]}},
    "required": ["choice"],
    "additionalProperties": False,
}


class ModelJudge:
    """A model that reads pairs, each twice with the sides swapped."""

    def __init__(self, endpoint: Endpoint, budget: Budget, writers: Iterable[str], prompts: Path | None = None) -> None:
        if endpoint.name in set(writers):
            raise LabError(
                f"{endpoint.name} wrote these drafts and prefers its own; give another model as judge",
                notice=f"{endpoint.name} 写过这些草稿，会偏向自己；用 --model 换一个模型来评",
            )
        self._endpoint = endpoint
        self._budget = budget
        self._prompt = load(roots(prompts) / "shared" / "judge.prompty")

    @property
    def name(self) -> str:
        return f"{JUDGE}{self._endpoint.name}"

    async def prefers(self, pair: Pair) -> Side:
        """The side that wins in both positions, else neither. Raises ModelError."""
        there = await self._choice(pair.left.text, pair.right.text)
        back = await self._choice(pair.right.text, pair.left.text)
        if there == "甲" and back == "乙":
            return "left"
        return "right" if there == "乙" and back == "甲" else "same"

    async def _choice(self, first: str, second: str) -> str:
        told = self._prompt.render({"first": first, "second": second})
        sampling = self._prompt.head.sampling
        ask = Ask(
            tuple((message.role, message.text) for message in told),
            schema=SCHEMA,
            schema_name="choice",
            max_tokens=sampling.max_tokens,
            temperature=sampling.temperature,
        )
        reply = await self._endpoint.ask(ask, self._budget)
        try:
            return str(one_object(reply.text).get("choice", ""))
        except ReplyError as error:
            raise ModelError(
                f"the judge {self._endpoint.name} gave no choice: {error}",
                final=True,
                notice=f"评判的模型 {self._endpoint.name} 没有给出选择",
            ) from error


@dataclass(frozen=True)
class Agreement:
    """A judge against the people, on pairs that both decided; kappa is what chance does not explain."""

    pairs: int
    agreed: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        return self.agreed / self.pairs if self.pairs else None


def agreement(cast: Sequence[Vote]) -> Agreement:
    """How far a model's votes go with those of people (their majority on each pair)."""
    people = _majorities(one for one in cast if not one.by.startswith(JUDGE))
    models = _majorities(one for one in cast if one.by.startswith(JUDGE))
    both = sorted(people.keys() & models.keys())
    agreed = sum(people[name] == models[name] for name in both)
    if not both:
        return Agreement(0, 0, None)
    chance = _by_chance([people[name] for name in both], [models[name] for name in both])
    kappa = None if chance == 1 else (agreed / len(both) - chance) / (1 - chance)
    return Agreement(len(both), agreed, kappa)


def _majorities(cast: Iterable[Vote]) -> dict[str, str]:
    """The contender that most chose on each pair; pairs without a majority are left out."""
    by_pair: dict[str, Counter[str]] = {}
    for one in cast:
        if one.chosen:
            by_pair.setdefault(one.pair, Counter())[one.chosen] += 1
    found: dict[str, str] = {}
    for name, counts in by_pair.items():
        best = counts.most_common(2)
        if len(best) == 1 or best[0][1] > best[1][1]:
            found[name] = best[0][0]
    return found


def _by_chance(one: Sequence[str], other: Sequence[str]) -> float:
    first, second = Counter(one), Counter(other)
    return sum(first[name] * second[name] for name in first) / (len(one) * len(other))
