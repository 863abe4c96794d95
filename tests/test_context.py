"""What a draft may say: the horizon, one truth per fact, exact derivations, stable numbers, and how a reference prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quantshark.calendars import Calendar
from quantshark.context import Wishes, wording
from quantshark.context.chinese import to_simplified
from quantshark.context.derive import derive
from quantshark.context.lessons import taught
from quantshark.context.printing import without_references
from quantshark.data import load_concepts
from quantshark.errors import WriterError
from quantshark.model import Fact, Period, Source
from tests.writing import DAY, SESSION, context, document, fact, flow, market, radar, stocks

BEFORE = Calendar("XHKG").previous


def sessions(count: int) -> list[date]:
    """The last sessions up to the one told, the earliest first."""
    days = [SESSION]
    while len(days) < count:
        days.insert(0, BEFORE(days[0]))
    return days


def series(*values: str | None) -> list[Fact]:
    """Daily net buying of a stock, the last value on the session told; None is a day without a figure."""
    days = sessions(len(values))
    return [flow("1810.HK", value, day) for day, value in zip(days, values, strict=True) if value is not None]


def made(facts: list[Fact], op: str) -> list[Fact]:
    """The derived facts of one formula."""
    return [f for f in derive(facts, SESSION, BEFORE) if f.formula and f.formula.op == op]


# Derivations

STREAKS = (
    # the series, the length of the run (None: not derived)
    (("-1", "2", "3", "4"), 3),
    (("1", "-2", "-3", "-4", "-5"), -4),
    (("2", "3", "4"), None),  # reaches the beginning of what is stored: its length is not known
    (("-1", "2", None, "4"), None),  # a missing trading day ends it, and one day is no run
    (("-1", "2", "3", None, "4", "5"), None),
    (("-1", "0", "3", "4", "5"), 3),  # nothing bought is neither sign
    (("1", "2", "3", "0"), None),
    (("-1", "2", "3"), None),  # two days are no run
)


@pytest.mark.parametrize(("values", "length"), STREAKS)
def test_a_run_is_as_long_as_the_series_proves(values: tuple[str | None, ...], length: int | None) -> None:
    found = made(series(*values), "streak")
    assert [f.value for f in found] == ([] if length is None else [Decimal(length)])


def test_a_run_names_its_days_and_the_day_that_stopped_it() -> None:
    facts = series("-1", "2", "3", "4")
    run = made(facts, "streak")[0]
    assert run.period == Period(sessions(3)[0], SESSION, "range")
    assert run.formula is not None
    assert run.formula.operands == tuple(f.fact_id for f in reversed(facts))


def test_the_sum_of_a_run_is_exact() -> None:
    total = made(series("-1", "2.15", "3.07", "4.01"), "sum")[0]
    assert total.value == Decimal("923000000")
    assert total.scope == "cumulative"


def test_a_run_that_a_source_tells_is_not_derived_again() -> None:
    told = fact("1810.HK", "net_flow", "9", "天", kind="streak", ulp=Decimal(1))
    assert made([*series("-1", "2", "3", "4"), told], "streak") == []


def test_difference_is_against_the_session_before_only() -> None:
    gap = made(series("-10.18", "-52.87"), "difference")[0]
    assert gap.value == Decimal("-4269000000")
    assert gap.basis == "prev_day"
    assert made(series("-10.18", None, "-52.87"), "difference") == []


def test_growth_is_of_gross_amounts_only() -> None:
    before, after = sessions(2)
    facts = [
        fact("MKT.HK", "turnover", "193481000000", day=before),
        fact("MKT.HK", "turnover", "196357000000", day=after),
    ]
    assert [f.value for f in made(facts, "growth")] == [Decimal("1.49")]
    assert made(series("2", "4"), "growth") == []


def test_a_share_is_of_a_gross_total_and_never_of_a_net() -> None:
    facts = [fact("MKT.HK", "short_turnover", "31490000000"), fact("MKT.HK", "turnover", "287163000000")]
    assert [f.value for f in made(facts, "share")] == [Decimal("10.97")]
    nets = [flow("FLOW.SOUTHBOUND", "-52.87"), flow("9988.HK", "-33.68")]
    assert made(nets, "share") == []


def test_a_part_larger_than_the_whole_is_no_share() -> None:
    assert made([fact("MKT.HK", "short_turnover", "3"), fact("MKT.HK", "turnover", "2")], "share") == []


def test_places_are_given_by_side_and_not_to_ties() -> None:
    places = {f.entity: (f.value, f.direction) for f in made(stocks(), "rank")}
    assert places["9988.HK"] == (Decimal(1), -1)
    assert places["0700.HK"] == (Decimal(3), -1)
    assert "1810.HK" not in places  # two buyers are no list
    tied = [flow(code, "-5") for code in ("9988.HK", "0981.HK", "0700.HK")]
    assert made(tied, "rank") == []


RECORDS = ((("5", "1", "2", "3", "4", "9"), "record_high", 6), (("5", "9", "8", "7", "6", "1"), "record_low", 6))


@pytest.mark.parametrize(("values", "op", "days"), RECORDS)
def test_a_record_names_how_many_sessions_it_beats(values: tuple[str, ...], op: str, days: int) -> None:
    assert [f.value for f in made(series(*values), op)] == [Decimal(days)]


def test_a_record_does_not_reach_over_a_missing_day() -> None:
    assert made(series("1", "2", None, "3", "4", "9"), "record_high") == []


def test_a_day_on_which_sources_disagree_is_not_known() -> None:
    facts = [*series("-1", "2", "3", "4"), flow("1810.HK", "8", doc_id="other")]
    assert made(facts, "streak") == []


def test_rounded_repetitions_do_not_disagree() -> None:
    rounded = flow("1810.HK", "4.0", doc_id="other", ulp=Decimal(10_000_000))
    assert len(made([*series("-1", "2", "3", "4.04"), rounded], "streak")) == 1


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=12))
def test_derived_values_follow_from_their_operands(values: list[int]) -> None:
    facts = series(*(str(value) for value in values))
    by_id = {f.fact_id: f.value for f in facts}
    for found in derive(facts, SESSION, BEFORE):
        assert found.formula is not None
        numbers = [by_id[name] for name in found.formula.operands]
        if found.formula.op == "sum":
            assert found.value == sum(numbers)
        elif found.formula.op == "difference":
            assert found.value == numbers[0] - numbers[1]
        elif found.formula.op == "streak":
            assert abs(found.value) == len(numbers) - 1


# The horizon


def test_nothing_published_after_the_slot_exists() -> None:
    late = document("late", "南向资金净买入", at=datetime(2025, 12, 12, 9, 5))  # noqa: DTZ001
    told = flow("FLOW.SOUTHBOUND", "99", DAY, doc_id="late")
    found = context([*market(), told], [late])
    assert "late" not in found.documents
    assert all(item.fact.value != told.value for item in found.items)
    assert found.dropped["later"] == 1


def test_a_table_of_the_own_day_says_nothing_before_the_open() -> None:
    found = context([*market(), flow("FLOW.SOUTHBOUND", "99", DAY)])
    assert found.find("southbound") is not None
    assert all(item.fact.period is None or item.fact.period.end < DAY for item in found.items)


def test_a_transcript_grounds_nothing_alone() -> None:
    speech = document("speech", "今天南向资金净流出", kind="transcript")
    found = context([flow("FLOW.SOUTHBOUND", "-52.87", doc_id="speech")], [speech])
    assert found.items == ()
    assert found.dropped["transcript"] == 1


def test_the_closing_reading_stands_before_a_passing_one() -> None:
    noon = document("noon", at=datetime(2025, 12, 11, 12, 5))  # noqa: DTZ001
    passing = fact("IDX.HSI", "change", "-0.23", "%", doc_id="noon", name="恒生指数")
    passing = replace(passing, source=Source("noon", 0, 1, "恒生指数早盘跌0.23%"))
    found = context([passing, fact("IDX.HSI", "change", "-0.04", "%", name="恒生指数")], [noon])
    item = found.find("hsi")
    assert item is not None
    assert item.fact.value == Decimal("-0.04")


def test_a_reading_before_the_close_is_not_the_day() -> None:
    noon = document("noon", at=datetime(2025, 12, 11, 11, 0))  # noqa: DTZ001
    found = context([fact("IDX.SSE", "change", "0.53", "%", doc_id="noon", name="上证指数")], [noon])
    assert found.find("sse") is None


def test_overnight_is_what_came_after_the_close() -> None:
    old = document("old", at=datetime(2025, 12, 11, 5, 0))  # noqa: DTZ001
    new = document("new", at=datetime(2025, 12, 12, 5, 0))  # noqa: DTZ001
    yesterday = fact("IDX.SPX", "change", "0.67", "%", SESSION, doc_id="old", name="标普500指数")
    today = fact("IDX.SPX", "change", "0.21", "%", DAY, doc_id="new", name="标普500指数")
    assert context([yesterday], [old]).find("spx") is None
    found = context([yesterday, today], [old, new]).find("spx")
    assert found is not None
    assert found.fact.value == Decimal("0.21")


def test_the_same_fact_of_two_documents_is_told_once() -> None:
    again = flow("FLOW.SOUTHBOUND", "-52.87", doc_id="news")
    found = context([*market(), again], [document("news", "南向资金净卖出52.87亿港元")])
    assert sum(item.fact.entity == "FLOW.SOUTHBOUND" for item in found.items) == 1
    assert found.dropped["repeated"] == 1


def test_a_core_fact_that_is_missing_holds_the_edition() -> None:
    assert len(context(stocks()).held) == 1
    assert context(market()).held == ()


def test_stale_core_facts_hold_it_too() -> None:
    older = [replace(f, period=Period(BEFORE(SESSION), BEFORE(SESSION))) for f in market()]
    assert context(older).held != ()


def test_bars_and_pins_are_obeyed() -> None:
    facts = [*market(), *stocks()]
    barred = next(f for f in facts if f.entity == "FLOW.SOUTHBOUND")
    assert context(facts, wishes=Wishes(bars=(barred.fact_id,))).find("southbound") is None
    pinned = facts[-1]
    assert context(facts, wishes=Wishes(pins=(pinned.fact_id,))).items[0].fact.fact_id == pinned.fact_id


# Stocks that earn a row


def test_the_watchlist_comes_first_whatever_its_points() -> None:
    facts = [*market(), *stocks()]
    assert context(facts).subjects[0].entity != "0981.HK"
    assert context(facts, wishes=Wishes(watchlist=("0981.HK",))).subjects[0].entity == "0981.HK"


def test_points_are_told_by_reason() -> None:
    subject = next(s for s in context([*market(), *stocks()]).subjects if s.entity == "0700.HK")
    assert set(subject.reasons) == {"flow", "buyback", "rank"}
    assert subject.points == sum(subject.reasons.values())


# Numbers and references


def test_numbers_are_stable_and_start_at_one() -> None:
    facts = [*market(), *stocks()]
    first, second = context(facts), context(list(reversed(facts)))
    assert [item.ref for item in first.items] == [f"f{n}" for n in range(1, len(first.items) + 1)]
    assert [item.fact.fact_id for item in first.items] == [item.fact.fact_id for item in second.items]
    assert first.digest == second.digest


def test_the_digest_hears_a_changed_value() -> None:
    facts = [*market(), *stocks()]
    assert context(facts).digest != context([replace(facts[0], value=Decimal(1)), *facts[1:]]).digest


def test_what_does_not_fit_the_budget_is_counted_and_listed() -> None:
    many = [flow("1810.HK", str(n + 1), SESSION - timedelta(days=n)) for n in range(400)]
    found = context([*market(), *many])
    assert found.dropped["budget"] == len(found.dropped_facts["budget"]) > 0
    assert found.find("southbound") is not None


def ref_of(facts: list[Fact], entity: str, measure: str) -> tuple[str, object]:
    """A context and the reference of one of its facts."""
    found = context(facts)
    return next(i.ref for i in found.items if (i.fact.entity, i.fact.measure) == (entity, measure)), found


PRINTED = (
    # entity, measure, value, unit, kind, phrase, bare value
    ("FLOW.SOUTHBOUND", "net_flow", "-5287000000", "HKD", "money", "净卖出52.87亿港元", "52.87亿港元"),
    ("FLOW.SOUTHBOUND", "net_flow", "7909000000", "HKD", "money", "净买入79.09亿港元", "79.09亿港元"),
    ("IDX.HSI", "change", "1.23", "%", "percent", "上涨1.23%", "1.23%"),
    ("IDX.HSI", "change", "-0.70", "%", "percent", "下跌0.70%", "0.70%"),
    ("IDX.HSI", "close", "25530.51", "点", "index", "收报25530.51点", "25530.51点"),
    ("1810.HK", "net_flow", "11", "天", "streak", "连续11天净买入", "11天"),
    ("1810.HK", "net_flow", "-3", "天", "streak", "连续3天净卖出", "3天"),
)


@pytest.mark.parametrize(("entity", "measure", "value", "unit", "kind", "phrase", "bare"), PRINTED)
def test_a_reference_prints_its_phrase_or_value(
    entity: str, measure: str, value: str, unit: str, kind: str, phrase: str, bare: str
) -> None:
    found = context([fact(entity, measure, value, unit, kind=kind)])
    assert found.said("f1") == phrase
    assert found.said("f1", "value") == bare


def test_print_links_outside_and_resolves_links_inside() -> None:
    found = context(market())
    ref = next(i.ref for i in found.items if i.fact.entity == "FLOW.SOUTHBOUND")
    text, marks = found.print(f"南向资金{{{ref}}}。[南向资金{{{ref}:value}}](d1)")
    url = "https://example.com/News/table"
    assert text == f"南向资金[净卖出52.87亿港元]({url})。[南向资金52.87亿港元]({url})"
    assert [text[m.start : m.end] for m in marks] == ["净卖出52.87亿港元", "52.87亿港元"]
    bare, _ = found.print(f"[南向资金{{{ref}}}](d1)", links=False)
    assert bare == "南向资金净卖出52.87亿港元"


def test_a_document_with_its_own_address_is_linked_there() -> None:
    news = document("news", url="https://news.example/1")
    found = context([flow("FLOW.SOUTHBOUND", "-52.87", doc_id="news")], [news])
    assert "](https://news.example/1)" in found.print("{f1}")[0]


def test_a_derived_fact_is_linked_to_its_main_operand() -> None:
    found = context(series("-1", "2", "3", "4"))
    ref = next(i.ref for i in found.items if i.fact.formula and i.fact.formula.op == "streak")
    assert found.link(ref) == "https://example.com/News/table"


@pytest.mark.parametrize(
    "text", ["{f999}", "[x](f999)", "[x](d99)", "[x](https://evil.example)", "{x}", "}", "[x](javascript:1)"]
)
def test_what_does_not_resolve_raises(text: str) -> None:
    with pytest.raises(WriterError):
        context(market()).print(text)


def test_traditional_words_keep_their_figures() -> None:
    text, marks = context(market()).print("南向资金{f1}，港股流动性承压", "hant")
    assert "南向資金" in text
    assert "52.87億港元" in text[marks[0].start : marks[0].end]


@given(st.text(max_size=80))
def test_own_words_survive_printing(words: str) -> None:
    plain = "".join(c for c in words if c not in "{}[]()")
    assume(to_simplified(plain) == plain)
    found = context(market())
    assert found.print(plain)[0] == plain
    assert without_references(plain) == plain


def test_a_traditional_source_is_told_in_the_report_s_script() -> None:
    news = document(
        "news", "阿里開源推理模型，港股互聯網龍頭的AI資產受關注。", "阿里開源推理模型，港股互聯網龍頭的AI資產受關注"
    )
    found = context(market(), [news])
    assert found.print(found.tell(found.stories[0]))[0].startswith("[阿里开源推理模型")
    assert found.print(found.tell(found.stories[0]), "hant")[0].startswith("[阿里開源推理模型")


def test_the_block_lists_every_fact_under_its_document() -> None:
    found = context([*market(), *stocks()])
    assert all(f"[{item.ref}]" in found.block for item in found.items)
    assert found.tokens < 6000


# News


def test_a_story_names_days_and_keeps_its_figures_as_facts() -> None:
    text = "量子快讯12月11日电，央行今日净投放378亿元。"
    news = document("news", text, "央行今日净投放378亿元")
    told = fact("~央行", "omo_net", "37800000000", "CNY", doc_id="news", surface="378亿元")
    found = context([*market(), told], [news])
    assert [story.plain for story in found.stories] == ["央行12月11日净投放378亿元"]
    assert found.tell(found.stories[0]).startswith("[央行12月11日净投放{f")


UNTOLD = (
    ("阿里巴巴-W回购8000万元", "一个没有依据的数字不讲"),
    ("①光模块订单饱满；这家公司业绩超预期", "栏目推广不讲"),
    ("以军空袭黎巴嫩致数人死亡", "战事不讲"),
)


@pytest.mark.parametrize(("title", "why"), UNTOLD)
def test_what_may_not_be_told_is_no_story(title: str, why: str) -> None:
    assert context(market(), [document("news", title, title)]).stories == (), why


def test_a_story_stops_before_the_first_unproved_figure() -> None:
    text = "央行公告将开展逆回购操作以保持流动性充裕，规模为9999亿元。"
    found = context(market(), [document("news", text, "央行公告")])
    assert [story.plain for story in found.stories] == ["央行公告将开展逆回购操作以保持流动性充裕"]


def test_old_news_is_not_fresh() -> None:
    old = document("news", "央行公告将开展逆回购操作", "央行公告将开展逆回购操作", datetime(2025, 12, 10, 17, 0))  # noqa: DTZ001
    assert [story.fresh for story in context(market(), [old]).stories] == [False]


def test_the_lesson_is_not_one_taught_lately() -> None:
    facts = [*market(), *stocks()]
    first = context(facts).lesson
    assert first is not None
    second = context(facts, wishes=Wishes(taught=(first.concept.slug,))).lesson
    assert second is not None
    assert second.concept.slug != first.concept.slug


def test_a_story_does_not_end_on_a_date() -> None:
    text = "某公司公告显示，12月1日至12月11日，累计回购近4亿港元。"
    assert context(market(), [document("news", text, "某公司公告显示，12月1日至12月11日")]).stories == ()


def test_earlier_lessons_are_read_from_their_headings() -> None:

    texts = [
        "**为了读懂今天的市场，你可能需要了解：[南向资金]**\n\n…",
        "**為了讀懂今天的市場，你可能需要了解：[股份回購]**",
        "没有一课",
    ]
    assert set(taught(radar(), texts, load_concepts())) == {"southbound", "buyback"}


def test_lessons_go_on_to_other_concepts_while_any_is_left() -> None:
    facts = [*market(), *stocks()]
    seen: list[str] = []
    while (lesson := context(facts, wishes=Wishes(taught=tuple(seen))).lesson) is not None:
        assert lesson.concept.slug not in seen
        seen.append(lesson.concept.slug)
    assert len(seen) >= 5


def test_lessons_do_not_come_back_and_the_easier_of_a_fact_comes_first() -> None:
    """Day after day with the same facts: what was taught is not taught again, and each line goes from easy to hard."""
    taught: list[str] = []
    levels: dict[str, list[int]] = {}
    while (lesson := context([*market(), *stocks()], wishes=Wishes(taught=tuple(taught))).lesson) is not None:
        taught.append(lesson.concept.slug)
        levels.setdefault(lesson.line, []).append(lesson.concept.level)
    assert len(taught) >= 8
    assert len(set(taught)) == len(taught)
    assert all(found == sorted(found) for found in levels.values()), levels


def test_a_count_is_printed_without_zeros_that_only_pad() -> None:
    """A table's 380.0 under 回购数量(万股) is 380万股; an amount keeps the digits of its source."""
    shares = fact("1810.HK", "buyback_shares", "3800000", "股", kind="count", ulp=Decimal(1000), surface="380.0")
    assert wording.value_of(shares) == "380万股"
    assert wording.value_of(replace(shares, surface="380.0万股")) == "380万股"
    assert wording.value_of(fact("1810.HK", "buyback_amount", "160000000")) == "1.60亿港元"


