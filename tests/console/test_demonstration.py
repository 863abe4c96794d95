"""The demonstration plants one wrong figure, says so, and plants no second one."""

from __future__ import annotations

from datetime import date

from quantshark.console.app import create_app
from quantshark.console.demonstration import ACTOR, NOTE, plant, planted
from quantshark.console.office import Door, Office
from quantshark.newsroom import Newsroom
from tests.console.conftest import DAY, DRAFT, SignIn


def office(newsroom: Newsroom) -> Office:
    made: Office = create_app(newsroom, Door(day=date.fromisoformat(DAY))).state.office
    return made


def test_one_figure_is_wrong_and_may_be_replaced_by_the_right_one(newsroom: Newsroom, sign_in: SignIn) -> None:
    right = newsroom.reread(DRAFT)
    assert right.releasable
    wrong = newsroom.reread(plant(newsroom, DRAFT))
    assert wrong.counts["blocked"] == 1
    (verdict,) = [verdict for verdict in wrong.verdicts if verdict.blocks]
    page = sign_in("编辑甲").get(f"/drafts/{wrong.saved.draft_id}")
    assert NOTE in page
    assert f"<strong>{verdict.surface}</strong>" in page
    assert "改为 " in page


def test_it_is_planted_into_the_demonstrations_own_first_draft_alone(newsroom: Newsroom) -> None:
    desk = office(newsroom)
    assert planted(desk), "the draft is somebody's"
    assert len(newsroom.drafts(DRAFT)) == 1
    first = newsroom.store.draft(DRAFT)
    newsroom.store.save_draft(first.draft, first.text, first.run_id, actor=ACTOR)
    assert planted(desk), "it is not the first any more"
    assert len(newsroom.drafts(DRAFT)) == 2
