"""What a figure measures, as surely as its clause says it: a slug of the registry, the noun phrase itself, or nothing.

A percentage is never a price or a turnover; a part is not the whole (AI业务收入 is `~AI业务收入`, not the revenue); a level
(升至3%) is not a movement. What a clause leaves open stays unbound, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from quantshark.lexicon import measures
from quantshark.lexicon.clauses import BLANK, DATE, EXEMPT, FIGURE, Token
from quantshark.lexicon.names import Name
from quantshark.sources.scene import HEDGE, Place, countries, country_in


class Told(NamedTuple):
    """A measure, the words that name it, and a corrected comparison; `doubt` says why it is not sure."""

    slug: str
    word: str
    basis: str
    doubt: str = ""


# The units that a counted thing may have; what is not listed here counts nothing.
COUNTED = {
    "advancers": "只 家 个 股", "decliners": "只 家 个 股", "limit_up": "只 家 个 股", "limit_down": "只 家 个 股",
    "limit_streak": "板", "volume": "股 手 张 份", "inflow_count": "次", "fund_net_shares": "份",
    "buyback_shares": "股", "buyback_count": "次", "placement_shares": "股", "holding_shares": "股",
    "unlock_shares": "股", "listing_count": "家 只", "shipments": "台 部 辆 块 片 套 件", "deliveries": "辆 台 架 艘 套 部",
    "sales_volume": "辆 台 部 件 套 册 箱 吨 支 瓶", "output": "吨 桶 辆 台 部 片 只 颗 度 立方米", "users": "人 名 位 户",
    "headcount": "人 名 个", "stores": "家 间", "passengers": "人 人次", "payrolls": "人", "jobless_claims": "人",
    "home_sales": "套 户", "deals": "套 宗 手", "oil_inventory": "桶", "order_count": "单 台 辆 份", "quake": "级",
}  # fmt: skip
# Whole things whose parts have names of their own.
WHOLE = frozenset(
    "revenue profit adj_profit operating_profit total_profit gross_profit gross_margin sales exports imports trade output "
    "orders order_count holding_ratio holding_shares holding_value new_loans deposits investment cost assets cash debt passengers retail_sales fixed_investment "
    "industrial_output fund_size bond_issue shipments deliveries sales_volume users market_share capex rd price price_level "
    "inventory oil_inventory stores contract_liability policy_rate odds fine utilization price_index tax".split()
)
PRICES = frozenset(
    "close price open high low placement_price buyback_price buyback_low buyback_high price_level".split()
)
MOVES = frozenset(("change", "change_points", "change_amount"))
# Of these a bare number is enough: an index, a rate of exchange, a diffusion index.
BARE = frozenset("close price open high low fx_rate pmi services_pmi price_index".split())
# What a period adds to itself: 增加349万元 of revenue is still revenue.
GROWING = frozenset("net_flow exports imports new_loans investment orders omo omo_net proceeds headcount".split())
# 拟3亿元投建: what is done with the money, right behind it.
_BEHIND = re.compile(r"^(?:现金)?(投资|投建|建设|设立|收购|回购|购回|增持|增资)")
_DONE_WITH = {
    "investment": ("投资", "投建", "建设", "设立", "增资"),
    "acquisition": ("收购",),
    "buyback_amount": ("回购", "购回"),
}
_PAST = re.compile(r"较(?:上一?个?(?:交易)?日|昨[日天]|前一?个?(?:交易)?日|上日)")
_WAYS = re.compile(r"铁路|民航|公路|水路|机场|港口|高铁")
_FORMER = re.compile(r"(?:此前|之前|原先?|先前)的?(?:预计|预期|预测|指引|目标|计划)[^，]{0,6}$")
_CUTS = frozenset(("裁员", "裁减"))
_TRADES = frozenset(("增持", "减持", "买入", "卖出", "出售", "购入", "抛售", "套现", "增持金额", "减持金额"))
_BASIS_POINTS = frozenset(("高水", "低水", "升水", "贴水"))
_STREAK = re.compile(
    r"^(?:\(.*?\))?(?:的|获|遭|被|录得|实现|出现|收|股价|资金|南向资金|[ \ue004])*(净[买卖流]|净[入出]|回购|购回|上涨|下跌|上升|下降|[涨跌升阳阴降]|走[高低强弱])"
)
_FLOWING = re.compile(r"净[买卖流]")
_SHARE = re.compile(r"占(?!有|用|领|据)(?:比|全|总|公司|集团|大市|当[日天]|两市|整?个?|同期|[A-Z]*GDP)?")
_LEVEL = re.compile(rf"(?:至|到|报|于){HEDGE}$")
_WIDTH = re.compile(r"[涨跌升增降]幅")
_SUPPOSED = re.compile(r"如果|假如|假设|倘若|一旦|若(?!干)|要是|除非|倘")
_CHANCE = re.compile(r"^的?(?:概率|可能性|机会|几率)")
_ADDED = re.compile(rf"(?:放量|缩量|增加|减少|多增|少增|增|减|多|少|扩大|缩小|下降|上升){HEDGE}$")
_ADDING = re.compile(rf"(?:增加|减少|贡献|增厚)[^，。；]{{0,16}}(?:营收|收入|利润|业绩){HEDGE}$")
_GROWN = re.compile(r"增|减|升|降|涨|跌|长|扩|缩|高|低|翻|少|多|滑|挫|变动|同比|环比|按年|按季")
_WORD = r"[\u4e00-\u9fffA-Za-z0-9&]"
_PREFIX = re.compile(rf"({_WORD}+(?:的{_WORD}+)?的?)$")
_SUFFIX = re.compile(rf"^({_WORD}+)")
# Adjectives that leave a measure what it is.
# 主品牌产品于2026年第一季度的零售额: whose part is told before its time.
_PART_OF = re.compile(
    rf"([\u4e00-\u9fffA-Za-z]{{1,10}}(?:产品|业务|板块|品牌|分部|地区|市场|项目))[于在]?[{BLANK}{DATE}]+的?$"
)
_SINGLE = frozenset("了为是在于达至到与和及并且而被遭获受按以由从对向较将把其该拟且则仍也均已共")
_NOUNS = frozenset(("价格", "成本", "利率", "规模", "余额", "现金", "存款", "贷款", "数量"))
_PLAIN = re.compile(
    r"^(?:可比|不?含税|合并|实际|单季|当期|本期|年度|季度|财季|第|个|今年|明年|初步|最终|未经审计|集团|公司|全公司|按?美元计价?|人民币计价?|以美元计价?"
    r"|新的|最新|首次|实现|超|高|约|将|的|其|并|且|同|共|则|已|而|等|了|为|达|录|料|约为|预增|预|股票|主动|全|总)+$"
)


def told(place: Place) -> Told:
    """What the figure of a place measures."""
    claim = place.claim
    figure = claim.figure
    doubt = _unfit(place)
    if doubt:
        return Told("", "", claim.basis, doubt)
    if figure.kind == "streak":
        return _streak(place)
    if figure.kind == "ratio":
        return Told("dps", "每股派息", "") if re.search(r"派|分红|股息", figure.surface) else Told("", "", "", "比例")
    slug, word, basis = _said(place)
    if figure.unit in ("%", "pp", "bp"):
        slug, word, basis, doubt = _rate(place, slug, word, basis)
    elif slug in MOVES | PRICES or figure.unit == "点":
        slug, word, doubt = _price(place, slug, word)
    elif not slug:
        doubt = "没有指标"
    if doubt:
        return Told("", word, basis, doubt)
    doubt = _amount(place, slug, basis)
    if doubt:
        return Told("", word, basis, doubt)
    if slug == "oil_inventory" and not basis and _ADDED.search(place.before):
        basis = "prev_week"
    return _part(place, slug, word, basis)


def _said(place: Place) -> tuple[str, str, str]:
    """What the claim says, mended where the words right beside the figure say more."""
    claim = place.claim
    slug, word, basis = claim.measure, claim.measure_word, claim.basis
    if claim.figure.unit in ("%", "pp") and re.search(r"目标股?价", place.before):
        slug, word = "target_price", "目标价"
    if not slug and claim.figure.kind == "money":
        behind = _BEHIND.match(place.after)
        slug = next((s for s, words in _DONE_WITH.items() if behind and behind[1] in words), "")
        word = behind[1] if behind and slug else word
    if not slug and figure_rates(place):
        return ("rate_move", "利率变动", basis) if claim.figure.unit == "bp" else ("policy_rate", "利率", basis)
    sentence = place.reading.folded[claim.sentence[0] : claim.sentence[1]]
    if claim.figure.kind in ("money", "price") and re.search(r"回购|购回", sentence) and "收购" not in sentence:
        if "每股" in place.before[-12:]:
            return "buyback_price", "回购价", basis
        if re.search(r"[耗斥涉]资|总代价|总额", place.before):
            return "buyback_amount", "回购金额", basis
    if slug == "dividend" and re.search(r"每(?:股|份|基金单位|单位)", place.before):
        return "dps", "每股派息", basis
    if slug == "market_cap" and re.search(r"限售股|解禁", place.after):
        return "unlock_value", "解禁市值", basis
    if word in ("放量", "缩量") and not basis and _PAST.search(place.before):
        basis = "prev_day"
    return slug, word, basis


def figure_rates(place: Place) -> bool:
    """Is a rate of interest named in the clause that is told a percentage?"""
    named = [n for n in place.named(place.claim.clause[0]) if n.kind == "rate"]
    return bool(named) and place.claim.figure.unit in ("%", "bp") and place.claim.entities[:1] == named[-1].codes[:1]


def _unfit(place: Place) -> str:
    """Why a figure states nothing that is so: a supposition, a probability's condition, an ordinal."""
    claim = place.claim
    figure = claim.figure
    if figure.value is None:
        return "读不出数值"
    if figure.kind in ("rank", "duration"):
        return "名次或时长"
    if _FORMER.search(place.before):
        return "旧值"
    if claim.role == "from" and not re.search(r"前值|同期", place.before[-6:]):
        return "旧值"
    if figure.surface.endswith("折"):
        return "折扣"
    if _SUPPOSED.search(place.reading.folded, place.spans(), figure.start):
        return "假设"
    if claim.measure != "odds" and _CHANCE.match(place.after):
        return "假设"
    if figure.unit == "人" and place.after.startswith("公里"):
        return "单位读不准"
    if figure.kind == "money" and re.search(r"远?[高低]于$", place.before):
        return "比较的界线"
    if "每10股" in place.before and figure.kind != "ratio":
        return "每10股的金额"
    return ""


