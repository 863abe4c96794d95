"""What we know and what we did, in one database: a SQLite file by default, PostgreSQL by URL. The only SQL.

`Store.open("sqlite:///news.db")` creates, opens or upgrades. Every write is one transaction: after a crash at any instant
a document is there with all its facts or not at all, and a release with all its citations or not at all.
"""

from __future__ import annotations

from quantshark.store.database import Database
from quantshark.store.documents import Counts, Documents
from quantshark.store.outbox import Outbox, Parcel
from quantshark.store.releases import Releases, SavedDraft, release_id
from quantshark.store.rows import version_of
from quantshark.store.work import AuditEntry, PaidReplies, RunRecord, Work


class Store(Documents, Releases, Outbox, Work):
    """Documents and facts, drafts and releases, outbox and receipts, journal, runs and the trail of all of it."""


__all__ = [
    "AuditEntry",
    "Counts",
    "Database",
    "PaidReplies",
    "Parcel",
    "RunRecord",
    "SavedDraft",
    "Store",
    "release_id",
    "version_of",
]
