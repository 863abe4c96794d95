"""Which facts an edition draws, and how a picture says in words what it draws.

A picture is chosen before anything is written, so that its facts are among what the stranger is shown; its words are
printed and judged like any sentence, and what is judged away is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from quantshark.calendars import Calendar
from quantshark.context import Context, Item, asks_for, best, wording
from quantshark.context.select import standing
from quantshark.editions import Chart, Cue
from quantshark.model import Fact

SOUTHBOUND = "SOUTHBOUND"
SIGNS = {"up": (1,), "down": (-1,), "most": (1, 0, -1)}
ITEMS = {"days": "{day}{fact}", "names": "{name}{fact}", "gauge": "{name}{also}，历史分位{value}"}
OPENS = {"days": "{name}", "names": "{on}，", "gauge": ""}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The facts of one picture, in the order in which it draws and says them."""

    chart: Chart
    items: tuple[Item, ...]


def choose(context: Context) -> tuple[Chosen, ...]:
    """The pictures of a draft: those of the edition for which there are facts enough."""
    found = (Chosen(chart, tuple(_items(chart, context))) for chart in context.edition.charts)
    return numbered(tuple(each for each in found if len(each.items) >= each.chart.least), context)


def widened(context: Context, chosen: Iterable[Chosen]) -> Context:
    """The context with the facts that pictures draw beside those that writers were given."""
    known = {item.fact.fact_id for item in context.items}
    more = {item.fact.fact_id: item for each in chosen for item in each.items if item.fact.fact_id not in known}
    return replace(context, items=(*context.items, *more.values()))


def without(chosen: Chosen, doubted: frozenset[str]) -> Chosen:
    """The picture without the facts (by id) that nobody could prove. A scale without its pointer is none."""
    kept = tuple(item for item in chosen.items if item.fact.fact_id not in doubted)
    if chosen.chart.kind == "gauge" and len(kept) < len(chosen.items):
        kept = ()
    return replace(chosen, items=kept)


def words(chosen: Chosen, context: Context) -> str:
    """The picture in words, with references."""
    chart, first = chosen.chart, chosen.items[0]
    opens = (chart.opens or OPENS[chart.kind]).replace("{name}", context.name(first.fact.entity))
    opens = opens.replace("{on}", wording.day_words(context.session, context.day))
    if chart.kind == "gauge":
        pointer, *placed = chosen.items
        said = _said(chart, pointer, context)
        return f"{opens}{said.replace('{also}', f'{{{placed[0].ref}}}') if placed else said}。"
    return f"{opens}{'，'.join(_said(chart, item, context) for item in chosen.items)}。"


def _said(chart: Chart, item: Item, context: Context) -> str:
    filled = {
        "{name}": context.name(item.fact.entity),
        "{day}": wording.told_day(item.fact, context.day),
        "{fact}": f"{{{item.ref}}}",
        "{value}": f"{{{item.ref}:value}}",
    }
    told = chart.item or ITEMS[chart.kind]
    for word, put in filled.items():
        told = told.replace(word, put)
    return told


def numbered(chosen: tuple[Chosen, ...], context: Context) -> tuple[Chosen, ...]:
    """References of the context where it has the fact, else the next free ones."""
    refs = {item.fact.fact_id: item.ref for item in context.items}
    for each in chosen:
        for item in each.items:
            refs.setdefault(item.fact.fact_id, f"f{len(refs) + 1}")
    return tuple(
        replace(each, items=tuple(replace(item, ref=refs[item.fact.fact_id]) for item in each.items)) for each in chosen
    )


def _items(chart: Chart, context: Context) -> Iterator[Item]:
    cue = context.edition.cues[chart.cue]
    if chart.kind == "days":
        yield from _days(chart, cue, context)
    elif chart.kind == "names":
        yield from _names(chart, cue, context)
    else:
        yield from _scale(chart, cue, context)


def _days(chart: Chart, cue: Cue, context: Context) -> Iterator[Item]:
    """One fact a session, back from the session told to the first gap: bars side by side are days side by side."""
    days: dict[date, Fact] = {}
    for fact in _asked(cue, context):
        period = fact.period
        if fact.entity != cue.entity or fact.fact_id in context.passing:
            continue
        if period and period.start == period.end <= context.session:
            held = days.get(period.end)
            if held is None or standing(fact, context.documents) > standing(held, context.documents):
                days[period.end] = fact
    calendar = Calendar(SOUTHBOUND if cue.entity.startswith("FLOW.") else context.edition.slot.calendar)
    run: list[Fact] = []
    day = context.session
    while len(run) < chart.take and day in days and days[day].unit == days[context.session].unit:
        run.append(days[day])
        day = calendar.previous(day)
    yield from (_item(fact, context) for fact in reversed(run))


def _names(chart: Chart, cue: Cue, context: Context) -> Iterator[Item]:
    """The best fact of each name for the day, the largest of them, from the highest to the lowest."""
    by_entity: dict[str, list[Item]] = {}
    for fact in _asked(cue, context):
        if _belongs(fact.entity, chart, context):
            by_entity.setdefault(fact.entity, []).append(_item(fact, context))
    found = [item for items in by_entity.values() if (item := best(items, cue, context))]
    fitting = [item for item in found if wording.sign_of(item.fact) in SIGNS[chart.side] and not _is_single(item.fact)]
    largest = sorted(fitting, key=lambda item: (-abs(item.fact.value), item.fact.entity))
    alike = [item for item in largest if item.fact.unit == largest[0].fact.unit]
    yield from sorted(alike[: chart.take], key=lambda item: (-_signed(item.fact), item.fact.entity))


def _scale(chart: Chart, cue: Cue, context: Context) -> Iterator[Item]:
    pointer = _best_of(chart.cue, cue.entity, context) or _best_of(chart.instead, cue.entity, context)
    yield from filter(None, (pointer, pointer and _best_of(chart.also, cue.entity, context)))


def _best_of(name: str, entity: str, context: Context) -> Item | None:
    if not name:
        return None
    asked = context.edition.cues[name]
    about = [_item(fact, context) for fact in _asked(asked, context) if fact.entity == entity]
    return best(about, asked, context)


def _asked(cue: Cue, context: Context) -> Iterator[Fact]:
    """What a picture may draw: exact, known figures of the kind that the cue asks for."""
    return (fact for fact in context.known if asks_for(cue, fact) and fact.high is None and fact.hedge is None)


def _belongs(code: str, chart: Chart, context: Context) -> bool:
    if chart.pool or chart.unlisted:
        return code in chart.pool or (chart.unlisted and code.startswith("~"))
    entity = context.entities.get(code)
    return entity is not None and entity.kind == "company" and (not chart.markets or entity.market in chart.markets)


def _is_single(fact: Fact) -> bool:
    """One day is no run of days."""
    return fact.kind in ("streak", "duration") and abs(fact.value) < 2


def _signed(fact: Fact) -> float:
    return float(abs(fact.value)) * (wording.sign_of(fact) or 1)


def _item(fact: Fact, context: Context) -> Item:
    document = context.documents.get(fact.source.doc_id) if fact.source else None
    if document is None and fact.formula is not None:
        operand = next((known for known in context.known if known.fact_id == fact.formula.operands[0]), None)
        document = context.documents.get(operand.source.doc_id) if operand and operand.source else None
    return Item("", fact, document)
