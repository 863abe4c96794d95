"""akshare's own code over answers written by hand in the shapes that its pages document: our tables come out.

The numbers are made up. What is tested is the way: the real akshare functions, our columns, units, days and gaps.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from quantshark.errors import SourceError
from quantshark.sources.feeds import FeedSpec
from quantshark.sources.feeds.public_data import (
    DATA_SETS,
    PublicDataFeed,
    as_table,
    asked,
    closed_day,
    records,
    refuse_while_open,
)

akshare = pytest.importorskip("akshare", reason="akshare is not installed: pip install 'quantshark[data]'")
responses = pytest.importorskip("responses", reason="responses is not installed")

# akshare speaks to pandas of yesterday and shows bars on stderr; neither is ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")

NOW = datetime(2025, 12, 11, 9, tzinfo=UTC)
DAY = date(2025, 12, 11)


def history(net: float, bought: float, sold: float, day: str = "2025-12-11 00:00:00") -> dict[str, Any]:
    """A row of RPT_MUTUAL_DEAL_HISTORY: amounts in millions."""
    return {
        "MUTUAL_TYPE": "006", "TRADE_DATE": day, "FUND_INFLOW": net, "NET_DEAL_AMT": net, "QUOTA_BALANCE": 42000.0,
        "ACCUM_DEAL_AMT": 4800000.0, "BUY_AMT": bought, "SELL_AMT": sold, "LEAD_STOCKS_CODE": "00700", "LEAD_STOCKS_NAME": "腾讯控股",
        "LS_CHANGE_RATE": 1.2, "INDEX_CLOSE_PRICE": 4600.0, "INDEX_CHANGE_RATE": 0.5, "HOLD_MARKET_CAP": None,
    }  # fmt: skip


def quote(code: str, name: str, price: float | str, market: int = 128) -> dict[str, Any]:
    """A row of the quote list; f2 price, f3 change, f6 turnover in full units; "-" is no trade."""
    known = {
        "f2": price,
        "f3": -1.03,
        "f6": 7545000000.0,
        "f12": code,
        "f13": market,
        "f14": name,
        "f15": 43.0,
        "f16": 42.0,
        "f17": 42.5,
        "f18": 42.7,
    }
    names = [f"f{n}" for n in (*range(1, 19), 20, 21, 22, 23, 24, 25, 62, 115, 128, 140, 141, 136, 152)]
    return {key: known.get(key, 1) for key in names}  # fmt: skip


def spec(where: str) -> FeedSpec:
    return FeedSpec("f", "akshare", where, "公开数据")


def through_akshare(where: str, body: dict[str, Any]) -> str:
    """Our table of one data set, every page of akshare answered with `body`."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add(responses.GET, url=re.compile("https?://.*"), json=body)
        answers = {
            name: records(getattr(akshare, call)(**arguments).to_json(orient="records", force_ascii=False, date_format="iso", double_precision=10))
            for name, (call, arguments) in DATA_SETS[where].calls(DAY).items()
        }  # fmt: skip
    (table,) = as_table(spec(where), answers, DAY, NOW)
    assert table.kind == "table"
    return table.text


def test_southbound_flow_in_hundred_millions_of_hong_kong_dollars() -> None:
    rows = [history(-5287.0, 40000.0, 45287.0), history(1000.0, 5.0, 4.0, "2019-01-02 00:00:00")]
    text = through_akshare("southbound_flow", {"result": {"pages": 1, "data": rows}})
    assert text.split("\n")[:2] == [
        "日期,代码,名称,买入金额(亿港元),卖出金额(亿港元),净买入(亿港元)",
        "2025-12-11,FLOW.SOUTHBOUND,南向资金,400,452.87,-52.87",
    ]
    assert "2019" not in text


def test_quotes_of_known_stocks_alone_and_no_price_for_no_trade() -> None:
    diff = [quote("01810", "小米集团-W", 42.26), quote("00700", "腾讯控股", "-"), quote("98765", "某某控股", 1.0)]
    text = through_akshare("hk_quotes", {"data": {"total": 3, "diff": diff}})
    assert text.split("\n")[1:] == ["2025-12-11,01810,小米集团-W,42.26,-1.03,42.5,43,42,42.7,75.45"]


def test_indices_by_their_codes() -> None:
    diff = [quote("HSI", "恒生指数", 25530.51, 124), quote("VHSI", "恒指波幅指数", 20.0, 124)]
    text = through_akshare("hk_indices", {"data": {"total": 2, "diff": diff}})
    assert text.split("\n")[1].startswith("2025-12-11,IDX.HSI,恒生指数,25530.51,-1.03")
    assert len(text.strip().split("\n")) == 2


def test_nothing_of_ours_is_an_error_not_an_empty_table() -> None:
    with pytest.raises(SourceError, match="gave no row"):
        as_table(spec("hk_quotes"), {"spot": []}, DAY, NOW)


def test_quotes_belong_to_the_last_closed_day() -> None:
    assert closed_day("XHKG", datetime(2025, 12, 11, 3, tzinfo=UTC)) == date(2025, 12, 10)
    assert closed_day("XHKG", datetime(2025, 12, 11, 9, tzinfo=UTC)) == date(2025, 12, 11)
    assert closed_day("XHKG", datetime(2025, 12, 14, 9, tzinfo=UTC)) == date(2025, 12, 12)


@pytest.mark.parametrize(
    ("hour", "minute", "open_now"), [(0, 0, False), (1, 0, True), (4, 30, True), (8, 5, True), (8, 30, False)]
)
def test_a_price_of_now_is_nobodys_close(hour: int, minute: int, open_now: bool) -> None:
    now = datetime(2025, 12, 11, hour, minute, tzinfo=UTC)
    if open_now:
        with pytest.raises(SourceError, match="trades until"):
            refuse_while_open("XHKG", now)
    else:
        refuse_while_open("XHKG", now)


def test_a_page_in_the_place_of_rows_is_refused() -> None:
    with pytest.raises(SourceError, match="no JSON"):
        records("<html>")


def test_an_unknown_data_set_is_named() -> None:
    with pytest.raises(SourceError, match="use one of southbound_flow"):
        PublicDataFeed(spec("gossip"))


@pytest.mark.slow
def test_a_function_that_fails_in_its_process_is_one_sentence() -> None:
    with pytest.raises(SourceError, match=r"akshare\.no_such_function failed"):
        asked(60, "no_such_function", {})


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(SourceError, match=r"not done after 0\.05 seconds"):
        asked(0.05, "stock_hk_spot_em", {})


def test_numbers_stay_as_written() -> None:
    (row,) = records(json.dumps([{"a": 52.87}]))
    assert str(row["a"]) == "52.87"
