"""The newsroom weeks of `fixtures/` are a world that adds up: tables agree with each other and with the stories.

Read here without the house's own readers, so that a fault in a reader cannot hide a fault in the data.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
SHARED = ROOT.parent / "shared"
WEEKS = ("2025-02", "2025-03", "2025-12", "2026-01")
KEYS = {"title", "date", "id", "source", "url", "tags", "demo"}
CENT = Decimal("0.01")
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in ["2025-01-01", "2025-01-29", "2025-01-30", "2025-01-31", "2025-12-25", "2025-12-26", "2026-01-01"]
)

Row = dict[str, str]


@dataclass(frozen=True)
class Item:
    """A file of the fixtures: a story or a table, as it lies on the disk."""

    path: Path
    week: str
    head: dict[str, str]
    body: str
    rows: tuple[Row, ...] = ()

    @property
    def published(self) -> datetime:
        return datetime.fromisoformat(self.head["date"])

    @property
    def kind(self) -> str:
        """What a table tells (southbound_flow) or a story is about (southbound-flow)."""
        name = self.path.stem
        return name.split("_", 2)[2] if self.path.suffix == ".md" else re.split(r"_\d{4}-", name)[0]


def story(path: Path) -> Item:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    pairs = (line.split(": ", 1) for line in head.splitlines())
    return Item(path, path.parts[-3], {key: value.strip('"') for key, value in pairs}, body.strip())


def table(path: Path) -> Item:
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [line[2:].split(": ", 1) for line in lines if line.startswith("#")]
    rows = [line for line in lines if not line.startswith("#")]
    return Item(path, path.parts[-3], dict(heads), "\n".join(rows), tuple(csv.DictReader(rows)))


STORIES = tuple(story(path) for path in sorted(FIXTURES.glob("*/news/*.md")))
TABLES = tuple(table(path) for path in sorted(FIXTURES.glob("*/tables/*.csv")))
ITEMS = STORIES + TABLES


def rows_of(week: str, kind: str) -> Iterator[Row]:
    return (row for item in TABLES if item.week == week and item.kind == kind for row in item.rows)


def number(row: Row, column: str) -> Decimal:
    return Decimal(row[column])


def told(week: str, slug: str, day: str) -> str:
    """The text of the one story of that slug and day."""
    (found,) = [i for i in STORIES if i.week == week and i.kind == slug and i.head["date"].startswith(day)]
    return found.head["title"] + "\n" + found.body


def series(rows: Iterable[Row], column: str) -> dict[str, list[tuple[str, Decimal]]]:
    """Values by code, in the order of their days."""
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        found.setdefault(row["代码"], {})[row["日期"]] = number(row, column)
    return {code: sorted(values.items()) for code, values in found.items()}


def percent(value: Decimal, base: Decimal) -> Decimal:
    return ((value / base - 1) * 100).quantize(CENT, ROUND_HALF_UP)


def verb(value: Decimal) -> str:
    return f"净{'买入' if value > 0 else '卖出'}{abs(value)}亿港元"


def test_there_is_a_world_to_read() -> None:
    stories = {week: sum(i.week == week for i in STORIES) for week in WEEKS}
    assert stories["2025-12"] >= 60
    assert all(count >= 12 for count in stories.values()), stories
    for week in WEEKS:
        kinds = {i.kind for i in TABLES if i.week == week}
        assert {"index_close", "quotes", "short_selling", "southbound_flow", "southbound_top"} <= kinds
    december = {i.kind for i in TABLES if i.week == "2025-12"}
    assert {"buybacks", "index_members", "macro"} <= december


def test_every_item_says_who_when_and_that_it_is_made_up() -> None:
    for item in ITEMS:
        wanted = KEYS if item.path.suffix == ".md" else KEYS - {"tags"}
        assert item.head.keys() == wanted, item.path.name
        assert item.head["demo"] == "true", item.path.name
        assert item.head["source"] == "量子快讯", item.path.name
        assert item.head["url"] == f"https://quantshark.io/News/{item.head['id']}", item.path.name
        assert item.head["title"].strip(), item.path.name


def test_ids_are_32_hex_and_unique() -> None:
    ids = [item.head["id"] for item in ITEMS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[0-9a-f]{32}", ident) for ident in ids)


def test_ids_follow_from_week_and_slug() -> None:
    for item in ITEMS:
        is_story = item.path.suffix == ".md"
        key = f"news:{item.head['date'][:10]}:{item.kind}" if is_story else f"table:{item.path.stem}"
        name = f"quantshark-fixture:{item.week}:{key}"
        assert item.head["id"] == hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), item.path.name


def test_file_names_tell_the_time_of_publication() -> None:
    for item in STORIES:
        assert item.path.stem.startswith(item.published.strftime("%m-%d_%H%M_")), item.path.name


def test_market_days_are_sessions() -> None:
    for item in TABLES:
        for row in item.rows:
            day = row.get("日期")
            if day is not None:
                moment = date.fromisoformat(day)
                assert moment.weekday() < 5, f"{item.path.name}: {day} is a weekend"
                assert moment not in HOLIDAYS or row["代码"] in {"IDX.SSE", "IDX.STAR50"}, f"{item.path.name}: {day}"


EARLIEST = {
    "index_midday": time(12),
    "sector_midday": time(12),
    "breadth": time(12),
    "northbound": time(12),
    "index_close_a": time(15),
    "turnover_a": time(15),
    "quotes_a": time(15),
}


def test_tables_are_published_after_what_they_tell() -> None:
    told_days = 0
    for item in TABLES:
        floor = EARLIEST.get(item.kind, time(16))
        for day in {date.fromisoformat(row["日期"]) for row in item.rows if "日期" in row}:
            earliest = datetime.combine(day, floor)
            assert item.published >= earliest, f"{item.path.name} tells {day} at {item.published}"
            told_days += 1
    assert told_days > 200


@pytest.mark.parametrize(
    ("slug", "floor"),
    [
        ("hk-close", time(16)),
        ("a-close", time(15)),
        ("southbound-flow", time(16)),
        ("short-selling", time(16)),
        ("buyback-", time(16)),
        ("midday", time(12)),
        ("breadth-close", time(15)),
        ("valuation", time(16)),
    ],
)
def test_story_is_published_after_what_it_tells(slug: str, floor: time) -> None:
    found = [item for item in STORIES if item.kind.startswith(slug)]
    assert found
    for item in found:
        assert item.published.time() >= floor, item.path.name


@pytest.mark.parametrize("week", WEEKS)
def test_flows_add_up(week: str) -> None:
    days: dict[str, dict[str, Row]] = {}
    for row in rows_of(week, "southbound_flow"):
        days.setdefault(row["日期"], {})[row["代码"]] = row
        assert number(row, "买入金额(亿港元)") - number(row, "卖出金额(亿港元)") == number(row, "净买入(亿港元)"), row
    for day, channels in days.items():
        for column in ("买入金额(亿港元)", "卖出金额(亿港元)", "净买入(亿港元)"):
            parts = [number(channels[f"FLOW.SOUTHBOUND.{part}"], column) for part in ("SH", "SZ")]
            assert sum(parts) == number(channels["FLOW.SOUTHBOUND"], column), f"{day} {column}"


@pytest.mark.parametrize("week", WEEKS)
def test_stock_flows_and_streaks_agree(week: str) -> None:
    rows = sorted(rows_of(week, "southbound_top"), key=lambda row: row["日期"])
    runs: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        net = number(row, "净买入(亿港元)")
        assert number(row, "买入金额(亿港元)") - number(row, "卖出金额(亿港元)") == net, row
        days, total = runs.get(row["代码"], (0, Decimal(0)))
        days, total = (days + 1, total + net) if total * net > 0 else (1, net)
        runs[row["代码"]] = days, total
        up, down = row["连续净买入(天)"], row["连续净卖出(天)"]
        assert (up, down) == ((str(days), "") if net > 0 else ("", str(days))), row
        assert number(row, "连续期间累计净买入(亿港元)") == total, row


@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("index_close", "收盘(点)"),
        ("index_close_a", "收盘(点)"),
        ("quotes", "收盘价(港元)"),
        ("quotes_a", "收盘价(元)"),
    ],
)
def test_changes_agree_with_closes(week: str, kind: str, column: str) -> None:
    closes = series(rows_of(week, kind), column)
    changes = {(row["代码"], row["日期"]): row["涨跌幅(%)"] for row in rows_of(week, kind)}
    for code, values in closes.items():
        for (_, before), (day, after) in pairwise(values):
            assert Decimal(changes[code, day]) == percent(after, before), f"{code} {day}"


@pytest.mark.parametrize("week", WEEKS)
def test_midday_levels_start_from_the_close_before(week: str) -> None:
    closes = {**series(rows_of(week, "index_close"), "收盘(点)"), **series(rows_of(week, "index_close_a"), "收盘(点)")}
    compared = 0
    for row in rows_of(week, "index_midday"):
        earlier = [value for day, value in closes[row["代码"]] if day < row["日期"]]
        if earlier:
            assert number(row, "半日涨跌幅(%)") == percent(number(row, "半日收报(点)"), earlier[-1]), row
            compared += 1
        low, level, high = (number(row, f"半日{word}(点)") for word in ("最低", "收报", "最高"))
        assert low <= level <= high, row
    assert compared >= 20


@pytest.mark.parametrize("week", WEEKS)
def test_short_selling_shares_agree(week: str) -> None:
    market = {row["日期"]: row["成交额(亿港元)"] for row in rows_of(week, "index_close") if row["成交额(亿港元)"]}
    stocks = {(row["日期"], row["代码"]): row["成交额(亿港元)"] for row in rows_of(week, "quotes")}
    for row in rows_of(week, "short_selling"):
        short, turnover = number(row, "沽空金额(亿港元)"), number(row, "成交额(亿港元)")
        assert (short / turnover * 100).quantize(CENT, ROUND_HALF_UP) == number(row, "沽空比率(%)"), row
        whole = market.get(row["日期"]) if row["代码"] == "MKT.HK" else stocks[row["日期"], row["代码"]]
        assert whole is None or Decimal(whole) == turnover, row


def test_december_reaches_back_twenty_sessions() -> None:
    for kind in ("index_close", "southbound_flow", "southbound_top"):
        days = {row["日期"] for row in rows_of("2025-12", kind)}
        assert len(days) >= 20, kind
        assert (min(days), max(days)) == ("2025-11-17", "2025-12-18"), kind


def test_hang_seng_tech_has_thirty_members() -> None:
    members = {row["代码"] for row in rows_of("2025-12", "index_members")}
    assert len(members) == 30


# Joins: what the stories print is what the tables hold.


@pytest.mark.parametrize("week", WEEKS)
def test_southbound_stories_print_the_table(week: str) -> None:
    flows = {(r["日期"], r["代码"]): number(r, "净买入(亿港元)") for r in rows_of(week, "southbound_flow")}
    days = sorted(i.head["date"][:10] for i in STORIES if i.week == week and i.kind == "southbound-flow")
    assert len(days) >= 3
    for day in days:
        text = told(week, "southbound-flow", day)
        assert re.search(rf"\n.*南向资金[^，。；]*{verb(flows[day, 'FLOW.SOUTHBOUND'])}", text), day
        assert f"港股通（沪）{verb(flows[day, 'FLOW.SOUTHBOUND.SH'])}" in text
        assert f"港股通（深）{verb(flows[day, 'FLOW.SOUTHBOUND.SZ'])}" in text
        stocks = [r for r in rows_of(week, "southbound_top") if r["日期"] == day]
        best = max(stocks, key=lambda r: number(r, "净买入(亿港元)"))
        worst = min(stocks, key=lambda r: number(r, "净买入(亿港元)"))
        assert re.search(rf"{best['名称']}[^。；]*获净买入{best['净买入(亿港元)']}亿港元", text), day
        assert re.search(rf"{worst['名称']}[^。；]*遭净卖出{worst['净买入(亿港元)'].lstrip('-')}亿港元", text), day
        for name, streak, side, total in re.findall(
            r"([^\s。：]+?)已连续(\d+)日净(买入|卖出)，期间累计净\3([\d.]+)亿港元", text
        ):
            (row,) = [r for r in stocks if r["名称"] == name]
            assert row[f"连续净{side}(天)"] == streak, f"{day} {name}"
            assert row["连续期间累计净买入(亿港元)"].lstrip("-") == total, f"{day} {name}"


@pytest.mark.parametrize("week", WEEKS)
def test_close_stories_print_the_table(week: str) -> None:
    closes = {(r["日期"], r["代码"]): r for r in rows_of(week, "index_close")}
    days = [i.head["date"][:10] for i in STORIES if i.week == week and i.kind == "hk-close"]
    assert len(days) >= 3
    for day in days:
        text = told(week, "hk-close", day)
        for code in ("IDX.HSI", "IDX.HSTECH", "IDX.HSCEI"):
            row = closes[day, code]
            change = number(row, "涨跌幅(%)")
            clause = re.findall(rf"{row['名称']}[^；。\n]*?\d点[^；。\n]*", text)[0]
            assert f"报{row['收盘(点)']}点" in clause, day
            assert re.search(rf"[{'涨' if change > 0 else '跌'}]{abs(change)}%" if change else "持平", clause), day
        assert f"大市全天成交{closes[day, 'IDX.HSI']['成交额(亿港元)']}亿港元" in text


@pytest.mark.parametrize("week", WEEKS)
def test_mover_stories_print_the_table(week: str) -> None:
    quotes = {(r["日期"], r["名称"]): r for r in rows_of(week, "quotes")}
    found = [i for i in STORIES if i.week == week and i.kind == "movers"]
    assert len(found) >= 3
    for item in found:
        day = item.head["date"][:10]
        for name, move, change in re.findall(r"([\u4e00-\u9fff]+(?:-[A-Z]+)?)(涨|跌)(\d+\.\d+)%", item.body):
            row = quotes[day, name]
            assert Decimal(change) * (1 if move == "涨" else -1) == number(row, "涨跌幅(%)"), f"{day} {name}"
        for name, price in re.findall(r"[；。]([^；。，]+?)[涨跌][\d.]+%，报([\d.]+)港元", item.body):
            assert quotes[day, name]["收盘价(港元)"] == price, f"{day} {name}"


def test_buyback_stories_print_the_table() -> None:
    rows = [r for i in TABLES if i.kind == "buybacks" and "history" not in i.path.stem for r in i.rows]
    assert len(rows) >= 15
    for row in rows:
        amount = (number(row, "回购金额(万港元)") / 10000).quantize(CENT, ROUND_HALF_UP)
        text = told("2025-12", f"buyback-{row['代码']}", row["日期"])
        for wanted in (f"回购{row['回购数量(万股)']}万股", f"耗资{amount}亿港元"):
            assert f"{row['名称']}" in text
            assert text.count(wanted) == 2, f"{row['日期']} {row['名称']}: {wanted}"
        assert f"{row['最低价(港元)']}港元至{row['最高价(港元)']}港元" in text


def test_record_and_streak_of_the_radar_day() -> None:
    text = told("2025-12", "southbound-flow", "2025-12-11")
    net = {
        r["日期"]: number(r, "净买入(亿港元)") for r in rows_of("2025-12", "southbound_flow") if r["名称"] == "南向资金"
    }
    assert min(value for day, value in net.items() if day <= "2025-12-11") == net["2025-12-11"] == Decimal("-52.87")
    assert f"两日合计净卖出{abs(net['2025-12-10'] + net['2025-12-11'])}亿港元" in text
    price = {r["日期"]: number(r, "收盘价(港元)") for r in rows_of("2025-12", "quotes") if r["代码"] == "01810"}
    assert f"累计上涨{percent(price['2025-12-11'], price['2025-11-26'])}%" in text


def test_december_17_is_a_three_week_high() -> None:
    net = {
        r["日期"]: number(r, "净买入(亿港元)") for r in rows_of("2025-12", "southbound_flow") if r["名称"] == "南向资金"
    }
    window = {day: value for day, value in net.items() if "2025-11-27" <= day <= "2025-12-17"}
    assert max(window, key=lambda day: window[day]) == "2025-12-17"
    assert net["2025-11-26"] > net["2025-12-17"]


def test_february_turnover_and_short_share() -> None:
    (market,) = [r for r in rows_of("2025-02", "short_selling") if r["日期"] == "2025-02-12" and r["代码"] == "MKT.HK"]
    assert (market["沽空金额(亿港元)"], market["沽空比率(%)"]) == ("314.9", "10.97")
    turnover = {r["日期"]: number(r, "成交额(亿元)") for r in rows_of("2025-02", "turnover_a")}
    assert round(turnover["2025-02-12"] - turnover["2025-02-11"]) == 413


def test_valuation_percentile_can_be_computed() -> None:
    """分位数: the share of days since launch, that day included, whose ratio is lower than that day's."""
    rows = [*rows_of("2025-03", "valuation"), *rows_of("2025-12", "valuation")]
    for item in (i for i in STORIES if i.kind == "valuation"):
        day = item.head["date"][:10]
        ratios = {
            row["日期"]: number(row, "市盈率TTM(倍)")
            for row in rows
            if row["代码"] == "IDX.HSTECH" and row["日期"] <= day
        }
        below = sum(value < ratios[day] for value in ratios.values())
        share = (Decimal(below) / len(ratios) * 100).quantize(CENT, ROUND_HALF_UP)
        assert f"{ratios[day]}倍" in item.body
        assert f"{share}%的分位数" in item.body
    assert "25.30倍，处于2020年7月27日指数发布以来32.66%" in told("2025-03", "valuation", "2025-03-06")


