"""Does a figure of a source say what a claim says? Everything but the value: who, what, when, which way, told how.

`compare` lists what contradicts (or is not borne out) and scores how well the rest agrees. No issue, no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from quantshark.binder.values import magnitude, units_agree
from quantshark.lexicon import contrasts, measures
from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.names import COMPOUND
from quantshark.model import Period
from quantshark.sources.extract import Proof, signed

SPANS = frozenset(
    {"half_day", "week", "month", "quarter", "year", "cumulative", "average", "after", "open", "afternoon"}
)
SIGNED = frozenset(
    {"net_flow", "profit", "adj_profit", "change", "change_points", "change_amount", "omo_net", "trade_balance"}
)
# 港股跌27点 is said of its leading index.
INDEX_OF = {
    "MKT.HK": "IDX.HSI",
    "MKT.SH": "IDX.SSE",
    "MKT.JP": "IDX.N225",
    "MKT.KR": "IDX.KOSPI",
    "MKT.TW": "IDX.TAIEX",
}
INDEX_SAYS = frozenset({"change", "change_points", "close", "price", "high", "low", "open", "turnover"})
# Measures named by words so common that another measure word beside them decides.
VAGUE = frozenset({"share", "investment", "cost", "policy_rate", "home_sales", "deals"})
NAMED_INDICES = frozenset({"home_price", "price_index"})
LEVELS = frozenset({"profit", "adj_profit", "operating_profit", "total_profit"})
HALF, MOST = 0.5, 0.7
DAYS = frozenset({"day", "week"})
# One character is a place, or what is left of a word.
PLACES = frozenset("中港澳台美英欧日韩法德俄印沪深")
_EARLY = re.compile(r"早段|初段|早盘|盘初|开市|开盘")
_LATE = re.compile(r"下午|午后|尾盘")
_YEAR_END = re.compile(r"年底|年末|今年|年内")
_SINCE = re.compile(r"以来|至今|截至|迄今")
# What is done to a plan while it is one: nobody adds, files for or calls off what is finished.
_WARNED = re.compile(r"盈利?警告?|盈喜|业绩预告|预告")
_TERMS = re.compile(
    r"[供拆合配]"
)  # 以1供3基准供股: the terms of an offer, which are its terms before it is carried out
_INTENT = re.compile(r"追加|申请")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+(?:位|家|个|名)")
_RANKED = re.compile(r"排名|排第|位列|位居|名列|跻身|榜|居第|第[一二三四五六七八九十\d]+大")
_CURRENCY = re.compile(r"人民币|[港美欧日韩澳加]元|英镑|卢布")
_FUTURE = re.compile(r"拟|计划|将|预计|有望|预期|力争|目标")
_ECONOMY = re.compile(r"经济增[速长]")
_OTHER_BASIS = re.compile(r"环比|按[季月]|较上[月季]|较年初")
_PIECE = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z]+")


class Told(Protocol):
    """What a source tells, with a figure or without: the claim, the day it was published, the words it stands in."""

    @property
    def claim(self) -> Claim: ...

    @property
    def day(self) -> date | None: ...

    @property
    def words(self) -> str: ...


class Match(NamedTuple):
    """A proof held against a claim: what contradicts, and how well the rest agrees."""

    proof: Proof
    issues: tuple[str, ...]
    score: float


def compare(claim: Claim, proof: Proof, words: str, present: frozenset[str] = frozenset()) -> Match:
    """`words` is the folded sentence of the claim, `present` who is named anywhere in the proof's document."""
    entity = entities_agree(claim, proof, present)
    measure = measures_agree(claim, proof)
    period = periods_agree(claim, proof)
    borne_out = coverage(claim.left, f"{proof.words} {proof.title} {proof.lead}") if claim.left else 1.0
    verdicts = (
        ("unit", units_agree(claim.figure, proof.claim.figure, loose=proof.loose_currency)),
        ("unit", _counted_in(claim, proof)),
        ("direction", directions_agree(claim, proof)),
        ("entity", entity >= 0),
        ("measure", measure >= 0),
        ("period", period >= 0),
        ("role", _roles_agree(claim, proof)),
        ("form", claim.figure.unit == "倍" or {claim.form, proof.claim.form} != {"by", "to"}),
        ("basis", bases_agree(claim, proof) and _level_or_change(claim, proof)),
        ("counterpart", _counterparts_agree(claim.counterpart, proof.claim.counterpart)),
        ("scope", scopes_agree(claim, proof)),
        ("modality", modalities_agree(claim, proof)),
        ("negation", claim.table or claim.negated == proof.claim.negated),
        ("rank", _ranks_agree(claim, proof)),
        ("words", _words_agree(claim, proof, borne_out)),
    )
    score = entity + measure + period + borne_out
    score += coverage(proof.claim.left, words) + coverage(claim.right, proof.words) * 0.5
    return Match(proof, tuple(dict.fromkeys(name for name, agrees in verdicts if not agrees)), score)


