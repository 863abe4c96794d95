"""Who writes: the rules writer, or the configured models with repair, circuit and caps, the rules last.

What belongs to an endpoint (its circuit, its pace, its way of taking a schema) is shared by all reports of a process;
what belongs to a report (deadline, caps, the check on its sections) is made anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from quantshark.checks import Evidence
from quantshark.context import Context
from quantshark.data import load_prices
from quantshark.errors import SettingsError
from quantshark.model import Journal, Mark, Price, Verdict
from quantshark.newsroom import drafting
from quantshark.settings import ModelSettings, Settings
from quantshark.writers.calls import Budget, Circuit, Endpoint, Pace
from quantshark.writers.fallback import FallbackWriter
from quantshark.writers.llm import ModelWriter
from quantshark.writers.prompt_book import PromptBook
from quantshark.writers.repair import RepairingWriter
from quantshark.writers.rules import RuleWriter

if TYPE_CHECKING:
    from quantshark.writers.chain import ChatEndpoint


def budget_of(settings: ModelSettings) -> Budget:
    """What one report may cost."""
    return Budget.of(settings.report_seconds, settings.report_tokens, settings.report_money)


def models(
    settings: Settings,
    context: Context,
    evidence: Evidence,
    budget: Budget,
    journal: Journal | None,
    *,
    read_journal: bool = True,
    stream: bool = False,
) -> FallbackWriter:
    """The configured models in order, each with its own repair, and the rules writer behind them.

    `stream` where somebody listens: then the words of an answer are told as they come.
    """
    llm = settings.llm
    if not llm.configured:
        raise SettingsError(
            "no model is configured; set QUANTSHARK_LLM__BASE_URL and QUANTSHARK_LLM__MODEL, or draft with --writer rules"
        )
    book = PromptBook.of(settings.prompts_dir)
    writers = [
        repaired(
            ModelWriter(
                endpoint(llm, name, journal, read_journal=read_journal),
                budget,
                prompts=book,
                context_tokens=llm.context_tokens,
                style=llm.style,
                stream=stream,
            ),
            context,
            evidence,
        )
        for name in (llm.model, *llm.fallbacks)
    ]
    return FallbackWriter(*writers, RuleWriter())


def endpoint(llm: ModelSettings, model: str, journal: Journal | None, *, read_journal: bool = True) -> Endpoint:
    """A model of the configured endpoint, under the limits that all reports of this process share."""
    return Endpoint(
        _chat(model, llm.base_url, llm.api_key.get_secret_value(), llm.method, llm.call_seconds),
        journal=journal,
        read_journal=read_journal,
        call_seconds=llm.call_seconds,
        price=price_of(llm, model),
        pace=_pace(llm.base_url, llm.in_flight, llm.per_minute, _loop()),
        circuit=_circuit(llm.base_url, model),
    )


def price_of(llm: ModelSettings, model: str) -> Price | None:
    """What the model costs, None where nobody knows. Raises SettingsError for a cap on money that nobody could count."""
    known = load_prices().get(model)
    if known is None and llm.report_money is not None:
        raise SettingsError(
            f"report_money is set, but no price of {model!r} is known; add it to prices.json in QUANTSHARK_REGISTRY_DIR"
        )
    return known


def repaired(writer: ModelWriter, context: Context, evidence: Evidence) -> RepairingWriter:
    """A model whose sections are held to the check on the evidence of a draft."""

    def verdicts(text: str, marks: Sequence[Mark]) -> Iterable[Verdict]:
        return drafting.stranger(text, marks, context, evidence).verdicts

    return RepairingWriter(writer, verdicts, evidence.names)


def prompts(context: Context, folder: Path | None) -> dict[str, str]:
    """The content hashes of the prompt files that a model is asked with."""
    return PromptBook.of(folder).digests(context.edition)


_chats: dict[tuple[object, ...], ChatEndpoint] = {}


def _chat(model: str, base_url: str, api_key: str, method: str, seconds: float) -> ChatEndpoint:
    """The wire to a model; what it found out about the endpoint is kept for the next report of the same event loop."""
    from quantshark.writers.chain import METHODS, ChatEndpoint, Method  # noqa: PLC0415  more than a second: only who asks a model pays

    key = (_loop(), model, base_url, api_key, method, seconds)
    if key not in _chats:
        known: Method | None = next((name for name in METHODS if name == method), None)
        _chats[key] = ChatEndpoint(model, base_url, api_key, method=known, seconds=seconds)
    return _chats[key]


async def close() -> None:
    """Give back the connections of this event loop, before it ends and they are torn."""
    for key in [key for key in _chats if key[0] is _loop()]:
        await _chats.pop(key).close()


def _loop() -> asyncio.AbstractEventLoop | None:
    """The event loop of the caller: connections and gates belong to one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


@lru_cache(maxsize=16)
def _pace(
    _base_url: str, in_flight: int, per_minute: int | None, _belongs_to: asyncio.AbstractEventLoop | None
) -> Pace:
    return Pace(in_flight=in_flight, per_minute=per_minute)


@lru_cache(maxsize=16)
def _circuit(_base_url: str, _model: str) -> Circuit:
    return Circuit()
