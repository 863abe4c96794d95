"""A small site in a folder: the files of a release, then the front page and the feeds of all that lies there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from quantshark.errors import TargetError
from quantshark.model import Receipt, Release
from quantshark.press.site import site_files
from quantshark.press.targets.folder import FolderTarget, put


class SiteTarget:
    """A folder target that keeps `index.html`, `atom.xml` and `feed.json` in step with its releases."""

    tells = True

    def __init__(self, folder: Path, site_url: str, *, name: str = "site") -> None:
        self.name = name
        self._folder = folder
        self._site_url = site_url
        self._files = FolderTarget(folder, name=name)

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        """The release first: a front page never names what is not there."""
        receipt = self._files.send(release, files)
        try:
            made = site_files(self._folder, self._site_url)
            changed = [put(self._folder / name, content) for name, content in made.items()]
        except OSError as error:
            raise TargetError(
                f"cannot bring the front page and feeds of {self._folder} up to date: {error.strerror or error}; "
                "make room or give another folder"
            ) from error
        return replace(receipt, status="sent" if receipt.status == "sent" or any(changed) else "unchanged")
