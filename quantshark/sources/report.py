"""Our own earlier reports: Markdown whose links lead to `…/News/{id}`. Their links are citations, so nothing is cut."""

from __future__ import annotations

import re

from quantshark.model import Document
from quantshark.sources.article import headline
from quantshark.sources.front_matter import FrontMatter
from quantshark.sources.identity import About, document
from quantshark.sources.raw import RawText

NEWS_LINK = re.compile(r"\]\((?:https?://[^)\s/]{1,200})?/News/[0-9A-Fa-f]{32}[)?#]")
SIGNATURE = re.compile(r"\s*-{2,}\s*本报告由.*$")
# What our press writes on top of every report.
OUR_KEYS = frozenset({"edition", "release"})


def recognises(raw: RawText) -> bool:
    return NEWS_LINK.search(raw.text) is not None


def is_ours(front: FrontMatter) -> bool:
    return front.values.keys() >= OUR_KEYS or NEWS_LINK.search(front.body) is not None


def read(raw: RawText) -> tuple[Document, ...]:
    title = SIGNATURE.sub("", headline(raw.text))
    return (document(raw, raw.text, About(title=title), default_kind="report"),)
