"""A report of each edition as it was read line by line and found good. `make golden` writes them anew: read the difference.

They are made of our own fixtures alone, and show title, summary and sections as a reader sees them, without links.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.editions.conftest import Report, Writes, written

FOLDER = Path(__file__).parent / "golden"
DAYS = {
    "radar": ("2025-12", "2025-12-12"),
    "scan": ("2025-12", "2025-12-17"),
    "close": ("2025-02", "2025-02-12"),
    "theme": ("2025-03", "2025-03-06"),
    "midday": ("2026-01", "2026-01-15"),
}
"""The days that the reports of `../shared/seeds` are about."""


def told(report: Report) -> str:
    """What a reader sees."""
    draft = report.judged.draft
    return f"{draft.title}\n\n{draft.summary}\n\n{report.body.strip()}\n"


@pytest.mark.parametrize("slug", DAYS)
def test_the_report_is_the_one_that_was_read(write: Writes, slug: str) -> None:
    report = write(slug, *DAYS[slug])
    assert report.judged.releasable, report.blocking()
    kept = (FOLDER / f"{slug}-{DAYS[slug][1]}.md").read_text(encoding="utf-8")
    assert told(report) == kept, "make golden, and read the difference"


def renew() -> None:
    """Write all five anew."""
    FOLDER.mkdir(exist_ok=True)
    for slug, (week, day) in DAYS.items():
        (FOLDER / f"{slug}-{day}.md").write_text(told(written(slug, week, day)), encoding="utf-8")
        print(f"{slug} {day}")


if __name__ == "__main__":
    renew()
