"""Drafting: an assignment becomes a run, the run a judged text, and what passes a release.

`prepare` freezes what may be said and opens the run, so that whoever watches has its id before the first word is written;
`write` goes on from there, after a crash as well, and `draft` is both.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from quantshark.calendars import Calendar
from quantshark.checks import Evidence
from quantshark.context import Context, Wishes
from quantshark.context.lessons import PUBLISHING_DAYS, taught
from quantshark.data import load_concepts
from quantshark.editions import Edition
from quantshark.errors import EditionError
from quantshark.model import SHANGHAI, Draft, Event, Listener, Release, Verdict
from quantshark.newsroom import drafting, framing, live, material, naming, outgoing, picturing
from quantshark.newsroom.drafting import Judged, Script
from quantshark.newsroom.framing import Frame
from quantshark.newsroom.material import Progress, silent
from quantshark.newsroom.room import Room, nobody
from quantshark.press.targets.folder import FolderTarget, put
from quantshark.runs.inline import InlineEngine, MemoryBook
from quantshark.sources import Intake
from quantshark.writers import Writer
from quantshark.writers.rules import RuleWriter

WriterName = Literal["auto", "rules", "llm"]
NO_MODEL = "没有配置模型，全部栏目由规则撰写；要用模型请设置 QUANTSHARK_LLM__BASE_URL 与 QUANTSHARK_LLM__MODEL。"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be written: `day` defaults to today, `until` to the edition's slot.

    With `sources` these files alone are read, and nothing is stored. Without `release` a draft that passes waits for an
    editor, and no file is laid out.
    """

    edition: str
    day: date | None = None
    until: datetime | time | None = None
    sources: tuple[Path, ...] = ()
    writer: WriterName = "auto"
    script: Script = "hans"
    out: Path = Path("out")
    cache: bool = True
    """False: ask the model again even where the journal has its reply."""
    stream: bool = True
    """Tell the model's words as they come."""
    release: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draft came to. Without a release, `draft.held` and the blocking `verdicts` say why."""

    draft: Draft
    text: str
    verdicts: tuple[Verdict, ...]
    release: Release | None
    files: tuple[Path, ...]
    intake: Intake | None = None
    draft_id: str = ""
    run_id: str = ""

    @property
    def releasable(self) -> bool:
        return not self.draft.held and not any(verdict.blocks for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An assignment with its frozen frame and its open run."""

    task: Assignment
    frame: Frame
    day: date
    name: str
    inputs: str
    run_id: str
    actor: str
    engine: InlineEngine
    intake: Intake | None = None

    @property
    def stored(self) -> bool:
        return not self.task.sources


