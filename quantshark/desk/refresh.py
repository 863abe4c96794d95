"""Fresh material before a slot: what feeds there are, and what is wrong with them, in words for an editor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from quantshark.errors import SourceError
from quantshark.newsroom import Newsroom


class Refresher(Protocol):
    """Reads the sources in. A feed that fails is named, and what it should have brought is not made up."""

    def refresh(self, until: datetime) -> Sequence[str]:
        """Read in what is new; `until` is the slot's moment. Gives what is wrong, in Chinese."""
        ...


class Inbox:
    """Folders that others put files into."""

    def __init__(self, newsroom: Newsroom, folders: Sequence[Path]) -> None:
        self._newsroom = newsroom
        self._folders = folders

    def refresh(self, until: datetime) -> Sequence[str]:  # noqa: ARG002  a folder has what it has
        there = [folder for folder in self._folders if folder.is_dir()]
        problems = [f"没有文件夹 {folder}" for folder in self._folders if not folder.is_dir()]
        if not any(path.is_file() for folder in there for path in folder.rglob("*")):
            return problems
        try:
            done = self._newsroom.ingest(there)
        except SourceError as error:
            return [*problems, str(error)]
        return [*problems, *(f"没有读入 {refusal.notice}" for refusal in done.intake.refusals)]
