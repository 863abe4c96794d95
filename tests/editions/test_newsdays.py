"""Two real news days, read where they lie beside the checkout: the scan goes out, the others are held and say for what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editions.conftest import NEWSDAY, Writes

DAYS = ["2026-04-14", "2026-04-15"]
LACKING = {"close": "当日港股大市成交额", "midday": "当日半日收盘", "theme": "指数估值"}


@pytest.mark.parametrize("day", DAYS)
def test_scan_of_a_real_day_is_released(write: Writes, shared: Path, day: str) -> None:
    assert shared
    report = write("scan", NEWSDAY, day)
    assert report.judged.releasable, report.blocking() or report.judged.draft.held
    assert report.body.count("### 【") >= 3


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("slug", "core"), LACKING.items())
def test_others_are_held_and_name_what_is_missing(write: Writes, shared: Path, slug: str, core: str, day: str) -> None:
    """These days hold no closing turnover of Hong Kong, no half-day close and no valuation."""
    assert shared
    report = write(slug, NEWSDAY, day)
    assert any(core in name for name in report.judged.draft.held)
    assert not report.judged.releasable
