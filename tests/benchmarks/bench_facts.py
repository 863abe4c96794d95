"""How much of two real news days becomes facts: figures bound to an entity and a measure, by kind, and why others are not.

`python -m tests.benchmarks.bench_facts SEED [N]` prints N bound facts drawn with that seed, each beside its sentence, to
be read by hand: a share of bound figures says nothing of whether they are bound rightly.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator

from quantshark.sources import extract, read_all
from quantshark.sources.extract import Proof
from tests.benchmarks.measuring import SHARED, Row, UnavailableError, at_least

NEWSDAY = SHARED / "newsday"
# What the target speaks of; the other kinds are told beside it.
AIMED = ("money", "percent", "point")
BESIDE = ("index", "price", "count", "multiple", "streak")


def measure() -> Iterator[Row]:
    proofs = _proofs()
    aimed = [proof for proof in proofs if proof.claim.figure.kind in AIMED]
    yield at_least(
        "money, percent and point figures bound", _share(aimed), 70, "%", f"{len(aimed)} figures, two news days"
    )
    for kind in (*AIMED, *BESIDE):
        of_kind = [proof for proof in proofs if proof.claim.figure.kind == kind]
        if of_kind:
            yield Row(f"bound: {kind}", f"{_share(of_kind):.1f} %", how=f"{len(of_kind)} figures")
    reasons = Counter(proof.unbound for proof in aimed if proof.unbound)
    for reason, count in reasons.most_common():
        yield Row(f"unbound: {reason}", f"{count / len(aimed) * 100:.1f} %", how=f"{count} figures")


def _proofs() -> list[Proof]:
    if not NEWSDAY.is_dir():
        raise UnavailableError("the two news days ../shared/newsday are not here")
    documents = read_all([NEWSDAY]).documents
    names = extract.teach(documents)
    return [proof for document in documents for proof in extract.prove(document, names)]


def _share(proofs: list[Proof]) -> float:
    return sum(proof.bound for proof in proofs) / len(proofs) * 100


def _show(proof: Proof) -> str:
    fact = proof.fact
    period = f"{fact.period.start}..{fact.period.end} {fact.period.grain}" if fact.period else "-"
    more = " ".join(
        f"{name}={value}"
        for name in ("basis", "scope", "via", "modality", "said_by")
        if (value := getattr(fact, name)) not in ("", "actual")
    )
    quote = fact.source.quote if fact.source else ""
    return (
        f"{fact.entity} {fact.entity_name} | {fact.measure} | {fact.value}"
        f"{f'..{fact.high}' if fact.high is not None else ''} {fact.unit} ({fact.surface}) | {period} | {more}\n"
        f"    [{fact.as_of}] {proof.title[:60]}\n    {quote}"
    )


def _draw(seed: int, size: int) -> None:
    bound = [proof for proof in _proofs() if proof.bound]
    for number, proof in enumerate(random.Random(seed).sample(bound, min(size, len(bound))), 1):  # noqa: S311
        print(f"{number}. {_show(proof)}")


if __name__ == "__main__":
    _draw(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)
