"""Trials run side by side, are kept, resumed, capped, and pay nothing twice."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from quantshark.errors import EditionError, LabError, ModelError
from quantshark.lab import grid, variants
from quantshark.lab.trials import WHOLE
from quantshark.lab.variants import CURRENT
from quantshark.model import Usage
from quantshark.writers.calls import Ask, Budget, Circuit, Endpoint, Reply
from tests.conftest import ROOT
from tests.lab.conftest import CALLS, Lab, changed, unseen
from tests.writers.conftest import dutiful


def test_every_contender_writes_every_cell(lab: Lab) -> None:
    done = lab.run()
    assert done.finished
    assert [(t.contender, t.cell.day.day, t.cell.section) for t in done.trials] == [
        (CURRENT, 11, "overview"), ("short", 11, "overview"), (CURRENT, 12, "overview"), ("short", 12, "overview"),
    ]  # fmt: skip
    assert all(trial.text.startswith("|") and trial.writers == {"overview": "stub"} for trial in done.trials)
    assert not [v for trial in done.trials for v in trial.verdicts if v.blocks]


def test_an_experiment_is_read_back_as_it_was(lab: Lab) -> None:
    done = lab.run()
    again = grid.read(done.run_id, lab.book)
    assert sorted(again.trials, key=lambda t: t.name) == sorted(done.trials, key=lambda t: t.name)
    assert again.finished


def test_the_same_plan_again_asks_nobody_and_remembers_the_price(lab: Lab) -> None:
    first = lab.run()
    asked = len(lab.model.asked)
    second = lab.run()
    assert second.run_id != first.run_id
    assert len(lab.model.asked) == asked
    assert (first.spent.calls, second.spent.calls) == (4 * CALLS, 0)
    assert [t.usage for t in second.trials] == [t.usage for t in first.trials]
    assert all(t.usage.tokens_in > 1000 for t in second.trials)


KILLED_IN_THE_THIRD_TRIAL = """
import os, signal, sys
from tests.lab.conftest import CALLS, FROZEN, Lab, read
from quantshark.store.work import Work

days = tuple(read(FROZEN / f"2025-12-{day}.frozen.jsonl.xz") for day in ("11", "12"))
lab = Lab(days, Work.open(sys.argv[1]), parallel=1)

def answer(text, ask, number):
    from quantshark.writers.calls import Reply
    if number == 2 * CALLS + 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return Reply(text)

lab.model.reply = answer
lab.run()
"""


def test_a_killed_grid_goes_on_and_pays_nothing_twice(lab: Lab) -> None:
    """The process dies with a question of the third trial under way: two trials are kept, and only the others are asked."""
    url = lab.book.engine.url.render_as_string()
    killed = subprocess.run([sys.executable, "-c", KILLED_IN_THE_THIRD_TRIAL, url], cwd=ROOT, check=False)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL
    record = grid.find("test", lab.book)
    kept = grid.read(record.run_id, lab.book)
    assert (record.state, len(kept.trials), kept.wanted) == ("open", 2, 4)

    done = lab.run()
    assert (done.run_id, done.finished) == (record.run_id, True)
    assert len(lab.model.asked) == 2 * CALLS


def test_a_reply_that_was_paid_before_the_cut_is_not_paid_again(lab: Lab) -> None:
    """The reply is in the journal, the trial is not: what a kill between the two leaves."""
    done = lab.run()
    for trial in done.trials:
        assert trial.keys
        assert all(lab.book.journal.get(key) for key in trial.keys)
    other = replace(done.plan, name="again")
    asked = len(lab.model.asked)
    again = asyncio.run(grid.run(other, lab.days, lab.bench(), lab.book, 2, unseen))
    assert (len(lab.model.asked), again.spent.calls) == (asked, 0)


def test_samples_of_one_question_are_asked_apart(lab: Lab) -> None:
    done = lab.run(variants.current(), samples=2)
    assert len(done.trials) == 4
    assert len(lab.model.asked) == 4 * CALLS
    assert len({ask.messages for ask in lab.model.asked}) == 2 * CALLS


def test_a_cap_stops_the_grid_and_a_higher_one_goes_on(lab: Lab) -> None:
    lab.budget, lab.parallel = Budget.of(600, tokens=12000), 1
    stopped = lab.run()
    assert not stopped.finished
    assert "/12000 词元" in stopped.stopped
    assert stopped.trials
    lab.budget = Budget.of(600)
    done = lab.run()
    assert (done.run_id, done.finished) == (stopped.run_id, True)
    assert len({ask.messages for ask in lab.model.asked}) == len(lab.model.asked), "nothing is paid twice"


def test_a_trial_of_which_one_call_failed_is_made_again_and_pays_that_call_alone(lab: Lab) -> None:
    """The writer does without an answer and the rules fill in: their words must not count as the prompt's."""
    send, failed = lab.model.send, list[Ask]()

    async def failing_once(ask: Ask) -> Reply:
        if len(lab.model.asked) == 1 and not failed:
            failed.append(ask)
            raise ModelError("bad gateway", final=True)
        return await send(ask)

    lab.model.send = failing_once  # type: ignore[method-assign]
    lab.parallel = 1
    cut = lab.run(variants.current())
    assert [(name, why) for name, why in cut.failed.items()] == [("current/2025-12-11/radar/overview/0", "bad gateway")]
    assert [trial.cell.day.day for trial in cut.trials] == [12]
    done = lab.run(variants.current())
    assert (done.run_id, done.finished) == (cut.run_id, True)
    assert len(lab.model.asked) == 2 * CALLS


