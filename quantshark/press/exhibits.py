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
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from quantshark.model import Document, Fact, Source, Verdict

QUOTE_LIMIT = 60
SHANGHAI = timezone(timedelta(hours=8))
_BREAK = re.compile(r"[。！？；!?;\n]")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document: `text` stands there from `start`; the figure is `text[mark_start:mark_end]`."""

    doc_id: str
    start: int
    text: str
    mark_start: int
    mark_end: int
    cut_before: bool = False
    cut_after: bool = False


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


@dataclass(frozen=True, slots=True)
class Archive:
    """What proofs are looked up in: documents and facts by id."""

    documents: Mapping[str, Document]
    facts: Mapping[str, Fact]
    limit: int = QUOTE_LIMIT

    @classmethod
    def of(cls, documents: Iterable[Document], facts: Iterable[Fact] = (), limit: int = QUOTE_LIMIT) -> Archive:
        return cls({doc.doc_id: doc for doc in documents}, {fact.fact_id: fact for fact in facts}, limit)

    def prove(self, fact: Fact, depth: int = 3) -> Proof:
        """The proof of a fact; operands of operands up to `depth`."""
        if fact.formula is None or not depth:
            return Proof(fact, self.quote(fact))
        operands = (self.facts[name] for name in fact.formula.operands if name in self.facts)
        return Proof(fact, None, tuple(self.prove(operand, depth - 1) for operand in operands))

    def quote(self, fact: Fact) -> Quote | None:
        """The quotation for a fact, cut at a sentence's end where that fits, never longer than the limit."""
        source = fact.source
        document = self.documents.get(source.doc_id) if source else None
        if source is None or document is None or not 0 <= source.start <= source.end <= len(document.text):
            return None
        start, end = _figure_in(document.text, source, fact.surface)
        return _cut(document.text, source.doc_id, start, end, self.limit)


def _figure_in(text: str, source: Source, surface: str) -> tuple[int, int]:
    """Where the figure itself stands, should the source span be that of its whole sentence or cell."""
    found = text.find(surface, source.start, source.end) if surface else -1
    return (source.start, source.end) if found < 0 else (found, found + len(surface))


def exhibits(verdicts: Sequence[Verdict], archive: Archive) -> tuple[Exhibit, ...]:
    """Every verdict in reading order with its proof."""
    ordered = sorted(verdicts, key=lambda verdict: (verdict.start, verdict.end))
    return tuple(_exhibit(number, verdict, archive) for number, verdict in enumerate(ordered, 1))


def _exhibit(number: int, verdict: Verdict, archive: Archive) -> Exhibit:
    if verdict.fact is not None:
        return Exhibit(number, verdict, archive.prove(verdict.fact))
    return Exhibit(number, verdict)


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
