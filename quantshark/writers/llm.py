"""The model writer: one section, one chain; the model writes sentences into a form, code prints every figure.

The rules' section is the form (see `form`). The first part of every prompt is the same to the byte for all sections of a
draft: house style, then the numbered facts between boundaries, so that a provider's prefix cache pays for it once. What
belongs to the section comes after it. A reply is held to the form slot by slot: what is bad is asked for once more with
the reason, and what stays bad keeps the rules' words. Nothing that a document says can act: the model has no tools, names
no address, and types no figure that is printed unread.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from quantshark.context import Brief, Context
from quantshark.context.wording import sign_of
from quantshark.errors import ReplyError
from quantshark.model import NOTHING_SPENT, Event, Listener, Mark, Section, Usage
from quantshark.prompts import estimate_tokens
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply, total
from quantshark.writers.form import Form, Slot, accept, form_of, mend_seams, schema
from quantshark.writers.prompt_book import PromptBook
from quantshark.writers.reply import one_object, require_chinese, whole
from quantshark.writers.rules import composition, write_section

RETRIES = 1
"""How often a reply that does not fit the form is asked for again."""
TOKENS_A_SLOT = 110


@dataclass(frozen=True, slots=True)
class Attempt:
    """A section under way: its form, the model's texts by slot, and what the rules had to keep."""

    brief: Brief
    form: Form
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    rounds: int = 0
    dropped: tuple[str, ...] = ()
    usage: Usage = NOTHING_SPENT

    def with_texts(self, texts: Mapping[str, str]) -> Attempt:
        return replace(self, texts={**self.texts, **texts})

    def without(self, key: str) -> Attempt:
        return replace(self, texts={k: v for k, v in self.texts.items() if k != key})

    def printed(self) -> tuple[str, tuple[Mark, ...], tuple[tuple[int, int, Slot], ...]]:
        """The section as published, its marks, and where each slot lies in it."""
        text, marks, places = "", list[Mark](), list[tuple[int, int, Slot]]()
        for piece, raw in zip(self.form.pieces, self.form.fill(self.texts), strict=True):
            said, found = self.brief.context.print(raw, self.brief.script)
            if isinstance(piece, Slot):
                places.append((len(text), len(text) + len(said), piece))
            marks += [Mark(len(text) + mark.start, len(text) + mark.end, mark.fact_id) for mark in found]
            text += said
        return text, tuple(marks), tuple(places)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a sentence of a slot: the sentence, why, and how the facts may be cited instead."""

    slot: Slot
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Task:
    """The section's own part of a question, and how freely it may be answered."""

    text: str
    temperature: float

    def again(self, wrong: Mapping[str, str]) -> Task:
        """Only what was wrong, with the reason."""
        told = "\n".join(f"- {key}：{why}" for key, why in wrong.items())
        return replace(self, text=f"{self.text}\n\n上一次的回答有问题，只重写以下各项：\n{told}")


