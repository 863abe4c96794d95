"""What an editor asks of any report: five editions, three days, both scripts; all parts filled, nothing said twice.

Figures per hundred characters stay within what the parts of the reports they were conceived after have (a news scan is
denser than a study): the range of each edition stands in `RUBRICS`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.editions.conftest import LEFTOVERS, PRAISE, Report, Writes

WEEK = "2025-12"
DAYS = ("2025-12-10", "2025-12-11", "2025-12-12")
SCRIPTS = ("hans", "hant")


@dataclass(frozen=True)
class Rubric:
    """Parts in their order, how long the whole may be, how many figures a hundred characters hold."""

    parts: tuple[str, ...]
    shortest: int
    longest: int
    least: float
    most: float


RUBRICS = {
    "radar": Rubric(("overview", "stocks", "theme", "verdict", "lesson"), 2000, 4200, 0.6, 2.45),
    "scan": Rubric(("news", "macro", "risks", "directions", "closing"), 1100, 3200, 0.6, 2.4),
    "close": Rubric(("lead", "market", "sectors", "flows", "view"), 900, 2400, 1.0, 2.7),
    "theme": Rubric(("lead", "why", "valuation", "money", "shorts", "watch", "disclosure"), 1700, 4200, 0.3, 1.5),
    "midday": Rubric(("opening", "what", "why", "sectors", "ahead", "goodbye"), 1300, 2600, 0.7, 1.9),
}

RELEASES = [(slug, day, script) for slug in RUBRICS for day in DAYS for script in SCRIPTS]


@pytest.mark.parametrize(("slug", "day", "script"), RELEASES)
def test_it_is_released_with_all_parts_filled(write: Writes, slug: str, day: str, script: str) -> None:
    report = write(slug, WEEK, day, script)
    assert report.judged.releasable, report.blocking() or report.judged.draft.held
    assert tuple(section.slug for section in report.judged.draft.sections) == RUBRICS[slug].parts
    assert report.judged.draft.omitted == {}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("slug", RUBRICS)
def test_length_and_density_are_those_of_its_kind(write: Writes, slug: str, day: str) -> None:
    report, rubric = write(slug, WEEK, day), RUBRICS[slug]
    assert rubric.shortest <= len(report.body) <= rubric.longest
    assert rubric.least <= report.figures_per_hundred() <= rubric.most


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
