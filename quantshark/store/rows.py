"""Between nouns and rows: a document is its columns, a fact is the columns that are asked for and itself as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from quantshark.data import load_entities
from quantshark.errors import StoreError
from quantshark.model import Document, Fact
from quantshark.store.database import stamp

FACT = TypeAdapter(Fact)
FACTS = TypeAdapter(tuple[Fact, ...])

Values = dict[str, Any]  # Any: what a driver takes and gives


def version_of(document: Document) -> str:
    """The hash of everything a document says: the same words under another title or date are another version."""
    said = [
        document.text,
        document.title,
        written_date(document.published_at),
        document.kind,
        document.url,
        document.publisher,
        document.demo,
    ]
    try:
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise StoreError(f"document {document.doc_id!r} holds half a character; read it through sources") from error


def version_row(document: Document, version: str, reader: str, now: str) -> Values:
    if "\0" in document.text + document.title:
        raise StoreError(f"document {document.doc_id!r} holds a NUL character; read it through sources")
    return {
        "doc_id": document.doc_id,
        "version": version,
        "text": document.text,
        "title": document.title,
        "kind": document.kind,
        "published_at": written_date(document.published_at),
        "known_at": known_at(document),
        "url": document.url,
        "publisher": document.publisher,
        "demo": int(document.demo),
        "stored_at": now,
        "superseded_at": None,
        "reader": reader,
    }


def document_row(document: Document, version: str, now: str) -> Values:
    return {
        "doc_id": document.doc_id,
        "version": version,
        "kind": document.kind,
        "known_at": known_at(document),
        "first_seen_at": now,
        "updated_at": now,
        "forgotten_at": None,
    }


def document_of(row: Row[Any]) -> Document:
    return Document(
        doc_id=row.doc_id,
        text=row.text,
        title=row.title,
        published_at=read_date(row.published_at),
        kind=row.kind,
        url=row.url,
        publisher=row.publisher,
        demo=bool(row.demo),
    )


def fact_row(fact: Fact, document: Document, version: str, place: int) -> Values:
    """A fact of `document`, its source pinned to the version it was read from."""
    if fact.source is None or fact.source.doc_id != document.doc_id:
        raise StoreError(f"fact {fact.fact_id!r} was not read from document {document.doc_id!r}; store it with its own")
    pinned = replace(fact, source=replace(fact.source, version=version))
    period = fact.period
    return {
        "doc_id": document.doc_id,
        "version": version,
        "fact_id": fact.fact_id,
        "place": place,
        "entity": fact.entity,
        "measure": fact.measure,
        "via": fact.via,
        "kind": fact.kind,
        "value": str(fact.value),
        "unit": fact.unit,
        "period_start": period.start.isoformat() if period else None,
        "period_end": period.end.isoformat() if period else None,
        "grain": period.grain if period else None,
        "as_of": fact.as_of.isoformat() if fact.as_of else None,
        "modality": fact.modality,
        "superseded": 0,
        "detail": FACT.dump_json(pinned, exclude_defaults=True).decode(),
    }


def amended(fact: Fact, entity: str, measure: str) -> Fact:
    """A fact read as a person says; an empty word leaves it as it was read."""
    return replace(
        fact,
        entity=entity or fact.entity,
        entity_name=_named(entity) or fact.entity_name,
        measure=measure or fact.measure,
    )


def _named(code: str) -> str:
    """The house's name of a code, or the name in a code of the sources' own."""
    known = next((entity.hans for entity in load_entities() if entity.code == code), "")
    return known or code.lstrip("~")


def facts_of(details: Iterable[str]) -> tuple[Fact, ...]:
    return FACTS.validate_json(f"[{','.join(details)}]")


def written_date(published: datetime | date | None) -> str | None:
    return None if published is None else published.isoformat()


def read_date(written: str | None) -> datetime | date | None:
    if written is None:
        return None
    return date.fromisoformat(written) if len(written) == len("2025-12-11") else datetime.fromisoformat(written)


def known_at(document: Document) -> str | None:
    moment = document.known_at
    return None if moment is None else stamp(moment)
