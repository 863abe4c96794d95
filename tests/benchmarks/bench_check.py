"""How long does a check take? A report of 4,000 characters against 1,000 and against 20,000 facts.

The evidence (documents read, facts extracted and indexed) is built once
and not timed, as a desk does it; each check reads the report anew. Budgets: 50 ms and 100 ms.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from quantshark import CheckResult
from quantshark.checks import Evidence, judge
from quantshark.data import load_entities
from quantshark.model import Document
from tests.benchmarks.measuring import Row, at_most

DAY = date(2025, 12, 11)
CHARACTERS = 4000
ROUNDS = 7


def sentence(name: str, rng: random.Random, day: date) -> str:
    """Four figures of one stock, as a newsroom writes them."""
    flow, close, change, bought = rng.uniform(1, 99), rng.uniform(5, 600), rng.uniform(0.1, 9), rng.uniform(1, 400)
    return (
        f"{day.month}月{day.day}日，{name}获南向资金净买入{flow:.2f}亿港元，收报{close:.2f}港元，上涨{change:.2f}%，"
        f"公司回购{bought:.2f}万股。"
    )


def news(facts: int) -> tuple[list[Document], str]:
    """Documents with so many facts, and a report of true and false sentences about them."""
    rng = random.Random(7)  # noqa: S311  the same news every time
    names = [e.hans for e in load_entities() if e.kind == "company" and e.market == "HK"]
    documents: list[Document] = []
    lines: list[str] = []
    for number in range(facts // 4):
        day = DAY - timedelta(days=number // len(names))
        line = sentence(names[number % len(names)], rng, day)
        lines.append(line)
        documents.append(Document(f"d{number}", line, published_at=day))
    report, place = "", 0
    while len(report) < CHARACTERS:
        line = rng.choice(lines[:400])
        report += line if place % 3 else line.replace("上涨", "下跌")
        place += 1
    return documents, report[:CHARACTERS]


def best_of(run: Callable[[], CheckResult]) -> tuple[float, CheckResult]:
    """The fastest of some rounds, in milliseconds of processor time."""
    fastest, result = float("inf"), run()
    for _ in range(ROUNDS):
        begin = time.process_time()
        result = run()
        fastest = min(fastest, time.process_time() - begin)
    return fastest * 1000, result


def measure() -> Iterator[Row]:
    """Medians would tell the machine's mood; the fastest of some rounds tells the code's cost."""
    for facts, budget in ((1000, 50), (20000, 100)):
        documents, report = news(facts)
        evidence = Evidence(documents)
        spent, result = best_of(lambda r=report, e=evidence: judge(r, e, as_of=DAY))
        flagged = sum(verdict.blocks for verdict in result.verdicts)
        how = f"processor time; {len(report):,} characters, {len(result.verdicts)} verdicts, {flagged} flagged"
        yield at_most(f"check against {len(evidence.facts):,} facts", spent, budget, "ms", how)
