"""Sources as editors handle them: found, pinned, barred, put right, taken in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from quantshark.errors import EditError, NotFoundError, SourceError
from quantshark.newsroom import Assignment, Found, Newsroom
from tests.newsroom.conftest import DAY, FIRST

WHEN = datetime(2025, 12, 11, 18, 0, tzinfo=UTC)
RADAR = Assignment("radar", DAY, writer="rules", release=False)


def test_documents_and_facts_are_found_by_their_words(desk: Newsroom) -> None:
    found = desk.search("南向资金 52.87")
    assert found.documents
    assert all("52.87" in each.text + each.title for each in found.documents)
    assert {fact.entity for fact in found.facts} == {"FLOW.SOUTHBOUND"}
    assert desk.search("  ") == Found((), ())
    assert desk.search("没有这样的话%") == Found((), ())
    assert len(desk.search("港", limit=3).facts) == 3


def test_where_a_fact_was_used(desk: Newsroom) -> None:
    desk.approve(FIRST, "陈")
    release = desk.release(FIRST, "陈")
    fact = next(v.fact for v in desk.reread(FIRST).verdicts if v.fact and v.surface == "52.87亿港元")
    assert desk.uses(fact.fact_id) == (release.release_id,)
    assert fact.source is not None
    assert desk.document_uses(fact.source.doc_id) == (release.release_id,)
    assert desk.uses("nothing") == ()


def test_a_barred_document_is_not_told_until_the_bar_is_lifted(desk: Newsroom) -> None:
    before = desk.reread(FIRST)
    story = before.judged.context.stories[0].document
    desk.bar(DAY, story.doc_id, "来源存疑", "陈")
    assert [(wish.kind, wish.target, wish.actor) for wish in desk.wishes(DAY)] == [("bar", story.doc_id, "陈")]
    context = desk.prepare(RADAR).frame.context
    assert story.doc_id not in {each.document.doc_id for each in context.stories}
    assert not desk.reread(FIRST).changed  # what was written stands by what was known and asked then
    assert desk.lift(DAY, story.doc_id, "陈")
    assert not desk.lift(DAY, story.doc_id, "陈")
    assert desk.prepare(RADAR).frame.context.digest == before.saved.draft.context


def test_only_what_is_known_can_be_pinned_and_with_a_reason(desk: Newsroom) -> None:
    with pytest.raises(NotFoundError):
        desk.pin(DAY, "nothing", "因为", "陈")
    with pytest.raises(EditError):
        desk.pin(DAY, desk.search("南向资金").documents[0].doc_id, " ", "陈")


NEWS = "12月11日，蓝鲸渠道净卖出41.23亿港元。"


def test_a_pasted_document_is_read_and_cited(desk: Newsroom) -> None:
    (document,) = desk.add_document(NEWS, "paste.md", "陈", title="蓝鲸渠道净卖出", published_at=WHEN)
    assert desk.store.document(document.doc_id).title == "蓝鲸渠道净卖出"
    assert desk.search("41.23亿港元").documents == (document,)
    assert desk.store.audit_trail(document.doc_id)[0].actor == "陈"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (NEWS, "a.md", "发布时间"),
        (b"\x00\x01", "a.md", "空字节"),
        ("x" * 2_000_001, "a.md", "上限"),
        ("a,b\n1\n", "../../etc/a.csv", "a.csv"),
        ("x", "a.exe", ".exe"),
        ("", "a.md", "没有正文"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_chinese(
    desk: Newsroom, content: str | bytes, name: str, says: str
) -> None:
    with pytest.raises((SourceError, EditError)) as caught:
        desk.add_document(content, name, "陈")
    refusal = caught.value.details.get("refusal")
    notice = str(getattr(refusal, "notice", None) or getattr(caught.value, "notice", ""))
    assert says in notice
    assert "/tmp" not in notice  # noqa: S108 - where it lay for a moment is nobody's business


def entity(desk: Newsroom, fact_id: str) -> str:
    fact = desk.store.fact(fact_id)
    assert fact is not None
    return fact.entity


def test_a_wrong_reading_is_put_right_for_drafts_and_checks(desk: Newsroom) -> None:
    told = "12月11日，腾讯控股获南向资金净买入41.23亿港元。"
    (document,) = desk.add_document(told, "paste.md", "陈", title="南向资金", published_at=WHEN)
    wrong = next(fact for fact in desk.search("41.23亿港元").facts if fact.entity == "0700.HK")
    fact = desk.amend(wrong.fact_id, "原文指阿里巴巴", "陈", entity="9988.HK")
    assert (fact.entity, fact.value) == ("9988.HK", wrong.value)
    assert wrong.fact_id in {each.fact_id for each in desk.store.facts(entity="9988.HK")}
    evidence = desk.prepare(RADAR).frame.evidence
    assert {proof.fact.entity for proof in evidence.proofs if proof.fact.fact_id == wrong.fact_id} <= {"9988.HK"}
    # Another reading of the same words keeps it so, and dropping the amendment brings the first one back.
    desk.store.put([(document, [wrong])], "another reader")
    assert entity(desk, wrong.fact_id) == "9988.HK"
    assert desk.unamend(wrong.fact_id, "陈")
    assert entity(desk, wrong.fact_id) == "0700.HK"
    assert not desk.unamend(wrong.fact_id, "陈")


def test_an_amendment_that_changes_nothing_or_the_kind_is_refused(desk: Newsroom) -> None:
    fact = next(fact for fact in desk.search("南向资金 52.87").facts if fact.measure == "net_flow")
    for entity, measure in ((fact.entity, ""), ("", "change")):
        with pytest.raises(EditError):
            desk.amend(fact.fact_id, "试", "陈", entity=entity, measure=measure)


def test_drafts_go_on_after_an_amendment(desk: Newsroom) -> None:
    told = desk.reread(FIRST).judged.context.items
    fact = next(item.fact for item in told if item.fact.measure == "net_flow" and item.fact.source and item.fact.via)
    desk.amend(fact.fact_id, "试", "陈", entity="9999.HK" if fact.entity != "9999.HK" else "0700.HK")
    assert desk.reread(FIRST).changed
    assert asyncio.run(desk.draft(RADAR)).draft_id
