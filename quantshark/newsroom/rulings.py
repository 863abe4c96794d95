"""What editors decided about single figures, held against the text each time it is read.

A ruling counts for the sentence that it was given in, as long as not a character of it has changed. A binding is compared
anew with its fact (value, unit, sign); a waiver needs a second person, and so does a binding of what the check refutes,
and no figure is bound to a fact of another entity, measure or period than its sentence tells. Neither makes a wrong figure right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from quantshark.binder import values
from quantshark.data import load_measures
from quantshark.errors import EditError
from quantshark.lexicon import clauses, measures, page
from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.names import Names
from quantshark.model import WAIVABLE, Draft, Fact, Figure, Ruling, Verdict
from quantshark.newsroom.places import Place, Sentence, sentence_at
from quantshark.press.markdown import Printed
from quantshark.press.waivers import BOUND

Kind = Literal["bound", "waived"]
Spot = tuple[Place, Sentence, int]
"""Where a figure stands: its section, its sentence, and which of its kind it is in there."""

_ADDRESS = re.compile(r"\]\([^()\s]*\)|\[")

NOT_BOUND = frozenset({"retired", "advice", "forbidden"})
"""Reasons that no fact can answer: the measure is no longer published, or the words themselves are barred."""
OF_ANOTHER = {"entity": "主体", "measure": "指标", "period": "时间"}
"""In what a fact may be another than the one that is told."""


def applied(
    verdicts: Sequence[Verdict],
    draft: Draft,
    printed: Printed,
    standing: Sequence[Place],
    facts: Mapping[str, Fact],
    names: Names,
) -> tuple[Verdict, ...]:
    """The verdicts with the rulings of the draft in them."""
    if not draft.rulings:
        return tuple(verdicts)
    return tuple(_ruled(verdict, draft, printed, standing, facts, names) for verdict in verdicts)


def kept(draft: Draft, printed: Printed, standing: Sequence[Place]) -> tuple[Ruling, ...]:
    """The rulings whose sentence and figure still stand in the text, word for word."""
    text = {place.section: printed.text[place.start : place.end] for place in standing}
    return tuple(
        ruling
        for ruling in draft.rulings
        if ruling.sentence in text.get(ruling.section, "") and ruling.surface in ruling.sentence
    )


def located(verdict: Verdict, printed: Printed, standing: Sequence[Place]) -> tuple[Place, Sentence, int] | None:
    """Where a figure stands: its section, its sentence, and which of its kind it is in there."""
    place = next((p for p in standing if p.start <= verdict.start and verdict.end <= p.end), None)
    sentence = sentence_at(printed.text, place, verdict.start) if place else None
    if place is None or sentence is None:
        return None
    before = printed.text[sentence.start : verdict.start]
    return place, sentence, before.count(verdict.surface)


def compare(verdict: Verdict, sentence: Sentence, fact: Fact, names: Names) -> None:
    """Raises EditError where the figure, as it is read in its sentence, does not say what the fact says."""
    figure = _figure(verdict, sentence)
    said, told = f"“{verdict.surface}”", _told(fact)
    if verdict.reason in NOT_BOUND or figure is None or figure.value is None:
        raise EditError(
            f"{verdict.surface!r} ({verdict.reason}) is no figure that a fact could prove",
            notice=f"{said}不能绑定：{verdict.message}",
        )
    other = next((name for name in OF_ANOTHER if _is_of_another(name, verdict, sentence, fact, names)), None)
    if other is not None:
        raise EditError(
            f"{verdict.surface!r} is told of another {other} than that of {fact.fact_id}",
            notice=f"{said}的{OF_ANOTHER[other]}与所选事实（{told}）不同，不能绑定；请改正文字或另选事实。",
        )
    proof = Figure(
        0, 0, fact.surface, fact.kind, fact.value, fact.high, fact.unit, fact.ulp, fact.hedge, fact.direction
    )
    if not values.units_agree(figure, proof):
        raise EditError(
            f"{verdict.surface!r} is in {figure.unit}, the fact in {fact.unit}",
            notice=f"{said}的单位与所选事实（{told}）不同，不能绑定。",
        )
    if not values.agree(figure, proof):
        raise EditError(
            f"{verdict.surface!r} is {figure.value}, the fact {fact.value}; a refuted value is never let stand",
            notice=f"{said}的数值与所选事实（{told}）不符，不能绑定；请改正文字或另选事实。",
        )
    sign, way_said = _sign(fact), _said_sign(figure)
    if sign and way_said != sign:
        way = "没有写明方向" if way_said == 0 else "方向相反"
        raise EditError(
            f"{verdict.surface!r} has direction {way_said}, the fact {sign}",
            notice=f"{said}在句中{way}，所选事实为{told}，不能绑定。",
        )


def _is_of_another(aspect: str, verdict: Verdict, sentence: Sentence, fact: Fact, names: Names) -> bool:
    """腾讯涨3.2% beside 阿里巴巴's 3.2%: is it what the check found to contradict, or what the sentence says otherwise?"""
    against = verdict.fact if verdict.status == "refuted" and verdict.reason == aspect else None
    if against is not None and _aspect(aspect, against) == _aspect(aspect, fact):
        return True
    claim = _claim(verdict, sentence, fact, names)
    if claim is None:
        return False
    if aspect == "entity":
        told = {code for code in claim.entities if not code.startswith("~")}
        return bool(told) and not fact.entity.startswith("~") and fact.entity not in told
    if aspect == "measure":
        return bool(claim.measure and fact.measure) and not measures.same(claim.measure, fact.measure)
    days = [(each.start, each.end) for each in claim.periods if fact.period and each.grain == fact.period.grain]
    return bool(days) and _days(fact) not in days


