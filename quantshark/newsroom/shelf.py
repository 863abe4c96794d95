"""Where the bytes of releases lie: made once, sent as often as there are channels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quantshark.errors import NotFoundError
from quantshark.model import Release
from quantshark.press.release import Bundle
from quantshark.press.targets.folder import FolderTarget

ENDINGS = (".md", ".html", ".ledger.json")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the bytes of releases lie, one folder each."""

    folder: Path

    def put(self, made: Bundle) -> None:
        FolderTarget(self.folder / made.release.release_id).send(made.release, made.files)

    def files(self, release: Release) -> dict[str, bytes]:
        """The files of a release as they were made."""
        names = [f"{release.stem}{ending}" for ending in ENDINGS]
        place = self.folder / release.release_id
        try:
            return {name: (place / name).read_bytes() for name in names}
        except OSError as error:
            raise NotFoundError(
                f"the files of {release.release_id} are not on the shelf ({error.filename}: {error.strerror}); "
                "set QUANTSHARK_HOME to the folder of the machine that released it, or publish its .md file"
            ) from error
