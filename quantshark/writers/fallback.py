"""A writer that holds writers: the first that can write the section writes it.

Each model's section has passed its own repair and check before it comes here; the last writer is the rules', which
cannot fail. The section says who wrote it, and its note why the earlier ones did not.
"""

from __future__ import annotations

from dataclasses import replace

from quantshark.context import Brief
from quantshark.errors import WriterError
from quantshark.model import Event, Listener, Section
from quantshark.writers import Writer


class FallbackWriter:
    """Tries its writers in order. Raises WriterError where the last one does."""

    def __init__(self, *writers: Writer) -> None:
        if not writers:
            raise ValueError("a fallback needs at least one writer")
        self.writers = writers

    async def write(self, brief: Brief, listen: Listener) -> Section:
        failed: list[str] = []
        for writer in self.writers[:-1]:
            try:
                return _noted(await writer.write(brief, listen), failed)
            except WriterError as error:
                failed.append(error.told)
                listen(Event("fell_back", brief.slug, {"why": error.told}))
        return _noted(await self.writers[-1].write(brief, listen), failed)


def _noted(section: Section, failed: list[str]) -> Section:
    return replace(section, note="; ".join([*filter(None, [section.note]), *failed])) if failed else section
