"""The desk put together from the settings: its plan, its timetable."""

from __future__ import annotations

from functools import cache

from quantshark.calendars import Calendar
from quantshark.desk import plan
from quantshark.desk.timetable import Timetable
from quantshark.settings import Settings


def timetable(settings: Settings) -> Timetable:
    """The timetable as `desk.yaml` and the calendars have it now."""
    asked = plan.read(settings.home)

    @cache
    def calendar(name: str) -> Calendar:
        return Calendar(name, settings.user_registry)

    return Timetable(plan.entries(asked, settings.prompts_dir), calendar)
