"""One context of the fixtures for all writers' tests, and a model that says what a test wants it to say."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from quantshark import editions
from quantshark.checks import Evidence
from quantshark.context import Context, build
from quantshark.model import Usage
from quantshark.newsroom import drafting, material
from quantshark.prompts import estimate_tokens
from quantshark.writers.calls import Ask, Reply
from quantshark.writers.repair import Judge
from tests.conftest import ROOT

DAY = date(2025, 12, 12)


@dataclass(frozen=True)
class Desk:
    """What a writer's test stands on: a real context and the evidence behind it."""

    context: Context
    evidence: Evidence


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The radar of 12 December from the fixtures of three days and the series before."""
    folder = tmp_path_factory.mktemp("week")
    for file in sorted((ROOT / "fixtures" / "2025-12").rglob("*")):
        if re.search(r"12-1[012]|_history|members", file.name):
            shutil.copy(file, folder)
    known, _ = material.from_files([folder], lambda _done, _total, _text: None)
    edition = editions.load("radar")
    context = build(edition, known.facts, known.documents, DAY, edition.until(DAY), site="https://quantshark.io")
    return Desk(context, drafting.evidence(context, known.facts))


def verdicts_of(desk: Desk) -> Judge:
    """The check that the newsroom holds a section to."""
    return lambda text, marks: drafting.stranger(text, marks, desk.context, desk.evidence).verdicts


def slots_of(ask: Ask) -> dict[str, list[str]]:
    """The slots that a question asks for, with their references in order, as its schema tells them."""
    properties: dict[str, Any] = dict(ask.schema or {})["properties"]
    return {key: re.findall(r"\\\{([fst]\d+)\\\}", told["pattern"]) for key, told in properties.items()}


def dutiful(key: str, ask: Ask) -> str:
    """A careful model: the wording that the question offers for this slot, led in by words of its own; or a comment."""
    told = next(line for line in ask.messages[-1][1].splitlines() if line.startswith(f"{key}（"))
    draft = told.partition("；初稿：")[2]
    return f"资料显示，{draft}" if draft else f"{'甲乙丙丁戊己庚辛壬癸'[int(key[1:]) % 10]}方看，先等方向得到确认"


Say = Callable[[str, Ask], str]


@dataclass
class Model:
    """A chat whose answer is made slot by slot by `say(key, ask)`, or as a whole by `reply(answer, ask, number)`."""

    say: Say = dutiful
    reply: Callable[[str, Ask, int], Reply] | None = None
    name: str = "stub"
    asked: list[Ask] = field(default_factory=list[Ask])

    async def send(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        text = json.dumps({key: self.say(key, ask) for key in slots_of(ask)}, ensure_ascii=False)
        if self.reply is not None:
            return self.reply(text, ask, len(self.asked))
        tokens = sum(estimate_tokens(said) for _, said in ask.messages)
        return Reply(text, usage=Usage(tokens_in=tokens, tokens_out=estimate_tokens(text)))


def prefixes(asks: list[Ask]) -> Iterator[str]:
    """What each question begins with: its system part."""
    return (said for ask in asks for role, said in ask.messages if role == "system")
