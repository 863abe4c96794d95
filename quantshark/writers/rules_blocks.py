"""One function a block kind: a section's spec and the pen in, Markdown with references out; None where nothing is to be said.

The words come from the edition's files; the functions only know shapes: a table has rows, a verdict two sides. `BLOCKS`
is the open set; an edition that uses these kinds needs no Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quantshark.context import Story, Subject
from quantshark.context.wording import day_words
from quantshark.editions import Line, Row, SectionSpec, Side, Tone
from quantshark.model import Concept
from quantshark.writers import rules_article, rules_groups, rules_sectors
from quantshark.writers.rules_lines import LEAST, Ask, Pen, Told, same, tone_of

_SAYS_DAY = re.compile(r"\d{1,2}月\d{1,2}日")

Block = Callable[[SectionSpec, Pen], str | None]


def table(spec: SectionSpec, pen: Pen) -> str | None:
    """Fixed rows: what it is, how it stands, what that means. A row without facts is left out; an expected one is named."""
    found = [(row, _row(row, pen)) for row in spec.rows]
    rows = [cells for _, cells in found if cells]
    missing = "、".join(row.label for row, cells in found if row.expected and not cells)
    note = spec.labels.get("missing", "").replace("{labels}", missing) if missing else ""
    return "\n\n".join(part for part in (_grid(spec.columns, rows[: spec.limits.rows]), note) if part) if rows else None


def _row(row: Row, pen: Pen) -> tuple[str, ...] | None:
    told = _row_told(row, pen)
    if not told:
        return None
    tone = tone_of(told)
    effects = row.effects.get(tone, ())
    text = row.joint.join(sentence.text for sentence in told)
    effect = f"。{pen.choose(effects, row.label)}" if effects else ""
    return f"**{row.label}**", row.status.get(tone, ""), f"{text}{effect}"


def _row_told(row: Row, pen: Pen) -> list[Told]:
    told = pen.lines(row.lines, row.take)
    used = tuple(ref for sentence in told for ref in sentence.facts)
    asked = Ask(used=used, named=True, words=row.words)
    return [*told, *(rules_article.news_of if row.more else _headlines)(row.topics, row.news, pen, asked)]


def _headlines(topics: Sequence[str], take: int, pen: Pen, asked: Ask) -> list[Told]:
    return pen.stories(topics, take, asked)


def radar_table(spec: SectionSpec, pen: Pen) -> str | None:
    """A row for each stock that earned one: signal, dynamics with figures, conditions to watch."""
    rows: list[tuple[str, ...]] = []
    for subject in pen.context.subjects:
        if len(rows) >= spec.limits.rows:
            break
        if cells := _stock(spec, subject, pen):
            rows.append(cells)
    return _grid(spec.columns, rows) if rows else None


def _stock(spec: SectionSpec, subject: Subject, pen: Pen) -> tuple[str, ...] | None:
    code = subject.entity
    told = pen.lines(spec.lines, 3, code)
    news = pen.stories(
        spec.topics, 1, Ask(subject=code, used=tuple(ref for sentence in told for ref in sentence.facts))
    )
    told = [*(s for place, s in enumerate(told) if not place or not _covered(s, news, pen)), *news]
    if not told:
        return None
    tone = tone_of(told)
    signal = spec.signals.get(tone, ("",))[0]
    dynamics = "。".join(sentence.text for sentence in told)  # a run and its sum must not reach into the next sentence
    return f"**{pen.context.name(code)}**", f"{signal} {dynamics}".strip(), _watch(spec, code, tone, news, pen)


def _covered(sentence: Told, news: Sequence[Told], pen: Pen) -> bool:
    """Does the news beside it say every figure of a sentence again?"""
    said = [pen.context.fact(ref) for item in news for ref in item.facts]
    return bool(said) and all(any(same(pen.context.fact(ref), fact) for fact in said) for ref in sentence.facts)


def _watch(spec: SectionSpec, code: str, tone: Tone, news: Sequence[Told], pen: Pen) -> str:
    """The first guidance whose tone, facts and topic fit and which still has words that were not used above."""
    about = {topic for item in news if item.story for topic in item.story.topics[:2]}
    fitting = [
        slug
        for slug in spec.watch
        if _guides(pen.context.edition.line(slug), tone, about) and pen.fit(slug, code) is not None
    ]
    unsaid = [slug for slug in fitting if pen.unsaid(pen.context.edition.line(slug).say)]
    told = pen.say((unsaid or fitting)[0], code) if fitting else None
    return told.text if told else ""


def _guides(line: Line, tone: Tone, about: set[str]) -> bool:
    return line.tone == tone and (not line.topics or bool(about & set(line.topics)))


def tracker(spec: SectionSpec, pen: Pen) -> str | None:
    """The theme of the day: found from the documents, its latest news, and who is named in it."""
    theme = pick_theme(spec, pen)
    if theme is None:
        return None
    slug, told = theme
    pen.theme = next(topic.name for topic in pen.context.edition.topics if topic.slug == slug)
    labels = spec.labels
    bullets = [f"- {_dated(sentence, pen)}" for sentence in told]
    parts = [f"{labels.get('latest', '')}\n" + "\n".join(bullets)]
    if related := list(_related(slug, told, spec, pen)):
        parts.append(f"{labels.get('related', '')}\n" + "\n".join(related))
    if close := labels.get("close"):
        parts.append(close)
    return "\n\n".join(parts)


LEAST_NEWS = 2
FRESH = 25
"""What news of the day weighs more than older news when themes compete."""


def pick_theme(spec: SectionSpec, pen: Pen) -> tuple[str, list[Told]] | None:
    """The theme that most of the untold news is about; the earlier in the edition's list wins a tie."""
    weights = {topic.slug: topic.weight for topic in pen.context.edition.topics}
    best: tuple[int, str] | None = None
    for slug in spec.topics:
        news = _theme_news(slug, pen)
        if len(news) >= LEAST_NEWS:
            told = news[: spec.limits.rows]
            score = sum(weights[slug] + s.score + FRESH * s.fresh + HOME * pen.is_home(s) for s in told)
            best = max(best, (score, slug), key=lambda b: b[0]) if best else (score, slug)
    if best is None:
        return None
    slug = best[1]
    news = _theme_news(slug, pen)[: spec.limits.rows]
    return slug, [pen.tell(story) for story in sorted(news, key=_when, reverse=True)]


