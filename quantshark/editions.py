"""Editions are data: what a report is made of, when it is due, what it may say. Adding one needs no Python.

`prompts/<slug>/edition.yaml` is one edition; `prompts/shared/*.yaml` holds what all of them know: cues (named ways of
finding a fact), topics (what a document is about), lines (sentences that wait for their facts) and phrases. An edition's
own cues, topics and lines come on top. Everything is read strictly: an unknown key, a line that names a fact that no
cue finds, a digit typed into a sentence or a buy word in an edition that only observes is an `EditionError` with file,
key and the way out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quantshark.errors import EditionError
from quantshark.lexicon.figures import find_figures

ROOTS = (Path(__file__).parent / "prompts", Path(__file__).parent.parent / "prompts")
"""Where the prompts ship: inside the wheel, else beside the package in a checkout."""

Tone = Literal["good", "bad", "mixed", "calm"]
Block = Literal[
    "table", "radar_table", "tracker", "verdict", "lesson", "prose", "bullets", "script",
    "article", "sectors", "groups", "risks", "directions",
]  # fmt: skip

WORDS = frozenset({"name", "on", "day", "since", "theme", "label", "concept"})
"""What a sentence may name besides its facts: the subject, the day told, the report's day, the theme, the row's label."""

_NAMED = re.compile(r"\{([a-z_][a-z0-9_]*)(?::[a-z]+)?\}")
_CONDITION = re.compile(r"([a-z_][a-z0-9_]*)\s*(<=|>=|==|<|>)\s*(-?\d+(?:\.\d+)?)")


class Strict(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cue(Strict):
    """A named way of finding one fact. Empty means any; `entity` left out means the subject of the sentence.

    `on` is which day it must be about: the session that the report tells, its own day, either of the two or between
    (recent), any; `overnight` is what was published after the session's close,
    `fresh` what was published since the slot before, whatever period it tells. `op` asks for a derived fact of that formula, `settled` for a
    closing reading, not one of a moment.
    """

    entity: str = ""
    measure: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    via: str | None = None
    scope: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    op: str | None = None
    settled: bool = False
    on: Literal["session", "day", "recent", "overnight", "fresh", "any"] = "recent"


class Line(Strict):
    """A sentence that waits for its facts; `say` are ways of saying it, of which one is chosen.

    `when` holds comparisons of a fact's value in its base unit (`flow < 0`). `tone` is what it means for an investor.
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
    def conditions(self) -> tuple[tuple[str, str, Decimal], ...]:
        """`when`, read."""
        read = (_CONDITION.fullmatch(text) for text in self.when)
        return tuple((m[1], m[2], Decimal(m[3])) for m in read if m)


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
    is said ({name}, {fact} and `also`, a second cue where it is known), `opens` what leads in.
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


class Row(Strict):
    """A fixed row of a table, or a paragraph of prose: lines tried in order, then news of its topics.

    `status` prints the tone of what was found, `effects` what it means; `split` is the tone when good and bad meet.
    In an article `style` sets the paragraph, `opens` leads it in by its tone, `rolls` name several side by side,
    `brings` leads in its news, `more` lets news go on for another sentence; fewer than `least` sentences make no paragraph.
    An `expected` row that has no facts is named below the table, so that nobody takes silence for calm.
    """

    label: str = ""
    style: Literal["plain", "quote", "strong", "item", "headed"] = "plain"
    opens: Mapping[Tone, tuple[str, ...]] = Field(default_factory=dict[Tone, tuple[str, ...]])
    rolls: tuple[Roll, ...] = ()
    brings: tuple[str, ...] = ()
    least: int = 1
    named: bool = False
    fresh: bool = True
    more: bool = False
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
    labels: Mapping[str, str] = Field(default_factory=dict[str, str])
    closings: tuple[str, ...] = ()
    omit: str = "资料中没有这一部分所需的内容"


