"""News in groups that the day makes, the risks of the day in numbers, and where each stock of an index stands.

Nothing here is fixed from day to day: a group is a theme that several documents of the day are about, a risk is told only
when facts or news of the day bring it up, a stock stands in a direction because of what was told of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quantshark.context import Story
from quantshark.editions import Row, SectionSpec, Side, Tone
from quantshark.writers.rules_article import as_prose, line_of, more_of, paragraph
from quantshark.writers.rules_lines import Ask, Pen

MOST_GROUPS = 6
LEAST_GROUPS = 3
LEAST_NEWS = 2
REST = "rest"
"""The group of company news that no theme of the day holds."""
BEYOND = "beyond"
"""Where an edition is about the members of an index: the group of news about others."""


def groups(spec: SectionSpec, pen: Pen) -> str | None:
    """Three to six groups with their news, then the rows of figures that belong to no theme."""
    closing = [(row.label, text) for row in spec.rows if (text := paragraph(_bare(row), pen))]
    found = found_groups(spec, pen)[: MOST_GROUPS - len(closing)]
    told = [(name, text) for name, stories in found if (text := _group(stories, spec, pen))]
    if not told and not closing:
        return None
    plain = (spec.labels.get(REST), spec.labels.get(BEYOND))
    names = [name for name, _ in told]
    themes = [name for name in names if name not in plain] or [name for name in names if name == plain[0]] or names
    pen.theme = "、".join(themes[:LEAST_GROUPS])
    return "\n\n".join(f"### 【{name}】\n\n{text}" for name, text in (*told, *closing))


def _bare(row: Row) -> Row:
    """The row without its label, which is the heading of its group."""
    return row.model_copy(update={"label": ""})


def found_groups(spec: SectionSpec, pen: Pen) -> list[tuple[str, list[Story]]]:
    """Themes of the day by the weight of their news; what is alone in its theme goes with the company news."""
    names = {topic.slug: spec.labels.get(topic.slug, topic.name) for topic in pen.context.edition.topics}
    held: dict[str, list[Story]] = defaultdict(list)
    for story in pen.context.stories:
        asked = Ask(subject=story.about, used=tuple(sorted(pen.spent)))
        if (slug := _group_of(story, spec, pen)) and pen.fits(story, asked):
            held[slug].append(story)
    least = LEAST_NEWS if sum(len(news) >= LEAST_NEWS for news in held.values()) >= LEAST_GROUPS else 1
    for slug in [slug for slug, news in held.items() if slug not in (REST, BEYOND) and len(news) < least]:
        held[REST] += held.pop(slug)
    order = {REST: 1, BEYOND: 2}
    ranked = sorted(held.items(), key=lambda pair: (order.get(pair[0], 0), -_weight(pair[1], pen), pair[0]))
    names.update({slug: spec.labels.get(slug, "") for slug in (REST, BEYOND)})
    return [(names[slug], _best_first(news, pen)) for slug, news in ranked if news]


def _group_of(story: Story, spec: SectionSpec, pen: Pen) -> str:
    """The first theme that it is about, of those that the section looks for; else company news, if it is about one."""
    if not story.topics and not story.about:
        return ""
    if story.topics and _is_wrap(story.topics[0], pen):
        return ""
    themes = [slug for slug in story.topics if slug in spec.topics and says(story, slug, pen)]
    members = pen.context.edition.members
    if themes and story.score > 0:
        return themes[0] if not members or {story.about, *story.entities} & {*members} else BEYOND
    if story.about in members:
        return REST
    if members:
        return ""
    return REST if story.about and story.topics[:1] in (("corporate",), ("results",)) and story.score >= WORTH else ""


def says(story: Story, slug: str, pen: Pen) -> bool:
    """Is a topic named in what is told, not only somewhere in the document?"""
    words = next((topic.words for topic in pen.context.edition.topics if topic.slug == slug), ())
    return any(word in story.plain for word in words)


WORTH = 16
"""Points without which news of a company that is no member is left out."""


def _is_wrap(slug: str, pen: Pen) -> bool:
    return any(topic.slug == slug and topic.wrap for topic in pen.context.edition.topics)


def _weight(stories: Sequence[Story], pen: Pen) -> int:
    return sum(_points(story, pen) for story in stories)


def _points(story: Story, pen: Pen) -> int:
    return story.score + 20 * (story.about in pen.context.edition.members)


def _best_first(stories: Sequence[Story], pen: Pen) -> list[Story]:
    return sorted(stories, key=lambda story: (-_points(story, pen), story.document.doc_id))


def _group(stories: Sequence[Story], spec: SectionSpec, pen: Pen) -> str:
    """A paragraph an item; several items of one company stand together."""
    paragraphs: dict[str, list[str]] = {}
    for story in stories[: spec.limits.rows]:
        paragraphs.setdefault(story.about or story.document.doc_id, []).append(_item(story, pen))
    return "\n\n".join("".join(items) for items in paragraphs.values())


def _item(story: Story, pen: Pen) -> str:
    """The news, linked, and the sentence after it, whose figures carry their own links."""
    told = pen.tell(as_prose(story))
    more = more_of(story, pen)
    return f"{told.text}。{f'{more}。' if more else ''}"


# Risks


def risks(spec: SectionSpec, pen: Pen) -> str | None:
    """A numbered list: what it is called, what of the day brings it up, what it may come to."""
    told: list[str] = []
    for row in spec.rows:
        if len(told) < spec.limits.rows and (text := _risk(row, pen)):
            told.append(f"{len(told) + 1}. **{row.label}**：{text}")
    return "\n".join(told) if len(told) >= LEAST_RISKS else None


LEAST_RISKS = 1
INVOLVED = 2


def _risk(row: Row, pen: Pen) -> str:
    said = next((s for slug in row.lines for code in pen.codes_for(slug) if (s := line_of(slug, pen, code))), None)
    brought_up = [story for story in _told(pen) if any(says(story, slug, pen) for slug in row.topics)]
    if said is None and not brought_up:
        return ""
    closing = pen.choose(row.effects["bad"], f"{pen.section}/{row.label}") if row.effects.get("bad") else ""
    named = _involved(brought_up, pen) if row.named else ""
    return "。".join(part for part in (said.text if said else "", closing) if part) + f"。{named}"


def _involved(stories: Sequence[Story], pen: Pen) -> str:
    """The companies whose news of today brings the risk up."""
    members = pen.context.edition.members
    about = (story.about for story in stories if story.about and (not members or story.about in members))
    names = list(dict.fromkeys(map(pen.context.name, about)))[:INVOLVED]
    return f"（当日涉及：{'、'.join(names)}）" if names else ""


def _told(pen: Pen) -> Iterator[Story]:
    """The news that this draft has told."""
    return (story for story in pen.context.stories if story.document.doc_id in pen.told_stories)


# Directions


RUN = "连续"
"""A run says more than its last day: 连续净买入 needs no 净买入 beside it."""


@dataclass(slots=True)
class Standing:
    """What was found of one stock: reasons in few words, each with the way it points."""

    reasons: list[tuple[str, Tone]] = field(default_factory=list[tuple[str, Tone]])

    @property
    def tone(self) -> Tone:
        ways = {tone for _, tone in self.reasons} & {"good", "bad"}
        return "mixed" if len(ways) == 2 else "good" if "good" in ways else "bad" if "bad" in ways else "calm"

    @property
    def words(self) -> str:
        """Two reasons; where they point both ways, one of each."""
        first = self.reasons[0]
        others = [reason for reason in self.reasons[1:] if self.tone != "mixed" or {first[1], reason[1]} >= BOTH]
        if self.tone == "mixed" and first[1] not in BOTH:
            return "，".join(next(word for word, tone in self.reasons if tone == way) for way in ("good", "bad"))
        return "，".join(word for word, _ in (first, *others[:1]))

    def add(self, word: str, tone: Tone, *, first: bool = False) -> None:
        """One reason more, unless it or a longer one (连续净买入) says so already."""
        if not any(word in known.replace(RUN, "") for known, _ in self.reasons):
            self.reasons.insert(0 if first else len(self.reasons), (word, tone))


BOTH = frozenset({"good", "bad"})


def directions(spec: SectionSpec, pen: Pen) -> str | None:
    """The stocks of the edition by where the day's facts and news point; each with its reasons."""
    found = _standings(spec, pen)
    opening = [text for row in spec.rows if (text := paragraph(row, pen))]
    taken: set[str] = set()
    told: list[str] = []
    for side in spec.sides:
        named = [code for code, held in found.items() if held.tone in _wanted(side) and code not in taken]
        chosen = named[: side.reasons]
        taken |= set(chosen)
        if chosen:
            stocks = "、".join(f"{pen.context.name(code)}（{found[code].words}）" for code in chosen)
            advice = pen.choose(side.advice, side.heading) if side.advice else ""
            told.append(f"- {side.heading}{stocks}。{advice}")
    return "\n\n".join(part for part in (*opening, "\n".join(told)) if part) if told else None


def _wanted(side: Side) -> tuple[Tone, ...]:
    return ("mixed", "calm") if side.tone in ("mixed", "calm") else (side.tone,)


def _standings(spec: SectionSpec, pen: Pen) -> Mapping[str, Standing]:
    """By stock, the members first in the order in which they earned a row."""
    ranked = [subject.entity for subject in pen.context.subjects]
    members = pen.context.edition.members or tuple(ranked)
    order = [code for code in ranked if code in members] + [code for code in members if code not in ranked]
    found = {code: _standing(code, spec, pen) for code in order}
    return {code: held for code, held in found.items() if held.reasons}


def _standing(code: str, spec: SectionSpec, pen: Pen) -> Standing:
    held = Standing()
    for slug in spec.lines:
        line = pen.context.edition.line(slug)
        if pen.context.fit(line, code, pen.section) is not None:
            held.add(line.say[0], line.tone)
    for story in _told(pen):
        if story.about == code and (word := _word_for(story, spec)):
            held.add(word, story.tone, first=True)
    return held


def _word_for(story: Story, spec: SectionSpec) -> str:
    return next((spec.labels[slug] for slug in story.topics if slug in spec.labels), "")


__all__ = ["directions", "found_groups", "groups", "risks"]
