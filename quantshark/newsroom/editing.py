"""The editor's verbs: mend, bind, waive, drop, undo, approve, release. Each edit is a saved draft with who, what and when.

An edit names the draft that it changes; where another one was saved since, nothing is written and ConflictError carries
both texts. Every edit is printed and judged before it is saved. What is released is what was approved, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from quantshark.context import Brief
from quantshark.errors import ConflictError, EditError, ReleaseError, RightsError
from quantshark.model import WAIVABLE, Draft, Fact, Release, Ruling, Section, Verdict
from quantshark.newsroom import drafting, mending, outgoing, rulings
from quantshark.newsroom.drafting import Judged
from quantshark.newsroom.framing import Frame
from quantshark.newsroom.merging import merged
from quantshark.newsroom.places import Place, places
from quantshark.newsroom.room import Reread, Room
from quantshark.store import Approval, Autosave, SavedDraft
from quantshark.writers.rules import write_section

Span = tuple[int, int]
"""Code points of the printed text, as a verdict has them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draft is from going out: the hash to approve, who did, and how many people are still missing."""

    digest: str
    approvals: tuple[Approval, ...]
    needed: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - len({approval.actor for approval in self.approvals}))


class Editing(Room):
    """The verbs of the proof view."""

    # Text

    def mend(self, draft_id: str, section: str, text: str, actor: str, base: str = "", note: str = "") -> Reread:
        """Another text for a section (or `title`, `summary`); `{f3}` is printed by code, verb by sign.

        `base` is the draft that the editor had open, `draft_id` where it is left out. Raises ConflictError, EditError.
        """
        seen = self.store.draft(base or draft_id)
        frame = self._frame(seen.draft)
        mine = mending.mended(seen.draft, section, text, frame.context)
        told = note or f"改写“{self._heading(seen.draft, section)}”"
        saved = self._save(seen, mine, told, actor, lambda: mending.text_of(mine, section), section)
        self.store.discard_autosave(seen.draft_id, section, actor)
        return saved

    def use_rules(self, draft_id: str, section: str, actor: str) -> Reread:
        """The rules writer's words for a section."""
        saved = self.store.draft(draft_id)
        frame = self._frame(saved.draft)
        written = self._by_rule(saved.draft, section, frame)
        if not written.text:
            raise EditError(
                f"the rules have nothing to say in {section}: {written.note}", notice=f"规则没有可写的：{written.note}"
            )
        note = f"“{written.title}”改用规则文字"
        if section in {each.slug for each in saved.draft.sections}:
            return self._save(saved, mending.with_section(saved.draft, written), note, actor)
        return self._save(saved, self._put_back(saved.draft, written, frame), note, actor)

    def strike(self, draft_id: str, section: str, actor: str, sentence: str = "") -> Reread:
        """Take out one sentence (as it stands in the section), or the whole section, which is then named as left out."""
        saved = self.store.draft(draft_id)
        heading = self._heading(saved.draft, section)
        if not sentence:
            less = mending.without_section(saved.draft, section, "编辑删去")
            return self._save(saved, less, f"删去“{heading}”", actor)
        old = mending.section_of(saved.draft, section)
        left = mending.without_sentence(old, sentence)
        if not left.strip():
            return self.strike(draft_id, section, actor)
        less = mending.mended(saved.draft, section, left, self._frame(saved.draft).context)
        return self._save(saved, less, f"“{heading}”删去一句：{sentence.strip()[:20]}", actor)

    def undo(self, draft_id: str, actor: str) -> Reread:
        """Back to the draft before; once more goes back further."""
        saved = self.store.draft(draft_id)
        if not saved.parent:
            raise EditError(f"{draft_id} is the first draft of its run", notice="这是最初的一稿，没有可撤销的改动。")
        before = self.store.draft(saved.parent)
        return self._save(saved, before.draft, f"撤销：{saved.note}", actor, goes_on_from=before)

    def restore(self, draft_id: str, wanted: str, actor: str) -> Reread:
        """An older draft of the slot once more, as the newest one."""
        saved, old = self.store.draft(draft_id), self.store.draft(wanted)
        slot = (saved.draft.edition, saved.draft.day, saved.draft.script)
        if (old.draft.edition, old.draft.day, old.draft.script) != slot:
            raise EditError(f"{wanted} is a draft of another slot than {draft_id}", notice="只能恢复同一期的旧稿。")
        kept = replace(old.draft, corrects=saved.draft.corrects, notice=saved.draft.notice)
        return self._save(saved, kept, f"恢复第 {old.number} 稿", actor)

    # Unfinished text

    def autosave(self, draft_id: str, section: str, text: str, actor: str) -> Autosave:
        """Keep text that is still being typed: one for each draft, section and person."""
        if len(text) > mending.LONGEST:
            raise EditError(f"{len(text)} characters", notice=f"这一部分超过 {mending.LONGEST} 字，没有保存。")
        return self.store.autosave(draft_id, section, text, actor)

    def autosaves(self, draft_id: str, actor: str = "") -> tuple[Autosave, ...]:
        """What people were typing in any draft of the slot, newest first; of one person where `actor` is given."""
        draft = self.store.draft(draft_id).draft
        return self.store.autosaves(draft.edition, draft.day, draft.script, actor)

    def discard(self, draft_id: str, section: str, actor: str) -> bool:
        """Throw one's unfinished text away."""
        return self.store.discard_autosave(draft_id, section, actor)

    # Single figures

    def bind(self, draft_id: str, span: Span, fact_id: str, reason: str, actor: str) -> Reread:
        """Say by hand which fact a figure is. Value, unit and sign must agree.

        A figure that the check refutes waits for a second person: the reading may be wrong, but one person alone never says so.
        """
        reread, verdict, where = self._figure(draft_id, span)
        fact = self._fact(reread, fact_id)
        rulings.compare(verdict, where[1], fact, reread.judged.evidence.names)
        ruling = _ruling("bound", verdict, where, _said(reason), actor, fact.fact_id)
        return self._rule(reread.saved, ruling, f"绑定“{verdict.surface}”：{_said(reason)}", actor)

    def waive(self, draft_id: str, span: Span, reason: str, actor: str) -> Reread:
        """Ask to let a figure stand that has no source or was not read; it counts when a second person confirms."""
        reread, verdict, where = self._figure(draft_id, span)
        if verdict.status not in WAIVABLE:
            raise EditError(
                f"{verdict.surface!r} is {verdict.status}; only what is unsourced or unread can be waived",
                notice=f"“{verdict.surface}”与资料不符，不能放行，只能改正或绑定到正确的事实。",
            )
        ruling = _ruling("waived", verdict, where, _said(reason), actor)
        return self._rule(reread.saved, ruling, f"申请保留“{verdict.surface}”：{_said(reason)}", actor)

    def confirm(self, draft_id: str, span: Span, actor: str) -> Reread:
        """Second a waiver, or the binding of a refuted figure. Raises RightsError for the person who asked for it."""
        reread, verdict, ruling = self._ruled(draft_id, span)
        if not verdict.blocks or ruling.confirmed_by:
            raise EditError("there is nothing to confirm here", notice="这里没有等待确认的放行或绑定。")
        if ruling.by == actor:
            raise RightsError(
                f"{actor} asked for this; a second person has to confirm", notice="放行或绑定须由另一位编辑确认。"
            )
        seconded = replace(ruling, confirmed_by=actor, confirmed_at=datetime.now(UTC))
        note = f"确认保留“{ruling.surface}”"
        others = tuple(each for each in reread.saved.draft.rulings if each != ruling)
        return self._save(reread.saved, replace(reread.saved.draft, rulings=(*others, seconded)), note, actor)

    def revoke(self, draft_id: str, span: Span, actor: str) -> Reread:
        """Take a binding or waiver back."""
        reread, _, ruling = self._ruled(draft_id, span)
        left = tuple(each for each in reread.saved.draft.rulings if each != ruling)
        note = f"撤回对“{ruling.surface}”的{'绑定' if ruling.kind == 'bound' else '放行'}"
        return self._save(reread.saved, replace(reread.saved.draft, rulings=left), note, actor)

    # Out

    def standing(self, draft_id: str) -> Standing:
        """The hash of the draft as it would go out, who approved exactly that, and how many must."""
        reread = self.reread(draft_id)
        digest = digest_of(reread.judged)
        given = tuple(each for each in self.store.approvals(draft_id) if each.digest == digest)
        return Standing(digest, given, _needed(reread.judged))

    def approve(self, draft_id: str, actor: str) -> Standing:
        """Answer for a draft as it is now. Raises ReleaseError while something is held against it."""
        if not actor:
            raise RightsError("a draft is approved by somebody; say who", notice="批准须署名。")
        reread = self._releasable(draft_id)
        digest = digest_of(reread.judged)
        self.store.approve(draft_id, actor, digest)
        self._audit("approve", draft_id, digest[:16], actor)
        return self.standing(draft_id)

    def release(self, draft_id: str, actor: str) -> Release:
        """Release exactly what was approved; a second time gives the same release."""
        reread = self._releasable(draft_id)
        latest = self._latest(reread.saved.draft)
        if latest is not None and latest.text == reread.printed.text:
            return latest
        # Printed and judged anew, not from memory: what goes out is what the store holds.
        frame = self._frame(reread.saved.draft)
        judged = self._judged(reread.saved.draft, frame)
        standing = self.standing(draft_id)
        if not judged.releasable or digest_of(judged) != standing.digest or standing.missing:
            raise RightsError(
                f"{draft_id} still needs the approval of {standing.missing or 1} person(s) for {standing.digest[:12]}",
                notice=f"还需 {standing.missing or 1} 人批准这一稿（{standing.digest[:12]}）。",
                missing=standing.missing,
            )
        made = outgoing.make(judged, self.settings.site_url, datetime.now(UTC))
        outgoing.keep(made, self.shelf, self.store, judged.context.documents)
        self._audit("release", made.release.release_id, f"{draft_id} {standing.digest[:16]}", actor)
        return made.release

    # Below

    def _save(
        self,
        seen: SavedDraft,
        draft: Draft,
        note: str,
        actor: str,
        mine: Callable[[], str] = lambda: "",
        section: str = "",
        goes_on_from: SavedDraft | None = None,
    ) -> Reread:
        """Print, judge and keep an edit of `seen`."""
        frame = self._frame(draft)
        draft = self._noticed(replace(draft, held=frame.context.held), frame)
        judged = self._judged(draft, frame)
        standing = places(judged.printed, draft, self.settings.site_url)
        still = rulings.kept(draft, judged.printed, standing)
        if still != draft.rulings:
            draft = replace(draft, rulings=still)
            judged = replace(judged, draft=replace(judged.draft, rulings=still))
        counts = drafting.counts(judged.result.verdicts)
        line = goes_on_from.parent if goes_on_from else seen.draft_id
        try:
            draft_id = self.store.save_draft(
                draft,
                judged.printed.text,
                seen.run_id,
                parent=line,
                base=seen.draft_id,
                actor=actor,
                note=note,
                checked=counts,
            )
        except ConflictError as error:
            raise self._conflict(error.newest, seen, section, mine()) from error
        self._audit("edit", draft_id, note, actor)
        return self._remember(Reread(self.store.draft(draft_id), judged, draft_id, frame.changed))

    def _noticed(self, draft: Draft, frame: Frame) -> Draft:  # noqa: ARG002  corrections answer here
        """The draft with the notice that it owes its readers."""
        return draft

    def _conflict(self, newest: str, seen: SavedDraft, section: str, mine: str) -> ConflictError:
        other = self.store.draft(newest)
        who = other.actor or "系统"
        try:
            theirs = mending.text_of(other.draft, section) if section else other.text
            both = merged(mending.text_of(seen.draft, section), mine, theirs) if section else None
        except EditError:  # they dropped the section
            theirs, both = "", None
        return ConflictError(
            f"{newest} was saved by {who} after {seen.draft_id} was opened; nothing was changed",
            notice=f"{who} 已在你之后存了新的一稿（{newest}：{other.note or '重写'}），你的改动没有保存，可以合并。",
            newest=newest,
            mine=mine,
            theirs=theirs,
            merged=both,
        )

    def _rule(self, saved: SavedDraft, ruling: Ruling, note: str, actor: str) -> Reread:
        spot = (ruling.section, ruling.sentence, ruling.surface, ruling.nth)
        others = (r for r in saved.draft.rulings if (r.section, r.sentence, r.surface, r.nth) != spot)
        return self._save(saved, replace(saved.draft, rulings=(*others, ruling)), note, actor)

    def _figure(self, draft_id: str, span: Span) -> tuple[Reread, Verdict, rulings.Spot]:
        """A figure that an editor may rule on, with where it stands."""
        reread = self.reread(draft_id)
        verdict = next((v for v in reread.verdicts if (v.start, v.end) == tuple(span) and v.blocks), None)
        if verdict is None:
            raise EditError(f"no figure waits at {span}", notice="这里没有待处理的数字，它可能已被改动。")
        where = rulings.located(verdict, reread.printed, self._places(reread))
        if where is None:
            raise EditError(
                f"{verdict.surface!r} stands in no section", notice="这个数字不在任何一部分的正文里，不能在此处理。"
            )
        return reread, verdict, where

    def _ruled(self, draft_id: str, span: Span) -> tuple[Reread, Verdict, Ruling]:
        reread = self.reread(draft_id)
        for verdict in reread.verdicts:
            if (verdict.start, verdict.end) == tuple(span) and verdict.ruling is not None:
                return reread, verdict, verdict.ruling
        raise EditError(f"nobody ruled on a figure at {span}", notice="这里没有编辑的绑定或放行。")

    def _places(self, reread: Reread) -> tuple[Place, ...]:
        return places(reread.printed, reread.saved.draft, self.settings.site_url)

    def _fact(self, reread: Reread, fact_id: str) -> Fact:
        """A fact that the draft may cite, by id or by reference (f3)."""
        context, evidence = reread.judged.context, reread.judged.evidence
        for item in context.items:
            if fact_id in {item.ref, item.fact.fact_id}:
                return item.fact
        for fact in evidence.facts:
            if fact.fact_id == fact_id:
                return fact
        raise EditError(f"fact {fact_id!r} is not among what this draft may cite", notice="本稿的资料里没有这条事实。")

    def _releasable(self, draft_id: str) -> Reread:
        reread = self.reread(draft_id)
        if reread.newest != draft_id:
            raise ConflictError(
                f"{draft_id} is not the newest draft any more, {reread.newest} is",
                notice=f"这一稿已不是最新（最新为 {reread.newest}），请看过再批准。",
                newest=reread.newest,
            )
        if not reread.releasable:
            blocking = [verdict for verdict in reread.verdicts if verdict.blocks]
            held = reread.judged.draft.held
            raise ReleaseError(
                f"{draft_id} cannot go out: {len(blocking)} figures block, held: {', '.join(held) or 'nothing'}",
                verdicts=tuple(blocking),
                held=held,
            )
        return reread

    def _heading(self, draft: Draft, section: str) -> str:
        names = {"title": "标题", "summary": "摘要"} | {each.slug: each.title for each in draft.sections}
        return names.get(section, section)

    def _by_rule(self, draft: Draft, section: str, frame: Frame) -> Section:
        spec = frame.context.edition.section(section)
        return write_section(Brief(spec, frame.context, draft.script))

    def _put_back(self, draft: Draft, section: Section, frame: Frame) -> Draft:
        """A section that was left out, in its place again."""
        order = [spec.slug for spec in frame.context.edition.sections]
        sections = sorted((*draft.sections, section), key=lambda each: order.index(each.slug))
        omitted = {slug: why for slug, why in draft.omitted.items() if slug != section.slug}
        return replace(draft, sections=tuple(sections), omitted=omitted)


