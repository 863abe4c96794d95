"""The desk under faults, in large: `make faults` (FAULTS=1000 make faults runs more). One row a fault; exit 1 on the first
that does not hold.

Each campaign runs in a process of its own, on the real store and the real engine; only the newsroom is a stub that
writes at once and counts what it "pays".
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests import postgres
from tests.desk import killing, racing
from tests.desk.killing import Result

MANY = int(os.environ.get("FAULTS", "100"))
RACES = 10
"""So many races to one kill: they take a tenth of a second each."""
TESTS = {
    "the clock jumps by an hour, and by days": (
        "tests/desk/test_worker.py::test_a_clock_that_jumps_starts_nothing_twice",
        "tests/desk/test_worker.py::test_what_came_too_late_is_cancelled_with_a_notice",
        "tests/desk/test_worker.py::test_what_nobody_can_publish_any_more_is_not_paid_for",
    ),
    "three years of calendars and five editions: a wrong day, a late one": (
        "tests/desk/test_timetable.py::test_three_years_have_no_report_on_a_wrong_day_and_none_is_missing",
    ),
    "summer time begins and ends on Wall Street": (
        "tests/sources/feeds/test_feeds.py::test_wall_streets_clock_changes_and_its_news_stays_at_its_moment",
    ),
}


def main() -> None:
    print(
        "| fault | database | workers | times | duplicate | lost | stuck | cut off, a person decides | paid twice | seconds |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    sound = True
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.server())
        except postgres.NoServer as why:
            print(f"PostgreSQL is left out: {why}", file=sys.stderr)
            server = None
        for name, result in campaigns(server):
            told = "yes" if result.sound else f"NO {result.notes}"
            print(
                f"| {name} | {result.database} | {result.workers} | {result.kills} | {result.duplicates + result.releases_too_many} "
                f"| {result.lost} | {result.stuck} | {result.unknown} | {result.paid_twice} of {result.most_in_flight} "
                f"| {result.seconds:.0f} |{'' if result.sound else told}",
                flush=True,
            )
            sound &= result.sound
    sys.exit(0 if sound else 1)


def campaigns(server: postgres.Server | None) -> Iterator[tuple[str, Result]]:
    for kind in ("sqlite", "postgresql") if server else ("sqlite",):
        yield "SIGKILL before, inside and after each step and each sending", apart(kind, server, 1, "--boundaries")
        for workers in (1, 2):
            words = ("--kills", str(MANY), "--workers", str(workers))
            yield "SIGKILL at random instants", apart(kind, server, workers, *words)
    for kind in ("sqlite", "postgresql") if server else ("sqlite",):
        yield "three desks start at once: one start a slot", apart(kind, server, 3, "--kills", "0", "--workers", "3")
        yield "the kill switch against a courier", raced(racing.halts, kind, server, RACES * MANY)
        yield "an embargo against a courier", raced(racing.embargoes, kind, server, RACES * MANY)
    for name, tests in TESTS.items():
        yield name, tried(*tests)
    yield "the disk is full, then has room again", apart("sqlite", None, 1, "--full", str(max(MANY // 20, 2)))
    if server:
        yield "PostgreSQL is killed and started again every few seconds", through_restarts(server, max(MANY // 10, 3))


def apart(kind: str, server: postgres.Server | None, workers: int, *words: str) -> Result:
    """A campaign in a process of its own, on an empty database."""
    with tempfile.TemporaryDirectory(prefix="quantshark-faults-") as folder:
        url = server.emptied() if kind == "postgresql" and server else f"sqlite:///{folder}/news.db"
        command = [sys.executable, "-m", "tests.desk.killing", url, folder, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        return Result(kind, workers, stuck=1, notes=[done.stderr[-300:]])
    told = json.loads(done.stdout)
    told.pop("sound")
    return Result(**told)


def raced(race: Callable[[str, Path, int], int], kind: str, server: postgres.Server | None, times: int) -> Result:
    """What went out although it was stopped counts as a duplicate: it is what must not be there."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="quantshark-faults-") as folder:
        url = server.emptied() if kind == "postgresql" and server else f"sqlite:///{folder}/news.db"
        early = race(url, Path(folder), times)
    return Result(kind, 1, kills=times, duplicates=early, seconds=time.monotonic() - begun)


def tried(*tests: str) -> Result:
    """Faults of the clock and the calendar need no process to kill: the suite's own tests hold them, as many as passed."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *tests]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    told = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error|skipped)", done.stdout)}
    wrong = sum(told.get(word, 0) for word in ("failed", "error", "skipped")) or int(done.returncode != 0)
    passed, seconds = told.get("passed", 0), time.monotonic() - begun
    return Result("—", 1, kills=passed, stuck=wrong, seconds=seconds, notes=[done.stdout[-300:]] if wrong else [])


def through_restarts(server: postgres.Server, times: int) -> Result:
    """Two workers go on working while their server goes away under them again and again."""
    begun = time.monotonic()
    url = server.emptied()
    with tempfile.TemporaryDirectory(prefix="quantshark-faults-") as folder:
        home = Path(folder)
        due = killing.days(times)
        killing.prepare(url, home, due)
        alive = [killing.live(url, home) for _ in range(2)]
        result = Result("postgresql", 2, kills=times, most_in_flight=3 * times)
        killing.wait_for(
            url, home, due[0]
        )  # both are up: one that cannot even start is its supervisor's to start again
        for moment in due:
            killing.set_clock(home, moment)
            time.sleep(2.0)
            server.stop()
            server.start()
            waited = killing.wait_for(url, home, moment)
            result = replace(result, slowest_recovery=max(result.slowest_recovery, waited))
        for child in alive:
            killing.kill(child)
        result = killing.judged(url, home, result, due)
    result.seconds = time.monotonic() - begun
    return result


if __name__ == "__main__":
    main()