def _when(story: Story) -> float:
    """When it was published: a list of what is new begins with the newest."""
    known = story.document.known_at
    return known.timestamp() if known else 0.0


HOME = 20
"""What news of a company listed here, or of these markets by name, weighs more than news from afar."""


def _theme_news(slug: str, pen: Pen) -> list[Story]:
    """Untold news whose first theme this is; what tells of the whole market belongs to no theme."""
    topics = {topic.slug: topic for topic in pen.context.edition.topics}

    def belongs(story: Story) -> bool:
        themes = [name for name in story.topics if topics[name].theme]
        return not topics[story.topics[0]].wrap and themes[:1] == [slug] and story.score >= LEAST

    return [s for s in pen.context.stories if s.topics and pen.may_tell(s) and belongs(s)]


def _dated(told: Told, pen: Pen) -> str:
    """A news item with its day in front, unless it says one."""
    story = told.story
    known = story.document.known_at if story else None
    if known is None or (story and _SAYS_DAY.search(story.plain)):
        return told.text
    return f"{day_words(known.date(), pen.context.day)}，{told.text}"


def _related(slug: str, told: Sequence[Told], spec: SectionSpec, pen: Pen) -> Iterator[str]:
    entities = pen.context.entities
    named = [code for t in told if t.story for code in t.story.entities if _is_company(code, pen)]
    direct = list(dict.fromkeys(named))[:6]
    topic = next(topic for topic in pen.context.edition.topics if topic.slug == slug)
    chain = [code for code in topic.related if code not in direct and code in entities][:4]
    for label, codes in (("direct", direct), ("chain", chain)):
        if codes:
            yield f"- {spec.labels.get(label, '')} " + "、".join(pen.context.name(code) for code in codes)


