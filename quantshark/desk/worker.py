"""A slot's run, step by step: refresh the feeds, draft, decide, let a release be the slot's one, hand it to each channel.

Every step may happen again after a crash, so every step is safe to repeat: paid replies come from the journal, the
release is chosen in one transaction, a channel is served from the outbox. What is read between steps (the clock, the
timetable, the store) is read inside of one, so that a run that is taken up again walks the same way.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import TypeAdapter

from quantshark.desk.courier import Courier
from quantshark.desk.dossier import read_dossier
from quantshark.desk.notices import Notices
from quantshark.desk.policy import Decision, Dossier, Policy, Trust, decide, decide_rules_only
from quantshark.desk.refresh import Problem, Together
from quantshark.desk.writing import Writing
from quantshark.editions import Edition
from quantshark.newsroom import Assignment, Outcome
from quantshark.runs import Steps
from quantshark.store import Store
from quantshark.store.slots import ENDED

LOG = logging.getLogger(__name__)
Clock = Callable[[], datetime]
LEAST_SECONDS = 5.0
HANDS = 6
"""Slots that are worked on at once in one worker, beside those that wait for models, feeds or channels. Two hundred threads
that all want the interpreter and the database hold each other up, and the last of them begins a minute late."""
HEADS = 2
"""Drafts that are prepared at once in one worker. That keeps a processor busy from end to end, and whoever reads the
models' answers wants the same one."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is told: its slot, and by which rules. `rules_only` is the last call before the deadline."""

    slot_id: str
    edition: str
    name: str
    script: Literal["hans", "hant"]
    day: date
    due_at: datetime
    last_call: datetime
    expires_at: datetime
    policy: str
    channels: tuple[str, ...]
    rules_only: bool = False


ORDER = TypeAdapter(Order)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a run finds when it begins."""

    standing: str = ""
    """The release that was chosen for the slot already."""
    cancel: str = ""
    """Why the slot is not to be written any more."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the draft came to, as far as the next steps ask."""

    release_id: str = ""
    dossier: Dossier = field(default_factory=lambda: Dossier("observe"))
    writer: str = "rules"
    expired: bool = False
    """It was too late to write anything."""


class Drafting(Protocol):
    """The newsroom, as far as the desk needs it to write."""

    def begin(self, task: Assignment) -> Callable[[], Coroutine[Any, Any, Outcome]]:
        """What keeps the processor busy is done when it returns; what waits for models is what it gives."""
        ...


@dataclass(frozen=True, slots=True)
class Staff:
    """Whom a slot's run works with."""

    store: Store
    newsroom: Drafting
    writing: Writing
    courier: Courier
    refresher: Together
    notices: Notices
    editions: Callable[[str], Edition]
    policies: Callable[[str], Policy]
    still_due: Callable[[str, date], bool]
    trust: Callable[[str, int], Trust]
    """Of an edition, counted as far as the policy asks."""
    clock: Clock
    holder: str
    out: Path
    model: str = ""
    """The model that writes first; empty: the rules do."""


