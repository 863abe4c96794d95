"""A draft under way that others can watch: its events are kept, it shows that it lives, and it stops when asked to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from quantshark.errors import CancelledError
from quantshark.model import Event, Listener
from quantshark.store import Store

T = TypeVar("T")

LOOK_SECONDS = 0.3
"""How often a running draft looks whether somebody stopped it."""
PULSE_LOOKS = 30
"""A sign of life every so many looks."""
SILENT_SECONDS = 60.0
"""An open run that has been silent for so long was interrupted."""


class Live:
    """A listener that keeps what it hears in the store, then passes it on."""

    def __init__(self, store: Store, run_id: str, then: Listener) -> None:
        self._store = store
        self._run_id = run_id
        self._then = then

    def __call__(self, event: Event) -> None:
        self._store.tell(self._run_id, event)
        self._then(event)


async def watched(work: Coroutine[Any, Any, T], store: Store, run_id: str) -> T:
    """The result of `work`; raises CancelledError soon after somebody asked the run to stop."""
    task = asyncio.ensure_future(work)
    try:
        stop_if_asked(await asyncio.to_thread(store.seen_alive, run_id), run_id)
        looks = 0
        while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
            looks += 1
            look = store.seen_alive if looks % PULSE_LOOKS == 0 else store.cancelled_by
            stop_if_asked(await asyncio.to_thread(look, run_id), run_id)
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


def stop_if_asked(asked: str, run_id: str) -> None:
    if asked:
        raise CancelledError(f"{asked} stopped the run {run_id}; draft again to go on", actor=asked)
