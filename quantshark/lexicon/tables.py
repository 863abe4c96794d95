"""Tables: a row names whom it is about, a column what is measured and in which unit, a cell is a claim.

Serves CSV of the sources (代码,名称,净买入(亿港元)) and Markdown tables of a report alike. A cell that holds prose is
read as prose whose subject is the row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from quantshark.lexicon import clauses, measures, periods
from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.names import Name, Names, listing
from quantshark.lexicon.script import fold
from quantshark.model import Figure, Period

CODE_HEADS = frozenset("代码 证券代码 股票代码 股份代号 code symbol ticker 编号".split())
NAME_HEADS = frozenset(
    "名称 证券名称 股票名称 股份名称 简称 公司 标的 股票 个股 指数 指数名称 name 品种 板块 渠道 项目 股份 银行 机构 基金 维度".split()
)
TIME_HEADS = frozenset("日期 报告期 时间 交易日 月份 截至日期 date 期间 年份 季度 数据日期 公布日期".split())
SIGNED = frozenset(
    {"net_flow", "profit", "adj_profit", "change", "change_points", "change_amount", "omo_net", "trade_balance"}
)
_UNIT = re.compile(r"^(.*?)\s*[(\[（]([^()（）\[\]]+)[)\]）]\s*(.*)$")
_NUMERAL = re.compile(r"[\d零〇一二两兩三四五六七八九十百千万萬亿億半倍]")
"""A cell without any of these holds no figure: 九十九点八七亿 has no digit and is one."""
_NUMBER = re.compile(r"[+\-±]?\s*[\d,]+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its label, the unit in brackets, and its role (code, name, time, value)."""

    label: str
    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a text: what it says and where it stands."""

    text: str
    start: int


def head(text: str) -> Head:
    folded = fold(text).strip()
    match = _UNIT.match(folded)
    label, unit = (match[1] + match[3], match[2]) if match else (folded, "")
    plain = label.strip("* ").lower()
    role = (
        "code" if plain in CODE_HEADS else "name" if plain in NAME_HEADS else "time" if plain in TIME_HEADS else "value"
    )
    return Head(label.strip("* "), unit.strip(), role)


def learn(heads: Sequence[Head], rows: Sequence[Sequence[Cell]], names: Names) -> None:
    """Teach the names of a table whose columns give code and name."""
    code = next((i for i, h in enumerate(heads) if h.role == "code"), None)
    name = next((i for i, h in enumerate(heads) if h.role == "name"), None)
    if name is None:
        return
    for row in rows:
        if name < len(row) and row[name].text.strip() and not _measured(row[name].text):
            digits = fold(row[code].text).strip() if code is not None and code < len(row) else ""
            names.add(row[name].text.strip(), _listing(digits))


def _measured(text: str) -> bool:
    """Does a row name what is measured of a country (规模以上工业增加值) rather than somebody?"""
    folded = fold(text)
    return any(word in folded for word in _of_countries())


@lru_cache(maxsize=1)
def _of_countries() -> tuple[str, ...]:
    return tuple(word for word, slugs in measures.words().items() if len(word) > 1 and measures.MACRO & set(slugs))


def _listing(text: str) -> str | None:
    match = re.fullmatch(r"(\d{4,6})(?:\.(HK|SH|SZ|BJ|SS))?", text)
    return listing(match[1], match[2]) if match else None


def row_claims(heads: Sequence[Head], row: Sequence[Cell], names: Names, day: date | None) -> list[tuple[int, Claim]]:
    """The claims of a row, each with the index of its cell; spans are those of the text that the cells came from."""
    whose = entities(heads, row, names)
    told = _row_periods(heads, row, day)
    found: list[tuple[int, Claim]] = []
    for place, (column, cell) in enumerate(zip(heads, row, strict=False)):
        if column.role == "value":
            found += [(place, c) for c in _cell_claims(column, cell, whose, told, names, day)]
    return found


def entities(heads: Sequence[Head], row: Sequence[Cell], names: Names) -> tuple[str, ...]:
    """Whom a row is about, by its code and name cells."""
    codes: list[str] = []
    for column, cell in zip(heads, row, strict=False):
        if column.role in ("code", "name"):
            text = fold(cell.text).strip("* ")
            listed = text if text in names.entities else _listing(text) if column.role == "code" else None
            codes += (
                [listed] if listed else names.codes(text) or ([f"~{text}"] if column.role == "name" and text else [])
            )
    return tuple(dict.fromkeys(codes))


def _row_periods(heads: Sequence[Head], row: Sequence[Cell], day: date | None) -> tuple[Period, ...]:
    found = (
        _at_end(cell.text.strip(), periods.resolve(cell.text.strip(), day))
        for column, cell in zip(heads, row, strict=False)
        if column.role == "time"
    )
    return tuple(period for period in found if period is not None)


def _at_end(text: str, period: Period | None) -> Period | None:
    """2025年11月末 is the last day of the month."""
    ended = period is not None and fold(text).endswith(("月末", "月底", "年末", "年底"))
    return Period(period.end, period.end) if period is not None and ended else period


def _cell_claims(
    column: Head, cell: Cell, entities: tuple[str, ...], told: tuple[Period, ...], names: Names, day: date | None
) -> list[Claim]:
    """A bare number is read with its column; other text is read as prose about the row."""
    lead = len(cell.text) - len(cell.text.lstrip())
    body = cell.text.strip()
    plain = fold(body).strip("*_ ")
    if not _NUMERAL.search(plain):
        return []
    if _NUMBER.fullmatch(plain) or (len(plain) < 16 and _single(body)):
        return _number(column, cell, lead, body, entities, told, names, day)
    reading = clauses.read(body, names, day=day, subject=entities, owned=True)
    return [moved(c, cell.start + lead) for c in reading.claims]


def _single(body: str) -> bool:
    figures = [f for f in find_figures(body) if not f.exempt]
    return len(figures) == 1 and len(figures[0].surface) >= len(body) - 2


def _number(
    column: Head,
    cell: Cell,
    lead: int,
    body: str,
    entities: tuple[str, ...],
    told: tuple[Period, ...],
    names: Names,
    day: date | None,
) -> list[Claim]:
    unit = "" if _has_unit(body) else column.unit
    prefix = f"{column.label}为"
    told_behind = _like(prefix, body, unit, names, day)
    if told_behind is None:
        told_behind = _behind(f"{prefix}{body}{unit}", len(prefix), names, day)
    if not told_behind:
        return []
    claim = told_behind[0]
    figure = _placed(claim.figure, cell.start + lead, body)
    direction = _direction(column.label, claim)
    own = claim.entities if claim.entity_own else entities
    return [
        claim._replace(
            figure=figure,
            direction=direction,
            sentence=(cell.start, cell.start + len(cell.text)),
            clause=(cell.start, cell.start + len(cell.text)),
            entities=own,
            entity_own=bool(own),
            topic=False,
            loss=False,
            periods=claim.periods or told,
            period_own=bool(claim.periods or told),
            table=True,
        )
    ]


CELLS = 20_000
"""Cells whose reading is remembered: the tables of a morning, which every edition's evidence reads again."""
_cells: dict[tuple[str, int, date | None, tuple[Name, ...]], list[Claim]] = {}


