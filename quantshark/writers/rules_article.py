"""Running text: paragraphs, quotations and rolls of names, for editions that tell a day rather than tabulate it.

A paragraph is a row of the edition file: its lines, its rolls (阿里巴巴-W上涨8.50%，腾讯控股上涨3.82%), its news, and what they
mean together. No fact is told twice in a draft, no news twice, and a paragraph that has nothing to say is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quantshark.context import Item, Story
from quantshark.context.wording import day_words, sign_of
from quantshark.editions import Line, Roll, Row, SectionSpec, Tone
from quantshark.model import SHANGHAI, Fact
from quantshark.writers.rules_colour import colour_of
from quantshark.writers.rules_lines import Ask, Pen, Told, tone_of

STYLES = {"quote": "> ", "item": "- "}
VIEWS = (("view",), ("broker",))
ROLL = 12
"""What a roll weighs beside lines."""

_NAMED = re.compile(r"\{([a-z_][a-z0-9_]*)(?::[a-z]+)?\}")
_COLUMN = re.compile(r"^隔夜|(?:收盘|商品|沽空|个股|行情|美股|港股|A股|板块|数据)$")
_SPEAKER = re.compile(r"^([\u4e00-\u9fffA-Za-z]{2,10})：")


def article(spec: SectionSpec, pen: Pen) -> str | None:
    """The section's rows as paragraphs, in their order."""
    before = (set(pen.spent), set(pen.told_stories))
    text = "\n\n".join(_joined(spec.rows[: spec.limits.rows], pen))
    sources = _sources(spec, pen, *before) if text and "sources" in spec.labels else ""
    return "\n\n".join(part for part in (text, sources) if part) or None


def _sources(spec: SectionSpec, pen: Pen, facts: set[str], stories: set[str]) -> str:
    """A line under the block: who published what it tells, up to which day."""
    refs = pen.spent - facts
    told = [item.document for item in pen.context.items if item.ref in refs and item.document]
    told += [story.document for story in pen.context.stories if story.document.doc_id in pen.told_stories - stories]
    names = "、".join(sorted({document.publisher for document in told if document.publisher}))
    days = [document.known_at.date() for document in told if document.known_at]
    if not names or not days:
        return ""
    return (
        spec.labels["sources"].replace("{publishers}", names).replace("{until}", day_words(max(days), pen.context.day))
    )


def _joined(rows: Sequence[Row], pen: Pen) -> Iterator[str]:
    """Paragraphs; items that follow each other are one list."""
    items: list[str] = []
    for row in rows:
        text = paragraph(row, pen)
        if text and row.style == "item":
            items.append(text)
        elif text:
            yield from ["\n".join(items)] if items else []
            items = []
            yield text
    if items:
        yield "\n".join(items)


def paragraph(row: Row, pen: Pen) -> str | None:
    """One row as a paragraph, in its style."""
    told = told_of(row, pen)
    if len(told) < row.least:
        return None
    tone = tone_of(told)
    opens = row.opens.get(tone, ())
    effects = row.effects.get(tone, ())
    lead_in = pen.choose(opens, f"{pen.section}/{row.label}/opens") if opens else ""
    closing = f"{pen.choose(effects, f'{pen.section}/{row.label}')}。" if effects else ""
    label = f"### 【{row.label}】\n\n" if row.style == "headed" else f"**{row.label}**" if row.label else ""
    return _styled(row, f"{label}{lead_in}{row.joint.join(sentence.text for sentence in told)}。{closing}")


def _styled(row: Row, text: str) -> str:
    if not text:
        return ""
    return f"**{text}**" if row.style == "strong" else f"{STYLES.get(row.style, '')}{text}"


