"""The wire to a language model, through LangChain: the only door to it in the house.

`ChatEndpoint` speaks to any OpenAI-compatible endpoint (OpenAI, DeepSeek, Qwen, vLLM, Ollama, llama.cpp). It never retries
(`calls` does) and names each failure as a ModelError: final where another try is useless, with `retry_after` where told.
How an endpoint takes a schema (`json_schema`, `function_calling`, `json_mode`) is a setting, or found out once by asking;
whether it streams as well. It is asked to stream only where somebody hears (`Ask.hear`): each piece costs CPU.

Importing this module costs more than a second: the composition root imports it when a model is configured, no sooner.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast

import httpx2
import openai
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from quantshark.errors import ModelError
from quantshark.model import NOTHING_SPENT, Usage
from quantshark.writers.calls import Ask, Hear, Reply

Method = Literal["json_schema", "function_calling", "json_mode"]
METHODS: tuple[Method, ...] = ("json_schema", "function_calling", "json_mode")
MAX_BYTES = 2_000_000
MAX_IN_FLIGHT = 1_000
# What the libraries made while they were imported lives as long as the process: the collector need not walk it again.
gc.freeze()
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
                raise ModelError(
                    f"the reply is larger than {self._limit} bytes",
                    final=True,
                    notice=f"模型的回答超过 {self._limit} 字节，没有读完",
                )
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
    """ChatOpenAI at less cost; it keeps the arguments of a tool call as they were sent: parsed ones have lost their
    duplicate keys."""

    def _get_request_payload(
        self, input_: LanguageModelInput, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """The messages go as they are: the SDK tries each against every kind that it knows, a quarter of what a call costs."""
        made = super()._get_request_payload(input_, stop=stop, **kwargs)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  untyped there
        payload = cast("dict[str, Any]", made)
        if "messages" in payload:
            payload["extra_body"] = {**(payload.get("extra_body") or {}), "messages": payload["messages"]}
            payload["messages"] = []
        return payload

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


NO_ANSWER = "模型的回答不是对话接口的格式"
KEYLESS = "none"
"""What a server that asks for no key is told: the client will not call without one."""


class ChatEndpoint:
    """One model of one endpoint. `seconds` bounds the silence between bytes, which is a whole answer; the call itself is bounded by `calls`."""

    def __init__(
        self, model: str, base_url: str, api_key: str, *, method: Method | None = None, seconds: float = 60.0
    ) -> None:
        self.model = model
        self.method: Method | None = method
        self.streams: bool | None = None
        """Does the endpoint stream? None: nobody has asked it yet."""
        self._base_url = base_url
        self._http = http_client()

        async def key() -> str:  # a plain function would be called in a thread, once a call
            return api_key or KEYLESS

        self._chat = _Chat(
            model=model,
            base_url=base_url,
            api_key=key,
            max_retries=0,
            timeout=seconds,
            http_async_client=self._http,
            stream_usage=True,
        )

    @property
    def name(self) -> str:
        return f"{self.model}@{self._base_url}"

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def send(self, ask: Ask) -> Reply:
        """The model's reply to `ask`. Raises ModelError."""
        wanted = ask.hear is not None and self.streams is not False
        if (ask.schema is None or self.method is not None) and (not wanted or self.streams):
            return await self._asked(ask, _Way(self.method, stream=wanted))
        return await self._find_way(ask, stream=wanted)

    async def _find_way(self, ask: Ask, *, stream: bool) -> Reply:
        """Ask in each way until one is not refused as unknown; keep the one that worked."""
        methods = (self.method,) if ask.schema is None or self.method else METHODS
        refused: ModelError | None = None
        for way in (
            _Way(method, stream=flow) for flow in ((True, False) if stream else (False,)) for method in methods
        ):
            try:
                reply = await self._asked(ask, way)
            except ModelError as error:
                if error.details.get("status") not in {400, 404, 422, 501}:
                    raise
                refused = error
                continue
            self.method = way.method
            self.streams = way.stream if stream else self.streams
            return reply
        raise refused or ModelError(f"{self.name} takes no schema", final=True)

    async def _asked(self, ask: Ask, way: _Way) -> Reply:
        try:
            if way.stream and ask.hear is not None:
                return await self._heard(ask, way, ask.hear)
            return _reply(await self._bound(ask, way.method).ainvoke(_messages(ask.messages)), self.model)
        except ModelError:
            raise
        except (openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError) as error:
            # The SDK will not parse what was cut off. It was answered and paid all the same: whoever asked decides.
            if error.completion is None:
                raise _failure(error, self.name) from error
            return _cut(error.completion, self.model)
        except openai.OpenAIError as error:
            raise _failure(error, self.name) from error
        except (httpx2.HTTPError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            # A body that is no chat completion surfaces in the client as whatever first tripped over it.
            raise _as_model_error(error, self.name) from error

    async def _heard(self, ask: Ask, way: _Way, hear: Hear) -> Reply:
        """The reply of a stream, told as it comes. One that ends without saying why was cut off on the way."""
        hear("")
        stream = _Stream()
        try:
            async for chunk in self._bound(ask, way.method).astream(_messages(ask.messages)):
                if piece := stream.take(chunk):
                    hear(piece)
        except ValueError:
            if stream.text or self.streams:
                raise
        if not stream.finish:
            # Nothing at all from one that never streamed: some proxies answer in one piece whatever they are asked.
            status = 501 if self.streams is None and not stream.text else None
            raise ModelError(
                f"{self.name} broke off its answer after {len(stream.text)} characters",
                status=status,
                notice=f"{self.name} 答到第 {len(stream.text)} 个字就断了",
            )
        return stream.reply(self.model)

    def _bound(self, ask: Ask, method: Method | None) -> Runnable[LanguageModelInput, AIMessage]:
        return self._chat.bind(max_tokens=ask.max_tokens, temperature=ask.temperature, **_binding(ask, method))


@dataclass(frozen=True, slots=True)
class _Way:
    """How an endpoint is asked."""

    method: Method | None
    stream: bool


@dataclass(slots=True)
class _Stream:
    """A reply as far as it has come."""

    text: str = ""
    finish: str = ""
    model: str = ""
    usage: Usage = NOTHING_SPENT

    def take(self, message: BaseMessage) -> str:
        """The words that a chunk brings: content, or the arguments of the one tool call."""
        if not isinstance(message, AIMessageChunk):
            raise ModelError("the endpoint streamed something that is no assistant message", notice=NO_ANSWER)
        if any(call.get("index") for call in message.tool_call_chunks):
            raise ModelError("the endpoint called more than one tool", notice=NO_ANSWER)
        piece = str(message.text) or "".join(call["args"] or "" for call in message.tool_call_chunks)
        self.text += piece
        self.finish = self.finish or str(message.response_metadata.get("finish_reason") or "")
        self.model = self.model or str(message.response_metadata.get("model_name") or "")
        if message.usage_metadata:
            self.usage = _usage(message)
        return piece

    def reply(self, asked: str) -> Reply:
        return Reply(text=self.text, finish=self.finish, model=self.model or asked, usage=self.usage)


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
        raise ModelError("the endpoint answered with something that is no assistant message", notice=NO_ANSWER)
    arguments: list[str] = message.additional_kwargs.get("arguments") or []
    text = arguments[0] if len(arguments) == 1 else str(message.text)
    told = message.response_metadata
    return Reply(
        text=text,
        finish=str(told.get("finish_reason") or ""),
        model=str(told.get("model_name") or asked),
        usage=_usage(message),
    )


def _cut(completion: ChatCompletion, asked: str) -> Reply:
    choice = completion.choices[0]
    used = completion.usage
    return Reply(
        text=choice.message.content or "",
        finish=choice.finish_reason,
        model=completion.model or asked,
        usage=NOTHING_SPENT if used is None else _paid(used),
    )


def _paid(used: CompletionUsage) -> Usage:
    cached = used.prompt_tokens_details.cached_tokens if used.prompt_tokens_details else None
    return Usage(tokens_in=used.prompt_tokens, tokens_out=used.completion_tokens, tokens_cached=cached or 0)


def _usage(message: AIMessage | AIMessageChunk) -> Usage:
    used = message.usage_metadata
    if not used:
        return NOTHING_SPENT
    cached = (used.get("input_token_details") or {}).get("cache_read", 0)
    return Usage(tokens_in=used["input_tokens"], tokens_out=used["output_tokens"], tokens_cached=cached or 0)


def _failure(error: openai.OpenAIError, name: str) -> ModelError:
    if isinstance(error, openai.APIStatusError):
        return _status_failure(error, name)
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__
        if isinstance(cause, ModelError):
            return cause
        return ModelError(
            f"{name} cannot be reached ({type(error).__name__}); is the server running and the address right?",
            notice=f"连不上 {name}：服务在运行吗，地址对吗？",
        )
    return ModelError(
        f"{name} answered with what is no chat completion ({type(error).__name__})",
        notice=f"{name} 的回答不是对话接口的格式",
    )


def _status_failure(error: openai.APIStatusError, name: str) -> ModelError:
    status = error.status_code
    told = str(error.body or "").lower()
    spent = status == 402 or (status == 429 and any(word in told for word in _QUOTA))
    final = spent or (300 <= status < 500 and status not in {408, 409, 425, 429})
    why = "the quota is used up" if spent else f"HTTP {status}"
    return ModelError(
        f"{name} refused the call: {why}",
        final=final,
        retry_after=_retry_after(error.response),
        status=status,
        notice=f"{name} 拒绝了请求：{'额度用完' if spent else f'HTTP {status}'}",
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
    return ModelError(
        f"{name} answered with what is no chat completion ({type(error).__name__})",
        notice=f"{name} 的回答不是对话接口的格式",
    )
