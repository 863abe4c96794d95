"""What an edition is made of: cues find facts, lines wait for them, rows and sections lay them out, a slot says when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from quantshark.errors import EditionError

Tone = Literal["good", "bad", "mixed", "calm"]
Block = Literal[
    "table", "radar_table", "tracker", "verdict", "lesson", "prose", "bullets", "script",
    "article", "sectors", "groups", "risks", "directions",
]  # fmt: skip

WORDS = frozenset({"name", "on", "day", "since", "theme", "label", "concept"})
"""What a sentence may name besides its facts: the subject, the day told, the report's day, the theme, the row's label."""

NAMED = re.compile(r"\{([a-z_][a-z0-9_]*)(?::[a-z]+)?\}")
CONDITION = re.compile(r"([a-z_][a-z0-9_]*)\s*(<=|>=|==|<|>)\s*(-?\d+(?:\.\d+)?|[a-z_][a-z0-9_]*)")


class Strict(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cue(Strict):
    """A named way of finding one fact. Empty means any; `entity` left out means the subject of the sentence.

    `on` is which day it must be about: the session that the report tells, its own day, either of the two or between
    (recent), any; `overnight` is what was published after the session's close,
    `fresh` what was published since the slot before, whatever period it tells. `op` asks for a derived fact of that formula, `settled` for a
    closing reading, not one of a moment; `grain` for the kind of span (year: a total since January).
    """

    entity: str = ""
    measure: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    via: str | None = None
    scope: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    grain: tuple[str, ...] = ()
    op: str | None = None
    settled: bool = False
    on: Literal["session", "day", "recent", "overnight", "fresh", "any"] = "recent"


class Line(Strict):
    """A sentence that waits for its facts; `say` are ways of saying it, of which one is chosen.

    `when` holds comparisons of a fact's value in its base unit with a number or with another fact (`flow < 0`, `level > average`). `tone` is what it means for an investor.
    `topics` waits for news of one of them beside it; `because` and `against` are lines that bear it out
    or speak against it, `news` the topics whose headlines may bear it out,
    `concepts` the lessons that it can open, the nearest first.
    """

    id: str
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    """Facts that must agree to the last digit that the coarser one knows: what a source told and what code computed."""
    again: bool = False
    """May running text print facts here that it told before: the level that a projection hangs on."""
    when: tuple[str, ...] = ()
    tone: Tone = "calm"
    weight: int = 10
    say: tuple[str, ...] = Field(min_length=1)

    @property
    def conditions(self) -> tuple[tuple[str, str, Decimal | str], ...]:
        """`when`, read: a cue, how it compares, a number or another cue."""
        read = (CONDITION.fullmatch(text) for text in self.when)
        return tuple((m[1], m[2], m[3] if m[3][0].isalpha() else Decimal(m[3])) for m in read if m)


class Topic(Strict):
    """What documents can be about, known by words in title and first sentence; `noise` is never told.

    `theme` topics compete to be the theme of the day; `wrap` is the market as a whole, which is no theme. `weight`
    settles what a document is about first of all, `worth` (else the weight) how much an investor in these markets cares.
    """

    slug: str
    name: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    theme: bool = False
    noise: bool = False
    wrap: bool = False
    leans: bool = True
    """False: its news leans neither way for a reader of these markets, whatever its words (oil that falls)."""
    tone: Tone = "calm"
    weight: int = 10
    worth: int | None = None
    related: tuple[str, ...] = ()

    @property
    def care(self) -> int:
        """How much an investor in these markets cares."""
        return self.weight if self.worth is None else self.worth


class Roll(Strict):
    """Several of one kind named side by side: those of `pool` (else any) with the fact of a cue, the farthest out first.

    `side` keeps those that rose or fell, or the largest whatever their sign; fewer than `least` are no roll. `item` is how one
    is said ({name}, {fact} and `also`, a second cue where it is known), `opens` what leads in. With `figures` only the first
    so many print theirs; `rest` says by tone what holds for the other {names}: three figures side by side are a table.
    """

    cue: str
    also: str = ""
    side: Literal["up", "down", "most"] = "most"
    pool: tuple[str, ...] = ()
    index: str = ""
    unlisted: bool = False
    """Names that only the sources know: sectors and concepts (半导体, ST板块)."""
    markets: tuple[str, ...] = ()
    take: int = 3
    least: int = 2
    item: str = "{name}{fact}"
    with_also: str = ""
    joint: str = "，"
    opens: tuple[str, ...] = ()
    figures: int = Field(default=0, ge=0)
    rest: Mapping[Tone, str] = Field(default_factory=dict[Tone, str])


class Row(Strict):
    """A fixed row of a table, or a paragraph of prose: lines tried in order, then news of its topics.

    `status` prints the tone of what was found, `effects` what it means; `split` is the tone when good and bad meet.
    In an article `style` sets the paragraph, `opens` leads it in by its tone, `rolls` name several side by side,
    `brings` leads in its news, `more` lets news go on for another sentence (in a table: be told by its lead sentence); fewer than `least` sentences make no paragraph.
    `colour` asks the day's closing reports whose title holds one of these words for what they say in words alone.
    An `expected` row that has no facts is named below the table, so that nobody takes silence for calm.
    """

    label: str = ""
    style: Literal["plain", "quote", "strong", "item", "headed"] = "plain"
    opens: Mapping[Tone, tuple[str, ...]] = Field(default_factory=dict[Tone, tuple[str, ...]])
    rolls: tuple[Roll, ...] = ()
    brings: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    least: int = 1
    named: bool = False
    fresh: bool = True
    more: bool = False
    markets: tuple[str, ...] = ()
    """Only news about a company listed there; empty: any news of the topics."""
    words: tuple[str, ...] = ()
    """Only news in which one of these words stands; empty: any news of the topics."""
    lines: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    take: int = 2
    news: int = 0
    joint: str = "；"
    expected: bool = False
    status: Mapping[Tone, str] = Field(default_factory=dict[Tone, str])
    effects: Mapping[Tone, tuple[str, ...]] = Field(default_factory=dict[Tone, tuple[str, ...]])


class Scoring(Strict):
    """How a stock earns its row: points, summed; the watchlist comes first whatever its points.

    `rank` is for the first in the day's list of net bought or sold, less by each place; `streak` for each day of a run up
    to `streak_days`; `change` for each percent up to `change_cap`; `buyback`, `figures` and `news` when there is one.
    """

    rank: int = 30
    streak: int = 2
    streak_days: int = 15
    change: int = 2
    change_cap: int = 10
    buyback: int = 8
    figures: int = 6
    news: int = 4
    least: int = 8
    markets: tuple[str, ...] = ("HK", "SH", "SZ", "BJ")
    kinds: tuple[str, ...] = ("company",)


class Side(Strict):
    """One side of a verdict: the lines and news that may carry it, what leads in and what is advised."""

    heading: str
    tone: Tone
    lines: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    reasons: int = 3
    lead: tuple[str, ...] = ()
    none: str = ""
    advice: tuple[str, ...] = ()


class Takes(Strict):
    """Which facts and news a section is given; empty means all that the edition knows."""

    measures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class Limits(Strict):
    """How long a section may be: rows of a table, characters printed, tokens in and out of a model."""

    rows: int = 8
    chars: int = 1600
    tokens_in: int = 6000
    tokens_out: int = 600


class SectionSpec(Strict):
    """One part of a report. What a block kind does not use stays empty."""

    slug: str
    heading: str
    heads: tuple[str, ...] = ()
    """Lines of which the first that fits is the heading; where none does, `heading` is."""
    block: Block
    brief: str = ""
    takes: Takes = Takes()
    summarises: tuple[str, ...] = ()
    limits: Limits = Limits()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    scoring: Scoring = Scoring()
    lines: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    signals: Mapping[Tone, tuple[str, ...]] = Field(default_factory=dict[Tone, tuple[str, ...]])
    watch: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    market: str = ""
    """The cue of the index that a sector's moves are held against."""
    labels: Mapping[str, str] = Field(default_factory=dict[str, str])
    closings: tuple[str, ...] = ()
    omit: str = "资料中没有这一部分所需的内容"


