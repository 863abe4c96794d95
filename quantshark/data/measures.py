"""What can be measured: measures.json, a list of objects with the fields of `Measure`, ours then the user's."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from quantshark.data.files import (
    HERE,
    Entry,
    Stamp,
    day_of,
    json_of,
    merge_by_slug,
    only_fields,
    stamp,
    string,
    strings,
    user_stamp,
)
from quantshark.errors import DataError
from quantshark.model import Measure


def load_measures(user: Path | None = None) -> tuple[Measure, ...]:
    """A user's object with a known slug replaces the fields it names; a new slug is a new measure."""
    return _measures(stamp(HERE / "measures.json"), user_stamp(user, "measures.json"))


@lru_cache(maxsize=8)
def _measures(ours: Stamp, theirs: Stamp | None) -> tuple[Measure, ...]:
    known: dict[str, dict[str, object]] = {}
    for given in (ours, theirs):
        if given is not None:
            merge_by_slug(known, json_of(given[0]), given[0])
    return tuple(_measure(slug, entry, (theirs or ours)[0]) for slug, entry in known.items())


def _measure(slug: str, entry: Entry, path: str) -> Measure:
    where = f"{path}: measure {slug!r}"
    only_fields(Measure, entry, where, path)
    signed = entry.get("signed", False)
    if not isinstance(signed, bool):
        raise DataError(f"{where}: signed is {signed!r}; write true or false", file=path, value=signed)
    retired = entry.get("retired_on")
    return Measure(
        slug=slug,
        hans=string(entry, "hans", where, path),
        unit_kind=string(entry, "unit_kind", where, path),
        names=strings(entry, "names", where, path),
        up=strings(entry, "up", where, path),
        down=strings(entry, "down", where, path),
        signed=signed,
        entity_kinds=strings(entry, "entity_kinds", where, path),
        retired_on=None if retired is None else day_of(retired, where, path),
        retired_for=strings(entry, "retired_for", where, path),
    )
