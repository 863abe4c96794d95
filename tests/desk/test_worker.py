"""A slot from due to published: once, whoever starts it, and held where the rules say so."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quantshark.desk.house import House, running
from quantshark.desk.planner import PROCEDURE, RULES_LANE
from quantshark.desk.policy import Trust
from quantshark.desk.refresh import Problem
from quantshark.desk.worker import Drafting, Order, order_json
from quantshark.model import SHANGHAI
from quantshark.newsroom import Assignment, Outcome
from quantshark.store import SlotRecord
from tests.desk.stub import Keeper, house, stock

DUE = datetime(2026, 11, 26, 8, 30, tzinfo=SHANGHAI)
SLOT = "radar-2026-11-26-hans"


class Watch:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch(DUE)


@pytest.fixture
def desk(tmp_path: Path, watch: Watch) -> Iterator[House]:
    made = house(f"sqlite:///{tmp_path / 'news.db'}", tmp_path, watch, Keeper(tmp_path / "channel"))
    stock(made.store, DUE)
    with made.store:
        yield made


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that a machine under load may do late; a failure says that it never came."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def ended(desk: House, slot: str = SLOT) -> bool:
    return any(
        record.slot_id == slot and record.state in ("published", "held", "cancelled") for record in desk.store.slots()
    )


def test_a_slot_that_is_due_goes_out(desk: House, tmp_path: Path) -> None:
    with running(desk, plans=False, works=False) as at:
        at.planner.look(DUE - timedelta(minutes=1))
        assert desk.store.slots() == ()
        at.planner.look(DUE)
        at.planner.look(DUE)
        until(lambda: ended(desk))
    record = desk.store.slot(SLOT)
    assert (record.state, record.release_id, record.detail) == ("published", f"{SLOT}-r1", "")
    assert (tmp_path / "channel" / "arrivals").read_text("utf-8") == f"{SLOT}-r1\n"


def test_what_does_not_meet_the_rules_waits_for_an_editor(desk: House, watch: Watch) -> None:
    strict = replace(desk, plan=desk.asked().model_copy(update={"policy": "supervised"}))
    with running(strict, plans=False, works=False) as at:
        at.planner.look(DUE)
        until(lambda: ended(desk))
        record = desk.store.slot(SLOT)
        assert (record.state, record.release_id) == ("held", "")
        [notice] = desk.store.notices()
        assert notice.kind == "held"
        assert "每一期都等编辑" in notice.text
        watch.now = record.expires_at + timedelta(seconds=1)
        at.planner.look(watch.now)
        assert desk.store.slot(SLOT).state == "cancelled"
        assert desk.store.receipts() == ()


def test_at_the_deadline_the_rules_version_goes_out(desk: House, watch: Watch) -> None:
    waits = replace(desk, plan=desk.asked().model_copy(update={"policy": "standard"}), trust=None)
    with running(waits, plans=False, works=False) as at:
        at.planner.look(DUE)
        until(lambda: ended(desk))
        assert desk.store.slot(SLOT).state == "held"
        assert "信任未满" in desk.store.slot(SLOT).detail
        at.planner.look(DUE + timedelta(minutes=27))
        assert desk.store.slot(SLOT).state == "held"
        at.planner.look(DUE + timedelta(minutes=28))
        until(lambda: desk.store.slot(SLOT).state == "published")
    assert len(desk.store.receipts()) == 1


def test_trust_is_asked_for_as_far_as_the_policy_wants_it(desk: House, tmp_path: Path) -> None:
    (tmp_path / "policies.yaml").write_text("mine: {approvals: 30}\n", "utf-8")

    def trust(_edition: str, enough: int) -> Trust:
        return Trust(enough)

    mine = replace(desk, plan=desk.asked().model_copy(update={"policy": "mine"}), trust=trust)
    with running(mine, plans=False, works=False) as at:
        at.planner.look(DUE)
        until(lambda: ended(desk))
    assert desk.store.slot(SLOT).state == "published"


def test_what_came_too_late_is_cancelled_with_a_notice(desk: House, watch: Watch) -> None:
    with running(desk, plans=False, works=False) as at:
        at.planner.look(DUE)
        until(lambda: ended(desk))
        watch.now = DUE + timedelta(days=1, hours=3)
        at.planner.look(watch.now)
        late = desk.store.slot("radar-2026-11-27-hans")
        assert late.state == "cancelled"
        assert [n.kind for n in desk.store.notices() if n.subject == late.slot_id] == ["missed"]
        at.planner.look(watch.now)
        assert len(desk.store.notices()) == 1


def test_a_desk_that_never_ran_has_missed_nothing(desk: House, watch: Watch) -> None:
    watch.now = DUE + timedelta(hours=5)
    with running(desk, plans=False, works=False) as at:
        at.planner.look(watch.now)
    assert desk.store.slots() == ()
    assert desk.store.notices() == ()


def test_a_clock_that_jumps_starts_nothing_twice(desk: House, watch: Watch, tmp_path: Path) -> None:
    with running(desk, plans=False, works=False) as at:
        for now in (DUE, DUE - timedelta(hours=1), DUE + timedelta(hours=1), DUE - timedelta(hours=1), DUE):
            watch.now = now
            at.planner.look(now)
        until(lambda: ended(desk))
    assert len(desk.store.slots()) == 1
    assert (tmp_path / "channel" / "arrivals").read_text("utf-8").count("\n") <= 1


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A newsroom during whose writing something happens."""

    writes: Drafting
    happens: Callable[[], object]

    def begin(self, task: Assignment) -> Callable[[], Coroutine[Any, Any, Outcome]]:
        ready = self.writes.begin(task)

        async def written() -> Outcome:
            outcome = await ready()
            self.happens()
            return outcome

        return written


