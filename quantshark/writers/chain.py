"""The wire to a language model, through LangChain: the only door to it in the house.

`ChatEndpoint` speaks to any OpenAI-compatible endpoint (OpenAI, DeepSeek, Qwen, vLLM, Ollama, llama.cpp). It never retries
(`calls` does) and names each failure as a ModelError: final where another try is useless, with `retry_after` where told.
How an endpoint takes a schema (`json_schema`, `function_calling`, `json_mode`) is a setting, or found out once by asking.

Importing this module costs more than a second: the composition root imports it when a model is configured, no sooner.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx2
import openai
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from quantshark.errors import ModelError
from quantshark.model import Usage
from quantshark.writers.calls import Ask, Reply

Method = Literal["json_schema", "function_calling", "json_mode"]
METHODS: tuple[Method, ...] = ("json_schema", "function_calling", "json_mode")
MAX_BYTES = 2_000_000
MAX_IN_FLIGHT = 1_000
_QUOTA = ("insufficient_quota", "insufficient balance", "insufficient_balance", "quota_exceeded", "billing")


class _Capped(httpx2.AsyncByteStream):
    """A response body that ends in an error where it grows past the cap, before it fills the memory."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream, self._limit = stream, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._stream:
            size += len(part)
            if size > self._limit:
                raise ModelError(f"the reply is larger than {self._limit} bytes", final=True)
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _cap(response: httpx2.Response) -> None:
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Capped(response.stream, MAX_BYTES)


def http_client() -> httpx2.AsyncClient:
    """aiohttp under the SDK: the default pool re-checks every connection and collapses above some 250 calls in flight.

    No redirects: a key is never sent to another host than the configured one.
    """
    limits = httpx2.Limits(max_connections=MAX_IN_FLIGHT, max_keepalive_connections=100)
    return openai.DefaultAioHttpClient(follow_redirects=False, limits=limits, event_hooks={"response": [_cap]})


class _Chat(ChatOpenAI):
    """ChatOpenAI that keeps the arguments of a tool call as they were sent: parsed ones have lost their duplicate keys."""

    def _create_chat_result(self, response: Any, generation_info: dict[str, Any] | None = None) -> ChatResult:
        made: ChatResult = super()._create_chat_result(response, generation_info)  # pyright: ignore[reportUnknownMemberType]  untyped there
        told: _Told = _Told.model_validate(response, from_attributes=True)
        for generation, choice in zip(made.generations, told.choices, strict=True):
            generation.message.additional_kwargs["arguments"] = [
                call.function.arguments for call in choice.message.tool_calls or ()
            ]
        return made


class _Function(BaseModel):
    arguments: str


class _Call(BaseModel):
    function: _Function


class _Message(BaseModel):
    tool_calls: list[_Call] | None = None


class _Choice(BaseModel):
    message: _Message


class _Told(BaseModel):
    """What we read ourselves of a chat completion."""

    choices: list[_Choice]


