"""What we wrote: drafts as often as they are saved, releases once and for good, and which sources each one used."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, func, insert, select, update

from quantshark.errors import ConflictError, StoreError
from quantshark.model import Draft, Release
from quantshark.store import schema
from quantshark.store.database import STORING, Database, moment
from quantshark.store.missing import missing

DRAFT = TypeAdapter(Draft)
RELEASE = TypeAdapter(Release)


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft as it was saved, with its Markdown and the run that made it.

    An edit is a draft of its own: `parent` is the one it changes, `actor` who did it, `note` what was done. `checked`
    counts its verdicts by status, `blocked` those that stop a release.
    """

    draft_id: str
    draft: Draft
    text: str
    run_id: str
    saved_at: datetime
    number: int = 1
    parent: str = ""
    actor: str = ""
    note: str = ""
    checked: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def releasable(self) -> bool:
        """Was nothing held against it when it was saved?"""
        return not self.draft.held and bool(self.checked) and not self.checked.get(BLOCKED)


BLOCKED = "blocked"
"""The count of verdicts that stop a release, among the counts by status."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody read a draft and answers for it; `digest` is the hash of exactly what was read."""

    draft_id: str
    actor: str
    digest: str
    at: datetime


def release_id(edition: str, day: date, script: str, revision: int) -> str:
    """`radar-2025-12-12-hans-r1`: the slot, the script and the revision."""
    return f"{edition}-{day.isoformat()}-{script}-r{revision}"


def draft_id(edition: str, day: date, script: str, number: int) -> str:
    """`radar-2025-12-12-hans-d1`: the slot, the script and the number of the draft."""
    return f"{edition}-{day.isoformat()}-{script}-d{number}"


