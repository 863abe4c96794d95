"""The way in: which files, in which order, by which reader, and what becomes of those that cannot be read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quantshark.errors import SourceError
from quantshark.model import Document
from quantshark.sources import Intake, Progress, article, json_file, news, page, report, table_csv, transcript
from quantshark.sources.raw import LIMITS, Limits, RawText, open_text
from quantshark.sources.refused import Refusal, refusal_of, refused

Reader = Callable[[RawText], tuple[Document, ...]]

LEDGER = ".ledger.json"
# They speak of a folder, not of the market.
ABOUT_FOLDER = frozenset({"readme", "license", "licence", "notice", "changelog"})


def read(path: Path, limits: Limits = LIMITS) -> tuple[Document, ...]:
    return _read(path, limits)[0]


def read_all(paths: Iterable[Path], on_progress: Progress | None = None, limits: Limits = LIMITS) -> Intake:
    tray = _Tray()
    files = _files(paths, tray)
    for done, path in enumerate(files, start=1):
        try:
            tray.take(str(path), *_read(path, limits))
        except SourceError as error:
            tray.refusals.append(refusal_of(error))
        if on_progress is not None:
            on_progress(done, len(files))
    return tray.intake()


def _read(path: Path, limits: Limits) -> tuple[tuple[Document, ...], Mapping[str, int]]:
    reader = SUFFIXES.get(path.suffix.lower())
    if reader is None and path.is_file():
        raise refused("suffix", str(path), suffix=path.suffix)
    raw = open_text(path, limits)
    return (reader or _prose)(raw), raw.removed


def _prose(raw: RawText) -> tuple[Document, ...]:
    """Markdown and plain text say by their first lines what they are."""
    for reader in (transcript, news, report):
        if reader.recognises(raw):
            return reader.read(raw)
    return article.read(raw)


SUFFIXES: Mapping[str, Reader] = {
    ".md": _prose,
    ".txt": _prose,
    ".html": page.read,
    ".htm": page.read,
    ".csv": table_csv.read,
    ".json": json_file.read,
}


@dataclass(slots=True)
class _Tray:
    """What has come in so far. An id stands for one content: who brings it again with another one is refused."""

    documents: dict[str, tuple[Document, str]] = field(default_factory=dict[str, tuple[Document, str]])
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    skipped: list[str] = field(default_factory=list[str])
    removed: Counter[str] = field(default_factory=Counter[str])

    def take(self, name: str, documents: tuple[Document, ...], removed: Mapping[str, int]) -> None:
        """All documents of a file, or none of them."""
        brought: dict[str, tuple[Document, str]] = {}
        for document in documents:
            known, first = self.documents.get(document.doc_id) or brought.setdefault(document.doc_id, (document, name))
            if known != document:
                raise refused("same_id", name, value=document.doc_id, other=first)
        for doc_id, item in brought.items():
            self.documents.setdefault(doc_id, item)
        self.removed.update(removed)

    def shut(self, error: OSError) -> None:
        """A folder that does not open is a refusal; `os.walk` alone would pass over it in silence."""
        self.refusals.append(refusal_of(refused("unreadable", str(error.filename), why=str(error.strerror))))

    def intake(self) -> Intake:
        documents = tuple(document for document, _ in self.documents.values())
        return Intake(documents, tuple(self.refusals), tuple(self.skipped), dict(+self.removed))


def _files(paths: Iterable[Path], tray: _Tray) -> list[Path]:
    """Every file once, folders in the order of their paths."""
    found: dict[str, Path] = {}
    for path in paths:
        for file in _below(path, tray) if path.is_dir() else (path,):
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _below(folder: Path, tray: _Tray) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, onerror=tray.shut):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or name.endswith(LEDGER) or path.stem.lower() in ABOUT_FOLDER:
                continue
            if path.suffix.lower() in SUFFIXES:
                yield path
            else:
                tray.skipped.append(str(path))
