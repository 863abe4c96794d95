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
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from string import ascii_lowercase

from quantshark.context import Brief, Context
from quantshark.context.wording import sign_of
from quantshark.errors import ModelError, ReplyError
from quantshark.model import NOTHING_SPENT, Event, Listener, Mark, Section, Usage
from quantshark.prompts import Prompt, Sampling, estimate_tokens
from quantshark.writers.calls import Ask, Budget, Endpoint, Hear, Reply, total
from quantshark.writers.form import Form, Slot, Style, accept, calls_of, form_of, mend_seams, schema, tokens_of
from quantshark.writers.matter import SAID, UNSHOWN, bearing_of
from quantshark.writers.prompt_book import PromptBook
from quantshark.writers.reply import one_object, require_chinese, whole
from quantshark.writers.rules import composition, write_section

RETRIES = 1
"""How often a reply that does not fit the form is asked for again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A section under way: its form, the model's texts by slot, and what the rules had to keep."""

    brief: Brief
    form: Form
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    rounds: int = 0
    dropped: tuple[str, ...] = ()
    note: str = ""
    usage: Usage = NOTHING_SPENT
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    """All that was sent back, by slot."""

    def with_notes(self, notes: Iterable[str]) -> Attempt:
        known = list(filter(None, [self.note]))
        return replace(self, note="；".join([*known, *(note for note in notes if note not in self.note)]))

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
    """The section's own part of a question: its prompt, what goes into it beside the slots, and how freely to answer."""

    prompt: Prompt
    inputs: Mapping[str, str]
    sampling: Sampling
    findings: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the check found, by slot: a repair is told of those that it asks for, and of no other."""
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    """The answers that the check found it in."""
    wrong: Mapping[str, str] = field(default_factory=dict[str, str])
    """What was wrong with the last answer, by slot."""

    def text(self, slots: tuple[Slot, ...], told: str) -> str:
        """The question for some of its slots, as they are `told`."""
        found = [self.findings[slot.key] for slot in slots if slot.key in self.findings]
        inputs = {**self.inputs, "slots": told} | ({"findings": "\n".join(found)} if found else {})
        parts = [message.text for message in self.prompt.render(inputs)]
        if self.wrong:
            parts.append(
                "上一次的回答有问题，重写：\n" + "\n".join(f"- {key}：{why}" for key, why in self.wrong.items())
            )
        return "\n\n".join([*parts, f"键为 {'、'.join(slot.key for slot in slots)}。"])


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one call: the texts that fit, by slot, and what it cost; or why it failed."""

    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    usage: Usage = NOTHING_SPENT
    model: str = ""
    failure: ModelError | None = None


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
    """Writes a section with a model. Raises ModelError where no call for it came through."""

    def __init__(
        self,
        endpoint: Endpoint,
        budget: Budget,
        *,
        prompts: PromptBook | None = None,
        context_tokens: int = 4000,
        style: Style = "sentences",
        stream: bool = False,
    ) -> None:
        self.endpoint = endpoint
        self.budget = budget
        self._prompts = prompts or PromptBook.of(None)
        self._context_tokens = context_tokens
        self.style: Style = style
        self._stream = stream
        self._calls = count(1)
        self._warm = False
        self._warming = asyncio.Lock()

    @property
    def name(self) -> str:
        return self.endpoint.name

    @cached_property
    def instructions(self) -> str:
        """What every prompt says beside facts and slots: a reply that repeats it was not written."""
        prompts = (self._prompts.house(), self._prompts.style(self.style), self._prompts.repair())
        return "\n".join(text for prompt in prompts for _, text in prompt.parts)

    async def write(self, brief: Brief, listen: Listener) -> Section:
        """The section, its texts by the model where they fit the form."""
        return self.section(await self.attempt(brief, listen))

    async def attempt(self, brief: Brief, listen: Listener) -> Attempt:
        """The form with what the model wrote into it; a section without facts or without prose has no texts."""
        raw = composition(brief.context).texts.get(brief.slug)
        letter = ascii_lowercase[brief.context.edition.sections.index(brief.section) % len(ascii_lowercase)]
        attempt = Attempt(brief, form_of(raw or "", self.style, letter))
        slots = tuple(slot for slot in attempt.form.slots if not self._is_signed(slot, brief.context))
        prompt = (
            self._prompts.section(brief.context.edition, brief.section.slug)
            if self.style == "sentences"
            else self._prompts.comment()
        )
        task = Task(prompt, {"task": brief.section.brief}, self._prompts.sampling_of(prompt))
        return await self._filled(attempt, slots, task, listen)

    def _is_signed(self, slot: Slot, context: Context) -> bool:
        """Words of a concept are an editor's: a comment does not take their place."""
        signed = (word for c in context.concepts for word in (c.definition, c.why, c.misreading))
        return self.style == "comments" and any(slot.text in word for word in signed)

    async def revise(self, attempt: Attempt, findings: tuple[Finding, ...], listen: Listener) -> Attempt:
        """Only the slots that were found bad are asked for again, with the reason; never the documents."""
        slots = tuple(dict.fromkeys(finding.slot for finding in findings))
        told = {slot.key: self._told(attempt, slot, findings) for slot in slots}
        prompt = self._prompts.repair()
        refused = {k: f"{attempt.refused.get(k, '')} {attempt.texts.get(k, '')}".strip() for k in told}
        again = replace(attempt, rounds=attempt.rounds + 1, refused={**attempt.refused, **refused})
        listen(Event("repaired", attempt.brief.slug, {"round": again.rounds, "slots": [slot.key for slot in slots]}))
        return await self._filled(again, slots, Task(prompt, {}, prompt.head.sampling, told, again.refused), listen)

    def _told(self, attempt: Attempt, slot: Slot, findings: Iterable[Finding]) -> str:
        """What is wrong with a slot, in one line: the model's own words once, with their references, and the reasons."""
        mine = [finding for finding in findings if finding.slot == slot]
        reasons = "；".join(dict.fromkeys(finding.reason.rstrip("。") for finding in mine))
        # A small model that is shown its mistake writes it again.
        own = attempt.texts.get(slot.key, mine[0].sentence) if self.style == "sentences" else ""
        return f"- {slot.key}：{f'“{own}” —— ' if own else ''}{reasons}"

    def section(self, attempt: Attempt) -> Section:
        """The attempt as a section; one that the model had no part in is the rules'."""
        told = replace(attempt, texts={}) if not attempt.texts else attempt
        plain = write_section(attempt.brief)
        spent = replace(plain, rounds=told.rounds, dropped=told.dropped, usage=told.usage)
        if not told.texts:
            return replace(spent, note="；".join(filter(None, [plain.note, told.note])))
        text, marks, _ = told.printed()
        ours = len(told.form.slots) - len(told.texts)
        note = [f"{len(told.form.slots)} 处中 {ours} 处沿用规则的文字"] if ours else []
        return replace(
            spent, text=text, marks=marks, writer=self.name, note="；".join([*note, *filter(None, [told.note])])
        )

    # Asking

    async def _filled(self, attempt: Attempt, slots: tuple[Slot, ...], task: Task, listen: Listener) -> Attempt:
        """The slots asked for, in as many calls side by side as the length of an answer allows."""
        calls = calls_of(slots, task.sampling.max_tokens)
        answers = await asyncio.gather(*(self._answered(attempt.brief, call, task, listen) for call in calls))
        failures = [answer.failure for answer in answers if answer.failure is not None]
        if failures and len(failures) == len(answers):
            raise failures[0]
        for answer in answers:
            attempt = replace(attempt, usage=total(attempt.usage, answer.usage)).with_texts(answer.texts)
        others = dict.fromkeys(a.model for a in answers if not self.endpoint.is_called(a.model))
        notes = [f"实际作答的模型是 {name}" for name in others] + [failure.told for failure in failures]
        return attempt.with_notes(notes)

    async def _answered(self, brief: Brief, slots: tuple[Slot, ...], task: Task, listen: Listener) -> Answer:
        """One call; what of its answer does not fit is asked for once more, with the reason."""
        words = _Words(brief.context)
        answer, wanted = Answer(), slots
        for _ in range(RETRIES + 1):
            number = next(self._calls)
            try:
                reply = await self._reply(self._ask(brief, wanted, task, self._hear(brief.slug, number, listen)))
            except ModelError as error:
                listen(Event("call_failed", brief.slug, {"call": number, "why": error.told, **_limit(error)}))
                return replace(answer, failure=error) if not answer.texts else answer
            _tell(reply, brief.slug, number, listen)
            texts, wrong = _read(reply, wanted)
            own = {key: mend_seams(text, words) for key, text in texts.items()}
            own = {slot.key: own[slot.key] for slot in wanted if slot.key in own and not _same(own[slot.key], slot)}
            answer = Answer({**answer.texts, **own}, total(answer.usage, reply.usage), reply.model)
            if not wrong:
                break
            wanted = tuple(slot for slot in wanted if slot.key in wrong)
            task = replace(task, wrong=wrong)
        return answer

    def _hear(self, section: str, call: int, listen: Listener) -> Hear | None:
        return Told(section, call, listen).hear if self._stream else None

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

    def _ask(self, brief: Brief, slots: tuple[Slot, ...], task: Task, hear: Hear | None) -> Ask:
        told = "\n".join(_TELL[self.style](slot, brief) for slot in slots)
        return Ask(
            (("system", self.frame(brief)), ("user", task.text(slots, told))),
            schema=schema(slots, task.refused, self._barred(slots, brief)),
            schema_name="section",
            max_tokens=sum(tokens_of(slot) for slot in slots) + 40,
            temperature=task.sampling.temperature,
            hear=hear,
        )

    def _barred(self, slots: tuple[Slot, ...], brief: Brief) -> Mapping[str, str]:
        """What a comment cannot say of a row that does not lean that way."""
        return {slot.key: UNSHOWN[bearing_of(slot, brief)] for slot in slots} if self.style == "comments" else {}

    def frame(self, brief: Brief) -> str:
        """The common beginning: house style, the facts of the draft between boundaries that no document can know, and how
        to answer.
        """
        context = brief.context
        boundary = hashlib.sha256(f"boundary/{context.digest}".encode()).hexdigest()[:16]
        inputs = {
            "edition": context.edition.name,
            "day": context.day.isoformat(),
            "boundary": boundary,
            "facts": self._facts(context),
        }
        parts = (*self._prompts.house().render(inputs), *self._prompts.style(self.style).render({}))
        return "\n\n".join(message.text for message in parts)

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


