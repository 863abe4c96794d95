"""Sources for programs: search, where a fact was used, pins and bars of a day, readings put right, documents by paste."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from quantshark.console.office import Here
from quantshark.console.pages.api import LONGEST, PROBLEMS, Day, FactOut, Model, Program, as_fact, within
from quantshark.console.visitors import require
from quantshark.errors import EditError, NotFoundError, SourceError
from quantshark.model import SHANGHAI, Document
from quantshark.newsroom.library import UPLOAD
from quantshark.sources.refused import Refusal
from quantshark.store import Wish

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
Target = Annotated[str, Field(min_length=1, max_length=200, description="数字或文章的编号")]
Words = Annotated[str, Field(min_length=2, max_length=300)]


class DocumentOut(Model):
    """A document, without its text."""

    document: str
    title: str
    kind: str
    publisher: str
    url: str
    published_at: datetime | date | None = None


class FoundOut(Model):
    """What a search found, newest first."""

    documents: tuple[DocumentOut, ...]
    facts: tuple[FactOut, ...]


class DocumentIn(Model):
    """A document as text; Markdown with front matter, CSV or JSON where `name` ends so."""

    text: str = Field(min_length=1, max_length=LONGEST)
    name: str = Field(default="pasted.md", pattern=r"^[\w.\-]{1,80}$")
    title: str = Field(default="", max_length=200)
    published_at: datetime | date | None = None
    kind: str = Field(default="", max_length=20)
    url: str = Field(default="", max_length=500, pattern=r"^(https?://\S+)?$")


class WishOut(Model):
    """What somebody wants first (pin) or never (bar) in a day's drafts."""

    day: date
    target: str
    kind: Literal["pin", "bar"]
    reason: str
    by: str


class WishIn(Model):
    """Pin or bar a fact or a document, and why."""

    target: Target
    kind: Literal["pin", "bar"]
    reason: Words


class Lifted(Model):
    """Was there anything to take back?"""

    lifted: bool


class ReadingIn(Model):
    """Whom and what a figure is about, as name or code; what is left out stays."""

    entity: str = Field(default="", max_length=80)
    measure: str = Field(default="", max_length=80)
    reason: Words


class UsesOut(Model):
    """The releases that print a fact or rest on it."""

    releases: tuple[str, ...]


@router.get("/search", summary="找文章和数字", tags=["资料"])
def search(
    office: Here,
    _: Program,
    q: Annotated[str, Query(min_length=1, max_length=100)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> FoundOut:
    found = office.newsroom.search(q, limit)
    return FoundOut(
        documents=tuple(_document(each) for each in found.documents), facts=tuple(as_fact(each) for each in found.facts)
    )


@router.post("/documents", status_code=201, summary="添加一篇资料", tags=["资料"])
def add_document(given: DocumentIn, office: Here, visitor: Program) -> list[DocumentOut]:
    day = given.published_at
    if isinstance(day, datetime) and day.tzinfo is None:
        day = day.replace(tzinfo=SHANGHAI)
    if day is not None:
        within(day.date() if isinstance(day, datetime) else day)
    try:
        added = office.newsroom.add_document(
            given.text, given.name, visitor.name, title=given.title, published_at=day, kind=given.kind, url=given.url
        )
    except SourceError as error:
        refusal = error.details.get("refusal")
        notice = refusal.notice if isinstance(refusal, Refusal) else f"读不了这份资料，上限是 {UPLOAD.max_lines} 行。"
        raise EditError(str(error), notice=notice) from error
    office.board.forget()
    return [_document(document) for document in added]


@router.get("/days/{day}/wishes", summary="一天的置顶和停用", tags=["资料"])
def wishes(day: Day, office: Here, _: Program) -> list[WishOut]:
    return [_wish(wish) for wish in office.newsroom.wishes(within(day))]


@router.put("/days/{day}/wishes", summary="置顶或停用一个数字或一篇资料", tags=["资料"])
def ask(day: Day, given: WishIn, office: Here, visitor: Program) -> WishOut:
    require(visitor, "editor")
    decide = office.newsroom.pin if given.kind == "pin" else office.newsroom.bar
    return _wish(decide(within(day), given.target, given.reason, visitor.name))


@router.delete("/days/{day}/wishes", summary="撤销置顶或停用", tags=["资料"])
def lift(day: Day, target: Annotated[str, Query(max_length=200)], office: Here, visitor: Program) -> Lifted:
    require(visitor, "editor")
    return Lifted(lifted=office.newsroom.lift(within(day), target, visitor.name))


@router.get("/facts/{fact_id}", summary="一个数字和它的来源", tags=["资料"])
def fact(fact_id: str, office: Here, _: Program) -> FactOut:
    found = office.newsroom.store.fact(fact_id)
    if found is None:
        raise NotFoundError(f"no fact {fact_id!r}")
    return as_fact(found)


@router.get("/facts/{fact_id}/uses", summary="哪些成品用过这个数字", tags=["资料"])
def uses(fact_id: str, office: Here, visitor: Program) -> UsesOut:
    fact(fact_id, office, visitor)
    return UsesOut(releases=office.newsroom.uses(fact_id))


@router.put("/facts/{fact_id}/reading", summary="改正主体或指标的读法", tags=["资料"])
def amend(fact_id: str, given: ReadingIn, office: Here, visitor: Program) -> FactOut:
    require(visitor, "editor")
    done = office.newsroom.amend(
        fact_id, given.reason, visitor.name, entity=given.entity.strip(), measure=given.measure.strip()
    )
    office.board.forget()
    return as_fact(done)


@router.delete("/facts/{fact_id}/reading", summary="恢复程序的读法", tags=["资料"])
def unamend(fact_id: str, office: Here, visitor: Program) -> FactOut:
    require(visitor, "editor")
    office.newsroom.unamend(fact_id, visitor.name)
    office.board.forget()
    return fact(fact_id, office, visitor)


def _document(found: Document) -> DocumentOut:
    return DocumentOut(
        document=found.doc_id,
        title=found.title,
        kind=found.kind,
        publisher=found.publisher,
        url=found.url,
        published_at=found.published_at,
    )


def _wish(wish: Wish) -> WishOut:
    return WishOut(day=wish.day, target=wish.target, kind=wish.kind, reason=wish.reason, by=wish.actor)
