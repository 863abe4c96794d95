"""Whom a figure is about: named beside it, or carried to it in a way that a reader cannot mistake.

Who reports or rates is not whom it is about; a country is found by what is measured of it; of two listings of one
company the context tells which. Where several could be meant, nobody is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from quantshark.lexicon import measures
from quantshark.lexicon.clauses import BLANK, NAME
from quantshark.sources import which
from quantshark.sources.scene import Place, countries, country_in


class Told(NamedTuple):
    """An entity, the channel whose money it is, and who says so; `doubt` says why nobody is sure."""

    code: str
    via: str = ""
    said_by: str = ""
    doubt: str = ""


FLOWS = frozenset(("net_flow", "buy_amount", "sell_amount", "inflow_count", "trade_amount"))
# What a country has: told of a country or a market, not of a company, where no company is named beside it.
NATIONAL = measures.MACRO - frozenset(
    "odds advancers decliners limit_up limit_down fail_rate seal_rate limit_streak lpr policy_rate rate_move omo omo_net".split()
) | frozenset("exports imports trade trade_balance deficit surplus tax passengers retail_sales".split())
# What a country may have as well, where its name stands in the clause.
SOMETIMES = frozenset("sales output orders bond_issue deals".split())
# What an institution may have itself.
OWN = frozenset(
    "omo omo_net lpr policy_rate rate_move reserve_ratio bond_issue odds fx_reserves oil_inventory proceeds holding_shares "
    "holding_value holding_ratio fine investment".split()
)
# Words that stand in lists and in names.
_NAMELY = frozenset(("和", "与", "及", "股份", "集团", "公司", "材料", "资料"))
# What companies do, not the market that their shares are listed on.
CORPORATE = frozenset("dividend dps buyback_amount buyback_shares proceeds placement_shares".split())
# What a central bank does: it is the subject even where it is only quoted.
POLICY = frozenset("omo omo_net lpr policy_rate rate_move reserve_ratio".split())
# Who reports on everybody.
PRESS = frozenset(
    "ORG.CLS ORG.SHSECNEWS ORG.CSNEWS ORG.STIMES ORG.XINHUA ORG.CCTV ORG.WIND ORG.EASTMONEYCHOICE".split()
)
_RATES = re.compile(r"目标价|目标股价|目标价格")
_RATED = re.compile(
    r"(?:将|把|予|给予|维持|重申|首予|上调|下调|调高|调低|对)([^，。；]{1,24}?)(?:的)?(?:股票|股份)?(?:评级|目标)"
)
_BACK = re.compile(
    r"^(?:其中|此外|同时|另外|期内|报告期|本次|此次|本期|小财注：?|消息面上|截至\S{0,12})*(?:，|,)?(?:该股|该公司|公司|本公司|该行|其|集团|该指数|该集团)"
)
_MOVED = re.compile(r"(?:涨|跌|升|挫|收[涨跌高低]|[涨跌升]幅|走[高低]|飙|拉升|下[挫跌]|上[涨扬]|反弹|回落|大涨|大跌)")
_NOUN = re.compile(r"([\u4e00-\u9fffA-Za-z0-9·&\- ]{2,16})$")
_GROUP = re.compile(r"(?:家|只|名|位|个|大)[^，。；]{0,16}(?:公司|企业|券商|银行|机构|基金|个股|股票|产品)")
_FX = re.compile(r"1(美元|欧元|英镑|澳元|人民币)(?:兑换?|对|可?兑换)$")
_SIGNS = {
    "HK": re.compile(r"港股|H股|港元|港币|联交所|港交所|恒生|恒指|香港|南向|港股通|沽空"),
    "A": re.compile(
        r"A股|沪指|深成指|创业板|科创板|沪深|两市|涨停|跌停|上交所|深交所|主力资金|龙虎榜|北交所|\(\d{6}(?:\.S[HZ])?\)"
    ),
}


def told(place: Place, slug: str) -> Told:
    """Whom the figure of a place is about, given what it measures."""
    if _shared_out(place):
        item = enumerated(place)
        return _money(place, slug, item) if item else Told("", doubt="列举对应不明")
    if slug == "target_price":
        return _rated(place)
    if slug == "fx_rate":
        return _pair(place)
    mover = _mover(place, slug)
    if mover:
        return Told(mover) if len(mover) > 1 else Told("", doubt="谁涨跌不明")
    code = _chosen(place)
    if _national(place, slug, code):
        country = country_of(place)
        return Told(country) if country else Told("", doubt="哪国不明")
    return _subject(place, slug, code)


def _subject(place: Place, slug: str, code: str) -> Told:
    """A named or carried subject, where it can have what is measured."""
    names = place.scene.names
    holder = which.holding(place) if slug.endswith("持股比例") else None
    if holder is not None:
        return Told(twin(place, holder[1].codes), said_by=place.claim.said_by)
    if slug in ("omo", "omo_net", "~逆回购到期") and names.kind(code) != "institution":
        code = "ORG.PBOC" if place.claim.figure.unit == "CNY" else ""
        return Told(code, doubt="" if code else "哪家央行不明")
    base = place.claim.measure if slug.startswith("~") else slug
    if not code and (base in POLICY or slug.endswith("概率")):
        code = place.claim.said_by
    if not code:
        return Told("", doubt="没有主体")
    doubt = _carried(place, code, slug) or _elsewhere(place, code, slug)
    if doubt:
        return Told("", doubt=doubt)
    kind = names.kind(code)
    if kind == "institution" and base not in OWN:
        return Told("", doubt="机构不是主体")
    kinds = measures.registry()[slug].entity_kinds if slug in measures.registry() else ()
    if kinds and kind not in (*kinds, "compound"):
        return Told("", doubt="主体与指标不符")
    if code.startswith("IDX.HS") and slug == "turnover" and re.search(r"主板|大市", place.before):
        code = "MKT.HK"  # what a headline of the index tells of the whole market
    if kind == "market" and slug in which.PRICES:
        return Told("", doubt="市场没有价格")
    if kind == "market" and slug in CORPORATE and names.kind(next(iter(place.scene.focus), "")) == "company":
        code = twin(place, place.scene.focus)
    return _money(place, slug, code)


def _elsewhere(place: Place, code: str, slug: str) -> str:
    """Why the price of a stock named here may be that of another line or of another company."""
    if slug not in ("change", "price", "close", "change_amount", "market_cap", "turnover"):
        return ""
    sentence = place.reading.folded[place.claim.sentence[0] : place.claim.figure.start]
    if re.search(r"(?:这家|一家|某)[^，。；]{0,24}公司", sentence) and not place.claim.entity_own:
        return "主语不明"
    if "持股比例" in sentence and slug == "price":
        return "谁的价格不明"
    known = place.scene.names.entities.get(code)
    abroad = re.search(r"中概股|ADR|美股", f"{place.scene.title}\n{place.scene.body}")
    home = known is not None and known.kind == "company" and known.market in ("HK", "SH", "SZ", "TW")
    if home and abroad and not any(sign.search(f"{place.scene.title}\n{place.scene.body}") for sign in _SIGNS.values()):
        return "哪地股价不明"
    return ""


# Lists


def _shared_out(place: Place) -> bool:
    """Figures of one list that would all be told of the same: 解禁股数分别为2.93亿股、8066万股."""
    run, claim = place.run, place.claim
    if len(run) < 2 or claim.role or run[0].kind in ("rank", "streak"):
        return False
    others = [c for c in place.reading.claims if c.figure in run and c.figure is not claim.figure]
    return any(
        c.measure == claim.measure and c.entities == claim.entities and c.figure.unit == claim.figure.unit
        for c in others
    )


def enumerated(place: Place) -> str:
    """The item of a list of names that a figure belongs to, where both lists are equally long."""
    items = _list_before(place)
    if len(items) != len(place.run):
        return ""
    item = items[place.run.index(place.claim.figure)]
    codes = place.scene.names.codes(item)
    return twin(place, codes) if codes else f"~{item}"


def _list_before(place: Place) -> list[str]:
    """The last list of the sentence before the figures: 大华股份、海森药业、必易微."""
    low, high = place.spans(), place.stop
    chars = list(place.reading.folded[low:high])
    taken = {at for n in place.reading.names for at in range(n.start, n.end)}
    for token in place.reading.tokens:
        if low <= token.start and token.end <= high and token.start not in taken and token.text not in _NAMELY:
            chars[token.start - low : token.end - low] = "|" * (token.end - token.start)
    for time in place.reading.times:
        if low <= time.start and time.end <= high:
            chars[time.start - low : time.end - low] = "|" * (time.end - time.start)
    chunks = [chunk for chunk in re.split(r"[|，：:()【】\s\d%]+", "".join(chars)) if "、" in chunk]
    pieces = re.split(r"[、和与及]|以及", chunks[-1]) if chunks else []
    return pieces if all(1 < len(piece) <= 14 for piece in pieces) else []


# Brokers


def _rated(place: Place) -> Told:
    """富国银行将强生目标价…: the broker says, the stock is rated."""
    low, high = place.spans(), place.stop
    text = place.reading.folded
    rated = _RATED.search(text, low, high)
    names = [n for n in place.named(low) if n.kind != "compound"]
    if rated is None:
        return _unrated(place, [n.codes for n in names])
    stock = [n for n in names if rated.start(1) <= n.start < rated.end(1)]
    before = [n for n in names if n.end <= rated.start(1)]
    broker = before[-1].codes[0] if before else _noun(text[low : rated.start()])
    if stock:
        return Told(twin(place, stock[0].codes), said_by=broker)
    noun = rated[1].strip(" 的")
    known = re.fullmatch(r"[\u4e00-\u9fffA-Za-z·& ]{2,12}", noun) and not re.search(r"其|公司股|该股", noun)
    if known and broker:
        return Told(f"~{noun.removesuffix('公司')}", said_by=broker)
    return Told("", doubt="评级的是谁不明")


def _unrated(place: Place, codes: list[tuple[str, ...]]) -> Told:
    """目标价 without a verb of rating: of the one company that is named and says nothing itself."""
    claim = place.claim
    told = [c for c in codes if claim.said_by not in c]
    if len({c[0] for c in told}) == 1:
        return Told(twin(place, told[0]), said_by=claim.said_by)
    code = _chosen(place)
    return (
        Told(code, said_by=claim.said_by)
        if code and not told and code != claim.said_by
        else Told("", doubt="评级的是谁不明")
    )


def _noun(text: str) -> str:
    match = re.search(r"(?:^|[，：】])\s*([\u4e00-\u9fffA-Za-z &.]{2,14})$", text.replace(BLANK, ""))
    return f"~{match[1].strip()}" if match else ""


# Pairs and countries


def _pair(place: Place) -> Told:
    """1欧元兑换1.1728美元: the pair, and the price of the first in the second."""
    match = _FX.search(place.before) or _FX.search(_pair_before(place))
    figure = place.claim.figure
    if match is None or figure.unit is None:
        code = _chosen(place)
        own = code.startswith("FX.") and code != "FX.DXY" and place.claim.entity_own
        return Told(code) if own else Told("", doubt="哪对货币不明")
    word = re.search(r"[\u4e00-\u9fff]{2,6}$", figure.surface)
    if word is None or "印尼" in place.sentence:
        return Told("", doubt="哪对货币不明")
    name = f"{match[1]}兑{word[0]}"
    codes = place.scene.names.codes(name)
    return Told(codes[0] if codes else f"~{name}")


def _pair_before(place: Place) -> str:
    """The base of the pair, which is read as a figure of its own: 1欧元 before 兑换."""
    text = place.reading.folded[place.claim.clause[0] : place.stop]
    found = re.search(r"1(?:美元|欧元|英镑|澳元|人民币)(?:兑换?|对)(?=\d|$)", text)
    earlier = re.search(
        r"1(?:美元|欧元|英镑|澳元|人民币)(?:兑换?|对)", place.reading.folded[place.spans() : place.stop]
    )
    pair = found or earlier
    return pair[0] if pair else ""


def country_of(place: Place) -> str:
    """The country of the clause, of the sentence, of the title; not one that is only traded with."""
    folded = place.reading.folded
    for text in (
        folded[place.claim.clause[0] : place.stop],
        folded[place.claim.sentence[0] : place.stop],
        place.scene.title,
        place.scene.body[:200],
    ):
        found = country_in(text)
        if found:
            return found
    named = (*place.reading.names, *place.scene.names.find(place.scene.body[:200]))
    markets = [_office(place, name.codes[0]) for name in named if name.kind == "institution" and name.codes]
    return next((market for market in markets if market), "")


def _office(place: Place, code: str) -> str:
    """The country whose figures an office tells (国家统计局); a paper or an agency tells anybody's."""
    known = place.scene.names.entities.get(code)
    home = known is not None and known.market in ("CN", "HK", "US") and code not in PRESS
    return known.market if known is not None and home else ""


