"""What counts most: stories of the day, stocks that earn a row, facts in the order in which they are numbered.

How a stock earns its row is `Scoring` in the edition: points for its place in the day's list of net bought or sold, for
the length of its run, for the size of its move, for a buyback, for figures and news of its own. A stock on the watchlist
comes first whatever its points, if there is any fact about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from quantshark.context.ground import Ground
from quantshark.context.select import LONG_AGO, Dropped
from quantshark.context.tell import Story, tell
from quantshark.editions import Edition, Scoring
from quantshark.lexicon.names import Names
from quantshark.lexicon.script import fold
from quantshark.model import Entity, Fact
from quantshark.prompts import estimate_tokens

MOST_STORIES = 80
MOST_FACTS = 320
HOME = frozenset({"HK", "SH", "SZ", "BJ"})
ALIKE = 0.5
"""Two headlines that share this part of their character pairs tell the same story."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A stock that earned a row, with its points by reason."""

    entity: str
    points: int
    reasons: Mapping[str, int]
    watched: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """From when news may be told, since when it is fresh, and the slot's moment."""

    opens: datetime
    fresh: datetime
    closes: datetime


# Stories


def choose_stories(
    edition: Edition, ground: Ground, window: Window, *, bars: Sequence[str], pins: Sequence[str]
) -> tuple[Story, ...]:
    """What may be told of the news of a window, best first, each story once."""
    names, passing = ground.names, ground.passing
    by_document: dict[str, list[Fact]] = defaultdict(list)
    for fact in ground.told:
        if fact.source is not None:
            by_document[fact.source.doc_id].append(fact)
    told: list[Story] = []
    for document in ground.documents.values():
        at = document.known_at
        if document.doc_id in bars or at is None or at <= window.opens:
            continue
        fresh = at > window.fresh
        story = tell(document, by_document[document.doc_id], ground.named(document), edition, fresh=fresh)
        if story is not None and (story.topics or story.entities) and not _is_stale(story, window.closes, passing):
            about = _about(story, names)
            if about and any(fact.entity.startswith("~") for fact in story.facts):
                continue  # a company's figure that was read as another's: who verifies may read it as the company's
            near = about.rpartition(".")[2] in HOME
            told.append(replace(_in_passing(story, passing), about=about, score=story.score + 6 * near))
    told.sort(
        key=lambda story: (
            story.document.doc_id not in pins,
            not story.fresh,
            -story.score,
            -_minutes(story),
            story.document.doc_id,
        )
    )
    return tuple(_apart(told))[:MOST_STORIES]


def _in_passing(story: Story, passing: frozenset[str]) -> Story:
    """A reading of an open market says that it is one, in the source's words or in ours."""
    if story.intraday or not any(fact.fact_id in passing for fact in story.facts):
        return story
    prose = ("盘中，", *story.prose) if story.prose else ()
    return replace(story, pieces=("盘中，", *story.pieces), prose=prose, intraday=True)


PASSING_LASTS = timedelta(hours=3)
"""A reading of a moment (现报, 一度) is news for so long; after that the market has said something else."""


def _is_stale(story: Story, until: datetime, passing: frozenset[str]) -> bool:
    at = story.document.known_at
    of_moment = story.intraday or any(fact.fact_id in passing for fact in story.facts)
    return of_moment and at is not None and at < until - PASSING_LASTS


VENUES = frozenset({"0388.HK"})
"""An exchange is named as the place (港交所公告) far more often than as the company."""


def _about(story: Story, names: Names) -> str:
    """The first company of the told clause that is listed here (a broker may be named before it), else the first."""
    companies = [name.codes[0] for name in names.find(fold(story.plain)) if name.kind == "company" and name.codes]
    companies.sort(key=lambda code: (code in VENUES, code.rpartition(".")[2] not in HOME))
    return companies[0] if companies else ""


def _minutes(story: Story) -> float:
    return (story.document.known_at or LONG_AGO).timestamp()


def _apart(stories: Iterable[Story]) -> list[Story]:
    """Without those that tell again what a better one told of the same company (or of none), and with one passing
    reading of a market: of several the one that was told first here, which is the newest of the best.
    """
    kept: list[Story] = []
    moments: set[str] = set()
    for story in stories:
        read = _read_at_a_moment(story)
        if read & moments or any(
            story.about == other.about and _alike(_pairs(story.plain), _pairs(other.plain)) for other in kept
        ):
            continue
        moments |= read
        kept.append(story)
    return kept


def _read_at_a_moment(story: Story) -> set[str]:
    """The indices (an index and its future are one) of which a story tells a passing reading."""
    return {fact.entity.removesuffix("FUT") for fact in story.facts if fact.entity} if story.intraday else set()


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= ALIKE * min(len(one), len(other))


# Stocks