def _streak(place: Place) -> Told:
    """连续11日净买入: the days of one kind in a row, measured as what recurs."""
    claim = place.claim
    match = _STREAK.match(place.after)
    text = match[1] if match else f"{place.before[-4:]}{claim.figure.surface}"
    if _FLOWING.search(text) or claim.measure in ("net_flow", "inflow_count"):
        return Told("net_flow", "连续净买卖天数", "")
    if "购" in text or claim.measure.startswith("buyback"):
        return Told("buyback_count", "连续回购天数", "")
    if "板" in claim.figure.surface:
        return Told("limit_streak", "连板", "")
    if re.search(r"[涨跌升阳阴降]|走[高低强弱]", text):
        return Told("change", "连续涨跌天数", "")
    return Told("", "", "", "连续的是什么不明")


def _rate(place: Place, slug: str, word: str, basis: str) -> tuple[str, str, str, str]:
    """A percentage: of a whole, of growth, of a price, or of a measure that is one itself."""
    lead = place.before
    shares = list(_SHARE.finditer(lead))
    if shares and slug not in ("holding_ratio", "unlock_ratio", "buyback_ratio", "stake", "market_share"):
        return _shared(place, lead[shares[-1].start() :])
    if not slug:
        return "", "", basis, "没有指标"
    if slug in MOVES and basis in ("yoy", "qoq", "mom"):
        slug, word = _compared_of(place) or (slug, word)
    level = _LEVEL.search(lead) is not None and not _WIDTH.search(lead)
    if slug in MOVES | PRICES:
        return _moved(slug, word, basis, level=level, grown=_GROWN.search(lead) is not None)
    own = measures.registry()[slug].unit_kind in ("percent", "point", "multiple")
    if own or slug == "target_price":
        return slug, word, basis, ""
    if not basis and (slug == "turnover" or not _grows(place)):
        return "", word, basis, "百分比与指标不符"
    return ("", word, basis, "水平不是增速") if level else (slug, word, basis, "")


