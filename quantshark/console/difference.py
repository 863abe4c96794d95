"""What changed between two texts, for a reader: words taken out and put in, long stretches that stayed cut short."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from quantshark.model import Draft

KEPT = 40
"""How much of what stayed is shown on each side of a change."""
# Figures and Latin words whole, other signs one by one: 52.87 → 52.78 is one change, not two.
_WORDS = re.compile(r"[0-9][0-9.,%]*|[A-Za-z]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Changed:
    """A section that differs."""

    title: str
    html: Markup


def of_drafts(old: Draft, new: Draft) -> tuple[Changed, ...]:
    """Every part of the report that differs, in the order of the new one."""
    return tuple(_changed(old, new))


def _changed(old: Draft, new: Draft) -> Iterator[Changed]:
    for title, before, after in (("标题", old.title, new.title), ("提要", old.summary, new.summary)):
        if before != after:
            yield Changed(title, of_texts(before, after))
    earlier = {section.slug: section for section in old.sections}
    for section in new.sections:
        known = earlier.pop(section.slug, None)
        if known is None or known.text != section.text:
            yield Changed(section.title or section.slug, of_texts(known.text if known else "", section.text))
    for section in earlier.values():
        yield Changed(section.title or section.slug, of_texts(section.text, ""))


def of_texts(old: str, new: str) -> Markup:
    """One text with what was taken out and put in."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return Markup("").join(
        _piece(kind, before[a:b], after[c:d], number, len(codes)) for number, (kind, a, b, c, d) in enumerate(codes)
    )


def _piece(kind: str, old: Sequence[str], new: Sequence[str], number: int, count: int) -> Markup:
    gone, come = "".join(old), "".join(new)
    if kind == "equal":
        return escape(_short(gone, first=number == 0, last=number == count - 1))
    out = Markup("<del>{}</del>").format(gone) if gone else Markup("")
    return out + (Markup("<ins>{}</ins>").format(come) if come else Markup(""))


def _short(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * KEPT + 10:
        return text
    head = "" if first else text[:KEPT]
    tail = "" if last else text[-KEPT:]
    return f"{head} … {tail}"
