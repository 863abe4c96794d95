"""A copy of what the house knows, and a way back that publishes nothing again.

A backup is older than what happened after it: whether a release that waits in it went out since, nobody can tell from
the backup. So whatever was on its way comes back as `unknown`, for a person; what is due up to the moment of the
restore is cancelled; and the runs' own books are not restored at all, so that none goes on.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from quantshark.desk import house
from quantshark.errors import StoreError
from quantshark.model import SHANGHAI
from quantshark.settings import Settings
from quantshark.store import SlotRecord, Store

STORE, SHELF, REGISTRY = "quantshark.db", "releases", "registry"
LOOK_BACK = timedelta(days=5)
WHY = "恢复备份之前的，不再自动发布"


def backup(settings: Settings, folder: Path) -> Path:
    """Copy the store, the shelf of releases, and the user's own registry and desk file into `folder`, which is new."""
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"{folder} holds something already; give the backup a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    with Store.open(settings.store_url) as store:
        if store.is_postgres:
            raise StoreError(
                "a PostgreSQL store is backed up with its own tools: pg_dump -Fc -n public; after pg_restore run "
                "`quantshark desk restore` without a folder, so that nothing is published again"
            )
        store.copy_to(folder / STORE)
    for name in (SHELF, REGISTRY):
        if (settings.home / name).is_dir():
            shutil.copytree(settings.home / name, folder / name)
    for file in settings.home.glob("*.yaml"):
        shutil.copy2(file, folder)
    return folder


def restore(settings: Settings, folder: Path | None, now: datetime) -> int:
    """Put a backup into an empty home (or take the database as it was restored), and settle it; gives what was on its way."""
    if folder is not None:
        _put_back(settings, folder)
    runs = settings.home / "runs.db"
    for path in (runs, runs.with_name("runs.db-wal"), runs.with_name("runs.db-shm")):
        path.unlink(missing_ok=True)
    with Store.open(settings.store_url) as store:
        left = store.settle_restored(WHY)
        today = now.astimezone(SHANGHAI).date()
        for slot in house.timetable(settings).slots(today - LOOK_BACK, today):
            if slot.due_at <= now:
                record = SlotRecord(
                    slot.slot_id, slot.edition, slot.day, slot.script, slot.due_at, slot.deadline, slot.expires_at,
                    "cancelled", WHY,
                )  # fmt: skip
                store.open_slot(record)
        store.audit("restore", str(folder or "database"), f"{left} on their way")
    return left


def _put_back(settings: Settings, folder: Path) -> None:
    if not (folder / STORE).is_file():
        raise StoreError(f"{folder} is no backup (no {STORE} in it); give the folder that `desk backup` made")
    if (settings.home / STORE).exists():
        raise StoreError(f"{settings.home / STORE} exists; restore into an empty home, so that nothing is lost")
    shutil.copytree(folder, settings.home, dirs_exist_ok=True)
