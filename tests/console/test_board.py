"""The desk of a day under many eyes: one looks, the others are shown what was seen."""

from __future__ import annotations

import threading
from datetime import date

from quantshark.console.board import Looks

DAY = date(2025, 12, 12)


class Slow:
    """A look that waits until it is let go, and counts."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        seen = self.times
        self.begun.set()
        assert self.go.wait(10)
        return seen


def test_what_was_seen_a_moment_ago_is_shown_again() -> None:
    looks, seen = Looks[int](60), iter(range(9))
    assert [looks.of(DAY, lambda: next(seen)) for _ in range(3)] == [0, 0, 0]


def test_those_who_wait_for_a_slow_look_do_not_look_again_one_after_another() -> None:
    looks, slow, told = Looks[int](60), Slow(), list[int]()
    editors = [threading.Thread(target=lambda: told.append(looks.of(DAY, slow))) for _ in range(8)]
    for editor in editors:
        editor.start()
    assert slow.begun.wait(10)
    slow.go.set()
    for editor in editors:
        editor.join(10)
    assert (told, slow.times) == ([1] * 8, 1)


def test_while_one_looks_again_the_others_are_shown_what_was_seen_last() -> None:
    looks, slow = Looks[int](0), Slow()
    slow.go.set()
    assert looks.of(DAY, slow) == 1
    slow.go.clear()
    slow.begun.clear()
    again = threading.Thread(target=looks.of, args=(DAY, slow))
    again.start()
    assert slow.begun.wait(10)
    assert looks.of(DAY, slow) == 1
    slow.go.set()
    again.join(10)


def test_what_was_being_looked_at_when_something_changed_is_not_kept() -> None:
    looks, slow = Looks[int](60), Slow()
    early = threading.Thread(target=looks.of, args=(DAY, slow))
    early.start()
    assert slow.begun.wait(10)
    looks.forget()
    slow.go.set()
    early.join(10)
    assert looks.of(DAY, slow) == 2