class _Words:
    """What references of a context print, for the seams between a model's words and ours."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def said(self, ref: str) -> str:
        name, _, form = ref.strip("{}").partition(":")
        return self._context.said(name, form or "phrase")

    def opposites(self, ref: str) -> tuple[str, ...]:
        fact = self._context.fact(ref.strip("{}").partition(":")[0])
        measure = self._context.measures.get(fact.measure)
        way = sign_of(fact)
        if measure is None or not way:
            return ()
        return measure.down if way > 0 else measure.up


class ModelWriter:
    """Writes a section with a model. Raises WriterError where no slot of it could be filled."""

    def __init__(
        self, endpoint: Endpoint, budget: Budget, *, prompts: PromptBook | None = None, context_tokens: int = 4000
    ) -> None:
        self.endpoint = endpoint
        self.budget = budget
        self._prompts = prompts or PromptBook.of(None)
        self._context_tokens = context_tokens
        self._warm = False
        self._warming = asyncio.Lock()

    @property
    def name(self) -> str:
        return self.endpoint.name

    async def write(self, brief: Brief, listen: Listener) -> Section:
        """The section, its texts by the model where they fit the form."""
        return self.section(await self.attempt(brief, listen))

    async def attempt(self, brief: Brief, listen: Listener) -> Attempt:
        """The form with what the model wrote into it; a section without facts or without prose has no texts."""
        listen(Event("section_started", brief.slug, {"writer": self.name}))
        raw = composition(brief.context).texts.get(brief.slug)
        attempt = Attempt(brief, form_of(raw or ""))
        if not attempt.form.slots:
            return attempt
        prompt = self._prompts.section(brief.context.edition, brief.section.slug)
        own = prompt.render({"task": brief.section.brief, "slots": _slots(attempt.form.slots, brief.context)})
        task = Task("\n\n".join(m.text for m in own), self._prompts.sampling_of(prompt).temperature)
        return await self._filled(attempt, attempt.form.slots, task, listen)

    async def revise(self, attempt: Attempt, findings: tuple[Finding, ...], listen: Listener) -> Attempt:
        """Only the slots that were found bad are asked for again, with the reason; never the documents."""
        slots = tuple(dict.fromkeys(finding.slot for finding in findings))
        told = "\n".join(f"- {f.slot.key}：“{f.sentence}” —— {f.reason}" for f in findings)
        prompt = self._prompts.repair()
        own = prompt.render({"findings": told, "slots": _slots(slots, attempt.brief.context)})
        again = replace(attempt, rounds=attempt.rounds + 1)
        listen(Event("repaired", attempt.brief.slug, {"round": again.rounds, "slots": [slot.key for slot in slots]}))
        task = Task("\n\n".join(m.text for m in own), prompt.head.sampling.temperature)
        return await self._filled(again, slots, task, listen)

    def section(self, attempt: Attempt) -> Section:
        """The attempt as a section; one that the model had no part in is the rules'."""
        if not attempt.texts:
            return replace(
                write_section(attempt.brief), rounds=attempt.rounds, dropped=attempt.dropped, usage=attempt.usage
            )
        text, marks, _ = attempt.printed()
        plain = write_section(attempt.brief)
        kept = len(attempt.form.slots) - len(attempt.texts)
        note = f"{kept} of {len(attempt.form.slots)} slots by rule" if kept else ""
        return replace(
            plain,
            text=text,
            marks=marks,
            writer=self.endpoint.name,
            rounds=attempt.rounds,
            dropped=attempt.dropped,
            note=note,
            usage=attempt.usage,
        )

    # Asking

    async def _filled(self, attempt: Attempt, slots: tuple[Slot, ...], task: Task, listen: Listener) -> Attempt:
        wanted, told = slots, task
        for _ in range(RETRIES + 1):
            reply = await self._reply(self._ask(attempt.brief, wanted, told))
            used = reply.usage
            attempt = replace(attempt, usage=total(attempt.usage, used))
            listen(
                Event(
                    "tokens",
                    attempt.brief.slug,
                    {"in": used.tokens_in, "out": used.tokens_out, "cached": used.tokens_cached},
                )
            )
            texts, wrong = _read(reply, wanted)
            attempt = attempt.with_texts(
                {key: mend_seams(text, _Words(attempt.brief.context)) for key, text in texts.items()}
            )
            if not wrong:
                break
            wanted = tuple(slot for slot in wanted if slot.key in wrong)
            told = task.again(wrong)
        return attempt

    async def _reply(self, ask: Ask) -> Reply:
        """The first call of a draft goes alone: it fills the provider's prefix cache, which the others then find warm."""
        if self._warm:
            return await self.endpoint.ask(ask, self.budget)
        async with self._warming:
            if not self._warm:
                try:
                    return await self.endpoint.ask(ask, self.budget)
                finally:
                    self._warm = True
        return await self.endpoint.ask(ask, self.budget)

    def _ask(self, brief: Brief, slots: tuple[Slot, ...], task: Task) -> Ask:
        keys = "、".join(slot.key for slot in slots)
        told = (
            ("system", self.frame(brief)),
            ("user", f"{task.text}\n\n只输出一个 JSON 对象，键为 {keys}，值为文字。"),
        )
        return Ask(
            told,
            schema=schema(slots),
            schema_name="section",
            max_tokens=TOKENS_A_SLOT * len(slots) + 60,
            temperature=task.temperature,
        )

    def frame(self, brief: Brief) -> str:
        """The common beginning: house style and the facts of the draft between boundaries that no document can know."""
        context = brief.context
        boundary = hashlib.sha256(f"boundary/{context.digest}".encode()).hexdigest()[:16]
        inputs = {
            "edition": context.edition.name,
            "day": context.day.isoformat(),
            "boundary": boundary,
            "facts": self._facts(context),
        }
        return "\n\n".join(message.text for message in self._prompts.house().render(inputs))

    def _facts(self, context: Context) -> str:
        """The fact lines that fit the budget, in the context's order; the rest is cited through the slots alone."""
        lines: list[str] = []
        left = self._context_tokens
        for line in context.block.splitlines():
            left -= estimate_tokens(line) + 1
            if left < 0:
                break
            lines.append(line)
        return "\n".join(lines)


def _slots(slots: tuple[Slot, ...], context: Context) -> str:
    """Each slot with what its references print and how the rules say it."""
    return "\n".join(_slot(slot, context) for slot in slots)


def _slot(slot: Slot, context: Context) -> str:
    tokens = dict(slot.tokens)
    said = [f"{{{ref}}}={tokens[ref] if ref in tokens else context.said(ref)}" for ref in slot.refs]
    cites = f"；可引用 {'，'.join(said)}" if said else ""
    return f"{slot.key}（{slot.about}）{cites}；初稿：{slot.text}"


def _read(reply: Reply, slots: tuple[Slot, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """What of a reply fits the form, and what is wrong with the rest, by slot."""
    try:
        whole(reply)
        found = one_object(reply.text)
    except ReplyError as error:
        return {}, {slot.key: str(error) for slot in slots}
    texts: dict[str, str] = {}
    wrong: dict[str, str] = {}
    stray = set(found) - {slot.key for slot in slots}
    for slot in slots:
        try:
            text = accept({slot.key: found[slot.key]} if slot.key in found else {}, [slot])[slot.key]
            require_chinese(text)
        except ReplyError as error:
            wrong[slot.key] = str(error)
        else:
            texts[slot.key] = text
    if stray:
        return {}, {slot.key: f"unknown keys {sorted(stray)}; answer with the keys asked for" for slot in slots}
    return texts, wrong
