"""Which text a section is asked with: the file, or the variant that stands in for it."""

from __future__ import annotations

import asyncio

import pytest

from quantshark.context import Brief
from quantshark.editions import load, roots
from quantshark.errors import PromptError
from quantshark.model import Usage
from quantshark.prompts import Sampling
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply, paid_for
from quantshark.writers.llm import ModelWriter
from quantshark.writers.prompt_book import PromptBook
from tests.writers.conftest import Desk, Model

OVERVIEW = "radar/overview.prompty"


def variant() -> str:
    return (roots() / OVERVIEW).read_text("utf-8").replace("user:\n", "user:\n多写一句因果。\n")


def asked(desk: Desk, book: PromptBook) -> Ask:
    model = Model()
    writer = ModelWriter(Endpoint(model, attempts=1), Budget.of(60), prompts=book)
    brief = Brief(desk.context.edition.section("overview"), desk.context)
    asyncio.run(writer.attempt(brief, lambda _event: None))
    return model.asked[0]


def test_a_section_is_asked_with_the_text_of_a_variant(desk: Desk) -> None:
    plain, changed = (asked(desk, PromptBook(roots(), texts)) for texts in ({}, {OVERVIEW: variant()}))
    assert "多写一句因果。" not in plain.messages[-1][1]
    assert changed.messages[-1][1].startswith("多写一句因果。")
    assert changed.messages[0] == plain.messages[0]


def test_sampling_is_what_the_file_says_unless_given(desk: Desk) -> None:
    given = PromptBook(roots(), sampling=Sampling(temperature=0.9))
    assert (asked(desk, PromptBook.of(None)).temperature, asked(desk, given).temperature) == (0.4, 0.9)


def test_digests_name_the_variant() -> None:
    edition = load("radar")
    plain, changed = PromptBook(roots()).digests(edition), PromptBook(roots(), {OVERVIEW: variant()}).digests(edition)
    assert {name for name in plain if plain[name] != changed[name]} == {OVERVIEW}


def test_a_section_without_a_prompt_of_its_own_may_be_given_one() -> None:
    edition = load("scan")
    assert PromptBook(roots()).section(edition, "weather").name == "section.prompty"
    given = PromptBook(roots(), {"scan/weather.prompty": variant()})
    assert given.section(edition, "weather").name == "weather.prompty"


def test_a_variant_is_held_to_the_rules_of_files() -> None:
    book = PromptBook(roots(), {OVERVIEW: "user:\n写吧"})
    with pytest.raises(PromptError, match="no front matter"):
        book.section(load("radar"), "overview")


def test_a_kept_reply_tells_what_it_cost() -> None:
    kept: dict[str, str] = {}

    class Shelf:
        def get(self, key: str) -> str | None:
            return kept.get(key)

        def put(self, key: str, reply: str) -> None:
            kept[key] = reply

    class Paid(Model):
        async def send(self, ask: Ask) -> Reply:  # noqa: ARG002  (the answer is always the same)
            return Reply("好", usage=Usage(tokens_in=1200, tokens_out=80, tokens_cached=1000))

    endpoint = Endpoint(Paid(), journal=Shelf())
    asyncio.run(endpoint.ask(Ask((("user", "写"),)), Budget.of(60)))
    told = paid_for(next(iter(kept.values())))
    assert (told.calls, told.tokens_in, told.tokens_out, told.tokens_cached) == (1, 1200, 80, 1000)
    assert told.seconds > 0
