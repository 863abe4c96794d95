"""A report as its reader sees it: Markdown marks, link targets and front matter hidden, tables set apart.

`open_page` keeps every code point in its place: what a reader does not see becomes a zero-width blank, so that spans
found in `Page.visible` are spans of the report as given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quantshark.lexicon.tables import Cell

HIDDEN = "\u200b"
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_TITLE = re.compile(r"^(?:title|summary|description|subtitle)[ \t]*:[ \t]*(.+?)[ \t]*$", re.M)
_DATE = re.compile(r"^date[ \t]*:[ \t]*[\"']?(\d{4}-\d{2}-\d{2})", re.M)
_LINK = re.compile(r"(!?\[)([^\[\]\n]*)(\]\()([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)((?:\s+\"[^\"\n]*\")?\))")
_REFERENCE = re.compile(r"^[ \t]*\[[^\]\n]+\]:[ \t]*\S+.*$", re.M)
_URL = re.compile(r"<?(?:https?|ftp)://[^\s<>()\[\]\"'，。；！？、）】》]+>?")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>|<!--.*?-->", re.S)
_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}(?=\s)|>+|[-+*](?=\s))[ \t]*|\*\*+|(?<!\*)\*(?!\*|ST)|`+|~~|(?<![A-Za-z0-9])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![A-Za-z0-9])",
    re.M,
)
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")
_MARKER = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.M)


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the span of what the reader sees, and where it leads."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A Markdown table: header cells and rows, each cell with its place in the report."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The report as seen."""

    text: str
    visible: str
    prose: str
    links: tuple[Link, ...]
    grids: tuple[Grid, ...]
    day: str | None


def open_page(text: str) -> Page:
    """Read the Markdown of a report; plain text is a page without marks."""
    chars = list(text)
    day = _hide_front(text, chars)
    links = tuple(_hide_links(text, chars))
    for pattern in (_REFERENCE, _URL, _TAG, _MARKER):
        for match in pattern.finditer(text):
            _hide(chars, match.start(), match.end())
    for match in _MARKS.finditer(text):
        if chars[match.start()] != HIDDEN:
            _hide(chars, match.start(), match.end(), " " if _opens_line(text, match.start(), match[0]) else HIDDEN)
    visible = "".join(chars)
    grids, prose = _grids(text, visible)
    return Page(text, visible, prose, links, grids, day)


def _opens_line(text: str, place: int, mark: str) -> bool:
    """Is it the mark of a heading, quote or list, behind which a line begins anew?"""
    return ((place == 0 or text[place - 1] == "\n") and mark.strip()[:1] in ("#", ">", "-", "+", "")) or mark.endswith(
        " "
    )


def _hide(chars: list[str], start: int, end: int, by: str = HIDDEN) -> None:
    for place in range(start, end):
        if chars[place] != "\n":
            chars[place] = by


def _hide_front(text: str, chars: list[str]) -> str | None:
    """Of the front matter a reader sees title and summary."""
    front = _FRONT.match(text)
    if not front:
        return None
    kept = [(m.start(1), m.end(1)) for m in _TITLE.finditer(text, front.start(1), front.end(1))]
    place = 0
    for start, end in (*kept, (front.end(), front.end())):
        _hide(chars, place, start)
        place = end
    day = _DATE.search(text, front.start(1), front.end(1))
    return day[1] if day else None


def _hide_links(text: str, chars: list[str]) -> list[Link]:
    links: list[Link] = []
    for match in _LINK.finditer(text):
        _hide(chars, match.start(1), match.end(1))
        _hide(chars, match.start(3), match.end(5))
        if not match[1].startswith("!"):
            links.append(Link(match.start(2), match.end(2), match[4]))
    return links


def _grids(text: str, visible: str) -> tuple[tuple[Grid, ...], str]:
    """Tables, and the text with their rows hidden."""
    grids: list[Grid] = []
    prose = list(visible)
    lines = _lines(text)
    place = 0
    while place + 1 < len(lines):
        (start, end), (rule_start, rule_end) = lines[place], lines[place + 1]
        if "|" in text[start:end] and _RULE.match(text[rule_start:rule_end]) and "-" in text[rule_start:rule_end]:
            rows = [_cells(visible, start, end)]
            last = place + 2
            while last < len(lines) and "|" in text[slice(*lines[last])]:
                rows.append(_cells(visible, *lines[last]))
                last += 1
            grids.append(Grid(rows[0], tuple(rows[1:])))
            _hide(prose, start, lines[last - 1][1])
            place = last
        else:
            place += 1
    return tuple(grids), "".join(prose)


def _lines(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _cells(visible: str, start: int, end: int) -> tuple[Cell, ...]:
    """The cells of a row; the pipes at both ends do not count."""
    cells: list[Cell] = []
    place = start
    for part in visible[start:end].split("|"):
        cells.append(Cell(part, place))
        place += len(part) + 1
    if cells and not cells[0].text.strip(f" \t{HIDDEN}"):
        cells = cells[1:]
    if cells and not cells[-1].text.strip(f" \t{HIDDEN}"):
        cells = cells[:-1]
    return tuple(cells)
