"""The database's history: one function a version, in order, never edited once it shipped; a change is a new one.

The same statements make a SQLite file and a PostgreSQL database; `Dialect` holds the three words that differ. Every
number that must stay exact (money, days, moments) is text; text sorts by code point on both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

from quantshark.errors import StoreError

Statements = Sequence[str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database spells what SQL leaves open."""

    name: str
    text: str
    serial: str

    @classmethod
    def of(cls, connection: Connection) -> Dialect:
        if connection.dialect.name == "postgresql":
            return cls("postgresql", 'TEXT COLLATE "C"', "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
        return cls("sqlite", "TEXT", "INTEGER PRIMARY KEY AUTOINCREMENT")


def sources_and_facts(db: Dialect) -> Statements:
    """1: what we were given, every version of it, and the facts read from each version."""
    return (
        f"""CREATE TABLE documents (
            doc_id {db.text} PRIMARY KEY, version {db.text} NOT NULL, kind {db.text} NOT NULL, known_at {db.text},
            first_seen_at {db.text} NOT NULL, updated_at {db.text} NOT NULL, forgotten_at {db.text})""",
        "CREATE INDEX documents_by_time ON documents (known_at)",
        f"""CREATE TABLE versions (
            doc_id {db.text} NOT NULL REFERENCES documents (doc_id), version {db.text} NOT NULL, text {db.text},
            title {db.text} NOT NULL, kind {db.text} NOT NULL, published_at {db.text}, known_at {db.text},
            url {db.text} NOT NULL, publisher {db.text} NOT NULL, demo INTEGER NOT NULL, stored_at {db.text} NOT NULL,
            superseded_at {db.text}, PRIMARY KEY (doc_id, version))""",
        f"""CREATE TABLE facts (
            doc_id {db.text} NOT NULL, version {db.text} NOT NULL, fact_id {db.text} NOT NULL, place INTEGER NOT NULL,
            entity {db.text} NOT NULL, measure {db.text} NOT NULL, via {db.text} NOT NULL, kind {db.text} NOT NULL,
            value {db.text} NOT NULL, unit {db.text}, period_start {db.text}, period_end {db.text}, grain {db.text},
            as_of {db.text}, modality {db.text} NOT NULL, superseded INTEGER NOT NULL, detail {db.text} NOT NULL,
            PRIMARY KEY (doc_id, version, fact_id),
            FOREIGN KEY (doc_id, version) REFERENCES versions (doc_id, version))""",
        "CREATE INDEX facts_by_entity ON facts (entity, measure)",
        "CREATE INDEX facts_by_measure ON facts (measure, period_start)",
        "CREATE INDEX facts_by_day ON facts (period_start, period_end)",
        "CREATE INDEX facts_by_as_of ON facts (as_of)",
        "CREATE INDEX facts_by_id ON facts (fact_id)",
    )


def drafts_and_releases(db: Dialect) -> Statements:
    """2: what we wrote and what went out; a release cannot be changed, whoever asks."""
    return (
        f"""CREATE TABLE drafts (
            draft_id {db.text} PRIMARY KEY, edition {db.text} NOT NULL, day {db.text} NOT NULL,
            script {db.text} NOT NULL, number INTEGER NOT NULL, body {db.text} NOT NULL, text {db.text} NOT NULL,
            run_id {db.text} NOT NULL, saved_at {db.text} NOT NULL, UNIQUE (edition, day, script, number))""",
        f"""CREATE TABLE releases (
            release_id {db.text} PRIMARY KEY, edition {db.text} NOT NULL, day {db.text} NOT NULL,
            script {db.text} NOT NULL, revision INTEGER NOT NULL, body {db.text} NOT NULL,
            created_at {db.text} NOT NULL, UNIQUE (edition, day, script, revision))""",
        f"""CREATE TABLE release_documents (
            release_id {db.text} NOT NULL REFERENCES releases (release_id), doc_id {db.text} NOT NULL,
            version {db.text} NOT NULL, PRIMARY KEY (release_id, doc_id))""",
        "CREATE INDEX release_documents_by_doc ON release_documents (doc_id)",
        f"""CREATE TABLE release_facts (
            release_id {db.text} NOT NULL REFERENCES releases (release_id), fact_id {db.text} NOT NULL,
            PRIMARY KEY (release_id, fact_id))""",
        "CREATE INDEX release_facts_by_fact ON release_facts (fact_id)",
        *_immutable(db),
    )


def _immutable(db: Dialect) -> Statements:
    says = "a release is immutable; make a new revision"
    if db.name == "postgresql":
        return (
            f"""CREATE FUNCTION releases_stay() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{says}'; END $$""",
            """CREATE TRIGGER releases_stay BEFORE UPDATE OR DELETE ON releases
            FOR EACH ROW EXECUTE FUNCTION releases_stay()""",
        )
    return tuple(
        f"CREATE TRIGGER releases_stay_{verb.lower()} BEFORE {verb} ON releases BEGIN SELECT RAISE(ABORT, '{says}'); END"
        for verb in ("UPDATE", "DELETE")
    )


def work_and_channels(db: Dialect) -> Statements:
    """3: paid replies, durable runs, what waits for a channel and what it answered; which reader made the facts."""
    return (
        f"ALTER TABLE versions ADD COLUMN reader {db.text} NOT NULL DEFAULT ''",
        f"CREATE TABLE journal (key {db.text} PRIMARY KEY, reply {db.text} NOT NULL, stored_at {db.text} NOT NULL)",
        f"""CREATE TABLE outbox (
            release_id {db.text} NOT NULL REFERENCES releases (release_id), channel {db.text} NOT NULL,
            state {db.text} NOT NULL, attempt INTEGER NOT NULL, holder {db.text} NOT NULL,
            due_at {db.text} NOT NULL, error {db.text} NOT NULL, queued_at {db.text} NOT NULL,
            PRIMARY KEY (release_id, channel))""",
        "CREATE INDEX outbox_by_state ON outbox (channel, state, due_at)",
        f"""CREATE TABLE receipts (
            release_id {db.text} NOT NULL REFERENCES releases (release_id), channel {db.text} NOT NULL,
            body {db.text} NOT NULL, at {db.text} NOT NULL, PRIMARY KEY (release_id, channel))""",
        f"""CREATE TABLE runs (
            run_id {db.text} PRIMARY KEY, name {db.text} NOT NULL, inputs {db.text} NOT NULL, state {db.text} NOT NULL,
            error {db.text} NOT NULL, opened_at {db.text} NOT NULL, closed_at {db.text})""",
        # Two processes that open one run at once get the same one.
        "CREATE UNIQUE INDEX runs_open ON runs (name, inputs) WHERE state = 'open'",
        f"""CREATE TABLE steps (
            run_id {db.text} NOT NULL REFERENCES runs (run_id), name {db.text} NOT NULL, result {db.text} NOT NULL,
            done_at {db.text} NOT NULL, PRIMARY KEY (run_id, name))""",
        f"""CREATE TABLE audit (
            number {db.serial}, at {db.text} NOT NULL, actor {db.text} NOT NULL, action {db.text} NOT NULL,
            subject {db.text} NOT NULL, detail {db.text} NOT NULL)""",
        "CREATE INDEX audit_by_subject ON audit (subject)",
    )


def editing_and_control(db: Dialect) -> Statements:
    """4: who made which draft of which, what runs tell, who may stop what, and what people decided."""
    said = f"{db.text} NOT NULL DEFAULT ''"
    by_whom = f"reason {db.text} NOT NULL, actor {db.text} NOT NULL, at {db.text} NOT NULL"
    return (
        *(f"ALTER TABLE drafts ADD COLUMN {name} {said}" for name in ("parent", "actor", "note", "checked")),
        *(f"ALTER TABLE runs ADD COLUMN {name} {said}" for name in ("actor", "cancelled_by", "seen_at")),
        f"""CREATE TABLE contexts (
            digest {db.text} PRIMARY KEY, recipe {db.text} NOT NULL, stored_at {db.text} NOT NULL)""",
        f"""CREATE TABLE events (
            run_id {db.text} NOT NULL, number INTEGER NOT NULL, name {db.text} NOT NULL, section {db.text} NOT NULL,
            data {db.text} NOT NULL, at {db.text} NOT NULL, PRIMARY KEY (run_id, number))""",
        f"CREATE TABLE halts (name {db.text} PRIMARY KEY, {by_whom})",
        f"""CREATE TABLE embargoes (
            release_id {db.text} PRIMARY KEY REFERENCES releases (release_id), not_before {db.text} NOT NULL,
            actor {db.text} NOT NULL, at {db.text} NOT NULL)""",
        f"""CREATE TABLE withdrawals (
            release_id {db.text} PRIMARY KEY REFERENCES releases (release_id), {by_whom})""",
        f"""CREATE TABLE approvals (
            draft_id {db.text} NOT NULL REFERENCES drafts (draft_id), actor {db.text} NOT NULL,
            digest {db.text} NOT NULL, at {db.text} NOT NULL, PRIMARY KEY (draft_id, actor))""",
        f"""CREATE TABLE autosaves (
            draft_id {db.text} NOT NULL REFERENCES drafts (draft_id), section {db.text} NOT NULL,
            actor {db.text} NOT NULL, text {db.text} NOT NULL, at {db.text} NOT NULL,
            PRIMARY KEY (draft_id, section, actor))""",
        f"""CREATE TABLE wishes (
            day {db.text} NOT NULL, target {db.text} NOT NULL, kind {db.text} NOT NULL, {by_whom},
            PRIMARY KEY (day, target))""",
        f"""CREATE TABLE amendments (
            fact_id {db.text} PRIMARY KEY, entity {db.text} NOT NULL, measure {db.text} NOT NULL, {by_whom})""",
    )


def people(db: Dialect) -> Statements:
    """5: who may come in; secrets as hashes only."""
    owner = f"name {db.text} NOT NULL REFERENCES people (name)"
    return (
        f"""CREATE TABLE people (
            name {db.text} PRIMARY KEY, role {db.text} NOT NULL, password {db.text} NOT NULL,
            must_change INTEGER NOT NULL, barred INTEGER NOT NULL, made_at {db.text} NOT NULL)""",
        f"""CREATE TABLE sessions (
            digest {db.text} PRIMARY KEY, {owner}, made_at {db.text} NOT NULL, expires_at {db.text} NOT NULL)""",
        "CREATE INDEX sessions_by_name ON sessions (name)",
        f"""CREATE TABLE tokens (
            digest {db.text} PRIMARY KEY, number {db.text} NOT NULL, {owner}, label {db.text} NOT NULL,
            made_at {db.text} NOT NULL, used_at {db.text})""",
        "CREATE INDEX tokens_by_name ON tokens (name)",
    )


def feeds_and_held(db: Dialect) -> Statements:
    """6: how each feed stands, and the documents that it brought and nobody believes yet."""
    return (
        f"""CREATE TABLE feeds (
            name {db.text} PRIMARY KEY, state {db.text} NOT NULL, checked_at {db.text} NOT NULL, newest {db.text},
            taken INTEGER NOT NULL, reason {db.text} NOT NULL, tag {db.text} NOT NULL)""",
        f"""CREATE TABLE held (
            doc_id {db.text} NOT NULL, version {db.text} NOT NULL, feed {db.text} NOT NULL, document {db.text} NOT NULL,
            doubts {db.text} NOT NULL, state {db.text} NOT NULL, held_at {db.text} NOT NULL,
            PRIMARY KEY (doc_id, version))""",
    )


def slots_and_notices(db: Dialect) -> Statements:
    """7: what the desk did: each slot with how it ended, and what people were told."""
    return (
        f"""CREATE TABLE slots (
            slot_id {db.text} PRIMARY KEY, edition {db.text} NOT NULL, day {db.text} NOT NULL,
            script {db.text} NOT NULL, due_at {db.text} NOT NULL, deadline {db.text} NOT NULL,
            expires_at {db.text} NOT NULL, state {db.text} NOT NULL, detail {db.text} NOT NULL,
            release_id {db.text} NOT NULL, holder {db.text} NOT NULL, attempt INTEGER NOT NULL,
            started_at {db.text}, ended_at {db.text})""",
        "CREATE INDEX slots_by_time ON slots (due_at)",
        f"""CREATE TABLE notices (
            key {db.text} PRIMARY KEY, kind {db.text} NOT NULL, subject {db.text} NOT NULL, text {db.text} NOT NULL,
            at {db.text} NOT NULL, told INTEGER NOT NULL)""",
    )


MIGRATIONS: tuple[Callable[[Dialect], Statements], ...] = (
    sources_and_facts,
    drafts_and_releases,
    work_and_channels,
    editing_and_control,
    people,
    feeds_and_held,
    slots_and_notices,
)
NEWEST = len(MIGRATIONS)


def version_of(connection: Connection) -> int:
    """The version of a database of ours; 0 is an empty one. One that is somebody else's is refused."""
    tables = set(inspect(connection).get_table_names())
    if "schema_version" in tables:
        return int(connection.execute(text("SELECT version FROM schema_version")).scalar_one())
    if tables:
        raise StoreError(
            f"the database holds tables of another program ({', '.join(sorted(tables)[:3])} …); give QuantShark its own"
        )
    return 0


def upgrade(connection: Connection) -> None:
    """Bring a database up to date, inside the caller's transaction: all of it or nothing."""
    version = version_of(connection)
    if version > NEWEST:
        raise StoreError(
            f"the database is of version {version}, this program knows {NEWEST}; upgrade QuantShark",
            version=version,
            known=NEWEST,
        )
    if version == NEWEST:
        return
    if version == 0:
        connection.execute(text("CREATE TABLE schema_version (version INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO schema_version (version) VALUES (0)"))
    dialect = Dialect.of(connection)
    for migration in MIGRATIONS[version:]:
        for statement in migration(dialect):
            connection.exec_driver_sql(statement)
    connection.execute(text("UPDATE schema_version SET version = :version"), {"version": NEWEST})
