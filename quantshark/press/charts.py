"""Charts as SVG, drawn of facts alone: the same facts give the same picture, byte for byte.

A picture takes its colours from classes (`up`, `down`, `flat`), which a page sets light or dark and a file carries in a
style of its own. The labels are the figures as they are printed; what a picture says, its words say too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import escape

WIDTH = 440
LABEL, SMALL = 14, 12.5
NOTE_SHARE = 0.05
"""Of a picture's shorter side: how high the letters of its AI label have to be at least (GB 45438-2025)."""
PALETTES: dict[str, dict[str, str]] = {
    "light": {"red": "#c2392f", "green": "#1f8a5d", "ink": "#1d2530", "soft": "#5a6573", "line": "#d6d1c4", "paper": "#ffffff", "scale": "#0d4a63"},
    "dark": {"red": "#ff8a7e", "green": "#56c28f", "ink": "#dfe4ea", "soft": "#a2acb8", "line": "#39434f", "paper": "#1a2028", "scale": "#8cc8e0"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One fact as a picture shows it: who or when, the figure as printed, its worth with sign, and where its proof is."""

    name: str
    printed: str
    value: Decimal
    way: int = 0
    href: str = ""
    bare: bool = False
    """Is its sign told by its side alone? Eleven days of selling are not minus eleven days."""


def draw(kind: str, bars: Sequence[Bar]) -> str:
    """The picture of a kind, without words of its own. The kinds are those of `editions.Chart`."""
    return DRAWINGS[kind](bars)


def standalone(
    kind: str, bars: Sequence[Bar], title: str = "", note: str = "", *, rise: str = "red", dark: bool = False
) -> str:
    """The picture as a file of its own, in its own colours; with a title above and a note below (the AI label) if told."""
    inner, height = _body(draw(kind, [replace(bar, href="") for bar in bars]))
    head = 46 if title else 6
    small = max(SMALL, NOTE_SHARE * (head + height + 40)) if note else 0.0
    total = head + height + 10 + small * 1.8
    wide = WIDTH + 40
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{total:g}" viewBox="0 0 {wide} {total:g}">',
        f'<style>{style(rise, dark=dark)}</style><rect class="paper" width="{wide}" height="{total:g}"/>',
        f'<text class="title" x="20" y="31">{escape(title)}</text>' if title else "",
        f'<g transform="translate(20 {head})">{inner}</g>',
        f'<text class="note" x="20" y="{total - small * 0.7:g}" font-size="{small:g}">{escape(note)}</text>'
        if note
        else "",
        "</svg>",
    ]
    return "".join(pieces)


def style(rise: str = "red", *, dark: bool = False) -> str:
    """The colours of a picture that stands alone; `rise` says whether red or green is up."""
    palette = PALETTES["dark" if dark else "light"]
    up, down = ("red", "green") if rise == "red" else ("green", "red")
    return (
        f".up{{fill:{palette[up]}}}.down{{fill:{palette[down]}}}.flat{{fill:{palette['soft']}}}.paper{{fill:{palette['paper']}}}"
        f"text{{fill:{palette['ink']};font-family:sans-serif}}.day,.note,.unit{{fill:{palette['soft']}}}"
        f".axis{{stroke:{palette['line']};stroke-width:1}}.track{{fill:{palette['line']}}}.scale{{fill:{palette['scale']}}}.title{{font-size:18px;font-weight:700}}"
    )


def _body(svg: str) -> tuple[str, float]:
    """What stands inside a drawing, and how high that is."""
    height = float(svg.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split()[1])
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")], height


def _svg(height: float, inner: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" aria-hidden="true" focusable="false">{inner}</svg>'


def _class(bar: Bar) -> str:
    return "up" if bar.way > 0 else "down" if bar.way < 0 else "flat"


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "", size: float = LABEL) -> str:
    told = f' class="{kind}"' if kind else ""
    at = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text{told} x="{x:g}" y="{y:g}" font-size="{size:g}"{at}>{escape(words)}</text>'


def _linked(bar: Bar, drawn: str) -> str:
    return f'<a href="{escape(bar.href)}" class="fig" tabindex="-1">{drawn}</a>' if bar.href else drawn


def width_of(words: str, size: float) -> float:
    """About how wide words are: a Chinese character is as wide as high, a digit a little more than half."""
    return sum(size if ord(char) > 0x2E7F else size * 0.58 for char in words)


# Session by session


def _days(bars: Sequence[Bar]) -> str:
    """Bars up and down from a line, the day under each, the figure at its end; the unit is told once."""
    numbers, unit = _shared_unit(bars)
    highest = max((abs(bar.value) for bar in bars), default=Decimal(1)) or Decimal(1)
    ups, downs = any(bar.value > 0 for bar in bars), any(bar.value < 0 for bar in bars)
    reach = 130.0 if ups != downs else 88.0
    zero = 22.0 + (18 if unit else 0) + (reach if ups or not downs else 0)
    bottom = zero + (reach if downs else 0)
    step = WIDTH / len(bars)
    wide = min(step * 0.62, 44)
    size = min(SMALL, step / max(3.0, max(len(number) for number in numbers) * 0.68))
    drawn = [_text(0, 12, f"单位：{unit}", "unit", size=SMALL)] if unit else []
    drawn.append(f'<path class="axis" d="M0 {zero:g}H{WIDTH}"/>')
    for n, (bar, number) in enumerate(zip(bars, numbers, strict=True)):
        middle = step * (n + 0.5)
        tall = max(1.0, float(abs(bar.value) / highest) * reach)
        top = zero - tall if bar.value >= 0 else zero
        label = top - 5 if bar.value >= 0 else top + tall + size + 2
        shape = f'<rect class="{_class(bar)}" x="{middle - wide / 2:g}" y="{top:g}" width="{wide:g}" height="{tall:g}" rx="1.5"/>'
        drawn.append(_linked(bar, shape + _text(middle, label, number, anchor="middle", size=size)))
        drawn.append(_text(middle, bottom + 32, bar.name, "day", "middle", size=min(SMALL, step / 4.2)))
    return _svg(bottom + 40, "".join(drawn))


def _shared_unit(bars: Sequence[Bar]) -> tuple[list[str], str]:
    """The figures without the unit that all of them print, with their sign; whole figures where units differ."""
    units = {bar.printed.lstrip("0123456789.,，") for bar in bars}
    unit = units.pop() if len(units) == 1 else ""
    return [_signed(bar, bar.printed.removesuffix(unit) if unit else bar.printed) for bar in bars], unit


def _signed(bar: Bar, number: str) -> str:
    if bar.bare:
        return number
    return f"−{number}" if bar.value < 0 else f"+{number}" if bar.value > 0 else number


# Side by side


def _names(bars: Sequence[Bar]) -> str:
    """A row each: the name, a bar to the left or right of a line, the figure at its end."""
    row, size = 27.0, LABEL
    names = max(width_of(bar.name, size) for bar in bars) + 10
    names = min(names, 150.0)
    figures = [_signed(bar, bar.printed) for bar in bars]
    room = max(width_of(figure, size) for figure in figures) + 8
    ups, downs = any(bar.value > 0 for bar in bars), any(bar.value < 0 for bar in bars)
    plain = WIDTH - names - room * (2 if ups and downs else 1)
    highest = max((abs(bar.value) for bar in bars), default=Decimal(1)) or Decimal(1)
    least, most = min(bar.value for bar in bars), max(bar.value for bar in bars)
    span = max(most, Decimal(0)) - min(least, Decimal(0)) or highest
    scale = plain / float(span)
    zero = names + (room if downs else 0) + float(-min(least, Decimal(0))) * scale
    drawn: list[str] = []
    for n, (bar, figure) in enumerate(zip(bars, figures, strict=True)):
        top = n * row
        long = max(1.0, float(abs(bar.value)) * scale)
        left = zero if bar.value >= 0 else zero - long
        shape = f'<rect class="{_class(bar)}" x="{left:g}" y="{top + 5:g}" width="{long:g}" height="{row - 10:g}" rx="1.5"/>'
        at, anchor = (zero + long + 5, "") if bar.value >= 0 else (left - 5, "end")
        shown = _text(at, top + row / 2 + size * 0.36, figure, anchor=anchor, size=size)
        drawn.append(_text(0, top + row / 2 + size * 0.36, _cut(bar.name, names - 10, size), size=size))
        drawn.append(_linked(bar, shape + shown))
    high = row * len(bars)
    return _svg(high, f'<path class="axis" d="M{zero:g} 0V{high:g}"/>{"".join(drawn)}')


def _cut(name: str, room: float, size: float) -> str:
    while width_of(name, size) > room and len(name) > 2:
        name = name[:-2] + "…"
    return name


# On a scale


def _gauge(bars: Sequence[Bar]) -> str:
    """A scale from 0 to 100 % with a pointer; the value that is placed stands above it."""
    pointer, *placed = bars
    at = 10 + (WIDTH - 20) * min(max(float(pointer.value), 0.0), 100.0) / 100
    edge = "start" if at < 90 else "end" if at > WIDTH - 90 else "middle"
    told = "　".join([bar.printed for bar in placed] + [f"分位 {pointer.printed}"])
    drawn = [
        f'<rect class="track" x="10" y="44" width="{WIDTH - 20}" height="12" rx="6"/>',
        f'<rect class="scale" x="10" y="44" width="{at - 10:g}" height="12" rx="6"/>',
        _linked(
            pointer, f'<path class="scale" d="M{at:g} 40l-7 -11h14z"/>' + _text(at, 22, told, anchor=edge, size=15)
        ),
    ]
    drawn += [_text(10 + (WIDTH - 20) * n / 4, 76, words, "day", where, SMALL) for n, words, where in SCALE]
    return _svg(84, "".join(drawn))


SCALE = ((0, "历史最低", "start"), (2, "中位", "middle"), (4, "历史最高", "end"))

DRAWINGS: Mapping[str, Callable[[Sequence[Bar]], str]] = {"days": _days, "names": _names, "gauge": _gauge}
