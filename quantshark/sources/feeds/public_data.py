"""Public market data by akshare: southbound flow, Hong Kong and A-share quotes, indices, as our own tables.

akshare scrapes web pages without a time limit and brings pandas, so it runs in a process of its own, which is ended when
the feed's seconds are over. Its columns carry no unit and no currency; what stands in our heads is what the page behind
each function says (亿元 of the trading currency, Hong Kong dollars for Hong Kong prices). Where the page does not say it,
as for the worth of southbound holdings, the column is left out. Quotes carry no day: they are taken as a day's close
only when fetched after that day's closing auction.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from quantshark.calendars import Calendar
from quantshark.data import load_entities
from quantshark.errors import SourceError
from quantshark.lexicon.names import listing
from quantshark.model import SHANGHAI
from quantshark.sources.feeds import FeedSpec, Fetched
from quantshark.sources.identity import About, fingerprint
from quantshark.sources.raw import RawText
from quantshark.sources.sheet import Row, table

Record = Mapping[str, Any]  # Any: a cell as akshare gives it (number, text, date, NaN)
Records = Sequence[Record]
Calls = Mapping[str, tuple[str, Mapping[str, str]]]
HISTORY_DAYS = 60
HOLDINGS_DAYS = 7
"""Holdings of a day come out on the next one: the last days are asked for, the newest is taken as it is dated."""
BEFORE_OPEN = timedelta(hours=1)
"""Auctions before the opening move the quotes already."""
OUTPUT_LIMIT = 20_000_000


@dataclass(frozen=True, slots=True)
class DataSet:
    """What akshare is asked, and how its rows become one of our tables.

    `calls` are (function, arguments) by a name of our own; `head` is our header; `rows` makes our rows of the answers
    and of the day they are about.
    """

    title: str
    calls: Callable[[date], Calls]
    head: tuple[str, ...]
    rows: Callable[[Mapping[str, Records], date], list[list[str]]]
    market: str
    """Whose closing auction must be over: XHKG or XSHG."""
    spot: bool = False
    """Prices as they are now, without a day: while that market trades they are nobody's close."""


class PublicDataFeed:
    """One data set, by its name in `DATA_SETS`."""

    def __init__(self, spec: FeedSpec) -> None:
        if spec.where not in DATA_SETS:
            raise SourceError(f"no data set {spec.where!r}; use one of {', '.join(DATA_SETS)}", name=spec.where)
        self._spec = spec
        self._set = DATA_SETS[spec.where]

    def fetch(self, now: datetime, tag: str = "") -> Fetched:  # noqa: ARG002  (akshare knows no tags)
        day = closed_day(self._set.market, now)
        if self._set.spot:
            refuse_while_open(self._set.market, now)
        answers = {name: asked(self._spec.seconds, *call) for name, call in self._set.calls(day).items()}
        return Fetched(as_table(self._spec, answers, day, now))


def as_table(spec: FeedSpec, answers: Mapping[str, Records], day: date, now: datetime) -> tuple[Any, ...]:
    """Our table of akshare's answers; raises SourceError where they hold no row of ours."""
    kind = DATA_SETS[spec.where]
    rows = kind.rows(answers, day)
    if not rows:
        raise SourceError(f"akshare gave no row for {spec.where} of {day}; try later", name=spec.where)
    title = f"{kind.title}（{day.month}月{day.day}日）"
    about = About(title, now.astimezone(SHANGHAI).isoformat(timespec="seconds"), _id(spec, day), "", spec.publisher)
    raw = RawText(f"akshare:{spec.where}", "")
    return table(raw, Row(1, kind.head), [Row(n, row) for n, row in enumerate(rows, start=2)], about)


def _id(spec: FeedSpec, day: date) -> str:
    """The same day is the same document: fetched again, it is a new version of it."""
    return fingerprint("akshare", spec.where, day.isoformat())


def closed_day(market: str, now: datetime) -> date:
    """The last trading day whose closing auction is over; raises DataError beyond the calendar."""
    calendar = Calendar(market)
    here = now.astimezone(SHANGHAI)
    today = here.date()
    if calendar.is_session(today) and here.time() >= calendar.session(today).final:
        return today
    return calendar.previous(today)


