"""What the lab's commands print: an experiment with its comparisons, the gate, the validator's report card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from quantshark.cli.terminal import console, print_json, print_text, say

if TYPE_CHECKING:  # the lab is imported by the command that runs
    from quantshark.lab.comparing import Comparison, Measured
    from quantshark.lab.fidelity import Card
    from quantshark.lab.gate import Passage
    from quantshark.lab.grid import Experiment
    from quantshark.lab.statistics import Difference
    from quantshark.model import Usage

NOT_DONE = 1
BAD_INPUT = 2


def show_experiment(done: Experiment, measured: Measured, *, json: bool) -> None:
    """What was tried and what it came to."""
    from quantshark.lab.comparing import compare

    found = compare(done, measured) if done.trials else ()
    if json:
        print_json(_as_object(done, found))
        return
    say(
        f"{done.plan.name}（{done.run_id[:8]}）：{len(done.trials)}/{done.wanted} 次试写，本次付了 {_tokens(done.spent)} 词元"
    )
    for name, why in list(done.failed.items())[:3]:
        say(f"  没有写成 {name}：{why}")
    if done.stopped:
        say(f"停了下来：{done.stopped}")
    if not done.finished:
        say("接着做：quantshark lab run --resume")
    for comparison in found:
        _show_comparison(comparison)
    if len(done.plan.contenders) == 1 and done.trials:
        _show_alone(done, measured)


def _tokens(used: Usage) -> int:
    return used.tokens_in + used.tokens_out


def _as_object(done: Experiment, found: Sequence[Comparison]) -> dict[str, object]:
    return {
        "run": done.run_id,
        "name": done.plan.name,
        "done": len(done.trials),
        "wanted": done.wanted,
        "stopped": done.stopped,
        "failed": dict(done.failed),
        "spent": done.spent,
        "comparisons": [
            {
                "first": comparison.first,
                "second": comparison.second,
                "winner": comparison.winner,
                "why": comparison.why,
                "warnings": comparison.warnings,
                "pairs": comparison.pairs,
                "days": comparison.days,
                "measures": [
                    {
                        "measure": row.measure.slug,
                        "first": row.first,
                        "second": row.second,
                        "difference": _difference(row.difference),
                        "better": row.better,
                        "decides": row.measure.decides,
                    }
                    for row in comparison.rows
                ],
            }
            for comparison in found
        ],
    }


def _difference(found: Difference | None) -> dict[str, object] | None:
    """JSON knows no infinity: an interval that is none has no ends."""
    if found is None:
        return None
    unknown = {} if found.bounded else {"low": None, "high": None}
    return {**asdict(found), **unknown}


def _show_comparison(comparison: Comparison) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for head, side in (("指标", "left"), (comparison.first, "right"), (comparison.second, "right")):
        table.add_column(head, justify="right" if side == "right" else "left")
    table.add_column("差（95% 区间）", justify="right")
    table.add_column("p", justify="right")
    table.add_column("结论")
    for row in comparison.rows:
        p = "" if row.difference is None or row.measure.better == "neither" else f"{row.difference.adjusted:.3f}"
        name = f"* {row.measure.hans}" if row.measure.decides else f"  {row.measure.hans}"
        table.add_row(name, row.measure.told(row.first), row.measure.told(row.second), row.told, p, row.says)
    console().print(table)
    print_text(f"{comparison.why}（{comparison.days} 天，{comparison.pairs} 对；* 起决定作用，p 已按 Holm 校正）")
    for warning in comparison.warnings:
        print_text(f"注意：{warning}")


def _show_alone(done: Experiment, measured: Measured) -> None:
    """One contender has nobody to be compared with: its means."""
    from statistics import fmean

    from quantshark.lab.measures import MEASURES

    values = [measured(trial) for trial in done.trials]
    for measure in MEASURES:
        known = [value for told in values if (value := told[measure.slug]) is not None]
        print_text(f"{measure.hans}：{measure.told(fmean(known)) if known else '—'}")


def tell_gate(passed: Sequence[Passage], tolerance: float, *, json: bool) -> None:
    fell = [(passage.edition, held) for passage in passed for held in passage.fell(tolerance)]
    missing = [passage for passage in passed if passage.missing]
    if json:
        print_json({"passed": not fell and not missing, "baselines": passed})
    for passage in () if json else passed:
        print_text(f"{passage.edition}：重放 {passage.replayed} 个回答，新问 {passage.asked} 个")
        for held in passage.held:
            mark = "✗" if held.fell(tolerance) else "·" if held.now is None else "✓"
            print_text(f"  {mark} {held.hans} {_share(held.before)} → {_share(held.now)}")
    for passage in missing:
        say(f"{passage.edition}：{passage.missing} 次试写没有回答。{passage.why}")
        say(
            "问题与记录时不同（提示词、程序的措辞或冻结日改过）：配置模型再过关，或用 quantshark lab run 比较后 promote，把新的基准一起提交。"
        )
    if fell:
        raise typer.Exit(NOT_DONE)
    if missing:
        raise typer.Exit(BAD_INPUT)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def show_card(card: Card) -> None:
    from rich.table import Table

    for title, scores, word in (("改错的句子", card.false, "抓住"), ("如实的句子", card.true, "误伤")):
        table = Table(title=title, box=None, pad_edge=False, title_justify="left", header_style="bold")
        for head in ("类别", "句数", word, "比例", "例子"):
            table.add_column(head, justify="left" if head in ("类别", "例子") else "right", overflow="fold")
        for score in scores:
            table.add_row(
                score.hans,
                str(score.tried),
                str(score.flagged),
                _share(score.share if score.tried else None),
                next(iter(score.missed), ""),
            )
        console().print(table)
    print_text(
        f"抓住 {card.caught:.2%}（{sum(s.tried for s in card.false)} 句），误伤 {card.alarms:.2%}（{sum(s.tried for s in card.true)} 句）"
    )
