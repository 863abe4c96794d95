"""置顶, 停用, 改正读法: what people decide about single facts, without JavaScript, with a reason, and taken back again."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest

from quantshark.model import Fact
from quantshark.newsroom import Newsroom
from tests.console.conftest import DAY, DRAFT, SignIn
from tests.console.test_publishing import RELEASE, release

TODAY = date.fromisoformat(DAY)


@pytest.fixture
def flow(newsroom: Newsroom) -> Fact:
    """净卖出52.87亿港元, as it was read in a document."""
    facts = newsroom.store.search_facts("南向资金 52.87")
    return next(fact for fact in facts if fact.entity == "FLOW.SOUTHBOUND")


def page_of(fact: Fact) -> str:
    return f"/facts/{quote(fact.fact_id)}"


@pytest.mark.parametrize(("verb", "label"), [("pin", "置顶"), ("bar", "停用")])
def test_a_fact_is_wanted_in_or_out_and_that_is_taken_back(
    sign_in: SignIn, newsroom: Newsroom, flow: Fact, verb: str, label: str
) -> None:
    editor, page = sign_in("编辑甲"), page_of(flow)
    told = {"target": flow.fact_id, "day": DAY, "reason": "今天的主线"}
    assert f"已{label}" in editor.fill("/sources/wishes", told | {"do": verb}, page)
    (wish,) = newsroom.wishes(TODAY)
    assert (wish.kind, wish.target, wish.actor, wish.reason) == (verb, flow.fact_id, "编辑甲", "今天的主线")
    assert "今天的主线" in sign_in("撰稿人").get(f"/sources?day={DAY}")
    editor.fill("/sources/wishes", told | {"do": "lift"}, page)
    assert newsroom.wishes(TODAY) == ()


def test_a_document_is_barred_for_a_day(sign_in: SignIn, newsroom: Newsroom, flow: Fact) -> None:
    assert flow.source
    page = f"/sources/{flow.source.doc_id}"
    values = {"target": flow.source.doc_id, "day": DAY, "reason": "来源已更正", "do": "bar"}
    assert "已停用" in sign_in("编辑甲").fill("/sources/wishes", values, page)
    assert [wish.target for wish in newsroom.wishes(TODAY)] == [flow.source.doc_id]


def test_a_decision_needs_a_reason_a_target_and_an_editor(sign_in: SignIn, newsroom: Newsroom, flow: Fact) -> None:
    editor, writer = sign_in("编辑甲"), sign_in("撰稿人")
    values = {"target": flow.fact_id, "day": DAY, "reason": " ", "do": "pin"}
    assert "请写明理由" in editor.fill("/sources/wishes", values, status=409)
    editor.fill("/sources/wishes", values | {"target": "none", "reason": "试一试"}, status=404)
    editor.fill("/sources/wishes", values | {"day": "明天", "reason": "试一试"}, status=409)
    writer.fill("/sources/wishes", values | {"reason": "试一试"}, status=403)
    writer.fill(page_of(flow), {"entity": "腾讯控股", "reason": "试一试", "do": "amend"}, status=403)
    assert newsroom.wishes(TODAY) == ()
    assert newsroom.store.amendments() == ()


def entities_of(newsroom: Newsroom, fact: Fact) -> set[str]:
    """Whom the evidence of the draft takes a fact to be about."""
    return {each.entity for each in newsroom.reread(DRAFT).judged.evidence.facts if each.fact_id == fact.fact_id}


def test_a_wrong_reading_is_put_right_and_drafts_are_judged_by_it(
    sign_in: SignIn, newsroom: Newsroom, flow: Fact
) -> None:
    editor, page = sign_in("编辑甲"), page_of(flow)
    assert flow.entity in entities_of(newsroom, flow)
    values = {"entity": "腾讯控股", "measure": "", "reason": "原文这一段说的是腾讯", "do": "amend"}
    shown = editor.fill(page, values, page)
    assert "0700.HK" in shown
    assert "编辑甲" in shown
    assert newsroom.reread(DRAFT).changed
    assert entities_of(newsroom, flow) == {"0700.HK"}
    editor.fill(page, {"do": "unamend"}, page)
    assert newsroom.store.amendments() == ()
    restored = newsroom.store.fact(flow.fact_id)
    assert restored
    assert restored.entity == "FLOW.SOUTHBOUND"


def test_a_measure_of_another_kind_is_refused(sign_in: SignIn, flow: Fact) -> None:
    page = page_of(flow)
    values = {"entity": "", "measure": "change", "reason": "试一试", "do": "amend"}
    assert "单位类型" in sign_in("编辑甲").fill(page, values, page, 409)


def test_the_page_says_which_releases_used_it(sign_in: SignIn, newsroom: Newsroom, flow: Fact) -> None:
    editor = sign_in("编辑甲")
    release(editor)
    used = [fact for fact in newsroom.store.search_facts("南向资金 52.87") if newsroom.uses(fact.fact_id)]
    assert used
    assert RELEASE in editor.get(page_of(used[0]))