def refuse_while_open(market: str, now: datetime) -> None:
    """Raise SourceError from an hour before the opening to the end of the closing auction: what is quoted then is today's."""
    calendar = Calendar(market)
    here = now.astimezone(SHANGHAI)
    if not calendar.is_session(here.date()):
        return
    session = calendar.session(here.date())
    opens = datetime.combine(here.date(), session.opens, SHANGHAI) - BEFORE_OPEN
    if opens <= here and here.time() < session.final:
        raise SourceError(
            f"{market} trades until {session.final:%H:%M}; quotes carry no day, so they are read after that",
            market=market,
        )


# --- akshare, in a process of its own -------------------------------------------------------------------------------

CHILD = """
import json, sys, warnings
warnings.simplefilter("ignore")
import akshare
name, arguments = sys.argv[1], json.loads(sys.argv[2])
frame = getattr(akshare, name)(**arguments)
sys.stdout.write(frame.to_json(orient="records", force_ascii=False, date_format="iso", double_precision=10))
"""


def asked(seconds: float, function: str, arguments: Mapping[str, str]) -> Records:
    """The rows that a function of akshare gives; raises SourceError when it fails, is not installed, or takes too long."""
    command = [sys.executable, "-c", CHILD, function, json.dumps(arguments, ensure_ascii=False)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603  our own words
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"akshare.{function} was not done after {seconds:g} seconds; try later", name=function
        ) from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1][:200]
        hint = "pip install 'quantshark[data]'" if "No module named" in last else "try later"
        raise SourceError(f"akshare.{function} failed ({last}); {hint}", name=function)
    if len(done.stdout) > OUTPUT_LIMIT:
        raise SourceError(f"akshare.{function} gave more than {OUTPUT_LIMIT} bytes", name=function)
    return records(done.stdout.decode(errors="replace"))


def records(told: str) -> Records:
    """Rows of JSON with every number as it is written."""
    try:
        value = json.loads(told, parse_float=Decimal)
    except ValueError as error:
        raise SourceError(f"akshare gave what is no JSON ({error}); its page may have changed") from error
    if not isinstance(value, list):
        raise SourceError("akshare gave no table; its page may have changed")
    return cast("Records", value)


# --- the data sets ---------------------------------------------------------------------------------------------------

CHANNELS = {"south": ("FLOW.SOUTHBOUND", "南向资金"), "shanghai": ("FLOW.SOUTHBOUND.SH", "港股通（沪）"), "shenzhen": ("FLOW.SOUTHBOUND.SZ", "港股通（深）")}  # fmt: skip


def _southbound(answers: Mapping[str, Records], day: date) -> list[list[str]]:
    rows: list[list[str]] = []
    for name, (code, title) in CHANNELS.items():
        for record in answers[name]:
            when = _day(record.get("日期"))
            values = [_cell(record.get(key)) for key in ("买入成交额", "卖出成交额", "当日成交净买额")]
            if when and day - timedelta(days=HISTORY_DAYS) <= when <= day and any(values):
                rows.append([when.isoformat(), code, title, *values])
    return sorted(rows)


def _holdings(answers: Mapping[str, Records], day: date) -> list[list[str]]:
    rows: list[list[str]] = []
    for record in answers["held"]:
        when, code = _day(record.get("持股日期")), str(record.get("股票代码") or "")
        if when and when <= day and code:
            share = _cell(record.get("持股数量占发行股百分比"))
            rows.append(
                [when.isoformat(), code, str(record.get("股票简称") or ""), _cell(record.get("持股数量")), share]
            )
    return rows


def _quotes(market: str) -> Callable[[Mapping[str, Records], date], list[list[str]]]:
    def rows(answers: Mapping[str, Records], day: date) -> list[list[str]]:
        """The stocks that our registry knows; the exchange's own names are kept."""
        known = {entity.code for entity in load_entities() if entity.kind == "company"}
        found: list[list[str]] = []
        for record in answers["spot"]:
            code = str(record.get("代码") or "")
            exchange = "HK" if market == "XHKG" else None
            if code.isdigit() and listing(code, exchange) in known and _cell(record.get("最新价")):
                found.append([day.isoformat(), code, str(record.get("名称") or ""), *_priced(record)])
        return found

    return rows