EVERY = 0.4
"""Seconds between two events of one answer: a page or a terminal shows no more."""


class Told:
    """An answer on its way, told as `tokens` events."""

    def __init__(self, section: str, call: int, listen: Listener) -> None:
        self._section, self._call, self._listen = section, call, listen
        self._size, self._waiting, self._last = 0, "", 0.0

    def hear(self, piece: str) -> None:
        """Keep a piece, and tell what has come since the last event; an empty piece begins anew."""
        begins = not piece
        self._size = 0 if begins else self._size + len(piece)
        self._waiting = "" if begins else self._waiting + piece
        now = time.monotonic()
        if begins or now - self._last >= EVERY:
            data = {"call": self._call, "characters": self._size, "text": self._waiting}
            self._listen(Event("tokens", self._section, data))
            self._waiting, self._last = "", now


def _tell(reply: Reply, section: str, call: int, listen: Listener) -> None:
    used = reply.usage
    data = {
        "call": call,
        "tokens_in": used.tokens_in,
        "tokens_out": used.tokens_out,
        "tokens_cached": used.tokens_cached,
        "seconds": round(used.seconds, 3),
        "retries": used.retries,
        "cost": None if used.cost is None else str(used.cost),
        "currency": used.currency,
        "kept": reply.cached,
    }
    listen(Event("answered", section, data))