class Chart(Strict):
    """A picture of facts below a section: what is drawn is what its words print, and they are checked like any others.

    `kind` is `days` (one thing, session by session: `cue` names its entity), `names` (several things on one day, the
    largest first: `cue` names none) or `gauge` (a percentile on its scale: `cue`, and with `also` the value it places).
    `pool` says who, else any listed company; `unlisted` asks for names that only the sources know (sectors). `opens`
    leads the words in, `item` is how one fact is said; fewer facts than `least` are no picture.
    """

    slug: str
    title: str
    kind: Literal["days", "names", "gauge"]
    section: str
    cue: str
    also: str = ""
    pool: tuple[str, ...] = ()
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
            f"edition {self.slug} has no section {slug!r}; it has {_list(s.slug for s in self.sections)}"
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
                    f"edition {self.slug}: sections {_list(s.slug for s in waiting)} summarise each other in a ring; break it"
                )
            done += ready
            waiting = [spec for spec in waiting if spec not in ready]
        return tuple(done)


# Reading


def roots(folder: Path | None = None) -> Path:
    """The folder that holds `<edition>/edition.yaml`: the one given, else the one that ships."""
    if folder is not None:
        return folder
    for root in ROOTS:
        if root.is_dir():
            return root
    raise EditionError(f"no prompts folder at {_list(map(str, ROOTS))}; reinstall, or set QUANTSHARK_PROMPTS_DIR")


def slugs(folder: Path | None = None) -> tuple[str, ...]:
    """Which editions there are."""
    return tuple(sorted(path.parent.name for path in roots(folder).glob("*/edition.yaml")))


def load(slug: str, folder: Path | None = None) -> Edition:
    """The edition `slug`. Raises EditionError that names file, key and the way out."""
    root = roots(folder)
    path = root / slug / "edition.yaml"
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", slug) or not path.is_file():
        raise EditionError(f"no edition {slug!r} in {root}; there are {_list(slugs(folder)) or 'none'}", slug=slug)
    shared = [*_shared(root), *sorted(p for p in path.parent.glob("*.yaml") if p != path)]
    files = [*shared, path]
    merged: dict[str, Any] = {}  # YAML as it comes; Edition reads it below
    for file in files:
        _merge(merged, _mapping(file), file, is_edition=file == path)
    merged["folder"], merged["digest"] = path.parent, _digest(files)
    edition = _validated(merged, path, files)
    if edition.slug != slug:
        raise EditionError(
            f"{path}: slug is {edition.slug!r} but the folder is {slug!r}; make them the same", key="slug"
        )
    _coherent(edition, path)
    return edition


def _shared(root: Path) -> list[Path]:
    """The shared phrase banks: of this folder, else of ours, so that a user's folder need not copy them."""
    here = sorted((root / "shared").glob("*.yaml"))
    if here:
        return here
    ours = next((r for r in ROOTS if r.is_dir()), root)
    return sorted((ours / "shared").glob("*.yaml"))


_BANKS = ("cues", "lines", "topics", "phrases", "tones", "home", "abroad")


def _merge(merged: dict[str, Any], found: dict[str, Any], file: Path, *, is_edition: bool) -> None:
    stray = set(found) - set(_BANKS)
    if stray and not is_edition:
        raise EditionError(f"{file}: unknown key {_list(stray)}; a phrase bank holds {_list(_BANKS)}", key=min(stray))
    for key, value in found.items():
        if key in ("cues", "phrases", "tones"):
            merged[key] = {**merged.get(key, {}), **_typed(value, dict, file, key)}
        elif key in ("lines", "topics"):
            merged[key] = _by_name([*merged.get(key, []), *_typed(value, list, file, key)], file, key)
        else:
            merged[key] = value


def _by_name(rows: list[Any], file: Path, key: str) -> list[Any]:
    """Later rows of the same name take the place of earlier ones."""
    name = "id" if key == "lines" else "slug"
    kept: dict[str, Any] = {}
    for row in rows:
        label = cast("dict[str, Any]", row).get(name) if isinstance(row, dict) else None
        if not isinstance(label, str):
            raise EditionError(
                f"{file}: an entry of {key} has no {name}: {str(cast('object', row))[:60]!r}; add one", key=key
            )
        kept[label] = row
    return list(kept.values())


def _typed(value: Any, kind: type, file: Path, key: str) -> Any:
    if not isinstance(value, kind):
        raise EditionError(f"{file}: {key} is {type(value).__name__}; it must be a {kind.__name__}", key=key)
    return value


