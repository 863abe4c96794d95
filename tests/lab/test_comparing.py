"""The lab names a winner by numbers, or says that it sees no difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from quantshark.lab import comparing, pages
from quantshark.lab.comparing import NO_DIFFERENCE, Comparison
from quantshark.lab.grid import Experiment, Plan
from quantshark.lab.measures import MEASURES, Values
from quantshark.lab.trials import Cell, Trial
from quantshark.lab.variants import Contender, Variant

FIRST = date(2025, 12, 1)
Numbers = Callable[[int], float]


UNEVEN = (0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, -0.5, 0.0)


def always(number: float) -> Numbers:
    return lambda _day: number


def trial(contender: str, day: int, section: str) -> Trial:
    cell = Cell(FIRST + timedelta(days=day), "radar", section)
    return Trial(contender, cell, "stub", None, {}, "", f"{contender} {cell.name}")


def experiment(*names: str, days: int = 10, sections: tuple[str, ...] = ("overview", "lesson")) -> Experiment:
    contenders = tuple(Contender(Variant(name), "stub") for name in names)
    plan = Plan("test", "radar", sections, contenders, {str(FIRST + timedelta(days=n)): "" for n in range(days)})
    trials = tuple(trial(name, day, section) for day in range(days) for section in sections for name in names)
    return Experiment("run", plan, trials, len(trials))


def compared(found: Experiment, **slugs: dict[str, Numbers]) -> tuple[Comparison, ...]:
    """Every measure is 0.5 for everybody unless it is told: by slug and contender, a number for a day."""

    def measured(one: Trial) -> Values:
        day = (one.cell.day - FIRST).days
        flat: dict[str, float | None] = {measure.slug: 0.5 for measure in MEASURES}
        return flat | {slug: by[one.contender](day) for slug, by in slugs.items() if one.contender in by}

    return comparing.compare(found, measured)


def test_nobody_wins_where_nothing_differs() -> None:
    (found,) = compared(experiment("old", "new"))
    assert (found.winner, found.pairs, found.days) == ("", 20, 10)
    assert found.why.startswith("不分胜负")
    assert NO_DIFFERENCE in found.why
    assert {row.says for row in found.rows} == {NO_DIFFERENCE}
    assert found.warnings == ()


def test_fewer_false_figures_on_every_day_win() -> None:
    (found,) = compared(
        experiment("old", "new"), false={"old": lambda day: 2.0 + day % 3, "new": lambda day: 0.0 + day % 2}
    )
    assert found.winner == "new"
    row = next(row for row in found.rows if row.measure.slug == "false")
    assert (row.better, row.says) == ("new", "new较好")
    assert row.difference is not None
    assert row.difference.high < 0


def test_the_first_may_win_as_well() -> None:
    (found,) = compared(
        experiment("old", "new"), coverage={"old": always(0.9), "new": lambda day: 0.7 + 0.01 * (day % 2)}
    )
    assert found.winner == "old"


def test_better_in_one_and_worse_in_another_is_left_to_the_editor() -> None:
    (found,) = compared(
        experiment("old", "new"),
        false={"new": always(0.1), "old": always(3.0)},
        coverage={"new": always(0.2), "old": always(0.9)},
    )
    assert (found.winner, found.why) == ("", "不分胜负：起决定作用的指标各有长短，由编辑取舍")


def test_a_measure_that_only_informs_makes_no_winner() -> None:
    (found,) = compared(experiment("old", "new"), tokens_in={"new": always(1.0), "old": always(9.0)})
    assert found.winner == ""
    assert next(row for row in found.rows if row.measure.slug == "tokens_in").better == "new"


def test_a_lucky_day_makes_no_winner() -> None:
    (found,) = compared(
        experiment("old", "new"), false={"old": lambda day: 9.0 if day == 3 else 1.0, "new": always(1.0)}
    )
    assert found.winner == ""


def test_few_days_are_warned_about_and_one_section_of_five_cannot_show_anything() -> None:
    (found,) = compared(
        experiment("old", "new", days=5, sections=("overview",)), false={"old": always(9.0), "new": always(0.0)}
    )
    assert found.winner == ""
    assert any("只有 5 天" in said for said in found.warnings)
    assert any("最小可能的 p 是 0.062" in said for said in found.warnings)


def test_one_day_has_no_interval_and_says_so() -> None:
    (found,) = compared(experiment("old", "new", days=1), false={"old": always(9.0), "new": always(0.0)})
    row = next(row for row in found.rows if row.measure.slug == "false")
    assert row.told == "-9.00（没有区间）"
    assert [said for said in found.warnings if "天" in said] == [
        "只有 1 天，估不出区间，再大的差别也显示不出来；请加日子，建议至少 8 天"
    ]


def test_nothing_to_compare_is_said() -> None:
    found = experiment("old", "new", days=1)
    (comparison,) = compared(replace(found, trials=found.trials[:1]))
    assert any("还没有一对可比的" in said for said in comparison.warnings)
    assert not any("区间" in said for said in comparison.warnings)


def test_many_variants_are_warned_about_and_paid_for() -> None:
    names = ("old", *(f"new-{n}" for n in range(4)))
    alone = compared(experiment("old", "new-0"), false={"old": UNEVEN.__getitem__, "new-0": always(0.0)})[0]
    among = compared(
        experiment(*names), false={"old": UNEVEN.__getitem__, **{name: always(0.0) for name in names[1:]}}
    )[0]
    one, other = (next(r.difference for r in c.rows if r.measure.slug == "false") for c in (alone, among))
    assert one is not None
    assert other is not None
    assert other.p == one.p
    assert other.adjusted > one.adjusted
    assert any("一共看了 4 个变体" in said for said in among.warnings)


def test_an_unfinished_experiment_says_so() -> None:
    found = experiment("old", "new")
    (comparison,) = compared(replace(found, trials=found.trials[:-2]))
    assert any("没有做完：38/40" in said for said in comparison.warnings)
    assert comparison.pairs == 19


def test_samples_of_a_cell_count_once() -> None:
    found = experiment("old", "new", days=4)
    doubled = replace(
        found, trials=(*found.trials, *(replace(t, cell=replace(t.cell, sample=1)) for t in found.trials))
    )
    assert compared(doubled)[0].pairs == compared(found)[0].pairs == 8


@pytest.mark.parametrize("days", [1, 10])
def test_the_page_shows_every_measure_and_the_verdict(days: int) -> None:
    (found,) = compared(experiment("old", "<new>", days=days), false={"old": always(9.0), "<new>": always(0.0)})
    page = pages.table(found)
    assert all(measure.hans in page for measure in MEASURES)
    assert "&lt;new&gt;" in page
    assert "<new>" not in page
    assert ("<svg" in pages.chart(found)) == (days > 1)
