"""The night desk with a newsroom that writes at once, or as slowly as a model: own time, a full house, a second worker."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quantshark import editions
from quantshark.calendars import Calendar
from quantshark.desk.demo import Quiet
from quantshark.desk.house import House, Running, running
from quantshark.desk.house import of as house_of
from quantshark.desk.plan import DeskPlan, EditionPlan
from quantshark.desk.planner import PROCEDURE, RULES_LANE
from quantshark.desk.worker import Order, order_json
from quantshark.model import SHANGHAI
from quantshark.newsroom import Newsroom
from quantshark.newsroom.outgoing import Shelf
from quantshark.press import ledger as ledgers
from quantshark.settings import ModelSettings, load
from quantshark.store import SlotRecord, Store
from tests.benchmarks.measuring import ROOT, Row, Served, at_least, at_most
from tests.desk.stub import Keeper, StubNewsroom, house, stock

CALLS = 3
"""Paid calls of the stub's report."""


MORNING = datetime(2025, 12, 12, 8, 30, tzinfo=SHANGHAI)


def measure() -> Iterator[Row]:
    yield from _own_time()
    yield from _own_time_with_reports()
    yield from _full_house()
    yield from _busy_morning()
    one, two = _many(1), _many(2)
    yield at_least(
        "a second worker, each with 10 calls in flight", one / two, 1.7, "x", "40 releases, 1 s a call, SQLite"
    )


def _own_time(slots: int = 20) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, running(_house(Path(folder), 0.0, None), plans=False) as desk:
        _wait(desk.house.store, _start(desk, 1))
        before, cpu = time.perf_counter(), time.process_time()
        _wait(desk.house.store, _start(desk, slots, skip=1), 300)
        wall, cpu = (time.perf_counter() - before) / slots, (time.process_time() - cpu) / slots
    yield at_most(
        "the desk's own CPU a slot",
        cpu * 1000,
        200,
        "ms",
        f"due to published, newsroom and channel take no time; {slots} at once",
    )
    yield Row("wall time of it", f"{wall * 1000:.0f} ms", how=f"{slots} at once")


