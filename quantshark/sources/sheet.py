"""A market table on its way in: checked cell by cell, then one normalised CSV text whatever it came as.

Header row first, every column named once with its unit in brackets, `\\n` line ends, quotes only where needed.
An empty cell is "not known". Cells that a spreadsheet would run as a formula are refused, never stored.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quantshark.model import Document
from quantshark.sources.identity import About, document
from quantshark.sources.raw import RawText, without_hidden
from quantshark.sources.refused import refused

PLAIN_NUMBER = r"(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"
SIGNED_VALUE = re.compile(rf"[+\-＋－]\s*(?:{PLAIN_NUMBER})\s*(?:[%％‰]|[\u4e00-\u9fff]{{0,6}})", re.ASCII)
MISSING_MARK = re.compile(r"[-－—–]{1,3}")
FORMULA_LEAD = frozenset("=＝@＠+＋-－")
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the line it stood on."""

    line: int | None
    cells: Sequence[str]


def table(raw: RawText, header: Row, rows: Sequence[Row], about: About) -> tuple[Document, ...]:
    """The document of a table; raises SourceError with the line of the first cell that cannot stay."""
    names = [_cell(raw, header.line, name) for name in header.cells]
    _check_header(raw, header.line, names)
    if not rows:
        raise refused("table_rows", raw.name, header.line)
    body = [_row(raw, row, len(names)) for row in rows]
    title = about.title or raw.stem
    text = _csv([names, *body])
    words = About(title, about.date, about.id, about.url, about.source, about.demo)
    return (document(raw, text, words, default_kind="table"),)


def _row(raw: RawText, row: Row, width: int) -> list[str]:
    if len(row.cells) != width:
        raise refused("table_ragged", raw.name, row.line, cells=len(row.cells), header=width)
    return [_cell(raw, row.line, cell) for cell in row.cells]


def _check_header(raw: RawText, line: int | None, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not name:
            raise refused("table_header", raw.name, line, problem="empty", problem_zh="是空的")
        if name in seen:
            raise refused("table_header", raw.name, line, problem=f"there twice ({name})", problem_zh=f"重复（{name}）")
        seen.add(name)


def _cell(raw: RawText, line: int | None, written: str) -> str:
    shown, removed = without_hidden(written)
    raw.removed.update(removed)
    value = re.sub(r"\s*[\n\t]\s*", " ", shown).strip(" \u3000\xa0")
    if len(value) > LONGEST_CELL:
        raise refused("table_long", raw.name, line, size=len(value), limit=LONGEST_CELL)
    if is_formula(value):
        raise refused("table_formula", raw.name, line, value=value)
    return value


def is_formula(value: str) -> bool:
    """Would a spreadsheet run this? `-3.20` and `+4.53%` are values, `-` and `--` mean "not known"."""
    if value[:1] not in FORMULA_LEAD or not value:
        return False
    return SIGNED_VALUE.fullmatch(value) is None and MISSING_MARK.fullmatch(value) is None


def _csv(rows: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