class Releases(Database):
    """Drafts and releases."""

    def save_draft(
        self,
        draft: Draft,
        text: str = "",
        run_id: str = "",
        *,
        parent: str = "",
        base: str = "",
        actor: str = "",
        note: str = "",
        checked: Mapping[str, int] | None = None,
    ) -> str:
        """Keep a draft under the next number of its slot; gives its id (`radar-2025-12-12-hans-d1`).

        With a `base` (else the `parent`) it is an edit of that draft, and refused with ConflictError where another one
        was saved since.
        """
        columns = schema.drafts.c
        slot = (columns.edition == draft.edition, columns.day == draft.day.isoformat(), columns.script == draft.script)
        with self.writing(STORING) as connection:
            last = connection.execute(select(func.max(columns.number)).where(*slot)).scalar_one()
            number = (last or 0) + 1
            newest = draft_id(draft.edition, draft.day, draft.script, last or 0)
            base = base or parent
            if base and base != newest:
                raise ConflictError(f"{base} is not the newest draft any more, {newest} is", newest=newest)
            row = {
                "draft_id": draft_id(draft.edition, draft.day, draft.script, number),
                "edition": draft.edition,
                "day": draft.day.isoformat(),
                "script": draft.script,
                "number": number,
                "body": DRAFT.dump_json(draft).decode(),
                "text": text,
                "run_id": run_id,
                "saved_at": self.now(),
                "parent": parent,
                "actor": actor,
                "note": note,
                "checked": json.dumps(dict(checked or {})),
            }
            connection.execute(insert(schema.drafts), row)
        return str(row["draft_id"])

    def draft(self, draft_id: str) -> SavedDraft:
        with self.reading() as connection:
            row = connection.execute(select(schema.drafts).where(schema.drafts.c.draft_id == draft_id)).one_or_none()
        if row is None:
            raise missing("draft", draft_id)
        return _saved(row)

    def drafts(
        self, edition: str | None = None, day: date | None = None, limit: int = 100, script: str | None = None
    ) -> tuple[SavedDraft, ...]:
        """Newest first."""
        columns = schema.drafts.c
        order = (columns.saved_at.desc(), columns.number.desc(), columns.draft_id.desc())
        query = select(schema.drafts).order_by(*order).limit(limit)
        if script is not None:
            query = query.where(columns.script == script)
        if edition is not None:
            query = query.where(columns.edition == edition)
        if day is not None:
            query = query.where(columns.day == day.isoformat())
        with self.reading() as connection:
            return tuple(_saved(row) for row in connection.execute(query))

    def newest_drafts(self, day: date) -> tuple[SavedDraft, ...]:
        """The newest draft of every slot and script of a day."""
        columns = schema.drafts.c
        newest = (
            select(columns.edition, columns.script, func.max(columns.number).label("number"))
            .where(columns.day == day.isoformat())
            .group_by(columns.edition, columns.script)
            .subquery()
        )
        same = and_(
            columns.edition == newest.c.edition, columns.script == newest.c.script, columns.number == newest.c.number
        )
        query = select(schema.drafts).join(newest, same).where(columns.day == day.isoformat())
        with self.reading() as connection:
            return tuple(_saved(row) for row in connection.execute(query.order_by(columns.edition, columns.script)))

    def keep_recipe(self, digest: str, recipe: str) -> None:
        """How the context of that digest was made, so that a draft can be read again with what was known then."""
        row = {"digest": digest, "recipe": recipe, "stored_at": self.now()}
        with self.writing() as connection:
            self.insert_new(connection, schema.contexts, row)

    def recipe(self, digest: str) -> str | None:
        with self.reading() as connection:
            query = select(schema.contexts.c.recipe).where(schema.contexts.c.digest == digest)
            return connection.execute(query).scalar_one_or_none()

    def approve(self, draft_id: str, actor: str, digest: str) -> Approval:
        """Keep that a person answers for a draft as it is now; the same digest a second time says nothing new."""
        row = {"draft_id": draft_id, "actor": actor, "digest": digest, "at": self.now()}
        columns = schema.approvals.c
        mine = and_(columns.draft_id == draft_id, columns.actor == actor)
        with self.writing() as connection:
            if not self.insert_new(connection, schema.approvals, row):
                other = update(schema.approvals).where(mine, columns.digest != digest)
                connection.execute(other.values(digest=digest, at=row["at"]))
            return _approval(connection.execute(select(schema.approvals).where(mine)).one())

    def approvals(self, draft_id: str) -> tuple[Approval, ...]:
        """In the order in which they were given."""
        columns = schema.approvals.c
        query = select(schema.approvals).where(columns.draft_id == draft_id).order_by(columns.at, columns.actor)
        with self.reading() as connection:
            return tuple(_approval(row) for row in connection.execute(query))

    def save_release(
        self,
        release: Release,
        documents: Mapping[str, str] | None = None,
        fact_ids: Iterable[str] = (),
        put: Callable[[], None] = lambda: None,
    ) -> bool:
        """Keep a release with the version of every document it cites and the facts it prints.

        False when this very release is there already (a run that resumed); another content for the same slot, script
        and revision raises StoreError. `put` lays the bytes down before anybody sees the release, and only for the one
        that is kept; where it raises, nothing is kept.
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
                put()
                return False
            for table, rows in ((schema.release_documents, cited), (schema.release_facts, printed)):
                if rows:
                    connection.execute(insert(table), rows)
            put()
        return True

    def release(self, release_id: str) -> Release:
        with self.reading() as connection:
            query = select(schema.releases.c.body).where(schema.releases.c.release_id == release_id)
            body = connection.execute(query).scalar_one_or_none()
        if body is None:
            raise missing("release", release_id)
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

    def outdated(self) -> tuple[tuple[str, str], ...]:
        """The newest releases of their slots, with each document that they cite in a version that is not current.

        What was withdrawn or followed by another revision has been dealt with.
        """
        cited, documents, releases = schema.release_documents.c, schema.documents.c, schema.releases.c
        later = schema.releases.alias()
        followed = select(later.c.release_id).where(
            later.c.edition == releases.edition,
            later.c.day == releases.day,
            later.c.script == releases.script,
            later.c.revision > releases.revision,
        )
        taken = select(schema.withdrawals.c.release_id).where(schema.withdrawals.c.release_id == releases.release_id)
        query = (
            select(cited.release_id, cited.doc_id)
            .join(schema.documents, documents.doc_id == cited.doc_id)
            .join(schema.releases, releases.release_id == cited.release_id)
            .where(documents.version != cited.version, ~followed.exists(), ~taken.exists())
        )
        with self.reading() as connection:
            rows = connection.execute(query.order_by(releases.day.desc(), cited.release_id, cited.doc_id))
            return tuple((row.release_id, row.doc_id) for row in rows)

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
    return SavedDraft(
        row.draft_id,
        DRAFT.validate_json(row.body),
        row.text,
        row.run_id,
        moment(row.saved_at),
        row.number,
        row.parent,
        row.actor,
        row.note,
        json.loads(row.checked) if row.checked else {},
    )


def _approval(row: Row[Any]) -> Approval:
    return Approval(row.draft_id, row.actor, row.digest, moment(row.at))
