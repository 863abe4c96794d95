"""One call to one model: journal, limits, circuit, deadline, and the only retry layer of the house.

An `Endpoint` holds a `Chat` (the wire; see `chain`) and answers `ask`. What cannot succeed is not tried again (400, 401,
402, quota); what can is tried with jitter, honouring Retry-After as far as the deadline goes. The deadline is wall clock:
a server that drips keep-alives does not hang us. A paid reply is in the journal before anybody uses it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from quantshark.errors import ModelError
from quantshark.model import NOTHING_SPENT, Journal, Price, Usage
from quantshark.prompts import estimate_tokens

Hear = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: messages as (role, text), the JSON schema that the reply must fit, and sampling."""

    messages: tuple[tuple[str, str], ...]
    schema: Mapping[str, Any] | None = None  # a JSON schema is JSON
    schema_name: str = "reply"
    max_tokens: int = 800
    temperature: float = 0.3
    hear: Hear | None = field(default=None, compare=False)
    """Who is told the answer as it comes, piece by piece; an empty piece says that it begins (anew)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the text (or the arguments of the one tool call), why it ended, who said so, what it cost."""

    text: str
    finish: str = "stop"
    model: str = ""
    usage: Usage = NOTHING_SPENT
    cached: bool = False


class Chat(Protocol):
    """The wire to one model. Raises ModelError, with `final` where another try is useless."""

    @property
    def name(self) -> str: ...

    async def send(self, ask: Ask) -> Reply: ...


@dataclass(slots=True)
class Budget:
    """What one report may cost: wall clock, tokens, money. Shared by all its calls; it stops, it does not warn."""

    deadline: float = field(default_factory=lambda: time.monotonic() + 600.0)
    tokens: int | None = None
    money: Decimal | None = None
    spent: Usage = NOTHING_SPENT
    held_tokens: int = 0
    held_money: Decimal = Decimal(0)
    """What the calls in flight may cost at most."""

    @classmethod
    def of(cls, seconds: float, tokens: int | None = None, money: Decimal | None = None) -> Budget:
        return cls(deadline=time.monotonic() + seconds, tokens=tokens, money=money)

    def left(self) -> float:
        return self.deadline - time.monotonic()

    def check(self, tokens: int = 0, money: Decimal = Decimal(0)) -> None:
        """Raise a final ModelError where a call that may cost this much would pass a cap."""
        if self.left() <= 0:
            raise ModelError(
                "the report's deadline has passed; no further call is made",
                final=True,
                limit="deadline",
                notice="这一期的时限到了，不再请求模型",
            )
        used = self.spent.tokens_in + self.spent.tokens_out + self.held_tokens
        if self.tokens is not None and used + tokens > self.tokens:
            raise ModelError(
                f"the report has used {used} of {self.tokens} tokens and the next call may take {tokens}; "
                "raise QUANTSHARK_LLM__REPORT_TOKENS or show fewer facts",
                final=True,
                notice=f"这一期已用 {used}/{self.tokens} 词元，下一次可能再用 {tokens}；提高 QUANTSHARK_LLM__REPORT_TOKENS 或少给事实",
                limit="tokens",
            )
        cost = (self.spent.cost or Decimal(0)) + self.held_money
        if self.money is not None and cost + money > self.money:
            raise ModelError(
                f"the report has cost {cost} of {self.money} and the next call may cost {money:.4f}; "
                "raise QUANTSHARK_LLM__REPORT_MONEY",
                final=True,
                notice=f"这一期已花 {cost}，上限 {self.money}，下一次可能再花 {money:.4f}；提高 QUANTSHARK_LLM__REPORT_MONEY",
                limit="money",
            )

    @contextlib.contextmanager
    def hold(self, tokens: int, money: Decimal) -> Generator[None]:
        """Set aside what a call may cost while it is in flight: calls side by side must not pass a cap together."""
        self.check(tokens, money)
        self.held_tokens += tokens
        self.held_money += money
        try:
            yield
        finally:
            self.held_tokens -= tokens
            self.held_money -= money

    def add(self, usage: Usage) -> None:
        self.spent = total(self.spent, usage)


