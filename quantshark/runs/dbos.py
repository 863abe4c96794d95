"""Durable runs on DBOS: a SQLite file or a schema in PostgreSQL, the same code. The one importer of its library.

A procedure is started under a key, once on all machines; its finished steps are read after a crash, not repeated. DBOS
leaves the runs of a dead process pending for ever: `recover` puts them back into their lane, and who calls it has made
sure that the process is dead. Steps are at-least-once all the same: paid calls go through the journal, what goes out
through the outbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    SetEnqueueOptions,
    SetWorkflowID,
)

from quantshark.runs import Procedure, RunState, adapter_of
from quantshark.store.database import log_ahead

T = TypeVar("T")

FILE_CONNECTIONS = 3
"""To a SQLite file, of which one writes at a time: threads that wait for a connection get theirs in turn, those that wait
for SQLite's lock poll for it, and some starve."""
VERSION = "1"
"""Of the procedures' steps: raised when their order changes, so that a run begun under the old one is not misread."""

STATES: Mapping[str, RunState] = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "running",
    "SUCCESS": "done",
}


@dataclass(frozen=True, slots=True)
class Lane:
    """A queue with a limit of its own: runs at once on all machines (`everywhere`) and on one (`here`)."""

    name: str
    everywhere: int | None = None
    here: int | None = None


class DurableSteps:
    """Steps of one run, kept by DBOS."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id

    @property
    def run_id(self) -> str:
        return self._run_id

    def step(self, name: str, returns: type[T], action: Callable[[], T]) -> T:
        """Read the step's result, or make it and write it down before anyone uses it."""
        adapter = adapter_of(returns)

        def kept() -> str:
            return adapter.dump_json(action()).decode()

        return adapter.validate_json(DBOS.run_step({"name": name}, kept))


class DurableEngine:
    """Starts procedures, works on them (`working`), and says how they stand. One at a time in a process."""

    def __init__(
        self,
        url: str,
        executor: str,
        procedures: Mapping[str, Procedure],
        lanes: Sequence[Lane],
        *,
        look_seconds: float = 0.25,
        stop_seconds: int = 0,
        traces: str = "",
    ) -> None:
        """`stop_seconds`: how long a stop waits for what runs; the rest stays pending and is taken up by others.

        `traces`: where OpenTelemetry takes spans of runs and steps (OTLP over HTTP; needs the extra `otel`).
        """
        self.executor = executor
        self._look_seconds = look_seconds
        self._stop_seconds = stop_seconds
        self._lanes = lanes
        self._config: DBOSConfig = {
            "name": "quantshark",
            "system_database_url": url,
            "executor_id": executor,
            "application_version": VERSION,
            "serializer": DBOSPortableJSONSerializer(),
            "notification_listener_polling_interval_sec": look_seconds,
            "log_level": "CRITICAL",
            "run_migrations": True,
        }
        if url.startswith("sqlite"):
            log_ahead(Path(url.removeprefix("sqlite:///")))
            self._config["sys_db_pool_size"] = FILE_CONNECTIONS
        if traces:
            self._config |= {"enable_otlp": True, "otlp_traces_endpoints": [traces]}
        self._procedures = procedures
        self._workflows: dict[str, Callable[[str, str], None]] = {}

    def __enter__(self) -> Self:
        DBOS(config=self._config)
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        for name, procedure in self._procedures.items():
            self._workflows[name] = _workflow(name, procedure)
        DBOS.launch()
        for lane in self._lanes:
            DBOS.register_queue(
                lane.name,
                global_concurrency=lane.everywhere,
                worker_concurrency=lane.here,
                polling_interval_sec=self._look_seconds,
                on_conflict="always_update",
            )
        return self

    def __exit__(self, *_: object) -> None:
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=self._stop_seconds)

    def start(self, procedure: str, key: str, told: str, lane: str, urgency: int) -> None:
        """Put a run into its lane; a key that was started before is not started again. Lower urgency goes first."""
        with SetWorkflowID(key), SetEnqueueOptions(priority=urgency):
            DBOS.enqueue_workflow(lane, self._workflows[procedure], key, told)

    def state(self, key: str) -> RunState | None:
        """How a run stands; None where it never began."""
        found = DBOS.get_workflow_status(key)
        return None if found is None else STATES.get(found.status, "failed")

    def executors(self) -> frozenset[str]:
        """The names of those who have runs in hand."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return frozenset(status.executor_id for status in pending if status.executor_id)

    def recover(self, executor: str) -> int:
        """Put the runs of a dead executor back into their lanes; gives how many."""
        # Not public: the public way (`resume_workflow`) forgets the lane and does not ask whose run it is.
        return len(DBOS._recover_pending_workflows([executor]))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _workflow(name: str, procedure: Procedure) -> Callable[[str, str], None]:
    @DBOS.workflow(name=name, max_recovery_attempts=None)
    def run(key: str, told: str) -> None:
        procedure(DurableSteps(key), told)

    return run


def system_url(store_url: str, home_file: str) -> str:
    """Where DBOS keeps its books: a file of its own beside a SQLite store, its own schema in the same PostgreSQL."""
    return store_url if store_url.startswith("postgres") else f"sqlite:///{home_file}"


__all__: Sequence[Any] = ["DurableEngine", "DurableSteps", "Lane", "system_url"]
