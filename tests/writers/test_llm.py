"""The model writer and what holds it: whatever a model says, nothing false is printed and a section comes out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from quantshark.checks import judge
from quantshark.context import Brief
from quantshark.errors import ModelError
from quantshark.model import Event, Section
from quantshark.prompts import estimate_tokens
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply
from quantshark.writers.fallback import FallbackWriter
from quantshark.writers.llm import ModelWriter
from quantshark.writers.repair import RepairingWriter
from quantshark.writers.rules import RuleWriter, write_section
from tests.writers.conftest import Desk, Model, dutiful, prefixes, slots_of, verdicts_of

SECTIONS = ("overview", "stocks", "theme", "verdict", "lesson")
PROSE = ("overview", "stocks", "verdict", "lesson")
"""The theme quotes the news as it is; there is nothing in it for a model to write."""


def writer(desk: Desk, model: Model, context_tokens: int = 4000) -> FallbackWriter:
    """The whole tower over a scripted model, as the newsroom builds it."""
    inner = ModelWriter(Endpoint(model, attempts=1), Budget.of(60), context_tokens=context_tokens)
    return FallbackWriter(RepairingWriter(inner, verdicts_of(desk), desk.evidence.names), RuleWriter())


def write(desk: Desk, model: Model, slug: str, heard: list[Event] | None = None, context_tokens: int = 4000) -> Section:
    brief = Brief(desk.context.edition.section(slug), desk.context)
    return asyncio.run(writer(desk, model, context_tokens).write(brief, (heard if heard is not None else []).append))


def blocking(desk: Desk, section: Section) -> list[str]:
    result = judge(section.text, desk.evidence, as_of=desk.context.day, marks=section.marks)
    return [f"{verdict.surface}: {verdict.message}" for verdict in result.verdicts if verdict.blocks]


@pytest.mark.parametrize("slug", PROSE)
def test_what_a_dutiful_model_writes_is_printed_with_its_figures(desk: Desk, slug: str) -> None:
    section = write(desk, Model(), slug)
    plain = write_section(Brief(desk.context.edition.section(slug), desk.context))
    assert section.writer == "stub"
    assert "资料显示" in section.text
    assert {mark.fact_id for mark in section.marks} >= {mark.fact_id for mark in plain.marks}
    assert not blocking(desk, section)


def test_the_beginning_of_every_prompt_of_a_draft_is_the_same_to_the_byte(desk: Desk) -> None:
    model = Model()
    for slug in SECTIONS:
        write(desk, model, slug)
    assert len(set(prefixes(model.asked))) == 1
    whole = sum(estimate_tokens(said) for ask in model.asked for _, said in ask.messages)
    shared = sum(estimate_tokens(said) for said in prefixes(model.asked))
    assert shared / whole >= 0.7
    assert max(sum(estimate_tokens(said) for _, said in ask.messages) for ask in model.asked) <= 6000


def test_the_first_call_of_a_draft_goes_alone_and_the_others_together(desk: Desk) -> None:
    flying: list[int] = []
    now = 0

    class Slow(Model):
        async def send(self, ask: Ask) -> Reply:
            nonlocal now
            now += 1
            flying.append(now)
            await asyncio.sleep(0.02)
            now -= 1
            return await super().send(ask)

    tower = writer(desk, Slow())
    briefs = [Brief(desk.context.edition.section(slug), desk.context) for slug in SECTIONS]

    async def all_at_once() -> None:
        await asyncio.gather(*(tower.write(brief, lambda _: None) for brief in briefs))

    asyncio.run(all_at_once())
    assert flying[0] == 1
    assert max(flying) >= 3
    assert flying.index(max(flying)) > 1


LIES: dict[str, Callable[[str], str]] = {
    "typed digits": lambda said: said + "南向资金净买入99.87亿港元。",
    "a wrong unit": lambda said: said + "南向资金净卖出52.87万港元。",
    "a wrong sign": lambda said: said + "南向资金净买入52.87亿港元。",
    "a wrong company": lambda said: said + "美团-W遭南向资金净卖出33.68亿港元。",
    "Chinese numerals": lambda said: said + "南向资金净卖出九十九点八七亿港元。",
    "full-width digits": lambda said: said + "南向资金净卖出９９．８７亿港元。",
    "another company in words": lambda said: "与宁德时代一样，" + said,
    "a buy word": lambda said: said + "可以分批建仓。",
    "a promise": lambda said: said + "后市必涨。",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
@pytest.mark.parametrize("slug", ["overview", "stocks"])
def test_a_lie_goes_back_and_is_never_printed(desk: Desk, lie: Callable[[str], str], slug: str) -> None:
    heard: list[Event] = []
    section = write(desk, Model(say=lambda key, ask: lie(dutiful(key, ask))), slug, heard)
    assert not blocking(desk, section)
    assert not re.search(r"99\.87|九十九|９９|52\.87万|建仓|必涨|宁德时代", section.text)
    assert section.text


def test_only_what_was_flagged_goes_back_with_the_reason_and_never_a_document(desk: Desk) -> None:
    lied: set[str] = set()

    def once(key: str, ask: Ask) -> str:
        if key == "a1" and key not in lied:
            lied.add(key)
            return dutiful(key, ask) + "另有净买入99.87亿港元。"
        return dutiful(key, ask)

    heard: list[Event] = []
    model = Model(say=once)
    section = write(desk, model, "overview", heard)
    assert section.rounds == 1
    assert list(slots_of(model.asked[-1])) == ["a1"]
    told = model.asked[-1].messages[1][1]
    assert "99.87" in told
    assert not any(story.document.text in told for story in desk.context.stories)
    assert [event.name for event in heard if event.name == "repaired"] == ["repaired"]


def test_what_goes_back_is_short_and_speaks_of_what_is_asked_for_alone(desk: Desk) -> None:
    """It once repeated every sentence with its links for each of its faults, to each of the calls: 4,300 tokens."""

    def mixed_up(key: str, ask: Ask) -> str:
        told = dutiful(key, ask)
        refs = re.findall(r"\{f\d+(?::[a-z]+)?\}", told)
        turned = iter([*refs[1:], *refs[:1]])
        return re.sub(r"\{f\d+(?::[a-z]+)?\}", lambda _found: next(turned), told)

    model = Model(say=mixed_up)
    write(desk, model, "overview")
    first = next(ask for ask in model.asked if "没有通过核对" in ask.messages[1][1])
    told = first.messages[1][1]
    assert estimate_tokens(told) < 900
    assert "http" not in told
    assert "「" not in told
    assert {line[2:4] for line in told.splitlines() if line.startswith("- ")} == set(slots_of(first))


def test_a_phrase_around_a_reference_is_not_copied_from_the_example(desk: Desk) -> None:
    """南向资金在{t1} stands in the example of the instructions, and in any sentence about that money."""

    def say(key: str, ask: Ask) -> str:
        told = dutiful(key, ask)
        return re.sub(r"^资料显示，\{t1\}.*?南向资金", "南向资金在{t1}", told) if key == "a1" else told

    section = write(desk, Model(say=say), "overview")
    assert "南向资金在" in section.text
    assert section.rounds == 0


def test_a_tone_against_the_facts_goes_back(desk: Desk) -> None:
    def praise(key: str, ask: Ask) -> str:
        flows = f"{key}（资金面）" in ask.messages[1][1]
        return dutiful(key, ask) + ("。流动性获得支持。" if flows else "")

    section = write(desk, Model(say=praise), "overview")
    assert "流动性获得支持" not in section.text


BROKEN: dict[str, Callable[[str, Ask, int], Reply]] = {
    "no JSON": lambda _text, _ask, _n: Reply("好的，我来写。"),
    "cut off": lambda text, _ask, _n: Reply(text[: len(text) // 2], finish="length"),
    "another question's answer": lambda _text, _ask, _n: Reply('{"summary": "今天很好，资金面平稳，一切正常。"}'),
    "invented references": lambda text, _ask, _n: Reply(re.sub(r"\{([fst])", r"{\g<1>99", text)),
    "brackets of another language": lambda text, _ask, _n: Reply(re.sub(r"\{([fst]\d+)\}", r"【\1】", text)),
    "markup": lambda text, _ask, _n: Reply(text.replace("资料显示", "[资料](https://evil.example)<b>显示")),
    "English": lambda text, _ask, _n: Reply(re.sub(r"[\u3400-\u9fff]+", " the market said ", text)),
    "a refusal": lambda _text, _ask, _n: Reply("抱歉，我无法提供投资建议。"),
    "extra keys": lambda text, _ask, _n: Reply(text[:-1] + ', "publish": "true"}'),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_reply_that_does_not_fit_leaves_the_rules_words(desk: Desk, broken: Callable[[str, Ask, int], Reply]) -> None:
    section = write(desk, Model(reply=broken), "overview")
    plain = write_section(Brief(desk.context.edition.section("overview"), desk.context))
    assert section.text == plain.text
    assert section.writer == "rules"


def test_a_reply_that_fits_at_the_second_try_is_taken(desk: Desk) -> None:
    model = Model(reply=lambda text, _ask, n: Reply(text if n > 1 else "{"))
    assert write(desk, model, "lesson").writer == "stub"
    assert len(model.asked) == 2


def test_a_model_that_cannot_be_reached_leaves_the_section_to_the_rules(desk: Desk) -> None:
    def fail(_text: str, _ask: Ask, _n: int) -> Reply:
        raise ModelError("stub is down", final=True)

    section = write(desk, Model(reply=fail), "stocks")
    plain = write_section(Brief(desk.context.edition.section("stocks"), desk.context))
    assert section == replace(plain, note=section.note)
    assert "stub is down" in section.note


def test_a_small_context_shows_fewer_facts_and_cites_the_same(desk: Desk) -> None:
    model = Model()
    section = write(desk, model, "stocks", context_tokens=200)
    assert estimate_tokens(model.asked[0].messages[0][1]) < 1200
    assert section.writer == "stub"
    assert section.marks