def total(one: Usage, other: Usage) -> Usage:
    """Both together. A cost that nobody knows stays unknown only where neither side knows one."""
    cost = None if one.cost is None and other.cost is None else (one.cost or Decimal(0)) + (other.cost or Decimal(0))
    return Usage(
        calls=one.calls + other.calls,
        tokens_in=one.tokens_in + other.tokens_in,
        tokens_out=one.tokens_out + other.tokens_out,
        tokens_cached=one.tokens_cached + other.tokens_cached,
        retries=one.retries + other.retries,
        seconds=one.seconds + other.seconds,
        cost=cost,
        currency=one.currency or other.currency,
    )


@dataclass(slots=True)
class Circuit:
    """Open after `failures` in a row, for `seconds`; then one probe at a time decides."""

    failures: int = 5
    seconds: float = 15.0
    failed: int = 0
    opened: float | None = None
    probing: bool = False

    def enter(self) -> None:
        if self.opened is None:
            return
        wait = self.opened + self.seconds - time.monotonic()
        if wait > 0 or self.probing:
            raise ModelError(
                "the endpoint failed several times in a row and is left alone for a moment",
                final=True,
                notice="模型接口接连失败，先停一会儿",
                retry_after=max(wait, 0.0),
                limit="circuit",
            )
        self.probing = True

    def succeeded(self) -> None:
        self.failed, self.opened, self.probing = 0, None, False

    def broke(self) -> None:
        self.failed += 1
        self.probing = False
        if self.failed >= self.failures:
            self.opened = time.monotonic()

    def abandoned(self) -> None:
        """The caller went away or the fault was ours: the endpoint has proved nothing."""
        self.probing = False


@dataclass(slots=True)
class Pace:
    """At most `in_flight` calls at once and `per_minute` starts a minute, over all reports that share the endpoint."""

    in_flight: int = 64
    per_minute: int | None = None
    gate: asyncio.Semaphore | None = None
    next_start: float = 0.0

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncGenerator[None]:
        self.gate = self.gate or asyncio.Semaphore(self.in_flight)
        async with self.gate:
            await self._wait_for_turn()
            yield

    async def _wait_for_turn(self) -> None:
        if self.per_minute is None:
            return
        now = time.monotonic()
        start = max(now, self.next_start)
        self.next_start = start + 60.0 / self.per_minute
        await asyncio.sleep(start - now)


