"""A folder into which somebody puts files: read anew at each refresh, by the readers of every other file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from quantshark.errors import SourceError
from quantshark.sources import read_all
from quantshark.sources.feeds import FeedSpec, Fetched


class FolderFeed:
    """What lies in a folder. A file that cannot be read is a refusal; the rest comes in."""

    def __init__(self, spec: FeedSpec) -> None:
        self._folder = Path(spec.where)

    def fetch(self, now: datetime, tag: str = "") -> Fetched:  # noqa: ARG002  (a folder has no clock and no tag)
        if not self._folder.is_dir():
            raise SourceError(
                f"{self._folder} is no folder; make it, or mend the feed's `where`", path=str(self._folder)
            )
        intake = read_all([self._folder])
        return Fetched(intake.documents, intake.refusals)
