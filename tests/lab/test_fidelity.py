"""The report card: false sentences are false, true ones true, and the card counts what the check does with them."""

from __future__ import annotations

import random
from datetime import date

import pytest

from quantshark.checks import Evidence
from quantshark.lab import fidelity, mutations
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.mutations import FALSE, TRUE, Subject
from quantshark.model import Entity

TENCENT = Entity("0700.HK", "company", "HK", "腾讯控股")
SENTENCE = "12月11日，腾讯控股获南向资金净买入6.93亿港元。"


def subject(sentence: str = SENTENCE, surface: str = "6.93亿港元", library: str = "") -> Subject:
    figure = mutations.figure_in(sentence, surface)
    assert figure is not None
    return Subject(date(2025, 12, 12), sentence, figure, TENCENT, ("美团-W",), library or sentence)


MADE = {
    "point": "12月11日，腾讯控股获南向资金净买入69.30亿港元。",
    "scale": "12月11日，腾讯控股获南向资金净买入6.93万港元。",
    "unit": "12月11日，腾讯控股获南向资金净买入6.93亿美元。",
    "direction": "12月11日，腾讯控股获南向资金净卖出6.93亿港元。",
    "company": "12月11日，美团-W获南向资金净买入6.93亿港元。",
    "day": "11月11日，腾讯控股获南向资金净买入6.93亿港元。",
    "measure": "12月11日，腾讯控股获南向资金成交6.93亿港元。",
    "hedge": "12月11日，腾讯控股获南向资金净买入超8亿港元。",
    "rescaled": "12月11日，腾讯控股获南向资金净买入69300万港元。",
    "rounded": "12月11日，腾讯控股获南向资金净买入约6.9亿港元。",
    "wide": "12月11日，腾讯控股获南向资金净买入６．９３亿港元。",
    "hant": "12月11日，騰訊控股獲南向資金淨買入6.93億港元。",
}


@pytest.mark.parametrize("slug", sorted(MADE))
def test_each_class_changes_one_thing(slug: str) -> None:
    mutation = next(m for m in (*FALSE, *TRUE) if m.slug == slug)
    assert list(mutation.change(subject(), random.Random(1))) == [MADE[slug]]  # noqa: S311


@pytest.mark.parametrize("slug", ["digit", "swap"])
def test_a_digit_is_another_digit(slug: str) -> None:
    mutation = next(m for m in FALSE if m.slug == slug)
    (told,) = mutation.change(subject(), random.Random(1))  # noqa: S311
    assert told != SENTENCE
    assert len(told) == len(SENTENCE)


def test_a_figure_that_is_said_elsewhere_that_day_is_not_used_as_a_false_one() -> None:
    point = next(m for m in FALSE if m.slug == "point")
    assert list(point.change(subject(library="成交69.30亿港元"), random.Random(1))) == []  # noqa: S311


@pytest.mark.slow
def test_the_card_counts_what_the_check_does(days: tuple[FrozenDay, ...]) -> None:
    heard: list[tuple[int, int]] = []
    card = fidelity.measure(days[1:], 6, 1, lambda done, total, _text: heard.append((done, total)))
    assert heard[-1] == (18, 18)
    assert card.subjects > 20
    assert card == fidelity.measure(days[1:], 6, 1, lambda _done, _total, _text: None)
    assert card.caught > 0.9
    assert card.alarms == 0
    told = fidelity.as_object(card)
    assert told["caught"] == card.caught


def test_a_sentence_is_judged_on_the_day_on_which_it_was_said(days: tuple[FrozenDay, ...]) -> None:
    """今日净卖出52.87亿港元 of 11 December is true of that day, and false a day later: that is no alarm of the check."""
    evidence = Evidence([d for d in days[1].documents.values() if "52.87亿港元" in d.text and d.kind == "news"])
    said = {subject.day for subject in fidelity.subjects_of(days[1], evidence) if "今日" in subject.sentence}
    assert said == {date(2025, 12, 11)}
