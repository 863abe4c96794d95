"""What the desk did: each slot once, with how it ended, and what people were told about it.

A slot's release is chosen in one transaction together with its parcels for the channels: whoever comes second, on this
machine or another, gets the release that stands. A notice has a key, so that nobody is told the same thing twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, func, select, update

from quantshark.errors import StoreError
from quantshark.store import schema
from quantshark.store.database import STORING, Database, moment, stamp
from quantshark.store.missing import missing

DeskState = Literal["waiting", "asked", "running", "held", "sending", "published", "cancelled", "failed"]
ENDED: frozenset[DeskState] = frozenset({"published", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """One slot and how far it came. `detail` is a sentence for an editor; `attempt` counts the runs it took."""

    slot_id: str
    edition: str
    day: date
    script: str
    due_at: datetime
    deadline: datetime
    expires_at: datetime
    state: DeskState = "waiting"
    detail: str = ""
    release_id: str = ""
    holder: str = ""
    attempt: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know: `kind` is for machines (held, missed, stale …), `text` is Chinese."""

    key: str
    kind: str
    subject: str
    text: str
    at: datetime
    told: bool = False


class Slots(Database):
    """Slots and notices."""

    def open_slot(self, record: SlotRecord) -> bool:
        """Write a slot down; False where it stands there already, however it stands."""
        with self.writing() as connection:
            return self.insert_new(connection, schema.slots, _slot_row(record, self.now()))

    def slot(self, slot_id: str) -> SlotRecord:
        with self.reading() as connection:
            row = _slot(connection, slot_id)
        if row is None:
            raise missing("slot", slot_id)
        return _record(row)

    def slots(
        self, since: datetime | None = None, states: Collection[DeskState] | None = None, limit: int = 1000
    ) -> tuple[SlotRecord, ...]:
        """Newest first."""
        columns = schema.slots.c
        query = select(schema.slots).order_by(columns.due_at.desc(), columns.slot_id).limit(limit)
        if since is not None:
            query = query.where(columns.due_at >= stamp(since))
        if states is not None:
            query = query.where(columns.state.in_(tuple(states)))
        with self.reading() as connection:
            return tuple(_record(row) for row in connection.execute(query))

    def begin_slot(self, slot_id: str, holder: str) -> SlotRecord:
        """A worker has it in hand; the first start stays the start."""
        columns = schema.slots.c
        taken = {
            "state": "running",
            "holder": holder,
            "detail": "",
            "attempt": columns.attempt + 1,
            "started_at": func.coalesce(columns.started_at, self.now()),
        }
        this = and_(columns.slot_id == slot_id, columns.state.in_(("waiting", "asked", "running", "held", "failed")))
        with self.writing() as connection:
            connection.execute(update(schema.slots).where(this).values(taken))
        return self.slot(slot_id)

    def mark_slot(
        self, slot_id: str, state: DeskState, detail: str = "", only_from: Collection[DeskState] | None = None
    ) -> bool:
        """Say how far a slot came; False where it was not in one of the states to come `only_from`."""
        columns = schema.slots.c
        this = [columns.slot_id == slot_id]
        if only_from is not None:
            this.append(columns.state.in_(tuple(only_from)))
        values: dict[str, Any] = {"state": state, "detail": detail}  # Any: what a driver takes
        values["ended_at"] = self.now() if state in ENDED else None
        with self.writing() as connection:
            return connection.execute(update(schema.slots).where(*this).values(values)).rowcount == 1

    def choose_release(self, slot_id: str, release_id: str, channels: Iterable[str]) -> str:
        """Let this release be the slot's one and wait for its channels; gives the one that stands.

        A release of the same slot that already went to a channel, by an editor's hand, stands too. A slot that nobody
        has in hand takes none: empty where it ended without one.
        """
        with self.writing(STORING) as connection:
            row = connection.execute(
                select(schema.slots).where(schema.slots.c.slot_id == slot_id).with_for_update()
            ).one_or_none()
            if row is None:
                raise missing("slot", slot_id)
            if row.state not in ("running", "held"):
                return str(row.release_id) if row.state in ("sending", "published") else ""
            standing = row.release_id or _went_out(connection, row) or release_id
            now = self.now()
            values = {"release_id": standing, "state": "sending"}
            connection.execute(update(schema.slots).where(schema.slots.c.slot_id == slot_id).values(values))
            for channel in channels if standing == release_id else ():
                self.insert_new(connection, schema.outbox, _parcel_row(release_id, channel, now))
        return standing

    # --- notices

    def notify(self, notice: Notice) -> bool:
        """Keep a notice; False where that was said before."""
        row = {
            "key": notice.key,
            "kind": notice.kind,
            "subject": notice.subject,
            "text": notice.text,
            "at": stamp(notice.at),
            "told": int(notice.told),
        }
        with self.writing() as connection:
            return self.insert_new(connection, schema.notices, row)

    def notices(self, *, untold: bool = False, limit: int = 100) -> tuple[Notice, ...]:
        """Newest first; `untold`: those that no message has carried yet."""
        columns = schema.notices.c
        query = select(schema.notices).order_by(columns.at.desc(), columns.key).limit(limit)
        if untold:
            query = query.where(columns.told == 0)
        with self.reading() as connection:
            rows = list(connection.execute(query))
        return tuple(Notice(r.key, r.kind, r.subject, r.text, moment(r.at), bool(r.told)) for r in rows)

    def mark_told(self, key: str) -> bool:
        """A message is about to carry it; False where somebody else took it."""
        columns = schema.notices.c
        with self.writing() as connection:
            this = update(schema.notices).where(columns.key == key, columns.told == 0)
            return connection.execute(this.values(told=1)).rowcount == 1

    # --- what is known

    def newest_known(self, until: datetime) -> datetime | None:
        """When the newest document became known before `until`."""
        known = schema.documents.c.known_at
        with self.reading() as connection:
            found = connection.execute(select(func.max(known)).where(known < stamp(until))).scalar_one()
        return moment(found) if found else None

    # --- restored from a backup

    def copy_to(self, file: Path) -> None:
        """A consistent copy of a SQLite database, while others write."""
        with closing(self.engine.raw_connection()) as connection:
            try:
                connection.cursor().execute("VACUUM INTO ?", (str(file),))
            except sqlite3.Error as error:
                raise StoreError(f"cannot copy the database to {file} ({error}); make room or name another") from error

    def settle_restored(self, why: str) -> int:
        """Let nothing go on that a backup holds unfinished; gives how many releases were on their way to a channel."""
        columns, slots = schema.outbox.c, schema.slots.c
        open_parcels = update(schema.outbox).where(columns.state.in_(("waiting", "claimed", "failed")))
        open_slots = update(schema.slots).where(slots.state.in_(("waiting", "asked", "running", "held", "sending")))
        open_runs = update(schema.runs).where(schema.runs.c.state == "open")
        with self.writing() as connection:
            left = connection.execute(open_parcels.values(state="unknown", error=why, holder="")).rowcount
            connection.execute(open_slots.values(state="cancelled", detail=why, ended_at=self.now()))
            connection.execute(open_runs.values(state="failed", error=why, closed_at=self.now()))
            connection.execute(update(schema.notices).values(told=1))
        return left

    # --- the dead

    def holders(self) -> frozenset[str]:
        """Who has a parcel in hand."""
        columns = schema.outbox.c
        query = select(columns.holder).where(columns.state == "claimed", columns.holder != "").distinct()
        with self.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def free_parcels(self, holder: str) -> int:
        """Let the leases of a dead worker end now; the next one asks the channel what it has."""
        columns = schema.outbox.c
        this = update(schema.outbox).where(columns.state == "claimed", columns.holder == holder)
        with self.writing() as connection:
            return connection.execute(this.values(due_at=self.now())).rowcount


