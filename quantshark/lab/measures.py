"""What a trial comes to, in numbers: is it true, does it tell what matters, does it read well, what did it cost?

Each measure says which way is better, and whether a comparison may be won or lost by it (`decides`). Facts that matter
are those the rules would tell in that place, weighted by their rank in the day's context (the discount of ranked
retrieval: 1 / log2(rank + 1)), so that leaving out the day's main figure costs most.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from quantshark.context import Brief, Context
from quantshark.context.printing import references
from quantshark.lab import prose
from quantshark.lab.trials import WHOLE, Trial
from quantshark.writers.rules import composition, write_section

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True)
class Measure:
    """A number of a trial: its name for people, which way is better, how many digits are worth showing."""

    slug: str
    hans: str
    better: Better = "neither"
    decides: bool = False
    share: bool = False

    def told(self, value: float | None) -> str:
        if value is None:
            return "—"
        return f"{100 * value:.1f}%" if self.share else f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"


MEASURES: tuple[Measure, ...] = (
    Measure("proved", "有据的数字占比", "more", decides=True, share=True),
    Measure("false", "返工前不符的数字", "less", decides=True),
    Measure("coverage", "要紧事实的覆盖（加权）", "more", decides=True, share=True),
    Measure("flagged", "返工前被退回的句子", "less"),
    Measure("repaired", "返工改好的句子"),
    Measure("dropped", "最终删去的句子", "less", decides=True),
    Measure("own", "模型写的文字占比", "more", share=True),
    Measure("figures", "数字个数"),
    Measure("citations", "链接有据的占比", "more", share=True),
    Measure("structure", "结构保持", "more", share=True),
    Measure("sentence", "平均句长（字）"),
    Measure("long", "长句占比", "less", share=True),
    Measure("repeated", "重复的文字占比", "less", share=True),
    Measure("cliches", "套话（每千字）", "less"),
    Measure("characters", "字数"),
    Measure("calls", "调用次数", "less"),
    Measure("tokens_in", "读入词元", "less"),
    Measure("tokens_out", "写出词元", "less"),
    Measure("cost", "费用", "less"),
    Measure("seconds", "模型用时（秒）", "less"),
)
BY_SLUG: Mapping[str, Measure] = {measure.slug: measure for measure in MEASURES}

Values = Mapping[str, float | None]


def measure(trial: Trial, context: Context) -> Values:
    """All measures of a trial; None where there is nothing to measure."""
    figures = [verdict for verdict in trial.verdicts if verdict.status != "exempt"]
    links = [verdict for verdict in trial.verdicts if _in_link(verdict.start, trial.text)]
    read = prose.read(trial.text)
    by_rule = ruled(trial, context)
    used = trial.usage
    return {
        "proved": _share(sum(not verdict.blocks for verdict in figures), len(figures)),
        "false": trial.false,
        "coverage": coverage(trial, context),
        "flagged": trial.flagged,
        "repaired": max(0, trial.flagged - len(trial.dropped)),
        "dropped": len(trial.dropped),
        "own": _own(trial.text, by_rule),
        "figures": len(figures),
        "citations": _share(sum(verdict.reason != "cited" for verdict in links), len(links)),
        "structure": SequenceMatcher(None, _bones(trial.text), _bones(by_rule), autojunk=False).ratio(),
        "sentence": read.sentence,
        "long": read.long,
        "repeated": read.repeated,
        "cliches": read.cliches,
        "characters": read.characters,
        "calls": used.calls,
        "tokens_in": used.tokens_in,
        "tokens_out": used.tokens_out,
        "cost": None if used.cost is None else float(used.cost),
        "seconds": used.seconds,
    }


def coverage(trial: Trial, context: Context) -> float | None:
    """The weight of the facts told, of the weight of those that matter; None where none does."""
    weights = matter(trial, context)
    told = {mark.fact_id for mark in trial.marks}
    told |= {verdict.fact.fact_id for verdict in trial.verdicts if verdict.fact is not None and not verdict.blocks}
    whole = sum(weights.values())
    return sum(weight for fact_id, weight in weights.items() if fact_id in told) / whole if whole else None


def matter(trial: Trial, context: Context) -> dict[str, float]:
    """Facts by id that the rules would tell in this place, with their weights."""
    texts = composition(context).texts
    slugs = [spec.slug for spec in context.edition.sections] if trial.cell.section == WHOLE else [trial.cell.section]
    refs = {ref for slug in slugs for ref in references(texts.get(slug) or "") if ref.startswith("f")}
    rank = {item.ref: place for place, item in enumerate(context.items, start=1)}
    return {context.fact_id(ref): 1 / math.log2(rank[ref] + 1) for ref in refs if ref in rank}


def ruled(trial: Trial, context: Context) -> str:
    """What the rules write in the same place: the yardstick for structure and for what the model wrote itself."""
    if trial.cell.section != WHOLE:
        return write_section(Brief(context.edition.section(trial.cell.section), context)).text
    return "\n\n".join(write_section(Brief(spec, context)).text for spec in context.edition.sections)


_LINKED = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.、])\s")


def _in_link(start: int, text: str) -> bool:
    return any(found.start() <= start < found.end() for found in _LINKED.finditer(text))


def _bones(text: str) -> list[str]:
    """The kinds of lines in order: headings, rows with so many cells, bullets, paragraphs."""
    return [_kind(line) for line in text.splitlines() if line.strip()]


def _kind(line: str) -> str:
    told = line.strip()
    if told.startswith("#"):
        return "#" * (len(told) - len(told.lstrip("#")))
    if told.startswith("|"):
        return f"row {told.count('|')}"
    return "bullet" if _BULLET.match(line) else "quote" if told.startswith(">") else "text"


def _own(text: str, by_rule: str) -> float | None:
    """The share of the text that stands in no passage of the rules' wording, cell by cell and sentence by sentence."""
    known = set(_passages(by_rule))
    passages = _passages(text)
    whole = sum(map(len, passages))
    return sum(len(said) for said in passages if said not in known) / whole if whole else None


def _passages(text: str) -> list[str]:
    return [said.strip() for said in re.split(r"[|\n]|(?<=[。！？；])", text) if said.strip(" -:")]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
