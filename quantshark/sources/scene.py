"""What stands around a figure: the stretch of its clause, the run it belongs to, and what its document is about.

A claim says what its clause says. Whether that may be told as a fact depends on the words right beside it and on the
document; this module finds both, `whose`, `which` and `when` judge them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from quantshark import data
from quantshark.lexicon.clauses import Claim, Reading, Token
from quantshark.lexicon.names import Name, Names
from quantshark.lexicon.script import fold
from quantshark.lexicon.vocabulary import Vocabulary, Word
from quantshark.model import SHANGHAI, Document, Figure

_JOINT = re.compile(r"[、和及与或至跟以到,\s\ue004~\-]*")
# Words between a verb or a noun and its figure that belong to the figure: 涨超, 达约.
HEDGE = r"(?:了|约|近|逾|超过?|超逾|大约|将近|接近|达到?|多达|高达|至多|至少|最多|最少|不足|仅|共计?|合计|累计|为|是|在|有|又|再|均|都|也|则|[ \ue004])*"


@dataclass(frozen=True, slots=True)
class Scene:
    """A document as its figures see it. `focus` is whom its title, else its first sentence, is about."""

    document: Document
    names: Names
    day: date | None
    published: datetime | None
    focus: tuple[str, ...]
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: `start` to `stop` is what its run has before it, `after` what follows in the clause."""

    scene: Scene
    reading: Reading
    claim: Claim
    start: int
    stop: int
    run: tuple[Figure, ...]

    @property
    def lead(self) -> str:
        """The words before the run, figures and names hidden."""
        return self.reading.masked[self.start : self.stop]

    @property
    def before(self) -> str:
        """The folded words before the figure's run."""
        return self.reading.folded[self.start : self.stop]

    @property
    def before_all(self) -> str:
        """The folded words of the clause before the figure, other figures included."""
        return self.reading.folded[self.claim.clause[0] : self.stop]

    @property
    def clauses(self) -> str:
        """The folded words of this clause and the one before it."""
        folded = self.reading.folded
        low = self.claim.sentence[0]
        first = max(folded.rfind(mark, low, self.claim.clause[0] - 1) for mark in "，、；：")
        return folded[max(low, first + 1) : self.stop]

    @property
    def after(self) -> str:
        """The folded words behind the figure, to the end of its clause."""
        return self.reading.folded[self.claim.figure.end : self.claim.clause[1]]

    @property
    def sentence(self) -> str:
        """The folded words of the sentence before the figure."""
        return self.reading.folded[self.claim.sentence[0] : self.claim.figure.start]

    def words(self) -> list[Token]:
        """The known words before the run."""
        return [t for t in self.reading.tokens if self.start <= t.start and t.end <= self.stop]

    def named(self, start: int | None = None) -> list[Name]:
        """The names before the run, from `start` or from where its stretch begins."""
        low = self.start if start is None else start
        return [n for n in self.reading.names if low <= n.start and n.end <= self.stop]

    def spans(self) -> int:
        """Where this part of the sentence begins: behind the last ；."""
        text = self.reading.masked[self.claim.sentence[0] : self.claim.figure.start]
        return self.claim.sentence[0] + text.rfind("；") + 1

    def ends_with(self, pattern: str) -> re.Match[str] | None:
        """Do the words before the run end so, but for what belongs to the figure?"""
        return re.search(f"(?:{pattern}){HEDGE}$", self.before)


def place(scene: Scene, reading: Reading, claim: Claim) -> Place:
    """The stretch that a claim's run has for itself: from the figure before it, or where the clause begins."""
    start, end = claim.clause
    figures = [
        f
        for f in reading.figures
        if start <= f.start and f.end <= end and not f.exempt and f.kind not in ("date", "time")
    ]
    at = figures.index(claim.figure) if claim.figure in figures else 0
    first, last = at, at
    while first and claim.item and _listed(reading, figures[first - 1], figures[first]):
        first -= 1
    while last + 1 < len(figures) and _listed(reading, figures[last], figures[last + 1]):
        last += 1
    low = figures[first - 1].end if first else start
    stop = figures[first].start if figures else claim.figure.start
    return Place(scene, reading, claim, low, stop, tuple(figures[first : last + 1]))


def _listed(reading: Reading, one: Figure, other: Figure) -> bool:
    """Are two figures items of one list? 上涨2.1%至36187点 and 下调25个基点至4% are none: their units differ."""
    return one.unit == other.unit and _JOINT.fullmatch(reading.masked, one.end, other.start) is not None


@lru_cache(maxsize=1)
def _countries() -> Vocabulary[str]:
    entities = (entity for entity in data.load_entities() if entity.kind == "country")
    pairs = ((name, e.code) for e in entities for name in (e.hans, e.hant, *e.aliases) if name)
    return Vocabulary({fold(name): code for name, code in pairs})


def countries(text: str) -> list[Word[str]]:
    """The countries that a folded text names."""
    return list(_countries().find(text))


def country_in(text: str) -> str:
    """The country that a text names last, one that is only traded with left out."""
    told = [w.meaning for w in countries(text) if text[max(0, w.start - 1) : w.start] not in tuple("对向自从与和赴驻")]
    return told[-1] if told else ""


def moment(document: Document) -> datetime | None:
    """When a document was published, in Shanghai; None where only the day is known."""
    at = document.published_at
    if not isinstance(at, datetime):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI)
