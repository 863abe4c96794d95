"""The five documents the product was conceived from: their known errors are flagged, and nothing else.

The truth about seed 000 stands in `truth/`, in our own words. Seeds 001 to 004 are held against themselves, so that what
is flagged is what no source could bear out.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quantshark import sources
from quantshark.checks import CheckResult, Evidence, judge
from quantshark.model import Document

SEEDS = Path(__file__).parents[2] / ".." / "shared" / "seeds"
TRUTH = Path(__file__).parent / "truth"
DAYS = {
    "000": date(2025, 12, 12),
    "001": date(2025, 12, 18),
    "002": date(2025, 2, 12),
    "003": date(2025, 3, 6),
    "004": date(2026, 1, 15),
}


def seed(number: str) -> str:
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip(f"{SEEDS} is absent: the seeds are not part of the repository")
    return found[0].read_text(encoding="utf-8")


def flagged(result: CheckResult) -> list[tuple[str, str]]:
    return [(verdict.surface, verdict.reason) for verdict in result.verdicts if verdict.blocks]


def test_seed_000_against_the_truth() -> None:
    documents = [document for path in sorted(TRUTH.glob("*.md")) for document in sources.read(path)]
    result = judge(seed("000"), Evidence(documents), as_of=DAYS["000"])
    assert flagged(result) == [
        ("52.87亿港元", "dated"),  # a report before the market tells its own day
        ("104.4万股", "period"),  # bought back on the 11th, not the 12th
        ("33.68亿港元", "cited"),  # one link for four claims
        ("24.81亿港元", "cited"),
        ("摩根士丹利预计外卖竞争将从Q4趋缓", "cited"),
        ("11亿美元", "unsourced"),  # US$11 billion is 110亿美元
        ("第四大", "rank"),  # the fourth customer, not the fourth largest
        ("52.87亿港元", "dated"),
        ("33.68亿港元", "dated"),
        ("63%", "unsourced"),  # 63.70%, and one stock is no share of a net total
        ("52.87亿港元", "dated"),
        ("33.68亿港元", "dated"),
    ]


@pytest.mark.parametrize(
    ("number", "errors"),
    [
        ("001", []),
        ("002", []),
        ("003", []),
        ("004", [("490亿", "retired")]),  # northbound net flow: not published since August 2024
    ],
)
def test_seed_against_itself(number: str, errors: list[tuple[str, str]]) -> None:
    text = seed(number)
    document = Document("itself", text, published_at=DAYS[number])
    assert flagged(judge(text, Evidence([document]), as_of=DAYS[number])) == errors


def test_a_day_before_the_end_of_northbound_figures_may_tell_them() -> None:
    text = "北向资金今日净流出54.50亿元。"
    document = Document("d", f"财联社7月1日电，{text}", published_at=date(2024, 7, 1))
    assert judge(text, Evidence([document]), as_of=date(2024, 7, 1)).releasable
    assert not judge(text, Evidence([document]), as_of=date(2024, 8, 19)).releasable
