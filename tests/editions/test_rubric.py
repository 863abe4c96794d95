"""What an editor asks of any report: five editions, three days, both scripts; all parts filled, nothing said twice.

Figures per hundred characters stay within what the five reports have that they were conceived after, measured the same
way: `LEAST` is that of the study, `MOST` that of the closing report.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.editions.conftest import LEFTOVERS, PRAISE, Report, Writes, figures_per_hundred

WEEK = "2025-12"
DAYS = ("2025-12-10", "2025-12-11", "2025-12-12")
SCRIPTS = ("hans", "hant")


@dataclass(frozen=True)
class Rubric:
    """Parts in their order, and how long the whole may be."""

    parts: tuple[str, ...]
    shortest: int
    longest: int


LEAST, MOST = 0.76, 2.15
"""Figures per hundred characters of the leanest and of the densest of the five."""


RUBRICS = {
    "radar": Rubric(("overview", "stocks", "theme", "verdict", "lesson"), 2000, 4200),
    "scan": Rubric(("news", "macro", "risks", "directions", "closing"), 1100, 3200),
    "close": Rubric(("lead", "market", "sectors", "flows", "view"), 900, 2400),
    "theme": Rubric(("lead", "why", "valuation", "money", "shorts", "watch", "disclosure"), 1700, 4200),
    "midday": Rubric(("opening", "what", "why", "sectors", "ahead", "goodbye"), 1300, 2600),
}

RELEASES = [(slug, day, script) for slug in RUBRICS for day in DAYS for script in SCRIPTS]


@pytest.mark.parametrize(("slug", "day", "script"), RELEASES)
def test_it_is_released_with_all_parts_filled(write: Writes, slug: str, day: str, script: str) -> None:
    report = write(slug, WEEK, day, script)
    assert report.judged.releasable, report.blocking() or report.judged.draft.held
    assert tuple(section.slug for section in report.judged.draft.sections) == RUBRICS[slug].parts
    assert report.judged.draft.omitted == {}


@pytest.mark.parametrize(("slug", "day", "script"), RELEASES)
def test_length_and_density_are_those_of_its_kind(write: Writes, slug: str, day: str, script: str) -> None:
    report, rubric = write(slug, WEEK, day, script), RUBRICS[slug]
    assert rubric.shortest <= len(report.body) <= rubric.longest
    assert LEAST <= round(report.figures_per_hundred(), 2) <= MOST


def test_the_seeds_give_the_range(shared: Path) -> None:
    """Measured with the same reader, front matter and addresses aside."""
    dense = [figures_per_hundred(seed.read_text(encoding="utf-8")) for seed in (shared / "seeds").glob("*.txt")]
    assert (round(min(dense), 2), round(max(dense), 2)) == (LEAST, MOST)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("slug", RUBRICS)
def test_nothing_is_said_twice_and_nothing_is_praise(write: Writes, slug: str, day: str) -> None:
    report = write(slug, WEEK, day)
    assert [text for text, times in Counter(report.sentences).items() if times > 1] == []
    assert [word for word in (*PRAISE, *LEFTOVERS) if word in report.body] == []
    assert [word for word in report.context.edition.forbidden if word in report.body] == []
    assert [text for text, times in Counter(openings(report)).items() if times > 2] == []


def openings(report: Report) -> list[str]:
    """How paragraphs begin; a row of a table and an item of a list begin with what they are about."""
    lines = (line for line in report.body.splitlines() if len(line) > 20 and not re.match(r"[#|\-（\d*]", line))
    return [line[:6] for line in lines]


@pytest.mark.parametrize("slug", RUBRICS)
def test_two_days_do_not_read_alike(write: Writes, slug: str) -> None:
    """Of what is no definition, disclosure or list of conditions, most sentences differ from day to day."""
    one, other = ({*write(slug, WEEK, day).sentences} for day in DAYS[1:])
    shared = len(one & other) / min(len(one), len(other))
    assert shared <= {"theme": 0.6, "radar": 0.5}.get(slug, 0.3), f"{shared:.0%} of the sentences are the same"
