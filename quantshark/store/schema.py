"""The tables as the newest migration leaves them, for queries; a test holds them against a migrated database."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, Text

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _maybe(name: str) -> Column[str | None]:
    return Column(name, Text, nullable=True)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


documents = Table(
    "documents", metadata,
    _text("doc_id", key=True), _text("version"), _text("kind"), _maybe("known_at"), _text("first_seen_at"),
    _text("updated_at"), _maybe("forgotten_at"),
)  # fmt: skip
versions = Table(
    "versions", metadata,
    _text("doc_id", key=True), _text("version", key=True), _maybe("text"), _text("title"), _text("kind"),
    _maybe("published_at"), _maybe("known_at"), _text("url"), _text("publisher"), _count("demo"), _text("stored_at"),
    _maybe("superseded_at"), _text("reader"),
)  # fmt: skip
facts = Table(
    "facts", metadata,
    _text("doc_id", key=True), _text("version", key=True), _text("fact_id", key=True), _count("place"),
    _text("entity"), _text("measure"), _text("via"), _text("kind"), _text("value"), _maybe("unit"),
    _maybe("period_start"), _maybe("period_end"), _maybe("grain"), _maybe("as_of"), _text("modality"),
    _count("superseded"), _text("detail"),
)  # fmt: skip
drafts = Table(
    "drafts", metadata,
    _text("draft_id", key=True), _text("edition"), _text("day"), _text("script"), _count("number"), _text("body"),
    _text("text"), _text("run_id"), _text("saved_at"), _text("parent"), _text("actor"), _text("note"), _text("checked"),
)  # fmt: skip
releases = Table(
    "releases", metadata,
    _text("release_id", key=True), _text("edition"), _text("day"), _text("script"), _count("revision"), _text("body"),
    _text("created_at"),
)  # fmt: skip
release_documents = Table(
    "release_documents", metadata, _text("release_id", key=True), _text("doc_id", key=True), _text("version")
)
release_facts = Table("release_facts", metadata, _text("release_id", key=True), _text("fact_id", key=True))
journal = Table("journal", metadata, _text("key", key=True), _text("reply"), _text("stored_at"))
outbox = Table(
    "outbox", metadata,
    _text("release_id", key=True), _text("channel", key=True), _text("state"), _count("attempt"), _text("holder"),
    _text("due_at"), _text("error"), _text("queued_at"),
)  # fmt: skip
receipts = Table(
    "receipts", metadata, _text("release_id", key=True), _text("channel", key=True), _text("body"), _text("at")
)
runs = Table(
    "runs", metadata,
    _text("run_id", key=True), _text("name"), _text("inputs"), _text("state"), _text("error"), _text("opened_at"),
    _maybe("closed_at"), _text("actor"), _text("cancelled_by"), _text("seen_at"),
)  # fmt: skip
steps = Table("steps", metadata, _text("run_id", key=True), _text("name", key=True), _text("result"), _text("done_at"))
audit = Table(
    "audit", metadata,
    Column("number", Integer, primary_key=True), _text("at"), _text("actor"), _text("action"), _text("subject"),
    _text("detail"),
)  # fmt: skip
contexts = Table("contexts", metadata, _text("digest", key=True), _text("recipe"), _text("stored_at"))
events = Table(
    "events", metadata,
    _text("run_id", key=True), Column("number", Integer, primary_key=True), _text("name"), _text("section"),
    _text("data"), _text("at"),
)  # fmt: skip
halts = Table("halts", metadata, _text("name", key=True), _text("reason"), _text("actor"), _text("at"))
embargoes = Table(
    "embargoes", metadata, _text("release_id", key=True), _text("not_before"), _text("actor"), _text("at")
)
withdrawals = Table(
    "withdrawals", metadata, _text("release_id", key=True), _text("reason"), _text("actor"), _text("at")
)
approvals = Table(
    "approvals", metadata, _text("draft_id", key=True), _text("actor", key=True), _text("digest"), _text("at")
)
autosaves = Table(
    "autosaves", metadata,
    _text("draft_id", key=True), _text("section", key=True), _text("actor", key=True), _text("text"), _text("at"),
)  # fmt: skip
wishes = Table(
    "wishes", metadata,
    _text("day", key=True), _text("target", key=True), _text("kind"), _text("reason"), _text("actor"), _text("at"),
)  # fmt: skip
amendments = Table(
    "amendments", metadata,
    _text("fact_id", key=True), _text("entity"), _text("measure"), _text("reason"), _text("actor"), _text("at"),
)  # fmt: skip
people = Table(
    "people", metadata,
    _text("name", key=True), _text("role"), _text("password"), _count("must_change"), _count("barred"), _text("made_at"),
)  # fmt: skip
sessions = Table("sessions", metadata, _text("digest", key=True), _text("name"), _text("made_at"), _text("expires_at"))
tokens = Table(
    "tokens", metadata,
    _text("digest", key=True), _text("number"), _text("name"), _text("label"), _text("made_at"), _maybe("used_at"),
)  # fmt: skip
feeds = Table(
    "feeds", metadata,
    _text("name", key=True), _text("state"), _text("checked_at"), _maybe("newest"), _count("taken"), _text("reason"),
    _text("tag"),
)  # fmt: skip
held = Table(
    "held", metadata,
    _text("doc_id", key=True), _text("version", key=True), _text("feed"), _text("document"), _text("doubts"),
    _text("state"), _text("held_at"),
)  # fmt: skip
slots = Table(
    "slots", metadata,
    _text("slot_id", key=True), _text("edition"), _text("day"), _text("script"), _text("due_at"), _text("deadline"),
    _text("expires_at"), _text("state"), _text("detail"), _text("release_id"), _text("holder"), _count("attempt"),
    _maybe("started_at"), _maybe("ended_at"),
)  # fmt: skip
notices = Table(
    "notices", metadata,
    _text("key", key=True), _text("kind"), _text("subject"), _text("text"), _text("at"), _count("told"),
)  # fmt: skip
