"""Mending without JavaScript: every way to put a figure right, each a revision; two editors at once; two people for a waiver."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from quantshark.model import Listener
from quantshark.newsroom import Newsroom
from quantshark.newsroom.framing import Frame
from quantshark.settings import load
from quantshark.writers.llm import Attempt, Finding
from tests.console.conftest import DAY, DRAFT, RIGHT, WRONG, Desk, SignIn

INVENTED = "37.5亿港元"


def number_of(page: str, surface: str) -> str:
    """The number of the figure that is printed so."""
    found = re.search(rf'data-n="(\d+)"[^>]*>{re.escape(surface)}<', page)
    assert found, surface
    return found[1]


def newest(newsroom: Newsroom) -> str:
    return newsroom.drafts(DRAFT)[0].draft_id


def act(desk: Desk, draft: str, surface: str, verb: str, status: int = 200, **values: str) -> str:
    page = desk.get(f"/drafts/{draft}")
    return desk.post(f"/drafts/{draft}/figures/{number_of(page, surface)}/{verb}", f"/drafts/{draft}", status, **values)


def test_a_wrong_figure_is_replaced_by_the_fact_with_one_button(
    sign_in: SignIn, planted: str, newsroom: Newsroom
) -> None:
    editor = sign_in("编辑甲")
    page = editor.get(f"/drafts/{planted}")
    card = next(card for card in page.split("<details") if f"<strong>{WRONG}</strong>" in card)
    form = next(form for form in card.split("<form") if f"改为 {RIGHT}" in form)
    fact = re.search(r'name="fact" value="([^"]+)"', form)
    assert fact
    shown = act(editor, planted, WRONG, "replace", fact=fact[1], do="replace")
    assert f">{WRONG}<" not in shown
    saved = newsroom.store.draft(newest(newsroom))
    assert (saved.actor, saved.parent) == ("编辑甲", planted)
    assert RIGHT in saved.draft.sections[0].text


def test_a_sentence_without_a_source_is_dropped_and_brought_back(
    sign_in: SignIn, planted: str, newsroom: Newsroom
) -> None:
    editor = sign_in("编辑甲")
    act(editor, planted, INVENTED, "drop")
    assert INVENTED not in newsroom.store.draft(newest(newsroom)).text
    editor.post(f"/drafts/{newest(newsroom)}/undo")
    assert INVENTED in newsroom.store.draft(newest(newsroom)).text


def test_a_section_is_edited_with_a_reference_that_code_prints(
    sign_in: SignIn, planted: str, newsroom: Newsroom
) -> None:
    editor = sign_in("编辑甲")
    address = f"/drafts/{planted}/sections/overview"
    page = editor.get(address)
    ref = re.search(r'name="insert" value="(f\d+)"', page)
    assert ref
    editor.post(address, address, text=f"上一交易日，{{{ref[1]}}}。", do="save")
    text = newsroom.store.draft(newest(newsroom)).draft.sections[0].text
    assert "{" not in text
    assert "](" in text


def test_a_preview_is_judged_and_saves_nothing(sign_in: SignIn, planted: str, newsroom: Newsroom) -> None:
    editor = sign_in("编辑甲")
    address = f"/drafts/{planted}/sections/overview"
    page = editor.post(f"{address}/check", address, text="南向资金净卖出99.99亿港元。")
    assert "处待处理" in page
    assert newest(newsroom) == planted


def test_what_was_typed_survives_a_closed_window(sign_in: SignIn, planted: str) -> None:
    editor = sign_in("编辑甲")
    address = f"/drafts/{planted}/sections/overview"
    editor.post(f"{address}/autosave", address, text="写到一半的话")
    page = editor.get(address)
    assert "写到一半的话" in page
    assert "没有保存的改动" in page
    assert "写到一半的话" not in sign_in("编辑乙").get(address)
    assert "写到一半的话" not in editor.get(f"{address}?fresh=1")


def test_the_second_of_two_editors_is_told_and_loses_nothing(sign_in: SignIn, planted: str, newsroom: Newsroom) -> None:
    first, second = sign_in("编辑甲"), sign_in("编辑乙")
    address = f"/drafts/{planted}/sections/overview"
    first.post(address, address, text="甲的文字。", do="save")
    page = second.post(address, address, 409, text="乙的文字。", do="save")
    assert "甲的文字。" in page
    assert "乙的文字。" in page
    ours = newest(newsroom)
    second.post(f"/drafts/{ours}/sections/overview", page=f"/drafts/{ours}", text="甲和乙的文字。", do="save")
    assert newsroom.store.draft(newest(newsroom)).draft.sections[0].text == "甲和乙的文字。"


def test_the_rules_words_come_back(sign_in: SignIn, planted: str, newsroom: Newsroom) -> None:
    sign_in("编辑甲").post(f"/drafts/{planted}/sections/overview/rules")
    assert RIGHT in newsroom.store.draft(newest(newsroom)).draft.sections[0].text


def test_a_waiver_needs_a_reason_and_a_second_person(sign_in: SignIn, planted: str, newsroom: Newsroom) -> None:
    writer, editor = sign_in("编辑甲"), sign_in("编辑乙")
    act(writer, planted, INVENTED, "waive", reason="公司电话确认，稍后公告")
    asked = newest(newsroom)
    act(writer, asked, INVENTED, "confirm", 409)
    page = act(editor, asked, INVENTED, "confirm")
    assert "编辑确认" in page
    verdict = next(v for v in newsroom.reread(newest(newsroom)).verdicts if v.surface == INVENTED)
    assert verdict.waived
    assert not verdict.blocks
    assert "公司电话确认，稍后公告" in editor.get(f"/drafts/{newest(newsroom)}/preview/site")


def test_a_figure_is_not_bound_to_what_it_does_not_say(sign_in: SignIn, planted: str, newsroom: Newsroom) -> None:
    fact = next(
        item.fact
        for item in newsroom.reread(planted).judged.context.items
        if item.fact.entity == "FLOW.SOUTHBOUND" and item.fact.measure == "net_flow" and item.fact.unit == "HKD"
    )
    told = act(sign_in("编辑甲"), planted, WRONG, "replace", 409, fact=fact.fact_id, do="bind")
    assert "不能绑定" in told


def test_revisions_show_who_changed_what(sign_in: SignIn, planted: str) -> None:
    page = sign_in("编辑甲").get(f"/drafts/{planted}/revisions")
    assert "撰稿人" in page
    assert "<del>52.87</del><ins>25.87</ins>" in page


def test_any_revision_can_be_the_newest_again(sign_in: SignIn, planted: str, newsroom: Newsroom) -> None:
    sign_in("编辑甲").post(f"/drafts/{planted}/restore", to=DRAFT)
    assert (
        newsroom.store.draft(newest(newsroom)).draft.sections[0].text
        == newsroom.store.draft(DRAFT).draft.sections[0].text
    )


def test_a_draft_of_another_slot_is_no_revision(sign_in: SignIn, planted: str) -> None:
    sign_in("编辑甲").post(f"/drafts/{planted}/restore", status=404, to=f"close-{DAY}-hans-d1")


class Says:
    """A model that answers every question alike."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    async def revise(self, attempt: Attempt, findings: tuple[Finding, ...], listen: Listener) -> Attempt:  # noqa: ARG002
        return attempt.with_texts({findings[0].slot.key: self.answer})


