"""What we wrote: drafts as often as they are saved, releases once and for good, and which sources each one used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, func, insert, select

from quantshark.errors import NotFoundError, StoreError
from quantshark.model import Draft, Release
from quantshark.store import schema
from quantshark.store.database import STORING, Database, moment

DRAFT = TypeAdapter(Draft)
RELEASE = TypeAdapter(Release)


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft as it was saved, with its Markdown and the run that made it."""

    draft_id: str
    draft: Draft
    text: str
    run_id: str
    saved_at: datetime


def release_id(edition: str, day: date, script: str, revision: int) -> str:
    """`radar-2025-12-12-hans-r1`: the slot, the script and the revision."""
    return f"{edition}-{day.isoformat()}-{script}-r{revision}"


class Releases(Database):
    """Drafts and releases."""

    def save_draft(self, draft: Draft, text: str = "", run_id: str = "") -> str:
        """Keep a draft under the next number of its slot; gives its id (`radar-2025-12-12-hans-d1`)."""
        columns = schema.drafts.c
        slot = (columns.edition == draft.edition, columns.day == draft.day.isoformat(), columns.script == draft.script)
        with self.writing(STORING) as connection:
            last = connection.execute(select(func.max(columns.number)).where(*slot)).scalar_one()
            number = (last or 0) + 1
            row = {
                "draft_id": f"{draft.edition}-{draft.day.isoformat()}-{draft.script}-d{number}",
                "edition": draft.edition,
                "day": draft.day.isoformat(),
                "script": draft.script,
                "number": number,
                "body": DRAFT.dump_json(draft).decode(),
                "text": text,
                "run_id": run_id,
                "saved_at": self.now(),
            }
            connection.execute(insert(schema.drafts), row)
        return str(row["draft_id"])

    def draft(self, draft_id: str) -> SavedDraft:
        with self.reading() as connection:
            row = connection.execute(select(schema.drafts).where(schema.drafts.c.draft_id == draft_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"no draft {draft_id!r} in the store")
        return _saved(row)

    def drafts(self, edition: str | None = None, day: date | None = None, limit: int = 100) -> tuple[SavedDraft, ...]:
        """Newest first."""
        columns = schema.drafts.c
        query = select(schema.drafts).order_by(columns.saved_at.desc(), columns.draft_id.desc()).limit(limit)
        if edition is not None:
            query = query.where(columns.edition == edition)
        if day is not None:
            query = query.where(columns.day == day.isoformat())
        with self.reading() as connection:
            return tuple(_saved(row) for row in connection.execute(query))

    def save_release(
        self, release: Release, documents: Mapping[str, str] | None = None, fact_ids: Iterable[str] = ()
    ) -> bool:
        """Keep a release with the version of every document it cites and the facts it prints.

        False when this very release is there already (a run that resumed); another content for the same slot, script
        and revision raises StoreError.
        """
        body = RELEASE.dump_json(release).decode()
        cited = [
            {"release_id": release.release_id, "doc_id": doc_id, "version": version}
            for doc_id, version in (documents or {}).items()
        ]
        printed = [{"release_id": release.release_id, "fact_id": fact_id} for fact_id in dict.fromkeys(fact_ids)]
        with self.writing(STORING) as connection:
            if not self.insert_new(connection, schema.releases, {**_slot(release), "body": body}):
                _same_or_raise(connection.execute(_of_slot(release)).one(), release, body)
                return False
            for table, rows in ((schema.release_documents, cited), (schema.release_facts, printed)):
                if rows:
                    connection.execute(insert(table), rows)
        return True

    def release(self, release_id: str) -> Release:
        with self.reading() as connection:
            query = select(schema.releases.c.body).where(schema.releases.c.release_id == release_id)
            body = connection.execute(query).scalar_one_or_none()
        if body is None:
            raise NotFoundError(f"no release {release_id!r} in the store")
        return RELEASE.validate_json(body)

    def releases(
        self, edition: str | None = None, day: date | None = None, script: str | None = None, limit: int = 100
    ) -> tuple[Release, ...]:
        """Newest day first, and of a slot the newest revision first."""
        columns = schema.releases.c
        order = (columns.day.desc(), columns.edition, columns.script, columns.revision.desc())
        query = select(columns.body).order_by(*order).limit(limit)
        wanted = ((columns.edition, edition), (columns.day, day.isoformat() if day else None), (columns.script, script))
        for column, value in wanted:
            if value is not None:
                query = query.where(column == value)
        with self.reading() as connection:
            return tuple(RELEASE.validate_json(body) for body in connection.execute(query).scalars())

    def cited(self, release_id: str) -> dict[str, str]:
        """The documents a release used, by id, with the version it used."""
        columns = schema.release_documents.c
        query = select(columns.doc_id, columns.version).where(columns.release_id == release_id).order_by(columns.doc_id)
        with self.reading() as connection:
            return {row.doc_id: row.version for row in connection.execute(query)}

    def used_in(self, doc_id: str | None = None, fact_id: str | None = None) -> tuple[str, ...]:
        """The releases that used a document or a fact: whom a wrong source touches."""
        used: set[str] = set()
        documents, facts = schema.release_documents.c, schema.release_facts.c
        with self.reading() as connection:
            if doc_id is not None:
                used |= set(
                    connection.execute(select(documents.release_id).where(documents.doc_id == doc_id)).scalars()
                )
            if fact_id is not None:
                used |= set(connection.execute(select(facts.release_id).where(facts.fact_id == fact_id)).scalars())
        return tuple(sorted(used))


def _slot(release: Release) -> dict[str, Any]:
    return {
        "release_id": release.release_id,
        "edition": release.edition,
        "day": release.day.isoformat(),
        "script": release.script,
        "revision": release.revision,
        "created_at": release.created_at.isoformat(),
    }


def _of_slot(release: Release) -> Any:  # Any: a query
    columns = schema.releases.c
    same_slot = (
        (columns.edition == release.edition)
        & (columns.day == release.day.isoformat())
        & (columns.script == release.script)
        & (columns.revision == release.revision)
    )
    return select(schema.releases).where(same_slot | (columns.release_id == release.release_id)).limit(1)


def _same_or_raise(stored: Row[Any], release: Release, body: str) -> None:
    if stored.body != body:
        raise StoreError(
            f"{stored.release_id} went out already with another content; make revision {release.revision + 1}",
            release_id=stored.release_id,
        )


def _saved(row: Row[Any]) -> SavedDraft:
    return SavedDraft(row.draft_id, DRAFT.validate_json(row.body), row.text, row.run_id, moment(row.saved_at))
