"""Each channel by itself; what was cut off on a channel that cannot tell is a person's to decide; a stop is a stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quantshark.desk.courier import Courier
from quantshark.desk.notices import Notices
from quantshark.desk.reaper import Reaper
from quantshark.errors import ReleaseError, TargetError
from quantshark.model import Receipt, Release
from quantshark.newsroom.handing import ATTEMPTS
from quantshark.newsroom.outgoing import Shelf
from quantshark.press.release import Bundle
from quantshark.store import SlotRecord, Store
from quantshark.store.presence import presence
from tests.desk.stub import Keeper
from tests.store.nouns import release

NOW = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


class Cross(Keeper):
    """A channel that refuses."""

    unknown = False

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:  # noqa: ARG002
        raise TargetError("no", unknown=self.unknown)


class Damaged(Keeper):
    """A channel among whose earlier releases one cannot be read."""

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:  # noqa: ARG002
        raise ReleaseError("an earlier release has no ledger")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'news.db'}", clock) as opened:
        yield opened


def courier(store: Store, tmp_path: Path, *channels: Keeper, holder: str = "me") -> Courier:
    shelf = Shelf(tmp_path / "releases")
    made = release()
    store.save_release(made)
    files = {f"{made.stem}{ending}": b"x" for ending in (".md", ".html", ".ledger.json")}
    shelf.put(Bundle(made, files))
    for channel in channels:
        store.enqueue(made.release_id, channel.name)
    return Courier(store, shelf, {c.name: c for c in channels}.__getitem__, Notices(store), holder)


def states(store: Store) -> dict[str, str]:
    return {parcel.channel: parcel.state for parcel in store.parcels()}


def test_a_channel_that_refuses_holds_no_other_up(store: Store, tmp_path: Path, clock: Clock) -> None:
    cross, keeper = Cross(tmp_path / "a", "cross"), Keeper(tmp_path / "b")
    at = courier(store, tmp_path, cross, keeper)
    at.sweep()
    assert states(store) == {"cross": "waiting", "keeper": "sent"}
    for _ in range(ATTEMPTS):
        clock.now += timedelta(minutes=11)
        at.sweep()
    assert states(store) == {"cross": "failed", "keeper": "sent"}
    assert [notice.kind for notice in store.notices()] == ["undelivered"]


def test_whatever_is_wrong_with_one_channel_the_next_is_served(store: Store, tmp_path: Path) -> None:
    at = courier(store, tmp_path, Damaged(tmp_path / "a", "damaged"), Keeper(tmp_path / "b"))
    at.sweep()
    assert states(store) == {"damaged": "waiting", "keeper": "sent"}
    assert [parcel.error for parcel in store.parcels("waiting")] == ["an earlier release has no ledger"]


def test_a_stop_does_not_forget_that_it_was_cut_off(store: Store, tmp_path: Path, clock: Clock) -> None:
    """The switch is pulled between the claim and the sending, after which the channel would be sent it again."""
    keeper = Keeper(tmp_path / "b", tells=False)
    courier(store, tmp_path, keeper)
    assert store.claim("keeper", "dead", 120)
    clock.now += timedelta(minutes=3)

    def pulled(_name: str) -> Keeper:
        store.halt("演习", "总编")
        return keeper

    at = Courier(store, Shelf(tmp_path / "releases"), pulled, Notices(store), "heir")
    at.sweep()
    assert states(store) == {"keeper": "unknown"}
    store.resume()
    clock.now += timedelta(days=1)
    at.sweep()
    assert not (tmp_path / "b" / "arrivals").exists()


def test_what_was_cut_off_on_a_channel_that_is_set_no_more_is_a_persons_to_decide(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    """Set again later, it would be sent a second time, though it may not be able to tell."""
    keeper = Keeper(tmp_path / "b", tells=False)
    courier(store, tmp_path, keeper)
    assert store.claim("keeper", "dead", 120)
    clock.now += timedelta(minutes=3)

    def gone(name: str) -> Keeper:
        raise TargetError(f"no channel {name!r}")

    Courier(store, Shelf(tmp_path / "releases"), gone, Notices(store), "heir").sweep()
    clock.now += timedelta(days=1)
    Courier(store, Shelf(tmp_path / "releases"), lambda _name: keeper, Notices(store), "heir").sweep()
    assert states(store) == {"keeper": "unknown"}
    assert not (tmp_path / "b" / "arrivals").exists()


def test_a_channel_that_does_not_know_is_asked_once(store: Store, tmp_path: Path, clock: Clock) -> None:
    cross = Cross(tmp_path / "a", "cross")
    cross.unknown = True
    at = courier(store, tmp_path, cross)
    at.sweep()
    clock.now += timedelta(days=1)
    at.sweep()
    assert states(store) == {"cross": "unknown"}
    assert [notice.kind for notice in store.notices()] == ["unknown"]


def test_a_slot_does_not_wait_for_what_its_correction_superseded(store: Store, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "b")
    at = courier(store, tmp_path, keeper)
    first, second = release(), release(2)
    store.open_slot(SlotRecord("s", first.edition, first.day, first.script, NOW, NOW, NOW, "running"))
    store.choose_release("s", first.release_id, ())
    store.save_release(second)
    store.enqueue(second.release_id, "elsewhere")
    assert at.deliver("keeper") == "0"
    assert at.close("s") == "published"


@pytest.mark.parametrize(("tells", "then"), [(True, "sent"), (False, "unknown")])
def test_what_was_cut_off_in_the_middle(store: Store, tmp_path: Path, clock: Clock, tells: bool, then: str) -> None:
    keeper = Keeper(tmp_path / "b", tells=tells)
    at = courier(store, tmp_path, keeper, holder="heir")
    dead = store.claim("keeper", "dead", 120)
    assert dead is not None
    keeper.send(store.release(dead.release_id), {f"{store.release(dead.release_id).stem}.md": b""})
    at.sweep()
    assert states(store) == {"keeper": "claimed"}, "the lease of one who may live is respected"

    class NoRuns:
        def executors(self) -> tuple[str, ...]:
            return ()

        def recover(self, executor: str) -> int:  # noqa: ARG002
            return 0

    Reaper(store, NoRuns(), "heir").look()
    at.sweep()
    assert states(store) == {"keeper": then}
    arrivals = (tmp_path / "b" / "arrivals").read_text("utf-8").splitlines()
    assert len(arrivals) == (2 if tells else 1)


def test_the_living_are_left_alone(store: Store, tmp_path: Path) -> None:
    at = courier(store, tmp_path, Keeper(tmp_path / "b"), holder="heir")
    assert store.claim("keeper", "alive", 120)
    lock = presence(store, "alive")
    assert lock.take()

    class Runs:
        buried: tuple[str, ...] = ()

        def executors(self) -> tuple[str, ...]:
            return ("alive", "gone")

        def recover(self, executor: str) -> int:
            self.buried = (*self.buried, executor)
            return 1

    runs = Runs()
    assert Reaper(store, runs, "heir").look() == 1
    assert runs.buried == ("gone",)
    at.sweep()
    assert states(store) == {"keeper": "claimed"}
    lock.drop()


def test_a_halt_and_an_embargo_keep_it_back(store: Store, tmp_path: Path, clock: Clock) -> None:
    at = courier(store, tmp_path, Keeper(tmp_path / "b"))
    store.halt("演习", "总编")
    at.sweep()
    assert states(store) == {"keeper": "waiting"}
    store.resume()
    store.embargo(release().release_id, NOW + timedelta(hours=1), "总编")
    at.sweep()
    assert states(store) == {"keeper": "waiting"}
    clock.now = NOW + timedelta(hours=1, seconds=1)
    at.sweep()
    assert states(store) == {"keeper": "sent"}
