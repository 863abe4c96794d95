"""The in-process engine: what was done is not done again, what failed is closed with its reason."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from quantshark.runs.inline import InlineEngine, MemoryBook


@dataclass(frozen=True)
class Flow:
    """A noun with the types that JSON does not know."""

    day: date
    value: Decimal


FLOW = Flow(date(2025, 12, 11), Decimal("-5287000000"))


class Killed(BaseException):
    """What a kill looks like from inside: no `except Exception` sees it."""


class Counter:
    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self) -> Flow:
        self.calls += 1
        return FLOW


async def test_a_killed_run_goes_on_where_it_stopped() -> None:
    book, first, second = MemoryBook(), Counter(), Counter()

    async def whole(*, kill: bool) -> tuple[Flow, Flow]:
        async with InlineEngine(book).open("radar", "inputs") as run:
            one = await run.step("one", Flow, first)
            if kill:
                raise Killed
            return one, await run.step("two", Flow, second)

    with pytest.raises(Killed):
        await whole(kill=True)
    assert await whole(kill=False) == (FLOW, FLOW)
    assert (first.calls, second.calls) == (1, 1)


async def test_a_cancelled_run_stays_open() -> None:
    book, first = MemoryBook(), Counter()
    for _ in range(2):
        with pytest.raises(asyncio.CancelledError):
            async with InlineEngine(book).open("radar", "inputs") as run:
                await run.step("one", Flow, first)
                raise asyncio.CancelledError
    assert first.calls == 1


@pytest.mark.parametrize("ends_with", [None, ValueError("no")], ids=["done", "failed"])
async def test_a_closed_run_is_not_resumed(ends_with: Exception | None) -> None:
    book, first = MemoryBook(), Counter()

    async def whole() -> None:
        async with InlineEngine(book).open("radar", "inputs") as run:
            await run.step("one", Flow, first)
            if ends_with:
                raise ends_with

    for _ in range(2):
        try:
            await whole()
        except ValueError:
            assert ends_with
    assert first.calls == 2


async def test_other_inputs_are_another_run() -> None:
    book, first = MemoryBook(), Counter()
    for inputs in ("a", "b"):
        with pytest.raises(Killed):
            async with InlineEngine(book).open("radar", inputs) as run:
                await run.step("one", Flow, first)
                raise Killed
    assert first.calls == 2


async def test_two_steps_of_one_name_are_refused() -> None:
    async with InlineEngine(MemoryBook()).open("radar", "inputs") as run:
        await run.step("one", Flow, Counter())
        with pytest.raises(ValueError, match="two steps named 'one'"):
            await run.step("one", Flow, Counter())


async def test_steps_side_by_side() -> None:
    async with InlineEngine(MemoryBook()).open("radar", "inputs") as run:
        results = await asyncio.gather(*(run.step(f"write:{n}", Flow, Counter()) for n in range(5)))
    assert results == [FLOW] * 5
