"""A simulated week: the desk itself, on a clock that jumps from slot to slot, in a home folder of its own.

Everything is as in production (timetable, durable runs, outbox, site) but for the clock, the policy (`demo`) and the
material, which is the fixtures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from quantshark.desk import house
from quantshark.desk.house import House, Running
from quantshark.desk.plan import DeskPlan
from quantshark.desk.refresh import Problem
from quantshark.desk.timetable import Slot
from quantshark.errors import SourceError
from quantshark.model import SHANGHAI
from quantshark.newsroom import Newsroom, Progress
from quantshark.settings import Settings
from quantshark.store import SlotRecord, Store

MONDAY = date(2025, 12, 8)
DAYS = 6
MARK = ".desk-demo"
PATIENCE = 300.0
LOOK_SECONDS = 0.05


class Simulated:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def fixtures() -> tuple[Path, ...]:
    """The demonstration's material: beside the package in a checkout, else in the folder one stands in."""
    for folder in (Path(__file__).parents[2] / "fixtures", Path("fixtures")):
        if folder.is_dir():
            return (folder,)
    raise SourceError("no fixtures folder here; run the demonstration from a checkout of QuantShark")


def mark(out: Path) -> None:
    """Say that a folder is a demonstration's, so that the next one may clear it."""
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).touch()


def stocked(settings: Settings, progress: Progress) -> tuple[Newsroom, Simulated]:
    """A newsroom that holds the fixtures, and its clock, shortly before the week begins."""
    clock = Simulated(datetime.combine(MONDAY, time_of_day(8), SHANGHAI))
    newsroom = Newsroom(settings)
    newsroom.store = Store.open(settings.store_url, clock)
    newsroom.ingest(fixtures(), progress)
    return newsroom, clock


@contextmanager
def week(newsroom: Newsroom, clock: Simulated) -> Generator[tuple[Running, tuple[Slot, ...]]]:
    """The desk of a week, running, with the slots to come."""
    settings = newsroom.settings
    asked = DeskPlan(policy="demo", channels=(f"site:{settings.home / 'site'}",))
    slots = house.timetable(settings, asked).slots(MONDAY, MONDAY + timedelta(days=DAYS - 1))
    made = replace(
        house.of(settings, newsroom),
        clock=clock,
        plan=asked,
        look_seconds=LOOK_SECONDS,
        refresher=Quiet(),
        begins=clock.now,
    )
    with newsroom.store, house.running(made, plans=False, works=False) as desk:
        yield desk, slots


class Quiet:
    """The fixtures are all there is."""

    def refresh(self, now: datetime) -> Sequence[Problem]:  # noqa: ARG002
        return ()


def play(
    desk: Running, clock: Simulated, slots: Sequence[Slot], show: Callable[[Slot, SlotRecord | None], None]
) -> None:
    """Jump from slot to slot; `show` is told when one falls due and how it ended."""
    for slot in slots:
        clock.now = slot.due_at
        show(slot, None)
        desk.planner.look(clock.now)
        show(slot, _ended(desk.house, slot))


def _ended(made: House, slot: Slot) -> SlotRecord:
    until = time.monotonic() + PATIENCE
    while (record := made.store.slot(slot.slot_id)).state not in ("published", "held", "cancelled", "failed"):
        if time.monotonic() > until:
            return record
        time.sleep(LOOK_SECONDS)
    return record
