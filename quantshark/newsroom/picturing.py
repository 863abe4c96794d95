"""Pictures of a draft: each is said in words, the words are judged like the text, and what is judged away is not drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quantshark.checks import Evidence, judge
from quantshark.context import Context, plots
from quantshark.context.plots import Chosen
from quantshark.model import Draft, Fact, Mark, Plot, Verdict

ROUNDS = 3


def pictured(draft: Draft, chosen: Sequence[Chosen], context: Context, evidence: Evidence) -> Draft:
    """The draft with the pictures whose every figure is proved, below sections that were written. `context` is the wide one."""
    written = {section.slug for section in draft.sections}
    kept = [each for each in chosen if each.chart.section in written]
    for _ in range(ROUNDS):
        printed = tuple(_plot(each, context, draft.script) for each in kept)
        doubted = frozenset(_doubted(printed, context, evidence))
        if not doubted:
            return replace(draft, plots=printed)
        kept = [each for each in (plots.without(each, doubted) for each in kept) if len(each.items) >= each.chart.least]
    return draft


def _plot(chosen: Chosen, context: Context, script: str) -> Plot:
    text, marks = context.print(plots.words(chosen, context), script, links=False)
    chart = chosen.chart
    return Plot(chart.slug, chart.kind, chart.section, context.plain(chart.title, script), text, marks)


def _doubted(printed: Sequence[Plot], context: Context, evidence: Evidence) -> Iterator[str]:
    """The facts (by id) whose figures a stranger does not bind, or binds to something else."""
    facts = {item.fact.fact_id: item.fact for item in context.items}
    text, marks = f"---\ndate: {context.day}\n---\n\n", list[Mark]()
    for plot in printed:
        marks += (Mark(m.start + len(text), m.end + len(text), m.fact_id) for m in plot.marks)
        text += plot.text + "\n\n"
    if not printed:
        return
    result = judge(text, evidence, as_of=context.day, slot=context.until.isoformat(), marks=marks)
    for verdict in result.verdicts:
        mark = next((m for m in marks if m.start < verdict.end and verdict.start < m.end), None)
        if mark is not None and (verdict.blocks or _astray(verdict, facts[mark.fact_id])):
            yield mark.fact_id


def _astray(verdict: Verdict, printed: Fact) -> bool:
    proof = verdict.fact
    if proof is None or verdict.status == "exempt":
        return False
    return abs(abs(printed.value) - abs(proof.value)) > max(printed.ulp or 0, proof.ulp or 0)
