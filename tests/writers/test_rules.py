"""The rules writer reads like an editor and types no figure; what a stranger would not bind it takes back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from quantshark import sources
from quantshark.checks import Evidence, judge
from quantshark.context import Brief, Context, build
from quantshark.context.printing import without_references
from quantshark.editions import load
from quantshark.lexicon.figures import find_figures
from quantshark.model import Section
from quantshark.newsroom import drafting
from quantshark.sources.extract import extract, teach
from quantshark.writers.rules import compose, composition, headline, write_section
from quantshark.writers.rules_careful import careful
from tests.writing import DAY, context, document, fact, flow, market, stocks

TRADE_WORDS = re.compile(
    r"(?<!净)买入(?!名单|榜)|(?<!净)卖出(?!名单|榜)|增持|减持建议|建仓|加仓|减仓|补仓|止盈|止损|抄底|目标位"
)


def sections(found: Context, script: str = "hans") -> list[Section]:
    """All sections as printed."""
    return [write_section(Brief(spec, found, script)) for spec in found.edition.sections]


@pytest.fixture(scope="module")
def week(request: pytest.FixtureRequest) -> Context:
    """The radar of 2025-12-12 from the newsroom's fixtures, careful as in the newsroom."""
    folder = Path(str(request.config.rootpath)) / "fixtures" / "2025-12"
    known = [d for d in sources.read_all([folder]).documents if d.known_at and d.known_at.date() <= DAY]
    names = teach(known)
    facts = [f for d in known for f in extract(d, names)]
    found = build(load("radar"), facts, known, DAY, site="https://quantshark.io")
    shown = [d for d in known if d.known_at and d.known_at.date() >= date(2025, 12, 8) and d.known_at <= found.until]
    return careful(found, Evidence(shown, [i.fact for i in found.items if i.fact.formula]))


def test_all_five_parts_are_written(week: Context) -> None:
    written = sections(week)
    assert [section.slug for section in written] == ["overview", "stocks", "theme", "verdict", "lesson"]
    assert all(section.text and not section.note for section in written)


def test_enough_is_said_and_proved(week: Context) -> None:
    written = sections(week)
    documents = {item.document.doc_id for item in week.items if item.document and _is_cited(item.ref, week)}
    assert sum(len(section.marks) for section in written) >= 40
    assert len(documents) >= 10


def _is_cited(ref: str, found: Context) -> bool:
    return any(f"{{{ref}" in (text or "") for text in composition(found).texts.values())


def test_no_field_of_a_table_is_empty(week: Context) -> None:
    for section in sections(week)[:2]:
        rows = [line.strip("| ").split(" | ") for line in section.text.splitlines()[2:]]
        assert rows
        assert all(len(row) == 3 and all(cell.strip("* ") for cell in row) for row in rows)


def test_nothing_of_the_own_day_is_told(week: Context) -> None:
    for section in sections(week):
        for mark in section.marks:
            fact = next(i.fact for i in week.items if i.fact.fact_id == mark.fact_id)
            # What was announced for a later day is no reading of the market.
            assert fact.period is None or fact.period.end <= DAY or fact.modality == "plan"
    assert "今日" not in "".join(section.text for section in sections(week))


def test_observe_gives_no_orders(week: Context) -> None:
    for section in sections(week):
        words = re.sub(r"\]\([^)]*\)", "]", section.text)
        assert TRADE_WORDS.findall(words) == [], section.slug


def test_no_sentence_is_said_twice(week: Context) -> None:
    text = "\n".join(section.text for section in sections(week))
    told = [s.strip() for s in re.split(r"[。\n|]", re.sub(r"\]\([^)]*\)", "]", text)) if len(s.strip()) > 14]
    assert sorted(s for s in set(told) if told.count(s) > 1) == []


def test_openings_of_guidance_vary(week: Context) -> None:
    guidance = re.findall(r"\| (\*\*[^|]{2,12}(?:？|：)\*\*)", sections(week)[1].text)
    assert len(guidance) >= 6
    assert len(set(guidance)) == len(guidance)


def test_every_figure_comes_from_a_reference_or_is_an_approved_threshold(week: Context) -> None:
    approved = set(week.edition.thresholds.values())
    for slug, text in composition(week).texts.items():
        words = re.sub(
            r"^\|.*\|$", lambda m: m[0].replace("|", "｜"), without_references(text or ""), flags=re.MULTILINE
        )
        typed = {f.surface for f in find_figures(words) if f.exempt is None and f.kind not in ("date", "time")}
        assert typed <= approved, slug


def test_a_stranger_finds_nothing_against_it(week: Context) -> None:
    known = list(week.documents.values())
    recent = [d for d in known if d.known_at and d.known_at.date() >= date(2025, 12, 8)]
    evidence = Evidence(recent, [i.fact for i in week.items if i.fact.formula])
    head = headline(week)
    body = "\n\n".join(f"## {section.title}\n\n{section.text}" for section in sections(week))
    result = judge(f'---\ntitle: "{head.title}"\n---\n\n{body}', evidence, as_of=DAY)
    assert [(v.surface, v.reason) for v in result.verdicts if v.blocks] == []


def test_chance_and_risk_are_not_the_same_thing(week: Context) -> None:
    chance, risk = sections(week)[3].text.split("最大的风险", 1)
    assert "小米集团-W" in chance
    assert "南向资金净流出" in risk


def test_southbound_money_is_the_mainland_s(week: Context) -> None:
    lesson = sections(week)[4].text
    assert "南向资金" in lesson
    assert "内地" in lesson
    assert "说明国际投资者" not in lesson