class Writing(Room):
    """The verbs that make a draft."""

    async def draft(
        self, task: Assignment, listen: Listener = nobody, progress: Progress = silent, actor: str = ""
    ) -> Outcome:
        """Write the edition of a day, read it as a stranger, release it if it may go out, and lay its files in `out`."""
        return await self.write(self.prepare(task, progress, actor), listen)

    def begin(self, task: Assignment) -> Callable[[], Coroutine[Any, Any, Outcome]]:
        """`draft` in two: what keeps the processor busy before the first word is done here, in the caller's thread."""
        ready = self.prepare(task)
        return lambda: self.write(ready)

    def prepare(self, task: Assignment, progress: Progress = silent, actor: str = "") -> Prepared:
        """Freeze what the draft may say and open its run; one that was interrupted is found again. Takes a second or two."""
        edition = self.edition(task.edition)
        day = trading_day(edition, task.day)
        moment = moment_of(edition, day, task.until)
        wishes, intake, site = self._wishes(edition, day, task), None, self.settings.site_url
        if task.sources:
            known, intake = material.from_files(task.sources, progress)
            frame = framing.make(edition, known, day, moment, site, wishes)
        else:
            frame, known = self._memory.frame(edition, self.store, day, moment, site, wishes)
        name, inputs = (
            run_name(edition.slug, day, task.script),
            drafting.inputs_of(frame.context, self._pen(task), task.script),
        )
        if task.sources:
            return Prepared(task, frame, day, name, inputs, "", actor, InlineEngine(MemoryBook()), intake)
        self._remember_frame(frame)
        self.store.keep_recipe(frame.context.digest, framing.recipe_of(frame, known, wishes))
        run_id = self.store.open_run(name, inputs, actor)
        return Prepared(task, frame, day, name, inputs, run_id, actor, InlineEngine(self.store))

    async def close(self) -> None:
        """Give back what a draft has opened in this event loop: who ends the loop calls it before."""
        if self.settings.llm.configured:
            from quantshark.newsroom import staff  # noqa: PLC0415 - only who asks a model waits for its libraries

            await staff.close()

    async def write(self, ready: Prepared, listen: Listener = nobody) -> Outcome:
        """Write, judge and, where it is asked for, release. Raises CancelledError where somebody stopped the run."""
        if not ready.stored:
            return await self._written(ready, listen)
        tell = live.Live(self.store, ready.run_id, listen)
        tell(Event("started", "", _about(ready)))
        try:
            return await live.watched(self._written(ready, tell), self.store, ready.run_id)
        except Exception as error:
            tell(Event("failed", "", {"error": str(error), "kind": type(error).__name__}))
            self.store.close_run(ready.run_id, error=f"{type(error).__name__}: {error}")
            raise

    async def _written(self, ready: Prepared, listen: Listener) -> Outcome:
        context, evidence = ready.frame.context, ready.frame.evidence
        async with ready.engine.open(ready.name, ready.inputs) as run:
            writer, prompts = self._writer(ready.task, context, evidence, listen)
            draft = await drafting.write(context, writer, ready.task.script, run, listen, prompts)
            outcome = await to_the_end(partial(self._concluded, draft, ready, listen))
        writers = dict(Counter(section.writer for section in outcome.draft.sections))
        told = {"releasable": outcome.releasable, "draft": outcome.draft_id, "writers": writers}
        listen(Event("done", "", told | {"release": outcome.release.release_id if outcome.release else ""}))
        return replace(outcome, intake=ready.intake)

    def _concluded(self, draft: Draft, ready: Prepared, listen: Listener) -> Outcome:
        frame = ready.frame
        return self._finish(picturing.pictured(draft, frame.drawn, frame.wide, frame.evidence), ready, listen)

    def _wishes(self, edition: Edition, day: date, task: Assignment) -> Wishes:
        """What people ask of this draft."""
        if task.sources:
            return Wishes(self._watchlist())
        asked = self.store.wishes(day)
        pins, bars = (tuple(wish.target for wish in asked if wish.kind == kind) for kind in ("pin", "bar"))
        return Wishes(self._watchlist(), pins, bars, self._taught(edition, day))

    def _watchlist(self) -> tuple[str, ...]:
        """The user's stocks by code; a name that stands for several listings brings them all."""
        return tuple(code for name in self.settings.watchlist for code in naming.entity_codes(name))

    def _taught(self, edition: Edition, day: date) -> tuple[str, ...]:
        """The concepts that recent reports of this edition explained."""
        before = [
            release for release in self.store.releases(edition.slug, limit=4 * PUBLISHING_DAYS) if release.day < day
        ]
        days = sorted({release.day for release in before}, reverse=True)[:PUBLISHING_DAYS]
        return taught(edition, (release.text for release in before if release.day in days), load_concepts())

    def _writer(
        self, task: Assignment, context: Context, evidence: Evidence, listen: Listener
    ) -> tuple[Writer, Mapping[str, str]]:
        """Who writes, with the hashes of the prompts they are given; `auto` is the model where one is configured."""
        if task.writer == "auto" and not self.settings.llm.configured:
            listen(Event("notice", "", {"text": NO_MODEL}))
        if task.writer == "rules" or (task.writer == "auto" and not self.settings.llm.configured):
            return RuleWriter(), {}
        from quantshark.newsroom import staff  # noqa: PLC0415 - only who asks a model waits for its libraries

        budget = staff.budget_of(self.settings.llm)
        journal = self.store.journal
        writer = staff.models(
            self.settings, context, evidence, budget, journal, read_journal=task.cache, stream=task.stream
        )
        return writer, staff.prompts(context, self.settings.prompts_dir)

    def _pen(self, task: Assignment) -> str:
        """What the steps of a draft depend on beside its context: who writes, and whether anew."""
        if task.writer == "rules" or not self.settings.llm.configured:
            return "rules"
        return f"{self.settings.llm.model}/{self.settings.llm.style}/{'' if task.cache else uuid4().hex}"

    def _finish(self, draft: Draft, ready: Prepared, listen: Listener) -> Outcome:
        """Judge a draft and release it, or lay it out with what stands against it. With sources of its own nothing is stored."""
        context, evidence = ready.frame.wide, ready.frame.evidence
        latest = self._latest(draft) if ready.stored else None
        sheet = self._printed(draft, ready.frame, latest)
        read = drafting.stranger(sheet.text, sheet.marks, context, evidence)
        proven = drafting.proven(draft, sheet, read, ready.frame.context, listen)
        if proven is not draft:
            draft, read = proven, None
            sheet = self._printed(draft, ready.frame, latest)
        same = latest is not None and latest.text == sheet.text
        if latest and not same:
            draft = replace(draft, held=(*draft.held, *self._held_if_published(draft, latest)))
        judged = drafting.judged(draft, sheet, context, evidence, listen, read)
        verdicts = judged.result.verdicts
        saved = ""
        if ready.stored:
            checked = drafting.counts(verdicts)
            saved = self.store.save_draft(draft, sheet.text, ready.run_id, actor=ready.actor, checked=checked)
        told = Outcome(draft, sheet.text, verdicts, None, (), None, saved, ready.run_id)
        if not ready.task.release:
            return replace(told, release=latest if same else None)
        out = ready.task.out
        if context.edition.advice == "advise" and not same:
            judged = drafting.waiting_for_a_person(judged)
            told = replace(told, draft=judged.draft)
        if not judged.releasable:
            return replace(told, files=(_lay_draft(judged, out),))
        release, files = (
            (latest, self.shelf.files(latest)) if latest and same else self._release(judged, stored=ready.stored)
        )
        FolderTarget(out).send(release, files)
        (out / f"{release.stem}.draft.md").unlink(missing_ok=True)
        read = outgoing.read_aloud(release, context.edition, out)
        return replace(told, release=release, files=(*(out / name for name in files), *read))

    def _release(self, judged: Judged, *, stored: bool) -> tuple[Release, dict[str, bytes]]:
        made = outgoing.make(judged, self.settings.site_url, datetime.now(UTC))
        if stored:
            outgoing.keep(made, self.shelf, self.store, judged.context.documents)
        return made.release, dict(made.files)


