"""The front page, the archive and the feeds of a folder of releases: what is there, by day and edition, newest first.

Made from what lies in the folder (each release's ledger and the front matter of its text), so it can be made again at
any time and is never ahead of the files. The front page has the latest days whole, and every day by its date; each
edition has a page of its own. Search reads `search.json` of the same site, where that can be read (a page opened from
disk cannot), else it sifts the list that stands there; without JavaScript the lists are all there.
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
from quantshark.press.imprint import AI_LABEL, AIGC_NAMESPACE, DEMO_LABEL, aigc
from quantshark.press.ledger import Ledger, read
from quantshark.press.markdown import sections_of

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 50
WHOLE_DAYS = 30
"""Days that a list shows with their summaries; older ones are a line each."""
EXTRAS = ((".pdf", "PDF"), (".docx", "Word"), (".card.png", "分享卡"), (".srt", "字幕"))
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[\s*_`>#|]+|:?-{3,}:?")
SITE_LABEL = "报告由人工智能生成"
_LINE = re.compile(
    r'^(?P<key>summary|date|  ContentProducer): (?P<value>".*")$|^categories:\n  - (?P<category>".*")$', re.MULTILINE
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
    due: str = ""
    """When it was due, as its front matter says: of one day the later comes first."""
    notice: str = ""
    withdrawn: str = ""
    """Why it was taken back; empty where it stands."""
    producer: str = ""
    words: str = ""
    """The sections without marks and addresses, for the search."""
    extras: tuple[tuple[str, str], ...] = ()
    """Other formats that lie beside it: what a reader knows them by, and the file."""

    @property
    def page(self) -> str:
        return f"{self.stem}.html"


def entries(folder: Path) -> tuple[Entry, ...]:
    """The releases of a folder, newest day first. A release that cannot be read is an error, not a gap in the list."""
    found = (_entry(path) for path in sorted(folder.glob("*.ledger.json"), reverse=True))
    newest_first = sorted(found, key=lambda entry: (entry.day, entry.due), reverse=True)
    return tuple(newest_first)


def front_page(listed: Sequence[Entry], publisher: str = "量子鲨鱼") -> str:
    """The index page: self-contained like the reports, the latest days whole, all others by date."""
    days = [(day, [*held]) for day, held in groupby(listed, key=lambda entry: entry.day)]
    return _listing(listed, days[:WHOLE_DAYS], days[WHOLE_DAYS:], publisher, "每一个数字，都有出处")


def edition_page(listed: Sequence[Entry], edition: str, publisher: str = "量子鲨鱼") -> str:
    """The releases of one edition; `listed` are those of all, for the way to the others."""
    own = [entry for entry in listed if entry.edition == edition]
    days = [(day, [*held]) for day, held in groupby(own, key=lambda entry: entry.day)]
    name = own[0].name or edition
    return _listing(listed, days[:WHOLE_DAYS], days[WHOLE_DAYS:], publisher, name, edition)


Days = Sequence[tuple[date, Sequence[Entry]]]


def _listing(listed: Sequence[Entry], whole: Days, older: Days, publisher: str, title: str, edition: str = "") -> str:
    style, script = asset("page.css") + asset("site.css"), asset("site.js")
    return template("site.html.j2").render(
        publisher=publisher,
        title=title,
        edition=edition,
        days=whole,
        months=[(month, [*held]) for month, held in groupby(older, key=lambda pair: pair[0].replace(day=1))],
        editions=sorted({(entry.edition, entry.name or entry.edition) for entry in listed}),
        count=sum(len(held) for _, held in (*whole, *older)),
        label=SITE_LABEL,
        demo_label=DEMO_LABEL,
        demo=any(entry.demo for entry in listed),
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704 - our own file
        policy=policy(style, script, reads=True),
    )


def search_index(listed: Sequence[Entry]) -> bytes:
    """What the search looks through: a row for each release that stands."""
    rows = [
        {
            "page": entry.page,
            "day": entry.day.isoformat(),
            "edition": entry.edition,
            "name": entry.name or entry.edition,
            "title": _headline(entry),
            "summary": entry.summary,
            "words": entry.words,
        }
        for entry in listed
        if not entry.withdrawn
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def atom(listed: Sequence[Entry], site_url: str, publisher: str = "量子鲨鱼") -> bytes:
    """An Atom feed of the latest releases."""
    ElementTree.register_namespace("", ATOM)
    ElementTree.register_namespace("TC260", AIGC_NAMESPACE)
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
        if not entry.withdrawn:
            _add(told, "rights", AI_LABEL)
            label = ElementTree.SubElement(told, f"{{{AIGC_NAMESPACE}}}AIGC")
            label.text = json.dumps(aigc(entry.producer or publisher, entry.release), ensure_ascii=False)
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
        **{
            f"edition-{edition}.html": edition_page(listed, edition).encode()
            for edition in sorted({entry.edition for entry in listed})
        },
        "search.json": search_index(listed),
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
        **({} if entry.withdrawn else {"_AIGC": aigc(entry.producer, entry.release)}),
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
        text = (path.parent / f"{stem}.md").read_text(encoding="utf-8")
        front = text.split("\n---\n", 1)[0]
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
        due="" if ledger.withdrawn else told.get("date", ""),
        notice=ledger.notice,
        withdrawn=ledger.withdrawn.reason if ledger.withdrawn else "",
        producer=told.get("  ContentProducer", ""),
        words=_words(text),
        extras=tuple(
            (name, f"{stem}{ending}") for ending, name in EXTRAS if (path.parent / f"{stem}{ending}").is_file()
        ),
    )


def _words(text: str) -> str:
    return " ".join(_MARKS.sub(" ", _LINK.sub(r"\1", part.text)) for part in sections_of(text))


def _proved(ledger: Ledger) -> int:
    return sum(figure.status in {"supported", "derived"} for figure in ledger.figures)
