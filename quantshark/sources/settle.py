"""From a claim to what may be told as a fact: entity, measure, period and value, or the reason why not.

The check reads claims generously, since two texts of the same wording agree whatever it means. A fact is printed where
its sentence is not seen, so it holds only what the sentence settles: what is not sure stays unbound, and is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from quantshark.lexicon import measures
from quantshark.lexicon.clauses import Claim, Reading
from quantshark.model import Period
from quantshark.sources import when, which, whose
from quantshark.sources.scene import HEDGE, Place, Scene, place

# Told of a market as it is: no forecast of the clause before makes them one.
SEEN = when.DAILY - {"target_price"}
# Sums that are planned before they are paid.
PLANNED = frozenset(
    "omo proceeds investment acquisition buyback_amount bond_issue placement_shares placement_price".split()
)
_PLAN = re.compile(r"拟|计划|寻求|考虑|准备|有意|将(?!其|公司)")
MAINLAND = (".SH", ".SZ", ".BJ")
_CLOSED = re.compile(r"收盘|收市|收报|全天|收[涨跌高低平]|结算价")
_SUMMED = re.compile(
    r"[两二三四五六七八九十\d]+个?(?:交易)?日(?:内)?(?:合计|累计|共计|共)(?:净|成交|买|卖|回购)[^，。；]{0,6}$"
)
_HALF = re.compile(r"半日|午间|午盘|午评|早盘|上午收盘|中午收")
_LEVEL = re.compile(rf"(?:至|到|报|于|为|达){HEDGE}$")
# 不及预期 tells of what has come, not of what will.
_EXPECTED = re.compile(r"(?:不及|超出?|符合|逊于|好于|高于|低于|略逊于)(?:市场|机构|分析师)?(?:预期|预测)")
_FUTURE = re.compile(r"预计|预期|预测|预估|估计|料|有望|将|拟|计划|或|可能|目标|指引|展望|预告|预增|预减|预亏|预盈")


@dataclass(frozen=True, slots=True)
class Settled:
    """What a claim tells for sure. `doubt` is "" where entity and measure are bound."""

    entity: str
    measure: str
    word: str
    value: Decimal
    unit: str | None
    period: Period | None
    basis: str
    scope: frozenset[str]
    via: str
    modality: str
    said_by: str
    doubt: str
    kind: str


def settle(scene: Scene, reading: Reading, claim: Claim) -> Settled:
    """What a figure of prose tells for sure."""
    at = place(scene, reading, claim)
    what = which.told(at)
    who = whose.told(at, what.slug) if what.slug else whose.Told("", doubt=what.doubt)
    period, late = when.told(at, what.slug, who.code)
    what = _closing(at, what)
    if what.basis == "qoq" and period is not None and period.grain == "month":
        what = what._replace(basis="mom")  # 环比 of a month is against the month before
    doubt = what.doubt or who.doubt or late
    return Settled(
        entity=who.code,
        measure=what.slug,
        word=what.word,
        value=_value(at, what),
        unit=_unit(claim, who.code),
        period=period,
        basis=what.basis,
        scope=_scope(at, what.slug, who.code, period),
        via=who.via,
        modality=_modality(at, what.slug, period),
        said_by=who.said_by or claim.said_by,
        doubt=doubt,
        kind=claim.figure.kind,
    )


def _closing(at: Place, what: which.Told) -> which.Told:
    """报25530.51点 of a sentence that tells the close is the close."""
    if what.slug != "price" or what.word not in ("报", "现报", "最新报", "价格", "股价"):
        return what
    told = at.sentence if _CLOSED.search(at.sentence) else at.scene.title
    if (
        not _CLOSED.search(told)
        or _HALF.search(f"{told}{at.sentence}")
        or re.search(r"现报|盘中|一度|期货|期指", at.before)
    ):
        return what
    return what._replace(slug="close", word="收报")


def in_hong_kong(told: Settled) -> Settled:
    """元 of Hong Kong's prose: its own dollar where the city is told of; of a company it may be either."""
    if told.entity == "HK" or told.entity.startswith(("MKT.HK", "IDX.HS", "ORG.HK")):
        return replace(told, unit="HKD")
    return replace(told, doubt=told.doubt or "币种不明") if told.entity.endswith(".HK") else told


def _value(at: Place, what: which.Told) -> Decimal:
    """The sign is in the value: of what has a sign, of growth, of what is added; a level has none."""
    claim = at.claim
    value = claim.figure.value if claim.figure.value is not None else Decimal(0)
    if value < 0 or claim.direction >= 0:
        return value
    known = measures.registry().get(what.slug)
    rate = claim.figure.unit in ("%", "pp", "bp") or claim.figure.kind == "multiple"
    if what.slug in ("discount", "premium"):
        return value
    if claim.figure.kind == "streak" or (known is not None and known.signed) or what.slug == "change":
        return -value
    counted = what.slug in which.COUNTED and what.slug != "oil_inventory"
    if not rate and (counted or what.slug in whose.FLOWS):
        return value
    level = _LEVEL.search(at.before) is not None and not re.search(r"[涨跌升增降减]幅", at.before)
    return -value if not level and (rate or bool(what.basis)) else value