def told_of(row: Row, pen: Pen) -> list[Told]:
    """The row's lines, rolls and news; what a draft said once is not said again."""
    told: list[Told] = []
    for slug in row.lines:
        said = (line_of(slug, pen, code) for code in pen.codes_for(slug))
        if len(told) < row.take and (sentence := next((found for found in said if found), None)):
            told.append(sentence)
    for place, roll in enumerate(row.rolls):
        if sentence := roll_of(roll, pen, f"{row.label}/{place}"):
            told.append(sentence)
    if row.colour and (seen := colour_of(row.colour, pen)):
        told.append(seen)
    asked = Ask(used=tuple(sorted(pen.spent)), named=row.named, fresh=row.fresh, markets=row.markets, words=row.words)
    news = [going_on(item, pen) if row.more else item for item in news_of(row.topics, row.news, pen, asked)]
    if news and row.brings:
        news[0] = replace(news[0], text=f"{pen.choose(row.brings, f'{pen.section}/{row.label}/news')}{news[0].text}")
    return [*told, *news]


def going_on(told: Told, pen: Pen) -> Told:
    """News with the sentence that follows it."""
    more = more_of(told.story, pen) if told.story else ""
    return replace(told, text=f"{told.text}。{more}") if more else told


def line_of(slug: str, pen: Pen, subject: str = "") -> Told | None:
    """A line, unless a figure that it prints was told before; a fact that it only weighs may be known."""
    items = pen.fit(slug, subject)
    if items is None:
        return None
    line = pen.context.edition.line(slug)
    printed = {items[name].ref for name in _printed(line) if name in items}
    if printed & pen.spent and not line.again:
        return None
    pen.spent.update(printed)
    return pen.say(slug, subject)


def _printed(line: Line) -> set[str]:
    return {name for text in line.say for name in _NAMED.findall(text)}


def news_of(topics: Sequence[str], take: int, pen: Pen, asked: Ask) -> list[Told]:
    """News as running text: a headline's gaps are commas, and who speaks before a colon is said to think it."""
    if not take:
        return []
    wanted = [s for s in pen.context.stories if s.topics[:1] and s.topics[0] in topics and pen.fits(s, asked)]
    return [_of_its_day(pen.tell(as_prose(story), asked.subject), pen) for story in wanted[:take]]


def _of_its_day(told: Told, pen: Pen) -> Told:
    """A view of an earlier day says which: 收盘后点评 is of that day's close."""
    story = told.story
    known = story.document.known_at if story else None
    day = known.astimezone(SHANGHAI).date() if known else None
    if story is None or day is None or story.topics[:1] not in VIEWS or day >= pen.context.session:
        return told
    return replace(told, text=f"{day_words(day, pen.context.day)}，{told.text}")


def more_of(story: Story, pen: Pen) -> str:
    """The sentence after a told story, its figures with their own links; empty where there is none to tell."""
    key = (pen.section, f"more:{story.document.doc_id}", "")
    if not story.more or key in pen.context.unsaid:
        return ""
    text = "".join(piece if isinstance(piece, str) else f"{{{pen.context.ref(piece)}:said}}" for piece in story.more)
    if not any(isinstance(piece, Fact) for piece in story.more):
        text = f"[{text}]({pen.context.document_ref(story.document)})"
    pen.log.append((key, text))
    return text


def as_prose(story: Story) -> Story:
    """The same story as its lead sentence tells it, else with a headline's shorthand written out."""
    if story.prose:
        return replace(story, pieces=story.prose)
    pieces = list(story.pieces)
    first = pieces[0]
    if isinstance(first, str) and (speaker := _SPEAKER.match(first)):
        said = speaker[1] if _COLUMN.search(speaker[1]) else _spoken(speaker[1], story.topics)
        pieces[0] = f"{said}，{first[speaker.end() :]}"
    return replace(story, pieces=tuple(pieces))


def _spoken(speaker: str, topics: Sequence[str]) -> str:
    """Brokers think, media report, all others state."""
    if speaker.endswith("媒体"):
        return f"据{speaker}报道"
    if speaker.endswith(("称", "认为", "表示", "预计", "指出")):
        return speaker
    return f"{speaker}{'认为' if topics[:1] in VIEWS else '称'}"


# Rolls


