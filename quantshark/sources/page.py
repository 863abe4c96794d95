"""HTML pages: the article's text, its title, time, publisher and canonical address. Nothing of a page runs.

nh3 (a browser-grade parser) first turns any tag soup into a small well-formed tree of known tags, in linear time; the
standard library's parser, which hostile soup can stall, only ever reads that. Tables become lines of `| cell | cell |`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from quantshark.model import Document
from quantshark.sources.dates import parse_published
from quantshark.sources.identity import About, document
from quantshark.sources.noise import without_noise
from quantshark.sources.raw import RawText
from quantshark.sources.refused import refused

# Deep nesting costs the parser n²: 30,000 open tags take it about a second, and no article has a tenth of them.
MAX_TAGS = 30_000

BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "table",
        "caption",
        "tr",
        "hr",
        "br",
    ]
)
CELLS = frozenset({"td", "th"})
DROPPED = frozenset(
    [
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "canvas",
        "video",
        "audio",
        "noscript",
        "template",
        "dialog",
    ]
)
SILENT = frozenset({"script", "style", "iframe", "noscript", "noembed", "noframes", "xmp", "textarea", "select"})
KEPT = (
    BLOCKS
    | CELLS
    | (DROPPED - SILENT)
    | frozenset(
        [
            "title",
            "meta",
            "link",
            "time",
            "a",
            "b",
            "strong",
            "em",
            "i",
            "span",
            "font",
            "sup",
            "sub",
            "thead",
            "tbody",
            "tfoot",
            "header",
        ]
    )
)
ATTRIBUTES: dict[str, set[str]] = {
    "meta": {"property", "name", "itemprop", "content"},
    "link": {"rel", "href"},
    "time": {"datetime"},
    "*": {"hidden", "aria-hidden", "style"},
}
HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
VOID = frozenset({"meta", "link", "br", "hr", "embed"})
META = {
    "og:title": "title", "article:published_time": "date", "datepublished": "date", "publishdate": "date",
    "pubdate": "date", "og:published_time": "date", "publish_time": "date", "og:url": "url", "og:site_name": "source",
    "mediaid": "source",
}  # fmt: skip
SHORTEST_ARTICLE = 40


def read(raw: RawText) -> tuple[Document, ...]:
    tags = raw.text.count("<")
    if tags > MAX_TAGS:
        raise refused("tags", raw.name, size=tags, limit=MAX_TAGS)
    page = _Page()
    page.feed(_tree(raw.text))
    page.close()
    return (document(raw, without_noise(raw, page.article()), page.about(), default_kind="article"),)


def _tree(soup: str) -> str:
    return nh3.clean(soup, tags=set(KEPT), attributes=ATTRIBUTES, clean_content_tags=set(SILENT), link_rel=None)


@dataclass(slots=True)
class _Text:
    """Lines under construction."""

    parts: list[str] = field(default_factory=list[str])

    def lines(self) -> str:
        lines = (re.sub(r"[ \t\u3000\xa0]+", " ", line).strip() for line in "".join(self.parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Page(HTMLParser):
    """Walks the clean tree once: the words of <article> or <main> and of the whole body, and the head's metadata."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.whole = _Text()
        self.core = _Text()
        self.meta: dict[str, str] = {}
        self.title: list[str] = []
        self.heading: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.cells: list[str] | None = None
        self.rows = 0

    # --- parser events

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        self._remember(tag, words)
        if tag in VOID:
            if tag in BLOCKS:
                self._break()
            return
        self.open.append((tag, tag in DROPPED or _hides(words)))
        if tag == "table":
            self.rows = 0
        if tag == "tr":
            self.cells = []
        elif tag in CELLS and self.cells is not None:
            self.cells.append("")
        elif tag in BLOCKS and self.cells is None:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag == "tr" and self.cells is not None:
            self._row(self.cells)
            self.cells = None
        elif tag in BLOCKS and self.cells is None:
            self._break()

    def handle_data(self, data: str) -> None:
        if any(tag == "title" for tag, _ in self.open[-1:]):
            self.title.append(data)
        elif not self._is_hidden():
            self._say(re.sub(r"\s+", " ", data))

    # --- what is kept

    def article(self) -> str:
        """The words of <article> or <main> where there are enough of them, else of the whole body."""
        core = self.core.lines()
        return core if len(core) >= SHORTEST_ARTICLE else self.whole.lines()

    def about(self) -> About:
        title = self.meta.get("title") or _one_line(self.heading) or _one_line(self.title)
        return About.of({**self.meta, "title": title})

    def _is_hidden(self) -> bool:
        return any(hidden for _, hidden in self.open)

    def _in_core(self) -> bool:
        return any(tag in {"article", "main"} for tag, _ in self.open)

    def _say(self, words: str) -> None:
        if self.cells is not None:
            if self.cells:
                self.cells[-1] += words
            return
        self._write(words)
        if any(tag == "h1" for tag, _ in self.open):
            self.heading.append(words)

    def _write(self, words: str) -> None:
        self.whole.parts.append(words)
        if self._in_core():
            self.core.parts.append(words)

    def _break(self) -> None:
        self._write("\n")

    def _row(self, cells: list[str]) -> None:
        if not any(cell.strip() for cell in cells) or self._is_hidden():
            return
        self.rows += 1
        self._write("\n| " + " | ".join(cell.strip().replace("|", "／") for cell in cells) + " |\n")
        if self.rows == 1:
            self._write("|" + " --- |" * len(cells) + "\n")

    def _remember(self, tag: str, words: dict[str, str]) -> None:
        if tag == "link" and "canonical" in words.get("rel", "").lower().split():
            self.meta["url"] = words.get("href", "")
        elif tag == "time":
            self._keep("date", words.get("datetime", ""))
        elif tag == "meta":
            key = words.get("property") or words.get("name") or words.get("itemprop") or ""
            self._keep(META.get(key.lower(), ""), words.get("content", ""))

    def _keep(self, name: str, value: str) -> None:
        """The first word that can be read; a page's stray date is no reason to refuse its text."""
        if not name or (name == "date" and parse_published(value) is None):
            return
        self.meta.setdefault(name, value.strip())


def _hides(words: dict[str, str]) -> bool:
    return (
        "hidden" in words
        or words.get("aria-hidden") == "true"
        or HIDING_STYLE.search(words.get("style", "")) is not None
    )


def _one_line(parts: list[str]) -> str:
    return " ".join("".join(parts).split())
