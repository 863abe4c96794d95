"""Find many known words in a text in one walk: longest match first, no overlap, linear time.

A `Vocabulary` maps spellings to what they mean. It is a dictionary by first two characters, which in Chinese text
beats an alternation of thousands of names by far and needs no dependency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import compress, count
from operator import add
from typing import Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")


class Word(NamedTuple, Generic[Meaning]):
    """A known word in a text: code points [start, end) and what it means."""

    start: int
    end: int
    meaning: Meaning


class Vocabulary(Generic[Meaning]):
    """Spellings and their meanings; give and ask in folded text (`script.fold`)."""

    def __init__(self, entries: Mapping[str, Meaning] | None = None) -> None:
        self._pairs: dict[str, list[tuple[str, Meaning]]] = {}
        self._singles: dict[str, Meaning] = {}
        self._meanings: dict[str, Meaning] = {}
        self.add(entries or {})

    def __len__(self) -> int:
        return len(self._meanings)

    def __contains__(self, spelling: str) -> bool:
        return spelling in self._meanings

    def get(self, spelling: str) -> Meaning | None:
        return self._meanings.get(spelling)

    def add(self, entries: Mapping[str, Meaning]) -> None:
        """Learn words; a spelling that is already there gets the new meaning."""
        touched: set[str] = set()
        for spelling, meaning in entries.items():
            if len(spelling) == 1:
                self._singles[spelling] = meaning
            elif spelling:
                self._put(spelling, meaning)
                touched.add(spelling[:2])
            self._meanings[spelling] = meaning
        for key in touched:
            self._pairs[key].sort(key=lambda pair: -len(pair[0]))

    def _put(self, spelling: str, meaning: Meaning) -> None:
        bucket = self._pairs.setdefault(spelling[:2], [])
        bucket[:] = [pair for pair in bucket if pair[0] != spelling]
        bucket.append((spelling, meaning))

    def copy(self) -> Vocabulary[Meaning]:
        """A vocabulary that can learn without teaching this one."""
        other: Vocabulary[Meaning] = Vocabulary()
        other._pairs = {key: list(bucket) for key, bucket in self._pairs.items()}
        other._singles = dict(self._singles)
        other._meanings = dict(self._meanings)
        return other

    def find(self, text: str) -> Iterator[Word[Meaning]]:
        """Known words from left to right, the longest at each place, never overlapping."""
        singles = self._singles
        # Every text is read here, character by character: which places begin a word is found outside of Python.
        buckets = list(map(self._pairs.get, map(add, text, f"{text[1:]} ")))
        heard: Iterable[object] = buckets
        if singles:
            heard = map(bool.__or__, map(bool, buckets), map(singles.__contains__, text))
        read = 0
        for place in compress(count(), heard):
            if place < read:
                continue
            for spelling, meaning in buckets[place] or ():
                if text.startswith(spelling, place):
                    read = place + len(spelling)
                    yield Word(place, read, meaning)
                    break
            if place >= read and text[place] in singles:
                read = place + 1
                yield Word(place, read, singles[text[place]])
