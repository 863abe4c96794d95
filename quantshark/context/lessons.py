"""Which concepts earlier reports taught: read from their lesson headings, so that nothing needs to be remembered beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from quantshark.context.chinese import to_simplified
from quantshark.editions import Edition
from quantshark.model import Concept

PUBLISHING_DAYS = 30
"""For so many reports a concept is not taught again."""


def taught(edition: Edition, texts: Iterable[str], concepts: Sequence[Concept]) -> tuple[str, ...]:
    """The concepts whose lesson stands in one of these published texts, whichever script they are in."""
    patterns = [
        _heading(spec.labels["title"]) for spec in edition.sections if spec.block == "lesson" and "title" in spec.labels
    ]
    named = {
        to_simplified(found) for text in texts for pattern in patterns for found in pattern.findall(to_simplified(text))
    }
    return tuple(concept.slug for concept in concepts if concept.hans in named)


def _heading(label: str) -> re.Pattern[str]:
    before, _, after = label.strip("*").partition("{concept}")
    return re.compile(f"{re.escape(before)}([^\\n]+?){re.escape(after)}")