# libyaml reads ten times faster; a build of PyYAML without it reads the same.
_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """Safe YAML in which a key may stand once (a second `lines:` would silently hide the first), and `on` is a word."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - theirs, without YAML 1.1's yes, no, on and off
        first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        found: object = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise EditionError(
            f"{path} is not YAML in UTF-8: {' '.join(str(problem).split())}", file=str(path)
        ) from problem
    if not isinstance(found, dict):
        raise EditionError(f"{path} holds no mapping; start with `slug: …`", file=str(path))
    return cast("dict[str, Any]", found)


def _digest(files: Iterable[Path]) -> str:
    text = hashlib.sha256()
    for file in files:
        text.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return text.hexdigest()


def _validated(merged: dict[str, Any], path: Path, files: Iterable[Path]) -> Edition:
    try:
        return Edition.model_validate(merged)
    except ValidationError as problem:
        first = problem.errors()[0]
        loc = first["loc"]
        name = _name_at(merged, loc)
        file = next((f for f in files if name and name in f.read_text(encoding="utf-8")), path)
        key = ".".join([str(loc[0]), name, *map(str, loc[2:])] if name else map(str, loc))
        more = f" (and {problem.error_count() - 1} more)" if problem.error_count() > 1 else ""
        raise EditionError(
            f"{file}: {key}: {first['msg']}, got {str(first.get('input'))[:60]!r}{more}; see quantshark.editions.Edition for the keys",
            file=str(file),
            key=key,
        ) from problem


def _name_at(merged: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """The name of the bank's entry (or section) in which a value does not fit; its number says little to an editor."""
    if len(loc) < 2:
        return ""
    if isinstance(loc[1], str):
        return loc[1] if loc[0] in _BANKS else ""
    entry = merged[str(loc[0])][loc[1]]
    named = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    return str(named.get("id") or named.get("slug") or named.get("name") or "")


# What pydantic cannot see: names that must meet, words that must not be there


def _coherent(edition: Edition, path: Path) -> None:
    for problem in (*_bad_sections(edition), *_bad_charts(edition), *_bad_lines(edition), *_bad_words(edition)):
        raise EditionError(f"{path}: {problem}", file=str(path))
    edition.in_order()


def _bad_sections(edition: Edition) -> Iterator[str]:
    slugs_seen = [spec.slug for spec in edition.sections]
    lines, topics = {line.id for line in edition.lines}, {topic.slug for topic in edition.topics}
    for line in edition.lines:
        if stray := {*line.because, *line.against} - lines or {*line.topics, *line.news} - topics:
            yield f"lines.{line.id}: {_list(stray)} is no line or topic of this edition; define it"
    if len(set(slugs_seen)) < len(slugs_seen):
        yield f"a section slug stands twice in {_list(slugs_seen)}; rename one"
    for spec in edition.sections:
        for label, named, known in (
            ("summarises", spec.summarises, set(slugs_seen) - {spec.slug}),
            ("lines", _lines_of(spec), lines),
            ("topics", _topics_of(spec), topics),
        ):
            if stray := set(named) - known:
                yield f"sections.{spec.slug}.{label}: {_list(stray)} is not defined; there are {_list(known) or 'none'}"
    for spec in edition.sections:
        rolls = [roll for row in spec.rows for roll in row.rolls]
        if stray := {cue for roll in rolls for cue in (roll.cue, roll.also) if cue} - set(edition.cues):
            yield f"sections.{spec.slug}.rolls: no cue {_list(stray)}; define it under cues"
    if stray := set(edition.headlines) - lines:
        yield f"headlines: no line {_list(stray)}; define it under lines"
    for core in edition.core:
        if stray := set(core.cues) - set(edition.cues):
            yield f"core {core.name!r}: no cue {_list(stray)}; define it under cues"