def _national(place: Place, slug: str, code: str) -> bool:
    base = place.claim.measure if slug.startswith("~") else slug
    kind = place.scene.names.kind(code) if code else ""
    if kind in ("company", "commodity", "index", "fund", "rate", "currency") and place.claim.entity_own:
        return False
    if base in NATIONAL:
        return kind in ("", "institution", "market", "channel") or not place.claim.entity_own
    folded = place.reading.folded[place.claim.clause[0] : place.stop]
    return base in SOMETIMES and kind in ("", "institution") and bool(countries(folded))


# Names beside the figure, and names carried to it


def _mover(place: Place, slug: str) -> str:
    """惠丰钻石涨超10%: a name that nobody knows, right before the verb."""
    if slug != "change" or place.claim.figure.kind not in ("percent", "point"):
        return ""
    verb = [t for t in place.words() if "change" in t.meaning.slugs]
    if not verb:
        return ""
    clause = place.reading.masked[place.start : verb[0].start]
    words = re.sub(
        r"(?:股价|暗盘|ADR|盘中|一度|现|均|收盘|夜盘|盘前|盘后|美股|港股|午后|早盘|今日|集体|等|午盘|开盘|日内|再度|此前)+$",
        "",
        clause,
    )
    names = [n for n in place.named() if n.end <= verb[0].start]
    if names and names[-1].end >= place.start + len(words):
        return ""
    noun = re.search(r"(?:^|[、 ，\ue004])([\u4e00-\u9fffA-Za-z·&\- ]{2,20})$", words)
    if noun is None or any(mark in noun[1] for mark in (NAME, "的", "其", "指数", "板块", "概念", "公司", "该", "股")):
        return "~" if noun is not None and noun[1].strip() and not _known(place, noun[1]) else ""
    if _known(place, noun[1]) or not place.ends_with(re.escape(verb[-1].text)):
        return ""
    return f"~{noun[1].strip()}"


