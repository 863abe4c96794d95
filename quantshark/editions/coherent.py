"""What a schema cannot see: names that must meet, figures and words that may not stand in an edition's own sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quantshark.editions.nouns import CONDITION, NAMED, WORDS, Edition, SectionSpec, listed
from quantshark.lexicon.figures import find_figures


def problems(edition: Edition) -> Iterator[str]:
    """What does not fit together, the first first."""
    yield from _bad_sections(edition)
    yield from _bad_charts(edition)
    yield from _bad_lines(edition)
    yield from _bad_words(edition)


def _bad_sections(edition: Edition) -> Iterator[str]:
    slugs_seen = [spec.slug for spec in edition.sections]
    lines, topics = {line.id for line in edition.lines}, {topic.slug for topic in edition.topics}
    for line in edition.lines:
        if stray := {*line.because, *line.against} - lines or {*line.topics, *line.news} - topics:
            yield f"lines.{line.id}: {listed(stray)} is no line or topic of this edition; define it"
    if len(set(slugs_seen)) < len(slugs_seen):
        yield f"a section slug stands twice in {listed(slugs_seen)}; rename one"
    for spec in edition.sections:
        for label, named, known in (
            ("summarises", spec.summarises, set(slugs_seen) - {spec.slug}),
            ("lines", _lines_of(spec), lines),
            ("topics", _topics_of(spec), topics),
        ):
            if stray := set(named) - known:
                yield f"sections.{spec.slug}.{label}: {listed(stray)} is not defined; there are {listed(known) or 'none'}"
    for spec in edition.sections:
        rolls = [roll for row in spec.rows for roll in row.rolls]
        asked = {cue for roll in rolls for cue in (roll.cue, roll.also)} | {spec.market}
        if stray := asked - {""} - set(edition.cues):
            yield f"sections.{spec.slug}.rolls: no cue {listed(stray)}; define it under cues"
    for name, wanted in (("headlines", edition.headlines), ("decks", edition.decks)):
        if stray := set(wanted) - lines:
            yield f"{name}: no line {listed(stray)}; define it under lines"
    for core in edition.core:
        if stray := set(core.cues) - set(edition.cues):
            yield f"core {core.name!r}: no cue {listed(stray)}; define it under cues"


def _bad_charts(edition: Edition) -> Iterator[str]:
    sections = {spec.slug for spec in edition.sections}
    names = [chart.slug for chart in edition.charts]
    if len(set(names)) < len(names):
        yield f"a chart slug stands twice in {listed(names)}; rename one"
    for chart in edition.charts:
        where = f"charts.{chart.slug}"
        if chart.section not in sections:
            yield f"{where}.section: no section {chart.section!r}; there are {listed(sections)}"
        if stray := {chart.cue, *filter(None, (chart.also, chart.instead))} - set(edition.cues):
            yield f"{where}.cue: no cue {listed(stray)}; define it under cues"
        elif chart.kind != "names" and not edition.cues[chart.cue].entity:
            yield f"{where}.cue: {chart.cue} names no entity; a picture of kind {chart.kind} is about one thing"
        elif chart.kind == "names" and edition.cues[chart.cue].entity:
            yield f"{where}.cue: {chart.cue} is about one thing alone; a picture of kind names compares several"


def _lines_of(spec: SectionSpec) -> list[str]:
    return [
        *spec.heads,
        *spec.lines,
        *spec.watch,
        *spec.cases,
        *(s for row in spec.rows for s in row.lines),
        *(s for side in spec.sides for s in side.lines),
    ]


def _topics_of(spec: SectionSpec) -> list[str]:
    rows = (s for row in spec.rows for s in row.topics)
    return [*spec.topics, *spec.takes.topics, *rows, *(s for side in spec.sides for s in side.topics)]


def _bad_lines(edition: Edition) -> Iterator[str]:
    for line in edition.lines:
        if stray := set(line.same) - set(line.needs):
            yield f"lines.{line.id}.same: {listed(stray)} is none of its needs; add it there"
        if stray := {*line.needs, *line.lacks} - set(edition.cues):
            yield f"lines.{line.id}: no cue {listed(stray)}; define it under cues"
        for text in line.when:
            read = CONDITION.fullmatch(text)
            compared = {read[1], read[3]} if read and read[3][0].isalpha() else {read[1]} if read else {text}
            if not compared <= set(line.needs):
                yield (
                    f"lines.{line.id}.when: {text!r} is no comparison of one of its needs with a number or another need "
                    "(`flow < 0`, `level > average`)"
                )
        for text in line.say:
            named = {m[1] for m in NAMED.finditer(text)}
            if stray := named - set(line.needs) - WORDS - set(edition.thresholds):
                yield f"lines.{line.id}.say: {listed(stray)} is no need, threshold or word ({listed(WORDS)})"


def _bad_words(edition: Edition) -> Iterator[str]:
    """The writer's own words hold no figures, and none of the edition's forbidden words."""
    for where, text in _own_words(edition):
        bare = re.sub(r"\{[^}]*\}", "某", text)
        if typed := [figure.surface for figure in find_figures(bare) if figure.exempt is None]:
            yield f"{where}: the figure {listed(typed)} is typed in {text!r}; a figure is a fact or a threshold"
        if said := [word for word in edition.forbidden if word in bare]:
            yield f"{where}: {listed(said)} may not be said in mode {edition.advice}: {text!r}"


def _own_words(edition: Edition) -> Iterator[tuple[str, str]]:
    for line in edition.lines:
        yield from ((f"lines.{line.id}", text) for text in line.say)
    for spec in edition.sections:
        for row in spec.rows:
            yield from ((f"sections.{spec.slug}.{row.label}", t) for told in row.effects.values() for t in told)
            yield from ((f"sections.{spec.slug}.{row.label}", t) for t in row.status.values())
            yield from ((f"sections.{spec.slug}.{row.label}", t) for told in row.opens.values() for t in told)
            yield from ((f"sections.{spec.slug}.{row.label}", t) for t in row.brings)
            yield from (
                (f"sections.{spec.slug}.{row.label}", t)
                for roll in row.rolls
                for t in (roll.item, roll.with_also, *roll.opens, *roll.rest.values())
            )
        for side in spec.sides:
            yield from ((f"sections.{spec.slug}.{side.heading}", t) for t in (*side.lead, *side.advice, side.none))
        yield from ((f"sections.{spec.slug}.closings", t) for t in spec.closings)
        yield from ((f"sections.{spec.slug}.signals", t) for told in spec.signals.values() for t in told)
    for chart in edition.charts:
        yield from ((f"charts.{chart.slug}", text) for text in (chart.title, chart.opens, chart.item))
    yield from ((f"phrases.{name}", text) for name, text in edition.phrases.items())