def _compared_of(place: Place) -> tuple[str, str] | None:
    """CPI同比上涨0.7%，环比下降0.1%: what the clause before measured."""
    low = place.spans()
    tokens = [t for t in place.reading.tokens if low <= t.start and t.end <= place.start and t.meaning.slugs]
    for token in reversed(tokens):
        slug = measures.choose(token.meaning.slugs, place.claim.figure)
        if slug and slug not in MOVES | PRICES:
            return slug, token.text
    return None


def _moved(slug: str, word: str, basis: str, *, level: bool, grown: bool) -> tuple[str, str, str, str]:
    """A percentage beside a price or its movement: the movement, and never the price."""
    if slug in MOVES and basis in ("yoy", "qoq", "mom"):
        return "", word, basis, "什么同比环比不明"
    if level:
        return "", word, basis, "水平不是涨跌"
    return ("change", word, basis, "") if slug in MOVES or grown else ("", word, basis, "百分比不是价格")


def _grows(place: Place) -> bool:
    """Does the clause tell a growth?"""
    return bool(_GROWN.search(place.before)) or place.claim.direction != 0


def _shared(place: Place, text: str) -> tuple[str, str, str, str]:
    """占大市成交额的10.97%: of short selling the short ratio, of anything else a share."""
    short = re.search(r"沽空|卖空|做空", place.reading.folded[place.spans() : place.claim.figure.start])
    if short and "成交" in text:
        return "short_ratio", "沽空比率", "", ""
    if not place.claim.entity_own and not place.named(place.spans()):
        return "", "占比", "", "谁的占比不明"
    return "share", text.strip(f"{BLANK} "), "", ""


