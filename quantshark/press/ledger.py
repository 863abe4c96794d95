"""The ledger of a release: every figure of its text with the proof, in a form that anyone can check again.

Byte for byte stable: the same release gives the same bytes, Decimals are strings, keys stand in order. The `seal` is a
hash over all the rest. Facts and documents are told once, by id; figures point at them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quantshark.errors import ReleaseError
from quantshark.model import Document, Fact, Formula, Period
from quantshark.press.exhibits import Archive, Exhibit, Proof, Quote, document_hash, moment
from quantshark.press.links import document_url
from quantshark.press.markdown import Printed
from quantshark.press.waivers import Waiver

FORMAT = "quantshark-ledger/1"


def _absent(value: object) -> bool:
    """What is not there is not written: a ledger of before such a field was known keeps its seal."""
    return not value


class Entry(BaseModel):
    """Frozen, and closed to what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QuoteEntry(Entry):
    """Words of a document from `start` on; `mark` is where the figure stands in them, `cell` how a table's row reads aloud."""

    document: str
    where: Literal["text", "title"] = "text"
    start: int
    text: str
    mark: tuple[int, int]
    cell: str = ""


class FormulaEntry(Entry):
    """How a derived fact was computed from others of this ledger."""

    op: str
    operands: tuple[str, ...]
    text: str


class PeriodEntry(Entry):
    start: date
    end: date
    grain: str


class FactEntry(Entry):
    """What a figure says, and where that was read or how it was computed."""

    entity: str
    entity_name: str
    measure: str
    measure_name: str
    value: Decimal
    high: Decimal | None = None
    unit: str | None = None
    ulp: Decimal | None = None
    hedge: str | None = None
    direction: int = 0
    kind: str = ""
    period: PeriodEntry | None = None
    as_of: date | None = None
    basis: str = ""
    scope: str = ""
    via: str = ""
    modality: str = "actual"
    said_by: str = ""
    surface: str = ""
    quote: QuoteEntry | None = None
    formula: FormulaEntry | None = None


class DocumentEntry(Entry):
    """A document that was cited, and the hash of all it said."""

    title: str
    publisher: str
    kind: str
    published_at: str
    url: str
    sha256: str
    demo: bool = False


class FigureEntry(Entry):
    """A figure of the text, in reading order from 1; `marked` says that code printed it from a reference.

    `shown` is False for what the page does not show: the front matter's summary, which its lead repeats.
    """

    number: int
    start: int
    end: int
    surface: str
    status: Literal["supported", "derived", "exempt", "refuted", "unsourced", "unread"]
    reason: str
    message: str = ""
    marked: bool = False
    shown: bool = True
    fact: str | None = None
    waived: Waiver | None = Field(default=None, exclude_if=_absent)
    """编辑确认: the two people who let it stand without a proof, and their reason."""


class Withdrawal(Entry):
    """Why a release was taken back, by whom and when; its text is then the statement of it."""

    reason: str
    by: str = ""
    at: str


class ChartEntry(Entry):
    """A picture of this release: it draws the figures in this span of the text, below that section (from 1)."""

    slug: str
    kind: Literal["days", "names", "gauge"]
    section: int
    title: str
    start: int
    end: int


class WritingEntry(Entry):
    """Who wrote a section: `rules` or a model with its address, how often it was sent back, and what it cost."""

    writer: str
    rounds: int = 0
    dropped: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    cost: Decimal | None = None
    currency: str = ""


class Hashes(Entry):
    """SHA-256 of what went out and of what it was made from; `lines` are short hashes of the text's lines."""

    text: str
    lines: tuple[str, ...]
    page: str | None = None
    context: str = ""
    prompts: Mapping[str, str] = {}


class Ledger(Entry):
    """The whole of it; `seal` is the hash over everything else.

    `evidence` names every document that the check was shown, cited or not, by the beginning of its hash: with the same
    documents the check can be repeated as it was, for the day `as_of` and the slot `until`.
    """

    format: Literal["quantshark-ledger/1"] = FORMAT
    release: str
    edition: str
    day: date
    script: Literal["hans", "hant"]
    revision: int
    title: str
    created_at: str
    ai_generated: bool = True
    demo: bool = False
    as_of: date | None = None
    until: str = ""
    quote_limit: int
    hashes: Hashes
    figures: tuple[FigureEntry, ...]
    facts: Mapping[str, FactEntry]
    documents: Mapping[str, DocumentEntry]
    evidence: Mapping[str, str] = {}
    charts: tuple[ChartEntry, ...] = Field(default=(), exclude_if=_absent)
    notice: str = Field(default="", exclude_if=_absent)
    """What this revision corrects, as its page says it."""
    withdrawn: Withdrawal | None = Field(default=None, exclude_if=_absent)
    writing: Mapping[str, WritingEntry] = Field(default_factory=dict[str, WritingEntry], exclude_if=_absent)
    """Who wrote each section, and what that cost."""
    seal: str = ""

    def dump(self) -> bytes:
        """The bytes that are published, sealed."""
        return (self.model_copy(update={"seal": self.sealed()}).model_dump_json(indent=1) + "\n").encode()

    def sealed(self) -> str:
        """What the seal of this ledger has to be."""
        told = json.dumps(self._told(), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    def _told(self) -> dict[str, object]:
        return self.model_dump(mode="json", exclude={"seal"})


@dataclass(frozen=True, slots=True)
class Origin:
    """How a text came about: when, from which frozen context and prompts (by hash), and what it was judged by.

    `as_of` is the day, `until` the slot (ISO 8601) and `shown` the documents that the check was given.
    """

    created_at: datetime
    context: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict[str, str])
    as_of: date | None = None
    until: str = ""
    shown: tuple[Document, ...] = ()
    writing: Mapping[str, WritingEntry] = field(default_factory=dict[str, WritingEntry])


