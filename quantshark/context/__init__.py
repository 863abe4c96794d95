"""What a draft may say: facts selected, derived, ranked, numbered once, and the one place that prints them.

`build` makes the frozen `Context` of a draft. Its facts are numbered f1 … and its documents d1 … in stable order, so that
all sections and all writers speak of the same things; `print` turns references into figures, links and marks. What did not
fit or may not be told is counted in `dropped`; what the edition cannot do without and does not have is in `held`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property

from quantshark.calendars import Calendar
from quantshark.context import ground, printing, wording
from quantshark.context.chinese import to_simplified, to_traditional
from quantshark.context.ground import Lay, Spot
from quantshark.context.rank import Subject, Window, choose_stories, choose_subjects, cut, in_order
from quantshark.context.select import aware, standing
from quantshark.context.tell import Story
from quantshark.data import load_concepts, load_measures
from quantshark.editions import Cue, Edition, Line, Scoring, SectionSpec
from quantshark.errors import WriterError
from quantshark.lexicon.figures import find_figures
from quantshark.model import SHANGHAI, Concept, Document, Entity, Fact, Mark, Measure, Section
from quantshark.prompts import estimate_tokens

__all__ = ["Brief", "Context", "Item", "Lesson", "Saying", "Story", "Subject", "Wishes", "build"]

CHANGED = frozenset(
    {"rank", "record_high", "record_low", "difference", "growth", "share", "average", "round", "percentile"}
)
"""Formulas whose result measures something else than its operands: a cue must ask for them by name."""


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered fact and the document that tells it (of a derived fact: that of its main operand)."""

    ref: str
    fact: Fact
    document: Document | None


Saying = tuple[str, str, str]
"""A section's slug, the id of a line or document, and the stock it is about (or nothing)."""


