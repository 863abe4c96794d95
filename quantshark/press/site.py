"""The front page and the feeds of a folder of releases: what is there, by day and edition, newest first.

Made from what lies in the folder (each release's ledger and the front matter of its text), so it can be made again at
any time and is never ahead of the files. Search is a filter over the list; without JavaScript the list is all there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from markupsafe import Markup

from quantshark.errors import ReleaseError
from quantshark.press.html import asset, policy, template
from quantshark.press.imprint import AI_LABEL, DEMO_LABEL
from quantshark.press.ledger import Ledger, read

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 50
SITE_LABEL = "报告由人工智能生成"
_LINE = re.compile(
    r'^(?P<key>summary|disclaimer): (?P<value>".*")$|^categories:\n  - (?P<category>".*")$', re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A release as lists show it."""

    release: str
    stem: str
    title: str
    summary: str
    name: str
    edition: str
    day: date
    script: str
    revision: int
    created_at: str
    proved: int
    demo: bool
    notice: str = ""
    withdrawn: str = ""
    """Why it was taken back; empty where it stands."""

    @property
    def page(self) -> str:
        return f"{self.stem}.html"


def entries(folder: Path) -> tuple[Entry, ...]:
    """The releases of a folder, newest day first. A release that cannot be read is an error, not a gap in the list."""
    found = (_entry(path) for path in sorted(folder.glob("*.ledger.json")))
    return tuple(sorted(found, key=lambda entry: (-entry.day.toordinal(), entry.edition, entry.stem)))


def front_page(listed: Sequence[Entry], publisher: str = "量子鲨鱼") -> str:
    """The index page: self-contained like the reports, archive by day, editions to choose from, a search box."""
    style, script = asset("page.css") + asset("site.css"), asset("site.js")
    return template("site.html.j2").render(
        publisher=publisher,
        days=[(day, [*held]) for day, held in groupby(listed, key=lambda entry: entry.day)],
        editions=sorted({(entry.edition, entry.name or entry.edition) for entry in listed}),
        label=SITE_LABEL,
        demo_label=DEMO_LABEL,
        demo=any(entry.demo for entry in listed),
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704 - our own file
        policy=policy(style, script),
    )


def atom(listed: Sequence[Entry], site_url: str, publisher: str = "量子鲨鱼") -> bytes:
    """An Atom feed of the latest releases."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", f"{site_url.rstrip('/')}/atom.xml")
    _add(feed, "title", publisher)
    _add(feed, "updated", max((entry.created_at for entry in listed), default="1970-01-01T00:00:00+08:00"))
    _add(feed, "link", "", rel="self", href=f"{site_url.rstrip('/')}/atom.xml")
    _add(_add(feed, "author", ""), "name", publisher)
    for entry in listed[:LATEST]:
        told = _add(feed, "entry", "")
        _add(told, "id", f"urn:quantshark:{entry.release.rpartition('-r')[0]}")
        _add(told, "title", _headline(entry))
        _add(told, "link", "", rel="alternate", type="text/html", href=f"{site_url.rstrip('/')}/{entry.page}")
        _add(told, "published", entry.created_at)
        _add(told, "updated", entry.created_at)
        _add(told, "category", "", term=entry.edition, label=entry.name or entry.edition)
        _add(told, "rights", AI_LABEL)
        _add(told, "summary", entry.summary or entry.title)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def json_feed(listed: Sequence[Entry], site_url: str, publisher: str = "量子鲨鱼") -> bytes:
    """The same as JSON Feed 1.1."""
    base = site_url.rstrip("/")
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/feed.json",
        "language": "zh",
        "items": [_item(entry, base) for entry in listed[:LATEST]],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def site_files(folder: Path, site_url: str) -> dict[str, bytes]:
    """Front page and feeds of what lies in the folder now."""
    listed = entries(folder)
    return {
        "index.html": front_page(listed).encode(),
        "atom.xml": atom(listed, site_url),
        "feed.json": json_feed(listed, site_url),
    }


def _item(entry: Entry, base: str) -> dict[str, object]:
    return {
        "id": f"urn:quantshark:{entry.release.rpartition('-r')[0]}",
        "url": f"{base}/{entry.page}",
        "title": _headline(entry),
        "content_text": entry.summary or entry.title,
        "date_published": entry.created_at,
        "language": "zh-Hant" if entry.script == "hant" else "zh-Hans",
        "tags": [entry.name or entry.edition],
        "_quantshark": {
            "release": entry.release,
            "proved": entry.proved,
            "ai_generated": not entry.withdrawn,
            "demo": entry.demo,
        }
        | ({"correction": entry.notice} if entry.notice else {})
        | ({"withdrawn": entry.withdrawn} if entry.withdrawn else {}),
    }


def _headline(entry: Entry) -> str:
    marked = f"【更正】{entry.title}" if entry.notice else entry.title
    return f"【{DEMO_LABEL}】{marked}" if entry.demo else marked


def _add(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    child.text = text or None
    return child


def _entry(path: Path) -> Entry:
    ledger = read(path.read_bytes())
    stem = path.name.removesuffix(".ledger.json")
    try:
        front = (path.parent / f"{stem}.md").read_text(encoding="utf-8").split("\n---\n", 1)[0]
    except OSError as error:
        raise ReleaseError(f"{path.name} lies without its {stem}.md; put the release's files together again") from error
    told = {
        found["key"] or "category": json.loads(found["value"] or found["category"]) for found in _LINE.finditer(front)
    }
    return Entry(
        release=ledger.release,
        stem=stem,
        title=ledger.title,
        summary=told.get("summary", ""),
        name=told.get("category", ""),
        edition=ledger.edition,
        day=ledger.day,
        script=ledger.script,
        revision=ledger.revision,
        created_at=ledger.created_at,
        proved=_proved(ledger),
        demo=ledger.demo,
        notice=ledger.notice,
        withdrawn=ledger.withdrawn.reason if ledger.withdrawn else "",
    )


def _proved(ledger: Ledger) -> int:
    return sum(figure.status in {"supported", "derived"} for figure in ledger.figures)
