"""The nouns that flow through the house: plain values, frozen, exact, that know where they came from.

Everything here is a value; nothing here reads a file, a clock or a network. `None` means "not known", never zero.
The sign of a fact is in its value: 净卖出52.87亿港元 is -5287000000 HKD. A day is a trading day of a market.
Borders (JSON, YAML, rows) turn into these types through `pydantic.TypeAdapter`, which reads dataclasses as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

# Fixed, not a zone file: China has kept one offset since 1991, and slim machines carry no zone files.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

KINDS: tuple[str, ...] = ("news", "article", "transcript", "report", "table")


@dataclass(frozen=True, slots=True)
class Document:
    """Something we were given: a news item, article, transcript, table or earlier report.

    `text` of a table is CSV with a header row whose columns carry the unit in brackets. `published_at` without a
    zone is Asia/Shanghai. `publisher` is who said it (财联社); `demo` marks made-up values, which every page must show.
    """

    doc_id: str
    text: str
    title: str = ""
    published_at: datetime | date | None = None
    kind: str = "news"
    url: str = ""
    publisher: str = ""
    demo: bool = False

    def __post_init__(self) -> None:
        if not self.doc_id:
            raise ValueError("a document needs a doc_id; use the hash of its text where it brings none")
        if self.kind not in KINDS:
            raise ValueError(f"document {self.doc_id!r} has kind {self.kind!r}; use one of {', '.join(KINDS)}")

    @property
    def known_at(self) -> datetime | None:
        """The moment from which it may be told: a bare day counts from its last second, no date never."""
        published = self.published_at
        if published is None:
            return None
        if not isinstance(published, datetime):
            return datetime.combine(published, time(23, 59, 59), SHANGHAI)
        return published if published.tzinfo else published.replace(tzinfo=SHANGHAI)


class Figure(NamedTuple):
    """A number as printed: 52.87亿港元 is 5,287,000,000 HKD, known to the nearest 0.01亿.

    `start` and `end` are code points of the text as given. `value` is a magnitude unless the minus is printed; what
    the words around it say (净卖出, 下跌) is `direction` (+1, -1, 0). `ulp` is the worth of the last printed digit in
    `unit`, None where a form has no last digit (一半, 翻倍). `exempt` names why a numeral is not a figure of the market.
    """

    start: int
    end: int
    surface: str
    kind: str
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    ulp: Decimal | None = None
    hedge: str | None = None
    direction: int = 0
    exempt: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, index, market, commodity or flow channel, with its names in both scripts.

    `code` is the key everywhere: `0700.HK`, `600519.SH`, `AAPL.US`, `IDX.HSTECH`, `FLOW.SOUTHBOUND`, `MKT.A`, `CMD.WTI`.
    A name that only the sources know has a code that begins with `~` (`~沐曦股份`).
    """

    code: str
    kind: str
    market: str
    hans: str
    hant: str = ""
    english: str = ""
    aliases: tuple[str, ...] = ()
    share_class: str = ""
    currency: str = ""
    indices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: net_flow (净流入), change (涨跌幅), turnover (成交额) ….

    `unit_kind` is the kind of figure it takes (money, percent, index, price, count …). `up` and `down` are the verbs
    that print its sign (净买入, 净卖出). From `retired_on` the measure is no longer published for `retired_for`.
    """

    slug: str
    hans: str
    unit_kind: str
    names: tuple[str, ...] = ()
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    signed: bool = False
    entity_kinds: tuple[str, ...] = ()
    retired_on: date | None = None
    retired_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A wording that a concept rules out: a regular expression over one sentence, and what to tell the editor."""

    pattern: str
    message: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of the market as an editor signed it: lessons print it, the glossary check holds drafts to it.

    `level` is 1 (first steps) to 3 (for the trade). `example` is one sentence with measure slugs in braces
    (`{net_flow}`), filled from the day's facts; `source` names the rulebook or institution that defines the term.
    """

    slug: str
    hans: str
    level: int
    definition: str
    why: str
    misreading: str
    example: str
    source: str
    names: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    contradicts: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """The days a figure is about, first and last inclusive; `grain` says what was named (day, month, quarter …)."""

    start: date
    end: date
    grain: str = "day"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was read: code points of the document's text and the sentence or cell that holds it."""

    doc_id: str
    start: int
    end: int
    quote: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """How code computed a derived fact: `op` (share, sum, difference, growth, streak, rank, record …) of facts by id."""

    op: str
    operands: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """(entity, measure, period, value, unit, direction) with its proof.

    `entity` is a registry code or `~name`; `measure` a registry slug or `~noun phrase` as printed. `basis` is what a change
    is compared with (yoy, qoq, prev_day …); `scope` is day, half_day, cumulative or empty. `via` is the channel whose
    money it is where the entity is a stock (FLOW.SOUTHBOUND). `modality` is actual, plan or forecast, `said_by` whose.
    Either `source` or `formula` is there: a fact without a proof is not a fact.
    """

    fact_id: str
    entity: str
    entity_name: str
    measure: str
    measure_name: str
    value: Decimal
    unit: str | None
    high: Decimal | None = None
    ulp: Decimal | None = None
    hedge: str | None = None
    direction: int = 0
    period: Period | None = None
    basis: str = ""
    scope: str = ""
    via: str = ""
    modality: str = "actual"
    said_by: str = ""
    as_of: date | None = None
    status: Literal["available", "stale", "estimated", "missing", "retired"] = "available"
    kind: str = "money"
    surface: str = ""
    source: Source | None = None
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an editor decided about one figure that the check could not settle.

    `bound`: it is this fact, by hand; its value, unit and sign were compared, and where the check refutes the figure a
    second person has to confirm. `waived`: it has no source and stands all the same (编辑确认), which counts once a
    second person confirmed it. The figure is the `nth` of its surface in its
    sentence: a ruling outlives edits elsewhere, and ends with the first change of the sentence itself.
    """

    kind: Literal["bound", "waived"]
    section: str
    sentence: str
    surface: str
    reason: str
    by: str
    at: datetime
    nth: int = 0
    fact_id: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def seconded(self) -> bool:
        """Do two people answer for it?"""
        return bool(self.confirmed_by and self.confirmed_by != self.by)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says of one figure: supported · derived · exempt · refuted · unsourced · unread.

    `reason` is a code for machines, `message` a Chinese sentence for an editor, `nearest` the citable facts that come
    closest to what was claimed.
    """

    start: int
    end: int
    surface: str
    status: Literal["supported", "derived", "exempt", "refuted", "unsourced", "unread"]
    reason: str
    message: str
    fact: Fact | None = None
    source: Source | None = None
    nearest: tuple[Fact, ...] = ()
    ruling: Ruling | None = None
    """An editor's decision on it. A waived figure keeps its status: unsourced, and confirmed by two people."""

    @property
    def waived(self) -> bool:
        """Do two people answer for it? A refuted figure is never waived."""
        ruling = self.ruling
        return self.status in WAIVABLE and ruling is not None and ruling.kind == "waived" and ruling.seconded

    @property
    def blocks(self) -> bool:
        """Does this verdict stop a release?"""
        return self.status in BLOCKING and not self.waived


