"""The proof view of a draft as values: its sections as HTML with every figure in its own element, and the evidence of each.

Made once a draft (drafts do not change) and shown as often as anyone looks: `of` takes what the newsroom judged and lays
out, for each figure, the sentence it was read in, the formula with its operands, what contradicts it and what an editor
could have meant. Nothing here decides anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from quantshark.console.words import LOOKS, NEEDS, origin
from quantshark.context.wording import value_of
from quantshark.errors import ReleaseError
from quantshark.lexicon.figures import find_figures
from quantshark.model import Document, Fact, Ruling, Section, Verdict
from quantshark.newsroom.places import SUMMARY, TITLE
from quantshark.press.exhibits import Archive, Exhibit, Proof, Quote, exhibits
from quantshark.press.formulas import formula_text
from quantshark.press.html import says, when
from quantshark.press.links import document_url
from quantshark.press.markdown import Part, Printed, sections_of
from quantshark.press.typeset import Inset, set_body, set_line

QUOTED = 160
"""An editor may see more of a source than the public page shows."""
NEAREST = 6
OTHERS = 4


@dataclass(frozen=True, slots=True)
class Cited:
    """A fact as an editor sees it: what it says, the words it was read in with the figure between, and its document."""

    fact_id: str
    says: str
    value: str
    before: str = ""
    marked: str = ""
    after: str = ""
    doc_id: str = ""
    title: str = ""
    origin: str = ""
    url: str = ""
    formula: str = ""
    operands: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure of the draft with its evidence; `section` is `title` and `summary` for what stands above them."""

    number: int
    surface: str
    look: str
    message: str
    reason: str
    section: str
    start: int
    end: int
    proof: Cited | None = None
    others: tuple[Cited, ...] = ()
    nearest: tuple[Cited, ...] = ()
    ruling: Ruling | None = None

    @property
    def needs(self) -> bool:
        """Does this figure wait for an editor?"""
        return self.look in NEEDS


