"""What one document says for itself: its figures, strong words, sayings and dates, as far as they bear a report out.

A document is read in the light of the names that all documents together teach; two sets of names that agree on whoever
stands in it read it alike (`Names.learned_in`), so that its testimony need not be taken again for every report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from quantshark.checks import agreed, dated, worded
from quantshark.lexicon.names import Names
from quantshark.lexicon.script import fold
from quantshark.model import Document
from quantshark.sources import extract
from quantshark.sources.extract import Proof


@dataclass(frozen=True, slots=True)
class Testimony:
    """`days` are the dates it names, each with its sentence."""

    proofs: tuple[Proof, ...]
    statements: tuple[worded.Statement, ...]
    sayings: tuple[agreed.Saying, ...]
    days: tuple[tuple[tuple[date, date], str], ...]


Hear = Callable[[Document, Names], Testimony]


def hear(document: Document, names: Names) -> Testimony:
    """Read a document with all that is known of names."""
    words = extract.read(document, names)
    day = extract.day_of(document)
    title = fold(document.title)
    readings = extract.unaided(document, words, names)
    return Testimony(
        proofs=extract.prove(document, names, words),
        statements=tuple(statement for reading in readings for statement in worded.statements(reading, title)),
        sayings=tuple(saying for reading in readings for saying in agreed.sayings(reading, day)),
        days=tuple(told for reading in readings for told in dated.spoken(reading, day)),
    )