def _counted_in(claim: Claim, proof: Proof) -> bool:
    """以美元计价 is not 以人民币计价."""
    return not claim.left or all(word in proof.words for word in _CURRENCY.findall(claim.left))


def _counterparts_agree(mine: str, theirs: str) -> bool:
    """Who bought from whom: with sides alike the other party must be the same, with sides turned it must not."""
    if not mine or not theirs:
        return True
    same = likeness(mine[1:], theirs[1:]) > HALF
    return same == (mine[0] == theirs[0])


def _level_or_change(claim: Claim, proof: Proof) -> bool:
    """放量786亿元 is what the turnover grew by, 成交786亿元 what it is."""
    told = proof.claim
    if claim.basis or not told.basis or told.form != "by" or claim.form == "by" or claim.direction:
        return True
    return measures.family(claim.figure) in ("rate", "multiple") or not claim.measure_own


def _roles_agree(claim: Claim, proof: Proof) -> bool:
    """The value before a change (由x, 前值x) is not the value after it."""
    mine, theirs = claim.role, proof.claim.role
    return mine == theirs or "from" not in (mine, theirs) or (mine == "from" and proof.table)


def _ranks_agree(claim: Claim, proof: Proof) -> bool:
    """第四位客户 is the fourth, not the fourth largest."""
    if not claim.figure.surface.endswith("大"):
        return True
    return _ORDINAL.search(proof.words) is None or _RANKED.search(proof.words) is not None


def _words_agree(claim: Claim, proof: Proof, borne_out: float) -> bool:
    """What no registry knows must stand in the sentence, its headline or lead, or nearly whole in the document.

    `borne_out` is how much of it the sentence, headline and lead hold.
    """
    if len(claim.left) == 1 and claim.left not in PLACES:
        return True  # what is left of a compound whose other half is known (内地, 能量密度)
    if borne_out >= HALF:
        return True
    return not claim.table and coverage(claim.left, proof.page) >= MOST


def directions_agree(claim: Claim, proof: Proof) -> bool:
    if claim.toward * proof.claim.toward < 0:
        return False
    said, truth = signed(claim)[1], proof.fact.direction
    if claim.measure in LEVELS and proof.claim.measure in LEVELS and measures.family(claim.figure) != "rate":
        return claim.loss == (proof.claim.loss or truth < 0) or bool(claim.basis)
    if said and truth:
        return said == truth
    return not (truth < 0 and not said and claim.measure in SIGNED and proof.claim.measure in SIGNED)


def entities_agree(claim: Claim, proof: Proof, present: frozenset[str] = frozenset()) -> float:
    """-1 contradicts, 0 does not say, 2 the same."""
    mine, theirs = set(claim.entities), set(proof.claim.entities)
    if not _company_agrees(claim, proof, present):
        return -1
    if not mine:
        return 0
    if mine & theirs:
        unknown = {code for code in mine if code.startswith("~")}
        return 2 if len(unknown) < 2 or unknown <= theirs else -1  # 短纤、尿素等涨超1%: every one of them
    if claim.topic or (claim.measure in measures.MACRO and not claim.entity_own):
        return 0
    if mine & _speakers(proof) and all(code.startswith("ORG.") for code in mine):
        return 1  # 美联储宣布…: an authority is the subject of what it decides
    if claim.measure in INDEX_SAYS and any(INDEX_OF.get(code) in theirs for code in mine):
        return 1
    if any(_shortened(claim.subject, code[1:]) for code in theirs if code.startswith("~")):
        return 1
    if any(_shortened(proof.claim.subject, code[1:]) for code in mine if code.startswith("~")):
        return 1
    if any(_spelt_alike(one, other) for one in mine for other in theirs):
        return 1
    if theirs and proof.claim.entity_own:
        return -1
    if claim.subject and not theirs and coverage(claim.subject, proof.words) == 1:
        return 1
    if theirs and not proof.claim.topic:
        return -1
    return 1 if mine & proof.claim.mentions or _named(mine, proof) else -1