def _is_company(code: str, pen: Pen) -> bool:
    entity = pen.context.entities.get(code)
    return entity is not None and entity.kind == "company"


@dataclass(slots=True)
class Taken:
    """What the verdict has spoken about: stocks, lines and documents by name, facts by reference."""

    about: set[str] = field(default_factory=set[str])
    facts: set[str] = field(default_factory=set[str])


def verdict(spec: SectionSpec, pen: Pen) -> str | None:
    """The greatest chance and the greatest risk, never about the same thing, each with reasons and its other side."""
    taken = Taken()
    leads: list[Told | None] = []
    for side in spec.sides:
        lead = _lead(side, pen, taken)
        leads.append(lead)
        if lead is not None:
            taken.about.add(lead.subject or lead.line)
            taken.facts.update(lead.facts)
    parts = [_side(side, spec, pen, lead, taken) for side, lead in zip(spec.sides, leads, strict=True)]
    return "\n\n".join(parts) if taken.about else None


def _side(side: Side, spec: SectionSpec, pen: Pen, lead: Told | None, taken: Taken) -> str:
    if lead is None:
        return f"{side.heading}\n{side.none}"
    reasons, against = _reasons(side, spec, pen, lead, taken)
    lines = [side.heading, lead.text]
    if reasons:
        opener = pen.choose(side.lead, side.heading) if side.lead else ""
        lines += [opener, *(f"- {reason}" for reason in reasons)]
    text = "\n".join(line for line in lines if line)
    advice = pen.choose(side.advice, f"{side.heading}/advice") if side.advice else ""
    return "\n\n".join(part for part in (text, against, advice) if part)


def _lead(side: Side, pen: Pen, taken: Taken) -> Told | None:
    """The weightiest line of this side, of the market or of a stock; else the best news of its tone."""
    found: list[tuple[int, int, str, str]] = []
    for slug in side.lines:
        for order, code in enumerate(pen.codes_for(slug)):
            items = pen.fit(slug, code)
            if items is not None and code not in taken.about and not {i.ref for i in items.values()} & taken.facts:
                found.append((-pen.context.edition.line(slug).weight, order, slug, code))
    for _, _, slug, code in sorted(found)[:1]:
        return pen.say(slug, code)
    stories = pen.stories(side.topics, 1, Ask(tone=side.tone, home=True)) or _retold(side, pen, taken)
    return _as_lead(stories[0]) if stories else None


def _as_lead(told: Told) -> Told:
    about = told.story.document.doc_id if told.story else ""
    return replace(told, text=f"{told.text}。", subject=about)


def _retold(side: Side, pen: Pen, taken: Taken) -> list[Told]:
    """Where all news of this side was told above: the best of it, once more."""
    for story in pen.context.stories:
        if (
            story.tone == side.tone
            and pen.is_home(story)
            and set(story.topics[:1]) & set(side.topics)
            and story.document.doc_id not in taken.about
        ):
            return [pen.tell(story)]
    return []


def _reasons(side: Side, spec: SectionSpec, pen: Pen, lead: Told, taken: Taken) -> tuple[list[str], str]:
    """What bears the lead out, and in a paragraph of its own what speaks against it: a verdict that names one side only is
    an advertisement.
    """
    line = pen.context.edition.line(lead.line) if lead.line != "story" else None
    reasons = _supporting(line.because if line else (), side.reasons, lead.subject, pen, taken.facts)
    if len(reasons) < side.reasons:
        topics = line.news if line else lead.story.topics[:1] if lead.story else ()
        about = lead.subject if line else ""
        asked = Ask(tone=side.tone, fresh=False, subject=about, used=tuple(sorted(taken.facts)), settled=True)
        reasons += [sentence.text for sentence in pen.stories(topics, side.reasons - len(reasons), asked)]
    against = _supporting(line.against if line else (), 1, lead.subject, pen, taken.facts)
    label = spec.labels.get("but" if side.tone == "bad" else "still", "")
    return [f"{reason}。" for reason in reasons], f"{label}{against[0]}。" if against else ""


