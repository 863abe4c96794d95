"""RSS and Atom: each entry is a news item with the time its publisher gives it. feedparser reads the XML.

An entry without a time never tells anything (nobody knows from when on it was known), and one from the future is
doubtful; both are for the caller to see. Markup in an entry is text like that of any page.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any, cast

import feedparser  # pyright: ignore[reportMissingTypeStubs]  it has none

from quantshark.errors import SourceError
from quantshark.model import SHANGHAI, Document
from quantshark.sources import page
from quantshark.sources.feeds import FeedSpec, Fetched
from quantshark.sources.feeds.wire import get
from quantshark.sources.identity import About, document, fingerprint
from quantshark.sources.raw import RawText, clean_text
from quantshark.sources.refused import Refusal, refusal_of

LONGEST = 500
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")


class AtomFeed:
    """The entries of a feed, newest first as it gives them, at most 500."""

    def __init__(self, spec: FeedSpec) -> None:
        self._spec = spec

    def fetch(self, now: datetime, tag: str = "") -> Fetched:  # noqa: ARG002  (entries bring their own times)
        answer = get(self._spec.where, seconds=self._spec.seconds, tag=tag)
        if answer.unchanged:
            return Fetched(unchanged=True, tag=tag)
        # Bytes, never the address: feedparser would fetch it without a limit.
        parse = cast("Callable[..., Mapping[str, Any]]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType]
        told = parse(answer.body, response_headers=_headers(answer.content_type))
        entries = cast("list[Mapping[str, Any]]", told.get("entries") or [])
        if not entries and told.get("bozo"):
            raise SourceError(f"{answer.url} is neither RSS nor Atom ({told.get('bozo_exception')}); mend `where`")
        found = list(self._items(entries[:LONGEST], answer.url))
        documents = {item.doc_id: item for item in found if isinstance(item, Document)}
        refusals = tuple(item for item in found if isinstance(item, Refusal))
        return Fetched(tuple(documents.values()), refusals, tag=answer.tag)

    def _items(self, entries: list[Mapping[str, Any]], url: str) -> Iterator[Document | Refusal]:
        for entry in entries:
            try:
                yield self._item(entry, url)
            except SourceError as error:
                yield refusal_of(error)

    def _item(self, entry: Mapping[str, Any], url: str) -> Document:
        link, title = str(entry.get("link") or ""), _plain(url, str(entry.get("title") or ""))
        body = _plain(url, _body(entry))
        published = _published(entry)
        about = About(
            title=title,
            date=published.isoformat() if published else "",
            id=fingerprint(url, str(entry.get("id") or link or title)),
            url=link,
            source=str(_mapping(entry.get("source")).get("title") or self._spec.publisher),
        )
        return document(clean_text(url, body or title), body or title, about, default_kind="news")


def _headers(content_type: str) -> dict[str, str]:
    return {"content-type": content_type} if content_type else {}


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _body(entry: Mapping[str, Any]) -> str:
    """The longest telling: full content where there is one, else the summary."""
    contents = cast("list[Mapping[str, Any]]", entry.get("content") or [])
    told = [str(content.get("value") or "") for content in contents]
    return max([*told, str(entry.get("summary") or "")], key=len)


def _published(entry: Mapping[str, Any]) -> datetime | None:
    """When it was published, else updated; feedparser gives UTC."""
    told = entry.get("published_parsed") or entry.get("updated_parsed")
    if not isinstance(told, struct_time):
        return None
    return datetime.fromtimestamp(calendar.timegm(told), UTC).astimezone(SHANGHAI)


def _plain(url: str, markup: str) -> str:
    """The words of an entry's HTML, as any page is read; text without markup stays as it is."""
    if not _MARKUP.search(markup):
        return markup.strip()
    try:
        (read,) = page.read(RawText(url, f"<article>{markup}</article>"))
    except SourceError as error:
        if error.details.get("code") == "empty":
            return ""
        raise
    return read.text.strip()