def _price(place: Place, slug: str, word: str) -> tuple[str, str, str]:
    """上涨2.51美元 moves, 报99.08美元 and 至2484点 are levels; 突破1.5万亿 of a turnover is no price."""
    claim = place.claim
    figure = claim.figure
    if figure.unit == "倍":
        return "", word, "倍数不是价格"
    if word in _BASIS_POINTS or (place.words() and place.words()[-1].text in _BASIS_POINTS):
        return f"~{place.words()[-1].text}", place.words()[-1].text, ""
    moved = [t for t in place.words() if set(t.meaning.slugs) & MOVES]
    level = _LEVEL.search(place.before) is not None
    if moved and not level and place.ends_with(re.escape(moved[-1].text)) and moved[-1].text[-1] not in "幅价":
        return ("change_points" if figure.unit == "点" else "change_amount"), moved[-1].text, ""
    if figure.kind == "money" and any(mark in figure.surface for mark in "万亿"):
        return _grand(place)
    if slug in MOVES:
        return ("price", "报", "") if level else ("", word, "涨跌还是水平不明")
    if (
        "每股" in place.before[-12:]
        or figure.surface.endswith("/股")
        or place.claim.measure in ("price", "high", "low")
    ):
        slug = _per_share(place) or slug
    if not slug:
        return "", word, "没有指标"
    return slug, word, ""


def _grand(place: Place) -> tuple[str, str, str]:
    """An amount that only a verb of prices stands beside: what was measured before it, in its own clause."""
    for token in reversed(place.words()):
        slug = measures.choose(token.meaning.slugs, place.claim.figure) if token.meaning.slugs else ""
        if slug and slug not in PRICES | MOVES:
            return slug, token.text, ""
    return "", "", "金额不是价格"


def _per_share(place: Place) -> str:
    """Whose price 每股 is: of shares that are placed, or bought back."""
    folded = place.reading.folded[place.claim.sentence[0] : place.claim.sentence[1]]
    if "每股" not in place.before[-12:]:
        return ""
    if re.search(r"配售|发售|招股|增发|发行", folded):
        return "placement_price"
    return "buyback_price" if re.search(r"回购|购回", folded) else ""


def _amount(place: Place, slug: str, basis: str) -> str:
    """Why an amount or a count does not fit its measure."""
    figure = place.claim.figure
    grand = figure.kind == "money" and any(mark in figure.surface for mark in "万亿")
    if figure.unit is None and not grand and slug not in BARE:
        return "没有单位"
    counted = figure.kind in ("count", "other") or (
        slug in COUNTED and measures.family(figure) not in ("rate", "multiple")
    )
    if counted and figure.unit not in COUNTED.get(slug, "").split():
        return "单位与指标不符"
    if figure.kind in ("money", "count") and not basis and slug not in GROWING and slug != "oil_inventory":
        kind = measures.registry()[slug].unit_kind if slug in measures.registry() else ""
        if kind in ("money", "count") and (_ADDED.search(place.before) or _ADDING.search(place.before)):
            return "比什么增减不明"
    return ""


# Parts and wholes


