"""A draft while it is being written: its sections as they are finished, what it cost so far, and a way to stop it."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from quantshark import editions
from quantshark.console.evidence import body
from quantshark.console.office import Here, Office, office_of
from quantshark.console.page import respond
from quantshark.console.pages.today import STREAM_SECONDS, slot_of
from quantshark.console.slots import SlotId
from quantshark.console.visitors import Signed
from quantshark.model import Usage
from quantshark.store import RunRecord, Told

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A section on its way: not begun, being written, or there."""

    slug: str
    title: str
    state: str
    html: str = ""
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run told so far."""

    run_id: str
    number: int
    pieces: tuple[Piece, ...]
    usage: Usage
    checked: Mapping[str, object]
    over: bool
    error: str = ""
    waiting: bool = False
    draft_id: str = ""

    @property
    def done(self) -> int:
        return sum(piece.state == "done" for piece in self.pieces)


@router.get("/live/{edition}/{day}/{script}")
def live(request: Request, edition: str, day: date, script: str, visitor: Signed) -> Response:
    slot = slot_of(office_of(request), edition, day, script)
    seen = progress(office_of(request), slot)
    if seen.draft_id and request.query_params.get("stay") is None:
        return RedirectResponse(f"/drafts/{seen.draft_id}", status_code=303)
    part = "live_part.html.j2" if request.query_params.get("part") else "live.html.j2"
    return respond(request, visitor, part, slot=slot, name=_edition(office_of(request), edition).name, seen=seen)


@router.get("/live/{edition}/{day}/{script}/events", response_class=EventSourceResponse)
async def events(
    request: Request, edition: str, day: date, script: str, office: Here, _: Signed
) -> AsyncIterable[ServerSentEvent]:
    """The events of the slot's newest run; `Last-Event-ID` (run:number) says where to go on."""
    slot = slot_of(office, edition, day, script)
    run_id, _colon, number = request.headers.get("last-event-id", "").partition(":")
    seen = (run_id, int(number) if number.isdecimal() else 0)
    for _beat in range(int(STREAM_SECONDS / office.pulse.every)):
        if await request.is_disconnected() or office.pulse.stopped:
            return
        run, told = await run_in_threadpool(_after, office, slot, seen)
        for entry in told:
            seen = (entry.run_id, entry.number)
            yield ServerSentEvent(
                event="told",
                id=f"{entry.run_id}:{entry.number}",
                data={"name": entry.event.name, "section": entry.event.section},
            )
        job = office.drafting.job(str(slot))
        if not told and not (job is not None and job.running) and (run is None or run.state != "open"):
            yield ServerSentEvent(event="over", raw_data="1")
            return
        await office.pulse.beat()


def _after(office: Office, slot: SlotId, seen: tuple[str, int]) -> tuple[RunRecord | None, Sequence[Told]]:
    run = newest_run(office, slot)
    if run is None:
        return None, ()
    return run, office.newsroom.store.events(run.run_id, after=seen[1] if seen[0] == run.run_id else 0)


def newest_run(office: Office, slot: SlotId) -> RunRecord | None:
    """The run that writes the slot now: of a draft that was just asked for, none that ended before."""
    run = next(iter(office.newsroom.store.runs(prefix=slot.run_name, limit=1)), None)
    job = office.drafting.job(str(slot))
    if run is not None and job is not None and run.closed_at is not None and run.closed_at < job.started:
        return None
    return run


def progress(office: Office, slot: SlotId) -> Progress:
    """Where a slot's draft stands."""
    run, job = newest_run(office, slot), office.drafting.job(str(slot))
    edition = _edition(office, slot.edition)
    told = office.newsroom.store.events(run.run_id, limit=5000) if run else ()
    pieces = {spec.slug: Piece(spec.slug, spec.heading, "waiting") for spec in edition.sections}
    usage = Usage()
    checked: Mapping[str, object] = {}
    for entry in told:
        event = entry.event
        if event.name == "section_started" and event.section in pieces:
            pieces[event.section] = Piece(event.section, pieces[event.section].title, "writing")
        elif event.name == "section_written" and event.section in pieces:
            text = str(event.data.get("text", ""))
            words = body(text, ()) if text else Markup("")
            writer = str(event.data.get("writer", ""))
            pieces[event.section] = Piece(event.section, pieces[event.section].title, "done", words, writer)
            usage = _more(usage, event.data)
        elif event.name == "checked":
            checked = event.data
    running = job is not None and job.running
    draft_id = "" if running or run is None or run.state != "done" else _draft_of(office, slot, run)
    return Progress(
        run.run_id if run else "",
        told[-1].number if told else 0,
        tuple(pieces.values()),
        usage,
        checked,
        over=not running and (run is None or run.state != "open"),
        error=(job.error if job is not None else "") or (run.error if run is not None else ""),
        waiting=job is not None and job.waiting and not job.over,
        draft_id=draft_id,
    )


def _draft_of(office: Office, slot: SlotId, run: RunRecord) -> str:
    drafts = office.newsroom.store.drafts(slot.edition, slot.day, script=slot.script, limit=50)
    return next((saved.draft_id for saved in drafts if saved.run_id == run.run_id), "")


def _more(usage: Usage, data: Mapping[str, object]) -> Usage:
    """The sum so far; an event without usage adds nothing."""
    told = data.get("usage")
    if not isinstance(told, Mapping):
        return usage

    def count(name: str) -> int:
        value: object = told.get(name, 0)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return value if isinstance(value, int) else 0

    return Usage(
        usage.calls + count("calls"),
        usage.tokens_in + count("tokens_in"),
        usage.tokens_out + count("tokens_out"),
        usage.tokens_cached + count("tokens_cached"),
        usage.retries + count("retries"),
        usage.seconds,
        _money(usage.cost, told.get("cost")),  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        str(told.get("currency") or usage.currency),  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    )


def _money(so_far: Decimal | None, told: object) -> Decimal | None:
    try:
        return so_far if told is None else (so_far or Decimal()) + Decimal(str(told))
    except InvalidOperation:
        return so_far


def _edition(office: Office, slug: str) -> editions.Edition:
    return editions.load(slug, office.newsroom.settings.prompts_dir)
