"""A draft while it is written: one line a section, on stderr, where somebody looks.

What the events say is kept in a `Board`, which knows no terminal; `watching` shows it and takes it away at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quantshark.cli.terminal import Tell, console, say, silent

if TYPE_CHECKING:  # the nouns and Rich are imported by the command that runs
    from rich.table import Table

    from quantshark.model import Event, Listener

WORDS = 36
"""How many of the last characters of an answer are shown."""


@dataclass
class Line:
    """A section on the board."""

    title: str
    state: str = "等候"
    words: str = ""
    tokens: int = 0


@dataclass
class Board:
    """What is known of a draft under way."""

    lines: dict[str, Line] = field(default_factory=dict[str, Line])
    notices: list[str] = field(default_factory=list[str])
    head: str = ""

    def hear(self, event: Event) -> None:
        """Take in an event; one that a later version may tell changes nothing."""
        if event.name == "notice":
            self.notices.append(str(event.data.get("text", "")))
        elif not event.section:
            self.head = "通读全文，逐个核对数字" if event.name == "checked" else self.head
        else:
            line = self.lines.setdefault(event.section, Line(event.section))
            _put(line, event.name, event.data)

    def tell(self, done: int, total: int | None, text: str) -> None:
        """How far the reading of the sources is."""
        self.head = f"{text} {done}/{total}" if total else text


def _put(line: Line, name: str, data: Mapping[str, object]) -> None:
    match name:
        case "section_started":
            line.title, line.state = str(data.get("title") or line.title), "等模型"
        case "tokens":
            line.state = f"写了 {data.get('characters', 0)} 字"
            line.words = (line.words + str(data.get("text", "")))[-WORDS:] if data.get("characters") else ""
        case "answered":
            line.tokens += _number(data.get("tokens_in")) + _number(data.get("tokens_out"))
            line.state, line.words = "核对", ""
        case "checked":
            line.state = f"查出 {data['flagged']} 处" if data.get("flagged") else "核对无误"
        case "repaired":
            line.state = f"返工第 {data.get('round')} 轮"
        case "fell_back":
            line.state = "改由规则撰写"
        case "section_written":
            line.title = str(data.get("title") or line.title)
            line.state, line.words = f"完成（{str(data.get('writer', '')).partition('@')[0]}）", ""
        case _:
            pass


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


@contextmanager
def watching() -> Generator[tuple[Listener, Tell]]:
    """Who hears the events of a draft, and who is told how far the sources are read. Notices are said once, at the end."""
    board = Board()
    if not sys.stderr.isatty():
        yield board.hear, silent
    else:
        from rich.live import Live

        with Live(get_renderable=lambda: _table(board), console=console(stderr=True), transient=True):
            yield board.hear, board.tell
    for notice in dict.fromkeys(board.notices):
        say(notice)


def _table(board: Board) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=board.head or "写稿", box=None, title_justify="left", pad_edge=False, show_header=False)
    for line in board.lines.values():
        tokens = f"{line.tokens} 词元" if line.tokens else ""
        # A model's words are data: no markup of theirs, no control characters into the terminal.
        words = "".join(mark for mark in line.words if mark.isprintable())
        table.add_row(Text(line.title), Text(line.state), Text(tokens), Text(words, style="dim", overflow="ellipsis"))
    return table
