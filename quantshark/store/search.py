"""Finding documents and facts by words, for people: every word must occur, the newest comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, select

from quantshark.model import Document, Fact
from quantshark.store import schema
from quantshark.store.database import Database
from quantshark.store.rows import document_of, facts_of

MOST_WORDS = 6


class Search(Database):
    """Looks into what is known now; superseded and forgotten things are not found."""

    def search_documents(self, words: str, day: date | None = None, limit: int = 50) -> tuple[Document, ...]:
        """Current documents whose title or text holds every word; `day` is the one on which they became known."""
        versions, documents = schema.versions, schema.documents
        current = (versions.c.doc_id == documents.c.doc_id) & (versions.c.version == documents.c.version)
        query = select(versions).join(documents, current).where(documents.c.forgotten_at.is_(None))
        for word in _words(words):
            query = query.where(_holds(versions.c.title, word) | _holds(versions.c.text, word))
        if day is not None:
            query = query.where(versions.c.published_at.startswith(day.isoformat(), autoescape=True))
        ordered = query.order_by(documents.c.known_at.desc(), documents.c.doc_id).limit(limit)
        with self.reading() as connection:
            return tuple(document_of(row) for row in connection.execute(ordered))

    def search_facts(self, words: str, day: date | None = None, limit: int = 50) -> tuple[Fact, ...]:
        """Facts whose names, figure or sentence hold every word; `day` is one that they are about."""
        facts, documents = schema.facts, schema.documents
        current = (facts.c.doc_id == documents.c.doc_id) & (facts.c.version == documents.c.version)
        query = select(facts.c.detail).join(documents, current).where(facts.c.superseded == 0)
        for word in _words(words):
            query = query.where(_holds(facts.c.detail, word))
        if day is not None:
            query = query.where(facts.c.period_start <= day.isoformat(), facts.c.period_end >= day.isoformat())
        ordered = query.order_by(documents.c.known_at.desc(), facts.c.doc_id, facts.c.place).limit(limit)
        with self.reading() as connection:
            return facts_of(row.detail for row in connection.execute(ordered))

    def fact(self, fact_id: str) -> Fact | None:
        """A current fact by its id."""
        columns = schema.facts.c
        query = select(columns.detail).where(columns.fact_id == fact_id).order_by(columns.superseded).limit(1)
        with self.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return next(iter(facts_of([found])), None) if found else None


def _words(told: str) -> Sequence[str]:
    return told.split()[:MOST_WORDS]


def _holds(column: ColumnElement[str] | ColumnElement[str | None], word: str) -> ColumnElement[bool]:
    return column.icontains(word, autoescape=True)
