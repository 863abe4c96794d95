"""A source changes after publication: the releases that used it, the corrected revision, the withdrawal."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from quantshark.errors import EditError, HaltedError
from quantshark.model import Release
from quantshark.newsroom import Newsroom, SlotState
from quantshark.newsroom.material import read_facts, reader_digest
from quantshark.settings import Settings
from quantshark.sources.extract import teach
from tests.newsroom.conftest import DAY, FIRST

PAGE = "radar-2025-12-12.md"


@pytest.fixture(scope="module")
def out_home(drafted_home: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose radar is released."""
    home = tmp_path_factory.mktemp("out") / "home"
    shutil.copytree(drafted_home[0], home)
    newsroom = Newsroom(Settings(home=home))
    newsroom.approve(FIRST, "陈")
    newsroom.release(FIRST, "陈")
    newsroom.store.close()
    return home


@pytest.fixture
def house(out_home: Path, tmp_path: Path) -> tuple[Newsroom, Release, Path]:
    """A newsroom whose radar stands on a folder site."""
    home = tmp_path / "home"
    shutil.copytree(out_home, home)
    newsroom = Newsroom(Settings(home=home))
    (release,) = newsroom.store.releases()
    newsroom.publish(release.release_id, f"folder:{tmp_path / 'site'}")
    return newsroom, release, tmp_path / "site"


def change_sources(newsroom: Newsroom, old: str = "52.87", new: str = "53.87") -> None:
    documents = newsroom.store.documents()
    changed = [
        replace(each, text=each.text.replace(old, new), title=each.title.replace(old, new))
        for each in documents
        if old in each.text + each.title
    ]
    assert changed
    newsroom.store.put(read_facts(changed, teach(documents)), reader_digest())


def radar(newsroom: Newsroom) -> SlotState:
    return next(state for state in newsroom.slot_states(DAY) if state.edition == "radar")


def test_a_changed_source_names_the_releases_and_their_figures(house: tuple[Newsroom, Release, Path]) -> None:
    newsroom, release, _ = house
    assert newsroom.stale_releases() == ()
    change_sources(newsroom)
    (stale,) = newsroom.stale_releases()
    assert stale.release_id == release.release_id
    assert stale.changes
    assert {(change.surface, change.now) for change in stale.changes} == {("52.87亿港元", "净卖出53.87亿港元")}


def test_a_correction_names_old_and_new_and_follows_to_every_channel(house: tuple[Newsroom, Release, Path]) -> None:
    newsroom, release, site = house
    change_sources(newsroom)
    made = asyncio.run(newsroom.correct(release.release_id, "王", "rules"))
    corrected = newsroom.released(made)
    assert corrected is not None
    assert corrected.revision == 2
    assert made.saved.draft.notice == "南向资金净卖出53.87亿港元（原误为52.87亿港元）。"
    (receipt,) = newsroom.send_waiting(corrected.release_id, "王")
    assert receipt.channel == f"folder:{site}"
    text = (site / PAGE).read_text("utf-8")
    assert "更正**：南向资金净卖出53.87亿港元（原误为52.87亿港元）。" in text
    assert text.count("52.87亿港元") == 1
    assert newsroom.verify(site / PAGE) == ()
    assert newsroom.stale_releases() == ()
    assert radar(newsroom).release_id == corrected.release_id
    with pytest.raises(EditError, match="followed by"):
        newsroom.withdraw(release.release_id, "晚了", "王")


def test_what_is_on_its_way_is_corrected_there_too(house: tuple[Newsroom, Release, Path]) -> None:
    newsroom, release, site = house
    for channel in ("waiting", "claimed", "unknown"):
        newsroom.store.enqueue(release.release_id, channel)
    assert newsroom.store.claim("claimed") is not None
    lost = newsroom.store.claim("unknown")
    assert lost is not None
    assert newsroom.store.give_up(lost, "cut off", unknown=True)
    change_sources(newsroom)
    corrected = newsroom.released(asyncio.run(newsroom.correct(release.release_id, "王", "rules")))
    assert corrected is not None
    found = {parcel.channel for parcel in newsroom.store.parcels(release_id=corrected.release_id)}
    assert found == {f"folder:{site}", "waiting", "claimed", "unknown"}


