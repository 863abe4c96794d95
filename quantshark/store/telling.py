"""What a run tells while it works, kept so that anyone can read it: numbered events, a sign of life, and the wish to stop."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, insert, select, update

from quantshark.model import Event
from quantshark.store import schema
from quantshark.store.database import TELLING, Database, moment


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a run with its number, from 1: who has read up to `number` asks for what came after."""

    run_id: str
    number: int
    event: Event
    at: datetime


class Telling(Database):
    """Events of runs, in and out."""

    def tell(self, run_id: str, event: Event) -> int:
        """Keep an event; gives its number."""
        columns = schema.events.c
        data = json.dumps(dict(event.data), ensure_ascii=False, default=str)
        with self.writing(TELLING, passing=True) as connection:
            last = connection.execute(select(func.max(columns.number)).where(columns.run_id == run_id)).scalar_one()
            row = {
                "run_id": run_id,
                "number": (last or 0) + 1,
                "name": event.name,
                "section": event.section,
                "data": data,
                "at": self.now(),
            }
            connection.execute(insert(schema.events), row)
        return (last or 0) + 1

    def events(self, run_id: str, after: int = 0, limit: int = 1000) -> tuple[Told, ...]:
        """What a run told after the event of that number, in order."""
        columns = schema.events.c
        query = select(schema.events).where(columns.run_id == run_id, columns.number > after)
        with self.reading() as connection:
            rows = list(connection.execute(query.order_by(columns.number).limit(limit)))
        return tuple(_told(row) for row in rows)

    def cancel_run(self, run_id: str, actor: str) -> bool:
        """Ask an open run to stop; False where it is over or was asked before."""
        columns = schema.runs.c
        is_open = (columns.run_id == run_id, columns.state == "open", columns.cancelled_by == "")
        with self.writing() as connection:
            asked = update(schema.runs).where(*is_open).values(cancelled_by=actor or "?")
            return connection.execute(asked).rowcount == 1

    def seen_alive(self, run_id: str) -> str:
        """A sign of life of a run; gives who asked it to stop, or nothing."""
        columns = schema.runs.c
        with self.writing(passing=True) as connection:
            connection.execute(update(schema.runs).where(columns.run_id == run_id).values(seen_at=self.now()))
            asked = connection.execute(
                select(columns.cancelled_by).where(columns.run_id == run_id)
            ).scalar_one_or_none()
        return asked or ""

    def cancelled_by(self, run_id: str) -> str:
        """Who asked the run to stop, or nothing."""
        columns = schema.runs.c
        with self.reading() as connection:
            asked = connection.execute(
                select(columns.cancelled_by).where(columns.run_id == run_id)
            ).scalar_one_or_none()
        return asked or ""


def _told(row: Any) -> Told:  # Any: a row
    data = cast(dict[str, object], json.loads(row.data))
    return Told(row.run_id, row.number, Event(row.name, row.section, data), moment(row.at))