@dataclass(frozen=True)
class Context:
    """The frozen snapshot that a draft is written from."""

    edition: Edition
    day: date
    session: date
    until: datetime
    items: tuple[Item, ...]
    stories: tuple[Story, ...]
    subjects: tuple[Subject, ...]
    documents: Mapping[str, Document]
    measures: Mapping[str, Measure]
    entities: Mapping[str, Entity]
    passing: frozenset[str] = frozenset()
    concepts: tuple[Concept, ...] = ()
    taught: tuple[str, ...] = ()
    known: tuple[Fact, ...] = ()
    """Every fact that the report may print, whether a writer is given it or not; pictures draw from them."""
    unsaid: frozenset[Saying] = frozenset()
    """What sections may not say: a careful reader would not bind it."""
    site: str = ""
    demo: bool = False
    dropped: Mapping[str, int] = field(default_factory=dict[str, int])
    dropped_facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @cached_property
    def _by_ref(self) -> dict[str, Item]:
        return {item.ref: item for item in self.items}

    @cached_property
    def _refs(self) -> dict[str, str]:
        return {item.fact.fact_id: item.ref for item in self.items}

    @cached_property
    def _by_entity(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.fact.entity, []).append(item)
        return found

    @cached_property
    def _numbers(self) -> dict[str, str]:
        """d-number -> document id, in the order in which the facts and stories name them."""
        ids: dict[str, None] = {}
        for item in self.items:
            if item.document is not None:
                ids.setdefault(item.document.doc_id)
        for story in self.stories:
            ids.setdefault(story.document.doc_id)
        return {f"d{number}": doc_id for number, doc_id in enumerate(ids, start=1)}

    @cached_property
    def _documents_refs(self) -> dict[str, str]:
        return {doc_id: ref for ref, doc_id in self._numbers.items()}

    @cached_property
    def digest(self) -> str:
        """The hash of everything a writer can see."""
        text = hashlib.sha256()
        for part in (self.edition.digest, self.day.isoformat(), self.until.isoformat(), self.block):
            text.update(part.encode() + b"\0")
        for saying in sorted(self.unsaid):
            text.update(f"{saying}\0".encode())
        text.update(f"{self.taught}\0".encode())
        for item in self.items:
            text.update(f"{item.ref} {item.fact.fact_id} {item.fact.value}\0".encode())
        return text.hexdigest()

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The core facts that are not there, by name: an edition without them is held."""
        return tuple(core.name for core in self.edition.core if not any(self.find(cue) for cue in core.cues))

    # Finding

    def fact(self, ref: str) -> Fact:
        """The fact of a reference. Raises WriterError."""
        if ref not in self._by_ref:
            raise WriterError(f"no fact {ref!r} in this context; it has f1 to f{len(self.items)}", unknown=ref)
        return self._by_ref[ref].fact

    def ref(self, fact: Fact | str) -> str:
        """The reference of a fact (or its id). Raises WriterError where it was not chosen."""
        fact_id = fact if isinstance(fact, str) else fact.fact_id
        if fact_id not in self._refs:
            raise WriterError(f"fact {fact_id!r} is not in this context", unknown=fact_id)
        return self._refs[fact_id]

    def document_ref(self, document: Document) -> str:
        """The d-number of a document that the context tells. Raises WriterError."""
        if document.doc_id not in self._documents_refs:
            raise WriterError(f"document {document.doc_id!r} is not in this context", unknown=document.doc_id)
        return self._documents_refs[document.doc_id]

    def find(self, name: str, subject: str = "") -> Item | None:
        """The best fact for a cue of the edition, about `subject` where the cue names no entity."""
        return best(self._by_entity.get(self.edition.cues[name].entity or subject, ()), self.edition.cues[name], self)

    def fit(self, line: Line, subject: str = "", section: str = "") -> dict[str, Item] | None:
        """The facts that a line waits for, by cue; None while one is missing, one is there that must lack, a condition
        fails, or the section may not say it.
        """
        if (section, line.id, subject) in self.unsaid:
            return None
        found = {name: self.find(name, subject) for name in line.needs}
        items = {name: item for name, item in found.items() if item is not None}
        if len(items) < len(found) or any(self.find(name, subject) is not None for name in line.lacks):
            return None
        if line.same and not _agree([items[name].fact for name in line.same]):
            return None
        bounds = (
            (name, op, bound if isinstance(bound, Decimal) else signed(items[bound].fact))
            for name, op, bound in line.conditions
        )
        return items if all(_holds(items[name].fact, op, bound) for name, op, bound in bounds) else None

    def codes_for(self, line: Line) -> tuple[str, ...]:
        """Whom a line may be about: the market (no one), or any stock that earned a row."""
        of_subject = any(not self.edition.cues[name].entity for name in line.needs)
        return tuple(subject.entity for subject in self.subjects) if of_subject else ("",)

    @cached_property
    def lesson(self) -> Lesson | None:
        """The lesson of the day: the first line of a lesson section that fits and opens a concept not taught lately,
        of its concepts the easiest, the nearest of those.

        A concept whose definition prints figures of its own waits (nothing of the day would prove them), and so does one
        that speaks in words which the edition does not use.
        """
        fit = (c for c in self.concepts if c.slug not in self.taught and not _has_figures(c))
        known = {c.slug: c for c in fit if not any(word in _words_of(c) for word in self.edition.forbidden)}
        for spec in self.edition.sections:
            for slug in spec.lines if spec.block == "lesson" else ():
                line = self.edition.line(slug)
                may = (known[n] for n in line.concepts if n in known and (spec.slug, n, "") not in self.unsaid)
                concept = min(may, key=lambda c: c.level, default=None)
                code = next((code for code in self.codes_for(line) if self.fit(line, code, spec.slug)), None)
                if concept is not None and code is not None:
                    return Lesson(concept, slug, code)
        return None

    def name(self, code: str, script: str = "hans") -> str:
        """The house's name of an entity, else what the sources call it."""
        entity = self.entities.get(code)
        if entity is not None:
            return entity.hant or entity.hans if script == "hant" else entity.hans
        said = next((item.fact.entity_name for item in self._by_entity.get(code, ()) if item.fact.entity_name), "")
        return self.plain(said or code.lstrip("~"), script)

    def tell(self, story: Story) -> str:
        """A story as text with references, one link to its document around it."""
        told = "".join(piece if isinstance(piece, str) else f"{{{self.ref(piece)}:said}}" for piece in story.told)
        return f"[{told}]({self.document_ref(story.document)})"

    # Printing

    def print(self, text: str, script: str = "hans", *, links: bool = True) -> tuple[str, tuple[Mark, ...]]:
        """Text with references -> text as published and its marks. Raises WriterError for an unknown reference."""
        return printing.print_text(text, self, script, links=links)

    def said(self, ref: str, form: str = "phrase", script: str = "hans") -> str:
        """One fact in words: `phrase` with its verb, `value`, or as `said` by its source."""
        fact = self.fact(ref)
        if form == "phrase":
            return self.plain(wording.phrase_of(fact, self.measures, self.edition.phrases, script), script)
        if form == "said" and fact.source is not None and fact.surface:
            return self.plain(wording.bare_count(fact, fact.surface), script)
        return wording.value_of(fact, script)

    def link(self, ref: str) -> str:
        """The address of a fact's or document's source; empty where there is none. Raises WriterError."""
        if ref.startswith("d"):
            if ref not in self._numbers:
                raise WriterError(
                    f"no document {ref!r} in this context; links are written [words](d1) or [words](f1)", unknown=ref
                )
            return self._address(self.documents[self._numbers[ref]])
        self.fact(ref)
        document = self._by_ref[ref].document
        return self._address(document) if document is not None else ""

    def _address(self, document: Document) -> str:
        return document.url or f"{self.site.rstrip('/')}/News/{document.doc_id}"

    def fact_id(self, ref: str) -> str:
        """The id of a referenced fact. Raises WriterError."""
        return self.fact(ref).fact_id

    def plain(self, text: str, script: str = "hans") -> str:
        """Words in the script asked for, whatever script a source is in."""
        return to_traditional(text) if script == "hant" else to_simplified(text)

    # For writers that read

    @cached_property
    def block(self) -> str:
        """The facts as compact lines, document by document: the common beginning of every prompt."""
        lines: list[str] = []
        by_document: dict[str, list[Item]] = {}
        for item in self.items:
            by_document.setdefault(item.document.doc_id if item.document else "", []).append(item)
        for ref, doc_id in self._numbers.items():
            lines.append(f"[{ref}] {_headline(self.documents[doc_id])}")
            lines += [f"  {self.line(item)}" for item in by_document.get(doc_id, ())]
        return "\n".join(lines)

    def line(self, item: Item) -> str:
        """`[f3] 南向资金 净卖出52.87亿港元 12月11日`."""
        fact = item.fact
        parts = [
            f"[{item.ref}]",
            self.name(fact.entity) if fact.entity else "",
            self.said(item.ref),
            wording.told_day(fact, self.day),
        ]
        if fact.modality != "actual":
            parts.append(f"({fact.said_by}{'预测' if fact.modality == 'forecast' else '计划'})")
        if fact.formula is not None:
            parts.append(f"(推算：{FORMULAS.get(fact.formula.op, fact.formula.op)})")
        return " ".join(part for part in parts if part)

    @cached_property
    def tokens(self) -> int:
        """About how long the block is for a model."""
        return estimate_tokens(self.block)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A concept, and the line (about a stock, or the market) that ties it to the day."""

    concept: Concept
    line: str
    subject: str


def signed(fact: Fact) -> Decimal:
    """A fact's value for comparisons; what counts days or places takes its sign from the direction."""
    return abs(fact.value) * wording.sign_of(fact) if fact.kind in wording.COUNTED else fact.value


