"""The kill switch and an embargo against a courier that sends as fast as it can: nothing may be early, nothing late."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quantshark.desk.courier import Courier
from quantshark.desk.notices import Notices
from quantshark.model import Receipt, Release
from quantshark.newsroom.outgoing import Shelf
from quantshark.press.release import Bundle
from quantshark.store import Parcel, Store
from tests.desk.stub import Keeper
from tests.store.nouns import DAY, release


class Timed(Keeper):
    """Remembers when it was sent what."""

    when: dict[str, datetime]

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        self.when[release.release_id] = datetime.now(UTC)
        return super().send(release, files)


def of_day(number: int) -> Release:
    """The release of a slot of its own: a later revision of one slot would stop the earlier ones."""
    day = DAY + timedelta(days=number)
    return replace(release(), release_id=f"radar-{day}-hans-r1", day=day)


class Watched:
    """A courier, its channel, and the moments of its claims."""

    def __init__(self, url: str, home: Path) -> None:
        self.store = Store.open(url)
        self.channel = Timed(home / "channel")
        self.channel.when = {}
        self.shelf = Shelf(home / "releases")
        self.claims: list[float] = []
        self.courier = Courier(self.store, self.shelf, lambda _name: self.channel, Notices(self.store), "me")
        take = self.store.claim

        def claim(channel: str, holder: str = "", seconds: float = 60) -> Parcel | None:
            asked = time.monotonic()
            found = take(channel, holder, seconds)
            if found is not None:
                self.claims.append(asked)
            return found

        self.store.claim = claim  # pyright: ignore[reportAttributeAccessIssue]  to see when

    def queue(self, revision: int) -> str:
        made = of_day(revision)
        self.store.save_release(made)
        files = {f"{made.stem}{ending}": b"x" for ending in (".md", ".html", ".ledger.json")}
        self.shelf.put(Bundle(made, files))
        self.store.enqueue(made.release_id, "keeper")
        return made.release_id


def halts(url: str, home: Path, times: int, seed: int = 1) -> int:
    """How often something was taken from the outbox although the halt had returned before."""
    chance, early = random.Random(seed), 0  # noqa: S311
    at = Watched(url, home)
    for number in range(times):
        for part in range(3):
            at.queue(3 * number + part + 1)
        at.claims.clear()
        thread = threading.Thread(target=at.courier.deliver, args=("keeper",))
        thread.start()
        time.sleep(chance.uniform(0, 0.02))
        at.store.halt("race", "tester")
        halted = time.monotonic()
        thread.join()
        at.courier.deliver("keeper")
        early += sum(asked > halted for asked in at.claims)
        at.store.resume()
    at.courier.deliver("keeper")
    assert len(at.store.receipts()) == 3 * times, "what a halt kept back went out when it was over"
    at.store.close()
    return early


def embargoes(url: str, home: Path, times: int, seed: int = 1) -> int:
    """How often a release went out before its moment."""
    chance, early = random.Random(seed), 0  # noqa: S311
    at = Watched(url, home)
    for number in range(times):
        name = f"{of_day(number + 1).release_id}"
        made = of_day(number + 1)
        at.store.save_release(made)
        moment = datetime.now(UTC) + timedelta(seconds=chance.uniform(0.02, 0.1))
        at.store.embargo(name, moment, "tester")
        assert at.queue(number + 1) == name
        while name not in at.channel.when:
            at.courier.deliver("keeper")
        early += at.channel.when[name] < moment
    at.store.close()
    return early
