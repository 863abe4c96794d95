"""Two people changed the same text: what both did, where neither touched what the other changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_PIECE = re.compile(r"[^。！？；\n|]*[。！？；\n|]|[^。！？；\n|]+")

Span = tuple[int, int]


def merged(base: str, mine: str, theirs: str) -> str | None:
    """The text with both changes, sentence by sentence; None where they meet in one sentence and differ."""
    parts = _PIECE.findall(base)
    found: list[str] = []
    at = 0
    for (start, end), ours, others in _changes(parts, _PIECE.findall(mine), _PIECE.findall(theirs)):
        if ours is not None and others is not None and ours != others:
            return None
        found += [*parts[at:start], *(ours if ours is not None else others or ())]
        at = end
    return "".join([*found, *parts[at:]])


Change = tuple[Span, list[str] | None, list[str] | None]


def _changes(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Change]:
    """Changed stretches of the base in order, with what each side put there; overlapping ones become one."""
    edits = [(span, text, 0) for span, text in _edits(base, mine)] + [(s, t, 1) for s, t in _edits(base, theirs)]
    groups: list[list[tuple[Span, list[str], int]]] = []
    for edit in sorted(edits, key=lambda each: each[0]):
        last = max((span[1] for span, _, _ in groups[-1]), default=-1) if groups else -1
        # Two insertions at one point meet as well: nobody knows which comes first.
        if groups and (edit[0][0] < last or edit[0] == groups[-1][-1][0]):
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return [_change(base, group) for group in groups]


def _change(base: Sequence[str], group: Sequence[tuple[Span, list[str], int]]) -> Change:
    start, end = min(span[0] for span, _, _ in group), max(span[1] for span, _, _ in group)
    sides: list[list[str] | None] = [None, None]
    for side in (0, 1):
        own = [(span, text) for span, text, of in group if of == side]
        if own:
            sides[side] = _applied(base, start, end, own)
    return (start, end), sides[0], sides[1]


def _applied(base: Sequence[str], start: int, end: int, edits: Sequence[tuple[Span, list[str]]]) -> list[str]:
    found: list[str] = []
    for (left, right), text in edits:
        found += [*base[start:left], *text]
        start = right
    return [*found, *base[start:end]]


def _edits(base: Sequence[str], other: Sequence[str]) -> list[tuple[Span, list[str]]]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [((i, j), list(other[k:m])) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]
