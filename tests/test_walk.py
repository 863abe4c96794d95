"""The story of the house: one figure, from the file it came in to the ledger that proves it."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from quantshark import Newsroom, find_figures, settings
from quantshark.newsroom import Assignment

NEWS = """---
title: "南向资金12月11日净卖出52.87亿港元"
date: "2025-12-11T17:05:00+08:00"
id: "041ca5fc8a3ca68a849797e1400d837f"
source: "示例通讯"
demo: true
---
12月11日收盘，南向资金净卖出52.87亿港元，其中腾讯控股遭净卖出6.93亿港元。
"""


def test_the_walk_of_one_figure(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "flow.md").write_text(NEWS, "utf-8")
    newsroom = Newsroom(settings.Settings(home=tmp_path / "home", site_url="https://desk.example"))

    # The reader finds it: value, unit and direction.
    figure = next(f for f in find_figures(NEWS) if f.surface == "52.87亿港元")
    assert (figure.value, figure.unit, figure.direction) == (Decimal(5287000000), "HKD", -1)

    # Bound to who, what and when it is a fact, its sign in its value, with the words it was read in.
    newsroom.ingest([inbox])
    fact = next(f for f in newsroom.facts(date(2025, 12, 11), "南向资金") if f.source and f.source.end)
    assert (fact.entity, fact.measure, fact.value, fact.unit) == ("FLOW.SOUTHBOUND", "net_flow", -5287000000, "HKD")
    assert fact.source
    assert "净卖出52.87亿港元" in fact.source.quote

    # The edition of the next day tells it; the text is read again, and every figure has its proof.
    task = Assignment("radar", date(2025, 12, 12), writer="rules", out=tmp_path / "out")
    outcome = asyncio.run(newsroom.draft(task))
    assert outcome.release is not None, [v.message for v in outcome.verdicts if v.blocks]
    told = "[净卖出52.87亿港元](https://desk.example/News/041ca5fc8a3ca68a849797e1400d837f)"
    assert told in outcome.text

    # The ledger says where each stands and why it may.
    ledger = json.loads((tmp_path / "out" / "radar-2025-12-12.ledger.json").read_text("utf-8"))
    entry = next(e for e in ledger["figures"] if e["surface"] == "52.87亿港元")
    proof = ledger["facts"][entry["fact"]]
    assert entry["status"] == "supported"
    assert outcome.text[entry["start"] : entry["end"]] == "52.87亿港元"
    assert Decimal(proof["value"]) == fact.value
    assert proof["quote"]["document"] == "041ca5fc8a3ca68a849797e1400d837f"

    # It goes out once, and anyone can prove it again.
    receipt = newsroom.publish(outcome.release.release_id, f"folder:{tmp_path / 'site'}")
    assert receipt.status == "sent"
    assert newsroom.verify(tmp_path / "site" / "radar-2025-12-12.md", (inbox,)) == ()

    # One digit changed in the world outside, and the proof fails.
    (inbox / "flow.md").write_text(NEWS.replace("52.87", "52.78"), "utf-8")
    assert newsroom.verify(tmp_path / "site" / "radar-2025-12-12.md", (inbox,))
