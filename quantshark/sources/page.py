"""HTML pages: the article's text, its title, time, publisher and canonical address. Nothing of a page runs.

nh3 (a browser-grade parser) first turns any tag soup into a small well-formed tree of known tags, in linear time; the
standard library's parser, which hostile soup can stall, only ever reads that. Tables become lines of `| cell | cell |`.
"""

from __future__ import annotations

import re
from collections import Counter
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
MAX_ATTRIBUTES = 200
MAX_MARKUP = 1_000_000

BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "pre", "figure", "figcaption", "table", "caption", "tr", "hr", "br",
})  # fmt: skip
CELLS = frozenset({"td", "th"})
DROPPED = frozenset({
    "nav", "footer", "aside", "button", "select", "textarea", "iframe", "object", "embed",
    "svg", "math", "canvas", "video", "audio", "noscript", "template", "dialog",
})  # fmt: skip
SILENT = frozenset({"script", "style", "iframe", "noscript", "noembed", "noframes", "xmp", "textarea", "select"})
OTHERS = frozenset({"title", "meta", "link", "time", "span", "sup", "sub", "thead", "tbody", "tfoot", "header", "form"})
KEPT = BLOCKS | CELLS | OTHERS | (DROPPED - SILENT)
ATTRIBUTES: dict[str, set[str]] = {
    "meta": {"property", "name", "itemprop", "content"},
    "link": {"rel", "href"},
    "time": {"datetime"},
    "*": {"hidden", "aria-hidden", "style"},
}
HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
BALLAST = re.compile(r"<(script|style)(?=[\s/>]).*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
INLINED = re.compile(r"(?<=[\"'=(])data:[^\"'\s)>]+", re.IGNORECASE)
LONG_TAG = re.compile(r"<[A-Za-z][^<>]{1000,}")
# A browser opens every unclosed formatting element again in every block: n² elements out of n tags. As spans they cannot.
FORMATTING = re.compile(r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
VOID = frozenset({"meta", "link", "br", "hr", "embed"})
META = {
    "og:title": "title", "article:published_time": "date", "datepublished": "date", "publishdate": "date",
    "pubdate": "date", "og:published_time": "date", "publish_time": "date", "og:url": "url", "og:site_name": "source",
    "mediaid": "source", "quantshark:release": "release", "demo": "demo",
}  # fmt: skip
ROLES = {"title": "title", "h1": "headline", "article": "article", "main": "article"}
SHORTEST_ARTICLE = 40


def read(raw: RawText) -> tuple[Document, ...]:
    soup = _without_ballast(raw.text)
    _check_size(raw, soup)
    page = _Page()
    page.feed(_tree(soup))
    page.close()
    if page.meta.get("release"):
        return (document(raw, page.article(), page.about(), default_kind="report"),)
    return (document(raw, without_noise(raw, page.article()), page.about(), default_kind="article"),)


def _without_ballast(page: str) -> str:
    """Scripts, styles, comments and inlined pictures are most of a page and none of its words."""
    return INLINED.sub("", BALLAST.sub("", page))


def _check_size(raw: RawText, soup: str) -> None:
    """What a browser's parser takes n² for must stay small: nesting, and attributes of one tag."""
    tags = soup.count("<")
    if tags > MAX_TAGS:
        raise refused("tags", raw.name, size=tags, limit=MAX_TAGS)
    if len(soup) > MAX_MARKUP:
        raise refused("markup", raw.name, size=len(soup), limit=MAX_MARKUP)
    if any(len(tag.split(None, MAX_ATTRIBUTES)) > MAX_ATTRIBUTES for tag in LONG_TAG.findall(soup)):
        raise refused("attributes", raw.name, limit=MAX_ATTRIBUTES)


def _tree(soup: str) -> str:
    return nh3.clean(
        FORMATTING.sub(r"<\1span", soup),
        tags=set(KEPT),
        attributes=ATTRIBUTES,
        clean_content_tags=set(SILENT),
        link_rel=None,
    )


@dataclass(slots=True)
class _Text:
    """Lines under construction."""

    parts: list[str] = field(default_factory=list[str])

    def lines(self) -> str:
        lines = (re.sub(r"[ \t\u3000\xa0]+", " ", line).strip() for line in "".join(self.parts).split("\n"))
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        return re.sub(r"(?<=\|)\n\n(?=\|)", "\n", text)


class _Page(HTMLParser):
    """Walks the clean tree once: the words of <article> or <main> and of the whole body, and the head's metadata."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.whole = _Text()
        self.core = _Text()
        self.meta: dict[str, str] = {}
        self.title: list[str] = []
        self.heading: list[str] = []
        self.open: list[tuple[str, set[str]]] = []
        self.inside: Counter[str] = Counter()
        """How many open elements hide, are the article, the title, the headline."""
        self.cells: list[list[str]] | None = None
        self.rows = 0

    # --- parser events

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        self._remember(tag, words)
        if tag not in VOID:
            roles = _roles(tag, words)
            self.open.append((tag, roles))
            self.inside.update(roles)
        if tag == "table":
            self.rows = 0
        if tag == "tr":
            self.cells = []
        elif tag in CELLS and self.cells is not None:
            self.cells.append([])
        elif tag in BLOCKS and self.cells is None:
            self._write("\n")

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed, roles = self.open.pop()
            self.inside.subtract(roles)
            if closed == tag:
                break
        if tag == "tr" and self.cells is not None:
            self._row(["".join(cell).strip() for cell in self.cells])
            self.cells = None
        elif tag in BLOCKS and self.cells is None:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        if self.inside["title"]:
            self.title.append(data)
        elif not self.inside["hidden"]:
            self._say(re.sub(r"\s+", " ", data))

    # --- what is kept

    def article(self) -> str:
        """The words of <article> or <main> where there are enough of them, else of the whole body."""
        core = self.core.lines()
        return core if len(core) >= SHORTEST_ARTICLE else self.whole.lines()

    def about(self) -> About:
        title = self.meta.get("title") or _one_line(self.heading) or _one_line(self.title)
        # The Markdown of a release has its id; the page lies beside it in the same folder and is another text.
        release = self.meta.get("release")
        return About.of({**self.meta, "title": title, "id": f"{release}.html" if release else ""})

    def _say(self, words: str) -> None:
        if self.cells is None:
            self._write(words)
        elif self.cells:
            self.cells[-1].append(words)
        if self.inside["headline"]:
            self.heading.append(words)

    def _write(self, words: str) -> None:
        self.whole.parts.append(words)
        if self.inside["article"]:
            self.core.parts.append(words)

    def _row(self, cells: list[str]) -> None:
        if not any(cells) or self.inside["hidden"]:
            return
        self.rows += 1
        self._write("\n| " + " | ".join(cell.replace("|", "／") for cell in cells) + " |\n")
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
        if name == "demo" and value not in {"true", "false"}:
            return
        self.meta.setdefault(name, value.strip())


def _roles(tag: str, words: dict[str, str]) -> set[str]:
    roles = {ROLES[tag]} if tag in ROLES else set[str]()
    return roles | {"hidden"} if tag in DROPPED or _hides(words) else roles


def _hides(words: dict[str, str]) -> bool:
    return (
        "hidden" in words
        or words.get("aria-hidden") == "true"
        or HIDING_STYLE.search(words.get("style", "")) is not None
    )


def _one_line(parts: list[str]) -> str:
    return " ".join("".join(parts).split())