_FRACTION = re.compile(r"[+-]?(?:0|[1-9]\d{0,8})\.\d{1,4}")


def _like(prefix: str, body: str, unit: str, names: Names, day: date | None) -> list[Claim] | None:
    """The claim of a plain decimal, read off another of its form: in a column only the digits change, and a sentence is
    read the same whatever they are. None where the digits might matter (whole numbers may be years or codes, 0.00 has no
    side) or the reading did not take them as they stand.
    """
    if not _FRACTION.fullmatch(body) or not Decimal(body):
        return None
    whole, _, digits = body.partition(".")
    form = f"{whole if whole.lstrip('+-') == '0' else re.sub(r'[0-9]', '5', whole)}.{'5' * len(digits)}"
    told = _behind(f"{prefix}{form}{unit}", len(prefix), names, day)
    if not told:
        return None
    figure = told[0].figure
    if figure.value is None or figure.high is not None or figure.start != len(prefix):
        return None
    scale = figure.value / Decimal(form)
    if scale != Decimal(10) ** scale.adjusted():
        return None
    return [told[0]._replace(figure=figure._replace(value=Decimal(body) * scale))]


def _behind(text: str, start: int, names: Names, day: date | None) -> list[Claim]:
    """The last claim behind a place, if any. Names bear on it only where the text holds one, so those are in the key."""
    folded = fold(text)
    key = (text, start, day, (*names.find(folded), *names.find_codes(folded)))
    told = _cells.get(key)
    if told is None:
        told = [claim for claim in clauses.read(text, names, day=day).claims if claim.end > start][-1:]
        if len(_cells) >= CELLS:
            _cells.clear()
        _cells[key] = told
    return told


def _direction(label: str, claim: Claim) -> int:
    """The sign of a cell is printed; a column of losses or outflows turns it round. 涨跌幅 has no side."""
    value = claim.figure.value or 0
    sides = {t for t in ("净卖出", "净流出", "净沽", "跌幅", "亏损", "减少", "降幅", "逆差", "净赎回") if t in label}
    sign = -1 if value < 0 else 1 if claim.measure in SIGNED or claim.basis else 0
    return -sign if sides and "涨跌" not in label else sign


def _has_unit(body: str) -> bool:
    return not _NUMBER.fullmatch(fold(body).strip("*_ "))


def _placed(figure: Figure, start: int, body: str) -> Figure:
    return figure._replace(start=start, end=start + len(body), surface=body)


def moved(claim: Claim, by: int) -> Claim:
    """The same claim, its spans shifted."""
    figure = claim.figure
    return claim._replace(
        figure=figure._replace(start=figure.start + by, end=figure.end + by),
        sentence=(claim.sentence[0] + by, claim.sentence[1] + by),
        clause=(claim.clause[0] + by, claim.clause[1] + by),
    )
