"""What stops a release stops it at once: not one claim is committed after the stop has returned."""

from __future__ import annotations

import os
import random
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from quantshark.errors import NotFoundError
from quantshark.store import Store
from tests.store.nouns import release

ID = "radar-2025-12-11-hans-r1"
ROUNDS = int(os.environ.get("FAULTS", "0")) or 12
"""`FAULTS=1000` runs each race a thousand times."""


@pytest.fixture
def waiting(store: Store) -> Store:
    store.save_release(release())
    store.enqueue(ID, "folder")
    return store


def test_a_halt_stops_every_channel_until_it_is_lifted(waiting: Store) -> None:
    halt = waiting.halt("行情源出错", "陈")
    assert waiting.halt("又一次", "李") == halt == waiting.halted()
    assert waiting.claim("folder") is None
    stop = waiting.stop(ID)
    assert stop is not None
    assert (stop.kind, stop.reason, stop.actor) == ("halted", "行情源出错", "陈")
    assert waiting.resume()
    assert not waiting.resume()
    assert waiting.halted() is None
    assert waiting.claim("folder") is not None


def test_an_embargoed_release_waits_for_its_moment(waiting: Store) -> None:
    waiting.save_release(release(script="hant"))
    waiting.enqueue("radar-2025-12-11-hant-r1", "folder")
    moment = datetime.now(UTC) + timedelta(hours=1)
    waiting.embargo(ID, moment, "陈")
    assert waiting.embargoed(ID) == moment
    claimed = waiting.claim("folder")
    assert claimed is not None
    assert "hant" in claimed.release_id
    assert waiting.claim("folder") is None
    waiting.clock = lambda: moment
    assert waiting.stop(ID) is None
    assert waiting.claim("folder") is not None


def test_an_embargo_can_be_lifted(waiting: Store) -> None:
    waiting.embargo(ID, datetime.now(UTC) + timedelta(hours=1))
    waiting.embargo(ID, None)
    assert waiting.embargoed(ID) is None
    assert waiting.claim("folder") is not None


def test_a_withdrawn_release_is_never_claimed_again(waiting: Store) -> None:
    taken = waiting.withdraw(ID, "数字有误", "陈")
    assert waiting.withdraw(ID, "另一个理由", "李") == taken == waiting.withdrawn(ID)
    assert waiting.claim("folder") is None
    assert waiting.stop(ID) is not None


def test_a_release_never_goes_out_over_its_correction(waiting: Store) -> None:
    correction = "radar-2025-12-11-hans-r2"
    waiting.save_release(release(2))
    assert waiting.stop(ID) is None, "what waits for no channel supersedes nothing"
    waiting.save_release(release(3, script="hant"))
    waiting.enqueue("radar-2025-12-11-hant-r3", "elsewhere")
    assert waiting.stop(ID) is None, "the other script has files of its own"
    waiting.enqueue(correction, "site")
    stop = waiting.stop(ID)
    assert stop is not None
    assert (stop.kind, stop.reason) == ("superseded", correction)
    assert waiting.claim("folder") is None
    assert waiting.claim("site") is not None
    assert waiting.stop(correction) is None


def test_only_a_release_can_be_embargoed_or_withdrawn(store: Store) -> None:
    with pytest.raises(NotFoundError, match="quantshark releases"):
        store.embargo("nothing", datetime.now(UTC))
    with pytest.raises(NotFoundError):
        store.withdraw("nothing", "因为")


def claimed(store: Store) -> int:
    return len(store.parcels("claimed"))


class Claimers:
    """Workers that take whatever they can get until they are told to go home."""

    def __init__(self, store: Store, count: int = 3) -> None:
        self._store = store
        self._home = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(count)]

    def _work(self) -> None:
        while not self._home.is_set():
            self._store.claim("folder", seconds=1e6)
            time.sleep(0.0005)

    def __enter__(self) -> Claimers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._home.set()
        for thread in self._threads:
            thread.join()


def numbered(store: Store, first: int, count: int) -> list[str]:
    ids = [f"radar-2025-12-11-hans-r{number}" for number in range(first, first + count)]
    for number in range(first, first + count):
        store.save_release(release(number))
    return ids


def test_not_one_claim_after_a_halt_has_returned(store: Store) -> None:
    chance = random.Random(1)  # noqa: S311
    for number in range(ROUNDS):
        with Claimers(store):
            for release_id in numbered(store, number * 3 + 1, 3):
                store.enqueue(release_id, "folder")
            time.sleep(chance.uniform(0, 0.004))
            store.halt("试验")
            before = claimed(store)
            time.sleep(0.003)
        assert claimed(store) == before, f"a claim was committed after the halt of round {number}"
        store.resume()


def test_not_one_claim_of_an_embargoed_release(store: Store) -> None:
    """The embargo is set while workers are after the release: it is claimed before, or not at all."""
    chance = random.Random(2)  # noqa: S311
    later = datetime.now(UTC) + timedelta(days=1)
    for number in range(ROUNDS):
        (release_id,) = numbered(store, number + 1, 1)
        with Claimers(store):
            store.enqueue(release_id, "folder")
            time.sleep(chance.uniform(0, 0.004))
            store.embargo(release_id, later)
            before = claimed(store)
            time.sleep(0.003)
        assert claimed(store) == before, f"a claim was committed after the embargo of round {number}"


def test_an_embargo_ends_at_its_moment_and_not_before(store: Store) -> None:
    for number in range(ROUNDS):
        (release_id,) = numbered(store, number + 1, 1)
        moment = datetime.now(UTC) + timedelta(seconds=0.02)
        store.embargo(release_id, moment)
        store.enqueue(release_id, "folder")
        while store.claim("folder", seconds=1e6) is None:
            time.sleep(0.001)
        assert datetime.now(UTC) >= moment, f"round {number} went out early"
