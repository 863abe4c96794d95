"""Real replies of a real model, kept: what the offline tests replay and mutate.

`make record` asks the configured endpoint for a whole radar of the fixtures and keeps each exchange in
`recorded/radar-2025-12-12.json`. What is kept is the journal of the house (the same key, the same reply), with the slots that
were asked for beside it. Where prompts or facts have changed since, a key is not found any more: then `Recorded` gives what
the model wrote for a slot like this one, so that its words are still tried on today's code.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from quantshark import settings
from quantshark.errors import ModelError
from quantshark.model import Journal, Usage
from quantshark.newsroom import Assignment, Newsroom, Outcome, staff
from quantshark.settings import ModelSettings
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply, journal_key, paid_for
from tests.writers.conftest import DAY, slots_of

FILE = Path(__file__).parent / "recorded" / "radar-2025-12-12.json"
ROOT = Path(__file__).resolve().parents[2]


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


def load(path: Path = FILE) -> tuple[Exchange, ...]:
    """The exchanges of a recording, in the order in which they were had."""
    kept = json.loads(path.read_text("utf-8"))
    return tuple(
        Exchange(
            each["key"],
            each["slots"],
            Reply(
                each["text"],
                each["finish"],
                each["model"],
                Usage(calls=1, tokens_in=each["tokens_in"], tokens_out=each["tokens_out"]),
            ),
        )
        for each in kept["exchanges"]
    )


class Recorded:
    """A chat that answers with what was recorded: the very reply to the question, else the words for slots like these."""

    name = "recorded"

    def __init__(self, exchanges: tuple[Exchange, ...]) -> None:
        self.exchanges = exchanges
        self.exact = 0
        self._by_key = {each.key: each for each in exchanges}

    async def send(self, ask: Ask) -> Reply:
        found = self._by_key.get(journal_key(self.exchanges[0].reply.model, ask))
        if found is not None:
            self.exact += 1
            return found.reply
        wanted = slots_of(ask)
        texts = [self._like(key, refs, place) for place, (key, refs) in enumerate(wanted.items())]
        said = {key: text for key, text in zip(wanted, texts, strict=True) if text}
        if not said:
            raise ModelError("nothing like this was recorded; run make record", final=True)
        return Reply(json.dumps(said, ensure_ascii=False), usage=Usage(tokens_in=1, tokens_out=1))

    def _like(self, key: str, refs: list[str], place: int) -> str:
        """What was last written for this slot, else for one of the same section with references of the same kinds."""
        kinds = [ref[0] for ref in refs]
        fit = [
            (name == key, theirs, json.loads(each.reply.text)[name])
            for each in self.exchanges
            for name, theirs in each.slots.items()
            if name[0] == key[0] and [ref[0] for ref in theirs] == kinds
        ]
        if not fit:
            return ""
        _, theirs, text = next((one for one in reversed(fit) if one[0]), fit[place % len(fit)])
        today = dict(zip(theirs, refs, strict=True))
        return re.sub(r"\{(\w+)\}", lambda found: f"{{{today.get(found[1], found[1])}}}", text)


class Recorder(Endpoint):
    """An endpoint whose exchanges are kept."""

    def __init__(self, inner: Endpoint, kept: list[Exchange]) -> None:
        super().__init__(
            inner.chat,
            journal=inner.journal,
            read_journal=inner.read_journal,
            call_seconds=inner.call_seconds,
            pace=inner.pace,
            circuit=inner.circuit,
        )
        self._had = kept

    async def ask(self, ask: Ask, budget: Budget) -> Reply:
        reply = await super().ask(ask, budget)
        kept = self.journal.get(journal_key(self.chat.name, ask)) if self.journal is not None else None
        if kept is not None:  # one from the journal tells nothing of what it cost when it was paid
            reply = replace(reply, usage=paid_for(kept))
        key = journal_key(reply.model, ask)
        self._had.append(Exchange(key, slots_of(ask), reply))
        return reply


def record(configured: settings.Settings, out: Path) -> tuple[Outcome, list[Exchange]]:
    """Draft the radar of the fixtures with the configured model; replies that its journal has are not paid again."""
    kept: list[Exchange] = []
    make = staff.endpoint

    def recording(llm: ModelSettings, model: str, journal: Journal | None, *, read_journal: bool = True) -> Endpoint:
        return Recorder(make(llm, model, journal, read_journal=read_journal), kept)

    newsroom = Newsroom(configured)
    newsroom.ingest([ROOT / "fixtures"])
    with patch.object(staff, "endpoint", recording):
        outcome = asyncio.run(newsroom.draft(Assignment("radar", DAY, writer="llm", out=out)))
    return outcome, kept


def main() -> None:
    configured = settings.load()
    if not configured.llm.configured:
        sys.exit("no model is configured; set QUANTSHARK_LLM__BASE_URL and QUANTSHARK_LLM__MODEL")
    with tempfile.TemporaryDirectory() as folder:
        outcome, kept = record(configured, Path(folder))
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
        for each in kept
    ]
    told = {"model": configured.llm.model, "style": configured.llm.style, "exchanges": exchanges}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    released = "released" if outcome.release else "held"
    print(f"{len(kept)} replies of {configured.llm.model} kept in {FILE.relative_to(ROOT)}; the report was {released}")


if __name__ == "__main__":
    main()