def _own_time_with_reports(editions_due: int = 15) -> Iterator[Row]:
    """One morning, everything real but the model: radars of so many houses in both scripts, the rules writing."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _prompts(home / "prompts", editions_due)
        with running(_real_house(home, ModelSettings()), plans=False) as desk:
            wall, cpu = time.perf_counter(), time.process_time()
            desk.planner.look(MORNING)
            names = [record.slot_id for record in desk.house.store.slots()]
            _wait(desk.house.store, names, 600)
            wall, cpu = (time.perf_counter() - wall) / len(names), (time.process_time() - cpu) / len(names)
    how = f"{len(names)} slots due at once, {editions_due} editions in two scripts; wall {1000 * wall:.0f} ms a slot"
    yield at_most("own CPU a slot with its report: read, judged, released, sent", cpu * 1000, 200, "ms", how)


def _busy_morning(slots: int = 200, seconds: float = 2.0, in_flight: int = 100) -> Iterator[Row]:
    """The same morning written by a model that answers after two seconds, each report checked whole; on both cores."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Served("-m", "tests.benchmarks.model_server", str(seconds), str(in_flight)) as url,
    ):
        home = Path(folder)
        _prompts(home / "prompts", slots // 2)
        model = ModelSettings(base_url=url, model="stub", in_flight=in_flight)
        _real_house(home, model)  # the documents are read once
        child = os.fork()
        if child == 0:
            with running(_real_house(home, model), plans=False):
                signal.pause()
        time.sleep(5)
        try:
            with running(_real_house(home, model), plans=False) as desk:
                before = time.perf_counter()
                desk.planner.look(MORNING)
                names = [record.slot_id for record in desk.house.store.slots()]
                _wait(desk.house.store, names, 900)
                took = time.perf_counter() - before
                calls = _paid(desk.house.store)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    ideal = calls * seconds / in_flight
    how = (
        f"{calls} calls of {seconds:g} s, {in_flight} in flight, ideal {ideal:.0f} s; {took:.0f} s, two workers, SQLite"
    )
    yield at_most(f"{len(names)} reports of the real newsroom due at once", took / ideal, 2, "x ideal", how)


def _paid(store: Store) -> int:
    """The calls that the releases of a store were written with."""
    written = (ledgers.read(release.ledger).writing for release in store.releases(limit=1000))
    return sum(entry.calls for sections in written for entry in sections.values())


def _real_house(home: Path, model: ModelSettings) -> House:
    """Everything as a user has it, a folder for a channel; the clock stands at half past eight."""
    settings = load(home=home, prompts_dir=home / "prompts").model_copy(update={"llm": model})
    newsroom = Newsroom(settings)
    newsroom.ingest([ROOT / "fixtures" / "2025-12"])
    asked = {slug: EditionPlan(scripts=("hans", "hant")) for slug in editions.slugs(settings.prompts_dir)}
    plan = DeskPlan(policy="demo", channels=(f"folder:{home / 'out'}",), editions=asked)
    made = replace(house_of(settings, newsroom), clock=lambda: MORNING, plan=plan, refresher=Quiet())
    return replace(made, begins=MORNING, name=f"worker {os.getpid()}")


def _prompts(folder: Path, editions_due: int) -> Path:
    """The radar under so many names, each an edition of its own."""
    shutil.copytree(editions.roots() / "shared", folder / "shared")
    for number in range(editions_due):
        radar = shutil.copytree(editions.roots() / "radar", folder / f"radar{number}")
        text = (radar / "edition.yaml").read_text("utf-8")
        (radar / "edition.yaml").write_text(text.replace("slug: radar\n", f"slug: radar{number}\n", 1), "utf-8")
    return folder


def _full_house(slots: int = 200, seconds: float = 2.0, in_flight: int = 100) -> Iterator[Row]:
    ideal = slots * CALLS * seconds / in_flight
    with tempfile.TemporaryDirectory() as folder:
        limit = asyncio.Semaphore(in_flight)
        with running(_house(Path(folder), seconds, limit), plans=False) as desk:
            before = time.perf_counter()
            names = _start(desk, slots)
            _wait(desk.house.store, names, 300)
            took = time.perf_counter() - before
            delays = sorted((r.started_at - r.due_at).total_seconds() for r in desk.house.store.slots() if r.started_at)
    how = f"{CALLS} calls of {seconds:g} s each, {in_flight} in flight, ideal {ideal:.0f} s, one worker, SQLite"
    yield at_most(f"{slots} releases due at once, all published", took / ideal, 2, "x ideal", how)
    yield at_most("p99 of the start delay", delays[int(0.99 * len(delays)) - 1], 5, "s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield at_most("peak memory of the worker", peak, 500, "MB")


def _many(workers: int, slots: int = 40) -> float:
    """Seconds for so many releases on so many workers, each with ten calls in flight."""
    with tempfile.TemporaryDirectory() as folder:
        children = [_fork(Path(folder)) for _ in range(workers - 1)]
        try:
            with running(_house(Path(folder), 1.0, asyncio.Semaphore(10)), plans=False, in_flight=10) as desk:
                before = time.perf_counter()
                _wait(desk.house.store, _start(desk, slots), 300)
                return time.perf_counter() - before
        finally:
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


def _fork(home: Path) -> int:
    child = os.fork()
    if child == 0:
        with running(_house(home, 1.0, asyncio.Semaphore(10)), plans=False, in_flight=10):
            signal.pause()
    time.sleep(3)
    return child


def _house(home: Path, seconds: float, limit: asyncio.Semaphore | None) -> House:
    def newsroom(store: Store, shelf: Shelf) -> StubNewsroom:
        return StubNewsroom(store, shelf, seconds=seconds, limit=limit)

    made = house(
        f"sqlite:///{home / 'news.db'}", home, lambda: datetime.now(UTC), Keeper(home / "channel"), newsroom=newsroom
    )
    stock(made.store, datetime.now(UTC))
    return replace(made, look_seconds=0.25)


def _start(desk: Running, slots: int, skip: int = 0) -> Sequence[str]:
    """Let so many slots be due now."""
    now = datetime.now(UTC)
    days = Calendar("XHKG").sessions(datetime(2024, 1, 10, tzinfo=UTC).date(), datetime(2026, 12, 1, tzinfo=UTC).date())
    names: list[str] = []
    for day in days[skip : skip + slots]:
        name = f"radar-{day}-hans"
        record = SlotRecord(name, "radar", day, "hans", now, now + timedelta(minutes=30), now + timedelta(hours=1))
        desk.house.store.open_slot(record)
        order = Order(
            name, "radar", "radar", "hans", day, now, record.deadline, record.expires_at, "trusting", ("keeper",)
        )  # fmt: skip
        desk.engine.start(PROCEDURE, name, order_json(order), RULES_LANE, 1)
        names.append(name)
    return names


def _wait(store: Store, names: Sequence[str], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    wanted = set(names)
    while not wanted <= {record.slot_id for record in store.slots(states=("published",))}:
        if time.monotonic() > end:
            raise TimeoutError(f"not published within {seconds} s")
        time.sleep(0.2)