def record(
    printed: Printed,
    exhibits: Iterable[Exhibit],
    archive: Archive,
    *,
    origin: Origin,
    site_url: str,
    page: str | None = None,
) -> Ledger:
    """Write down the proof of a printed text (and of its page, where one was made)."""
    shown = tuple(exhibits)
    proofs = {proof.fact.fact_id: proof for exhibit in shown if exhibit.proof for proof in _every(exhibit.proof)}
    cited = {proof.quote.doc_id for proof in proofs.values() if proof.quote}
    return Ledger(
        release=printed.release_id,
        edition=printed.edition,
        day=date.fromisoformat(printed.day),
        script=printed.script,
        revision=printed.revision,
        title=printed.title,
        created_at=moment(origin.created_at),
        demo=printed.demo or any(archive.documents[name].demo for name in cited),
        as_of=origin.as_of,
        until=origin.until,
        quote_limit=archive.limit,
        hashes=Hashes(
            text=digest(printed.text),
            lines=line_hashes(printed.text),
            page=None if page is None else digest(page),
            context=origin.context,
            prompts=dict(sorted(origin.prompts.items())),
        ),
        figures=tuple(_figure(exhibit, printed) for exhibit in shown),
        facts={name: _fact(proofs[name]) for name in sorted(proofs)},
        documents={name: _document(archive.documents[name], site_url) for name in sorted(cited)},
        evidence={each.doc_id: fingerprint(each) for each in sorted(origin.shown, key=lambda each: each.doc_id)},
        charts=tuple(ChartEntry.model_validate(asdict(plot)) for plot in printed.plots),
        notice=printed.notice,
        writing=dict(origin.writing),
    )


def read(data: bytes | str) -> Ledger:
    """A ledger from its bytes; the seal is not judged here (`verify` names what differs)."""
    try:
        return Ledger.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole"
        raise ReleaseError(
            f"this is not a ledger we can read: {where}: {first['msg']}; take the .ledger.json that came with the release",
            where=where,
        ) from error


def fact_of(name: str, entry: FactEntry) -> Fact:
    """The fact of an entry, for those who draw or print it again; its proof stays in the ledger."""
    period = Period(entry.period.start, entry.period.end, entry.period.grain) if entry.period else None
    formula = Formula(entry.formula.op, entry.formula.operands, entry.formula.text) if entry.formula else None
    told = entry.model_dump(exclude={"quote", "formula", "period"})
    return Fact(fact_id=name, period=period, formula=formula, **told)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(document: Document) -> str:
    """The beginning of a document's hash: enough to know it again."""
    return document_hash(document)[:16]


def line_hashes(text: str) -> tuple[str, ...]:
    """Twelve hex digits a line: enough to name the line that was changed, of no use to guess its words."""
    return tuple(digest(line)[:12] for line in text.split("\n"))


def _every(proof: Proof) -> Iterator[Proof]:
    yield proof
    for operand in proof.operands:
        yield from _every(operand)


def _figure(exhibit: Exhibit, printed: Printed) -> FigureEntry:
    verdict = exhibit.verdict
    return FigureEntry(
        number=exhibit.number,
        start=verdict.start,
        end=verdict.end,
        surface=printed.text[verdict.start : verdict.end],
        status=verdict.status,
        reason=verdict.reason,
        message=verdict.message,
        marked=any(mark.start < verdict.end and verdict.start < mark.end for mark in printed.marks),
        shown=printed.shows(verdict.start, verdict.end),
        fact=verdict.fact.fact_id if verdict.fact else None,
        waived=exhibit.waiver,
    )


def _fact(proof: Proof) -> FactEntry:
    fact = proof.fact
    return FactEntry(
        entity=fact.entity,
        entity_name=fact.entity_name,
        measure=fact.measure,
        measure_name=fact.measure_name,
        value=fact.value,
        high=fact.high,
        unit=fact.unit,
        ulp=fact.ulp,
        hedge=fact.hedge,
        direction=fact.direction,
        kind=fact.kind,
        period=_period(fact.period),
        as_of=fact.as_of,
        basis=fact.basis,
        scope=fact.scope,
        via=fact.via,
        modality=fact.modality,
        said_by=fact.said_by,
        surface=fact.surface,
        quote=_quote(proof.quote),
        formula=_formula(fact),
    )


def _period(period: Period | None) -> PeriodEntry | None:
    return None if period is None else PeriodEntry(start=period.start, end=period.end, grain=period.grain)


def _quote(quote: Quote | None) -> QuoteEntry | None:
    if quote is None:
        return None
    mark = (quote.mark_start, quote.mark_end)
    return QuoteEntry(
        document=quote.doc_id, where=quote.where, start=quote.start, text=quote.text, mark=mark, cell=quote.cell
    )


def _formula(fact: Fact) -> FormulaEntry | None:
    formula = fact.formula
    return None if formula is None else FormulaEntry(op=formula.op, operands=formula.operands, text=formula.text)


def _document(document: Document, site_url: str) -> DocumentEntry:
    return DocumentEntry(
        title=document.title,
        publisher=document.publisher,
        kind=document.kind,
        published_at=moment(document.published_at),
        url=document_url(document, site_url),
        sha256=document_hash(document),
        demo=document.demo,
    )
