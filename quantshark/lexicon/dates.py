"""What dates and period words mean from a given day: 17日, 周三, 昨日, 上周五, 前三季度, 年初至今, 近5日, 上一交易日.

`find_periods` finds every form in a text, words without a numeral included; `resolve` turns a form into days. News tells
the past: 周三 is the last Wednesday, 11月 of a January is last year's. A form that cannot be placed (当日, 去年同期, 14:30)
is None. A fiscal year is named and not placed: its days are those of the year it is named after, its grain `fiscal_year`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.markets import session_before
from quantshark.lexicon.numerals import fold, parse
from quantshark.model import Period

PreviousSession = Callable[[date], date]
_DAY = timedelta(days=1)


class PeriodWord(NamedTuple):
    """A form that names days, as printed."""

    start: int
    end: int
    surface: str


class Said(NamedTuple):
    """When something was said: the day, and how to find the session before a day."""

    day: date
    previous: PreviousSession


_SPAN_BEFORE = re.compile(r"(?:近|过去|最近|此前|未来)\Z")


def find_periods(text: str) -> list[PeriodWord]:
    """Every date, period and day word of `text`, sorted; 近5日 with its 近."""
    folded = fold(text)
    found: list[PeriodWord] = []
    for figure in find_figures(text):
        start = figure.start
        if figure.kind == "duration":
            before = _SPAN_BEFORE.search(folded, max(0, start - 2), start)
            if before is None:
                continue
            start = before.start()
        elif figure.kind != "date":
            continue
        found.append(PeriodWord(start, figure.end, text[start : figure.end]))
    return found


def resolve(text: str, base: date, previous_session: PreviousSession | None = None) -> Period | None:
    """The days that `text` names when it is said on `base`; None where it names none."""
    folded = fold(text).replace(" ", "").replace("\n", "")
    for pattern, place in _FORMS:
        match = pattern.fullmatch(folded)
        if match is not None:
            return _safe(place, match, Said(base, previous_session or session_before))
    return None


def _safe(place: _Place, match: re.Match[str], said: Said) -> Period | None:
    try:
        return place(match, said)
    except (ValueError, OverflowError):  # 2月30日, a year before 1
        return None


_Place = Callable[[re.Match[str], Said], Period | None]


def _number(text: str) -> int:
    value = parse(text)
    if value is None or value != int(value):
        raise ValueError(text)
    return int(value)


def _year(text: str) -> int:
    year = _number(text)
    return year if year > 99 else 2000 + year


def _one(day: date, grain: str = "day") -> Period:
    return Period(day, day, grain)


def _months(year: int, first: int, last: int, grain: str) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]), grain)


def _quarter(year: int, number: int) -> Period:
    return _months(year, 3 * number - 2, 3 * number, "quarter")


def _half(year: int, number: int) -> Period:
    return _months(year, 6 * number - 5, 6 * number, "half_year")


# --------------------------------------------------------------------------------------------------- days and months
def _iso(match: re.Match[str], _said: Said) -> Period:
    return _one(date(int(match[1]), int(match[2]), int(match[3])))


def _near(month: int, day: int, base: date) -> date:
    """The year in which the day lies closest: 12月30日 said in January is last year's."""
    options = [
        date(year, month, day)
        for year in (base.year - 1, base.year, base.year + 1)
        if day <= monthrange(year, month)[1]
    ]
    if not options:
        raise ValueError(f"{month}-{day}")
    return min(options, key=lambda option: abs(option - base))


def _month_day(match: re.Match[str], said: Said) -> Period:
    month, day = _number(match["m"]), _number(match["d"])
    first = date(_year(match["y"]), month, day) if match["y"] else _near(month, day, said.day)
    if not match["d2"]:
        return _one(first)
    month2 = _number(match["m2"]) if match["m2"] else month
    last = date(first.year + (month2 < month), month2, _number(match["d2"]))
    return Period(first, last, "days")


def _slash(match: re.Match[str], said: Said) -> Period:
    return _one(_near(int(match[1]), int(match[2]), said.day))


def _day_of_month(day: int, base: date) -> date:
    """17日: of this month when it is past or close ahead, else of the last."""
    if day <= base.day or day - base.day <= 15:
        return base.replace(day=day)
    last = base.replace(day=1) - _DAY
    return last.replace(day=day)


def _bare_day(match: re.Match[str], said: Said) -> Period:
    first = _day_of_month(_number(match["d"]), said.day)
    if not match["d2"]:
        return _one(first)
    return Period(first, first.replace(day=_number(match["d2"])), "days")


def _past_month(month: int, base: date) -> int:
    return base.year if month <= base.month + 3 else base.year - 1


def _month(match: re.Match[str], said: Said) -> Period:
    first, month = _number(match["a"]) if match["a"] else 0, _number(match["m"])
    year = _year(match["y"]) if match["y"] else _past_month(month, said.day)
    if first:
        return _months(year, first, month, "months")
    return _part_of_month(year, month, match["p"])


_PARTS = {
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
    "底": (21, 31),
    "末": (21, 31),
}


