"""A published report read back from its own files: what every other format is made of, now or years later.

The text says what is printed, the ledger proves it; nothing else is needed, no store and no sources. Whoever exports
verifies first: here the two are taken as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import yaml

from quantshark.errors import ReleaseError
from quantshark.press.exhibits import Proof
from quantshark.press.formulas import formula_text
from quantshark.press.html import says
from quantshark.press.imprint import Script
from quantshark.press.ledger import ChartEntry, DocumentEntry, FigureEntry, Ledger, fact_of
from quantshark.press.markdown import Part, sections_of
from quantshark.press.pictures import Shown

PROVED = frozenset({"supported", "derived"})
_PREFACE = re.compile(r"^> \*\*(?P<head>[^*]+)\*\*(?P<text>.*)$", re.MULTILINE)
_DECLARED = re.compile(r"^\*\*(?P<head>[^*]+)\*\*：(?P<text>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Note:
    """The proof of a fact as a note at the end: numbered from 1 in the order of first use, as the sources it names are."""

    number: int
    surface: str
    says: str
    quote: str = ""
    formula: str = ""
    sources: tuple[int, ...] = ()
    waived: str = ""


@dataclass(frozen=True)
class Published:
    """Text and ledger of a release."""

    text: str
    ledger: Ledger

    @cached_property
    def front(self) -> Mapping[str, object]:
        """The front matter. Raises ReleaseError where there is none."""
        head = self.text.split("\n---\n", 1)[0].removeprefix("---\n")
        try:
            found: object = yaml.safe_load(head)
        except yaml.YAMLError as error:
            raise ReleaseError(
                f"the front matter of {self.ledger.release} is no YAML; take the .md of the release"
            ) from error
        if not isinstance(found, dict):
            raise ReleaseError(f"{self.ledger.release} has no front matter; take the .md of the release")
        return cast("Mapping[str, object]", found)

    def _word(self, key: str) -> str:
        value = self.front.get(key)
        return value if isinstance(value, str) else ""

    @property
    def script(self) -> Script:
        return self.ledger.script

    @property
    def summary(self) -> str:
        return self._word("summary")

    @property
    def label(self) -> str:
        """The AI label that readers see."""
        return self._word("ai_label")

    @property
    def disclaimer(self) -> str:
        return self._word("disclaimer")

    @property
    def edition_name(self) -> str:
        found = self.front.get("categories")
        names = cast("Sequence[object]", found) if isinstance(found, list) else ()
        return next((name for name in names if isinstance(name, str)), self.ledger.edition)

    @property
    def producer(self) -> str:
        found = self.front.get("AIGC")
        told = cast("Mapping[str, object]", found if isinstance(found, dict) else {})
        return str(told.get("ContentProducer", ""))

    @cached_property
    def sections(self) -> tuple[Part, ...]:
        return sections_of(self.text)

    @cached_property
    def preface(self) -> tuple[tuple[str, str], ...]:
        """What stands above the report: demo and correction notices, the AI label; each with its text."""
        head = self.text.split("\n## ", 1)[0].split("\n---\n", 1)[-1]
        return tuple((found["head"], found["text"].lstrip("：，")) for found in _PREFACE.finditer(head))

    @cached_property
    def declarations(self) -> tuple[tuple[str, str], ...]:
        """Disclaimer, risk, how it was made, what was left out."""
        return tuple((found["head"], found["text"]) for found in _DECLARED.finditer(self.text.rsplit("\n## ", 1)[-1]))

    def words(self, chart: ChartEntry) -> str:
        """A picture in words."""
        return self.text[chart.start : chart.end]

    def drawn(self, chart: ChartEntry) -> tuple[Shown, ...]:
        """The proved figures that a picture draws."""
        inside = (figure for figure in self.ledger.figures if chart.start <= figure.start and figure.end <= chart.end)
        return tuple(
            Shown(fact_of(figure.fact, self.ledger.facts[figure.fact]), figure.surface)
            for figure in inside
            if figure.fact and figure.status in PROVED
        )

    @cached_property
    def _noted(self) -> tuple[tuple[Note, ...], dict[int, int]]:
        """The notes, and which note each figure of the report has."""
        numbers: dict[str, int] = {}
        notes: list[Note] = []
        of: dict[int, int] = {}
        for figure in self.ledger.figures:
            if not figure.shown or (figure.fact is None and figure.waived is None):
                continue
            key = figure.fact or f"waived {figure.number}"
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                notes.append(self._note(numbers[key], figure))
            of[figure.number] = numbers[key]
        return tuple(notes), of

    @property
    def notes(self) -> tuple[Note, ...]:
        return self._noted[0]

    @cached_property
    def _source_numbers(self) -> dict[str, int]:
        """The cited documents by the order of the figures that they prove."""
        found: dict[str, None] = {}
        for figure in self.ledger.figures:
            found |= self._documents(figure.fact) if figure.fact else {}
        return {name: number for number, name in enumerate(found, 1)}

    @property
    def sources(self) -> tuple[DocumentEntry, ...]:
        """The documents that notes name by number, from 1."""
        return tuple(self.ledger.documents[name] for name in self._source_numbers)

    def note_of(self, figure: int) -> int | None:
        """The number of the note that proves a figure."""
        return self._noted[1].get(figure)

    def figures_in(self, start: int, end: int) -> tuple[FigureEntry, ...]:
        """The figures of a stretch of the text that have a note."""
        return tuple(
            figure
            for figure in self.ledger.figures
            if start <= figure.start and figure.end <= end and figure.number in self._noted[1]
        )

    def _note(self, number: int, figure: FigureEntry) -> Note:
        if figure.fact is None or figure.waived is not None:
            told = figure.waived
            reason = f"{told.reason}（{told.by} 提出，{told.confirmed_by} 确认）" if told else ""
            return Note(number, figure.surface, "编辑确认", waived=reason)
        proof = self._proof(figure.fact)
        entry = self.ledger.facts[figure.fact]
        return Note(
            number,
            figure.surface,
            says(proof.fact),
            quote=(entry.quote.cell or entry.quote.text) if entry.quote else "",
            formula=formula_text(proof, figure.surface) if entry.formula else "",
            sources=tuple(self._source_numbers[name] for name in self._documents(figure.fact)),
        )

    def _proof(self, name: str) -> Proof:
        entry = self.ledger.facts[name]
        operands = entry.formula.operands if entry.formula else ()
        return Proof(
            fact_of(name, entry), None, tuple(self._proof(each) for each in operands if each in self.ledger.facts)
        )

    def _documents(self, name: str) -> dict[str, None]:
        """The documents that a fact stands in, those of its operands for a derived one."""
        entry = self.ledger.facts.get(name)
        if entry is None:
            return {}
        if entry.quote:
            return {entry.quote.document: None}
        found: dict[str, None] = {}
        for operand in entry.formula.operands if entry.formula else ():
            found |= self._documents(operand)
        return found
