"""What an operator is told before a slot goes wrong: nothing new has come in, the model is repaired ever more often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from quantshark.desk.notices import Notices
from quantshark.desk.timetable import Timetable
from quantshark.model import SHANGHAI, Draft
from quantshark.store import Store

AHEAD = timedelta(minutes=30)
STALE = timedelta(hours=24)
RECENT, BEFORE = 10, 30


class Alarms:
    """One look after another; each alarm is told once a day."""

    def __init__(self, store: Store, timetable: Callable[[], Timetable], notices: Notices) -> None:
        self._store = store
        self._timetable = timetable
        self._notices = notices

    def look(self, now: datetime) -> None:
        self._late(now)
        self._stale(now)
        self._repairs(now)

    def _late(self, now: datetime) -> None:
        for slot in self._store.slots(since=now - timedelta(days=1), states=("waiting", "running", "sending")):
            if slot.deadline < now:
                self._notices.tell("late", slot.slot_id, f"{slot.slot_id} 过了时限还没有发出（{slot.state}）")

    def _stale(self, now: datetime) -> None:
        today = _day(now)
        coming = [s for s in self._timetable().slots(today, today) if now <= s.due_at <= now + AHEAD]
        newest = self._store.newest_known(now)
        if coming and (newest is None or now - newest > STALE):
            told = f"最新的资料是 {newest.astimezone(SHANGHAI):%m-%d %H:%M} 的" if newest else "还没有任何资料"
            self._notices.tell("stale", f"{today}", f"{coming[0].name} {coming[0].due_at:%H:%M} 要出，{told}")

    def _repairs(self, now: datetime) -> None:
        rounds = [_rounds(saved.draft) for saved in self._store.drafts(limit=RECENT + BEFORE)]
        if rising(rounds):
            self._notices.tell(
                "repairs", f"{_day(now)}", f"模型返工变多：最近 {RECENT} 稿平均 {_mean(rounds[:RECENT]):.1f} 轮"
            )


def rising(rounds: Sequence[int]) -> bool:
    """Newest first: are the last ones repaired more than twice as often as those before, and not just once?"""
    recent, before = rounds[:RECENT], rounds[RECENT:]
    return len(recent) == RECENT and bool(before) and _mean(recent) >= 1 and _mean(recent) > 2 * _mean(before)


def _day(now: datetime) -> date:
    """The timetable's: before eight in the morning it is not the day of UTC."""
    return now.astimezone(SHANGHAI).date()


def _rounds(draft: Draft) -> int:
    return sum(section.rounds for section in draft.sections)


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers)
