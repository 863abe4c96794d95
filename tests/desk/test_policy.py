"""What may go out by itself: every rule alone is enough to make it wait."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from quantshark.desk.policy import Dossier, Move, Trust, decide, decide_rules_only, policy, presets
from quantshark.errors import SettingsError

CLEAN = Dossier("observe", newest_hours=2.0)
TRUSTED = Trust(20)
STANDARD = policy("standard")

WAITS = [
    ({"held": ("当日港股大市成交额",)}, "当日港股大市成交额"),
    ({"blocking": 1}, "没有通过核对"),
    ({"disputed": ("52.87亿港元",)}, "52.87亿港元"),
    ({"advice": "advise"}, "操作建议"),
    ({"stale": ("恒指",)}, "过时"),
    ({"newest_hours": 25.0}, "25 小时"),
    ({"newest_hours": None}, "没有任何资料"),
    ({"repairs": 3}, "返工 3 轮"),
    ({"fallen_back": ("总览",)}, "总览"),
    ({"waived": 1}, "人工放行"),
    ({"sources": ("来源 quotes 不能用",)}, "quotes"),
    ({"demo": True}, "演示数据"),
    ({"moves": (Move("某股", "stock", Decimal("-20.1"), 1),)}, "某股"),
    ({"moves": (Move("恒生指数", "index", Decimal("5.1"), 1),)}, "恒生指数"),
]


def test_a_clean_draft_of_a_trusted_edition_goes_out() -> None:
    assert decide(STANDARD, CLEAN, TRUSTED).publish


@pytest.mark.parametrize(("change", "named"), WAITS)
def test_one_reason_is_enough_to_wait(change: dict[str, object], named: str) -> None:
    decision = decide(STANDARD, replace(CLEAN, **change), TRUSTED)  # pyright: ignore[reportArgumentType]  a field each
    assert not decision.publish
    assert named in "；".join(decision.reasons)


def test_all_reasons_are_told() -> None:
    decision = decide(STANDARD, replace(CLEAN, blocking=2, repairs=5, demo=True), Trust(3))
    assert len(decision.reasons) == 4


def test_a_big_move_that_two_sources_tell_goes_out() -> None:
    moves = (Move("某股", "stock", Decimal(35), 2), Move("恒生指数", "index", Decimal("4.9"), 1))
    assert decide(STANDARD, replace(CLEAN, moves=moves), TRUSTED).publish


def test_trust_is_earned_and_lost() -> None:
    assert "19 期" in decide(STANDARD, CLEAN, Trust(19)).reasons[0]
    assert "更正之后" in decide(STANDARD, CLEAN, Trust(0, corrected=True)).reasons[0]
    assert decide(policy("trusting"), CLEAN, Trust(0)).publish
    assert not decide(policy("supervised"), CLEAN, TRUSTED).publish


def test_at_the_deadline_the_rules_version_needs_no_trust_but_its_facts() -> None:
    assert decide_rules_only(STANDARD, CLEAN).publish
    assert not decide_rules_only(STANDARD, replace(CLEAN, held=("指数",))).publish
    assert not decide_rules_only(STANDARD, replace(CLEAN, newest_hours=30.0)).publish
    assert not decide_rules_only(STANDARD, replace(CLEAN, advice="advise")).publish
    assert not decide_rules_only(policy("supervised"), CLEAN).publish


def test_the_demonstration_may_show_made_up_values_and_nobody_else() -> None:
    made_up = replace(CLEAN, demo=True, newest_hours=100.0, disputed=("1亿港元",))
    assert [name for name, rules in presets().items() if decide(rules, made_up, TRUSTED).publish] == ["demo"]


def test_a_user_has_rules_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "policies.yaml"
    own.write_text("mine: {approvals: 3, fresh_hours: 6}\n", "utf-8")
    assert policy("mine", own).approvals == 3
    with pytest.raises(SettingsError, match="nobody"):
        policy("nobody", own)
    (tmp_path / "bad.yaml").write_text("mine: {approval: 3}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"bad\.yaml"):
        policy("mine", tmp_path / "bad.yaml")
