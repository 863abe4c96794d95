"""What a model has to read and write: tokens of a radar of the fixtures, asked for by a scripted model that always answers.

Tokens are counted as `prompts.count_tokens` counts them: by tiktoken where its ranks are on the machine, else estimated. The
cached share is what every call of a draft begins with, to the byte.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from quantshark import editions
from quantshark.context import Brief, Context, build
from quantshark.newsroom import material
from quantshark.prompts import count_tokens
from quantshark.writers.calls import Ask, Budget, Endpoint
from quantshark.writers.form import Style
from quantshark.writers.llm import ModelWriter
from tests.benchmarks.measuring import ROOT, Row, at_least, at_most
from tests.writers.conftest import Model

DAY = date(2025, 12, 12)


def measure() -> Iterator[Row]:
    context = _context()
    styles: tuple[Style, ...] = ("sentences", "comments")
    for style in styles:
        asks, written = _asked(context, style)
        whole = [_told(ask) for ask in asks]
        sizes = [count_tokens(text) for text in whole]
        shared = min(count_tokens(ask.messages[0][1]) for ask in asks)
        how = f"{style}, {len(asks)} calls"
        yield at_most(f"largest question of a radar, {style}", max(sizes), 6_000, "tokens", how)
        if style == "sentences":  # with a short prefix there is little to share, and little to pay
            yield at_least("input tokens in the common beginning", 100 * shared * len(asks) / sum(sizes), 70, "%", how)
        yield at_most(f"a radar in, {style}", sum(sizes), 50_000, "tokens", how)
        yield at_most(f"a radar out, {style}", written, 6_000, "tokens", how)


def _told(ask: Ask) -> str:
    return "\n".join(text for _, text in ask.messages)


def _asked(context: Context, style: Style) -> tuple[list[Ask], int]:
    """The questions of a whole radar, and the tokens of the answers."""
    model = Model()
    writer = ModelWriter(
        Endpoint(model), Budget.of(600), style=style, context_tokens=4000 if style == "sentences" else 400
    )
    briefs = [Brief(spec, context) for spec in context.edition.sections]

    async def ask() -> int:
        attempts = [await writer.attempt(brief, lambda _: None) for brief in briefs]
        return sum(attempt.usage.tokens_out for attempt in attempts)

    return model.asked, asyncio.run(ask())


def _context() -> Context:
    with tempfile.TemporaryDirectory() as folder:
        for file in sorted((ROOT / "fixtures" / "2025-12").rglob("*")):
            if re.search(r"12-1[012]|_history|members", file.name):
                shutil.copy(file, Path(folder))
        known, _ = material.from_files([Path(folder)], lambda _done, _total, _text: None)
    edition = editions.load("radar")
    return build(edition, known.facts, known.documents, DAY, edition.until(DAY), site="https://quantshark.io")