@pytest.mark.parametrize("taken", [True, False])
def test_a_correction_follows_to_a_channel_that_turns_out_to_have_the_release(
    house: tuple[Newsroom, Release, Path], taken: bool
) -> None:
    newsroom, release, _ = house
    newsroom.store.enqueue(release.release_id, "chat")
    lost = newsroom.store.claim("chat")
    assert lost is not None
    assert newsroom.store.give_up(lost, "refused")
    change_sources(newsroom)
    corrected = newsroom.released(asyncio.run(newsroom.correct(release.release_id, "王", "rules")))
    assert corrected is not None
    newsroom.store.settle_restored("从备份恢复")
    newsroom.decide(release.release_id, "chat", taken=taken, actor="王")
    found = [parcel.channel for parcel in newsroom.store.parcels("waiting", corrected.release_id)]
    assert found == (["chat"] if taken else [])


def forget(_: Release) -> None:
    """What a crash leaves undone."""


def test_a_statement_that_was_left_behind_follows_when_asked_again(
    house: tuple[Newsroom, Release, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom, release, site = house
    newsroom.store.enqueue(release.release_id, "waiting")
    with monkeypatch.context() as crash:
        crash.setattr(newsroom, "_enqueue_after", forget)
        statement = newsroom.withdraw(release.release_id, "行情源出错", "陈")
    assert newsroom.withdraw(release.release_id, "行情源出错", "陈") == statement
    found = [parcel.channel for parcel in newsroom.store.parcels(release_id=statement.release_id)]
    assert found == [f"folder:{site}"], "a channel that has nothing yet is told nothing"


def test_what_waits_for_a_channel_counts_as_out(out_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(out_home, home)
    newsroom = Newsroom(Settings(home=home))
    (release,) = newsroom.store.releases()
    real = replace(release, demo=False)
    draft = newsroom.store.draft(FIRST).draft
    assert newsroom._held_if_published(draft, real) == ()  # pyright: ignore[reportPrivateUsage]
    newsroom.store.enqueue(release.release_id, "wechat")
    (why,) = newsroom._held_if_published(draft, real)  # pyright: ignore[reportPrivateUsage]
    assert "wechat" in why


def test_nothing_to_correct_is_said(house: tuple[Newsroom, Release, Path]) -> None:
    newsroom, release, _ = house
    with pytest.raises(EditError, match="nothing to correct"):
        asyncio.run(newsroom.correct(release.release_id, "王", "rules"))


def test_an_editor_mends_a_correction_by_hand(house: tuple[Newsroom, Release, Path]) -> None:
    newsroom, release, _ = house
    change_sources(newsroom)
    begun = newsroom.begin_correction(release.release_id, "王")
    assert not begun.releasable
    assert {verdict.surface for verdict in begun.verdicts if verdict.blocks} >= {"52.87亿港元"}
    draft_id = begun.saved.draft_id
    for slug in ("title", "summary", *(each.slug for each in begun.saved.draft.sections)):
        draft = newsroom.store.draft(draft_id).draft
        old = {"title": draft.title, "summary": draft.summary} | {s.slug: s.text for s in draft.sections}
        if "52.87" in old[slug]:
            text = old[slug].replace("52.87", "53.87")
            draft_id = newsroom.mend(draft_id, slug, text, "王").saved.draft_id
    done = newsroom.reread(draft_id)
    assert done.releasable
    newsroom.approve(draft_id, "王")
    corrected = newsroom.release(draft_id, "王")
    assert "原误为52.87亿港元" in corrected.text
    assert [parcel.state for parcel in newsroom.store.parcels("waiting", corrected.release_id)] == ["waiting"]


def test_a_withdrawal_leaves_a_statement_and_stops_the_release(house: tuple[Newsroom, Release, Path]) -> None:
    newsroom, release, site = house
    with pytest.raises(EditError):
        newsroom.withdraw(release.release_id, " ", "王")
    statement = newsroom.withdraw(release.release_id, "资料来源撤稿", "王")
    assert newsroom.withdraw(release.release_id, "又一次", "李") == statement
    newsroom.send_waiting(statement.release_id, "王")
    text = (site / PAGE).read_text("utf-8")
    assert "资料来源撤稿" in text
    assert "52.87" not in text
    with pytest.raises(HaltedError) as caught:
        newsroom.publish(release.release_id, f"folder:{site}")
    assert "已撤回" in caught.value.notice
    assert radar(newsroom).state == "withdrawn"
    assert next((e.action, e.actor) for e in newsroom.store.audit_trail(release.release_id)) == ("withdraw", "王")
