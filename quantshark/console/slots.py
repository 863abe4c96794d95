"""The day's slots as the desk shows them: what the newsroom knows, and what this console has just put to work.

Read from the store at each look, so every editor sees the same thing, whoever did it and on whichever machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from quantshark.console.drafting import Drafting, Job
from quantshark.model import SHANGHAI
from quantshark.newsroom import Newsroom
from quantshark.newsroom.slots import SlotState
from quantshark.newsroom.writing import run_name
from quantshark.store import BLOCKED


@dataclass(frozen=True, slots=True)
class SlotId:
    """An edition's appearance on a day, in a script."""

    edition: str
    day: date
    script: str = "hans"

    def __str__(self) -> str:
        return f"{self.edition}-{self.day.isoformat()}-{self.script}"

    @property
    def path(self) -> str:
        return f"{self.edition}/{self.day.isoformat()}/{self.script}"

    @property
    def run_name(self) -> str:
        """What the newsroom calls the runs that write it."""
        return run_name(self.edition, self.day, self.script)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot on the desk: its id, the newsroom's state of it, and whether it should have been written by now."""

    slot: SlotId
    known: SlotState
    late: bool = False

    @property
    def state(self) -> str:
        return self.known.state

    @property
    def open(self) -> int:
        return self.known.counts.get(BLOCKED, 0)

    @property
    def proved(self) -> int:
        return sum(self.known.counts.get(look, 0) for look in ("supported", "derived"))


def slots(newsroom: Newsroom, drafting: Drafting, day: date, now: datetime | None = None) -> tuple[Slot, ...]:
    """Every slot of that day in the order of their hours; editions that are not due then are left out."""
    moment = now or datetime.now(SHANGHAI)
    found: list[Slot] = []
    for known in newsroom.slot_states(day):
        slot = SlotId(known.edition, known.day, known.script)
        state = _with_job(known, drafting.job(str(slot)))
        if state.state != "closed":
            found.append(Slot(slot, state, late=state.state == "due" and moment > state.due_at))
    return tuple(found)


def _with_job(known: SlotState, job: Job | None) -> SlotState:
    """What this console started counts before the store hears of it; so does what failed before a run was opened."""
    if job is not None and job.running:
        return replace(known, state="drafting", actor=job.by, why=("排队中",) if job.waiting else ())
    if job is not None and job.error and known.state in {"due", "drafting", "failed"}:
        return replace(known, state="failed", why=(job.error,))
    return known
