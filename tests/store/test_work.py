from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from quantshark.errors import NotFoundError
from quantshark.model import Journal
from quantshark.runs import Book
from quantshark.store import Store


def test_a_paid_reply_is_paid_once(store: Store) -> None:
    journal: Journal = store.journal
    assert journal.get("key") is None
    journal.put("key", "回答 {f1}")
    journal.put("key", "another")
    assert journal.get("key") == "回答 {f1}"


def test_the_journal_takes_replies_from_many_threads(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(80):
            pool.submit(store.journal.put, f"k{number % 10}", f"reply {number % 10}")
    assert [store.journal.get(f"k{number}") for number in range(10)] == [f"reply {number}" for number in range(10)]


def test_a_run_goes_on_where_it_stopped(store: Store) -> None:
    book: Book = store
    run_id = book.open_run("radar-2025-12-11", "hash")
    book.keep_step(run_id, "facts", "[1]")
    assert book.open_run("radar-2025-12-11", "hash") == run_id
    assert book.step_result(run_id, "facts") == "[1]"
    assert book.step_result(run_id, "write") is None
    assert book.open_run("radar-2025-12-11", "other inputs") != run_id


def test_the_first_result_of_a_step_stays(store: Store) -> None:
    run_id = store.open_run("a", "b")
    store.keep_step(run_id, "write", "1")
    store.keep_step(run_id, "write", "2")
    store.keep_step(run_id, "print", "3")
    assert store.steps(run_id) == {"write": "1", "print": "3"}


@pytest.mark.parametrize(("error", "state"), [("", "done"), ("ModelError: quota", "failed")])
def test_a_closed_run_is_over(store: Store, error: str, state: str) -> None:
    run_id = store.open_run("a", "b")
    store.close_run(run_id, error=error)
    store.close_run(run_id, error="later")
    record = store.run(run_id)
    assert (record.name, record.inputs, record.state, record.error) == ("a", "b", state, error)
    assert record.closed_at is not None
    again = store.open_run("a", "b")
    assert again != run_id
    assert [found.run_id for found in store.runs("open")] == [again]
    assert len(store.runs()) == 2


def test_a_run_opened_by_many_is_one(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        opened = [pool.submit(store.open_run, "a", "b") for _ in range(12)]
        assert len({run.result() for run in opened}) == 1


def test_what_is_not_there_is_said(store: Store) -> None:
    with pytest.raises(NotFoundError, match="'nothing'"):
        store.run("nothing")


def test_the_trail_tells_who_did_what(store: Store) -> None:
    store.audit("release", "radar-2025-12-11-hans-r1", actor="editor")
    store.audit("publish", "radar-2025-12-11-hans-r1", detail="folder")
    store.audit("forget", "a")
    trail = store.audit_trail("radar-2025-12-11-hans-r1")
    assert [(entry.actor, entry.action, entry.detail) for entry in trail] == [
        ("", "publish", "folder"),
        ("editor", "release", ""),
    ]
    assert [entry.subject for entry in store.audit_trail(limit=1)] == ["a"]
