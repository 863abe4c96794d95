"""How the day stands, and what others see of a draft under way."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from quantshark.errors import CancelledError, HaltedError
from quantshark.model import Draft, Event
from quantshark.newsroom import Assignment, Newsroom, Outcome, SlotState
from quantshark.newsroom.live import watched
from quantshark.newsroom.writing import to_the_end
from tests.newsroom.conftest import DAY

RADAR = Assignment("radar", DAY, writer="rules", release=False)


def radar(newsroom: Newsroom, day: date = DAY) -> SlotState:
    return next(state for state in newsroom.slot_states(day) if state.edition == "radar")


def test_a_day_without_drafts_names_every_edition(newsroom: Newsroom) -> None:
    states = newsroom.slot_states(DAY)
    assert [state.edition for state in states] == ["radar", "midday", "close", "scan", "theme"]
    assert {state.state for state in states} == {"due"}
    closed = newsroom.slot_states(date(2025, 12, 13))
    assert {state.state for state in closed} == {"closed"}
    assert all(state.why for state in closed)


def test_a_slot_from_draft_to_publication_and_halt(newsroom: Newsroom, tmp_path: Path) -> None:
    outcome = asyncio.run(newsroom.draft(RADAR, actor="陈"))
    assert outcome.release is None
    assert outcome.releasable
    state = radar(newsroom)
    assert (state.state, state.draft_id, state.actor) == ("ready", "radar-2025-12-12-hans-d1", "陈")
    assert state.counts["supported"] > 20
    assert state.counts["blocked"] == 0
    released = asyncio.run(newsroom.draft(replace(RADAR, release=True, out=tmp_path / "out"))).release
    assert released is not None
    assert (radar(newsroom).state, radar(newsroom).release_id) == ("ready", released.release_id)
    channel = f"folder:{tmp_path / 'site'}"
    newsroom.halt("行情源出错", "陈")
    stop = radar(newsroom).stop
    assert stop is not None
    assert stop.kind == "halted"
    with pytest.raises(HaltedError) as caught:
        newsroom.publish(released.release_id, channel)
    assert "行情源出错" in caught.value.notice
    assert not (tmp_path / "site").exists()
    newsroom.resume("陈")
    newsroom.publish(released.release_id, channel, "李")
    assert (radar(newsroom).state, radar(newsroom).channels) == ("published", (channel,))
    assert [(entry.action, entry.actor) for entry in newsroom.store.audit_trail()][:3] == [
        ("publish", "李"),
        ("resume", "陈"),
        ("halt", "陈"),
    ]


def test_a_halt_stops_what_went_out_before_as_well(newsroom: Newsroom, tmp_path: Path) -> None:
    """A folder that lost a file is mended by publishing again; not while the channels stand still."""
    released = asyncio.run(newsroom.draft(replace(RADAR, release=True, out=tmp_path / "out"))).release
    assert released is not None
    channel = f"folder:{tmp_path / 'site'}"
    newsroom.publish(released.release_id, channel)
    newsroom.halt("停")
    with pytest.raises(HaltedError):
        newsroom.publish(released.release_id, channel)


def test_an_embargo_holds_and_ends(newsroom: Newsroom, tmp_path: Path) -> None:
    released = asyncio.run(newsroom.draft(replace(RADAR, release=True, out=tmp_path / "out"))).release
    assert released is not None
    newsroom.embargo(released.release_id, datetime.now(UTC) + timedelta(hours=1), "陈")
    with pytest.raises(HaltedError, match="embargoed until"):
        newsroom.publish(released.release_id, f"folder:{tmp_path / 'site'}")
    newsroom.embargo(released.release_id, None, "陈")
    assert newsroom.publish(released.release_id, f"folder:{tmp_path / 'site'}").status == "sent"


def test_the_events_of_a_draft_can_be_read_by_anyone(newsroom: Newsroom) -> None:
    ready = newsroom.prepare(RADAR, actor="陈")
    assert radar(newsroom).state == "drafting"
    asyncio.run(newsroom.write(ready))
    events = newsroom.events(ready.run_id)
    names = [told.event.name for told in events]
    assert (names[0], names[-1]) == ("started", "done")
    written = {told.event.section: told.event.data for told in events if told.event.name == "section_written"}
    assert set(written) == {spec.slug for spec in ready.frame.context.edition.sections}
    assert "52.87亿港元" in str(written["overview"]["text"])
    assert newsroom.events(ready.run_id, after=events[-2].number) == events[-1:]
    assert newsroom.run(ready.run_id).state == "done"


def test_a_draft_stops_when_it_is_asked_to(newsroom: Newsroom) -> None:
    ready = newsroom.prepare(RADAR)
    assert newsroom.cancel(ready.run_id, "李")
    with pytest.raises(CancelledError, match="李 stopped"):
        asyncio.run(newsroom.write(ready))
    assert newsroom.run(ready.run_id).state == "failed"
    state = radar(newsroom)
    assert (state.state, state.why) == ("failed", ("李 停止了写稿",))
    assert not newsroom.store.drafts()


def test_a_call_that_hangs_is_stopped_as_well(newsroom: Newsroom) -> None:
    run = newsroom.store.open_run("draft radar", "x")
    ended: list[str] = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def both() -> None:
        work = asyncio.ensure_future(watched(hang(), newsroom.store, run))
        await asyncio.sleep(0)
        newsroom.store.cancel_run(run, "李")
        with pytest.raises(CancelledError):
            await work

    asyncio.run(both())
    assert ended == ["cancelled"]


def test_an_interrupted_draft_goes_on_where_it_stopped(newsroom: Newsroom) -> None:
    first = newsroom.prepare(RADAR)
    long_ago = datetime.now(UTC) + timedelta(hours=1)
    newsroom.store.tell(first.run_id, Event("started"))
    again = newsroom.prepare(RADAR)
    assert again.run_id == first.run_id
    newsroom.store.clock = lambda: long_ago
    outcome = asyncio.run(newsroom.write(again))
    assert outcome.run_id == first.run_id


def test_a_saved_draft_is_read_again_as_it_was_judged(newsroom: Newsroom) -> None:
    outcome = asyncio.run(newsroom.draft(RADAR))
    fresh = Newsroom(newsroom.settings)  # nothing of the frame is in memory
    for reader in (newsroom, fresh):
        reread = reader.reread(outcome.draft_id)
        assert not reread.changed
        assert reread.printed.text == outcome.text
        assert reread.verdicts == outcome.verdicts
        assert reread.newest == outcome.draft_id
        assert reread.releasable


def test_a_draft_is_read_again_with_what_was_known_then(newsroom: Newsroom, tmp_path: Path) -> None:
    outcome = asyncio.run(newsroom.draft(RADAR))
    late = tmp_path / "late.md"
    late.write_text(
        '---\ntitle: "迟到"\ndate: "2025-12-11T18:00:00+08:00"\n---\n南向资金净卖出99.99亿港元。\n', "utf-8"
    )
    newsroom.ingest([late])
    again = Newsroom(newsroom.settings).reread(outcome.draft_id)
    assert not again.changed
    assert again.verdicts == outcome.verdicts


def test_a_stop_while_a_report_is_put_away_is_told_when_it_is() -> None:
    begun, go, ended = threading.Event(), threading.Event(), list[str]()
    kept = Outcome(Draft("radar", DAY, "hans", "", "", (), ""), "", (), None, ())

    def put_away() -> Outcome:
        begun.set()
        assert go.wait(10)
        ended.append("kept")
        return kept

    async def stopped() -> None:
        task = asyncio.ensure_future(to_the_end(put_away))
        assert await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    assert ended == ["kept"]
