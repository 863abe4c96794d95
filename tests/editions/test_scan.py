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


BEYOND = "产业链与同业（非成分股）"


@pytest.mark.parametrize("day", ["2025-12-09", "2025-12-11", "2025-12-12"])
def test_what_is_no_member_stands_apart(write: Writes, day: str) -> None:
    """Of the themes only members are told; bought and sold lists and pictures name members alone."""
    report = write("scan", "2025-12", day)
    groups = dict(re.findall(r"### 【(.+?)】\n\n(.*?)(?=\n### |\Z)", report.parts[0].text, re.DOTALL))
    inside = "".join(text for name, text in groups.items() if name != BEYOND)
    assert not re.search(r"英伟达|博通|Anthropic|摩尔线程|泡泡玛特|中国海洋石油", inside)
    members = set(report.context.edition.members)
    assert all(chart.pool for chart in report.context.edition.charts)
    assert all(set(chart.pool) <= members for chart in report.context.edition.charts if chart.cue != "move")


@pytest.mark.parametrize("day", ["2025-12-09", "2025-12-11", "2025-12-12"])
def test_alike_stocks_are_classed_alike(write: Writes, day: str) -> None:
    """What is bought and falls, or sold and rises, is to be watched, whichever stock it is."""
    lines = write("scan", "2025-12", day).parts[3].text.splitlines()
    clear = [line for line in lines if line.startswith(("- **积极", "- **需谨慎"))]
    for reasons in (found for line in clear for found in re.findall(r"（([^）]+)）", line)):
        assert not ("净买入" in reasons and "走低" in reasons)
        assert not ("净卖出" in reasons and "走高" in reasons)


def test_a_buyback_heading_needs_buybacks(write: Writes) -> None:
    for day in ("2025-12-09", "2025-12-12"):
        news = write("scan", "2025-12", day).parts[0].text
        assert ("【公司回购】" in news) == (len(re.findall(r"回购\[?[\d.]+万股", news)) >= 2)
