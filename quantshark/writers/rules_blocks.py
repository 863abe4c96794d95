"""One function a block kind: a section's spec and the pen in, Markdown with references out; None where nothing is to be said.

The words come from the edition's files; the functions only know shapes: a table has rows, a verdict two sides. `BLOCKS`
is the open set; an edition that uses these kinds needs no Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from quantshark.context import Subject
from quantshark.context.wording import day_words
from quantshark.editions import Row, SectionSpec, Side, Tone
from quantshark.model import Concept
from quantshark.writers.rules_lines import Ask, Pen, Told, tone_of

Block = Callable[[SectionSpec, Pen], str | None]


def table(spec: SectionSpec, pen: Pen) -> str | None:
    """Fixed rows: what it is, how it stands, what that means. A row without facts is left out."""
    rows = [cells for row in spec.rows if (cells := _row(row, pen))]
    return _grid(spec.columns, rows[: spec.limits.rows]) if rows else None


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
    known = {ref for sentence in told for ref in sentence.facts}
    news = pen.stories(row.topics, row.news) if row.news and (not told or row.take < 3 or not known) else []
    return [*told, *news]


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
    told += pen.stories(
        spec.topics, 1, Ask(subject=code, used=tuple(ref for sentence in told for ref in sentence.facts))
    )
    if not told:
        return None
    tone = tone_of(told)
    watch = _watch(spec, code, tone, pen)
    signal = spec.signals.get(tone, ("",))[0]
    dynamics = "；".join(sentence.text for sentence in told)
    return f"**{pen.context.name(code)}**", f"{signal} {dynamics}".strip(), watch


def _watch(spec: SectionSpec, code: str, tone: Tone, pen: Pen) -> str:
    """The first guidance whose tone and facts fit and which still has words that were not used above."""
    fallback = ""
    for slug in spec.watch:
        line = pen.context.edition.line(slug)
        if line.tone != tone or pen.fit(slug, code) is None:
            continue
        if not pen.unsaid(line.say):
            fallback = fallback or slug
            continue
        told = pen.say(slug, code)
        return told.text if told else ""
    told = pen.say(fallback, code) if fallback else None
    return told.text if told else ""


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


def pick_theme(spec: SectionSpec, pen: Pen) -> tuple[str, list[Told]] | None:
    """The theme that most of the untold news is about; the earlier in the edition's list wins a tie."""
    weights = {topic.slug: topic.weight for topic in pen.context.edition.topics}
    best: tuple[int, str] | None = None
    for slug in spec.topics:
        news = [s for s in pen.context.stories if slug in s.topics and s.document.doc_id not in pen.told_stories]
        if len(news) >= LEAST_NEWS:
            score = sum(weights[slug] + story.score for story in news[: spec.limits.rows])
            best = max(best, (score, slug), key=lambda b: b[0]) if best else (score, slug)
    if best is None:
        return None
    slug = best[1]
    news = [s for s in pen.context.stories if slug in s.topics and s.document.doc_id not in pen.told_stories]
    return slug, [pen.tell(story) for story in news[: spec.limits.rows]]


def _dated(told: Told, pen: Pen) -> str:
    """A news item with its day in front, unless it says one."""
    story = told.story
    known = story.document.known_at if story else None
    if known is None or (story and "月" in story.plain[:12]):
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


def verdict(spec: SectionSpec, pen: Pen) -> str | None:
    """The greatest chance and the greatest risk, never about the same thing, each with reasons and its other side."""
    taken: set[str] = set()
    parts = [_side(side, spec, pen, taken) for side in spec.sides]
    return "\n\n".join(parts) if any(taken) else None


def _side(side: Side, spec: SectionSpec, pen: Pen, taken: set[str]) -> str:
    lead = _lead(side, pen, taken)
    if lead is None:
        return f"{side.heading}\n{side.none}"
    taken.add(lead.subject or lead.line)
    taken.update(lead.facts)
    reasons = _reasons(side, spec, pen, lead, taken)
    lines = [side.heading, lead.text]
    if reasons:
        opener = pen.choose(side.lead, side.heading) if side.lead else ""
        lines += [opener, *(f"{number}. {reason}" for number, reason in enumerate(reasons, start=1))]
    text = "\n".join(line for line in lines if line)
    advice = pen.choose(side.advice, f"{side.heading}/advice") if side.advice else ""
    return "\n\n".join(part for part in (text, advice) if part)


