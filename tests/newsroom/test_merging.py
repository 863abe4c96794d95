from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.newsroom.merging import merged

BASE = "南向资金净卖出。\n\n港股收跌。A股收跌。\n"

CLEAN = [
    (
        "南向净卖出。\n\n港股收跌。A股收跌。\n",
        "南向资金净卖出。\n\n港股收跌。A股收涨。\n",
        "南向净卖出。\n\n港股收跌。A股收涨。\n",
    ),
    (BASE, "南向资金净卖出。\n", "南向资金净卖出。\n"),
    ("南向资金净卖出。\n\n港股收跌。A股收跌。\n尾。", BASE, "南向资金净卖出。\n\n港股收跌。A股收跌。\n尾。"),
    ("首。" + BASE, BASE + "尾。", "首。" + BASE + "尾。"),
    ("同。" + BASE, "同。" + BASE, "同。" + BASE),
]
MET = [
    ("南向资金净买入。\n\n港股收跌。A股收跌。\n", "南向资金持平。\n\n港股收跌。A股收跌。\n"),
    ("甲。" + BASE, "乙。" + BASE),
    ("南向资金净卖出。\n\nA股收跌。\n", "南向资金净卖出。\n\n港股微跌。A股收跌。\n"),
]


@pytest.mark.parametrize(("mine", "theirs", "both"), CLEAN)
def test_changes_in_different_sentences_are_both_kept(mine: str, theirs: str, both: str) -> None:
    assert merged(BASE, mine, theirs) == merged(BASE, theirs, mine) == both


@pytest.mark.parametrize(("mine", "theirs"), MET)
def test_changes_that_meet_are_left_to_the_editor(mine: str, theirs: str) -> None:
    assert merged(BASE, mine, theirs) is None
    assert merged(BASE, theirs, mine) is None


TEXT = st.text(alphabet="甲乙。\n|", max_size=12)


@given(TEXT, TEXT)
def test_who_changed_nothing_takes_what_the_other_did(base: str, other: str) -> None:
    assert merged(base, base, other) == merged(base, other, base) == merged(base, other, other) == other