def _known(place: Place, words: str) -> bool:
    """Does a stretch hold only words that name nobody (年内累计, 现)?"""
    at = place.reading.masked.find(words, place.start, place.stop)
    covered = sum(
        min(t.end, at + len(words)) - max(t.start, at)
        for t in place.words()
        if t.start < at + len(words) and t.end > at
    )
    return covered >= len(words.strip()) - 1 or "股价" in words or words.endswith("股")


def _chosen(place: Place) -> str:
    """Whom the claim names or carries; words that nobody knows are somebody only as items of a list."""
    codes = place.claim.entities
    known = {code for name in place.reading.names for code in name.codes} | set(place.scene.names.entities)
    if codes and codes[0].startswith("~") and codes[0] not in known and len(place.run) < 2:
        here = [n for n in place.named(place.claim.sentence[0]) if n.kind == "company"]
        return twin(place, here[-1].codes) if len({n.codes for n in here}) == 1 else ""
    return twin(place, codes)


def twin(place: Place, codes: tuple[str, ...]) -> str:
    """Of two listings of one company the one that the context means: its code, its market, its currency."""
    if not codes:
        return ""
    twins = [c for c in codes if _same_company(place, codes[0], c)]
    if len(twins) < 2:
        return codes[0]
    home = {("HK" if c.endswith(".HK") else "A"): c for c in twins}
    if len(home) < 2:
        return codes[0]
    folded = place.reading.folded
    clause = folded[place.claim.clause[0] : place.claim.clause[1]]
    whole = f"{place.scene.title}\n{place.scene.body}"
    for code in twins:
        digits = code.partition(".")[0]
        if re.search(rf"\(0?{digits}[.)]|(?<!\d){digits}\.", whole):
            written = [c for c in twins if re.search(rf"\(0?{c.partition('.')[0]}[.)]", whole)]
            if len(written) == 1:
                return written[0] if not re.search(r"港股|H股", clause) else home["HK"]
    for text in (clause, folded[place.claim.sentence[0] : place.claim.sentence[1]], whole):
        signs = {side for side, sign in _SIGNS.items() if sign.search(text)}
        if len(signs) == 1:
            return home[signs.pop()]
    if place.claim.figure.unit == "HKD":
        return home["HK"]
    return home["A"] if place.claim.figure.unit == "CNY" and "港" not in whole else codes[0]


