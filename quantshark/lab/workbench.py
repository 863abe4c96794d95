"""What the notebook holds in its hand: days, prompts, a way to ask, and the steps from a run to a promotion.

The notebook stays a page of controls and tables; whatever it does is done here, so that it can be tested without a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from quantshark.editions import Edition, load, roots
from quantshark.errors import LabError
from quantshark.lab import comparing, grid, office, promoting, reading, recording, variants
from quantshark.lab.comparing import Comparison
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.grid import Experiment, Progress
from quantshark.lab.measures import Values, measure
from quantshark.lab.promoting import Promotion
from quantshark.lab.reading import Pair, Side, Tally
from quantshark.lab.recording import Recording
from quantshark.lab.trials import Asking, Trial
from quantshark.lab.variants import Variant
from quantshark.settings import Settings
from quantshark.settings import load as load_settings
from quantshark.store.work import Work

REPLAY = "replay"
"""Instead of a model's name: the replies that were recorded."""
RECORDED = "replies.json"
READER = "editor"


@dataclass
class Workbench:
    """One notebook's lab."""

    settings: Settings
    days: tuple[FrozenDay, ...]
    book: Work
    recorded: Recording

    @classmethod
    def open(cls, settings: Settings | None = None, paths: Sequence[Path] = ()) -> Workbench:
        """The lab of these settings, with the recording that lies beside the shipped days. Raises LabError."""
        known = settings or load_settings()
        there = office.SHIPPED / RECORDED
        return cls(
            known,
            office.find_days(known, paths),
            office.database(known),
            recording.load(there) if there.is_file() else Recording(),
        )

    @property
    def models(self) -> tuple[str, ...]:
        """Whom one can ask: the configured model first, and the recording."""
        named = (self.settings.llm.model,) if self.settings.llm.configured else ()
        return (*named, REPLAY)

    @cached_property
    def folder(self) -> Path:
        return roots(self.settings.prompts_dir)

    def edition(self, slug: str) -> Edition:
        return load(slug, self.settings.prompts_dir)

    def dates(self, edition: str, model: str) -> tuple[str, ...]:
        """Days that can be tried: with the recording, those that it has."""
        known = [day.day.isoformat() for day in self.days if edition in day.editions]
        if model != REPLAY:
            return tuple(known)
        return tuple(day for day in known if any(f"/{day}/{edition}/" in name for name in self.recorded.trials))

    def prompt(self, edition: str, section: str) -> str:
        """The present prompt of a section, to be edited in place."""
        return self._file(section, edition).read_text("utf-8-sig")

    def _file(self, section: str, edition: str) -> Path:
        return variants.prompt_file(section, edition, self.settings.prompts_dir, self.settings.llm.style)

    def variant(self, name: str, edition: str, section: str, text: str) -> Variant:
        """The edited text as a variant. Raises PromptError where it is no prompt."""
        return variants.edited(name, self._file(section, edition), text, edition)

    async def run(  # noqa: PLR0913  each is a control of the page
        self,
        model: str,
        edition: str,
        sections: Sequence[str],
        dates: Sequence[str],
        tried: Sequence[Variant],
        progress: Progress,
        *,
        samples: int = 1,
        max_tokens: int | None = None,
        parallel: int = 2,
    ) -> Experiment:
        """Try the present prompts and the variants. Raises LabError or SettingsError."""
        if not (sections and dates):
            raise LabError("nothing to try: choose at least one section and one day")
        days = tuple(day for day in self.days if day.day.isoformat() in dates)
        asking: Asking | None = recording.replaying(self.recorded, loose=True) if model == REPLAY else None
        caps = office.Caps(tokens=max_tokens)
        bench = office.bench(self.settings, edition, self.book.journal, caps, asking=asking)
        if model == REPLAY:
            bench.style = "sentences"  # the recording that ships is of whole sentences
        named = variants.contenders([variants.current(), *tried], [model], [None])
        plan = grid.plan_of(f"notebook-{edition}", edition, sections, named, days, bench, samples)
        return await office.carry_out(plan, days, bench, self.book, parallel, progress)

    def measured(self, trial: Trial) -> Values:
        """A trial's measures, against the context of its day."""
        return measure(trial, self._by_date[trial.cell.day.isoformat()].context(trial.cell.edition, self.folder))

    @cached_property
    def _by_date(self) -> dict[str, FrozenDay]:
        return {day.day.isoformat(): day for day in self.days}

    def compare(self, experiment: Experiment) -> tuple[Comparison, ...]:
        return comparing.compare(experiment, self.measured)

    def promote(self, experiment: Experiment, comparison: Comparison) -> Promotion:
        """Write the winner's prompt with its numbers. Raises LabError where there is no winner."""
        if any(contender.model == REPLAY for contender in experiment.plan.contenders):
            raise LabError("a replay proves nothing new and promotes nothing; run it with a model")
        today = datetime.now(UTC).date()
        return promoting.promote(experiment, comparison, self.folder, self.book.journal, self.measured, today)

    # Reading blind

    def pairs(self, experiment: Experiment, comparison: Comparison) -> tuple[Pair, ...]:
        return reading.pairs(experiment, comparison.first, comparison.second)

    def unread(self, experiment: Experiment, comparison: Comparison) -> Pair | None:
        """The next pair that this reader has not judged."""
        done = {vote.pair for vote in reading.votes(self.book, experiment) if vote.by == READER}
        return next((pair for pair in self.pairs(experiment, comparison) if pair.name not in done), None)

    def vote(self, experiment: Experiment, pair: Pair, side: Side) -> None:
        reading.vote(self.book, experiment, pair, side, READER)

    def tally(self, experiment: Experiment, comparison: Comparison) -> Tally:
        cast = [vote for vote in reading.votes(self.book, experiment) if not vote.by.startswith(reading.JUDGE)]
        return reading.tally(cast, comparison.first, comparison.second)
