"""Where things stand in a printed draft: which section a span belongs to, and which sentence of it.

A sentence ends at 。！？；, at the end of a line or of a table's cell; what stands in a link's address ends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quantshark.model import Draft
from quantshark.press.markdown import Printed, harmless

TITLE, SUMMARY = "title", "summary"
_SENTENCE = re.compile(r"(?:\]\([^()\s]*\)|[^。！？；!?;\n|])+[。！？；!?;]*")
_LEAD = re.compile(r"\s*(?:(?:[-*+>]|\d+[.、）)])[ \t]+)?")


@dataclass(frozen=True, slots=True)
class Place:
    """A section (or title, or summary) in the printed text."""

    section: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its span in the text that it was found in."""

    start: int
    end: int
    text: str


def places(printed: Printed, draft: Draft, site_url: str) -> tuple[Place, ...]:
    """Title, summary and every section, in the order of the page."""
    lead = printed.lead_start
    found = [
        Place(TITLE, printed.title_start, printed.title_start + len(printed.title)),
        Place(SUMMARY, lead, lead + len(printed.summary)),
    ]
    at = printed.body_start
    for section in draft.sections:
        text, _ = harmless(section.text.rstrip(), section.marks, site_url)
        start = printed.text.find(text, at)
        if start >= 0:
            at = start + len(text)
            found.append(Place(section.slug, start, at))
    return tuple(found)


def sentences(text: str, offset: int = 0) -> Iterator[Sentence]:
    """The sentences of a text without blanks or list markers around them; spans count from `offset`."""
    for found in _SENTENCE.finditer(text):
        lead = _LEAD.match(found[0])
        said = found[0][lead.end() if lead else 0 :].rstrip()
        if said:
            start = found.start() + (lead.end() if lead else 0) + offset
            yield Sentence(start, start + len(said), said)


def sentence_at(text: str, place: Place, at: int) -> Sentence | None:
    """The sentence of a section that holds the position `at` of the whole text."""
    inside = sentences(text[place.start : place.end], place.start)
    return next((sentence for sentence in inside if sentence.start <= at < sentence.end), None)
