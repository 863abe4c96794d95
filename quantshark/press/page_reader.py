"""Read one of our own pages back: which figures a reader sees on it, and what their cards quote.

The standard library's parser, no style, no script: what stands in the elements is what is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "hr", "link", "img", "input", "path"})


@dataclass(slots=True)
class PageReading:
    """Figures by number as shown; quotations by the number of the figures that rest on them."""

    release: str = ""
    text_hash: str = ""
    figures: dict[int, str] = field(default_factory=dict[int, str])
    quotes: dict[int, str] = field(default_factory=dict[int, str])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.reading = PageReading()
        self._open: list[tuple[str, int | None]] = []
        self._card: tuple[int, ...] = ()
        self._card_depth = 0
        self._quoting = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._meta(given)
        if tag in VOID:
            return
        self._open.append((tag, _number(given.get("data-n"))))
        if "data-for" in given:
            self._card = tuple(n for n in map(_number, given["data-for"].split()) if n is not None)
            self._card_depth = len(self._open)
        # Only the card's own quotation: those of a formula's operands lie deeper, in a list of their own.
        if tag == "blockquote" and self._card and len(self._open) == self._card_depth + 1:
            self._quoting = True

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """An element that is closed where it opens holds nothing a reader sees."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in {name for name, _ in self._open}:
            return
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "blockquote":
            self._quoting = False
        if len(self._open) < self._card_depth:
            self._card, self._card_depth = (), 0

    def handle_data(self, data: str) -> None:
        number = next((n for _, n in reversed(self._open) if n is not None), None)
        if number is not None:
            self.reading.figures[number] = self.reading.figures.get(number, "") + data
        if self._quoting:
            for each in self._card:
                self.reading.quotes[each] = self.reading.quotes.get(each, "") + data

    def _meta(self, given: dict[str, str]) -> None:
        if given.get("name") == "quantshark:release":
            self.reading.release = given.get("content", "")
        elif given.get("name") == "quantshark:text-sha256":
            self.reading.text_hash = given.get("content", "")


def read_page(html: str) -> PageReading:
    """What a page of ours shows."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.reading


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() else None