def members(roll: Roll, pen: Pen) -> list[tuple[str, Item]]:
    """Who is on a roll, with the fact, the farthest out first. Nobody whose figure was told before."""
    context = pen.context
    codes = roll.pool or tuple(dict.fromkeys(item.fact.entity for item in context.items))
    found = [(code, item) for code in codes if _belongs(code, roll, pen) and (item := context.find(roll.cue, code))]
    wanted = {"up": (1,), "down": (-1,), "most": (1, -1)}[roll.side]
    kept = [
        (code, item)
        for code, item in found
        if sign_of(item.fact) in wanted and item.ref not in pen.spent and _may_say(roll, code, pen)
    ]
    return sorted(kept, key=lambda pair: (-abs(pair[1].fact.value), pair[0]))[: roll.take]


def _belongs(code: str, roll: Roll, pen: Pen) -> bool:
    """A pool names its members; else a listed company of the index or markets asked for."""
    if roll.pool or roll.unlisted:
        return bool(roll.pool) or code.startswith("~")
    entity = pen.context.entities.get(code)
    if entity is None or entity.kind != "company":
        return False
    return (not roll.index or roll.index in entity.indices) and (not roll.markets or entity.market in roll.markets)


def _may_say(roll: Roll, code: str, pen: Pen) -> bool:
    return (pen.section, f"roll:{roll.cue}", code) not in pen.context.unsaid


def roll_of(roll: Roll, pen: Pen, key: str) -> Told | None:
    """A roll as a sentence; from now on its figures are told."""
    named = members(roll, pen)
    if len(named) < roll.least:
        return None
    most = roll.figures or len(named)
    said = [_member(roll, code, item, pen) for code, item in named[:most]]
    if rest := roll.rest.get(tone_of_items([item for _, item in named[most:]]), "") if named[most:] else "":
        said.append(rest.replace("{names}", "、".join(pen.context.name(code) for code, _ in named[most:])))
    opening = pen.choose(roll.opens, f"{pen.section}/{key}") if roll.opens else ""
    refs = tuple(item.ref for _, item in named[:most])
    pen.spent.update(item.ref for _, item in named)
    return Told(f"{opening}{roll.joint.join(said)}", tone_of_items([item for _, item in named]), ROLL, refs, "roll")


def _member(roll: Roll, code: str, item: Item, pen: Pen) -> str:
    second = pen.context.find(roll.also, code) if roll.also else None
    pattern = roll.with_also if second is not None and roll.with_also else roll.item
    text = pattern.replace("{name}", pen.context.name(code)).replace("{fact}", f"{{{item.ref}}}")
    text = text.replace("{value}", f"{{{item.ref}:value}}")
    if second is not None:
        pen.spent.add(second.ref)
        text = text.replace("{also}", f"{{{second.ref}}}").replace("{also_value}", f"{{{second.ref}:value}}")
    pen.log.append(((pen.section, f"roll:{roll.cue}", code), text))
    return text


def tone_of_items(items: Sequence[Item]) -> Tone:
    """What figures of one kind mean together: all up, all down, or split."""
    signs = {sign_of(item.fact) for item in items}
    return "good" if signs == {1} else "bad" if signs == {-1} else "mixed" if {1, -1} <= signs else "calm"


# Headings


def head_of(spec: SectionSpec, pen: Pen) -> str:
    """The section's heading of the day: of its lines the first that fits. Empty where the fixed one stands."""
    if spec.slug not in pen.heads:
        pen.heads[spec.slug] = "" if spec.block == "sectors" else _line_head(spec, pen)
    return pen.heads[spec.slug]


def _line_head(spec: SectionSpec, pen: Pen) -> str:
    for slug in spec.heads:
        line = pen.context.edition.line(slug)
        if pen.context.fit(line, "", spec.slug) is not None:
            return pen.choose(line.say, f"{spec.slug}/head")
    return ""


__all__ = ["article", "going_on", "head_of", "line_of", "members", "news_of", "paragraph", "roll_of", "told_of"]
