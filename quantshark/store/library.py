"""What people say of what we know: pins and bars for a day, readings put right by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, select, update

from quantshark.store import schema
from quantshark.store.database import STORING, Database, moment
from quantshark.store.rows import FACT, amended

WishKind = Literal["pin", "bar"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants in (pin) or out (bar) of a day's drafts: a fact or a document, by id."""

    day: date
    target: str
    kind: WishKind
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Amendment:
    """A fact whose entity or measure was read wrongly, and what it is; empty leaves that as it was read."""

    fact_id: str
    entity: str
    measure: str
    reason: str
    actor: str
    at: datetime


class Library(Database):
    """Wishes and amendments."""

    def wish(self, day: date, target: str, kind: WishKind, reason: str, actor: str) -> Wish:
        """Pin or bar something for a day; the later wish about the same thing counts."""
        row = {
            "day": day.isoformat(),
            "target": target,
            "kind": kind,
            "reason": reason,
            "actor": actor,
            "at": self.now(),
        }
        with self.writing() as connection:
            if not self.insert_new(connection, schema.wishes, row):
                connection.execute(update(schema.wishes).where(_wished(day, target)).values(row))
        return Wish(day, target, kind, reason, actor, moment(row["at"]))

    def lift(self, day: date, target: str) -> bool:
        with self.writing() as connection:
            return connection.execute(delete(schema.wishes).where(_wished(day, target))).rowcount == 1

    def wishes(self, day: date) -> tuple[Wish, ...]:
        """In the order in which they were made."""
        columns = schema.wishes.c
        query = select(schema.wishes).where(columns.day == day.isoformat()).order_by(columns.at, columns.target)
        with self.reading() as connection:
            rows = list(connection.execute(query))
        return tuple(
            Wish(date.fromisoformat(row.day), row.target, row.kind, row.reason, row.actor, moment(row.at))
            for row in rows
        )

    def amend(self, amendment: Amendment) -> None:
        """Keep how a fact is to be read, and read every version of it so from now on; new readings as well."""
        row = {
            "fact_id": amendment.fact_id,
            "entity": amendment.entity,
            "measure": amendment.measure,
            "reason": amendment.reason,
            "actor": amendment.actor,
            "at": self.now(),
        }
        columns, known = schema.facts.c, schema.amendments.c
        with self.writing(STORING) as connection:
            if not self.insert_new(connection, schema.amendments, row):
                mine = update(schema.amendments).where(known.fact_id == amendment.fact_id)
                connection.execute(mine.values(row))
            this = columns.fact_id == amendment.fact_id
            found = list(connection.execute(select(columns.doc_id, columns.version, columns.detail).where(this)))
            for each in found:
                fact = amended(FACT.validate_json(each.detail), amendment.entity, amendment.measure)
                spot = and_(this, columns.doc_id == each.doc_id, columns.version == each.version)
                detail = FACT.dump_json(fact, exclude_defaults=True).decode()
                values = {"entity": fact.entity, "measure": fact.measure, "detail": detail}
                connection.execute(update(schema.facts).where(spot).values(values))

    def unamend(self, fact_id: str) -> bool:
        """Drop an amendment; its document counts as read by nobody, so that it is read anew."""
        facts, versions = schema.facts.c, schema.versions.c
        with self.writing(STORING) as connection:
            dropped = delete(schema.amendments).where(schema.amendments.c.fact_id == fact_id)
            if connection.execute(dropped).rowcount == 0:
                return False
            ids = list(connection.execute(select(facts.doc_id).where(facts.fact_id == fact_id)).scalars())
            connection.execute(update(schema.versions).where(versions.doc_id.in_(ids)).values(reader=""))
        return True

    def amendments(self) -> tuple[Amendment, ...]:
        columns = schema.amendments.c
        with self.reading() as connection:
            rows = list(connection.execute(select(schema.amendments).order_by(columns.at, columns.fact_id)))
        return tuple(
            Amendment(row.fact_id, row.entity, row.measure, row.reason, row.actor, moment(row.at)) for row in rows
        )


def _wished(day: date, target: str) -> ColumnElement[bool]:
    return and_(schema.wishes.c.day == day.isoformat(), schema.wishes.c.target == target)
