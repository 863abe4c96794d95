"""One trial: a contender writes a section (or a whole edition) of a frozen day, and the stranger reads it.

The writer is the house's own: the form, the repair rounds and the check are those of production, only the rules writer is
not behind it, so that a model that cannot be reached is a failed trial and not a text of ours. Replies come from the
journal where they were paid before; a trial counts what its replies cost when they were paid. A trial of which a call
failed is a failed trial: what it shows is partly the rules', and says nothing of the prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from pathlib import Path

from quantshark.checks import compliant, judge
from quantshark.context import Brief, Context
from quantshark.data import load_concepts
from quantshark.editions import SectionSpec
from quantshark.errors import ModelError
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.variants import Contender
from quantshark.model import NOTHING_SPENT, Event, Journal, Listener, Mark, Section, Usage, Verdict
from quantshark.newsroom import drafting, staff
from quantshark.runs.inline import InlineEngine, MemoryBook
from quantshark.writers.calls import Budget, Endpoint, paid_for, total
from quantshark.writers.form import Style
from quantshark.writers.llm import ModelWriter
from quantshark.writers.prompt_book import PromptBook
from quantshark.writers.rules import write_section

WHOLE = "*"
"""Instead of a section: the whole edition."""


@dataclass(frozen=True)
class Cell:
    """Where contenders meet: a day, an edition, one of its sections (or `*`), and which sample of several."""

    day: date
    edition: str
    section: str
    sample: int = 0

    @property
    def name(self) -> str:
        return f"{self.day}/{self.edition}/{self.section}/{self.sample}"


Asking = Callable[[Contender, Cell, Journal], Endpoint]
"""Who asks about what, and where paid replies are kept -> how to ask the contender's model."""


@dataclass(frozen=True)
class Trial:
    """What a contender made of a cell: the text with its verdicts, what was wrong before repair, and what it cost.

    `false` counts figures that the check flagged in the first answer, `flagged` sentences flagged for any reason,
    `dropped` what had to go in the end. `spent` was paid now, `usage` when each reply was first asked for.
    """

    contender: str
    cell: Cell
    model: str
    temperature: float | None
    prompts: Mapping[str, str]
    frozen: str
    text: str
    marks: tuple[Mark, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    writers: Mapping[str, str] = field(default_factory=dict[str, str])
    rounds: int = 0
    false: int = 0
    flagged: int = 0
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    usage: Usage = NOTHING_SPENT
    spent: Usage = NOTHING_SPENT
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.contender}/{self.cell.name}"


@dataclass
class Bench:
    """What all trials of a process share: prompts, the money, how a model is asked, how much it is shown."""

    asking: Asking
    journal: Journal
    budget: Budget
    files: PromptBook
    context_tokens: int = 4000
    style: Style = "sentences"

    @property
    def folder(self) -> Path:
        return self.files.folder


async def attempt(contender: Contender, cell: Cell, frozen: FrozenDay, bench: Bench, listen: Listener) -> Trial:
    """Run a trial. Raises ModelError where a call failed or the budget is used up; replies that were paid are kept."""
    heard = _Heard(listen)
    ledger = _Receipts(bench.journal, cell.sample)
    context = frozen.context(cell.edition, bench.folder)
    book = contender.book(bench.files)
    writer = ModelWriter(
        bench.asking(contender, cell, ledger),
        bench.budget,
        prompts=book,
        context_tokens=bench.context_tokens,
        style=bench.style,
    )
    pen = staff.repaired(writer, context, frozen.evidence(cell.edition))
    made = _edition if cell.section == WHOLE else _section
    text, marks, verdicts, sections = await made(pen, cell, context, frozen, heard)
    heard.require_answers()
    digests = book.digests(context.edition)
    written = [s for s in sections if s.text]
    return Trial(
        contender=contender.name,
        cell=cell,
        model=contender.model,
        temperature=contender.temperature,
        prompts=digests
        if cell.section == WHOLE
        else _of_section(digests, book.section(context.edition, cell.section).path),
        frozen=frozen.digest,
        text=text,
        marks=marks,
        verdicts=tuple(replace(verdict, nearest=()) for verdict in verdicts),
        writers={s.slug: s.writer for s in written},
        rounds=sum(s.rounds for s in written),
        false=heard.false,
        flagged=heard.flagged,
        dropped=tuple(sentence for s in written for sentence in s.dropped),
        notes=tuple(f"{s.slug}: {s.note}" for s in written if s.note),
        usage=ledger.usage(),
        spent=reduce(total, (s.usage for s in sections), NOTHING_SPENT),
        keys=tuple(ledger.keys),
    )


