"""What waits to go out: one entry a release and channel, taken by one worker at a time under a lease, settled by a receipt.

A worker that dies loses its lease, and the next one takes the entry with `attempt` raised: it must ask the channel what
it already has. The first receipt of a release on a channel is the only one. Kill switch, embargo, withdrawal and later
revisions are read in the transaction that claims.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, and_, exists, select, update

from quantshark.model import Receipt
from quantshark.store import schema
from quantshark.store.control import followers
from quantshark.store.database import SENDING, STORING, Database, moment, stamp

State = Literal["waiting", "claimed", "sent", "failed", "unknown"]
RECEIPT = TypeAdapter(Receipt)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A release on its way to a channel. `due_at`: when it may be taken, or when its lease ends.

    `unknown` is a channel that could not say whether it took the release; a person decides, nobody sends it again.
    """

    release_id: str
    channel: str
    state: State
    attempt: int
    holder: str
    due_at: datetime
    error: str
    queued_at: datetime
    cut_off: bool = False
    """Its last holder let the lease run out: nobody here knows whether the channel took it."""


class Outbox(Database):
    """Parcels and receipts."""

    def enqueue(self, release_id: str, channel: str) -> bool:
        """Let a release wait for a channel; one that failed waits again, from the first attempt. False where nothing had to be done."""
        now = self.now()
        row = {
            "release_id": release_id,
            "channel": channel,
            "state": "waiting",
            "attempt": 0,
            "holder": "",
            "due_at": now,
            "error": "",
            "queued_at": now,
        }
        # The turn of the desk, which reads what is on its way before it chooses a slot's release.
        with self.writing(STORING) as connection:
            if self.insert_new(connection, schema.outbox, row):
                return True
            failed = update(schema.outbox).where(_is(release_id, channel), schema.outbox.c.state == "failed")
            return connection.execute(failed.values(state="waiting", attempt=0, due_at=now, error="")).rowcount == 1

    def claim(self, channel: str, holder: str = "", seconds: float = 60) -> Parcel | None:
        """Take the oldest parcel that is due, for `seconds`; one whose holder let the lease run out counts as due.

        None as well while the channels are halted; a release that is embargoed, withdrawn or superseded is passed over.
        """
        columns = schema.outbox.c
        with self.writing(SENDING, shared=True) as connection:
            now = self.clock()
            open_now = and_(columns.due_at <= stamp(now), *_not_stopped(stamp(now)))
            due = and_(columns.state.in_(("waiting", "claimed")), columns.channel == channel, open_now)
            oldest = select(schema.outbox).where(due).order_by(columns.queued_at, columns.release_id).limit(1)
            row = connection.execute(oldest.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            taken = {
                "state": "claimed",
                "attempt": row.attempt + 1,
                "holder": holder,
                "due_at": stamp(now + timedelta(seconds=seconds)),
            }
            this = _is(row.release_id, row.channel)
            connection.execute(update(schema.outbox).where(this).values(taken))
            parcel = _parcel(connection.execute(select(schema.outbox).where(this)).one())
            return replace(parcel, cut_off=row.state == "claimed")

    def settle(self, receipt: Receipt) -> bool:
        """The channel took it: that is true whoever holds the lease. False where a receipt was there already."""
        row = {
            "release_id": receipt.release_id,
            "channel": receipt.channel,
            "body": RECEIPT.dump_json(receipt).decode(),
            "at": stamp(receipt.at),
        }
        sent = update(schema.outbox).where(_is(receipt.release_id, receipt.channel))
        with self.writing() as connection:
            first = self.insert_new(connection, schema.receipts, row)
            connection.execute(sent.values(state="sent", error="", holder=""))
        return first

    def postpone(self, parcel: Parcel, error: str, until: datetime) -> bool:
        """The channel refused for now. False where the lease was lost: somebody else answers for it."""
        return self._answer(parcel, state="waiting", error=error, due_at=stamp(until))

    def give_up(self, parcel: Parcel, error: str, *, unknown: bool = False) -> bool:
        """The channel refused for good, or cannot say. False where the lease was lost."""
        return self._answer(parcel, state="unknown" if unknown else "failed", error=error)

    def reopen(self, release_id: str, channel: str) -> bool:
        """A person has looked: the channel did not take it, so it waits again. False where it was not `unknown`."""
        unknown = update(schema.outbox).where(_is(release_id, channel), schema.outbox.c.state == "unknown")
        with self.writing() as connection:
            return connection.execute(unknown.values(state="waiting", due_at=self.now(), error="")).rowcount == 1

    def _answer(self, parcel: Parcel, **values: str) -> bool:
        columns = schema.outbox.c
        mine = and_(
            _is(parcel.release_id, parcel.channel),
            columns.state == "claimed",
            columns.attempt == parcel.attempt,
            columns.holder == parcel.holder,
        )
        with self.writing() as connection:
            return connection.execute(update(schema.outbox).where(mine).values(holder="", **values)).rowcount == 1

    def parcels(self, state: State | None = None, release_id: str | None = None) -> tuple[Parcel, ...]:
        columns = schema.outbox.c
        query = select(schema.outbox).order_by(columns.queued_at, columns.release_id, columns.channel)
        if state is not None:
            query = query.where(columns.state == state)
        if release_id is not None:
            query = query.where(columns.release_id == release_id)
        with self.reading() as connection:
            return tuple(_parcel(row) for row in connection.execute(query))

    def receipts(self, release_id: str | None = None, channel: str | None = None) -> tuple[Receipt, ...]:
        """In the order they came."""
        columns = schema.receipts.c
        query = select(columns.body).order_by(columns.at, columns.release_id, columns.channel)
        if release_id is not None:
            query = query.where(columns.release_id == release_id)
        if channel is not None:
            query = query.where(columns.channel == channel)
        with self.reading() as connection:
            return tuple(RECEIPT.validate_json(body) for body in connection.execute(query).scalars())


def _is(release_id: str, channel: str) -> Any:  # Any: a condition
    return and_(schema.outbox.c.release_id == release_id, schema.outbox.c.channel == channel)


def _not_stopped(now: str) -> tuple[ColumnElement[bool], ...]:
    """What `control.stop_of` says, as conditions: one statement sees one moment."""
    release_id = schema.outbox.c.release_id
    embargoes, withdrawals = schema.embargoes.c, schema.withdrawals.c
    held = select(embargoes.release_id).where(embargoes.release_id == release_id, embargoes.not_before > now)
    taken = select(withdrawals.release_id).where(withdrawals.release_id == release_id)
    later = followers(release_id).order_by(None)
    return ~exists(select(schema.halts.c.name)), ~held.exists(), ~taken.exists(), ~later.exists()


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(
        row.release_id,
        row.channel,
        row.state,
        row.attempt,
        row.holder,
        moment(row.due_at),
        row.error,
        moment(row.queued_at),
    )
