"""What the characters that touch a numeral make of it: a range, a rank, a streak, a time, a price.

第四大 is a rank, 前三季度 a date, 连续11日 and 14连升 are streaks, 近5日 is a duration, 下午两点 a time, 每股5元 a price.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from quantshark.lexicon import dateforms
from quantshark.lexicon.quantities import NO_UNIT, Prefix, Quantity, read
from quantshark.lexicon.units import words

_LETTERS_OR_DIGITS = re.compile("[A-Za-z0-9]")
_RANGE = re.compile(
    r" ?(?P<bar>-|~|—{1,2}|–|至|到|及?至) ?(?:约|近|逾|超过|超|少于|不超过|US\$|HK\$|\$|¥|€|£|人民币|港币|美元|每股|第)?(?P<sign>[-+负]?)(?=[\d〇零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾])"
)
RANGE_SIGNS = frozenset("-~—–至到 及")
_DASHES = frozenset("-—–——")
_FROM = re.compile("[由从自]\\Z")
_BETWEEN = re.compile("不等|之间|区间|以内|左右|的|范围|上下")
_CHANGED = re.compile(
    "(?:缩水|[增减][加少持]|[上下][升降调涨跌]|[涨跌升降增减]|回落|扩大|缩减|提[高升])(?:了|约|近|逾|超过?)*\\Z"
)
FAR = 5
ONE = Decimal(1)


class Range(NamedTuple):
    """The two ends of a range in their shared unit, and the quantity that closed it."""

    value: Decimal
    high: Decimal
    last: Quantity


def range_from(folded: str, low: int, at: int, first: Quantity, *, negative: bool = False) -> Range | None:
    """20-30%, 2万至3万元, 负1至负2, 250.44港元至257.95港元: the figure and the one that follows it are the ends of one range."""
    match = _RANGE.match(folded, first.end)
    if match is None:
        return None
    other = read(folded, match.end())
    if other is None or not _same_unit(first, other) or _is_date(folded, match.end(), first):
        return None
    bar = match["bar"]
    if (
        bar not in _DASHES
        and bar != "~"
        and _FROM.search(folded, max(low, at - 1), at)
        and not _BETWEEN.match(folded, other.end)
    ):
        return None  # 由5%至3% tells a change
    value = _shared(first, other)
    if bar in "至到" and _CHANGED.search(folded, max(low, at - 6), at) and abs(other.value) > FAR * abs(value):
        return None  # 减少181万桶至4.257亿桶: what it changed by, and what it came to
    high = -other.value if match["sign"] in {"-", "负"} else other.value
    if first.unit is NO_UNIT and other.unit is NO_UNIT and bar in _DASHES and high <= value:
        return None
    return Range(-value if negative else value, high, other)


def _same_unit(first: Quantity, other: Quantity) -> bool:
    if first.unit is NO_UNIT:
        return other.unit.kind != "duration" or other.word not in {"日", "日期", "年期"} or first.value < other.value
    return other.unit.code == first.unit.code and other.unit.kind == first.unit.kind


def _is_date(folded: str, at: int, first: Quantity) -> bool:
    match = dateforms.DATE.match(folded, at) if folded[at] <= "9" else None
    return (
        match is not None
        and match.lastgroup in {"iso", "compact", "year", "month", "clock"}
        and first.unit.kind != "duration"
    )


def _shared(first: Quantity, other: Quantity) -> Decimal:
    """The first end in the unit and scale of the last: 2-3万元 is 20000, 8000-1.2万元 is 8000."""
    if first.unit is not NO_UNIT:
        return first.value
    worth = other.unit.worth or ONE
    mantissa = other.value / other.scale / worth
    scale = other.scale if first.scale == 1 and first.value <= mantissa else ONE
    if other.chinese and other.scale == 1 and first.scale == 1 and other.value >= 10 * first.value and first.value < 10:
        scale = _chinese_scale(other.value / worth)
    return first.value * scale * worth


def _chinese_scale(value: Decimal) -> Decimal:
    """三至五亿, 二到三百: the scale inside the Chinese numeral of the second end."""
    scale = ONE
    for power in (12, 8, 4, 3, 2, 1):
        if value >= 10**power and value % 10**power == 0:
            scale = Decimal(10**power)
            break
    return scale


class Frame(NamedTuple):
    """Span, kind and unit once the touching characters are read."""

    start: int
    end: int
    kind: str
    unit: str | None


_NOT_FRONT = frozenset("目此之以年日月盘空提当先午节会天早跟眼面生史饭向往价")
_RUN_AFTER = re.compile("个?连(?:升|涨|跌|阳|阴|板|胜|挫|降|增|冠|红|绿|亏|盈|霸)")
_RUN_BEFORE = re.compile(
    r"(?:连续|接连|连)(?:第|(?:净?(?:买入|卖出|流入|流出|增持|减持))|上升|上涨|下跌|上扬|增长|下降|回升|回落|回购|升|涨|跌|降|挫|阳|阴|增|减|亏损?|盈利|超过?|逾|近|长达|达|了|有|至少|走高|走低)*(?:第)?\Z"
)
_PART_OF_DAY = re.compile(
    r"(?:上午|下午|凌晨|早上|晚上|中午|傍晚|今早|清晨|午后|午间|深夜|晚间|夜间|今晚|当晚|昨晚|明早|(?:北京|当地|美东|美国东部|东部|纽约|伦敦|世界)?时间|[周日天]早|早|晚|晨)(?:的|约|近|至|到)?\Z"
)
_EACH = re.compile(
    r"每(?:股|桶|盎司|吨|公斤|千克|平方米|平米|单位|基金单位|份|手|张|瓦|度|枚|辆|台|斤|呎|平方呎|加仑|磅|克|克拉|小时|百万英热单位|千瓦时|蒲式耳|短吨)[^，。；;\n\d]{0,10}\Z"
)


def part_of_day(folded: str, low: int, at: int) -> int:
    """Where 下午 or 今早 before a clock time begins; `at` where none stands."""
    match = _PART_OF_DAY.search(folded, max(low, at - 8), at)
    return match.start() if match else at


def frame(folded: str, low: int, bound: int, at: Frame, value: Decimal, *, plain: bool) -> Frame:
    """Kind, unit and span of a quantity after its neighbours are read; `plain`: no scale such as 万 was printed."""
    before = folded[at.start - 1] if at.start > low else ""
    if before == "第":
        return _ordinal(folded, at)
    if before in "前首" and before:
        return _front(folded, at, before)
    if at.unit == "年" and at.kind == "duration" and 1900 <= value <= 2100:
        return at._replace(kind="date", unit=None)  # 两千零二十五年
    if before and at.kind in _RUNNING and _run_before(folded, low, at):
        return at._replace(kind="streak")
    if (
        folded[at.end : at.end + 1] in _RUN_FIRST
        and at.kind in {"number", "duration"}
        and (run := _RUN_AFTER.match(folded, at.end))
    ):
        return Frame(at.start, run.end(), "streak", "天" if at.unit is None else at.unit)
    if at.kind == "index" and plain and value <= 24 and (start := part_of_day(folded, low, at.start)) < at.start:
        return Frame(start, at.end, "time", None)
    if at.kind == "money" and at.start > bound and _EACH.search(folded, max(bound, at.start - 14), at.start):
        return at._replace(kind="price")
    return at


_RUNNING = frozenset(("duration", "count", "streak"))
_RUN_FIRST = frozenset("连个")


_KINDS = re.compile(
    r"大(?:股?指数?|屋苑|行|股东|银行|券商|厂商?|公司|企业|集团|类|板块|行业|市场|央行|机构|交易所|平台|客户|供应商|运营商|"
    r"国|经济体|亮点|看点|风险|领域|城市|利[好空淡]|原因|因素|趋势|航空?|矿|业务|产品|阵营|主[题线]|巨头|龙头|地产商|车企|油)"
)


def counts_kinds(folded: str, low: int, at: int, end: int) -> bool:
    """3大指数, 10大屋苑 name a group; 前3大 and 第3大 are ranks."""
    return folded[max(low, at - 1) : at] not in ("第", "前", "首") and _KINDS.match(folded, end) is not None


def runs_on(folded: str, end: int) -> bool:
    """14连升."""
    return _RUN_AFTER.match(folded, end) is not None


def _run_before(folded: str, low: int, at: Frame) -> bool:
    if at.kind == "count" and at.unit not in {"次", "板", "场", "届", "轮", "期"}:
        return False
    window = folded[max(low, at.start - 9) : at.start]
    return "连" in window and _RUN_BEFORE.search(window) is not None


def _ordinal(folded: str, at: Frame) -> Frame:
    start = at.start - 1
    if at.kind == "duration":
        return Frame(start, at.end, "streak", at.unit)
    if at.kind == "number":
        end = at.end + (1 if folded[at.end : at.end + 1] in _ORDINAL_NOUNS else 0)
        return Frame(start, end, "rank", None)
    return Frame(start, at.end, "rank", None if at.unit in {"名", "位", "个", "只"} else at.unit)


_ORDINAL_NOUNS = frozenset("大名位")


def _front(folded: str, at: Frame, before: str) -> Frame:
    """前三, 前十大, 前10名 are ranks; 前11个月 is a period; 此前三家 is neither."""
    if folded[at.start - 2 : at.start - 1] in _NOT_FRONT and at.start >= 2:
        return at
    if at.kind == "duration":
        return Frame(at.start - 1, at.end, "date", None) if at.unit in {"月", "季度"} else at
    if before == "前" and at.kind == "number":
        end = at.end + (1 if folded[at.end : at.end + 1] in "大强甲位名" else 0)
        return Frame(at.start - 1, end, "rank", None)
    if before == "前" and at.kind == "count" and at.unit in {"名", "位", "家", "只"}:
        return Frame(at.start - 1, at.end, "rank", None)
    return at


def sign_holds(folded: str, before: Prefix, touches: str | None) -> bool:
    """Is the sign before a numeral its own, or a dash that joins words? `touches`: kind of the figure that ends there."""
    char = folded[before.start]
    if char in "负正":
        return char == "负"
    previous = folded[before.start - 1 : before.start] if before.start else ""
    if previous and (_LETTERS_OR_DIGITS.match(previous) or previous in "-+"):
        return False
    if touches is not None:
        return touches in {"date", "time"}
    return folded[before.start + 1 : before.start + 2] != " "


_TEN_SHARES = re.compile(
    r"每(?P<n>\d{1,4}|十|百)(?:股|份|份基金份额)(?:股份|普通股)?(?:(?:拟|将|可)?(?:派发?|派送|分红|派息|送|供|转增?|配售?|派现|现金分红|分配|送红股|获配|获派|转送|现金分红)(?:发)?(?:现金)?(?:分红|红利|股息|股利|红股|末期息|中期息)?(?:\(含税\))?(?:人民币|港币|为)?(?P<h>约|近|逾|超过|超|不超过|不低于|不少于|至少)?) ?"
    r"(?P<m>\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百]{1,5}(?:点[零〇一二三四五六七八九]{1,4})?)(?:股|港元|元|港仙|仙|份)"
)
_RATIO = re.compile(r"(?P<a>\d{1,6}(?:\.\d+)?) ?(?::|比) ?(?P<b>\d{1,6}(?:\.\d+)?)(?![\d:])")


def per_ten_shares(folded: str, at: int) -> re.Match[str] | None:
    """每10股派5元."""
    return _TEN_SHARES.match(folded, at)


_SHARES = re.compile(
    r"(?P<n>\d{1,3})(?:股(?=[拆合]))?(?:派|送|转|转增|配|供|拆|合)(?:为|成|细为)?(?P<m>\d{1,4}(?:\.\d+)?)(?:元|港元|股)?(?![\d.%])"
)


def share_ratio(folded: str, at: int) -> re.Match[str] | None:
    """10派5元, 10送3, 1拆5."""
    return _SHARES.match(folded, at)


_SHARED_LIST = re.compile(r"(?P<more>(?:[/、]\d{1,12}(?:\.\d{1,8})?){0,5})(?:[/、]|[和及与])(?=\d)")
_SHAREABLE = frozenset(("money", "percent", "point", "multiple", "index", "count"))


def listed_with_unit(folded: str, at: int, first: Quantity, low: int) -> Quantity | None:
    """12.3/15.6/18.9亿元, 25、20和16倍: a bare number whose unit stands at the end of its list."""
    if folded[first.end : first.end + 1] not in _LIST_SIGNS:
        return None
    match = _SHARED_LIST.match(folded, first.end)
    if match is None:
        return None
    last = read(folded, match.end())
    if last is None or last.unit.kind not in _SHAREABLE or last.word in _NOT_SHARED:
        return None
    lone = not match["more"] and "." not in folded[at : first.end] and folded[at - 1 : at] not in _LIST_SIGNS
    if lone and folded[first.end] in "/、" and at >= low:
        return None  # 3/4股 is a fraction, 1、2家 a marker
    worth = last.unit.worth or ONE
    ulp = None if first.ulp is None else first.ulp * last.scale * worth
    return first._replace(
        value=first.value * last.scale * worth, ulp=ulp, unit=last.unit, scale=last.scale, word=last.word
    )


_LIST_SIGNS = frozenset("/、和及与")
_NOT_SHARED = frozenset(words("个 号 期 级 代 次 台 股 家 款 项 位 部 层 届 批 程"))


def ratio(folded: str, at: int) -> re.Match[str] | None:
    """3:1 and 3比1."""
    return _RATIO.match(folded, at)


def chinese_ratio(folded: str, at: int) -> re.Match[str] | None:
    """三比一."""
    return _CHINESE_RATIO.match(folded, at)


_CHINESE_RATIO = re.compile(
    "(?P<a>[一二两三四五六七八九十])比(?P<b>[一二两三四五六七八九十])(?![一二三四五六七八九十])"
)
