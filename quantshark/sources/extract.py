"""Documents in, facts out: every figure that can be bound to an entity and a measure, with the sentence or cell quoted.

`extract` gives the facts that may be printed. `prove` gives every figure with its reading, bound or not, for the check:
a sentence repeated word for word is proved even where no registry knows what it measures. What a transcript says is
said by its speaker (`said_by`), and a plan or forecast stays one.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from quantshark.lexicon import clauses, measures, tables
from quantshark.lexicon.clauses import Claim, Reading
from quantshark.lexicon.names import Names
from quantshark.lexicon.script import fold, is_traditional
from quantshark.model import Document, Fact, Source
from quantshark.sources.cells import Sheet, settle_cell
from quantshark.sources.scene import Scene, moment
from quantshark.sources.settle import Settled, in_hong_kong, settle


@dataclass(frozen=True, slots=True)
class Proof:
    """A figure of a source: what it says, and the fact it makes. `words` is the folded text it is read in."""

    claim: Claim
    fact: Fact
    words: str
    title: str
    lead: str
    page: str
    day: date | None
    unbound: str = ""
    loose_currency: bool = False
    table: bool = False
    named: frozenset[str] = frozenset()

    @property
    def bound(self) -> bool:
        """Is it sure whom and what the figure is about? `unbound` says why not."""
        return not self.unbound


def extract(document: Document, names: Names | None = None) -> tuple[Fact, ...]:
    """The facts of a document that are bound to an entity and a measure."""
    known = names if names is not None else teach((document,))
    return tuple(proof.fact for proof in prove(document, known) if proof.bound)


def teach(documents: Iterable[Document], names: Names | None = None) -> Names:
    """Names as the registry and these documents know them."""
    known = names.copy() if names is not None else Names.load()
    for document in documents:
        if document.kind == "table":
            heads, rows = _table(document.text)
            tables.learn(heads, rows, known)
        else:
            known.learn(document.title)
            known.learn(document.text)
    return known


def day_of(document: Document) -> date | None:
    """The day a document was published, in its own zone (naive is Asia/Shanghai)."""
    at = document.published_at
    return at.date() if isinstance(at, datetime) else at


@dataclass(frozen=True, slots=True)
class Words:
    """Title and text of a document, read once. `subject` is whom the title is about, who carries over into the text.

    The text of a table is only opened: its cells are read one by one.
    """

    title: Reading
    text: Reading
    subject: tuple[str, ...]


def read(document: Document, names: Names) -> Words:
    """The words of a document, for its proofs and for whatever else is asked of them."""
    day = day_of(document)
    title = clauses.read(document.title, names, day=day)
    subject = _topic(title)
    if document.kind == "table":
        return Words(title, clauses.open_reading(document.text, names, day), subject)
    return Words(title, clauses.read(document.text, names, day=day, subject=subject), subject)


def unaided(document: Document, words: Words, names: Names) -> tuple[Reading, Reading]:
    """Title and text, each about whom it names itself: what a text tells without a figure takes no subject from a title."""
    if document.kind != "table" and not words.subject:
        return words.title, words.text
    return words.title, clauses.tellings(words.text, names, day=day_of(document))


def prove(document: Document, names: Names, words: Words | None = None) -> tuple[Proof, ...]:
    """Every figure of a document with its reading; `words` are its words, where they have been read."""
    if document.kind == "table":
        return tuple(_table_proofs(document, names))
    return tuple(_prose_proofs(document, names, words or read(document, names)))


# Prose


def _prose_proofs(document: Document, names: Names, words: Words) -> Iterable[Proof]:
    title, body = words.title, words.text
    focus = words.subject or _topic(body)
    scene = Scene(document, names, day_of(document), moment(document), focus, title.folded, body.folded)
    lead = body.folded[slice(*body.sentences[0])] if body.sentences else ""
    named = frozenset(code for n in body.names if n.kind == "institution" for code in n.codes)
    if not _cut_short(title.folded, body.folded):
        yield from (_proof(scene, title, claim, "", named, titled=True) for claim in title.claims)
    yield from (_proof(scene, body, claim, lead, named) for claim in body.claims)


def _topic(reading: Reading) -> tuple[str, ...]:
    """Whom a text is about: the first it names in its first sentence."""
    end = reading.sentences[0][1] if reading.sentences else 0
    return next((n.codes for n in reading.names if n.kind not in ("product", "compound") and n.end <= end), ())


def _cut_short(title: str, body: str) -> bool:
    """Is a title only the beginning of the text, cut off where a feed had no room (报13054美)?"""
    title = title.strip().rstrip(".…")
    return len(title) > 12 and len(title) < len(body.strip()) and body.lstrip().startswith(title)


def _proof(
    scene: Scene, reading: Reading, claim: Claim, lead: str, named: frozenset[str], *, titled: bool = False
) -> Proof:
    start, end = claim.sentence
    document = scene.document
    source = Source(document.doc_id, *((0, 0) if titled else (start, end)), quote=reading.text[start:end].strip())
    loose = _loose(reading, claim)
    told = in_hong_kong(settle(scene, reading, claim)) if loose else settle(scene, reading, claim)
    return Proof(
        claim,
        _fact(claim, told, scene.day, scene.names, source, document),
        reading.folded[start:end],
        scene.title,
        lead,
        scene.body,
        scene.day,
        unbound=told.doubt,
        loose_currency=loose,
        named=named,
    )


def _loose(reading: Reading, claim: Claim) -> bool:
    """Bare 元 in Hong Kong prose may be Hong Kong dollars: the text is traditional and nothing in it is mainland."""
    figure = claim.figure
    if figure.unit != "CNY" or "人民" in reading.folded[max(0, figure.start - 4) : figure.end + 4]:
        return False
    if not is_traditional(reading.text):
        return False
    mainland = any(code.endswith((".SH", ".SZ", ".BJ")) for code in claim.entities)
    return not mainland and not any(mark in reading.folded[:40] for mark in ("财联社", "新华社", "证券报"))


# Tables


def _table(text: str) -> tuple[list[tables.Head], list[list[tables.Cell]]]:
    """Header and rows of a CSV, each cell with its place in the text."""
    lines = list(csv.reader(io.StringIO(text)))
    if not lines:
        return [], []
    heads = [tables.head(cell) for cell in lines[0]]
    rows: list[list[tables.Cell]] = []
    place = text.find("\n") + 1
    for line in lines[1:]:
        row: list[tables.Cell] = []
        for cell in line:
            at = text.find(cell, place) if cell else place
            at = at if at >= 0 else place
            row.append(tables.Cell(cell, at))
            place = at + len(cell)
        rows.append(row)
    return heads, rows


def _table_proofs(document: Document, names: Names) -> Iterable[Proof]:
    day = day_of(document)
    heads, rows = _table(document.text)
    title = fold(document.title)
    sheet = Sheet(document, names, day, title)
    yield from _head_proofs(sheet, heads, rows)
    for row in rows:
        label = " ".join(cell.text for column, cell in zip(heads, row, strict=False) if column.role != "value")
        for place, claim in tables.row_claims(heads, row, names, day):
            words = fold(f"{title} {label} {heads[place].label}")
            source = Source(document.doc_id, claim.start, claim.end, f"{label} {heads[place].label} {row[place].text}")
            told = settle_cell(sheet, heads[place], label, claim, signed(claim)[0])
            fact = _fact(claim, told, day, names, source, document)
            yield Proof(claim, fact, words, title, "", "", day, unbound=told.doubt, table=True)


def _head_proofs(sheet: Sheet, heads: list[tables.Head], rows: list[list[tables.Cell]]) -> Iterable[Proof]:
    """The figures of the column labels (近5日 of 近5日累计净买入), said of every row."""
    if not any(char.isdigit() or char in "一二三四五六七八九十" for column in heads for char in column.label):
        return
    everybody = frozenset(code for row in rows for code in tables.entities(heads, row, sheet.names))
    for column in heads:
        for read in clauses.read(column.label, sheet.names, day=sheet.day).claims:
            claim = read._replace(direction=0, toward=0, mentions=everybody)
            source = Source(sheet.document.doc_id, 0, 0, column.label)
            told = settle_cell(sheet, column, "", claim, signed(claim)[0])
            fact = _fact(claim, told, sheet.day, sheet.names, source, sheet.document)
            yield Proof(claim, fact, column.label, sheet.title, "", "", sheet.day, unbound="表头", table=True)


# Facts


def _fact(claim: Claim, told: Settled, day: date | None, names: Names, source: Source, document: Document) -> Fact:
    figure = claim.figure
    left = claim.left.replace(" ", "")
    transcript = document.kind == "transcript"
    return Fact(
        fact_id=_identity(claim, source),
        entity=told.entity,
        entity_name=names.title(told.entity) if told.entity else "",
        measure=told.measure or claim.measure or (f"~{left}" if left else ""),
        measure_name=told.word or claim.measure_word or left,
        value=told.value,
        unit=told.unit,
        high=figure.high,
        ulp=figure.ulp,
        hedge=figure.hedge,
        direction=signed(claim)[1] if told.kind != "streak" else (1 if told.value > 0 else -1),
        period=told.period,
        basis=told.basis,
        scope=" ".join(sorted(told.scope)),
        via=told.via,
        modality=told.modality,
        said_by=(document.publisher or document.title or document.doc_id) if transcript else told.said_by,
        as_of=day,
        kind=told.kind,
        surface=figure.surface,
        source=source,
    )


def amended(proof: Proof, fact: Fact | None) -> Proof:
    """A proof whose entity or measure a person put right: it speaks of that and of nothing else."""
    if fact is None:
        return proof
    claim = proof.claim._replace(entities=(fact.entity,), measure=fact.measure, entity_own=True, measure_own=True)
    read = replace(proof.fact, entity=fact.entity, entity_name=fact.entity_name, measure=fact.measure)
    return replace(proof, claim=claim, fact=read, unbound="")


def _identity(claim: Claim, source: Source) -> str:
    """A figure of the title and one of the text may begin at the same place; the source's span tells them apart."""
    key = f"{source.doc_id}:{source.end}:{claim.start}:{claim.figure.surface}:{claim.measure}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def signed(claim: Claim) -> tuple[Decimal, int]:
    """The value with the sign that verb and minus give it together, and that sign."""
    value = claim.figure.value if claim.figure.value is not None else Decimal(0)
    if claim.table:
        return value if (value < 0) == (claim.direction < 0) else -value, claim.direction
    if value < 0:
        direction = -1 if claim.direction >= 0 or claim.measure in measures.registry() else 1
        return value, direction
    if claim.direction < 0:
        return -value, -1
    return value, claim.direction
