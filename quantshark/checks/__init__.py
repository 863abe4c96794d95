"""The check: a report and its sources in, a verdict for every figure out.

`Evidence` is built once for a set of documents. `judge` reads a report as a stranger would, asks each check its one
question (sourced, cited, dated, named, worded, agreed, complete) and gathers the verdicts in reading order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from quantshark.binder import Index, Report
from quantshark.checks import agreed, cited, complete, dated, named, sourced, worded
from quantshark.checks.testimony import Hear, Testimony, hear
from quantshark.lexicon import clauses, page, tables
from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.script import fold
from quantshark.model import Document, Fact, Figure, Mark, Verdict
from quantshark.sources import extract

__all__ = ["CheckResult", "Evidence", "judge"]

ROWS = 4096
"""Rows of tables whose reading is remembered: some forty reports."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the check says of a report."""

    verdicts: tuple[Verdict, ...]
    as_of: date | None

    @property
    def releasable(self) -> bool:
        """True iff no verdict is refuted, unsourced or unread."""
        return not any(verdict.blocks for verdict in self.verdicts)


class Evidence:
    """Documents read once: names they teach, every figure with its reading, indexed."""

    def __init__(
        self,
        documents: Iterable[Document],
        facts: Sequence[Fact] = (),
        amended: Mapping[str, Fact] = MappingProxyType({}),
        hear: Hear = hear,
    ) -> None:
        """`amended` are facts, by id, whose entity or measure a person put right; they are read so. `hear` reads one."""
        self.documents = tuple(documents)
        self.names = extract.teach(self.documents)
        heard = [hear(document, self.names) for document in self.documents]
        proofs = (proof for testimony in heard for proof in testimony.proofs)
        self.proofs = tuple(extract.amended(proof, amended.get(proof.fact.fact_id)) for proof in proofs)
        self.facts = tuple(proof.fact for proof in self.proofs if proof.bound) + tuple(facts)
        self.index = Index(self.proofs)
        self._rows: dict[tuple[tuple[tables.Head, ...], tuple[tables.Cell, ...], date | None], tuple[Claim, ...]] = {}
        self._gather(heard)
        self.addresses = cited.by_address(self.documents)

    def beside(self, facts: Sequence[Fact]) -> Evidence:
        """The same documents, not read again, beside other facts that were derived from them."""
        other = copy(self)
        other.facts = tuple(proof.fact for proof in self.proofs if proof.bound) + tuple(facts)
        return other

    def _gather(self, heard: Sequence[Testimony]) -> None:
        """Strong words and dates of the sources, with the sentences in which they stand."""
        told: dict[tuple[date, date], list[str]] = defaultdict(list)
        for span, sentence in (each for testimony in heard for each in testimony.days):
            told[span].append(sentence)
        self.statements = tuple(each for testimony in heard for each in testimony.statements)
        self.sayings = agreed.Sayings(each for testimony in heard for each in testimony.sayings)
        self.days_told = told
        published = (extract.day_of(document) for document in self.documents)
        self.days_published = frozenset(day for day in published if day is not None)

    def row_claims(self, heads: tuple[tables.Head, ...], row: Sequence[tables.Cell], day: date | None) -> list[Claim]:
        """The claims of a table's row. It is read once wherever it stands: of an edited report most rows are the same."""
        base = row[0].start
        told = (heads, tuple(replace(cell, start=cell.start - base) for cell in row), day)
        known = self._rows.get(told)
        if known is None:
            if len(self._rows) >= ROWS:
                self._rows.clear()
            known = tuple(claim for _, claim in tables.row_claims(heads, told[1], self.names, day))
            self._rows[told] = known
        return [tables.moved(claim, base) for claim in known]

    @property
    def newest(self) -> date | None:
        """The day of the newest document."""
        return max((day for document in self.documents if (day := extract.day_of(document))), default=None)


