"""What a cell of a table tells for sure: the row says whom and when, the head what, the title whose money and which country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quantshark.lexicon import measures
from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.names import Names
from quantshark.lexicon.tables import Head
from quantshark.model import Document, Period
from quantshark.sources import when, which, whose
from quantshark.sources.scene import country_in
from quantshark.sources.settle import Settled

_STREAK = re.compile(r"连续(净?[买卖][入出]|[涨跌]|回购)")
_DAYS = frozenset(("天", "日", "个交易日"))
_HALF = re.compile(r"半日|午间|上午|早盘")
_RUNNING = re.compile(r"连续期间|区间|期间|累计")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as its cells see it."""

    document: Document
    names: Names
    day: date | None
    title: str


def settle_cell(sheet: Sheet, head: Head, label: str, claim: Claim, value: Decimal) -> Settled:
    """What one cell tells; `label` is what its row says of whom, `value` has the cell's sign."""
    names = sheet.names
    entity = claim.entities[0] if claim.entities else ""
    measure, word, doubt = _measure(head, claim, sheet.title)
    if entity.startswith("~"):
        entity, measure, word = _macro(sheet, entity, measure, word, label)
    kind = names.kind(entity) if entity else ""
    via = ""
    if measure in whose.FLOWS and kind == "company":
        found = [n.codes[0] for n in names.find(sheet.title) if n.kind == "channel" and n.codes]
        via = claim.via or (found[0] if found else "")
    scope = set(claim.scope)
    if _HALF.search(sheet.title) or _HALF.search(head.label):
        scope.add("half_day")
    if _RUNNING.search(head.label):
        scope.add("cumulative")
    period = _period(sheet, claim, measure)
    basis = "mom" if claim.basis == "qoq" and period is not None and period.grain == "month" else claim.basis
    streak = bool(_STREAK.search(head.label)) and head.unit in _DAYS
    return Settled(
        entity=entity,
        measure=measure,
        word=word,
        value=abs(value) * (-1 if streak and re.search(r"[卖跌]", head.label) else 1) if streak else value,
        unit="天" if streak else claim.figure.unit,
        period=period,
        basis=basis,
        scope=frozenset(() if streak else scope - {"close"}),
        via=via,
        modality=claim.modality,
        said_by=claim.said_by,
        kind="streak" if streak else claim.figure.kind,
        doubt=doubt or ("" if entity and measure else "没有主体" if measure else "没有指标"),
    )


def _measure(head: Head, claim: Claim, title: str) -> tuple[str, str, str]:
    """What a column measures, and why not: a streak, a rate of its own kind, never a percentage of a price."""
    streak = _STREAK.search(head.label)
    if streak and head.unit in _DAYS:
        slug = "net_flow" if streak[1][0] in "净买卖" else "buyback_count" if streak[1] == "回购" else "change"
        return slug, f"{head.label}天数", ""
    slug = claim.measure
    figure = claim.figure
    if figure.value is None:
        return "", "", "读不出数值"
    if figure.unit == "%" and slug in which.PRICES:
        return "change", "涨跌幅", ""
    if (
        slug in which.COUNTED
        and measures.family(figure) not in ("rate", "multiple")
        and figure.unit not in which.COUNTED[slug].split()
    ):
        return "", "", "单位与指标不符"
    if slug in ("low", "high") and "回购" in title:
        return f"buyback_{slug}", f"回购{head.label}", ""
    return slug, claim.measure_word or head.label, ""


def _macro(sheet: Sheet, entity: str, measure: str, word: str, label: str) -> tuple[str, str, str]:
    """A row that names a measure (居民消费价格指数CPI) is about a country: that of its title, else the mainland's own."""
    slugs = [slug for slug in _named(entity[1:]) if slug in whose.NATIONAL]
    if not slugs:
        return entity, measure, word
    country = country_in(f"{sheet.title} {label}") or ("CN" if sheet.day else "")
    return (country, slugs[-1], entity[1:]) if country else (entity, measure, word)


def _named(text: str) -> list[str]:
    """The measures that a row's name holds, in order."""
    found = [
        (text.find(name), name, slugs[0]) for name, slugs in measures.words().items() if name in text and len(name) > 1
    ]
    longest = [x for x in found if not any(x is not y and x[1] in y[1] for y in found)]
    return [slug for _, _, slug in sorted(longest)]


def _period(sheet: Sheet, claim: Claim, measure: str) -> Period | None:
    if claim.periods:
        return claim.periods[-1]
    return Period(sheet.day, sheet.day) if sheet.day and measure in when.DAILY else None
