"""改: mend a section in place, pick a citable fact, let the model or the rules write it, bind, waive, go back.

Each verb saves a new draft of the slot under its own name; the page after it is that draft's proof view, at the place of
the change. Who was second to save is told, and merges.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import JSONResponse, RedirectResponse, Response

from quantshark.console import difference
from quantshark.console.evidence import Block, Shown, fact_line
from quantshark.console.office import Here, Office, see_other
from quantshark.console.page import respond
from quantshark.console.proofs import Proofed
from quantshark.console.trying import tried
from quantshark.console.visitors import Form, Signed, Visitor, require
from quantshark.context.wording import value_of
from quantshark.errors import ConflictError, EditError
from quantshark.newsroom.mending import section_of, text_of
from quantshark.newsroom.places import SUMMARY, TITLE, sentences
from quantshark.newsroom.room import Reread

router = APIRouter(include_in_schema=False)
_ADDRESS = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")
LISTED = 250
"""How many citable facts a page lists; the search narrows them."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A section as it would be, with its verdicts."""

    html: str
    counts: Mapping[str, int]
    problems: tuple[Shown, ...]

    @property
    def open(self) -> int:
        return sum(shown.needs for shown in self.problems)


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact to be inserted: what it says, and the reference that code prints it for."""

    ref: str
    line: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a section as it is kept, and its words without the addresses of links."""

    text: str
    words: str


# Opening and trying


@router.get("/drafts/{draft_id}/sections/{slug}")
def open_section(
    request: Request,
    draft_id: str,
    slug: str,
    office: Here,
    visitor: Signed,
    fresh: bool = False,
) -> Response:
    found = office.proofs.of(draft_id)
    if fresh:
        office.newsroom.discard(draft_id, slug, visitor.name)
    mine = (kept for kept in office.newsroom.autosaves(draft_id, visitor.name) if kept.section == slug)
    kept = next(mine, None)
    text = kept.text if kept else text_of(found.reread.saved.draft, slug)
    return _editor(request, office, visitor, found, slug, text, kept=kept)


@router.post("/drafts/{draft_id}/sections/{slug}/check")
def check(request: Request, draft_id: str, slug: str, office: Here, form: Form) -> Response:
    """The preview alone, for the editor that asks while somebody types."""
    preview = _try(office, draft_id, slug, form["text"])
    return respond(request, form.visitor, "preview.html.j2", preview=preview)


@router.post("/drafts/{draft_id}/sections/{slug}/autosave")
def autosave(draft_id: str, slug: str, office: Here, form: Form) -> Response:
    office.newsroom.autosave(draft_id, slug, form["text"], form.visitor.name)
    return JSONResponse({"kept": True})


def _try(office: Office, draft_id: str, slug: str, text: str) -> Preview:
    try:
        known = office.proofs.of(draft_id)
        as_saved = tried(known.reread, slug, text, known.site_url)
    except EditError as error:
        refused = Markup('<p class="refusal">{}</p><pre class="raw">{}</pre>').format(error.notice, text)
        return Preview(refused, {}, ())
    return _preview(known.with_draft(as_saved), slug)


def _preview(found: Proofed, slug: str) -> Preview:
    figures = [shown for shown in found.sheet.figures if shown.section == slug]
    block = found.sheet.block(slug)
    counts = Counter(shown.look for shown in figures)
    return Preview(block.html if block else "", counts, tuple(shown for shown in figures if shown.needs))


def _editor(  # noqa: PLR0913  what the page shows
    request: Request,
    office: Office,
    visitor: Visitor,
    found: Proofed,
    slug: str,
    text: str,
    *,
    kept: object = None,
    find: str = "",
    refusal: str = "",
    status: int = 200,
) -> Response:
    saved = found.reread.saved
    same = text == text_of(saved.draft, slug)
    block = found.sheet.block(slug) or Block(slug, Markup("标题和提要"), Markup(""), text, 0, 0, 0, "")
    return respond(
        request,
        visitor,
        "mend.html.j2",
        status,
        saved=saved,
        section=block,
        text=text,
        preview=_preview(found, slug) if same else _try(office, saved.draft_id, slug, text),
        edition=office.newsroom.edition(saved.draft.edition),
        newer=found.reread.newest if found.reread.newest != saved.draft_id else "",
        autosaved=kept,
        facts=tuple(_choices(found, find)),
        find=find,
        lines=_lines(found, slug),
        has_model=office.newsroom.settings.llm.configured,
        refusal=refusal,
    )


def _choices(found: Proofed, find: str) -> Iterator[Choice]:
    words = find.casefold().split()
    count = 0
    for item in found.reread.judged.context.items:
        line = fact_line(item.fact)
        if all(word in line.casefold() for word in words):
            yield Choice(item.ref, line, "{" + item.ref + "}")
            count += 1
            if count == LISTED:
                return


def _lines(found: Proofed, slug: str) -> tuple[Line, ...]:
    """The sentences of a section that can be written anew or dropped, each once; title and summary are single lines."""
    if slug in {TITLE, SUMMARY}:
        return ()
    texts = dict.fromkeys(each.text for each in sentences(text_of(found.reread.saved.draft, slug)))
    return tuple(Line(text, _ADDRESS.sub(r"\1", text)) for text in texts)


