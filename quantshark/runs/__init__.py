"""Durable runs behind one seam: a run is a row of named steps, and what a step gave is kept before the next begins.

After a crash the run is opened again under the same key: steps that were done are read, not repeated; the one in flight
runs once more. So a step must be safe to repeat: paid calls go through the journal, publishing through the outbox.
Step names are unique within a run; results are kept as JSON of the declared type. A run that failed or is done is
closed, and the same key then opens a new run.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from typing import Literal, Protocol, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


@lru_cache(maxsize=64)
def adapter_of(returns: type[T]) -> TypeAdapter[T]:
    """How a step's result is written down and read again; made once a type, as making one takes longer than its work."""
    return TypeAdapter(returns)


class Run(Protocol):
    """One execution in progress."""

    @property
    def run_id(self) -> str: ...

    async def step(self, name: str, returns: type[T], action: Callable[[], Awaitable[T]]) -> T:
        """The result of `action`, from the record where the step was done before; `returns` is the type it is kept as."""
        ...


class Engine(Protocol):
    """Opens runs: `async with engine.open("radar-2025-12-12-hans", inputs) as run`."""

    def open(self, name: str, inputs: str) -> AbstractAsyncContextManager[Run]:
        """`name` says what the run is for, `inputs` is a hash of all that its steps depend on: other inputs, other run."""
        ...


class Book(Protocol):
    """Where runs and the results of their steps are written down; the store keeps one."""

    def open_run(self, name: str, inputs: str) -> str:
        """The id of the unfinished run of that name and inputs, else of a new one."""
        ...

    def step_result(self, run_id: str, step: str) -> str | None: ...

    def keep_step(self, run_id: str, step: str, result: str) -> None: ...

    def close_run(self, run_id: str, *, error: str = "") -> None: ...


RunState = Literal["queued", "running", "done", "failed"]


class Steps(Protocol):
    """One execution of a procedure in progress: what `Run` is, for work that waits in a thread of its own."""

    @property
    def run_id(self) -> str: ...

    def step(self, name: str, returns: type[T], action: Callable[[], T]) -> T:
        """The result of `action`, from the record where the step was done before; steps come in the same order again."""
        ...


Procedure = Callable[[Steps, str], None]
"""Work that is started by name and key with a text that says what to do; all that it reads, it reads in steps."""


class Starter(Protocol):
    """Starts procedures, each key once on all machines."""

    def start(self, procedure: str, key: str, told: str, lane: str, urgency: int) -> None:
        """Put a run into a lane; lower urgency goes first."""
        ...

    def state(self, key: str) -> RunState | None: ...
