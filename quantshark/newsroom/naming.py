"""What people call things, and the codes and slugs that these may mean."""

from __future__ import annotations

from quantshark.data import load_measures
from quantshark.lexicon.names import Names


def entity_codes(told: str) -> tuple[str, ...]:
    """The codes that a code or name may mean; one that no registry knows is a name of the sources."""
    return Names.load().codes(told) or ((told,) if told.startswith("~") or "." in told else (f"~{told}",))


def measure_slugs(told: str) -> tuple[str, ...]:
    """The slugs that a slug or name may mean."""
    known = load_measures()
    if any(measure.slug == told for measure in known):
        return (told,)
    return tuple(measure.slug for measure in known if told in (measure.hans, *measure.names)) or (f"~{told}",)
