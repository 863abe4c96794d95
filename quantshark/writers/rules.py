"""The rules writer: every section of an edition from its phrase banks, with no model and no network.

It is what the house writes when no model is configured, when a model fails, and the measure that a model has to beat.
`compose` writes all sections of a context at once, because sentences may not repeat across sections; `RuleWriter` hands
out the one that is asked for. A section without facts has empty text and says why in its note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from quantshark.calendars import Calendar
from quantshark.context import Brief, Context, Saying
from quantshark.context.wording import day_words
from quantshark.editions import SectionSpec
from quantshark.model import Listener, Mark, Section
from quantshark.writers.rules_article import head_of
from quantshark.writers.rules_blocks import BLOCKS
from quantshark.writers.rules_lines import Pen


@dataclass(frozen=True, slots=True)
class Composed:
    """All sections as text with references, the name of the day's theme, what stands below the title, and every sentence with
    where it was said.
    """

    texts: Mapping[str, str | None]
    headline: str
    theme: str
    deck: str = ""
    sayings: tuple[tuple[Saying, str], ...] = ()
    heads: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Headline:
    """Title and summary as printed, and which spans of the title came from facts."""

    title: str
    summary: str
    marks: tuple[Mark, ...]


COMPOSED = 32
"""Compositions that are kept: a draft asks for its own at each section, and a morning writes many side by side."""


@lru_cache(maxsize=COMPOSED)
def _composed(held: _ByDigest) -> Composed:
    return compose(held.context)


class _ByDigest:
    """A context that equals another of the same digest: the key under which a composition is kept."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __hash__(self) -> int:
        return hash(self.context.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and other.context.digest == self.context.digest


def composition(context: Context) -> Composed:
    """What `compose` makes of a context, kept for the sections that are asked for one by one."""
    return _composed(_ByDigest(context))


def compose(context: Context) -> Composed:
    """All sections, in the order in which one may summarise another."""
    pen = Pen(context, section=TITLE)
    told = _weightiest(pen, pen.context.edition.headlines, ())
    below = _weightiest(pen, pen.context.edition.decks, told)
    for spec in context.edition.sections:
        head_of(spec, pen)
    texts: dict[str, str | None] = {}
    for spec in context.edition.in_order():
        pen.section = spec.slug
        texts[spec.slug] = BLOCKS[spec.block](spec, pen)
    return Composed(texts, "，".join(told.values()), pen.theme, "；".join(below.values()), tuple(pen.log), pen.heads)


TITLE = "title"
HEADLINES = 2
LAST_SESSION = "上一交易日"
"""Said once in a title."""


def _weightiest(pen: Pen, slugs: Iterable[str], before: Iterable[str]) -> dict[str, str]:
    """The weightiest facts of the day, two of them, of different kinds; none that was told `before`."""
    told: dict[str, str] = {}
    for slug in slugs:
        said = (pen.say(slug, code) for code in pen.codes_for(slug) if slug not in before)
        if sentence := next((found for found in said if found), None):
            told[slug] = sentence.text.removeprefix(LAST_SESSION) if told else sentence.text
        if len(told) >= HEADLINES:
            break
    return told


def headline(context: Context, script: str = "hans") -> Headline:
    """The title and summary of a draft, figures printed from facts, without links."""
    composed = composition(context)
    parts = "、".join(
        _heading(spec, composed).split(": ", 1)[-1]
        for spec in context.edition.sections
        if composed.texts.get(spec.slug)
    )
    words = {
        "day": day_words(context.day, context.day),
        "session": day_words(context.session, context.day),
        "issue": _issue(context),
        "headline": composed.headline,
        "deck": composed.deck,
        "parts": parts,
        "theme": composed.theme,
        "heads": "；".join(head for head in composed.heads.values() if head) or composed.headline,
    }
    title, marks = context.print(_put(context.edition.title, words), script, links=False)
    pattern = context.edition.summary if words["heads"] or "{heads}" not in context.edition.summary else ""
    summary, _ = context.print(_put(pattern, words), script, links=False)
    return Headline(title.rstrip("：: "), summary.lstrip("；，。") or title, marks)


SATURDAY = 5


def _issue(context: Context) -> str:
    """That a study of the week before appears on a Saturday; nothing where a session lies in between."""
    if context.edition.slot.days != "saturdays":
        return ""
    saturday = context.session + timedelta(days=(SATURDAY - context.session.weekday()) % 7)
    is_last = Calendar(context.edition.slot.calendar).next(context.session) > saturday
    return "本期周六刊出，以上一交易日为准，" if is_last else ""


def _put(pattern: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        pattern = pattern.replace(f"{{{name}}}", word)
    return pattern


def _heading(spec: SectionSpec, composed: Composed) -> str:
    return composed.heads.get(spec.slug) or spec.heading.replace("{theme}", composed.theme or "主题")


class RuleWriter:
    """Writes any section of any edition by rule."""

    name = "rules"

    async def write(self, brief: Brief, listen: Listener) -> Section:  # noqa: ARG002  a writer like the others
        """The section as printed. Empty text means left out; the note says why."""
        return write_section(brief)


def write_section(brief: Brief) -> Section:
    """What `RuleWriter.write` does, without a loop."""
    composed = composition(brief.context)
    raw = composed.texts.get(brief.slug)
    title = brief.context.plain(_heading(brief.section, composed), brief.script)
    if not raw:
        return Section(slug=brief.slug, title=title, text="", writer="rules", note=brief.section.omit)
    text, marks = brief.context.print(raw, brief.script)
    return Section(slug=brief.slug, title=title, text=text, marks=marks, writer="rules")
