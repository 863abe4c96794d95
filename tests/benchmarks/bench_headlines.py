"""Real headlines over their bodies: how many are flagged, and how many of these the body does not bear out by itself.

The bodies of the pairs are cut to their lead, so a headline may tell a figure that is not in what is left of its text. The
reason is counted so that a hand can confirm it: a number is missing where no figure of the body agrees with it in value
and unit, a word (最大, 2019年) where it does not stand there. `python -m tests.benchmarks.bench_headlines` prints each.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from quantshark import check, find_figures
from quantshark.binder.values import agree, units_agree
from quantshark.lexicon.script import fold
from quantshark.model import Document, Figure, Verdict
from tests.benchmarks.measuring import SHARED, Row, UnavailableError, at_most

PAIRS = SHARED / "bench" / "pairs"


class Pair(NamedTuple):
    """A headline, what is left of its body, and the verdicts that block it."""

    name: str
    headline: str
    body: str
    blocked: tuple[Verdict, ...]


def measure() -> Iterator[Row]:
    pairs = list(_pairs())
    flagged = [pair for pair in pairs if pair.blocked]
    lacking = [pair for pair in pairs if _missing(pair)]
    held = [pair for pair in pairs if not _missing(pair)]
    wrongly = [pair for pair in held if pair.blocked]
    yield Row("real headlines flagged", f"{len(flagged)}", how=f"of {len(pairs)}")
    yield Row("a figure or word of theirs is not in the body", f"{len(lacking)}", how="cut to its lead, or rounded")
    share = 100 * len(wrongly) / len(held)
    yield at_most("flagged though the body holds it", share, 2, "%", f"{len(wrongly)} of {len(held)}")


def _pairs() -> Iterator[Pair]:
    if not PAIRS.is_dir():
        raise UnavailableError("the pairs ../shared/bench/pairs are not here")
    for path in sorted(PAIRS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            day = date.fromisoformat(told["date"])
            document = Document(f"h-{told['id']}", told["body"], published_at=day)
            verdicts = check(told["headline"], [document], as_of=day).verdicts
            yield Pair(document.doc_id, told["headline"], told["body"], tuple(v for v in verdicts if v.blocks))


def _missing(pair: Pair) -> tuple[str, ...]:
    """What a blocked verdict is about and the body does not hold."""
    body = [figure for figure in find_figures(pair.body) if figure.value is not None]
    told = {(figure.start, figure.end): figure for figure in find_figures(pair.headline)}
    return tuple(v.surface for v in pair.blocked if not _holds(told.get((v.start, v.end)), v, body, pair.body))


def _holds(figure: Figure | None, verdict: Verdict, body: list[Figure], text: str) -> bool:
    if figure is None or figure.value is None:
        return fold(verdict.surface) in fold(text)
    return any(units_agree(figure, other, loose=True) and agree(figure, other) for other in body)


def _print_each() -> None:
    reasons: Counter[str] = Counter()
    for pair in _pairs():
        if pair.blocked:
            missing = _missing(pair)
            reasons["body lacks it" if missing else "flagged though the body holds it"] += 1
            why = (
                f"body lacks {'、'.join(missing)}"
                if missing
                else " ".join(f"{v.surface}:{v.reason}" for v in pair.blocked)
            )
            print(f"{pair.name}  {pair.headline}  [{why}]")
    print(dict(reasons))


if __name__ == "__main__":
    _print_each()