def _indices(codes: Mapping[str, tuple[str, str]]) -> Callable[[Mapping[str, Records], date], list[list[str]]]:
    def rows(answers: Mapping[str, Records], day: date) -> list[list[str]]:
        found: list[list[str]] = []
        for record in answers["spot"]:
            known = codes.get(str(record.get("代码") or ""))
            if known and _cell(record.get("最新价")):
                found.append([day.isoformat(), *known, *_priced(record)])
        return found

    return rows


def _priced(record: Record) -> list[str]:
    names = ("最新价", "涨跌幅", "今开", "最高", "最低", "昨收")
    amount = record.get("成交额")
    return [*(_cell(record.get(name)) for name in names), _hundred_millions(amount)]


def _hundred_millions(value: object) -> str:
    told = _cell(value)
    return f"{Decimal(told) / 10**8:.2f}" if told else ""


def _cell(value: object) -> str:
    """A number as a cell; NaN and what is not there are empty, never zero."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return ""
    text = f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else str(value)
    return "" if text.strip().lower() in {"", "-", "nan", "none"} else text.strip()


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


HK_HEAD = (
    "日期",
    "代码",
    "名称",
    "收盘价(港元)",
    "涨跌幅(%)",
    "今开(港元)",
    "最高(港元)",
    "最低(港元)",
    "昨收(港元)",
    "成交额(亿港元)",
)
A_HEAD = tuple(cell.replace("港元", "元") for cell in HK_HEAD)
HK_INDEX_HEAD = (
    "日期",
    "代码",
    "名称",
    "收盘(点)",
    "涨跌幅(%)",
    "今开(点)",
    "最高(点)",
    "最低(点)",
    "昨收(点)",
    "成交额(亿港元)",
)
A_INDEX_HEAD = tuple(cell.replace("港元", "元") for cell in HK_INDEX_HEAD)
HK_INDICES = {
    "HSI": ("IDX.HSI", "恒生指数"),
    "HSTECH": ("IDX.HSTECH", "恒生科技指数"),
    "HSCEI": ("IDX.HSCEI", "恒生中国企业指数"),
}
A_INDICES = {
    "000001": ("IDX.SSE", "上证指数"), "399001": ("IDX.SZSE", "深证成指"), "399006": ("IDX.CHINEXT", "创业板指"),
    "000300": ("IDX.CSI300", "沪深300"), "000688": ("IDX.STAR50", "科创50"),
}  # fmt: skip

HISTORIES = {"south": "南向资金", "shanghai": "港股通沪", "shenzhen": "港股通深"}


def _last_days(day: date) -> dict[str, str]:
    return {"start_date": f"{day - timedelta(days=HOLDINGS_DAYS):%Y%m%d}", "end_date": f"{day:%Y%m%d}"}


DATA_SETS: dict[str, DataSet] = {
    "southbound_flow": DataSet(
        "南向资金成交统计",
        lambda _: {name: ("stock_hsgt_hist_em", {"symbol": told}) for name, told in HISTORIES.items()},
        ("日期", "代码", "名称", "买入金额(亿港元)", "卖出金额(亿港元)", "净买入(亿港元)"),
        _southbound,
        "XHKG",
    ),
    "southbound_holdings": DataSet(
        "南向资金持股统计",
        lambda day: {"held": ("stock_hsgt_stock_statistics_em", {"symbol": "南向持股", **_last_days(day)})},
        ("日期", "代码", "名称", "持股数量(股)", "占发行股比例(%)"),
        _holdings,
        "XHKG",
    ),
    "hk_quotes": DataSet("港股行情", lambda _: {"spot": ("stock_hk_spot_em", {})}, HK_HEAD, _quotes("XHKG"), "XHKG", spot=True),
    "a_quotes": DataSet("A股行情", lambda _: {"spot": ("stock_zh_a_spot_em", {})}, A_HEAD, _quotes("XSHG"), "XSHG", spot=True),
    "hk_indices": DataSet("港股指数收盘", lambda _: {"spot": ("stock_hk_index_spot_em", {})}, HK_INDEX_HEAD, _indices(HK_INDICES), "XHKG", spot=True),
    "a_indices": DataSet(
        "A股指数收盘",
        lambda _: {"spot": ("stock_zh_index_spot_em", {"symbol": "沪深重要指数"})},
        A_INDEX_HEAD,
        _indices(A_INDICES),
        "XSHG",
        spot=True,
    ),
}  # fmt: skip