class SlotWork:
    """The procedure of a slot."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._hands = threading.BoundedSemaphore(HANDS)
        self._heads = threading.BoundedSemaphore(HEADS)

    def __call__(self, run: Steps, told: str) -> None:
        order = ORDER.validate_json(told)
        with self._hands:
            opening = run.step("open", Opening, lambda: self._open(order))
        if opening.cancel:
            return
        standing = opening.standing or self._written(run, order)
        if not standing:
            return
        for channel in order.channels:
            run.step(f"deliver:{channel}", str, lambda channel=channel: self._staff.courier.deliver(channel))
        with self._hands:
            run.step("close", str, lambda: self._close(order))

    def _written(self, run: Steps, order: Order) -> str:
        """Draft and decide; the release that goes out, or nothing where an editor has to look."""
        problems = run.step("refresh", tuple[Problem, ...], lambda: self._refresh(order))
        drafted = run.step("draft", Drafted, lambda: self._draft(order))
        if drafted.expired:
            return ""
        with self._hands:
            decision = run.step("decide", Decision, lambda: self._decide(order, drafted, problems))
            if not decision.publish:
                run.step("hold", str, lambda: self._hold(order, drafted, decision))
                return ""
            return run.step("choose", str, lambda: self._choose(order, drafted))

    # Steps

    def _open(self, order: Order) -> Opening:
        staff = self._staff
        record = staff.store.begin_slot(order.slot_id, staff.holder)
        if record.state in ENDED:
            return Opening(cancel=record.detail or "这一期已经结束")
        if record.release_id:
            return Opening(standing=record.release_id)
        why = ""
        if not staff.still_due(order.slot_id, order.day):
            why = "交易日历有变，这一期不再需要"
        elif self._too_late(order):
            why = _expired(order)
        if why:
            self._cancel(order, why)
        return Opening(cancel=why)

    def _too_late(self, order: Order) -> bool:
        return self._staff.clock() > order.expires_at

    def _cancel(self, order: Order, why: str) -> None:
        if self._staff.store.mark_slot(order.slot_id, "cancelled", why, ("running",)):
            self._staff.notices.tell("cancelled", order.slot_id, f"{order.name}（{order.day}）取消：{why}")

    def _refresh(self, order: Order) -> tuple[Problem, ...]:
        problems = tuple(self._staff.refresher.refresh(self._staff.clock(), order.due_at))
        for problem in problems:
            self._staff.notices.tell(
                "feed", f"{order.slot_id} {problem.text}", f"{order.name}（{order.day}）出稿前：{problem.text}"
            )
        return problems

    def _draft(self, order: Order) -> Drafted:
        """Nothing is paid for what nobody can publish: a run that is taken up again has its opening behind it."""
        staff = self._staff
        if self._too_late(order):
            self._cancel(order, _expired(order))
            return Drafted(expired=True)
        if not staff.model or order.rules_only:
            return self._by(order, "rules")
        try:
            return self._by(order, "auto")
        except TimeoutError:
            LOG.warning("the model did not finish in time", extra={"slot": order.slot_id})
            return self._by(order, "rules")

    def _by(self, order: Order, writer: Literal["auto", "rules"]) -> Drafted:
        staff = self._staff
        out = staff.out / order.slot_id
        task = Assignment(order.edition, order.day, writer=writer, script=order.script, out=out, stream=False)
        with self._heads:
            ready = staff.newsroom.begin(task)
        # Counted from here: who waited for a head has less time left for the model.
        left = (order.last_call - staff.clock()).total_seconds()
        outcome = staff.writing.do(ready(), max(left, LEAST_SECONDS) if writer == "auto" else None)
        with self._hands:
            dossier = read_dossier(
                outcome,
                staff.editions(order.edition),
                staff.store,
                order.due_at,
                staff.policies(order.policy).moves,
                staff.model if writer == "auto" else "",
            )
        return Drafted(outcome.release.release_id if outcome.release else "", dossier, writer)

    def _decide(self, order: Order, drafted: Drafted, problems: tuple[Problem, ...]) -> Decision:
        policy = self._staff.policies(order.policy)
        dossier = replace(drafted.dossier, sources=tuple(p.text for p in problems if p.blocks))
        if order.rules_only:
            return decide_rules_only(policy, dossier)
        decision = decide(policy, dossier, self._staff.trust(order.edition, policy.approvals))
        if decision.publish and not drafted.release_id:
            return Decision(publish=False, reasons=("没有成为成品",))
        return decision

    def _hold(self, order: Order, drafted: Drafted, decision: Decision) -> str:
        """An editor has to look, and is told until when."""
        staff = self._staff
        why = "；".join(decision.reasons)
        what = f"成品 {drafted.release_id}" if drafted.release_id else "草稿"
        until = order.last_call if staff.clock() < order.last_call else order.expires_at
        late = "到点也不能自动发" if order.rules_only else f"最晚 {until:%m-%d %H:%M} 前处理"
        key = f"{order.slot_id}{' rules' if order.rules_only else ''}"
        staff.notices.tell(
            "missed" if order.rules_only else "held", key, f"{order.name}（{order.day}）等编辑（{what}，{late}）：{why}"
        )
        staff.store.mark_slot(order.slot_id, "held", why, ("running",))
        return why

    def _choose(self, order: Order, drafted: Drafted) -> str:
        """A run that is taken up again days later has its opening behind it: it is asked here once more."""
        if self._too_late(order):
            self._cancel(order, _expired(order))
        return self._staff.store.choose_release(order.slot_id, drafted.release_id, order.channels)

    def _close(self, order: Order) -> str:
        return self._staff.courier.close(order.slot_id)


def _expired(order: Order) -> str:
    return f"过了有效时间（{order.expires_at:%m-%d %H:%M}），不再补发"


def order_json(order: Order) -> str:
    return ORDER.dump_json(order).decode()