Made = tuple[str, tuple[Mark, ...], tuple[Verdict, ...], tuple[Section, ...]]


async def _section(
    pen: staff.RepairingWriter, cell: Cell, context: Context, frozen: FrozenDay, listen: Listener
) -> Made:
    spec = context.edition.section(cell.section)
    section = await pen.write(Brief(spec, context, "hans", by_rule(spec, context)), listen)
    return section.text, section.marks, judged(section, context, frozen), (section,)


async def _edition(
    pen: staff.RepairingWriter, cell: Cell, context: Context, frozen: FrozenDay, listen: Listener
) -> Made:
    async with InlineEngine(MemoryBook()).open(cell.name, context.digest) as run:
        draft = await drafting.write(context, pen, "hans", run, listen, {})
    sheet = drafting.printed(draft, context.edition, context.site)
    found = drafting.judged(draft, sheet, context, frozen.evidence(cell.edition), lambda _event: None)
    return sheet.text, tuple(sheet.marks), found.result.verdicts, draft.sections


def by_rule(spec: SectionSpec, context: Context) -> tuple[Section, ...]:
    """What a section summarises, in the rules' words: the same for all contenders."""
    return tuple(write_section(Brief(context.edition.section(slug), context)) for slug in spec.summarises)


def judged(section: Section, context: Context, frozen: FrozenDay) -> tuple[Verdict, ...]:
    """The stranger's verdicts on a section alone, as the newsroom reads a whole draft."""
    evidence = frozen.evidence(context.edition.slug)
    slot = context.until.isoformat()
    result = judge(section.text, evidence, as_of=context.day, slot=slot, marks=section.marks)
    facts = {item.fact.fact_id: item.fact for item in context.items}
    settled = drafting.reconciled(section.text, section.marks, result.verdicts, facts)
    barred = compliant.check(section.text, load_concepts(), context.edition.forbidden)
    return tuple(sorted((*settled, *barred), key=lambda verdict: (verdict.start, verdict.end)))


def _of_section(digests: Mapping[str, str], path: Path) -> dict[str, str]:
    """The prompts that a section alone is asked with."""
    return {
        name: told for name, told in digests.items() if name.startswith("shared/") or name.endswith(f"/{path.name}")
    }


class _Heard:
    """What the repair said of the first answers, by section, and the first call that failed."""

    def __init__(self, inner: Listener) -> None:
        self._inner = inner
        self.false = self.flagged = 0
        self._first: set[str] = set()
        self._failed: Event | None = None

    def __call__(self, event: Event) -> None:
        if event.name == "checked" and event.section and event.section not in self._first:
            self._first.add(event.section)
            self.false += _count(event, "false")
            self.flagged += _count(event, "flagged")
        elif event.name == "call_failed":
            self._failed = self._failed or event
        self._inner(event)

    def require_answers(self) -> None:
        """Raise ModelError where a call failed that the writer could do without."""
        if self._failed is None:
            return
        told = self._failed.data
        after = told.get("retry_after")
        raise ModelError(
            "a call of the trial failed",
            retry_after=after if isinstance(after, float) else None,
            limit=told.get("limit"),
            notice=str(told["why"]),
        )


def _count(event: Event, name: str) -> int:
    told = event.data.get(name)
    return told if isinstance(told, int) else 0


class _Receipts:
    """The journal as one trial sees it: which replies it used. Samples of one question are kept apart."""

    def __init__(self, journal: Journal, sample: int) -> None:
        self._journal = journal
        self._prefix = f"sample-{sample}:" if sample else ""
        self.keys: dict[str, None] = {}

    def get(self, key: str) -> str | None:
        self.keys.setdefault(self._prefix + key)
        return self._journal.get(self._prefix + key)

    def put(self, key: str, reply: str) -> None:
        self.keys.setdefault(self._prefix + key)
        self._journal.put(self._prefix + key, reply)

    def usage(self) -> Usage:
        return reduce(total, self._paid(), NOTHING_SPENT)

    def _paid(self) -> Iterator[Usage]:
        for key in self.keys:
            kept = self._journal.get(key)
            if kept is not None:
                yield paid_for(kept)