def says(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    def reviser(_newsroom: Newsroom, _frame: Frame) -> Says:
        return Says(answer)

    monkeypatch.setattr(Newsroom, "_reviser", reviser)


def sentence_on(page: str, words: str) -> str:
    """The sentence with these words, as its form gives it."""
    found = next(each for each in re.findall(r'name="sentence" value="([^"]*)"', page) if words in each)
    return html.unescape(found)


def test_the_model_writes_a_sentence_anew(
    sign_in: SignIn, planted: str, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = sign_in("编辑甲")
    address = f"/drafts/{planted}/sections/overview"
    sentence = sentence_on(editor.get(address), INVENTED)
    says(monkeypatch, "机构的预计以其公告为准。")
    page = editor.post(f"{address}/sentence", address, sentence=sentence, do="rewrite")
    assert "机构的预计以其公告为准" in page
    saved = newsroom.store.draft(newest(newsroom))
    assert (saved.actor, saved.parent) == ("编辑甲", planted)
    assert INVENTED not in saved.text


def test_the_model_is_asked_from_the_figure_too(
    sign_in: SignIn, planted: str, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsroom, "settings", newsroom.settings.model_copy(update={"llm": configured(newsroom)}))
    editor = sign_in("编辑甲")
    assert "请模型改写这一句" in editor.get(f"/drafts/{planted}")
    says(monkeypatch, "机构的预计以其公告为准。")
    act(editor, planted, INVENTED, "rewrite")
    assert INVENTED not in newsroom.store.draft(newest(newsroom)).text


def configured(newsroom: Newsroom):
    return newsroom.settings.llm.model_copy(update={"base_url": "http://127.0.0.1:9/v1", "model": "made-up"})


def test_what_the_model_cannot_write_leaves_the_sentence(
    sign_in: SignIn, planted: str, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = sign_in("编辑甲")
    address = f"/drafts/{planted}/sections/overview"
    says(monkeypatch, "预计派息增加99亿港元。")
    values = {"sentence": sentence_on(editor.get(address), INVENTED), "do": "rewrite"}
    assert "原句保留" in editor.fill(f"{address}/sentence", values, address, 409)
    assert newest(newsroom) == planted


def test_without_a_model_the_page_says_so_and_the_sentence_can_be_dropped(
    sign_in: SignIn, planted: str, newsroom: Newsroom
) -> None:
    editor = sign_in("编辑甲")
    address = f"/drafts/{planted}/sections/overview"
    page = editor.get(address)
    assert "没有配置模型" in page
    values = {"sentence": sentence_on(page, INVENTED)}
    assert "没有配置模型" in editor.fill(f"{address}/sentence", values | {"do": "rewrite"}, address, 409)
    editor.fill(f"{address}/sentence", values | {"do": "drop"}, address)
    assert INVENTED not in newsroom.store.draft(newest(newsroom)).text


def test_a_house_that_judged_before_says_what_a_fresh_one_says(newsroom: Newsroom, home: Path) -> None:
    """Rows of tables that were read once are not read again: wherever an edit moves them, the verdicts are the same."""
    at, tables = DRAFT, [s for s in newsroom.store.draft(DRAFT).draft.sections if "|" in s.text]
    assert tables
    text = newsroom.store.draft(DRAFT).draft.sections[0].text
    for added in ("另有一句。", f"南向资金净卖出{WRONG}。", "今天没有更多的话要说，下面的表向后移。"):
        at = newsroom.mend(at, "overview", f"{added}\n\n{text}", "编辑甲").saved.draft_id
        fresh = Newsroom(load(home=home))
        assert fresh.reread(at).verdicts == newsroom.reread(at).verdicts
        fresh.store.close()
    slug, old = tables[-1].slug, tables[-1].text
    changed = re.sub(r"\d+\.\d+", "99.99", old, count=1)
    assert changed != old
    at = newsroom.mend(at, slug, changed, "编辑甲").saved.draft_id
    fresh = Newsroom(load(home=home))
    assert fresh.reread(at).verdicts == newsroom.reread(at).verdicts
    fresh.store.close()
