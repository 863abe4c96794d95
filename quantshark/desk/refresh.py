"""Fresh material before a slot: the feeds, an inbox, and what is wrong with them, in words for an editor."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from quantshark.errors import SourceError
from quantshark.newsroom import Newsroom

FRESH = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a source; one that `blocks` lets nothing go out by itself."""

    text: str
    blocks: bool = False


class Refresher(Protocol):
    """Reads the sources in. One that fails is named, and what it should have brought is not made up."""

    def refresh(self, now: datetime) -> Sequence[Problem]: ...


class Together:
    """One refresh for all slots that fall due together: two hundred must not ask every feed two hundred times.

    Who comes while one is under way waits for it and takes what it found; one that began before a slot was due, or is older
    than `fresh`, is not for it.
    """

    def __init__(self, refresher: Refresher, fresh: timedelta = FRESH) -> None:
        self._refresher = refresher
        self._fresh = fresh
        self._turn = threading.Lock()
        self._begun: datetime | None = None
        self._found: tuple[Problem, ...] = ()

    def refresh(self, now: datetime, due_at: datetime) -> Sequence[Problem]:
        with self._turn:
            if self._begun is None or not due_at <= self._begun <= now < self._begun + self._fresh:
                self._found = tuple(self._refresher.refresh(now))
                self._begun = now
            return self._found


class Sources:
    """The feeds that are set, and folders that others put files into."""

    def __init__(self, newsroom: Newsroom, folders: Sequence[Path] = ()) -> None:
        self._newsroom = newsroom
        self._folders = folders

    def refresh(self, now: datetime) -> Sequence[Problem]:
        return [*self._feeds(now), *self._inbox()]

    def _feeds(self, now: datetime) -> Iterator[Problem]:
        for report in self._newsroom.refresh(now):
            if not report.ready:
                yield Problem(f"来源 {report.name} 不能用（{report.state}）：{report.reason}", blocks=True)

    def _inbox(self) -> Iterator[Problem]:
        there = [folder for folder in self._folders if folder.is_dir()]
        yield from (Problem(f"没有文件夹 {folder}") for folder in self._folders if not folder.is_dir())
        if not any(path.is_file() for folder in there for path in folder.rglob("*")):
            return
        try:
            done = self._newsroom.ingest(there)
        except SourceError as error:
            yield Problem(str(error))
            return
        yield from (Problem(f"没有读入 {refusal.notice}") for refusal in done.intake.refusals)
