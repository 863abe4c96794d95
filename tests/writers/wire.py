"""A real HTTP server on loopback that answers chat completions as badly as endpoints do.

`Wire(answers)` serves one answer a request, the last one for ever. Each `Answer` says what is sent and how it goes wrong.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

Fault = Literal["none", "reset", "half_open", "drip", "blank_lines", "close"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply of the server: `body` as sent, `fault` what happens to it on the way, after `delay` seconds."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    fault: Fault = "none"
    delay: float = 0.0


def completion(content: str | None, *, finish: str = "stop", model: str = "stub", tool: str | None = None) -> bytes:
    """A chat completion whose assistant says `content`, or calls one tool with the arguments `tool`."""
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if tool is not None:
        call = {"id": "call_1", "type": "function", "function": {"name": "reply", "arguments": tool}}
        message["tool_calls"] = [call]
    told = {
        "id": "cmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 20,
            "total_tokens": 120,
            "prompt_tokens_details": {"cached_tokens": 70},
        },
    }
    return json.dumps(told, ensure_ascii=False).encode()


def said(content: str, **more: Any) -> Answer:
    return Answer(body=completion(content, **more))


def streamed(
    pieces: Sequence[str], *, finish: str | None = "stop", last: str | None = None, tool: bool = False
) -> Answer:
    """The same as server-sent events, piece by piece; `last` is sent raw in place of the end."""
    deltas: list[dict[str, Any]] = [
        {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": _called(piece, number)}]}
        if tool
        else {"role": "assistant", "content": piece}
        for number, piece in enumerate(pieces)
    ]
    chunks = [json.dumps(_chunk(delta), ensure_ascii=False) for delta in deltas]
    if last is not None:
        chunks.append(last)
    else:
        chunks.append(json.dumps(_chunk({}, finish=finish)))
        usage = json.loads(completion(""))["usage"]
        chunks += [json.dumps({**_chunk(None), "usage": usage}), "[DONE]"]
    body = "".join(f"data: {chunk}\n\n" for chunk in chunks)
    return Answer(body=body.encode(), headers={"content-type": "text/event-stream"})


def _called(piece: str, number: int) -> dict[str, str]:
    return {"arguments": piece} | ({"name": "reply"} if not number else {})


def _chunk(delta: dict[str, Any] | None, finish: str | None = None) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "stub", "choices": choices}


class Wire:
    """The server; `url` is its base address, `asked` the requests it has seen, as JSON."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=2048)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        sizes = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        body = await reader.readexactly(int(sizes[0])) if sizes else b"{}"
        self.asked.append(json.loads(body))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(answer.delay)
            return await self._send(writer, answer)
        finally:
            self.in_flight -= 1

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        kind = answer.headers.get("content-type", "application/json")
        head = [f"HTTP/1.1 {answer.status} X", f"content-type: {kind}", f"content-length: {len(answer.body)}"]
        head += [f"{name}: {value}" for name, value in answer.headers.items() if name != "content-type"]
        start = ("\r\n".join(head) + "\r\n\r\n").encode()
        if answer.fault == "close":
            return False
        writer.write(start)
        await writer.drain()
        match answer.fault:
            case "none":
                writer.write(answer.body)
                await writer.drain()
                return True
            case "reset":
                writer.write(answer.body[: len(answer.body) // 2])
                await writer.drain()
                writer.transport.abort()
            case "half_open":
                await asyncio.sleep(60)
            case "drip":
                for byte in answer.body:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(0.05)
            case "blank_lines":
                while True:
                    writer.write(b"\n")
                    await writer.drain()
                    await asyncio.sleep(0.05)
        return False
