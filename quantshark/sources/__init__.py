"""Files in, documents out: news, articles, transcripts, HTML pages, tables and our own earlier reports.

`read(path)` gives the documents of one file or raises SourceError; `read_all(paths)` takes files and folders of
.md .txt .html .htm .csv .json and goes on past what it cannot read: `Intake(documents, refusals)`, in a fixed order.
In a folder, hidden files, README/LICENSE files and our own ledgers are passed over; files of other kinds are listed in
`Intake.skipped`.

News and reports: Markdown under YAML front matter; the keys `title date id source url demo kind` are read, each as a
string. A bare `.md` or `.txt` is an article, a transcript (its header has 文件类型: …transcription) or a report of ours
(its links lead to …/News/{32 hex}).

Tables in CSV may begin with lines on themselves, `key: value` pairs set apart by `;`::

    # id: 0f3c…; title: 南向资金个股净买卖; date: 2025-12-11 16:45
    # source: 港交所; url: https://example.org/x; demo: true
    代码,名称,净买入(亿港元),日期
    00700,腾讯控股,-3.20,2025-12-11

`date` is when the table was published; the day its figures are about is a column. A value with `;` in it stands in
double quotes. The header names every column once, with its unit in brackets; an empty cell is "not known", never zero.
In JSON the same keys stand beside `rows` (objects, or lists under `columns`); an object with `text` is a document.

The id is the one a file brings, else 32 hex digits of its name, else a hash of its content. A date without a zone is
Asia/Shanghai. `Document.text` is what is left when hidden characters and page furniture are taken out, and every span
anywhere counts in it; what was taken out is in `Intake.removed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quantshark.model import Document
from quantshark.sources.raw import LIMITS, Limits
from quantshark.sources.refused import Refusal

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in, in order, and what did not: `refusals` with file, line and the way out, `skipped` unread."""

    documents: tuple[Document, ...]
    refusals: tuple[Refusal, ...] = ()
    skipped: tuple[str, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many hidden characters, by kind, model tokens (`token`) and lines of page furniture were taken out."""


def read(path: Path | str, limits: Limits = LIMITS) -> tuple[Document, ...]:
    """The documents of one file; raises SourceError."""
    return _intake().read(Path(path), limits)


def read_all(paths: Iterable[Path | str], on_progress: Progress | None = None, limits: Limits = LIMITS) -> Intake:
    """The documents of files and folders. `on_progress(done, total)` counts files."""
    return _intake().read_all([Path(path) for path in paths], on_progress, limits)


def _intake():
    # The readers bring PyYAML and nh3; `check` imports this package for `extract` alone and must stay light.
    from quantshark.sources import intake  # noqa: PLC0415

    return intake


__all__ = ["LIMITS", "Intake", "Limits", "Progress", "Refusal", "read", "read_all"]
