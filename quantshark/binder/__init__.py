"""The one binder: claims of a report against the figures of its sources, one verdict each.

A claim is proved by a figure of the sources that agrees in value and contradicts it in nothing (entity, measure, period,
unit, direction, comparison, span, modality), or by a declared computation that code repeats. A right number in the wrong
place is refuted; a number nobody gave is unsourced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from quantshark.binder import balances, derive, messages, series, values, zones
from quantshark.binder.index import Index
from quantshark.binder.match import SPANS, Match, compare, likeness, multiple_shift, periods_agree
from quantshark.binder.status import Status
from quantshark.lexicon import measures
from quantshark.lexicon.clauses import Claim, Reading
from quantshark.model import Verdict
from quantshark.sources.extract import Proof

__all__ = ["Finding", "Index", "Report", "bind"]


@dataclass(frozen=True)
class Report:
    """What the binder needs of a report: its folded text, its claims, the day it speaks of."""

    text: str
    folded: str
    claims: tuple[Claim, ...]
    as_of: date | None
    reading: Reading | None = None

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the claims begin, in order."""
        return tuple(sorted(claim.start for claim in self.claims))

    @cached_property
    def spoken_of(self) -> date | None:
        """The last day that it names, else the day it speaks of."""
        days = [p.end for claim in self.claims for p in claim.periods if p.start == p.end]
        return max(days, default=self.as_of)

    @cached_property
    def projections(self) -> list[tuple[int, int]]:
        """Where it tells what would be, if it declares that it does."""
        return zones.projections(self.text, self.folded)


class Finding(NamedTuple):
    """A verdict and the figures of the sources that would bear it out."""

    verdict: Verdict
    clean: tuple[Match, ...] = ()


def bind(report: Report, index: Index) -> list[Finding]:
    """A finding for every claim of the report, in their order."""
    advice = zones.advice(report.folded)
    findings = [judge(claim, report, index, advice) for claim in report.claims]
    return _balanced(report, _at_home(report, _after_their_level(report, findings, index), index), index)


def _balanced(report: Report, findings: list[Finding], index: Index) -> list[Finding]:
    """Bought, sold and net of one sentence must agree with one another, not only each with some source."""

    def homes(place: int) -> frozenset[tuple[str, int]]:
        return frozenset(_home(match.proof) for match in findings[place].clean)

    def told(home: tuple[str, int]) -> list[Claim]:
        return [proof.claim for proof in index.sentence(home)]

    for found in balances.broken(report.claims, homes, told):
        for place in found.places:
            if findings[place].clean:
                claim = report.claims[place]
                message = f"“{claim.figure.surface}”：{found.message}"
                findings[place] = Finding(_verdict(claim, "refuted", "arithmetic", message))
    return findings


def _after_their_level(report: Report, findings: list[Finding], index: Index) -> list[Finding]:
    """A growth belongs to the level told before it: 成交5.6万套，同比增8.5% may not take the growth of another level."""
    kept = list(findings)
    for place in range(1, len(findings)):
        claim, before = report.claims[place], report.claims[place - 1]
        if claim.measure_own or claim.left or not claim.basis or claim.table or claim.sentence != before.sentence:
            continue
        if _verbatim(claim, report, list(findings[place].clean)):
            continue
        levels = {id(m.proof): m.proof for m in findings[place - 1].clean}
        homes = {_home(proof) for proof in levels.values()}
        mine = [m for m in findings[place].clean if _home(m.proof) in homes]
        if not mine or before.basis or len(mine) < len(findings[place].clean):
            continue
        if not any(id(_level_before(m.proof, index)) in levels for m in mine):
            right = _growth_after(list(levels.values()), claim, index)
            if right is not None:
                kept[place] = Finding(messages.contradicted(claim, Match(right, ("value",), 0.0)))
    return kept


def _level_before(proof: Proof, index: Index) -> Proof | None:
    """The figure without a comparison that stands before a growth in its sentence."""
    earlier = [p for p in index.beside(proof) if p.claim.end <= proof.claim.start and not p.claim.basis]
    return max(earlier, key=lambda p: p.claim.start, default=None)


def _growth_after(levels: list[Proof], claim: Claim, index: Index) -> Proof | None:
    """The growth, compared as the claim is, that follows one of these levels."""
    for level in levels:
        later = [p for p in index.beside(level) if p.claim.start >= level.claim.end and p.claim.basis == claim.basis]
        found = min(later, key=lambda p: p.claim.start, default=None)
        if found is not None and not values.agree(claim.figure, found.claim.figure):
            return found
    return None