def _same_company(place: Place, one: str, other: str) -> bool:
    known = place.scene.names.entities
    first, second = known.get(one), known.get(other)
    return (
        first is not None
        and second is not None
        and (first is second or first.market != second.market)
        and _root(first.hans) == _root(second.hans)
    )


def _root(name: str) -> str:
    return re.sub(r"(?:-[A-Z]{1,2}|股份|集团|控股|有限公司)+$", "", name)[:4]


def _carried(place: Place, code: str, slug: str) -> str:
    """Why a subject that no word of the sentence names is not sure."""
    claim = place.claim
    folded, masked = place.reading.folded, place.reading.masked
    if (
        not claim.entity_own
        and _GROUP.search(folded, claim.clause[0], place.stop)
        and place.scene.names.kind(code) != "market"
    ):
        return "主语是一组公司"
    if claim.entity_own or claim.table:
        return ""
    here = [n for n in place.reading.names if claim.sentence[0] <= n.start < place.stop and code in n.codes]
    if here:
        return "主语是一组公司" if slug == "share" and _GROUP.search(folded, here[-1].end, place.stop) else ""
    if code.startswith("~") and code[1:] in folded[claim.sentence[0] : place.stop]:
        return ""
    if _BACK.match(folded[claim.sentence[0] : place.stop]) or _BACK.match(folded[claim.clause[0] : place.stop]):
        return ""
    if not set(claim.entities) & set(place.scene.focus):
        return "主语不明"
    words = re.sub(r"[^\u4e00-\u9fffA-Za-z]", "", claim.left)
    return (
        "主语不明"
        if (len(words) > 3 and slug in ("change", "share", "turnover", "price"))
        or (NAME in masked[claim.clause[0] : place.start] and place.scene.names.kind(code) != "company")
        else ""
    )


