"""Reports whose every field holds a hostile line, and a reader that finds whatever could act on a page of ours."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from quantshark.model import Document, Draft, Fact, Plot, Section, Source, Verdict
from quantshark.press.exhibits import Archive, exhibits
from quantshark.press.html import page
from quantshark.press.imprint import Imprint
from quantshark.press.ledger import Origin, record
from quantshark.press.markdown import Printed, render
from quantshark.press.published import Published

FIGURE = "52.87亿港元"
OURS = {"/News/"}


def attack_lines(shared: Path) -> list[str]:
    """Every line of the public collections once."""
    folder = shared / "attacks" / "xss"
    files = [folder / "payloadbox.txt", *sorted((folder / "patt").glob("*.txt"))]
    found = {line for file in files for line in file.read_text(encoding="utf-8", errors="replace").split("\n")}
    cases = re.findall(
        r'"payload": ("(?:[^"\\]|\\.)*")', (folder / "dompurify_expect.mjs.txt").read_text(encoding="utf-8")
    )
    return sorted(found - {""}) + [json.loads(case) for case in cases]


def hostile_print(lines: Sequence[str]) -> Printed:
    """A draft with a line in each of its fields, every line once in a section's text."""
    first = lines[0]
    sections = tuple(
        Section(
            f"s{n}",
            line,
            f"{line}\n\n| {line} | 列 |\n| - | - |\n| {line} | **{line}** |\n\n- {line}\n\n[{line}]({line}) {FIGURE}",
        )
        for n, line in enumerate(lines)
    )
    imprint = Imprint(name=first, publisher=first, categories=(first,), tags=(first,), disclaimer=first, risk=first)
    plots = tuple(Plot(f"p{n}", "names", f"s{n}", line, line) for n, line in enumerate(lines))
    draft = Draft("radar", date(2025, 12, 12), "hans", first, first, sections, "c", omitted={first: first}, demo=True)
    draft = replace(draft, plots=plots)
    return render(draft, imprint, "https://example.org", revision=2, notice=first)


def hostile_published(lines: Sequence[str]) -> Published:
    """Such a draft as its own files would tell it."""
    printed, archive = hostile_print(lines), Archive.of(())
    ledger = record(printed, (), archive, origin=Origin(datetime(2025, 12, 12, 8, 0)), site_url="https://example.org")  # noqa: DTZ001
    return Published(printed.text, ledger)


def hostile_page(lines: Sequence[str]) -> str:
    """The page of such a draft, its documents and facts as hostile as its text."""
    printed = hostile_print(lines)
    documents = [
        Document(f"{n} {line}", f"{line}{FIGURE}{line}", title=line, publisher=line, url=line, demo=True)
        for n, line in enumerate(lines)
    ]
    facts = [_fact(document, line) for document, line in zip(documents, lines, strict=True)]
    spans = [found.span() for found in re.finditer(re.escape(FIGURE), printed.text)]
    verdicts = [
        Verdict(start, end, FIGURE, "refuted", "value", lines[n], facts[n])
        for n, (start, end) in enumerate(spans[: len(lines)])
    ]
    archive = Archive.of(documents, facts)
    return page(printed, exhibits(verdicts, archive), archive, "https://example.org")


def _fact(document: Document, line: str) -> Fact:
    start = document.text.index(FIGURE)
    return Fact(
        fact_id=document.doc_id,
        entity=line,
        entity_name=line,
        measure=line,
        measure_name=line,
        value=Decimal("-5287000000"),
        unit="HKD",
        surface=FIGURE,
        source=Source(document.doc_id, start, start + len(FIGURE), line),
    )


@dataclass
class Active(HTMLParser):
    """Collects what a page could run or fetch; `found` stays empty for a harmless one."""

    scripts: int = 1
    styles: int = 1
    found: list[str] = field(default_factory=list[str])
    counted: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.counted[tag] = self.counted.get(tag, 0) + 1
        if tag in {
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "link",
            "img",
            "image",
            "video",
            "audio",
            "math",
            "input",
            "template",
        }:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in {
            "style",
            "src",
            "srcset",
            "srcdoc",
            "action",
            "formaction",
            "background",
            "xlink:href",
            "ping",
        }:
            self.found.append(f"<{tag} {name}={value[:40]!r}>")
        if name == "href" and not re.match(r"(?:#[a-z]+\d*$|https?://[^\s\"'<>]+$)", value):
            self.found.append(f"<{tag} href={value[:80]!r}>")

    def check(self) -> list[str]:
        if self.counted.get("script", 0) != self.scripts or self.counted.get("style", 0) != self.styles:
            self.found.append(f"scripts and styles: {self.counted.get('script')}, {self.counted.get('style')}")
        return self.found


def active_in(html: str, *, scripts: int = 1, styles: int | None = None) -> list[str]:
    """Everything in the page that could act."""
    reader = Active(scripts=scripts, styles=scripts if styles is None else styles)
    reader.feed(html)
    reader.close()
    return reader.check()


def policy_hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
