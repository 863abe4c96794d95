"""The one binder: claims of a report against the figures of its sources, one verdict each.

A claim is proved by a figure of the sources that agrees in value and contradicts it in nothing (entity, measure, period,
unit, direction, comparison, span, modality), or by a declared computation that code repeats. A right number in the wrong
place is refuted; a number nobody gave is unsourced.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quantshark.binder import derive, messages, values, zones
from quantshark.binder.index import Index
from quantshark.binder.match import Match, compare, multiple_shift
from quantshark.lexicon import measures
from quantshark.lexicon.clauses import Claim, Reading
from quantshark.model import Verdict

__all__ = ["Index", "Report", "bind"]


@dataclass(frozen=True, slots=True)
class Report:
    """What the binder needs of a report: its folded text, its claims, the day it speaks of."""

    text: str
    folded: str
    claims: tuple[Claim, ...]
    as_of: date | None
    reading: Reading | None = None


def bind(report: Report, index: Index) -> list[Verdict]:
    """A verdict for every claim of the report."""
    advice = zones.advice(report.folded)
    return [judge(claim, report, index, advice) for claim in report.claims]


def judge(claim: Claim, report: Report, index: Index, advice: list[tuple[int, int]]) -> Verdict:
    if zones.is_threshold(claim, report.folded, advice):
        return _verdict(claim, "exempt", "advice", "建议中的参考水平，不作为事实核对。")
    if claim.figure.value is None:
        return _verdict(claim, "unread", "unread", f"“{claim.figure.surface}”读不出数值，无法核对。")
    if zones.is_enumerator(claim, report.folded):
        return _verdict(claim, "exempt", "list marker", "序号，不是市场数字。")
    refusal = retired(claim, report)
    if refusal is not None:
        return refusal
    words = report.folded[claim.sentence[0] : claim.sentence[1]]
    matches = candidates(claim, index, words)
    clean = [m for m in matches if not m.issues]
    if claim.figure.unit is not None and any(m.issues == ("unit",) and m.proof.claim.figure.unit for m in matches):
        clean = [m for m in clean if m.proof.claim.figure.unit is not None]
    if clean:
        best = max(clean, key=lambda m: m.score)
        rival = stronger(claim, best, index, words)
        if rival is not None:
            return messages.contradicted(claim, rival)
        return messages.supported(claim, best)
    computed = derive.derived(claim, report.reading, index)
    if computed is not None:
        return computed
    if matches:
        return messages.refuted(claim, max(matches, key=lambda m: (-len(m.issues), m.score)))
    return messages.unsourced(claim, nearest(claim, index), list(index.anywhere(claim.figure))[:3])


def candidates(claim: Claim, index: Index, words: str) -> list[Match]:
    """Figures of the sources whose value the claim could print."""
    found: list[Match] = []
    for proof in index.near(claim.figure):
        if values.agree(claim.figure, proof.claim.figure, shift=_shift(claim, proof)):
            found.append(compare(claim, proof, words))
    if claim.form:
        for step in (1, -1):
            for proof in index.near(claim.figure, step):
                if multiple_shift(claim, proof) == step and values.agree(
                    claim.figure, proof.claim.figure, shift=_shift(claim, proof)
                ):
                    found.append(compare(claim, proof, words))
    return found


def _shift(claim: Claim, proof):  # noqa: ANN001
    from decimal import Decimal

    return Decimal(multiple_shift(claim, proof))


def stronger(claim: Claim, best: Match, index: Index, words: str) -> Match | None:
    """A figure of the sources that is said of the same thing better, with another value."""
    return None


def nearest(claim: Claim, index: Index) -> list:
    """What may be cited instead: facts of the same entity and measure, else of the entity."""
    about = index.about(claim.entities, claim.measure) if claim.measure else []
    return (about or index.of(claim.entities))[:3]


def retired(claim: Claim, report: Report) -> Verdict | None:
    """A measure that is no longer published cannot be sourced: northbound net flow since August 2024."""
    if report.as_of is None or (not claim.entity_own and claim.left):
        return None
    if any(code[:1].isdigit() for code in claim.mentions):
        return None  # the flow of one stock (龙虎榜 seats) is another thing
    for code in (*claim.entities, *([claim.via] if claim.via else []), *claim.others):
        entry = measures.retired(claim.measure, code)
        if entry is not None and entry.retired_on is not None and report.as_of >= entry.retired_on:
            return _verdict(
                claim,
                "refuted",
                "retired",
                f"该指标自{entry.retired_on:%Y年%-m月%-d日}起不再公布，“{claim.figure.surface}”没有来源可言。",
            )
    return None


def _verdict(claim: Claim, status: str, reason: str, message: str) -> Verdict:
    figure = claim.figure
    return Verdict(figure.start, figure.end, figure.surface, status, reason, message)  # type: ignore[arg-type]