# Whose money


def _money(place: Place, slug: str, code: str) -> Told:
    """Money of a channel in a stock: the channel is `via`, the stock is the entity."""
    names = place.scene.names
    kind = names.kind(code)
    if slug not in FLOWS:
        return Told(code)
    if kind == "channel":
        return _channel(place, code)
    if kind in ("company", "fund", "sector"):
        return Told(code, via=place.claim.via or channel(place))
    return Told(code, via=place.claim.via)


def _channel(place: Place, code: str) -> Told:
    """A channel beside the verb: its own money, unless a stock or a sector is told of."""
    sector = re.search(r"([\u4e00-\u9fff]{2,8}(?:板块|行业|概念))净", place.before)
    if sector:
        return Told(f"~{re.sub('^其中', '', sector[1])}", via=code)
    low = max(place.spans(), place.reading.folded.rfind("】", 0, place.start))
    earlier = [n for n in place.reading.names if low <= n.start < place.start and n.kind == "company"]
    scoped = re.search(r"个股", place.reading.folded[place.claim.sentence[0] : place.stop])
    if earlier and (scoped or code == "FLOW.MAIN"):
        return Told(twin(place, earlier[-1].codes), via=code)
    return Told("", doubt="通道还是个股不明") if earlier else Told(code)


def channel(place: Place) -> str:
    """The channel that the document speaks of: in its title, else last before the figure."""
    names = place.scene.names
    titled = [n.codes[0] for n in names.find(place.scene.title) if n.kind == "channel"]
    named = [n.codes[0] for n in place.reading.names if n.kind == "channel" and n.start < place.claim.figure.start]
    found = (titled or named or [""])[-1]
    return re.sub(r"\.S[HZ]$", "", found)
