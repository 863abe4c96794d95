"""What may not go out: the kill switch for all channels, an embargo per release, what was withdrawn or superseded.

`claim` in the outbox reads all of them in its own transaction; who stops something takes the same lock alone. So from the
moment a stop has returned, nothing that it stops can be claimed, on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, select

from quantshark.store import schema
from quantshark.store.database import SENDING, Database, moment, stamp
from quantshark.store.missing import missing

CHANNELS = "channels"
THIS, LATER, PARCEL = schema.releases.alias(), schema.releases.alias(), schema.outbox.alias()
"""Made once: an alias of a wide table takes longer to make than the question it is for."""


@dataclass(frozen=True, slots=True)
class Halt:
    """All channels stand still: why, by whom, since when."""

    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A release that was taken back: why, by whom, when."""

    release_id: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a release may not go out at this moment; `until` is known for an embargo alone.

    `superseded` names in its `reason` the later revision that was let out.
    """

    kind: Literal["halted", "embargo", "withdrawn", "superseded"]
    reason: str = ""
    actor: str = ""
    until: datetime | None = None


class Control(Database):
    """Stops, and their end."""

    def halt(self, reason: str, actor: str = "") -> Halt:
        """Stop all channels; the first reason stays until `resume`."""
        row = {"name": CHANNELS, "reason": reason, "actor": actor, "at": self.now()}
        with self.writing(SENDING) as connection:
            self.insert_new(connection, schema.halts, row)
            found = _halt(connection)
        assert found is not None  # noqa: S101 - it was written in this transaction
        return found

    def resume(self) -> bool:
        """Let the channels go on. False where they were not stopped."""
        with self.writing(SENDING) as connection:
            return connection.execute(delete(schema.halts).where(schema.halts.c.name == CHANNELS)).rowcount == 1

    def halted(self) -> Halt | None:
        with self.reading() as connection:
            return _halt(connection)

    def embargo(self, release_id: str, not_before: datetime | None, actor: str = "") -> None:
        """Nothing of this release goes out before that moment; None lifts the embargo."""
        columns = schema.embargoes.c
        with self.writing(SENDING) as connection:
            _must_exist(connection, release_id)
            connection.execute(delete(schema.embargoes).where(columns.release_id == release_id))
            if not_before is not None:
                row = {
                    "release_id": release_id,
                    "not_before": stamp(not_before),
                    "actor": actor,
                    "at": self.now(),
                }
                self.insert_new(connection, schema.embargoes, row)

    def embargoed(self, release_id: str) -> datetime | None:
        """The moment before which it may not go out; one that has passed is still told."""
        columns = schema.embargoes.c
        with self.reading() as connection:
            query = select(columns.not_before).where(columns.release_id == release_id)
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else moment(found)

    def withdraw(self, release_id: str, reason: str, actor: str = "") -> Withdrawal:
        """Take a release back: from now on nobody can claim it. The first withdrawal stays."""
        row = {"release_id": release_id, "reason": reason, "actor": actor, "at": self.now()}
        with self.writing(SENDING) as connection:
            _must_exist(connection, release_id)
            self.insert_new(connection, schema.withdrawals, row)
            query = select(schema.withdrawals).where(schema.withdrawals.c.release_id == release_id)
            return _withdrawal(connection.execute(query).one())

    def withdrawn(self, release_id: str) -> Withdrawal | None:
        with self.reading() as connection:
            query = select(schema.withdrawals).where(schema.withdrawals.c.release_id == release_id)
            row = connection.execute(query).one_or_none()
        return None if row is None else _withdrawal(row)

    def stop(self, release_id: str) -> Stop | None:
        """Why a release may not go out now; read it once more right before a long send."""
        with self.reading() as connection:
            return stop_of(connection, release_id, self.now())


def stop_of(connection: Connection, release_id: str, now: str) -> Stop | None:
    """The stop on a release, within the caller's transaction."""
    halt = _halt(connection)
    if halt is not None:
        return Stop("halted", halt.reason, halt.actor)
    withdrawals, embargoes = schema.withdrawals, schema.embargoes
    taken = connection.execute(select(withdrawals).where(withdrawals.c.release_id == release_id)).one_or_none()
    if taken is not None:
        return Stop("withdrawn", taken.reason, taken.actor)
    later = connection.execute(followers(release_id).limit(1)).scalars().first()
    if later is not None:
        return Stop("superseded", later)
    held = connection.execute(select(embargoes).where(embargoes.c.release_id == release_id)).one_or_none()
    if held is not None and held.not_before > now:
        return Stop("embargo", "", held.actor, moment(held.not_before))
    return None


def followers(release_id: str | ColumnElement[str]) -> Select[str]:
    """The later revisions of a release that were let out, newest first: revisions share their files, so it would cover them.

    One that lies in the store only and waits for no channel supersedes nothing.
    """
    this, later, parcel = THIS, LATER, PARCEL
    same_slot = (
        later.c.edition == this.c.edition,
        later.c.day == this.c.day,
        later.c.script == this.c.script,
        later.c.revision > this.c.revision,
    )
    return (
        select(later.c.release_id)
        .select_from(this)
        .join(later, and_(*same_slot))
        .join(parcel, parcel.c.release_id == later.c.release_id)
        .where(this.c.release_id == release_id)
        .order_by(later.c.revision.desc())
    )


def _halt(connection: Connection) -> Halt | None:
    row = connection.execute(select(schema.halts).where(schema.halts.c.name == CHANNELS)).one_or_none()
    return None if row is None else Halt(row.reason, row.actor, moment(row.at))


def _withdrawal(row: Any) -> Withdrawal:  # Any: a row
    return Withdrawal(row.release_id, row.reason, row.actor, moment(row.at))


def _must_exist(connection: Connection, release_id: str) -> None:
    query = select(schema.releases.c.release_id).where(schema.releases.c.release_id == release_id)
    if connection.execute(query).scalar_one_or_none() is None:
        raise missing("release", release_id)
