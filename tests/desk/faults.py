"""The desk under faults, in large: `make faults` (FAULTS=1000 make faults runs more). One row a fault; exit 1 on the first
that does not hold.

Each campaign runs in a process of its own, on the real store and the real engine; only the newsroom is a stub that
writes at once and counts what it "pays".
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psycopg

from tests import postgres
from tests.desk import killing, racing
from tests.desk.killing import Result

MANY = int(os.environ.get("FAULTS", "100"))


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
    yield "two desks start at once: one start a slot", apart("sqlite", None, 3, "--kills", "0", "--workers", "3")
    yield "the kill switch against a courier", raced(racing.halts, MANY)
    yield "an embargo against a courier", raced(racing.embargoes, MANY)
    yield "the disk is full, then has room again", apart("sqlite", None, 1, "--full", str(max(MANY // 20, 2)))
    if server:
        yield "PostgreSQL is killed and started again every few seconds", through_restarts(server, max(MANY // 10, 3))


def apart(kind: str, server: postgres.Server | None, workers: int, *words: str) -> Result:
    """A campaign in a process of its own, on an empty database."""
    with tempfile.TemporaryDirectory(prefix="quantshark-faults-") as folder:
        url = emptied(server) if kind == "postgresql" and server else f"sqlite:///{folder}/news.db"
        command = [sys.executable, "-m", "tests.desk.killing", url, folder, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        return Result(kind, workers, stuck=1, notes=[done.stderr[-300:]])
    told = json.loads(done.stdout)
    told.pop("sound")
    return Result(**told)


def raced(race: Callable[[str, Path, int], int], times: int) -> Result:
    """What went out although it was stopped counts as a duplicate: it is what must not be there."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="quantshark-faults-") as folder:
        early = race(f"sqlite:///{folder}/news.db", Path(folder), times)
    return Result("sqlite", 1, kills=times, duplicates=early, seconds=time.monotonic() - begun)


def emptied(server: postgres.Server) -> str:
    with psycopg.connect(f"host={server.folder} user=postgres dbname=postgres", autocommit=True) as connection:
        for schema in ("public", "dbos"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")  # pyright: ignore[reportArgumentType]  ours
        connection.execute("CREATE SCHEMA public")
    return server.url


def through_restarts(server: postgres.Server, times: int) -> Result:
    """Two workers go on working while their server goes away under them again and again."""
    begun = time.monotonic()
    url = emptied(server)
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
