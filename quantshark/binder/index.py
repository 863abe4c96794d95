"""Proofs by value: which figures of the sources could a claim mean? Found by bisection, never by scanning.

Built once for a set of sources and asked for each claim of a report.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from quantshark.binder.values import magnitude, reach, upper
from quantshark.lexicon.measures import family
from quantshark.model import Figure
from quantshark.sources.extract import Proof

MANY = 400


class Index:
    """Proofs sorted by size within each family of units, and by whom and what they speak of."""

    def __init__(self, proofs: Iterable[Proof]) -> None:
        self.proofs = tuple(proofs)
        sized: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self._about: dict[tuple[str, str], list[int]] = defaultdict(list)
        present: dict[str, set[str]] = defaultdict(set)
        self._free: dict[str, list[int]] = defaultdict(list)
        self._beside: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._of: dict[str, list[int]] = defaultdict(list)
        for place, proof in enumerate(self.proofs):
            sized[family(proof.claim.figure)].append((float(magnitude(proof.claim.figure)), place))
            top = upper(proof.claim.figure)
            if top is not None:
                sized[family(proof.claim.figure)].append((float(top), place))
            claim = proof.claim
            source = proof.fact.source
            if source is not None:
                spoken = {claim.said_by} if claim.said_by else set[str]()
                present[source.doc_id] |= claim.mentions | spoken
                self._beside[source.doc_id, claim.sentence[0]].append(place)
            if claim.measure and not any(
                c[0].isdigit() or c.endswith(".US") or c.startswith("~") for c in claim.entities
            ):
                self._free[claim.measure].append(place)
            for code in claim.entities:
                self._about[code, claim.measure].append(place)
                self._of[code].append(place)
        self._present = {doc_id: frozenset(codes) for doc_id, codes in present.items()}
        self._sizes: dict[str, list[float]] = {}
        self._places: dict[str, list[int]] = {}
        for name, pairs in sized.items():
            pairs.sort()
            self._sizes[name] = [size for size, _ in pairs]
            self._places[name] = [place for _, place in pairs]

    def near(self, figure: Figure, shift: int = 0) -> Iterator[Proof]:
        """Proofs whose size is close to the figure's, in families that its unit may mean."""
        least, most = reach(figure, shift)
        for name in self._families(figure):
            sizes = self._sizes.get(name)
            if sizes:
                low, high = bisect_left(sizes, least), bisect_right(sizes, most)
                for place in self._places[name][low:high]:
                    yield self.proofs[place]
        top = upper(figure)
        if top is not None:
            yield from self._ends(figure, float(top))

    def _ends(self, figure: Figure, top: float) -> Iterator[Proof]:
        for name in self._families(figure):
            sizes = self._sizes.get(name)
            if sizes:
                low, high = bisect_left(sizes, top * 0.999), bisect_right(sizes, top * 1.001)
                for place in self._places[name][low:high]:
                    yield self.proofs[place]

    def _families(self, figure: Figure) -> tuple[str, ...]:
        name = family(figure)
        if name == "bare":
            return tuple(self._sizes)
        if name in ("rate",):
            return (name,)
        if name in ("money", "index", "multiple"):
            return (name, "bare")
        return tuple(key for key in self._sizes if key not in ("rate", "money", "index", "multiple"))

    def anywhere(self, figure: Figure) -> Iterator[Proof]:
        """Proofs of this size in whatever unit, for telling an editor what was confused."""
        size = float(magnitude(figure))
        for name, sizes in self._sizes.items():
            low, high = bisect_left(sizes, size * 0.9995), bisect_right(sizes, size * 1.0005)
            for place in self._places[name][low:high]:
                yield self.proofs[place]

    def about(self, codes: Iterable[str], measure: str) -> list[Proof]:
        """Proofs of an entity and a measure, in reading order."""
        places = dict.fromkeys(place for code in codes for place in self._about.get((code, measure), ())[:MANY])
        return [self.proofs[place] for place in places]

    def free(self, measure: str) -> list[Proof]:
        """Proofs of a measure that are about a market or nobody by name."""
        return [self.proofs[place] for place in self._free.get(measure, ())[:MANY]]

    def beside(self, proof: Proof) -> list[Proof]:
        """The figures of the same sentence."""
        source = proof.fact.source
        return self.sentence((source.doc_id, proof.claim.sentence[0])) if source is not None else []

    def sentence(self, place: tuple[str, int]) -> list[Proof]:
        """The figures of the sentence that begins there."""
        return [self.proofs[found] for found in self._beside.get(place, ())[:MANY]]

    def present(self, proof: Proof) -> frozenset[str]:
        """Everybody that the proof's document names beside a figure."""
        source = proof.fact.source
        return self._present.get(source.doc_id, frozenset()) if source is not None else frozenset()

    def of(self, codes: Iterable[str]) -> list[Proof]:
        """Proofs of an entity."""
        places = dict.fromkeys(place for code in codes for place in self._of.get(code, ())[:MANY])
        return [self.proofs[place] for place in places]
