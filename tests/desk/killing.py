"""Desks that are killed again and again, and what must hold at the end. Run by tests in small, by `make faults` in large.

    python -m tests.desk.killing URL HOME --kills 100 --workers 2 --seed 1
    python -m tests.desk.killing URL HOME --boundaries

The libraries are imported once; every life of a desk is a fork of this process that is ended with SIGKILL, at a random
instant or (`--boundaries`) before, inside and after each step of a slot and each sending.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from quantshark.calendars import Calendar
from quantshark.desk.house import House, running
from quantshark.model import SHANGHAI, Receipt, Release
from quantshark.runs import dbos as engine
from quantshark.store import Store
from tests.desk.stub import Keeper, StubNewsroom, house, stock

STEPS = ("open", "refresh", "draft", "decide", "choose", "deliver:keeper", "deliver:chat", "close")
PLACES = ("before", "inside", "after")
SENDS = tuple((f"send:{channel}", place) for channel in ("keeper", "chat") for place in ("before", "after"))
PATIENCE = 90.0


@dataclass
class Result:
    """What a campaign came to."""

    database: str
    workers: int
    kills: int = 0
    slots: int = 0
    lost: int = 0
    stuck: int = 0
    releases_too_many: int = 0
    duplicates: int = 0
    """Slots of which a channel that can tell took two things, or one that cannot was sent anything twice."""
    unknown: int = 0
    """Sendings that were cut off on the channel that cannot tell: a person decides."""
    paid_twice: int = 0
    most_in_flight: int = 0
    seconds: float = 0.0
    slowest_recovery: float = 0.0
    notes: list[str] = field(default_factory=list[str])

    @property
    def sound(self) -> bool:
        return not (self.lost or self.stuck or self.releases_too_many or self.duplicates) and (
            self.paid_twice <= self.most_in_flight
        )


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Mortal(Keeper):
    """A channel whose sender may die before or after it took a release."""

    point: tuple[str, str] | None = None

    def send(self, release: Release, files: Any) -> Receipt:  # Any: as the target's protocol has it
        if self.point == (f"send:{self.name}", "before"):
            die()
        receipt = super().send(release, files)
        if self.point == (f"send:{self.name}", "after"):
            die()
        return receipt


class MortalSteps(engine.DurableSteps):
    """Steps in which a process may die: before one begins, when it is done but not written down, when it is."""

    point: tuple[str, str] | None = None

    def step(self, name: str, returns: Any, action: Callable[[], Any]) -> Any:  # Any: as the protocol's type variable
        def fatal() -> Any:  # Any: the same
            made = action()
            if self.point == (name, "inside"):
                die()
            return made

        if self.point == (name, "before"):
            die()
        result = super().step(name, returns, fatal)
        if self.point == (name, "after"):
            die()
        return result


def days(number: int) -> list[datetime]:
    """As many moments at which a radar is due."""
    found = Calendar("XHKG").sessions(
        datetime(2024, 1, 10, tzinfo=SHANGHAI).date(), datetime(2026, 12, 20, tzinfo=SHANGHAI).date()
    )
    return [datetime(day.year, day.month, day.day, 8, 30, tzinfo=SHANGHAI) for day in found[:number]]


def clock_of(home: Path) -> Callable[[], datetime]:
    """The moment that was set, and the seconds since: what failed is tried again after a pause, which has to pass."""
    file = home / "clock"

    def now() -> datetime:
        passed = max(0.0, time.time() - file.stat().st_mtime)
        return datetime.fromisoformat(file.read_text()) + timedelta(seconds=passed)

    return now


def set_clock(home: Path, now: datetime) -> None:
    (home / "clock.new").write_text(now.isoformat())
    (home / "clock.new").replace(home / "clock")


def a_house(url: str, home: Path, point: tuple[str, str] | None = None) -> House:
    keeper, chat = Mortal(home / "keeper"), Mortal(home / "chat", "chat", tells=False)
    keeper.point = chat.point = point
    return house(
        url,
        home,
        clock_of(home),
        keeper,
        chat,
        newsroom=lambda store, shelf: StubNewsroom(store, shelf, seconds=0.05, calls=home / "calls"),
    )


def live(url: str, home: Path, point: tuple[str, str] | None = None, room: int | None = None) -> int:
    """A life in a process of its own; gives its id. `room`: no file may grow past so many bytes, as on a full disk."""
    child = os.fork()
    if child:
        return child
    try:
        log = os.open(home / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        MortalSteps.point = point
        engine.DurableSteps = MortalSteps
        with running(a_house(url, home, point)):
            signal.pause()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(1)


def kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return
    os.waitpid(child, 0)


def settled(url: str, home: Path, slot: str) -> bool:
    with Store.open(url, clock_of(home)) as store:
        return any(r.slot_id == slot and r.state == "published" for r in store.slots(limit=3000))


def slot_of(due: datetime) -> str:
    return f"radar-{due.date()}-hans"


def prepare(url: str, home: Path, due: list[datetime]) -> None:
    set_clock(home, due[0])
    made = a_house(url, home)
    made.entries()  # read once here, so that no life spends its time on it
    with made.store as store:
        for moment in due:
            stock(store, moment)


def at_random(url: str, home: Path, kills: int, workers: int, seed: int) -> Result:
    """Kill one of the workers at random instants while slot after slot falls due, then let the rest finish."""
    chance = random.Random(seed)  # noqa: S311
    due = days(kills + 2)
    prepare(url, home, due)
    result = Result(url.partition(":")[0], workers, most_in_flight=3 * kills)
    alive = [live(url, home) for _ in range(workers)]
    # How long a slot takes here from a cold start says how long the lives must be that are cut short.
    longest = 1.3 * wait_for(url, home, due[0])
    done = [due[0]]
    while result.kills < kills:
        moment = due[len(done)]
        set_clock(home, moment)
        time.sleep(chance.uniform(0.0, longest))
        victim = chance.randrange(workers)
        kill(alive[victim])
        result.kills += 1
        alive[victim] = live(url, home)
        if settled(url, home, slot_of(moment)):
            done.append(moment)
    last = due[len(done)]
    set_clock(home, last)
    waited = wait_for(url, home, last)
    for child in alive:
        kill(child)
    result.slowest_recovery = waited
    return judged(url, home, result, [*done, last])


def at_boundaries(url: str, home: Path, workers: int) -> Result:
    """One slot for each place at which a process can die; another life takes it up."""
    points = [*((step, place) for step in STEPS for place in PLACES), *SENDS]
    due = days(len(points))
    prepare(url, home, due)
    result = Result(url.partition(":")[0], workers, most_in_flight=3 * len(points))
    for moment, point in zip(due, points, strict=True):
        set_clock(home, moment)
        lives = [live(url, home, point) for _ in range(workers)]
        for child in lives:
            os.waitpid(child, 0) if ends_by_itself(child, 30) else kill(child)
            result.kills += 1
        heir = live(url, home)
        waited = wait_for(url, home, moment)
        result.slowest_recovery = max(result.slowest_recovery, waited)
        kill(heir)
    return judged(url, home, result, due)


def with_a_full_disk(url: str, home: Path, times: int, seed: int) -> Result:
    """A desk that can write nothing more for a while, at a random point of growth; then there is room again."""
    chance = random.Random(seed)  # noqa: S311
    due = days(times + 1)
    prepare(url, home, due)
    result = Result(url.partition(":")[0], 1, most_in_flight=3 * times)
    kill_after(url, home, due[0], live(url, home))
    for moment in due[1:]:
        set_clock(home, moment)
        room = max(path.stat().st_size for path in home.glob("*.db*")) + chance.randrange(0, 200_000)
        full = live(url, home, room=room)
        time.sleep(chance.uniform(1.0, 4.0))
        kill(full)
        result.kills += 1
        result.slowest_recovery = max(result.slowest_recovery, kill_after(url, home, moment, live(url, home)))
    return judged(url, home, result, due)


def kill_after(url: str, home: Path, moment: datetime, child: int) -> float:
    waited = wait_for(url, home, moment)
    kill(child)
    return waited


def ends_by_itself(child: int, seconds: float) -> bool:
    """Did it die where it should have? The other of two may never come to that place."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
            return True
        time.sleep(0.02)
    return False


