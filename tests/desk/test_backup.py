"""What comes back from a backup publishes nothing by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quantshark.desk import backup
from quantshark.desk.courier import Courier
from quantshark.desk.house import running
from quantshark.desk.notices import Notices
from quantshark.errors import StoreError
from quantshark.model import SHANGHAI
from quantshark.newsroom.outgoing import Shelf
from quantshark.press.release import Bundle
from quantshark.settings import Settings
from quantshark.store import Store
from tests.desk.stub import Keeper, house
from tests.store.nouns import release

NOW = datetime(2026, 11, 26, 8, 40, tzinfo=SHANGHAI)


def settings(home: Path) -> Settings:
    return Settings.model_validate({"home": home})


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup of a house whose release waits for a channel."""
    old = settings(tmp_path / "old")
    with Store.open(old.store_url) as store:
        made = release()
        store.save_release(made)
        names = [f"{made.stem}{ending}" for ending in (".md", ".html", ".ledger.json")]
        Shelf(old.home / "releases").put(Bundle(made, dict.fromkeys(names, b"x")))
        store.enqueue(made.release_id, "keeper")
        return backup.backup(old, tmp_path / "copy")


def test_what_was_on_its_way_is_a_persons_to_decide(saved: Path, tmp_path: Path) -> None:
    new = settings(tmp_path / "new")
    assert backup.restore(new, saved, NOW) == 1
    keeper = Keeper(tmp_path / "channel")
    with Store.open(new.store_url) as store:
        [parcel] = store.parcels()
        assert parcel.state == "unknown"
        Courier(store, Shelf(new.home / "releases"), lambda _name: keeper, Notices(store), "me").sweep()
        assert Shelf(new.home / "releases").files(store.release(parcel.release_id))
    assert not (tmp_path / "channel").exists()


def test_what_was_due_before_is_not_started(saved: Path, tmp_path: Path) -> None:
    new = settings(tmp_path / "new")
    backup.restore(new, saved, NOW)
    keeper = Keeper(tmp_path / "channel")
    made = house(new.store_url, new.home, lambda: NOW + timedelta(minutes=1), keeper)
    with made.store, running(made, plans=False, works=False) as desk:
        desk.planner.look(NOW + timedelta(minutes=1))
        assert desk.engine.state("radar-2026-11-26-hans") is None
    assert not (tmp_path / "channel").exists()


def test_the_day_of_a_restore_is_the_timetables(saved: Path, tmp_path: Path) -> None:
    """Before eight in the morning it is still yesterday in UTC."""
    new = settings(tmp_path / "new")
    (saved / "desk.yaml").write_text("editions: {radar: {at: '07:30'}}\n", "utf-8")
    backup.restore(new, saved, NOW.replace(hour=7).astimezone(UTC))
    with Store.open(new.store_url) as store:
        assert store.slot("radar-2026-11-26-hans").state == "cancelled"


def test_a_restore_overwrites_nothing(saved: Path, tmp_path: Path) -> None:
    new = settings(tmp_path / "new")
    backup.restore(new, saved, NOW)
    with pytest.raises(StoreError, match="empty home"):
        backup.restore(new, saved, NOW)
    with pytest.raises(StoreError, match="no backup"):
        backup.restore(settings(tmp_path / "other"), tmp_path, NOW)
    with pytest.raises(StoreError, match="folder of its own"):
        backup.backup(new, saved)
