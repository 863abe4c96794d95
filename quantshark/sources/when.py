"""Of which days a figure is told: the last time its sentence names, else the session that its document reports.

A day that is only compared with (较去年同期, 高于前一交易日的) is not the day of the figure. What Wall Street did is told in
Shanghai on the next morning: without a date, an American session of a morning is that of the weekday before.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from quantshark.lexicon import dates, periods
from quantshark.lexicon.clauses import Time
from quantshark.lexicon.markets import session_before
from quantshark.model import Period
from quantshark.sources.scene import Place, Scene

# Measures that speak of a trading day when no other time is named.
DAILY = frozenset(
    "net_flow buy_amount sell_amount trade_amount turnover volume short_turnover short_ratio turnover_rate amplitude close "
    "price open high low change change_points change_amount advancers decliners limit_up limit_down fail_rate seal_rate "
    "buyback_amount buyback_shares buyback_price buyback_low buyback_high omo omo_net market_cap fx_rate target_price".split()
)
MOVES = frozenset(("change", "change_points", "change_amount"))
LONG = frozenset(("month", "months", "quarter", "quarters", "half", "year", "fiscal_year"))
_LAST = re.compile(
    r"(?:过去|最?近|此前)(?:一|两|二|三|四|五|六|七|八|九|十|\d{1,3})个?(?:交易日|小时|年|月|周|日|天)内?的?[^，]{0,6}$"
)
# Levels at one moment: 年内累升 of the clause before says nothing of them.
LEVELS = frozenset(
    "price close open high low market_cap fx_rate target_price turnover valuation margin_balance".split()
)
_COMPARING = re.compile(r"(?:较|相较于?|比|相比|对比|高于|低于|多于|少于|优于|差于|超过?|前值|距)(?:于|了|的)?$")
_LEVEL_WORD = re.compile(r"^(?:的)?(?:同期)?的?(?:净?[亏盈利]|营|收入|约|为|\ue000|前值)")
_CHANGED = re.compile(r"增|减|涨|跌|升|降|多|少|放|扩|缩|回落|改善|翻|提高|下滑|正增长|好转|收窄")
_UNTIL = re.compile(r"(?:收盘|收市)?(?:至|到|—|-|~)")
_QUARTER_END = re.compile(r"(?:止|的)?(?:第.)?季度")
_SAME_DAY = frozenset(("当天", "当日", "该日"))
_BARE_DAY = re.compile(r"\d{1,2}[日号]$")
_AHEAD = re.compile(r"将|到|至|拟|预计|未来")
_PRIOR = re.compile(r"(?:前值|前月|前次)[为是]?(?:[增下上][长升降])?$")
_ABROAD = re.compile(r"美股|中概股|纳指|标普|道指|纳斯达克|道琼斯")


def told(place: Place, measure: str, entity: str) -> tuple[Period | None, str]:
    """The period of a figure and why it has none that is sure ("" where nothing is doubtful)."""
    claim, scene = place.claim, place.scene
    last = _LAST.search(place.reading.folded, place.claim.clause[0], place.stop)
    if last is not None:
        return resolve(re.split("内|的", last[0])[0], scene.day), ""
    named, doubt = _named(place)
    if doubt:
        return None, doubt
    if named is not None and measure in DAILY and not _fits(named, measure, place):
        named = None
    if named is not None and measure in MOVES and scene.day is not None and named.start > scene.day:
        return None, "涨跌不能在将来"
    if _PRIOR.search(place.before) and named is not None:
        return _before(named), ""
    if named is not None:
        return _ahead(named, place), ""
    if measure not in DAILY or scene.day is None:
        return None, ""
    if measure == "target_price":
        return Period(scene.day, scene.day), ""
    return session(scene, entity, place.sentence + place.reading.folded[claim.figure.end : claim.sentence[1]]), ""


def _fits(named: Period, measure: str, place: Place) -> bool:
    """A quarter or a year that the clause before spoke of is not the time of a price or of its move."""
    if measure in LEVELS and named.grain not in ("day", "days"):
        return _own(place)
    times = _times(place)
    return measure not in MOVES or named.grain not in LONG or (bool(times) and times[-1].start >= place.claim.clause[0])


def session(scene: Scene, entity: str, words: str) -> Period | None:
    """The session that a document without a date tells of this entity."""
    day = scene.day
    if day is None:
        return None
    asleep = _asleep(scene, entity, f"{scene.title} {words}" if "隔夜" in scene.title else words)
    if scene.published is not None and scene.published.hour < asleep:
        day = _weekday_before(day)
    return Period(day, day)


def _asleep(scene: Scene, entity: str, words: str) -> int:
    """Until which hour of Shanghai the session told of is still that of the day before."""
    known = scene.names.entities.get(entity)
    if known is None and re.match(r"~[\u4e00-\u9fff]+兑", entity):
        return 12 if re.search(r"纽约|尾市", scene.body) else 6
    if known is None:
        abroad = _ABROAD.search(f"{scene.title}\n{scene.body}") is not None
        return 16 if abroad and not re.search(r"盘前|夜盘", words) else 0
    if known.kind in ("company", "index", "market", "fund"):
        if known.market == "US":
            return 0 if re.search(r"盘前|期货|期指|夜盘", words) else 16
        return 9 if known.market in ("EU", "GB") else 0
    if (
        known.kind in ("commodity", "currency")
        and known.market == "XX"
        and re.search(r"隔夜|结算|收[盘市涨跌]|收于", words)
    ):
        return 12
    # futures open at six in the morning; a metal or a dollar index is told when New York or London has closed
    return 6 if known.kind in ("commodity", "currency") and known.market == "XX" and "比特" not in words else 0


def _weekday_before(day: date) -> date:
    day -= timedelta(1)
    while day.weekday() > 4:
        day -= timedelta(1)
    return day


def _times(place: Place) -> list[Time]:
    """The times of the sentence before the figure that are not merely compared with."""
    low = place.claim.sentence[0]
    return [
        t
        for t in place.reading.times
        if low <= t.start and t.end <= place.claim.figure.start and not _compared(place, t) and _reaches(place, t)
    ]


def _reaches(place: Place, time: Time) -> bool:
    """上一交易日 holds for its own clause or from the head of a sentence; 20号 of 20号胶 is no day."""
    folded = place.reading.folded
    word = folded[time.start : time.end]
    if re.fullmatch(r"\d{1,2}号", word):
        return False
    if not word.endswith("交易日"):
        return True
    return time.start >= place.claim.clause[0] or not folded[place.claim.sentence[0] : time.start].strip("，其中而 ")


def _compared(place: Place, time: Time) -> bool:
    """较去年同期增加3家 compares; 较2024年净亏损3.08亿元 tells the level of that year."""
    folded, masked = place.reading.folded, place.reading.masked
    if folded.startswith("同期", time.end) or folded[time.start : time.end].endswith("同期"):
        return True
    if not _COMPARING.search(folded, max(0, time.start - 4), time.start):
        return folded[max(0, time.start - 2) : time.start] == "同比"
    between = masked[time.end : place.claim.figure.start]
    own = time.start >= place.start and not _CHANGED.search(re.sub(r"净?亏损?", "", between))
    return not own


def _own(place: Place) -> bool:
    return any(t.start >= place.start for t in _times(place))


def _named(place: Place) -> tuple[Period | None, str]:
    times = _times(place)
    if not times:
        return None, ""
    last = times[-1]
    text = place.reading.folded
    if len(times) > 1 and re.fullmatch(r"[、和及与]", text[times[-2].end : last.start]):
        return None, "两个时段"
    if len(times) > 1 and _UNTIL.fullmatch(text[times[-2].end : last.start]):
        return _span(place, times[-2], last)
    word = text[last.start : last.end]
    if word in _SAME_DAY:
        return _same_day(place, times[:-1]), ""
    found = resolve(word, place.scene.day, place.claim.entities)
    if found is not None and _QUARTER_END.match(text, last.end) and word.endswith(("末", "底", "月", "日")):
        found = _quarter_to(found.end)
    if found is None and len(times) > 1 and text[times[-2].end : last.start] in ("至", "到", "-", "~", ""):
        return None, "时段读不准"
    if found is not None and _stale_day(word, found, place):
        return None, "“5日”是日期还是天数不明"
    return found, ""


def _span(place: Place, first: Time, last: Time) -> tuple[Period | None, str]:
    """11月26日收盘至12月11日收盘: the days from one to the other."""
    text, day = place.reading.folded, place.scene.day
    one, other = resolve(text[first.start : first.end], day), resolve(text[last.start : last.end], day)
    if one is None or other is None or one.start > other.end:
        return None, "时段读不准"
    return Period(one.start, other.end, "days"), ""


def _quarter_to(end: date) -> Period:
    """截至9月末季度: the three months that end then."""
    months = end.year * 12 + end.month - 3
    return Period(date(months // 12, months % 12 + 1, 1), end, "quarter")


def _stale_day(word: str, found: Period, place: Place) -> bool:
    """5日大涨45.65%: five days or the fifth? Sure only where it is a day or two ago."""
    day = place.scene.day
    return bool(_BARE_DAY.fullmatch(word)) and day is not None and (day - found.start).days > 2


def _same_day(place: Place, earlier: list[Time]) -> Period | None:
    """当日 is the day named last, in this sentence or in those before."""
    low = place.claim.sentence[0]
    days = earlier or [t for t in place.reading.times if t.end <= low][-3:]
    for time in reversed(days):
        word = place.reading.folded[time.start : time.end]
        found = resolve(word, place.scene.day, place.claim.entities) if word not in _SAME_DAY else None
        if found is not None and found.start == found.end:
            return found
    day = place.scene.day
    return Period(day, day) if day else None


def resolve(word: str, day: date | None, codes: tuple[str, ...] = ()) -> Period | None:
    """The days that a word names, by the house's date reader, else by its list of period words; `codes` are whom of."""
    if day is None:
        return periods.resolve(word, None)
    found = dates.resolve(word, day, lambda base: session_before(base, codes)) or periods.resolve(word, day, codes)
    if found is not None and re.search(r"(?:月|年)(?:末|底)$", word):
        return Period(found.end, found.end)
    return found


def _ahead(found: Period, place: Place) -> Period:
    """6月 of a plan told in April lies ahead."""
    day = place.scene.day
    word = place.reading.folded[_times(place)[-1].start : _times(place)[-1].end]
    future = place.claim.modality != "actual" or "概率" in place.before
    if day is None or not future or found.start.year >= day.year or re.search(r"年|FY|20\d\d", word):
        return found
    if found.grain not in ("month", "quarter", "half"):
        return found
    return replace(found, start=_next_year(found.start), end=_next_year(found.end))


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _before(found: Period) -> Period | None:
    """前值 of a month is that of the month before."""
    if found.grain == "month":
        end = found.start - timedelta(1)
        return Period(end.replace(day=1), end, "month")
    if found.grain == "week":
        return Period(found.start - timedelta(7), found.end - timedelta(7), "week")
    return None
