from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from quantshark.model import SHANGHAI
from quantshark.sources.dates import parse_published
from tests.sources.files import read_one, refusal

WRITTEN = [
    ("2025-12-11", date(2025, 12, 11)),
    ("2025-12-11 16:45", datetime(2025, 12, 11, 16, 45, tzinfo=SHANGHAI)),
    ("2025-12-11 16:45:09", datetime(2025, 12, 11, 16, 45, 9, tzinfo=SHANGHAI)),
    ("2025-12-11T16:45:09.5", datetime(2025, 12, 11, 16, 45, 9, 500_000, tzinfo=SHANGHAI)),
    ("2025-12-11T08:45:09Z", datetime(2025, 12, 11, 16, 45, 9, tzinfo=SHANGHAI)),
    ("2025-12-11T16:45:09+0800", datetime(2025, 12, 11, 16, 45, 9, tzinfo=SHANGHAI)),
    ("2025-12-11 03:45:09 -05:00", datetime(2025, 12, 11, 16, 45, 9, tzinfo=SHANGHAI)),
    ("2025/12/1 9:05", datetime(2025, 12, 1, 9, 5, tzinfo=SHANGHAI)),
    ("2025年12月11日", date(2025, 12, 11)),
    ("2025年12月11日 16:45", datetime(2025, 12, 11, 16, 45, tzinfo=SHANGHAI)),
]


@pytest.mark.parametrize(("written", "meant"), WRITTEN)
def test_reads(written: str, meant: date) -> None:
    assert parse_published(written) == meant
    assert type(parse_published(written)) is type(meant)


def test_a_foreign_zone_is_kept() -> None:
    read = parse_published("2025-12-11T03:45:00-05:00")
    assert isinstance(read, datetime)
    assert read.tzinfo == timezone(timedelta(hours=-5))


NO_DATE = ["", "昨日", "12月11日", "2025-13-01", "2025-02-30", "2025-12-11 25:00", "1702300000", "20251211", "2025-12-11 x", "２０２５-12-11"]  # fmt: skip


@pytest.mark.parametrize("written", NO_DATE)
def test_reads_nothing_else(written: str) -> None:
    assert parse_published(written) is None


@pytest.mark.parametrize("written", ["昨日", "2025-02-30", "0025-12-11", "2925-12-11"])
def test_a_bad_date_is_a_refusal_with_its_line(tmp_path: Path, written: str) -> None:
    found = refusal(tmp_path, "a.md", f"---\ntitle: 收盘\ndate: {written}\n---\n恒指收涨1%。\n")
    assert (found.code, found.line) == ("date", 3)


def test_without_a_date_there_is_none(tmp_path: Path) -> None:
    document = read_one(tmp_path, "a.md", "---\ntitle: 收盘\n---\n恒指收涨1%。\n")
    assert document.published_at is None
    assert document.known_at is None


def test_a_bare_day_is_known_when_it_is_over(tmp_path: Path) -> None:
    document = read_one(tmp_path, "a.md", "---\ndate: 2025-12-11\n---\n恒指收涨1%。\n")
    assert document.published_at == date(2025, 12, 11)
    assert document.known_at == datetime(2025, 12, 11, 23, 59, 59, tzinfo=SHANGHAI)
