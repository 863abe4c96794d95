"""Do the days agree? (日期有据)

A report before the market opens cannot know its own day: what it tells of trading is of the session before. 今日 and the
day of the report itself are refuted there for everything that only a session makes known.

DAY   2025-12-12
FACT  财联社12月11日电，南向资金今日净卖出52.87亿港元。
PASS  12月12日盘前：12月11日南向资金净卖出52.87亿港元。
FAIL  12月12日盘前：今日南向资金净卖出52.87亿港元。
FAIL  12月12日盘前：12月12日南向资金净卖出52.87亿港元。
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from quantshark.lexicon.clauses import Claim
from quantshark.model import Verdict

BEFORE = frozenset({"radar", "premarket"})
SESSION = frozenset(
    "net_flow buy_amount sell_amount turnover volume short_turnover short_ratio close change change_points high low "
    "advancers decliners limit_up limit_down buyback_amount buyback_shares buyback_price".split()
)


def is_before_market(slot: str | None, folded: str) -> bool:
    """Is this a report before the market opens, by its slot or by its own title?"""
    title = next((line for line in folded.split("\n") if line.strip(" \u200b#-")), "")
    return slot in BEFORE or (slot is None and "盘前" in title[:60])


def check(claims: Sequence[Claim], verdicts: Sequence[Verdict], day: date | None, *, before: bool) -> Iterator[Verdict]:
    """The verdicts again; in a report before the market those of its own day's session are refuted."""
    for claim, verdict in zip(claims, verdicts, strict=True):
        yield _judged(claim, verdict, day) if before and day else verdict


def _judged(claim: Claim, verdict: Verdict, day: date | None) -> Verdict:
    told = [period for period in claim.periods if period.grain == "day"]
    if verdict.status in ("exempt", "unread") or claim.measure not in SESSION or claim.modality != "actual":
        return verdict
    if not told or all(period.end != day for period in told) or "cumulative" in claim.scope:
        return verdict
    message = f"盘前报告不可能知道当日收市后的“{verdict.surface}”；应写上一交易日的日期。"
    return replace(verdict, status="refuted", reason="dated", message=message)
