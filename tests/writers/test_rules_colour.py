"""Which clauses of a closing report are told: a group's move in words alone, never a moment, a figure or a point back."""

from __future__ import annotations

import pytest

from quantshark.writers.rules_colour import clauses

TOLD = {
    "内银股走强，中国银行H股报4.52港元；半导体股跟随隔夜海外同业走低。": [
        ("内银股走强", "good"),
        ("半导体股跟随隔夜海外同业走低", "bad"),
    ],
    "权重科技股反弹，光通信板块居涨幅前列。": [("权重科技股反弹", "good"), ("光通信板块居涨幅前列", "good")],
    "铝业、钢铁与核电板块下跌。": [("铝业、钢铁与核电板块下跌", "bad")],
}
CLEANED = {
    "[内银股](https://x.example/a)走强。": "内银股走强",
    "**半导体股**走低。": "半导体股走低",
    "{f1}汽车股走弱。": "f1汽车股走弱",
    "银行股\u200b走强。": "银行股走强",
}
NOT_TOLD = (
    "内银股早盘走强，汽车股今日普遍回落。",
    "半导体股涨逾3%。",
    "其中芯片股走高。",
    "美团-W涨2.31%，中国银行涨1.80%。",
    "银行股走强而地产股走弱。",
    "市场人士看好后市。",
)


@pytest.mark.parametrize(("text", "told"), TOLD.items())
def test_a_group_that_moved_is_told_with_its_way(text: str, told: list[tuple[str, str]]) -> None:
    assert list(clauses(text)) == told


@pytest.mark.parametrize(("text", "told"), CLEANED.items())
def test_what_a_source_writes_is_data_and_no_markup_of_ours(text: str, told: str) -> None:
    assert [clause for clause, _ in clauses(text)] == [told]


@pytest.mark.parametrize("text", NOT_TOLD)
def test_moments_figures_and_both_ways_are_not(text: str) -> None:
    assert list(clauses(text)) == []
