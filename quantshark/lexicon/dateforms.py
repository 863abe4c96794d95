"""The forms in which Chinese market prose writes dates, times and periods: 12月17日, 前三季度, 2025财年, 14:30, 上周五.

Patterns and the questions whether a form holds in its place; what a form means is for `dates`.
"""

from __future__ import annotations

import re

_YEAR = r"(?:(?:19|20)\d{2}|[〇零一二三四五六七八九]{4})"
_QUARTER = (
    r"(?:第?[一二三四1-4]个?季(?:度|报)?|(?:前|首)[二三两123]个?季(?:度)?|首季度?|Q[1-4]|[1-4]Q|H[12]|[12]H|上半年度?|下半年度?|全年度?|前[一二三四五六七八九十\d]{1,2}个?月|首[一二三四五六七八九十\d]{1,2}个?月"
    r"|[一三]季报|半年报|中报|年报|中期|年底|年末|年初|年中|末|底|初|年内)"
)
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?)[日号](?![元圆均线])"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[apAP]\.?[mM]\.?(?![A-Za-z]))?"
_PART = r"(?:上旬|中旬|下旬|底|初|末|中)"
DATE = re.compile(
    rf"(?P<iso>(?:19|20)\d{{2}}(?:-\d{{1,2}}-\d{{1,2}}|/\d{{1,2}}/\d{{1,2}}|\.\d{{1,2}}\.\d{{1,2}})(?!\d)(?:[ T]{_CLOCK}(?:\.\d+)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?)"
    rf"|(?P<british>(?:3[01]|[12]\d|0?[1-9])/(?:1[0-2]|0?[1-9])/(?:19|20)\d{{2}}(?!\d))"
    rf"|(?P<compact>(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
    rf"|(?P<year>{_YEAR}(?:[-~至/—–]{{1,2}}\d{{2,4}})? ?年(?:度)?(?:{_MONTH}(?:{_DAY}|{_PART})?| ?{_QUARTER})?(?![一二三四五六七八九十]{{2}})"
    rf"|(?:19|20)\d{{2}}(?:[-/~]\d{{2,4}})? ?(?:财年|财政年度|会计年度|年度|财季|年报|E|A)(?![a-zA-Z])(?:{_QUARTER}|第?[一二三四1-4]财季)?|(?:19|20)\d{{2}}/\d{{2}}(?![\d/%.])|(?:19|20)\d{{2}}Q[1-4]|[0-3]\d年(?:{_MONTH}(?:{_DAY})?|{_QUARTER}))"
    rf"|(?P<month>{_MONTH}(?:[-~至]{_DAY}|\d{{1,2}}[-~至、]{_DAY}|{_DAY}(?:[-~至]{_DAY})?|{_PART})?|(?:1[0-2]|[1-9])[-~至到—–](?:1[0-2]|[1-9])月(?:份)?)"
    rf"|(?P<clock>{_CLOCK}(?![:\d])|(?:2[0-4]|1\d|0?\d|十[一二]?|[一二两三四五六七八九])(?:时|点)(?:(?:[0-5]?\d|[一二三四五]?十[一二三四五六七八九]?)分(?![点])|半(?![导])|整|一刻|三刻|钟|多钟|许)|(?:2[0-4]|1\d|0?\d)时(?![代段间期候机常而隔点速令]))"
    rf"|(?P<quarter>第?[一二三四1-4]个?季度(?![以之])|第[一二三四1-4]季(?![报度])|(?:前|首)[二三两123]个?季度|[一三四]季报|[1-4]Q\d{{0,4}}(?![A-Za-z\d])|[12]H\d{{0,4}}(?![A-Za-z\d])|[0-3]\d(?:Q[1-4]|H[12])(?![A-Za-z\d]))"
    rf"|(?P<slash>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?![\d/.%]))"
    rf"|(?P<days>(?:3[01]|[12]\d|0?[1-9])[日号]?(?:[-~至、](?:3[01]|[12]\d|0?[1-9])[日号]?){{0,4}}(?<=[日号])(?![元圆均线]))"
)
LATIN_DATE = re.compile(
    r"(?:FY|CY)(?:\d{4}|\d{2})(?:Q[1-4]|H[12])?(?![A-Za-z\d])|Q[1-4](?![A-Za-z\d])(?:FY\d{2,4})?|[12]H\d{2,4}|H[12](?![A-Za-z\d])"
)

