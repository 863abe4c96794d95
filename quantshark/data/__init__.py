"""Registries as files: who is written about, what is measured, what the words mean, when the markets are open.

The files lie beside this module and ship in the package; README.md here says how users add their own. A `user` folder
with files of the same names extends ours: a row with a known code or slug changes that row, a new one is added.
What does not fit is a `DataError` with file, line, value and the way out; nothing is skipped, guessed or repaired.
Importing this costs next to nothing: files are read at the first call and kept until they change, YAML only for
concepts. Names are simplified Chinese with the traditional form beside them.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import cast

from quantshark.errors import DataError
from quantshark.model import Concept, Contradiction, Entity, Measure

HERE = Path(__file__).parent

ENTITY_KINDS = frozenset(
    {"company", "index", "channel", "market", "commodity", "currency", "rate", "institution", "fund", "sector"}
)
MARKETS = frozenset({"HK", "SH", "SZ", "BJ", "CN", "US", "JP", "KR", "TW", "SG", "GB", "EU", "IN", "CA", "XX", ""})
HEADER = ("code", "kind", "market", "hans", "hant", "english", "aliases", "share_class", "currency", "indices")

# Hong Kong codes have four digits with zeros in front, five only from 10000 on; the other exchanges have six.
_CODE = re.compile(
    r"(?:0\d{3}|[1-9]\d{3,4})\.HK|\d{6}\.(?:SH|SZ|BJ)|[A-Z][A-Z.]{0,5}\.US|\d{4}\.(?:T|TW)|\d{6}\.KS|[A-Z0-9]{1,6}\.(?:L|PA|AS|DE|SW|CO|MI)"
    r"|(?:IDX|FLOW|MKT|CMD|FX|RATE|ORG|CO|SEC)\.[A-Z0-9]+(?:\.[A-Z0-9]+)?"
)
_EXCHANGE_OF = {"HK": "HK", "SH": "SH", "SZ": "SZ", "BJ": "BJ", "US": "US", "T": "JP", "TW": "TW", "KS": "KR"}

Stamp = tuple[str, int, int]


def load_entities(user: Path | None = None) -> tuple[Entity, ...]:
    """Companies, indices, channels, markets, commodities, currencies, rates and institutions, ours then the user's.

    A user's row may leave cells empty that it does not change; its aliases and indices are added to ours, and `!小米`
    takes one away. Two entities may share a name only as share-class twins (A and H of one company).
    """
    return _entities(_stamp(HERE / "entities.csv"), _user_stamp(user, "entities.csv"))


def load_measures(user: Path | None = None) -> tuple[Measure, ...]:
    """What can be measured, ours then the user's; a user's object with a known slug replaces the fields it names."""
    return _measures(_stamp(HERE / "measures.json"), _user_stamp(user, "measures.json"))


def load_concepts(user: Path | None = None) -> tuple[Concept, ...]:
    """The reviewed concept base, ours then the user's; a user's entry with a known slug replaces the fields it names."""
    return _concepts(_stamp(HERE / "concepts.yaml"), _user_stamp(user, "concepts.yaml"))


def load_traps(user: Path | None = None) -> tuple[str, ...]:
    """Longer words in which a short name hides (北京东, 报道指): whoever looks for names skips these whole."""
    return _traps(_stamp(HERE / "traps.txt"), _user_stamp(user, "traps.txt"))


# Files are kept by path, time and size: a desk that runs for months sees a file that an editor changed.


def _stamp(path: Path) -> Stamp:
    try:
        state = path.stat()
    except OSError as problem:
        raise DataError(
            f"{path} cannot be read ({problem.strerror}); reinstall quantshark", file=str(path)
        ) from problem
    return str(path), state.st_mtime_ns, state.st_size


def _user_stamp(folder: Path | None, name: str) -> Stamp | None:
    """None where the user added nothing; a folder that is a file is a mistake worth telling."""
    if folder is None:
        return None
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; the user's data is a folder that holds {name}", file=str(folder))
    path = folder / name
    return _stamp(path) if path.is_file() else None


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DataError(f"{path} is not UTF-8 (byte {problem.start}); save it as UTF-8", file=path) from problem


# Entities


@lru_cache(maxsize=8)
def _entities(ours: Stamp, theirs: Stamp | None) -> tuple[Entity, ...]:
    entities: dict[str, Entity] = {}
    for line, row in _rows(ours[0]):
        _new_code(entities, row["code"], ours[0], line)
        entities[row["code"]] = _entity(row, ours[0], line)
    if theirs is not None:
        _extend(entities, theirs[0])
    return tuple(entities.values())


def _extend(entities: dict[str, Entity], path: str) -> None:
    seen: dict[str, Entity] = {}
    for line, row in _rows(path):
        code = row["code"]
        _new_code(seen, code, path, line)
        known = entities.get(code)
        entity = _entity(row, path, line) if known is None else _changed(known, row, path, line)
        seen[code] = entities[code] = entity
    for code in seen:
        _names_are_free(entities, code, path)


def _rows(path: str) -> Iterable[tuple[int, dict[str, str]]]:
    reader = csv.reader(_text(path).splitlines())
    header = tuple(cell.strip() for cell in next(reader, list[str]()))
    if header != HEADER:
        raise DataError(
            f"{path}:1: the header is {','.join(header)!r}; it must be {','.join(HEADER)!r}", file=path, line=1
        )
    for cells in reader:
        if not cells or cells[0].lstrip().startswith("#"):
            continue
        if len(cells) != len(HEADER):
            raise DataError(
                f"{path}:{reader.line_num}: {len(cells)} cells in {','.join(cells)!r}; "
                f"a row has {len(HEADER)}, and a comma inside a cell needs quotes around the cell",
                file=path,
                line=reader.line_num,
            )
        yield reader.line_num, dict(zip(HEADER, (cell.strip() for cell in cells), strict=True))


def _new_code(known: Mapping[str, Entity], code: str, path: str, line: int) -> None:
    if code in known:
        raise DataError(f"{path}:{line}: code {code!r} occurs twice; keep one row", file=path, line=line, value=code)


def _entity(row: Mapping[str, str], path: str, line: int) -> Entity:
    _fits(row, path, line)
    if not row["hans"]:
        raise DataError(f"{path}:{line}: {row['code']} has no name; fill the column hans", file=path, line=line)
    return Entity(
        code=row["code"],
        kind=row["kind"],
        market=row["market"],
        hans=row["hans"],
        hant=row["hant"],
        english=row["english"],
        aliases=_parts(row["aliases"]),
        share_class=row["share_class"],
        currency=row["currency"],
        indices=_parts(row["indices"]),
    )


def _changed(known: Entity, row: Mapping[str, str], path: str, line: int) -> Entity:
    filled = {**row, "kind": row["kind"] or known.kind, "market": row["market"] or known.market}
    _fits(filled, path, line)
    plain = {name: value for name, value in row.items() if value and name not in ("code", "aliases", "indices")}
    return replace(
        known,
        **plain,
        aliases=_merged(known.aliases, _parts(row["aliases"])),
        indices=_merged(known.indices, _parts(row["indices"])),
    )


def _fits(row: Mapping[str, str], path: str, line: int) -> None:
    code, kind, market = row["code"], row["kind"], row["market"]
    if not _CODE.fullmatch(code):
        raise DataError(
            f"{path}:{line}: code {code!r} has no form we know; write 0700.HK, 600519.SH, AAPL.US, IDX.HSI, CMD.WTI, "
            "or CO.NAME for a company without a listing",
            file=path,
            line=line,
            value=code,
        )
    if kind not in ENTITY_KINDS:
        raise DataError(
            f"{path}:{line}: kind {kind!r} of {code}; use one of {_list(ENTITY_KINDS)}", file=path, line=line
        )
    if market not in MARKETS:
        raise DataError(
            f"{path}:{line}: market {market!r} of {code}; use one of {_list(MARKETS)}", file=path, line=line
        )
    home = _EXCHANGE_OF.get(code.rpartition(".")[2]) if code[:1].isdigit() or code.endswith(".US") else None
    if home is not None and market != home:
        raise DataError(f"{path}:{line}: {code} cannot have market {market!r}; write {home}", file=path, line=line)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in cell.split(";")) if part)


def _merged(known: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    gone = {part[1:] for part in added if part.startswith("!")}
    plus = [part for part in added if not part.startswith("!") and part not in known]
    return (*(part for part in known if part not in gone), *plus)


def names_of(entity: Entity) -> tuple[str, ...]:
    """Every name an entity claims, longest first, each once."""
    return tuple(
        sorted({name for name in (entity.hans, entity.hant, *entity.aliases) if name}, key=lambda n: (-len(n), n))
    )


def are_twins(one: Entity, other: Entity) -> bool:
    """Two listings of one company: same kind, different share class (or exchange), so they may share names."""
    return one.kind == other.kind == "company" and one.share_class != other.share_class and one.market != other.market


def _names_are_free(entities: Mapping[str, Entity], code: str, path: str) -> None:
    mine = entities[code]
    names = set(names_of(mine))
    for other in entities.values():
        taken = names.intersection(names_of(other)) if other.code != code else set[str]()
        if taken and not are_twins(mine, other):
            raise DataError(
                f"{path}: {code} claims the name {_list(taken)} of {other.code} ({other.hans}); "
                f"drop it here, or take it from {other.code} with a row whose aliases say !{min(taken)}",
                file=path,
                value=code,
            )


@lru_cache(maxsize=8)
def _traps(ours: Stamp, theirs: Stamp | None) -> tuple[str, ...]:
    lines = (line.strip() for stamp in (ours, theirs) if stamp is not None for line in _text(stamp[0]).splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


# Measures


@lru_cache(maxsize=8)
def _measures(ours: Stamp, theirs: Stamp | None) -> tuple[Measure, ...]:
    known: dict[str, dict[str, object]] = {}
    for stamp in (ours, theirs):
        if stamp is not None:
            _merge_by_slug(known, _objects(stamp[0], _json(stamp[0])), stamp[0])
    return tuple(_measure(slug, entry, (theirs or ours)[0]) for slug, entry in known.items())


def _json(path: str) -> object:
    try:
        return json.loads(_text(path))
    except json.JSONDecodeError as problem:
        raise DataError(
            f"{path}:{problem.lineno}: {problem.msg} (column {problem.colno}); mend the JSON",
            file=path,
            line=problem.lineno,
        ) from problem


def _objects(path: str, loaded: object) -> list[dict[str, object]]:
    if not isinstance(loaded, list):
        raise DataError(f"{path}: holds a {type(loaded).__name__}; it must be a list of objects", file=path)
    entries = cast("list[object]", loaded)
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not isinstance(cast("dict[str, object]", entry).get("slug"), str):
            raise DataError(
                f"{path}: entry {place} is {entry!r:.80}; it must be an object with a slug", file=path, value=place
            )
    return cast("list[dict[str, object]]", entries)


def _merge_by_slug(known: dict[str, dict[str, object]], entries: list[dict[str, object]], path: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        slug = cast("str", entry["slug"])
        if slug in seen:
            raise DataError(f"{path}: slug {slug!r} occurs twice; keep one entry", file=path, value=slug)
        seen.add(slug)
        known[slug] = {**known.get(slug, {}), **entry}


def _measure(slug: str, entry: Mapping[str, object], path: str) -> Measure:
    _only_fields(Measure, entry, f"{path}: measure {slug!r}", path)
    where = f"{path}: measure {slug!r}"
    signed = entry.get("signed", False)
    if not isinstance(signed, bool):
        raise DataError(f"{where}: signed is {signed!r}; write true or false", file=path, value=signed)
    return Measure(
        slug=slug,
        hans=_string(entry, "hans", where, path),
        unit_kind=_string(entry, "unit_kind", where, path),
        names=_strings(entry, "names", where, path),
        up=_strings(entry, "up", where, path),
        down=_strings(entry, "down", where, path),
        signed=signed,
        entity_kinds=_strings(entry, "entity_kinds", where, path),
        retired_on=_day(entry.get("retired_on"), where, path),
        retired_for=_strings(entry, "retired_for", where, path),
    )


def _only_fields(
    noun: type[Measure | Concept | Contradiction], entry: Mapping[str, object], where: str, path: str
) -> None:
    allowed = {field.name for field in fields(noun)}
    unknown = entry.keys() - allowed
    if unknown:
        raise DataError(
            f"{where} has the field {_list(unknown)}; it may have {_list(allowed)}", file=path, value=min(unknown)
        )


def _string(entry: Mapping[str, object], name: str, where: str, path: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: {name} is {value!r}; write a text", file=path, value=value)
    return value.strip()


def _strings(entry: Mapping[str, object], name: str, where: str, path: str) -> tuple[str, ...]:
    value: object = entry.get(name, list[str]())
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise DataError(f"{where}: {name} is {value!r:.80}; write a list of texts", file=path, value=name)
    return tuple(cast("list[str]", value))


def _day(value: object, where: str, path: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(cast("str", value))
    except (TypeError, ValueError) as problem:
        raise DataError(f"{where}: {value!r} is no day; write 2024-08-19", file=path, value=value) from problem


# Concepts


@lru_cache(maxsize=8)
def _concepts(ours: Stamp, theirs: Stamp | None) -> tuple[Concept, ...]:
    known: dict[str, dict[str, object]] = {}
    for stamp in (ours, theirs):
        if stamp is not None:
            _merge_by_slug(known, _objects(stamp[0], _yaml(stamp[0])), stamp[0])
    return tuple(_concept(slug, entry, (theirs or ours)[0]) for slug, entry in known.items())


def _yaml(path: str) -> object:
    import yaml  # noqa: PLC0415  heavy beside csv and json, and only lessons and the glossary read concepts

    try:
        return cast("object", yaml.load(_text(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        raise DataError(f"{path}:{line}: {problem}; mend the YAML", file=path, line=line) from problem


def _concept(slug: str, entry: Mapping[str, object], path: str) -> Concept:
    where = f"{path}: concept {slug!r}"
    _only_fields(Concept, entry, where, path)
    level = entry.get("level")
    if level not in (1, 2, 3):
        raise DataError(
            f"{where}: level is {level!r}; write 1 (first steps), 2 or 3 (for the trade)", file=path, value=level
        )
    return Concept(
        slug=slug,
        hans=_string(entry, "hans", where, path),
        level=level,
        definition=_string(entry, "definition", where, path),
        why=_string(entry, "why", where, path),
        misreading=_string(entry, "misreading", where, path),
        example=_string(entry, "example", where, path),
        source=_string(entry, "source", where, path),
        names=_strings(entry, "names", where, path),
        measures=_strings(entry, "measures", where, path),
        contradicts=_contradictions(entry, where, path),
    )


def _contradictions(entry: Mapping[str, object], where: str, path: str) -> tuple[Contradiction, ...]:
    value: object = entry.get("contradicts", list[object]())
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in cast("list[object]", value)):
        raise DataError(
            f"{where}: contradicts is {value!r:.80}; write a list of pattern and message",
            file=path,
            value="contradicts",
        )
    return tuple(_contradiction(item, where, path) for item in cast("list[dict[str, object]]", value))


def _contradiction(item: Mapping[str, object], where: str, path: str) -> Contradiction:
    _only_fields(Contradiction, item, f"{where}: contradicts", path)
    pattern = _string(item, "pattern", f"{where}: contradicts", path)
    try:
        re.compile(pattern)
    except re.error as problem:
        raise DataError(
            f"{where}: pattern {pattern!r} does not compile ({problem})", file=path, value=pattern
        ) from problem
    return Contradiction(pattern=pattern, message=_string(item, "message", f"{where}: contradicts", path))


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(value for value in values if value))
