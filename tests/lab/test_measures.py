"""What a trial comes to, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quantshark.lab import prose
from quantshark.lab.measures import BY_SLUG, MEASURES, matter, measure
from quantshark.lab.trials import Trial
from quantshark.model import Usage
from tests.lab.conftest import Lab

PROSE = [
    ("南向资金净卖出。", 1, 7.0),
    ("南向资金净卖出。恒指回落。", 2, 5.5),
    ("| 资金面 | 净卖出 |\n| --- | --- |\n", 2, 3.0),
    ("[南向资金净卖出](https://a.example/News/d1)。", 1, 7.0),
]
"""A text, how many sentences (cells) it has, and their mean length."""


@pytest.mark.parametrize(("text", "sentences", "mean"), PROSE)
def test_sentences_by_hand(text: str, sentences: int, mean: float) -> None:
    read = prose.read(text)
    assert (read.characters / read.sentence, read.sentence) == (sentences, mean)


def test_what_is_said_twice_is_a_repetition() -> None:
    once, twice = prose.read("资金流出令大盘承压。"), prose.read("资金流出令大盘承压。资金流出令大盘承压。")
    assert (once.repeated, twice.repeated) == (0.0, 1.0)
    assert prose.read("恒生指数回落，恒生指数成分股走弱。").repeated == 0.0


def test_worn_phrases_are_counted_and_named() -> None:
    read = prose.read("值得注意的是，板块有望迎来修复，值得注意的是成交不足。")
    assert sorted(read.worn) == ["值得注意的是", "值得注意的是", "有望迎来"]
    assert read.cliches == pytest.approx(1000 * 3 / read.characters)


def test_long_sentences_are_a_share() -> None:
    assert prose.read("涨" * 61 + "。跌。").long == 0.5


def test_an_empty_text_has_no_prose() -> None:
    assert prose.read("") == prose.Prose(0, 0.0, 0.0, 0.0, 0.0)


def test_a_faithful_section_covers_everything_and_keeps_its_shape(lab: Lab) -> None:
    trial = lab.run().trials[0]
    told = lab.measured(trial)
    assert set(told) == set(BY_SLUG) == {m.slug for m in MEASURES}
    assert (told["proved"], told["coverage"], told["structure"], told["citations"]) == (1.0, 1.0, 1.0, 1.0)
    assert (told["false"], told["dropped"], told["flagged"]) == (0, 0, 0)
    assert told["cost"] is None
    assert 0.1 < (told["own"] or 0) < 1.0


def test_leaving_out_the_main_figure_costs_more_than_a_lesser_one(lab: Lab) -> None:
    trial = lab.run().trials[0]
    context = lab.days[0].context("radar")
    weights = matter(trial, context)
    heavy, light = (pick(weights, key=lambda fact_id: weights[fact_id]) for pick in (max, min))

    def without(fact_id: str) -> float:
        left = tuple(m for m in trial.marks if m.fact_id != fact_id)
        kept = tuple(v for v in trial.verdicts if v.fact is None or v.fact.fact_id != fact_id)
        return measure(replace(trial, marks=left, verdicts=kept), context)["coverage"] or 0.0

    assert without(heavy) < without(light) < 1.0


def test_a_figure_that_blocks_is_not_proved_and_covers_nothing(lab: Lab) -> None:
    trial = lab.run().trials[0]
    spoilt = tuple(replace(v, status="refuted") if v.status != "exempt" else v for v in trial.verdicts)
    told = measure(replace(trial, verdicts=spoilt, marks=()), lab.days[0].context("radar"))
    assert (told["proved"], told["coverage"]) == (0.0, 0.0)


def test_a_link_to_the_wrong_document_is_not_right(lab: Lab) -> None:
    trial = lab.run().trials[0]
    wrong = tuple(replace(v, reason="cited", status="refuted") for v in trial.verdicts)
    assert measure(replace(trial, verdicts=wrong), lab.days[0].context("radar"))["citations"] == 0.0


def test_a_table_that_became_a_paragraph_lost_its_shape(lab: Lab) -> None:
    trial = lab.run().trials[0]
    told = measure(replace(trial, text="南向资金净卖出。", marks=(), verdicts=()), lab.days[0].context("radar"))
    assert told["structure"] == 0.0
    assert (told["own"], told["proved"], told["figures"]) == (1.0, None, 0)


def test_cost_and_time_are_those_of_the_first_asking(lab: Lab) -> None:
    trial: Trial = replace(lab.run().trials[0], usage=Usage(calls=2, tokens_in=900, tokens_out=70, seconds=3.5))
    told = lab.measured(trial)
    assert (told["calls"], told["tokens_in"], told["tokens_out"], told["seconds"]) == (2, 900, 70, 3.5)


TOLD = [("proved", 0.9876, "98.8%"), ("false", 1.5, "1.50"), ("tokens_in", 12345.0, "12,345"), ("cost", None, "—")]


@pytest.mark.parametrize(("slug", "value", "told"), TOLD)
def test_numbers_are_told_as_people_write_them(slug: str, value: float | None, told: str) -> None:
    assert BY_SLUG[slug].told(value) == told
