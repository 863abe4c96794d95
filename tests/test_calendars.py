"""Trading days against exchange-calendars, the exchanges' published counts, and what a user lays over them."""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path

import pytest

from quantshark.calendars import Calendar
from quantshark.data.days import load_timetable
from quantshark.errors import DataError

HONG_KONG = Calendar("XHKG")
MAINLAND = Calendar("XSHG")
SOUTHBOUND = Calendar("SOUTHBOUND")


def year(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number, 12, 31)


# published counts of trading days
COUNTS = [
    (HONG_KONG, 2024, 246), (HONG_KONG, 2025, 246), (HONG_KONG, 2026, 247), (HONG_KONG, 2027, 248),
    (MAINLAND, 2024, 242), (MAINLAND, 2025, 243), (MAINLAND, 2026, 242), (SOUTHBOUND, 2026, 236),
]  # fmt: skip


@pytest.mark.parametrize(("calendar", "number", "count"), COUNTS)
def test_year_has_its_published_number_of_sessions(calendar: Calendar, number: int, count: int) -> None:
    assert len(calendar.sessions(*year(number))) == count


@pytest.mark.filterwarnings("ignore:.*deprecated")  # the oracle's own use of pandas
@pytest.mark.parametrize(("calendar", "until"), [(HONG_KONG, 2027), (MAINLAND, 2026)])
def test_sessions_are_those_of_exchange_calendars(calendar: Calendar, until: int) -> None:
    oracle = pytest.importorskip("exchange_calendars", reason="the oracle is a test dependency")
    theirs = oracle.get_calendar(calendar.name, start="2024-01-01", end=f"{until}-12-31")
    days = tuple(day.date() for day in theirs.sessions)
    assert calendar.sessions(date(2024, 1, 1), date(until, 12, 31)) == days
    early = [day.date() for day in theirs.early_closes]
    assert [day for day in days if calendar.half_day(day)] == early


def test_southbound_is_open_when_both_markets_are() -> None:
    for number in (2024, 2025, 2026):
        both = [day for day in HONG_KONG.sessions(*year(number)) if MAINLAND.is_session(day)]
        assert list(SOUTHBOUND.sessions(*year(number))) == both


CLOSED = [
    (HONG_KONG, date(2024, 9, 6), "台风摩羯"),
    (HONG_KONG, date(2026, 4, 7), "复活节"),
    (MAINLAND, date(2026, 2, 23), "春节"),
    (SOUTHBOUND, date(2026, 2, 20), "XSHG 春节"),
    (SOUTHBOUND, date(2026, 7, 1), "XHKG 香港特别行政区成立纪念日"),
    (HONG_KONG, date(2026, 11, 21), "周末"),
]


@pytest.mark.parametrize(("calendar", "day", "why"), CLOSED)
def test_closed_day_names_its_reason(calendar: Calendar, day: date, why: str) -> None:
    assert not calendar.is_session(day)
    assert why in calendar.reason(day)
    with pytest.raises(DataError, match="no trading day"):
        calendar.session(day)


def test_severe_weather_no_longer_closes_hong_kong() -> None:
    for day in (date(2024, 11, 14), date(2025, 9, 8), date(2025, 9, 24)):
        assert HONG_KONG.is_session(day)
        assert SOUTHBOUND.is_session(day)
        assert "照常交易" in HONG_KONG.session(day).note


def test_southbound_pauses_in_mainland_holidays_while_hong_kong_trades() -> None:
    day = date(2026, 10, 5)
    assert HONG_KONG.is_session(day)
    assert not SOUTHBOUND.is_session(day)
    assert SOUTHBOUND.previous(day) == date(2026, 9, 30)
    assert SOUTHBOUND.next(day) == date(2026, 10, 8)


def test_half_day_ends_at_noon_in_hong_kong_and_southbound() -> None:
    eve = date(2025, 12, 24)
    for calendar in (HONG_KONG, SOUTHBOUND):
        session = calendar.session(eve)
        assert (session.half, session.pause) == (True, None)
        assert (session.opens, session.closes, session.final) == (time(9, 30), time(12), time(12, 10))
    assert MAINLAND.open_close(eve) == (time(9, 30), time(15))
    assert not MAINLAND.half_day(eve)


