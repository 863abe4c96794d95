"""What the rules ask about a finished draft, read off its outcome and the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

from quantshark.data import load_entities
from quantshark.desk.policy import Dossier, Move, Moves
from quantshark.editions import Edition
from quantshark.model import Fact
from quantshark.newsroom import Outcome
from quantshark.store import Store

HOUR = 3600.0
Sort = Literal["stock", "index"]
KINDS: dict[str, Sort] = {"company": "stock", "index": "index"}


def read_dossier(
    outcome: Outcome, edition: Edition, store: Store, due_at: datetime, large: Moves, model: str = ""
) -> Dossier:
    """`model` is the one that should have written, empty where the rules were asked to; changes that are not `large` are
    not asked about."""
    draft = outcome.draft
    facts = {v.fact.fact_id: v.fact for v in outcome.verdicts if v.fact is not None}
    newest = store.newest_known(due_at)
    return Dossier(
        advice=edition.advice,
        held=draft.held,
        blocking=sum(verdict.blocks for verdict in outcome.verdicts),
        disputed=tuple(dict.fromkeys(v.surface for v in outcome.verdicts if v.reason == "disputed")),
        stale=tuple(f.surface or f.entity_name for f in facts.values() if f.status != "available"),
        newest_hours=(due_at - newest).total_seconds() / HOUR if newest else None,
        repairs=max((section.rounds for section in draft.sections), default=0),
        dropped=sum(len(section.dropped) for section in draft.sections),
        fallen_back=tuple(s.title or s.slug for s in draft.sections if model and s.writer == "rules" and s.note),
        waived=sum(verdict.waived for verdict in outcome.verdicts),
        moves=tuple(_moves(facts.values(), store, large)),
        demo=draft.demo,
    )


def _moves(facts: Iterable[Fact], store: Store, large: Moves) -> Iterator[Move]:
    """The day's large changes of stocks and indices, with the number of documents that tell them."""
    kinds: dict[str, Sort] = {entity.code: KINDS[entity.kind] for entity in load_entities() if entity.kind in KINDS}
    for fact in facts:
        kind = _sort(fact.entity, kinds)
        if (
            kind
            and fact.measure == "change"
            and fact.unit == "%"
            and fact.formula is None
            and fact.basis in ("", "prev_day")
            and abs(fact.value) > large.of(kind)
        ):
            yield Move(fact.entity_name, kind, fact.value, _sources(fact, store))


def _sort(entity: str, kinds: Mapping[str, Sort]) -> Sort | None:
    """A name that only the sources know is a company's."""
    return "stock" if entity.startswith("~") else kinds.get(entity)


def _sources(fact: Fact, store: Store) -> int:
    """How many documents tell this change of this entity, to the last digit that the coarser one knows."""
    period = fact.period
    if period is None:
        return 1
    told = store.facts(day=period.end, entity=fact.entity, measure="change")
    same = {
        other.source.doc_id
        for other in told
        if other.source is not None
        and other.scope == fact.scope
        and abs(other.value - fact.value) <= max(other.ulp or 0, fact.ulp or 0)
    }
    return max(len(same), 1)