class Chart(Strict):
    """A picture of facts below a section: what is drawn is what its words print, and they are checked like any others.

    `kind` is `days` (one thing, session by session: `cue` names its entity), `names` (several things on one day, the
    largest first: `cue` names none) or `gauge` (a percentile on its scale: `cue`, or `instead` where that finds nothing,
    and with `also` the value it places).
    `pool` says who, else any company listed in `markets` (empty: anywhere); `unlisted` asks for names that only the sources know (sectors). `opens`
    leads the words in, `item` is how one fact is said; fewer facts than `least` are no picture.
    """

    slug: str
    title: str
    kind: Literal["days", "names", "gauge"]
    section: str
    cue: str
    instead: str = ""
    also: str = ""
    pool: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    unlisted: bool = False
    side: Literal["up", "down", "most"] = "most"
    take: int = Field(default=8, ge=2, le=20)
    least: int = Field(default=2, ge=2)
    opens: str = ""
    item: str = ""


class Slot(Strict):
    """When the edition is due and what it may know: `tells` the session before its day, or its own."""

    time: time
    zone: str = "Asia/Shanghai"
    calendar: str = "XHKG"
    tells: Literal["previous", "same"] = "previous"
    closed: Literal["refuse", "previous"] = "refuse"
    """What a day without trading means: no report, or the report of the trading day before (a Saturday's study)."""
    days_back: int = 3
    days: Literal["sessions", "saturdays"] = "sessions"
    """On which days it appears: every trading day, or Saturdays, for the last trading day before."""
    half_days: bool = True
    """False: no report on a day on which Hong Kong or its own market closes at noon."""
    deadline_minutes: int = Field(default=30, ge=3)
    """How long after its time it is still on time."""