def _supporting(slugs: Sequence[str], most: int, subject: str, pen: Pen, used: set[str]) -> list[str]:
    """Sentences of these lines, about the lead's stock or, where the lead is the market, about any stock of the report."""
    found: list[str] = []
    for slug in slugs:
        for code in pen.codes_for(slug):
            if len(found) >= most or (subject and code and code != subject):
                continue
            if told := pen.say(slug, code, used):
                found.append(_named(told, code, pen))
                used.update(told.facts)
                break
    return found


def _named(told: Told, code: str, pen: Pen) -> str:
    """A reason says whose it is: 公司 and 股价 get their name."""
    name = pen.context.name(code) if code else ""
    if name in told.text:
        return told.text
    return told.text.replace("公司", name, 1) if "公司" in told.text[:12] else f"{name}{told.text}"


def lesson(spec: SectionSpec, pen: Pen) -> str | None:
    """One concept, defined as the base defines it, tied to a fact of the day."""
    found = pen.context.lesson
    told = pen.say(found.line, found.subject) if found else None
    if found is None or told is None:
        return None
    concept = found.concept
    pen.log += [
        ((pen.section, concept.slug, ""), words) for words in (concept.why, concept.definition, concept.misreading)
    ]
    labels = {name: text.replace("{concept}", concept.hans) for name, text in spec.labels.items()}
    closing = pen.choose(spec.closings, spec.slug).replace("{concept}", concept.hans) if spec.closings else ""
    parts = [
        labels.get("title", ""),
        f"{labels.get('why', '')}\n{told.text}。{concept.why}",
        f"{labels.get('what', '')}\n{concept.definition}",
        f"{labels.get('trap', '')}\n{concept.misreading}" if concept.misreading else "",
        _case(concept, spec, pen, told),
        f"{labels.get('takeaway', '')}\n{closing}" if closing else "",
    ]
    return "\n\n".join(part for part in parts if part)


OF_A_STOCK = "{entity}"
"""What the example of a concept names if a single stock can be its case."""


def _case(concept: Concept, spec: SectionSpec, pen: Pen, told: Told) -> str:
    """A second fact of the same measure, from a stock of the day, for a concept whose pattern is about a stock."""
    for subject in pen.context.subjects if OF_A_STOCK in concept.example else ():
        for slug in spec.cases:
            if subject.entity == told.subject:
                continue
            found = pen.say(slug, subject.entity, told.facts)
            if found and any(pen.context.fact(ref).measure in concept.measures for ref in found.facts):
                return f"{spec.labels.get('case', '')}\n{_named(found, subject.entity, pen)}。"
    return ""


def prose(spec: SectionSpec, pen: Pen) -> str | None:
    """A paragraph for each row: its lines, its news, what they mean."""
    parts: list[str] = []
    for row in spec.rows:
        told = _row_told(row, pen)
        if not told:
            continue
        effects = row.effects.get(tone_of(told), ())
        closing = f"{pen.choose(effects, row.label)}。" if effects else ""
        label = f"**{row.label}** " if row.label else ""
        parts.append(f"{label}{row.joint.join(t.text for t in told)}。{closing}")
    return "\n\n".join(parts) or None


def bullets(spec: SectionSpec, pen: Pen) -> str | None:
    """The section's lines and news as a list."""
    told = [*pen.lines(spec.lines, spec.limits.rows), *pen.stories(spec.topics, spec.limits.rows)]
    return "\n".join(f"- {sentence.text}" for sentence in told[: spec.limits.rows]) or None


def _grid(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = f"| {' | '.join(columns)} |"
    rule = f"| {' | '.join(':---' if at != 1 or len(columns[1]) > 2 else ':---:' for at in range(len(columns)))} |"
    return "\n".join([head, rule, *(f"| {' | '.join(row)} |" for row in rows)])


BLOCKS: Mapping[str, Block] = {
    "table": table,
    "radar_table": radar_table,
    "tracker": tracker,
    "verdict": verdict,
    "lesson": lesson,
    "prose": prose,
    "bullets": bullets,
    "script": rules_article.article,
    "article": rules_article.article,
    "sectors": rules_sectors.sectors,
    "groups": rules_groups.groups,
    "risks": rules_groups.risks,
    "directions": rules_groups.directions,
}
