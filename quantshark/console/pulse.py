"""A heartbeat: has anything changed in the house? One look a moment for all who listen, however many they are."""

from __future__ import annotations

import asyncio
import time

from starlette.concurrency import run_in_threadpool

from quantshark.store import Store

EVERY = 0.5
"""Seconds between looks; an editor takes that for at once."""


class Pulse:
    """The state of the house as a short text that changes whenever anything does."""

    def __init__(self, store: Store, every: float = EVERY) -> None:
        self._store = store
        self.every = every
        self.stopped = False
        self._seen = ""
        self._looked = 0.0
        self._turn = asyncio.Lock()

    async def now(self) -> str:
        """The state, not older than one beat."""
        async with self._turn:
            if time.monotonic() - self._looked >= self.every:
                self._seen = await run_in_threadpool(self.look)
                self._looked = time.monotonic()
            return self._seen

    def look(self) -> str:
        """The newest entry of the trail and the newest run: every verb leaves one of them."""
        trail = self._store.audit_trail(limit=1)
        runs = self._store.runs(limit=3)
        told = [f"{entry.at.timestamp()}{entry.subject}" for entry in trail]
        told += [f"{run.run_id}{run.state}" for run in runs]
        return "|".join(told)

    def stop(self) -> None:
        """The house closes: streams end."""
        self.stopped = True

    async def beat(self) -> None:
        await asyncio.sleep(self.every)
