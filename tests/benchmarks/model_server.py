"""A model that does as it is told and takes its time: `python -m tests.benchmarks.model_server SECONDS IN_FLIGHT`.

A real HTTP server in a process of its own. It writes what a question's schema asks for, as the careful model of the
writers' tests does, so that a whole report is written, checked and paid for; its address is its first line.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from quantshark.writers.calls import Ask
from tests.writers.conftest import dutiful
from tests.writers.wire import completion, streamed


class Shape(BaseModel):
    json_schema: dict[str, Any] = {}


class Form(BaseModel):
    """What is read of a question."""

    messages: list[dict[str, str]]
    response_format: Shape = Shape()


async def serve(seconds: float, in_flight: int) -> None:
    gate = asyncio.Semaphore(in_flight)

    async def answer(request: web.Request) -> web.Response:
        told = await request.json()
        async with gate:
            await asyncio.sleep(seconds)
        text = _said(told)
        if told.get("stream"):
            return web.Response(body=streamed([text]).body, content_type="text/event-stream")
        return web.Response(body=completion(text), content_type="application/json")

    app = web.Application(client_max_size=10_000_000)
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=2048)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}/v1", flush=True)
    await asyncio.Event().wait()


def _said(told: dict[str, Any]) -> str:
    form = Form.model_validate(told)
    schema: dict[str, Any] = form.response_format.json_schema.get("schema") or {}
    ask = Ask(tuple((message["role"], message["content"]) for message in form.messages), schema=schema)
    return json.dumps({key: dutiful(key, ask) for key in schema.get("properties", {})}, ensure_ascii=False)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), int(sys.argv[2])))
