"""What a moment's documents come to before an edition asks anything of them: what may be printed, settled and derived.

Editions that are written at the same moment stand on the same ground, so it is laid once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from quantshark.calendars import Calendar
from quantshark.context.derive import derive
from quantshark.context.select import Dropped, citable, is_passing, settle, within
from quantshark.context.tell import named_in
from quantshark.data import load_entities
from quantshark.lexicon.names import Names
from quantshark.model import Document, Entity, Fact


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an edition stands: the day it is of, the session it tells, the moment it knows, whose sessions it counts."""

    day: date
    session: date
    until: datetime
    calendar: str
    bars: tuple[str, ...] = ()
    """Facts and documents (by id) that an editor keeps out."""


@dataclass(frozen=True, slots=True)
class Ground:
    """`told` are the facts as documents tell them, `settled` one for each truth, `derived` what is computed from those."""

    documents: Mapping[str, Document]
    told: Sequence[Fact]
    settled: Sequence[Fact]
    derived: Sequence[Fact]
    passing: frozenset[str]
    """Facts (by id) that are readings in the middle of a session."""
    names: Names
    entities: Mapping[str, Entity]
    _dropped: Dropped
    _named: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def facts(self) -> list[Fact]:
        return [*self.settled, *self.derived]

    def dropped(self) -> Dropped:
        """What was left out so far, for one draft to go on counting."""
        return self._dropped.copy()

    def named(self, document: Document) -> tuple[str, ...]:
        """Whom a document's headline and first lines name."""
        known = self._named.get(document.doc_id)
        if known is None:
            known = self._named[document.doc_id] = named_in(document, self.names)
        return known


Lay = Callable[[Iterable[Fact], Iterable[Document], Spot], Ground]


def lay(facts: Iterable[Fact], documents: Iterable[Document], spot: Spot) -> Ground:
    """The ground of a spot."""
    dropped = Dropped()
    known = within(documents, spot.until)
    told = citable(facts, known, spot.day, spot.bars, dropped)
    settled = settle(told, known, dropped)
    names = Names.load()
    for document in known.values():
        names.learn(document.text)
    entities = {entity.code: entity for entity in load_entities()}
    return Ground(
        documents=known,
        told=told,
        settled=settled,
        derived=derive(settled, spot.session, cache(Calendar(spot.calendar).previous)),
        passing=frozenset(fact.fact_id for fact in told if is_passing(fact, known, entities)),
        names=names,
        entities=entities,
        _dropped=dropped,
    )
