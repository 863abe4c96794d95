"""Writers make sections: by rule, by model, or by holding other writers that do."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from quantshark.context import Brief
from quantshark.model import Listener, Section


class Writer(Protocol):
    """Makes one section of its brief. Wrappers (repair, fallback) have the same one method as what they wrap."""

    def write(self, brief: Brief, listen: Listener) -> Awaitable[Section]: ...
