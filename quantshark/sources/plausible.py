"""Can this table be what it says it is? What cannot is held and shown to a person; nothing is ever repaired here.

`doubts(document, earlier, now)` holds a table against itself (sums, shares, low <= close <= high, names against codes)
and against the same feed's earlier tables (units, orders of magnitude, streaks, yesterday's rows under today's name).
A table without a history is held against itself alone: the first of its kind is for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from quantshark.calendars import Calendar
from quantshark.errors import DataError
from quantshark.lexicon.names import Names
from quantshark.model import SHANGHAI, Document
from quantshark.sources.grid import Column, Grid, GridRow, grid

EARLY = timedelta(minutes=10)
"""Clocks of publishers run this much ahead at most."""
COLUMN_JUMP = 30
"""A column that is this many times its history changed its unit, not its mind: 亿 to 万 is 10,000, 元 to 分 is 100."""
VALUE_JUMP = 12
"""One amount this far beyond all it ever was is a slipped point or a row of somebody else."""
MANY_ROWS = 4
PRICE_JUMP = Decimal("1.35")
INDEX_JUMP = Decimal("1.15")
STOCK_MOVE, INDEX_MOVE = 60, 20
ENOUGH_DAYS = 3
ENOUGH_ROWS = 3
TELLING_DIGITS = 4
"""No market of four digits closes twice at the very same value, but a change of 0.1 % may come again."""
CHANGE_SLACK = Decimal("0.06")
EX_DIVIDEND = Decimal(3)
"""A dividend lowers the base of a stock's change; it is rarely worth more percent than this on one day."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a document is held: a code, a Chinese sentence, whose row and which column (empty: the whole table)."""

    code: str
    message: str
    row: str = ""
    column: str = ""


