"""What we know: documents with all their versions, and the facts read from each.

A document and its facts are stored in one transaction, so a kill leaves it whole or absent. The same id with another
content is a new version: the old one stays, its facts marked superseded, and releases keep pointing at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, or_, select, update

from quantshark.errors import NotFoundError, StoreError
from quantshark.model import SHANGHAI, Document, Fact
from quantshark.store import schema
from quantshark.store.database import STORING, Database, in_batches, stamp
from quantshark.store.missing import missing
from quantshark.store.rows import amended, document_of, document_row, fact_row, facts_of, version_of, version_row

BATCH = 64
IDS_A_QUERY = 500

Item = tuple[Document, Sequence[Fact]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What an ingest did: `reread` documents were the same but read by another reader, `forgotten` ones stay so."""

    new: int = 0
    same: int = 0
    changed: int = 0
    reread: int = 0
    forgotten: int = 0
    facts: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands in the store under an id."""

    version: str
    reader: str
    forgotten: bool


class Documents(Database):
    """Documents and facts in and out."""

    # --- in

    def unchanged(self, documents: Iterable[Document], reader: str = "") -> set[str]:
        """The ids for which `put` would do nothing, so that their facts need not be read again."""
        found: set[str] = set()
        with self.reading() as connection:
            for batch in in_batches(documents, IDS_A_QUERY):
                known = _known(connection, [document.doc_id for document in batch])
                found |= {
                    document.doc_id
                    for document in batch
                    if _fate(known.get(document.doc_id), version_of(document), reader) in {"same", "forgotten"}
                }
        return found

    def put(self, items: Iterable[Item], reader: str = "") -> Counts:
        """Store documents with their facts; `reader` names what read the facts, another one replaces them."""
        done: Counter[str] = Counter()
        for batch in in_batches(items, BATCH):
            for unique in _without_repeats(batch):
                with self.writing(STORING) as connection:
                    done += self._put(connection, unique, reader)
        return Counts(**done)

    def _put(self, connection: Connection, items: Sequence[Item], reader: str) -> Counter[str]:
        known = _known(connection, [document.doc_id for document, _ in items])
        items = _as_amended(connection, items)
        now = self.now()
        done: Counter[str] = Counter()
        fresh: list[tuple[Document, Sequence[Fact], str]] = []
        for document, facts in items:
            version = version_of(document)
            fate = _fate(known.get(document.doc_id), version, reader)
            done[fate] += 1
            if fate in {"same", "forgotten"}:
                continue
            done["facts"] += len(facts)
            if fate == "new":
                fresh.append((document, facts, version))
            else:
                _replace(connection, document, facts, version, reader, now)
        _insert(connection, fresh, reader, now)
        return done

    def forget(self, doc_id: str) -> None:
        """Take a document's words and facts away for good; that it was here stays, and it does not come back."""
        with self.writing(STORING) as connection:
            if doc_id not in _known(connection, [doc_id]):
                raise missing("document", doc_id)
            now = self.now()
            connection.execute(delete(schema.facts).where(schema.facts.c.doc_id == doc_id))
            connection.execute(
                update(schema.versions)
                .where(schema.versions.c.doc_id == doc_id)
                .values(text=None, title="", url="", publisher="")
            )
            connection.execute(
                update(schema.documents)
                .where(schema.documents.c.doc_id == doc_id)
                .values(forgotten_at=now, updated_at=now)
            )
        self.fold_log()

    # --- out

    def documents(
        self,
        since: datetime | date | None = None,
        until: datetime | date | None = None,
        kinds: Collection[str] | None = None,
        ids: Collection[str] | None = None,
    ) -> tuple[Document, ...]:
        """Current documents in the order they became known, from `since` on and before `until`.

        A day as `until` includes all of that day. Undated documents come only where no time is asked for.
        """
        query = _current().where(schema.documents.c.forgotten_at.is_(None), *_known_between(since, until))
        if kinds is not None:
            query = query.where(schema.documents.c.kind.in_(kinds))
        with self.reading() as connection:
            if ids is None:
                return tuple(document_of(row) for row in connection.execute(query))
            found = [
                row
                for batch in in_batches(ids, IDS_A_QUERY)
                for row in connection.execute(query.where(schema.documents.c.doc_id.in_(batch)))
            ]
        return tuple(document_of(row) for row in sorted(found, key=lambda row: (row.known_at or "", row.doc_id)))

    def state(
        self, since: datetime | date, until: datetime | date, kinds: Collection[str]
    ) -> tuple[tuple[str, str, str, str], ...]:
        """Which versions `documents` would give, who read their facts and when they came in: equal means nothing changed."""
        columns, documents = schema.versions.c, schema.documents.c
        query = (
            select(columns.doc_id, columns.version, columns.reader, documents.updated_at)
            .join(schema.documents, and_(documents.doc_id == columns.doc_id, documents.version == columns.version))
            .where(documents.forgotten_at.is_(None), *_known_between(since, until), documents.kind.in_(kinds))
            .order_by(columns.doc_id)
        )
        with self.reading() as connection:
            return tuple((row[0], row[1], row[2], row[3]) for row in connection.execute(query))

    def document(self, doc_id: str, version: str | None = None) -> Document:
        """A document as it is now, or as it was; raises NotFoundError."""
        columns = schema.versions.c
        query = select(schema.versions, schema.documents.c.forgotten_at).join(
            schema.documents, schema.documents.c.doc_id == columns.doc_id
        )
        wanted = columns.version == (schema.documents.c.version if version is None else version)
        with self.reading() as connection:
            row = connection.execute(query.where(columns.doc_id == doc_id, wanted)).one_or_none()
        if row is None:
            raise missing("document", f"{doc_id}@{version}" if version else doc_id)
        if row.forgotten_at is not None:
            raise NotFoundError(
                f"document {doc_id!r} was forgotten on {row.forgotten_at[:10]}",
                forgotten=True,
                notice=f"这篇资料已于 {row.forgotten_at[:10]} 永久删除",
            )
        return document_of(row)

    def documents_as(self, versions: Mapping[str, str]) -> tuple[Document, ...]:
        """Documents in the versions that are named, in the order they became known; forgotten ones are left out."""
        columns = schema.versions.c
        query = select(schema.versions).where(columns.text.is_not(None)).order_by(*_in_order())
        with self.reading() as connection:
            rows = [
                row
                for batch in in_batches(versions, IDS_A_QUERY)
                for row in connection.execute(query.where(columns.doc_id.in_(batch)))
                if versions[row.doc_id] == row.version
            ]
        return tuple(document_of(row) for row in sorted(rows, key=lambda row: (row.known_at or "", row.doc_id)))

    def facts_as(self, versions: Mapping[str, str]) -> tuple[Fact, ...]:
        """The facts that were read from documents in the versions that are named."""
        columns = schema.facts.c
        query = _facts()
        with self.reading() as connection:
            rows = [
                row
                for batch in in_batches(versions, IDS_A_QUERY)
                for row in connection.execute(query.where(columns.doc_id.in_(batch)))
                if versions[row.doc_id] == row.version
            ]
        rows.sort(key=lambda row: (row.known_at or "", row.doc_id, row.version, row.place))
        return facts_of(row.detail for row in rows)

    def versions(self, doc_id: str) -> tuple[str, ...]:
        """Every version of a document, the current one last; a forgotten one keeps them."""
        columns = schema.versions.c
        query = select(columns.version).where(columns.doc_id == doc_id)
        with self.reading() as connection:
            # The current one has no end, and text puts NULL on different sides in different databases.
            newest_last = query.order_by(columns.superseded_at.is_(None), columns.superseded_at, columns.stored_at)
            return tuple(connection.execute(newest_last).scalars())

    def facts(
        self,
        day: date | None = None,
        entity: str | None = None,
        measure: str | None = None,
        doc_ids: Collection[str] | None = None,
        until: datetime | date | None = None,
        *,
        current: bool = True,
    ) -> tuple[Fact, ...]:
        """Facts of current documents in the order these became known; with `current=False` superseded ones as well.

        `day` asks for what is about that day; `until` for what a writer may know before that moment.
        """
        columns = schema.facts.c
        query = _facts().where(*_known_between(None, until))
        if current:
            query = query.where(columns.superseded == 0)
        for column, wanted in ((columns.entity, entity), (columns.measure, measure)):
            if wanted is not None:
                query = query.where(column == wanted)
        if day is not None:
            query = query.where(_about(day.isoformat()))
        with self.reading() as connection:
            if doc_ids is None:
                rows = list(connection.execute(query))
            else:
                batches = in_batches(dict.fromkeys(doc_ids), IDS_A_QUERY)
                rows = [row for batch in batches for row in connection.execute(query.where(columns.doc_id.in_(batch)))]
                rows.sort(key=lambda row: (row.known_at or "", row.doc_id, row.version, row.place))
        return facts_of(row.detail for row in rows)