def test_december_valuation_moves_with_the_index_and_continues_march() -> None:
    ratios = {
        r["日期"]: number(r, "市盈率TTM(倍)") for r in rows_of("2025-12", "valuation") if r["代码"] == "IDX.HSTECH"
    }
    closes = dict(series(rows_of("2025-12", "index_close"), "收盘(点)")["IDX.HSTECH"])
    for day, close in closes.items():
        assert abs(ratios[day] / ratios["2025-12-05"] - close / closes["2025-12-05"]) < CENT / 10, day
    march = {
        r["日期"]: number(r, "市盈率TTM(倍)") for r in rows_of("2025-03", "valuation") if r["代码"] == "IDX.HSTECH"
    }
    shared = ratios.keys() & march.keys()
    assert len(shared) > 60
    assert all(ratios[day] == march[day] for day in shared)
    (base,) = rows_of("2025-12", "index_base")
    for item in (i for i in STORIES if i.kind == "valuation" and i.week == "2025-12"):
        day = item.head["date"][:10]
        assert f"{ratios[day]}倍" in item.body
        assert f"累计上涨{percent(closes[day], number(base, '收盘(点)'))}%" in item.body


@pytest.mark.parametrize("week", ["2025-03", "2025-12"])
def test_year_to_date_flow_grows_by_the_daily_flow(week: str) -> None:
    totals = {
        r["截至日期"]: number(r, "累计净买入(亿港元)") for r in rows_of(week, "southbound_ytd") if r["年份"] == "2025年"
    }
    net = {r["日期"]: number(r, "净买入(亿港元)") for r in rows_of(week, "southbound_flow") if r["名称"] == "南向资金"}
    days = sorted(totals)
    for before, day in pairwise(days):
        assert abs(totals[day] - totals[before] - net[day]) <= Decimal("0.1"), day


