"""Declared arithmetic: sums, shares, differences, multiples that a sentence announces are computed again."""

from __future__ import annotations

from quantshark.binder.index import Index
from quantshark.lexicon.clauses import Claim
from quantshark.model import Verdict


def derived(claim: Claim, report: object, index: Index) -> Verdict | None:
    return None
