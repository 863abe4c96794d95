"""What an operator's monitoring sees: `/healthz` and `/metrics` (Prometheus) on a port of this machine.

Counted from the store at each look, so that every worker tells the same of the whole desk; only the ages of this
process's own rounds are its own.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from quantshark.errors import StoreError
from quantshark.runs.service import Service
from quantshark.store import Store

WINDOW = timedelta(days=7)
SILENT_SECONDS = 120.0
"""A service that has not had a good round for so long is not well."""


class DeskCollector(Collector):
    """The desk's last week in numbers."""

    def __init__(self, store: Store, services: Sequence[Service]) -> None:
        self._store = store
        self._services = services

    def collect(self) -> Iterator[Metric]:
        now = self._store.clock()
        yield from self._slots()
        yield from self._drafts()
        parcels = Counter(parcel.state for parcel in self._store.parcels())
        yield _family(
            "outbox", "Parcels for channels by state", ("state",), {(s,): float(n) for s, n in parcels.items()}
        )
        notices = Counter(notice.kind for notice in self._store.notices(limit=1000) if notice.at >= now - WINDOW)
        yield _family(
            "notices", "Notices of the last week by kind", ("kind",), {(k,): float(n) for k, n in notices.items()}
        )
        newest = self._store.newest_known(now)
        if newest is not None:
            yield _family(
                "newest_document_age_seconds", "Age of the newest document", (), {(): (now - newest).total_seconds()}
            )
        ages = {(s.name,): time.monotonic() - s.last_good for s in self._services if s.last_good is not None}
        yield _family("round_age_seconds", "Since this process's services last had a good round", ("service",), ages)

    def _slots(self) -> Iterator[Metric]:
        slots = self._store.slots(since=self._store.clock() - WINDOW)
        states = Counter((slot.edition, slot.state) for slot in slots)
        yield _family(
            "slots", "Slots of the last week", ("edition", "state"), {key: float(n) for key, n in states.items()}
        )
        ended = [slot for slot in slots if slot.state == "published" and slot.ended_at is not None]
        on_time = Counter("on_time" if s.ended_at and s.ended_at <= s.deadline else "late" for s in ended)
        yield _family(
            "slots_published",
            "Published slots of the last week",
            ("when",),
            {(k,): float(n) for k, n in on_time.items()},
        )
        delays = [(s.started_at - s.due_at).total_seconds() for s in slots if s.started_at is not None]
        if delays:
            yield _family("start_delay_seconds_max", "Longest delay of a start in the last week", (), {(): max(delays)})

    def _drafts(self) -> Iterator[Metric]:
        since = self._store.clock() - WINDOW
        drafts = [saved.draft for saved in self._store.drafts(limit=500) if saved.saved_at >= since]
        yield _family("drafts", "Drafts of the last week", (), {(): float(len(drafts))})
        yield _family(
            "repairs",
            "Repair rounds of the last week",
            (),
            {(): float(sum(s.rounds for d in drafts for s in d.sections))},
        )
        yield _family(
            "tokens",
            "Tokens of the last week",
            ("direction",),
            {
                ("in",): float(sum(d.usage.tokens_in for d in drafts)),
                ("out",): float(sum(d.usage.tokens_out for d in drafts)),
            },
        )
        cost: defaultdict[tuple[str, ...], float] = defaultdict(float)
        for draft in drafts:
            if draft.usage.cost is not None:
                cost[draft.usage.currency,] += float(draft.usage.cost)
        yield _family("cost", "Money of the last week", ("currency",), cost)


def _family(name: str, what: str, labels: tuple[str, ...], values: dict[tuple[str, ...], float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"quantshark_{name}", what, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family


def health(store: Store, services: Sequence[Service]) -> tuple[bool, dict[str, object]]:
    """Is this process well: its services have good rounds, and the store answers?"""
    late = [s.name for s in services if s.last_good is None or time.monotonic() - s.last_good > SILENT_SECONDS]
    try:
        waiting = len(store.parcels("waiting"))
    except StoreError as error:
        return False, {"well": False, "store": str(error)}
    return not late, {"well": not late, "silent": late, "waiting": waiting}


@contextmanager
def watched(store: Store, services: Sequence[Service], port: int) -> Generator[int]:
    """Serve health and metrics on 127.0.0.1 until the block ends; gives the port (0 asks for any)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(DeskCollector(store, services))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(HTTPStatus.OK, "text/plain; version=0.0.4; charset=utf-8", generate_latest(registry))
            elif self.path == "/healthz":
                well, told = health(store, services)
                status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
                self._answer(status, "application/json", json.dumps(told, ensure_ascii=False).encode())
            else:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"/healthz /metrics\n")

        def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            """Monitoring asks every few seconds; that is no news."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    thread = Thread(target=server.serve_forever, name="watch", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
