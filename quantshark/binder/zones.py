"""Zones known by their marker words: advice and, where the report declares them, projections.

Levels to watch are exempt there, facts are not. A projection is a condition that says what to watch: 若…，则观察….
"""

from __future__ import annotations

import re

from quantshark.lexicon.clauses import Claim

_MARKER = re.compile(
    r"(?:操作|仓位|投资|配置|交易|策略|行动)?(?:建议|指南|策略|纪律|提示)(?:[:：]|\u200b*[:：])|(?:止损|止盈|仓位|风控)(?:参考|建议|线|位)?[:：]"
)
_CONDITION = re.compile(
    r"若|如果?|假如|一旦|当|回调|跌破|突破|站稳|失守|企稳|浮盈|浮亏|止损|止盈|不超过|不低于|控制在|仓位|总仓|减仓|加仓|建仓|补仓|分批|等待|直至|以上|以下|以内|左右|参考|成本价|目标位|支撑|压力|阻力|持有|买入价|介入"
)
_FACT = re.compile(
    r"今日|昨日|今天|昨天|当日|上一?个?交易日|获|遭|报收|收报|成交额|净流入|净流出|净买入|净卖出|录得|同比|环比|公布|财报|业绩|已"
)


def advice(folded: str) -> list[tuple[int, int]]:
    """Spans from a marker to the end of its paragraph or table cell."""
    spans: list[tuple[int, int]] = []
    for match in _MARKER.finditer(folded):
        end = min(
            (place for place in (folded.find("\n", match.end()), folded.find("|", match.end())) if place >= 0),
            default=len(folded),
        )
        spans.append((match.start(), end))
    return spans


_PROJECTION = re.compile(r"推演[:：]")
_DECLARED = re.compile(r"\A---\n(?:(?!---\n).*\n)*?projections: true\n")
_IF = re.compile(r"若|如果|倘若|一旦|假如")
_WATCH = re.compile(r"观察|留意|关注|先看|再看")


def projections(text: str, folded: str) -> list[tuple[int, int]]:
    """Spans from a marker to the end of its paragraph, in a report whose front matter declares projections."""
    if _DECLARED.match(text) is None:
        return []
    marks = (match.start() for match in _PROJECTION.finditer(folded))
    return [(start, end if (end := folded.find("\n", start)) >= 0 else len(folded)) for start in marks]


def is_projection(claim: Claim, folded: str, spans: list[tuple[int, int]]) -> bool:
    """A level that a condition names, in a sentence that says what to watch."""
    at = claim.figure.start
    if not any(start <= at < end for start, end in spans):
        return False
    sentence = folded[claim.sentence[0] : claim.sentence[1]]
    before = folded[claim.sentence[0] : at]
    clause = folded[claim.clause[0] : claim.clause[1]]
    return bool(_IF.search(before) and _WATCH.search(sentence)) and not _FACT.search(clause)


def is_enumerator(claim: Claim, folded: str) -> bool:
    """第一，… 第二、… at the head of a sentence counts the points made."""
    figure = claim.figure
    head = folded[claim.sentence[0] : figure.start].strip(" \u200b")
    return figure.kind == "rank" and not head and folded[figure.end : figure.end + 1] in ("，", "、", "：", ",", ":")


def is_threshold(claim: Claim, folded: str, advice_spans: list[tuple[int, int]]) -> bool:
    """A level inside an advice zone that a condition governs and that tells no fact."""
    figure = claim.figure
    if not any(start <= figure.start < end for start, end in advice_spans):
        return False
    clause = folded[claim.clause[0] : claim.clause[1]]
    return bool(_CONDITION.search(clause)) and not _FACT.search(clause)