def digest_of(judged: Judged) -> str:
    """The hash of what is approved: the text to the last character, and what people decided about its figures."""
    told = [judged.printed.text, *(_told(ruling) for ruling in judged.draft.rulings)]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _told(ruling: Ruling) -> str:
    seconded = ruling.confirmed_at.isoformat() if ruling.confirmed_at else ""
    spot = f"{ruling.section}\0{ruling.sentence}\0{ruling.surface}\0{ruling.nth}\0{ruling.fact_id}"
    return f"{ruling.kind}\0{spot}\0{ruling.reason}\0{ruling.by}\0{ruling.at.isoformat()}\0{ruling.confirmed_by}\0{seconded}"


def _needed(judged: Judged) -> int:
    """How many people must approve: two where advice is given, or where a figure stands by what two people say of it."""
    seconded = any(
        verdict.ruling is not None and verdict.ruling.seconded and not verdict.blocks
        for verdict in judged.result.verdicts
    )
    return 2 if seconded or judged.context.edition.advice == "advise" else 1


def _said(reason: str) -> str:
    if not reason.strip():
        raise EditError("a ruling needs a reason in writing", notice="请写明理由。")
    return " ".join(reason.split())


def _ruling(
    kind: rulings.Kind, verdict: Verdict, where: rulings.Spot, reason: str, actor: str, fact_id: str = ""
) -> Ruling:
    if not actor:
        raise RightsError("a ruling is somebody's; say whose", notice="绑定或放行须署名。")
    place, sentence, nth = where
    return Ruling(
        kind, place.section, sentence.text, verdict.surface, reason, actor, datetime.now(UTC), nth=nth, fact_id=fact_id
    )
