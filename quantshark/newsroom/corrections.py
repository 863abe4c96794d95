"""When what went out was wrong: which releases a changed source touches, the corrected revision, and the withdrawal.

A correction is a draft like any other, mended and approved like any other, that names the release it `corrects`; its
notice names old and new figure and is made by code from the two ledgers. It goes to every channel that got the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from quantshark.context import Wishes
from quantshark.context.wording import phrase_of
from quantshark.data import load_measures
from quantshark.errors import EditError, NotFoundError, TargetError
from quantshark.model import Draft, Fact, Receipt, Release, Verdict
from quantshark.newsroom import framing, outgoing, picturing
from quantshark.newsroom.editing import Editing
from quantshark.newsroom.framing import Frame
from quantshark.newsroom.room import Reread
from quantshark.newsroom.sending import Sending
from quantshark.newsroom.writing import Assignment, WriterName, Writing
from quantshark.press import ledger as ledgers
from quantshark.press import notices
from quantshark.press.imprint import Imprint
from quantshark.press.ledger import FactEntry, Ledger
from quantshark.store import SavedDraft

MOST_NAMED = 6
"""Figures that a notice names one by one."""

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of a release that its source tells otherwise now; `now` is empty where the source no longer tells it."""

    number: int
    surface: str
    who: str
    what: str
    now: str
    doc_id: str


@dataclass(frozen=True, slots=True)
class Stale:
    """A release that cites documents which have changed since, and which of its figures differ."""

    release_id: str
    documents: tuple[str, ...]
    changes: tuple[Change, ...]


