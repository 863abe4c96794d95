"""What every verb of the newsroom stands on: settings, store, shelf, and the frames of drafts that are being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from quantshark import editions
from quantshark.data import use
from quantshark.editions import Edition
from quantshark.model import Draft, Event, Release, Verdict
from quantshark.newsroom import drafting, framing
from quantshark.newsroom.drafting import Judged
from quantshark.newsroom.framing import Frame, Frames
from quantshark.newsroom.memory import Memory
from quantshark.newsroom.outgoing import Shelf
from quantshark.press import ledger as ledgers
from quantshark.press import notices
from quantshark.press.markdown import Printed
from quantshark.settings import Settings, load
from quantshark.store import SavedDraft, Store

REREAD = 32


def nobody(_event: Event) -> None:
    """A listener for those who do not ask."""


@dataclass(frozen=True, slots=True)
class Reread:
    """A saved draft, printed and judged with what was known when it was written.

    `newest` is the newest draft of its slot; `changed` says that the store reads the sources of then otherwise now.
    """

    saved: SavedDraft
    judged: Judged
    newest: str
    changed: bool = False

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return self.judged.result.verdicts

    @property
    def printed(self) -> Printed:
        return self.judged.printed

    @property
    def releasable(self) -> bool:
        return self.judged.releasable

    @property
    def counts(self) -> Mapping[str, int]:
        """Figures by verdict, and how many stop a release (`blocked`)."""
        return drafting.counts(self.verdicts)

    @property
    def attention(self) -> tuple[Verdict, ...]:
        """What needs an editor: what stops a release, then what sources dispute, then what people decided."""
        blocking = [verdict for verdict in self.verdicts if verdict.blocks]
        disputed = [verdict for verdict in self.verdicts if verdict.reason == "disputed"]
        ruled = [v for v in self.verdicts if v.ruling is not None and not v.blocks and v.reason != "disputed"]
        return (*blocking, *disputed, *ruled)


class Room:
    """Opens what the verbs need when they first need it. Several rooms of a process may share their `frames`."""

    def __init__(self, settings: Settings | None = None, frames: Frames | None = None) -> None:
        self.settings = settings or load()
        use(self.settings.user_registry)
        self._frames = frames or Frames()
        self._memory = Memory()
        self._reread: dict[tuple[str, str, str], Reread] = {}

    @cached_property
    def store(self) -> Store:
        """Opened when first needed: a draft from files alone leaves no database behind."""
        return Store.open(self.settings.store_url)

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.settings.home / "releases")

    def edition(self, slug: str) -> Edition:
        return editions.load(slug, self.settings.prompts_dir)

    # Reading a draft again

    def reread(self, draft_id: str) -> Reread:
        """A saved draft with the verdict on every figure, from the store alone. Raises NotFoundError."""
        saved = self.store.draft(draft_id)
        newest = self._newest(saved.draft)
        latest = self._latest(saved.draft)
        key = (draft_id, latest.release_id if latest else "", self._frame_key(saved.draft))
        known = self._reread.get(key)
        if known is None:
            frame = self._frame(saved.draft)
            known = self._remember(Reread(saved, self._judged(saved.draft, frame), newest, frame.changed))
        return known if known.newest == newest else Reread(saved, known.judged, newest, known.changed)

    def _remember(self, reread: Reread) -> Reread:
        """Keep what was judged: the page that shows an edit asks for it at once."""
        latest = self._latest(reread.saved.draft)
        draft = reread.saved.draft
        self._reread[reread.saved.draft_id, latest.release_id if latest else "", self._frame_key(draft)] = reread
        while len(self._reread) > REREAD:
            self._reread.pop(next(iter(self._reread)), None)
        return reread

    def _frame(self, draft: Draft) -> Frame:
        """What the draft was written from: kept in the process, else made again from the store."""
        key = self._frame_key(draft)
        known = self._frames.get(key)
        if known is not None:
            return known
        edition, site = self.edition(draft.edition), self.settings.site_url
        recipe = self.store.recipe(draft.context)
        if recipe is None:
            frame = framing.today(draft, edition, self.store, site)
        else:
            frame = framing.again(recipe, draft, edition, self.store, site, self._memory.evidence)
        self._frames.put(key, frame)
        return frame

    def _remember_frame(self, frame: Frame) -> None:
        self._frames.put(self._key(frame.context.digest), frame)

    def _frame_key(self, draft: Draft) -> str:
        return self._key(draft.context)

    def _key(self, digest: str) -> str:
        """A context, as people's amendments (on any machine) have it read."""
        put_right = self.store.amendments()
        return f"{digest} {len(put_right)} {put_right[-1].at if put_right else ''}"

    def forget_frames(self) -> None:
        """Read everything anew: a fact is read otherwise from now on."""
        self._frames.clear()
        self._memory.clear()
        self._reread.clear()

    def _judged(self, draft: Draft, frame: Frame) -> Judged:
        """The draft printed as it would be released now, and read by the stranger."""
        latest = self._latest(draft)
        sheet = self._printed(draft, frame, latest)
        if latest is not None and latest.text != sheet.text:
            stands = tuple(why for why in self._held_if_published(draft, latest) if why not in draft.held)
            draft = replace(draft, held=(*draft.held, *stands))
        judged = drafting.judged(draft, sheet, frame.wide, frame.evidence, nobody)
        if not draft.corrects:
            return judged
        before = ledgers.read(self.store.release(draft.corrects).ledger)
        settled = notices.settled(sheet, judged.result.verdicts, before)
        return replace(judged, result=replace(judged.result, verdicts=settled))

    def _printed(self, draft: Draft, frame: Frame, latest: Release | None) -> Printed:
        """Under the revision that it has, where it is out already, else under the one that it would get."""
        edition, site = frame.context.edition, self.settings.site_url
        sheet = drafting.printed(
            draft, edition, site, latest.revision if latest else 1, draft.notice, rise=self.settings.rise
        )
        if latest is None or latest.text == sheet.text:
            return sheet
        return drafting.printed(draft, edition, site, latest.revision + 1, draft.notice, rise=self.settings.rise)

    def _latest(self, draft: Draft) -> Release | None:
        """The newest release of the draft's slot and script."""
        return next(iter(self.store.releases(draft.edition, draft.day, draft.script, limit=1)), None)

    def _newest(self, draft: Draft) -> str:
        """The newest draft of the slot and script."""
        return next(iter(self.store.drafts(draft.edition, draft.day, 1, draft.script))).draft_id

    def _audit(self, action: str, subject: str, detail: str = "", actor: str = "") -> None:
        self.store.audit(action, subject, detail, actor)

    def _on_its_way(self, release: Release) -> str:
        """A channel that has a release, or may have it before anybody could stop it; empty where none does."""
        gone = [each.channel for each in self.store.receipts(release.release_id)]
        gone += [each.channel for each in self.store.parcels(release_id=release.release_id) if each.state != "failed"]
        return next(iter(gone), "")

    def _held_if_published(self, draft: Draft, latest: Release) -> tuple[str, ...]:
        """What went out is not replaced in silence: another text for the same slot is a correction.

        A demonstration is: it told nobody anything about a market, so it has nothing to correct.
        """
        channel = self._on_its_way(latest)
        if not channel or (latest.demo and draft.demo) or draft.corrects == latest.release_id:
            return ()
        return (f"本期已发布（{latest.release_id}，{channel}），内容有变动须作更正，不能重新发布",)