def judge(claim: Claim, report: Report, index: Index, advice: list[tuple[int, int]]) -> Finding:
    exempt = _exempt(claim, report, advice)
    if exempt is not None:
        return Finding(exempt)
    words = report.folded[claim.sentence[0] : claim.sentence[1]]
    matches = candidates(claim, index, words)
    clean = [m for m in matches if not m.issues]
    if claim.figure.unit is not None and any(m.issues == ("unit",) and m.proof.claim.figure.unit for m in matches):
        clean = [m for m in clean if m.proof.claim.figure.unit is not None]
    if clean:
        best = max(clean, key=lambda m: m.score)
        rival = None if _verbatim(claim, report, clean) else stronger(claim, best, index, words)
        if rival is not None:
            return Finding(messages.contradicted(claim, rival))
        dispute = disputed(best.proof, index)
        verdict = messages.disputed(claim, best, dispute) if dispute else messages.supported(claim, best)
        return Finding(verdict, tuple(clean))
    computed = derive.derived(claim, report.reading, index) or _in_a_row(claim, report, index)
    if computed is not None:
        return Finding(computed)
    wrong = max((m for m in matches if m.issues), key=lambda m: (-len(m.issues), m.score), default=None)
    settled = None if wrong is not None and set(wrong.issues) <= TOLD_OTHERWISE else _settled(claim, index, words)
    if settled is not None:
        return Finding(messages.contradicted(claim, settled))
    near = nearest(claim, index, report.spoken_of)
    if wrong is not None:
        return Finding(messages.refuted(claim, wrong, near))
    return Finding(messages.unsourced(claim, near, list(index.anywhere(claim.figure))[:3]))


TOLD_OTHERWISE = frozenset({"direction", "unit", "form", "role", "modality", "negation"})
"""The value is the source's own, of the same thing and day: what it is called there says more than another value."""


def _in_a_row(claim: Claim, report: Report, index: Index) -> Verdict | None:
    if report.reading is None or report.as_of is None:
        return None
    return series.told(claim, series.Place(report.claims, report.reading, report.as_of, index))


def _verbatim(claim: Claim, report: Report, clean: list[Match]) -> bool:
    """Does a source sentence hold these very words, the figure before them included?"""
    place = bisect_left(report.starts, claim.start) - 1
    before = report.starts[place] if place >= 0 and report.starts[place] >= claim.sentence[0] else claim.clause[0]
    window = report.folded[before : claim.end].strip()
    return len(window) > 5 and any(window in match.proof.words for match in clean)


def _exempt(claim: Claim, report: Report, advice: list[tuple[int, int]]) -> Verdict | None:
    """What needs no figure of a source, or can have none."""
    if zones.is_threshold(claim, report.folded, advice):
        return _verdict(claim, "exempt", "advice", "建议中的参考水平，不作为事实核对。")
    if zones.is_projection(claim, report.folded, report.projections):
        return _verdict(claim, "exempt", "projection", "推演中的条件，以“若…则观察…”写出，不作为事实核对。")
    if claim.figure.value is None:
        return _verdict(claim, "unread", "unread", f"“{claim.figure.surface}”读不出数值，无法核对。")
    if zones.is_enumerator(claim, report.folded):
        return _verdict(claim, "exempt", "list marker", "序号，不是市场数字。")
    return retired(claim, report)


def _at_home(report: Report, findings: list[Finding], index: Index) -> list[Finding]:
    """A sentence retold from one sentence of a source may not take one of its figures from another place.

    Where most figures of a report's sentence are those of one source sentence, a figure that comes from elsewhere is
    refuted if that sentence has another value at the same words.
    """
    kept = list(findings)
    sentences: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, claim in enumerate(report.claims):
        if findings[place].clean and not claim.table:
            sentences[claim.sentence].append(place)
    for places in sentences.values():
        homes = Counter(home for place in places for home in {_home(m.proof) for m in findings[place].clean})
        for place in places:
            own = {_home(m.proof) for m in findings[place].clean}
            home, count = max(homes.items(), key=lambda item: item[1])
            if count >= 2 and count * 2 > len(places) and home not in own:
                rival = _said_at_home(report, report.claims[place], findings, places, home, index)
                if rival is not None:
                    kept[place] = Finding(messages.contradicted(report.claims[place], rival))
    return kept


