"""What the verdicts say to an editor, in Chinese: what is wrong, what the source says, what may be cited."""

from __future__ import annotations

from collections.abc import Sequence

from quantshark.binder.match import Match
from quantshark.binder.status import Status
from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.format import format_value
from quantshark.lexicon.measures import MOVES, registry
from quantshark.model import Fact, Verdict
from quantshark.sources.extract import Proof

WHY = {
    "unit": "单位或币种不符",
    "direction": "方向相反",
    "entity": "主体不符",
    "measure": "指标不符",
    "period": "时间不符",
    "basis": "比较基准不符",
    "scope": "统计区间不符",
    "modality": "来源是预计或计划，不是已发生的事实",
    "negation": "肯定与否定不符",
    "words": "所述内容在来源中对不上",
    "attribution": "说话的机构不符",
    "form": "“增加多少”与“增至多少”弄混",
    "role": "变动前后的数值弄反",
    "hedge": "约数方向不符",
    "value": "数值不符",
    "rank": "名次不符",
    "counterpart": "买卖双方弄反",
}


ELSEWHERE = frozenset({"entity", "measure", "period", "scope", "words"})
"""Reasons for which the figure found is not what the claim speaks of."""


def supported(claim: Claim, match: Match) -> Verdict:
    fact = match.proof.fact
    return _verdict(claim, "supported", "bound", f"来源：{_quote(fact)}", fact)


def disputed(claim: Claim, match: Match, other: Proof) -> Verdict:
    """Borne out by one source and denied by another: an editor decides."""
    fact = match.proof.fact
    text = f"来源不一致：{_quote(fact)}，另有来源写{other.fact.surface}：{_quote(other.fact)}"
    return _verdict(claim, "supported", "disputed", text, fact, (fact, other.fact))


def refuted(claim: Claim, match: Match, near: Sequence[Proof]) -> Verdict:
    """`near` are facts of whom and what the claim names; they are told where the figure found is of another."""
    reason = match.issues[0]
    fact = match.proof.fact
    own = tuple(proof.fact for proof in near if proof.fact != fact)
    told = f"“{claim.figure.surface}”{WHY[reason]}。来源写的是：{_quote(fact)}"
    if own and reason in ELSEWHERE:
        told = f"{told}。可引用：{_said(own[0])}"
    return _verdict(claim, "refuted", reason, told, fact, (*own, fact) if reason in ELSEWHERE else (fact, *own))


def contradicted(claim: Claim, match: Match) -> Verdict:
    fact = match.proof.fact
    return _verdict(
        claim,
        "refuted",
        "value",
        f"“{claim.figure.surface}”与来源不符，来源写的是{fact.surface}：{_quote(fact)}",
        fact,
        (fact,),
    )


def unsourced(claim: Claim, near: Sequence[Proof], same: Sequence[Proof]) -> Verdict:
    facts = tuple(p.fact for p in (*near, *same))
    surface = claim.figure.surface
    if near:
        told = "；".join(_said(f.fact) for f in near)
        return _verdict(
            claim, "unsourced", "unsourced", f"“{surface}”：资料中没有这个数字。可引用：{told}。", None, facts
        )
    if same:
        return _verdict(
            claim,
            "unsourced",
            "unsourced",
            f"“{surface}”：资料中只有同值而不同义的数字：{_quote(same[0].fact)}",
            None,
            facts,
        )
    return _verdict(claim, "unsourced", "unsourced", f"“{surface}”：资料中没有这个数字。", None, ())


def _said(fact: Fact) -> str:
    """南向资金净卖出52.87亿港元: a cell says -52.87, an editor reads verb and unit; a level has its name and no verb."""
    measure = registry().get(fact.measure)
    moves = measure is not None and (measure.signed or fact.basis or fact.measure in MOVES) and fact.value
    ways = (measure.up if fact.value > 0 else measure.down) if measure is not None and moves else ()
    high = None if fact.high is None else abs(fact.high)
    verb = ways[0] if ways else fact.measure_name
    return f"{fact.entity_name}{verb}{format_value(abs(fact.value) if ways else fact.value, fact.unit, high=high)}"


def _quote(fact: Fact) -> str:
    quote = " ".join((fact.source.quote if fact.source else fact.surface).split())
    return f"「{quote if len(quote) <= 60 else quote[:59] + '…'}」"


def _verdict(
    claim: Claim, status: Status, reason: str, message: str, fact: Fact | None = None, nearest: tuple[Fact, ...] = ()
) -> Verdict:
    figure = claim.figure
    return Verdict(
        figure.start,
        figure.end,
        figure.surface,
        status,
        reason,
        message,
        fact,
        fact.source if fact else None,
        nearest,
    )