def _holds(fact: Fact, op: str, bound: Decimal) -> bool:
    value = signed(fact)
    return {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound, "==": value == bound}[
        op
    ]


def _words_of(concept: Concept) -> str:
    return f"{concept.definition}{concept.why}{concept.misreading}"


def _agree(facts: list[Fact]) -> bool:
    """Do several ways to one figure come to the same, as far as the coarsest of them knows?"""
    values = [abs(fact.value) for fact in facts]
    return max(values) - min(values) <= max((fact.ulp or Decimal(0) for fact in facts), default=Decimal(0)) / 2


def _has_figures(concept: Concept) -> bool:
    return any(f.exempt is None and f.kind not in ("date", "time") for f in find_figures(_words_of(concept)))


FORMULAS = {
    "share": "占比", "sum": "合计", "difference": "较上一交易日增减", "growth": "较上一交易日变化", "streak": "连续天数",
    "rank": "名次", "record_high": "为若干交易日最高", "record_low": "为若干交易日最低", "average": "均值", "round": "整数关口", "percentile": "历史分位",
}  # fmt: skip


@dataclass(frozen=True)
class Brief:
    """What a writer is given: the section, the draft's context, and the sections that it summarises, as printed."""

    section: SectionSpec
    context: Context
    script: str = "hans"
    done: tuple[Section, ...] = ()

    @property
    def slug(self) -> str:
        return self.section.slug

    @property
    def title(self) -> str:
        return self.section.heading

    @property
    def own(self) -> tuple[str, ...]:
        """The references that belong to this section: what it takes, in the context's order."""
        takes = self.section.takes
        return tuple(
            item.ref
            for item in self.context.items
            if (not takes.measures or item.fact.measure in takes.measures)
            and (not takes.kinds or item.fact.kind in takes.kinds)
            and (not takes.entities or item.fact.entity in takes.entities)
        )


