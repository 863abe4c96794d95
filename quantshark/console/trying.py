"""A section as it would be if it were saved: printed and judged, and nothing kept. For the preview while somebody types."""

from __future__ import annotations

from dataclasses import replace

from quantshark.model import Event
from quantshark.newsroom import drafting, mending
from quantshark.newsroom.room import Reread


def tried(reread: Reread, section: str, text: str, site_url: str) -> Reread:
    """The draft with another text for a section. Raises EditError where it could not be saved."""
    judged = reread.judged
    draft = mending.mended(reread.saved.draft, section, text, judged.context)
    sheet = drafting.printed(draft, judged.context.edition, site_url, reread.printed.revision, draft.notice)
    return replace(reread, judged=drafting.judged(draft, sheet, judged.context, judged.evidence, _unheard))


def _unheard(_event: Event) -> None:
    """Nobody follows a preview."""
