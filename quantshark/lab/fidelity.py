"""The validator's report card on a user's own days: how many false sentences it catches, how many true ones it flags.

Subjects are sentences of the frozen news with a figure that is bound to a fact, about whom it is sure. A false sentence
counts only where the sentence it was made from passes as it is: one that is flagged anyway would be caught for nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from quantshark.checks import Evidence, judge
from quantshark.data import load_entities
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.mutations import FALSE, TRUE, Mutation, Subject, applied, figure_in
from quantshark.model import Document, Entity
from quantshark.sources.extract import day_of

Progress = Callable[[int, int, str], None]
SHORTEST, LONGEST = 10, 140
"""Characters of a sentence that is worth changing: shorter is a label, longer a paragraph."""
KINDS = frozenset({"money", "percent", "point", "index", "price"})
SHOWN = 3


@dataclass(frozen=True)
class Score:
    """A class: how many were tried, how many flagged, and some that went wrong."""

    slug: str
    hans: str
    tried: int
    flagged: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.flagged / self.tried if self.tried else 0.0


@dataclass(frozen=True)
class Card:
    """Scores of false and of true sentences. `subjects` were drawn from, `unfit` of them were flagged as they are."""

    days: tuple[date, ...]
    subjects: int
    unfit: int
    false: tuple[Score, ...]
    true: tuple[Score, ...]

    @property
    def caught(self) -> float:
        return _over(self.false)

    @property
    def alarms(self) -> float:
        return _over(self.true)


def _over(scores: Iterable[Score]) -> float:
    found = tuple(scores)
    tried = sum(score.tried for score in found)
    return sum(score.flagged for score in found) / tried if tried else 0.0


@dataclass
class _Tally:
    tried: int = 0
    flagged: int = 0
    missed: list[str] | None = None

    def add(self, told: str, *, flagged: bool, wrong: bool) -> None:
        self.tried += 1
        self.flagged += flagged
        self.missed = self.missed or []
        if wrong and len(self.missed) < SHOWN:
            self.missed.append(told)


def measure(days: Sequence[FrozenDay], most: int, seed: int, progress: Progress) -> Card:
    """Try every class on every day, `most` sentences a class and day."""
    tallies = {mutation.slug: _Tally() for mutation in (*FALSE, *TRUE)}
    steps, done, subjects, unfit = len(days) * len(tallies), 0, 0, 0
    for frozen in days:
        rng = random.Random(f"{seed}/{frozen.day}")  # noqa: S311  the same sentences every time
        evidence = Evidence([d for d in frozen.documents.values() if d.kind != "transcript"])
        drawn = tuple(subjects_of(frozen, evidence))
        fit = {subject for subject in drawn if not _flagged(subject.sentence, evidence, subject.day)}
        subjects, unfit = subjects + len(drawn), unfit + len(drawn) - len(fit)
        for mutation in (*FALSE, *TRUE):
            pool = drawn if mutation.true else [subject for subject in drawn if subject in fit]
            for subject, told in applied(mutation, pool, rng, most):
                flagged = _flagged(told, evidence, subject.day)
                tallies[mutation.slug].add(told, flagged=flagged, wrong=flagged == mutation.true)
            done += 1
            progress(done, steps, f"{frozen.day} {mutation.hans}")
    false, true = (tuple(_score(m, tallies[m.slug]) for m in group) for group in (FALSE, TRUE))
    return Card(tuple(frozen.day for frozen in days), subjects, unfit, false, true)


def subjects_of(frozen: FrozenDay, evidence: Evidence) -> Iterator[Subject]:
    """Sentences of the news with a bound figure of a company, index or channel."""
    entities = {entity.code: entity for entity in load_entities()}
    library = "\n".join(f"{document.title}\n{document.text}" for document in frozen.documents.values())
    named = sorted({e.hans for e in entities.values() if e.kind == "company" and e.hans in library})
    seen: set[str] = set()
    for proof in evidence.proofs:
        fact, source = proof.fact, proof.fact.source
        if not proof.bound or source is None or proof.table or fact.kind not in KINDS:
            continue
        document = frozen.documents[source.doc_id]
        sentence = _sentence(document, source.start, source.end)
        figure = figure_in(sentence, fact.surface) if SHORTEST <= len(sentence) <= LONGEST else None
        if figure is None or sentence in seen:
            continue
        seen.add(sentence)
        others = tuple(name for name in named if name not in sentence and _unrelated(name, fact.surface, library))
        yield Subject(
            day_of(document) or frozen.day, sentence, figure, _company(entities.get(fact.entity)), others, library
        )


def _sentence(document: Document, start: int, end: int) -> str:
    """The sentence as it stands; a figure of a title has no place in the text and is left out."""
    return document.text[start:end].strip() if end > start else ""


def _company(entity: Entity | None) -> Entity | None:
    return entity if entity is not None and entity.kind == "company" else None


def _unrelated(name: str, surface: str, library: str) -> bool:
    """Does no line of the day say this figure beside this name?"""
    return not any(name in line and surface in line for line in library.splitlines())


def _flagged(text: str, evidence: Evidence, day: date) -> bool:
    return not judge(text, evidence, as_of=day).releasable


def _score(mutation: Mutation, tally: _Tally) -> Score:
    return Score(mutation.slug, mutation.hans, tally.tried, tally.flagged, tuple(tally.missed or ()))


def as_object(card: Card) -> dict[str, object]:
    """`lab fidelity --json`."""

    def told(score: Score) -> dict[str, object]:
        return {
            "class": score.slug,
            "name": score.hans,
            "tried": score.tried,
            "flagged": score.flagged,
            "share": score.share,
            "wrong": score.missed,
        }

    return {
        "days": card.days,
        "subjects": card.subjects,
        "unfit": card.unfit,
        "caught": card.caught,
        "false_alarms": card.alarms,
        "false": [told(score) for score in card.false],
        "true": [told(score) for score in card.true],
    }
