"""Is there a difference? Paired, seeded, and slow to say yes.

A pair is one day and one section, written by both. The interval resamples days (sections of one day share their facts and
are no independent witnesses); the p-value flips the signs of pairs (exact where that is feasible); Holm's step-down pays
for every question that was asked. "Better" needs both: an interval without zero and an adjusted p of at most 5 %.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite
from statistics import fmean

LEVEL = 0.95
ALPHA = 1 - LEVEL
RESAMPLES = 4000
EXACT_UP_TO = 14
"""Pairs whose 2^n sign flips are all looked at; beyond, so many are drawn as there are resamples."""
FEW_DAYS = 8
SEED = 20251212

Pairs = Mapping[str, Sequence[float]]
"""By day, the differences of its pairs."""


@dataclass(frozen=True)
class Difference:
    """The mean difference of pairs with its interval and p-value. `adjusted` is p after Holm, set by `holm`."""

    mean: float
    low: float
    high: float
    p: float
    pairs: int
    days: int
    adjusted: float = 1.0

    @property
    def bounded(self) -> bool:
        """Is there an interval? One day alone gives none."""
        return isfinite(self.low) and isfinite(self.high)

    @property
    def shown(self) -> bool:
        """Is a difference shown at all?"""
        return (self.low > 0 or self.high < 0) and self.adjusted <= ALPHA


def difference(pairs: Pairs, seed: int = SEED) -> Difference | None:
    """The difference that pairs show; None without pairs."""
    days = {day: tuple(found) for day, found in pairs.items() if found}
    flat = [value for found in days.values() for value in found]
    if not flat:
        return None
    low, high = interval(tuple(days.values()), seed)
    return Difference(fmean(flat), low, high, p_value(flat, seed), len(flat), len(days))


def interval(days: Sequence[Sequence[float]], seed: int = SEED, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The bootstrap interval of the mean, days drawn with their sections. One day alone is no sample: unbounded."""
    if len(days) < 2:
        return float("-inf"), float("inf")
    rng = random.Random(seed)  # noqa: S311  the same interval every time
    sums = [(sum(found), len(found)) for found in days]
    means: list[float] = []
    for _ in range(resamples):
        drawn = rng.choices(sums, k=len(sums))
        means.append(sum(total for total, _ in drawn) / sum(count for _, count in drawn))
    means.sort()
    return quantile(means, ALPHA / 2), quantile(means, 1 - ALPHA / 2)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which so large a share lies, between neighbours in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def p_value(values: Sequence[float], seed: int = SEED) -> float:
    """How often flipping signs makes a mean at least as far from zero, two-sided; pairs without a difference count."""
    moved = [abs(value) for value in values if value]
    if not moved:
        return 1.0
    seen = abs(sum(values)) - 1e-12
    if len(moved) <= EXACT_UP_TO:
        flips = [
            abs(sum(s * v for s, v in zip(signs, moved, strict=True))) for signs in product((1, -1), repeat=len(moved))
        ]
        return sum(total >= seen for total in flips) / len(flips)
    rng = random.Random(seed)  # noqa: S311
    as_far = sum(abs(sum(v if rng.random() < 0.5 else -v for v in moved)) >= seen for _ in range(RESAMPLES))
    return (as_far + 1) / (RESAMPLES + 1)


def least_p(pairs: int) -> float:
    """The smallest p that so many pairs can show, all of them on one side."""
    return min(1.0, 2.0 ** (1 - pairs))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Holm's step-down: each p as if all questions had been asked at once, in the order given."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    worst = 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, p_values[place] * (len(p_values) - rank)))
        adjusted[place] = worst
    return tuple(adjusted)
