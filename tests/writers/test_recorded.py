"""Real replies of a real model, replayed and mutated: nothing false is released, and every report comes out or says why.

The sample runs in the ordinary suite; all of them (more than ten thousand) are marked `slow`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain as chained
from itertools import zip_longest

import pytest

from quantshark.errors import ModelError
from quantshark.lab import frozen
from quantshark.lexicon.figures import find_figures
from quantshark.model import Draft, Section
from quantshark.newsroom import drafting
from quantshark.press.markdown import Printed
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply, journal_key
from quantshark.writers.fallback import FallbackWriter
from quantshark.writers.llm import ModelWriter
from quantshark.writers.repair import RepairingWriter
from quantshark.writers.rules import RuleWriter
from tests.writers import mutations
from tests.writers.conftest import Desk, slots_of, verdicts_of
from tests.writers.recorded import EDITION, FROZEN, Recorded, drafted, load

ENOUGH = 10_000
SAMPLE = 150


recording = cache(load)


@pytest.fixture(scope="session")
def then() -> Desk:
    """The very day that the recording was made on."""
    day = frozen.read(FROZEN)
    assert day.digest == recording().day
    return Desk(day.context(EDITION), day.evidence(EDITION))


async def report(desk: Desk, writer: FallbackWriter | RuleWriter) -> tuple[Draft, Printed, list[str]]:
    """A whole draft by a writer, as the newsroom makes and judges it; what stands against it."""
    draft = await drafted(desk.context, writer)
    sheet = drafting.printed(draft, desk.context.edition, "https://quantshark.io")
    read = drafting.stranger(sheet.text, sheet.marks, desk.context, desk.evidence)
    draft = drafting.proven(draft, sheet, read, desk.context, lambda _: None)
    sheet = drafting.printed(draft, desk.context.edition, "https://quantshark.io")
    judged = drafting.judged(draft, sheet, desk.context, desk.evidence, lambda _: None)
    return draft, sheet, [*draft.held, *(v.message for v in judged.result.verdicts if v.blocks)]


def tower(desk: Desk, inner: ModelWriter) -> FallbackWriter:
    return FallbackWriter(RepairingWriter(inner, verdicts_of(desk), desk.evidence.names), RuleWriter())


def replay(desk: Desk, chat: Recorded, journal: Kept | None = None) -> tuple[Draft, Printed, list[str]]:
    """The report with the recorded replies, asked as they were asked for then."""
    inner = recording().writer(Endpoint(chat, attempts=1, journal=journal), Budget.of(600))
    with recording().worded():
        return asyncio.run(report(desk, tower(desk, inner)))


class Kept:
    """A journal in memory."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.replies.get(key)

    def put(self, key: str, reply: str) -> None:
        self.replies[key] = reply


def test_what_a_real_model_wrote_is_released_with_its_words(then: Desk) -> None:
    draft, _, against = replay(then, Recorded(recording()))
    assert against == []
    assert any(section.writer == "recorded" for section in draft.sections)


def test_each_section_is_asked_for_word_for_word_as_it_was_recorded(then: Desk) -> None:
    chat = Recorded(recording())
    replay(then, chat)
    otherwise = [", ".join(each.slots) for each in recording().first if each.key not in chat.given]
    assert not otherwise, f"{otherwise} are asked for otherwise by now; record them anew: make record"


def test_a_replay_from_the_journal_asks_nobody_and_reads_the_same(then: Desk) -> None:
    journal = Kept()
    first = replay(then, Recorded(recording()), journal)
    again = replay(then, Gone(recording()), journal)
    assert journal.replies
    assert first[1].text == again[1].text


def test_a_recording_names_each_question_by_its_journal_key() -> None:
    assert all(re.fullmatch(r"[0-9a-f]{64}", each.key) for each in recording().exchanges)
    assert journal_key("m", Ask((("user", "a"),))) != journal_key("m", Ask((("user", "b"),)))


@pytest.fixture(scope="session")
def plain(desk: Desk) -> dict[str, str]:
    """The rules' sections, which nothing stands against."""
    draft, _, against = asyncio.run(report(desk, RuleWriter()))
    assert against == []
    return {section.slug: section.text for section in draft.sections}