def _part(place: Place, slug: str, word: str, basis: str) -> Told:
    """The slug, or the noun phrase where it names only a part of what the slug means."""
    token = measured_by(place, slug, word)
    if slug == "proceeds":
        idle = re.match(r"的?((?:暂时)?闲置\w{0,2}(?:募资|募集资金))", place.after)
        if idle:
            return Told(f"~{idle[1]}", idle[1], basis)
    if slug == "odds":
        return _chance(place, token, basis)
    if (slug == "omo" and ("到期" in place.before or place.after.startswith("到期"))) or "逆回购到期" in place.after:
        return Told("~逆回购到期", "逆回购到期", basis)
    earnest = re.match(r"的?(\w{0,4}?(?:意向金|保证金|诚意金|违约金|订金|定金))", place.after)
    if earnest:
        return Told(f"~{earnest[1]}", earnest[1], basis)
    holder = holding(place) if slug == "holding_ratio" else None
    if holder is not None:
        phrase = f"{holder[0].text}持股比例"
        return Told(f"~{phrase}", phrase, basis)
    if slug == "headcount" and word in _CUTS:
        return Told("~裁员", "裁员", basis)
    if slug == "fund_size" and word == "规模" and not re.search(r"基金|ETF|产品|首发", place.sentence):
        return Told("", word, basis, "什么的规模不明")
    if slug.startswith("holding_") and word in _TRADES and place.claim.figure.kind != "percent":
        return Told(f"~{word}", word, basis)
    width = slug == "change" and word.endswith("幅")
    if slug in MOVES and _among(place) and place.claim.measure != "net_flow":
        return Told("", word, basis, "其中哪部分不明")
    if token is None or (not width and slug not in WHOLE):
        return Told(slug, word, basis)
    before, after = around(place, token)
    if width:
        strays = re.match(r"偏离值?|中位数|均值", after)
        return Told(f"~{word}{strays[0]}", f"{word}{strays[0]}", basis) if strays else Told(slug, word, basis)
    return _phrase(place, slug, token, before, after, basis)


def _among(place: Place) -> bool:
    """Is it told of one of several (其中…) that no name tells?"""
    among = place.reading.folded.rfind("其中", place.spans(), place.stop)
    return among >= 0 and not place.named(among)


def _brand(place: Place, token: Token) -> str:
    """古驰的营收 told by 开云集团: a name of its own for a part of the company that the sentence has named already."""
    names = [n for n in place.reading.names if place.claim.sentence[0] <= n.start and n.end <= token.start]
    if len(names) < 2 or not set(names[-1].codes) & set(names[-2].codes) or names[-1].start < place.claim.clause[0]:
        return ""
    one, other = names[-2].text, names[-1].text
    return "" if set(one) & set(other) or re.search(r"\d", other) else other


def holding(place: Place) -> tuple[Name, Name] | None:
    """摩根大通在阿里巴巴的持股比例: who holds, and what is held."""
    names = place.named(place.spans())
    folded = place.reading.folded
    pairs = pairwise(names)
    return next(
        (
            (a, b)
            for a, b in pairs
            if folded[a.end : b.start] in ("在", "于", "持有") and "持" in folded[a.end : place.stop]
        ),
        None,
    )


def _phrase(place: Place, slug: str, token: Token, before: str, after: str, basis: str) -> Told:
    """A measure word with the words that touch it: a part of the whole, unless they are somebody's name."""
    before = _brand(place, token) + before
    if slug.startswith("holding_") and before:
        return Told("", token.text, basis, "谁持有不明")
    carried = not place.claim.entity_own and not place.named(place.claim.sentence[0])
    ways = _WAYS.findall(f"{place.scene.title}{place.sentence}") if slug == "passengers" and not before else []
    if ways:
        return Told(f"~{ways[-1]}{token.text}{after}", f"{ways[-1]}{token.text}{after}", basis)
    if not before and not after:
        if _among(place):
            return Told("", token.text, basis, "其中哪部分不明")
        return Told(slug, token.text, basis)
    if slug in ("price", "price_level") and token.text not in ("价格", "均价", "售价", "单价", "报价"):
        return Told(slug, token.text, basis)
    about = re.search(r"(?<!新)公司|集团|本行", place.reading.folded[place.claim.sentence[0] : token.start])
    if carried and before and not about and not country_in(place.reading.folded[place.claim.sentence[0] : token.start]):
        return Told("", token.text, basis, "主语不明")
    phrase = f"{before}{token.text}{after}"
    if before and place.reading.masked[token.start - len(before) - 1 : token.start - len(before)] in (FIGURE, EXEMPT):
        return Told("", phrase, basis, "哪一种不明")  # 787飞机交付量
    return Told(f"~{phrase}", phrase, basis)