def best(items: Iterable[Item], cue: Cue, context: Context) -> Item | None:
    """Of the facts that answer a cue: the later day, then the better standing."""
    fitting = [item for item in items if asks_for(cue, item.fact) and _on(item, cue, context)]
    return max(fitting, key=lambda item: _merit(item.fact, context.documents), default=None)


def _merit(fact: Fact, documents: Mapping[str, Document]) -> tuple[object, ...]:
    end = fact.period.end if fact.period else date.min
    told = (
        fact.as_of if fact.scope == "cumulative" and fact.as_of else end
    )  # 自1月13日以来 begins there: how far it goes is its day
    return (max(told, end), end, fact.formula is None, *standing(fact, documents))


def asks_for(cue: Cue, fact: Fact) -> bool:
    """Is this the kind of fact that a cue asks for? Forecasts and plans never are."""
    if fact.modality != "actual" or (cue.measure and fact.measure not in cue.measure):
        return False  # asked of every fact for every cue: what most of them lack comes first
    op = fact.formula.op if fact.formula else None
    if cue.op is not None and op != cue.op:
        return False
    if cue.op is None and (op in CHANGED or (fact.kind in wording.COUNTED and not cue.kind)):
        return False
    asked = (
        (cue.kind, fact.kind),
        (cue.scope, fact.scope),
        (cue.basis, fact.basis),
        (cue.unit, fact.unit),
        (cue.grain, fact.period.grain if fact.period else ""),
    )
    if any(wanted and found not in wanted for wanted, found in asked):
        return False
    return cue.via in (None, fact.via)


CLOSE = time(16, 0)
"""From this hour of the session's day on, news is of the night that follows."""


def _on(item: Item, cue: Cue, context: Context) -> bool:
    """Is it about the day that a cue asks for? A passing reading of a session that has closed since never is."""
    fact, session, day = item.fact, context.session, context.day
    passing = fact.fact_id in context.passing
    end = fact.period.end if fact.period else fact.as_of
    at = item.document.known_at if item.document else None
    if cue.on == "fresh":
        return at is not None and at > _before(context)
    if cue.on == "any" or end is None:
        return cue.on == "any"
    if (cue.settled and passing) or (passing and end == session and session < day):
        return False
    if cue.on == "overnight":
        return at is not None and at >= datetime.combine(session, CLOSE, SHANGHAI) and end >= session
    return end in {"session": (session,), "day": (day,)}.get(cue.on, (session, day)) or (
        cue.on == "recent" and session < end < day
    )


def _before(context: Context) -> datetime:
    """The slot before this one: what was published since is new to the reader."""
    if context.edition.slot.tells == "previous":
        return context.edition.until(context.session)
    return datetime.combine(context.session, time(), SHANGHAI)


