"""Freeze a day from the store or from files: what each edition's slot would have known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from quantshark.calendars import Calendar
from quantshark.editions import Edition
from quantshark.errors import LabError
from quantshark.lab import frozen
from quantshark.lab.frozen import FrozenDay
from quantshark.newsroom import material
from quantshark.newsroom.material import Material, Progress
from quantshark.settings import Settings
from quantshark.sources import Intake
from quantshark.store.known import Known


def freeze_day(
    settings: Settings, day: date, editions: Sequence[Edition], sources: Sequence[Path], progress: Progress
) -> tuple[FrozenDay, Intake | None]:
    """The day for those editions that are due on it. Raises LabError."""
    due = [edition for edition in editions if Calendar(edition.slot.calendar).is_session(day)]
    if not due:
        raise LabError(
            f"{day} is no trading day of {', '.join(e.slug for e in editions)}; freeze a trading day",
            notice=f"{day} 不是 {'、'.join(e.slug for e in editions)} 的交易日；换一个交易日",
        )
    if sources:
        known, intake = material.from_files(sources, progress)
        return frozen.freeze(day, due, lambda _edition, _moment: known, settings.site_url), intake
    with Known.open(settings.store_url) as store:

        def stored(_edition: Edition, moment: datetime) -> Material:
            return material.from_store(store, moment)

        return frozen.freeze(day, due, stored, settings.site_url), None