class Corrections(Editing, Writing, Sending):
    """The verbs after publication."""

    def stale_releases(self) -> tuple[Stale, ...]:
        """The newest releases of their slots whose sources were changed after they were made, with what differs."""
        changed: dict[str, list[str]] = {}
        for release_id, doc_id in self.store.outdated():
            changed.setdefault(release_id, []).append(doc_id)
        return tuple(
            Stale(release_id, tuple(doc_ids), tuple(self._changes(release_id, doc_ids)))
            for release_id, doc_ids in changed.items()
        )

    def _changes(self, release_id: str, doc_ids: Iterable[str]) -> Iterator[Change]:
        ledger = ledgers.read(self.store.release(release_id).ledger)
        wanted = set(doc_ids)
        told: dict[Key, list[Fact]] = {}
        for fact in self.store.facts(doc_ids=wanted):
            told.setdefault(_key(fact), []).append(fact)
        for entry in ledger.figures:
            fact = ledger.facts.get(entry.fact or "")
            if fact is None or fact.quote is None or fact.quote.document not in wanted:
                continue
            now = told.get(_key(fact), [])
            if not any(each.value == fact.value for each in now):
                said = _phrase(now[0]) if now else ""
                yield Change(
                    entry.number, entry.surface, fact.entity_name, fact.measure_name, said, fact.quote.document
                )

    def begin_correction(self, release_id: str, actor: str) -> Reread:
        """The released draft once more, judged by what the sources say now, for an editor to mend.

        Raises EditError where it is not the newest revision.
        """
        release = self._newest_revision(release_id)
        saved = self._released_draft(release)
        frame = self._reframed(release)
        draft = replace(saved.draft, corrects=release_id, context=frame.context.digest, held=frame.context.held)
        # Pictures are code's: they are drawn from what the sources say now.
        draft = picturing.pictured(replace(draft, plots=()), frame.drawn, frame.wide, frame.evidence)
        newest = self.store.draft(self._newest(draft))
        return self._save(newest, draft, f"开始更正 {release_id}", actor)

    async def correct(self, release_id: str, actor: str, writer: WriterName = "auto", *, send: bool = True) -> Reread:
        """Make the report anew from what the sources say now and, where nothing is held against it, release and send it.

        Raises EditError where nothing differs. What does not pass waits for an editor as the newest draft.
        """
        release = self._newest_revision(release_id)
        task = Assignment(
            release.edition, release.day, self._moment(release), writer=writer, script=release.script, release=False
        )
        outcome = await self.draft(task, actor=actor)
        saved = self.store.draft(outcome.draft_id)
        made = self._save(saved, replace(saved.draft, corrects=release_id), f"更正 {release_id}", actor)
        if _body(made.printed.text) == _body(release.text):
            raise EditError(
                f"{release_id} would say the same; there is nothing to correct",
                notice="按现有资料重写，文字没有变化，无须更正。",
            )
        if made.releasable and self.standing(made.saved.draft_id).needed == 1 and send:
            self.approve(made.saved.draft_id, actor)
            self.release(made.saved.draft_id, actor)
        return made

    def release(self, draft_id: str, actor: str) -> Release:
        """As `Editing.release`; a correction then waits for every channel that got what it corrects."""
        release = super().release(draft_id, actor)
        corrected = self.store.draft(draft_id).draft.corrects
        if corrected:
            self._audit("correct", corrected, release.release_id, actor)
            self._enqueue_after(release)
        return release

    def withdraw(self, release_id: str, reason: str, actor: str) -> Release:
        """Take a release back: nothing of it is sent from now on, and a statement follows it to every channel.

        Gives the statement, which is the next revision. A second time gives the same one.
        """
        said = " ".join(reason.split())
        if not said:
            raise EditError("readers are owed a reason", notice="请写明撤回的理由。")
        newest = self._newest_of(self.store.release(release_id))
        if self.store.withdrawn(release_id) and "\nwithdrawn: true\n" in newest.text:
            self._enqueue_after(newest)  # whoever made the statement may have died before it was on its way
            return newest
        release = self._newest_revision(release_id)
        self.store.withdraw(release_id, said, actor)
        made = notices.withdraw(release, said, Imprint.of(self.edition(release.edition)), datetime.now(UTC), by=actor)
        outgoing.keep(made, self.shelf, self.store, {})
        self._audit("withdraw", release_id, said, actor)
        self._enqueue_after(made.release)
        return made.release

    def decide(self, release_id: str, channel: str, *, taken: bool, actor: str = "") -> None:
        """As `Sending.decide`; what followed a release that a channel turns out to have goes there too."""
        super().decide(release_id, channel, taken=taken, actor=actor)
        release = self.store.release(release_id)
        newest = self._newest_of(release)
        let_out = self._on_its_way(newest) or "\nwithdrawn: true\n" in newest.text
        if taken and newest.revision > release.revision and let_out:
            self.store.enqueue(newest.release_id, channel)

    def released(self, reread: Reread) -> Release | None:
        """The release of a draft, where it is out."""
        latest = self._latest(reread.saved.draft)
        return latest if latest is not None and latest.text == reread.printed.text else None

    def send_waiting(self, release_id: str, actor: str = "") -> tuple[Receipt, ...]:
        """Send a release to the channels that it waits for, one by one. The first refusal is raised after the others were tried."""
        receipts: list[Receipt] = []
        failed: list[TargetError] = []
        for parcel in self.store.parcels("waiting", release_id):
            try:
                receipts.append(self.publish(release_id, parcel.channel, actor))
            except TargetError as error:
                failed.append(error)
        if failed:
            raise failed[0]
        return tuple(receipts)

    # Below

    def _enqueue_after(self, release: Release) -> None:
        """Let a revision wait for every channel that got an earlier one, may have got it, or waits for it.

        A statement of withdrawal is no news to a channel that has nothing yet.
        """
        states = ("claimed", "unknown") if "\nwithdrawn: true\n" in release.text else ("waiting", "claimed", "unknown")
        reached: set[str] = set()
        for each in self.store.releases(release.edition, release.day, release.script):
            if each.revision < release.revision:
                reached.update(receipt.channel for receipt in self.store.receipts(each.release_id))
                parcels = self.store.parcels(release_id=each.release_id)
                reached.update(parcel.channel for parcel in parcels if parcel.state in states)
        for channel in sorted(reached):
            self.store.enqueue(release.release_id, channel)

    def _newest_of(self, release: Release) -> Release:
        return self.store.releases(release.edition, release.day, release.script, limit=1)[0]

    def _newest_revision(self, release_id: str) -> Release:
        release = self.store.release(release_id)
        newest = self._newest_of(release)
        if newest.release_id != release_id:
            raise EditError(
                f"{release_id} was followed by {newest.release_id}; correct or withdraw that one",
                notice=f"{release_id} 之后已有 {newest.release_id}，请处理最新的一版。",
            )
        return release

    def _released_draft(self, release: Release) -> SavedDraft:
        saved = self.store.drafts(release.edition, release.day, 500, release.script)
        found = next((each for each in saved if each.text == release.text), None)
        if found is None:
            raise NotFoundError(
                f"the draft of {release.release_id} is not in this store; correct it anew with `correct`"
            )
        return found

    def _moment(self, release: Release) -> datetime:
        """The slot, or the moment at which the last of its sources came in its present form."""
        cited = self.store.documents(ids=tuple(self.store.cited(release.release_id)))
        slot = self.edition(release.edition).until(release.day)
        known = [each.known_at + timedelta(seconds=1) for each in cited if each.known_at is not None]
        return max([slot, *known])

    def _reframed(self, release: Release) -> Frame:
        edition, moment = self.edition(release.edition), self._moment(release)
        bars = tuple(wish.target for wish in self.store.wishes(release.day) if wish.kind == "bar")
        wishes = Wishes(self._watchlist(), bars=bars)
        frame, known = self._memory.frame(edition, self.store, release.day, moment, self.settings.site_url, wishes)
        self._remember_frame(frame)
        self.store.keep_recipe(frame.context.digest, framing.recipe_of(frame, known, wishes))
        return frame

    def _noticed(self, draft: Draft, frame: Frame) -> Draft:
        """A correction with its notice as the text now stands; other drafts as they are."""
        if not draft.corrects:
            return draft
        before = ledgers.read(self.store.release(draft.corrects).ledger)
        bare = self._judged(replace(draft, notice=""), frame)
        for notice in (notice_of(before, bare.result.verdicts), _short(before, bare.result.verdicts)):
            noticed = replace(draft, notice=notice)
            at = self._judged(noticed, frame)
            span = at.printed.text.find(at.printed.notice) if at.printed.notice else -1
            inside = range(span, span + len(at.printed.notice))
            if not any(verdict.blocks and verdict.start in inside for verdict in at.result.verdicts):
                return noticed
        return replace(draft, notice="本次更正了正文中的数字，以本版为准。")