_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天][一二三四五六日]?(?!流|线|边|然|均|个?(?:交易)日|[年月])"
WORDS = re.compile(
    r"(?:去年|上年|上月|上季|上年度)?同期|"
    rf"[上本下这](?:个)?{_WEEKDAY}|{_WEEKDAY}"
    r"|(?:今|昨|前|明|后|当|同|翌|次)(?:日|天|晚|早|晨|夜)(?![报货经])|大?前天|[今去前明后当](?:年)(?:以来|至今|初|底|末|内|全年|度)?(?:上半年|下半年)?|年(?:初至今|初以来|初迄今|迄今|内|初|底|末|中)(?!报)|今年以来"
    r"|(?:[上下前这](?:一)?(?:个)?|[本当同去](?:个)?)(?:交易日|交易周|季度?|月(?:份|底|初|末)?|周末?|财年|财季|年度?|半年|旬)(?!一二三四五六日边报)"
    r"|[前后]一(?:天|日|年|周|季|个?月|个?季度|个交易日|晚)(?!期)"
    r"|[上下]半(?:年|财年)(?:度)?|月(?:初|底|末|内)|周(?:内|初|末)|季(?:内|末|初)|全年|全日|半日|单日|单季|单月|首季度?|近[日来期](?!的)|日内|盘中"
)
WORD_FIRST = frozenset("上本下这周星礼今昨前明后当同翌次大去年月季全半单首近日盘")


def match(folded: str, low: int, at: int) -> re.Match[str] | None:
    """The form whose numeral stands at `at`; 第三季 is one only with its 第."""
    found = DATE.match(folded, at)
    if found is None and at > low and folded[at - 1] == "第":
        return DATE.match(folded, at - 1)
    return found


def is_day(folded: str, at: int, end: int) -> bool:
    """Is 11/19 a day of a month, and not a fraction? It is with a leading zero, a large part, or a weekday beside it."""
    month, day = folded[at:end].split("/")
    if month[0] == "0" or day[0] == "0" or int(month) >= 10 or int(day) >= 13:
        return True
    return folded[end : end + 2] in {"周", "星期", "周一"} or folded[end : end + 1] in {"周", "("}


_SHORT_DAY = re.compile(r"[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")


def is_short_day(folded: str, at: int) -> bool:
    """250219 after a dash is a day: 报告-250219."""
    return folded[at - 1 : at] in {"-", "_", "—"} and _SHORT_DAY.match(folded, at) is not None


def is_year(folded: str, at: int, end: int) -> bool:
    """Bare digits that name a year: 2026人工智能大会."""
    return end - at == 4 and folded[at : at + 2] in {"19", "20"} and folded[at:end] < "2050" and folded[at:end] > "1949"


_LASTS_BEFORE = re.compile(
    r"(?:连续|连|近|过去|最近|未来|此前|之前|上市|历时|为期|持续|[^以目此之]前|后|达|共|满|第|长达|逾|超过?|约|每|仅|用时|耗时|间隔|再|需|停牌|经过|短短|不到|连[升涨跌挫降]|上升|下跌|延长|至少|个)\Z"
)
_LASTS_AFTER = re.compile(
    r"内|期|均|线|移动|年化|平均|新高|新低|无理由|滚动|间|以上|以内|游|[0-9一二三四五六七八九两]+连?板|连[升涨跌]|逆回购|后[，。将再]|的(?:期限|时间|连)"
)
_RATIO_BEFORE = re.compile(r"(?:比例|比|按|拆|配|缩|率|赔率|杠杆|多空比)(?:为|是|约|达)?\Z")


def holds(folded: str, low: int, at: int, match: re.Match[str]) -> bool:
    """Is what looks like a date one? 5日 after 近 or before 均线 lasts, 3/5 is a fraction, 14:30 after 按 a ratio."""
    kind, end = match.lastgroup, match.end()
    if kind == "days":
        return not _LASTS_BEFORE.search(folded[max(low, at - 4) : at]) and not _LASTS_AFTER.match(folded, end)
    if kind == "slash":
        return is_day(folded, at, end)
    if kind == "month":
        return folded[at - 1 : at] != "个" or at == 0
    if kind == "clock" and ":" in match[0]:
        return _is_clock(match[0]) and not _RATIO_BEFORE.search(folded[max(low, at - 5) : at])
    return True


def _is_clock(text: str) -> bool:
    hour, minute = text.split(":")[:2]
    return int(hour) <= 24 and int(minute[:2]) < 60


def begins(folded: str, low: int, at: int) -> int:
    """前三季度, 第三季度: the word before the numeral belongs to the date."""
    return at - 1 if at > low and folded[at - 1] in "前第首" else at
