"""What we did: paid replies, durable runs with their finished steps, and the trail of who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Row, insert, select, update

from quantshark.store import schema
from quantshark.store.database import Database, moment, stamp
from quantshark.store.missing import missing

RunState = Literal["open", "done", "failed"]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A durable run: what it is for, the hash of what it depends on, and how it ended.

    `seen_at` is its last sign of life: one that is open and silent was interrupted, and can be taken up again.
    """

    run_id: str
    name: str
    inputs: str
    state: RunState
    error: str
    opened_at: datetime
    closed_at: datetime | None
    actor: str = ""
    cancelled_by: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Somebody did something to something."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


class PaidReplies:
    """The store's `model.Journal`: the first reply to a question stays, so a re-run pays nothing twice."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, key: str) -> str | None:
        with self.database.reading() as connection:
            query = select(schema.journal.c.reply).where(schema.journal.c.key == key)
            return connection.execute(query).scalar_one_or_none()

    def put(self, key: str, reply: str) -> None:
        row = {"key": key, "reply": reply, "stored_at": self.database.now()}
        with self.database.writing() as connection:
            self.database.insert_new(connection, schema.journal, row)


class Work(Database):
    """Journal, runs and steps (`runs.Book`), audit."""

    @property
    def journal(self) -> PaidReplies:
        return PaidReplies(self)

    def open_run(self, name: str, inputs: str, actor: str = "") -> str:
        """The id of the unfinished run of that name and inputs, else of a new one."""
        row = {
            "run_id": uuid4().hex,
            "name": name,
            "inputs": inputs,
            "state": "open",
            "error": "",
            "opened_at": self.now(),
            "closed_at": None,
            "actor": actor,
            "cancelled_by": "",
            "seen_at": self.now(),
        }
        columns = schema.runs.c
        unfinished = select(columns.run_id).where(
            columns.name == name, columns.inputs == inputs, columns.state == "open"
        )
        with self.writing() as connection:
            self.insert_new(connection, schema.runs, row)
            return connection.execute(unfinished).scalar_one()

    def close_run(self, run_id: str, *, error: str = "") -> None:
        """Done, or failed where there is an error; a closed run stays as it was closed."""
        values = {"state": "failed" if error else "done", "error": error, "closed_at": self.now()}
        columns = schema.runs.c
        with self.writing() as connection:
            is_open = update(schema.runs).where(columns.run_id == run_id, columns.state == "open")
            connection.execute(is_open.values(values))

    def run(self, run_id: str) -> RunRecord:
        with self.reading() as connection:
            row = connection.execute(select(schema.runs).where(schema.runs.c.run_id == run_id)).one_or_none()
        if row is None:
            raise missing("run", run_id)
        return _run(row)

    def runs(
        self, state: RunState | None = None, limit: int = 100, prefix: str = "", since: datetime | None = None
    ) -> tuple[RunRecord, ...]:
        """Newest first; `prefix` is how the name begins."""
        columns = schema.runs.c
        query = select(schema.runs).order_by(columns.opened_at.desc(), columns.run_id).limit(limit)
        if state is not None:
            query = query.where(columns.state == state)
        if prefix:
            query = query.where(columns.name.startswith(prefix, autoescape=True))
        if since is not None:
            query = query.where(columns.opened_at >= stamp(since))
        with self.reading() as connection:
            return tuple(_run(row) for row in connection.execute(query))

    def step_result(self, run_id: str, step: str) -> str | None:
        """What a finished step gave; None where it has not finished."""
        columns = schema.steps.c
        with self.reading() as connection:
            query = select(columns.result).where(columns.run_id == run_id, columns.name == step)
            return connection.execute(query).scalar_one_or_none()

    def keep_step(self, run_id: str, step: str, result: str) -> None:
        """Write down what a step gave; where two workers made it, the first result stays."""
        row = {"run_id": run_id, "name": step, "result": result, "done_at": self.now()}
        with self.writing() as connection:
            self.insert_new(connection, schema.steps, row)

    def steps(self, run_id: str) -> dict[str, str]:
        """Finished steps by name, in the order they finished."""
        columns = schema.steps.c
        query = select(columns.name, columns.result).where(columns.run_id == run_id)
        with self.reading() as connection:
            rows = connection.execute(query.order_by(columns.done_at, columns.name))
            return {row.name: row.result for row in rows}

    def audit(self, action: str, subject: str, detail: str = "", actor: str = "") -> None:
        row = {"at": self.now(), "actor": actor, "action": action, "subject": subject, "detail": detail}
        with self.writing() as connection:
            connection.execute(insert(schema.audit), row)

    def audit_trail(self, subject: str | None = None, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Newest first."""
        query = select(schema.audit).order_by(schema.audit.c.number.desc()).limit(limit)
        if subject is not None:
            query = query.where(schema.audit.c.subject == subject)
        with self.reading() as connection:
            rows = list(connection.execute(query))
        return tuple(AuditEntry(moment(row.at), row.actor, row.action, row.subject, row.detail) for row in rows)


def _run(row: Row[Any]) -> RunRecord:
    closed = None if row.closed_at is None else moment(row.closed_at)
    seen = moment(row.seen_at) if row.seen_at else None
    return RunRecord(
        row.run_id,
        row.name,
        row.inputs,
        row.state,
        row.error,
        moment(row.opened_at),
        closed,
        row.actor,
        row.cancelled_by,
        seen,
    )
