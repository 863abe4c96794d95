"""Blind pairs, votes, and a model as judge. The judge here is a stub: how well a real one judges is not measured by these tests."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from quantshark.errors import LabError, ModelError
from quantshark.lab import reading
from quantshark.lab.grid import Experiment
from quantshark.lab.reading import ModelJudge, Side, Vote
from quantshark.store.work import Work
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply
from tests.lab.test_comparing import experiment
from tests.writers.conftest import Model


@pytest.fixture
def done() -> Experiment:
    return experiment("old", "new", days=6)


def test_sides_and_order_are_shuffled_and_stay_so(done: Experiment) -> None:
    pairs = reading.pairs(done, "old", "new")
    assert len(pairs) == 12
    assert {pair.left.contender for pair in pairs} == {"old", "new"}
    assert [pair.name for pair in pairs] != sorted(pair.name for pair in pairs)
    assert pairs == reading.pairs(done, "old", "new")
    assert pairs != reading.pairs(done, "old", "new", seed=2)


def test_drafts_that_are_the_same_are_no_choice(done: Experiment) -> None:
    same = replace(done, trials=tuple(replace(trial, text="一样") for trial in done.trials))
    assert reading.pairs(same, "old", "new") == ()


def test_a_second_vote_of_one_reader_replaces_the_first(done: Experiment, book: Work) -> None:
    pair = reading.pairs(done, "old", "new")[0]
    for side in ("left", "right"):
        reading.vote(book, done, pair, side, "ada")
    reading.vote(book, done, pair, "same", "bob")
    assert reading.votes(book, done) == (
        Vote(pair.name, pair.right.contender, "ada"),
        Vote(pair.name, "", "bob"),
    )


def test_a_tally_is_a_sign_test() -> None:
    cast = [Vote(f"p{n}", "new", "ada") for n in range(6)] + [Vote("p9", "", "ada")]
    told = reading.tally(cast, "old", "new")
    assert (told.first, told.second, told.same, told.p, told.shown) == (0, 6, 1, 2 / 64, True)
    assert not reading.tally(cast[:3], "old", "new").shown
    assert reading.tally([], "old", "new").p == 1.0


class Judge(Model):
    """Prefers by a rule, seeing the two texts in the order in which they are asked about."""

    def __init__(self, rule: str) -> None:
        super().__init__(name="judge")
        self._rule = rule

    async def send(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        told = ask.messages[-1][1]
        first = "new" in told.partition("====乙====")[0]
        choice = {"first": "甲", "new": "甲" if first else "乙", "old": "乙" if first else "甲", "none": "相当"}[
            self._rule
        ]
        return Reply(json.dumps({"choice": choice}, ensure_ascii=False))


def prefers(done: Experiment, rule: str) -> list[str]:
    judge = ModelJudge(Endpoint(Judge(rule), attempts=1), Budget.of(60), ["stub"])
    return [pair.chosen(asyncio.run(judge.prefers(pair))) for pair in reading.pairs(done, "old", "new")]


JUDGES = [("new", {"new"}), ("old", {"old"}), ("first", {""}), ("none", {""})]
"""A judge that follows the position has no preference: it is asked twice with the sides swapped."""


@pytest.mark.parametrize(("rule", "expected"), JUDGES)
def test_a_judge_is_asked_with_the_sides_swapped(done: Experiment, rule: str, expected: set[str]) -> None:
    assert set(prefers(done, rule)) == expected


def test_the_writer_does_not_judge() -> None:
    with pytest.raises(LabError, match="give another model as judge"):
        ModelJudge(Endpoint(Judge("new")), Budget.of(60), ["judge"])


def test_a_judge_that_says_nothing_useful_is_a_failure(done: Experiment) -> None:
    class Mute(Judge):
        async def send(self, ask: Ask) -> Reply:
            self.asked.append(ask)
            return Reply("……")

    judge = ModelJudge(Endpoint(Mute("new"), attempts=1), Budget.of(60), ["stub"])
    with pytest.raises(ModelError, match="gave no choice"):
        asyncio.run(judge.prefers(reading.pairs(done, "old", "new")[0]))


def test_agreement_with_people_is_told_beyond_chance() -> None:
    people = [Vote(f"p{n}", "new" if n < 3 else "old", "ada") for n in range(6)]
    judge = [Vote(f"p{n}", "new" if n < 2 else "old", "model:judge") for n in range(6)]
    found = reading.agreement([*people, *judge])
    assert (found.pairs, found.agreed) == (6, 5)
    assert found.kappa == pytest.approx((5 / 6 - 1 / 2) / (1 - 1 / 2))
    assert reading.agreement(people).share is None


def test_pairs_on_which_people_are_split_do_not_count() -> None:
    cast = [Vote("p", "new", "ada"), Vote("p", "old", "bob"), Vote("p", "new", "model:judge")]
    assert reading.agreement(cast).pairs == 0


SIDES: list[tuple[Side, str]] = [("left", "left"), ("right", "right"), ("same", "")]


@pytest.mark.parametrize(("side", "who"), SIDES)
def test_a_side_is_a_contender(done: Experiment, side: Side, who: str) -> None:
    pair = reading.pairs(done, "old", "new")[0]
    assert pair.chosen(side) == {"left": pair.left.contender, "right": pair.right.contender, "": ""}[who]
