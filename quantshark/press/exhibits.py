"""The proof of each figure of a report, laid out once: the page shows it, the ledger records it.

An exhibit joins a verdict with its fact, the document the fact was read in, and a quotation cut to what may be shown in
public: at most `limit` characters of the source, the figure among them. For a derived fact it holds the formula and the
exhibits of its operands.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Literal

from quantshark.errors import ReleaseError
from quantshark.model import Document, Fact, Source, Verdict
from quantshark.press.waivers import WAIVED, Waiver, Waivers

QUOTE_LIMIT = 60
MARKUP = "markup"
"""The reason of a verdict on numerals that no reader sees: front matter, addresses."""
SHANGHAI = timezone(timedelta(hours=8))
_QUOTED = re.compile(r"「([^」]*)」")
_BREAK = re.compile(r"[。！？；!?;\n]")


Where = Literal["text", "title"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document: `text` stands there from `start`; the figure is `text[mark_start:mark_end]`.

    `where` is the field that holds them. `cell` is how a row of a table reads aloud: 美团-W 净买入(亿港元) 24.81.
    """

    doc_id: str
    start: int
    text: str
    mark_start: int
    mark_end: int
    cut_before: bool = False
    cut_after: bool = False
    where: Where = "text"
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A fact with what proves it: the quotation, or the formula with the proofs of its operands."""

    fact: Fact
    quote: Quote | None = None
    operands: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One figure of the report, numbered from 1 in reading order, with its verdict and its proof."""

    number: int
    verdict: Verdict
    proof: Proof | None = None
    waiver: Waiver | None = None

    @property
    def standing(self) -> str:
        """Its verdict as a page shows it: 编辑确认 where people let it stand."""
        return WAIVED if self.waiver else self.verdict.status


@dataclass(frozen=True, slots=True)
class Archive:
    """What proofs are looked up in: documents and facts by id."""

    documents: Mapping[str, Document]
    facts: Mapping[str, Fact]
    limit: int = QUOTE_LIMIT

    @classmethod
    def of(cls, documents: Iterable[Document], facts: Iterable[Fact] = (), limit: int = QUOTE_LIMIT) -> Archive:
        return cls({doc.doc_id: doc for doc in documents}, {fact.fact_id: fact for fact in facts}, limit)

    def prove(self, fact: Fact) -> Proof:
        """The proof of a fact, down to the words of documents; one that cannot be shown is a ReleaseError."""
        if fact.formula is None:
            return Proof(fact, self.quote(fact))
        missing = [name for name in fact.formula.operands if name not in self.facts]
        if missing:
            raise ReleaseError(
                f"fact {fact.fact_id} is computed of {missing[0]}, which is not among the {len(self.facts)} facts given; "
                "give the archive every fact of the draft's context",
                fact=fact,
            )
        return Proof(fact, None, tuple(self.prove(self.facts[name]) for name in fact.formula.operands))

    def attempt(self, fact: Fact) -> Proof | None:
        """The proof of a fact if it can be shown, for drafts that are looked at before they are mended."""
        try:
            return self.prove(fact)
        except ReleaseError:
            return None

    def quote(self, fact: Fact) -> Quote:
        """The quotation for a fact, cut at a sentence's end where that fits, never longer than the limit."""
        source = fact.source
        document = self.documents.get(source.doc_id) if source else None
        if source is None or document is None:
            raise ReleaseError(
                f"fact {fact.fact_id} ({fact.surface or fact.value}) stands in {source.doc_id if source else 'no document'}, "
                "which was not given; give the archive every document of the draft",
                fact=fact,
            )
        start, end, where = _place(document, source, fact.surface)
        quote = _cut(getattr(document, where), source.doc_id, start, end, self.limit)
        return replace(quote, where=where, cell=source.quote[: self.limit] if document.kind == "table" else "")


def _place(document: Document, source: Source, surface: str) -> tuple[int, int, Where]:
    """Where the figure itself stands: a source span is that of its sentence or cell, an empty one that of the title.

    A title that the text repeats word for word (a flash's first sentence, cut short) is quoted from the text.
    """
    if source.start != source.end or (document.text and source.quote not in document.title):
        return *_find(document.text, surface, source.start, source.end), "text"
    start, end = _find(document.title, surface, 0, len(document.title))
    repeated = document.text.find(document.title)
    if document.title and repeated >= 0:
        return repeated + start, repeated + end, "text"
    return start, end, "title"


def _find(text: str, surface: str, start: int, end: int) -> tuple[int, int]:
    found = text.find(surface, start, end) if surface else -1
    return (start, end) if found < 0 else (found, found + len(surface))


def exhibits(
    verdicts: Sequence[Verdict], archive: Archive, waivers: Waivers = MappingProxyType({})
) -> tuple[Exhibit, ...]:
    """Every figure that a reader sees, in reading order, with its proof."""
    seen = (verdict for verdict in verdicts if verdict.reason != MARKUP)
    ordered = sorted(seen, key=lambda verdict: (verdict.start, verdict.end))
    shown = (_exhibit(number, verdict, archive) for number, verdict in enumerate(ordered, 1))
    return tuple(replace(each, waiver=waivers.get((each.verdict.start, each.verdict.end))) for each in shown)


def _exhibit(number: int, verdict: Verdict, archive: Archive) -> Exhibit:
    verdict = replace(verdict, message=_QUOTED.sub(lambda m: f"「{_short(m[1], archive.limit)}」", verdict.message))
    if verdict.status == "supported" and verdict.fact is not None and verdict.fact.formula is not None:
        verdict = replace(verdict, status="derived")
    if verdict.fact is not None and not verdict.blocks:
        return Exhibit(number, verdict, archive.prove(verdict.fact))
    if verdict.fact is not None:
        return Exhibit(number, verdict, archive.attempt(verdict.fact))
    return Exhibit(number, verdict)


def _short(words: str, limit: int) -> str:
    """Words that a message quotes, no longer than may be shown."""
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _cut(text: str, doc_id: str, start: int, end: int, limit: int) -> Quote:
    """A window around the figure: its sentence if that fits, else as much on both sides as the limit leaves."""
    end = min(end, start + limit)
    begin, finish = _sentence(text, start, end)
    left, right = begin, finish
    if right - left > limit:
        left = max(begin, start - (limit - (end - start)) * 2 // 3)
        right = min(finish, left + limit)
        left = max(begin, right - limit)
    return Quote(doc_id, left, text[left:right], start - left, end - left, left > begin, right < finish)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or line around a span, its closing mark included, blank edges left out."""
    left = max((m.end() for m in _BREAK.finditer(text, 0, start)), default=0)
    found = _BREAK.search(text, end)
    right = len(text) if found is None else found.start() if found[0] == "\n" else found.end()
    while left < start and text[left].isspace():
        left += 1
    return left, right


def document_hash(document: Document) -> str:
    """What a document said, title and time included; any changed character of it is another document."""
    when = document.published_at
    told = (
        document.doc_id,
        document.kind,
        document.title,
        moment(when),
        document.publisher,
        document.url,
        document.text,
    )
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def moment(when: datetime | date | None) -> str:
    """A time as Asia/Shanghai says it, which naive times are; a day where only the day is known; empty for None."""
    if when is None:
        return ""
    if not isinstance(when, datetime):
        return when.isoformat()
    return (when.replace(tzinfo=SHANGHAI) if when.tzinfo is None else when.astimezone(SHANGHAI)).isoformat(
        timespec="seconds"
    )
