"""Plain articles, simplified or traditional, as they were copied from a page: the text without the page's furniture."""

from __future__ import annotations

import re

from quantshark.model import Document
from quantshark.sources.identity import About, document
from quantshark.sources.noise import origin, without_noise
from quantshark.sources.raw import RawText

LONGEST_TITLE = 80
HEADING = re.compile(r"#{1,6}\s+(?P<title>\S.{0,200}?)\s*#*")
DATELINE = re.compile(
    r"(?:发布时间|發布時間|發佈時間|发表时间|發表時間|日期|时间|時間|Date)\s*[:：]\s*(?P<date>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?)?)\s*",
    re.IGNORECASE | re.ASCII,
)
SENTENCE_END = ("。", "！", "？", "；", "，", ",", "：", ".", ":")


def read(raw: RawText) -> tuple[Document, ...]:
    """One document; its date only where a line of the head gives it in full (发布时间：2025-03-06 10:00)."""
    text, url = origin(without_noise(raw, raw.text))
    return (document(raw, text, About(title=headline(text), date=dateline(text), url=url), default_kind="article"),)


def headline(text: str) -> str:
    """The first line where it looks like a title: a Markdown heading, or short and not a sentence; else ""."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    heading = HEADING.fullmatch(first)
    if heading:
        return heading["title"]
    return first if len(first) <= LONGEST_TITLE and not first.endswith(SENTENCE_END) else ""


def dateline(text: str) -> str:
    for line in text.split("\n", 12)[:12]:
        found = DATELINE.fullmatch(line.strip()[:80])
        if found:
            return found["date"]
    return ""
