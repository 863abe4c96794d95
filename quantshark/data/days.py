"""When the markets are open, as published: calendars/*.json by market and year, and the user's dated overrides.

A year is official when the exchange's notice for it is out; another is a projection and says so. A user's file of the
same name replaces whole years (the mainland's 2027, once it is published); `calendars/overrides.csv` changes single
days: a typhoon, a late opening, a special closing. `calendars.Calendar` answers questions with this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import cast

from quantshark.data.files import (
    HERE,
    Entry,
    Stamp,
    day_of,
    json_of,
    rows_of,
    spell,
    stamp,
    string,
    strings,
    user_stamp,
)
from quantshark.errors import DataError

CALENDARS = ("XHKG", "XSHG", "SOUTHBOUND")
OVERRIDE_HEADER = ("day", "calendar", "what", "time", "note")
OVERRIDES = ("closed", "open", "half", "late_open", "early_close")


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times of a trading day: continuous trading, the break at noon (None on half days), the final close."""

    opens: time
    closes: time
    final: time
    pause: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a market: weekdays without trading and half days, each with its reason, and who published them."""

    year: int
    official: bool
    source: str
    holidays: Mapping[date, str]
    half_days: Mapping[date, str]
    weather: Mapping[date, str] = field(default_factory=dict[date, str])
    """Days on which severe weather did not stop trading; kept because older rules would have closed the market."""


@dataclass(frozen=True, slots=True)
class Override:
    """What a user says of one day: closed, open, half, late_open or early_close (with the time)."""

    day: date
    calendar: str
    what: str
    at: time | None
    note: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """A market as its file has it; `both` names the markets that must be open together (港股通)."""

    name: str
    title: str
    zone: str
    both: tuple[str, ...]
    hours: Hours | None
    half_hours: Hours | None
    years: tuple[Year, ...]
    overrides: tuple[Override, ...]


def load_timetable(name: str, user: Path | None = None) -> Timetable:
    """The calendar file of a market with the user's years and overrides laid over it."""
    if name not in CALENDARS:
        raise DataError(f"there is no calendar {name!r}; use one of {spell(CALENDARS)}", value=name)
    file = f"{name.lower()}.json"
    ours, theirs = stamp(HERE / "calendars" / file), user_stamp(user, f"calendars/{file}")
    return _timetable(name, ours, theirs, user_stamp(user, "calendars/overrides.csv"))


@lru_cache(maxsize=16)
def _timetable(name: str, ours: Stamp, theirs: Stamp | None, overrides: Stamp | None) -> Timetable:
    path = ours[0]
    entry = _object(json_of(path), path, path)
    years = _years(entry, path)
    if theirs is not None:
        years |= _years(_object(json_of(theirs[0]), theirs[0], theirs[0]), theirs[0])
    return Timetable(
        name=name,
        title=string(entry, "title", path, path),
        zone=string(entry, "zone", path, path),
        both=strings(entry, "both", path, path),
        hours=_hours(entry, "hours", path),
        half_hours=_hours(entry, "half_hours", path),
        years=tuple(years[year] for year in sorted(years)),
        overrides=() if overrides is None else tuple(_overrides(name, overrides[0])),
    )


def _years(entry: Entry, path: str) -> dict[int, Year]:
    given = _object(entry.get("years", {}), f"{path}: years", path)
    for year in given:
        if not (year.isdigit() and len(year) == 4):
            raise DataError(f"{path}: years has {year!r}; write a year such as 2027", file=path, value=year)
    return {int(year): _year(int(year), _object(body, f"{path}: {year}", path), path) for year, body in given.items()}


def _year(year: int, body: Entry, path: str) -> Year:
    where = f"{path}: {year}"
    official = body.get("official")
    if not isinstance(official, bool):
        raise DataError(f"{where}: official is {official!r}; write true or false", file=path, value=official)
    return Year(
        year=year,
        official=official,
        source=string(body, "source", where, path),
        holidays=_days(body, "holidays", year, path),
        half_days=_days(body, "half_days", year, path),
        weather=_days(body, "weather", year, path),
    )


def _days(body: Entry, name: str, year: int, path: str) -> dict[date, str]:
    given = _object(body.get(name, {}), f"{path}: {year}: {name}", path)
    days = {day_of(day, f"{path}: {year}: {name}", path): str(why) for day, why in given.items()}
    for day in days:
        if day.year != year or day.weekday() > 4:  # Saturdays and Sundays are closed anyway
            raise DataError(
                f"{path}: {year}: {name} has {day}, which is no weekday of that year", file=path, value=str(day)
            )
    return days


def _hours(entry: Entry, name: str, path: str) -> Hours | None:
    if name not in entry:
        return None
    body = _object(entry[name], f"{path}: {name}", path)
    pause = [_time(value, f"{path}: {name}", path) for value in strings(body, "pause", f"{path}: {name}", path)]
    return Hours(
        opens=_time(body.get("opens"), f"{path}: {name}: opens", path),
        closes=_time(body.get("closes"), f"{path}: {name}: closes", path),
        final=_time(body.get("final"), f"{path}: {name}: final", path),
        pause=(pause[0], pause[1]) if pause else None,
    )


def _time(value: object, where: str, path: str) -> time:
    try:
        return time.fromisoformat(cast("str", value))
    except (TypeError, ValueError) as problem:
        raise DataError(f"{where}: {value!r} is no time; write 09:30", file=path, value=value) from problem


def _overrides(name: str, path: str) -> Iterator[Override]:
    seen: set[tuple[str, str]] = set()
    for line, row in rows_of(path, OVERRIDE_HEADER):
        where = f"{path}:{line}"
        if row["calendar"] not in CALENDARS or row["what"] not in OVERRIDES:
            raise DataError(
                f"{where}: {row['calendar']!r} {row['what']!r}; the calendar is one of {spell(CALENDARS)}, "
                f"what happened one of {spell(OVERRIDES)}",
                file=path,
                line=line,
            )
        timed = row["what"] in ("late_open", "early_close")
        if timed != bool(row["time"]):
            raise DataError(
                f"{where}: {row['what']} with time {row['time']!r}; late_open and early_close need one, the others none",
                file=path,
                line=line,
            )
        if (row["day"], row["calendar"]) in seen:
            raise DataError(f"{where}: {row['day']} {row['calendar']} occurs twice; keep one row", file=path, line=line)
        seen.add((row["day"], row["calendar"]))
        if row["calendar"] == name:
            at = _time(row["time"], where, path) if timed else None
            yield Override(day_of(row["day"], where, path), name, row["what"], at, row["note"])


def _object(value: object, where: str, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise DataError(f"{where} is {value!r:.60}; write an object", file=path)
    return cast("dict[str, object]", value)
