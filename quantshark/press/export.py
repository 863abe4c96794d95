"""One release, every other format: made from its published text and ledger alone, each a file beside them.

What a machine cannot make (no Chinese font, an extra that is not installed) is left out and named; the rest is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quantshark.errors import ExportError
from quantshark.press import paper, raster, spoken, word
from quantshark.press.cards import card
from quantshark.press.charts import standalone
from quantshark.press.imprint import aigc
from quantshark.press.pictures import bars
from quantshark.press.published import Published
from quantshark.press.wechat import article


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures look: the colour of what rises, and the font file that writes them (else one of the machine's)."""

    rise: Literal["red", "green"] = "red"
    font: Path | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by name, and what could not be made, in words for an editor."""

    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()


Maker = Callable[[Published, Look, str], Iterator[tuple[str, bytes]]]
"""Makes files (name, bytes) of a release; the last argument is what their names begin with."""


def export(published: Published, formats: Iterable[str], stem: str, look: Look = Look()) -> Exported:
    """The files of these formats. An unknown one is an ExportError."""
    wanted = tuple(dict.fromkeys(formats))
    if stray := [name for name in wanted if name not in FORMATS]:
        raise ExportError(
            f"there is no format {stray[0]!r}; choose of {', '.join(FORMATS)}",
            notice=f"没有 {stray[0]!r} 这种格式；可选：{'、'.join(FORMATS)}",
        )
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    for name in wanted:
        try:
            files |= dict(FORMATS[name](published, look, stem))
        except ExportError as error:
            left_out.append(f"{name}：{error.details.get('notice', error)}")
    return Exported(files, tuple(left_out))


def _plain(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    """Markdown for places that know no front matter: the title is a heading."""
    del look
    body = published.text.split("\n---\n", 1)[1].lstrip()
    yield f"{stem}.plain.md", f"# {published.ledger.title}\n\n{body}".encode()


def _wechat(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    del look
    yield f"{stem}.wechat.html", article(published).encode()


def _pdf(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    yield f"{stem}.pdf", paper.pdf(published, rise=look.rise, font=look.font)


def _docx(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    """Word shows no SVG everywhere, so its pictures are PNG; without a font it goes without them."""
    try:
        pictures = dict(_drawn(published, look))
    except ExportError:
        pictures = {}
    yield f"{stem}.docx", word.docx(published, pictures)


def _png(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    for slug, picture in _drawn(published, look):
        yield f"{stem}.{slug}.png", picture


def _card(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    picture = raster.png(card(published, rise=look.rise), font=look.font, script=published.script, zoom=1)
    yield f"{stem}.card.png", _labelled(published, picture, published.ledger.title, published.summary)


def _txt(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    del look
    yield f"{stem}.txt", spoken.plain(published.text).encode()


def _srt(published: Published, look: Look, stem: str) -> Iterator[tuple[str, bytes]]:
    del look
    yield f"{stem}.srt", spoken.subtitles(published.text).encode()


def _drawn(published: Published, look: Look) -> Iterator[tuple[str, bytes]]:
    """The charts as PNG by slug, each with its words and the label in its metadata."""
    for chart in published.ledger.charts:
        held = bars(chart.kind, published.drawn(chart), published.script)
        if held:
            svg = standalone(chart.kind, held, chart.title, published.label, rise=look.rise)
            picture = raster.png(svg, font=look.font, script=published.script)
            yield chart.slug, _labelled(published, picture, chart.title, published.words(chart))


def _labelled(published: Published, picture: bytes, title: str, words: str) -> bytes:
    return raster.labelled(picture, aigc(published.producer, published.ledger.release), title, words)


FORMATS: Mapping[str, Maker] = {
    "pdf": _pdf,
    "docx": _docx,
    "wechat": _wechat,
    "png": _png,
    "card": _card,
    "plain": _plain,
    "txt": _txt,
    "srt": _srt,
}
