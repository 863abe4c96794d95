"""An edition is data: a sixth one is written into a folder and drafted, and no Python knows of it."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from quantshark import editions, settings
from quantshark.errors import EditionError
from quantshark.newsroom import Assignment, Newsroom
from tests.conftest import ROOT

EDITION = """\
slug: flash
name: 南向快评
title: "{headline}"
summary: "{headline}。"
slot: {time: "17:00", calendar: XHKG, tells: same, days_back: 1}
forbidden: [买点]
disclaimer: 本文只作信息整理。
risk: 市场有风险。
ai_label: 本内容由人工智能辅助生成
core:
  - {name: 当日南向资金, cues: [southbound]}
headlines: [title]
sections:
  - slug: flow
    heading: 资金一览
    block: article
    rows:
      - {lines: [total], effects: {good: ["先看净流入能否延续"], bad: ["先看净流出能否收窄"]}}
      - rolls: [{cue: flow, side: up, take: 2, opens: ["买入一端，"]}, {cue: flow, side: down, take: 2, opens: ["卖出一端，"]}]
lines:
  - {id: total, needs: [southbound], tone: good, say: ["{on}南向资金全天{southbound}"]}
  - {id: title, needs: [southbound], say: ["南向资金{southbound}"]}
"""


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts" / "flash"
    folder.mkdir(parents=True)
    (folder / "edition.yaml").write_text(EDITION, encoding="utf-8")
    return folder.parent


def test_a_sixth_edition_needs_no_python(prompts: Path, tmp_path: Path) -> None:
    """It takes our cues, topics and phrases, and is drafted, judged and released like the five."""
    files = [f for f in (ROOT / "fixtures" / "2025-02").rglob("*02-12*") if "southbound" in f.name]
    newsroom = Newsroom(settings.Settings(home=tmp_path / "home", prompts_dir=prompts))
    task = Assignment("flash", date(2025, 2, 12), sources=tuple(files), writer="rules", out=tmp_path / "out")
    outcome = asyncio.run(newsroom.draft(task))
    assert outcome.release is not None, [v.message for v in outcome.verdicts if v.blocks] or outcome.draft.held
    assert "南向资金全天[净买入38.54亿港元]" in outcome.text
    assert {path.name for path in outcome.files} >= {"flash-2025-02-12.md", "flash-2025-02-12.html"}


def test_it_is_held_without_its_core_facts(prompts: Path, tmp_path: Path) -> None:
    files = tuple((ROOT / "fixtures" / "2025-02").rglob("*02-12*a-close*"))
    newsroom = Newsroom(settings.Settings(home=tmp_path / "home", prompts_dir=prompts))
    task = Assignment("flash", date(2025, 2, 12), sources=files, writer="rules", out=tmp_path / "out")
    outcome = asyncio.run(newsroom.draft(task))
    assert outcome.release is None
    assert outcome.draft.held == ("当日南向资金",)


BROKEN = [
    ("cue: flow, side: up", "cue: flaw, side: up", "flaw"),
    ('say: ["南向资金{southbound}"]', 'say: ["南向资金净买入5亿港元"]', "5亿港元"),
    ('say: ["南向资金{southbound}"]', 'say: ["南向资金{southbound}，是买点"]', "买点"),
    ("block: article", "block: essay", "essay"),
]


@pytest.mark.parametrize(("right", "wrong", "named"), BROKEN)
def test_what_is_wrong_in_it_is_named(prompts: Path, right: str, wrong: str, named: str) -> None:
    path = prompts / "flash" / "edition.yaml"
    path.write_text(EDITION.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(EditionError, match=named):
        editions.load("flash", prompts)
