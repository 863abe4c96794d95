"""How feeds stand, and the documents that were held: kept until a person takes them in or drops them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import Row, select, update

from quantshark.errors import NotFoundError
from quantshark.model import Document
from quantshark.store import schema
from quantshark.store.database import Database, moment, stamp
from quantshark.store.rows import version_of

DOCUMENT = TypeAdapter(Document)
WORDS = TypeAdapter(tuple[str, ...])
HeldState = Literal["held", "accepted", "dropped"]


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the last refresh of a feed came to; `newest` is the moment of the newest document it ever brought."""

    name: str
    state: str
    checked_at: datetime
    newest: datetime | None
    taken: int
    reason: str
    tag: str


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document that was doubted, with the doubts in words, and what a person said of it."""

    document: Document
    feed: str
    doubts: tuple[str, ...]
    state: HeldState
    held_at: datetime


class Feeds(Database):
    """Feed states and held documents."""

    def keep_feed(self, state: FeedState) -> None:
        row = {
            "name": state.name,
            "state": state.state,
            "checked_at": stamp(state.checked_at),
            "newest": stamp(state.newest) if state.newest else None,
            "taken": state.taken,
            "reason": state.reason,
            "tag": state.tag,
        }
        with self.writing() as connection:
            if not self.insert_new(connection, schema.feeds, row):
                connection.execute(update(schema.feeds).where(schema.feeds.c.name == state.name).values(row))

    def feed_states(self) -> tuple[FeedState, ...]:
        """By name."""
        with self.reading() as connection:
            return tuple(_state(row) for row in connection.execute(select(schema.feeds).order_by(schema.feeds.c.name)))

    def hold(self, document: Document, feed: str, doubts: Sequence[str]) -> bool:
        """Keep a doubted document; False where this very version was held before, whatever was said of it."""
        row = {
            "doc_id": document.doc_id,
            "version": version_of(document),
            "feed": feed,
            "document": DOCUMENT.dump_json(document).decode(),
            "doubts": WORDS.dump_json(tuple(doubts)).decode(),
            "state": "held",
            "held_at": self.now(),
        }
        with self.writing() as connection:
            return self.insert_new(connection, schema.held, row)

    def held(self, state: HeldState | None = "held") -> tuple[HeldDocument, ...]:
        """Newest first."""
        query = select(schema.held).order_by(schema.held.c.held_at.desc(), schema.held.c.doc_id)
        if state is not None:
            query = query.where(schema.held.c.state == state)
        with self.reading() as connection:
            return tuple(_held(row) for row in connection.execute(query))

    def decide_held(self, doc_id: str, state: HeldState) -> HeldDocument:
        """What a person says of the newest held version of a document."""
        columns = schema.held.c
        newest = select(schema.held).where(columns.doc_id == doc_id, columns.state == "held")
        with self.writing() as connection:
            row = connection.execute(newest.order_by(columns.held_at.desc()).limit(1)).one_or_none()
            if row is None:
                raise NotFoundError(f"no document {doc_id!r} is held; list them with: quantshark feeds")
            this = (columns.doc_id == doc_id, columns.version == row.version)
            connection.execute(update(schema.held).where(*this).values(state=state))
            return _held(row)


def _state(row: Row[Any]) -> FeedState:
    newest = moment(row.newest) if row.newest else None
    return FeedState(row.name, row.state, moment(row.checked_at), newest, row.taken, row.reason, row.tag)


def _held(row: Row[Any]) -> HeldDocument:
    document = DOCUMENT.validate_json(row.document)
    return HeldDocument(document, row.feed, WORDS.validate_json(row.doubts), row.state, moment(row.held_at))
