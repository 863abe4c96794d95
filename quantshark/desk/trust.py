"""What an edition has earned: releases in a row that a person approved with no figure changed, since the last correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from quantshark.desk.policy import Trust
from quantshark.lexicon.figures import find_figures
from quantshark.model import Release
from quantshark.store import SavedDraft, Store

FAR_ENOUGH = 200
"""So many releases that nobody had to approve may lie among those that count."""


def earned(store: Store, edition: str, enough: int) -> Trust:
    """Counted up to `enough`, newest first: what went out without a person's approval neither counts nor breaks the row."""
    approved = 0
    for release in store.releases(edition, limit=FAR_ENOUGH + enough):
        history = store.drafts(edition, release.day, 50, release.script)
        made = [saved for saved in history if saved.text == release.text]
        if store.withdrawn(release.release_id) or any(saved.draft.corrects for saved in made):
            return Trust(approved, corrected=True)
        if not any(store.approvals(saved.draft_id) for saved in made):
            continue
        if _edited(history, release):
            return Trust(approved)
        approved += 1
        if approved == enough:
            break
    return Trust(approved)


def _edited(history: Sequence[SavedDraft], release: Release) -> bool:
    """Does what was approved hold other figures than what was first written? `history` is newest first."""
    return _figures(history[-1].text) != _figures(release.text)


def _figures(text: str) -> Counter[str]:
    return Counter(figure.surface for figure in find_figures(text))