async def to_the_end(work: Callable[[], Outcome]) -> Outcome:
    """In a thread, as the loop has other drafts' answers to take. A stop that comes while a report is being put away is too
    late for it: nobody is told of an end before there is one."""
    concluding = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(concluding)
    except asyncio.CancelledError:
        await asyncio.wait({concluding})
        raise


def run_name(edition: str, day: date, script: str) -> str:
    """What a run is called that drafts a slot."""
    return f"draft {edition} {day} {script}"


def _about(ready: Prepared) -> dict[str, object]:
    """What who watches wants to know first."""
    context, task = ready.frame.context, ready.task
    return {
        "edition": task.edition,
        "day": ready.day.isoformat(),
        "script": task.script,
        "writer": task.writer,
        "actor": ready.actor,
        "sections": [spec.slug for spec in context.edition.sections],
        "facts": len(context.items),
        "held": list(context.held),
    }


def trading_day(edition: Edition, day: date | None) -> date:
    """The day that was asked for, else today in the edition's zone; it must be one on which the edition is due."""
    wanted = day or datetime.now(SHANGHAI).date()
    calendar = Calendar(edition.slot.calendar)
    if not calendar.is_session(wanted) and edition.slot.closed == "previous":
        return calendar.previous(wanted)
    if not calendar.is_session(wanted):
        raise EditionError(
            f"{wanted} is no trading day of {calendar.name} ({calendar.reason(wanted)}), so {edition.slug} is not due; "
            f"give one with --day: {calendar.previous(wanted)} or {calendar.next(wanted)}",
            notice=f"{wanted} 不是{calendar.title}的交易日（{calendar.reason(wanted)}），{edition.slug} 当天不出。"
            f"前后的交易日：--day {calendar.previous(wanted)} 或 --day {calendar.next(wanted)}",
        )
    return wanted


def moment_of(edition: Edition, day: date, until: datetime | time | None) -> datetime:
    """Up to when documents may be known: the slot, unless asked otherwise. A time without a zone is Hong Kong's."""
    if until is None:
        return edition.until(day)
    moment = until if isinstance(until, datetime) else datetime.combine(day, until)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _lay_draft(judged: Judged, out: Path) -> Path:
    stem = f"{judged.draft.edition}-{judged.draft.day}{'-hant' if judged.draft.script == 'hant' else ''}"
    path = out / f"{stem}.draft.md"
    out.mkdir(parents=True, exist_ok=True)
    put(path, judged.printed.text.encode())
    return path
