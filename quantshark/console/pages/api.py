"""The same verbs for programs, as JSON: `/api/v1`, with a bearer token that a person made for them under 我.

What a token may do is what its person may do. A cookie is not enough here, so no page of another site can use it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from quantshark.console.evidence import look_of
from quantshark.console.office import Here, Office
from quantshark.console.page import respond
from quantshark.console.pages.today import slot_of, start, stop
from quantshark.console.slots import Slot, slots
from quantshark.console.visitors import NotAllowedError, PasswordDueError, Signed, SignInNeededError, Visitor, of_token
from quantshark.errors import NotFoundError
from quantshark.model import Fact, Release, Verdict
from quantshark.newsroom.room import Reread

SCHEME = HTTPBearer(auto_error=False, description="在“我”的页面生成的令牌")
LONGEST = 200_000
Script = Literal["hans", "hant"]


class Model(BaseModel):
    """What goes over the wire."""

    model_config = ConfigDict(extra="forbid")


class Problem(Model):
    """What went wrong and what to do, in Chinese."""

    error: str


class VerdictOut(Model):
    """A figure with its verdict; spans are code points of the text."""

    start: int
    end: int
    surface: str
    status: str
    reason: str
    message: str
    blocks: bool
    fact: str | None = None


class FactOut(Model):
    """A fact with its source."""

    fact_id: str
    entity: str
    entity_name: str
    measure: str
    measure_name: str
    value: Decimal
    unit: str | None
    start: date | None = None
    end: date | None = None
    document: str | None = None
    quote: str = ""
    formula: str = ""


class SlotOut(Model):
    """An edition of a day with its state."""

    edition: str
    name: str
    day: date
    script: Script
    due_at: datetime
    state: str
    why: tuple[str, ...] = ()
    draft: str = ""
    release: str = ""
    channels: tuple[str, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)


class DraftOut(Model):
    """A draft as printed, with the verdict on each figure."""

    draft_id: str
    number: int
    saved_at: datetime
    by: str
    title: str
    text: str
    held: tuple[str, ...]
    releasable: bool
    newest: str
    counts: dict[str, int]
    verdicts: tuple[VerdictOut, ...]


class ReleaseOut(Model):
    """A release: exactly what went out."""

    release_id: str
    edition: str
    day: date
    script: Script
    revision: int
    title: str
    text: str
    created_at: datetime
    demo: bool
    channels: tuple[str, ...] = ()


class Accepted(Model):
    """A draft was put to work, or was at work already; ask its slot how it goes."""

    slot: str
    started: bool


class CheckIn(Model):
    """A text to be judged against what the store knows."""

    text: str = Field(min_length=1, max_length=LONGEST)
    as_of: date | None = None


class Checked(Model):
    """The verdicts on a text."""

    releasable: bool
    verdicts: tuple[VerdictOut, ...]


class DraftIn(Model):
    """Who shall write; `auto` is the model where one is configured."""

    writer: Literal["auto", "rules", "llm"] = "auto"


def program(
    office: Here,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(SCHEME)],
) -> Visitor:
    """The person whose token this is. Raises SignInNeededError and PasswordDueError."""
    found = of_token(credentials.credentials, office) if credentials else None
    if found is None:
        raise SignInNeededError
    if found.person.must_change:
        raise PasswordDueError
    return found


Program = Annotated[Visitor, Depends(program)]
Day = Annotated[date, Path(description="交易日，如 2025-12-12")]
PROBLEMS: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "没有带令牌，或令牌已作废"},
    403: {"model": Problem, "description": "身份不够"},
    404: {"model": Problem, "description": "没有这一项"},
    409: {"model": Problem, "description": "现在不能这样做"},
    422: {"model": Problem, "description": "内容不合要求"},
}
router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
manual = APIRouter(include_in_schema=False)


@router.get("/slots", summary="一天的各期报告和状态", tags=["起草"])
def list_slots(office: Here, _: Program, day: Annotated[date | None, Query()] = None) -> list[SlotOut]:
    return [_slot(slot) for slot in slots(office.newsroom, office.drafting, within(day or office.today()))]


@router.post("/slots/{edition}/{day}/{script}/draft", status_code=202, summary="现在起草", tags=["起草"])
def draft_now(
    edition: str, day: Day, script: Script, office: Here, visitor: Program, given: DraftIn | None = None
) -> Accepted:
    slot = slot_of(office, _edition(office, edition), within(day), script)
    started = start(office, slot, visitor.name, given.writer if given else "auto")
    return Accepted(slot=str(slot), started=started)


@router.delete("/slots/{edition}/{day}/{script}/draft", summary="取消正在写的稿", tags=["起草"])
def cancel(edition: str, day: Day, script: Script, office: Here, visitor: Program) -> Accepted:
    slot = slot_of(office, _edition(office, edition), within(day), script)
    stop(office, slot, visitor.name)
    return Accepted(slot=str(slot), started=False)


@router.get("/slots/{edition}/{day}/{script}", summary="一期报告的状态", tags=["起草"])
def one_slot(edition: str, day: Day, script: Script, office: Here, _: Program) -> SlotOut:
    wanted = (_edition(office, edition), script)
    for slot in slots(office.newsroom, office.drafting, within(day)):
        if (slot.slot.edition, slot.slot.script) == wanted:
            return _slot(slot)
    raise NotFoundError(f"{edition} is not due on {day}")


@router.get("/drafts/{draft_id}", summary="一稿的文字和每个数字的核对结果", tags=["核对"])
def draft(draft_id: str, office: Here, _: Program) -> DraftOut:
    return as_draft(office.newsroom.reread(draft_id))


@router.post("/check", summary="用资料库核对任意一段文字", tags=["核对"])
def check(given: CheckIn, office: Here, _: Program) -> Checked:
    result = office.newsroom.check(given.text, within(given.as_of) if given.as_of else None)
    return Checked(releasable=result.releasable, verdicts=tuple(_verdict(found) for found in result.verdicts))


@router.get("/facts", summary="资料库里的数字", tags=["资料"])
def facts(
    office: Here,
    _: Program,
    day: Annotated[date | None, Query()] = None,
    entity: Annotated[str | None, Query(max_length=80)] = None,
    measure: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[FactOut]:
    if day is None and not entity and not measure:
        day = office.today()
    return [as_fact(fact) for fact in office.newsroom.facts(day, entity, measure)[:limit]]


@router.get("/releases", summary="成品，新的在前", tags=["发布"])
def releases(
    office: Here,
    _: Program,
    day: Annotated[date | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[ReleaseOut]:
    return [as_release(office, found) for found in office.newsroom.store.releases(day=day, limit=limit)]


@router.get("/releases/{release_id}", summary="一份成品", tags=["发布"])
def release(release_id: str, office: Here, _: Program) -> ReleaseOut:
    return as_release(office, office.newsroom.store.release(release_id))


@router.get(
    "/releases/{release_id}/ledger",
    summary="成品的账本：每个数字的证明",
    tags=["发布"],
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}},
)
def ledger(release_id: str, office: Here, _: Program) -> Response:
    return Response(office.newsroom.store.release(release_id).ledger, media_type="application/json")


@manual.get("/api/docs")
def documentation(request: Request, visitor: Signed) -> Response:
    """The interface on one page of our own: nothing is loaded from elsewhere."""
    described = request.app.openapi()
    operations = [
        {"method": method.upper(), "path": path, **told}
        for path, methods in described["paths"].items()
        for method, told in methods.items()
    ]
    base = str(request.base_url).rstrip("/")
    return respond(request, visitor, "api.html.j2", operations=operations, base=base)


def _edition(office: Office, slug: str) -> str:
    """An edition that there is. Raises NotFoundError."""
    if slug not in office.editions():
        raise NotFoundError(f"no edition {slug!r}")
    return slug


def within(day: date) -> date:
    """A day that calendars know of. Raises NotAllowedError."""
    if not 2000 <= day.year <= 2100:
        raise NotAllowedError("日期要在 2000 年到 2100 年之间。")
    return day


def _slot(slot: Slot) -> SlotOut:
    known = slot.known
    return SlotOut(
        edition=known.edition,
        name=known.name,
        day=known.day,
        script="hant" if known.script == "hant" else "hans",
        due_at=known.due_at,
        state=known.state,
        why=known.why,
        draft=known.draft_id,
        release=known.release_id,
        channels=known.channels,
        counts=dict(known.counts),
    )


def as_draft(found: Reread) -> DraftOut:
    """A draft over the wire."""
    saved = found.saved
    return DraftOut(
        draft_id=saved.draft_id,
        number=saved.number,
        saved_at=saved.saved_at,
        by=saved.actor,
        title=found.printed.title,
        text=found.printed.text,
        held=saved.draft.held,
        releasable=found.releasable,
        newest=found.newest,
        counts=dict(found.counts),
        verdicts=tuple(_verdict(verdict) for verdict in found.verdicts),
    )


def _verdict(verdict: Verdict) -> VerdictOut:
    return VerdictOut(
        start=verdict.start,
        end=verdict.end,
        surface=verdict.surface,
        status=look_of(verdict),
        reason=verdict.reason,
        message=verdict.message,
        blocks=verdict.blocks,
        fact=verdict.fact.fact_id if verdict.fact else None,
    )


def as_fact(fact: Fact) -> FactOut:
    """A fact over the wire."""
    return FactOut(
        fact_id=fact.fact_id,
        entity=fact.entity,
        entity_name=fact.entity_name,
        measure=fact.measure,
        measure_name=fact.measure_name,
        value=fact.value,
        unit=fact.unit,
        start=fact.period.start if fact.period else None,
        end=fact.period.end if fact.period else None,
        document=fact.source.doc_id if fact.source else None,
        quote=fact.source.quote if fact.source else "",
        formula=fact.formula.text if fact.formula else "",
    )


def as_release(office: Office, found: Release) -> ReleaseOut:
    """A release over the wire."""
    receipts = office.newsroom.store.receipts(found.release_id)
    return ReleaseOut(
        release_id=found.release_id,
        edition=found.edition,
        day=found.day,
        script=found.script,
        revision=found.revision,
        title=found.title,
        text=found.text,
        created_at=found.created_at,
        demo=found.demo,
        channels=tuple(receipt.channel for receipt in receipts),
    )


__all__ = ["manual", "router"]
