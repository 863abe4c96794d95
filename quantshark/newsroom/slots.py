"""How a day stands, edition by edition: due, drafting, held, ready, published, corrected, withdrawn or failed.

Everything is read from the store, so several editors (and several machines) see the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from quantshark import editions
from quantshark.calendars import Calendar
from quantshark.editions import Edition
from quantshark.model import Draft, Release
from quantshark.newsroom.live import SILENT_SECONDS
from quantshark.newsroom.room import Room
from quantshark.newsroom.writing import run_name
from quantshark.store import BLOCKED, RunRecord, SavedDraft, Stop, Told, Withdrawal

State = Literal["closed", "due", "drafting", "held", "ready", "published", "corrected", "withdrawn", "failed"]


@dataclass(frozen=True, slots=True)
class SlotState:
    """One slot in one script. `why` says it in Chinese where the state is not good news; `counts` are the newest draft's.

    `closed` is a day on which the edition is not due. `interrupted` is a failed run that can be taken up where it stopped.
    `channels` have a receipt of `release_id`. `newer_draft` says that the newest draft is not what was released.
    """

    edition: str
    name: str
    day: date
    script: str
    due_at: datetime
    state: State
    why: tuple[str, ...] = ()
    draft_id: str = ""
    release_id: str = ""
    revision: int = 0
    run_id: str = ""
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    channels: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    stop: Stop | None = None
    actor: str = ""
    interrupted: bool = False
    newer_draft: bool = False


class Slots(Room):
    """The verbs that only look."""

    def slot_states(self, day: date) -> tuple[SlotState, ...]:
        """Every edition of a day in the order in which they are due; a script comes in where it has a draft or a release."""
        drafts = {(saved.draft.edition, saved.draft.script): saved for saved in self.store.newest_drafts(day)}
        releases: dict[tuple[str, str], list[Release]] = {}
        for release in self.store.releases(day=day):
            releases.setdefault((release.edition, release.script), []).append(release)
        runs: dict[str, RunRecord] = {}
        for run in self.store.runs(prefix="draft ", limit=500, since=datetime.now(UTC) - timedelta(days=30)):
            runs.setdefault(run.name, run)
        found: list[SlotState] = []
        for slug in editions.slugs(self.settings.prompts_dir):
            edition = self.edition(slug)
            for script in ("hans", "hant"):
                key, run = (slug, script), runs.get(run_name(slug, day, script))
                if script == "hans" or key in drafts or key in releases or run is not None:
                    found.append(self._state(edition, day, script, drafts.get(key), releases.get(key, []), run))
        return tuple(sorted(found, key=lambda state: (state.due_at, state.edition, state.script)))

    def drafts(self, draft_id: str) -> tuple[SavedDraft, ...]:
        """The history of a draft's slot and script, newest first."""
        return self.history(self.store.draft(draft_id).draft)

    def history(self, slot: Draft | Release) -> tuple[SavedDraft, ...]:
        """Every draft of a slot and script, newest first."""
        return self.store.drafts(slot.edition, slot.day, 500, slot.script)

    def run(self, run_id: str) -> RunRecord:
        """A run with its state; raises NotFoundError."""
        return self.store.run(run_id)

    def events(self, run_id: str, after: int = 0) -> tuple[Told, ...]:
        """What a run told after the event of that number."""
        return self.store.events(run_id, after)

    def withdrawal(self, release_id: str) -> Withdrawal | None:
        return self.store.withdrawn(release_id)

    def _state(
        self,
        edition: Edition,
        day: date,
        script: str,
        saved: SavedDraft | None,
        releases: list[Release],
        run: RunRecord | None,
    ) -> SlotState:
        release = releases[0] if releases else None
        state = SlotState(edition.slug, edition.name, day, script, edition.until(day), "due")
        if saved is not None:
            given = tuple(approval.actor for approval in self.store.approvals(saved.draft_id))
            state = replace(state, draft_id=saved.draft_id, counts=saved.checked, actor=saved.actor, approved_by=given)
        if release is not None:
            receipts = self.store.receipts(release.release_id)
            state = replace(
                state,
                release_id=release.release_id,
                revision=release.revision,
                channels=tuple(receipt.channel for receipt in receipts),
                stop=self.store.stop(release.release_id),
                newer_draft=saved is not None and saved.text != release.text and saved.saved_at > release.created_at,
            )
        if run is not None:
            state = replace(state, run_id=run.run_id)
        if run is not None and run.state == "open" and not is_silent(run):
            return replace(state, state="drafting", actor=run.actor)
        if _failed_last(run, saved):
            return _of_failure(state, run)
        if release is not None and (state.channels or not state.newer_draft):
            return self._of_release(state, releases)
        if saved is not None:
            return _of_draft(state, saved)
        calendar = Calendar(edition.slot.calendar)
        if not calendar.is_session(day):
            return replace(state, state="closed", why=(calendar.reason(day),))
        return state

    def _of_release(self, state: SlotState, releases: list[Release]) -> SlotState:
        taken = self.store.withdrawn(state.release_id)
        if taken is not None or releases[0].text.find("\nwithdrawn: true\n") >= 0:
            return replace(state, state="withdrawn", why=(taken.reason,) if taken else ())
        if not state.channels:
            return replace(state, state="ready")
        earlier = [release for release in releases[1:] if self.store.receipts(release.release_id)]
        return replace(state, state="corrected" if earlier and not releases[0].demo else "published")


def is_silent(run: RunRecord) -> bool:
    """Was this open run interrupted? One that is alive elsewhere says so now and then."""
    seen = run.seen_at or run.opened_at
    return (datetime.now(UTC) - seen).total_seconds() > SILENT_SECONDS


def _failed_last(run: RunRecord | None, saved: SavedDraft | None) -> bool:
    """Did the newest thing that happened to the slot go wrong?"""
    if run is None or run.state == "done":
        return False
    return saved is None or saved.saved_at < run.opened_at


def _of_failure(state: SlotState, run: RunRecord | None) -> SlotState:
    if run is None or run.state == "open":
        return replace(state, state="failed", interrupted=True, why=("写稿中断，可从中断处继续",))
    if run.cancelled_by:
        return replace(state, state="failed", why=(f"{run.cancelled_by} 停止了写稿",))
    return replace(state, state="failed", why=(run.error,))


def _of_draft(state: SlotState, saved: SavedDraft) -> SlotState:
    if saved.releasable:
        return replace(state, state="ready")
    blocked = saved.checked.get(BLOCKED, 0)
    why = (*saved.draft.held, *((f"{blocked} 处数字待处理",) if blocked else ()))
    return replace(state, state="held", why=why)