def test_the_title_tells_the_day_and_the_weightiest_facts(week: Context) -> None:
    head = headline(week)
    assert head.title.startswith("12月12日盘前机会与风险雷达：")
    assert "净卖出52.87亿港元" in head.title
    assert "](" not in head.title
    assert head.title[head.marks[0].start : head.marks[0].end] == "净卖出52.87亿港元"


def test_traditional_script_prints_the_same_facts(week: Context) -> None:
    plain, traditional = sections(week), sections(week, "hant")
    assert [[m.fact_id for m in s.marks] for s in plain] == [[m.fact_id for m in s.marks] for s in traditional]
    assert "南向資金" in traditional[0].text


def test_the_same_facts_give_the_same_report() -> None:
    facts = [*market(), *stocks()]
    assert compose(context(facts)).texts == compose(context(list(reversed(facts)))).texts


def test_another_day_is_worded_otherwise() -> None:
    """The choice hangs on edition and day: over a few days at least one sentence is said in another way."""
    facts = [flow("FLOW.SOUTHBOUND", "-52.87"), *market()[3:], *stocks()]
    days = [DAY + timedelta(days=n) for n in (0, 3, 4, 5, 6, 7)]
    texts = {without_references(compose(replace(context(facts), day=day)).texts["overview"] or "") for day in days}
    assert len(texts) > 1


SIGNS = (("-52.87", "🔴南向净卖出", "净卖出52.87亿港元"), ("79.09", "🟢南向净买入", "净买入79.09亿港元"))


@pytest.mark.parametrize(("value", "state", "phrase"), SIGNS)
def test_state_and_verb_follow_the_sign(value: str, state: str, phrase: str) -> None:
    found = context([flow("FLOW.SOUTHBOUND", value), *market()[3:]])
    text = sections(found)[0].text
    assert state in text
    assert phrase in text


def test_a_section_without_facts_is_left_out_and_says_so() -> None:
    written = {section.slug: section for section in sections(context(market()))}
    assert written["stocks"].text == ""
    assert written["stocks"].note
    assert written["overview"].text


def test_a_row_without_facts_is_left_out() -> None:
    text = sections(context(market()))[0].text
    assert "资金面" in text
    assert "**外围面**" not in text
    assert "行业面" not in text
    assert "外围面：资料中没有" in text  # an expected row that is missing is named


def test_a_loss_is_no_chance() -> None:
    facts = [
        flow("FLOW.SOUTHBOUND", "-52.87"),
        flow("9988.HK", "-33.68"),
        flow("0981.HK", "-8.62"),
        flow("0700.HK", "-6.93"),
    ]
    text = next(s.text for s in sections(context(facts)) if s.slug == "verdict")
    chance = text.split("最大的风险", 1)[0]
    assert "本期不作判断" in chance


def test_buyback_against_selling_is_a_division() -> None:
    rows = sections(context([*market(), *stocks()]))[1].text.splitlines()
    row = next(line for line in rows if "腾讯控股" in line)
    assert "回购" in row
    assert "斥资" in row
    assert "6.32亿港元" in row


def test_news_of_a_stock_is_told_in_its_row_only_once() -> None:
    title = "阿里巴巴-W将分拆旗下业务在港交所上市"
    news = document("news", f"量子快讯12月11日电，{title}，公告称细节待定。", title, datetime(2025, 12, 11, 19, 0))  # noqa: DTZ001
    text = "\n".join(section.text for section in sections(context([*market(), *stocks()], [news])))
    assert text.count("分拆旗下业务") == 1


def test_what_cannot_be_proved_is_taken_back() -> None:
    """Evidence that contradicts a fact: the sentence goes, the rest of the report stays."""
    facts = [*market(), *stocks()]
    found = context(facts)
    said = "12月11日南向资金净卖出52.87亿港元，其中港股通（沪）净卖出46.25亿港元，港股通（深）净卖出6.62亿港元。恒生指数12月11日下跌0.04%，收报25530.51点，恒生科技指数下跌0.84%。"
    evidence = Evidence([document("table", said, said[:40])])
    cautious = careful(found, evidence)
    assert cautious.unsaid
    told = drafting.unsaid(cautious)
    assert any(line.startswith("🎯 Part 2: 个股机会与风险雷达 · 阿里巴巴-W · “") for line in told), told
    assert not any(slug in line for line in told for slug in ("overview", "run_out", "top_out", "flow_out"))
    assert cautious.digest != found.digest
    text = "".join(section.text for section in sections(cautious))
    assert "52.87亿港元" in text
    assert "33.68亿港元" not in text


def test_a_bare_table_day_still_reads() -> None:
    """One figure is enough for a row, and for nothing more."""
    found = context([fact("IDX.SSE", "change", "0.71", "%", name="上证指数")])
    written = {section.slug: section.text for section in sections(found)}
    assert "上证指数[上涨0.71%]" in written["overview"]
    assert not found.held


def test_hedged_figures_keep_their_hedge() -> None:
    hedged = replace(flow("FLOW.SOUTHBOUND", "42.21"), hedge="over", surface="42.21亿港元")
    text = sections(context([hedged]))[0].text
    assert "净买入超42.21亿港元" in text


def test_real_news_alone_makes_a_report(shared: Path) -> None:
    folder = shared / "newsday"
    if not folder.is_dir():
        pytest.skip("the two news days are not here")
    day = date(2026, 4, 15)
    known = list(sources.read_all([folder]).documents)
    names = teach(known)
    facts = [f for d in known for f in extract(d, names)]
    found = build(load("radar"), facts, known, day, site="https://example.com")
    written = [section for section in sections(found) if section.text]
    assert not found.held
    assert len(written) >= 4
    assert sum(len(section.marks) for section in written) >= 15
    assert not re.search(r"空袭|导弹|真主党|遇难", "".join(section.text for section in written))
    assert all(item.fact.value != Decimal(0) or item.fact.kind for item in found.items)