class Core(Strict):
    """Without one of these cues the edition is held; `name` is what the editor is told."""

    name: str
    cues: tuple[str, ...] = Field(min_length=1)


class Edition(Strict):
    """A kind of report, ready to be drafted. `digest` names its files' content."""

    slug: str
    name: str
    title: str
    summary: str = ""
    slot: Slot
    shelf_life_hours: int = 24
    tokens: int = 4000
    advice: Literal["observe", "advise"] = "observe"
    forbidden: tuple[str, ...] = ()
    thresholds: Mapping[str, str] = Field(default_factory=dict[str, str])
    disclaimer: str
    risk: str
    ai_label: str
    core: tuple[Core, ...] = ()
    sections: tuple[SectionSpec, ...] = Field(min_length=1)
    headlines: tuple[str, ...] = ()
    decks: tuple[str, ...] = ()
    """Lines for the summary below the title: what the title does not say."""
    charts: tuple[Chart, ...] = ()
    projections: bool = False
    """May it say what to watch if a level breaks? Then its front matter declares it."""
    members: tuple[str, ...] = ()
    """The stocks that the edition is about, where it is about some: the members of an index."""
    cues: Mapping[str, Cue] = Field(default_factory=dict[str, Cue])
    lines: tuple[Line, ...] = ()
    topics: tuple[Topic, ...] = ()
    phrases: Mapping[str, str] = Field(default_factory=dict[str, str])
    tones: Mapping[Tone, tuple[str, ...]] = Field(default_factory=dict[Tone, tuple[str, ...]])
    home: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()
    distant: tuple[str, ...] = ()
    dull: tuple[str, ...] = ()
    """Words of ceremonies and of headlines that say how great a thing is instead of what it is."""
    folder: Path = Path()
    digest: str = ""

    def until(self, day: date) -> datetime:
        """The moment of the slot: documents published later do not exist for this report."""
        return datetime.combine(day, self.slot.time, ZoneInfo(self.slot.zone))

    def expires(self, day: date) -> datetime:
        """When a report of `day` is too old to go out."""
        return self.until(day) + timedelta(hours=self.shelf_life_hours)

    def section(self, slug: str) -> SectionSpec:
        """The section of that slug. Raises EditionError."""
        for spec in self.sections:
            if spec.slug == slug:
                return spec
        raise EditionError(
            f"edition {self.slug} has no section {slug!r}; it has {listed(s.slug for s in self.sections)}"
        )

    def line(self, slug: str) -> Line:
        """The line of that id; `load` made sure that it is there."""
        return next(line for line in self.lines if line.id == slug)

    def in_order(self) -> tuple[SectionSpec, ...]:
        """The sections in the order of writing: one that summarises comes after what it summarises."""
        done: list[SectionSpec] = []
        waiting = list(self.sections)
        while waiting:
            written = {spec.slug for spec in done}
            ready = [spec for spec in waiting if written.issuperset(spec.summarises)]
            if not ready:
                raise EditionError(
                    f"edition {self.slug}: sections {listed(s.slug for s in waiting)} summarise each other in a ring; break it"
                )
            done += ready
            waiting = [spec for spec in waiting if spec not in ready]
        return tuple(done)


def listed(values: Iterable[object]) -> str:
    """Names for a message, in order."""
    return ", ".join(sorted(str(value) for value in values))
