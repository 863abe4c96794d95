"""Values as JSON for `--json`: nouns become objects, decimals strings, days ISO dates. Standard library only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, cast


def plain(value: object) -> object:
    """`value` in the types that JSON knows."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return value.as_posix()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in cast(Mapping[object, object], value).items()}
    if isinstance(value, tuple) and hasattr(cast(object, value), "_asdict"):
        return plain(cast(NamedTuple, value)._asdict())
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(item) for item in cast(Iterable[object], value)]
    raise TypeError(f"{type(value).__name__} has no JSON form; give `plain` a noun or a plain value")


def as_json(value: object) -> str:
    """Indented, with Chinese as it is."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2)
