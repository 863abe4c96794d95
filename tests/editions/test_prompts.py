"""Every section of every edition can be asked of a model: it has a prompt of its own that says what is wanted of it."""

from __future__ import annotations

import asyncio

import pytest

from quantshark import editions
from quantshark.checks import judge
from quantshark.context import Brief
from quantshark.writers.calls import Budget, Endpoint
from quantshark.writers.fallback import FallbackWriter
from quantshark.writers.llm import ModelWriter
from quantshark.writers.prompt_book import PromptBook
from quantshark.writers.repair import RepairingWriter
from quantshark.writers.rules import RuleWriter
from tests.editions.conftest import framed
from tests.writers.conftest import Model

SECTIONS = [(slug, spec.slug) for slug in editions.slugs() for spec in editions.load(slug).sections]


@pytest.mark.parametrize(("slug", "section"), SECTIONS)
def test_a_section_has_a_prompt_of_its_own(slug: str, section: str) -> None:
    prompt = PromptBook.of(None).section(editions.load(slug), section)
    assert prompt.path.stem == section
    message, *others = prompt.render({"task": "写法", "slots": "各项"})
    text = message.text
    assert (message.role, others) == ("user", [])
    assert "写法" in text
    assert "各项" in text
    assert len(text) > 30


@pytest.mark.parametrize("slug", ["scan", "close", "theme", "midday"])
def test_a_model_writes_the_edition_and_nothing_false_is_printed(slug: str) -> None:
    """A careful model over the whole tower; what it may not say is written by the rules."""
    context, evidence = framed(slug, "2025-12", "2025-12-12")
    model = Model()
    tower = FallbackWriter(
        RepairingWriter(
            ModelWriter(Endpoint(model, attempts=1), Budget.of(60)),
            lambda text, marks: judge(text, evidence, as_of=context.day, marks=marks).verdicts,
            evidence.names,
        ),
        RuleWriter(),
    )
    briefs = [Brief(spec, context) for spec in context.edition.sections]
    sections = [asyncio.run(tower.write(brief, lambda _: None)) for brief in briefs]
    assert all(section.text for section in sections)
    assert sum(section.writer == "stub" for section in sections) >= 2
    for section in sections:
        head = "---\nprojections: true\n---\n\n" if context.edition.projections else ""
        judged = judge(head + section.text, evidence, as_of=context.day)
        assert [v.message for v in judged.verdicts if v.blocks] == [], section.slug
