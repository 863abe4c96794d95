"""Runs in this process, one step after another or side by side as the caller awaits them. No server, no threads.

A failure leaves the run closed with its reason; a killed process leaves it open, and the next `open` of the same name
and inputs goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import uuid4

from quantshark.runs import Book, adapter_of

T = TypeVar("T")


class InlineRun:
    """Steps of one run, kept in a book."""

    def __init__(self, book: Book, run_id: str) -> None:
        self._book = book
        self._run_id = run_id
        self._names: set[str] = set()

    @property
    def run_id(self) -> str:
        return self._run_id

    async def step(self, name: str, returns: type[T], action: Callable[[], Awaitable[T]]) -> T:
        """Read the step's result, or make it and write it down before anyone uses it."""
        if name in self._names:
            raise ValueError(f"run {self._run_id} has two steps named {name!r}; give each its own name")
        self._names.add(name)
        adapter = adapter_of(returns)
        kept = self._book.step_result(self._run_id, name)
        if kept is not None:
            return adapter.validate_json(kept)
        result = await action()
        self._book.keep_step(self._run_id, name, adapter.dump_json(result).decode())
        return result


class InlineEngine:
    """Opens runs on a book."""

    def __init__(self, book: Book) -> None:
        self._book = book

    @asynccontextmanager
    async def open(self, name: str, inputs: str) -> AsyncGenerator[InlineRun]:
        """A run that is closed when the block ends well or fails; a cancelled or killed one stays open to be resumed."""
        run_id = self._book.open_run(name, inputs)
        try:
            yield InlineRun(self._book, run_id)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._book.close_run(run_id, error=f"{type(error).__name__}: {error}")
            raise
        self._book.close_run(run_id)


class MemoryBook:
    """Runs that end with the process: for drafts from files alone, which touch no store."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], str] = {}
        self._steps: dict[tuple[str, str], str] = {}

    def open_run(self, name: str, inputs: str) -> str:
        return self._open.setdefault((name, inputs), uuid4().hex)

    def step_result(self, run_id: str, step: str) -> str | None:
        return self._steps.get((run_id, step))

    def keep_step(self, run_id: str, step: str, result: str) -> None:
        self._steps[run_id, step] = result

    def close_run(self, run_id: str, *, error: str = "") -> None:  # noqa: ARG002  (nobody reads it after us)
        self._open = {key: value for key, value in self._open.items() if value != run_id}
