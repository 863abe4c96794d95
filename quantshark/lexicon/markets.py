"""Whose trading days: the market that a company, an index or a channel trades on, and the session before a day there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from quantshark.calendars import Calendar
from quantshark.errors import DataError

MARKETS = {
    "IDX.HSI": "XHKG", "IDX.HSTECH": "XHKG", "IDX.HSCEI": "XHKG", "MKT.HK": "XHKG",
    "IDX.SSE": "XSHG", "IDX.SZSE": "XSHG", "IDX.CHINEXT": "XSHG", "IDX.STAR50": "XSHG", "IDX.CSI300": "XSHG",
    "MKT.SH": "XSHG", "MKT.SZ": "XSHG", "MKT.CN": "XSHG",
    "FLOW.SOUTHBOUND": "SOUTHBOUND",
}  # fmt: skip
_HONG_KONG, _MAINLAND = re.compile(r"\.HK$"), re.compile(r"\.(?:SH|SZ|BJ)$")
_FRIDAY = 4


def market_of(code: str, via: str = "") -> str:
    """The calendar of an entity, or of the channel whose money it is; empty where we keep none."""
    if via:
        return MARKETS.get(via, "")
    if _HONG_KONG.search(code):
        return "XHKG"
    return "XSHG" if _MAINLAND.search(code) else MARKETS.get(code, "")


@lru_cache(maxsize=8)
def calendar_of(market: str) -> Calendar:
    return Calendar(market)


def session_before(day: date, codes: Iterable[str] = ()) -> date:
    """上一交易日 as it is said of these entities; the weekday before where their market or the year is not known."""
    market = next((found for code in codes if (found := market_of(code))), "")
    if market:
        try:
            return calendar_of(market).previous(day)
        except DataError:
            pass  # beyond what the calendars tell
    before = day - timedelta(1)
    while before.weekday() > _FRIDAY:
        before -= timedelta(1)
    return before
