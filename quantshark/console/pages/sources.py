"""资料: find a document or a figure, see where it was used, add one by paste or upload, mend what was read wrongly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from quantshark.console.evidence import Cabinet, Cited, fact_line
from quantshark.console.office import Here, Office, see_other
from quantshark.console.page import respond
from quantshark.console.pages.shelves import day_of, measures_for, page_of, wishes_about
from quantshark.console.visitors import Form, Signed
from quantshark.console.words import WISHES
from quantshark.errors import EditError, NotFoundError, SourceError
from quantshark.model import SHANGHAI, Document, Fact
from quantshark.newsroom.library import UPLOAD
from quantshark.press.links import document_url
from quantshark.sources.refused import refusal_of
from quantshark.store import Wish

router = APIRouter(include_in_schema=False)
LISTED = 100
LONGEST = 200_000
ENDINGS = frozenset({".md", ".txt", ".html", ".htm", ".csv", ".json"})
NOTHING_GIVEN = {"title": "", "publisher": "", "url": "", "published_at": "", "text": ""}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document; with a fact, the figure that was read there."""

    text: str
    fact_id: str = ""
    hint: str = ""


# Finding


@router.get("/sources")
def search(
    request: Request, office: Here, visitor: Signed, q: str = "", day: str = "", what: str = "documents"
) -> Response:
    words, store, about = q.strip()[:100], office.newsroom.store, day_of(day)
    facts = store.search_facts(words, about, LISTED) if what == "facts" else ()
    documents = store.search_documents(words, about, LISTED) if what != "facts" else ()
    return respond(
        request,
        visitor,
        "sources.html.j2",
        q=q,
        day=about,
        what="facts" if what == "facts" else "documents",
        facts=_cited(office, facts),
        documents=documents,
        feeds=store.feed_states(),
        held=store.held(),
        today=about or office.today(),
        wishes=tuple(_asked(office, about or office.today())),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A pin or bar of a day, with the name and the page of what it is about."""

    wish: Wish
    kind: str
    name: str
    page: str


def _asked(office: Office, day: date) -> Iterator[Asked]:
    for wish in office.newsroom.wishes(day):
        fact = office.newsroom.store.fact(wish.target)
        known = next(iter(office.newsroom.store.documents(ids=[wish.target])), None)
        name = fact_line(fact) if fact else (known.title if known else "") or wish.target
        yield Asked(wish, WISHES[wish.kind], name, page_of(office, wish.target))


@router.post("/sources/held")
def decide_held(office: Here, form: Form) -> Response:
    """A person looked at a document that was doubted: take it in as it is, or leave it out."""
    if form["do"] == "accept":
        office.newsroom.accept(form["document"], form.visitor.name)
    else:
        office.newsroom.drop(form["document"], form.visitor.name)
    office.board.forget()
    return see_other("/sources", "已收下。" if form["do"] == "accept" else "已丢弃。")


def _cited(office: Office, facts: Sequence[Fact]) -> tuple[Cited, ...]:
    ids = {fact.source.doc_id for fact in facts if fact.source}
    documents = {document.doc_id: document for document in office.newsroom.store.documents(ids=ids)}
    cabinet = Cabinet(facts, documents, office.newsroom.settings.site_url)
    return tuple(cabinet.cite(fact) for fact in facts)


@router.get("/sources/add")
def add(request: Request, visitor: Signed) -> Response:
    return respond(request, visitor, "add.html.j2", refusals=(), given=NOTHING_GIVEN)


@router.get("/sources/{doc_id:path}")
def document(request: Request, doc_id: str, office: Here, visitor: Signed) -> Response:
    store = office.newsroom.store
    found = store.document(doc_id)
    facts = store.facts(doc_ids=[doc_id])
    return respond(
        request,
        visitor,
        "document.html.j2",
        document=found,
        url=document_url(found, office.newsroom.settings.site_url),
        pieces=tuple(_pieces(found, facts)),
        facts=_cited(office, facts),
        used=office.newsroom.document_uses(doc_id),
        target=doc_id,
        today=office.today(),
        wishes=wishes_about(office, office.today(), doc_id),
    )


def _pieces(found: Document, facts: Sequence[Fact]) -> Iterator[Piece]:
    """The text with the figures that facts were read from; of two on one spot the first is shown."""
    at = 0
    placed = (fact for fact in facts if fact.source is not None and fact.surface)
    for fact in sorted(placed, key=lambda fact: fact.source.start if fact.source else 0):
        start = fact.source.start if fact.source else 0
        start = found.text.find(fact.surface, start)
        if start < at or start < 0:
            continue
        yield Piece(found.text[at:start])
        at = start + len(fact.surface)
        yield Piece(found.text[start:at], fact.fact_id, fact_line(fact))
    yield Piece(found.text[at:])


@router.get("/facts/{fact_id:path}")
def fact(request: Request, fact_id: str, office: Here, visitor: Signed) -> Response:
    found = _fact(office, fact_id)
    return respond(
        request,
        visitor,
        "fact.html.j2",
        fact=found,
        shown=_cited(office, [found])[0],
        used=office.newsroom.uses(fact_id),
        target=fact_id,
        today=office.today(),
        wishes=wishes_about(office, office.today(), fact_id),
        measures=measures_for(found),
        amended=next((each for each in office.newsroom.store.amendments() if each.fact_id == fact_id), None),
    )


def _fact(office: Office, fact_id: str) -> Fact:
    found = office.newsroom.store.fact(fact_id)
    if found is None:
        raise NotFoundError(f"no fact {fact_id!r}")
    return found


# Adding


@router.post("/sources/paste")
def paste(request: Request, office: Here, form: Form) -> Response:
    """A document as pasted: it goes the way of every file that comes in by hand, with the same limits and refusals."""
    given = {name: form[name].strip() for name in NOTHING_GIVEN}
    if not given["text"] or len(given["text"]) > LONGEST:
        told = f"正文要有 1 到 {LONGEST:,} 个字。"
        return respond(request, form.visitor, "add.html.j2", 422, refusals=(told,), given=given)
    told = {"title": given["title"], "source": given["publisher"], "url": given["url"]}
    head = {name: value for name, value in told.items() if value}
    written = f"---\n{_front_matter(head)}---\n\n{given['text']}\n".encode("utf-8", "replace")
    return _add(request, office, form, [(written, "粘贴的资料.md")], given, _moment_of(given["published_at"]))


def _front_matter(values: Mapping[str, str]) -> str:
    """Quoted as JSON, which YAML reads as it is: a value can open nothing."""
    return "".join(
        f"{name}: {json.dumps(' '.join(value.split()), ensure_ascii=False)}\n" for name, value in values.items()
    )


@router.post("/sources/upload")
def upload(request: Request, office: Here, form: Form) -> Response:
    files = [(file.file.read(UPLOAD.max_bytes + 1), file.filename or "") for file in form.files]
    if not files:
        return respond(request, form.visitor, "add.html.j2", 422, refusals=("请先选文件。",), given=NOTHING_GIVEN)
    return _add(request, office, form, files, NOTHING_GIVEN, _moment_of(form["published_at"]))


def _add(
    request: Request,
    office: Office,
    form: Form,
    files: Sequence[tuple[bytes, str]],
    given: Mapping[str, str],
    published_at: datetime | None = None,
) -> Response:
    """Take in each file by itself: one that is refused keeps none of the others out."""
    documents: list[Document] = []
    refusals: list[str] = []
    for content, name in files:
        try:
            documents += _added(office, content, name, published_at, form.visitor.name)
        except SourceError as error:
            refusals.append(refusal_of(error).notice)
        except EditError as error:
            refusals.append(error.notice)
    office.board.forget()
    if not documents:
        told = tuple(refusals) or ("没有读到内容。",)
        return respond(request, form.visitor, "add.html.j2", 422, refusals=told, given=given)
    facts = office.newsroom.store.facts(doc_ids=[document.doc_id for document in documents])
    said = f"收下 {len(documents)} 篇，读出 {len(facts)} 个数字。{'；'.join(refusals)}"
    return see_other(f"/sources/{documents[0].doc_id}", said)


def _moment_of(told: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told).replace(tzinfo=SHANGHAI) if told else None
    except ValueError as error:
        raise EditError(f"{told!r} is no time", notice="时间没有看懂，请写成 2025-12-12 09:00 这样。") from error


def _added(
    office: Office, content: bytes, name: str, published_at: datetime | None, actor: str
) -> tuple[Document, ...]:
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise EditError(
            f"{name!r} is of no kind we read",
            notice=f"不收“{ending or '没有扩展名'}”的文件；可以收 {'、'.join(sorted(ENDINGS))}。",
        )
    return office.newsroom.add_document(content, name, actor, published_at=published_at)
