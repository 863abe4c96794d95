"""What models cost: prices.json, a list of objects by model name, ours then the user's.

Prices change without notice: each carries the day on which it held and the `source` in which it was read; one without a
source was written down from memory and is to be checked, as `quantshark doctor` says. A user's `prices.json` with the
same slug wins. A model that no list names has no price; its cost is not known, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from quantshark.data.files import HERE, Entry, Stamp, day_of, json_of, merge_by_slug, spell, stamp, string, user_stamp
from quantshark.errors import DataError
from quantshark.model import Price

FIELDS = frozenset({"slug", "currency", "in", "out", "cached", "dated", "source"})
_DATED = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")


class Prices:
    """Prices by model."""

    def __init__(self, known: Mapping[str, Price]) -> None:
        self._known = known

    def get(self, model: str) -> Price | None:
        """The price of a model, of a dated name (gpt-4o-2024-08-06) that of the name without the day; None: not known."""
        name = model.rpartition("/")[2]
        return self._known.get(model) or self._known.get(name) or self._known.get(_DATED.sub("", name))

    def __len__(self) -> int:
        return len(self._known)


def load_prices(user: Path | None = None) -> Prices:
    """A user's object with a known slug replaces the fields it names; a new slug is a new model."""
    return _prices(stamp(HERE / "prices.json"), user_stamp(user, "prices.json"))


@lru_cache(maxsize=8)
def _prices(ours: Stamp, theirs: Stamp | None) -> Prices:
    known: dict[str, dict[str, object]] = {}
    for given in (ours, theirs):
        if given is not None:
            merge_by_slug(known, json_of(given[0]), given[0])
    return Prices({slug: _price(slug, entry, (theirs or ours)[0]) for slug, entry in known.items()})


def _price(slug: str, entry: Entry, path: str) -> Price:
    where = f"{path}: price of {slug!r}"
    if unknown := entry.keys() - FIELDS:
        raise DataError(
            f"{where} has the field {spell(unknown)}; it may have {spell(FIELDS)}", file=path, value=min(unknown)
        )
    tokens_in = _money(entry, "in", where, path)
    return Price(
        tokens_in=tokens_in,
        tokens_out=_money(entry, "out", where, path),
        tokens_cached=_money(entry, "cached", where, path) if "cached" in entry else tokens_in,
        currency=string(entry, "currency", where, path),
        dated=day_of(entry.get("dated"), where, path),
        source=string(entry, "source", where, path) if "source" in entry else "",
    )


def _money(entry: Entry, name: str, where: str, path: str) -> Decimal:
    """Money per million tokens, written as a text so that it stays exact."""
    value = entry.get(name)
    try:
        money = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        money = Decimal("NaN")
    if not money.is_finite() or money < 0:
        raise DataError(f'{where}: {name} is {value!r}; write money per million tokens like "0.15"', file=path)
    return money