@pytest.mark.parametrize("how", ["too late", "cancelled"])
def test_a_slot_that_ends_while_it_is_written_stays_ended(desk: House, watch: Watch, how: str) -> None:
    def happens() -> None:
        if how == "too late":
            watch.now = DUE + timedelta(days=3)
        else:
            desk.store.mark_slot(SLOT, "cancelled", "停牌")

    with running(replace(desk, drafting=Meanwhile(desk.drafting, happens)), plans=False, works=False) as at:
        at.planner.look(DUE)
        until(lambda: at.engine.state(SLOT) == "done")
    record = desk.store.slot(SLOT)
    assert (record.state, record.release_id) == ("cancelled", "")
    assert (desk.store.parcels(), desk.store.receipts()) == ((), ())
    assert [notice.kind for notice in desk.store.notices()] == (["cancelled"] if how == "too late" else [])


@dataclass(frozen=True, slots=True)
class SlowFeeds:
    """Feeds that take three days, as a run does that is taken up again after a crash."""

    watch: Watch

    def refresh(self, now: datetime) -> Sequence[Problem]:  # noqa: ARG002
        self.watch.now = DUE + timedelta(days=3)
        return ()


def test_what_nobody_can_publish_any_more_is_not_paid_for(desk: House, watch: Watch) -> None:
    begun: list[str] = []
    counted = Meanwhile(desk.drafting, lambda: begun.append("paid"))
    with running(replace(desk, drafting=counted, refresher=SlowFeeds(watch)), plans=False, works=False) as at:
        at.planner.look(DUE)
        until(lambda: at.engine.state(SLOT) == "done")
    assert (desk.store.slot(SLOT).state, begun) == ("cancelled", [])
    assert [notice.kind for notice in desk.store.notices()] == ["cancelled"]


def test_a_run_does_not_begin_what_has_ended(desk: House) -> None:
    later = DUE + timedelta(hours=1)
    desk.store.open_slot(SlotRecord(SLOT, "radar", DUE.date(), "hans", DUE, later, later, "cancelled", "停牌"))
    order = Order(SLOT, "radar", "雷达", "hans", DUE.date(), DUE, later, later, "trusting", ("keeper",))
    with running(desk, plans=False, works=False) as at:
        at.engine.start(PROCEDURE, SLOT, order_json(order), RULES_LANE, 1)
        until(lambda: at.engine.state(SLOT) == "done")
    assert desk.store.slot(SLOT).state == "cancelled"
    assert desk.store.releases() == ()
