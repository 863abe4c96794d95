"""QuantShark (量子鲨鱼): Chinese market reports whose every figure is proved.

The face: `find_figures` reads the figures of a text, `check` holds a report against its sources. Both use the standard
library alone; the rest of the house is imported by its own rooms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from quantshark.checks import CheckResult, Evidence, judge
from quantshark.lexicon.figures import find_figures
from quantshark.model import Document

__all__ = ["CheckResult", "Document", "check", "find_figures"]


def check(report: str, sources: Iterable[Document], as_of: date | None = None) -> CheckResult:
    """A verdict for every figure of a report, by the sources alone: no set-up, no store, no network.

    `as_of` is the day the report speaks of; it defaults to the date in its front matter, then to the newest source's.
    """
    return judge(report, Evidence(sources), as_of=as_of)
