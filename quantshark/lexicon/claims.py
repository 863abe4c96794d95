"""The nouns of a reading: what a text says with a figure (`Claim`), and the text read (`Reading`).

Sources and drafts are read into the same claims; facts are made from the ones and verdicts on the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from quantshark.lexicon.names import Name
from quantshark.model import Figure, Period


class Meaning(NamedTuple):
    """What a marker or measure word means; a word may be both (净买入, 涨)."""

    slugs: tuple[str, ...] = ()
    kind: str = ""
    value: str = ""


class Token(NamedTuple):
    """A known word in its place."""

    start: int
    end: int
    meaning: Meaning
    text: str


class Claim(NamedTuple):
    """What a text says with one figure. Sets are empty and texts "" where it does not say."""

    figure: Figure
    sentence: tuple[int, int]
    clause: tuple[int, int]
    entities: tuple[str, ...] = ()
    entity_own: bool = False
    subject: str = ""
    topic: bool = False
    others: frozenset[str] = frozenset()
    measure: str = ""
    measure_word: str = ""
    measure_own: bool = False
    direction: int = 0
    toward: int = 0
    behind: str = ""
    basis: str = ""
    scope: frozenset[str] = frozenset()
    periods: tuple[Period, ...] = ()
    period_own: bool = False
    yearless: bool = True
    past: bool = False
    modality: str = "actual"
    done: bool = False
    negated: bool = False
    via: str = ""
    form: str = ""
    role: str = ""
    loss: bool = False
    left: str = ""
    about: str = ""
    right: str = ""
    records: frozenset[str] = frozenset()
    item: int = 0
    said_by: str = ""
    mentions: frozenset[str] = frozenset()
    kinds: frozenset[tuple[str, str]] = frozenset()
    counterpart: str = ""
    each: bool = False
    table: bool = False

    @property
    def start(self) -> int:
        return self.figure.start

    @property
    def end(self) -> int:
        return self.figure.end


class Time(NamedTuple):
    """A date word in its place."""

    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """A text read: the text folded, with names and figures hidden, and its claims in order.

    `told` are the claims of clauses without a figure (南向资金转为净卖出): the figure is the word that says which way.
    """

    text: str
    folded: str
    masked: str
    figures: tuple[Figure, ...]
    names: tuple[Name, ...]
    tokens: tuple[Token, ...]
    times: tuple[Time, ...]
    claims: list[Claim] = field(default_factory=list[Claim])
    told: list[Claim] = field(default_factory=list[Claim])
    sentences: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
