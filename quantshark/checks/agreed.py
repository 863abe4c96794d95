"""Does what is told without a figure agree with the sources? (方向有据)

A clause without a numeral claims as much as one with: which way a market went, whether a plan is done. It is refuted where
a source tells the same of the same subject, measure, time and span the other way and none tells it this way. Where the
sources are silent it is left alone: it is prose, and an editor's.

FACT  财联社12月11日电，南向资金今日净卖出52.87亿港元；恒生指数收涨0.97%，报25780.33点。
FACT  财联社12月11日电，中国神华公告，拟以13.6亿元收购杭锦能源。
PASS  南向资金今日净卖出，恒生指数收高。
PASS  中国神华拟收购杭锦能源。
FAIL  南向资金今日净买入。
FAIL  恒生指数今日收跌。
FAIL  中国神华已完成收购杭锦能源。
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from quantshark.binder import Index
from quantshark.binder.match import INDEX_OF, SPANS, periods_agree
from quantshark.lexicon import measures
from quantshark.lexicon.clauses import DEALS, Claim, Reading
from quantshark.model import Verdict
from quantshark.sources.extract import Proof, signed

# Words that say which way something went and nothing else; 收窄 and 反弹 say it of what went before.
_PLAIN = re.compile(
    r"净(?:买入?|卖出?|流[入出]|沽出?|投放|回笼|赎回|申购)额?|(?:收|大|急|暴|微|齐|普|领)?[涨跌升降挫]|[上下][涨跌升降调挫]|收[高低]|走[高低强弱]"
    r"|增长|增加|减少|下滑|放量|缩量|[加降减]息|亏损|盈利|[顺逆]差|[涨跌]停|攀升|飙升|[增减]持|[上下]行|重挫|跳水"
)
_UNSURE = re.compile(
    r"若|如果|倘|一旦|能否|是否|或|料|恐|有望|可能|预计|预期|拟|计划|将|目标(?!价)|力争|料|看|待|警惕|风险|防|担忧|建议|应|需|？|\?|未|没|不|非|无|曾|一度|过去|此前|历史|由|从|以来"
)
# 三大指数 of a market, and who they are.
_TRIOS = {
    "A": ("IDX.SSE", "IDX.SZSE", "IDX.CHINEXT"),
    "HK": ("IDX.HSI", "IDX.HSTECH", "IDX.HSCEI"),
    "US": ("IDX.DJI", "IDX.SPX", "IDX.NDX"),
}
_TRIO = re.compile(r"三大(?:股|主要)?指(?:数)?")
# 净买入居前的个股: who leads, not which way it all went.
_RANKED = re.compile(r"额?(?:居|前|排|最|榜|的|较|规模|额|力度|个股|股票|家|股)")
_SPANS = SPANS | {"intraday"}
_FLOWS = frozenset({"net_flow", "inflow_count"})


class Saying(NamedTuple):
    """What a source tells without a figure."""

    claim: Claim
    day: date | None
    words: str


class Sayings:
    """What sources tell without a figure, by whom it is told of."""

    def __init__(self, told: Iterable[Saying]) -> None:
        self._of: dict[str, list[Saying]] = defaultdict(list)
        for saying in told:
            for code in _keys(saying.claim):
                self._of[code].append(saying)

    def of(self, claim: Claim) -> list[Saying]:
        """Everything told of those that a claim is about."""
        found = {id(saying): saying for code in _keys(claim) for saying in self._of.get(code, ())}
        return list(found.values())


def sayings(reading: Reading, day: date | None) -> Iterator[Saying]:
    """The claims without a figure of a source."""
    for claim in reading.told:
        yield Saying(claim, day, reading.folded[claim.sentence[0] : claim.sentence[1]])


def check(reading: Reading, index: Index, told: Sayings) -> Iterator[Verdict]:
    """A verdict for each clause without a figure that the sources deny."""
    for read in reading.told:
        clause = reading.folded[read.clause[0] : read.clause[1]]
        claim = read
        if _TRIO.search(clause):
            claim = read._replace(entities=_trio(read, clause), measure="change", entity_own=True)
        sources = [*_figures(claim, index), *told.of(claim)]
        if claim.done and claim.entities and claim.measure in DEALS and not claim.negated:
            yield from _done(claim, reading, sources)
        elif _is_plain(claim, clause):
            yield from _judged(claim, clause, reading, sources)


def _trio(claim: Claim, clause: str) -> tuple[str, ...]:
    """Who 三大指数 are: those of the market that the clause names, else of the mainland."""
    codes = " ".join(claim.entities)
    where = "HK" if "HK" in codes or "港股" in clause else "US" if "US" in codes or "美股" in clause else "A"
    return _TRIOS[where]


def _is_plain(claim: Claim, clause: str) -> bool:
    """Is it told as a fact, of somebody named in this sentence, by a word that says only which way?"""
    named = claim.entity_own or (bool(claim.entities) and not claim.topic) or claim.measure in measures.MACRO
    return bool(
        named
        and claim.measure
        and claim.direction
        and claim.modality == "actual"
        and not claim.negated
        and _PLAIN.fullmatch(claim.figure.surface and _folded(claim, clause))
        and not _UNSURE.search(clause)
        and not _RANKED.match(clause[claim.end - claim.clause[0] :])
    )


def _folded(claim: Claim, clause: str) -> str:
    start = claim.start - claim.clause[0]
    return clause[start : start + claim.end - claim.start]


def _judged(claim: Claim, clause: str, reading: Reading, sources: Sequence[Proof | Saying]) -> Iterator[Verdict]:
    same = [source for source in sources if _same_thing(claim, source)]
    if not same or any(_way(source.claim) == claim.direction for source in same):
        return
    against = next((source for source in same if _way(source.claim) == -claim.direction), None)
    if against is None or any(clause.strip() in source.words for source in sources):
        return
    surface = reading.text[claim.start : claim.end]
    message = f"“{surface}”方向相反。来源写的是：{_quoted(against)}"
    yield _refuted(claim, surface, "direction", message, against)


def _done(claim: Claim, reading: Reading, sources: Sequence[Proof | Saying]) -> Iterator[Verdict]:
    """A plan told as done: the sources speak of it as a plan, and none of it as done."""
    same = [source for source in sources if measures.same(claim.measure, source.claim.measure)]
    against = next((source for source in same if source.claim.modality == "plan"), None)
    if against is None or any(source.claim.modality == "actual" for source in same):
        return
    surface = reading.text[claim.start : claim.end]
    message = f"“{surface}”来源只说是计划，没有说已经完成：{_quoted(against)}"
    yield _refuted(claim, surface, "modality", message, against)


def _quoted(source: Proof | Saying) -> str:
    quote = " ".join(source.words.split())
    return f"「{quote if len(quote) <= 60 else quote[:59] + '…'}」"


def _refuted(claim: Claim, surface: str, reason: str, message: str, against: Proof | Saying) -> Verdict:
    fact = against.fact if isinstance(against, Proof) else None
    source = fact.source if fact else None
    return Verdict(claim.start, claim.end, surface, "refuted", reason, message, fact, source)


def _way(claim: Claim) -> int:
    return signed(claim)[1] if claim.figure.kind != "word" else claim.direction


def _figures(claim: Claim, index: Index) -> list[Proof]:
    return index.of(_keys(claim)) if claim.entities else index.free(claim.measure)


def _keys(claim: Claim) -> tuple[str, ...]:
    """Whom a claim is about; a market is told of by its leading index, what has no subject by its measure."""
    if not claim.entities:
        return (f"={claim.measure}",)
    return (*claim.entities, *(INDEX_OF[code] for code in claim.entities if code in INDEX_OF))


def _same_thing(claim: Claim, source: Proof | Saying) -> bool:
    told = source.claim
    return (
        _kind(claim.measure) == _kind(told.measure)
        and told.modality == "actual"
        and told.negated == claim.negated
        and told.figure.kind not in ("rank", "streak", "duration")
        and told.role != "from"
        and _bases_agree(claim, told)
        and claim.scope & _SPANS == told.scope & _SPANS
        and not (claim.via and told.via and claim.via != told.via)
        and not claim.kinds ^ told.kinds
        and periods_agree(claim, source) >= 0
    )


def _kind(measure: str) -> str:
    if measure in measures.MOVES or measure in measures.PRICES:
        return "move"
    if measure in ("limit_up", "limit_down"):
        return "limit"
    return "flow" if measure in _FLOWS else measure


def _bases_agree(claim: Claim, told: Claim) -> bool:
    if _kind(claim.measure) in ("move", "flow"):
        return {claim.basis, told.basis} <= {"", "prev_day"}
    return claim.basis == told.basis or (not claim.basis and told.basis in ("yoy", "prev_day"))
