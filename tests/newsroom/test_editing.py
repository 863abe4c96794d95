"""The proof view's verbs on a real draft: nothing wrong goes out, nothing that somebody did is lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from quantshark.errors import ConflictError, EditError, ReleaseError, RightsError
from quantshark.model import Verdict
from quantshark.newsroom import Newsroom, Reread
from quantshark.newsroom.places import sentences
from tests.newsroom.conftest import FIRST

RIGHT, WRONG = "净卖出52.87亿港元", "净卖出52.78亿港元"


def section(reread: Reread, slug: str = "overview") -> str:
    return next(each.text for each in reread.saved.draft.sections if each.slug == slug)


def planted(desk: Newsroom, wrong: str = WRONG) -> Reread:
    """The draft with a wrong figure in its overview."""
    text = section(desk.reread(FIRST))
    return desk.mend(FIRST, "overview", text.replace(RIGHT, wrong), "陈")


def added(desk: Newsroom, sentence: str, draft_id: str = FIRST) -> Reread:
    """The draft with another sentence at the end of its overview."""
    return desk.mend(draft_id, "overview", section(desk.reread(draft_id)) + f"\n\n{sentence}", "陈")


def only(reread: Reread) -> Verdict:
    """The one figure that needs somebody."""
    found = {v.start: v for v in reread.attention if v.reason != "disputed" and v.surface[0].isdigit()}
    (verdict,) = found.values()
    return verdict


def span(verdict: Verdict) -> tuple[int, int]:
    return verdict.start, verdict.end


def test_a_planted_figure_is_found_mended_and_released(desk: Newsroom) -> None:
    wrong = planted(desk)
    assert (wrong.releasable, wrong.counts["blocked"]) == (False, 1)
    assert only(wrong).surface == "52.78亿港元"
    assert desk.slot_states(wrong.saved.draft.day)[0].state == "held"
    for forbidden in (desk.approve, desk.release):
        with pytest.raises(ReleaseError):
            forbidden(wrong.saved.draft_id, "陈")
    right = desk.mend(wrong.saved.draft_id, "overview", section(wrong).replace(WRONG, RIGHT), "李")
    assert right.releasable
    with pytest.raises(RightsError):
        desk.release(right.saved.draft_id, "李")
    standing = desk.approve(right.saved.draft_id, "李")
    assert standing.missing == 0
    release = desk.release(right.saved.draft_id, "李")
    assert release.text == right.printed.text == right.saved.text
    assert desk.release(right.saved.draft_id, "陈") == release
    assert [(saved.number, saved.actor, saved.parent) for saved in desk.drafts(FIRST)] == [
        (3, "李", wrong.saved.draft_id),
        (2, "陈", FIRST),
        (1, "desk", ""),
    ]
    actions = [(entry.action, entry.actor) for entry in desk.store.audit_trail()][:4]
    assert actions == [("release", "李"), ("approve", "李"), ("edit", "李"), ("edit", "陈")]


def test_marks_stay_with_the_words_that_were_not_touched(desk: Newsroom) -> None:
    before = desk.reread(FIRST)
    after = planted(desk)
    assert len(after.printed.marks) == len(before.printed.marks) - 1
    for mark in after.printed.marks:
        assert after.printed.text[mark.start : mark.end]


def test_a_reference_is_inserted_as_a_printed_figure(desk: Newsroom) -> None:
    context = desk.reread(FIRST).judged.context
    item = next(i for i in context.items if i.fact.entity == "FLOW.SOUTHBOUND" and i.fact.measure == "net_flow")
    after = added(desk, f"12月11日，南向资金{{{item.ref}}}。")
    assert after.releasable
    assert section(after).endswith(")。")
    assert RIGHT in section(after).splitlines()[-1]
    with pytest.raises(EditError, match="no fact 'f999'"):
        added(desk, "南向资金{f999}。", after.saved.draft_id)


def test_the_second_of_two_editors_is_told_and_can_merge(desk: Newsroom) -> None:
    text = section(desk.reread(FIRST))
    theirs = text.replace("增量资金转弱，短期宜以观察为主", "增量资金转弱，宜观察")
    mine = text + "\n\n以上为昨日情况。"
    desk.mend(FIRST, "overview", theirs, "陈")
    with pytest.raises(ConflictError) as caught:
        desk.mend(FIRST, "overview", mine, "李")
    conflict = caught.value
    assert (conflict.mine, conflict.theirs) == (mine, theirs)
    assert conflict.merged == theirs + "\n\n以上为昨日情况。"
    assert "陈" in conflict.notice
    again = desk.mend(conflict.newest, "overview", conflict.merged or "", "李")
    assert section(again) == conflict.merged


def test_two_editors_at_once_one_edit_is_kept_and_one_is_refused(desk: Newsroom) -> None:
    text = section(desk.reread(FIRST))
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def edit(who: str) -> None:
        start.wait()
        try:
            outcomes.append(desk.mend(FIRST, "overview", f"{text}\n\n{who}看过。", who).saved.actor)
        except ConflictError:
            outcomes.append("told")

    threads = [threading.Thread(target=edit, args=(who,)) for who in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] == "told"
    assert len(desk.drafts(FIRST)) == 2


def test_undo_goes_back_step_by_step(desk: Newsroom) -> None:
    one = added(desk, "第一处改动。")
    two = added(desk, "第二处改动。", one.saved.draft_id)
    back = desk.undo(two.saved.draft_id, "陈")
    assert section(back) == section(one)
    first = desk.undo(back.saved.draft_id, "陈")
    assert section(first) == section(desk.reread(FIRST))
    with pytest.raises(EditError):
        desk.undo(first.saved.draft_id, "陈")
    again = desk.restore(first.saved.draft_id, two.saved.draft_id, "陈")
    assert section(again) == section(two)


def test_sentences_and_sections_are_dropped_and_brought_back(desk: Newsroom) -> None:
    wrong = added(desk, "12月11日，南向资金净卖出99.99亿港元。")
    less = desk.strike(wrong.saved.draft_id, "overview", "陈", sentence="12月11日，南向资金净卖出99.99亿港元。")
    assert less.releasable
    gone = desk.strike(less.saved.draft_id, "lesson", "陈")
    assert "lesson" not in {each.slug for each in gone.saved.draft.sections}
    assert gone.saved.draft.omitted["lesson"] == "编辑删去"
    back = desk.use_rules(gone.saved.draft_id, "lesson", "陈")
    assert [each.slug for each in back.saved.draft.sections] == [
        each.slug for each in desk.reread(FIRST).saved.draft.sections
    ]
    assert section(back, "lesson") == section(desk.reread(FIRST), "lesson")
    assert "lesson" not in back.saved.draft.omitted


def test_rules_replace_what_was_spoilt(desk: Newsroom) -> None:
    wrong = planted(desk)
    right = desk.use_rules(wrong.saved.draft_id, "overview", "陈")
    assert right.releasable
    assert section(right) == section(desk.reread(FIRST))


def test_a_figure_is_bound_by_hand_only_to_a_fact_that_agrees(desk: Newsroom) -> None:
    """The reader does not know who 北水 of the west is; the editor does."""
    wrong = added(desk, "某机构称，西部渠道净卖出52.87亿港元。")
    verdict = only(wrong)
    facts = {item.ref: item.fact for item in wrong.judged.context.items}
    right = next(
        ref for ref, f in facts.items() if f.measure == "net_flow" and f.surface and str(f.value) == "-5287000000"
    )
    other = next(ref for ref, f in facts.items() if f.measure == "net_flow" and f.value > 0 and f.unit == "HKD")
    for bad, says in ((other, "不符"), ("f999", "没有这条事实")):
        with pytest.raises(EditError) as caught:
            desk.bind(wrong.saved.draft_id, span(verdict), bad, "渠道即南向", "陈")
        assert says in caught.value.notice
    with pytest.raises(EditError, match="reason"):
        desk.bind(wrong.saved.draft_id, span(verdict), right, " ", "陈")
    bound = desk.bind(wrong.saved.draft_id, span(verdict), right, "渠道即南向资金", "陈")
    bound = desk.confirm(bound.saved.draft_id, span(only(bound)), "李")
    assert bound.releasable
    ruled = only(bound)
    assert (ruled.status, ruled.reason, ruled.fact) == ("supported", "bound_by_hand", facts[right])
    # It outlives an edit elsewhere, and ends with an edit of its sentence.
    elsewhere = added(desk, "以上。", bound.saved.draft_id)
    assert elsewhere.releasable
    text = section(elsewhere).replace("西部渠道净卖出52.87", "西部渠道昨日净卖出52.87")
    assert not desk.mend(elsewhere.saved.draft_id, "overview", text, "陈").releasable
    assert not desk.revoke(
        desk.undo(desk.drafts(FIRST)[0].draft_id, "陈").saved.draft_id, span(only(elsewhere)), "陈"
    ).releasable


@pytest.mark.parametrize(
    ("sentence", "says"),
    [("某机构称，西部渠道净买入52.87亿港元。", "方向相反"), ("某机构称，西部渠道净卖出52.87亿美元。", "单位")],
)
def test_a_wrong_sign_or_unit_cannot_be_bound(desk: Newsroom, sentence: str, says: str) -> None:
    wrong = added(desk, sentence)
    flow = next(i.ref for i in wrong.judged.context.items if str(i.fact.value) == "-5287000000")
    with pytest.raises(EditError) as caught:
        desk.bind(wrong.saved.draft_id, span(only(wrong)), flow, "渠道即南向", "陈")
    assert says in caught.value.notice


def test_a_waiver_needs_a_second_person_and_so_does_the_release(desk: Newsroom, tmp_path: Path) -> None:
    wrong = added(desk, "据编辑现场了解，参会企业共有37家。")
    verdict = only(wrong)
    assert verdict.status == "unsourced"
    asked = desk.waive(wrong.saved.draft_id, span(verdict), "编辑到场清点", "陈")
    assert not asked.releasable
    waiting = only(asked)
    with pytest.raises(RightsError):
        desk.confirm(asked.saved.draft_id, span(waiting), "陈")
    seconded = desk.confirm(asked.saved.draft_id, span(waiting), "李")
    assert seconded.releasable
    draft = seconded.saved.draft_id
    assert desk.approve(draft, "陈").missing == 1
    with pytest.raises(RightsError, match="1 person"):
        desk.release(draft, "陈")
    assert desk.approve(draft, "李").missing == 0
    release = desk.release(draft, "陈")
    desk.publish(release.release_id, f"folder:{tmp_path}", "陈")
    page = tmp_path / "radar-2025-12-12.md"
    assert desk.verify(page) == ()
    (told,) = desk.confirmed(page)
    assert all(word in told for word in ("37家", "编辑到场清点", "陈", "李"))


def test_a_refuted_figure_is_never_waived(desk: Newsroom) -> None:
    wrong = planted(desk, "净买入52.87亿港元")
    assert only(wrong).status == "refuted"
    with pytest.raises(EditError) as caught:
        desk.waive(wrong.saved.draft_id, span(only(wrong)), "就是这样", "陈")
    assert "不能放行" in caught.value.notice


def test_a_bound_figure_is_listed_by_verify(desk: Newsroom, tmp_path: Path) -> None:
    wrong = added(desk, "某机构称，西部渠道净卖出52.87亿港元。")
    flow = next(i.ref for i in wrong.judged.context.items if str(i.fact.value) == "-5287000000")
    bound = desk.bind(wrong.saved.draft_id, span(only(wrong)), flow, "渠道即南向资金", "陈")
    bound = desk.confirm(bound.saved.draft_id, span(only(bound)), "李")
    assert desk.approve(bound.saved.draft_id, "陈").missing == 1
    desk.approve(bound.saved.draft_id, "李")
    release = desk.release(bound.saved.draft_id, "陈")
    desk.publish(release.release_id, f"folder:{tmp_path}")
    assert desk.verify(tmp_path / "radar-2025-12-12.md") == ()
    (told,) = desk.confirmed(tmp_path / "radar-2025-12-12.md")
    assert "由陈绑定、李确认：渠道即南向资金" in told


def test_one_person_alone_never_binds_what_the_check_refutes(desk: Newsroom) -> None:
    """The flow is told of the day before; the check reads the words otherwise than the editor."""
    wrong = added(desk, "南向资金预计净卖出52.87亿港元。")
    verdict = only(wrong)
    assert verdict.status == "refuted", verdict
    flow = next(i.ref for i in wrong.judged.context.items if str(i.fact.value) == "-5287000000")
    bound = desk.bind(wrong.saved.draft_id, span(verdict), flow, "原文即此意", "陈")
    assert not bound.releasable
    with pytest.raises(RightsError):
        desk.confirm(bound.saved.draft_id, span(only(bound)), "陈")
    seconded = desk.confirm(bound.saved.draft_id, span(only(bound)), "李")
    assert seconded.releasable
    assert all(name in only(seconded).message for name in ("陈绑定", "李确认"))
    assert desk.standing(seconded.saved.draft_id).needed == 2


def test_an_edit_after_the_approval_asks_for_another(desk: Newsroom) -> None:
    desk.approve(FIRST, "陈")
    edited = added(desk, "以上。")
    with pytest.raises(ConflictError):
        desk.release(FIRST, "陈")
    with pytest.raises(RightsError):
        desk.release(edited.saved.draft_id, "陈")


def test_unfinished_text_is_kept_until_it_is_saved(desk: Newsroom) -> None:
    desk.autosave(FIRST, "overview", "写到一", "陈")
    desk.autosave(FIRST, "overview", "写到一半", "陈")
    desk.autosave(FIRST, "overview", "别人的", "李")
    assert [(kept.actor, kept.text) for kept in desk.autosaves(FIRST, "陈")] == [("陈", "写到一半")]
    edited = added(desk, "以上。")
    assert [kept.actor for kept in desk.autosaves(edited.saved.draft_id)] == ["李"]
    assert desk.discard(FIRST, "overview", "李")
    assert desk.autosaves(FIRST) == ()


@pytest.mark.parametrize(("slug", "text"), [("overview", " "), ("overview", "长" * 20_001), ("nothing", "文字")])
def test_what_cannot_be_a_section_is_refused(desk: Newsroom, slug: str, text: str) -> None:
    with pytest.raises(EditError) as caught:
        desk.mend(FIRST, slug, text, "陈")
    assert any("\u4e00" <= char <= "\u9fff" for char in caught.value.notice)
    assert len(desk.drafts(FIRST)) == 1


def test_title_and_summary_are_mended_and_judged(desk: Newsroom) -> None:
    wrong = desk.mend(FIRST, "title", "12月12日盘前雷达：上一交易日南向资金净卖出52.78亿港元", "陈")
    assert not wrong.releasable
    right = desk.mend(wrong.saved.draft_id, "title", "12月12日盘前雷达：上一交易日南向资金净卖出52.87亿港元", "陈")
    assert right.releasable
    assert right.printed.title.endswith("52.87亿港元")


def test_every_sentence_of_a_draft_can_be_dropped(desk: Newsroom) -> None:
    """What the page offers as a sentence is found again in its section."""
    for each in desk.reread(FIRST).saved.draft.sections:
        for sentence in sentences(each.text):
            assert sentence.text in each.text
