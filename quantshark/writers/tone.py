"""The words of a text that no figure shows: those that judge, those that tell what no source told, those of the workshop.

净卖出52.87亿港元，港股流动性获得支持 has a right figure and a wrong sense: words that praise or lament are held against
where their row leans (`matter`). And a model that is asked what a figure means likes to add why it came about, or what
else happened: words of causes and events that neither the rules' words nor the facts beside them use are found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

GOOD = (
    "提振",
    "支持",
    "支撑",
    "利好",
    "走强",
    "回暖",
    "改善",
    "积极",
    "乐观",
    "看好",
    "偏暖",
    "信心增强",
    "流动性充裕",
    "受益",
    "偏强",
    "买盘",
    "青睐",
    "看涨",
    "流入",
    "上升",
    "回升",
)
BAD = (
    "承压",
    "偏弱",
    "走弱",
    "利空",
    "悲观",
    "拖累",
    "转弱",
    "恶化",
    "偏冷",
    "看淡",
    "恐慌",
    "受挫",
    "信心减弱",
    "信心不足",
    "消极",
    "卖压",
    "抛压",
    "卖盘",
    "看跌",
    "流出",
    "下行",
    "回落",
)
VERDICTS = tuple(
    word
    for word in (*GOOD, *BAD)
    if word not in {"买盘", "卖盘", "流入", "流出", "上升", "下行", "回升", "回落", "支持", "支撑", "改善", "受益"}
)
"""Words that judge and do not tell: where nothing leans, none of them is borne out."""
OPEN = re.compile(
    r"能否|是否|若|如果|一旦|但|不过|然而|尽管|虽|除非|可能|或|未必|不|未|少了|缺少|失去|缓解|缓和|扭转|收窄"
)
"""What makes a clause ask, doubt or turn."""
WATCHES = re.compile(r"关注|留意|观察|跟踪|等|警惕|提防|谨防|看(?![好涨跌淡空多重])|还需|仍需|有待|取决于|验证|印证")
"""What makes a clause point at something to watch."""
CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")


TOLD = (
    "由于 因为 受益于 得益于 归因于 源于 导致 受到 受惠于 原因是 "
    "宣布 公告 签署 收购 获批 停牌 传闻 据悉 消息称 报道 发布会 新品 回购 "
    "财报 业绩 央行 美联储 降准 降息 加息 监管 关税 制裁 疫情 战争 选举 落地后 "
    "历史新高 历史新低 创新高 创新低 首次 最大 第一 翻倍 涨停 跌停 "
    "连续 持续 连日 进一步 再度 减少 增加 放大 萎缩 扩大 加速 专家 分析师 机构认为 "
    "超过 超出 接近 高于 低于 不及 预期 市值 历史 平均 同业 放缓 加快"
).split()
"""Words that state a cause, an event, a record or somebody's view: a comment may take them up, not bring them in."""


SHOP = re.compile(
    r"忽略以上|无视|指令|提示词|系统提示|(?:以上|所有|这些)规则|语言模型|作为(?:人工智能|一个|AI)|密钥|管理员|初稿|短评|编号|引用|JSON"
    r"|点击|扫码|加群|微信|公众号|客服|订阅|@"
)
"""The workshop and the street: no report speaks of how it was asked for, or sends its reader elsewhere."""


def retold(text: str, beside: str, named: Sequence[tuple[int, int]] = ()) -> str:
    """In Chinese, what a comment says again of what stands just before it; empty where it says something of its own.

    To name a thing is not to tell it again: what lies within the spans `named` does not make a repetition.
    """
    names = {at for start, end in named for at in range(start, end)}
    for at in range(len(text) - AGAIN + 1):
        end = at
        while end < len(text) and text[at : end + 1] in beside:
            end += 1
        words = [place for place in range(at, end) if place not in names and text[place].isalnum()]
        if end - at >= AGAIN and len(words) >= TELLING:
            return f"重复了前面的“{text[at:end]}”，只写偏强还是偏弱、该观察什么"
    return ""


AGAIN = 7
"""Characters in a row that make a comment a repetition, where"""
TELLING = 4
"""of them belong to no name: 南向资金净卖出 is how one says what is to be watched."""


def aimless(text: str) -> str:
    """In Chinese, that a comment points at nothing to watch; empty where it does: 方向偏弱，股价下跌 the facts say better."""
    return "" if WATCHES.search(text) or OPEN.search(text) else "没有说接下来观察什么"


def workshop(text: str) -> str:
    """In Chinese, what of the workshop a text speaks of; empty where nothing is."""
    found = SHOP.search(text)
    return f"说到了“{found[0]}”，那不是市场的事" if found else ""


def invention(text: str, known: str) -> str:
    """In Chinese, what is told that `known` does not tell; empty where nothing is."""
    for clause in CLAUSE.findall(text):
        word = next((word for word in TOLD if word in clause and word not in known), "")
        if word and not _ASKS.search(clause):
            return f"资料里没有“{word}”这回事"
    return ""


_ASKS = re.compile(r"能否|是否|何时|会不会|能不能|若|如果|一旦|有无|有没有|等待|等到|核对|谨防|除非")
"""A clause that asks, or sets a condition to watch, states nothing."""