class ChatEndpoint:
    """One model of one endpoint. `seconds` bounds the silence between bytes, which is a whole answer; the call itself is bounded by `calls`."""

    def __init__(
        self, model: str, base_url: str, api_key: str, *, method: Method | None = None, seconds: float = 60.0
    ) -> None:
        self.model = model
        self.method: Method | None = method
        self._base_url = base_url
        self._http = http_client()
        self._chat = _Chat(
            model=model,
            base_url=base_url,
            api_key=lambda: api_key,
            max_retries=0,
            timeout=seconds,
            http_async_client=self._http,
            stream_usage=False,
        )

    @property
    def name(self) -> str:
        return f"{self.model}@{self._base_url}"

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def send(self, ask: Ask) -> Reply:
        """The model's reply to `ask`. Raises ModelError."""
        if ask.schema is None or self.method is not None:
            return await self._invoke(ask, self.method)
        return await self._find_method(ask)

    async def _find_method(self, ask: Ask) -> Reply:
        """Ask in each way until one is not refused as unknown; keep the one that worked."""
        refused: ModelError | None = None
        for method in METHODS:
            try:
                reply = await self._invoke(ask, method)
            except ModelError as error:
                if error.details.get("status") not in {400, 404, 422, 501}:
                    raise
                refused = error
                continue
            self.method = method
            return reply
        raise refused or ModelError(f"{self.name} takes no schema", final=True)

    async def _invoke(self, ask: Ask, method: Method | None) -> Reply:
        try:
            message = await self._runnable(ask, method).ainvoke(ask.messages)
        except ModelError:
            raise
        except openai.OpenAIError as error:
            raise _failure(error, self.name) from error
        except (httpx2.HTTPError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            # A body that is no chat completion surfaces in the client as whatever first tripped over it.
            raise _as_model_error(error, self.name) from error
        return _reply(message, self.model)

    def _runnable(self, ask: Ask, method: Method | None) -> Runnable[tuple[tuple[str, str], ...], BaseMessage]:
        bound = self._chat.bind(max_tokens=ask.max_tokens, temperature=ask.temperature, **_binding(ask, method))
        return RunnableLambda(_messages) | bound


def _messages(told: tuple[tuple[str, str], ...]) -> list[BaseMessage]:
    made = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [made[role](content=text) for role, text in told]


def _binding(ask: Ask, method: Method | None) -> dict[str, Any]:  # what the wire takes is the SDK's own JSON
    if ask.schema is None:
        return {}
    shape = {"name": ask.schema_name, "schema": dict(ask.schema), "strict": True}
    match method:
        case "json_schema":
            return {"response_format": {"type": "json_schema", "json_schema": shape}}
        case "function_calling":
            tool = {"name": ask.schema_name, "parameters": dict(ask.schema)}
            choice = {"type": "function", "function": {"name": ask.schema_name}}
            return {"tools": [{"type": "function", "function": tool}], "tool_choice": choice}
        case _:
            return {"response_format": {"type": "json_object"}}


def _reply(message: BaseMessage, asked: str) -> Reply:
    if not isinstance(message, AIMessage | AIMessageChunk):
        raise ModelError("the endpoint answered with something that is no assistant message")
    arguments: list[str] = message.additional_kwargs.get("arguments") or []
    text = arguments[0] if len(arguments) == 1 else str(message.text)
    used = message.usage_metadata
    usage = Usage(
        tokens_in=used["input_tokens"] if used else 0,
        tokens_out=used["output_tokens"] if used else 0,
        tokens_cached=(used.get("input_token_details") or {}).get("cache_read", 0) if used else 0,
    )
    told = message.response_metadata
    return Reply(
        text=text, finish=str(told.get("finish_reason") or ""), model=str(told.get("model_name") or asked), usage=usage
    )


def _failure(error: openai.OpenAIError, name: str) -> ModelError:
    if isinstance(error, openai.APIStatusError):
        return _status_failure(error, name)
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__
        if isinstance(cause, ModelError):
            return cause
        return ModelError(
            f"{name} cannot be reached ({type(error).__name__}); is the server running and the address right?"
        )
    return ModelError(f"{name} answered with what is no chat completion ({type(error).__name__})")


def _status_failure(error: openai.APIStatusError, name: str) -> ModelError:
    status = error.status_code
    told = str(error.body or "").lower()
    spent = status == 402 or (status == 429 and any(word in told for word in _QUOTA))
    final = spent or (300 <= status < 500 and status not in {408, 409, 425, 429})
    why = "the quota is used up" if spent else f"HTTP {status}"
    return ModelError(
        f"{name} refused the call: {why}", final=final, retry_after=_retry_after(error.response), status=status
    )


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds, from a number or a date. A negative or unreadable one says nothing."""
    told = response.headers.get("retry-after")
    if told is None:
        return None
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return seconds if 0 <= seconds < float("inf") else None


def _as_model_error(error: Exception, name: str) -> ModelError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ModelError):
            return cause
        cause = cause.__cause__
    return ModelError(f"{name} answered with what is no chat completion ({type(error).__name__})")
