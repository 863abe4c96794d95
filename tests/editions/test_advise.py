"""An edition that advises is data as well, and never goes out by itself: a person says so."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path

import pytest

from quantshark import editions
from quantshark.errors import EditionError
from quantshark.newsroom import Assignment, Newsroom
from quantshark.newsroom.drafting import NEEDS_A_PERSON
from quantshark.settings import Settings
from tests.conftest import ROOT

ADVISE = """
slug: hint
name: 操作提示
title: "{day}操作提示：{headline}"
slot: {time: "16:40", tells: same}
advice: advise
forbidden: [稳赚, 必涨, 保本]
thresholds: {loss: "15%", gain: "20%"}
disclaimer: 本提示经编辑批准发布，仍不构成对收益的承诺。
risk: 市场有风险。
ai_label: 本内容由人工智能辅助生成
core: [{name: 当日南向资金, cues: [southbound]}]
headlines: [flow]
lines:
  - {id: flow, needs: [southbound], say: ["南向资金{southbound}"]}
  - {id: order, needs: [southbound], say: ["建议：若浮亏超过{loss}，先停止补仓；若浮盈超过{gain}，可分批止盈"]}
sections:
  - {slug: hint, heading: 提示, block: article, rows: [{lines: [flow]}, {lines: [order]}]}
"""


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    shutil.copytree(editions.roots() / "shared", folder / "shared")
    (folder / "hint").mkdir()
    (folder / "hint" / "edition.yaml").write_text(ADVISE, encoding="utf-8")
    return folder


def test_what_advises_waits_for_a_person(prompts: Path, tmp_path: Path) -> None:
    newsroom = Newsroom(Settings(home=tmp_path / "home", prompts_dir=prompts))
    newsroom.ingest([ROOT / "fixtures" / "2025-02"])
    task = Assignment("hint", date(2025, 2, 12), writer="rules", out=tmp_path / "out")
    outcome = asyncio.run(newsroom.draft(task))
    assert outcome.release is None
    assert outcome.draft.held == (NEEDS_A_PERSON,)
    assert [verdict for verdict in outcome.verdicts if verdict.blocks] == []
    assert "若浮盈超过20%" in outcome.text
    assert newsroom.store.draft(outcome.draft_id).draft.held == ()


def test_the_same_words_may_not_be_said_by_an_edition_that_observes(prompts: Path) -> None:
    path = prompts / "hint" / "edition.yaml"
    observes = ADVISE.replace("advice: advise", "advice: observe").replace("[稳赚,", "[补仓, 止盈, 稳赚,")
    path.write_text(observes, encoding="utf-8")
    with pytest.raises(EditionError, match="may not be said in mode observe"):
        editions.load("hint", prompts)
