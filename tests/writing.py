"""Facts and documents made by hand, in the shapes that extraction gives, for the tests of context and writers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from quantshark.context import Context, Wishes, build
from quantshark.editions import Edition, load
from quantshark.model import Document, Fact, Period, Source

DAY = date(2025, 12, 12)
SESSION = date(2025, 12, 11)
NAMES = {
    "0700.HK": "腾讯控股",
    "9988.HK": "阿里巴巴-W",
    "3690.HK": "美团-W",
    "1810.HK": "小米集团-W",
    "0981.HK": "中芯国际",
}


def document(doc_id: str, text: str = "", title: str = "", at: datetime | date | None = None, **more: Any) -> Document:
    """A news item of the evening of the session, unless told otherwise."""
    return Document(doc_id, text or title, title, at or datetime(2025, 12, 11, 18, 0), **more)  # noqa: DTZ001 - Shanghai


def table(doc_id: str = "table", day: date = SESSION) -> Document:
    """A market table of a day's evening."""
    return Document(doc_id, "日期,代码,名称\n", "", datetime(day.year, day.month, day.day, 16, 30), "table")  # noqa: DTZ001


def fact(entity: str, measure: str, value: str, unit: str | None = "HKD", day: date = SESSION, **more: Any) -> Fact:
    """A cell of the table of that day."""
    worth = more.pop("ulp", Decimal(1_000_000) if unit == "HKD" else Decimal("0.01"))
    number = Decimal(value)
    doc_id = more.pop("doc_id", "table" if day == SESSION else f"table-{day}")
    name = more.pop("name", NAMES.get(entity, entity))
    kind = more.pop("kind", "percent" if unit == "%" else "money")
    made = Fact(
        fact_id=f"{entity}:{measure}:{day}:{more.get('scope', '')}:{kind}:{doc_id}",
        entity=entity,
        entity_name=name,
        measure=measure,
        measure_name=measure,
        value=number,
        unit=unit,
        ulp=worth,
        direction=(number > 0) - (number < 0),
        period=Period(day, day),
        as_of=day,
        kind=kind,
        surface=value,
        source=Source(doc_id, 0, 1, f"{day} {entity} {value}"),
    )
    return replace(made, **more)


def flow(entity: str, yi: str, day: date = SESSION, **more: Any) -> Fact:
    """Net southbound buying of a stock, or of the channel itself, in 亿港元."""
    value = str(Decimal(yi) * 100_000_000)
    via = "" if entity.startswith("FLOW.") else "FLOW.SOUTHBOUND"
    names = {"FLOW.SOUTHBOUND": "南向资金", "FLOW.SOUTHBOUND.SH": "港股通（沪）", "FLOW.SOUTHBOUND.SZ": "港股通（深）"}
    return fact(entity, "net_flow", value, day=day, via=via, name=names.get(entity, NAMES.get(entity, entity)), **more)


def market() -> list[Fact]:
    """What every radar can begin with: the channel, its two legs, the indices, Wall Street."""
    return [
        flow("FLOW.SOUTHBOUND", "-52.87"),
        flow("FLOW.SOUTHBOUND.SH", "-46.25"),
        flow("FLOW.SOUTHBOUND.SZ", "-6.62"),
        fact("IDX.HSI", "change", "-0.04", "%", name="恒生指数"),
        fact("IDX.HSI", "close", "25530.51", "点", name="恒生指数", kind="index"),
        fact("IDX.HSTECH", "change", "-0.84", "%", name="恒生科技指数"),
    ]


def stocks() -> list[Fact]:
    """Five stocks of the day's southbound list, two with runs, one with a buyback."""
    days: dict[str, Any] = {"unit": "天", "kind": "streak", "ulp": Decimal(1)}
    return [
        flow("1810.HK", "9.27"),
        fact("1810.HK", "net_flow", "11", via="FLOW.SOUTHBOUND", measure_name="连续净买入", **days),
        flow("1810.HK", "107.70", scope="cumulative"),
        flow("9988.HK", "-33.68"),
        flow("3690.HK", "24.81"),
        flow("0981.HK", "-8.62"),
        flow("0700.HK", "-6.93"),
        fact("0700.HK", "buyback_shares", "1044000", "股", kind="count", ulp=Decimal(1000)),
        fact("0700.HK", "buyback_amount", "631567800"),
        fact("9988.HK", "change", "-3.35", "%"),
        fact("3690.HK", "change", "2.31", "%"),
    ]


def radar() -> Edition:
    """The edition as it ships."""
    return load("radar")


def context(
    facts: list[Fact], documents: list[Document] | None = None, day: date = DAY, wishes: Wishes | None = None
) -> Context:
    """A radar context with the tables that the facts came from."""
    ids = {f.source.doc_id: f for f in facts if f.source}
    known = [*(documents or [])]
    known += [
        table(doc_id, f.period.end if f.period else SESSION)
        for doc_id, f in ids.items()
        if doc_id not in {d.doc_id for d in known}
    ]
    return build(radar(), facts, known, day, wishes=wishes or Wishes(), site="https://example.com")