# --- storing -------------------------------------------------------------------------------------------------------


def _fate(known: _Known | None, version: str, reader: str) -> str:
    if known is None:
        return "new"
    if known.forgotten:
        return "forgotten"
    if known.version != version:
        return "changed"
    return "same" if known.reader == reader else "reread"


def _known(connection: Connection, doc_ids: Sequence[str]) -> dict[str, _Known]:
    documents, versions = schema.documents.c, schema.versions.c
    query = select(documents.doc_id, documents.version, documents.forgotten_at, versions.reader).join(
        schema.versions, and_(versions.doc_id == documents.doc_id, versions.version == documents.version)
    )
    rows = connection.execute(query.where(documents.doc_id.in_(doc_ids)))
    return {row.doc_id: _Known(row.version, row.reader, row.forgotten_at is not None) for row in rows}


def _insert(
    connection: Connection, fresh: Sequence[tuple[Document, Sequence[Fact], str]], reader: str, now: str
) -> None:
    """New documents, in three statements for all of them."""
    rows = (
        (schema.documents, [document_row(document, version, now) for document, _, version in fresh]),
        (schema.versions, [version_row(document, version, reader, now) for document, _, version in fresh]),
        (schema.facts, [row for document, facts, version in fresh for row in _fact_rows(document, facts, version)]),
    )
    for table, values in rows:
        if values:
            connection.execute(insert(table), values)