def _unit(claim: Claim, entity: str) -> str | None:
    """A bare 18.14亿 of a mainland share or market is yuan; elsewhere it stays bare."""
    if claim.figure.kind == "ratio" and claim.figure.unit is None:
        return "HKD" if claim.figure.surface.endswith(("港元", "港仙")) else "CNY"
    if claim.figure.kind != "money" or claim.figure.unit is not None or claim.figure.value is None:
        return claim.figure.unit
    home = entity.endswith(MAINLAND) or entity in ("MKT.A", "MKT.SH", "MKT.SZ", "FLOW.MAIN")
    return "CNY" if home else None


def _scope(at: Place, slug: str, entity: str, period: Period | None) -> frozenset[str]:
    """The span of a figure; 年内 and 累计 of the clause before do not reach a level."""
    scope = at.claim.scope
    if at.claim.figure.kind == "streak":
        return frozenset()
    if _SUMMED.search(at.before_all):
        scope |= {"cumulative"}
    if slug in when.LEVELS:
        own = frozenset(t.meaning.value for t in at.words() if t.meaning.kind == "scope")
        scope = own | (scope & {"half_day", "after", "open", "intraday"})
    if slug in SEEN and not scope & {"day", "half_day", "cumulative", "year", "week", "month"}:
        scope |= _session(at)
    if slug in _RUNNING and not scope and _told_today(at, period) and not _closed_by(at, entity):
        scope |= {"half_day"} if _midday(at.scene) else {"intraday"}
    today = period is not None and period.start == period.end == at.scene.day
    if today and slug in when.DAILY and not scope & {"day", "half_day", "cumulative"} and _midday(at.scene):
        scope |= {"half_day"}
    return scope - {"close"}  # what is told at the close is told of the day


def _told_today(at: Place, period: Period | None) -> bool:
    """Is it the day of the document, or the session that it reports, and not yet said to be over?"""
    day = at.scene.day
    if period is None or day is None or period.start != period.end or (day - period.start).days > 3:
        return False
    return not _CLOSED.search(at.reading.folded[at.claim.sentence[0] : at.stop] + at.scene.title)


def _session(at: Place) -> set[str]:
    """Before the bell, after it, or at the opening: said of the whole sentence, or in the title of all that is told."""
    told = at.reading.folded[at.claim.sentence[0] : at.stop]
    if re.search(r"盘[前后](?!景)|夜盘|暗盘", told):
        return {"after"}
    if re.search(r"半日|午间|午盘|[上中]午收", told):
        return {"half_day"}
    opened = re.search(r"开盘(?!价|后)|高开|低开|盘初|集合竞价", at.scene.title)
    return {"open"} if opened and not _CLOSED.search(told) else set()


# When a market is open, in Shanghai: what is told then without more is not yet the day's.
_HOURS = {
    "CN": ((9, 15), (15, 0)), "SH": ((9, 15), (15, 0)), "SZ": ((9, 15), (15, 0)), "BJ": ((9, 15), (15, 0)),
    "HK": ((9, 0), (16, 8)), "JP": ((8, 0), (14, 30)), "KR": ((8, 0), (14, 30)), "TW": ((9, 0), (13, 30)),
    "EU": ((15, 0), (23, 29)), "GB": ((15, 0), (23, 29)), "US": ((21, 30), (23, 59)),
}  # fmt: skip
_RUNNING = frozenset(
    "net_flow buy_amount sell_amount turnover volume change change_points change_amount price high low".split()
)


def _closed_by(at: Place, entity: str) -> bool:
    """Was the market of an entity closed when its document was published?"""
    published = at.scene.published
    known = at.scene.names.entities.get(entity)
    market = known.market if known is not None else ""
    if published is None or market not in _HOURS:
        return True
    first, last = _HOURS[market]
    now = (published.hour, published.minute)
    early = market == "US" and now < (4, 0)
    return not (first <= now < last or early)


def _midday(scene: Scene) -> bool:
    """Is a document told at the midday break, and says so?"""
    at = scene.published
    if at is not None and not (11, 20) <= (at.hour, at.minute) <= (13, 10):
        return False
    return _HALF.search(scene.title if at is None else f"{scene.title}\n{scene.body[:200]}") is not None


def _modality(at: Place, slug: str, period: Period | None) -> str:
    """A plan or forecast of the clause before reaches a sum of money, not a price that was seen."""
    claim = at.claim
    if re.search(r"预[增减盈亏]", at.before) or claim.role == "expected":
        return "forecast"
    if slug in PLANNED and claim.modality == "actual" and not claim.done and _PLAN.search(at.before):
        return "plan"
    if slug.endswith("概率"):
        return "actual"
    if (
        slug not in SEEN
        and slug != "target_price"
        and claim.modality == "actual"
        and re.search(r"目标(?!价|股价)", at.clauses)
    ):
        return "plan"
    if claim.modality == "actual" and period is not None and at.scene.day is not None and period.start > at.scene.day:
        return "plan"
    if claim.modality == "actual" or re.search(r"前值[^，]{0,4}$", at.before):
        return "actual"
    own = _FUTURE.search(_EXPECTED.sub("", at.before))
    told = _EXPECTED.sub(
        "", at.reading.folded[max(at.spans(), at.reading.folded.rfind("】", 0, at.start) + 1) : at.start]
    )
    past = period is not None and at.scene.day is not None and period.end < at.scene.day
    dated = past and any(t.start >= at.start and t.end <= at.stop for t in at.reading.times)
    if not own and (slug in SEEN or dated or not _FUTURE.search(told)):
        return "actual"
    return claim.modality