def _claim(verdict: Verdict, sentence: Sentence, fact: Fact, names: Names) -> Claim | None:
    """The figure as its sentence alone tells it."""
    at = verdict.start - sentence.start
    read = clauses.read(_bare(sentence), names, day=fact.as_of)
    return next((claim for claim in read.claims if claim.start == at), None)


def _aspect(aspect: str, fact: Fact) -> object:
    return {"entity": fact.entity, "measure": fact.measure, "period": _days(fact)}[aspect]


def _days(fact: Fact) -> tuple[date | None, date | None]:
    return (fact.period.start, fact.period.end) if fact.period else (fact.as_of, fact.as_of)


def _ruled(
    verdict: Verdict,
    draft: Draft,
    printed: Printed,
    standing: Sequence[Place],
    facts: Mapping[str, Fact],
    names: Names,
) -> Verdict:
    where = located(verdict, printed, standing) if verdict.blocks or verdict.reason == "disputed" else None
    if where is None:
        return verdict
    for ruling in _of(draft, verdict, where):
        if ruling.kind == "waived" and verdict.status in WAIVABLE:
            return replace(verdict, ruling=ruling)
        fact = facts.get(ruling.fact_id)
        if ruling.kind == "bound" and fact is not None:
            try:
                compare(verdict, where[1], fact, names)
            except EditError:
                continue
            if verdict.status == "refuted" and not ruling.seconded:
                return replace(verdict, ruling=ruling)
            second = f"、{ruling.confirmed_by}确认" if ruling.seconded else ""
            told = f"由{ruling.by}绑定{second}：{ruling.reason}"
            status = "derived" if fact.formula else "supported"
            return replace(
                verdict, status=status, reason=BOUND, message=told, fact=fact, source=fact.source, ruling=ruling
            )
    return verdict


def _of(draft: Draft, verdict: Verdict, where: Spot) -> Iterator[Ruling]:
    place, sentence, nth = where
    for ruling in draft.rulings:
        if (ruling.section, ruling.sentence, ruling.surface, ruling.nth) == (
            place.section,
            sentence.text,
            verdict.surface,
            nth,
        ):
            yield ruling


def _figure(verdict: Verdict, sentence: Sentence) -> Figure | None:
    """The figure of a verdict as it is read among the words of its sentence, addresses left out."""
    at, end = verdict.start - sentence.start, verdict.end - sentence.start
    read = find_figures(_bare(sentence))
    return next((figure for figure in read if (figure.start, figure.end) == (at, end)), None)


def _bare(sentence: Sentence) -> str:
    return _ADDRESS.sub(lambda found: page.HIDDEN * len(found[0]), sentence.text)


def _said_sign(figure: Figure) -> int:
    """Which way the words or a printed sign say that it goes; 0 where nothing says so."""
    if figure.value is not None and figure.value < 0:
        return -1
    return 1 if figure.surface.startswith(("+", "＋")) else figure.direction


def _sign(fact: Fact) -> int:
    """+1 or -1 where the measure has two directions, else 0."""
    measure = next((each for each in load_measures() if each.slug == fact.measure), None)
    if measure is None or not measure.signed or not fact.value:
        return 0
    return 1 if fact.value > 0 else -1


def _told(fact: Fact) -> str:
    return f"{fact.entity_name} {fact.measure_name} {fact.surface or fact.value}".strip()