def _part_of_month(year: int, month: int, part: str | None) -> Period:
    if not part:
        return _months(year, month, month, "month")
    first, last = _PARTS[part]
    return Period(date(year, month, first), date(year, month, min(last, monthrange(year, month)[1])), "ten_days")


# --------------------------------------------------------------------------------------------------- quarters and years
def _whole_year(match: re.Match[str], _said: Said) -> Period:
    last = _year(match["y2"]) if match["y2"] else _year(match["y"])
    grain = "fiscal_year" if match["f"] else "years" if match["y2"] else "year"
    return Period(date(_year(match["y"]), 1, 1), date(last, 12, 31), grain)


def _part_of_year(match: re.Match[str], said: Said) -> Period | None:
    year = _year(match["y"]) if match["y"] else None
    return _named_part(match["p"], year, said.day)


def _named_part(part: str, year: int | None, base: date) -> Period | None:
    """一季度, 前三季度, 上半年, 前11个月 of a year; without one, of the last that has begun."""
    part = "前三季度" if part == "三季报" else part  # its figures are those of nine months
    if found := re.fullmatch("第?([一二三四1-4])个?(?:季度?|季报|财季)|(?:(首)季度?)|Q([1-4])|([1-4])Q", part):
        number = _number(next((g for g in found.groups() if g and g != "首"), "1"))
        return _quarter(_begun(year, 3 * number - 2, base), number)
    if found := re.fullmatch("(?:前|首)([一二两三123])个?季度?", part):
        last = 3 * _number(found[1])
        return _months(_begun(year, last, base), 1, last, "months")
    if found := re.fullmatch("(?:前|首)([一二两三四五六七八九十\\d]{1,2})个?月", part):
        last = _number(found[1])
        return _months(_begun(year, last, base), 1, last, "months")
    if found := re.fullmatch("(上|下)半(?:财)?年度?|(半年报|中报|中期)|H([12])|([12])H", part):
        number = 2 if found[1] == "下" or "2" in (found[3], found[4]) else 1
        return _half(_begun(year, 6 * number - 5, base), number)
    return _ending(part, year or base.year)


def _begun(year: int | None, month: int, base: date) -> int:
    return year if year is not None else base.year if month <= base.month else base.year - 1


def _ending(part: str, year: int) -> Period | None:
    spans = {
        "初": (1, 1),
        "年初": (1, 1),
        "底": (12, 12),
        "末": (12, 12),
        "年底": (12, 12),
        "年末": (12, 12),
        "年中": (6, 7),
    }
    if part in spans:
        return _months(year, *spans[part], "month")
    return _months(year, 1, 12, "year") if part in {"全年", "全年度", "年报", "年内"} else None


def _latin(match: re.Match[str], said: Said) -> Period | None:
    """Q3, 3Q25, 1H2025, FY2025, 2025Q1."""
    if match["fy"]:
        year = _year(match["fy"])
        return Period(date(year, 1, 1), date(year, 12, 31), "fiscal_year")
    given = match["ya"] or match["yb"] or match["yc"]
    return _named_part(match["p"], _year(given) if given else None, said.day)


# --------------------------------------------------------------------------------------------------- words
_SHIFT = {"今": 0, "昨": -1, "前": -2, "大前": -3, "明": 1, "后": 2}


def _day_word(match: re.Match[str], said: Said) -> Period:
    return _one(said.day + _SHIFT[match[1]] * _DAY)


def _last_session(_match: re.Match[str], said: Said) -> Period:
    return _one(said.previous(said.day))


def _weekday(match: re.Match[str], said: Said) -> Period:
    day = "一二三四五六日天".index(match[2])
    monday = said.day - said.day.weekday() * _DAY
    if match[1]:
        return _one(monday + (_WEEKS[match[1]] * 7 + min(day, 6)) * _DAY)
    found = monday + min(day, 6) * _DAY
    return _one(found if found <= said.day else found - 7 * _DAY)


_WEEKS = {"上": -1, "本": 0, "这": 0, "下": 1, "当": 0}


def _week(match: re.Match[str], said: Said) -> Period:
    monday = said.day + (_WEEKS.get(match[1] or "本", 0) * 7 - said.day.weekday()) * _DAY
    if match[2]:
        return Period(monday + 5 * _DAY, monday + 6 * _DAY, "days")
    return Period(monday, monday + 6 * _DAY, "week")