class Gone(Recorded):
    """The same model, gone."""

    async def send(self, ask: Ask) -> Reply:  # noqa: ARG002
        raise ModelError("nobody is there", final=True)


class Liar:
    """A chat that gives mutated replies, each section its own, one after the other, whatever it is asked."""

    name = "liar"

    def __init__(self, replies: Sequence[tuple[str, str]]) -> None:
        self.waiting = {letter: [text for mark, text in replies if mark == letter] for letter, _ in replies}
        self.given = 0

    async def send(self, ask: Ask) -> Reply:
        letter = next(iter(slots_of(ask)))[0]
        mine = self.waiting.get(letter) or next((each for each in self.waiting.values() if each), ["{}"])
        self.given += 1
        return Reply(mine.pop(0) if len(mine) > 1 else mine[0])

    @property
    def left(self) -> int:
        return sum(len(each) for each in self.waiting.values())


def all_mutants() -> list[tuple[str, str]]:
    """(section, reply): every mutation of every recorded reply, the sections in turn."""
    each = [
        [(one.letter, text) for _, text in mutations.mutants(one.reply.text, seed)]
        for seed, one in enumerate(recording().exchanges)
        if one.reply.finish == "stop"
    ]
    return [mutant for mutant in chained.from_iterable(zip_longest(*each)) if mutant is not None]


FIGURE_KINDS = frozenset(
    {"money", "percent", "point", "multiple", "ratio", "index", "price", "count", "streak", "rank"}
)


def false_figures(section: Section, plain: str, desk: Desk) -> Iterator[str]:
    """Figures of a section that no fact of its slot printed: told apart without the check.

    What code printed is marked; what the rules say stands in their section word for word; anything else has to be a figure
    of a fact that is printed in the same line with the same size.
    """
    facts = {item.fact.fact_id: item.fact for item in desk.context.items}
    place = 0
    for line in section.text.splitlines(keepends=True):
        marks = [mark for mark in section.marks if place <= mark.start < place + len(line)]
        for figure in find_figures(line):
            at = place + figure.start
            if figure.exempt or figure.kind not in FIGURE_KINDS or any(m.start <= at < m.end for m in marks):
                continue
            clause = next(part for part in re.finditer(r"[^，。；|]+", line) if part.end() > figure.start)[0]
            if clause.strip() in plain or any(facts[m.fact_id].value == figure.value for m in marks):
                continue
            yield f"{section.slug}: {figure.surface} in {clause.strip()}"
        place += len(line)


BARRED = re.compile(
    r"https?://evil|evil\.example|<script|<b>|im_start|admin@|忽略以上|系统提示|\{f\d|【f1】|｛f1｝|\u202e|\u200b|\x00"
)


def run_all(desk: Desk, plain: dict[str, str], replies: list[tuple[str, str]]) -> tuple[int, int]:
    """Reports until every reply was given; how many, and how many of them the model had a part in."""
    liar = Liar(replies)
    reports = theirs = 0
    while liar.left > len(liar.waiting):
        inner = ModelWriter(Endpoint(liar, attempts=1), Budget.of(600), style="comments")
        draft, sheet, against = asyncio.run(report(desk, tower(desk, inner)))
        reports += 1
        theirs += any(section.writer == "liar" for section in draft.sections)
        assert not against, against
        assert not BARRED.search(sheet.text)
        for section in draft.sections:
            assert list(false_figures(section, plain[section.slug], desk)) == []
    return reports, theirs


def test_there_are_ten_thousand_of_them() -> None:
    assert len(set(all_mutants())) >= ENOUGH


def test_a_sample_of_mutated_replies_releases_nothing_false(desk: Desk, plain: dict[str, str]) -> None:
    every = all_mutants()
    reports, theirs = run_all(desk, plain, every[:: len(every) // SAMPLE])
    assert reports > SAMPLE // 30
    assert theirs


@pytest.mark.long
def test_ten_thousand_mutated_replies_release_nothing_false(
    desk: Desk, plain: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    every = all_mutants()
    reports, theirs = run_all(desk, plain, every)
    with capsys.disabled():
        print(f"\n{len(every)} mutated replies, {reports} reports, all released, {theirs} with words of the model")