def _lead(side: Side, pen: Pen, taken: set[str]) -> Told | None:
    """The weightiest line of this side, of the market or of a stock; else the best news of its tone."""
    found: list[tuple[int, int, str, str]] = []
    subjects = ["", *(s.entity for s in pen.context.subjects)]
    for slug in side.lines:
        for order, code in enumerate(subjects):
            items = pen.fit(slug, code)
            needs_name = any("{name}" in text for text in pen.context.edition.line(slug).say)
            if items is None or needs_name != bool(code) or code in taken or {i.ref for i in items.values()} & taken:
                continue
            found.append((-pen.context.edition.line(slug).weight, order, slug, code))
    for _, _, slug, code in sorted(found)[:1]:
        return pen.say(slug, code)
    stories = pen.stories(side.topics, 1, Ask(tone=side.tone)) or _retold(side, pen, taken)
    if not stories:
        return None
    told = stories[0]
    return Told(
        f"{told.text}。",
        told.tone,
        told.weight,
        told.facts,
        told.line,
        told.story.document.doc_id if told.story else "",
        told.story,
    )


def _retold(side: Side, pen: Pen, taken: set[str]) -> list[Told]:
    """Where all news of this side was told above: the best of it, once more."""
    for story in pen.context.stories:
        if story.tone == side.tone and set(story.topics[:1]) & set(side.topics) and story.document.doc_id not in taken:
            return [pen.tell(story)]
    return []


def _reasons(side: Side, spec: SectionSpec, pen: Pen, lead: Told, taken: set[str]) -> list[str]:
    """Facts on the same side (of the same stock first), then what speaks against it."""
    reasons: list[str] = []
    used = {*lead.facts, *taken}
    stock_lines = [line for line in pen.context.edition.lines if "reason" in line.tags]
    own = [lead.subject] if lead.subject in {s.entity for s in pen.context.subjects} else []
    others = [s.entity for s in pen.context.subjects if s.entity not in own]
    for code in (*own, *([] if own else others)):
        for line in stock_lines:
            if line.tone != side.tone or len(reasons) >= side.reasons:
                continue
            told = pen.say(line.id, code, used)
            if told:
                reasons.append(_named(told, code, pen))
                used.update(told.facts)
    news = (
        []
        if len(reasons) >= side.reasons
        else pen.stories(side.topics, side.reasons - len(reasons), Ask(tone=side.tone, fresh=False))
    )
    reasons += [sentence.text for sentence in news]
    taken.update(used)
    if against := _against(side, pen, own, used):
        reasons.append(f"{spec.labels.get('but' if side.tone == 'bad' else 'still', '')}{against}")
    return [f"{reason}。" for reason in reasons]


def _named(told: Told, code: str, pen: Pen) -> str:
    """A reason says whose it is: 公司 and 股价 get their name."""
    name = pen.context.name(code)
    if name in told.text:
        return told.text
    return told.text.replace("公司", name, 1) if told.text.startswith("公司") else f"{name}{told.text}"


def _against(side: Side, pen: Pen, own: Sequence[str], used: set[str]) -> str:
    wanted = "bad" if side.tone == "good" else "good"
    for code in own or [s.entity for s in pen.context.subjects]:
        for line in pen.context.edition.lines:
            if "reason" in line.tags and line.tone == wanted and (told := pen.say(line.id, code, used)):
                used.update(told.facts)
                return _named(told, code, pen)
    return ""


def lesson(spec: SectionSpec, pen: Pen) -> str | None:
    """One concept, defined as the base defines it, tied to a fact of the day."""
    concept = pen.context.concept
    told = _today(spec, pen, concept) if concept else None
    if concept is None or told is None:
        return None
    labels = {name: text.replace("{concept}", concept.hans) for name, text in spec.labels.items()}
    parts = [
        labels.get("title", ""),
        f"{labels.get('why', '')}\n{labels.get('because', '')}{told.text}。{concept.why}",
        f"{labels.get('what', '')}\n{concept.definition}",
        f"{labels.get('trap', '')}\n{concept.misreading}" if concept.misreading else "",
        _case(concept, spec, pen, told),
        f"{labels.get('takeaway', '')}\n{labels.get('lesson', '')}",
    ]
    return "\n\n".join(part for part in parts if part)


def _today(spec: SectionSpec, pen: Pen, concept: Concept) -> Told | None:
    """The line of the day whose fact the concept is about."""
    for slug in spec.lines:
        for code in ("", *(s.entity for s in pen.context.subjects)):
            needs_name = any("{name}" in text for text in pen.context.edition.line(slug).say)
            items = pen.fit(slug, code) if needs_name == bool(code) else None
            if items and any(item.fact.measure in concept.measures for item in items.values()):
                return pen.say(slug, code)
    return None


def _case(concept: Concept, spec: SectionSpec, pen: Pen, told: Told) -> str:
    """A second fact of the same measure, from a stock of the day."""
    for subject in pen.context.subjects:
        for line in pen.context.edition.lines:
            if "reason" not in line.tags or subject.entity == told.subject:
                continue
            found = pen.say(line.id, subject.entity, told.facts)
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
    "script": prose,
}
