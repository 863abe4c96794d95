from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from quantshark.errors import EditError, ModelError
from quantshark.model import Listener
from quantshark.newsroom import Newsroom
from quantshark.newsroom.framing import Frame
from quantshark.newsroom.places import sentences
from quantshark.newsroom.rewriting import Reviser
from quantshark.writers.llm import Attempt, Finding
from tests.newsroom.conftest import FIRST

WRONG = "12月11日，南向资金净卖出52.78亿港元。"


class Scripted:
    """A model that answers what it is told to; an exception is raised."""

    def __init__(self, answers: Sequence[str | Exception]) -> None:
        self.answers = list(answers)
        self.asked: list[Finding] = []

    async def revise(self, attempt: Attempt, findings: tuple[Finding, ...], listen: Listener) -> Attempt:  # noqa: ARG002
        self.asked += findings
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return attempt.with_texts({findings[0].slot.key: answer})


def planted(desk: Newsroom) -> str:
    text = next(s.text for s in desk.reread(FIRST).saved.draft.sections if s.slug == "overview")
    return desk.mend(FIRST, "overview", f"{text}\n\n{WRONG}", "陈").saved.draft_id


def rewrite(desk: Newsroom, model: Scripted, monkeypatch: pytest.MonkeyPatch, draft: str):
    def reviser(_: Newsroom, frame: Frame) -> Reviser:
        assert frame.context.items
        return model

    monkeypatch.setattr(Newsroom, "_reviser", reviser)
    return asyncio.run(desk.rewrite(draft, "overview", WRONG, "陈"))


def flow(desk: Newsroom) -> str:
    return next(i.ref for i in desk.reread(FIRST).judged.context.items if str(i.fact.value) == "-5287000000")


def test_a_sentence_is_written_anew_and_checked(desk: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = planted(desk)
    assert not desk.reread(draft).releasable
    model = Scripted([f"{{t1}}，南向资金净买入{{{flow(desk)}:value}}。", f"{{t1}}收盘，南向资金{{{flow(desk)}}}。"])
    made = rewrite(desk, model, monkeypatch, draft)
    assert made.releasable
    assert len(model.asked) == 2
    assert "52.78" not in model.asked[0].slot.text
    assert model.asked[0].slot.tokens == (("t1", "12月11日"),)
    text = next(s.text for s in made.saved.draft.sections if s.slug == "overview")
    assert text.splitlines()[-1].startswith("12月11日收盘，南向资金[净卖出52.87亿港元](")


def test_what_never_passes_leaves_the_draft_as_it_was(desk: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = planted(desk)
    with pytest.raises(EditError) as caught:
        rewrite(desk, Scripted(["南向资金净买入99亿港元，共99家。"] * 2), monkeypatch, draft)
    assert "原句保留" in caught.value.notice
    with pytest.raises(EditError) as caught:
        rewrite(desk, Scripted([ModelError("timed out")]), monkeypatch, draft)
    assert "模型没有回答" in caught.value.notice
    assert desk.reread(draft).newest == draft


def test_without_a_model_the_editor_is_told(desk: Newsroom) -> None:
    reread = desk.reread(FIRST)
    section = reread.saved.draft.sections[0]
    sentence = next(sentences(section.text)).text
    with pytest.raises(EditError) as caught:
        asyncio.run(desk.rewrite(FIRST, section.slug, sentence, "陈"))
    assert "没有配置模型" in caught.value.notice
    assert replace(reread, newest=FIRST) == reread