def test_an_endpoint_that_is_gone_stops_the_grid_with_its_reason(lab: Lab) -> None:
    async def gone(ask: Ask) -> Reply:
        raise ModelError("the endpoint is not there", final=True)

    lab.model.send = gone  # type: ignore[method-assign]
    done = lab.run(variants.current(), changed(), changed("third", new="user:\n写长一点。\n"))
    assert done.trials == ()
    assert done.stopped == "the endpoint is not there"
    assert 3 <= len(done.failed) <= 6


def test_an_endpoint_that_is_left_alone_for_a_moment_is_waited_for(lab: Lab) -> None:
    """The circuit opens with the first failure; the trials behind it wait for it and are made."""
    circuit, failed = Circuit(failures=1, seconds=0.05), list[Ask]()
    send = lab.model.send

    async def failing_once(ask: Ask) -> Reply:
        if not failed:
            failed.append(ask)
            raise ModelError("bad gateway")
        return await send(ask)

    lab.model.send = failing_once  # type: ignore[method-assign]
    lab.parallel = 1
    done = lab.run(asking=lambda _c, _cell, journal: Endpoint(lab.model, journal=journal, attempts=1, circuit=circuit))
    assert (len(done.failed), len(done.trials), done.stopped) == (1, 3, "")


def test_progress_tells_each_trial_and_what_was_paid(lab: Lab) -> None:
    heard: list[tuple[int, int, int]] = []
    plan = grid.plan_of(
        "p", "radar", ["overview"], variants.contenders([variants.current()], ["stub"], [None]), lab.days, lab.bench()
    )
    asyncio.run(
        grid.run(
            plan,
            lab.days,
            lab.bench(),
            lab.book,
            1,
            lambda done, total, _t, spent: heard.append((done, total, spent.calls)),
        )
    )
    assert heard == [(0, 2, 0), (1, 2, CALLS), (2, 2, 2 * CALLS)]


def test_other_frozen_days_than_planned_are_refused(lab: Lab) -> None:
    done = lab.run()
    with pytest.raises(LabError, match="give the very same frozen days"):
        asyncio.run(grid.run(done.plan, lab.days[:1], lab.bench(), lab.book, 1, unseen))


def test_a_section_that_is_not_there_is_refused_before_anything_is_paid(lab: Lab) -> None:
    lab.sections = ("nowhere",)
    with pytest.raises(EditionError, match="no section 'nowhere'"):
        lab.run()
    assert lab.model.asked == []


def test_a_whole_edition_is_one_trial(lab: Lab) -> None:
    lab.sections, lab.days = (WHOLE,), lab.days[1:]
    (trial,) = lab.run(variants.current()).trials
    assert set(trial.writers) == {"overview", "stocks", "theme", "verdict", "lesson"}
    assert trial.text.startswith("---\n")
    assert not [verdict for verdict in trial.verdicts if verdict.blocks]


def test_what_was_false_before_repair_is_counted(lab: Lab) -> None:
    """A model that names another company's direction once is sent back; the trial remembers."""

    def first_time_wrong(key: str, ask: Ask) -> str:
        again = "没有通过核对" in ask.messages[-1][1]
        return dutiful(key, ask) + ("" if again else "腾讯控股也建仓了。")

    lab.model.say = first_time_wrong
    trial = lab.run(variants.current()).trials[0]
    assert trial.flagged > 0
    assert trial.rounds == 1
    assert trial.dropped == ()
    assert "建仓" not in trial.text


def test_usage_is_what_the_replies_cost(lab: Lab) -> None:
    def priced(text: str, ask: Ask, number: int) -> Reply:
        return Reply(text, usage=Usage(tokens_in=1000, tokens_out=50))

    lab.model.reply = priced
    trial = lab.run(variants.current()).trials[0]
    assert (trial.usage.calls, trial.usage.tokens_in, trial.usage.tokens_out) == (CALLS, 1000 * CALLS, 50 * CALLS)


def test_experiments_are_found_by_name_and_beginning_of_id(lab: Lab) -> None:
    done = lab.run(variants.current())
    assert grid.find("test", lab.book).run_id == done.run_id
    assert grid.find(done.run_id[:6], lab.book).run_id == done.run_id
    assert grid.find("", lab.book).run_id == done.run_id
    with pytest.raises(LabError, match="no experiment 'other'; there are: test"):
        grid.find("other", lab.book)
