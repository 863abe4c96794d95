"""Documents, facts, drafts and releases to store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from quantshark.model import (
    SHANGHAI,
    Document,
    Draft,
    Fact,
    Formula,
    Mark,
    Period,
    Receipt,
    Release,
    Section,
    Source,
    Usage,
)

DAY = date(2025, 12, 11)
NOON = datetime(2025, 12, 11, 12, 0, tzinfo=SHANGHAI)


def document(
    doc_id: str = "a", text: str = "南向资金净卖出52.87亿港元。", hours: float | None = 0, kind: str = "news"
) -> Document:
    published = None if hours is None else NOON + timedelta(hours=hours)
    return Document(
        doc_id, text, f"标题 {doc_id}", published, kind, f"https://news.example/{doc_id}", "某通讯社", demo=True
    )


def fact(
    doc_id: str = "a", number: int = 1, value: str = "-5287000000", *, entity: str = "FLOW.SOUTHBOUND", day: date = DAY
) -> Fact:
    return Fact(
        fact_id=f"{doc_id}:{number}",
        entity=entity,
        entity_name="南向资金",
        measure="net_flow",
        measure_name="净卖出",
        value=Decimal(value),
        unit="HKD",
        ulp=Decimal(1_000_000),
        direction=-1,
        period=Period(day, day),
        as_of=day,
        surface="52.87亿港元",
        source=Source(doc_id, 7, 14, "南向资金净卖出52.87亿港元。"),
    )


def derived(of: Fact) -> Fact:
    return replace(of, fact_id="share", source=None, formula=Formula("share", (of.fact_id,), "a / b"))


DRAFT = Draft(
    edition="radar",
    day=DAY,
    script="hans",
    title="12月11日盘前雷达",
    summary="摘要",
    sections=(Section("overview", "市场全景", "南向净卖出52.87亿港元", (Mark(2, 13, "f1"),), dropped=("第2句",)),),
    context="c0ffee",
    prompts={"overview": "abc"},
    omitted={"theme": "没有资料"},
    usage=Usage(calls=2, cost=Decimal("0.0120"), currency="USD"),
    demo=True,
)


def release(revision: int = 1, text: str = "南向净卖出52.87亿港元", script: str = "hans") -> Release:
    return Release(
        release_id=f"radar-2025-12-11-{script}-r{revision}",
        edition="radar",
        day=DAY,
        script="hant" if script == "hant" else "hans",
        revision=revision,
        title="12月11日盘前雷达",
        text=text,
        marks=(Mark(2, 13, "f1"),),
        ledger='{"figures": []}',
        created_at=NOON,
        demo=True,
    )


def receipt(channel: str = "folder", revision: int = 1) -> Receipt:
    return Receipt(
        release_id=f"radar-2025-12-11-hans-r{revision}",
        channel=channel,
        status="sent",
        at=NOON,
        where=("out/a.md",),
        digest="d",
    )
