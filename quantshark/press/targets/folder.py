"""A folder on disk: each file appears whole or not at all, and the ledger last, as the seal on the rest."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from quantshark.errors import TargetError
from quantshark.model import Receipt, Release
from quantshark.press.targets import utc_now


class FolderTarget:
    """Writes the files of a release to `folder`; `name` is how receipts call the channel."""

    tells = True

    def __init__(self, folder: Path, *, name: str = "folder", now: Callable[[], datetime] = utc_now) -> None:
        self.name = name
        self._folder = folder
        self._now = now

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        """Put each file in its place; files that already hold the same bytes are left untouched."""
        paths = {self._folder / _plain(name): content for name, content in _ordered(files)}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            written = [path for path, content in paths.items() if put(path, content)]
        except OSError as error:
            raise TargetError(
                f"cannot write release {release.release_id} to {self._folder}: {error.strerror or error}; "
                "make room or give another folder"
            ) from error
        return Receipt(
            release_id=release.release_id,
            channel=self.name,
            status="sent" if written else "unchanged",
            at=self._now(),
            where=tuple(str(path) for path in paths),
            digest=files_digest(files),
        )


def files_of(release: Release, page: str, ledger: bytes) -> dict[str, bytes]:
    """The files of a release by name: `radar-2025-12-12.md`, `.html`, `.ledger.json` (`-hant` before the ending)."""
    return {
        f"{release.stem}.md": release.text.encode(),
        f"{release.stem}.html": page.encode(),
        f"{release.stem}.ledger.json": ledger,
    }


def files_digest(files: Mapping[str, bytes]) -> str:
    """One hash for a set of files, whatever their order."""
    told = "".join(f"{name}\0{hashlib.sha256(content).hexdigest()}\n" for name, content in sorted(files.items()))
    return hashlib.sha256(told.encode()).hexdigest()


def put(path: Path, content: bytes) -> bool:
    """Write a file so that a crash leaves the old one or the new one; False when it already was the new one."""
    if path.is_file() and path.read_bytes() == content:
        return False
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _ordered(files: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    return sorted(files.items(), key=lambda item: (item[0].endswith(".ledger.json"), item[0]))


def _plain(name: str) -> str:
    if not name or name.startswith(".") or Path(name).name != name or "\\" in name or "\0" in name:
        raise TargetError(f"{name!r} is not a plain file name; a release writes into its own folder only")
    return name
