"""The demonstration's wrong figure: a stranger should meet one, see why it is wrong, and mend it. The draft says so."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

from starlette.concurrency import run_in_threadpool

from quantshark.console.office import Office
from quantshark.console.pages.today import start
from quantshark.console.slots import SlotId
from quantshark.model import Verdict
from quantshark.newsroom import Newsroom
from quantshark.newsroom.room import Reread

ACTOR = "演示"
NOTE = "演示：这一稿里故意改错了一个数字，请找出来，看看为什么错，再改正。"
EDITION = "radar"
LOOKS, EVERY = 600, 1.0


async def prepare(office: Office) -> None:
    """Put every slot of the desk's day to work that has no draft yet; the radar gets its wrong figure when it is there."""
    await run_in_threadpool(write_missing, office)
    for _ in range(LOOKS):
        if await run_in_threadpool(planted, office):
            return
        await asyncio.sleep(EVERY)


def write_missing(office: Office) -> None:
    for slot in office.newsroom.slot_states(office.today()):
        if slot.state == "due":
            start(office, SlotId(slot.edition, slot.day, slot.script), ACTOR)


def planted(office: Office) -> bool:
    """Is there nothing (more) to plant? False while the draft is not there yet."""
    drafts = office.newsroom.store.newest_drafts(office.today())
    newest = next((each for each in drafts if (each.draft.edition, each.draft.script) == (EDITION, "hans")), None)
    if newest is None:
        return False
    if newest.number == 1 and newest.actor == ACTOR:
        plant(office.newsroom, newest.draft_id)
        office.board.forget()
    return True


def plant(newsroom: Newsroom, draft_id: str) -> str:
    """Another draft with two digits of a proved figure the wrong way round; gives its id, the same where none fits."""
    right = newsroom.reread(draft_id)
    for section, text, wrong in _slips(right):
        made = newsroom.mend(draft_id, section, text.replace(*wrong, 1), ACTOR, note=NOTE)
        return made.saved.draft_id
    return draft_id


def _slips(reread: Reread) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Proved sums of money in whole sentences, each with the slip that a tired hand would make."""
    sums = [verdict for verdict in reread.verdicts if verdict.status == "supported" and _is_money(verdict)]
    for verdict in sums:
        slip = re.sub(r"(\d)(\d)(?=\D*$)", r"\2\1", verdict.surface)
        for section in reread.saved.draft.sections:
            if slip != verdict.surface and section.text.count(verdict.surface) == 1:
                yield section.slug, section.text, (verdict.surface, slip)


def _is_money(verdict: Verdict) -> bool:
    return verdict.fact is not None and verdict.fact.kind == "money" and "亿" in verdict.surface
