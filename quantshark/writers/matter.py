"""Does a text speak of its own row: of what the row is about, and the way it is marked?

A row is about what its label, its facts and its news name. A comment that brings in another company, another sector or a
measure that nobody told there is about another row; one that judges against the mark (支持稳增长, 南向净卖出), or judges
where the row leans no way, says what nobody showed. Not a figure is wrong in either, and an editor would strike both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from quantshark.context import Brief
from quantshark.context.wording import sign_of
from quantshark.editions import SectionSpec, Tone, Topic
from quantshark.lexicon import measures
from quantshark.lexicon.names import Name, Names
from quantshark.lexicon.script import fold
from quantshark.lexicon.vocabulary import Vocabulary
from quantshark.model import Fact
from quantshark.writers.form import Slot, with_tokens
from quantshark.writers.tone import BAD, CLAUSE, GOOD, OPEN, VERDICTS, WATCHES

Bearing = Tone | Literal[""]
"""Which way a row leans; empty where nothing in it does: a piece of news, a figure that is good or bad for nobody."""

SAID: dict[Bearing, str] = {"good": "偏强", "bad": "偏弱", "mixed": "有强有弱", "calm": "", "": ""}
"""How a question tells the bearing."""

UNSHOWN: dict[Bearing, str] = {"good": "弱", "bad": "强", "mixed": "", "calm": "强弱", "": "强弱"}
"""Characters that no verdict on such a row needs: a grammar can keep a small model from judging against it."""

SIGNED = frozenset({"net_flow", "change", "southbound_net_flow"})
"""Measures whose sign has one meaning for a holder; a falling cost or a rising inventory has not."""

NAMED = frozenset({"company", "index", "channel", "commodity", "fund", "currency"})
"""Kinds of names that a text may bring in only with a fact; 港股 or 市场 it may always say."""
ABROAD = frozenset({"US", "XX"})
"""Where markets lie (XX: elsewhere) that are another row's matter in a row with nothing from there."""

BOOKS = frozenset(
    "revenue profit adj_profit operating_profit total_profit gross_profit ebitda gross_margin net_margin operating_margin eps "
    "dps dividend payout_ratio contract_liability capex rd orders order_count bid operating_cash inventory impairment sales "
    "sales_volume deliveries shipments market_share users stores buyback_amount buyback_shares buyback_count buyback_ratio "
    "placement_shares placement_price proceeds unlock_value unlock_shares unlock_ratio target_price utilization output".split()
)
"""What a company reports: in a row on companies or a sector it may be watched; it is told only where a fact or the news tells it."""
ECONOMY = measures.MACRO | {"exports", "imports", "trade", "trade_balance", "fx_rate", "yield"}
RATES = frozenset({"policy_rate", "lpr", "fx_rate", "yield"})
"""What any row may watch: every price answers to them."""

# 申万一级行业 as they are said, but for those that are everyday words as well (消费, 电子, 综合, 科技).
SECTORS = (
    "农林牧渔 化工 钢铁 有色 煤炭 石化 建材 地产 房地产 家电 食品饮料 白酒 纺织 服装 医药 军工 航空 航运 物流 旅游 餐饮 零售 电力 光伏 风电 "
    "新能源 绿色能源 机械设备 汽车 通信 传媒 游戏 互联网 计算机 半导体 芯片 银行 券商 保险 环保 教育 制造业 服务业 农业 建筑业 金融业"
).split()
_LATIN = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a slot is about: its words as printed (folded), who is named in them, its facts, its mark and where it leans."""

    words: str
    codes: frozenset[str]
    companies: frozenset[str]
    facts: tuple[Fact, ...]
    bearing: Bearing
    mark: str = ""

    @property
    def has_business(self) -> bool:
        """Does it name a company or a sector? Then somebody reports orders and profits there."""
        return bool(self.companies) or any(word in self.words for word in SECTORS)

    @property
    def measured(self) -> frozenset[str]:
        return frozenset(fact.measure for fact in self.facts)


def matter_of(slot: Slot, brief: Brief, names: Names) -> Matter:
    """The row of a slot, as the page will print it."""
    context = brief.context
    told, _ = context.print(f"{slot.beside} {with_tokens(slot.text, slot)}", links=False)
    words = fold(f"{slot.about} {told}")
    facts = tuple(context.fact(ref) for ref in slot.facts)
    codes = frozenset(code for name in names.find(words) for code in name.codes) | {fact.entity for fact in facts}
    companies = frozenset(code for code in codes if not code.startswith("~") and names.kind(code) == "company")
    mark, tone = mark_of(brief.section, slot.beside)
    return Matter(words, codes, companies, facts, _bearing(tone, _way(facts)), mark)


def bearing_of(slot: Slot, brief: Brief) -> Bearing:
    """Which way a slot's row leans: its mark knows, else the signs of its facts."""
    facts = tuple(brief.context.fact(ref) for ref in slot.facts)
    return _bearing(mark_of(brief.section, slot.beside)[1], _way(facts))


def mark_of(section: SectionSpec, beside: str) -> tuple[str, Bearing]:
    """The mark that stands beside a slot, and its tone; nothing where the mark is the same whichever way a row leans."""
    found: dict[str, set[Tone]] = {}
    for tone, text in _marks(section):
        if text and text in beside:
            found.setdefault(text, set()).add(tone)
    text, tones = next(iter(found.items()), ("", set[Tone]()))
    bearing: Bearing = next(iter(tones)) if len(found) == len(tones) == 1 else ""
    return (text.replace("*", "").strip(" :：") if bearing else ""), bearing


def _marks(section: SectionSpec) -> Iterator[tuple[Tone, str]]:
    for row in section.rows:
        yield from row.status.items()
    for tone, texts in section.signals.items():
        for text in texts:
            yield tone, text


