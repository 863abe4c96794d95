from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from quantshark.errors import ConflictError, NotFoundError, StoreError
from quantshark.store import Store, release_id, schema
from tests.store.nouns import DAY, DRAFT, document, fact, release


def test_a_draft_comes_back_whole(store: Store) -> None:
    draft_id = store.save_draft(DRAFT, text="# 雷达", run_id="run")
    saved = store.draft(draft_id)
    assert saved.draft == DRAFT
    assert (saved.draft_id, saved.text, saved.run_id) == ("radar-2025-12-11-hans-d1", "# 雷达", "run")


def test_drafts_of_a_slot_are_numbered(store: Store) -> None:
    ids = [store.save_draft(DRAFT), store.save_draft(replace(DRAFT, script="hant")), store.save_draft(DRAFT)]
    assert ids == ["radar-2025-12-11-hans-d1", "radar-2025-12-11-hant-d1", "radar-2025-12-11-hans-d2"]
    assert [saved.draft_id for saved in store.drafts(edition="radar", day=DAY)] == ids[::-1]
    assert store.drafts(edition="scan") == store.drafts(day=date(2025, 12, 12)) == ()
    assert len(store.drafts(limit=2)) == 2


def test_a_release_comes_back_whole(store: Store) -> None:
    assert store.save_release(release(), {"a": "v1", "b": "v2"}, ["a:1", "a:1", "b:7"])
    assert store.release("radar-2025-12-11-hans-r1") == release()
    assert store.cited("radar-2025-12-11-hans-r1") == {"a": "v1", "b": "v2"}


def test_ids_tell_slot_script_and_revision() -> None:
    assert release_id("radar", DAY, "hans", 1) == release().release_id


def test_a_slot_is_released_once(store: Store) -> None:
    assert store.save_release(release())
    assert not store.save_release(release())  # a run that resumed
    with pytest.raises(StoreError, match="make revision 2"):
        store.save_release(release(text="别的"))
    with pytest.raises(StoreError, match="already"):
        store.save_release(replace(release(), release_id="another-name"))
    with pytest.raises(StoreError, match="already"):
        store.save_release(replace(release(), revision=7))
    assert store.releases() == (release(),)


def test_a_release_that_fails_half_way_leaves_nothing(store: Store) -> None:
    with pytest.raises(StoreError):
        store.save_release(release(), {"a": None})  # pyright: ignore[reportArgumentType]  (the database must refuse it)
    assert store.releases() == ()
    assert store.save_release(release(), {"a": "v1"})


@pytest.mark.parametrize(
    "change", [update(schema.releases).values(body="{}"), delete(schema.releases)], ids=["update", "delete"]
)
def test_nobody_changes_a_release(store: Store, change: object) -> None:
    store.save_release(release())
    with pytest.raises(StoreError, match="immutable"), store.writing() as connection:
        connection.execute(change)  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert store.releases() == (release(),)


def test_releases_are_found_by_slot_newest_first(store: Store) -> None:
    tomorrow = replace(release(), day=DAY + timedelta(days=1), release_id="radar-2025-12-12-hans-r1")
    for given in (release(1), release(2), release(1, script="hant"), tomorrow):
        store.save_release(given)
    assert [found.release_id for found in store.releases()] == [
        "radar-2025-12-12-hans-r1",
        "radar-2025-12-11-hans-r2",
        "radar-2025-12-11-hans-r1",
        "radar-2025-12-11-hant-r1",
    ]
    assert [found.revision for found in store.releases(edition="radar", day=DAY, script="hans")] == [2, 1]
    assert store.releases(edition="scan") == ()
    assert len(store.releases(limit=1)) == 1


def test_whom_a_wrong_source_touches(store: Store) -> None:
    store.save_release(release(1), {"a": "v1"}, ["a:1"])
    store.save_release(release(2), {"a": "v1", "b": "v1"}, ["b:1"])
    assert store.used_in(doc_id="a") == ("radar-2025-12-11-hans-r1", "radar-2025-12-11-hans-r2")
    assert store.used_in(fact_id="b:1") == ("radar-2025-12-11-hans-r2",)
    assert store.used_in(doc_id="c") == store.used_in() == ()


def test_a_release_outlives_its_forgotten_source(store: Store) -> None:
    store.put([(document(), [fact()])])
    (version,) = store.versions("a")
    store.save_release(release(), {"a": version}, [fact().fact_id])
    store.forget("a")
    assert store.cited(release().release_id) == {"a": version}
    assert store.versions("a") == (version,)
    assert store.used_in(fact_id="a:1") == store.used_in(doc_id="a") == (release().release_id,)


def test_what_is_not_there_is_said(store: Store) -> None:
    for ask in (store.draft, store.release):
        with pytest.raises(NotFoundError, match="'nothing'"):
            ask("nothing")
    assert store.cited("nothing") == {}


def test_an_edit_names_what_it_changes_and_loses_against_a_newer_draft(store: Store) -> None:
    first = store.save_draft(DRAFT, "一", "run", checked={"supported": 3, "blocked": 1})
    second = store.save_draft(DRAFT, "二", parent=first, actor="陈", note="改写")
    saved = store.draft(second)
    assert (saved.parent, saved.actor, saved.note, saved.number) == (first, "陈", "改写", 2)
    assert store.draft(first).checked == {"supported": 3, "blocked": 1}
    with pytest.raises(ConflictError) as caught:
        store.save_draft(DRAFT, "三", parent=first)
    assert caught.value.newest == second
    assert len(store.drafts()) == 2


def test_two_editors_at_once_one_of_them_is_told(store: Store) -> None:
    base = store.save_draft(DRAFT, "一")

    def edit(text: str) -> str:
        try:
            return store.save_draft(DRAFT, text, parent=base)
        except ConflictError:
            return "told"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(edit, ("二", "三")))
    assert outcomes == ["radar-2025-12-11-hans-d2", "told"]


def test_the_newest_draft_of_each_slot_of_a_day(store: Store) -> None:
    for text in ("一", "二"):
        store.save_draft(DRAFT, text)
    store.save_draft(replace(DRAFT, script="hant"), "三")
    store.save_draft(replace(DRAFT, day=date(2025, 12, 12)), "四")
    assert [saved.text for saved in store.newest_drafts(DRAFT.day)] == ["二", "三"]


def test_approvals_are_kept_once_a_person(store: Store) -> None:
    draft = store.save_draft(DRAFT)
    first = store.approve(draft, "陈", "aa")
    assert store.approve(draft, "陈", "aa") == first
    again = store.approve(draft, "陈", "bb")
    assert again.digest == "bb", "who reads it again answers for what was read last"
    assert again.at > first.at
    store.approve(draft, "李", "aa")
    assert [approval.actor for approval in store.approvals(draft)] == ["陈", "李"]


def test_only_the_release_that_is_kept_lays_its_bytes_down(store: Store) -> None:
    laid: list[str] = []
    assert store.save_release(release(), put=lambda: laid.append("first"))
    with pytest.raises(StoreError):
        store.save_release(release(text="另一份"), put=lambda: laid.append("second"))
    assert laid == ["first"]
    with pytest.raises(OSError, match="disk"):
        store.save_release(release(2), put=_full)
    with pytest.raises(NotFoundError):
        store.release(release(2).release_id)


def _full() -> None:
    raise OSError("disk full")
