"""The words around a figure that say which way and how nearly: 净卖出, 涨, 下滑; 约, 近, 逾, 不足, 以上.

Both look at a bounded window of folded text, so that a page costs what its figures cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from quantshark.lexicon.units import trie, words

UP = words(
    "净买入 净买 净买超 净流入 净增持 净申购 净投放 净增 净多 买入 流入 增持 申购 涨 上涨 涨幅 大涨 升 上升 升幅 反弹 回升 攀升 飙升 跃升 急升 提升 抽升 升水 "
    "走高 走强 高开 高收 收高 高走 提高 拉升 增长 增加 增 增幅 增速 新增 扩大 放量 盈利 浮盈 获利 盈 净赚 赚 赚取 上调 调升 调高 上浮 上行 走阔 走扩 扭亏 多增 多赚 领涨 加息 升值 "
    "转正 翻倍 翻番 倍增 回暖 扩张 激增 猛增 净赚 高出 高过 多出 加快 提速 提价 加价 上扬 弹升 冲高 放大 增仓 加仓 溢价 溢利 顺差 扩表 净赚 上移 上探 收复 增厚 多于去年 暴涨 收涨 "
    "涨停 赢 好过去年 扬升 涨价 盘升 拔高 急涨 增收 转盈 收升 连升 连涨 两连升 攀高 走升 补涨 大增 大升"
)
DOWN = words(
    "净卖出 净卖 净卖超 净流出 净减持 净赎回 净回笼 净减 净沽 卖出 沽出 流出 减持 赎回 跌 下跌 跌幅 挫 重挫 下挫 急挫 降 下降 降幅 下滑 下行 回落 回调 滑落 走低 走弱 低开 低收 收低 低走 "
    "缩量 缩减 减少 减 减幅 收窄 收缩 缩窄 缩小 缩水 萎缩 亏损 亏 浮亏 净亏 净亏损 下调 调降 调低 下修 降息 贬值 少增 少赚 腰斩 跳水 贴水 蚀 倒退 回撤 收跌 暴跌 大跌 急跌 泻 急泻 "
    "蒸发 下探 下移 折价 折让 逆差 减半 转亏 见亏 转负 放缓 减慢 减速 减仓 流失 损失 跌停 低于去年 少于去年 降价 减价 回吐 走窄 锐减 骤降 骤减 滑坡 抛售 抛出 沽压 下沉 负增长 "
    "跌停 收降 连跌 连降 回软 净偿还 缩表 大降 大减 连挫"
)
# 增资, 增发, 升级 … begin like a direction and are none.
_NOT_AFTER = {
    "增": "资值发设量补强配持益城", "升": "级学华温", "减": "税肥排震灾压免值负", "盈": "余科富利信率", "赚": "钱", "降": "准温本落噪临生雨水解", "涨": "价", "亏": "欠",
    "赢": "家得", "蚀": "刻", "泻": "湖", "挫": "败折", "盈利": "能预模", "溢价": "权", "扩张": "性", "增长": "点极", "升值": "", "提升": "", "增加": "值",
}  # fmt: skip
_NOUNS_UP = "涨幅|升幅|增幅|增速|盈利|溢价|顺差|净流入|净买入额?|升势"
_NOUNS_DOWN = "跌幅|降幅|减幅|亏损|逆差|折价|净流出|净卖出额?|跌势|浮亏"


def _words(words: Iterable[str]) -> str:
    return trie(words, {w: f"(?![{bar}])" for w, bar in _NOT_AFTER.items() if bar})


# 跌破4000点 names a level, no change; its hedge says on which side.
_NEUTRAL = "[涨升冲突攻上站跌击]破|[升跌击]穿|失守|涨跌幅?|升跌幅?|买卖|盈亏|增减|升降|损益|净买卖"
_DIRECTION = f"(?:(?P<none>{_NEUTRAL})|(?P<up>{_words(UP)})|(?P<down>{_words(DOWN)}))"
# 跌幅收窄至3%: the fall is 3%. 跌幅收窄3个百分点: what narrows, narrows.
_TURNS = frozenset(words("扩大 收窄 缩小 回落 放缓 加快 收缩 缩窄 减少 增加 回升"))
_NOUN = re.compile(rf"(?s:.*)(?:(?P<up>{_NOUNS_UP})|(?P<down>{_NOUNS_DOWN}))[^，。；,;\d]*\Z")
_LAST = re.compile(rf"(?s:.*){_DIRECTION}")
_AFTER = re.compile(
    rf"(?:以上|以下|左右|多)?(?:的|股)?(?:个股|股票|股份|公司|股)?{_DIRECTION}(?![^，。；;,、！？!?\n]{{0,5}}[\d一二两三四五六七八九十])"
)
_AFTER_STREAK = re.compile(rf"[^，。；;,！？!?\n(（\d]{{0,6}}?{_DIRECTION}")
_CLAUSE = re.compile(r"(?s:.*)[，。；！？;!?\n|,、]")
_CARRY = re.compile(
    r"[，,]?(?:并|且|已|其中)?(?:累计|合计|共计|总计|金额|共|总额|涉资|规模|净额|总规模|总金额|期间累计|单日|当中)+(?:高|已)?(?:达|为|约|近|超|逾|超过|到)*\Z"
)
_LIST = re.compile(r"\s*(?:[、及和与跟或/]|以及|以及约|至|到|,|，)\s*(?:[约近超逾]|超过|接近|跌?至)?\s*\Z")
WINDOW = 28
_PAIRS = frozenset(("涨跌", "升跌", "买卖", "盈亏", "增减", "升降"))


def direction_before(folded: str, low: int, start: int) -> int:
    """The sign of the last word of direction in the clause before a figure; the clause before that only for 累计."""
    window = folded[max(low, start - WINDOW) : start]
    cut = _CLAUSE.match(window)
    if cut:
        clause = window[cut.end() - 1 :]
        if not _CARRY.match(clause):
            window = clause
    return _sign(_LAST.match(window))


def direction_after(folded: str, end: int, *, streak: bool) -> int:
    """3%的涨幅, 连续11日净买入: the word of direction that follows, where no other figure claims it."""
    return _sign((_AFTER_STREAK if streak else _AFTER).match(folded, end, end + 20))


def direction_within(folded: str, start: int, end: int) -> int:
    """14连升: the word of direction inside the figure."""
    return _sign(_LAST.match(folded[start:end]))


def _sign(match: re.Match[str] | None) -> int:
    if match is None or match["none"]:
        return 0
    text, begin = match.string, match.start(match.lastgroup or 0)
    if text[max(0, begin - 1) : begin + 1] in _PAIRS:
        return 0
    if text[begin - 1 : begin] == "少" and match["up"]:  # 少赚, 少增
        return -1
    turned = match[match.lastgroup or 0] in _TURNS and text[match.end() : match.end() + 1] in {"至", "到", "为"}
    noun = _NOUN.match(text[:begin]) if turned else None
    return 1 if (noun or match)["up"] else -1


def is_list(folded: str, end: int, start: int) -> bool:
    """Does only a list separator stand between two figures? Then what was said of the first holds for the second."""
    return start - end <= 6 and _LIST.match(folded[end:start]) is not None


_APPOSITION = re.compile(r"[，,(]?(?:或|即|折合|约合|合)(?:约|近|逾)?\Z")


def is_apposition(folded: str, end: int, start: int) -> bool:
    """跌123点或0.5%: the second figure says the first again."""
    return 0 < start - end <= 5 and _APPOSITION.match(folded[end:start]) is not None


ABOUT = "约 大约 大概 大致 约为 约合 估计 约莫 平均约 上下 差不多 约有 约占 约达 ~ ≈ 大約 粗略 料约 或约 合约 近似"
OVER = (
    "逾 超 超过 突破 多于 高于 大于 不低于 不少于 至少 最少 最低 超出 破 站上 重返 重上 重回 收复 站稳 升破 升穿 冲破 高过 逾越 不止 起码 > ≥ >= 涨破 冲上 突破至 "
    "攻上 重越 跨过 越过 跨越 大于等于 胜过 上破 不小于 超逾 溢 远超 远高于 已超 涨超 跌超"
)
UNDER = (
    "近 接近 逼近 将近 不足 不到 低于 少于 未达 最高 最多 至多 不超过 不高于 不多于 小于 < ≤ <= 未及 跌破 失守 跌穿 未到 上限 高达不超 不大于 小于等于 未满 不满 未超过 险守 "
    "跌近 涨近 濒临 未逾 不超 不逾 未超 封顶 以内 靠近 逼近于 直逼 未足 仅不足 迫近 贴近"
)
_NOT_HEDGE = "最?附近|通过|不过|经过|度过|见过|打破|最近|签约|合约|节约|新约|大约翰|预约|条约|违约|履约|契约|邀约|续约|赴约|解约|纽约"
_HEDGE = re.compile(
    rf"(?:(?P<not>{_NOT_HEDGE})|(?P<under>{trie(UNDER.split())})|(?P<over>{trie(OVER.split())})|(?P<about>{trie(ABOUT.split())}))"
    r"[了至为达到出有 “\"*]{0,2}\Z"
)
_AT_LEAST = re.compile(r"(?:至少|最少|起码)[\u4e00-\u9fff]{1,4}\Z")
_HEDGE_END = frozenset("".join(w[-1] for w in (ABOUT + " " + OVER + " " + UNDER).split()) + '了至为达到出有 “"*')
_POST = re.compile(
    r"(?:[ ]?元)?(?:(?P<over>以上|多(?![个家只名位项款种条座间轮场样元])|余|有余|开外|或以上|及以上|之上|\+)|(?P<under>以下|以内|之内|或以下|及以下|之下|不到)|(?P<about>左右|上下|附近|许|前后|水平附近|一线))"
)


def hedge_before(folded: str, low: int, start: int) -> str | None:
    """The hedge that stands right before a figure."""
    if start <= low or folded[start - 1] not in _HEDGE_END:
        return None
    match = _HEDGE.search(folded[max(low, start - 8) : start])
    if match is None or match["not"]:
        return None
    if match["about"] and _AT_LEAST.search(folded, max(low, start - 12), start):
        return "over"  # 至少跌约65%
    return "under" if match["under"] else "over" if match["over"] else "about"


def hedge_after(folded: str, end: int) -> str | None:
    """The hedge that stands right after a figure: 15%以上, 100亿元左右."""
    match = _POST.match(folded, end)
    return match.lastgroup if match else None