def _home(proof: Proof) -> tuple[str, int]:
    return proof.fact.source.doc_id if proof.fact.source else "", proof.claim.sentence[0]


def _said_at_home(
    report: Report, claim: Claim, findings: list[Finding], places: list[int], home: tuple[str, int], index: Index
) -> Match | None:
    told = {id(m.proof) for place in places for m in findings[place].clean}
    words = report.folded[claim.sentence[0] : claim.sentence[1]]
    for proof in index.sentence(home):
        if (
            id(proof) not in told
            and likeness(claim.left, proof.claim.left) > 0.7
            and _denies(claim, proof, index, words)
        ):
            return compare(claim, proof, words, index.present(proof))
    return None


def candidates(claim: Claim, index: Index, words: str) -> list[Match]:
    """Figures of the sources whose value the claim could print."""
    found = [
        compare(claim, proof, words, index.present(proof))
        for proof in index.near(claim.figure)
        if values.agree(claim.figure, proof.claim.figure, shift=_shift(claim, proof))
    ]
    if claim.figure.high is not None:
        found += _spanned(claim, index, words)
    if claim.figure.unit == "倍" and claim.form == "by":
        found += _as_rate(claim, index, words)
    if claim.form and claim.figure.unit == "倍":
        for step in (1, -1):
            for proof in index.near(claim.figure, step):
                if multiple_shift(claim, proof) == step and values.agree(
                    claim.figure, proof.claim.figure, shift=_shift(claim, proof)
                ):
                    found.append(compare(claim, proof, words, index.present(proof)))
    return found


def _spanned(claim: Claim, index: Index, words: str) -> list[Match]:
    """A range whose two ends the source tells one by one (不低于1亿元且不超过2亿元; 最低价, 最高价)."""
    figure = claim.figure
    low, high = figure._replace(high=None), figure._replace(value=figure.high, high=None)
    return [
        compare(claim, proof, words, index.present(proof))
        for proof in index.near(low)
        if values.agree(low, proof.claim.figure)
        and any(values.agree(high, other.claim.figure) for other in index.beside(proof) if other is not proof)
    ]


def _as_rate(claim: Claim, index: Index, words: str) -> list[Match]:
    """增长1.2倍 is a growth of 120%."""
    figure = claim.figure
    rate = figure._replace(
        value=(figure.value or Decimal(0)) * 100, unit="%", kind="percent", ulp=(figure.ulp or Decimal(0)) * 100
    )
    told = claim._replace(figure=rate, form="")
    return [compare(told, p, words, index.present(p)) for p in index.near(rate) if values.agree(rate, p.claim.figure)]


def _shift(claim: Claim, proof: Proof) -> Decimal:
    return Decimal(multiple_shift(claim, proof))


def stronger(claim: Claim, best: Match, index: Index, words: str) -> Match | None:
    """A figure of the sources that is plainly the one meant, with another value: same place in the sentence, same span."""
    return _better_placed(claim, best, index, words) or _same_span(claim, best, index, words)


def _better_placed(claim: Claim, best: Match, index: Index, words: str) -> Match | None:
    """In the sentence that is quoted, another figure stands behind exactly these words."""
    told = claim.left or ("" if claim.measure else claim.about)
    if not told or claim.table:
        return None
    mine = likeness(told, best.proof.claim.left or best.proof.claim.about)
    for proof in index.beside(best.proof):
        alike = likeness(told, proof.claim.left or proof.claim.about)
        if (
            alike > 0.75
            and alike - mine > 0.3
            and proof.claim.role == claim.role
            and _denies(claim, proof, index, words)
        ):
            return compare(claim, proof, words, index.present(proof))
    return None


def _same_span(claim: Claim, best: Match, index: Index, words: str) -> Match | None:
    """The figure bound is of the half day or a running total, and one of the span told exists."""
    told = claim.scope & SPANS
    if best.proof.claim.scope & SPANS == told or not claim.measure or not claim.entities:
        return None
    for proof in index.about(claim.entities, claim.measure):
        if (
            proof.claim.scope & SPANS == told
            and proof.claim.basis == claim.basis
            and _denies(claim, proof, index, words)
        ):
            return compare(claim, proof, words, index.present(proof))
    return None


