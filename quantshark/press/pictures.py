"""From printed figures to pictures: which bars a chart has, whoever asks (the page, or a file made of the ledger later).

A picture holds what its words print, figure by figure; a chart whose words hold fewer than two proved figures is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from quantshark.context.wording import COUNTED, sign_of
from quantshark.data import load_entities
from quantshark.model import Entity, Fact
from quantshark.press.charts import Bar
from quantshark.press.imprint import Script
from quantshark.press.script import say

LEAST = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A proved figure in the words of a picture: the fact, the figure as printed, and where a page has its proof."""

    fact: Fact
    surface: str
    href: str = ""


def bars(kind: str, shown: Iterable[Shown], script: Script = "hans") -> tuple[Bar, ...]:
    """The bars of a picture, in the order of its words; a scale begins with its pointer. Too few are none."""
    made = [(each, _bar(kind, each, script)) for each in shown]
    if kind == "gauge":
        made.sort(key=lambda pair: pair[0].fact.kind != "percent")
    return tuple(bar for _, bar in made) if len(made) >= LEAST else ()


def _bar(kind: str, shown: Shown, script: Script) -> Bar:
    fact = shown.fact
    way = sign_of(fact) if kind != "gauge" else 0
    value = fact.value if fact.kind not in COUNTED else abs(fact.value) * (way or 1)
    return Bar(_name(kind, fact, script), shown.surface, value, way, shown.href, fact.kind in COUNTED)


def _name(kind: str, fact: Fact, script: Script) -> str:
    if kind == "days" and fact.period is not None:
        return f"{fact.period.end.month}/{fact.period.end.day}"
    entity = _entities().get(fact.entity)
    if entity is None:
        return say(fact.entity_name, script)
    return entity.hant or say(entity.hans, script) if script == "hant" else entity.hans


@cache
def _entities() -> dict[str, Entity]:
    return {entity.code: entity for entity in load_entities()}
