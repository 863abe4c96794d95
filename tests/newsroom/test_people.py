"""Accounts, passwords, sessions, tokens: a secret is kept as a hash, and ends when it should."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import pytest

from quantshark.errors import EditError, RightsError
from quantshark.newsroom.people import People, hashed, matches
from quantshark.store import Store

PASSWORD = "ten letters 十"  # noqa: S105  made up


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2025, 12, 12, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(clock: Clock) -> Generator[People]:
    with Store.open("sqlite://", clock) as store:
        yield People(store)


def test_a_password_is_kept_as_a_salted_hash() -> None:
    assert matches(PASSWORD, hashed(PASSWORD))
    assert not matches(PASSWORD + " ", hashed(PASSWORD))
    assert hashed(PASSWORD) != hashed(PASSWORD)


def test_the_first_chief_is_made_once(people: People) -> None:
    assert people.first_chief() is not None
    assert people.first_chief() is None


def test_a_one_time_password_opens_and_is_to_be_changed(people: People) -> None:
    welcome = people.add("凌", "editor", "主编")
    person = people.sign_in("凌", welcome.password)
    assert person is not None
    assert person.must_change
    people.set_password("凌", PASSWORD, "凌")
    assert people.sign_in("凌", welcome.password) is None
    changed = people.sign_in("凌", PASSWORD)
    assert changed is not None
    assert not changed.must_change


@pytest.mark.parametrize("name", ["", "   ", "名" * 41, "甲\u202e乙"])
def test_a_name_is_short_and_visible(people: People, name: str) -> None:
    with pytest.raises(EditError):
        people.add(name, "editor", "主编")


def test_a_name_is_given_once(people: People) -> None:
    people.add("凌", "editor", "主编")
    with pytest.raises(EditError, match="already"):
        people.add("凌", "writer", "主编")


def test_a_short_password_is_refused(people: People) -> None:
    people.add("凌", "editor", "主编")
    with pytest.raises(EditError):
        people.set_password("凌", "short", "凌")


def test_a_session_ends_with_its_time_and_with_a_new_password(people: People, clock: Clock) -> None:
    people.add("凌", "editor", "主编")
    session = people.open_session("凌", timedelta(hours=1))
    assert people.of_session(session) is not None
    clock.now += timedelta(hours=2)
    assert people.of_session(session) is None
    again = people.open_session("凌", timedelta(hours=1))
    people.reset_password("凌", "主编")
    assert people.of_session(again) is None


def test_a_bar_ends_sessions_and_tokens(people: People) -> None:
    people.add("凌", "editor", "主编")
    session, token = people.open_session("凌", timedelta(hours=1)), people.add_token("凌", "系统")
    people.bar("凌", "主编")
    assert (people.of_session(session), people.of_token(token)) == (None, None)
    people.bar("凌", "主编", barred=False)
    assert people.of_token(token) is None


def test_a_token_tells_when_it_was_used_and_can_be_dropped(people: People) -> None:
    people.add("凌", "editor", "主编")
    token = people.add_token("凌", "系统")
    assert people.tokens("凌")[0].used_at is None
    assert people.of_token(token) is not None
    assert people.tokens("凌")[0].used_at is not None
    assert people.drop_token("凌", people.tokens("凌")[0].number)
    assert people.of_token(token) is None


def test_no_secret_is_shown_by_accident(people: People) -> None:
    people.add("凌", "editor", "主编")
    assert "scrypt" not in repr(people.person("凌"))


def test_one_chief_always_stays(people: People) -> None:
    chief = people.first_chief()
    assert chief is not None
    with pytest.raises(RightsError):
        people.set_role(chief.name, "editor", chief.name)
    people.add("凌", "chief", chief.name)
    people.set_role(chief.name, "editor", "凌")