def _company_agrees(claim: Claim, proof: Proof, present: frozenset[str]) -> bool:
    """Who else is named, who says it, and through which channel."""
    speakers = _speakers(proof)
    known = set(proof.claim.entities) | proof.claim.mentions
    if not claim.others <= known | speakers | (frozenset[str]() if claim.entity_own else present):
        return False
    if claim.said_by and claim.said_by not in (speakers or present | known | set(claim.entities) | proof.named):
        return False
    return not (claim.via and proof.claim.via and claim.via != proof.claim.via)


def _shortened(one: str, other: str) -> bool:
    """Is one name short for the other, its characters in their order (台股 of 台湾股市)?"""
    short, long = sorted((one.replace(" ", ""), other), key=len)
    rest = iter(long)
    if COMPOUND.search(short) or COMPOUND.search(long):
        return short in long and bool(COMPOUND.search(short))  # 恒生ETF is not 恒生科技ETF, 道指 not 道指期货
    return len(short) > 1 and all(char in rest for char in short)


def _spelt_alike(one: str, other: str) -> bool:
    """Two names that no registry has, one within the other: 创始人Larry Page, 谷歌创始人Larry Page."""
    if not one.startswith("~") or not other.startswith("~"):
        return False
    short, long = sorted((one[1:].replace("的", ""), other[1:].replace("的", "")), key=len)
    return len(short) > 3 and short in long and not COMPOUND.search(long)


def _speakers(proof: Proof) -> set[str]:
    return {proof.claim.said_by} if proof.claim.said_by else set()


def _named(codes: Iterable[str], proof: Proof) -> bool:
    lead = "" if proof.claim.entities else proof.lead
    told = (proof.words, proof.title, lead)
    return any(code[1:] in text for code in codes if code.startswith("~") for text in told)


def measures_agree(claim: Claim, proof: Proof) -> float:
    mine, theirs = claim.measure, proof.claim.measure
    if contrasts.exclude(claim.kinds, proof.claim.kinds) or _each_or_all(claim, proof):
        return -1
    if mine and theirs:
        if mine == theirs:
            return 2
        if measures.same(mine, theirs):
            return 1
        if (mine in VAGUE or theirs in VAGUE) and not (claim.measure_own and proof.claim.measure_own):
            return 0
        if mine in NAMED_INDICES and theirs == "change" and claim.measure_word[:2] in proof.words:
            return 0  # 反映楼价走势的指数按周跌1.17%
        if mine in ("high", "low") and theirs == "price" and proof.claim.records and claim.measure_word in proof.words:
            return 0  # 最高触及99980元
        return 0 if claim.figure.kind in ("rank", "streak") and _counts_alike(claim, proof) else -1
    if mine == "change" and proof.claim.direction and claim.left and claim.left == proof.claim.left:
        return 0  # 载客量升逾14%, 载客量增长14.3%: a rise by any word, of what no registry names
    if mine:
        above = "" if proof.claim.left or proof.claim.entity_own else proof.lead  # 失业率为5.3%。单计3月降至5.2%
        return 1 if claim.measure_word in proof.words + above else -1
    return 0


def _counts_alike(claim: Claim, proof: Proof) -> bool:
    """卖出48万辆，全球第一: a rank by a word that may mean what the source ranks (销量)."""
    words = measures.words()
    shared = set(words.get(claim.measure_word, ())) & set(words.get(proof.claim.measure_word, ()))
    return bool(shared) or claim.measure_word in proof.words


