from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from quantshark.model import Event
from quantshark.store import Store


def test_events_are_numbered_and_read_from_where_one_stopped(store: Store) -> None:
    run = store.open_run("draft radar", "a")
    for name in ("started", "section_written", "done"):
        store.tell(run, Event(name, "overview", {"title": "市场全景", "n": 1}))
    assert [(told.number, told.event.name) for told in store.events(run)] == [
        (1, "started"),
        (2, "section_written"),
        (3, "done"),
    ]
    assert [told.number for told in store.events(run, after=2)] == [3]
    assert store.events(run)[0].event == Event("started", "overview", {"title": "市场全景", "n": 1})
    assert store.events("another") == ()


def test_events_of_many_threads_are_all_kept(store: Store) -> None:
    def tell(number: int) -> int:
        return store.tell("run", Event(f"e{number}"))

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(tell, range(24))) == list(range(1, 25))
    assert [told.number for told in store.events("run")] == list(range(1, 25))


def test_a_run_is_asked_to_stop_once(store: Store) -> None:
    run = store.open_run("draft radar", "a", "陈")
    assert (store.run(run).actor, store.cancelled_by(run)) == ("陈", "")
    assert store.cancel_run(run, "李")
    assert not store.cancel_run(run, "王")
    assert store.seen_alive(run) == store.cancelled_by(run) == store.run(run).cancelled_by == "李"
    store.close_run(run, error="stopped")
    other = store.open_run("draft radar", "a")
    store.close_run(other)
    assert not store.cancel_run(other, "李")


def test_a_sign_of_life_is_later_than_the_beginning(store: Store) -> None:
    run = store.open_run("draft radar", "a")
    opened = store.run(run).seen_at
    store.seen_alive(run)
    seen = store.run(run).seen_at
    assert opened is not None
    assert seen is not None
    assert seen > opened


def test_runs_by_the_beginning_of_their_name(store: Store) -> None:
    store.open_run("draft radar 2025-12-12 hans", "a")
    store.open_run("draft_radar", "a")
    assert [run.name for run in store.runs(prefix="draft ")] == ["draft radar 2025-12-12 hans"]
