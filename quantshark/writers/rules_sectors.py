"""Sectors that moved as one: who led, how it stands against the market, what the day's news says of it.

A sector is a pool of companies. It is told when two of them or more are known and most of them went the same way; a row
without a pool tells of stocks that moved on their own, so that one company is never taken for a sector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from quantshark.context import Item, Story, signed
from quantshark.context.wording import sign_of
from quantshark.editions import Row, SectionSpec, Tone
from quantshark.writers.rules_article import as_prose, going_on, members, news_of, roll_of, tone_of_items
from quantshark.writers.rules_colour import colour_of
from quantshark.writers.rules_lines import Ask, Pen, Told

LEAST = 2
"""Companies without which there is no sector."""
MOST_OF = 3, 4
"""How many of a sector's companies must go its way: three of four."""
CALM = Decimal("0.3")
"""Percent within which an index has not moved."""

WAYS: tuple[tuple[Tone, int], ...] = (("good", 1), ("bad", -1))
Moved = tuple[Row, Tone, list[Item]]


def sectors(spec: SectionSpec, pen: Pen) -> str | None:
    """A paragraph for each sector that moved as one, the farthest first, then the stocks that moved alone."""
    told: list[str] = []
    shown: list[tuple[Row, Tone]] = []
    for row, tone, items in _moved(spec, pen):
        if len(told) < spec.limits.rows and (text := _paragraph(row, tone, items, spec, pen)):
            told.append(text)
            shown.append((row, tone))
    told += [text for row in spec.rows if not _pool(row) if (text := _alone(row, spec, pen))]
    pen.heads[spec.slug] = _head(shown, spec)
    return "\n\n".join(told) or None


def _pool(row: Row) -> tuple[str, ...]:
    return row.rolls[0].pool


def _moved(spec: SectionSpec, pen: Pen) -> list[Moved]:
    """Sectors whose companies went one way, by how far they went on average; told before or not."""
    found: list[Moved] = []
    for row in spec.rows:
        items = [item for code in _pool(row) if (item := pen.context.find(row.rolls[0].cue, code))]
        if len(items) < max(LEAST, row.rolls[0].least):
            continue
        for tone, sign in WAYS:
            with_it = sum(sign_of(item.fact) == sign for item in items)
            if MOST_OF[1] * with_it >= MOST_OF[0] * len(items):
                found.append((row, tone, items))
    return sorted(found, key=lambda moved: (-_distance(moved[2]), moved[0].label))


def _distance(items: Sequence[Item]) -> Decimal:
    return abs(sum((signed(item.fact) for item in items), Decimal(0))) / len(items)


def _paragraph(row: Row, tone: Tone, items: Sequence[Item], spec: SectionSpec, pen: Pen) -> str:
    """Who led, how it stands against the market, what was said of it, what to look at."""
    side = row.rolls[0].model_copy(update={"side": "up" if tone == "good" else "down", "least": 1})
    sentence = roll_of(side, pen, row.label)
    if sentence is None:  # what an earlier section told of its companies is not told again
        return ""
    opener = pen.choose(row.opens[tone], f"{spec.slug}/{row.label}") if row.opens.get(tone) else row.label
    beside = _beside(tone, items, spec, pen)
    effects = row.effects.get(tone, ())
    closing = f"{pen.choose(effects, f'{spec.slug}/{row.label}/closing')}。" if effects else ""
    return f"{opener}，{sentence.text}{beside}。{_said(row, tone, spec, pen)}{_news(spec, row, pen)}{closing}"


def _beside(tone: Tone, items: Sequence[Item], spec: SectionSpec, pen: Pen) -> str:
    """How its companies stand against the index: all of them farther, all of them less far, or the other way; each said
    once in a draft.
    """
    index = pen.context.find(spec.market) if spec.market else None
    if index is None:
        return ""
    market, moves = signed(index.fact), [signed(item.fact) for item in items]
    if abs(market) < CALM:
        kind = "still"
    elif (market > 0) != (tone == "good"):
        kind = "against"
    elif all(abs(move) > abs(market) and (move > 0) == (market > 0) for move in moves):
        kind = "more"
    elif all(abs(move) < abs(market) for move in moves):
        kind = "less"
    else:
        return ""
    words = spec.labels.get(f"{tone}_{kind}", "")
    if not words or words in pen.sentences:
        return ""
    pen.sentences.add(words)
    return f"，{words}"


def _said(row: Row, tone: Tone, spec: SectionSpec, pen: Pen) -> str:
    """What the closing report says of this sector in words alone."""
    seen = colour_of(row.colour, pen, row.label, tone) if row.colour else None
    return f"{spec.labels.get('said', '')}{seen.text}。" if seen else ""


def _news(spec: SectionSpec, row: Row, pen: Pen) -> str:
    """News of the sector: of its companies first, then of its topics."""
    used = tuple(sorted(pen.spent))
    own = (told for code in _pool(row) for told in news_of(spec.topics, 1, pen, Ask(subject=code, used=used)))
    news = [*islice(own, row.news)]
    news += news_of(row.topics, row.news - len(news), pen, Ask(used=used))
    news = [going_on(told, pen) for told in news] if row.more else news
    lead = pen.choose(row.brings, f"{spec.slug}/{row.label}/news") if row.brings and news else ""
    return f"{lead}{row.joint.join(item.text for item in news)}。" if news else ""


def _alone(row: Row, spec: SectionSpec, pen: Pen) -> str:
    """Stocks that moved on their own, with news of them."""
    named = members(row.rolls[0], pen)
    sentence = roll_of(row.rolls[0], pen, row.label)
    if sentence is None:
        return ""
    tone = tone_of_items([item for _, item in named])
    opener = pen.choose(row.opens[tone], f"{spec.slug}/{row.label}") if row.opens.get(tone) else row.label
    own = (told for code, _ in named for told in _own(code, row, pen))
    news = [*islice(own, row.news)]  # what is not printed is not told either
    lead = pen.choose(row.brings, f"{spec.slug}/{row.label}/news") if row.brings and news else ""
    seen = colour_of(row.colour, pen) if row.colour else None
    return "".join(
        (
            f"{opener}，{sentence.text}。",
            f"{lead}{row.joint.join(item.text for item in news)}。" if news else "",
            f"{spec.labels.get('also', '')}{seen.text}。" if seen else "",
        )
    )


def _own(code: str, row: Row, pen: Pen) -> Iterator[Told]:
    """News about one company, whatever its topic."""
    asked = Ask(subject=code, used=tuple(sorted(pen.spent)), fresh=row.fresh)
    yield from (pen.tell(as_prose(s), code) for s in pen.context.stories if not _wraps(s, pen) and pen.fits(s, asked))


def _wraps(story: Story, pen: Pen) -> bool:
    """Is it about the market as a whole?"""
    return bool(story.topics) and any(t.wrap for t in pen.context.edition.topics if t.slug == story.topics[0])


def _head(moved: Sequence[tuple[Row, Tone]], spec: SectionSpec) -> str:
    """半导体、地产走强 有色承压: the two that moved farthest each way of those that are told."""
    ways = {tone: [row.label for row, way in moved if way == tone][:2] for tone in ("good", "bad")}
    parts = [f"{'、'.join(ways[tone])}{spec.labels.get(tone, '')}" for tone in ("good", "bad") if ways[tone]]
    return " ".join(parts)


__all__ = ["sectors"]
