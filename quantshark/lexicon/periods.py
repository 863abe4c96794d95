"""What a date word means from a given day: 昨日, 12月11日, 第三季度, 前三季度, 2025年全年, 上月末.

A yearless form is the latest that had begun by that day (第三季度 said in February is last year's). 上一交易日 is the
session before in the market of whom it is said, a weekday where nobody is named.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from quantshark.lexicon.markets import session_before
from quantshark.lexicon.numerals import fold, parse
from quantshark.model import Period

_ISO = re.compile(r"((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})([01]\d)([0-3]\d)$")
_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})$")
_YEAR = re.compile(
    r"^((?:19|20)?\d{2}|[〇零一二三四五六七八九]{4})\s*(?:年度?|财年|财政年度|年报)?|^(今年|本年|去年|上年|前年|明年|后年)"
)
_MONTH_DAY = re.compile(
    r"^(\d{1,2}|[一二三四五六七八九十]{1,3})月(?:份)?(?:(\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号])?"
)
_DAY = re.compile(r"^(\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]$")
_QUARTER = re.compile(r"第?([一二三四1-4])(?:个)?季(?:度|报)?|Q([1-4])|([1-4])Q|(首)季度?")
_FIRST_QUARTERS = re.compile(r"[前首]([二三两123])(?:个)?季度?")
_FIRST_MONTHS = re.compile(r"[前首]([一二三四五六七八九十]+|\d{1,2})个?月|1[-~至](\d{1,2})月")
_HALF = re.compile(r"上半年|下半年|中报|半年报|中期|H1|H2|1H|2H")
_WEEKDAY = re.compile(r"(上|本|下|这)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
# Every form that `resolve` may know; asked of folded text.
WORDS = re.compile(
    r"(?:(?:19|20)\d{2}年|今年|去年|上年|本年|前年|明年|后年)?(?:[前首][二三两123](?:个)?季度|第[一二三四]季度|[一二三四]季度|[前首](?:十[一二]?|[一二三四五六七八九]|1[0-2]|\d)个?月|[上下]半年|全年)"
    r"|(?:19|20)\d{2}年(?:度|全年)?(?![一-龥\d]{0,2}[月日])"
    r"|(?:上|前)(?:一)?(?:个)?交易日|[上本]个?(?:季度|季|月|周)(?!末|底|初|期|均|同)|上一季度|今年以来|年初至今|年初以来|今年迄今|年内|月内|周内|当[季月周日天]"
    r"|[上本下这]?(?:周|星期|礼拜)[一二三四五六日天](?![线流然])|今[日天晚早晨]|昨[日天晚夜]|前[日天](?!收)|明[日天年]|[今去前明后]年"
)
_TODAY = frozenset({"今日", "今天", "今晚", "今早", "今晨", "当日", "当天", "本日", "今", "日内"})
_YESTERDAY = frozenset({"昨日", "昨天", "昨晚", "昨夜", "昨", "隔夜"})
_SESSION_BEFORE = re.compile(r"(?!前日$)(?:上|前)(?:一)?(?:个)?(?:交易日|日)$")
_END = re.compile(r"末|底")


def resolve(text: str, day: date | None, codes: Iterable[str] = ()) -> Period | None:
    """The days that a date word names, seen from `day`; None where it cannot be placed.

    `codes` are whom it is said of: 上一交易日 is that of their market.
    """
    word = _bare(text)
    if day is not None and _SESSION_BEFORE.match(word) and not _exact(word):
        return _on(session_before(day, codes))
    return _resolved(word, day)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return fold(text).replace("\u200b", "").replace(" ", "")


@lru_cache(maxsize=4096)
def _resolved(word: str, day: date | None) -> Period | None:
    exact = _exact(word)
    if exact or day is None:
        return exact
    return _relative(word, day) or _calendar(word, day)


def yearless(text: str) -> bool:
    """Does the word leave its year to the reader?"""
    return not re.search(r"(?:19|20)\d{2}|[去今明前后上]年", fold(text))


def _exact(word: str) -> Period | None:
    match = _ISO.search(word) or _COMPACT.match(word)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None


def _day(year: int, month: int, number: int) -> Period | None:
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return Period(found, found)


def _relative(word: str, day: date) -> Period | None:
    if word in _TODAY:
        return Period(day, day)
    if word in _YESTERDAY:
        return _on(day - timedelta(1))
    if word in ("前日", "前天"):
        return _on(day - timedelta(2))
    if word in ("明日", "明天", "翌日", "次日"):
        return _on(day + timedelta(1))
    match = _WEEKDAY.fullmatch(word)
    if match:
        return _weekday(match[1] or "", "一二三四五六日天".index(match[2]), day)
    if word in ("本周", "上周", "下周", "周内"):
        start = day - timedelta(day.weekday()) + timedelta({"上周": -7, "下周": 7}.get(word, 0))
        return Period(start, start + timedelta(6), "week")
    if word in ("本月", "月内", "当月", "上月", "上个月"):
        month = day.year * 12 + day.month - 1 - (word in ("上月", "上个月"))
        return _month(month // 12, month % 12 + 1)
    if word in ("上季度", "上一季度", "上季", "上个季度", "本季度", "本季", "当季"):
        quarter = day.year * 4 + (day.month - 1) // 3 - (word[0] == "上")
        return _quarters(quarter // 4, quarter % 4 + 1, quarter % 4 + 1, "quarter")
    if word in ("年内", "年初至今", "今年以来", "年初以来", "今年迄今"):
        return Period(date(day.year, 1, 1), day, "ytd")
    return None


def _on(day: date) -> Period:
    return Period(day, day)


def _weekday(week: str, number: int, day: date) -> Period:
    monday = day - timedelta(day.weekday())
    shift = {"上": -7, "下": 7}.get(week, 0)
    found = monday + timedelta(min(number, 6) + shift)
    return _on(found if week or found <= day else found - timedelta(7))


def _month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")


def _quarters(year: int, first: int, last: int, grain: str) -> Period:
    return Period(date(year, first * 3 - 2, 1), _month(year, last * 3).end, grain)


def _calendar(word: str, day: date) -> Period | None:
    year, rest = _year(word, day)
    if rest.startswith(("第", "前", "首")) or _QUARTER.match(rest) or _FIRST_MONTHS.match(rest) or _HALF.match(rest):
        return _part(rest, year, day)
    match = _MONTH_DAY.match(rest)
    if match:
        return _month_day(match, year, day)
    match = _DAY.match(rest)
    if match and year is None:
        return _day_of_month(_number(match[1]), day)
    match = _SLASH.match(rest)
    if match:
        return _latest(int(match[1]), int(match[2]), day)
    if year is not None:
        return _whole_year(year, rest)
    return _quarters(day.year, 1, 4, "year") if word in ("全年",) else None


def _year(word: str, day: date) -> tuple[int | None, str]:
    match = _YEAR.match(word)
    if not match:
        return None, word
    if match[2]:
        shift = {"去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}.get(match[2], 0)
        return day.year + shift, word[match.end() :]
    if not word[match.end(1) :].startswith(("年", "财", "Q", "-", "/", "E", "A", "H")):
        return None, word
    digits = match[1]
    number = (
        int("".join(str("〇一二三四五六七八九".find(c.replace("零", "〇"))) for c in digits))
        if not digits.isdigit()
        else int(digits)
    )
    return (number if number > 1900 else 2000 + number), word[match.end() :]


def _number(text: str) -> int:
    value = parse(text)
    return int(value) if value is not None else 0


def _part(rest: str, year: int | None, day: date) -> Period | None:
    match = _FIRST_QUARTERS.match("前三季度" if rest == "三季报" else rest)
    if match:
        last = {"二": 2, "两": 2, "三": 3}.get(match[1]) or int(match[1])
        chosen = year if year is not None else day.year if day.month >= last * 3 - 2 else day.year - 1
        return _quarters(chosen, 1, last, "quarters")
    match = _FIRST_MONTHS.match(rest)
    if match:
        last = _number(match[1] or match[2])
        if not 1 <= last <= 12:
            return None
        chosen = year if year is not None else day.year if day.month >= last else day.year - 1
        return Period(date(chosen, 1, 1), _month(chosen, last).end, "months")
    match = _HALF.match(rest)
    if match:
        first = 3 if match[0] in ("下半年", "H2", "2H") else 1
        chosen = year if year is not None else day.year if day.month >= first * 3 - 2 else day.year - 1
        return _quarters(chosen, first, first + 1, "half")
    match = _QUARTER.match(rest)
    if match:
        digit = match[1] or match[2] or match[3] or "1"
        number = "一二三四".find(digit) + 1 or int(digit)
        chosen = year if year is not None else day.year if day.month >= number * 3 - 2 else day.year - 1
        return _quarters(chosen, number, number, "quarter")
    return None


def _month_day(match: re.Match[str], year: int | None, day: date) -> Period | None:
    month = _number(match[1])
    if not 1 <= month <= 12:
        return None
    if match[2]:
        number = _number(match[2])
        return _day(year, month, number) if year is not None else _latest(month, number, day)
    chosen = year if year is not None else day.year if month <= day.month else day.year - 1
    return _month(chosen, month)


def _latest(month: int, number: int, day: date) -> Period | None:
    """The day of that name nearest to `day`: in December 1月5日 lies ahead, in January 12月30日 behind."""
    found = [p for y in (day.year - 1, day.year, day.year + 1) if (p := _day(y, month, number))]
    return min(found, key=lambda p: abs((p.start - day).days), default=None)


def _day_of_month(number: int, day: date) -> Period | None:
    month = day.year * 12 + day.month - 1 - (number > day.day)
    return _day(month // 12, month % 12 + 1, number)


def _whole_year(year: int, rest: str) -> Period:
    if _END.match(rest):
        return _on(date(year, 12, 31))
    return _quarters(year, 1, 4, "year")
