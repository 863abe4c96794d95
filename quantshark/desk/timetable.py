"""Which report is due when, from the calendars alone: no clock, no store, nothing guessed.

A slot is one due appearance of an edition: its trading day, the moment it is due, until when it is on time and until
when it is worth anything. Where a calendar is only a projection, the slot is in state `ask`: a person confirms the day
(a row in `calendars/overrides.csv`), or it does not go out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from quantshark.calendars import Calendar, Session
from quantshark.desk.plan import Entry

HONG_KONG = "XHKG"
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
SHORT = {"XHKG": "港股", "XSHG": "A股", "SOUTHBOUND": "港股通"}
RULES_BEFORE = timedelta(minutes=2)

Calendars = Callable[[str], Calendar]


@dataclass(frozen=True, slots=True)
class Slot:
    """One due appearance of an edition. `note` says what is unlike other days, in Chinese."""

    edition: str
    name: str
    script: Literal["hans", "hant"]
    day: date
    due_at: datetime
    deadline: datetime
    expires_at: datetime
    state: Literal["due", "ask"] = "due"
    note: str = ""

    @property
    def slot_id(self) -> str:
        """`radar-2025-12-12-hans`: what makes it one and the same on every machine."""
        return f"{self.edition}-{self.day.isoformat()}-{self.script}"

    @property
    def last_call(self) -> datetime:
        """When waiting ends and the rules-only version goes out, where that is allowed."""
        return self.deadline - RULES_BEFORE


@dataclass(frozen=True, slots=True)
class Pause:
    """A weekday on which an edition does not appear, and why."""

    edition: str
    name: str
    day: date
    reason: str


class Timetable:
    """The slots of all entries, for any stretch of days."""

    def __init__(self, entries: Sequence[Entry], calendars: Calendars) -> None:
        self._entries = entries
        self._calendars = calendars

    def slots(self, start: date, end: date) -> tuple[Slot, ...]:
        """Every slot that is due from `start` to `end`, both included, in the order they are due."""
        found = (self._on(entry, day) for day in _days(start, end) for entry in self._entries)
        slots = [slot for slot in found if isinstance(slot, Slot)]
        return tuple(sorted(slots, key=lambda slot: (slot.due_at, slot.edition, slot.script)))

    def pauses(self, start: date, end: date) -> tuple[Pause, ...]:
        """The weekdays in between on which an edition does not appear."""
        found = (self._on(entry, day) for day in _days(start, end) for entry in self._entries)
        return tuple(dict.fromkeys(pause for pause in found if isinstance(pause, Pause)))

    def find(self, slot_id: str, near: date) -> Slot | None:
        """The slot of that id as the calendars have it now; None where they have it no more (a typhoon came)."""
        named = [
            entry
            for entry in self._entries
            if slot_id.startswith(f"{entry.edition.slug}-") and slot_id.endswith(f"-{entry.script}")
        ]
        slots = Timetable(named, self._calendars).slots(near - WEEK, near + WEEK)
        return next((slot for slot in slots if slot.slot_id == slot_id), None)

    def _on(self, entry: Entry, day: date) -> Slot | Pause | None:
        if entry.edition.slot.days == "saturdays":
            return self._of_saturday(entry, day)
        if day.weekday() >= SATURDAY:
            return None
        names = dict.fromkeys((entry.edition.slot.calendar, *(() if entry.edition.slot.half_days else (HONG_KONG,))))
        calendars = [self._calendars(name) for name in names]
        if unsure := [calendar for calendar in calendars if not _sure(calendar, day)]:
            return _slot(
                entry, day, day, "ask", f"{_titles(unsure)}的交易日历尚未公布到这一天，{_projected(unsure, day)}"
            )
        why = self._why_not(entry, calendars, day)
        return (
            Pause(entry.edition.slug, entry.edition.name, day, why)
            if why
            else _slot(entry, day, day, "due", self._note(day))
        )

    def _of_saturday(self, entry: Entry, day: date) -> Slot | None:
        """A Saturday's report is about the last trading day before; a week without one has none."""
        if day.weekday() != SATURDAY:
            return None
        calendar = self._calendars(entry.edition.slot.calendar)
        week = [day - n * DAY for n in range(1, 8)]
        if any(not _sure(calendar, other) for other in week if other.weekday() < SATURDAY):
            told = next((other for other in week if _session(calendar, other)), day - DAY)
            return _slot(entry, told, day, "ask", f"{_title(calendar)}的交易日历尚未公布到这一周")
        told = next((other for other in week if calendar.is_session(other)), None)
        return None if told is None else _slot(entry, told, day, "due", "")

    def _why_not(self, entry: Entry, calendars: Sequence[Calendar], day: date) -> str:
        own = calendars[0]
        if not own.is_session(day):
            return f"{_title(own)}休市（{own.reason(day)}）"
        slot = entry.edition.slot
        sessions = [(calendar, calendar.session(day)) for calendar in calendars if calendar.is_session(day)]
        if not slot.half_days:
            for calendar, session in sessions:
                if session.half:
                    return f"{_title(calendar)}半日市（{session.note}）"
        if slot.tells == "same" and entry.at < sessions[0][1].opens:
            return f"{_title(own)}延迟至{sessions[0][1].opens:%H:%M}开市（{sessions[0][1].note}）"
        return ""

    def _note(self, day: date) -> str:
        """What a reader of the plan should know about an ordinary-looking day."""
        hong_kong, southbound = self._calendars(HONG_KONG), self._calendars("SOUTHBOUND")
        told: list[str] = []
        session = _session(hong_kong, day)
        if session is not None and session.half:
            told.append(f"港股半日市（{session.note}）")
        if session is not None and not southbound.is_session(day):
            told.append("港股通休市")
        return "；".join(told)


def _slot(entry: Entry, told: date, on: date, state: Literal["due", "ask"], note: str) -> Slot:
    due = datetime.combine(on, entry.at, ZoneInfo(entry.edition.slot.zone))
    deadline = due + timedelta(minutes=entry.deadline_minutes)
    expires = max(deadline, due + timedelta(hours=entry.edition.shelf_life_hours))
    return Slot(entry.edition.slug, entry.edition.name, entry.script, told, due, deadline, expires, state, note)


def _sure(calendar: Calendar, day: date) -> bool:
    return day <= calendar.last and calendar.official(day)


def _session(calendar: Calendar, day: date) -> Session | None:
    return calendar.session(day) if day <= calendar.last and calendar.is_session(day) else None


def _projected(calendars: Sequence[Calendar], day: date) -> str:
    closed = [calendar for calendar in calendars if _session(calendar, day) is None]
    return f"推算{_titles(closed)}休市" if closed else "推算为交易日"


def _title(calendar: Calendar) -> str:
    return SHORT.get(calendar.name, calendar.title)


def _titles(calendars: Sequence[Calendar]) -> str:
    return "、".join(map(_title, calendars))


def _days(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start += DAY