def doubts(
    document: Document, earlier: Sequence[Document], now: datetime, names: Names | None = None
) -> tuple[Doubt, ...]:
    """What speaks against a document. `earlier` are the tables that the feed brought before, in any order."""
    found = [*_from_the_future(document, now)]
    if document.kind == "table":
        sheet = grid(document)
        before = History.of(sheet, [grid(one) for one in earlier if one.kind == "table"])
        found += [
            *_unread(sheet),
            *_days(sheet, document, now),
            *_named(sheet, names or Names.load()),
            *_ranges(sheet),
            *_sums(sheet),
            *_totals(sheet),
            *_bought_back(sheet),
            *_units(sheet, before),
            *_yesterday(sheet, document, before),
            *_columns(sheet, before),
            *_values(sheet, before),
            *_changes(sheet, before),
            *_streaks(sheet, before),
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class History:
    """Earlier rows of the same table, by code (name where there is none) and day, and the units that its columns had."""

    rows: Mapping[str, Mapping[date, GridRow]]
    columns: Mapping[str, Column]
    closes: Mapping[str, Mapping[date, Decimal]]
    """The closes that any earlier table gave."""

    @classmethod
    def of(cls, sheet: Grid, earlier: Sequence[Grid]) -> History:
        """Tables with at least half of the columns of this one; their last word on a day counts."""
        rows: dict[str, dict[date, GridRow]] = {}
        columns: dict[str, Column] = {}
        closes: dict[str, dict[date, Decimal]] = {}
        keys = {row.key for row in sheet.rows}
        for one in earlier:
            for row in one.rows:
                if row.day and (close := _close(row)) is not None:
                    closes.setdefault(row.key, {})[row.day] = close
            if 2 * len(one.columns.keys() & sheet.columns.keys()) < len(sheet.columns):
                continue
            if keys & {row.key for row in one.rows}:  # another market's table has other units
                columns |= one.columns
            for row in one.rows:
                if row.day and row.key:
                    rows.setdefault(row.key, {})[row.day] = row
        return cls(rows, columns, closes)

    def last_day(self, sheet: Grid) -> date | None:
        """The newest day of those whose rows stand in this table too."""
        return max((day for row in sheet.rows for day in self.rows.get(row.key, {})), default=None)

    def past(self, row: GridRow, label: str) -> list[Decimal]:
        """The values of a row's column before its day, oldest first."""
        days = self.rows.get(row.key, {})
        return [days[day].values[label] for day in sorted(days) if _before(day, row.day) and label in days[day].values]

    def close_before(self, row: GridRow) -> Decimal | None:
        """The close of the trading day just before a row's."""
        day = _session_before(row.code, row.day) if row.day else None
        return self.closes.get(row.key, {}).get(day) if day else None

    def day_before(self, row: GridRow) -> GridRow | None:
        """The row of the trading day just before; None where it is not there."""
        if row.day is None:
            return None
        day = _session_before(row.code, row.day)
        return self.rows.get(row.key, {}).get(day) if day else None


def _before(day: date, other: date | None) -> bool:
    return other is None or day < other


def _session_before(code: str, day: date) -> date | None:
    """The trading day before, by the market of the code; elsewhere the weekday before, where it was one."""
    market = "XSHG" if code.endswith((".SH", ".SZ", ".BJ")) or code in MAINLAND else ""
    market = "XHKG" if code.endswith(".HK") or code in HONG_KONG or code.startswith("FLOW.") else market
    if not market:
        return day - timedelta(days=3 if day.weekday() == 0 else 1)
    try:
        return Calendar(market).previous(day)
    except DataError:
        return None


HONG_KONG = frozenset({"MKT.HK", "IDX.HSI", "IDX.HSTECH", "IDX.HSCEI"})
MAINLAND = frozenset({"MKT.A", "IDX.SSE", "IDX.SZSE", "IDX.CSI300", "IDX.STAR50", "IDX.CHINEXT"})


# --- the table against itself ---------------------------------------------------------------------------------------


def _from_the_future(document: Document, now: datetime) -> Iterator[Doubt]:
    published = document.published_at
    if isinstance(published, datetime):
        moment = published if published.tzinfo else published.replace(tzinfo=SHANGHAI)
        if moment > now + EARLY:
            yield Doubt("future", f"《{document.title}》的发布时间 {moment:%Y-%m-%d %H:%M} 还没有到")
    elif published is not None and published > now.astimezone(SHANGHAI).date():
        yield Doubt("future", f"《{document.title}》的发布日期 {published} 还没有到")


def _unread(sheet: Grid) -> Iterator[Doubt]:
    for row in sheet.rows:
        for label in row.unread:
            yield Doubt("not_a_number", f"{_who(row)}的“{label}”不是数字，疑似错列", row.code, label)


def _days(sheet: Grid, document: Document, now: datetime) -> Iterator[Doubt]:
    limit = document.known_at or now
    last = limit.astimezone(SHANGHAI).date()
    for row in sheet.rows:
        if row.day and row.day > last:
            yield Doubt("future_row", f"{_who(row)}的日期 {row.day} 晚于发布日 {last}", row.code)
            return


def _named(sheet: Grid, names: Names) -> Iterator[Doubt]:
    """The registry knows this code by another name: rows have slipped, or the code is wrong."""
    for row in sheet.rows:
        known = names.codes(row.name) if row.name and row.code in names.entities else ()
        if known and row.code not in known:
            yield Doubt("name", f"{row.code} 是{names.title(row.code)}，表里写作{row.name}，疑似错行", row.code)


def _ranges(sheet: Grid) -> Iterator[Doubt]:
    for row in sheet.rows:
        for label, value in row.values.items():
            column = sheet.columns[label]
            if value < 0 and column.role in ("price", "amount"):
                yield Doubt("negative", f"{_who(row)}的“{label}”是负数", row.code, label)
        low, high = _ending(row, "最低"), _ending(row, "最高")
        inside = [value for label, value in row.values.items() if _within(label, sheet.columns[label])]
        if low is not None and high is not None and (low > high or any(not low <= value <= high for value in inside)):
            yield Doubt("range", f"{_who(row)}的价格不在当日最低与最高之间", row.code)


def _within(label: str, column: Column) -> bool:
    return column.role == "price" and any(word in label for word in ("收盘", "收报", "最新", "今开", "开盘"))


def _ending(row: GridRow, word: str) -> Decimal | None:
    return next((value for label, value in row.values.items() if word in label), None)


SUMS = (("买入", "卖出", "净买入"), ("流入", "流出", "净流入"))
RATIOS = (("沽空金额", "成交额", "沽空比率"),)


def _sums(sheet: Grid) -> Iterator[Doubt]:
    for row in sheet.rows:
        for more, less, net in SUMS:
            parts = [_plain(sheet, row, word) for word in (more, less, net)]
            if all(part is not None for part in parts):
                a, b, c = (part for part in parts if part is not None)
                if abs(a - b - c) > _slack(sheet, net) * 2:
                    yield Doubt("sum", f"{_who(row)}：{more}减{less}不等于{net}", row.code, net)
        for part, whole, share in RATIOS:
            told = [_plain(sheet, row, word) for word in (part, whole, share)]
            if all(one is not None for one in told) and told[1]:
                a, b, c = (one for one in told if one is not None)
                if abs(a / b * 100 - c) > CHANGE_SLACK:
                    yield Doubt("share", f"{_who(row)}：{part}除以{whole}不等于{share}", row.code, share)


def _bought_back(sheet: Grid) -> Iterator[Doubt]:
    """What was paid for shares lies between the lowest and the highest price that was paid."""
    for row in sheet.rows:
        paid, shares = _plain(sheet, row, "回购金额"), _plain(sheet, row, "回购数量")
        low, high = _ending(row, "最低"), _ending(row, "最高")
        if paid is None or not shares or low is None or high is None:
            continue
        if not low * Decimal("0.99") <= paid / shares <= high * Decimal("1.01"):
            yield Doubt("range", f"{_who(row)}：回购金额除以数量不在最低价与最高价之间", row.code, "回购金额")


def _plain(sheet: Grid, row: GridRow, word: str) -> Decimal | None:
    """The value of the column that means just this: 买入 is 买入金额, never 净买入 or 连续净买入."""
    for label, value in row.values.items():
        role = sheet.columns[label].role
        if role == "streak" or "累计" in label or "连续" in label:
            continue
        if label.startswith(word):
            return value
    return None


def _slack(sheet: Grid, word: str) -> Decimal:
    """One unit of the second decimal of a column, in its worth."""
    worth = next((column.worth for label, column in sheet.columns.items() if label.startswith(word)), 1)
    return Decimal(worth) / 100


WHOLES = (("FLOW.SOUTHBOUND", ("FLOW.SOUTHBOUND.SH", "FLOW.SOUTHBOUND.SZ")),)


def _totals(sheet: Grid) -> Iterator[Doubt]:
    rows = {(row.code, row.day): row for row in sheet.rows}
    for whole, parts in WHOLES:
        for day in {row.day for row in sheet.rows}:
            total, pieces = rows.get((whole, day)), [rows.get((part, day)) for part in parts]
            if total is None or any(piece is None for piece in pieces):
                continue
            for label, value in total.values.items():
                told = [piece.values.get(label) for piece in pieces if piece]
                known = [one for one in told if one is not None]
                worth = sheet.columns[label].worth
                if len(known) == len(parts) and abs(sum(known) - value) > Decimal(worth) * 3 / 100:
                    yield Doubt("total", f"{day} {_who(total)}的“{label}”不等于各部分之和", whole, label)


# --- the table against what came before ----------------------------------------------------------------------------


def _units(sheet: Grid, before: History) -> Iterator[Doubt]:
    for label, column in sheet.columns.items():
        known = before.columns.get(label)
        if known and known.unit != column.unit:
            yield Doubt("unit", f"“{label}”的单位由“{known.unit}”变成“{column.unit}”", column=label)


def _fresh(sheet: Grid, before: History) -> list[GridRow]:
    """The rows of days that history does not have yet."""
    return [row for row in sheet.rows if row.key and (row.day is None or row.day not in before.rows.get(row.key, {}))]


def _yesterday(sheet: Grid, document: Document, before: History) -> Iterator[Doubt]:
    last = before.last_day(sheet)
    if last is None or not sheet.rows:
        return
    newest = sheet.last_day
    if newest is not None and newest <= last and document.known_at and document.known_at.date() > last:
        # Restated old days are told by a change of their values; a new publication without a new day is yesterday's.
        if not any(row.values != before.rows.get(row.key, {}).get(row.day or last, row).values for row in sheet.rows):
            yield Doubt("yesterday", f"《{document.title}》里最新的日期仍是 {newest}，没有新的数据")
        return
    today = [row for row in sheet.rows if row.day == newest and row.values]
    twins = [row for row in today if row.values == before.rows.get(row.key, {}).get(last, EMPTY).values]
    values = [value for row in today for value in row.values.values()]
    exact = any(len(value.normalize().as_tuple().digits) >= TELLING_DIGITS for value in values)
    if twins and len(twins) == len(today) and (exact or len(today) >= MANY_ROWS):
        yield Doubt("same", f"《{document.title}》{newest} 的数值与 {last} 逐格相同，疑似旧表新题")


EMPTY = GridRow("", "", None, {})


def _columns(sheet: Grid, before: History) -> Iterator[Doubt]:
    """A whole column that left its order of magnitude."""
    for label, column in sheet.columns.items():
        if column.role in ("streak", "other"):
            continue
        ratios = [ratio for row in _fresh(sheet, before) if (ratio := _ratio(row, label, before)) is not None]
        needed = ENOUGH_ROWS if column.role in ("flow", "change") else 1
        if len(ratios) < needed:
            continue
        middle = median(ratios)
        if middle >= COLUMN_JUMP or middle <= 1 / COLUMN_JUMP:
            yield Doubt("magnitude", f"“{label}”整列约为以往的 {middle:.4g} 倍，疑似单位有变", column=label)


def _ratio(row: GridRow, label: str, before: History) -> float | None:
    value = row.values.get(label)
    past = [abs(one) for one in before.past(row, label) if one]
    if not value or len(past) < ENOUGH_DAYS:
        return None
    return float(abs(value) / median(past))


def _values(sheet: Grid, before: History) -> Iterator[Doubt]:
    """One value that left the range of all it ever was."""
    for row in _fresh(sheet, before):
        for label, value in row.values.items():
            role = sheet.columns[label].role
            past = [abs(one) for one in before.past(row, label) if one]
            if role not in ("amount", "flow", "price", "ratio") or not past:
                continue
            if "累计" in label and row.day and _leaps(value, before.past(row, label)[-1]):
                yield Doubt("value", f"{_who(row)}的“{label}”与上一次的 {_show(past[-1])} 接不上", row.code, label)
            elif role == "price" and not _explained(row, past[-1], value):
                yield Doubt("price", f"{_who(row)}的“{label}”由 {_show(past[-1])} 变为 {_show(value)}", row.code, label)
            elif role != "price" and len(past) >= ENOUGH_DAYS and _beyond(abs(value), past, role):
                yield Doubt(
                    "value",
                    f"{_who(row)}的“{label}”远超以往（此前最高 {_show(max(past))}，这次 {_show(value)}）",
                    row.code,
                    label,
                )


def _leaps(value: Decimal, last: Decimal) -> bool:
    """A running total goes on from where it stood."""
    return bool(value and last) and (value * last < 0 or max(abs(value / last), abs(last / value)) > 3)


def _beyond(value: Decimal, past: Sequence[Decimal], role: str) -> bool:
    if value > VALUE_JUMP * max(past):
        return True
    return role in ("amount", "ratio") and bool(value) and value * VALUE_JUMP < min(past)


def _explained(row: GridRow, last: Decimal, value: Decimal) -> bool:
    """A price may jump where the table itself says by how much."""
    limit = INDEX_JUMP if row.code.startswith("IDX.") else PRICE_JUMP
    if not value or not last:
        return False
    ratio = max(value / last, last / value)
    change = _change(row)
    return ratio <= limit or (change is not None and abs((value / last - 1) * 100 - change) <= EX_DIVIDEND)


def _change(row: GridRow) -> Decimal | None:
    return next((value for label, value in row.values.items() if "涨跌幅" in label), None)


def _changes(sheet: Grid, before: History) -> Iterator[Doubt]:
    """The change that is told against the one that the closes make; without them, against what a day can do."""
    for row in _fresh(sheet, before):
        change, price = _change(row), _close(row) or _ending(row, "半日收报")
        base = before.close_before(row) or row.values.get("昨收")
        if change is None:
            continue
        if price is None or not base:
            if row.day and abs(change) > (STOCK_MOVE if row.code and not row.code.startswith("IDX.") else INDEX_MOVE):
                yield Doubt("change", f"{_who(row)}的涨跌幅 {change}% 大得少见，又没有价格可核", row.code, "涨跌幅")
            continue
        made = (price / base - 1) * 100
        dividend = Decimal(0) if row.code.startswith("IDX.") else EX_DIVIDEND
        # A dividend lowers the base, so it can only raise the change that is told.
        fits = -CHANGE_SLACK <= change - made <= CHANGE_SLACK + dividend
        opposite = made * change < 0 and min(abs(made), abs(change)) > CHANGE_SLACK * 5
        if not fits or opposite:
            told = f"{_who(row)}的涨跌幅写 {change}%，由前一日收盘算得 {made:.2f}%"
            yield Doubt("change", told, row.code, "涨跌幅")


def _close(row: GridRow) -> Decimal | None:
    """The price of the end of a day, never that of its half."""
    told = (
        value for label, value in row.values.items() if re.search("收盘|最新|结算价", label) and "半日" not in label
    )
    return next(told, None)


def _streaks(sheet: Grid, before: History) -> Iterator[Doubt]:
    """A run of days goes on from the day before, or begins anew."""
    for row in _fresh(sheet, before):
        last = before.day_before(row)
        net = _plain(sheet, row, "净买入")
        if last is None or net is None:
            continue
        for label, sign in (("连续净买入", 1), ("连续净卖出", -1)):
            told = row.values.get(label)
            if label not in sheet.columns or net * sign <= 0 or told is None:
                continue
            before_it = last.values.get(label)
            if before_it is None and (past := _plain(sheet, last, "净买入")) is not None and past * sign <= 0:
                before_it = Decimal(0)  # it went the other way; an empty cell alone says nothing
            if before_it is not None and told != before_it + 1:
                yield Doubt("streak", f"{_who(row)}{label}写 {told} 天，与前一日接不上", row.code, label)


def _who(row: GridRow) -> str:
    return row.name or row.code or "某一行"


def _show(value: Decimal) -> str:
    for name, worth in (("亿", 10**8), ("万", 10**4)):
        if abs(value) >= worth:
            return f"{(value / worth):.2f}{name}"
    return f"{value.normalize():f}"
