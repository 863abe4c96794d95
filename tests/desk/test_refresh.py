"""Slots that fall due together share one refresh; none makes do with what was read before it was due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from quantshark.desk.refresh import Problem, Together
from quantshark.model import SHANGHAI

DUE = datetime(2026, 11, 26, 8, 30, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


class Counted:
    """Feeds that count how often they were asked, and complain."""

    def __init__(self) -> None:
        self.times = 0

    def refresh(self, now: datetime) -> Sequence[Problem]:  # noqa: ARG002
        self.times += 1
        return (Problem(f"第 {self.times} 次"),)


def test_two_hundred_slots_at_once_ask_the_feeds_once() -> None:
    feeds = Counted()
    together = Together(feeds)
    found = [together.refresh(DUE + n * SECOND / 10, DUE) for n in range(200)]
    assert (feeds.times, set(found)) == (1, {(Problem("第 1 次"),)})


def test_what_was_read_before_a_slot_was_due_is_not_for_it() -> None:
    feeds = Counted()
    together = Together(feeds)
    together.refresh(DUE - SECOND, DUE - SECOND)
    assert together.refresh(DUE, DUE) == (Problem("第 2 次"),)


def test_after_a_while_and_after_a_clock_set_back_the_feeds_are_asked_again() -> None:
    feeds = Counted()
    together = Together(feeds)
    for now in (DUE, DUE + 30 * SECOND, DUE + 10 * SECOND):
        together.refresh(now, DUE)
    assert feeds.times == 3
