"""What the terminal shows: results on stdout, everything else on stderr. Rich is imported when something is shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

import typer

from quantshark.cli.plain import as_json

if TYPE_CHECKING:  # Rich costs more than all of `--help` may cost
    from rich.console import Console

CLOSED_PIPE = 141
"""What a shell reports for a program whose reader went away (`| head`): 128 + SIGPIPE."""


@lru_cache(maxsize=2)
def console(*, stderr: bool = False) -> Console:
    """The terminal; wraps Chinese by itself, colours only where someone looks."""
    from rich.console import Console as Terminal

    class PipeAware(Terminal):
        def on_broken_pipe(self) -> NoReturn:
            reader_went_away()

    return PipeAware(stderr=stderr, highlight=False, soft_wrap=False)


def say(message: str) -> None:
    """A message for a person, on stderr."""
    print(message, file=sys.stderr)


def print_json(value: object) -> None:
    """The result for a program, alone on stdout."""
    print_text(as_json(value))


def print_text(text: str) -> None:
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:
        reader_went_away()


def reader_went_away() -> NoReturn:
    """End quietly; what is still buffered must not fail once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(CLOSED_PIPE)


Tell = Callable[[int, int | None, str], None]
"""How far the work is: done, of how many (None: nobody knows), what it is doing."""


def silent(_done: int, _total: int | None, _text: str) -> None:
    """Where nobody looks."""


@contextmanager
def progress(label: str) -> Generator[Tell]:
    """A bar on stderr for work that may take over a second; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total, text: bar.update(task, completed=done, total=total, description=text)
