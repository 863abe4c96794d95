"""Tables of the fixtures as a broken feed would bring them: one fault each, made from a seed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from quantshark.model import Document
from quantshark.sources import read_all
from quantshark.sources.grid import Grid, grid, number

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Series:
    """A day's table with all tables that came before it; the last of `earlier` has the same columns where there is one."""

    document: Document
    earlier: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """What was done, in words, and the table that came of it."""

    fault: str
    told: str
    series: Series


def series(folder: Path) -> tuple[Series, ...]:
    """All tables of a folder of fixtures, each with its history, in order of time."""
    tables = [document for document in read_all([folder]).documents if document.kind == "table"]
    ordered = sorted(tables, key=lambda one: str(one.known_at))
    return tuple(Series(one, _like_last(one, ordered[:place])) for place, one in enumerate(ordered))


def _like_last(table: Document, earlier: Sequence[Document]) -> tuple[Document, ...]:
    """Those of the same columns come last, so that the newest of them stands at the end."""
    return tuple(sorted(earlier, key=lambda one: _header(one) == _header(table)))


def _header(table: Document) -> str:
    return table.text.split("\n", 1)[0]


def mutants(all_series: Sequence[Series], seed: int, count: int) -> Iterator[Mutant]:
    """`count` mutants of tables that have a history of three days or more, faults in turn."""
    dice = random.Random(seed)  # noqa: S311  (faults, not secrets)
    grown = [one for one in all_series if _days(one) >= 3 and _numeric(one.document)]
    made = 0
    while made < count:
        fault, apply = FAULTS[made % len(FAULTS)]
        one = dice.choice(grown)
        rows = list(csv.reader(io.StringIO(one.document.text)))
        told = apply(rows, one, dice)
        if told:
            yield Mutant(fault, told, replace(one, document=replace(one.document, text=_text(rows))))
            made += 1


def _days(one: Series) -> int:
    """How many earlier days there are of those whose rows stand in the table."""
    keys = {row.key for row in grid(one.document).rows}
    like = [document for document in one.earlier if _header(document) == _header(one.document)]
    return len({row.day for document in like for row in grid(document).rows if row.key in keys})


def _numeric(document: Document) -> list[int]:
    """Columns of prices, amounts, flows and changes."""
    sheet: Grid = grid(document)
    header = next(csv.reader(io.StringIO(document.text)))
    good = {label for label, column in sheet.columns.items() if column.role in ("price", "amount", "flow", "change")}
    return [place for place, cell in enumerate(header) if cell.split("(")[0] in good]


def _text(rows: Rows) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _cells(rows: Rows, column: int) -> list[int]:
    return [place for place, row in enumerate(rows) if place and number(row[column])]


def _scaled(cell: str, factor: str) -> str:
    value = number(cell)
    return cell if value is None else f"{(value * Decimal(factor)).normalize():f}"


def _unit(rows: Rows, one: Series, dice: random.Random) -> str:
    """A whole column in another unit: 亿 as 万, 元 as 分, percent as fraction."""
    column = dice.choice(_numeric(one.document))
    factor = dice.choice(("100", "0.01", "10000", "0.0001"))
    places = _cells(rows, column)
    if not places:
        return ""
    for place in places:
        rows[place][column] = _scaled(rows[place][column], factor)
    return f"{rows[0][column]} x{factor}"


def _sign(rows: Rows, one: Series, dice: random.Random) -> str:
    column = dice.choice(_numeric(one.document))
    places = _cells(rows, column)
    if not places:
        return ""
    place = dice.choice(places)
    if abs(number(rows[place][column]) or 0) < Decimal("0.5"):
        return ""
    rows[place][column] = _scaled(rows[place][column], "-1")
    return f"{rows[0][column]} {rows[place][1:3]} sign"


def _swapped(rows: Rows, one: Series, dice: random.Random) -> str:
    """The values of two columns under each other's heads."""
    columns = _numeric(one.document)
    if len(columns) < 2:
        return ""
    a, b = dice.sample(columns, 2)
    for row in rows[1:]:
        row[a], row[b] = row[b], row[a]
    return f"{rows[0][a]} <-> {rows[0][b]}"


def _slipped(rows: Rows, one: Series, dice: random.Random) -> str:
    """Everything behind the name moved up by one row."""
    if len(rows) < 4:
        return ""
    tails = [row[3:] for row in rows[1:]]
    for row, tail in zip(rows[1:], [*tails[1:], tails[0]], strict=True):
        row[3:] = tail
    return "rows slipped"


def _yesterday(rows: Rows, one: Series, dice: random.Random) -> str:
    """The last file once more, under today's title; now and then with today's date written over the old one."""
    old = list(csv.reader(io.StringIO(one.earlier[-1].text)))
    last = max(row[0] for row in old[1:])
    today = max(row[0] for row in rows[1:])
    kept = [row for row in old[1:] if row[0] == last]
    if last >= today or not kept:
        return ""
    dressed = dice.random() < 0.5
    rows[1:] = [[today if dressed else row[0], *row[1:]] for row in kept]
    return "yesterday's rows" + (" under today's date" if dressed else "")


def _point(rows: Rows, one: Series, dice: random.Random) -> str:
    """The decimal point of one cell two places off."""
    column = dice.choice(_numeric(one.document))
    places = [place for place in _cells(rows, column) if abs(number(rows[place][column]) or 0) >= 1]
    if not places:
        return ""
    place = dice.choice(places)
    rows[place][column] = _scaled(rows[place][column], dice.choice(("100", "0.01")))
    return f"{rows[0][column]} {rows[place][1:3]} point"


Fault = Callable[[Rows, Series, random.Random], str]
FAULTS: tuple[tuple[str, Fault], ...] = (
    ("unit", _unit),
    ("sign", _sign),
    ("columns", _swapped),
    ("rows", _slipped),
    ("yesterday", _yesterday),
    ("point", _point),
)