def _denies(claim: Claim, proof: Proof, index: Index, words: str) -> bool:
    """Does this figure say the same of the same, with another value?"""
    figure, other = claim.figure, proof.claim.figure
    return (
        measures.family(figure) == measures.family(other)
        and not values.agree(figure, other, shift=_shift(claim, proof))
        and not compare(claim, proof, words, index.present(proof)).issues
    )


def disputed(proof: Proof, index: Index) -> Proof | None:
    """Another document that gives the same measure of the same day and span another value."""
    claim = proof.claim
    if claim.measure not in SETTLED or not claim.entities or claim.left or claim.figure.hedge:
        return None
    for other in index.about(claim.entities, claim.measure):
        if _same_slot(proof, other) and not values.agree(claim.figure, other.claim.figure):
            return other
    return None


# What has one value when the day or the quarter is over.
SETTLED = frozenset(
    "net_flow turnover short_turnover revenue profit adj_profit buyback_amount buyback_shares close cpi ppi pmi".split()
)


WHOLE_DAY = frozenset({"day"})
"""全天净买入 and 净买入 of a day are the same."""


def _same_slot(proof: Proof, other: Proof) -> bool:
    mine, theirs = proof.claim, other.claim
    sources = (proof.fact.source, other.fact.source)
    return (
        sources[0] is not None
        and sources[1] is not None
        and sources[0].doc_id != sources[1].doc_id
        and not theirs.left
        and theirs.figure.hedge is None
        and theirs.figure.ulp == mine.figure.ulp
        and measures.family(theirs.figure) == measures.family(mine.figure)
        and (theirs.entities, theirs.via, theirs.basis, theirs.role, theirs.form, theirs.modality, theirs.past)
        == (mine.entities, mine.via, mine.basis, mine.role, mine.form, mine.modality, mine.past)
        and theirs.scope & SPANS == mine.scope & SPANS
        and proof.fact.period is not None
        and proof.fact.period == other.fact.period
    )


def nearest(claim: Claim, index: Index, day: date | None) -> list[Proof]:
    """What may be cited instead: of the same entity and measure, else of the entity. Of the day told first, or close to the
    last day that the report names, then near in size.
    """
    about = index.about(claim.entities, claim.measure) if claim.measure else []
    ranked = sorted(about or index.of(claim.entities), key=lambda proof: _distance(claim, proof, day))
    told = {(proof.fact.value, proof.fact.unit, proof.fact.period): proof for proof in reversed(ranked[:NEAR])}
    return list(reversed(told.values()))[:3]  # what several sources tell is told once


NEAR = 12
"""Of so many near facts the first three different ones are told."""


def _distance(claim: Claim, proof: Proof, spoken: date | None) -> tuple[bool, bool, float, int, Decimal]:
    figure, other = claim.figure, proof.claim.figure
    day = proof.fact.period.end if proof.fact.period is not None else proof.day
    days = 0 if claim.period_own or day is None or spoken is None else abs((spoken - day).days)
    gap = abs(values.magnitude(figure) - values.magnitude(other))
    another = measures.family(figure) != measures.family(other)
    spans = claim.scope & SPANS != proof.claim.scope & SPANS  # a total of two days is no day's figure
    return another, spans, -periods_agree(claim, proof), days, gap


def _settled(claim: Claim, index: Index, words: str) -> Match | None:
    """What a source says the same thing came to, where a day or a quarter has but one value of it."""
    if claim.measure not in SETTLED or not claim.entities or claim.left or claim.figure.hedge or claim.table:
        return None
    if series.spans_days(words):
        return None
    for proof in index.about(claim.entities, claim.measure):
        told = proof.claim
        if (
            proof.bound
            and not told.left
            and told.figure.hedge is None
            and told.scope - WHOLE_DAY == claim.scope - WHOLE_DAY
            and proof.fact.period in claim.periods
            and _denies(claim, proof, index, words)
        ):
            return compare(claim, proof, words, index.present(proof))
    return None


def retired(claim: Claim, report: Report) -> Verdict | None:
    """A measure that is no longer published cannot be sourced: northbound net flow since August 2024."""
    if report.as_of is None or (not claim.entity_own and claim.left):
        return None
    words = report.folded[claim.sentence[0] : claim.sentence[1]]
    if "龙虎榜" in words or "席位" in words or any(code[:1].isdigit() for code in claim.mentions):
        return None  # what one stock's seats show is another thing
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


def _verdict(claim: Claim, status: Status, reason: str, message: str) -> Verdict:
    figure = claim.figure
    return Verdict(figure.start, figure.end, figure.surface, status, reason, message)
