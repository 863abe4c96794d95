"""Who is written about: companies, indices, channels, markets, assets, institutions, with names in both scripts.

entities.csv is the registry; a user's file of the same name changes or adds rows. Names are unique but for twins (the A
and the H share of one company), so a name that is found has one meaning or a documented pair. traps.txt holds the
longer words in which short names hide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from quantshark.data.files import HERE, Stamp, rows_of, spell, stamp, text_of, user_stamp
from quantshark.errors import DataError
from quantshark.model import Entity

HEADER = ("code", "kind", "market", "hans", "hant", "english", "aliases", "share_class", "currency", "indices")
ENTITY_KINDS = frozenset(
    {
        "company",
        "index",
        "channel",
        "market",
        "commodity",
        "currency",
        "rate",
        "institution",
        "fund",
        "sector",
        "country",
    }
)
MARKETS = frozenset({"HK", "SH", "SZ", "BJ", "CN", "US", "JP", "KR", "TW", "GB", "EU", "IN", "XX"})

# Hong Kong codes have four digits with zeros in front, five only from 10000 on; the mainland's have six.
_CODE = re.compile(
    r"(?:0\d{3}|[1-9]\d{3,4})\.HK|\d{6}\.(?:SH|SZ|BJ)|[A-Z][A-Z.]{0,5}\.US|\d{4}\.(?:T|TW)|\d{6}\.KS"
    r"|[A-Z]{2}|[A-Z0-9]{1,6}\.(?:L|PA|AS|DE|SW|CO|MI)|(?:IDX|FLOW|MKT|CMD|FX|RATE|ORG|CO|SEC)\.[A-Z0-9]+(?:\.[A-Z0-9]+)?"
)
_PREFIXED = re.compile(r"(?:IDX|FLOW|MKT|CMD|FX|RATE|ORG|CO|SEC)\.")
_HOME = {"HK": "HK", "SH": "SH", "SZ": "SZ", "BJ": "BJ", "US": "US", "T": "JP", "TW": "TW", "KS": "KR"}


def load_entities(user: Path | None = None) -> tuple[Entity, ...]:
    """Ours then the user's, in the order of the files: of twins the first is meant where nothing else tells.

    A user's row may leave cells empty that it does not change; its aliases and indices are added to ours, and `!小米`
    takes one away.
    """
    return _entities(stamp(HERE / "entities.csv"), user_stamp(user, "entities.csv"))


def load_traps(user: Path | None = None) -> tuple[str, ...]:
    """Longer words in which a short name hides (北京东, 报道指): whoever looks for names skips these whole."""
    return _traps(stamp(HERE / "traps.txt"), user_stamp(user, "traps.txt"))


def names_of(entity: Entity) -> tuple[str, ...]:
    """Every name an entity claims, longest first, each once."""
    names = {name for name in (entity.hans, entity.hant, *entity.aliases) if name}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def are_twins(one: Entity, other: Entity) -> bool:
    """Two listings of one company on different markets (A and H, H and ADR): only they may share a name."""
    return one.kind == other.kind == "company" and one.market != other.market and one.share_class != other.share_class


@lru_cache(maxsize=8)
def _entities(ours: Stamp, theirs: Stamp | None) -> tuple[Entity, ...]:
    entities: dict[str, Entity] = {}
    for line, row in rows_of(ours[0], HEADER):
        _must_be_new(entities, row["code"], ours[0], line)
        entities[row["code"]] = _entity(row, ours[0], line)
    if theirs is not None:
        _extend(entities, theirs[0])
    return tuple(entities.values())


def _extend(entities: dict[str, Entity], path: str) -> None:
    seen: dict[str, Entity] = {}
    for line, row in rows_of(path, HEADER):
        code = row["code"]
        _must_be_new(seen, code, path, line)
        known = entities.get(code)
        seen[code] = entities[code] = _entity(row, path, line) if known is None else _changed(known, row, path, line)
    for code in seen:
        _names_must_be_free(entities, code, path)


def _must_be_new(known: Mapping[str, Entity], code: str, path: str, line: int) -> None:
    if code in known:
        raise DataError(f"{path}:{line}: code {code!r} occurs twice; keep one row", file=path, line=line, value=code)


def _entity(row: Mapping[str, str], path: str, line: int) -> Entity:
    _must_fit(row, path, line)
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
    _must_fit(filled, path, line)
    return replace(
        known,
        kind=filled["kind"],
        market=filled["market"],
        hans=row["hans"] or known.hans,
        hant=row["hant"] or known.hant,
        english=row["english"] or known.english,
        aliases=_merged(known.aliases, _parts(row["aliases"])),
        share_class=row["share_class"] or known.share_class,
        currency=row["currency"] or known.currency,
        indices=_merged(known.indices, _parts(row["indices"])),
    )


def _must_fit(row: Mapping[str, str], path: str, line: int) -> None:
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
            f"{path}:{line}: kind {kind!r} of {code}; use one of {spell(ENTITY_KINDS)}", file=path, line=line
        )
    if market not in MARKETS:
        raise DataError(
            f"{path}:{line}: market {market!r} of {code}; use one of {spell(MARKETS)}", file=path, line=line
        )
    home = None if _PREFIXED.match(code) else _HOME.get(code.rpartition(".")[2])
    if home is not None and market != home:
        raise DataError(f"{path}:{line}: {code} cannot have market {market!r}; write {home}", file=path, line=line)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in cell.split(";")) if part)


def _merged(known: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    gone = {part[1:] for part in added if part.startswith("!")}
    plus = [part for part in added if not part.startswith("!") and part not in known]
    return (*(part for part in known if part not in gone), *plus)


def _names_must_be_free(entities: Mapping[str, Entity], code: str, path: str) -> None:
    mine = entities[code]
    names = set(names_of(mine))
    for other in entities.values():
        taken = names.intersection(names_of(other)) if other.code != code else set[str]()
        if taken and not are_twins(mine, other):
            raise DataError(
                f"{path}: {code} claims the name {spell(taken)} of {other.code} ({other.hans}); "
                f"drop it here, or take it from {other.code} with a row whose aliases say !{min(taken)}",
                file=path,
                value=code,
            )


@lru_cache(maxsize=8)
def _traps(ours: Stamp, theirs: Stamp | None) -> tuple[str, ...]:
    lines = (line.strip() for given in (ours, theirs) if given is not None for line in text_of(given[0]).splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