def _each_or_all(claim: Claim, proof: Proof) -> bool:
    """每股派息 and 派息总额: what is paid for a share is not what is paid in all."""
    pair = claim.measure, proof.claim.measure
    if pair == ("dividend", "dps"):
        return "总" in claim.measure_word or proof.claim.each
    return claim.each and not proof.claim.each and pair[1] in ("dividend", "profit", "proceeds", "buyback_amount")


def periods_agree(claim: Claim, proof: Told) -> float:
    """Days are held against days (of the fact, else of its publication), the finest span told against the spans told."""
    days = [p for p in claim.periods if p.grain in DAYS]
    spans = sorted((p for p in claim.periods if p.grain not in DAYS), key=lambda p: p.end - p.start)
    grade = 0.0
    if days:
        truths = [p for p in proof.claim.periods if p.grain in DAYS]
        if not truths and proof.day:
            truths = [Period(proof.day, proof.day)]
        weekly = "week" in proof.claim.scope
        if truths and not any(_same_days(d, t, loose=claim.yearless, weekly=weekly) for d in days for t in truths):
            return -1
        grade = 1.0 if truths else grade
    elif proof.claim.past and not claim.past:
        return -1
    if spans:
        truths = [p for p in proof.claim.periods if p.grain not in DAYS]
        if truths and not any(
            _same_days(spans[0], truth, loose=claim.yearless) or _year_so_far(spans[0], truth, proof.words)
            for truth in truths
        ):
            return -1
        grade = 1.0 if truths else grade
    return grade


def _year_so_far(one: Period, other: Period, words: str) -> bool:
    """年内, and 2026年以来 of a source."""
    return one.grain == "ytd" and other.grain == "year" and one.start == other.start and bool(_SINCE.search(words))


def _same_days(one: Period, other: Period, *, loose: bool, weekly: bool = False) -> bool:
    """The same days; a form without a year may be that of the year beside it (第三季度, 11月)."""
    if (one.start, one.end) == (other.start, other.end):
        return True
    if one.grain == "week" and weekly and one.start <= other.start and other.end <= one.end:
        return True  # 12月5日当周
    if not loose or one.grain not in ("quarter", "month", "half", "quarters", "months"):
        return False
    return abs(one.start.year - other.start.year) == 1 and (one.start.month, one.end.month) == (
        other.start.month,
        other.end.month,
    )


def bases_agree(claim: Claim, proof: Proof) -> bool:
    if claim.behind and proof.claim.behind and claim.behind != proof.claim.behind:
        return False  # 42家公司净利润同比增长
    if not claim.basis:
        return True
    if claim.basis == proof.claim.basis:
        return True
    if claim.basis == "yoy" and not proof.claim.basis and _grows_on_year(proof):
        return True
    if claim.basis.startswith("~") and claim.basis[1:] in proof.words:
        return True
    return claim.basis == "prev_day" and not proof.claim.basis and proof.claim.measure in ("change", "change_points")


def _grows_on_year(proof: Proof) -> bool:
    """增长5.7% of a text that compares with the year before and with nothing else; growth of an economy is by the year."""
    claim = proof.claim
    if measures.family(claim.figure) != "rate" or claim.measure in measures.MOVES:
        return False
    if claim.measure in measures.MACRO or _ECONOMY.search(proof.words):
        return _OTHER_BASIS.search(_so_far(proof)) is None
    compares = "同比" in proof.page or "按年" in proof.page
    return compares and not _OTHER_BASIS.search(proof.page)


def scopes_agree(claim: Claim, proof: Proof) -> bool:
    mine, theirs = claim.scope & SPANS, proof.claim.scope & SPANS
    if ("open" in claim.scope and "close" in proof.claim.scope) or (
        "close" in claim.scope and "open" in proof.claim.scope
    ):
        return "open" in claim.scope & proof.claim.scope
    if "close" in claim.scope - proof.claim.scope and "intraday" in proof.claim.scope - claim.scope:
        return False
    if "intraday" in claim.scope - proof.claim.scope and "close" in proof.claim.scope - claim.scope:
        return False
    for span in mine - theirs:
        if span == "cumulative" and (
            theirs & {"year", "month", "quarter", "week"}
            or any(p.grain not in DAYS for p in (proof.claim.periods if claim.periods else ()))
        ):
            continue
        if span in ("year", "quarter") and any(p.grain == span for p in proof.claim.periods):
            continue
        if span in ("week", "month") and any(p.grain == span for p in proof.claim.periods):
            continue
        if span == "year" and claim.modality != "actual" and _YEAR_END.search(proof.words):
            continue  # 年内有望 is by the year's end
        if "intraday" in proof.claim.scope and "close" not in proof.claim.scope and _part(span, proof.words):
            continue  # 早段受压，较早时报2569点
        return False
    if theirs & {"half_day", "after"} - mine:
        return not ("day" in claim.scope or "close" in claim.scope)
    if "cumulative" in theirs - mine and not mine:
        return not (claim.scope & {"day"} or any(p.grain == "day" for p in claim.periods))
    return True


