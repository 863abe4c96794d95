"""One sentence once more, by the model: it is given the facts that stand there, writes around them, and is checked at once.

The sentence becomes a form of one slot (see `writers.form`): figures are references, quoted headlines and days are tokens,
so that the model can place them and not change them. What does not pass is asked for once more with the reason; then the
old sentence stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from quantshark.context import Brief, Context
from quantshark.errors import EditError, WriterError
from quantshark.model import Listener, Mark, Verdict
from quantshark.newsroom import mending
from quantshark.newsroom.editing import Editing
from quantshark.newsroom.framing import Frame
from quantshark.newsroom.places import Place, Sentence, sentences
from quantshark.newsroom.room import Reread, nobody
from quantshark.writers.form import Form, Slot, with_tokens
from quantshark.writers.llm import Attempt, Finding

TRIES = 2
KEY = "a1"
OTHER_WORDS = "请换一种说法，意思和事实都不变。"

_LINK = re.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)")
_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")


class Reviser(Protocol):
    """What is asked of a model: the flagged slots once more."""

    async def revise(self, attempt: Attempt, findings: tuple[Finding, ...], listen: Listener) -> Attempt: ...


class Rewriting(Editing):
    """The verb that asks a model."""

    async def rewrite(
        self, draft_id: str, section: str, sentence: str, actor: str, listen: Listener = nobody
    ) -> Reread:
        """Another wording for a sentence, as it stands in the section. Raises EditError where no model is configured, it
        cannot be reached, or writes nothing that passes; the draft is then as it was.
        """
        reread = self.reread(draft_id)
        saved = reread.saved
        frame = self._frame(saved.draft)
        old = mending.section_of(saved.draft, section)
        found = next((each for each in sentences(old.text) if each.text == sentence.strip()), None)
        if found is None:
            raise EditError(f"section {section} has no such sentence", notice="找不到这一句，它可能已被改动。")
        place = next(each for each in self._places(reread) if each.section == section)
        verdicts = [_moved(verdict, place) for verdict in reread.verdicts if place.start <= verdict.start < place.end]
        inside = [verdict for verdict in verdicts if found.start <= verdict.start < found.end]
        slot = slot_of(found, old.marks, inside, frame.context)
        brief = Brief(frame.context.edition.section(section), frame.context, saved.draft.script)
        attempt, reviser = Attempt(brief, Form((slot,))), self._reviser(frame)
        reason = "；".join(v.message for v in inside if v.blocks) or OTHER_WORDS
        for _ in range(TRIES):
            try:
                attempt = await reviser.revise(attempt, (Finding(slot, found.text, reason),), listen)
            except WriterError as error:
                raise EditError(str(error), notice=f"模型没有回答（{error.told}），原句保留。") from error
            said = attempt.texts.get(KEY)
            if said is None:
                continue
            text = f"{old.text[: found.start]}{with_tokens(said, slot)}{old.text[found.end :]}"
            made = mending.mended(saved.draft, section, text, frame.context)
            blocking = [v for v in self._judged(made, frame).result.verdicts if v.blocks]
            if len(blocking) <= sum(v.blocks for v in reread.verdicts) - sum(v.blocks for v in inside):
                return self._save(saved, made, f"模型改写一句：{found.text[:20]}", actor)
            reason = "；".join(v.message for v in blocking)[:300]
        raise EditError(
            f"the model wrote nothing that passes in {TRIES} tries",
            notice=f"模型写了 {TRIES} 次都没有通过核对，原句保留；可自己改写，或改用规则文字。",
        )

    def _reviser(self, frame: Frame) -> Reviser:
        """The first configured model. Raises EditError where there is none."""
        if not self.settings.llm.configured:
            raise EditError(
                "no model is configured; set QUANTSHARK_LLM__BASE_URL and QUANTSHARK_LLM__MODEL",
                notice="没有配置模型，不能改写；请自己改，或改用规则文字。",
            )
        from quantshark.newsroom import staff  # noqa: PLC0415 - only who asks a model waits for its libraries
        from quantshark.writers.repair import RepairingWriter  # noqa: PLC0415

        budget = staff.budget_of(self.settings.llm)
        journal = self.store.journal
        # Not from the journal: who asks again wants other words.
        house = staff.models(self.settings, frame.context, frame.evidence, budget, journal, read_journal=False)
        return next(writer.inner for writer in house.writers if isinstance(writer, RepairingWriter))


def slot_of(sentence: Sentence, marks: Iterable[Mark], verdicts: Iterable[Verdict], context: Context) -> Slot:
    """A printed sentence as a slot: its figures are references, headlines and days tokens, an unproved figure is left out."""
    spans = sorted(_parts(sentence, [*marks], [*verdicts], context), key=lambda each: (each[0], -each[1]))
    text, tokens, at = "", list[tuple[str, str]](), sentence.start
    for start, end, stands in spans:
        said = stands
        if start < at:
            continue
        text += sentence.text[at - sentence.start : start - sentence.start]
        if said is None:
            raw = sentence.text[start - sentence.start : end - sentence.start]
            name = f"{'s' if raw.startswith('[') else 't'}{len(tokens) + 1}"
            tokens.append((name, raw))
            said = f"{{{name}}}"
        text += said
        at = end
    return Slot(KEY, "", text + sentence.text[at - sentence.start :], tuple(tokens))


Part = tuple[int, int, str | None]
"""A span of the section, and what stands for it; None: a token."""


def _parts(sentence: Sentence, marks: list[Mark], verdicts: list[Verdict], context: Context) -> Iterator[Part]:
    offset = sentence.start
    for link in _LINK.finditer(sentence.text):
        start, end = link.start() + offset, link.end() + offset
        words = (start + 1, start + link[0].index("]("))
        mark = next((m for m in marks if (m.start, m.end) == words), None)
        yield start, end, _reference(mark.fact_id, context) if mark else None
    for mark in marks:
        if sentence.start <= mark.start and mark.end <= sentence.end:
            yield mark.start, mark.end, _reference(mark.fact_id, context)
    for verdict in verdicts:
        if verdict.blocks or (verdict.fact is not None and verdict.status != "exempt"):
            facts = [fact for fact in (verdict.fact, *verdict.nearest) if fact is not None]
            told = (said for fact in facts if (said := _reference(fact.fact_id, context, ":value")))
            yield verdict.start, verdict.end, next(told, "")
    for day in _DAY.finditer(sentence.text):
        yield day.start() + offset, day.end() + offset, None


def _reference(fact_id: str, context: Context, form: str = "") -> str | None:
    """`{f3}` where the context numbers the fact."""
    ref = next((item.ref for item in context.items if item.fact.fact_id == fact_id), None)
    return f"{{{ref}{form}}}" if ref else None


def _moved(verdict: Verdict, place: Place) -> Verdict:
    """A verdict with its span counted in its section."""
    return replace(verdict, start=verdict.start - place.start, end=verdict.end - place.start)
