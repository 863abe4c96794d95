"""May this report go out by itself? Pure: what is known of it in, a decision with its reasons (in Chinese) out.

What does not meet the rules waits for an editor. Trust is earned edition by edition: so many releases approved in a row
with no figure changed; a correction or withdrawal sets it back to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quantshark.errors import SettingsError

PRESETS = Path(__file__).with_name("presets.yaml")


class Strict(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Moves(Strict):
    """From which size on a day's change needs a second source, in percent."""

    stock: Decimal = Decimal(20)
    index: Decimal = Decimal(5)

    def of(self, kind: Literal["stock", "index"]) -> Decimal:
        return self.index if kind == "index" else self.stock


class Policy(Strict):
    """The rules of one preset."""

    name: str = ""
    what: str = ""
    automatic: bool = True
    approvals: int = Field(default=20, ge=0)
    repairs: int = Field(default=2, ge=0)
    fresh_hours: int = Field(default=24, gt=0)
    moves: Moves = Moves()
    rules_at_deadline: bool = False
    disputes: bool = False
    """May figures go out that another source tells otherwise?"""
    demonstration: bool = False
    """May made-up values go out? They are marked on every page, and still nobody should take them for news."""


@dataclass(frozen=True, slots=True)
class Move:
    """A day's change that the report prints: of whom, how much in percent, and how many documents say so."""

    name: str
    kind: Literal["stock", "index"]
    percent: Decimal
    sources: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of a finished draft, as far as the rules ask."""

    advice: str
    held: tuple[str, ...] = ()
    blocking: int = 0
    disputed: tuple[str, ...] = ()
    """Figures that a second source tells otherwise."""
    stale: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """What is wrong with the sources that were refreshed before."""
    newest_hours: float | None = None
    """How old the newest document is; None where there is none."""
    repairs: int = 0
    dropped: int = 0
    fallen_back: tuple[str, ...] = ()
    """Sections that the rules wrote because the model could not."""
    waived: int = 0
    moves: tuple[Move, ...] = ()
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """How an edition did lately: approved in a row with no figure changed, since the last correction."""

    approved: int = 0
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Go out, or wait; `reasons` are what an editor is told."""

    publish: bool
    reasons: tuple[str, ...] = ()


def decide(policy: Policy, dossier: Dossier, trust: Trust) -> Decision:
    """Everything that stands against it is named, not only the first."""
    reasons = tuple(_against(policy, dossier, trust))
    return Decision(not reasons, reasons)


def decide_rules_only(policy: Policy, dossier: Dossier) -> Decision:
    """At the deadline, for the rules' own version: it needs nobody's trust, but fresh core facts and an agreed size."""
    if not policy.rules_at_deadline:
        return Decision(publish=False, reasons=(f"发布规则 {policy.name} 不允许到点发规则版",))
    reasons = (*_unproved(policy, dossier), *_unfit(policy, dossier), *_big_moves(policy, dossier))
    return Decision(not reasons, reasons)


def _against(policy: Policy, dossier: Dossier, trust: Trust) -> Iterator[str]:
    if not policy.automatic:
        yield f"发布规则 {policy.name}：每一期都等编辑"
    yield from _unproved(policy, dossier)
    yield from _unfit(policy, dossier)
    yield from _big_moves(policy, dossier)
    yield from dossier.sources
    if dossier.repairs > policy.repairs:
        yield f"模型返工 {dossier.repairs} 轮，超过 {policy.repairs} 轮"
    if dossier.fallen_back:
        yield f"模型没有写成 {'、'.join(dossier.fallen_back)}，由规则代写"
    if dossier.waived:
        yield f"有 {dossier.waived} 个数字是人工放行的"
    if trust.approved < policy.approvals:
        after = "更正之后" if trust.corrected else ""
        yield f"信任未满：{after}连续批准且未改数字 {trust.approved} 期，需要 {policy.approvals} 期"


def _unproved(policy: Policy, dossier: Dossier) -> Iterator[str]:
    yield from (f"缺：{missing}" for missing in dossier.held)
    if dossier.blocking:
        yield f"有 {dossier.blocking} 个数字没有通过核对"
    if dossier.disputed and not policy.disputes:
        yield f"来源说法不一：{'、'.join(dossier.disputed)}"


def _unfit(policy: Policy, dossier: Dossier) -> Iterator[str]:
    if dossier.advice != "observe":
        yield "这种报告含操作建议，只能由人发布"
    if dossier.stale:
        yield f"用了过时的数据：{'、'.join(dossier.stale)}"
    if dossier.newest_hours is None:
        yield "没有任何资料"
    elif dossier.newest_hours > policy.fresh_hours:
        yield f"最新的资料已是 {dossier.newest_hours:.0f} 小时前的，超过 {policy.fresh_hours} 小时"
    if dossier.demo and not policy.demonstration:
        yield "用的是演示数据"


def _big_moves(policy: Policy, dossier: Dossier) -> Iterator[str]:
    for move in dossier.moves:
        limit = policy.moves.of(move.kind)
        if abs(move.percent) > limit and move.sources < 2:
            yield f"{move.name} 变动 {move.percent:+f}% 超过 {limit}%，只有一个来源"


# Presets


def policy(name: str, extra: Path | None = None) -> Policy:
    """A preset by name: one of ours, or of the user's own file. Raises SettingsError that lists them."""
    known = presets(extra)
    if name not in known:
        raise SettingsError(
            f"no publishing policy {name!r}; there are {', '.join(known)}",
            name=name,
            notice=f"没有叫“{name}”的发布规矩。现有：{'、'.join(known)}",
        )
    return known[name]


@lru_cache(maxsize=8)
def presets(extra: Path | None = None) -> Mapping[str, Policy]:
    files = (PRESETS, extra) if extra is not None and extra.is_file() else (PRESETS,)
    return {name: rules for file in files for name, rules in _read(file)}


def _read(file: Path) -> Sequence[tuple[str, Policy]]:
    told: object = yaml.safe_load(file.read_text("utf-8"))
    if not isinstance(told, dict):
        raise SettingsError(f"{file} holds no policies by name; see {PRESETS.name}")
    try:
        return [
            (name, Policy.model_validate({**cast("dict[str, object]", rules), "name": name}))
            for name, rules in cast("dict[str, object]", told).items()
        ]
    except (ValidationError, TypeError) as error:
        raise SettingsError(f"{file}: {str(error).splitlines()[0]}; see {PRESETS.name} for the keys") from None