def test_full_day_has_its_hours() -> None:
    hong_kong = HONG_KONG.session(date(2025, 12, 11))
    assert (hong_kong.opens, hong_kong.closes, hong_kong.final) == (time(9, 30), time(16), time(16, 10))
    assert hong_kong.pause == (time(12), time(13))
    assert SOUTHBOUND.open_close(date(2025, 12, 11)) == (time(9, 30), time(16))
    assert MAINLAND.session(date(2025, 12, 11)).pause == (time(11, 30), time(13))


@pytest.mark.parametrize(
    ("day", "previous", "following"),
    [
        (date(2025, 12, 12), date(2025, 12, 11), date(2025, 12, 15)),
        (date(2025, 12, 14), date(2025, 12, 12), date(2025, 12, 15)),
        (date(2026, 2, 17), date(2026, 2, 16), date(2026, 2, 20)),
    ],
)
def test_previous_and_next_leave_the_day_itself_out(day: date, previous: date, following: date) -> None:
    assert HONG_KONG.previous(day) == previous
    assert HONG_KONG.next(day) == following


def test_year_without_a_notice_is_answered_and_marked() -> None:
    assert HONG_KONG.official_until == date(2027, 12, 31)
    assert MAINLAND.official_until == date(2026, 12, 31)
    assert SOUTHBOUND.official_until == date(2026, 12, 31)
    assert not MAINLAND.official(date(2027, 1, 4))
    assert not SOUTHBOUND.session(date(2027, 1, 4)).official
    assert HONG_KONG.session(date(2027, 1, 4)).official
    assert "推算" in load_timetable("XSHG").years[-1].source


@pytest.mark.parametrize("day", [date(2023, 12, 29), date(2028, 1, 3)])
def test_day_beyond_the_data_is_refused_with_the_way_out(day: date) -> None:
    for calendar in (HONG_KONG, MAINLAND, SOUTHBOUND):
        with pytest.raises(DataError, match=r"knows 2024-01-01 to 2027-12-31.*add the year"):
            calendar.is_session(day)
    with pytest.raises(DataError):
        HONG_KONG.next(date(2027, 12, 31))
    with pytest.raises(DataError):
        HONG_KONG.previous(date(2024, 1, 1))


def test_unknown_calendar_is_refused() -> None:
    with pytest.raises(DataError, match="SOUTHBOUND, XHKG, XSHG"):
        Calendar("NYSE")


def test_sessions_of_an_empty_range_are_none() -> None:
    assert HONG_KONG.sessions(date(2026, 1, 2), date(2026, 1, 1)) == ()


def overrides(folder: Path, *rows: str) -> Path:
    (folder / "calendars").mkdir(exist_ok=True)
    text = "\n".join(["day,calendar,what,time,note", *rows])
    (folder / "calendars" / "overrides.csv").write_text(text, encoding="utf-8")
    return folder


def test_override_closes_hong_kong_and_with_it_southbound(tmp_path: Path) -> None:
    user = overrides(tmp_path, "2026-08-12,XHKG,closed,,特别停市")
    assert not Calendar("XHKG", user).is_session(date(2026, 8, 12))
    assert Calendar("XHKG", user).reason(date(2026, 8, 12)) == "特别停市"
    assert not Calendar("SOUTHBOUND", user).is_session(date(2026, 8, 12))
    assert Calendar("XSHG", user).is_session(date(2026, 8, 12))
    assert HONG_KONG.is_session(date(2026, 8, 12))


def test_override_of_southbound_alone_leaves_the_markets_open(tmp_path: Path) -> None:
    user = overrides(tmp_path, "2026-08-12,SOUTHBOUND,closed,,系统故障")
    assert not Calendar("SOUTHBOUND", user).is_session(date(2026, 8, 12))
    assert Calendar("XHKG", user).is_session(date(2026, 8, 12))


def test_late_open_moves_the_hours_of_both(tmp_path: Path) -> None:
    user = overrides(tmp_path, "2026-08-12,XHKG,late_open,14:00,系统延迟")
    for name in ("XHKG", "SOUTHBOUND"):
        session = Calendar(name, user).session(date(2026, 8, 12))
        assert (session.opens, session.closes, session.pause) == (time(14), time(16), None)
        assert session.note == "系统延迟"


