"""From material to a judged text: context, sections, one Markdown, and the stranger's verdict on it."""

from __future__ import annotations

import asyncio
import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import reduce
from typing import Literal

from quantshark import context as contexts
from quantshark.checks import CheckResult, Evidence, compliant, judge
from quantshark.context import Brief, Context, Wishes
from quantshark.context.ground import Lay, lay
from quantshark.data import load_concepts
from quantshark.editions import Edition, SectionSpec
from quantshark.model import NOTHING_SPENT, Document, Draft, Event, Fact, Listener, Mark, Section, Verdict
from quantshark.newsroom import rulings
from quantshark.newsroom.material import Material
from quantshark.newsroom.places import places
from quantshark.press.exhibits import MARKUP
from quantshark.press.imprint import Imprint
from quantshark.press.markdown import Printed, render
from quantshark.runs import Run
from quantshark.store import BLOCKED
from quantshark.writers import Writer
from quantshark.writers.calls import total
from quantshark.writers.rules import RuleWriter, headline, write_section

Script = Literal["hans", "hant"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A printed draft with what the stranger says of it."""

    draft: Draft
    printed: Printed
    result: CheckResult
    evidence: Evidence
    context: Context

    @property
    def releasable(self) -> bool:
        return not self.draft.held and self.result.releasable


def frame(
    edition: Edition,
    material: Material,
    day: date,
    until: datetime,
    site_url: str,
    wishes: Wishes | None = None,
    lay: Lay = lay,
) -> Context:
    """The frozen context of a draft."""
    asked = wishes or Wishes()
    facts, documents = material.facts, material.documents
    return contexts.build(edition, facts, documents, day, until, wishes=asked, site=site_url, lay=lay)


def inputs_of(context: Context, writer: str, script: Script) -> str:
    """A hash of all that the steps of a draft depend on."""
    told = "\0".join((context.digest, writer, script))
    return hashlib.sha256(told.encode()).hexdigest()


async def write(
    context: Context, writer: Writer, script: Script, run: Run, listen: Listener, prompts: Mapping[str, str]
) -> Draft:
    """All sections, side by side; those that summarise after those that they summarise."""
    done: dict[str, Section] = {}
    for wave in _waves(context.edition.sections):
        briefs = [Brief(spec, context, script, tuple(done[slug] for slug in spec.summarises)) for spec in wave]
        done |= {
            section.slug: section for section in await asyncio.gather(*(_step(run, writer, b, listen) for b in briefs))
        }
    return _draft(context, script, [done[spec.slug] for spec in context.edition.sections], prompts)


async def _step(run: Run, writer: Writer, brief: Brief, listen: Listener) -> Section:
    """Write a section, or read it from the run where it was written before; whoever watches sees it either way."""
    section = await run.step(f"write:{brief.slug}", Section, _writing(writer, brief, listen))
    told = {
        "title": section.title,
        "text": section.text,
        "writer": section.writer,
        "rounds": section.rounds,
        "dropped": len(section.dropped),
        "note": section.note,
    }
    listen(Event("section_written", brief.slug, told))
    return section


NEEDS_A_PERSON = "本版面给出操作建议（advise），须由编辑批准后才能发布"


def waiting_for_a_person(judged: Judged) -> Judged:
    """The same draft, held: what advises goes out only when an editor has said so. The draft that is saved is not held."""
    return replace(judged, draft=replace(judged.draft, held=(*judged.draft.held, NEEDS_A_PERSON)))


def _writing(writer: Writer, brief: Brief, listen: Listener) -> Callable[[], Awaitable[Section]]:
    async def begun() -> Section:
        listen(Event("section_started", brief.slug, {"title": brief.title.replace("{theme}", "主题")}))
        return await writer.write(brief, listen)

    return begun


def _waves(specs: Sequence[SectionSpec]) -> Iterator[list[SectionSpec]]:
    """Sections that wait for nothing first; `editions` made sure that they do not wait in a ring."""
    written: set[str] = set()
    waiting = list(specs)
    while waiting:
        ready = [spec for spec in waiting if written.issuperset(spec.summarises)]
        yield ready
        written |= {spec.slug for spec in ready}
        waiting = [spec for spec in waiting if spec.slug not in written]


def _draft(context: Context, script: Script, sections: Sequence[Section], prompts: Mapping[str, str]) -> Draft:
    head = headline(context, script)
    edition = context.edition
    return Draft(
        edition=edition.slug,
        day=context.day,
        script=script,
        title=head.title,
        summary=head.summary,
        sections=tuple(section for section in sections if section.text),
        context=context.digest,
        prompts={"edition": edition.digest, **prompts},
        held=context.held,
        usage=reduce(total, (section.usage for section in sections), NOTHING_SPENT),
        unsaid=unsaid(context),
        omitted={section.slug: section.note for section in sections if not section.text},
        demo=context.demo,
    )


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many verdicts of each status, and how many stop a release."""
    found = Counter(verdict.status for verdict in verdicts if verdict.reason != MARKUP)
    return {**found, BLOCKED: sum(verdict.blocks for verdict in verdicts)}


def unsaid(context: Context) -> tuple[str, ...]:
    """What the rules took back, for an editor: the section's heading, whom it was about, and the words in question."""
    headings = {spec.slug: spec.heading.replace("{theme}", "主题") for spec in context.edition.sections}
    told: list[str] = []
    for slug, what, subject in sorted(context.unsaid):
        parts = (headings.get(slug, "标题"), context.name(subject) if subject else "", _in_question(what, context))
        told.append(" · ".join(part for part in parts if part))
    return tuple(dict.fromkeys(told))


GAP = "…"


def _in_question(what: str, context: Context) -> str:
    """A headline, a word to be taught, or the sentence with gaps where its figures would stand."""
    name = what.rpartition(":")[2]
    if document := context.documents.get(name):
        return f"“{document.title}”{'的下一句' if name != what else ''}"
    if what.startswith("roll:"):
        return "逐只列举的数字"
    if line := next((line for line in context.edition.lines if line.id == what), None):
        return f"“{re.sub(r'{[^}]*}', GAP, line.say[0])}”"
    return next((f"词条“{concept.hans}”" for concept in context.concepts if concept.slug == what), "一句")


SAID_BY_SOURCES = frozenset({"rank", "record_high", "record_low"})


Reader = Callable[[Sequence[Document], Sequence[Fact], Mapping[str, Fact]], Evidence]


def evidence(
    context: Context, facts: Iterable[Fact], amended: frozenset[str] = frozenset(), read: Reader = Evidence
) -> Evidence:
    """What the stranger is shown: every document that a fact to be printed stands in, or one of its operands, and all
    news since the session told. Older documents prove nothing here, nor does a series behind a rank or a record: who
    says 新高 needs a source that says so. `amended` names the facts that people put right.
    """
    by_id = {fact.fact_id: fact for fact in facts}
    wanted = {story.document.doc_id for story in context.stories}
    wanted |= {name for item in context.items for name in _documents_of(item.fact, by_id)}
    edge = datetime.combine(context.session, time(), context.until.tzinfo)
    shown = [
        document
        for document in context.documents.values()
        if document.doc_id in wanted or (document.known_at is not None and document.known_at >= edge)
    ]
    put_right = {name: by_id[name] for name in amended if name in by_id}
    return read(shown, [item.fact for item in context.items if item.fact.formula], put_right)


def _documents_of(fact: Fact, by_id: Mapping[str, Fact]) -> Iterator[str]:
    if fact.source is not None:
        yield fact.source.doc_id
    formula = fact.formula
    for operand in formula.operands if formula and formula.op not in SAID_BY_SOURCES else ():
        if operand in by_id:
            yield from _documents_of(by_id[operand], by_id)


def printed(
    draft: Draft,
    edition: Edition,
    site_url: str,
    revision: int = 1,
    notice: str = "",
    rise: Literal["red", "green"] = "red",
) -> Printed:
    """The draft as one text in the dress of its edition."""
    imprint = replace(Imprint.of(edition), rise=rise)
    return render(draft, imprint, site_url, revision=revision, notice=notice)


def judged(
    draft: Draft,
    sheet: Printed,
    context: Context,
    evidence: Evidence,
    listen: Listener,
    read: CheckResult | None = None,
) -> Judged:
    """Read the text again as a stranger, and hold the stranger's reading against what code printed; `read` is that
    reading, where it was done already."""
    result = read or stranger(sheet.text, sheet.marks, context, evidence)
    ruling = ruled(result.verdicts, draft, sheet, context, evidence)
    result = replace(result, verdicts=ruling)
    told = {"figures": len(result.verdicts), "releasable": result.releasable, "counts": counts(result.verdicts)}
    listen(Event("checked", "", told))
    return Judged(draft, sheet, result, evidence, context)


def stranger(text: str, marks: Sequence[Mark], context: Context, evidence: Evidence) -> CheckResult:
    """All that can be held against a text, a section's or the whole: its figures read anew, and what may not be said."""
    result = judge(text, evidence, as_of=context.day, slot=context.until.isoformat(), marks=marks)
    facts = {item.fact.fact_id: item.fact for item in context.items}
    settled = reconciled(text, marks, result.verdicts, facts)
    barred = compliant.check(text, load_concepts(), context.edition.forbidden)
    found = sorted((*settled, *barred), key=lambda verdict: (verdict.start, verdict.end))
    return CheckResult(tuple(found), result.as_of)


def proven(draft: Draft, sheet: Printed, read: CheckResult, context: Context, listen: Listener) -> Draft:
    """The draft, printed and read as a whole, without the model's sections against which the whole reads badly though each
    passed by itself: a name in one may change whom the next speaks of. The rules' words take their place, so that a report
    comes out. The words of pictures are no section's, and no section is given up for them.
    """
    pictures = [(plot.start, plot.end) for plot in sheet.plots]
    found = [
        verdict
        for verdict in read.verdicts
        if verdict.blocks and not any(start <= verdict.start < end for start, end in pictures)
    ]
    theirs = [section for section in draft.sections if section.writer != RuleWriter.name]
    if not found or not theirs:
        return draft
    hit = [section for section in theirs if _holds(section, sheet.text, found)] or theirs
    why = f"全文复核不通过：{found[0].message}"
    for section in hit:
        listen(Event("fell_back", section.slug, {"why": why}))
    sections = tuple(_by_rule(s, draft, context, why) if s in hit else s for s in draft.sections)
    return replace(draft, sections=sections)


def _holds(section: Section, page: str, found: Sequence[Verdict]) -> bool:
    start = page.find(section.text)
    return start < 0 or any(start <= verdict.start < start + len(section.text) for verdict in found)


def _by_rule(section: Section, draft: Draft, context: Context, why: str) -> Section:
    plain = write_section(Brief(context.edition.section(section.slug), context, draft.script))
    return replace(plain, rounds=section.rounds, dropped=section.dropped, usage=section.usage, note=why)


def ruled(
    verdicts: Sequence[Verdict], draft: Draft, sheet: Printed, context: Context, evidence: Evidence
) -> tuple[Verdict, ...]:
    """The verdicts with what editors decided about single figures."""
    if not draft.rulings:
        return tuple(verdicts)
    facts = {fact.fact_id: fact for fact in (*evidence.facts, *(item.fact for item in context.items))}
    return rulings.applied(verdicts, draft, sheet, places(sheet, draft, context.site), facts, evidence.names)


def reconciled(
    text: str, marks: Sequence[Mark], verdicts: Sequence[Verdict], facts: Mapping[str, Fact]
) -> tuple[Verdict, ...]:
    """Both readings of each printed figure must agree; where they do, the fact that was printed is its proof."""
    settled: list[Verdict] = []
    met: set[Mark] = set()
    marks = sorted(marks, key=lambda mark: mark.start)
    ends = [mark.end for mark in marks]  # in order too: no two marks share a character
    for verdict in verdicts:
        place = bisect_right(ends, verdict.start)
        mark = marks[place] if place < len(marks) and marks[place].start < verdict.end else None
        if mark is not None:
            met.add(mark)
        settled.append(_settled(verdict, facts.get(mark.fact_id) if mark else None))
    settled += [_not_read(mark, text[mark.start : mark.end]) for mark in marks if mark not in met]
    return tuple(sorted(settled, key=lambda verdict: (verdict.start, verdict.end)))


def _settled(verdict: Verdict, printed: Fact | None) -> Verdict:
    if printed is None or verdict.blocks or verdict.status == "exempt":
        return verdict
    if verdict.fact is not None and not _same_size(printed, verdict.fact):
        told = f"“{verdict.surface}”：印出的事实与复读找到的依据不是同一个数。"
        return replace(verdict, status="unread", reason="astray", message=told)
    return replace(verdict, fact=printed, source=printed.source)


def _not_read(mark: Mark, surface: str) -> Verdict:
    return Verdict(mark.start, mark.end, surface, "unread", "mark_unread", f"“{surface}”由系统印出，复读时却没有读到。")


def _same_size(printed: Fact, proof: Fact) -> bool:
    """Two readings of one quantity differ by no more than the coarser one's last digit."""
    ulp = max(printed.ulp or 0, proof.ulp or 0)
    return abs(abs(printed.value) - abs(proof.value)) <= ulp