def _way(facts: Iterable[Fact]) -> Bearing:
    signs = {sign_of(fact) for fact in facts if fact.measure in SIGNED} - {0}
    if len(signs) == 1:
        return "good" if 1 in signs else "bad"
    return "mixed" if signs else ""


def _bearing(mark: Bearing, facts: Bearing) -> Bearing:
    """A mark that its own facts speak against leans both ways."""
    if not mark:
        return facts
    return "mixed" if {mark, facts} == {"good", "bad"} else mark


# Against the mark


def against(text: str, matter: Matter) -> str:
    """In Chinese, which judgement of a text the row does not bear out; empty where it bears out all.

    A clause that asks, doubts or turns (能否, 若, 但) may say either.
    """
    closed = [clause.replace("涨跌", "") for clause in CLAUSE.findall(text) if not OPEN.search(clause)]
    if matter.bearing in ("good", "bad"):
        wrong = BAD if matter.bearing == "good" else GOOD
        word = next((word for clause in closed for word in wrong if word in clause), "")
        return f"{_shown(matter)}，却写成“{word}”" if word else ""
    if all(any(word in text for word in side) for side in (GOOD, BAD)):
        return ""
    word = next((word for clause in closed for word in VERDICTS if word in clause and word not in matter.words), "")
    return f"{_shown(matter)}，不能只写“{word}”" if word else ""


def _shown(matter: Matter) -> str:
    """What the row shows, for whoever judged otherwise."""
    if matter.mark:
        return f"这一行标的是“{matter.mark}”"
    told = {"good": "事实是上升或流入", "bad": "事实是下降或流出", "mixed": "这一行有强有弱"}
    return told.get(matter.bearing, "这一项只有消息，没有强弱")


# Beyond the subjects


def beyond(text: str, matter: Matter, names: Names, topics: Iterable[Topic]) -> str:
    """In Chinese, what a text speaks of that is not of its row; empty where all is."""
    folded = fold(text)
    found = _name(folded, matter, names, text)
    own = _without_names(folded, names)
    found = found or _sector(own, matter, topics) or next(_latin(own, matter), "")
    if found:
        return f"提到了此处没有的“{found}”"
    word = next(_unmeasured(own, matter), "")
    return f"说到了“{word}”，那不是这一行的事" if word else ""


def _name(folded: str, matter: Matter, names: Names, text: str) -> str:
    """A name that neither the words of the row nor its facts know; the market of what they know is none: 美股 beside 道指."""
    at_home = {names.entities[code].market for code in matter.codes if code in names.entities} - {"XX"}

    def strange(name: Name) -> bool:
        if matter.codes.intersection(name.codes):
            return False
        if name.kind == "market":
            market = names.entities[name.codes[0]].market
            return market in ABROAD and market not in at_home
        return name.kind in NAMED

    return next((text[name.start : name.end] for name in names.find(folded) if strange(name)), "")


def _without_names(folded: str, names: Names) -> str:
    """The folded text with its names blanked out: no 银行 in 中国人民银行."""
    for name in names.find(folded):
        folded = folded[: name.start] + "|" * (name.end - name.start) + folded[name.end :]
    return folded


def _latin(folded: str, matter: Matter) -> Iterator[str]:
    """Words in Latin letters (AI, CPI) that the row does not use."""
    known = matter.words.lower()
    return (run for run in _LATIN.findall(folded.lower()) if run not in known)


def _sector(folded: str, matter: Matter, topics: Iterable[Topic]) -> str:
    """A sector that the row does not name. What belongs to one theme stands for all of it: 算力 in a row on AI芯片."""
    themes = [topic for topic in topics if topic.theme]
    words = (*SECTORS, *(word for topic in themes for word in _folded(topic.words)))
    found = [word for word in words if word in folded and word not in matter.words]
    free = {word for topic in themes if found and _is_about(matter, topic) for word in _folded(topic.words)}
    strange = (word for word in found if word not in free)
    return min(strange, key=lambda word: (folded.find(word), -len(word)), default="")


def _is_about(matter: Matter, topic: Topic) -> bool:
    return any(word in matter.words for word in _folded(topic.words)) or bool(matter.codes.intersection(topic.related))


@lru_cache(maxsize=256)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, words))


def _unmeasured(folded: str, matter: Matter) -> Iterator[str]:
    """Words of measures that nothing in the row tells, and that are not merely to be watched."""
    own = {slug for word in _measures().find(matter.words) for slug in word.meaning} | matter.measured
    free = RATES | BOOKS if matter.has_business else RATES
    for clause in CLAUSE.findall(folded):
        watched = bool(WATCHES.search(clause) or OPEN.search(clause))
        for word in _measures().find(clause):
            slugs, said = set(word.meaning), clause[word.start : word.end]
            if watched and slugs & free:
                own |= slugs  # 先看产能利用率，利用率稳住再说
            elif said not in matter.words and not slugs & own and (slugs <= BOOKS or slugs <= ECONOMY):
                yield said


@lru_cache(maxsize=1)
def _measures() -> Vocabulary[tuple[str, ...]]:
    return Vocabulary({word: slugs for word, slugs in measures.words().items() if len(word) > 1})


def crowded(text: str, slot: Slot, matter: Matter, names: Names) -> str:
    """A company in a comment on several: 美团 and 摩尔线程 stand in one row, and what one did becomes both's."""
    theirs = {code for name in names.find(fold(slot.about)) for code in name.codes}
    if len(matter.companies - theirs) <= 1 and not theirs:
        return ""
    named = (name for name in names.find(fold(text)) if name.kind == "company")
    found = next((name for name in named if not theirs.intersection(name.codes)), None)
    return f"提到了此处没有的“{text[found.start : found.end]}”" if found else ""