def _replace(
    connection: Connection, document: Document, facts: Sequence[Fact], version: str, reader: str, now: str
) -> None:
    """Another version of a document, or another reading of the same one; a version that comes back is current again."""
    versions, known_facts = schema.versions.c, schema.facts.c
    others = and_(versions.doc_id == document.doc_id, versions.version != version)
    connection.execute(
        update(schema.versions).where(others, versions.superseded_at.is_(None)).values(superseded_at=now)
    )
    connection.execute(update(schema.facts).where(known_facts.doc_id == document.doc_id).values(superseded=1))
    row = version_row(document, version, reader, now)
    this = and_(versions.doc_id == document.doc_id, versions.version == version)
    if connection.execute(update(schema.versions).where(this).values(row)).rowcount == 0:
        connection.execute(insert(schema.versions), row)
    of_this = and_(known_facts.doc_id == document.doc_id, known_facts.version == version)
    connection.execute(delete(schema.facts).where(of_this))
    fact_rows = _fact_rows(document, facts, version)
    if fact_rows:
        connection.execute(insert(schema.facts), fact_rows)
    head = document_row(document, version, now)
    del head["first_seen_at"]
    connection.execute(update(schema.documents).where(schema.documents.c.doc_id == document.doc_id).values(head))


def _as_amended(connection: Connection, items: Sequence[Item]) -> Sequence[Item]:
    """What is read anew is read as people said before."""
    rows = {row.fact_id: row for row in connection.execute(select(schema.amendments))}
    if not rows:
        return items
    return [
        (
            document,
            [
                amended(fact, rows[fact.fact_id].entity, rows[fact.fact_id].measure) if fact.fact_id in rows else fact
                for fact in facts
            ],
        )
        for document, facts in items
    ]


def _fact_rows(document: Document, facts: Sequence[Fact], version: str) -> list[dict[str, object]]:
    rows = [fact_row(fact, document, version, place) for place, fact in enumerate(facts)]
    if len({row["fact_id"] for row in rows}) != len(rows):
        raise StoreError(f"two facts of document {document.doc_id!r} share an id; ids are unique in a document")
    return rows


def _without_repeats(items: Sequence[Item]) -> Iterable[list[Item]]:
    """Cut where an id comes again, so that the second is judged against the first."""
    part: dict[str, Item] = {}
    for item in items:
        if item[0].doc_id in part:
            yield list(part.values())
            part = {}
        part[item[0].doc_id] = item
    yield list(part.values())


# --- asking --------------------------------------------------------------------------------------------------------


def _current() -> Select[*tuple[Any, ...]]:
    documents, versions = schema.documents.c, schema.versions.c
    same = and_(versions.doc_id == documents.doc_id, versions.version == documents.version)
    return select(schema.versions).join(schema.documents, same).order_by(*_in_order())


def _facts() -> Select[*tuple[Any, ...]]:
    facts, versions = schema.facts.c, schema.versions.c
    same = and_(versions.doc_id == facts.doc_id, versions.version == facts.version)
    query = select(facts.detail, facts.doc_id, facts.version, facts.place, versions.known_at).join(
        schema.versions, same
    )
    return query.order_by(*_in_order(), facts.version, facts.place)


def _in_order() -> tuple[ColumnElement[Any], ...]:
    """Undated first, said outright: databases disagree on where NULL sorts."""
    versions = schema.versions.c
    return (versions.known_at.is_not(None), versions.known_at, versions.doc_id)


def _known_between(since: datetime | date | None, until: datetime | date | None) -> list[ColumnElement[bool]]:
    known = schema.versions.c.known_at
    bounds: list[ColumnElement[bool]] = []
    if since is not None:
        bounds.append(known >= stamp(_start(since)))
    if until is not None:
        bounds.append(
            known < stamp(_start(until) if isinstance(until, datetime) else _start(until + timedelta(days=1)))
        )
    return bounds


def _start(day: datetime | date) -> datetime:
    if not isinstance(day, datetime):
        return datetime.combine(day, time(), SHANGHAI)
    return day if day.tzinfo else day.replace(tzinfo=SHANGHAI)


def _about(day: str) -> ColumnElement[bool]:
    """About that day: its period is the day, or it has none and is as of the day."""
    facts = schema.facts.c
    of_period = and_(facts.grain == "day", facts.period_start <= day, facts.period_end >= day)
    return or_(of_period, and_(facts.period_start.is_(None), facts.as_of == day))
