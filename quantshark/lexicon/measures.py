"""What is measured: the words of the registry, chosen by the unit of the figure they stand beside.

回购 beside 股 is buyback_shares, beside 港元 buyback_amount, beside 次 buyback_count; 营业收入 beside % is the growth of
revenue. Some measures are weak: 涨 names the change of a price only where no other measure stands in its clause.
"""

from __future__ import annotations

from functools import lru_cache

from quantshark import data
from quantshark.lexicon.script import fold
from quantshark.model import Figure, Measure

# Figures of these kinds may state the growth of a measure of any kind.
RATES = frozenset({"percent", "point", "multiple"})
# Words that name a movement: a measure of their own only where nothing else is measured.
WEAK = frozenset(
    {"change", "change_points", "change_amount", "share", "investment", "cost", "policy_rate", "home_sales", "deals"}
)
# 上涨 counts shares that rise (上涨1056只) beside a count, and is a movement beside anything else.
MOVEMENT = WEAK | {"advancers", "decliners"}
# Readings of one price: a report may call a close the price of the day.
PRICES = frozenset({"close", "price", "high", "low", "open", "fx_rate", "price_level", "short_term_target"})
# 获净买入3亿港元，上涨1.2%: it is the price that rises.
FLOWS = frozenset({"net_flow", "buy_amount", "sell_amount", "short_turnover", "buyback_amount", "buyback_shares"})
MOVES = frozenset({"change", "change_points", "change_amount"})
SHARES = frozenset({"holding_shares", "buyback_shares", "placement_shares"})
GOODS = frozenset({"辆", "台", "部", "套", "吨", "件", "桶"})
# Of a country or a market rather than of the company that the sentence before spoke of.
MACRO = frozenset(
    "cpi core_cpi ppi core_ppi pce gdp pmi services_pmi m0 m1 m2 tsf new_loans deposits unemployment payrolls jobless_claims "
    "retail_sales industrial_output fixed_investment fx_reserves price_index home_price omo omo_net lpr policy_rate "
    "rate_move reserve_ratio odds advancers decliners limit_up limit_down fail_rate seal_rate limit_streak oil_inventory "
    "tariff".split()
)
_LARGE = frozenset("万亿萬億百千兆")
FAMILIES = (
    PRICES - {"high", "low", "open"},
    frozenset({"change", "change_points", "change_amount"}),
    frozenset({"dps", "dividend"}),
    frozenset({"low", "buyback_low"}),
    frozenset({"high", "buyback_high"}),
    frozenset({"price", "buyback_price", "placement_price"}),
    frozenset({"proceeds", "investment", "acquisition", "placement_shares", "bond_issue", "fund_size"}),
    frozenset({"turnover", "volume", "sales", "deals", "home_sales"}),
    frozenset({"shipments", "deliveries", "sales_volume", "sales"}),
    frozenset({"policy_rate", "yield", "lpr", "rate_move"}),
    frozenset({"orders", "bid", "order_count"}),
    frozenset({"tsf", "new_loans"}),
    frozenset({"limit_up", "limit_streak"}),
    frozenset({"holding_shares", "holding_ratio", "holding_value"}),
    frozenset({"retail_sales", "sales"}),
    frozenset({"trade", "trade_balance"}),
    frozenset({"deficit", "trade_balance"}),
    frozenset({"stake", "holding_ratio"}),
    frozenset({"net_flow", "inflow_count"}),
    frozenset({"fund_size", "assets"}),
    frozenset({"share", "holding_ratio"}),
    frozenset({"market_cap", "valuation", "unlock_value", "holding_value"}),
)


@lru_cache(maxsize=1)
def registry() -> dict[str, Measure]:
    return {measure.slug: measure for measure in data.load_measures()}


@lru_cache(maxsize=1)
def words() -> dict[str, tuple[str, ...]]:
    """Folded spelling -> slugs that it may name, in the order of the registry."""
    table: dict[str, tuple[str, ...]] = {}
    for measure in registry().values():
        for name in (measure.hans, *measure.names):
            spelling = fold(name)
            known = table.get(spelling, ())
            if measure.slug not in known:
                table[spelling] = (*known, measure.slug)
    return table


def family(figure: Figure) -> str:
    """The family of units that two figures must share to say the same: money, rate, index, multiple, or the counter."""
    unit = figure.unit
    if figure.kind in ("rank", "ratio"):
        return figure.kind
    if unit is None:
        return "bare"
    if unit in ("%", "pp", "bp"):
        return "rate"
    if unit == "点":
        return "index"
    if unit == "倍":
        return "multiple"
    if len(unit) == 3 and unit.isascii() and unit.isupper():
        return "money"
    return unit


def choose(slugs: tuple[str, ...], figure: Figure) -> str:
    """The one of several measures of a word that fits the figure; empty where none does."""
    table = registry()
    wanted = _kinds(figure)
    if family(figure) == "rate" and all(table[s].unit_kind == "price" or s in FAMILIES[1] for s in slugs):
        return "change"
    if set(slugs) <= MOVES:
        moved = {"rate": "change", "index": "change_points", "money": "change_amount"}.get(family(figure))
        if moved:
            return moved
    if figure.unit in GOODS:
        slugs = tuple(slug for slug in slugs if slug not in SHARES) or slugs  # 卖出48万辆
    if figure.unit == "次":
        slugs = tuple(sorted(slugs, key=lambda slug: not slug.endswith("_count")))
    for slug in slugs:
        if table[slug].unit_kind in wanted:
            return slug
    if family(figure) in ("rate", "multiple"):
        return next((s for s in slugs if s not in ("change_points", "change_amount")), "")
    if figure.unit is None:
        return slugs[0]
    return ""


def _kinds(figure: Figure) -> tuple[str, ...]:
    match family(figure):
        case "money":
            return ("price", "money") if small(figure) else ("money", "price")
        case "rate":
            return ("point",) if figure.unit == "bp" else ("percent", "point")
        case "index":
            return ("index", "price")
        case "multiple":
            return ("multiple",)
        case "bare":
            return ("money", "index", "price", "count", "percent")
        case _:
            return ("count", "other")


def small(figure: Figure) -> bool:
    """Money that looks like a price: no 万 or 亿 in its surface."""
    return _LARGE.isdisjoint(figure.surface)


def same(one: str, other: str) -> bool:
    """May two slugs name the same thing in two texts?"""
    return one == other or any(one in group and other in group for group in FAMILIES)


def retired(measure: str, entity: str) -> Measure | None:
    """The registry's entry where this measure is no longer published for this entity."""
    known = registry().get(measure)
    return known if known and known.retired_on and entity in known.retired_for else None
