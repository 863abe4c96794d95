"""Bought less sold is net bought: three figures of one sentence that must balance, wherever each of them was found.

买入2.25亿元，卖出2.65亿元，净卖出1.62亿元 cannot all be of the same seat and day, though each may stand somewhere in the
sources. The one that comes from another sentence than the two others is refuted, and so is the one in whose stead their
sentence has a figure that balances; where none can be told apart, all are. A source that does not balance is not corrected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from quantshark.lexicon.clauses import Claim
from quantshark.lexicon.format import format_value
from quantshark.sources.extract import signed

LEGS = ("buy_amount", "sell_amount", "net_flow")
Home = tuple[str, int]


class Broken(NamedTuple):
    """Places of claims that cannot stand together, and what the sides come to."""

    places: tuple[int, ...]
    message: str


def broken(
    claims: Sequence[Claim],
    homes: Callable[[int], frozenset[Home]],
    told: Callable[[Home], Sequence[Claim]],
) -> list[Broken]:
    """Triples of neighbours that do not balance; `homes` are the source sentences that bear a claim out, by its place, `told`
    reads one of them.
    """
    found: list[Broken] = []
    for first in range(len(claims) - 2):
        places = range(first, first + 3)
        legs = {claims[place].measure: place for place in places}
        if set(legs) != set(LEGS) or not _one_story([claims[place] for place in places]):
            continue
        if balances({measure: claims[place] for measure, place in legs.items()}):
            continue
        wrong = _strangers(claims, legs, homes, told)
        if wrong:
            buy, sell, net = (claims[legs[measure]] for measure in LEGS)
            sides = (
                f"买入{buy.figure.surface}减卖出{sell.figure.surface}是{format_value(_size(buy) - _size(sell), None)}"
            )
            found.append(Broken(wrong, f"{sides}，与净额{net.figure.surface}不符"))
    return found


def balances(legs: Mapping[str, Claim]) -> bool:
    """Do the three hold together, to the last digits printed?"""
    gap = _size(legs["buy_amount"]) - _size(legs["sell_amount"]) - signed(legs["net_flow"])[0]
    return abs(gap) <= sum((leg.figure.ulp or Decimal(0) for leg in legs.values()), Decimal(0)) / 2


def _one_story(claims: Sequence[Claim]) -> bool:
    first = claims[0]
    return all(
        claim.sentence == first.sentence
        and claim.entities == first.entities
        and claim.figure.kind == "money"
        and claim.figure.unit == first.figure.unit
        and claim.figure.high is None
        and claim.figure.hedge is None
        and claim.figure.value is not None
        and not claim.basis
        and not claim.table
        for claim in claims
    )


def _size(claim: Claim) -> Decimal:
    return abs(claim.figure.value or Decimal(0))


def _strangers(
    claims: Sequence[Claim],
    legs: Mapping[str, int],
    homes: Callable[[int], frozenset[Home]],
    told: Callable[[Home], Sequence[Claim]],
) -> tuple[int, ...]:
    """Those that the sentence of the others does not hold, or in whose stead it has a figure that balances."""
    places = tuple(legs.values())
    counted = Counter(home for place in places for home in homes(place))
    home, count = max(counted.items(), key=lambda item: item[1], default=(("", 0), 0))
    if count < len(places):
        return tuple(place for place in places if home not in homes(place)) if count > 1 else places
    mine = {measure: claims[place] for measure, place in legs.items()}
    return tuple(
        legs[other.measure]
        for other in told(home)
        if other.measure in legs and balances({**mine, other.measure: other})
    )
