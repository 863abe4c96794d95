"""今日: the day's slots with their state, the material of the day, and one button per slot."""

from __future__ import annotations

from collections.abc import AsyncIterable
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from quantshark import editions
from quantshark.calendars import Calendar
from quantshark.console.office import Here, Office, see_other
from quantshark.console.page import respond
from quantshark.console.slots import SlotId
from quantshark.console.visitors import Form, NotAllowedError, Signed
from quantshark.model import SHANGHAI
from quantshark.newsroom import Assignment

router = APIRouter(include_in_schema=False)
STREAM_SECONDS = 600
"""A stream ends by itself now and then; the browser opens it again and says what it saw last."""


@router.get("/")
def today(request: Request, office: Here, visitor: Signed, day: date | None = None) -> Response:
    wanted = day or office.today()
    calendar = Calendar("XHKG")
    board = office.board.look(wanted)
    return respond(
        request,
        visitor,
        "today.html.j2",
        day=wanted,
        is_today=wanted == datetime.now(SHANGHAI).date(),
        before=calendar.previous(wanted),
        after=calendar.next(wanted),
        slots=board.slots,
        stock=board.stock,
        closed="" if calendar.is_session(wanted) else calendar.reason(wanted),
        running=any(slot.state == "drafting" for slot in board.slots),
    )


@router.post("/slots/{edition}/{day}/{script}/draft")
def draft_now(edition: str, day: date, script: str, office: Here, form: Form) -> Response:
    slot = slot_of(office, edition, day, script)
    start(office, slot, form.visitor.name)
    return see_other(f"/live/{slot.path}")


@router.post("/slots/{edition}/{day}/{script}/cancel")
def cancel(edition: str, day: date, script: str, office: Here, form: Form) -> Response:
    slot = slot_of(office, edition, day, script)
    stopped = stop(office, slot, form.visitor.name)
    office.newsroom.store.audit("cancel", str(slot), "" if stopped else "nothing was running", form.visitor.name)
    return see_other(f"/?day={day}", "已取消。" if stopped else "它已经写完了。")


@router.get("/pulse", response_class=EventSourceResponse)
async def pulse(request: Request, office: Here, _: Signed) -> AsyncIterable[ServerSentEvent]:
    """Says `changed` whenever anything in the house did."""
    seen = request.headers.get("last-event-id", "") or await office.pulse.now()
    for _beat in range(int(STREAM_SECONDS / office.pulse.every)):
        if await request.is_disconnected() or office.pulse.stopped:
            return
        now = await office.pulse.now()
        if now != seen:
            seen = now
            yield ServerSentEvent(event="changed", id=now, raw_data="1")
        await office.pulse.beat()


def slot_of(office: Office, edition: str, day: date, script: str) -> SlotId:
    """The slot that an address names. Raises EditionError for an edition that there is not."""
    editions.load(edition, office.newsroom.settings.prompts_dir)
    if script not in {"hans", "hant"}:
        raise NotAllowedError("文字只有简体 hans 和繁体 hant 两种。")
    return SlotId(edition, day, script)


def stop(office: Office, slot: SlotId, by: str) -> bool:
    """End the draft of a slot, wherever it is being written; False where it is over."""
    open_runs = office.newsroom.store.runs(state="open", prefix=slot.run_name, limit=3)
    asked = [office.newsroom.cancel(run.run_id, by) for run in open_runs if run.name == slot.run_name]
    return office.drafting.stop(str(slot)) or any(asked)


def start(office: Office, slot: SlotId, by: str, writer: str = "auto") -> bool:
    """Put a slot to work; False where somebody did so before."""
    task = Assignment(
        slot.edition,
        slot.day,
        writer="rules" if writer == "rules" else "llm" if writer == "llm" else "auto",
        script="hant" if slot.script == "hant" else "hans",
        out=office.newsroom.settings.home / "drafts",
        release=False,
    )
    started = office.drafting.start(str(slot), task, by)
    office.newsroom.store.audit("draft", str(slot), "started" if started else "already being written", by)
    return started