BLOCKING = frozenset({"refuted", "unsourced", "unread"})
WAIVABLE = frozenset({"unsourced", "unread"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of printed text that code printed from a fact; the writer wrote a reference there."""

    start: int
    end: int
    fact_id: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the model cost: tokens in, out and cached, calls, seconds, money (None where no price is known)."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    retries: int = 0
    seconds: float = 0.0
    cost: Decimal | None = None
    currency: str = ""


NOTHING_SPENT = Usage()


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs: money per million tokens on the day `dated`, as `source` tells it; empty: nobody has checked."""

    tokens_in: Decimal
    tokens_out: Decimal
    tokens_cached: Decimal
    currency: str
    dated: date | None = None
    source: str = ""

    def of(self, usage: Usage) -> Decimal:
        """The money that so many tokens cost."""
        fresh = usage.tokens_in - usage.tokens_cached
        spent = fresh * self.tokens_in + usage.tokens_cached * self.tokens_cached + usage.tokens_out * self.tokens_out
        return spent / 1_000_000


@dataclass(frozen=True, slots=True)
class Section:
    """What a writer made of one section: Markdown as printed, the spans that code printed, and how it came about."""

    slug: str
    title: str
    text: str
    marks: tuple[Mark, ...] = ()
    writer: str = "rules"
    rounds: int = 0
    dropped: tuple[str, ...] = ()
    note: str = ""
    usage: Usage = NOTHING_SPENT


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of facts below a section. `text` is the picture in words, as printed; its marks name the facts drawn.

    `kind` is how they are drawn: session by session (days), side by side (names), on a scale (gauge).
    """

    slug: str
    kind: str
    section: str
    title: str
    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """All sections of an edition for a day. `held` names what is missing; a held draft is never released.

    `rulings` are what editors decided about single figures. A correction names the release that it `corrects` and says
    in its `notice` what changed.
    """

    edition: str
    day: date
    script: Literal["hans", "hant"]
    title: str
    summary: str
    sections: tuple[Section, ...]
    context: str
    prompts: Mapping[str, str] = field(default_factory=dict[str, str])
    held: tuple[str, ...] = ()
    omitted: Mapping[str, str] = field(default_factory=dict[str, str])
    unsaid: tuple[str, ...] = ()
    """Sentences that the rules took back, because a careful reader would not have bound their figures: section and line."""
    usage: Usage = NOTHING_SPENT
    demo: bool = False
    plots: tuple[Plot, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    corrects: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A draft that passed, immutable: the exact text that went out, its marks, and the ledger that proves it (as JSON)."""

    release_id: str
    edition: str
    day: date
    script: Literal["hans", "hant"]
    revision: int
    title: str
    text: str
    marks: tuple[Mark, ...] = ()
    ledger: str = ""
    created_at: datetime
    demo: bool = False

    @property
    def stem(self) -> str:
        """What its files are called before the ending: `radar-2025-12-12`, `radar-2025-12-12-hant`."""
        return f"{self.edition}-{self.day.isoformat()}{'-hant' if self.script == 'hant' else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a channel answered for a release: `sent`, or `unchanged` where the very same thing stood there already."""

    release_id: str
    channel: str
    status: Literal["sent", "unchanged"]
    at: datetime
    where: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Progress of a draft, for the terminal, the console and the desk; `section` is empty for the draft as a whole.

    `data` is plain JSON by key. Sections are written side by side, so their events come interleaved:

    started          edition, day, script, writer, actor, sections, facts, held (only of a draft that is stored)
    notice           text: what an editor should know once, in Chinese (no model is configured …)
    section_started  title
    tokens           call, characters (of this answer so far), text (what came since the last event); 0 characters: the
                     answer begins (anew). Only while somebody listens and the endpoint streams
    answered         call, tokens_in, tokens_out, tokens_cached, seconds, retries, cost, currency, kept (True: from the journal)
    checked          round, flagged; of the whole draft: figures, releasable, counts (by verdict)
    repaired         round, slots: flagged sentences went back to the model
    fell_back        why: the next writer takes over
    section_written  title, text, writer, rounds, dropped, note; also where the run had it already
    done             releasable, draft, release, writers (how many sections each wrote)
    failed           error, kind
    """

    name: str
    section: str = ""
    data: Mapping[str, object] = field(default_factory=dict[str, object])


Listener = Callable[[Event], None]


class Journal(Protocol):
    """Paid replies by the hash of what was asked, kept before they are used: a re-run pays nothing twice."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, reply: str) -> None: ...
