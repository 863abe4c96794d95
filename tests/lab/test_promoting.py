"""Promotion writes the file with its numbers, the changelog and the baseline; the gate holds later prompts to it."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from quantshark.errors import LabError
from quantshark.lab import comparing, gate, grid, office, promoting, recording, variants
from quantshark.lab.comparing import Comparison, Row
from quantshark.lab.grid import Experiment
from quantshark.lab.measures import BY_SLUG
from quantshark.lab.promoting import Baseline
from quantshark.lab.recording import Recording
from quantshark.lab.statistics import Difference
from quantshark.model import Journal
from quantshark.newsroom import staff
from quantshark.prompts import load
from quantshark.settings import ModelSettings
from quantshark.settings import load as load_settings
from quantshark.writers.calls import Ask, Endpoint
from quantshark.writers.prompt_book import PromptBook
from tests.conftest import ROOT
from tests.lab.conftest import CALLS, OVERVIEW, Lab, changed, unseen
from tests.writers.conftest import Model, dutiful

TODAY = date(2026, 1, 5)


@dataclass
class Bureau:
    """A lab over a copy of the prompts."""

    lab: Lab
    folder: Path

    def run(self) -> Experiment:
        return self.lab.run(variants.current(), changed())

    def won(self, done: Experiment) -> Comparison:
        """The comparison as if the second had won by fewer false figures."""
        row = Row(BY_SLUG["false"], 2.0, 0.5, Difference(-1.5, -2.0, -1.0, 0.001, 20, 10, 0.01), "short")
        (found,) = comparing.compare(done, self.lab.measured)
        return replace(found, winner="short", why="short胜出", rows=(row,))

    def promote(self, done: Experiment) -> promoting.Promotion:
        return promoting.promote(done, self.won(done), self.folder, self.lab.book.journal, self.lab.measured, TODAY)

    def pass_through(self, baseline: Baseline, model: Model | None) -> gate.Passage:
        nobody = recording.replaying(Recording())
        bench = self.lab.bench(
            (lambda _who, _cell, journal: Endpoint(model, journal=journal, attempts=1)) if model else nobody
        )
        files = PromptBook(self.folder).as_now(
            self.lab.days[0].contexts["radar"].edition.model_copy(update={"folder": self.folder / "radar"})
        )
        return gate.pass_through(baseline, self.lab.days, files, bench, self.lab.book)


@pytest.fixture
def bureau(lab: Lab, tmp_path: Path) -> Bureau:
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    return Bureau(lab, tmp_path / "prompts")


def test_a_winner_becomes_the_file_with_its_numbers(bureau: Bureau) -> None:
    made = bureau.promote(bureau.run())
    prompt = load(bureau.folder / OVERVIEW)
    assert prompt.parts[0][1].startswith("写短一点。")
    told = prompt.head.comparison
    assert told["against"] == "current"
    assert told["days"] == "2025-12-11, 2025-12-12"
    assert told["measures"] == {"返工前不符的数字": "2.00 → 0.50；-1.50 [-2.00, -1.00]；short较好"}
    assert made.line == (
        "- 2026-01-05 radar/overview.prompty：换成“short”，返工前不符的数字 2.00 → 0.50（2 天 2 对，模型 stub）。"
    )
    assert made.line in (bureau.folder / "CHANGELOG.md").read_text("utf-8")
    assert {file.name for file in made.files} == {"overview.prompty", "CHANGELOG.md", "radar.json"}


def test_a_second_promotion_replaces_the_numbers_and_goes_on_top_of_the_log(bureau: Bureau) -> None:
    done = bureau.run()
    first = bureau.promote(done)
    text = (bureau.folder / OVERVIEW).read_text("utf-8")
    again = promoting.with_comparison(text, {"against": "short"}, bureau.folder / OVERVIEW)
    assert again.count("comparison:") == 1
    assert "against: short" in again
    bureau.promote(done)
    log = (bureau.folder / "CHANGELOG.md").read_text("utf-8").splitlines()
    assert log[:3] == ["# 提示词的改动", "", first.line]


def test_without_a_winner_nothing_is_written(bureau: Bureau) -> None:
    done = bureau.run()
    before = (bureau.folder / OVERVIEW).read_bytes()
    (found,) = comparing.compare(done, bureau.lab.measured)
    with pytest.raises(LabError, match=r"short is not promoted: 不分胜负"):
        promoting.promote(done, found, bureau.folder, bureau.lab.book.journal, bureau.lab.measured, TODAY)
    assert (bureau.folder / OVERVIEW).read_bytes() == before
    assert not (bureau.folder / "CHANGELOG.md").exists()


def test_what_is_promoted_passes_the_gate_by_replays_alone(bureau: Bureau) -> None:
    bureau.promote(bureau.run())
    (baseline,) = promoting.baselines(bureau.folder)
    # The comparison in the front matter is not part of what is asked.
    passage = bureau.pass_through(baseline, None)
    assert (passage.missing, passage.asked) == (0, 0)
    assert passage.replayed == sum(len(keys) for keys in baseline.recording.trials.values())
    assert passage.fell(0.0) == ()
    assert [held.slug for held in passage.held] == ["proved", "right", "coverage"]


def test_a_changed_prompt_needs_a_model(bureau: Bureau) -> None:
    bureau.promote(bureau.run())
    (baseline,) = promoting.baselines(bureau.folder)
    path = bureau.folder / OVERVIEW
    path.write_text(path.read_text("utf-8").replace("写短一点。", "写长一点。"), "utf-8")
    passage = bureau.pass_through(baseline, None)
    assert passage.missing == 2
    assert "没有这个问题的记录" in passage.why
    asked = bureau.pass_through(baseline, Model())
    assert (asked.missing, asked.asked, asked.fell(0.0)) == (0, 2 * CALLS, ())


def test_a_worse_prompt_does_not_pass(bureau: Bureau) -> None:
    """After the change the model brings in figures that are not there; they are repaired, and counted."""
    bureau.promote(bureau.run())
    (baseline,) = promoting.baselines(bureau.folder)
    path = bureau.folder / OVERVIEW
    path.write_text(path.read_text("utf-8").replace("写短一点。", "放手写。"), "utf-8")

    def careless(key: str, ask: Ask) -> str:
        return dutiful(key, ask) + ("成交额达九千九百亿元。" if "放手写。" in ask.messages[-1][1] else "")

    passage = bureau.pass_through(baseline, Model(careless))
    assert [held.slug for held in passage.fell(0.005)] == ["right"]
    assert passage.fell(1.0) == ()


def test_what_no_trial_knows_is_missing_and_does_not_pass_for_right() -> None:
    assert gate.Held("proved", "", 1.0, None).fell(0.5)
    assert not gate.Held("proved", "", None, None).fell(0.0)
    assert not gate.Held("proved", "", None, 0.4).fell(0.0)


def test_an_unfinished_experiment_is_no_baseline(bureau: Bureau) -> None:
    done = bureau.run()
    partial = replace(done, trials=done.trials[:1])
    with pytest.raises(LabError, match="has 1 of 4 trials"):
        promoting.keep_baseline(
            partial, done.plan.contenders[0], bureau.folder, bureau.lab.book.journal, bureau.lab.measured
        )


def test_a_broken_baseline_is_named(tmp_path: Path) -> None:
    (tmp_path / "promoted").mkdir()
    (tmp_path / "promoted" / "radar.json").write_text("{}", "utf-8")
    with pytest.raises(LabError, match="is no baseline"):
        promoting.baselines(tmp_path)


def test_a_recording_is_played_again_word_for_word_or_in_order(lab: Lab, tmp_path: Path) -> None:
    done = lab.run()
    path = tmp_path / "replies.json"
    recording.save(recording.record(done, lab.book.journal), path)
    told = recording.load(path)
    again = lab.run(asking=recording.replaying(told))
    assert [trial.text for trial in again.trials] == [trial.text for trial in done.trials]
    other = (variants.current(), changed(new="user:\n换个说法。\n"))
    lab.book.close_run(again.run_id)
    strict = lab.run(*other, asking=recording.replaying(told))
    assert not strict.finished
    loose = lab.run(*other, asking=recording.replaying(told, loose=True))
    assert loose.finished
    assert loose.trials[1].text == done.trials[1].text
    assert len(lab.model.asked) == 4 * CALLS


def test_what_an_endpoint_said_is_replayed_without_its_address(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(name="stub@http://127.0.0.1:9/v1")

    def endpoint(_llm: ModelSettings, _name: str, journal: Journal) -> Endpoint:
        return Endpoint(model, journal=journal, attempts=1)

    monkeypatch.setattr(staff, "endpoint", endpoint)
    monkeypatch.setenv("QUANTSHARK_LLM__MODEL", "stub")
    monkeypatch.setenv("QUANTSHARK_LLM__BASE_URL", "http://127.0.0.1:9/v1")
    asking = office.bench(load_settings(), "radar", lab.book.journal, office.Caps()).asking
    done = lab.run(variants.current(), asking=asking)
    told = recording.record(done, lab.book.journal)
    again = lab.run(variants.current(), asking=recording.replaying(told))
    assert [trial.text for trial in again.trials] == [trial.text for trial in done.trials]
    assert len(model.asked) == len(done.trials) * CALLS


def test_a_recording_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="is no recording"):
        recording.load(tmp_path / "missing.json")


def test_the_gate_wants_its_own_days(bureau: Bureau) -> None:
    bureau.promote(bureau.run())
    (baseline,) = promoting.baselines(bureau.folder)
    plan = grid.plan_of(
        "x", "radar", ["overview"], [baseline.contender], bureau.lab.days, bureau.lab.bench(), baseline.samples
    )
    other = replace(plan, days={"2025-12-11": "another"})
    with pytest.raises(LabError, match="give the very same frozen days"):
        asyncio.run(grid.run(other, bureau.lab.days, bureau.lab.bench(), bureau.lab.book, 1, unseen))
