"""JSON files: market tables (`rows`) and whole documents (`text`), read strictly, every number exactly as written.

Keys that stand twice, NaN, Infinity, lone surrogates, deep nesting and numbers no market has ever printed are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast

from quantshark.errors import SourceError
from quantshark.model import Document
from quantshark.sources.identity import About, document, line_of
from quantshark.sources.raw import RawText
from quantshark.sources.refused import refused
from quantshark.sources.sheet import Row, table

MAX_DEPTH = 6
MAX_DIGITS = 40
# A string that does not end is taken to the end of the file, so that its quotes are not tried one by one.
NESTING = re.compile(r"\"(?:[^\"\\]|\\.)*(?:\"|\\?\Z)|[\[{]|[\]}]", re.DOTALL)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ALIASES = {"doc_id": "id", "published_at": "date", "publisher": "source"}
WORDS = frozenset({"id", "title", "date", "source", "url", "demo", "kind"})


class Number(str):
    """A number as the file writes it: 3.20 keeps its zero."""

    __slots__ = ()


Json = None | bool | str | Number | Sequence["Json"] | Mapping[str, "Json"]


def read(raw: RawText) -> tuple[Document, ...]:
    value = _load(raw)
    if isinstance(value, Mapping):
        return _one(raw, value)
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        if all(isinstance(item, Mapping) and "text" in item for item in value):
            documents = (_one(raw, cast("Mapping[str, Json]", item)) for item in value)
            return tuple(document for found in documents for document in found)
        return _table(raw, {"rows": value})
    raise refused("json_shape", raw.name, 1, why="it is no object and no list of objects")


def _one(raw: RawText, value: Mapping[str, Json]) -> tuple[Document, ...]:
    if "rows" in value:
        return _table(raw, value)
    text = value.get("text")
    if not isinstance(text, str) or isinstance(text, Number):
        raise refused("json_shape", raw.name, 1, why="neither key is there")
    _known(raw, value, {"text"})
    return (document(raw, text, _about(raw, value), default_kind="news"),)


def _table(raw: RawText, value: Mapping[str, Json]) -> tuple[Document, ...]:
    _known(raw, value, {"rows", "columns"})
    columns, rows = value.get("columns"), value["rows"]
    if not _is_list(rows) or not rows:
        raise refused("table_rows", raw.name, 1)
    if columns is None:
        return _from_objects(raw, cast("Sequence[Json]", rows), _about(raw, value))
    if not _is_list(columns) or not all(_is_list(row) for row in cast("Sequence[Json]", rows)):
        raise refused("json_shape", raw.name, 1, why="`columns` wants rows that are lists")
    header = Row(1, [_cell(raw, name) for name in cast("Sequence[Json]", columns)])
    placed = zip(_lines_of_rows(raw), cast("Sequence[Sequence[Json]]", rows), strict=False)
    body = [Row(line, [_cell(raw, cell, line) for cell in row]) for line, row in placed]
    return table(raw, header, body, _about(raw, value))


def _from_objects(raw: RawText, rows: Sequence[Json], about: About) -> tuple[Document, ...]:
    first = rows[0]
    if not isinstance(first, Mapping) or not first:
        raise refused("json_shape", raw.name, 1, why="a row is no object")
    names = list(first)
    cells: list[Row] = []
    for line, row in zip(_lines_of_rows(raw), rows, strict=False):
        if not isinstance(row, Mapping) or set(row) != set(names):
            raise refused("json_shape", raw.name, line, why="a row has other keys than the first one")
        cells.append(Row(line, [_cell(raw, row[name], line) for name in names]))
    return table(raw, Row(1, names), cells, about)


def _known(raw: RawText, value: Mapping[str, Json], own: set[str]) -> None:
    unknown = sorted(key for key in value if key not in own and ALIASES.get(key, key) not in WORDS)
    if unknown:
        raise refused("json_shape", raw.name, 1, why=f"the key {unknown[0]!r} is not known")


def _about(raw: RawText, value: Mapping[str, Json]) -> About:
    words: dict[str, str] = {}
    for key, word in value.items():
        name = ALIASES.get(key, key)
        if name in WORDS and word is not None:
            if not isinstance(word, str | bool) or name in words:
                raise refused("json_shape", raw.name, 1, why=f"{key!r} wants one text")
            words[name] = str(word).lower() if isinstance(word, bool) else word.strip()
    return About.of(words)


def _lines_of_rows(raw: RawText) -> list[int]:
    """The line on which each row opens: rows are the second level of a bare list, the third behind `rows`."""
    level = 2 if raw.text.lstrip().startswith("[") else 3
    lines: list[int] = []
    depth = line = position = 0
    for found in NESTING.finditer(raw.text):
        mark = found.group()
        line += raw.text.count("\n", position, found.start())
        position = found.start()
        if mark in "[{":
            depth += 1
            if depth == level:
                lines.append(line + 1)
        depth -= mark in "]}"
    return lines


def _cell(raw: RawText, value: Json, line: int | None = None) -> str:
    match value:
        case None:
            return ""
        case Number():
            return _plain(raw, value, line)
        case str():
            return value
        case _:
            raise refused("json_cell", raw.name, line, value=json.dumps(value, ensure_ascii=False, default=list)[:60])


def _plain(raw: RawText, number: Number, line: int | None) -> str:
    """3.2e9 is written out; every other number stays as it stands."""
    exponent = re.fullmatch(r"(?P<head>.*)[eE](?P<power>[+-]?\d+)", number)
    power = exponent["power"].lstrip("+-").lstrip("0") if exponent else ""
    if len(number) > MAX_DIGITS or len(power) > 2 or int(power or 0) > MAX_DIGITS:
        raise refused("json_number", raw.name, line, value=str(number))
    return format(Decimal(number), "f") if exponent else str(number)


def _is_list(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


# --- strict reading ------------------------------------------------------------------------------------------------


def _load(raw: RawText) -> Json:
    _check_depth(raw)
    try:
        value = cast(
            "Json",
            json.loads(
                raw.text,
                object_pairs_hook=lambda pairs: _object(raw, pairs),
                parse_float=Number,
                parse_int=Number,
                parse_constant=lambda name: _refuse_constant(raw, name),
            ),
        )
    except json.JSONDecodeError as error:
        raise refused("json", raw.name, error.lineno, why=error.msg) from error
    return value


def _check_depth(raw: RawText) -> None:
    """Before the parser recurses: how deep do brackets outside strings go?"""
    depth = 0
    for found in NESTING.finditer(raw.text):
        mark = found.group()
        depth += (mark in "[{") - (mark in "]}")
        if depth > MAX_DEPTH:
            raise refused("json_depth", raw.name, raw.text.count("\n", 0, found.start()) + 1, limit=MAX_DEPTH)


def _object(raw: RawText, pairs: list[tuple[str, Json]]) -> Mapping[str, Json]:
    built: dict[str, Json] = {}
    for key, value in pairs:
        if key in built:
            raise refused("json_twice", raw.name, line_of(raw, json.dumps(key, ensure_ascii=False)), key=key)
        for text in (key, value):
            if isinstance(text, str) and LONE_SURROGATE.search(text):
                raise refused("json_surrogate", raw.name, None)
        built[key] = value
    return built


def _refuse_constant(raw: RawText, name: str) -> SourceError:
    raise refused("json_constant", raw.name, line_of(raw, name), value=name)