def _part(span: str, words: str) -> bool:
    told = {"open": _EARLY, "afternoon": _LATE}.get(span)
    return told is not None and told.search(words) is not None


def modalities_agree(claim: Claim, proof: Proof) -> bool:
    mine, theirs = claim.modality, proof.claim.modality
    if mine == theirs == "actual":
        return True
    if theirs == "actual":
        ahead = _is_ahead(proof) or (not proof.claim.done and _FUTURE.search(_so_far(proof)) is not None)
        return mine == "actual" or ahead
    terms = claim.figure.kind == "ratio" and _TERMS.search(claim.figure.surface) is not None
    return (mine != "actual" or terms or _is_intent(claim, proof)) and not claim.done


def _is_ahead(proof: Proof) -> bool:
    """2026年全年销量微增1.7%, said in May: a forecast by its time."""
    return proof.day is not None and any(period.end > proof.day for period in proof.claim.periods)


def _so_far(proof: Proof) -> str:
    """Title, lead, and the sentence of a figure to the end of its clause; a cell's words are its row and label."""
    claim = proof.claim
    words = proof.words if claim.table else proof.words[: claim.clause[1] - claim.sentence[0]]
    return f"{proof.title}{'' if proof.lead.startswith(words) else proof.lead}{words}"


def _is_intent(claim: Claim, proof: Proof) -> bool:
    """Is a bare verb plainly told of what is still to come? 追加投资 and 申请 are; 终止 of what the source calls off."""
    if _INTENT.search(claim.left + claim.right):
        return True
    if "most" in claim.records and claim.figure.hedge and not claim.periods:
        return True  # 集资最多约5200万元: the most it may bring
    if claim.figure.high is not None and claim.measure in LEVELS and _WARNED.search(proof.words):
        return True  # 去年亏损255亿至260亿元: a range of a year that is over is an estimate by its form
    return "终止" in claim.left and "终止" in proof.page and "原" in proof.claim.left


def coverage(mine: str, text: str) -> float:
    """How much of some words another text has: the mean of characters found and of pairs of neighbours found."""
    if not mine:
        return 1.0
    singles = pairs = found = joined = 0
    for piece in _PIECE.findall(mine):
        if not "\u4e00" <= piece[0] <= "\u9fff":
            singles, pairs = singles + 2, pairs + 2
            found, joined = found + 2 * (piece in text), joined + 2 * (piece in text)
            continue
        singles += len(piece)
        found += sum(char in text for char in piece)
        grams = [piece[i : i + 2] for i in range(len(piece) - 1)] or [piece]
        pairs += len(grams)
        joined += sum(gram in text for gram in grams)
    return (found / singles + joined / pairs) / 2 if singles else 1.0


def likeness(one: str, other: str) -> float:
    """How alike two short pieces of text are, both ways."""
    if not one and not other:
        return 1.0
    return min(coverage(one, other), coverage(other, one)) if one and other else 0.0


def multiple_shift(claim: Claim, proof: Proof) -> int:
    """增长n倍 is 增至n+1倍: what to add to the claim before it is compared."""
    forms = (claim.form, proof.claim.form)
    if forms == ("by", "to"):
        return 1
    if forms == ("to", "by"):
        return -1
    return 0


def same_day(period: Period, days: int) -> Period:
    return Period(period.start + timedelta(days), period.end + timedelta(days), period.grain)


def size(claim: Claim) -> str:
    return f"{magnitude(claim.figure)}"