@dataclass(frozen=True, slots=True)
class Block:
    """A section on the page. `start` is where its text stands in the printed report."""

    slug: str
    title: Markup
    html: Markup
    text: str
    start: int
    needs: int
    figures: int
    writer: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole draft as the console shows it."""

    title: Markup
    lead: Markup
    blocks: tuple[Block, ...]
    figures: tuple[Shown, ...]
    counts: Mapping[str, int]

    @property
    def first_to_last(self) -> tuple[Shown, ...]:
        """What stops a release, then what sources dispute, then the rest; each in reading order."""
        return tuple(sorted(self.figures, key=lambda shown: (_urgency(shown), shown.number)))

    @property
    def open(self) -> int:
        return sum(shown.needs for shown in self.figures)

    def figure(self, number: int) -> Shown | None:
        return next((shown for shown in self.figures if shown.number == number), None)

    def block(self, slug: str) -> Block | None:
        return next((block for block in self.blocks if block.slug == slug), None)


def _urgency(shown: Shown) -> int:
    if not shown.needs:
        return 3 if shown.look == "exempt" else 2
    return 1 if shown.look == "disputed" else 0


class Cabinet:
    """The facts that a draft could cite, looked up by what they are about."""

    def __init__(
        self,
        facts: Iterable[Fact],
        documents: Mapping[str, Document],
        site_url: str,
        citable: Sequence[Fact] = (),
    ) -> None:
        self.facts = {fact.fact_id: fact for fact in (*facts, *citable)}
        self.citable = citable
        self.documents = documents
        self.site_url = site_url
        self.archive = Archive(documents, self.facts, limit=QUOTED)
        self._about: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
        for fact in self.facts.values():
            self._about[_subject(fact)].append(fact)

    def cite(self, fact: Fact, surface: str = "") -> Cited:
        proof = self.archive.attempt(fact)
        return self.shown(proof, surface) if proof else Cited(fact.fact_id, says(fact), value_of(fact))

    def shown(self, proof: Proof, surface: str = "") -> Cited:
        fact, quote = proof.fact, proof.quote
        cited = Cited(fact.fact_id, says(fact), value_of(fact), formula=formula_text(proof, surface))
        if quote is not None:
            document = self.documents[quote.doc_id]
            before, marked, after = _words(quote, fact.surface)
            cited = replace(
                cited,
                before=before,
                marked=marked,
                after=after,
                doc_id=quote.doc_id,
                title=document.title or quote.doc_id,
                origin=origin(document),
                url=document_url(document, self.site_url),
            )
        return replace(cited, operands=tuple(self.shown(operand) for operand in proof.operands))

    def meant(self, sentence: str, surface: str) -> tuple[Fact, ...]:
        """The facts of the sentence's own subjects in the figure's unit: what it may have meant to say."""
        read = next(iter(find_figures(surface)), None)
        if read is None:
            return ()
        fits = [fact for fact in self.citable if fact.unit == read.unit and fact.entity_name in sentence]
        said = read.value or 0
        return tuple(
            sorted(fits, key=lambda fact: (fact.measure_name not in sentence, _age(fact), abs(fact.value - said)))
        )

    def others(self, fact: Fact) -> tuple[Fact, ...]:
        """Facts about the same thing that say something else."""
        rivals = (other for other in self._about[_subject(fact)] if _differs(fact, other))
        return tuple({(other.value, other.source and other.source.doc_id): other for other in rivals}.values())[:OTHERS]


def _age(fact: Fact) -> int:
    """The newest first."""
    return -fact.period.end.toordinal() if fact.period else 0


def _words(quote: Quote, surface: str) -> tuple[str, str, str]:
    """The words around a figure, the figure, the words after; a cell of a table with its row and column."""
    at = quote.cell.rfind(surface) if surface else -1
    if at >= 0:
        return quote.cell[:at], surface, quote.cell[at + len(surface) :]
    before, after = "…" if quote.cut_before else "", "…" if quote.cut_after else ""
    text = quote.text
    return before + text[: quote.mark_start], text[quote.mark_start : quote.mark_end], text[quote.mark_end :] + after


def _subject(fact: Fact) -> tuple[object, ...]:
    return (fact.entity, fact.measure, fact.via, fact.period, fact.basis, fact.scope, fact.modality, fact.unit)


def _differs(fact: Fact, other: Fact) -> bool:
    coarser = max(fact.ulp or 0, other.ulp or 0)
    return other.fact_id != fact.fact_id and abs(abs(fact.value) - abs(other.value)) > coarser


def of(printed: Printed, sections: Sequence[Section], verdicts: Sequence[Verdict], cabinet: Cabinet) -> Sheet:
    """The sheet of a judged draft."""
    shown_verdicts = exhibits(verdicts, cabinet.archive)
    parts = sections_of(printed.text)
    slugs = [section.slug for section in sections]
    figures = tuple(
        _figure(exhibit, _where(exhibit.verdict, printed, parts, slugs), printed.text, cabinet)
        for exhibit in shown_verdicts
    )
    insets = [_inset(figure) for figure in figures]
    title = _line(printed, insets, printed.title_start, len(printed.title))
    lead = _line(printed, insets, printed.lead_start, len(printed.summary))
    blocks = tuple(_blocks(printed, parts, sections, figures, insets))
    counts = Counter(figure.look for figure in figures)
    return Sheet(title, lead, blocks, figures, {look: counts[look] for look in LOOKS if counts[look]})


def _blocks(
    printed: Printed,
    parts: Sequence[Part],
    sections: Sequence[Section],
    figures: Sequence[Shown],
    insets: Sequence[Inset],
) -> Iterator[Block]:
    for part, section in zip(parts, sections, strict=False):
        own = [figure for figure in figures if figure.section == section.slug]
        yield Block(
            slug=section.slug,
            title=_line(printed, insets, part.title_start, len(part.title)),
            html=body(part.text, _within(insets, part.start, part.end)),
            text=part.text,
            start=part.start,
            needs=sum(figure.needs for figure in own),
            figures=sum(figure.look != "exempt" for figure in own),
            writer=section.writer,
            note=section.note,
        )


def body(text: str, insets: Sequence[Inset]) -> Markup:
    """A section's HTML. A figure that the page could not show (in a link's target) leaves the words as they are typed."""
    try:
        return Markup(set_body(text, insets))  # noqa: S704 - cleaned by set_body
    except ReleaseError as error:
        told = "这一节有数字藏在链接地址或表格之外，读者看不到；下面是原文，请修改。"
        return Markup('<p class="refusal" title="{}">{}</p><pre class="raw">{}</pre>').format(error, told, text)


def look_of(verdict: Verdict) -> str:
    """How a verdict is shown: its status, but 编辑确认 and 来源不一 have looks of their own."""
    if verdict.waived:
        return "waived"
    return "disputed" if verdict.reason == "disputed" and not verdict.blocks else verdict.status


def _figure(exhibit: Exhibit, section: str, text: str, cabinet: Cabinet) -> Shown:
    verdict = exhibit.verdict
    look = look_of(verdict)
    fact = verdict.fact
    told = verdict.blocks or verdict.ruling is not None or look == "disputed"
    asked = look in NEEDS
    return Shown(
        number=exhibit.number,
        surface=verdict.surface,
        look=look,
        message=verdict.message if told or not exhibit.proof else "",
        reason=verdict.reason,
        section=section,
        start=verdict.start,
        end=verdict.end,
        proof=cabinet.shown(exhibit.proof, verdict.surface if not verdict.blocks else "") if exhibit.proof else None,
        others=tuple(cabinet.cite(other) for other in cabinet.others(fact)) if fact else (),
        nearest=tuple(cabinet.cite(near) for near in _nearest(verdict, text, cabinet)) if asked else (),
        ruling=verdict.ruling,
    )


def _nearest(verdict: Verdict, text: str, cabinet: Cabinet) -> Iterator[Fact]:
    """What the editor may have meant: the fact that refutes first, then those that come closest, each once."""
    told = (verdict.fact,) if verdict.fact is not None else ()
    meant = cabinet.meant(sentence(text, verdict.start, verdict.end), verdict.surface) if verdict.blocks else ()
    facts = (*told, *verdict.nearest, *meant)
    seen: set[tuple[object, ...]] = set()
    for fact in facts:
        key = (fact.entity, fact.measure, fact.period, fact.value, fact.unit)
        said_already = verdict.reason == "disputed" and value_of(fact) == verdict.surface
        if key not in seen and len(seen) < NEAREST and not said_already:
            seen.add(key)
            yield fact


def sentence(text: str, start: int, end: int) -> str:
    """The sentence, line or cell around a span."""
    left = max(text.rfind(mark, 0, start) for mark in "。；\n|") + 1
    rights = [at for mark in "。；\n|" if (at := text.find(mark, end)) >= 0]
    return text[left : min(rights, default=len(text))]


def _where(verdict: Verdict, printed: Printed, parts: Sequence[Part], slugs: Sequence[str]) -> str:
    """The section in which a figure stands."""
    if printed.title_start <= verdict.start < printed.title_start + len(printed.title):
        return TITLE
    if printed.lead_start <= verdict.start < printed.lead_start + len(printed.summary):
        return SUMMARY
    places = zip(parts, slugs, strict=False)
    return next((slug for part, slug in places if part.start <= verdict.start and verdict.end <= part.end), "")


def _inset(figure: Shown) -> Inset:
    look = LOOKS[figure.look]
    card = "" if figure.look == "exempt" else f"v{figure.number}"
    return Inset(
        figure.start, figure.end, figure.number, figure.look, card, f"{look.label}：{figure.message or look.hint}"
    )


def _line(printed: Printed, insets: Sequence[Inset], start: int, length: int) -> Markup:
    return Markup(set_line(printed.text[start : start + length], _within(insets, start, start + length)))  # noqa: S704


def _within(insets: Sequence[Inset], start: int, end: int) -> tuple[Inset, ...]:
    return tuple(
        replace(inset, start=inset.start - start, end=inset.end - start)
        for inset in insets
        if start <= inset.start and inset.end <= end
    )


def fact_line(fact: Fact) -> str:
    """A fact in a list: who, what, when and how much."""
    return f"{says(fact)} {value_of(fact)}"


__all__ = ["Block", "Cabinet", "Cited", "Sheet", "Shown", "body", "escape", "fact_line", "look_of", "of", "when"]
