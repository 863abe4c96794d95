"""A text speaks of its own row: a table of rows and of what may be said of them. What a real model wrote is marked so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from quantshark.context import Brief, Context
from quantshark.lab import office
from quantshark.lab.frozen import FrozenDay, read
from quantshark.lexicon.names import Names
from quantshark.writers.form import Slot, form_of
from quantshark.writers.matter import against, bearing_of, beyond, matter_of
from quantshark.writers.rules import composition

ROWS = {
    "资金面": "🔴南向净卖出 12月11日收盘，南向资金净卖出52.87亿港元；分渠道看，港股通（沪）净卖出46.25亿港元。",
    "行情面": "🔴指数回落 12月11日恒生指数下跌0.04%，恒生科技指数下跌0.84%；港股全日成交1963.57亿港元。",
    "宏观面": "🟡数据更新 11月居民消费价格同比上涨0.7%。",
    "政策面": "🟢支持稳增长 央行12月15日将开展买断式逆回购6000亿元；央行12月11日净投放378亿元。",
    "行业面": "🟡分化明显 阿里巴巴上一财季经营利润下降85%，AI业务收入增长50%；中芯国际与华虹半导体产能利用率维持高位。",
    "外围面": "🟡冷暖不一 隔夜美股，道指上涨1.34%，纳指下跌0.25%；WTI原油下跌1.47%。",
    "阿里巴巴-W": "⚠️ **风险信号:** 12月11日南向资金对阿里巴巴-W净卖出33.68亿港元。当日股价下跌3.35%",
    "宝丰能源": "🛡️ **消息跟踪:** 摩根士丹利给予宝丰能源平配的初始评级",
    "": "南向资金对小米集团-W净买入，",
}
TRUE = [
    ("资金面", "方向偏弱，接着看港股通（沪）的净卖出情况是否持续"),  # real
    ("资金面", "先看流出是否收窄，再看成交能否跟上"),
    ("行情面", "方向偏弱，恒生指数和恒生科技指数均下跌，需关注指数的后续走势"),  # real
    ("行情面", "风险偏好收缩，弹性大的板块先受考验"),
    ("宏观面", "数据公布后先看利率与汇率如何反应，再看股市"),
    ("政策面", "方向偏强，支持稳增长，需关注央行的公开市场操作，看是否影响市场利率和流动性"),  # real
    ("政策面", "政策托底的方向未变，关注落地节奏"),
    ("政策面", "方向偏强，留意中国人民银行后续的操作"),
    ("行业面", "强弱分化，同一赛道内也要分清受益与受损"),
    ("行业面", "有强有弱，先看产能利用率，利用率稳住再说"),
    ("行业面", "收入偏强而利润偏弱，先看下一季怎么说"),
    ("外围面", "中概股有强有弱，先看美股今晚能否企稳"),
    ("外围面", "分量取决于细则，先弄清哪些行业真正用得上，再观察外围市场对这些行业的影响"),  # real
    ("阿里巴巴-W", "方向偏弱，接着观察阿里巴巴-W的股价是否继续下跌，以及是否出现新的净卖出信号"),  # real
    ("阿里巴巴-W", "少了一份增量资金的支撑，先看下一期收入能否改善"),
    ("宝丰能源", "先看评级之后的成交，以及下一期利润能否印证"),
    ("", "接着看它能否延续，涨跌都要有成交配合"),
]
ASTRAY = [
    # the sentence that an editor struck: of the row below, and against the mark
    ("政策面", "方向偏弱，AI业务收入增长过快", "提到了此处没有的“AI业务”"),  # real
    ("政策面", "先看AI算力能否跟上", "提到了此处没有的“算力”"),
    ("政策面", "业务收入增长过快，先看后续", "说到了“业务收入”，那不是这一行的事"),
    ("政策面", "关注营业收入能否增长", "说到了“营业收入”，那不是这一行的事"),
    ("政策面", "方向偏强，接着看数据是否继续增长，关注制造业和新能源行业", "提到了此处没有的“制造业”"),  # real
    ("资金面", "再看美股今晚怎么走", "提到了此处没有的“美股”"),
    ("资金面", "先看油价，布伦特原油能否企稳", "提到了此处没有的“布伦特原油”"),
    ("资金面", "关注CPI的后续走势", "提到了此处没有的“cpi”"),
    ("资金面", "居民消费价格回升，先看后续", "说到了“居民消费价格”，那不是这一行的事"),
    ("外围面", "先看欧股今晚怎么走", "提到了此处没有的“欧股”"),
    ("外围面", "与小米集团-W一样先看方向", "提到了此处没有的“小米集团-W”"),
    ("外围面", "先看通信板块能否跟上", "提到了此处没有的“通信”"),
    ("宝丰能源", "该公司的净利润和营业收入均在增长，先看后续", "说到了“净利润”，那不是这一行的事"),  # real
    ("", "接着观察阿里巴巴-W的走势", "提到了此处没有的“阿里巴巴-W”"),  # real
]
MISJUDGED = [
    ("政策面", "方向偏弱，央行的净投放对市场的影响需关注", "这一行标的是“🟢支持稳增长”，却写成“偏弱”"),  # real
    ("资金面", "方向偏强，接着看净卖出情况", "这一行标的是“🔴南向净卖出”，却写成“偏强”"),  # real
    ("阿里巴巴-W", "方向偏强，接着看热度能否扩散", "这一行标的是“⚠️ 风险信号”，却写成“偏强”"),  # real
    ("外围面", "偏弱，美股整体表现不佳，需关注后续的市场反应", "这一行标的是“🟡冷暖不一”，不能只写“偏弱”"),  # real
    ("宝丰能源", "方向偏强，接着观察公司业绩和股价变化", "这一行标的是“🛡️ 消息跟踪”，不能只写“偏强”"),  # real
    ("宏观面", "方向偏强，接着看数据是否继续改善", "这一项只有消息，没有强弱，不能只写“偏强”"),  # real
]


@dataclass(frozen=True)
class Desk:
    """The radar as it was frozen."""

    context: Context
    names: Names

    def brief(self, label: str) -> Brief:
        slug = "overview" if label.endswith("面") else "stocks" if label else "verdict"
        return Brief(self.context.edition.section(slug), self.context)

    def slot(self, label: str) -> Slot:
        return Slot("a1", label, "", (), f"**{label}** {ROWS[label]}")

    def astray(self, text: str, slot: Slot, brief: Brief) -> str:
        return beyond(text, matter_of(slot, brief, self.names), self.names, self.context.edition.topics)


@cache
def frozen() -> FrozenDay:
    return read(office.SHIPPED / "2025-12-12.frozen.jsonl.xz")


@pytest.fixture(scope="module")
def radar() -> Desk:
    return Desk(frozen().context("radar"), frozen().evidence("radar").names)


@pytest.mark.parametrize(("label", "text"), TRUE, ids=[text[:12] for _, text in TRUE])
def test_what_is_of_the_row_may_be_said(radar: Desk, label: str, text: str) -> None:
    slot, brief = radar.slot(label), radar.brief(label)
    assert not radar.astray(text, slot, brief)
    assert not against(text, matter_of(slot, brief, radar.names))


@pytest.mark.parametrize(("label", "text", "reason"), ASTRAY, ids=[text[:12] for _, text, _ in ASTRAY])
def test_another_rows_matter_is_found(radar: Desk, label: str, text: str, reason: str) -> None:
    assert radar.astray(text, radar.slot(label), radar.brief(label)) == reason


@pytest.mark.parametrize(("label", "text", "reason"), MISJUDGED, ids=[text[:12] for _, text, _ in MISJUDGED])
def test_a_judgement_against_the_mark_is_found(radar: Desk, label: str, text: str, reason: str) -> None:
    assert against(text, matter_of(radar.slot(label), radar.brief(label), radar.names)) == reason


def test_a_mark_that_is_the_same_either_way_is_none(radar: Desk) -> None:
    leans = {label: bearing_of(radar.slot(label), radar.brief(label)) for label in ROWS}
    assert leans == {
        "资金面": "bad", "行情面": "bad", "宏观面": "", "政策面": "good", "行业面": "mixed", "外围面": "mixed",
        "阿里巴巴-W": "bad", "宝丰能源": "calm", "": "",
    }  # fmt: skip


def test_without_a_mark_the_facts_know(radar: Desk) -> None:
    items = [item for item in radar.context.items if item.fact.measure == "net_flow" and item.fact.value]
    lost = next(item for item in items if item.fact.value < 0)
    won = next(item for item in items if item.fact.value > 0)

    def leans(*refs: str, mark: str = "") -> str:
        return bearing_of(
            Slot("a1", "", "", (), f"{mark} {''.join(f'{{{ref}}}' for ref in refs)}"), radar.brief("资金面")
        )

    assert [leans(lost.ref), leans(won.ref), leans(lost.ref, won.ref)] == ["bad", "good", "mixed"]
    assert [leans(lost.ref, mark="🟢支持稳增长"), leans(lost.ref, mark="🔴边际收紧")] == ["mixed", "bad"]


def comments(context: Context) -> Iterator[tuple[Brief, Slot]]:
    """What the rules say of each row."""
    for spec in context.edition.sections:
        for slot in form_of(composition(context).texts.get(spec.slug) or "", "comments").slots:
            yield Brief(spec, context), slot


def test_the_rules_own_comments_are_true_though_their_words_are_withheld(radar: Desk) -> None:
    """Signed by an editor: the check must find nothing in them, and it is not told what they say."""
    own = [(brief, slot) for brief, slot in comments(radar.context) if slot.text not in lessons(radar.context)]
    assert len(own) > 6
    for brief, slot in own:
        bare = replace(slot, text="")
        assert not radar.astray(slot.text, bare, brief), slot.text
        assert not against(slot.text, matter_of(bare, brief, radar.names)), slot.text


def lessons(context: Context) -> str:
    return "".join(f"{concept.definition}{concept.why}{concept.misreading}" for concept in context.concepts)
