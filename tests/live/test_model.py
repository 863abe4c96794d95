"""Against the endpoint that is configured: whatever it writes, the report comes out and every figure is proved.

`make live` runs these; they need QUANTSHARK_LLM__MODEL and QUANTSHARK_LLM__BASE_URL, and minutes where the model is small.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from quantshark import settings
from quantshark.newsroom import Assignment, Newsroom
from tests.conftest import ROOT

pytestmark = [pytest.mark.live, pytest.mark.slow]


@pytest.fixture
def week(tmp_path: Path) -> Path:
    folder = tmp_path / "week"
    folder.mkdir()
    for file in sorted((ROOT / "fixtures" / "2025-12").rglob("*")):
        if re.search(r"12-1[012]|_history|members", file.name):
            shutil.copy(file, folder)
    return folder


def test_a_radar_by_the_configured_model_is_released(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configured = settings.load(home=tmp_path / "home")
    if not configured.llm.configured:
        pytest.skip("no model is configured (QUANTSHARK_LLM__MODEL, QUANTSHARK_LLM__BASE_URL)")
    task = Assignment("radar", date(2025, 12, 12), sources=(week,), writer="llm", out=tmp_path / "out")
    outcome = asyncio.run(Newsroom(configured).draft(task))
    with capsys.disabled():
        for section in outcome.draft.sections:
            print(
                f"\n{section.slug}: {section.writer}, {section.rounds} rounds, {len(section.dropped)} dropped; {section.note}",
                end="",
            )
        print(f"\n{outcome.draft.usage}")
    assert outcome.release is not None, [v.message for v in outcome.verdicts if v.blocks]
    assert outcome.draft.usage.calls > 0
    assert not [verdict for verdict in outcome.verdicts if verdict.blocks]
