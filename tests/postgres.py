"""A throw-away PostgreSQL server behind a socket file: for the tests, and for the faults that restart it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

BOTH = [pytest.param("sqlite", id="sqlite"), pytest.param("postgres", id="postgres", marks=pytest.mark.postgres)]
"""The databases that a test of the store runs on."""


def url_of(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """An empty database of a kind: a file in a folder, or what the tests' own server holds."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'news.db'}"
    server: Server = request.getfixturevalue("postgres_server")
    return server.emptied()


class NoServer(Exception):  # noqa: N818  it is a reason, not a fault
    """Why there is none here."""


@dataclass(frozen=True)
class Server:
    """One that runs; `folder` holds its socket and its data."""

    folder: Path
    programs: Path
    as_owner: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"postgresql:///postgres?host={self.folder}&user=postgres"

    def emptied(self) -> str:
        """The address of its database, with nothing in it."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS dbos CASCADE")
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def create(self) -> None:
        # C.UTF-8 sorts by code point; a server sorts by language as a rule, and our order must not depend on that.
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def _run(self, program: str, *words: str | Path) -> None:
        command = [*self.as_owner, str(self.programs / program), *(str(word) for word in words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL)  # noqa: S603
        if done.returncode != 0:
            raise NoServer(f"PostgreSQL does not start here: {(done.stderr or done.stdout).strip()[-300:]}")


@contextmanager
def server() -> Generator[Server]:
    """A server that runs until the block ends. Raises NoServer where there can be none."""
    programs = _programs()
    if programs is None:
        raise NoServer("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="quantshark-pg-"))
    made = Server(folder, programs, _as_unprivileged(folder))
    made.create()
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").is_file():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _as_unprivileged(folder: Path) -> tuple[str, ...]:
    """The server refuses to run as root; Debian made it a user of its own."""
    if os.geteuid() != 0:
        return ()
    try:
        shutil.chown(folder, "postgres")
    except LookupError:
        raise NoServer("PostgreSQL will not run as root and there is no user `postgres`") from None
    return ("runuser", "-u", "postgres", "--")
