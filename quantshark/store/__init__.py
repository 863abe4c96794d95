"""What we know and what we did, in one database: a SQLite file by default, PostgreSQL by URL. The only SQL.

`Store.open("sqlite:///news.db")` creates, opens or upgrades. Every write is one transaction: after a crash at any instant
a document is there with all its facts or not at all, and a release with all its citations or not at all.
"""

from __future__ import annotations

from quantshark.store.control import Control, Halt, Stop, Withdrawal
from quantshark.store.database import Database
from quantshark.store.documents import Counts
from quantshark.store.editing import Autosave, Unfinished
from quantshark.store.feeds import Feeds, FeedState, HeldDocument
from quantshark.store.known import Known
from quantshark.store.library import Amendment, Wish
from quantshark.store.outbox import Outbox, Parcel
from quantshark.store.people import Account, Accounts, Token
from quantshark.store.releases import BLOCKED, Approval, Releases, SavedDraft, draft_id, release_id
from quantshark.store.rows import version_of
from quantshark.store.search import Search
from quantshark.store.slots import DeskState, Notice, SlotRecord, Slots
from quantshark.store.telling import Telling, Told
from quantshark.store.work import AuditEntry, PaidReplies, RunRecord, Work


class Store(Accounts, Search, Known, Feeds, Releases, Outbox, Control, Unfinished, Work, Telling, Slots):
    """Documents and facts, drafts and releases, outbox and receipts, stops, journal, runs, slots and the trail of it all."""


__all__ = [
    "BLOCKED",
    "Account",
    "Amendment",
    "Approval",
    "AuditEntry",
    "Autosave",
    "Counts",
    "Database",
    "DeskState",
    "FeedState",
    "Halt",
    "HeldDocument",
    "Notice",
    "PaidReplies",
    "Parcel",
    "RunRecord",
    "SavedDraft",
    "SlotRecord",
    "Slots",
    "Stop",
    "Store",
    "Token",
    "Told",
    "Wish",
    "Withdrawal",
    "draft_id",
    "release_id",
    "version_of",
]
