"""Something that is done again and again until it is told to stop, and that outlives whatever goes wrong in one round.

This is where a broad `except` belongs: a database that is restarted, a full disk or a bug in one round must not end a
desk that nobody watches. What went wrong is logged and counted; after a failure the next round waits longer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Self

LOG = logging.getLogger(__name__)
LONGEST = 30.0


class Service:
    """One thread that repeats one thing."""

    def __init__(self, name: str, action: Callable[[], object], every: float) -> None:
        self.name = name
        self.last_good: float | None = None
        """When a round last went well, on the monotonic clock."""
        self.failures = 0
        self._action = action
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Let the round in progress end, and begin no other."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def once(self) -> bool:
        """One round; False where it went wrong."""
        try:
            self._action()
        except Exception:
            self.failures += 1
            LOG.exception("a round went wrong", extra={"service": self.name})
            return False
        self.failures = 0
        self.last_good = time.monotonic()
        return True

    def _repeat(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            good = self.once()
            wait = self._every if good else min(max(self._every, 0.5) * 2 ** min(self.failures, 6), LONGEST)