def _month_word(match: re.Match[str], said: Said) -> Period:
    count = said.day.year * 12 + said.day.month - 1 + _WEEKS.get(match[1], 0)
    return _part_of_month(count // 12, count % 12 + 1, match[2])


def _quarter_word(match: re.Match[str], said: Said) -> Period:
    count = said.day.year * 4 + (said.day.month - 1) // 3 + _WEEKS[match[1]]
    return _quarter(count // 4, count % 4 + 1)


_YEARS = {"今": 0, "本": 0, "当": 0, "去": -1, "上": -1, "前": -2, "明": 1, "下": 1, "后": 2}


def _year_word(match: re.Match[str], said: Said) -> Period | None:
    year = said.day.year + _YEARS[match[1]]
    return _named_part(match[2], year, said.day) if match[2] else _months(year, 1, 12, "year")


def _to_date(match: re.Match[str], said: Said) -> Period:
    month = 1 if "年" in match[0] else said.day.month if "月" in match[0] else 3 * ((said.day.month - 1) // 3) + 1
    return Period(date(said.day.year, month, 1), said.day, "to_date")


def _since(match: re.Match[str], said: Said) -> Period | None:
    """12月以来, 2025年至今."""
    begun = resolve(match[1], said.day, said.previous)
    return Period(begun.start, said.day, "to_date") if begun and begun.start <= said.day else None


def _span(match: re.Match[str], said: Said) -> Period:
    """近5日, 过去三个月, 未来5年; days are trading days."""
    count, unit = _number(match[2]), match[3]
    if match[1] == "未来":
        return Period(said.day, _ahead(said.day, count, unit), "span")
    if unit in {"日", "天", "交易日"}:
        first = said.day
        for _ in range(min(count, 2000) - 1):
            first = said.previous(first)
        return Period(first, said.day, "span")
    return Period(_ahead(said.day, -count, unit) + _DAY, said.day, "span")


def _ahead(base: date, count: int, unit: str) -> date:
    if unit in {"日", "天", "交易日", "周", "星期"}:
        return base + count * (7 if unit in {"周", "星期"} else 1) * _DAY
    months = base.year * 12 + base.month - 1 + count * {"年": 12, "季度": 3}.get(unit, 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(base.day, monthrange(year, month)[1]))


_N = r"[\d〇零一二三四五六七八九十廿]{1,4}"
_Y = r"(?:(?P<y>\d{4}|\d{2}|[〇零一二三四五六七八九]{2,4})年度?)"
_JOIN = r"[-~至到—–、]"
_PART = (
    r"(?:第?[一二三四1-4]个?(?:季度?|季报|财季)|首季度?|(?:前|首)[一二两三123]个?季度?|(?:前|首)[一二两三四五六七八九十\d]{1,2}个?月|[上下]半(?:财)?年度?"
    r"|半年报|中报|中期|年报|全年度?|年底|年末|年初|年中|年内|末|底|初|Q[1-4]|[1-4]Q|H[12]|[12]H)"
)
_FORMS: tuple[tuple[re.Pattern[str], _Place], ...] = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T?\d{1,2}:.*)?"), _iso),
    (re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})"), _iso),
    (re.compile(rf"{_Y}?(?P<m>{_N})月(?P<d>{_N})[日号]?(?:{_JOIN}(?:(?P<m2>{_N})月)?(?P<d2>{_N})[日号])?"), _month_day),
    (re.compile(r"(\d{1,2})/(\d{1,2})"), _slash),
    (re.compile(rf"(?P<d>{_N})[日号]?{_JOIN}(?P<d2>{_N})[日号]"), _bare_day),
    (re.compile(rf"(?P<d>{_N})[日号](?P<d2>)"), _bare_day),
    (re.compile(rf"{_Y}?(?:(?P<a>{_N})月?{_JOIN})?(?P<m>{_N})月(?:份)?(?P<p>上旬|中旬|下旬|初|中|底|末)?"), _month),
    (re.compile(r"(?P<y>\d{4})(?:[-~至/—–](?P<y2>\d{2,4}))?(?:(?P<f>财年|财政年度|会计年度)|年度?|年报|[EA])?"), _whole_year),
    (re.compile(r"(?P<y>[〇零一二三四五六七八九]{4})年(?P<y2>)(?P<f>)"), _whole_year),
    (re.compile("(?:今年以来|年(?:初至今|初以来|初迄今|迄今|内)|今年(?:至今|内)|月内|季内|本月以来)"), _to_date),
    (re.compile(rf"{_Y}?(?P<p>{_PART})"), _part_of_year),
    (re.compile(r"(?:FY|CY)(?P<fy>\d{2,4})|(?P<ya>\d{4})?(?P<p>Q[1-4]|[1-4]Q|[12]H|H[12])(?P<yb>\d{2,4})?(?:FY(?P<yc>\d{2,4}))?"), _latin),
    (re.compile("(今|昨|大?前|明|后)(?:日|天|晚|早|晨|夜)"), _day_word),
    (re.compile("(?:上|前)(?:一)?(?:个)?交易日"), _last_session),
    (re.compile("(上|本|这|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])"), _weekday),
    (re.compile("(上|本|这|下)?(?:一)?(?:个)?周(末)?(?:内)?"), _week),
    (re.compile("(上|本|下|当)(?:一)?(?:个)?月(?:份)?(初|底|末)?"), _month_word),
    (re.compile("(上|本|下)(?:一)?(?:个)?季度?"), _quarter_word),
    (re.compile("(.{2,12}?)(?:以来|至今)"), _since),
    (re.compile(rf"(今|本|去|上|前|明|下|后)年度?({_PART})?"), _year_word),
    (re.compile(r"(近|过去|最近|此前|未来)(\d{1,4}|[一二两三四五六七八九十百]{1,4})(?:个)?(交易日|日|天|周|星期|月|季度|年)"), _span),
)  # fmt: skip