def choose_subjects(
    facts: Sequence[Fact],
    stories: Sequence[Story],
    scoring: Scoring,
    entities: Mapping[str, Entity],
    session: date,
    watchlist: Sequence[str],
    passing: frozenset[str] = frozenset(),
) -> tuple[Subject, ...]:
    """The stocks that earned a row, the watchlist first, then by points."""
    points: dict[str, dict[str, int]] = defaultdict(dict)
    for fact in facts:
        if (
            fact.modality == "actual"
            and fact.period is not None
            and session <= fact.period.end
            and fact.fact_id not in passing
        ):
            _credit(points[fact.entity], fact, scoring)
    for story in stories:
        if story.about and story.fresh:
            own = any(fact.entity == story.about for fact in story.facts)
            _best(points[story.about], "figures" if own else "news", scoring.figures if own else scoring.news)
    named = [code for code in watchlist if points.get(code)]
    earned = [code for code in points if code not in named and _may(code, entities, scoring)]
    subjects = [Subject(code, sum(points[code].values()), points[code], code in named) for code in (*named, *earned)]
    fit = [subject for subject in subjects if subject.watched or subject.points >= scoring.least]
    return tuple(sorted(fit, key=lambda s: (not s.watched, -s.points, s.entity)))


def _may(code: str, entities: Mapping[str, Entity], scoring: Scoring) -> bool:
    entity = entities.get(code)
    if entity is not None:
        return entity.kind in scoring.kinds and entity.market in scoring.markets
    return code.rpartition(".")[2] in scoring.markets and code[:1].isdigit()


def _credit(reasons: dict[str, int], fact: Fact, scoring: Scoring) -> None:
    op = fact.formula.op if fact.formula else ""
    if op == "rank":
        _best(reasons, "rank", max(0, scoring.rank - 3 * (abs(int(fact.value)) - 1)))
    elif fact.kind == "streak" or fact.measure == "inflow_count":
        _best(reasons, "streak", scoring.streak * min(abs(int(fact.value)), scoring.streak_days))
    elif fact.measure == "net_flow" and fact.via and not op:
        _best(reasons, "flow", scoring.figures)
    elif fact.measure == "change" and fact.kind == "percent" and fact.scope in ("", "day"):
        _best(reasons, "change", int(scoring.change * min(abs(fact.value), scoring.change_cap)))
    elif fact.measure.startswith("buyback"):
        _best(reasons, "buyback", scoring.buyback)


def _best(reasons: dict[str, int], reason: str, points: int) -> None:
    reasons[reason] = max(reasons.get(reason, 0), points)


# Facts


def in_order(
    facts: Sequence[Fact],
    stories: Sequence[Story],
    subjects: Sequence[Subject],
    edition: Edition,
    session: date,
    *,
    pins: Sequence[str],
    watchlist: Sequence[str],
) -> list[Fact]:
    """All facts, the most useful first: what cues ask for, what stories tell, then newness, size and relevance."""
    asked = _asked(edition)
    lasting = {(cue.entity, m) for cue in edition.cues.values() if cue.on in LASTING for m in cue.measure if cue.entity}
    few = _few(facts, lasting)
    named, of_any = _formulas(edition)
    of_subjects = {measure for cue in edition.cues.values() if not cue.entity for measure in cue.measure}
    rolled = _rolled(edition)
    subject_codes = {subject.entity: place for place, subject in enumerate(subjects)}
    told = {fact.fact_id: place for place, story in enumerate(stories) for fact in story.facts}
    usual = _usual_sizes(facts)
    running = (piece for story in stories for piece in (*story.prose, *story.more))
    goes_on = {piece.fact_id: piece for piece in running if isinstance(piece, Fact)}
    pool = {fact.fact_id: fact for fact in (*facts, *(fact for story in stories for fact in story.facts))}
    pool = {**goes_on, **pool}

    def score(fact: Fact) -> int:
        points = 200 if fact.fact_id in pins or (fact.source and fact.source.doc_id in pins) else 0
        points += 60 if (fact.entity, fact.measure) in asked and _is_new(fact, session) else 0
        points += 120 if fact.fact_id in few else 0
        points += 100 if (fact.entity, fact.measure) in lasting and _is_late(fact, session) else 0
        points += max(0, TOLD - told[fact.fact_id]) if fact.fact_id in told else 0
        points += 15 if fact.fact_id in goes_on else 0
        points += 40 - min(25, subject_codes[fact.entity]) if fact.entity in subject_codes else 0
        points += 25 if fact.entity in subject_codes and fact.measure in of_subjects and _is_new(fact, session) else 0
        points += 45 if fact.measure in rolled and fact.formula is None and _is_new(fact, session) else 0
        points += 50 if fact.entity in watchlist else 0
        points += 20 if _is_new(fact, session) else -20
        points += 5 if fact.fact_id in usual else 0
        if fact.formula is not None:
            op = fact.formula.op
            asked_for = (fact.entity, fact.measure, op) in named or (fact.measure, op) in of_any
            points += 3 if asked_for or op not in NAMED_ONLY else -60
        return points - (15 if fact.modality != "actual" else 0)

    return sorted(pool.values(), key=lambda f: (-score(f), f.entity, f.measure, _end(f), f.fact_id))


