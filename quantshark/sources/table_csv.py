"""Market tables as CSV: Chinese headers, unit in brackets, optional comment lines on top; see the package's docstring."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping

from quantshark.model import Document
from quantshark.sources.identity import About
from quantshark.sources.raw import RawText
from quantshark.sources.refused import refused
from quantshark.sources.sheet import Row, table

KEYS = ("id", "title", "date", "source", "url", "demo")
LONGEST_COMMENT = 1000
LONGEST_HEADER = 10_000
PAIR = re.compile(r"\s*(?P<key>[A-Za-z_]+)\s*:\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^;\"]*?))\s*(?:;|$)")


def read(raw: RawText) -> tuple[Document, ...]:
    lines = raw.text.split("\n")
    comments = _count_comments(lines)
    about = _about(raw, lines[:comments])
    rows = list(_rows(raw, lines[comments:], comments))
    if not rows:
        raise refused("empty", raw.name)
    return table(raw, rows[0], rows[1:], about)


def _count_comments(lines: list[str]) -> int:
    """Comment lines, and blank lines between them, stand on top; a `#` further down belongs to a cell."""
    count = 0
    for number, line in enumerate(lines, start=1):
        if line.startswith("#"):
            count = number
        elif line.strip():
            break
    return count


def _about(raw: RawText, comments: list[str]) -> About:
    words: dict[str, str] = {}
    for number, line in enumerate(comments, start=1):
        for key, value in _pairs(raw, number, line.lstrip("#")).items():
            if key not in KEYS or key in words:
                raise refused("table_key", raw.name, number, key=key, known=", ".join(KEYS))
            words[key] = value
    return About.of(words)


def _pairs(raw: RawText, number: int, comment: str) -> Mapping[str, str]:
    """`key: value; key: value` of one comment line."""
    # A spreadsheet that saved the file again has filled the comment up with empty cells.
    rest = comment.strip().rstrip(",\t ").rstrip()
    if len(rest) > LONGEST_COMMENT:
        raise refused("table_comment", raw.name, number, value=rest)
    pairs: dict[str, str] = {}
    position = 0
    while position < len(rest):
        found = PAIR.match(rest, position)
        if found is None:
            raise refused("table_comment", raw.name, number, value=comment.strip())
        key = found["key"].lower()
        if key in pairs:
            raise refused("table_key", raw.name, number, key=key, known=", ".join(KEYS))
        pairs[key] = found["quoted"] if found["quoted"] is not None else found["bare"]
        position = found.end()
    return pairs


def _rows(raw: RawText, lines: list[str], skipped: int) -> Iterator[Row]:
    header = next((line for line in lines if line.strip()), "")
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=_delimiter(header), strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line, cells)
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise refused("table_csv", raw.name, line, why=str(error)) from error


def _delimiter(header: str) -> str:
    """What the header is cut by, outside brackets and quotes; a comma where it has one column."""
    bare = re.sub(r"\"[^\"]*\"|[(（][^)）]{0,40}[)）]", "", header[:LONGEST_HEADER])
    return max(",\t;", key=bare.count)
