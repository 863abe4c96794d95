"""News as sites keep it: Markdown under YAML front matter, à la Hugo (title, date, id, source, url, demo, kind)."""

from __future__ import annotations

from dataclasses import replace

from quantshark.model import Document
from quantshark.sources import front_matter, report
from quantshark.sources.identity import About, document
from quantshark.sources.noise import origin, without_noise
from quantshark.sources.raw import RawText

KEYS = ("title", "date", "id", "url", "source", "demo", "kind")

recognises = front_matter.has_front_matter


def read(raw: RawText) -> tuple[Document, ...]:
    """One document; other keys (summary, tags, layout) are for the site and not read."""
    front = front_matter.split(raw)
    about = About.of({key: front.text(key) for key in KEYS})
    if report.is_ours(front):
        about = replace(about, id=about.id or front.text("release"))
        return (document(raw, front.body, about, default_kind="report"),)
    text, url = origin(without_noise(raw, front.body))
    return (document(raw, text, replace(about, url=about.url or url)),)
