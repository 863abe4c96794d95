"""A market table as cells with a meaning: whose row, which day, what each column measures and in which unit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from quantshark.lexicon.names import listing
from quantshark.lexicon.script import fold
from quantshark.lexicon.tables import head
from quantshark.model import Document
from quantshark.sources.dates import parse_published

Role = Literal["price", "change", "amount", "flow", "streak", "ratio", "other"]

ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("streak", re.compile(r"连续|天数")),
    ("change", re.compile(r"涨跌幅|涨幅|跌幅")),
    ("ratio", re.compile(r"比率|占比|比例|换手|股息率|分位")),
    ("flow", re.compile(r"净[买卖流]")),
    ("price", re.compile(r"收盘|收报|最新|现价|今开|开盘|昨收|最高|最低|结算价|点位")),
    ("amount", re.compile(r"成交|金额|市值|数量|持股|买入|卖出|沽空|余额")),
)  # fmt: skip
SCALE = {"千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "百亿": 10**10, "万亿": 10**12}
_SCALED = re.compile(r"^(万亿|百亿|千万|百万|亿|万|千)?(.*)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values: its label without the unit, the unit, what one printed unit is worth, and its role."""

    label: str
    unit: str
    worth: int
    role: Role


@dataclass(frozen=True, slots=True)
class GridRow:
    """Whose row it is (code where there is one), as it is called, its day, and its values by label. An empty cell is not there."""

    code: str
    name: str
    day: date | None
    values: Mapping[str, Decimal]
    unread: tuple[str, ...] = ()
    """Labels of columns of numbers in which this row has something else."""

    @property
    def key(self) -> str:
        """What tells it from other rows: the code, else the name."""
        return self.code or self.name


@dataclass(frozen=True, slots=True)
class Grid:
    """A table read for its values."""

    columns: Mapping[str, Column]
    rows: tuple[GridRow, ...]

    @property
    def last_day(self) -> date | None:
        return max((row.day for row in self.rows if row.day), default=None)


@lru_cache(maxsize=4096)
def grid(document: Document) -> Grid:
    """The table of a document of kind `table`; values are in the printed unit times its scale (亿, 万)."""
    lines = list(csv.reader(io.StringIO(document.text)))
    heads = [head(cell) for cell in lines[0]] if lines else []
    columns = {each.label: _column(each.label, each.unit) for each in heads if each.role == "value"}
    numeric = {label for label, column in columns.items() if column.role != "other" or column.unit}
    rows: list[GridRow] = []
    for cells in lines[1:]:
        told: dict[str, str] = {}
        for each, cell in zip(heads, cells, strict=False):
            told.setdefault(each.role, cell.strip())  # of several names (名称, 指数) the first is the row's own
        values: dict[str, Decimal] = {}
        unread: list[str] = []
        for each, cell in zip(heads, cells, strict=False):
            if each.role != "value" or each.label not in numeric:
                continue
            value = number(cell)
            if value is not None:
                values[each.label] = value * columns[each.label].worth
            elif cell.strip(" -—－") and each.label in numeric:
                unread.append(each.label)
        rows.append(
            GridRow(
                _code(told.get("code", "")), told.get("name", ""), _day(told.get("time", "")), values, tuple(unread)
            )
        )
    return Grid(columns, tuple(rows))


def number(cell: str) -> Decimal | None:
    """The number of a cell, None where there is none; a percent sign and thousand separators are dress."""
    plain = fold(cell).strip().rstrip("%").replace(",", "").replace("−", "-")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _column(label: str, unit: str) -> Column:
    found = _SCALED.match(unit)
    scale, bare = (found[1] or "", found[2]) if found else ("", unit)
    return Column(label, bare, SCALE.get(scale, 1), _role(label))


def _role(label: str) -> Role:
    for role, pattern in ROLES:
        if pattern.search(label):
            return role
    return "other"


def _code(text: str) -> str:
    digits = re.fullmatch(r"(\d{4,6})(?:\.([A-Z]{2}))?", text)
    return listing(digits[1], digits[2]) if digits else text


def _day(text: str) -> date | None:
    told = parse_published(text) if text else None
    return told if told is None or type(told) is date else date(told.year, told.month, told.day)
