"""Differences are shown where there are any, and not where there are none."""

from __future__ import annotations

import random

import pytest

from quantshark.lab import statistics


def pairs(*days: tuple[float, ...]) -> dict[str, tuple[float, ...]]:
    return {f"day-{n}": found for n, found in enumerate(days)}


def test_the_same_numbers_show_no_difference() -> None:
    found = statistics.difference(pairs((0.0, 0.0), (0.0, 0.0)))
    assert found is not None
    assert (found.mean, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)
    assert not found.shown


def test_a_constant_shift_over_many_days_is_shown() -> None:
    found = statistics.difference(pairs(*((0.1, 0.2),) * 8))
    assert found is not None
    assert found.low > 0
    assert found.p == pytest.approx(2 / 2**14, rel=2)
    assert statistics.Difference(found.mean, found.low, found.high, found.p, 16, 8, adjusted=found.p).shown


def test_the_interval_is_the_same_every_time() -> None:
    data = pairs((0.1,), (0.3,), (-0.2,), (0.5,))
    assert statistics.difference(data) == statistics.difference(data)
    assert statistics.interval([(0.1,), (0.3, 0.2), (-0.2,)], seed=1) == statistics.interval(
        [(0.1,), (0.3, 0.2), (-0.2,)], seed=1
    )


def test_one_day_alone_says_nothing() -> None:
    found = statistics.difference(pairs((0.5, 0.6, 0.7)))
    assert found is not None
    assert (found.low, found.high) == (float("-inf"), float("inf"))
    assert not found.shown


def test_no_pairs_no_difference() -> None:
    assert statistics.difference({}) is None
    assert statistics.difference({"day": ()}) is None


SIGN_FLIPS = [
    ([1.0] * 5, 2 / 32),
    ([1.0, 1.0, 1.0, -1.0], 10 / 16),
    ([1.0, 2.0, 4.0], 2 / 8),
    ([0.0, 0.0], 1.0),
]
"""By hand: how many of the 2^n sign patterns are at least as far from zero."""


@pytest.mark.parametrize(("values", "expected"), SIGN_FLIPS)
def test_p_by_hand(values: list[float], expected: float) -> None:
    assert statistics.p_value(values) == expected


def test_five_pairs_can_never_be_enough() -> None:
    assert statistics.least_p(5) == statistics.p_value([1.0] * 5) == 0.0625 > statistics.ALPHA


HOLM = [
    ((0.01, 0.04, 0.03), (0.03, 0.06, 0.06)),
    ((0.5, 0.001), (0.5, 0.002)),
    ((0.9, 0.8), (1.0, 1.0)),
    ((), ()),
]
"""The first row is Holm's own kind of example: 3 x 0.01, 2 x 0.03, and no smaller than the one before."""


@pytest.mark.parametrize(("given", "expected"), HOLM)
def test_holm_by_hand(given: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert statistics.holm(given) == pytest.approx(expected)


def test_chance_alone_is_rarely_called_a_difference() -> None:
    """200 comparisons of noise over ten days and two sections: at most some percent may look real."""
    rng = random.Random(1)  # noqa: S311  the same noise every time
    called = 0
    for _ in range(200):
        data = pairs(*((rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(10)))
        found = statistics.difference(data)
        assert found is not None
        called += (found.low > 0 or found.high < 0) and found.p <= statistics.ALPHA
    assert called <= 200 * 0.1


def test_quantiles_lie_between_neighbours() -> None:
    assert statistics.quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert statistics.quantile([1.0, 2.0], 1.0) == 2.0
