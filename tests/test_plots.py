"""Pictures: drawn of facts that are there, side by side only where they stand side by side, said in words that bind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from quantshark.calendars import Calendar
from quantshark.context import Context, build
from quantshark.context.plots import Chosen, choose, widened, without, words
from quantshark.editions import Chart, load
from quantshark.model import Fact
from tests.writing import DAY, NAMES, SESSION, fact, flow, table

BEFORE = Calendar("SOUTHBOUND").previous
FLOW = Chart(slug="flow", title="逐日", kind="days", section="overview", cue="southbound", take=4)
TRADES = Chart(
    slug="trades", title="个股", kind="names", section="stocks", cue="flow", take=3, opens="{on}，南向资金对"
)
INDICES = Chart(
    slug="indices", title="指数", kind="names", section="overview", cue="move", pool=("IDX.HSI", "IDX.HSTECH")
)


def drawn(facts: list[Fact], chart: Chart, **more: Any) -> tuple[tuple[Chosen, ...], Context]:
    """The pictures of a radar that draws this one alone, with the wide context."""
    edition = load("radar").model_copy(update={"charts": (chart,)})
    days = {item.period.end for item in facts if item.period}
    made = build(
        edition, facts, [table(), *(table(f"table-{day}", day) for day in days if day != SESSION)], DAY, **more
    )
    chosen = choose(made)
    return chosen, widened(made, chosen)


def southbound(value: str, day: date) -> Fact:
    return fact("FLOW.SOUTHBOUND", "net_flow", value, day=day, name="南向资金")


def sessions(count: int) -> list[date]:
    days = [SESSION]
    while len(days) < count:
        days.append(BEFORE(days[-1]))
    return days


def test_days_stand_in_order_and_end_with_the_session() -> None:
    facts = [southbound(f"{n}00000000", day) for n, day in enumerate(sessions(6), 1)]
    (chosen,), context = drawn(facts, FLOW)
    assert [item.fact.period.end for item in chosen.items if item.fact.period] == sessions(4)[::-1]
    assert context.print(words(chosen, context), links=False)[0] == (
        "南向资金12月8日净买入4.00亿港元，12月9日净买入3.00亿港元，12月10日净买入2.00亿港元，12月11日净买入1.00亿港元。"
    )


def test_a_missing_day_ends_the_row_of_days() -> None:
    days = sessions(4)
    chosen, _ = drawn([southbound("100000000", day) for day in (days[0], days[1], days[3])], FLOW)
    assert [len(each.items) for each in chosen] == [2]


def test_without_the_session_there_is_no_picture_nor_of_one_fact() -> None:
    days = sessions(3)
    assert drawn([southbound("100000000", day) for day in days[1:]], FLOW)[0] == ()
    assert drawn([southbound("100000000", SESSION)], FLOW)[0] == ()


def test_names_are_the_largest_from_high_to_low() -> None:
    values = {"0700.HK": "-17", "9988.HK": "-33", "3690.HK": "24", "1810.HK": "9"}
    (chosen,), context = drawn([flow(code, value) for code, value in values.items()], TRADES)
    assert [item.fact.entity_name for item in chosen.items] == [NAMES["3690.HK"], NAMES["0700.HK"], NAMES["9988.HK"]]
    assert words(chosen, context).startswith("12月11日，南向资金对美团-W{f")


def test_a_side_alone_may_be_asked_for() -> None:
    facts = [flow("0700.HK", "-17"), flow("9988.HK", "-33"), flow("3690.HK", "24")]
    (chosen,), _ = drawn(facts, TRADES.model_copy(update={"side": "down"}))
    assert [item.fact.entity for item in chosen.items] == ["0700.HK", "9988.HK"]


def test_a_pool_says_who() -> None:
    facts = [fact(code, "change", "1.2", "%") for code in ("IDX.HSI", "IDX.HSTECH", "0700.HK")]
    (chosen,), _ = drawn(facts, INDICES)
    assert {item.fact.entity for item in chosen.items} == {"IDX.HSI", "IDX.HSTECH"}


def test_what_was_judged_away_is_not_drawn() -> None:
    facts = [flow("0700.HK", "-17"), flow("9988.HK", "-33"), flow("3690.HK", "24")]
    (chosen,), _ = drawn(facts, TRADES)
    rest = without(chosen, frozenset({chosen.items[0].fact.fact_id}))
    assert [item.fact.entity for item in rest.items] == ["0700.HK", "9988.HK"]
    scale = replace(chosen, chart=FLOW.model_copy(update={"kind": "gauge"}))
    assert without(scale, frozenset({chosen.items[1].fact.fact_id})).items == ()


SCALE = Chart(
    slug="scale", title="分位", kind="gauge", section="overview", cue="hsi", instead="hsi_close", also="hsi_turnover"
)


def test_a_scale_has_its_pointer_or_the_one_instead() -> None:
    told = fact("IDX.HSI", "change", "32.66", "%")
    counted = fact("IDX.HSI", "close", "30", "点", kind="index")
    value = fact("IDX.HSI", "turnover", "9")
    (both,), _ = drawn([told, counted, value], SCALE)
    assert [item.fact for item in both.items] == [told, value]
    (without_told,), _ = drawn([counted, value], SCALE)
    assert [item.fact for item in without_told.items] == [counted, value]
    assert drawn([value], SCALE)[0] == ()


def test_every_fact_drawn_can_be_referred_to() -> None:
    facts = [southbound(f"{n}00000000", day) for n, day in enumerate(sessions(4), 1)]
    (chosen,), context = drawn(facts, FLOW)
    assert [context.fact(item.ref).fact_id for item in chosen.items] == [item.fact.fact_id for item in chosen.items]
    assert len({item.ref for item in context.items}) == len(context.items)


def test_a_picture_of_one_market_has_no_stocks_of_another() -> None:
    moves = [
        fact("0700.HK", "change", "4.07", "%"),
        fact("688256.SH", "change", "5.32", "%", name="寒武纪"),
        fact("9988.HK", "change", "1.33", "%"),
    ]
    chart = Chart(slug="stocks", title="港股个股涨跌", kind="names", section="stocks", cue="move", markets=("HK",))
    (chosen,), _ = drawn(moves, chart)
    assert [item.fact.entity for item in chosen.items] == ["0700.HK", "9988.HK"]
