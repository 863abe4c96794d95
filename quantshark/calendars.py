"""Trading days and sessions of Hong Kong (XHKG), the mainland (XSHG) and 港股通 (SOUTHBOUND).

`Calendar` answers from the published calendars in `data/calendars` and the user's overrides; it holds no clock and
guesses nothing. A day in a year whose notice is not out yet is answered by projection and `official` says so: who
publishes by themselves asks a person there. A day beyond the data is a `DataError`.

港股通 trades on days on which both markets are open (the rule since 2023-04-24), in Hong Kong's hours: a Hong Kong half
day is a southbound half day, and what closes either market closes it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from quantshark.data import load_timetable
from quantshark.data.days import Hours, Override, Timetable, Year
from quantshark.errors import DataError

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Session:
    """A trading day in local time. `final` is when closing prices stand: the end of the closing auction.

    `official` is False where the year is a projection; `note` says why a day is unlike others.
    """

    day: date
    opens: time
    closes: time
    final: time
    pause: tuple[time, time] | None
    half: bool
    official: bool
    note: str = ""


class Calendar:
    """One market's days. Cheap to make: the files behind it are read once."""

    def __init__(self, name: str, user: Path | None = None) -> None:
        table = load_timetable(name, user)
        self.name = name
        self.title = table.title
        self.zone = table.zone
        self._table = table
        self._years = {year.year: year for year in table.years}
        self._overrides = {override.day: override for override in table.overrides}
        self._both = tuple(Calendar(market, user) for market in table.both)

    def __repr__(self) -> str:
        return f"Calendar({self.name!r}, {self.first} to {self.last}, official until {self.official_until})"

    @property
    def first(self) -> date:
        """The first day that the data knows."""
        return max((calendar.first for calendar in self._both), default=date(min(self._years, default=1), 1, 1))

    @property
    def last(self) -> date:
        """The last day that the data knows."""
        return min((calendar.last for calendar in self._both), default=date(max(self._years, default=1), 12, 31))

    @property
    def official_until(self) -> date:
        """The last day of the last year whose notice is out, with no gap before it."""
        if self._both:
            return min(calendar.official_until for calendar in self._both)
        year = self.first.year
        while year in self._years and self._years[year].official:
            year += 1
        return date(year - 1, 12, 31)

    def official(self, day: date) -> bool:
        """Is this day's answer the exchange's own, or the user's, and not a projection?"""
        self._must_know(day)
        return day in self._overrides or day <= self.official_until

    def is_session(self, day: date) -> bool:
        """Is there trading on this day?"""
        return self._find(day) is not None

    def session(self, day: date) -> Session:
        """The times of a trading day; a `DataError` names why there is none."""
        found = self._find(day)
        if found is None:
            raise DataError(
                f"{day} is no trading day of {self.name} ({self.reason(day)}); ask is_session first, or take previous or next",
                value=str(day),
            )
        return found

    def half_day(self, day: date) -> bool:
        """Is this a trading day that ends at noon?"""
        found = self._find(day)
        return found is not None and found.half

    def open_close(self, day: date) -> tuple[time, time]:
        """First and last minute of trading on a trading day, local time."""
        found = self.session(day)
        return found.opens, found.closes

    def reason(self, day: date) -> str:
        """Why this day is unlike others: the name of the holiday, 周末, the note of an override; else empty."""
        self._must_know(day)
        override = self._overrides.get(day)
        if override is not None:
            return override.note or override.what
        if day.weekday() >= _SATURDAY:
            return "周末"
        if self._both:
            return "；".join(f"{c.name} {c.reason(day)}" for c in self._both if c.reason(day))
        year = self._years[day.year]
        return year.holidays.get(day) or year.half_days.get(day) or year.weather.get(day, "")

    def previous(self, day: date) -> date:
        """The last trading day before `day`."""
        return self._walk(day, -_DAY)

    def next(self, day: date) -> date:
        """The first trading day after `day`."""
        return self._walk(day, _DAY)

    def sessions(self, start: date, end: date) -> tuple[date, ...]:
        """The trading days from `start` to `end`, both included."""
        return tuple(day for day in _days(start, end) if self.is_session(day))

    def _walk(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_session(day):
            day += step
        return day

    def _find(self, day: date) -> Session | None:
        self._must_know(day)
        usual = self._both_open(day) if self._both else self._as_published(day)
        override = self._overrides.get(day)
        return usual if override is None else self._overridden(day, usual, override)

    def _as_published(self, day: date) -> Session | None:
        year = self._years[day.year]
        if day.weekday() >= _SATURDAY or day in year.holidays:
            return None
        return self._session(day, half=day in year.half_days, note=_note(year, day))

    def _both_open(self, day: date) -> Session | None:
        """Both markets trade; the times are those of the first, Hong Kong, whose stocks are traded."""
        found = [calendar._find(day) for calendar in self._both]  # noqa: SLF001  its own kind
        first = found[0]
        if first is None or any(session is None for session in found):
            return None
        return Session(
            day, first.opens, first.closes, first.final, first.pause, first.half, self.official(day), first.note
        )

    def _overridden(self, day: date, usual: Session | None, override: Override) -> Session | None:
        if override.what == "closed":
            return None
        note = override.note
        if override.what == "half":
            return self._session(day, half=True, note=note)
        usual = usual or self._session(day, half=False, note=note)
        late = override.at if override.what == "late_open" and override.at else usual.opens
        early = override.at if override.what == "early_close" and override.at else usual.closes
        final = usual.final if early == usual.closes else early
        pause = usual.pause if usual.pause and late < usual.pause[1] and early > usual.pause[0] else None
        return Session(day, late, early, final, pause, usual.half, official=True, note=note)

    def _session(self, day: date, *, half: bool, note: str) -> Session:
        hours = self._hours(half=half)
        return Session(day, hours.opens, hours.closes, hours.final, hours.pause, half, self.official(day), note)

    def _hours(self, *, half: bool) -> Hours:
        table: Timetable = self._both[0]._table if self._both else self._table  # noqa: SLF001  its own kind
        hours = table.half_hours if half else table.hours
        if hours is None:
            raise DataError(
                f"{table.name} has no {'half-day ' if half else ''}hours; add them to {table.name.lower()}.json"
            )
        return hours

    def _must_know(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise DataError(
                f"{self.name} knows {self.first} to {self.last}, not {day}; add the year to calendars/"
                f"{self.name.lower()}.json in your registry folder (see quantshark/data/README.md), or update quantshark",
                value=str(day),
            )


def _note(year: Year, day: date) -> str:
    return year.half_days.get(day) or year.weather.get(day, "")


def _days(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start += _DAY
