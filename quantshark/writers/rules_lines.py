"""The pen of the rules writer: fits lines to facts, tells stories, varies its sentences, never says a thing twice.

Everything here is text with references; no digit is typed. Choices are made by edition and day, so that the same facts
give the same report, one corrected figure changes no other sentence, and two days do not open alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from quantshark.context import Context, Item, Saying, Story, wording
from quantshark.editions import Tone
from quantshark.model import Fact

LEAST = 10
"""A story of fewer points is not worth a line of its own, unless a stock on the radar is its subject."""

LISTED = frozenset({"HK", "SH", "SZ", "BJ"})

SAME_DAY = ("当日", "同日")

STORY = 15
"""What a piece of news weighs beside lines, whose weight the edition says."""

OPENING = 5
"""Characters by which two sentences are said to open alike."""

_NAMED = re.compile(r"\{([a-z_][a-z0-9_]*)(:[a-z]+)?\}")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with references: what it means, how much it weighs, which facts it used."""

    text: str
    tone: Tone
    weight: int
    facts: tuple[str, ...] = ()
    line: str = ""
    subject: str = ""
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Which news: about a stock, of a tone, of the day (or some days older), saying more than these facts said."""

    subject: str = ""
    tone: Tone | None = None
    fresh: bool = True
    used: tuple[str, ...] = ()
    named: bool = False
    """Only news whose figures are about somebody by name: in a table's row, the row's head would be taken for it."""
    settled: bool = False
    """No reading of an open market: it bears nothing out an hour later."""
    markets: tuple[str, ...] = ()
    """Only news about a company listed there."""
    words: tuple[str, ...] = ()
    """Only news in which one of these stands."""
    home: bool = False
    """Only news of a company listed here, or of these markets by name."""


@dataclass(slots=True)
class Pen:
    """What has been said so far in this draft."""

    context: Context
    openings: set[str] = field(default_factory=set[str])
    sentences: set[str] = field(default_factory=set[str])
    told_stories: set[str] = field(default_factory=set[str])
    theme: str = ""
    concept: str = ""
    section: str = ""
    log: list[tuple[Saying, str]] = field(default_factory=list[tuple["Saying", str]])
    spent: set[str] = field(default_factory=set[str])
    """Facts that running text has told; tables may name a fact again."""
    heads: dict[str, str] = field(default_factory=dict[str, str])

    def fit(self, slug: str, subject: str = "") -> dict[str, Item] | None:
        """The facts that a line waits for; None while one is missing or a condition fails."""
        return self.context.fit(self.context.edition.line(slug), subject, self.section)

    def codes_for(self, slug: str) -> tuple[str, ...]:
        """Whom a line may be about: the market (no one), or any stock that earned a row."""
        return self.context.codes_for(self.context.edition.line(slug))

    def say(self, slug: str, subject: str = "", used: Iterable[str] = (), after: str = "") -> Told | None:
        """The line as a sentence, if its facts are there and none of them was used already.

        `after` is what was said before it in the same breath: a day named there is 当日 here.
        """
        items = self.fit(slug, subject)
        refs = tuple(item.ref for item in items.values()) if items else ()
        if items is None or set(refs) & set(used):
            return None
        line = self.context.edition.line(slug)
        text = self._fill(self.choose(line.say, f"{slug}/{subject}"), items, subject, after)
        self.log.append(((self.section, slug, subject), text))
        return Told(text, line.tone, line.weight, refs, slug, subject)

    def lines(self, slugs: Sequence[str], take: int, subject: str = "") -> list[Told]:
        """Up to `take` sentences in the order of the lines, no fact in two of them."""
        told: list[Told] = []
        used: set[str] = set()
        for slug in slugs:
            if len(told) >= take:
                break
            if sentence := self.say(slug, subject, used, "".join(t.text for t in told) if subject else ""):
                told.append(sentence)
                used.update(sentence.facts)
        return told

    def stories(self, topics: Sequence[str], take: int, ask: Ask | None = None) -> list[Told]:
        """Up to `take` news items of these topics, best first, none told twice in a draft."""
        wanted = ask or Ask()
        found = (
            story
            for story in self.context.stories
            if story.topics[:1] and story.topics[0] in topics and self.fits(story, wanted)
        )
        return [self.tell(story, wanted.subject) for story in list(islice(found, take))]

    def may_tell(self, story: Story) -> bool:
        """Was it not told yet in this draft, and may this section tell it?"""
        doc_id = story.document.doc_id
        return doc_id not in self.told_stories and (self.section, doc_id, "") not in self.context.unsaid

    def fits(self, story: Story, ask: Ask) -> bool:
        """Is this the news that is asked for, and not told yet?"""
        if not self.may_tell(story) or (ask.fresh and not story.fresh):
            return False
        if not ask.subject and story.score < LEAST:
            return False
        if (ask.settled and story.intraday) or (ask.markets and story.about.rpartition(".")[2] not in ask.markets):
            return False
        if (ask.subject and story.about != ask.subject) or (ask.tone and story.tone != ask.tone):
            return False
        if ask.home and not self.is_home(story):
            return False
        if ask.words and not any(word in story.plain for word in ask.words):
            return False
        if ask.named and any(not fact.entity or fact.entity.startswith("~") for fact in story.facts):
            return False
        return not self._is_known(story, ask.used)

    def is_home(self, story: Story) -> bool:
        """Is it about a company listed here, or about these markets by name?"""
        entity = self.context.entities.get(story.about)
        listed = entity is not None and entity.market in LISTED
        return listed or any(word in story.plain for word in self.context.edition.home)

    def _is_known(self, story: Story, used: Iterable[str]) -> bool:
        """Does half of a story or more only say again what these facts said?"""
        said = [self.context.fact(ref) for ref in used]
        known = sum(any(same(fact, other) for other in said) for fact in story.facts)
        return known > 0 and 2 * known >= len(story.facts)

    def tell(self, story: Story, subject: str = "") -> Told:
        """A story as a sentence; from now on it is told."""
        self.told_stories.add(story.document.doc_id)
        self.log.append(((self.section, story.document.doc_id, ""), self.context.tell(story)))
        refs = tuple(self.context.ref(fact) for fact in story.facts)
        return Told(self.context.tell(story), story.tone, story.score, refs, "story", subject, story)

    def choose(self, variants: Sequence[str], key: str) -> str:
        """One of the ways of saying it: by edition and key, so that a mended figure leaves the other sentences alone, and
        the next one on the next trading day; but rather one that does not open like an earlier sentence.
        """
        seed = f"{self.context.edition.slug}/{key}"
        start = (int(hashlib.sha256(seed.encode()).hexdigest(), 16) + _weekdays(self.context.day)) % len(variants)
        turned = [*variants[start:], *variants[:start]]
        fresh = [v for v in turned if v not in self.sentences and _opening(v) not in self.openings]
        unsaid = [v for v in turned if v not in self.sentences]
        chosen = (fresh or unsaid or turned)[0]
        self.sentences.add(chosen)
        self.openings.add(_opening(chosen))
        return chosen

    def unsaid(self, variants: Sequence[str]) -> bool:
        """Is there a way of saying it that this draft has not used?"""
        return any(variant not in self.sentences for variant in variants)

    def words(self, text: str, **words: str) -> str:
        """The house's words put into a pattern; thresholds are the edition's approved figures."""
        known = {**self.context.edition.thresholds, **words}
        return _NAMED.sub(lambda m: known.get(m[1], m[0]), text)

    def _fill(self, text: str, items: dict[str, Item], subject: str, after: str = "") -> str:
        day = self._on(items)
        fixed = {
            "name": self.context.name(subject) if subject else "",
            "on": SAME_DAY[sum(map(after.count, SAME_DAY)) % 2] if day in after else day,
            "since": self._since(items),
            **self.context.edition.thresholds,
        }
        for name, word in fixed.items():
            text = text.replace(f"{{{name}}}", word)
        return _NAMED.sub(lambda m: f"{{{items[m[1]].ref}{m[2] or ''}}}" if m[1] in items else m[0], text)

    def _since(self, items: dict[str, Item]) -> str:
        """The first day of the first span that a sentence tells."""
        spans = (item.fact.period for item in items.values() if item.fact.period and item.fact.formula)
        first = next((span.start for span in spans if span.start < span.end), None)
        return wording.day_words(first, self.context.day) if first else ""

    def _on(self, items: dict[str, Item]) -> str:
        """The day or span that a sentence tells: of its first fact that has one, else the session."""
        told = (wording.told_day(item.fact, self.context.day) for item in items.values())
        return next((words for words in told if words), wording.day_words(self.context.session, self.context.day))


def same(one: Fact, other: Fact) -> bool:
    """Do two facts say the same, perhaps rounded differently?"""
    near = max(one.ulp or Decimal(0), other.ulp or Decimal(0))
    return (one.entity, one.measure, one.unit) == (other.entity, other.measure, other.unit) and abs(
        one.value - other.value
    ) <= near


def _weekdays(day: date) -> int:
    """Monday to Friday counted on: a Monday is one after its Friday."""
    weeks, rest = divmod(day.toordinal() - 1, 7)  # day one of the count was a Monday
    return 5 * weeks + min(rest, 4)


def _opening(text: str) -> str:
    return text.lstrip("*")[:OPENING]


def tone_of(told: Iterable[Told]) -> Tone:
    """What several sentences mean together: one side clearly outweighs the other, or they are mixed, or say nothing."""
    weight = dict.fromkeys(("good", "bad", "mixed", "calm"), 0)
    for sentence in told:
        weight[sentence.tone] += STORY if sentence.story else max(1, sentence.weight)
    good, bad, mixed = weight["good"], weight["bad"], weight["mixed"]
    if not good and not bad:
        return "mixed" if mixed else "calm"
    if 2 * good > 3 * bad and good > mixed:
        return "good"
    return "bad" if 2 * bad > 3 * good and bad > mixed else "mixed"
