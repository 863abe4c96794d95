"""Edition files to editions: shared banks first, the edition's own on top, every key known."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from quantshark.editions.coherent import problems
from quantshark.editions.nouns import Edition, listed
from quantshark.errors import EditionError

PACKAGE = Path(__file__).parent.parent
ROOTS = (PACKAGE / "prompts", PACKAGE.parent / "prompts")
"""Where the prompts ship: inside the wheel, else beside the package in a checkout."""


def roots(folder: Path | None = None) -> Path:
    """The folder that holds `<edition>/edition.yaml`: the one given, else the one that ships."""
    if folder is not None:
        return folder
    for root in ROOTS:
        if root.is_dir():
            return root
    raise EditionError(f"no prompts folder at {listed(map(str, ROOTS))}; reinstall, or set QUANTSHARK_PROMPTS_DIR")


def slugs(folder: Path | None = None) -> tuple[str, ...]:
    """Which editions there are."""
    return tuple(sorted(path.parent.name for path in roots(folder).glob("*/edition.yaml")))


def load(slug: str, folder: Path | None = None) -> Edition:
    """The edition `slug`. Raises EditionError that names file, key and the way out."""
    root = roots(folder)
    path = root / slug / "edition.yaml"
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", slug) or not path.is_file():
        known = slugs(folder)
        close = difflib.get_close_matches(slug, known, 1)
        meant = f"是不是 {close[0]}？" if close else ""
        raise EditionError(
            f"no edition {slug!r} in {root}; there are {listed(known) or 'none'}",
            slug=slug,
            notice=f"没有叫“{slug}”的报告。{meant}现有：{'、'.join(known) or '无'}（提示词文件夹 {root}）",
        )
    shared = [*_shared(root), *sorted(p for p in path.parent.glob("*.yaml") if p != path)]
    files = (*shared, path)
    return _read(files, _digest(files))


@lru_cache(maxsize=256)
def _read(files: tuple[Path, ...], digest: str) -> Edition:
    """The edition of these files as they are: the last holds it, the others its banks. Read once as long as none changes."""
    path = files[-1]
    merged: dict[str, Any] = {}  # YAML as it comes; Edition reads it below
    for file in files:
        _merge(merged, _mapping(file), file, is_edition=file == path)
    merged["folder"], merged["digest"] = path.parent, digest
    edition = _validated(merged, path, files)
    if edition.slug != path.parent.name:
        raise EditionError(
            f"{path}: slug is {edition.slug!r} but the folder is {path.parent.name!r}; make them the same", key="slug"
        )
    for problem in problems(edition):
        raise EditionError(f"{path}: {problem}", file=str(path))
    edition.in_order()
    return edition


def _shared(root: Path) -> list[Path]:
    """The shared phrase banks: of this folder, else of ours, so that a user's folder need not copy them."""
    here = sorted((root / "shared").glob("*.yaml"))
    if here:
        return here
    ours = next((r for r in ROOTS if r.is_dir()), root)
    return sorted((ours / "shared").glob("*.yaml"))


BANKS = ("cues", "lines", "topics", "phrases", "tones", "home", "abroad", "distant", "dull")


def _merge(merged: dict[str, Any], found: dict[str, Any], file: Path, *, is_edition: bool) -> None:
    stray = set(found) - set(BANKS)
    if stray and not is_edition:
        raise EditionError(f"{file}: unknown key {listed(stray)}; a phrase bank holds {listed(BANKS)}", key=min(stray))
    for key, value in found.items():
        if key in ("cues", "phrases", "tones"):
            merged[key] = {**merged.get(key, {}), **_typed(value, dict, file, key)}
        elif key in ("lines", "topics"):
            merged[key] = _by_name([*merged.get(key, []), *_typed(value, list, file, key)], file, key)
        else:
            merged[key] = value


def _by_name(rows: list[Any], file: Path, key: str) -> list[Any]:
    """Later rows of the same name take the place of earlier ones."""
    name = "id" if key == "lines" else "slug"
    kept: dict[str, Any] = {}
    for row in rows:
        label = cast("dict[str, Any]", row).get(name) if isinstance(row, dict) else None
        if not isinstance(label, str):
            raise EditionError(
                f"{file}: an entry of {key} has no {name}: {str(cast('object', row))[:60]!r}; add one", key=key
            )
        kept[label] = row
    return list(kept.values())


def _typed(value: Any, kind: type, file: Path, key: str) -> Any:
    if not isinstance(value, kind):
        raise EditionError(f"{file}: {key} is {type(value).__name__}; it must be a {kind.__name__}", key=key)
    return value


# libyaml reads ten times faster; a build of PyYAML without it reads the same.
_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """Safe YAML in which a key may stand once (a second `lines:` would silently hide the first), and `on` is a word."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - theirs, without YAML 1.1's yes, no, on and off
        first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        found: object = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise EditionError(
            f"{path} is not YAML in UTF-8: {' '.join(str(problem).split())}", file=str(path)
        ) from problem
    if not isinstance(found, dict):
        raise EditionError(f"{path} holds no mapping; start with `slug: …`", file=str(path))
    return cast("dict[str, Any]", found)


def _digest(files: Iterable[Path]) -> str:
    text = hashlib.sha256()
    for file in files:
        text.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return text.hexdigest()


def _validated(merged: dict[str, Any], path: Path, files: Iterable[Path]) -> Edition:
    try:
        return Edition.model_validate(merged)
    except ValidationError as problem:
        first = problem.errors()[0]
        loc = first["loc"]
        name = _name_at(merged, loc)
        file = next((f for f in files if name and name in f.read_text(encoding="utf-8")), path)
        key = ".".join([str(loc[0]), name, *map(str, loc[2:])] if name else map(str, loc))
        more = f" (and {problem.error_count() - 1} more)" if problem.error_count() > 1 else ""
        raise EditionError(
            f"{file}: {key}: {first['msg']}, got {str(first.get('input'))[:60]!r}{more}; see quantshark.editions.Edition for the keys",
            file=str(file),
            key=key,
        ) from problem


def _name_at(merged: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """The name of the bank's entry (or section) in which a value does not fit; its number says little to an editor."""
    if len(loc) < 2:
        return ""
    if isinstance(loc[1], str):
        return loc[1] if loc[0] in BANKS else ""
    entry = merged[str(loc[0])][loc[1]]
    named = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    return str(named.get("id") or named.get("slug") or named.get("name") or "")
