"""Everything that is written into the trail has a name that an editor reads."""

from __future__ import annotations

import re

from quantshark.console.words import ACTIONS, detail
from tests.conftest import ROOT


def test_every_action_of_the_trail_has_a_chinese_name() -> None:
    told = "\n".join(file.read_text("utf-8") for file in (ROOT / "quantshark").rglob("*.py"))
    named = set(re.findall(r'audit\(\s*"([^"]+)"', told))
    assert "publish" in named
    assert named - set(ACTIONS) == set()


def test_codes_beside_an_action_are_told_in_words_and_what_people_wrote_stays() -> None:
    assert [detail(each) for each in ("started", "chief", "806 documents", "改正“52.78亿港元”")] == [
        "开始",
        "主编",
        "806 篇",
        "改正“52.78亿港元”",
    ]
