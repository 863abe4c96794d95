"""Numerals that are names: codes, products, indices, versions, addresses, list markers, terms such as T+0.

Each reader gives the span and the reason (`exempt`), never a value. Whether bare digits are a number or a name is judged
by what touches them: 小米17 and 海豹08 are names because no verb, preposition or sign stands before the digits.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from quantshark.lexicon.quantities import Quantity
from quantshark.lexicon.units import words


class Name(NamedTuple):
    """A span whose digits are no figure, and why."""

    start: int
    end: int
    reason: str


LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")
TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_.+/][A-Za-z0-9]+)*")

# What stands in addresses and markup is read by machines, not by people. Every repeat is bounded: linear time.
_ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"')\]】，。；、\u4e00-\u9fff]{1,2000}|www\.[^\s<>\"')\]】，。；、\u4e00-\u9fff]{1,2000}"
    r"|\]\([^()\s]{1,2000}\)|(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,32}){1,4}|</?[A-Za-z][^<>\n]{0,400}>|&#x?[0-9a-fA-F]{1,7};"
)
_DIGIT = re.compile("[0-9]")


def addresses(folded: str) -> list[Name]:
    """Spans of URLs, link targets, mail addresses, tags and entities that hold a digit."""
    if not ("://" in folded or "](" in folded or "@" in folded or "<" in folded or "&#" in folded or "www." in folded):
        return []  # spelled out, because most lines hold none and this is asked of every line
    found = (Name(m.start(), m.end(), "url") for m in _ADDRESS.finditer(folded))
    return [n for n in found if _DIGIT.search(folded, n.start, n.end)]


_CODE = re.compile(
    r"\d{3,6}\.(?:HKG|HK|SH|SZ|BJ|SS|US|TWO|TW|KS|KQ|CSI|CFE|SHF|DCE|CZC|OF|IB|WI|SI|GI|T|N|O|hk|sh|sz|bj|us)(?![A-Za-z0-9])"
    r"|(?:60|68|00|30|83|87|43|92|15|16|18|50|51|52|56|58|11|12|13)\d{4}(?![\d万亿%]|[.,]\d)|(?:200|900|399)\d{3}(?![\d万亿%]|[.,]\d)"
)
_HOTLINE = re.compile("12[34]\\d{2}")
_CASE = re.compile(r"(?:19|20)\d{2}\)[\u4e00-\u9fff\d]{1,14}?号")
_PHONE = re.compile(r"(?:\d{3,4}-\d{3,4}-\d{4}|0\d{2,3}-\d{7,8})(?!\d)")
_VERSION = re.compile(r"(?:[A-Za-z]+[- ]?)?[vV]\d+(?:\.\d+)*")
_MODEL_UNITS = frozenset(words("级 代 款 号 档 系列 部 个 期 次 架 点 层 日 年 届 批 型 项 台 行 位 组 型号 度 股"))


def glued(folded: str, low: int, at: int, quantity: Quantity | None) -> Name | None:
    """Digits that touch a Latin word: H200, MiMo-V2, T+0, SH600519; None for a quantity after an abbreviation (CPI2.1%)."""
    start = at
    while start > low and (folded[start - 1] in LETTERS or folded[start - 1] in "0123456789-+._&"):
        start -= 1
    word = at
    while word > start and folded[word - 1] in LETTERS:
        word -= 1
    if quantity is not None and at - word > 1 and _has_unit(quantity):
        return None
    match = TOKEN.match(folded, at)
    end = match.end() if match else at + 1
    surface = folded[start:end]
    if _CODE.match(folded, at):
        return Name(start, end, "code")
    if "+" in surface:
        return Name(start, end, "term")
    return Name(start, end, "version" if _VERSION.fullmatch(surface) else "name")


def _has_unit(quantity: Quantity) -> bool:
    """Is there a unit that no product name takes?"""
    word = quantity.word
    return word == "%" or bool(word and not word.isascii() and word not in _MODEL_UNITS)


def bare(folded: str, low: int, at: int, end: int) -> Name | None:
    """Digits without scale and unit: a code, a list marker, an index, a product; None where they are a number."""
    if code := _CODE.match(folded, at):
        return Name(at, code.end(), "code")
    if folded[end : end + 1] == "-" and (phone := _PHONE.match(folded, at)):
        return Name(at, phone.end(), "id")
    before = folded[at - 1] if at > low else ""
    after = folded[end : end + 1]
    if before == "(" and after == ")" and (case := _CASE.match(folded, at)):
        return Name(at, case.end(), "id")
    if _HOTLINE.fullmatch(folded, at, end):
        return Name(at, end, "name")
    if before == "-" and _joins_a_word(folded, at, end):
        return Name(at, end, "name")
    if after in _MARKER_SIGNS and end - at <= 3 and is_marker(folded, at, end):
        return Name(at, end + 1, "list marker")
    if index(folded, low, at, end):
        return Name(at, end, "index")
    if after and (after in LETTERS or after in "-_.") and (name := _latin_after(folded, at, end, after)):
        return name
    if "." in folded[at:end] or "," in folded[at:end]:
        return None
    return _by_shape(folded, at, end, before, after)


def _joins_a_word(folded: str, at: int, end: int) -> bool:
    """碳-14: a whole number that a dash ties to a word."""
    word = folded[at - 2 : at - 1]
    return "\u4e00" <= word <= "\u9fff" and word not in _BEFORE_NUMBER and folded[at:end].isdigit()


def _latin_after(folded: str, at: int, end: int, after: str) -> Name | None:
    """5G, 36Kr, 7-ELEVEN, 3.2.1."""
    following = folded[end + 1 : end + 2]
    if after in LETTERS or (after in "-_" and following in LETTERS):
        return None if after in "xX" or "," in folded[at:end] else Name(at, TOKEN.match(folded, at).end(), "name")  # type: ignore[union-attr]
    if after == "." and following in DIGITS:
        return Name(at, TOKEN.match(folded, at).end(), "version")  # type: ignore[union-attr]
    return None


def _by_shape(folded: str, at: int, end: int, before: str, after: str) -> Name | None:
    length = end - at
    if length > 12 or (folded[at] == "0" and length > 1):
        in_brackets = before == "(" and after == ")"
        return Name(
            at, end, "code" if length in {4, 5, 6} or (in_brackets and length <= 6) else "id" if length > 6 else "name"
        )
    if before == "(" and after == ")" and 4 <= length <= 6:
        return Name(at, end, "code")
    if "\u4e00" <= before <= "\u9fff" and before not in _BEFORE_NUMBER and length <= 4 and after not in _JOINS:
        return Name(at, end, "name")
    if before == " " and folded[at - 2 : at - 1] in LETTERS and after != "/":
        return Name(at, end, "name")
    return None


_JOINS = frozenset("-~—–至到:/")
# Before a bare number stands a verb, a preposition, a hedge or a noun of amount; before the number of a product none of these.
_BEFORE_NUMBER = frozenset(
    "为是达至到约近超逾共有报收录得计第前后于在较比从由增减升跌涨降挫多少过破足仅每即及和与或但并又只剩余数率值分均价列居排满逢需要合占了含除乘加等以不额量速期度点指低高见守穿破月日年周元股兑汇息价设维持报收"
)

_MARKER_SIGNS = frozenset(".、):]")
_SENTENCE_END = frozenset("。；;:？！?!\n》】")
_LINE_HEAD = re.compile(r"(?:\A|\n)[ >#*|·•(\[-]*(?:\*\*|__)?[(\[]?\Z")
_CHINESE_MARKER = re.compile(r"(?:[一二三四五六七八九十]{1,3})(?:、|\)|\.)")


def is_marker(folded: str, at: int, end: int) -> bool:
    """1. at the head of a line or after the end of a sentence."""
    if folded[end] in ".:" and folded[end + 1 : end + 2] in DIGITS:
        return False
    if folded[end] == ":":
        return at_line_head(folded, at)
    if at and folded[at - 1] in _SENTENCE_END and not (folded[at - 1] == ":" and folded[end] in ")、"):
        return True
    return at_line_head(folded, at) or (at >= 2 and folded[at - 1] == " " and folded[at - 2] in _SENTENCE_END)


_DATE_AHEAD = re.compile(r"[.、)] +(?=\d{1,2}[月日]|(?:19|20)\d{2}年|\d{1,2}点)")


def marks_date(folded: str, at: int, end: int) -> bool:
    """1. 1月末 at the head of a line: the marker of a list, and a date; no decimal that a scanner tore apart."""
    return _DATE_AHEAD.match(folded, end) is not None and at_line_head(folded, at)


def at_line_head(folded: str, at: int) -> bool:
    """Do only quote, list and emphasis signs stand between the head of the line and `at`?"""
    line = folded[max(0, at - 14) : at]
    return _LINE_HEAD.search(line) is not None and (len(line) == at or "\n" in line)


def chinese_marker(folded: str, at: int) -> Name | None:
    """一、 and (二) at the head of a line."""
    match = _CHINESE_MARKER.match(folded, at)
    heads = at_line_head(folded, at) or folded[at - 1 : at] in _SENTENCE_END
    return Name(at, match.end(), "list marker") if match and heads else None


_FAMILY = (
    r"(?:沪深|中证[A-Z]?|上证|深证|科创创业|双创|科创|创业板|创业|北证|国证|巨潮|标普|标准普尔|纳斯达克|纳指|日经|罗素|富时罗素|富时|DAX|CAC|KOSPI|KOSDAQ|道琼斯|道指|斯托克|STOXX"
    r"|MSCI|中国A|IBEX|ASX|台湾|恒生A股|恒生|港股通|央企|红利|SENSEX|Nifty|TOPIX|VN|FTSE|S&P|Russell|Nikkei|CSI|Stoxx|Nasdaq|NASDAQ|东证|成长|价值|中小板?|中创|深创|深圳|财富|福布斯|世界|胡润|AEX|HSI|民企|中国企业)"
)
_INDEX = re.compile(_FAMILY + r"(?:指数|综合指数|综指|平均指数|指|中国|欧洲|全球|中国A|ETF|中盘|大盘|小盘)?[ -]?\Z")
_SIZES = frozenset(
    words("30 35 40 50 60 80 100 120 150 180 200 225 250 280 300 350 380 400 500 600 700 800 1000 1500 2000 3000 5000")
)
_INDEX_LAST = frozenset("深证A创板普尔经素时X国C指斯I罗0PST价值小圳企利球洲盘业通长D富界润数Yyx&PltqQiN")
_SPOKEN_SIZE = {
    "五零": "50",
    "五〇": "50",
    "一百": "100",
    "三百": "300",
    "五百": "500",
    "一千": "1000",
    "二百": "200",
    "二百二十五": "225",
}


def index(folded: str, low: int, at: int, end: int) -> bool:
    """Is the numeral the size in an index name: 沪深300, 标普500, 科创五零?"""
    back = 2 if folded[at - 1 : at] in {" ", "-"} else 1
    if folded[at - back : at - back + 1] not in _INDEX_LAST:
        return False
    surface = folded[at:end]
    number = _SPOKEN_SIZE.get(surface) or surface
    return number in _SIZES and _INDEX.search(folded[max(low, at - 12) : at]) is not None
