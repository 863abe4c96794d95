"""Numerals that are names: codes, products, indices, versions, addresses, list markers, terms such as T+0.

Each reader gives the span and the reason (`exempt`); none of them gives a value.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Name(NamedTuple):
    """A span whose digits are no figure, and why."""

    start: int
    end: int
    reason: str


# Addresses and markup first: what stands in them is read by machines, not by people.
_ADDRESS = re.compile(
    r"https?://[^\s<>\"'）)\]】，。；、\u4e00-\u9fff]{1,2000}|www\.[^\s<>\"'）)\]】，。；、\u4e00-\u9fff]{1,2000}|\]\([^()\s]{1,2000}\)|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,4}"
    r"|</?[A-Za-z][^<>\n]{0,400}>|&#x?[0-9a-fA-F]{1,7};"
)


def addresses(folded: str) -> list[Name]:
    """Spans of URLs, link targets, mail addresses, tags and entities that hold a digit."""
    if (
        "://" not in folded
        and "](" not in folded
        and "@" not in folded
        and "<" not in folded
        and "&#" not in folded
        and "www." not in folded
    ):
        return []
    found = (Name(m.start(), m.end(), "url") for m in _ADDRESS.finditer(folded))
    return [n for n in found if any("0" <= c <= "9" for c in folded[n.start : n.end])]


_GLUE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_INDEX = re.compile(
    r"(?:沪深|中证[A-Z]?|上证|深证|科创创业|双创|科创|创业板|创业|北证|国证|巨潮|标普|标普道琼斯|标准普尔|纳斯达克|纳指|日经|日经指数|罗素|富时|富时罗素|富时中国[A-Z]?|德国DAX|DAX|法国CAC|CAC|韩国KOSPI|KOSPI|KOSDAQ|道琼斯|道指|斯托克|欧洲斯托克|STOXX|欧洲STOXX|泛欧|MSCI中国A|MSCI|中国A|西班牙IBEX|IBEX|ASX|澳洲ASX|澳洲标普|台湾|恒生A股|恒生|恒指|港股通|央企|红利|SENSEX|孟买|Nifty|TOPIX|越南VN|VN|FTSE|S&P|Russell|Nikkei|CSI|Stoxx|Nasdaq|NASDAQ|CRB|东证|首尔|龙头|成长|价值|中小|中小板|中创|深创|上海|深圳|A股|沪|质量|消费|科技|医药|胡润|财富|福布斯|世界)"
    r"(?:指数|指|综指|综合指数|中国|欧洲|全球|中国A|A|ETF|中盘|大盘|小盘|指数的)?[ -]?\Z"
)
_INDEX_SIZES = frozenset(
    "30 35 40 50 60 80 100 120 150 180 200 225 250 280 300 350 380 400 500 600 700 800 1000 1500 2000 3000 5000".split()
)
_CODE = re.compile(
    r"\d{3,6}\.(?:HK|SH|SZ|BJ|SS|US|HKG|TW|KS|T|hk|sh|sz|bj|US|N|O|OF|IB|CSI|WI|SI|GI|CFE|SHF|DCE|CZC)(?![A-Za-z0-9])|\d{6}(?![\d.,万亿])"
)
_TERM = re.compile(r"[TDMNStd]\+\d{1,2}(?!\.?\d)")
_MARKER = re.compile(
    r"(?:^|(?<=\n))[ >#*|·•-]{0,12}(?:\*\*|__)?[(\[]?(?:Part |第)?\d{1,3}(?:\.\d{1,2}){0,3}[.、)\]:](?!\d)", re.M
)
CODE = _CODE
_INDEX_LAST = frozenset("深证A创板普尔克经素时X国C指斯I罗0PST价值小圳海股沪量费技药润富界利企中球洲本盘")


def index(folded: str, low: int, at: int, end: int, size: str | None = None) -> bool:
    """Is the numeral the size in an index name: 沪深300, 标普500, 科创五零?"""
    before = folded[at - 1 : at]
    if before == " ":
        before = folded[at - 2 : at - 1]
    if before not in _INDEX_LAST:
        return False
    number = size or folded[at:end].replace(",", "")
    return number in _INDEX_SIZES and _INDEX.search(folded[max(low, at - 10) : at]) is not None
