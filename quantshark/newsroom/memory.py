"""What the drafts of one process need not read again: the material of a moment, the ground that editions stand on, its
documents as evidence, whole frames.

Each is kept under all that it is made of (versions, amendments, registries, edition), so nothing here grows old: what
changes is another key. Two hundred reports of one morning read the morning's documents once. Safe for threads; of those
that ask for the same thing at once, one makes it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Generic, TypeVar

from quantshark.checks import Evidence
from quantshark.checks.testimony import Testimony, hear
from quantshark.context import Wishes
from quantshark.context.ground import Ground, Spot, lay
from quantshark.data import load_concepts, load_entities, load_measures, load_traps
from quantshark.editions import Edition
from quantshark.lexicon.names import Names
from quantshark.model import Document, Fact
from quantshark.newsroom import framing, material
from quantshark.newsroom.framing import Frame
from quantshark.newsroom.material import Material
from quantshark.store.known import Known

Made = TypeVar("Made")
MATERIALS, GROUNDS, EVIDENCES, FRAMES, TESTIMONIES = 3, 3, 6, 12, 600
"""How many are kept: five editions of a day share few sets of documents, and most documents of any two sets; those of an
evidence take some ten megabytes."""


class Kept(Generic[Made]):
    """The latest used last, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Made] = OrderedDict()
        self._turn = threading.RLock()

    def of(self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self._turn:
            if key not in self._known:
                self._known[key] = make()
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return self._known[key]

    def clear(self) -> None:
        with self._turn:
            self._known.clear()


class Memory:
    """One for each newsroom."""

    def __init__(self) -> None:
        self._materials = Kept[tuple[Hashable, Material]](MATERIALS)
        self._grounds = Kept[tuple[object, Ground]](GROUNDS)
        self._evidences = Kept[tuple[object, Evidence]](EVIDENCES)
        self._frames = Kept[tuple[object, Frame]](FRAMES)
        self._testimonies = Kept[tuple[object, Testimony]](TESTIMONIES)

    def material(self, store: Known, until: datetime) -> Material:
        """What was known before `until`."""
        return self._material(store, until)[1]

    def frame(
        self, edition: Edition, store: Known, day: date, until: datetime, site_url: str, wishes: Wishes
    ) -> tuple[Frame, Material]:
        """The frame of a new draft, with the material that it is made of."""
        state, known = self._material(store, until)
        registries = _registries()
        key = (edition.slug, edition.folder, edition.digest, state, day, until, site_url, wishes, _ids(registries))

        def ground(facts: Iterable[Fact], documents: Iterable[Document], spot: Spot) -> Ground:
            about = (state, spot, _ids(registries))
            return self._grounds.of(about, lambda: (registries, lay(facts, documents, spot)))[1]

        def make() -> tuple[object, Frame]:
            return registries, framing.make(edition, known, day, until, site_url, wishes, self.evidence, ground)

        return self._frames.of(key, make)[1], known

    def evidence(self, documents: Sequence[Document], facts: Sequence[Fact], amended: Mapping[str, Fact]) -> Evidence:
        """The documents read once, beside the facts that one context derived from them."""
        registries = _registries()
        key = (tuple(documents), tuple(amended.items()), _ids(registries))

        def heard(document: Document, names: Names) -> Testimony:
            """A document is read again only where others have taught a name that bears on it."""
            about = (document, names.learned_in(f"{document.title}\n{document.text}"), _ids(registries))
            return self._testimonies.of(about, lambda: (registries, hear(document, names)))[1]

        _, read = self._evidences.of(key, lambda: (registries, Evidence(documents, (), amended, heard)))
        return read.beside(facts)

    def clear(self) -> None:
        self._evidences.clear()
        self._grounds.clear()
        self._frames.clear()
        self._testimonies.clear()
        self._materials.clear()

    def _material(self, store: Known, until: datetime) -> tuple[Hashable, Material]:
        state = material.state_of(store, until)
        return self._materials.of((until, state), lambda: (state, material.from_store(store, until)))


def _registries() -> tuple[object, ...]:
    """What tells names and measures; the loaders give the same object until a file changes."""
    return load_entities(), load_traps(), load_measures(), load_concepts()


def _ids(registries: tuple[object, ...]) -> tuple[int, ...]:
    """Their names in a key; what is kept under it holds them, so that no other object takes the name."""
    return tuple(map(id, registries))