def notice_of(before: Ledger, verdicts: Iterable[Verdict]) -> str:
    """Old and new figure, one by one: 南向资金净卖出52.87亿港元（原误为52.78亿港元）."""
    told = [f"{new}（原误为{old}）" for old, new in _pairs(before, verdicts) if new][:MOST_NAMED]
    gone = [old for old, new in _pairs(before, verdicts) if not new][:MOST_NAMED]
    parts = ["；".join(told), f"删去{'、'.join(gone)}" if gone else ""]
    return "；".join(part for part in parts if part) + "。" if any(parts) else "文字有更正，数字不变。"


def _short(before: Ledger, verdicts: Iterable[Verdict]) -> str:
    """The old figures alone, where the new ones cannot be said in a notice without their sentence."""
    old = [each for each, _ in _pairs(before, verdicts)][:MOST_NAMED]
    return f"原文中的{'、'.join(old)}有误，以本版正文为准。" if old else "文字有更正，数字不变。"


def _pairs(before: Ledger, verdicts: Iterable[Verdict]) -> list[tuple[str, str]]:
    """Each figure that was printed and is not any more, with what is printed of the same now."""
    now: dict[Key, tuple[Decimal, str]] = {}
    surfaces: set[str] = set()
    for verdict in verdicts:
        surfaces.add(verdict.surface)
        if verdict.fact is not None and not verdict.blocks:
            fact = verdict.fact
            now.setdefault(_key(fact), (fact.value, f"{fact.entity_name}{_phrase(fact)}"))
    found: dict[str, str] = {}
    for entry in before.figures:
        fact = before.facts.get(entry.fact or "")
        if fact is None or entry.status == "exempt" or not entry.shown:
            continue
        value, said = now.get(_key(fact), (None, ""))
        if value is None and entry.surface not in surfaces:
            found.setdefault(entry.surface, "")
        elif value is not None and value != fact.value and entry.surface not in surfaces:
            found[entry.surface] = said
    return list(found.items())


def _phrase(fact: Fact) -> str:
    """As code prints it: the verb by its sign."""
    return phrase_of(fact, {measure.slug: measure for measure in load_measures()}, {})


def _key(fact: Fact | FactEntry) -> Key:
    """What two readings of one quantity share."""
    period = fact.period
    days = (period.start, period.end) if period else (fact.as_of, fact.as_of)
    return (fact.entity, fact.measure, fact.via, fact.basis, fact.scope, fact.kind, fact.modality, days)


def _body(text: str) -> str:
    """A published text without what every revision changes: its front matter, and label and notice above the lead."""
    lines = text.split("\n---\n", 1)[-1].splitlines()
    first = next((place for place, line in enumerate(lines) if line.strip() and not line.startswith(">")), 0)
    return "\n".join(lines[first:])
