"""What monitoring and people are told of a desk."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from quantshark.calendars import Calendar
from quantshark.desk import plan
from quantshark.desk.alarms import Alarms, rising
from quantshark.desk.house import running
from quantshark.desk.notices import Notices
from quantshark.desk.timetable import Timetable
from quantshark.desk.watch import watched
from quantshark.model import Document
from quantshark.runs.service import Service
from quantshark.store import Notice, SlotRecord, Store
from tests.desk.stub import Keeper, house, stock

NOW = datetime(2026, 11, 26, 0, 10, tzinfo=UTC)
RECORD = SlotRecord(
    "radar-2026-11-26-hans", "radar", date(2026, 11, 26), "hans",
    NOW - timedelta(hours=1), NOW - timedelta(minutes=30), NOW + timedelta(minutes=5),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'news.db'}", lambda: NOW) as opened:
        yield opened


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.loopback
def test_health_and_metrics(store: Store) -> None:
    store.open_slot(RECORD)
    store.mark_slot(RECORD.slot_id, "published")
    store.put([(Document("a", "新闻", published_at=NOW - timedelta(hours=2)), [])])
    service = Service("planner", lambda: None, 60)
    with watched(store, [service], 0) as port:
        assert get(port, "/healthz")[0] == 503
        assert service.once()
        status, told = get(port, "/healthz")
        assert (status, json.loads(told)["well"]) == (200, True)
        _, metrics = get(port, "/metrics")
        assert get(port, "/else")[0] == 404
    assert 'quantshark_slots{edition="radar",state="published"} 1.0' in metrics
    assert 'quantshark_slots_published{when="late"} 1.0' in metrics
    assert "quantshark_newest_document_age_seconds 7200.0" in metrics


def test_a_round_that_goes_wrong_ends_no_service() -> None:
    def bad() -> None:
        raise OSError("disk full")

    service = Service("bad", bad, 1)
    assert not service.once()
    assert not service.once()
    assert service.failures == 2


def test_late_and_stale_are_told_once(store: Store) -> None:
    timetable = Timetable(plan.entries(plan.DeskPlan()), Calendar)
    alarms = Alarms(store, lambda: timetable, Notices(store))
    store.open_slot(RECORD)
    alarms.look(NOW)
    alarms.look(NOW)
    assert sorted(notice.kind for notice in store.notices()) == ["late", "stale"]


def test_stale_is_told_before_eight_in_the_morning(store: Store) -> None:
    """When it is still yesterday in UTC."""
    early = plan.DeskPlan.model_validate({"editions": {"radar": {"at": "07:50"}}})
    Alarms(store, lambda: Timetable(plan.entries(early), Calendar), Notices(store)).look(NOW - timedelta(minutes=30))
    [notice] = store.notices()
    assert (notice.kind, notice.subject) == ("stale", "2026-11-26")


def test_a_rising_repair_rate() -> None:
    assert rising([2] * 10 + [0] * 30)
    assert not rising([2] * 10 + [2] * 30)
    assert not rising([5] + [0] * 9 + [0] * 30)
    assert not rising([2] * 10)


def test_a_messenger_is_given_each_notice_once(store: Store) -> None:
    carried: list[str] = []

    class Robot:
        def carry(self, notice: Notice) -> None:
            carried.append(notice.text)

    notices = Notices(store, lambda: (Robot(),))
    assert notices.tell("held", "a", "等编辑")
    assert not notices.tell("held", "a", "等编辑")
    notices.carry()
    notices.carry()
    assert carried == ["等编辑"]


@pytest.mark.loopback
def test_spans_of_runs_and_steps_reach_a_collector(tmp_path: Path) -> None:
    pytest.importorskip(
        "opentelemetry.exporter.otlp.proto.http", reason="no exporter is installed: pip install 'quantshark[otel]'"
    )
    heard: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    Thread(target=server.serve_forever, daemon=True).start()
    made = house(f"sqlite:///{tmp_path / 'news.db'}", tmp_path, lambda: NOW, Keeper(tmp_path / "channel"))
    made = replace(made, traces=f"http://127.0.0.1:{server.server_port}/v1/traces")
    stock(made.store, NOW)
    with made.store, running(made, plans=False, works=False) as desk:
        desk.planner.look(NOW + timedelta(minutes=25))
        end = time.monotonic() + 60
        while not any(b"decide" in body for body in heard) and time.monotonic() < end:
            time.sleep(0.1)
    server.shutdown()
    server.server_close()
    assert any(b"decide" in body for body in heard)
