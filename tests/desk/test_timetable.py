"""What is due when: three years against an oracle of its own, and the days that are unlike others."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest

from quantshark.calendars import Calendar
from quantshark.desk import plan
from quantshark.desk.plan import DeskPlan, EditionPlan, Entry
from quantshark.desk.timetable import Slot, Timetable
from quantshark.errors import SettingsError
from quantshark.model import SHANGHAI


def timetable(user: Path | None = None, asked: DeskPlan | None = None) -> Timetable:
    @cache
    def calendar(name: str) -> Calendar:
        return Calendar(name, user)

    return Timetable(entries(asked or DeskPlan()), calendar)


@cache
def every_edition() -> tuple[Entry, ...]:
    return plan.entries(DeskPlan())


def entries(asked: DeskPlan) -> tuple[Entry, ...]:
    return every_edition() if asked == DeskPlan() else plan.entries(asked)


def on(day: date, user: Path | None = None) -> dict[str, Slot]:
    return {slot.edition: slot for slot in timetable(user).slots(day, day)}


def overrides(folder: Path, *rows: str) -> Path:
    (folder / "calendars").mkdir()
    (folder / "calendars" / "overrides.csv").write_text("\n".join(("day,calendar,what,time,note", *rows)), "utf-8")
    return folder


def test_an_ordinary_day() -> None:
    slots = on(date(2026, 11, 26))
    assert {name: slot.due_at.time() for name, slot in slots.items()} == {
        "radar": time(8, 30),
        "midday": time(12, 10),
        "close": time(16, 35),
        "scan": time(20, 0),
    }
    assert slots["radar"].slot_id == "radar-2026-11-26-hans"
    assert slots["radar"].last_call == datetime(2026, 11, 26, 8, 58, tzinfo=SHANGHAI)
    assert all(slot.state == "due" for slot in slots.values())


def test_a_theme_is_of_saturday_for_the_last_trading_day_before() -> None:
    assert on(date(2026, 11, 28))["theme"].day == date(2026, 11, 27)
    assert on(date(2025, 4, 5))["theme"].day == date(2025, 4, 3)
    assert on(date(2026, 11, 29)) == {}


@pytest.mark.filterwarnings("ignore:.*deprecated")  # the oracle's own use of pandas
def test_three_years_have_no_report_on_a_wrong_day_and_none_is_missing() -> None:
    """The oracle's calendars and the plain rules of the desk, written a second time."""
    first, last = date(2024, 1, 1), date(2026, 12, 31)
    oracle = pytest.importorskip("exchange_calendars", reason="the oracle is a test dependency")
    hong_kong = oracle.get_calendar("XHKG", start=first.isoformat(), end=last.isoformat())
    mainland = oracle.get_calendar("XSHG", start=first.isoformat(), end=last.isoformat())
    halves = {moment.date() for moment in hong_kong.early_closes}
    open_hk = {moment.date() for moment in hong_kong.sessions}
    open_cn = {moment.date() for moment in mainland.sessions}
    wanted: set[tuple[str, date, datetime]] = set()
    day = first
    while day <= last:
        times = {"radar": time(8, 30), "close": time(16, 35), "scan": time(20, 0)} if day in open_hk else {}
        if day in open_cn and day not in halves:
            times["midday"] = time(12, 10)
        wanted |= {(name, day, datetime.combine(day, at, SHANGHAI)) for name, at in times.items()}
        week = [day - timedelta(days=back) for back in range(1, 8)]
        if day.weekday() == 5 and (told := next((d for d in week if d in open_hk), None)) and told >= first:
            wanted.add(("theme", told, datetime.combine(day, time(20, 30), SHANGHAI)))
        day += timedelta(days=1)
    # The first days of 2024 look back into a year that no calendar here holds.
    found = timetable().slots(first + timedelta(days=7), last)
    assert {(s.edition, s.day, s.due_at) for s in found if s.state == "due"} == {
        row for row in wanted if row[2].date() >= first + timedelta(days=7)
    }
    assert len({slot.slot_id for slot in found}) == len(found) > 2900


def test_half_days_have_no_midday(tmp_path: Path) -> None:
    slots = on(date(2026, 12, 24))
    assert set(slots) == {"radar", "close", "scan"}
    assert "半日市" in slots["close"].note
    pauses = timetable().pauses(date(2026, 12, 24), date(2026, 12, 24))
    assert [(pause.edition, "半日市" in pause.reason) for pause in pauses] == [("midday", True)]


def test_a_typhoon_and_a_late_opening_come_from_the_dated_file(tmp_path: Path) -> None:
    user = overrides(
        tmp_path,
        "2026-08-12,XHKG,closed,,台风",
        "2026-08-12,XSHG,closed,,台风",
        "2026-08-13,XSHG,late_open,14:00,暴雨",
    )
    assert on(date(2026, 8, 12), user) == {}
    assert set(on(date(2026, 8, 13), user)) == {"radar", "close", "scan"}
    assert timetable(user).find("radar-2026-08-12-hans", date(2026, 8, 12)) is None
    assert timetable(user).find("radar-2026-08-13-hans", date(2026, 8, 13)) is not None


def test_beyond_the_published_calendar_a_person_is_asked(tmp_path: Path) -> None:
    slots = on(date(2027, 1, 4))
    assert slots["midday"].state == "ask"
    assert "A股" in slots["midday"].note
    assert slots["radar"].state == "due"
    # A projected holiday is asked about too: the notice may say otherwise.
    assert on(date(2027, 2, 8))["midday"].state == "ask"
    user = overrides(tmp_path, "2027-01-04,XSHG,open,,已公布")
    assert on(date(2027, 1, 4), user)["midday"].state == "due"


def test_beyond_all_data_every_weekday_is_asked_about() -> None:
    assert {slot.state for slot in on(date(2028, 1, 4)).values()} == {"ask"}


def test_the_desk_file_moves_and_stops_editions(tmp_path: Path) -> None:
    asked = DeskPlan(
        editions={"radar": EditionPlan(at=time(8, 20), scripts=("hans", "hant")), "scan": EditionPlan(off=True)}
    )
    slots = timetable(asked=asked).slots(date(2026, 11, 26), date(2026, 11, 26))
    assert [(s.edition, s.script, s.due_at.time()) for s in slots][:2] == [
        ("radar", "hans", time(8, 20)),
        ("radar", "hant", time(8, 20)),
    ]
    assert "scan" not in {slot.edition for slot in slots}


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("editions: {rader: {off: true}}", "rader"),
        ("polices: x", "polices"),
        ("editions: {radar: {at: noon}}", "editions.radar.at"),
        ("policy: [", "no YAML"),
    ],
)
def test_a_desk_file_that_does_not_fit_is_refused(tmp_path: Path, told: str, named: str) -> None:
    (tmp_path / plan.FILE_NAME).write_text(told, "utf-8")
    with pytest.raises(SettingsError, match=named):
        plan.entries(plan.read(tmp_path))
