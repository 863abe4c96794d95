"""Read the registries' files: bytes to text to rows and objects, with a `DataError` that names file, line and value.

Nothing here knows what an entity or a concept is. A file is kept by path, time and size, so that a desk that runs for
months sees what an editor changed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, cast

from quantshark.errors import DataError

HERE = Path(__file__).parent

Stamp = tuple[str, int, int]


class _Chosen:
    """The user's folder for the whole process; see `use`."""

    folder: Path | None = None


def use(folder: Path | None) -> None:
    """Read the user's own files from `folder` wherever a loader is given none; None goes back to ours alone.

    The composition root says it once, from the settings: registries are needed in rooms that know no settings.
    """
    _Chosen.folder = folder


Entry = Mapping[str, object]


def stamp(path: Path) -> Stamp:
    """What a file is kept by: path, time of change, size."""
    try:
        state = path.stat()
    except OSError as problem:
        raise DataError(
            f"{path} cannot be read ({problem.strerror}); reinstall quantshark", file=str(path)
        ) from problem
    return str(path), state.st_mtime_ns, state.st_size


def user_stamp(given: Path | None, name: str) -> Stamp | None:
    """None where the user added nothing; a folder that is a file is a mistake worth telling."""
    folder = _Chosen.folder if given is None else given
    if folder is None:
        return None
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; the user's data is a folder that holds {name}", file=str(folder))
    path = folder / name
    return stamp(path) if path.is_file() else None


def text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DataError(f"{path} is not UTF-8 (byte {problem.start}); save it as UTF-8", file=path) from problem


def rows_of(path: str, header: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV with exactly this header, each with its line; lines that begin with # are remarks."""
    reader = csv.reader(text_of(path).splitlines())
    found = tuple(cell.strip() for cell in next(reader, list[str]()))
    if found != header:
        raise DataError(
            f"{path}:1: the header is {','.join(found)!r}; it must be {','.join(header)!r}", file=path, line=1
        )
    for cells in reader:
        if not cells or cells[0].lstrip().startswith("#"):
            continue
        if len(cells) != len(header):
            raise DataError(
                f"{path}:{reader.line_num}: {len(cells)} cells in {','.join(cells)!r}; "
                f"a row has {len(header)}, and a comma inside a cell needs quotes around the cell",
                file=path,
                line=reader.line_num,
            )
        yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))


def json_of(path: str) -> object:
    try:
        return json.loads(text_of(path))
    except json.JSONDecodeError as problem:
        raise DataError(
            f"{path}:{problem.lineno}: {problem.msg} (column {problem.colno}); mend the JSON",
            file=path,
            line=problem.lineno,
        ) from problem


def yaml_of(path: str) -> object:
    import yaml  # noqa: PLC0415  heavy beside csv and json, and only lessons and the glossary read YAML here

    try:
        return cast("object", yaml.load(text_of(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        raise DataError(f"{path}:{line}: {problem}; mend the YAML", file=path, line=line) from problem


def merge_by_slug(known: dict[str, dict[str, object]], loaded: object, path: str) -> None:
    """Lay a list of objects over what is known: a known slug changes the fields it names, a new one is added."""
    seen: set[str] = set()
    for entry in _objects(path, loaded):
        slug = cast("str", entry["slug"])
        if slug in seen:
            raise DataError(f"{path}: slug {slug!r} occurs twice; keep one entry", file=path, value=slug)
        seen.add(slug)
        known[slug] = {**known.get(slug, {}), **entry}


def _objects(path: str, loaded: object) -> list[dict[str, object]]:
    if not isinstance(loaded, list):
        raise DataError(f"{path}: holds a {type(loaded).__name__}; it must be a list of objects", file=path)
    for place, entry in enumerate(cast("list[object]", loaded), 1):
        if not isinstance(entry, dict) or not isinstance(cast("dict[str, object]", entry).get("slug"), str):
            raise DataError(
                f"{path}: entry {place} is {entry!r:.80}; it must be an object with a slug", file=path, value=place
            )
    return cast("list[dict[str, object]]", loaded)


def only_fields(noun: type[Any], entry: Entry, where: str, path: str) -> None:  # any dataclass will do
    """Refuse a field that the noun does not have: a misspelt name must not be lost in silence."""
    allowed = {field.name for field in fields(noun)}
    unknown = entry.keys() - allowed
    if unknown:
        raise DataError(
            f"{where} has the field {spell(unknown)}; it may have {spell(allowed)}", file=path, value=min(unknown)
        )


def string(entry: Entry, name: str, where: str, path: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: {name} is {value!r}; write a text", file=path, value=value)
    return value.strip()


def strings(entry: Entry, name: str, where: str, path: str) -> tuple[str, ...]:
    value: object = entry.get(name, list[str]())
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise DataError(f"{where}: {name} is {value!r:.80}; write a list of texts", file=path, value=name)
    return tuple(cast("list[str]", value))


def day_of(value: object, where: str, path: str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(cast("str", value))
    except (TypeError, ValueError) as problem:
        raise DataError(f"{where}: {value!r} is no day; write 2024-08-19", file=path, value=value) from problem


def spell(values: Iterable[str]) -> str:
    """A list for a message."""
    return ", ".join(sorted(value for value in values if value))
