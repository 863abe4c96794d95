"""A check is its own manual, and the manual is its test: the samples in each docstring are run as they stand."""

from __future__ import annotations

import importlib
import pkgutil
import re
from datetime import date
from typing import NamedTuple

import pytest

from quantshark import checks
from quantshark.checks import Evidence, compliant, judge
from quantshark.data import load_concepts
from quantshark.model import Document

NAMES = [module.name for module in pkgutil.iter_modules(checks.__path__) if module.name != "testimony"]
"""Every module but the one in which documents are heard, which judges nothing."""
_LINE = re.compile(r"^(DAY|FACT|PASS|FAIL)(?: (\w+(?::\w+)?))?  +(.+)$", re.M)


class Sample(NamedTuple):
    """A report with the facts and the day it is judged by."""

    passes: bool
    report: str
    facts: tuple[tuple[str, str], ...]
    day: date


def samples(name: str) -> list[Sample]:
    """The samples of a check; a FACT after a PASS or FAIL begins a new world."""
    doc = importlib.import_module(f"quantshark.checks.{name}").__doc__ or ""
    found: list[Sample] = []
    facts: list[tuple[str, str]] = []
    day = date(2025, 12, 11)
    told = False
    for kind, label, text in _LINE.findall(doc):
        if kind == "DAY":
            day = date.fromisoformat(text.strip())
        elif kind == "FACT":
            facts = [] if told else facts
            told = False
            facts.append((label or f"d{len(facts) + 1}", text))
        else:
            told = True
            found.append(Sample(kind == "PASS", text, tuple(facts), day))
    return found


def document(label: str, text: str) -> Document:
    """`talk:transcript` is the transcript called talk."""
    name, _, kind = label.partition(":")
    return Document(name, text, published_at=date(2025, 12, 11), kind=kind or "news")


@pytest.mark.parametrize("name", NAMES)
def test_every_check_shows_what_passes_and_what_fails(name: str) -> None:
    shown = {sample.passes for sample in samples(name)}
    assert shown == {True, False}, f"checks/{name}.py needs a PASS and a FAIL sample in its docstring"


@pytest.mark.parametrize(
    ("name", "sample"), [pytest.param(n, s, id=f"{n}:{s.report[:24]}") for n in NAMES for s in samples(n)]
)
def test_sample(name: str, sample: Sample) -> None:
    documents = [document(label, text) for label, text in sample.facts]
    verdicts = (
        tuple(compliant.check(sample.report, load_concepts()))  # a rule of our own editions, not of `judge`
        if name == "compliant"
        else judge(sample.report, Evidence(documents), as_of=sample.day).verdicts
    )
    passes = not any(verdict.blocks for verdict in verdicts)
    assert passes == sample.passes, [(v.surface, v.status, v.message) for v in verdicts]