def journal_key(model: str, ask: Ask) -> str:
    """What was asked of whom, as one hash."""
    told = [model, ask.messages, ask.schema, ask.max_tokens, ask.temperature]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Endpoint:
    """A model that answers or raises ModelError, within the deadline, counted."""

    def __init__(  # noqa: PLR0913  the composition root names each part once
        self,
        chat: Chat,
        *,
        journal: Journal | None = None,
        read_journal: bool = True,
        call_seconds: float = 120.0,
        attempts: int = 4,
        backoff: float = 0.5,
        price: Price | None = None,
        pace: Pace | None = None,
        circuit: Circuit | None = None,
    ) -> None:
        self.chat = chat
        self.journal = journal
        self.read_journal = read_journal
        self.call_seconds = call_seconds
        self.attempts = attempts
        self.backoff = backoff
        self.price = price
        self.pace = pace or Pace()
        self.circuit = circuit or Circuit()

    @property
    def name(self) -> str:
        return self.chat.name

    def is_called(self, model: str) -> bool:
        """Is this who was asked? Providers answer with a dated name (gpt-4o-2024-08-06), or with none."""
        asked = self.chat.name.partition("@")[0]
        return not model or model.startswith(asked) or asked.startswith(model)

    async def ask(self, ask: Ask, budget: Budget) -> Reply:
        """The reply to `ask`, from the journal or the wire. Raises ModelError."""
        key = journal_key(self.chat.name, ask)
        kept = self._kept(key)
        if kept is not None:
            return kept
        budget.check()
        reply = await self._retried(ask, budget)
        if self.journal is not None:
            self.journal.put(key, _to_json(reply))
        return reply

    def _kept(self, key: str) -> Reply | None:
        if self.journal is None or not self.read_journal:
            return None
        text = self.journal.get(key)
        return None if text is None else _from_json(text)

    async def _retried(self, ask: Ask, budget: Budget) -> Reply:
        tries = AsyncRetrying(
            retry=retry_if_exception(_worth_another_try),
            stop=lambda state: stop_after_attempt(self.attempts)(state) or _too_late(state, budget),
            wait=self._wait,
            reraise=True,
        )
        return await tries(self._once, ask, budget, tries)

    def _wait(self, state: RetryCallState) -> float:
        told = _failure(state)
        jittered = wait_random_exponential(multiplier=self.backoff, max=20.0)(state)
        return max(jittered, told.retry_after or 0.0) if told else jittered

    async def _once(self, ask: Ask, budget: Budget, tries: AsyncRetrying) -> Reply:
        self.circuit.enter()
        try:
            async with self.pace.slot():
                reply = await self._timed(ask, budget)
        except ModelError as error:
            self.circuit.abandoned() if error.final else self.circuit.broke()
            raise
        except BaseException:
            self.circuit.abandoned()
            raise
        self.circuit.succeeded()
        retries = int(tries.statistics.get("attempt_number", 1)) - 1
        budget.add(Usage(retries=retries))
        return replace(reply, usage=replace(reply.usage, retries=retries))

    async def _timed(self, ask: Ask, budget: Budget) -> Reply:
        """One request on the wall clock; the time spent waiting for a slot counts against the report, not the call."""
        most = Usage(tokens_in=sum(estimate_tokens(told) for _, told in ask.messages), tokens_out=ask.max_tokens)
        money = self.price.of(most) if self.price is not None else Decimal(0)
        began = time.monotonic()
        seconds = min(self.call_seconds, budget.left())
        with budget.hold(most.tokens_in + most.tokens_out, money):
            try:
                async with asyncio.timeout(seconds):
                    reply = await self.chat.send(ask)
            except TimeoutError as error:
                raise ModelError(
                    f"{self.name} gave no whole answer in {seconds:.0f} s",
                    limit="call",
                    notice=f"{self.name} 在 {seconds:.0f} 秒内没有答完",
                ) from error
            usage = replace(reply.usage, calls=1, seconds=time.monotonic() - began)
            if self.price is not None:
                usage = replace(usage, cost=self.price.of(usage), currency=self.price.currency)
            budget.add(usage)
        return replace(reply, usage=usage)


def _failure(state: RetryCallState) -> ModelError | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, ModelError) else None


def _worth_another_try(error: BaseException) -> bool:
    return isinstance(error, ModelError) and not error.final


def _too_late(state: RetryCallState, budget: Budget) -> bool:
    """Would the next try begin after the deadline? Then the next model, or the rules, have the time instead."""
    error = _failure(state)
    return budget.left() <= ((error.retry_after or 0.0) if error else 0.0)


def _to_json(reply: Reply) -> str:
    kept = {"text": reply.text, "finish": reply.finish, "model": reply.model}
    used = asdict(reply.usage)
    return json.dumps({**kept, **used}, ensure_ascii=False, default=str)


def _from_json(text: str) -> Reply:
    """A reply that was paid before: it costs nothing now, so its usage is empty."""
    kept = json.loads(text)
    return Reply(text=kept["text"], finish=kept["finish"], model=kept["model"], cached=True)


def paid_for(text: str) -> Usage:
    """What a reply of the journal cost when it was paid."""
    kept = json.loads(text)
    cost = kept.get("cost")
    return Usage(
        calls=kept.get("calls", 1),
        tokens_in=kept["tokens_in"],
        tokens_out=kept["tokens_out"],
        tokens_cached=kept.get("tokens_cached", 0),
        retries=kept.get("retries", 0),
        seconds=kept.get("seconds", 0.0),
        cost=None if cost is None else Decimal(cost),
        currency=kept.get("currency", ""),
    )
