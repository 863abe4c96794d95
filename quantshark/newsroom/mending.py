"""Sections as editors change them: references are printed by code, marks follow the words that stayed.

All of it is text in, section out; what the change is worth is for the check to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from quantshark.context import Context
from quantshark.errors import EditError, WriterError
from quantshark.model import Draft, Mark, Section
from quantshark.newsroom.places import SUMMARY, TITLE, sentences

EDITOR = "editor"
"""Who wrote a section that a person changed."""
LONGEST = 20_000
"""Characters of a section; more is a paste that went wrong."""

_REFERENCE = re.compile(r"\{(?P<ref>f\d+)(?::(?P<form>phrase|value|said))?\}")
_BRACE = re.compile(r"\{\s*f\s*\d*[^{}]*\}")


def section_of(draft: Draft, slug: str) -> Section:
    """The section of that slug. Raises EditError."""
    for section in draft.sections:
        if section.slug == slug:
            return section
    raise EditError(
        f"the draft has no section {slug!r}; it has {', '.join(section.slug for section in draft.sections)}",
        notice=f"草稿里没有“{slug}”这一部分。",
    )


def text_of(draft: Draft, slug: str) -> str:
    """What an editor is given to change."""
    if slug == TITLE:
        return draft.title
    if slug == SUMMARY:
        return draft.summary
    return section_of(draft, slug).text


def mended(draft: Draft, slug: str, text: str, context: Context) -> Draft:
    """The draft with another text for a section, title or summary. Raises EditError."""
    if len(text) > LONGEST:
        raise EditError(
            f"{len(text)} characters; a section has at most {LONGEST}", notice=f"这一部分超过 {LONGEST} 字。"
        )
    if not text.strip():
        raise EditError("the text is empty; drop the section instead", notice="内容为空；要删去这一部分，请用“删去”。")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if slug in {TITLE, SUMMARY}:
        said, _ = with_references(plain, context, draft.script, links=False)
        return replace(draft, title=said) if slug == TITLE else replace(draft, summary=said)
    old = section_of(draft, slug)
    said, fresh = with_references(plain, context, draft.script)
    marks = sorted([*carried(old, said), *fresh], key=lambda mark: (mark.start, mark.end))
    return with_section(draft, replace(old, text=said, marks=tuple(_apart(marks)), writer=EDITOR))


def with_section(draft: Draft, section: Section) -> Draft:
    return replace(draft, sections=tuple(section if each.slug == section.slug else each for each in draft.sections))


def without_section(draft: Draft, slug: str, why: str) -> Draft:
    """The draft without a section, which is named as left out."""
    section_of(draft, slug)
    left = tuple(section for section in draft.sections if section.slug != slug)
    if not left:
        raise EditError("a draft keeps at least one section", notice="草稿至少要留一个部分。")
    plots = tuple(plot for plot in draft.plots if plot.section != slug)
    return replace(draft, sections=left, plots=plots, omitted={**draft.omitted, slug: why})


def without_sentence(section: Section, sentence: str) -> str:
    """The section's text without a sentence; a line or list item left bare goes with it. Raises EditError."""
    wanted = sentence.strip()
    found = next((each for each in sentences(section.text) if each.text == wanted), None)
    if found is None:
        raise EditError(
            f"section {section.slug} has no sentence {wanted[:40]!r}", notice="找不到这一句，它可能已被改动。"
        )
    before, after = section.text[: found.start], section.text[found.end :]
    line = before[before.rfind("\n") + 1 :] + after.split("\n", 1)[0]
    if line.strip(" \t-*+>·•") == "":
        start, end = before.rfind("\n") + 1, found.end + len(after.split("\n", 1)[0]) + 1
        return section.text[:start] + section.text[end:]
    return before + after


def with_references(text: str, context: Context, script: str, *, links: bool = True) -> tuple[str, tuple[Mark, ...]]:
    """`{f3}` becomes the fact as code prints it, verb by its sign and linked to its source; all else stays as typed."""
    parts: list[str] = []
    marks: list[Mark] = []
    length = at = 0
    for found in _REFERENCE.finditer(text):
        before, ref = text[at : found.start()], found["ref"]
        try:
            said, target = context.said(ref, found["form"] or "phrase", script), context.link(ref)
            fact_id = context.fact_id(ref)
        except WriterError as error:
            raise EditError(
                str(error), notice=f"没有编号为 {ref} 的事实，本稿可用 f1 到 f{len(context.items)}。"
            ) from error
        linked = links and bool(target) and not _in_link(text, found.start())
        opening = "[" if linked else ""
        start = length + len(before) + len(opening)
        marks.append(Mark(start, start + len(said), fact_id))
        piece = f"{before}{opening}{said}{f']({target})' if linked else ''}"
        parts.append(piece)
        length += len(piece)
        at = found.end()
    parts.append(text[at:])
    stray = _BRACE.search("".join(parts))
    if stray:
        raise EditError(f"{stray[0]!r} is no reference; write {{f3}}", notice=f"“{stray[0]}”不是引用，请写成 {{f3}}。")
    return "".join(parts), tuple(marks)


def _in_link(text: str, at: int) -> bool:
    """Does a position stand in the words of a link?"""
    opened = text.rfind("[", 0, at)
    if opened < 0 or "]" in text[opened:at] or "\n" in text[opened:at]:
        return False
    closes = text.find("](", at)
    return closes >= 0 and "[" not in text[at:closes] and "\n" not in text[at:closes]


def carried(old: Section, text: str) -> Iterator[Mark]:
    """The marks of the old text whose words stand in the new one, moved to where they stand now."""
    blocks = SequenceMatcher(None, _pieces(old.text), _pieces(text), autojunk=False).get_matching_blocks()
    olds, news = _starts(_pieces(old.text)), _starts(_pieces(text))
    spans = [(olds[b.a], olds[b.a + b.size], news[b.b]) for b in blocks if b.size]
    for mark in old.marks:
        for start, end, now in spans:
            if start <= mark.start and mark.end <= end:
                yield Mark(mark.start - start + now, mark.end - start + now, mark.fact_id)
                break


_WORD = re.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)|[\d.,，%％]+|.", re.DOTALL)
"""A link is one piece, so are the digits of a number: what of it changed is another figure."""


def _pieces(text: str) -> list[str]:
    return _WORD.findall(text)


def _starts(pieces: Sequence[str]) -> list[int]:
    starts, at = [0], 0
    for piece in pieces:
        at += len(piece)
        starts.append(at)
    return starts


def _apart(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Without a mark that would lie on the one before."""
    end = 0
    for mark in marks:
        if mark.start >= end:
            yield mark
            end = mark.end
