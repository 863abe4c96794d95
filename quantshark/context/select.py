"""What a report may know, and what of it counts: the horizon, one fact for one truth, the sessions told.

Nothing published after the slot exists. A transcript grounds nothing alone. Of several readings of one quantity the
closing one is kept, else the latest; the same fact told by several documents is one fact. What is dropped is counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from quantshark.model import SHANGHAI, Document, Entity, Fact

LONG_AGO = datetime(1970, 1, 1, tzinfo=SHANGHAI)

_FINAL = re.compile(r"收涨|收跌|收报|收于|收盘|结算价|全天|尾市|收高|收低|收市|收升|全日|单日")
_PASSING = re.compile(r"盘中|现报|现涨|现跌|最新报|一度|扩大至|收窄至|早盘|午盘|盘初|开盘|日内|短线|此时|半日|半天")


@dataclass(slots=True)
class Dropped:
    """What was left out, by reason, and how often."""

    counts: Counter[str] = field(default_factory=Counter[str])
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def copy(self) -> Dropped:
        kept = defaultdict[str, list[str]](list, {reason: [*ids] for reason, ids in self.facts.items()})
        return Dropped(Counter(self.counts), kept)

    def add(self, reason: str, fact: Fact) -> None:
        self.counts[reason] += 1
        self.facts[reason].append(fact.fact_id)


def within(documents: Iterable[Document], until: datetime) -> dict[str, Document]:
    """The documents known before the slot, by id. An undated one is never known, but a table's rows say their own days."""
    known: dict[str, Document] = {}
    for document in documents:
        at = document.known_at
        if (at is None and document.kind == "table") or (at is not None and at <= aware(until)):
            known[document.doc_id] = document
    return known


def aware(moment: datetime) -> datetime:
    """A moment without a zone is Shanghai's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def citable(
    facts: Iterable[Fact], documents: Mapping[str, Document], day: date, bars: Sequence[str], dropped: Dropped
) -> list[Fact]:
    """Facts that a report of `day` may print: known in time, available, grounded, not barred by an editor."""
    kept: list[Fact] = []
    for fact in facts:
        reason = _why_not(fact, documents, day, bars)
        if reason:
            dropped.add(reason, fact)
        else:
            kept.append(fact)
    return kept


def _why_not(fact: Fact, documents: Mapping[str, Document], day: date, bars: Sequence[str]) -> str:
    source = fact.source
    document = documents.get(source.doc_id) if source else None
    if source is not None and document is None:
        return "later"
    if document is not None and document.kind == "transcript":
        return "transcript"
    if document is not None and document.publisher and fact.entity_name == document.publisher:
        return "misread"  # 财联社4月15日电 names who tells, not whom it is about
    if fact.status != "available":
        return fact.status
    if fact.fact_id in bars or (source is not None and source.doc_id in bars):
        return "barred"
    if document is not None and document.kind == "table" and fact.period is not None and fact.period.end > day:
        return "later"
    return ""


Key = tuple[object, ...]


def settle(facts: Sequence[Fact], documents: Mapping[str, Document], dropped: Dropped) -> list[Fact]:
    """One fact for one truth: the closing reading before a passing one, the later before the earlier, the exact before the rounded."""
    groups: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[_key(fact)].append(fact)
    kept: list[Fact] = []
    for members in groups.values():
        best = max(members, key=lambda f: standing(f, documents)) if len(members) > 1 else members[0]
        kept.append(best)
        for other in members:
            if other is not best:
                dropped.add("repeated", other)
    return kept


def _key(fact: Fact) -> Key:
    """What a fact is about. Of what no registry names, each value is its own truth."""
    period = fact.period
    own = fact.value if fact.measure.startswith("~") or fact.entity.startswith("~") or not fact.entity else None
    said = (fact.modality, fact.said_by)
    return (fact.entity, fact.measure, period, fact.unit, fact.basis, fact.scope, fact.via, fact.kind, said, own)


def standing(fact: Fact, documents: Mapping[str, Document]) -> tuple[int, datetime, int, str]:
    """How well a reading speaks for its quantity: final before passing, then later, then finer."""
    source = fact.source
    document = documents.get(source.doc_id) if source else None
    quote = source.quote if source else ""
    final = 2 if _FINAL.search(quote) else 0 if _PASSING.search(quote) else 1
    if document is not None and document.kind == "table":
        final = 3
    at = document.known_at if document is not None else None
    fine = -(fact.ulp.adjusted() if fact.ulp else 99)
    return (final, at or LONG_AGO, fine, fact.fact_id)


CLOSES = {"HK": time(16, 0), "SH": time(15, 0), "SZ": time(15, 0), "BJ": time(15, 0), "CN": time(15, 0)}
"""From when a market's closing prices stand; until then every reading of the day is a passing one."""

US_OPENS, US_CLOSES = time(21, 30), time(4, 0)
"""New York's session on Shanghai's clock in summer, the widest that is certainly open."""

OPEN_ABROAD = {"JP": (time(8, 0), time(14, 30)), "KR": (time(8, 0), time(14, 30))}
"""Tokyo's and Seoul's sessions on Shanghai's clock."""

MOVING = frozenset(
    {"change", "change_points", "change_amount", "price", "close", "turnover", "net_flow", "high", "low"}
)


def is_passing(fact: Fact, documents: Mapping[str, Document], entities: Mapping[str, Entity]) -> bool:
    """A reading in the middle of a session is not the day's: it says so, or it was published before the close."""
    quote = fact.source.quote if fact.source else ""
    if _PASSING.search(quote) and not _FINAL.search(quote):
        return True
    document = documents.get(fact.source.doc_id) if fact.source else None
    at = document.known_at if document is not None else None
    if at is None or fact.period is None or fact.measure not in MOVING or document is None or document.kind == "table":
        return False
    entity = entities.get(fact.entity)
    market = entity.market if entity is not None else fact.entity.rpartition(".")[2]
    local = at.astimezone(SHANGHAI)
    if market == "US":
        return local.time() >= US_OPENS or local.time() < US_CLOSES
    if market in OPEN_ABROAD:
        opens, closes = OPEN_ABROAD[market]
        return local.date() == fact.period.end and opens <= local.time() < closes
    return market in CLOSES and local.date() == fact.period.end and local.time() < CLOSES[market]
