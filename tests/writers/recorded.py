"""Real replies of a real model, kept with all that they were asked on: what the offline tests replay and mutate.

`make record` asks the configured endpoint for a whole radar of the fixtures and keeps each exchange in
`recorded/radar-2025-12-12.json`, the prompts as they were and the sections as the rules had worded them beside it, and the
frozen day that it was asked on in a file of its own. A replay runs on that very day with those very words, so that a
question is recorded or it is not: nothing is taken for like enough. What fixtures, editions and prompts have become since
makes no difference; a change of how the writers' room asks does, and wants a new recording.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from quantshark import editions, settings
from quantshark.context import Context
from quantshark.errors import ModelError
from quantshark.lab import frozen, office
from quantshark.lab.frozen import FrozenDay
from quantshark.model import Draft, Usage
from quantshark.newsroom import drafting, material, staff
from quantshark.runs.inline import InlineEngine, MemoryBook
from quantshark.store.work import Work
from quantshark.writers import llm, rules
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply, journal_key, paid_for
from quantshark.writers.fallback import FallbackWriter
from quantshark.writers.form import Style
from quantshark.writers.llm import ModelWriter
from quantshark.writers.prompt_book import PromptBook
from quantshark.writers.rules import RuleWriter
from tests.writers.conftest import DAY, slots_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "recorded"
FILE = FOLDER / f"radar-{DAY}.json"
FROZEN = FOLDER / f"{DAY}{frozen.ENDING}"
EDITION = "radar"


@dataclass(frozen=True)
class Exchange:
    """A question's slots (key -> references in order) and the reply as it came."""

    key: str
    slots: Mapping[str, list[str]]
    reply: Reply

    @property
    def letter(self) -> str:
        """Which section it is of."""
        return next(iter(self.slots))[0]


@dataclass(frozen=True)
class Recording:
    """Exchanges in the order in which they were had, and what they were had on."""

    model: str
    style: Style
    context_tokens: int
    day: str
    """The hash of the frozen day."""
    prompts: Mapping[str, str]
    forms: Mapping[str, str | None]
    """The sections as the rules worded them, with references: what the model was given to fill."""
    exchanges: tuple[Exchange, ...]

    @property
    def first(self) -> tuple[Exchange, ...]:
        """The first question of each section. What is asked again depends on what the check makes of the answers."""
        return tuple({each.letter: each for each in reversed(self.exchanges)}.values())

    def writer(self, endpoint: Endpoint, budget: Budget) -> ModelWriter:
        """A writer that asks as was asked then."""
        book = PromptBook(editions.roots(None), self.prompts)
        return ModelWriter(endpoint, budget, prompts=book, context_tokens=self.context_tokens, style=self.style)

    @contextmanager
    def worded(self) -> Generator[None]:
        """The rules' sections are given to the model as they were worded then."""

        def then(context: Context) -> rules.Composed:
            return replace(rules.composition(context), texts=self.forms)

        with patch.object(llm, "composition", then):
            yield


def load(path: Path = FILE) -> Recording:
    """What was recorded."""
    told = json.loads(path.read_text("utf-8"))
    exchanges = tuple(_exchange(each) for each in told.pop("exchanges"))
    return Recording(exchanges=exchanges, **told)


def _exchange(each: dict[str, Any]) -> Exchange:  # JSON is what it is until it was read
    usage = Usage(calls=1, tokens_in=each["tokens_in"], tokens_out=each["tokens_out"])
    return Exchange(each["key"], each["slots"], Reply(each["text"], each["finish"], each["model"], usage))


class Recorded:
    """A chat that answers the questions that were recorded, word for word, and no other."""

    name = "recorded"

    def __init__(self, recording: Recording) -> None:
        self._model = recording.model
        self._by_key = {each.key: each for each in recording.exchanges}
        self.given: list[str] = []

    async def send(self, ask: Ask) -> Reply:
        key = journal_key(self._model, ask)
        if key not in self._by_key:
            raise ModelError(f"{', '.join(slots_of(ask))} was never asked like this; run make record", final=True)
        self.given.append(key)
        return self._by_key[key].reply


class Recorder(Endpoint):
    """An endpoint whose exchanges are kept."""

    def __init__(self, inner: Endpoint, model: str, kept: list[Exchange]) -> None:
        super().__init__(
            inner.chat,
            journal=inner.journal,
            call_seconds=inner.call_seconds,
            pace=inner.pace,
            circuit=inner.circuit,
        )
        self._model = model
        self._had = kept

    async def ask(self, ask: Ask, budget: Budget) -> Reply:
        reply = await super().ask(ask, budget)
        kept = self.journal.get(journal_key(self.chat.name, ask)) if self.journal is not None else None
        if kept is not None:  # one from the journal tells nothing of what it cost when it was paid
            reply = replace(reply, usage=paid_for(kept))
        self._had.append(Exchange(journal_key(self._model, ask), slots_of(ask), reply))
        return reply


async def drafted(context: Context, writer: FallbackWriter | RuleWriter) -> Draft:
    """A whole draft by a writer, as the newsroom makes it."""
    async with InlineEngine(MemoryBook()).open("draft", "x") as run:
        return await drafting.write(context, writer, "hans", run, lambda _: None, {})


def freeze() -> FrozenDay:
    """The fixtures' day as the recording keeps it, without facts that nobody is given: what is read back is what was written."""
    known, _ = material.from_files([ROOT / "fixtures"], lambda _done, _total, _text: None)
    site = "https://quantshark.io"
    made = frozen.freeze(DAY, [editions.load(EDITION)], lambda _edition, _until: known, site)
    return frozen.read(frozen.write(replace(made, fact_lines=()), FOLDER))


async def record(configured: settings.Settings, day: FrozenDay, journal: Work) -> tuple[Draft, Recording]:
    """Draft the radar of the frozen day with the configured model; replies that the journal has are not paid again."""
    model, context = configured.llm, day.context(EDITION)
    kept: list[Exchange] = []
    texts = PromptBook.of(None).as_now(context.edition).texts
    told = Recording(
        model.model, model.style, model.context_tokens, day.digest, texts, rules.composition(context).texts, ()
    )
    endpoint = Recorder(staff.endpoint(model, model.model, journal.journal), model.model, kept)
    writer = told.writer(endpoint, staff.budget_of(model))
    try:
        draft = await drafted(
            context, FallbackWriter(staff.repaired(writer, context, day.evidence(EDITION)), RuleWriter())
        )
    finally:
        await staff.close()
    return draft, replace(told, exchanges=tuple(kept))


def save(recording: Recording) -> None:
    exchanges = [
        {
            "key": each.key,
            "slots": each.slots,
            "text": each.reply.text,
            "finish": each.reply.finish,
            "model": each.reply.model,
            "tokens_in": each.reply.usage.tokens_in,
            "tokens_out": each.reply.usage.tokens_out,
        }
        for each in recording.exchanges
    ]
    told = {each.name: getattr(recording, each.name) for each in fields(recording)} | {"exchanges": exchanges}
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main() -> None:
    configured = settings.load()
    if not configured.llm.configured:
        sys.exit("no model is configured; set QUANTSHARK_LLM__BASE_URL and QUANTSHARK_LLM__MODEL")
    with office.database(configured) as journal:
        draft, recording = asyncio.run(record(configured, freeze(), journal))
    save(recording)
    writers = ", ".join(f"{section.slug} by {section.writer}" for section in draft.sections)
    print(f"{len(recording.exchanges)} replies of {configured.llm.model} kept in {FILE.relative_to(ROOT)}: {writers}")


if __name__ == "__main__":
    main()
