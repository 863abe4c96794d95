"""What the words mean: concepts.yaml, the reviewed base of lessons and of the glossary check, ours then the user's."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import cast

from quantshark.data.files import (
    HERE,
    Entry,
    Stamp,
    merge_by_slug,
    only_fields,
    stamp,
    string,
    strings,
    user_stamp,
    yaml_of,
)
from quantshark.errors import DataError
from quantshark.model import Concept, Contradiction


def load_concepts(user: Path | None = None) -> tuple[Concept, ...]:
    """A user's entry with a known slug replaces the fields it names; a new slug is a new concept."""
    return _concepts(stamp(HERE / "concepts.yaml"), user_stamp(user, "concepts.yaml"))


@lru_cache(maxsize=8)
def _concepts(ours: Stamp, theirs: Stamp | None) -> tuple[Concept, ...]:
    known: dict[str, dict[str, object]] = {}
    for given in (ours, theirs):
        if given is not None:
            merge_by_slug(known, yaml_of(given[0]), given[0])
    return tuple(_concept(slug, entry, (theirs or ours)[0]) for slug, entry in known.items())


def _concept(slug: str, entry: Entry, path: str) -> Concept:
    where = f"{path}: concept {slug!r}"
    only_fields(Concept, entry, where, path)
    level = entry.get("level")
    if level not in (1, 2, 3):
        raise DataError(
            f"{where}: level is {level!r}; write 1 (first steps), 2 or 3 (for the trade)", file=path, value=level
        )
    return Concept(
        slug=slug,
        hans=string(entry, "hans", where, path),
        level=level,
        definition=string(entry, "definition", where, path),
        why=string(entry, "why", where, path),
        misreading=string(entry, "misreading", where, path),
        example=string(entry, "example", where, path),
        source=string(entry, "source", where, path),
        names=strings(entry, "names", where, path),
        measures=strings(entry, "measures", where, path),
        contradicts=_contradictions(entry, where, path),
    )


def _contradictions(entry: Entry, where: str, path: str) -> tuple[Contradiction, ...]:
    value: object = entry.get("contradicts", list[object]())
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in cast("list[object]", value)):
        raise DataError(
            f"{where}: contradicts is {value!r:.80}; write a list of pattern and message",
            file=path,
            value="contradicts",
        )
    return tuple(_contradiction(item, f"{where}: contradicts", path) for item in cast("list[dict[str, object]]", value))


def _contradiction(item: Entry, where: str, path: str) -> Contradiction:
    only_fields(Contradiction, item, where, path)
    pattern = string(item, "pattern", where, path)
    try:
        re.compile(pattern)
    except re.error as problem:
        raise DataError(
            f"{where}: pattern {pattern!r} does not compile ({problem})", file=path, value=pattern
        ) from problem
    return Contradiction(pattern=pattern, message=string(item, "message", where, path))