LASTING = frozenset({"any", "fresh"})
"""Cues that take what is about another day than the session."""

NAMED_ONLY = frozenset({"record_high", "record_low", "difference", "growth", "share", "average", "round", "percentile"})
"""Formulas that a line must ask for by name: where no cue does, their results only take the room of others."""


TOLD = 130
"""What the figure of the best story weighs, less one for each story before it: news must not lose its figures to tables."""


def _formulas(edition: Edition) -> tuple[set[tuple[str, str, str]], set[tuple[str, str]]]:
    """Which derived facts the edition can print: of one thing by name, and of whatever stock a sentence is about."""
    used = {name for line in edition.lines for name in line.needs}
    used |= {roll.cue for spec in edition.sections for row in spec.rows for roll in row.rolls}
    cues = [edition.cues[name] for name in used if edition.cues[name].op]
    named = {(cue.entity, measure, cue.op or "") for cue in cues for measure in cue.measure if cue.entity}
    return named, {(measure, cue.op or "") for cue in cues for measure in cue.measure if not cue.entity}


def _asked(edition: Edition) -> set[tuple[str, str]]:
    """What lines ask for by name, and what rolls ask for of the stocks that they name."""
    named = {(cue.entity, measure) for cue in edition.cues.values() for measure in cue.measure if cue.entity}
    rolls = (roll for spec in edition.sections for row in spec.rows for roll in row.rolls)
    return named | {
        (code, measure) for roll in rolls for code in roll.pool for measure in edition.cues[roll.cue].measure
    }


def _rolled(edition: Edition) -> set[str]:
    """What rolls without a pool ask for: who is farthest out is known only where all are there."""
    rolls = (roll for spec in edition.sections for row in spec.rows for roll in row.rolls)
    return {measure for roll in rolls if not roll.pool for measure in edition.cues[roll.cue].measure}


def _is_new(fact: Fact, session: date) -> bool:
    end = fact.period.end if fact.period else fact.as_of
    return end is not None and end >= session


FEW = 6


def _few(facts: Sequence[Fact], asked: set[tuple[str, str]]) -> set[str]:
    """Of what cues take from any day: figures that are no daily series, the total of a year or a rate of some months."""
    kinds: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for fact in facts:
        if (fact.entity, fact.measure) in asked and (fact.scope or fact.basis):
            kinds[(fact.entity, fact.measure, fact.kind, fact.scope, fact.basis)].append(fact.fact_id)
    return {fact_id for ids in kinds.values() if len(ids) <= FEW for fact_id in ids}


def _is_late(fact: Fact, session: date) -> bool:
    """Of the days just before the session: what a cue that takes any day will want first."""
    end = fact.period.end if fact.period else fact.as_of
    return end is not None and session - timedelta(days=5) <= end < session


def _end(fact: Fact) -> str:
    return fact.period.end.isoformat() if fact.period else ""


def _usual_sizes(facts: Sequence[Fact]) -> set[str]:
    """Facts that are large against their own history: at least the median of what is known of their kind."""
    history: dict[tuple[str, str, str | None], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.formula is None:
            history[(fact.entity, fact.measure, fact.unit)].append(fact)
    large: set[str] = set()
    for members in history.values():
        sizes = sorted(abs(fact.value) for fact in members)
        middle = sizes[len(sizes) // 2]
        large |= {fact.fact_id for fact in members if len(members) > 2 and abs(fact.value) >= middle}
    return large


def cut(
    ranked: Sequence[Fact], stories: tuple[Story, ...], edition: Edition, dropped: Dropped
) -> tuple[list[Fact], tuple[Story, ...]]:
    """As many facts as the budget holds, and the stories whose facts are all among them.

    A derived fact brings its operands' proof by id, so operands need no place of their own.
    """
    budget = edition.tokens
    kept: list[Fact] = []
    spent = 0
    for fact in ranked:
        cost = estimate_tokens(f"[f000] {fact.entity_name} {fact.measure_name}{fact.surface} 12月11日") + 3
        if len(kept) >= MOST_FACTS or spent + cost > budget:
            dropped.add("budget", fact)
            continue
        kept.append(fact)
        spent += cost
    ids = {fact.fact_id for fact in kept}
    told = (story for story in stories if all(fact.fact_id in ids for fact in story.facts))
    return kept, tuple(_within_reach(story, ids) for story in told)


def _within_reach(story: Story, ids: set[str]) -> Story:
    """The story without the sentences of running text for whose figures the budget has no room."""
    reached = all(piece.fact_id in ids for piece in (*story.prose, *story.more) if isinstance(piece, Fact))
    return story if reached else replace(story, prose=(), more=())
