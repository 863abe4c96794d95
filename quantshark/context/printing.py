"""References to text: `{f3}` is a phrase, `{f3:value}` a figure, `{f3:said}` the figure as its source printed it.

Outside a link each becomes a link to its document; inside `[…](d2)` or `[…](f3)` it is text, and the link is resolved.
Only code prints digits and addresses: an unknown reference, a link of the writer's own or a stray brace raises. The
marks say which span of the printed text came from which fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from quantshark.errors import WriterError
from quantshark.model import Mark

_TOKEN = re.compile(
    r"(?P<fact>\{(?P<ref>f\d+)(?::(?P<form>phrase|value|said))?\})"
    r"|(?P<open>\[)"
    r"|(?P<close>\](?:\((?P<target>[^()\s]*)\))?)"
    r"|(?P<stray>[{}])"
)


class Sources(Protocol):
    """What printing asks of a context."""

    def said(self, ref: str, form: str, script: str) -> str: ...

    def link(self, ref: str) -> str: ...

    def fact_id(self, ref: str) -> str: ...

    def plain(self, text: str, script: str) -> str: ...


@dataclass(slots=True)
class _Page:
    """Text under way, and what in it was printed from a fact."""

    parts: list[str] = field(default_factory=list[str])
    length: int = 0
    marks: list[Mark] = field(default_factory=list[Mark])

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def add_fact(self, text: str, fact_id: str) -> None:
        self.marks.append(Mark(self.length, self.length + len(text), fact_id))
        self.add(text)


def print_text(text: str, sources: Sources, script: str, *, links: bool = True) -> tuple[str, tuple[Mark, ...]]:
    """The text as published, and its marks. Raises WriterError for what does not resolve."""
    page, at = _Page(), 0
    closes = _targets(text, sources)
    inside = False
    for token in _TOKEN.finditer(text):
        page.add(sources.plain(text[at : token.start()], script))
        at = token.end()
        if token["stray"]:
            raise WriterError(
                f"a stray {token['stray']!r} at {token.start()} in {text[:60]!r}; references look like {{f3}}"
            )
        if token["fact"]:
            _fact(page, token, sources, script, bare=inside or not links)
        elif token["open"]:
            inside = token.start() in closes.values()
            page.add("[" if inside and links else "" if inside else "[")
        else:
            _close(page, token, sources, closes, links=links)
            inside = False
    page.add(sources.plain(text[at:], script))
    return "".join(page.parts), tuple(page.marks)


def _targets(text: str, sources: Sources) -> dict[int, int]:
    """Where each link closes, and where it opened; a link whose target is no reference raises."""
    opened: int | None = None
    pairs: dict[int, int] = {}
    for token in _TOKEN.finditer(text):
        if token["open"]:
            opened = token.start()
        elif token["close"] and token["target"] is not None:
            if opened is None:
                raise WriterError(f"a link closes at {token.start()} that was never opened, in {text[:60]!r}")
            sources.link(token["target"])
            pairs[token.start()] = opened
            opened = None
    return pairs


def _fact(page: _Page, token: re.Match[str], sources: Sources, script: str, *, bare: bool) -> None:
    ref = token["ref"]
    said, fact_id = sources.said(ref, token["form"] or "phrase", script), sources.fact_id(ref)
    target = "" if bare else sources.link(ref)
    if target:
        page.add("[")
    page.add_fact(said, fact_id)
    if target:
        page.add(f"]({target})")


def _close(page: _Page, token: re.Match[str], sources: Sources, closes: dict[int, int], *, links: bool) -> None:
    if token.start() not in closes:
        page.add("]")
    elif links:
        page.add(f"]({sources.link(token['target'])})")


def references(text: str) -> Iterator[str]:
    """The facts that a text refers to, in order, with repetition."""
    return (token["ref"] for token in _TOKEN.finditer(text) if token["fact"])


def without_references(text: str) -> str:
    """The writer's own words alone: what is left when references and link targets are taken out."""
    return re.sub(r"\]\([^()\s]*\)", "]", re.sub(r"\{f\d+(?::[a-z]+)?\}", "", text))


Convert = Callable[[str], str]
