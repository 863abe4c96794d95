"""Text whose printed spans survive editing: every cut and paste of the press moves the marks with the words.

A mark that an edit touches grows or shrinks with it; none is lost, none points beside its words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from quantshark.model import Mark


class Edit(NamedTuple):
    """Put `text` where `start` to `end` stood."""

    start: int
    end: int
    text: str


class Sheet:
    """A page being set: words go in at the end, marks are moved to where they come to stand."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._marks: list[Mark] = []
        self.length = 0

    def add(self, text: str, marks: Iterable[Mark] = ()) -> int:
        """Append; returns where the text begins."""
        begin = self.length
        self._marks.extend(shifted(marks, begin))
        self._pieces.append(text)
        self.length += len(text)
        return begin

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(self._marks)


def shifted(marks: Iterable[Mark], by: int) -> tuple[Mark, ...]:
    return tuple(replace(mark, start=mark.start + by, end=mark.end + by) for mark in marks)


def edited(text: str, marks: Sequence[Mark], edits: Sequence[Edit]) -> tuple[str, tuple[Mark, ...]]:
    """Apply edits that do not overlap; marks follow their words."""
    if not edits:
        return text, tuple(marks)
    ordered = sorted(edits)
    for left, right in pairwise(ordered):
        if right.start < left.end:
            raise ValueError(f"edits overlap at {right.start}: {left} and {right}; make one of them")
    move = _Mover(ordered)
    return _spliced(text, ordered), tuple(replace(m, start=move.left(m.start), end=move.right(m.end)) for m in marks)


def _spliced(text: str, edits: Sequence[Edit]) -> str:
    pieces: list[str] = []
    here = 0
    for edit in edits:
        pieces += (text[here : edit.start], edit.text)
        here = edit.end
    return "".join((*pieces, text[here:]))


class _Mover:
    """Old positions to new ones; inside an edit the left edge of a span goes left and the right edge goes right."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._starts = [edit.start for edit in edits]
        self._grown = [0]
        for edit in edits:
            self._grown.append(self._grown[-1] + len(edit.text) - (edit.end - edit.start))

    def left(self, position: int) -> int:
        index = bisect_right(self._starts, position)
        if index and position < self._edits[index - 1].end:
            return self._starts[index - 1] + self._grown[index - 1]
        return position + self._grown[index]

    def right(self, position: int) -> int:
        index = bisect_right(self._starts, position - 1)
        if index and position <= self._edits[index - 1].end:
            return self._edits[index - 1].end + self._grown[index]
        return position + self._grown[index]