def measured_by(place: Place, slug: str, word: str) -> Token | None:
    """The token that named the measure, in the clause or before it in the sentence."""
    low = place.claim.sentence[0]
    tokens = [t for t in place.reading.tokens if low <= t.start and t.end <= place.stop and slug in t.meaning.slugs]
    same = [t for t in tokens if t.text == word]
    return (same or tokens or [None])[-1]


def around(place: Place, token: Token) -> tuple[str, str]:
    """The unknown words that touch a measure word on both sides: what kind of it is meant."""
    low, high = place.claim.sentence[0], place.stop if token.start >= place.start else place.claim.clause[1]
    masked = place.reading.masked
    lead = _bounded(
        place, low, token.start, lambda t: _breaks(t) or bool(set(t.meaning.slugs) & set(token.meaning.slugs))
    )
    touching = _PREFIX.search(lead)
    apart = _PART_OF.search(masked[low : token.start])
    before = _plain(touching[1] if touching else "") or _plain(apart[1] if apart else "") or _home(place, low, token)
    after = _SUFFIX.match(_bounded(place, token.end, high, _ends))
    if after is not None and masked[token.end - 1 : token.end] == BLANK:
        after = None
    return before, _plain(after[1] if after else "")


def _home(place: Place, low: int, token: Token) -> str:
    """全国铁路累计完成旅客发送量: of what in the country, between its name and the measure."""
    low = max(low, place.claim.clause[0])
    named = countries(place.reading.folded[low : token.start])
    if not named or token.start < place.claim.clause[0]:
        return ""
    start = low + named[-1].end
    known = {at for t in place.reading.tokens for at in range(t.start, t.end) if len(t.text) > 1}
    known |= {at for t in place.reading.times for at in range(t.start, t.end)}
    masked = place.reading.masked
    rest = "".join(masked[at] if at not in known else " " for at in range(start, token.start))
    words = re.findall(r"[\u4e00-\u9fffA-Za-z]{2,}", rest)
    return _plain(words[0]) if len(words) == 1 else ""


def _bounded(place: Place, low: int, high: int, breaks: Callable[[Token], bool]) -> str:
    """The words of a span, with a blank where another phrase ends."""
    chars = list(place.reading.masked[low:high])
    spans = [(t.start, t.end) for t in place.reading.tokens if low <= t.start and t.end <= high and breaks(t)]
    spans += [(t.start, t.end) for t in place.reading.times if low <= t.start and t.end <= high]
    folded = place.reading.folded
    spans += [
        (low + w.start, low + w.end)
        for w in countries(folded[low:high])
        if folded[low + w.start - 1] not in "东西南北新"
    ]
    for start, end in spans:
        chars[start - low : end - low] = BLANK * (end - start)
    return "".join(chars)


def _breaks(token: Token) -> bool:
    """Does a known word end the phrase before a measure word? 净 of 净利息 and 电 of 电商 do not."""
    if token.text == "的":
        return False
    if len(token.text) == 1:
        return token.text in _SINGLE
    return not token.meaning.slugs or bool(set(token.meaning.slugs) & MOVES)


def _ends(token: Token) -> bool:
    """Does a known word end the phrase that a measure word begins? 价格 of 进口价格 does not."""
    if len(token.text) == 1:
        return token.text in _SINGLE or token.text in "约近超逾达" or token.meaning.kind == "dir"
    return token.text not in _NOUNS


def _plain(words: str) -> str:
    words = re.sub(r"^(?:第?[一二三四]财?季度?|[将把由对在从使令让被以其])+", "", words.strip("的"))
    return "" if not words or _PLAIN.match(words) else words


def _chance(place: Place, token: Token | None, basis: str) -> Told:
    """Of what a probability is: the words of its clause."""
    if token is None or token.start < place.start:
        return Told("", "概率", basis, "什么的概率不明")
    ends = [x.end for x in (*place.reading.names, *place.reading.times) if x.end <= token.start]
    start = max([place.claim.clause[0], *(end for end in ends if end > place.claim.clause[0])])
    words = re.sub(r"[^\u4e00-\u9fffA-Za-z0-9%]", "", place.reading.folded[start : token.end])
    return Told(f"~{words}", words, basis)
