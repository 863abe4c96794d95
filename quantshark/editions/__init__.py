"""Editions are data: what a report is made of, when it is due, what it may say. Adding one needs no Python.

`prompts/<slug>/edition.yaml` is one edition; `prompts/shared/*.yaml` holds what all of them know: cues (named ways of
finding a fact), topics (what a document is about), lines (sentences that wait for their facts) and phrases. An edition's
own cues, topics and lines come on top. Everything is read strictly: an unknown key, a line that names a fact that no
cue finds, a digit typed into a sentence or a buy word in an edition that only observes is an `EditionError` with file,
key and the way out.
"""

from __future__ import annotations

from quantshark.editions.nouns import (
    Block,
    Chart,
    Core,
    Cue,
    Edition,
    Limits,
    Line,
    Roll,
    Row,
    Scoring,
    SectionSpec,
    Side,
    Slot,
    Takes,
    Tone,
    Topic,
)  # fmt: skip
from quantshark.editions.reading import ROOTS, load, roots, slugs

__all__ = [
    "ROOTS", "Block", "Chart", "Core", "Cue", "Edition", "Limits", "Line", "Roll", "Row", "Scoring", "SectionSpec", "Side",
    "Slot", "Takes", "Tone", "Topic", "load", "roots", "slugs",
]  # fmt: skip
