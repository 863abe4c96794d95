"""Feeds: where documents come from by themselves: folders, RSS and Atom, HTTP tables, and public data by akshare.

A feed is an open set with one method, `fetch(now)`; it raises SourceError where nothing could be had. What it brought
is looked at before it is believed (`quantshark.sources.plausible`): a document that is doubtful is held and named, the
rest goes on. Nothing is ever filled in for what did not come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from quantshark.model import Document
from quantshark.sources.plausible import Doubt
from quantshark.sources.refused import Refusal

FeedKind = Literal["folder", "atom", "http", "akshare"]


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed as the operator set it. `where` is a folder, an address, or the name of a data set of akshare.

    Its newest document must be younger than `fresh_within`, else the feed is stale. `seconds` is the wall-clock limit
    of one fetch. `publisher` says whose news it is where the feed does not say it itself.
    """

    name: str
    kind: FeedKind
    where: str
    publisher: str = ""
    fresh_within: timedelta = timedelta(hours=24)
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch brought; `unchanged` where the server said that nothing is new."""

    documents: tuple[Document, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    unchanged: bool = False
    tag: str = ""
    """The server's mark of this version (ETag or Last-Modified), to be shown to it the next time."""


class Feed(Protocol):
    """One source of documents."""

    def fetch(self, now: datetime, tag: str = "") -> Fetched: ...


@dataclass(frozen=True, slots=True)
class Held:
    """A document that was not taken in, and why."""

    document: Document
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class FeedReport:
    """How a feed stands after a refresh.

    `state` is `fresh`; `stale` (it answers, but its newest document is too old); `held` (some of what it brought is
    doubtful); `failed` (nothing could be had). `newest` is the moment of the newest document it ever brought.
    """

    name: str
    state: Literal["fresh", "stale", "held", "failed"]
    checked_at: datetime
    newest: datetime | None
    taken: int = 0
    reason: str = ""
    held: tuple[Held, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def ready(self) -> bool:
        """May an edition be written from it by itself? Doubt and age both ask for a person."""
        return self.state == "fresh"


def report(
    spec: FeedSpec,
    now: datetime,
    taken: Sequence[Document],
    held: Sequence[Held],
    fetched: Fetched,
    before: datetime | None,
) -> FeedReport:
    """What a refresh came to. `before` is the newest moment known from earlier refreshes."""
    moments: list[datetime] = [
        moment for document in taken if (moment := document.known_at) is not None and moment <= now
    ]
    newest: datetime | None = max([*moments, *((before,) if before else ())], default=None)
    if held:
        state, reason = "held", "；".join(doubt.message for item in held for doubt in item.doubts[:1])
    elif newest is None or now - newest > spec.fresh_within:
        told = f"最新一条是 {newest:%m-%d %H:%M}" if newest else "还没有带时间的资料"
        state, reason = "stale", f"{spec.name}：{told}，早于允许的 {_hours(spec.fresh_within)}"
    else:
        state, reason = "fresh", ""
    return FeedReport(spec.name, state, now, newest, len(taken), reason, tuple(held), fetched.refusals)


def failed(spec: FeedSpec, now: datetime, reason: str, before: datetime | None) -> FeedReport:
    """A feed from which nothing could be had."""
    return FeedReport(spec.name, "failed", now, before, 0, f"{spec.name}：{reason}")


def _hours(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"
