"""Takes up what the dead left: runs that stay pending for ever, and parcels under a lease that nobody will end.

The one place that does so. A worker is dead when nobody holds its lock; on a server, whose restart takes everybody's
lock for a moment, only when that is so at two looks with some time between. Two reapers do no harm: putting a run back
and ending a lease happen in one statement each, which finds nothing the second time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from quantshark.store import Store
from quantshark.store.presence import is_alive

LOG = logging.getLogger(__name__)


class Recovering(Protocol):
    """Who can say whose runs are in hand, and put those of the dead back."""

    def executors(self) -> Iterable[str]: ...

    def recover(self, executor: str) -> int: ...


class Reaper:
    """Looks for the dead."""

    def __init__(
        self,
        store: Store,
        engine: Recovering,
        me: str,
        patience: float = 5.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._engine = engine
        self._me = me
        self._patience = patience if store.is_postgres else 0.0
        self._now = now
        self._missing: dict[str, float] = {}

    def look(self) -> int:
        """Put back the runs of those who have been dead for a while; gives how many."""
        known = {*self._engine.executors(), *self._store.holders()} - {self._me}
        self._missing = {name: since for name, since in self._missing.items() if name in known}
        return sum(self._bury(name) for name in sorted(known) if self._dead(name))

    def _dead(self, name: str) -> bool:
        if is_alive(self._store, name):
            self._missing.pop(name, None)
            return False
        since = self._missing.setdefault(name, self._now())
        return self._now() - since >= self._patience

    def _bury(self, name: str) -> int:
        freed, runs = self._store.free_parcels(name), self._engine.recover(name)
        LOG.warning("took up what %s left", name, extra={"runs": runs, "parcels": freed})
        return runs