def test_early_close_is_final_at_its_time(tmp_path: Path) -> None:
    user = overrides(tmp_path, "2026-08-12,XHKG,early_close,14:30,")
    session = Calendar("XHKG", user).session(date(2026, 8, 12))
    assert (session.closes, session.final, session.pause) == (time(14, 30), time(14, 30), (time(12), time(13)))


def test_half_and_open_override_what_was_published(tmp_path: Path) -> None:
    user = overrides(tmp_path, "2026-08-12,XHKG,half,,", "2026-08-15,XHKG,open,,补市")
    calendar = Calendar("XHKG", user)
    assert calendar.half_day(date(2026, 8, 12))
    assert calendar.open_close(date(2026, 8, 15)) == (time(9, 30), time(16))


def test_override_of_a_projected_day_is_official(tmp_path: Path) -> None:
    user = overrides(tmp_path, "2027-02-15,XSHG,closed,,春节")
    calendar = Calendar("XSHG", user)
    assert calendar.official(date(2027, 2, 15))
    assert not calendar.official(date(2027, 2, 16))


BROKEN = [
    ("2026-08-12,NYSE,closed,,", "'NYSE'"),
    ("2026-08-12,XHKG,typhoon,,", "'typhoon'"),
    ("2026-08-12,XHKG,late_open,,", "late_open and early_close need one"),
    ("2026-08-12,XHKG,closed,12:00,", "late_open and early_close need one"),
    ("2026-08-12,XHKG,late_open,2pm,", "'2pm'"),
    ("12 Aug,XHKG,closed,,", "'12 Aug'"),
    ("2026-08-12,XHKG,closed", "3 cells"),
]


@pytest.mark.parametrize(("row", "what"), BROKEN)
def test_wrong_override_is_told_with_its_line(tmp_path: Path, row: str, what: str) -> None:
    with pytest.raises(DataError) as caught:
        Calendar("XHKG", overrides(tmp_path, row))
    assert "overrides.csv:2" in str(caught.value)
    assert what in str(caught.value)


def test_override_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="twice"):
        Calendar("XHKG", overrides(tmp_path, *["2026-08-12,XHKG,closed,,"] * 2))


def own_year(folder: Path, name: str, years: dict[str, object]) -> Path:
    (folder / "calendars").mkdir(exist_ok=True)
    (folder / "calendars" / name).write_text(json.dumps({"years": years}), encoding="utf-8")
    return folder


def test_published_year_replaces_the_projection(tmp_path: Path) -> None:
    notice: dict[str, object] = {"official": True, "source": "通知", "holidays": {"2027-01-04": "元旦"}}
    user = own_year(tmp_path, "xshg.json", {"2027": notice})
    calendar = Calendar("XSHG", user)
    assert calendar.official_until == date(2027, 12, 31)
    assert not calendar.is_session(date(2027, 1, 4))
    assert calendar.is_session(date(2027, 2, 8))
    assert not calendar.is_session(date(2026, 2, 16))
    assert Calendar("SOUTHBOUND", user).official_until == date(2027, 12, 31)


def test_year_added_extends_the_data(tmp_path: Path) -> None:
    notice: dict[str, object] = {"official": True, "source": "通知", "holidays": {}}
    assert Calendar("XHKG", own_year(tmp_path, "xhkg.json", {"2028": notice})).is_session(date(2028, 1, 3))


BROKEN_YEARS = [
    ({"2027": {"source": "通知"}}, "official is None"),
    ({"2027": {"official": True}}, "source is None"),
    ({"2027": {"official": True, "source": "通知", "holidays": {"2027-01-02": "周六"}}}, "2027-01-02"),
    ({"2027": {"official": True, "source": "通知", "holidays": {"2026-01-02": "元旦"}}}, "2026-01-02"),
    ({"2027": {"official": True, "source": "通知", "holidays": ["2027-01-01"]}}, "write an object"),
    ({"next": {"official": True, "source": "通知"}}, "'next'"),
]


@pytest.mark.parametrize(("years", "what"), BROKEN_YEARS)
def test_wrong_year_is_told(tmp_path: Path, years: dict[str, object], what: str) -> None:
    with pytest.raises(DataError) as caught:
        Calendar("XSHG", own_year(tmp_path, "xshg.json", years))
    assert "xshg.json" in str(caught.value)
    assert what in str(caught.value)
