"""The share card of a report, 1200 x 630: headline, three proved figures, the AI label. An SVG that `raster` makes a PNG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import escape

from quantshark.press.charts import PALETTES, width_of
from quantshark.press.html import says, way_of
from quantshark.press.imprint import DEMO_LABEL
from quantshark.press.ledger import fact_of
from quantshark.press.published import PROVED, Published
from quantshark.press.script import say

WIDTH, HEIGHT = 1200, 630
EDGE = 72
FIGURES = 3
LABEL_SIZE = 33
"""The labelling standard asks for letters of at least 5 % of a picture's shorter side."""
_OPENERS, _CLOSERS = "“《（【", "，。、；：！？”》）】％%"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A proved figure of the card: as printed, what it says, and its way."""

    surface: str
    says: str
    way: int


def highlights(published: Published) -> tuple[Highlight, ...]:
    """The first proved figures of different facts, those of the headline before those of lead and text."""
    found: dict[str, Highlight] = {}
    for figure in published.ledger.figures:
        if figure.fact and figure.shown and figure.status in PROVED and figure.fact not in found:
            fact = fact_of(figure.fact, published.ledger.facts[figure.fact])
            if not any(one.surface == figure.surface for one in found.values()):
                found[figure.fact] = Highlight(figure.surface, says(fact), way_of(fact))
        if len(found) == FIGURES:
            break
    return tuple(found.values())


def card(published: Published, *, rise: str = "red") -> str:
    """The card as SVG."""
    colours = PALETTES["light"]
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbfaf6"/><rect width="{WIDTH}" height="14" fill="{colours["scale"]}"/>',
        f'<g transform="translate({EDGE} 56) scale(2)" fill="{colours["scale"]}"><path d="M1 19C8 18 12 10 13 1c6 3 12 9 16 18-4-2-8-2-11 0-3-2-6-2-9 0-3-1-5-1-8 0z"/></g>',
        _text(EDGE + 76, 90, say(published.producer, published.script), 34, colours["scale"], weight=700),
        _text(WIDTH - EDGE, 90, _dateline(published), 28, colours["soft"], anchor="end"),
        *_headline(published.ledger.title.removesuffix(f"｜{published.edition_name}")),  # it stands above
        *_figures(published, rise),
        *_foot(published),
        "</svg>",
    ]
    return "".join(pieces)


def _dateline(published: Published) -> str:
    day = published.ledger.day
    return f"{published.edition_name} · {day.year}年{day.month}月{day.day}日"


def _headline(title: str) -> Iterator[str]:
    size = next(size for size in (58, 52, 46, 40) if size == 40 or len(_wrapped(title, size)) <= 3)
    lines = _wrapped(title, size)[:4]
    for number, line in enumerate(lines):
        yield _text(EDGE, 148 + size + number * size * 1.32, line, size, PALETTES["light"]["ink"], weight=700)


def _wrapped(words: str, size: float) -> list[str]:
    """Lines that fit, broken between characters but not before a closing mark, after an opening one or in a numeral."""
    lines, line = [""], ""
    for piece in _pieces(words):
        if width_of(line + piece, size) > WIDTH - 2 * EDGE and line and piece[0] not in _CLOSERS:
            lines.append("")
            line = ""
        line += piece
        lines[-1] = line
    return lines


def _pieces(words: str) -> Iterator[str]:
    held = ""
    for char in words:
        if held and not (held[-1] in _OPENERS or (_joins(held[-1]) and _joins(char))):
            yield held
            held = ""
        held += char
    if held:
        yield held


def _joins(char: str) -> bool:
    return char.isascii() and not char.isspace()


def _figures(published: Published, rise: str) -> Iterator[str]:
    colours, told = PALETTES["light"], highlights(published)
    up, down = (colours["red"], colours["green"]) if rise == "red" else (colours["green"], colours["red"])
    wide = (WIDTH - 2 * EDGE - 48) / 3
    for number, each in enumerate(told):
        left = EDGE + number * (wide + 24)
        fill = up if each.way > 0 else down if each.way < 0 else colours["ink"]
        size = min(46.0, wide / max(1.0, width_of(each.surface, 1) + 0.9))
        yield f'<rect x="{left:g}" y="394" width="{wide:g}" height="132" rx="10" fill="#ffffff" stroke="{colours["line"]}"/>'
        yield _text(left + 22, 454, each.surface, size, fill, weight=700)
        yield _text(left + 22, 500, _fitting(each.says, wide - 44, 22), 22, colours["soft"])


def _fitting(words: str, room: float, size: float) -> str:
    while width_of(words, size) > room and " · " in words:
        words = words.rsplit(" · ", 1)[0]
    return words


def _foot(published: Published) -> Iterator[str]:
    colours = PALETTES["light"]
    label = published.label + (f" · {say(DEMO_LABEL, published.script)}" if published.ledger.demo else "")
    yield _text(EDGE, 588, label, LABEL_SIZE, colours["scale"], weight=700)
    yield _text(
        WIDTH - EDGE, 586, say("数字均有出处 · 不构成投资建议", published.script), 24, colours["soft"], anchor="end"
    )


def _text(x: float, y: float, words: str, size: float, fill: str, *, anchor: str = "start", weight: int = 400) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
