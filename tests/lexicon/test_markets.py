"""The session before a day, in the market of whom it is said."""

from __future__ import annotations

from datetime import date

import pytest

from quantshark import Document, check
from quantshark.lexicon.markets import market_of, session_before


@pytest.mark.parametrize(
    ("code", "via", "market"),
    [
        ("0700.HK", "", "XHKG"),
        ("600519.SH", "", "XSHG"),
        ("IDX.CHINEXT", "", "XSHG"),
        ("1810.HK", "FLOW.SOUTHBOUND", "SOUTHBOUND"),
        ("NVDA.US", "", ""),
    ],
)
def test_market(code: str, via: str, market: str) -> None:
    assert market_of(code, via) == market


@pytest.mark.parametrize(
    ("day", "codes", "before"),
    [
        (date(2025, 12, 15), ("0700.HK",), date(2025, 12, 12)),
        (date(2025, 10, 9), ("IDX.SSE",), date(2025, 9, 30)),  # the mainland's national holidays
        (date(2025, 10, 9), ("IDX.HSI",), date(2025, 10, 8)),
        (date(2025, 12, 29), ("IDX.HSI",), date(2025, 12, 24)),  # Christmas
        (date(2025, 12, 29), (), date(2025, 12, 26)),
        (date(1999, 1, 4), ("IDX.HSI",), date(1999, 1, 1)),  # beyond the calendars
    ],
)
def test_session_before(day: date, codes: tuple[str, ...], before: date) -> None:
    assert session_before(day, codes) == before


def test_a_report_after_a_holiday_tells_the_session_of_its_market() -> None:
    told = Document("told", "9月30日，上证指数收报3882.78点。", published_at=date(2025, 9, 30))
    held = check("上证指数上一交易日收报3882.78点。", [told], as_of=date(2025, 10, 9))
    assert held.releasable
    wrong = check(
        "恒生指数上一交易日收报26855.56点。",
        [Document("d", "9月30日，恒生指数收报26855.56点。", published_at=date(2025, 9, 30))],
        as_of=date(2025, 10, 9),
    )
    assert not wrong.releasable