def _bad_charts(edition: Edition) -> Iterator[str]:
    sections = {spec.slug for spec in edition.sections}
    names = [chart.slug for chart in edition.charts]
    if len(set(names)) < len(names):
        yield f"a chart slug stands twice in {_list(names)}; rename one"
    for chart in edition.charts:
        where = f"charts.{chart.slug}"
        if chart.section not in sections:
            yield f"{where}.section: no section {chart.section!r}; there are {_list(sections)}"
        if stray := {chart.cue, *filter(None, (chart.also,))} - set(edition.cues):
            yield f"{where}.cue: no cue {_list(stray)}; define it under cues"
        elif chart.kind != "names" and not edition.cues[chart.cue].entity:
            yield f"{where}.cue: {chart.cue} names no entity; a picture of kind {chart.kind} is about one thing"
        elif chart.kind == "names" and edition.cues[chart.cue].entity:
            yield f"{where}.cue: {chart.cue} is about one thing alone; a picture of kind names compares several"


def _lines_of(spec: SectionSpec) -> list[str]:
    return [
        *spec.heads,
        *spec.lines,
        *spec.watch,
        *spec.cases,
        *(s for row in spec.rows for s in row.lines),
        *(s for side in spec.sides for s in side.lines),
    ]


def _topics_of(spec: SectionSpec) -> list[str]:
    rows = (s for row in spec.rows for s in row.topics)
    return [*spec.topics, *spec.takes.topics, *rows, *(s for side in spec.sides for s in side.topics)]


def _bad_lines(edition: Edition) -> Iterator[str]:
    for line in edition.lines:
        if stray := set(line.same) - set(line.needs):
            yield f"lines.{line.id}.same: {_list(stray)} is none of its needs; add it there"
        if stray := {*line.needs, *line.lacks} - set(edition.cues):
            yield f"lines.{line.id}: no cue {_list(stray)}; define it under cues"
        for text in line.when:
            read = _CONDITION.fullmatch(text)
            if not read or read[1] not in line.needs:
                yield f"lines.{line.id}.when: {text!r} is no comparison of one of its needs with a number (`flow < 0`)"
        for text in line.say:
            named = {m[1] for m in _NAMED.finditer(text)}
            if stray := named - set(line.needs) - WORDS - set(edition.thresholds):
                yield f"lines.{line.id}.say: {_list(stray)} is no need, threshold or word ({_list(WORDS)})"


def _bad_words(edition: Edition) -> Iterator[str]:
    """The writer's own words hold no figures, and none of the edition's forbidden words."""
    for where, text in _own_words(edition):
        bare = re.sub(r"\{[^}]*\}", "某", text)
        if typed := [figure.surface for figure in find_figures(bare) if figure.exempt is None]:
            yield f"{where}: the figure {_list(typed)} is typed in {text!r}; a figure is a fact or a threshold"
        if said := [word for word in edition.forbidden if word in bare]:
            yield f"{where}: {_list(said)} may not be said in mode {edition.advice}: {text!r}"


def _own_words(edition: Edition) -> Iterator[tuple[str, str]]:
    for line in edition.lines:
        yield from ((f"lines.{line.id}", text) for text in line.say)
    for spec in edition.sections:
        for row in spec.rows:
            yield from ((f"sections.{spec.slug}.{row.label}", t) for told in row.effects.values() for t in told)
            yield from ((f"sections.{spec.slug}.{row.label}", t) for t in row.status.values())
            yield from ((f"sections.{spec.slug}.{row.label}", t) for told in row.opens.values() for t in told)
            yield from ((f"sections.{spec.slug}.{row.label}", t) for t in row.brings)
            yield from (
                (f"sections.{spec.slug}.{row.label}", t)
                for roll in row.rolls
                for t in (roll.item, roll.with_also, *roll.opens)
            )
        for side in spec.sides:
            yield from ((f"sections.{spec.slug}.{side.heading}", t) for t in (*side.lead, *side.advice, side.none))
        yield from ((f"sections.{spec.slug}.closings", t) for t in spec.closings)
        yield from ((f"sections.{spec.slug}.signals", t) for told in spec.signals.values() for t in told)
    for chart in edition.charts:
        yield from ((f"charts.{chart.slug}", text) for text in (chart.title, chart.opens, chart.item))
    yield from ((f"phrases.{name}", text) for name, text in edition.phrases.items())


def _list(values: Iterable[object]) -> str:
    return ", ".join(sorted(str(value) for value in values))