def _headline(document: Document) -> str:
    at = document.known_at
    time = f"{at:%m-%d %H:%M} " if at else ""
    return f"{time}{document.title[:40]}".strip()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people ask of a draft: stocks that come first, facts or documents (by id) wanted in or out, recent lessons."""

    watchlist: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    taught: tuple[str, ...] = ()


def build(
    edition: Edition,
    facts: Iterable[Fact],
    documents: Iterable[Document],
    day: date,
    until: datetime | None = None,
    wishes: Wishes = Wishes(),
    site: str = "",
    lay: Lay = ground.lay,
) -> Context:
    """The context of one draft for the edition's slot of `day`, or for an earlier moment `until`. `lay` lays its ground."""
    calendar = Calendar(edition.slot.calendar)
    until = until or edition.until(day)
    session = calendar.previous(day) if edition.slot.tells == "previous" else day
    window = _window(edition, session, until, calendar)
    laid = lay(facts, documents, Spot(day, session, until, edition.slot.calendar, wishes.bars))
    known, passing, entities, dropped = laid.documents, laid.passing, laid.entities, laid.dropped()
    stories = choose_stories(edition, laid, window, bars=wishes.bars, pins=wishes.pins)
    everything = laid.facts
    subjects = choose_subjects(everything, stories, _scoring(edition), entities, session, wishes.watchlist, passing)
    ranked = in_order(everything, stories, subjects, edition, session, pins=wishes.pins, watchlist=wishes.watchlist)
    items, stories = cut(ranked, stories, edition, dropped)
    by_id = {fact.fact_id: fact for fact in everything}
    recent = [d for d in known.values() if d.kind == "news" and d.known_at and d.known_at > window.opens]
    return Context(
        edition=edition,
        day=day,
        session=session,
        until=until,
        items=tuple(
            Item(f"f{n}", fact, _tells_it_too(fact, recent, entities) or _document(fact, by_id, known))
            for n, fact in enumerate(items, start=1)
        ),
        stories=stories,
        subjects=subjects,
        documents=known,
        measures={measure.slug: measure for measure in load_measures()},
        entities=entities,
        passing=passing,
        concepts=load_concepts(),
        taught=wishes.taught,
        known=tuple(everything),
        site=site,
        demo=any(document.demo for document in known.values()),
        dropped=dict(dropped.counts),
        dropped_facts={reason: tuple(ids) for reason, ids in dropped.facts.items()},
    )


def _window(edition: Edition, session: date, until: datetime, calendar: Calendar) -> Window:
    """Fresh is what came since the slot before this one; some sessions back it may still be told."""
    last = calendar.previous(session) if edition.slot.tells == "same" else session
    first = last
    for _ in range(edition.slot.days_back - 1):
        first = calendar.previous(first)
    return Window(edition.until(first), edition.until(last), aware(until))


def _scoring(edition: Edition) -> Scoring:
    """The rule by which stocks earn a row: that of the first section that has rows for them."""
    return next((spec.scoring for spec in edition.sections if spec.block == "radar_table"), Scoring())


TOLD_TOO = frozenset({"average", "share", "percentile", "growth"})


def _tells_it_too(fact: Fact, documents: Iterable[Document], entities: Mapping[str, Entity]) -> Document | None:
    """The news that tells a computed figure to the digit: a reader who follows the link finds it there."""
    if fact.formula is None or fact.formula.op not in TOLD_TOO:
        return None
    value, entity = wording.value_of(fact), entities.get(fact.entity)
    names = (entity.hans, *entity.aliases) if entity is not None else (fact.entity_name,)
    told = (d for d in documents if value in d.text and any(name in d.text for name in names))
    return max(told, key=lambda d: (d.known_at or datetime.min.replace(tzinfo=SHANGHAI), d.doc_id), default=None)


def _document(fact: Fact, by_id: Mapping[str, Fact], documents: Mapping[str, Document]) -> Document | None:
    """Where a fact was read; a derived one stands on its first operand."""
    if fact.source is not None:
        return documents.get(fact.source.doc_id)
    main = by_id.get(fact.formula.operands[0]) if fact.formula and fact.formula.operands else None
    return _document(main, by_id, documents) if main is not None else None
