"""One database, opened and up to date: a SQLite file, or PostgreSQL by URL; reads and writes as transactions.

A write is all or nothing and safe from power loss (WAL, synchronous=FULL). Whatever a driver throws leaves as StoreError.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.schema import Table

from quantshark.errors import StoreError
from quantshark.store.migrations import NEWEST, upgrade, version_of

BUSY_SECONDS = 20
# One lock a purpose: two machines that migrate, or that store the same documents, take turns. Claims share theirs; who
# stops them (kill switch, embargo, withdrawal) takes it alone, so that nothing is claimed once the stop has returned.
MIGRATING, STORING, SENDING, TELLING = 7_201_001, 7_201_002, 7_201_003, 7_201_004

Clock = Callable[[], datetime]
Item = TypeVar("Item")


def utc_now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A moment as text that sorts: UTC, always with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(stamped: str) -> datetime:
    return datetime.fromisoformat(stamped)


class Database:
    """What every part of the store stands on."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self.engine = engine
        self.clock = clock
        # In memory there is one connection for all; a file has one writer at a time. SQLite makes the others poll, and
        # of two hundred threads that poll some get their turn half a minute later: a lock of ours wakes the next at once.
        self._turns = threading.RLock() if isinstance(engine.pool, StaticPool) else nullcontext()
        self._writers = threading.RLock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str, clock: Clock = utc_now) -> Self:
        """Open, create or upgrade the database behind `url` (`sqlite:///file`, `postgresql://…`, or a file's path)."""
        address = _address(url)
        database = cls(_engine(address), clock)
        try:
            database._upgrade_if_older()
        except StoreError as error:
            database.close()
            raise type(error)(f"{_shown(address)}: {error}", **error.details) from error
        return database

    def _upgrade_if_older(self) -> None:
        with self.reading() as connection:
            if version_of(connection) == NEWEST:
                return  # without a lock: whoever only reads waits for nobody
        with self.writing(MIGRATING) as connection:
            upgrade(connection)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """One consistent view."""
        with self._turns, _errors_of_ours(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, turn: int | None = None, *, shared: bool = False, passing: bool = False) -> Generator[Connection]:
        """One transaction: committed whole, or not at all. `turn` makes PostgreSQL writers wait for each other, those
        that share a turn only for one that does not. What is `passing` outlives this process at once, but a machine that
        loses its power may lose the last of it: then nobody waits for the disk.
        """
        writes = self._connect_to_write(passing=passing)
        with self._writers, self._turns, _errors_of_ours(), writes as connection, connection.begin():
            if passing and self.is_postgres:
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            if turn is not None and self.is_postgres:
                lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
                connection.execute(text(f"SELECT {lock}(:turn)"), {"turn": turn})
            yield connection

    def fold_log(self) -> None:
        """Fold SQLite's log into its file, so that what was deleted is on no page of either (secure_delete)."""
        if self.is_postgres:
            return
        try:
            with closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise StoreError(f"the database's log could not be folded ({error}); try again") from error

    @contextmanager
    def _connect_to_write(self, *, passing: bool) -> Generator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(writes=True, passing=passing)

    @property
    def is_postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def now(self) -> str:
        return stamp(self.clock())

    def insert_new(self, connection: Connection, table: Table, row: dict[str, Any]) -> bool:
        """Insert unless its key is there; False when it was."""
        insert = postgres_insert if self.is_postgres else sqlite_insert
        key = next(iter(table.primary_key.columns))
        return connection.execute(insert(table).values(row).on_conflict_do_nothing().returning(key)).first() is not None


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of at most `size`; databases limit the variables of one statement."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


# --- opening -------------------------------------------------------------------------------------------------------


def _address(url: str) -> URL:
    try:
        address = make_url(url if "://" in url else f"sqlite:///{url}")
    except ArgumentError as error:
        raise StoreError(f"cannot read the database URL {url!r}; write sqlite:///path or postgresql://…") from error
    backend = address.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return address.set(drivername="sqlite+pysqlite")
    raise StoreError(f"no store on {backend!r}; write sqlite:///path or postgresql://…")


def _shown(address: URL) -> str:
    return address.database or "memory" if address.get_backend_name() == "sqlite" else address.render_as_string()


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "postgresql":
        return create_engine(address, pool_pre_ping=True)
    if address.database in {None, "", ":memory:"}:
        engine = create_engine(address, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        _make_folder(Path(str(address.database)))
        # As many as a web server has threads: what is over the pool's size is opened and closed for each look.
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS}, pool_size=40)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {file.parent} of the database ({error}); choose another") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:  # Any: a driver's connection
    connection.isolation_level = None  # SQLAlchemy's `begin` speaks, the driver does not
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _switch_to_wal(connection)


def log_ahead(file: Path) -> None:
    """Let a SQLite file that others open keep a log: then who reads it waits for nobody who writes, now and ever after."""
    _make_folder(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        _switch_to_wal(connection)


def _switch_to_wal(connection: Any, patience: float = 5.0) -> None:  # Any: a driver's connection
    """Two processes that create one file at once: the switch does not wait by itself, so it is tried again."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A write takes the lock at once: one that began as a read could not wait for it.
    options = connection.get_execution_options()
    writes = options.get("writes", False)
    if writes:
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options['passing'] else 'FULL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _errors_of_ours() -> Generator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the database refused: {_first_line(error.orig)}; {_way_out(error)}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database cannot be used: {_first_line(error)}") from error


def _first_line(error: object) -> str:
    return str(error).strip().split("\n", 1)[0]


WAYS_OUT: Sequence[tuple[str, str]] = (
    ("locked", "another program holds it; try again when it is done"),
    ("not a database", "the file is something else; move it away or name another"),
    ("disk", "free some space and try again"),
    ("full", "free some space and try again"),
    ("readonly", "make the file writable"),
    ("read-only", "make the file writable"),
    ("unable to open", "check that the folder exists and is yours"),
    ("connect", "check that the server runs and the URL is right"),
)


def _way_out(error: DBAPIError) -> str:
    said = str(error.orig).lower()
    return next((way for sign, way in WAYS_OUT if sign in said), "nothing was changed")