def test_running_text_has_the_lead_sentence_where_a_headline_only_points_at_it() -> None:
    text = "量子快讯12月11日电，一家内资券商晨会观点认为，会议定调积极，市场会先交易预期。"
    (view,) = context(market(), [document("news", text, "机构：会议定调有助稳定预期")]).stories
    assert view.plain == "机构：会议定调有助稳定预期"
    assert "".join(map(str, view.prose)) == "一家内资券商晨会观点认为，会议定调积极，市场会先交易预期"
    assert view.more == ()


def test_a_headline_with_a_figure_stays_what_is_told() -> None:
    text = "量子快讯12月11日电，央行今日净投放378亿元，操作利率不变，市场资金面平稳。"
    told = fact("~央行", "omo_net", "37800000000", "CNY", doc_id="news", surface="378亿元")
    (story,) = context([*market(), told], [document("news", text, "央行今日净投放378亿元")]).stories
    assert story.prose == ()


def test_a_headline_s_gap_is_told_as_a_comma() -> None:
    found = context(market(), [document("news", "腾讯混元大模型升级 开放推理接口")])
    assert "腾讯混元大模型升级，开放推理接口" in found.tell(found.stories[0])


def test_a_morning_s_turnover_is_held_against_the_morning_before() -> None:
    noon = [
        fact("MKT.A", "turnover", value, "CNY", day=day, scope="half_day")
        for day, value in zip(sessions(2), ("1000", "1100"), strict=True)
    ]
    assert [found.value for found in made(noon, "growth")] == [Decimal("10.00")]


def test_news_does_not_lose_its_figures_to_tables() -> None:
    """Three hundred cells of the day's stocks and one told story: the story's figure has its place."""
    cells = [fact(f"{code:04}.HK", "turnover", str(code), name=f"公司{code}") for code in range(1000, 1400)]
    told = fact("~央行", "omo_net", "37800000000", "CNY", doc_id="news", surface="378亿元")
    found = context([*market(), *cells, told], [document("news", "央行今日净投放378亿元", "央行今日净投放378亿元")])
    assert [story.plain for story in found.stories] == ["央行12月11日净投放378亿元"]
