"""Fresh material before a slot: the feeds, an inbox, and what is wrong with them, in words for an editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from quantshark.errors import SourceError
from quantshark.newsroom import Newsroom


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a source; one that `blocks` lets nothing go out by itself."""

    text: str
    blocks: bool = False


class Refresher(Protocol):
    """Reads the sources in. One that fails is named, and what it should have brought is not made up."""

    def refresh(self, now: datetime) -> Sequence[Problem]: ...


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