def judge(
    report: str,
    evidence: Evidence,
    as_of: date | None = None,
    slot: str | None = None,
    marks: Sequence[Mark] = (),
) -> CheckResult:
    """Check a report against evidence. `as_of` defaults to the report's own date, then to the newest source's day.

    `slot` names the edition's slot (a radar is read before the market opens); `marks` are spans that code printed from
    facts, which the stranger's reading must bear out like any other figure.
    """
    seen = page.open_page(report)
    day = as_of or (date.fromisoformat(seen.day) if seen.day else None) or evidence.newest
    reading = clauses.read(seen.prose, evidence.names, day=day)
    claims = sorted([*reading.claims, *_table_claims(seen, evidence, day)], key=lambda claim: claim.start)
    folded = fold(seen.visible)
    findings = sourced.check(Report(report, folded, tuple(claims), day, reading), evidence.index, evidence.addresses)
    held = list(cited.check(seen.links, findings, evidence.addresses))
    verdicts = list(dated.check(claims, held, day, before=dated.is_before_market(slot, folded)))
    verdicts += dated.days(reading, day, evidence.days_published, evidence.days_told, dated.proved(claims, verdicts))
    verdicts += dated.weekdays(reading, day)
    verdicts += cited.words(seen, findings, evidence.addresses)
    verdicts += worded.directions(claims, held, reading)
    verdicts += _exempt([*reading.figures, *_cell_figures(seen)], verdicts)
    verdicts += _named(reading)
    verdicts += named.check(reading, evidence.names)
    verdicts += worded.check(reading, evidence.statements, held)
    verdicts += agreed.check(reading, evidence.index, evidence.sayings)
    verdicts += complete.check(seen, evidence.names, verdicts)
    verdicts += _unmarked(report, marks, verdicts)
    verdicts.sort(key=lambda verdict: (verdict.start, verdict.end))
    return CheckResult(tuple(verdicts), day)


def _unmarked(report: str, marks: Sequence[Mark], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What code printed and no reading saw: both paths must agree."""
    seen = [(v.start, v.end) for v in verdicts]
    return [
        Verdict(
            m.start,
            m.end,
            report[m.start : m.end],
            "unread",
            "unread",
            f"“{report[m.start : m.end]}”没有读出，无法核对。",
        )
        for m in marks
        if not any(start < m.end and m.start < end for start, end in seen)
    ]


def _table_claims(seen: page.Page, evidence: Evidence, day: date | None) -> list[Claim]:
    found: list[Claim] = []
    for grid in seen.grids:
        heads = [tables.head(cell.text.strip(f" {page.HIDDEN}")) for cell in grid.head]
        if heads and not any(head.role in ("code", "name") for head in heads):
            heads[0] = tables.Head(heads[0].label, "", "name")
        for row in grid.rows:
            found += evidence.row_claims(tuple(heads), row, day) if row else []
    return found


def _cell_figures(seen: page.Page) -> list[Figure]:
    """The figures of table cells, at their place in the report: days and identifiers stand in cells too."""
    cells = (cell for grid in seen.grids for row in (grid.head, *grid.rows) for cell in row)
    return [
        figure._replace(start=figure.start + cell.start, end=figure.end + cell.start)
        for cell in cells
        for figure in find_figures(cell.text)
    ]


def _exempt(figures: Sequence[Figure], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Identifiers, list markers, dates: numerals that claim no quantity."""
    taken = {(v.start, v.end) for v in verdicts}
    return [
        Verdict(
            f.start, f.end, f.surface, "exempt", f.exempt or f.kind, "不是市场数字。" if f.exempt else "日期或时间。"
        )
        for f in figures
        if (f.exempt or f.kind in ("date", "time")) and (f.start, f.end) not in taken
    ]


def _named(reading: clauses.Reading) -> list[Verdict]:
    """Names that hold a numeral (标普500, 1年期LPR)."""
    return [
        Verdict(n.start, n.end, reading.text[n.start : n.end], "exempt", "name", "名称的一部分，不是市场数字。")
        for n in reading.names
        if complete.DIGITS.search(n.text)
    ]
