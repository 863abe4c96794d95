"""A report as PDF, for print and archive: figures carry the number of their note, the notes hold the proofs.

The only importer of WeasyPrint. Nothing is fetched: fonts are the machine's, pictures are drawn into the page.
"""

from __future__ import annotations

import base64
import gc
import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from markupsafe import Markup

from quantshark.errors import ExportError
from quantshark.press.charts import standalone
from quantshark.press.fonts import chinese_font, no_font
from quantshark.press.html import LANGUAGES, asset, template
from quantshark.press.imprint import Script, aigc
from quantshark.press.pictures import bars
from quantshark.press.published import Published
from quantshark.press.raster import xmp
from quantshark.press.script import say
from quantshark.press.typeset import DOTS, Inset, set_body, set_line

# Pictures as letters: few machines have a font for print, and they say nothing that the words do not.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]+ ?")
_FIGURE = re.compile(
    r'<a [^>]*href="#e(\d+)"[^>]*>([^<]*)<span class="(fig [a-z]+)"[^>]*>([^<]*)</span>([^<]*)</a>', re.DOTALL
)
_NOTED = re.compile(r'(<a [^>]*href="#e(\d+)" class="cite"[^>]*>.*?</a>)', re.DOTALL)
_FACES: dict[Script, str] = {
    "hans": "'Noto Serif CJK SC','Source Han Serif SC','Songti SC','SimSun',serif",
    "hant": "'Noto Serif CJK HK','Noto Serif CJK TC','Source Han Serif TC','Songti TC','PMingLiU',serif",
}
"""Pictures in the page's own face: a plain sans-serif writes Chinese in Japanese shapes on many machines, and each face more
is a font of 25 MB to cut down.
"""


def pdf(published: Published, *, rise: str = "red", font: Path | None = None) -> bytes:
    """The PDF of a published report. Raises ExportError where the extra or a Chinese font is missing."""
    if chinese_font(font) is None:
        raise no_font()
    try:
        weasyprint = import_module("weasyprint")  # an extra that needs Pango, asked for by who exports a PDF; untyped
    except (ImportError, OSError) as error:
        raise ExportError(
            "PDF needs an extra and Pango: pip install 'quantshark[documents]' (Debian: apt install libpangoft2-1.0-0)",
            notice="生成 PDF 需要附加组件和 Pango：pip install 'quantshark[documents]'（Debian：apt install libpangoft2-1.0-0）",
        ) from error
    closed = weasyprint.URLFetcher(allowed_protocols=("data",))
    with _uncollected():
        page = weasyprint.HTML(string=print_page(published, rise=rise), url_fetcher=closed)
        made = page.write_pdf(finisher=partial(_label, published), pdf_identifier=published.ledger.release.encode())
    return cast("bytes", made)


@contextmanager
def _uncollected() -> Generator[None]:
    """Without the collector: a layout makes half a million boxes and styles that all live to its end, and walking over
    them again and again takes a seventh of the time. What is left in circles goes at the next collection.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _label(published: Published, _document: object, made: Any) -> None:  # theirs is untyped
    """The AI label in the file's own entries: `AIGC` among its information, and in XMP."""
    pydyf: Any = import_module("pydyf")
    label = json.dumps(aigc(published.producer, published.ledger.release), ensure_ascii=False)
    made.info["AIGC"] = pydyf.String(label)
    packet = xmp(label, published.ledger.title, f"{published.label}。{published.disclaimer}").encode()
    stream = pydyf.Stream([packet], {"Type": "/Metadata", "Subtype": "/XML"})
    made.add_object(stream)
    made.catalog["Metadata"] = stream.reference


def print_page(published: Published, *, rise: str = "red") -> str:
    """The page that becomes the PDF."""
    ledger = published.ledger
    return template("paper.html.j2").render(
        published=published,
        lang=LANGUAGES[published.script],
        day=ledger.day,
        title=Markup(_line(published, published.text.index(ledger.title), len(ledger.title))),  # noqa: S704 - escaped by set_line
        sections=[_section(published, number, rise) for number in range(1, len(published.sections) + 1)],
        say=partial(say, script=published.script),
        style=Markup(asset("paper.css")),  # noqa: S704 - our own file
    )


def _section(published: Published, number: int, rise: str) -> dict[str, object]:
    part = published.sections[number - 1]
    body = set_body(part.text, _insets(published, part.start, part.end))
    return {
        "title": _EMOJI.sub("", part.title),
        "body": Markup(_noted(body)),  # noqa: S704 - cleaned by set_body
        "pictures": [
            {
                "title": chart.title,
                "words": published.words(chart),
                "src": _inlined(standalone(chart.kind, drawn, rise=rise), published.script),
            }
            for chart in published.ledger.charts
            if chart.section == number and (drawn := bars(chart.kind, published.drawn(chart), published.script))
        ],
    }


def _inlined(svg: str, script: Script) -> str:
    svg = svg.replace("font-family:sans-serif", f"font-family:{_FACES[script]}")
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _line(published: Published, start: int, length: int) -> str:
    return _noted(set_line(published.text[start : start + length], _insets(published, start, start + length)))


def _insets(published: Published, start: int, end: int) -> tuple[Inset, ...]:
    return tuple(
        Inset(f.start - start, f.end - start, f.number, f.status, f"e{published.note_of(f.number)}")
        for f in published.figures_in(start, end)
    )


def _noted(html: str) -> str:
    """A figure's note number behind it, small and raised, never on a line of its own; a coloured dot is set in type.

    The link is the figure alone: a layout pays for every box, and a report has hundreds of figures.
    """
    for dot, kind in DOTS.items():
        html = html.replace(dot, f'<span class="dot {kind}">●</span> ')
    html = _FIGURE.sub(r'\2<a class="\3" href="#e\1">\4<sup>\1</sup></a>\5', html)
    return _EMOJI.sub("", _NOTED.sub(r"\1<sup>\2</sup>", html))
