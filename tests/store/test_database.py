from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from quantshark.errors import StoreError
from quantshark.store import Store, database, migrations, schema
from tests.store.nouns import DRAFT, document, fact, release

# As the first version made it, with one document and its facts: two versions of the text, the newer one current.
VERSION_1 = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (1);
CREATE TABLE documents (doc_id TEXT PRIMARY KEY, version TEXT NOT NULL, kind TEXT NOT NULL, known_at TEXT,
    first_seen_at TEXT NOT NULL, updated_at TEXT NOT NULL, forgotten_at TEXT);
CREATE INDEX documents_by_time ON documents (known_at);
CREATE TABLE versions (doc_id TEXT NOT NULL REFERENCES documents (doc_id), version TEXT NOT NULL, text TEXT,
    title TEXT NOT NULL, kind TEXT NOT NULL, published_at TEXT, known_at TEXT, url TEXT NOT NULL,
    publisher TEXT NOT NULL, demo INTEGER NOT NULL, stored_at TEXT NOT NULL, superseded_at TEXT,
    PRIMARY KEY (doc_id, version));
CREATE TABLE facts (doc_id TEXT NOT NULL, version TEXT NOT NULL, fact_id TEXT NOT NULL, place INTEGER NOT NULL,
    entity TEXT NOT NULL, measure TEXT NOT NULL, via TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, unit TEXT,
    period_start TEXT, period_end TEXT, grain TEXT, as_of TEXT, modality TEXT NOT NULL, superseded INTEGER NOT NULL,
    detail TEXT NOT NULL, PRIMARY KEY (doc_id, version, fact_id),
    FOREIGN KEY (doc_id, version) REFERENCES versions (doc_id, version));
CREATE INDEX facts_by_entity ON facts (entity, measure);
CREATE INDEX facts_by_measure ON facts (measure, period_start);
CREATE INDEX facts_by_day ON facts (period_start, period_end);
CREATE INDEX facts_by_as_of ON facts (as_of);
CREATE INDEX facts_by_id ON facts (fact_id);
INSERT INTO documents VALUES ('d1', 'new', 'news', '2025-12-11T08:00:00.000000Z', '2025-12-11T08:01:00.000000Z',
    '2025-12-11T09:01:00.000000Z', NULL);
INSERT INTO versions VALUES ('d1', 'old', '净卖出52.78亿港元', '标题', 'news', '2025-12-11T16:00:00+08:00',
    '2025-12-11T08:00:00.000000Z', '', '', 0, '2025-12-11T08:01:00.000000Z', '2025-12-11T09:01:00.000000Z');
INSERT INTO versions VALUES ('d1', 'new', '净卖出52.87亿港元', '标题', 'news', '2025-12-11T16:00:00+08:00',
    '2025-12-11T08:00:00.000000Z', '', '', 0, '2025-12-11T09:01:00.000000Z', NULL);
INSERT INTO facts VALUES ('d1', 'old', 'd1:1', 0, 'FLOW.SOUTHBOUND', 'net_flow', '', 'money', '-5278000000', 'HKD',
    '2025-12-11', '2025-12-11', 'day', '2025-12-11', 'actual', 1, '{"fact_id": "d1:1", "entity": "FLOW.SOUTHBOUND",
    "entity_name": "南向资金", "measure": "net_flow", "measure_name": "净卖出", "value": "-5278000000", "unit": "HKD"}');
INSERT INTO facts VALUES ('d1', 'new', 'd1:1', 0, 'FLOW.SOUTHBOUND', 'net_flow', '', 'money', '-5287000000', 'HKD',
    '2025-12-11', '2025-12-11', 'day', '2025-12-11', 'actual', 0, '{"fact_id": "d1:1", "entity": "FLOW.SOUTHBOUND",
    "entity_name": "南向资金", "measure": "net_flow", "measure_name": "净卖出", "value": "-5287000000", "unit": "HKD"}');
