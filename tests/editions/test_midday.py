"""The midday script: half-day facts, readable aloud, projections that only say what to watch."""

from __future__ import annotations

import itertools
import re

import pytest

from quantshark.lexicon.figures import find_figures
from quantshark.press import spoken
from tests.editions.conftest import Writes, reads_well

DAYS = ["2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16"]


@pytest.mark.parametrize("day", DAYS)
def test_midday_is_released_and_reads_well(write: Writes, day: str) -> None:
    report = write("midday", "2026-01", day)
    reads_well(report, 1.0, 2.6)
    slugs = [section.slug for section in report.judged.draft.sections]
    assert slugs == ["opening", "what", "why", "sectors", "ahead", "goodbye"]


@pytest.mark.parametrize("day", DAYS)
def test_script_takes_five_to_seven_minutes(write: Writes, day: str) -> None:
    assert 4.5 <= spoken.seconds(write("midday", "2026-01", day).text) / 60 <= 7.5


@pytest.mark.parametrize("day", DAYS)
def test_script_can_be_read_aloud(write: Writes, day: str) -> None:
    """No tables, lists, brackets or links that a voice would stumble over."""
    body = write("midday", "2026-01", day).body
    assert not re.search(r"^\||^- |^\d+\.|（|\*\*", body, re.MULTILINE)


@pytest.mark.parametrize("day", DAYS)
def test_projections_are_a_class_of_their_own(write: Writes, day: str) -> None:
    """Whatever is exempt as projection stands in a sentence that begins with 推演 and says what to watch."""
    report = write("midday", "2026-01", day)
    found = [v for v in report.judged.result.verdicts if v.reason == "projection"]
    assert found
    for verdict in found:
        line = report.text[report.text.rfind("\n", 0, verdict.start) : report.text.find("\n", verdict.end)]
        assert re.search(r"推演：若.+(?:观察|留意|先看)", line), line


def test_projection_levels_are_facts_of_the_day(write: Writes) -> None:
    """The day's low is told as a fact first; the round number and the average are computed from levels."""
    body = write("midday", "2026-01", "2026-01-15").body
    assert "最低4099.36点" in body
    assert "4100点" in body


def test_only_the_half_day_is_told(write: Writes) -> None:
    report = write("midday", "2026-01", "2026-01-15")
    assert "半日下跌0.60%" in report.body
    assert not re.search(r"净流[入出]\d", report.body)
    assert report.context.until.hour == 12


def test_projections_need_an_edition_that_declares_them(write: Writes) -> None:
    """The same words in a report without the declaration are figures like any other."""
    from quantshark.checks import judge  # noqa: PLC0415 - the only test that judges by hand

    report = write("midday", "2026-01", "2026-01-15")
    bare = report.text.replace("projections: true\n", "")
    judged = judge(bare, report.judged.evidence, as_of=report.context.day)
    assert not any(verdict.reason == "projection" for verdict in judged.verdicts)
    assert not judged.releasable


READ_ALOUD = [
    ("0.60%", "百分之零点六"),
    ("4101.33点", "四千一百零一点三三点"),
    ("26909.31点", "两万六千九百零九点三一点"),
    ("2143家", "两千一百四十三家"),
    ("12200家", "一万二千二百家"),
    ("2家", "两家"),
    ("10005家", "一万零五家"),
    ("科创50", "科创五零"),
    ("14:30以后", "下午两点半以后"),
    ("9:05", "上午九点零五分"),
    ("2024年", "二零二四年"),
    ("19276.38亿元", "约一万九千二百七十六亿元"),
    ("融资余额为24694.57亿元", "融资余额约为两万四千六百九十五亿元"),
    ("2.48万亿元", "两万四千八百亿元"),
    ("1571.93亿元", "一千五百七十一点九三亿元"),
    ("超5%", "超百分之五"),
]


@pytest.mark.parametrize(("printed", "said"), READ_ALOUD)
def test_numerals_are_read_as_people_read_them(printed: str, said: str) -> None:
    assert spoken.aloud(printed) == said


@pytest.mark.parametrize("printed", ["0.60%", "4101.33点", "1382家", "26909.31点", "10005家", "27000点", "14120.15点"])
def test_what_is_said_is_what_was_printed(printed: str) -> None:
    """The reader of figures hears the same value."""
    said = next(f for f in find_figures(spoken.aloud(printed)) if f.value is not None)
    first = next(f for f in find_figures(printed) if f.value is not None)
    assert (said.value, said.unit) == (first.value, first.unit)


def test_plain_text_has_no_marks_and_subtitles_follow_each_other(write: Writes) -> None:
    text = write("midday", "2026-01", "2026-01-15").text
    assert not re.search(r"https?:|\[|\]\(|[*`#|]|\d", spoken.plain(text))
    stamps = re.findall(r"(\S+) --> (\S+)", spoken.subtitles(text))
    assert all(before[1] == after[0] for before, after in itertools.pairwise(stamps))
    assert stamps == sorted(stamps)


WEEK = ["2025-12-08", "2025-12-09", "2025-12-10", "2025-12-11", "2025-12-12"]


@pytest.mark.parametrize("day", WEEK)
def test_only_a_level_that_was_reached_is_lost_again(write: Writes, day: str) -> None:
    report = write("midday", "2025-12", day)
    high, level = report.context.find("sse_high"), report.context.find("sse_round")
    assert high is not None
    assert level is not None
    assert "得而复失" not in report.body or high.fact.value >= level.fact.value


@pytest.mark.parametrize("day", WEEK)
def test_the_night_told_is_the_night_before(write: Writes, day: str) -> None:
    """New York's last close before the slot, not one of earlier nights that happens to be known too."""
    context = write("midday", "2025-12", day).context
    told = context.find("nasdaq")
    assert told is not None
    assert told.document is not None
    assert told.document.known_at is not None
    assert told.document.known_at.date() == context.day
