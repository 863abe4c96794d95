"""Starts what is due, once, on however many machines, and looks after what was started.

A run has a key made of its slot, so that a second desk starts nothing twice. One that failed is started again under the
next key while the slot is worth anything; what comes too late is cancelled, and people are told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from quantshark.desk.notices import Notices
from quantshark.desk.plan import Entry
from quantshark.desk.policy import Policy
from quantshark.desk.timetable import Slot, Timetable
from quantshark.desk.worker import Order, order_json
from quantshark.runs import Starter
from quantshark.store import SlotRecord, Store

LOG = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=4)
ATTEMPTS = 12
PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=2)
RULES_LANE = "rules"
PROCEDURE = "slot"


@dataclass(frozen=True, slots=True)
class Book:
    """Where the planner looks things up; the timetable anew at each look, so that a changed calendar counts at once."""

    store: Store
    timetable: Callable[[], Timetable]
    entries: Callable[[], Mapping[tuple[str, str], Entry]]
    policies: Callable[[str], Policy]
    channels: Callable[[Entry], tuple[str, ...]]
    notices: Notices
    lane: str = RULES_LANE
    begins: datetime | None = None
    """What was due before is not this desk's to bring out."""


class Planner:
    """One look at the clock after another."""

    def __init__(self, book: Book, starter: Starter) -> None:
        self._book = book
        self._starter = starter
        self._next_try: dict[str, datetime] = {}

    def look(self, now: datetime) -> None:
        """Start what is due at `now`, and see to what was started before."""
        known = {record.slot_id: record for record in self._book.store.slots(since=now - LOOK_BACK - timedelta(days=8))}
        for slot in self._due(now, known):
            self._see_to(slot, known.get(slot.slot_id), now)

    def _due(self, now: datetime, known: Mapping[str, SlotRecord]) -> list[Slot]:
        """What is due by now. A desk that never ran has missed nothing: it begins with what is still worth something."""
        slots = self._book.timetable().slots((now - LOOK_BACK).date(), (now + timedelta(days=1)).date())
        since = max((record.due_at for record in known.values()), default=None)
        return [
            slot
            for slot in slots
            if slot.due_at <= now
            and (self._book.begins is None or slot.due_at >= self._book.begins)
            and (slot.slot_id in known or slot.expires_at >= now or (since is not None and slot.due_at > since))
        ]

    def _see_to(self, slot: Slot, record: SlotRecord | None, now: datetime) -> None:
        if slot.state == "ask":
            if record is None:
                self._ask(slot)
            return
        if record is None or record.state == "asked":
            self._begin(slot, record, now)
        elif record.state in ("waiting", "running", "failed"):
            self._look_after(slot, record, now)
        elif record.state == "held":
            self._last_call(slot, record, now)

    def _ask(self, slot: Slot) -> None:
        if self._book.store.open_slot(_record(slot, "asked", slot.note)):
            self._book.notices.tell("ask", slot.slot_id, f"{slot.name}（{slot.day}）没有自动出稿：{slot.note}，请确认")

    def _begin(self, slot: Slot, record: SlotRecord | None, now: datetime) -> None:
        store = self._book.store
        if now > slot.expires_at:
            self._cancel(slot, record)
            return
        if record is None:
            store.open_slot(_record(slot, "waiting"))
        else:
            store.mark_slot(slot.slot_id, "waiting", only_from=("asked",))
        self._start(slot, slot.slot_id)

    def _cancel(self, slot: Slot, record: SlotRecord | None) -> None:
        store, why = self._book.store, f"错过了时间，{slot.expires_at:%m-%d %H:%M} 之后不再补发"
        if record is None:
            store.open_slot(_record(slot, "waiting"))
        if store.mark_slot(slot.slot_id, "cancelled", why, ("waiting", "asked", "failed", "running", "held")):
            self._book.notices.tell("missed", slot.slot_id, f"{slot.name}（{slot.day}）取消：{why}")

    def _look_after(self, slot: Slot, record: SlotRecord, now: datetime) -> None:
        """Start again what failed, while it is worth anything; a start that was lost is made good."""
        rules_only = self._starter.state(f"{slot.slot_id}/rules") is not None
        keys = _keys(f"{slot.slot_id}/rules" if rules_only else slot.slot_id)
        tries, state = next(
            ((n, state) for n, key in enumerate(keys) if (state := self._starter.state(key)) != "failed"),
            (ATTEMPTS, None),
        )
        if state in ("queued", "running") or (state == "done" and now <= slot.expires_at):
            return
        if now > slot.expires_at:
            self._cancel(slot, record)
        elif tries == ATTEMPTS:
            self._fail(slot)
        elif now >= self._next_try.setdefault(keys[tries], now + self._pause(tries)):
            self._start(slot, keys[tries], rules_only=rules_only)

    def _pause(self, tries: int) -> timedelta:
        return min(PAUSE * 2 ** max(tries - 1, 0), LONGEST_PAUSE) if tries else timedelta()

    def _fail(self, slot: Slot) -> None:
        why = f"试了 {ATTEMPTS} 次都没有成功，请看日志"
        if self._book.store.mark_slot(slot.slot_id, "failed", why, ("waiting", "running")):
            self._book.notices.tell("failed", slot.slot_id, f"{slot.name}（{slot.day}）：{why}")

    def _last_call(self, slot: Slot, record: SlotRecord, now: datetime) -> None:
        """Nobody has looked at it: the rules' own version goes out, where that is allowed; else it ends in time."""
        entry = self._book.entries().get((slot.edition, slot.script))
        allowed = entry is not None and self._book.policies(entry.policy).rules_at_deadline
        key = f"{slot.slot_id}/rules"
        if self._went_out(record):
            self._book.store.mark_slot(slot.slot_id, "published", "由编辑发布", ("held",))
        elif now > slot.expires_at:
            self._cancel(slot, record)
        elif allowed and now >= slot.last_call and self._starter.state(key) is None:
            self._start(slot, key, rules_only=True)

    def _went_out(self, record: SlotRecord) -> bool:
        store = self._book.store
        releases = store.releases(record.edition, record.day, record.script)
        return any(store.receipts(release.release_id) for release in releases)

    def _start(self, slot: Slot, key: str, *, rules_only: bool = False) -> None:
        entry = self._book.entries()[slot.edition, slot.script]
        order = Order(
            slot_id=slot.slot_id,
            edition=slot.edition,
            name=slot.name,
            script=slot.script,
            day=slot.day,
            due_at=slot.due_at,
            last_call=slot.last_call,
            expires_at=slot.expires_at,
            policy=entry.policy,
            channels=self._book.channels(entry),
            rules_only=rules_only,
        )
        lane = RULES_LANE if rules_only else self._book.lane
        self._starter.start(PROCEDURE, key, order_json(order), lane, int(slot.deadline.timestamp() // 60))
        LOG.info("started", extra={"slot": slot.slot_id, "key": key, "lane": lane})


def _keys(first: str) -> list[str]:
    return [first, *(f"{first}#{number}" for number in range(2, ATTEMPTS + 1))]


def _record(slot: Slot, state: str, detail: str = "") -> SlotRecord:
    return SlotRecord(
        slot_id=slot.slot_id,
        edition=slot.edition,
        day=slot.day,
        script=slot.script,
        due_at=slot.due_at,
        deadline=slot.deadline,
        expires_at=slot.expires_at,
        state="asked" if state == "asked" else "waiting",
        detail=detail,
    )
