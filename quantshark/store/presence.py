"""Who is alive: a worker holds a lock of its name for as long as it lives, and loses it with its last breath.

SQLite: an exclusive `flock` on a file beside the database, which the kernel lets go with the process. PostgreSQL: a
session's advisory lock, which the server lets go with the connection; one that was lost (the server was restarted) is
taken again by `keep`.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from quantshark.errors import StoreError
from quantshark.store.database import Database

WORKERS = 7_201_100


class Presence(Protocol):
    """The lock of one name."""

    def take(self) -> bool:
        """Hold it; False where somebody else does."""
        ...

    def keep(self) -> bool:
        """Is it still held? One that was lost is taken again; False where that does not work now."""
        ...

    def drop(self) -> None: ...


def presence(store: Database, name: str) -> Presence:
    """The lock of a worker's name in this store."""
    if store.is_postgres:
        return ServerLock(store, name)
    file = store.engine.url.database
    if not file or file == ":memory:":
        return OwnLock()
    return FileLock(Path(f"{file}.workers"), name)


def is_alive(store: Database, name: str) -> bool:
    """Does somebody hold the lock of that name?"""
    other = presence(store, name)
    if not other.take():
        return True
    other.drop()
    return False


class OwnLock:
    """A store in memory is this process's alone."""

    def take(self) -> bool:
        return True

    def keep(self) -> bool:
        return True

    def drop(self) -> None:
        return


class FileLock:
    """A file that is locked, beside a SQLite database."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.lock"
        self._handle: int | None = None

    def take(self) -> bool:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot lock {self._path} ({error.strerror}); make room or mend its rights") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def keep(self) -> bool:
        return self._handle is not None

    def drop(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                self._path.unlink()
            os.close(self._handle)
            self._handle = None


class ServerLock:
    """A session of its own that holds an advisory lock."""

    def __init__(self, store: Database, name: str) -> None:
        self._store = store
        self._key = zlib.crc32(name.encode()) - 2**31
        self._session: Connection | None = None

    def take(self) -> bool:
        try:
            session = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            got = session.execute(text("SELECT pg_try_advisory_lock(:all, :key)"), self._name()).scalar_one()
        except SQLAlchemyError as error:
            raise StoreError("the database cannot be asked for a lock; check that the server runs") from error
        if not got:
            session.close()
            return False
        self._session = session
        return True

    def keep(self) -> bool:
        if self._session is not None:
            try:
                self._session.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self._session.invalidate()
                self._session = None
            else:
                return True
        try:
            return self.take()
        except StoreError:
            return False

    def drop(self) -> None:
        if self._session is not None:
            with suppress(SQLAlchemyError):
                self._session.execute(text("SELECT pg_advisory_unlock(:all, :key)"), self._name())
            with suppress(SQLAlchemyError):
                self._session.close()
            self._session = None

    def _name(self) -> dict[str, int]:
        return {"all": WORKERS, "key": self._key}
