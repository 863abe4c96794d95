"""What a file says of itself, read the same way by every reader: id, date, demo, kind.

The id is the one a file brings (its `id`, or 32 hex digits in its name), else the hash of what it says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from quantshark.model import KINDS, Document
from quantshark.sources.dates import parse_published
from quantshark.sources.raw import RawText, without_hidden
from quantshark.sources.refused import refused

DOC_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
HEX_32 = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{32}(?![0-9A-Fa-f])", re.ASCII)


@dataclass(frozen=True, slots=True)
class About:
    """The words of a file on itself, as strings; "" is "does not say"."""

    title: str = ""
    date: str = ""
    id: str = ""
    url: str = ""
    source: str = ""
    demo: str = ""
    kind: str = ""

    @classmethod
    def of(cls, words: Mapping[str, str]) -> About:
        """From whatever names them; names that mean nothing here are left alone."""
        return cls(**{own.name: words[own.name] for own in fields(cls) if words.get(own.name)})


def document(raw: RawText, text: str, about: About, default_kind: str = "news") -> Document:
    """The document of a file; raises SourceError where a word on itself cannot be read."""
    text, title, source = (_shown(raw, words) for words in (text, about.title, about.source))
    text = text.strip("\n") or title
    if not text.strip():
        raise refused("empty", raw.name)
    kind = about.kind or default_kind
    if kind not in KINDS:
        raise refused("kind", raw.name, value=kind, known=", ".join(KINDS))
    published = _published(raw, about.date)
    url = _web_address(about.url)
    return Document(
        doc_id=_doc_id(raw, about.id) or fingerprint(kind, title, about.date, url, source, about.demo, text),
        text=text,
        title=title,
        published_at=published,
        kind=kind,
        url=url,
        publisher=source,
        demo=_demo(raw, about.demo),
    )


def fingerprint(*parts: str) -> str:
    """32 hex digits that stand for a content: all of it, so that equal words of two days stay two documents."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _shown(raw: RawText, words: str) -> str:
    """Escapes (&#8238;, \\u202e) bring hidden characters back behind the reader that undid them."""
    shown, removed = without_hidden(words)
    raw.removed.update(removed)
    return shown


def _doc_id(raw: RawText, given: str) -> str:
    if not given:
        found = HEX_32.search(raw.stem)
        return found.group().lower() if found else ""
    if not DOC_ID.fullmatch(given):
        raise refused("doc_id", raw.name, line_of(raw, given), value=given)
    return given


def _published(raw: RawText, written: str) -> datetime | date | None:
    if not written:
        return None
    published = parse_published(written)
    if published is None or not 1990 <= published.year <= 2100:
        raise refused("date", raw.name, line_of(raw, written), value=written)
    return published


def _demo(raw: RawText, written: str) -> bool:
    if written.lower() not in {"", "true", "false"}:
        raise refused("demo", raw.name, line_of(raw, written), value=written)
    return written.lower() == "true"


def _web_address(url: str) -> str:
    """Only a web address or a path of the site may become a link; `javascript:` and the like are dropped."""
    return url if re.fullmatch(r"(?:https?://|/(?!/))[^\s\"'<>\\`]+", url) else ""


def line_of(raw: RawText, value: str) -> int | None:
    """The line on which `value` stands first."""
    place = raw.text.find(value)
    return None if place < 0 else raw.text.count("\n", 0, place) + 1
