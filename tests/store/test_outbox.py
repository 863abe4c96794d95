from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from quantshark.errors import StoreError
from quantshark.store import Parcel, Store
from tests.store.nouns import receipt, release

ID = "radar-2025-12-11-hans-r1"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2025, 12, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    with Store.open(url, clock=clock) as opened:
        opened.save_release(release())
        yield opened


def another(store: Store, day: int) -> str:
    """A release of a slot of its own."""
    made = replace(release(), release_id=f"radar-2025-12-{day}-hans-r1", day=date(2025, 12, day))
    store.save_release(made)
    return made.release_id


def taken(store: Store, seconds: float = 60) -> Parcel:
    parcel = store.claim("folder", seconds=seconds)
    assert parcel is not None
    return parcel


def test_a_release_goes_out_once(store: Store) -> None:
    assert store.enqueue(ID, "folder")
    assert not store.enqueue(ID, "folder")
    parcel = taken(store)
    assert (parcel.release_id, parcel.channel, parcel.state, parcel.attempt) == (ID, "folder", "claimed", 1)
    assert store.claim("folder") is None
    assert store.settle(receipt())
    assert store.receipts() == (receipt(),)
    assert [parcel.state for parcel in store.parcels()] == ["sent"]
    assert not store.enqueue(ID, "folder")
    assert store.claim("folder") is None


def test_each_channel_has_its_own(store: Store) -> None:
    store.enqueue(ID, "folder")
    store.enqueue(ID, "feed")
    assert store.claim("wechat") is None
    assert taken(store).channel == "folder"
    store.settle(receipt("feed"))
    assert [found.channel for found in store.receipts(release_id=ID)] == ["feed"]
    assert store.receipts(channel="folder") == store.receipts(release_id="x") == ()
    assert [(found.channel, found.state) for found in store.parcels(release_id=ID)] == [
        ("feed", "sent"),
        ("folder", "claimed"),
    ]
    assert [found.channel for found in store.parcels("claimed")] == ["folder"]


def test_only_releases_go_out(store: Store) -> None:
    with pytest.raises(StoreError):
        store.enqueue("nothing", "folder")


def test_a_dead_worker_loses_its_lease(store: Store, clock: Clock) -> None:
    store.enqueue(ID, "folder")
    first = taken(store, seconds=60)
    clock.forward(59)
    assert store.claim("folder") is None
    clock.forward(2)
    second = taken(store, seconds=60)
    assert second.attempt == 2
    assert not store.postpone(first, "too late", clock.now)
    assert not store.give_up(first, "too late")
    assert store.parcels()[0].state == "claimed"
    # It went out all the same: what a channel took, it took. The second worker finds the receipt there.
    assert store.settle(receipt())
    assert not store.settle(receipt())
    assert len(store.receipts()) == 1


def test_a_channel_that_refuses_is_asked_again_later(store: Store, clock: Clock) -> None:
    store.enqueue(ID, "folder")
    assert store.postpone(taken(store), "503", clock.now + timedelta(seconds=30))
    assert store.parcels()[0].error == "503"
    assert store.claim("folder") is None
    clock.forward(31)
    assert taken(store).attempt == 2


def test_a_channel_that_refuses_for_good(store: Store) -> None:
    store.enqueue(ID, "folder")
    assert store.give_up(taken(store), "no such user")
    assert store.claim("folder") is None
    assert store.enqueue(ID, "folder")  # a person mended it
    assert taken(store).attempt == 1, "it is given all its attempts again"


def test_a_channel_that_cannot_say_is_not_asked_again(store: Store, clock: Clock) -> None:
    store.enqueue(ID, "folder")
    assert store.give_up(taken(store), "connection lost", unknown=True)
    clock.forward(1e6)
    assert store.claim("folder") is None
    assert not store.enqueue(ID, "folder")
    assert [parcel.error for parcel in store.parcels("unknown")] == ["connection lost"]


def test_the_oldest_goes_first(store: Store, clock: Clock) -> None:
    queued = [another(store, 12), ID, another(store, 13)]
    for release_id in queued:
        store.enqueue(release_id, "folder")
        clock.forward(1)
    assert [taken(store).release_id for _ in range(3)] == queued


def test_many_workers_take_each_parcel_once(store: Store) -> None:
    for day in range(12, 24):
        store.enqueue(another(store, day), "folder")

    def work(_: int) -> list[str]:
        found: list[str] = []
        while parcel := store.claim("folder", seconds=1e6):
            found.append(parcel.release_id)
        return found

    with ThreadPoolExecutor(6) as pool:
        claimed = [release_id for found in pool.map(work, range(6)) for release_id in found]
    assert len(claimed) == len(set(claimed)) == 12
