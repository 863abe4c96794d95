"""What our own side of the model calls costs: a zero-latency stub, fan-out of 8, and 64 and 256 calls in flight.

The stub is a real HTTP server in a process of its own. The ratio is against the stub's ideal (its delay), in one run; the
default HTTP transport is measured beside the one that we chose.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import openai

from quantshark.writers import chain
from quantshark.writers.calls import Ask, Budget, Endpoint, Pace
from tests.benchmarks.measuring import Row, Served, at_most

DELAY = 2.0
CALLS = 8
STUB = """
import asyncio, sys
from tests.writers.wire import Answer, Wire, completion
async def main(delay):
    async with Wire([Answer(body=completion("好" * 600), delay=delay)]) as wire:
        print(wire.url, flush=True)
        await asyncio.sleep(600)
asyncio.run(main(float(sys.argv[1])))
"""


def measure() -> Iterator[Row]:
    with _stub(0.0) as url:
        yield at_most(
            "own CPU of 8 calls, warm", 1000 * _cpu_of_a_report(url), 150, "ms", "zero-latency stub, median of 9"
        )
    with _stub(DELAY) as url:
        yield at_most("8 sections of 2 s at once", _ratio(url, CALLS), 1.1, "x", "wall / longest call")
        for many, target in ((64, 1.25), (256, 1.6)):
            yield at_most(
                f"{many} calls in flight, aiohttp",
                _ratio(url, many),
                target,
                "x",
                "wall / the stub's ideal, first call included",
            )
            plain = _ratio(url, many, default_transport=True)
            yield Row(
                what=f"{many} calls in flight, default transport", measured=f"{plain:.2f} x", how="for comparison"
            )


def _stub(delay: float) -> Served:
    return Served("-c", STUB, str(delay))


def _cpu_of_a_report(url: str) -> float:
    async def run() -> float:
        chat = chain.ChatEndpoint("stub", url, "none")
        spent = [await _fan_out(Endpoint(chat), CALLS, time.process_time) for _ in range(10)]
        await chat.close()
        return sorted(spent[1:])[4]

    return asyncio.run(run())


def _ratio(url: str, many: int, *, default_transport: bool = False) -> float:
    async def run() -> float:
        chosen = chain.http_client
        if default_transport:
            chain.http_client = lambda: openai.DefaultAsyncHttpxClient(limits=openai.DEFAULT_CONNECTION_LIMITS)
        try:
            chat = chain.ChatEndpoint("stub", url, "none")
        finally:
            chain.http_client = chosen
        spent = await _fan_out(Endpoint(chat, pace=Pace(in_flight=many)), many, time.perf_counter)
        await chat.close()
        return spent / DELAY

    return asyncio.run(run())


async def _fan_out(endpoint: Endpoint, many: int, clock: object) -> float:
    now = time.process_time if clock is time.process_time else time.perf_counter
    began = now()
    asks = [Ask((("user", f"第{n}段" + "事实" * 2000),)) for n in range(many)]
    await asyncio.gather(*(endpoint.ask(ask, Budget.of(120)) for ask in asks))
    return now() - began