# Saving


@router.post("/drafts/{draft_id}/sections/{slug}")
def save(request: Request, draft_id: str, slug: str, office: Here, form: Form) -> Response:
    found, text = office.proofs.of(draft_id), form["text"]
    if form["insert"]:
        text = f"{text.rstrip()}{{{form['insert']}}}"
    if form["insert"] or form["do"] in {"find", "check"}:
        return _editor(request, office, form.visitor, found, slug, text, find=form["find"])
    try:
        done = office.newsroom.mend(draft_id, slug, text, form.visitor.name)
    except ConflictError as error:
        return _conflict(request, office, form.visitor, slug, error)
    except EditError as error:
        return _editor(request, office, form.visitor, found, slug, text, refusal=error.notice, status=409)
    return _to(office, done, slug, "已保存，并重新核对。")


def _conflict(request: Request, office: Office, visitor: Visitor, slug: str, error: ConflictError) -> Response:
    newest = office.newsroom.store.draft(error.newest)
    return respond(
        request,
        visitor,
        "conflict.html.j2",
        409,
        newest=error.newest,
        slug=slug,
        theirs=error.theirs,
        mine=error.mine if error.merged is None else error.merged,
        merged=error.merged is not None,
        theirs_by=newest.actor or "别人",
        difference=difference.of_texts(error.theirs, error.mine),
    )


@router.post("/drafts/{draft_id}/sections/{slug}/rules")
def by_rules(draft_id: str, slug: str, office: Here, form: Form) -> Response:
    return _to(office, office.newsroom.use_rules(draft_id, slug, form.visitor.name), slug, "这一节已换成规则写的文字。")


@router.post("/drafts/{draft_id}/sections/{slug}/drop")
def drop_section(draft_id: str, slug: str, office: Here, form: Form) -> Response:
    return _to(
        office, office.newsroom.strike(draft_id, slug, form.visitor.name), "", "这一节已删去；在改动记录里可以退回。"
    )


@router.post("/drafts/{draft_id}/sections/{slug}/sentence")
def one_sentence(request: Request, draft_id: str, slug: str, office: Here, form: Form) -> Response:
    """One sentence of the saved section: asked of the model once more, or taken out."""
    try:
        if form["do"] == "drop":
            done = office.newsroom.strike(draft_id, slug, form.visitor.name, form["sentence"])
            return _to(office, done, slug, "这一句已删去；在改动记录里可以退回。")
        return _rewritten(office, draft_id, slug, form["sentence"], form.visitor)
    except ConflictError:
        raise
    except EditError as error:
        found = office.proofs.of(draft_id)
        text = text_of(found.reread.saved.draft, slug)
        return _editor(request, office, form.visitor, found, slug, text, refusal=error.notice, status=409)


def _rewritten(office: Office, draft_id: str, slug: str, sentence: str, visitor: Visitor) -> Response:
    done = asyncio.run(office.newsroom.rewrite(draft_id, slug, sentence, visitor.name))
    return _to(office, done, slug, "模型已改写这一句，并重新核对；在改动记录里可以退回。")


# One figure


def _figure(office: Office, draft_id: str, number: int) -> Shown:
    shown = office.proofs.of(draft_id).sheet.figure(number)
    if shown is None:
        raise EditError(f"draft {draft_id} has no figure {number}", notice="这一稿里没有这个数字，它可能已被改动。")
    return shown


@router.post("/drafts/{draft_id}/figures/{number}/replace")
def replace_figure(draft_id: str, number: int, office: Here, form: Form) -> Response:
    """Print the chosen fact in the figure's place, or say by hand that the figure is that fact."""
    shown, by = _figure(office, draft_id, number), form.visitor.name
    if form["do"] == "bind":
        reason = form["reason"].strip() or "编辑在核对页指明出处"
        done = office.newsroom.bind(draft_id, (shown.start, shown.end), form["fact"], reason, by)
        return _to(office, done, shown.section, f"“{shown.surface}”已指明出处。")
    found = office.proofs.of(draft_id)
    text = with_fact(found, shown, form["fact"])
    done = office.newsroom.mend(draft_id, shown.section, text, by, note=f"改正“{shown.surface}”")
    return _to(office, done, shown.section, f"“{shown.surface}”已改，并重新核对。")


def with_fact(found: Proofed, shown: Shown, fact_id: str) -> str:
    """The section's text with a fact in the figure's place: as a reference where the draft has one, so that code prints it."""
    old = text_of(found.reread.saved.draft, shown.section)
    at = _occurrence(old, shown.surface, _before(found, shown))
    ref = next((i.ref for i in found.reread.judged.context.items if i.fact.fact_id == fact_id), "")
    fact = found.cabinet.facts.get(fact_id)
    if at < 0 or fact is None:
        raise EditError(
            "the figure cannot be replaced where it stands", notice="这个数字不能直接替换，请用“改写这一节”。"
        )
    said = f"{{{ref}:value}}" if ref else value_of(fact, found.reread.saved.draft.script)
    return old[:at] + said + old[at + len(shown.surface) :]


