"""What we know, without what we did: for those who read the store and may release nothing, like the prompt lab."""

from __future__ import annotations

from quantshark.store.documents import Documents
from quantshark.store.library import Library


class Known(Documents, Library):
    """Documents with their facts, and how people want them read."""
