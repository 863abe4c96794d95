"""Durable runs behind one seam: a run is a row of named steps, and what a step gave is kept before the next begins.

After a crash the run is opened again under the same key: steps that were done are read, not repeated; the one in flight
runs once more. So a step must be safe to repeat: paid calls go through the journal, publishing through the outbox.
Step names are unique within a run; results are kept as JSON of the declared type. A run that failed or is done is
closed, and the same key then opens a new run.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")


class Run(Protocol):
    """One execution in progress."""

    @property
    def run_id(self) -> str: ...

    async def step(self, name: str, returns: type[T], action: Callable[[], Awaitable[T]]) -> T:
        """The result of `action`, from the record where the step was done before; `returns` is the type it is kept as."""
        ...


class Engine(Protocol):
    """Opens runs: `async with engine.open("draft radar-2025-12-12-hans", inputs) as run`."""

    def open(self, kind: str, inputs: str) -> AbstractAsyncContextManager[Run]:
        """`kind` says what the run is for, `inputs` is a hash of all that its steps depend on: other inputs, other run."""
        ...


class RunRow(Protocol):
    """A run as the book has it."""

    @property
    def run_id(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def input(self) -> str: ...


class Book(Protocol):
    """Where runs and the results of their steps are written down; the store is one."""

    def runs(self, state: Literal["open"], limit: int = 100) -> Sequence[RunRow]:
        """Newest first."""
        ...

    def open_run(self, run_id: str, kind: str = "", input: str = "") -> RunRow: ...  # noqa: A002 - the store's word

    def close_run(self, run_id: str, state: Literal["done", "failed"], error: str = "") -> None: ...

    def step(self, run_id: str, name: str) -> str | None: ...

    def keep_step(self, run_id: str, name: str, result: str) -> str:
        """What counts from now on: the first result, where two workers made one."""
        ...