def _limit(error: ModelError) -> dict[str, object]:
    """Which limit ended a call (circuit, tokens, money, deadline), and when another may be made."""
    limit = error.details.get("limit")
    return {} if limit is None else {"limit": limit, "retry_after": error.retry_after}


def _sentence(slot: Slot, brief: Brief) -> str:
    """A slot with what its references print, of whom where it is about several, and how the rules say it."""
    context = brief.context
    tokens = dict(slot.tokens)
    several = len({context.fact(ref).entity for ref in slot.facts if ref in slot.refs}) > 1

    def said(ref: str) -> str:
        if ref in tokens:
            return context.print(tokens[ref], links=False)[0]
        return context.said(ref) + (f"（{context.fact(ref).entity_name}）" if several else "")

    cites = f"；可引用 {'，'.join(f'{{{ref}}}={said(ref)}' for ref in slot.refs)}" if slot.refs else ""
    return f"{slot.key}（{slot.about}）{cites}；初稿：{slot.text}"


def _comment(slot: Slot, brief: Brief) -> str:
    """A slot with the facts that it comments on, as they will be printed, and which way they point. Not the rules' words:
    a small model copies them.
    """
    beside, _ = brief.context.print(slot.beside, links=False)
    way = SAID[bearing_of(slot, brief)]
    return f"{slot.key}（{slot.about}）：{beside.strip()}{f'（{way}）' if way else ''}"


_TELL = {"sentences": _sentence, "comments": _comment}


def _same(text: str, slot: Slot) -> bool:
    """Are these the rules' own words? Then they are theirs, not the model's."""
    return text.rstrip("。；！ ") == slot.text.rstrip("。；！ ")


def _read(reply: Reply, slots: tuple[Slot, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """What of a reply fits the form, and what is wrong with the rest, by slot."""
    try:
        whole(reply)
        found = one_object(reply.text)
    except ReplyError as error:
        return {}, {slot.key: _told(error) for slot in slots}
    texts: dict[str, str] = {}
    wrong: dict[str, str] = {}
    stray = set(found) - {slot.key for slot in slots}
    for slot in slots:
        try:
            text = accept({slot.key: found[slot.key]} if slot.key in found else {}, [slot])[slot.key]
            require_chinese(text)
        except ReplyError as error:
            wrong[slot.key] = _told(error)
        else:
            texts[slot.key] = text
    if stray:
        return {}, {slot.key: "回答里有别的键，只用所列的键" for slot in slots}
    return texts, wrong


def _told(error: ReplyError) -> str:
    """What to tell the model, in the language that it is to write: told in English, a small one answers in English."""
    return str(error.details.get("told") or "不是一个完整的 JSON 对象，只输出所列的键和文字")
