"""Verdicts in the terminal: the text with its figures coloured, and a table of what needs an editor's eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from quantshark.cli.terminal import console
from quantshark.model import Fact, Verdict

STYLES = {
    "supported": "green",
    "derived": "cyan",
    "exempt": "dim",
    "refuted": "bold white on red",
    "unsourced": "bold black on yellow",
    "unread": "bold white on magenta",
}
NAMES = {
    "supported": "有据",
    "derived": "推算",
    "exempt": "不核对",
    "refuted": "不符",
    "unsourced": "无据",
    "unread": "读不出",
}


def counted(verdicts: Sequence[Verdict]) -> str:
    """`41 个数字有据，3 个由算式得出`."""
    counts = Counter(verdict.status for verdict in verdicts)
    told = [f"{counts['supported']} 个数字有据"]
    if counts["derived"]:
        told.append(f"{counts['derived']} 个由算式得出")
    told += [f"{counts[status]} 个{NAMES[status]}" for status in ("refuted", "unsourced", "unread") if counts[status]]
    return "，".join(told)


def show_text(text: str, verdicts: Sequence[Verdict]) -> None:
    """The report with every figure coloured by its verdict."""
    page = Text(text)
    for verdict in verdicts:
        page.stylize(STYLES[verdict.status], verdict.start, verdict.end)
    console().print(page)


def show_attention(text: str, verdicts: Sequence[Verdict]) -> None:
    """What stands against the text, line by line, with the facts that come nearest."""
    blocking = [verdict for verdict in verdicts if verdict.blocks]
    if not blocking:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("行", justify="right")
    table.add_column("数字", overflow="fold", max_width=24)
    table.add_column("结论", no_wrap=True)
    table.add_column("说明", overflow="fold")
    for verdict in blocking:
        line = str(text.count("\n", 0, verdict.start) + 1)
        style = STYLES[verdict.status]
        reasons = [verdict.message, *(f"最近的事实：{told(fact)}" for fact in verdict.nearest[:2])]
        table.add_row(line, Text(verdict.surface, style), NAMES[verdict.status], Text("\n".join(reasons)))
    console(stderr=True).print(table)


def told(fact: Fact) -> str:
    """`南向资金 净流入 52.87亿港元 2025-12-11`."""
    when = fact.period.end.isoformat() if fact.period else ""
    return " ".join(filter(None, (fact.entity_name, fact.measure_name, fact.surface or f"{fact.value:f}", when)))
