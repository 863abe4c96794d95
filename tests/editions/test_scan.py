"""The evening scan: groups that the day's news make, macro, numbered risks, directions without advice."""

from __future__ import annotations

import re

import pytest

from tests.editions.conftest import Writes, reads_well

DAYS = ["2025-12-16", "2025-12-17", "2025-12-18"]


@pytest.mark.parametrize("day", DAYS)
def test_scan_is_released_and_reads_well(write: Writes, day: str) -> None:
    report = write("scan", "2025-12", day)
    reads_well(report, 0.8, 2.6)
    assert [s.slug for s in report.judged.draft.sections] == ["news", "macro", "risks", "directions", "closing"]


@pytest.mark.parametrize("day", DAYS)
def test_scan_has_three_to_six_groups_of_linked_news(write: Writes, day: str) -> None:
    news = write("scan", "2025-12", day).parts[0].text
    groups = re.findall(r"^### 【(.+)】$", news, re.MULTILINE)
    assert 3 <= len(groups) <= 6
    assert len(set(groups)) == len(groups)
    assert all("](https://" in block for block in news.split("### ")[1:])


def test_groups_are_found_from_the_day(write: Writes) -> None:
    """Two days do not have the same groups: they come from what was published."""
    groups = [
        tuple(re.findall(r"【(.+)】", write("scan", "2025-12", day).parts[0].text))
        for day in ("2025-12-16", "2025-12-17")
    ]
    assert groups[0] != groups[1]
    assert "AI大模型与应用" in groups[1]


@pytest.mark.parametrize("day", DAYS)
def test_risks_are_numbered_from_one(write: Writes, day: str) -> None:
    numbers = re.findall(r"^(\d)\. \*\*", write("scan", "2025-12", day).parts[2].text, re.MULTILINE)
    assert numbers == [str(place) for place in range(1, len(numbers) + 1)]
    assert len(numbers) >= 3


@pytest.mark.parametrize("day", DAYS)
def test_directions_name_members_with_reasons_and_no_advice(write: Writes, day: str) -> None:
    report = write("scan", "2025-12", day)
    text = report.parts[3].text
    stocks = re.findall(r"([\u4e00-\u9fff]+(?:-S?W)?)（([^）]+)）", text)
    members = {report.context.name(code) for code in report.context.edition.members}
    assert stocks
    assert {name for name, _ in stocks} <= members
    assert len({name for name, _ in stocks}) == len(stocks)
    assert not re.search(r"增持|减持|买入(?!额)|卖出(?!额|较)", re.sub(r"净买入|净卖出", "", text))


def test_seeds_flows_are_told(write: Writes) -> None:
    body = write("scan", "2025-12", "2025-12-17").body
    assert "净买入79.09亿港元" in body
    assert "累计净买入138.48亿港元" in body