def _slot(connection: Connection, slot_id: str) -> Row[Any] | None:
    return connection.execute(select(schema.slots).where(schema.slots.c.slot_id == slot_id)).one_or_none()


def _went_out(connection: Connection, slot: Row[Any]) -> str | None:
    """The newest release of the slot that is at a channel or on its way."""
    releases, parcels = schema.releases.c, schema.outbox.c
    query = (
        select(releases.release_id)
        .join(schema.outbox, parcels.release_id == releases.release_id)
        .where(releases.edition == slot.edition, releases.day == slot.day, releases.script == slot.script)
        .order_by(releases.revision.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def _parcel_row(release_id: str, channel: str, now: str) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "channel": channel,
        "state": "waiting",
        "attempt": 0,
        "holder": "",
        "due_at": now,
        "error": "",
        "queued_at": now,
    }


def _slot_row(record: SlotRecord, now: str) -> dict[str, Any]:
    return {
        "slot_id": record.slot_id,
        "edition": record.edition,
        "day": record.day.isoformat(),
        "script": record.script,
        "due_at": stamp(record.due_at),
        "deadline": stamp(record.deadline),
        "expires_at": stamp(record.expires_at),
        "state": record.state,
        "detail": record.detail,
        "release_id": record.release_id,
        "holder": record.holder,
        "attempt": record.attempt,
        "started_at": stamp(record.started_at) if record.started_at else None,
        "ended_at": now if record.state in ENDED else None,
    }


def _record(row: Row[Any]) -> SlotRecord:
    return SlotRecord(
        slot_id=row.slot_id,
        edition=row.edition,
        day=date.fromisoformat(row.day),
        script=row.script,
        due_at=moment(row.due_at),
        deadline=moment(row.deadline),
        expires_at=moment(row.expires_at),
        state=row.state,
        detail=row.detail,
        release_id=row.release_id,
        holder=row.holder,
        attempt=row.attempt,
        started_at=moment(row.started_at) if row.started_at else None,
        ended_at=moment(row.ended_at) if row.ended_at else None,
    )
