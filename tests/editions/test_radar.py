"""The morning radar: what to watch, never what to do; the newest first; the other side of a verdict apart from its reasons."""

from __future__ import annotations

import re

import pytest

from tests.editions.conftest import Writes

DAYS = ["2025-12-09", "2025-12-10", "2025-12-11", "2025-12-12"]


@pytest.mark.parametrize("day", DAYS)
def test_an_edition_that_observes_gives_no_advice(write: Writes, day: str) -> None:
    body = write("radar", "2025-12", day).body
    assert not re.search("建议|指南|对你的", body)
    assert "观察要点" in body


@pytest.mark.parametrize("day", DAYS)
def test_latest_news_begins_with_the_newest(write: Writes, day: str) -> None:
    dates = [
        (int(month), int(number))
        for month, number in re.findall(r"^- (\d+)月(\d+)日，", write("radar", "2025-12", day).body, re.MULTILINE)
    ]
    assert dates
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("day", DAYS)
def test_what_speaks_against_a_verdict_is_none_of_its_reasons(write: Writes, day: str) -> None:
    lines = write("radar", "2025-12", day).body.splitlines()
    assert any(line.startswith(("同时要提防：", "另一面也要看到：")) for line in lines)
    assert not any(line.startswith(("- 同时要提防", "- 另一面")) for line in lines)


@pytest.mark.parametrize("day", DAYS)
def test_a_run_of_days_is_not_called_a_single_day(write: Writes, day: str) -> None:
    rows = [line for line in write("radar", "2025-12", day).body.splitlines() if "净卖出，期间累计" in line]
    assert not [row for row in rows if "单日集中" in row or "短短数日" in row]
