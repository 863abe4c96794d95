"""QuantShark (量子鲨鱼): Chinese market reports whose every figure is proved.

The face: `find_figures` reads the figures of a text, `check` holds a report against its sources. Both use the standard
library alone. `Newsroom` has the verbs of the house. The rooms behind these names are imported at their first use,
because every command starts here and `--help` must be there at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from quantshark.model import Document, Figure

if TYPE_CHECKING:
    from quantshark.checks import CheckResult
    from quantshark.newsroom import Newsroom

__all__ = ["CheckResult", "Document", "Newsroom", "check", "find_figures"]


def find_figures(text: str) -> list[Figure]:
    """The figures of a text in reading order; spans are code points of `text` as given."""
    return _reader()(text)


@cache
def _reader() -> Callable[[str], list[Figure]]:
    """The reader, loaded when it is first asked: the face stays light."""
    from quantshark.lexicon.figures import find_figures  # noqa: PLC0415

    return find_figures


def check(report: str, sources: Iterable[Document], as_of: date | None = None) -> CheckResult:
    """A verdict for every figure of a report, by the sources alone: no set-up, no store, no network.

    `as_of` is the day the report speaks of; it defaults to the date in its front matter, then to the newest source's.
    """
    from quantshark.checks import Evidence, judge  # noqa: PLC0415

    return judge(report, Evidence(sources), as_of=as_of)


def __getattr__(name: str) -> object:
    if name == "CheckResult":
        from quantshark.checks import CheckResult  # noqa: PLC0415

        return CheckResult
    if name == "Newsroom":
        from quantshark.newsroom import Newsroom  # noqa: PLC0415

        return Newsroom
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
