"""Reports of the four editions written by rule from the fixtures, each once a run, and how an editor measures them."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from quantshark import editions
from quantshark.checks import Evidence
from quantshark.context import Context
from quantshark.lexicon.figures import find_figures
from quantshark.model import Draft
from quantshark.newsroom import drafting, material, silent
from quantshark.newsroom.drafting import Judged
from quantshark.newsroom.material import Material
from quantshark.press.markdown import Part, sections_of
from quantshark.runs.inline import InlineEngine, MemoryBook
from quantshark.writers.rules import RuleWriter
from quantshark.writers.rules_careful import careful
from tests.conftest import ROOT, SHARED

SITE = "https://quantshark.io"
NEWSDAY = "newsday"
PRAISE = ("赋能", "抓手", "值得注意的是", "总的来说", "众所周知", "毋庸置疑", "重磅", "强势来袭", "不容错过")
LEFTOVERS = ("None", "nan", "TODO", "{{", "}}", "。。", "；。", "，。", "{on}", "{name}")


@dataclass(frozen=True)
class Report:
    """A printed and judged report."""

    judged: Judged
    context: Context

    @property
    def text(self) -> str:
        return self.judged.printed.text

    @property
    def body(self) -> str:
        """The sections as a reader sees them: no marks, no addresses."""
        return without_addresses(self.text[self.judged.printed.body_start : self.judged.printed.body_end])

    @property
    def parts(self) -> tuple[Part, ...]:
        return sections_of(self.text)

    @property
    def sentences(self) -> list[str]:
        """What is said, sentence by sentence, without headings."""
        lines = (line for line in self.body.splitlines() if line and not line.startswith(("#", "---", "（")))
        return [s.strip(" >-*0123456789.") for line in lines for s in re.split(r"[。！？]", line) if len(s.strip()) > 8]

    def figures_per_hundred(self) -> float:
        """Of the sections: what `figures_per_hundred` counts in a seed."""
        return figures_per_hundred(self.body)

    def blocking(self) -> list[str]:
        """What stands against a release, for the message of a failing test."""
        return [f"{v.surface}: {v.message}" for v in self.judged.result.verdicts if v.blocks]


def without_addresses(text: str) -> str:
    """Links and pictures as the words that a reader sees of them."""
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)


def figures_per_hundred(text: str) -> float:
    """Figures per hundred characters of what a reader sees; days and times are none, nor are names and list marks."""
    seen = without_addresses(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL))
    told = [f for f in find_figures(seen) if f.exempt is None and f.kind not in ("date", "time")]
    return 100 * len(told) / len(seen)


Script = Literal["hans", "hant"]
Writes = Callable[..., Report]


@cache
def known(week: str) -> Material:
    """The documents of a week of the fixtures, or of the real news days beside the checkout."""
    folder = SHARED / week if week == NEWSDAY else ROOT / "fixtures" / week
    return material.from_files((folder,), silent)[0]


@cache
def framed(slug: str, week: str, day: str, prompts: Path | None = None) -> tuple[Context, Evidence]:
    """What a report of a day is written from, in either script."""
    edition, told = editions.load(slug, prompts), known(week)
    when = date.fromisoformat(day)
    context = drafting.frame(edition, told, when, edition.until(when), SITE)
    evidence = drafting.evidence(context, told.facts)
    return careful(context, evidence), evidence


@cache
def written(slug: str, week: str, day: str, script: Script = "hans", prompts: Path | None = None) -> Report:
    """The report of a day as the newsroom drafts it, from files alone."""
    context, evidence = framed(slug, week, day, prompts)
    edition = context.edition
    draft = asyncio.run(_write(context, script))
    sheet = drafting.printed(draft, edition, SITE)
    return Report(drafting.judged(draft, sheet, context, evidence, lambda _: None), context)


async def _write(context: Context, script: Script) -> Draft:
    inputs = drafting.inputs_of(context, "rules", script)
    async with InlineEngine(MemoryBook()).open("test", inputs) as run:
        return await drafting.write(context, RuleWriter(), script, run, lambda _: None, {})


@pytest.fixture(scope="session")
def write() -> Writes:
    """Write an edition of a day of the fixtures."""
    return written


def reads_well(report: Report, least: float, most: float) -> None:
    """What an editor asks of every report, whatever its kind: released, nothing said twice, nothing left over."""
    assert report.judged.releasable, report.blocking() or report.judged.draft.held
    said = Counter(report.sentences)
    assert [text for text, times in said.items() if times > 1] == []
    assert [word for word in (*PRAISE, *LEFTOVERS) if word in report.body] == []
    assert [word for word in report.context.edition.forbidden if word in report.body] == []
    assert least <= report.figures_per_hundred() <= most
    openings = Counter(line[:6] for line in report.body.splitlines() if len(line) > 20 and not line.startswith("#"))
    assert [text for text, times in openings.items() if times > 2] == []
