"""The material of a day: how much there is, how fresh it is, the leading figures, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quantshark.calendars import Calendar
from quantshark.context.wording import value_of
from quantshark.model import SHANGHAI, Document, Fact
from quantshark.newsroom import Newsroom
from quantshark.press.html import says

LEADING = (
    ("IDX.HSI", "close"),
    ("IDX.HSI", "change"),
    ("IDX.HSTECH", "change"),
    ("IDX.SSE", "change"),
    ("IDX.HSI", "turnover"),
    ("FLOW.SOUTHBOUND", "net_flow"),
)
MEASURED = frozenset({"money", "percent", "index"})
NAMES = {"IDX.HSI": "恒生指数", "IDX.HSTECH": "恒生科技指数", "IDX.SSE": "上证指数", "FLOW.SOUTHBOUND": "南向资金"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A leading figure of the market, with the day it is of and its document."""

    says: str
    value: str
    fact: Fact
    document: Document | None


@dataclass(frozen=True, slots=True)
class Stock:
    """What material the day has: documents by kind, the newest of each, and what is missing."""

    counts: Mapping[str, int]
    newest: Mapping[str, datetime]
    readings: tuple[Reading, ...]
    missing: tuple[str, ...]


def stock(newsroom: Newsroom, day: date, now: datetime | None = None) -> Stock:
    """The material of a day: the documents since the session before, and the leading figures known by now."""
    until = min(now or datetime.now(SHANGHAI), datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI))
    since = Calendar("XHKG").previous(day)
    documents = newsroom.store.documents(since=since, until=until)
    by_id = {document.doc_id: document for document in documents}
    facts = [fact for entity in NAMES for fact in newsroom.store.facts(entity=entity, doc_ids=list(by_id))]
    readings = tuple(_leading(facts, by_id))
    told = {reading.fact.entity for reading in readings}
    counts: dict[str, int] = {}
    newest: dict[str, datetime] = {}
    for document in documents:
        counts[document.kind] = counts.get(document.kind, 0) + 1
        if document.known_at is not None:
            newest[document.kind] = max(newest.get(document.kind, document.known_at), document.known_at)
    missing = [f"{name}" for code, name in NAMES.items() if code not in told]
    return Stock(counts, newest, readings, tuple(missing))


def _leading(facts: Iterable[Fact], documents: Mapping[str, Document]) -> Iterator[Reading]:
    newest: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        key = (fact.entity, fact.measure)
        plain = fact.kind in MEASURED and not fact.scope and not fact.basis
        if key in LEADING and plain and fact.period is not None and fact.source is not None:
            known = newest.get(key)
            if known is None or known.period is None or fact.period.end >= known.period.end:
                newest[key] = fact
    for key in LEADING:
        if key in newest:
            fact = newest[key]
            document = documents.get(fact.source.doc_id) if fact.source else None
            yield Reading(says(fact), value_of(fact), fact, document)