def test_twenty_day_average_before_the_midday_report() -> None:
    closes = dict(series(rows_of("2026-01", "index_close_a"), "收盘(点)")["IDX.SSE"])
    days = sorted(day for day in closes if day <= "2026-01-14")[-20:]
    mean = (sum((closes[day] for day in days), Decimal(0)) / 20).quantize(CENT, ROUND_HALF_UP)
    assert len(days) == 20
    assert f"20日均线为{mean}点" in told("2026-01", "ma", "2026-01-15")


@pytest.mark.parametrize(("week", "least"), [("2026-01", 8), ("2025-12", 5)])
def test_limit_up_failure_rates_agree(week: str, least: int) -> None:
    rows = list(rows_of(week, "breadth"))
    assert len(rows) >= least
    for row in rows:
        failed, held = number(row, "炸板家数(家)"), number(row, "涨停家数(家)")
        assert (failed / (failed + held) * 100).quantize(CENT, ROUND_HALF_UP) == number(row, "炸板率(%)"), row


def test_no_northbound_net_flow_is_told() -> None:
    """It has not been published since 2024-08-19; only turnover is."""
    for item in ITEMS:
        for sentence in re.split(r"[。；\n]", item.body):
            if "北向" in sentence or "FLOW.NORTHBOUND" in sentence:
                assert not re.search(r"净[买卖流][入出]?[^不]{0,6}\d", sentence), f"{item.path.name}: {sentence}"


# Own words


def _grams(text: str, size: int = 13) -> set[str]:
    """Runs of characters, those left out that are mostly a figure, an address or a name in Latin letters."""
    bare = re.sub(r"\s+|https?://[^\s\")]+", "", text)
    runs = {bare[i : i + size] for i in range(len(bare) - size + 1)}
    return {run for run in runs if len(re.findall(r"[\u4e00-\u9fff]", run)) >= 9}


def test_no_sentence_is_taken_from_the_reports_it_was_conceived_from() -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    if not seeds:
        pytest.skip("../shared/seeds is not here, so there is nothing to compare with")
    known = {run for path in seeds for run in _grams(path.read_text(encoding="utf-8"))}
    for item in ITEMS:
        assert not _grams(item.path.read_text(encoding="utf-8")) & known, item.path.name


def test_readme_counts_what_is_there() -> None:
    text = (FIXTURES / "README.md").read_text(encoding="utf-8")
    for week in WEEKS:
        (line,) = [line for line in text.splitlines() if line.startswith(f"| `{week}` ")]
        stories, tables = (sum(i.week == week for i in group) for group in (STORIES, TABLES))
        assert line.endswith(f"| {stories} | {tables} |"), week
