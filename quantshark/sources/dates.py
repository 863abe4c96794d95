"""When something was published: the forms that news sites write, read strictly; a bad date is refused, not dropped."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from quantshark.model import SHANGHAI

STAMP = re.compile(
    r"""(?P<year>\d{4})(?:-|/|\.|年)(?P<month>\d{1,2})(?:-|/|\.|月)(?P<day>\d{1,2})日?
    (?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?
       \s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def parse_published(value: str) -> datetime | date | None:
    """A moment with its zone (Asia/Shanghai where none is written), or a bare day; None where it is neither."""
    found = STAMP.fullmatch(value.strip())
    if found is None:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        return day if found["hour"] is None else _moment(day, found)
    except ValueError:
        return None


def _moment(day: date, found: re.Match[str]) -> datetime:
    fraction = int((found["fraction"] or "0").ljust(6, "0")[:6])
    clock = (int(found["hour"]), int(found["minute"]), int(found["second"] or 0), fraction)
    return datetime(day.year, day.month, day.day, *clock, tzinfo=_zone(found["zone"]))


def _zone(written: str | None) -> timezone:
    if written is None:
        return SHANGHAI
    if written.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    offset = -offset if written[0] == "-" else offset
    return SHANGHAI if offset == timedelta(hours=8) else timezone(offset)
