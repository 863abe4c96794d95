"""Say only what a stranger reads the same way: the rules writer checked before anybody else reads it.

`careful` composes, prints and judges a draft, takes back every sentence whose figures the reader did not bind, and does so
again until nothing is held against the text. What it takes back is `Context.unsaid`, so that title, sections and any
writer that falls back on the rules agree. A sentence lost is counted; a figure that nobody could prove is never printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from quantshark.checks import Evidence, judge
from quantshark.context import Context, Saying
from quantshark.context.printing import references
from quantshark.model import Fact, Mark, Verdict
from quantshark.writers.rules import TITLE, Composed, composition, headline

ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A section's text on the page: where it begins, and what code printed in it."""

    slug: str
    start: int
    text: str
    marks: tuple[Mark, ...]


def careful(context: Context, evidence: Evidence) -> Context:
    """The context in which the rules writer says nothing that `judge` would hold against it."""
    for _ in range(ROUNDS):
        found = frozenset(_doubted(context, evidence))
        doubted = (found | frozenset(_alike(found, context))) - context.unsaid
        if not doubted:
            break
        context = replace(context, unsaid=context.unsaid | doubted)
    return context


def _alike(doubted: Iterable[Saying], context: Context) -> Iterator[Saying]:
    """The lines that would say the same words: a rise that cannot be proved is not told as a mixed day instead."""
    lines = {line.id: line for line in context.edition.lines}
    for section, slug, subject in doubted:
        if slug in lines:
            yield from ((section, line.id, subject) for line in lines.values() if line.say == lines[slug].say)


def _doubted(context: Context, evidence: Evidence) -> Iterator[Saying]:
    """Which sayings hold a figure that is not proved."""
    composed = composition(context)
    page, pieces = _page(context, composed)
    facts = {item.fact.fact_id: item.fact for item in context.items}
    result = judge(page, evidence, as_of=context.day, slot=context.until.isoformat(), marks=list(_marks(pieces)))
    for verdict in result.verdicts:
        piece = next((p for p in pieces if p.start <= verdict.start < p.start + len(p.text)), None)
        if piece is not None and (verdict.blocks or _astray(verdict, piece, facts)):
            yield from _said_at(verdict.start - piece.start, piece, composed, context)


def _page(context: Context, composed: Composed) -> tuple[str, tuple[Piece, ...]]:
    """The draft as one Markdown text, as near to the press as a reader of figures can tell."""
    head = headline(context)
    text = f'---\n{"projections: true" if context.edition.projections else "edition: draft"}\ntitle: "'
    pieces = [Piece(TITLE, len(text), head.title, head.marks)]
    text += head.title + '"\n---\n\n'
    pieces.append(Piece(TITLE, len(text), head.summary, ()))
    text += head.summary + "\n\n"
    for spec in context.edition.sections:
        if raw := composed.texts.get(spec.slug):
            text += f"## {spec.heading}\n\n"
            printed, marks = context.print(raw)
            pieces.append(Piece(spec.slug, len(text), printed, marks))
            text += printed + "\n\n"
    return text, tuple(pieces)


def _marks(pieces: Iterable[Piece]) -> Iterator[Mark]:
    for piece in pieces:
        yield from (Mark(m.start + piece.start, m.end + piece.start, m.fact_id) for m in piece.marks)


def _astray(verdict: Verdict, piece: Piece, facts: dict[str, Fact]) -> bool:
    """Did the reader bind another figure than the one that was printed?"""
    at, end = verdict.start - piece.start, verdict.end - piece.start
    mark = next((m for m in piece.marks if m.start < end and at < m.end), None)
    if mark is None or verdict.fact is None or verdict.status == "exempt":
        return False
    printed, proof = facts[mark.fact_id], verdict.fact
    return abs(abs(printed.value) - abs(proof.value)) > max(printed.ulp or 0, proof.ulp or 0)


def _said_at(place: int, piece: Piece, composed: Composed, context: Context) -> list[Saying]:
    """The sayings of a section that stand at a place of its text; where words were changed, those that hold its fact."""
    own = [(saying, raw) for saying, raw in composed.sayings if saying[0] == piece.slug]
    found = [saying for saying, raw in own if _stands_at(place, raw, piece, context)]
    mark = next((m for m in piece.marks if m.start <= place < m.end), None)
    if found or mark is None:
        return found
    ref = context.ref(mark.fact_id)
    return [saying for saying, raw in own if ref in references(raw)]


def _stands_at(place: int, raw: str, piece: Piece, context: Context) -> bool:
    printed, _ = context.print(raw, links=piece.slug != TITLE)
    at = piece.text.find(printed)
    while at >= 0:
        if at <= place < at + len(printed):
            return True
        at = piece.text.find(printed, at + 1)
    return False