def wait_for(url: str, home: Path, moment: datetime) -> float:
    begun = time.monotonic()
    while not settled(url, home, slot_of(moment)) and time.monotonic() - begun < PATIENCE:
        time.sleep(0.05)
    return time.monotonic() - begun


def judged(url: str, home: Path, result: Result, due: list[datetime]) -> Result:
    """Hold what is in the store and at the channels against what must be."""
    with Store.open(url, clock_of(home)) as store:
        slots = {record.slot_id: record for record in store.slots(limit=3000)}
        releases = Counter((r.edition, r.day) for r in store.releases(limit=10_000))
        receipts = Counter((r.channel, r.release_id) for r in store.receipts())
        parcels = store.parcels()
    arrived = {name: Counter(lines(home / name / "arrivals")) for name in ("keeper", "chat")}
    for moment in due:
        name = slot_of(moment)
        record = slots.get(name)
        result.slots += 1
        result.stuck += record is None or record.state != "published"
        result.lost += not (record and arrived["keeper"][record.release_id] and receipts["keeper", record.release_id])
        result.releases_too_many += releases["radar", moment.date()] > 1
    kept = Counter(path.name.rsplit("-r", 1)[0] for path in (home / "keeper").iterdir() if path.name != "arrivals")
    result.duplicates = sum(n > 1 for n in kept.values()) + sum(n > 1 for n in arrived["chat"].values())
    result.unknown = sum(parcel.state == "unknown" for parcel in parcels)
    calls = Counter(lines(home / "calls"))
    result.paid_twice = sum(calls.values()) - len(calls)
    result.notes = [f"{s.slot_id} {s.state} {s.detail}" for s in slots.values() if s.state != "published"][:5]
    return result


def lines(path: Path) -> Iterator[str]:
    if path.exists():
        yield from path.read_text("utf-8").splitlines()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("home", type=Path)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--boundaries", action="store_true")
    parser.add_argument("--full", type=int, default=0, metavar="TIMES")
    asked = parser.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    if asked.boundaries:
        result = at_boundaries(asked.url, asked.home, asked.workers)
    elif asked.full:
        result = with_a_full_disk(asked.url, asked.home, asked.full, asked.seed)
    else:
        result = at_random(asked.url, asked.home, asked.kills, asked.workers, asked.seed)
    result.seconds = round(time.monotonic() - begun, 1)
    sys.stdout.write(json.dumps(asdict(result) | {"sound": result.sound}) + "\n")


if __name__ == "__main__":
    main()
