"""Text that is still being typed: one for each draft, section and person, until it is saved or thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, select, update

from quantshark.store import schema
from quantshark.store.database import Database, moment


@dataclass(frozen=True, slots=True)
class Autosave:
    """What somebody was typing, and into which draft."""

    draft_id: str
    section: str
    actor: str
    text: str
    at: datetime


class Unfinished(Database):
    """Autosaves in and out."""

    def autosave(self, draft_id: str, section: str, text: str, actor: str) -> Autosave:
        now = self.now()
        row = {"draft_id": draft_id, "section": section, "actor": actor, "text": text, "at": now}
        with self.writing() as connection:
            if not self.insert_new(connection, schema.autosaves, row):
                mine = update(schema.autosaves).where(_is(draft_id, section, actor))
                connection.execute(mine.values(text=text, at=now))
        return Autosave(draft_id, section, actor, text, moment(now))

    def autosaves(self, edition: str, day: date, script: str, actor: str = "") -> tuple[Autosave, ...]:
        """Of every draft of a slot, newest first."""
        columns, drafts = schema.autosaves.c, schema.drafts.c
        slot = and_(drafts.edition == edition, drafts.day == day.isoformat(), drafts.script == script)
        query = select(schema.autosaves).join(schema.drafts, drafts.draft_id == columns.draft_id).where(slot)
        if actor:
            query = query.where(columns.actor == actor)
        with self.reading() as connection:
            rows = list(connection.execute(query.order_by(columns.at.desc(), columns.section)))
        return tuple(Autosave(row.draft_id, row.section, row.actor, row.text, moment(row.at)) for row in rows)

    def discard_autosave(self, draft_id: str, section: str, actor: str) -> bool:
        with self.writing() as connection:
            return connection.execute(delete(schema.autosaves).where(_is(draft_id, section, actor))).rowcount == 1


def _is(draft_id: str, section: str, actor: str):
    columns = schema.autosaves.c
    return and_(columns.draft_id == draft_id, columns.section == section, columns.actor == actor)