"""


def old_database(folder: Path, script: str = VERSION_1) -> Path:
    path = folder / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path


def test_an_older_database_is_upgraded_and_keeps_what_it_knows(tmp_path: Path) -> None:
    path = old_database(tmp_path)
    for _ in range(2):
        with Store.open(str(path)) as store:
            assert store.document("d1").text == "净卖出52.87亿港元"
            assert store.document("d1", "old").text == "净卖出52.78亿港元"
            assert store.versions("d1") == ("old", "new")
            assert [str(found.value) for found in store.facts(doc_ids=["d1"])] == ["-5287000000"]
            assert len(store.facts(doc_ids=["d1"], current=False)) == 2
            assert store.save_draft(DRAFT)
            store.save_release(release(), {"d1": "new"})
            assert store.put([(document("d2"), [fact("d2")])]).changed == 0


def test_a_newer_database_is_refused(url: str) -> None:
    with Store.open(url) as store, store.writing() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    with pytest.raises(StoreError, match=r"version 99, this program knows \d+; upgrade QuantShark") as caught:
        Store.open(url)
    assert caught.value.details["version"] == 99


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = old_database(tmp_path, "CREATE TABLE customers (name TEXT);")
    with pytest.raises(StoreError, match="customers"):
        Store.open(str(path))
    assert sqlite3.connect(path).execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_an_upgrade_is_whole_or_not_at_all(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: migrations.Dialect) -> tuple[str, ...]:
        return ("CREATE TABLE half_way (name TEXT)", "CREATE NONSENSE")

    Store.open(url).close()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, broken))
        newest = migrations.NEWEST + 1
        for module in (migrations, database):
            patch.setattr(module, "NEWEST", newest)
        with pytest.raises(StoreError):
            Store.open(url)
    with Store.open(url) as store:
        assert "half_way" not in inspect(store.engine).get_table_names()


def test_tables_for_queries_are_the_tables_of_the_migrations(store: Store) -> None:
    found = inspect(store.engine)
    assert set(found.get_table_names()) == {*schema.metadata.tables, "schema_version"}
    for name, table in schema.metadata.tables.items():
        made = {column["name"]: bool(column["nullable"]) for column in found.get_columns(name)}
        asked = {column.name: bool(column.nullable) for column in table.columns}
        keys = set(found.get_pk_constraint(name)["constrained_columns"])
        # SQLite calls the column of a one-column key nullable.
        assert {key: value and key not in keys for key, value in made.items()} == asked, name
        assert keys == {column.name for column in table.primary_key}, name


BAD_URLS = ["mysql://host/db", "nonsense://", "postgresql://127.0.0.1:1/none", "sqlite:////proc/none/news.db"]


@pytest.mark.parametrize("bad", BAD_URLS)
def test_what_cannot_be_opened_says_what_to_do(bad: str) -> None:
    with pytest.raises(StoreError, match=r";"):
        Store.open(bad)


def test_a_password_is_not_told() -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://me:open-sesame@127.0.0.1:1/none?connect_timeout=1")
    assert "open-sesame" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("南向资金" * 1000)
    with pytest.raises(StoreError, match=r"not a database; the file is something else"):
        Store.open(str(path))
    assert path.read_text() == "南向资金" * 1000


def test_a_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with Store.open(str(tmp_path / "news.db")) as store:
        holder = sqlite3.connect(tmp_path / "news.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program holds it"):
            store.put([(document(), ())])
        holder.execute("ROLLBACK")
        assert store.put([(document(), ())]).new == 1
        holder.close()


def test_who_only_reads_waits_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    Store.open(str(tmp_path / "news.db")).close()
    holder = sqlite3.connect(tmp_path / "news.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Store.open(str(tmp_path / "news.db")) as store:
        assert store.documents() == ()
    holder.close()


def test_a_store_in_memory_is_a_store() -> None:
    with Store.open("sqlite://") as store:
        store.put([(document(), [fact()])])
        assert store.documents() == (document(),)


def test_sqlite_survives_a_power_cut_and_keeps_its_keys(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "new/folder/news.db")) as store, store.reading() as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


OPEN = "import sys; from quantshark.store import Store; Store.open(sys.argv[1]).close()"


def test_many_processes_create_one_database(url: str) -> None:
    started = [subprocess.Popen([sys.executable, "-c", OPEN, url], stderr=subprocess.PIPE) for _ in range(4)]  # noqa: S603
    assert [(process.communicate()[1].decode(), process.returncode) for process in started] == [("", 0)] * 4
    with Store.open(url) as store:
        assert store.documents() == ()


def test_only_what_is_passing_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "news.db")) as store:
        for passing, level in ((False, 2), (True, 1), (False, 2), (True, 1)):
            with store.writing(passing=passing) as connection:
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == level