def _occurrence(text: str, surface: str, nth: int) -> int:
    at = -1
    for _ in range(nth + 1):
        at = text.find(surface, at + 1)
        if at < 0:
            return -1
    return at


def _start_of(found: Proofed, section: str) -> int:
    printed = found.reread.printed
    block = found.sheet.block(section)
    return block.start if block else printed.title_start if section == TITLE else printed.lead_start


@router.post("/drafts/{draft_id}/figures/{number}/drop")
def drop_sentence(draft_id: str, number: int, office: Here, form: Form) -> Response:
    """Take out the sentence that holds the figure."""
    shown = _figure(office, draft_id, number)
    sentence = _sentence_of(office.proofs.of(draft_id), shown)
    done = office.newsroom.strike(draft_id, shown.section, form.visitor.name, sentence)
    return _to(office, done, shown.section, "这一句已删去；在改动记录里可以退回。")


@router.post("/drafts/{draft_id}/figures/{number}/rewrite")
def rewrite_sentence(draft_id: str, number: int, office: Here, form: Form) -> Response:
    """Ask the model for another wording of the sentence that holds the figure."""
    shown = _figure(office, draft_id, number)
    return _rewritten(office, draft_id, shown.section, _sentence_of(office.proofs.of(draft_id), shown), form.visitor)


def _sentence_of(found: Proofed, shown: Shown) -> str:
    text = section_of(found.reread.saved.draft, shown.section).text
    at = _occurrence(text, shown.surface, _before(found, shown))
    sentence = next((each.text for each in sentences(text) if each.start <= at < each.end), "")
    if not sentence:
        raise EditError("no sentence holds the figure", notice="找不到这一句，请用“改写这一节”。")
    return sentence


def _before(found: Proofed, shown: Shown) -> int:
    return found.reread.printed.text.count(shown.surface, _start_of(found, shown.section), shown.start)


@router.post("/drafts/{draft_id}/figures/{number}/waive")
def waive(draft_id: str, number: int, office: Here, form: Form) -> Response:
    shown = _figure(office, draft_id, number)
    done = office.newsroom.waive(draft_id, (shown.start, shown.end), form["reason"], form.visitor.name)
    return _to(office, done, shown.section, "已申请放行，要第二个人确认才算数。")


@router.post("/drafts/{draft_id}/figures/{number}/confirm")
def confirm(draft_id: str, number: int, office: Here, form: Form) -> Response:
    require(form.visitor, "editor")
    shown = _figure(office, draft_id, number)
    done = office.newsroom.confirm(draft_id, (shown.start, shown.end), form.visitor.name)
    return _to(office, done, shown.section, "已确认放行，页面和账本都会标明“编辑确认”。")


@router.post("/drafts/{draft_id}/figures/{number}/revoke")
def revoke(draft_id: str, number: int, office: Here, form: Form) -> Response:
    shown = _figure(office, draft_id, number)
    done = office.newsroom.revoke(draft_id, (shown.start, shown.end), form.visitor.name)
    return _to(office, done, shown.section, "已撤回。")


# Revisions


@router.get("/drafts/{draft_id}/newest")
def newest(draft_id: str, office: Here, _: Signed) -> Response:
    saved = office.newsroom.drafts(draft_id)[0]
    return JSONResponse({"draft_id": saved.draft_id, "number": saved.number, "by": saved.actor})


@router.get("/drafts/{draft_id}/revisions")
def revisions(request: Request, draft_id: str, office: Here, visitor: Signed, old: str = "", new: str = "") -> Response:
    history = office.newsroom.drafts(draft_id)
    by_id = {saved.draft_id: saved for saved in history}
    later = by_id.get(new, history[0])
    before = by_id.get(old) or by_id.get(later.parent) or next((s for s in history if s.number < later.number), later)
    return respond(
        request,
        visitor,
        "revisions.html.j2",
        history=history,
        newest=history[0].draft_id,
        old=before.draft_id,
        new=later.draft_id,
        difference=difference.of_drafts(before.draft, later.draft),
        edition=office.newsroom.edition(later.draft.edition),
        day=later.draft.day,
    )


@router.post("/drafts/{draft_id}/restore")
def restore(draft_id: str, office: Here, form: Form) -> Response:
    done = office.newsroom.restore(draft_id, form["to"], form.visitor.name)
    return _to(office, done, "", f"已退回，成为第 {done.saved.number} 稿；原来的都还在。")


@router.post("/drafts/{draft_id}/undo")
def undo(draft_id: str, office: Here, form: Form) -> Response:
    done = office.newsroom.undo(draft_id, form.visitor.name)
    return _to(office, done, "", "上一步已撤销。")


def _to(office: Office, done: Reread, section: str, said: str) -> RedirectResponse:
    office.board.forget()
    anchor = f"#s-{quote(section)}" if section and section not in {TITLE, SUMMARY} else ""
    return see_other(f"/drafts/{done.saved.draft_id}{anchor}", said)
