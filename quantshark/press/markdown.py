"""The whole Markdown of a draft: Hugo front matter, the AI label, the sections in order, the declarations.

`render` is the only place where a report becomes one text, so marks (the spans that code printed) are moved here from
their sections to the whole. Whatever a section holds, the Markdown carries no raw HTML, no link that is not http(s),
no invisible control character. `sections_of` is the way back, for an editor who mends one section of a printed text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from quantshark.model import Draft, Mark, Section
from quantshark.press.imprint import COLOPHON, Imprint, Script, aigc, release_id
from quantshark.press.links import absolute
from quantshark.press.script import Traditional, say
from quantshark.press.sheet import Edit, Sheet, edited

HONG_KONG = timezone(timedelta(hours=8))
RULE = "\n\n---\n\n"
PICTURES = "图表数据"
DECLARATIONS = (COLOPHON, "重要聲明", PICTURES, "圖表數據")

# A `<` that could open a tag, comment or autolink; `<5%` stays as it is.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# A link's target: what stands between `](` and the bracket that closes it, else the rest of the line.
_TARGET = re.compile(r"\]\((?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_LINK = re.compile(r"\]\(")
_DEFINITION = re.compile(r"\]:")
# A line that a writer ended, before another of the same paragraph: two spaces keep it ended in every renderer.
_SOFT = re.compile(r"(?<=[^\s|>])\n(?=\*\*|[^\s\-*+>|#`\d])")
_IMAGE = re.compile(r"!(?=\[)")
_HEADING = re.compile(r"^ {0,3}(#{1,2})(?=[ \t])", re.MULTILINE)
# C0 and C1 controls except tab and newline, bidi overrides and isolates, noncharacters: they hide or reorder digits.
_STRAIGHT = re.compile(r'"([^"]*)"')
_WIDE = str.maketrans({'"': "＂", "\\": "＼", "[": "［", "]": "］", "`": "｀"})
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture in words: its span in the text, how it is drawn, and the section (from 1) that it stands below."""

    slug: str
    kind: str
    section: int
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A draft as one text. Spans are code points of `text`; `title_start` is where the title stands in it.

    `body_start` to `body_end` hold the sections (a page sets label and declarations in its own type).
    """

    text: str
    marks: tuple[Mark, ...]
    release_id: str
    edition: str
    day: str
    script: Script
    revision: int
    title: str
    title_start: int
    summary: str
    lead_start: int
    body_start: int
    body_end: int
    imprint: Imprint
    demo: bool = False
    notice: str = ""
    left_out: tuple[str, ...] = ()
    plots: tuple[Placed, ...] = ()

    def shows(self, start: int, end: int) -> bool:
        """Does a page show this span with its figures set apart: in title, lead, sections or the words of a picture?"""
        title = (self.title_start, self.title_start + len(self.title))
        lead = (self.lead_start, self.lead_start + len(self.summary))
        shown = (title, lead, (self.body_start, self.body_end), *((plot.start, plot.end) for plot in self.plots))
        return any(left <= start and end <= right for left, right in shown)


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a printed text; `start` to `end` are the span of `text` in the whole, headings excluded."""

    title: str
    title_start: int
    text: str
    start: int
    end: int


def render(draft: Draft, imprint: Imprint, site_url: str, *, revision: int = 1, notice: str = "") -> Printed:
    """Print the draft. `notice` says what a later revision corrects; it stands above everything else."""
    if draft.script == "hant":
        imprint = Traditional().imprint(imprint)
    name = release_id(draft.edition, draft.day, draft.script, revision)
    title, summary = headline(draft.title), headline(draft.summary)
    left_out = tuple(_left_out(draft, imprint))
    sheet = Sheet()
    sheet.add("---\ntitle: ")
    title_start = sheet.add(quoted(title)) + 1
    sheet.add("\n" + _front_matter(draft, imprint, summary, name, revision) + "---\n\n")
    sheet.add(_preface(draft, imprint, headline(notice)))
    lead_start = sheet.add(f"{summary}\n\n---\n\n" if summary else "---\n\n")
    body_start = sheet.length
    for position, section in enumerate(draft.sections):
        _set_section(sheet, section, site_url, RULE if position else "")
    body_end = sheet.length
    plots = tuple(_set_plots(sheet, draft, site_url))
    sheet.add(RULE + _colophon(draft, imprint, left_out))
    return Printed(
        text=sheet.text,
        marks=sheet.marks,
        release_id=name,
        edition=draft.edition,
        day=draft.day.isoformat(),
        script=draft.script,
        revision=revision,
        title=title,
        title_start=title_start,
        summary=summary,
        lead_start=lead_start,
        body_start=body_start,
        body_end=body_end,
        imprint=imprint,
        demo=draft.demo,
        notice=headline(notice),
        left_out=left_out,
        plots=plots,
    )


def plain(printed: Printed) -> str:
    """The report for places that know no front matter: its title as a heading, then label, lead, sections, declarations."""
    return f"# {printed.title}\n\n{printed.text.split(chr(10) + '---' + chr(10), 1)[1].lstrip()}"


def sections_of(text: str) -> tuple[Part, ...]:
    """The sections of a printed text by their headings, declarations left out; each span is the section's own text."""
    heads = [*re.finditer(r"^## (.+)$", text, re.MULTILINE)]
    ends = [*(head.start() for head in heads[1:]), len(text)]
    parts = (_part(text, head, end) for head, end in zip(heads, ends, strict=False))
    return tuple(part for part in parts if part.title not in DECLARATIONS)


def _part(text: str, head: re.Match[str], end: int) -> Part:
    body = text[head.end() : end].rstrip().removesuffix("\n---").rstrip()
    start = head.end() + len(body) - len(body.lstrip())
    return Part(head[1].rstrip(), head.start(1), body.lstrip(), start, head.end() + len(body))


def quoted(value: str) -> str:
    """A YAML double-quoted scalar; JSON's escapes are a subset of YAML's, unprintable characters are escaped too."""
    return json.dumps(_HIDDEN.sub("", value), ensure_ascii=False)


def one_line(value: str) -> str:
    """Text of a title or summary: one line, no tag, no table bar or heading of its own."""
    return _TAG.sub("＜", " ".join(_HIDDEN.sub("", value).split()))


def headline(value: str) -> str:
    """A line that reads the same in YAML, Markdown and HTML: no straight quote, backslash, bracket or tag."""
    return _STRAIGHT.sub(r"“\1”", one_line(value)).translate(_WIDE)


def harmless(text: str, marks: tuple[Mark, ...], site_url: str) -> tuple[str, tuple[Mark, ...]]:
    """A section's Markdown without raw HTML, images, hidden characters, foreign link schemes, or headings above its own."""
    hidden = [Edit(found.start(), found.end(), "") for found in _HIDDEN.finditer(text)]
    # First of all, for what it leaves side by side may be a tag or a link: `]` NUL `(`.
    text, marks = edited(text, marks, hidden)
    return edited(text, marks, [*_edits(text, site_url)])


def _edits(text: str, site_url: str) -> Iterator[Edit]:
    for found in _TAG.finditer(text):
        yield Edit(found.start(), found.end(), "&lt;")
    for found in _HEADING.finditer(text):
        yield Edit(found.start(1), found.end(1), "###")
    for found in _DEFINITION.finditer(text):
        yield Edit(found.start() + 1, found.end(), "：")
    for found in _SOFT.finditer(text):
        yield Edit(found.start(), found.start(), "  ")
    for found in _IMAGE.finditer(text):
        yield Edit(found.start(), found.end(), "！")
    yield from _link_edits(text, site_url)


def _link_edits(text: str, site_url: str) -> Iterator[Edit]:
    for found in _LINK.finditer(text):
        whole = _TARGET.match(text, found.start())
        target = absolute(whole["target"], site_url) if whole else None
        if whole is None or target is None:
            yield Edit(found.start() + 1, found.end(), "（")
        elif target != whole["target"]:
            yield Edit(whole.start("target"), whole.end("target"), target)


def _set_section(sheet: Sheet, section: Section, site_url: str, before: str) -> None:
    sheet.add(f"{before}## {headline(section.title) or section.slug}\n\n")
    text, marks = harmless(section.text.rstrip(), section.marks, site_url)
    sheet.add(text, marks)


def _set_plots(sheet: Sheet, draft: Draft, site_url: str) -> Iterator[Placed]:
    """The pictures in words, one paragraph each under a heading of their own: plain Markdown has no other."""
    order = {section.slug: number for number, section in enumerate(draft.sections, 1)}
    for position, plot in enumerate(draft.plots):
        title = headline(plot.title)
        sheet.add("\n\n" if position else f"{RULE}## {say(PICTURES, draft.script)}\n\n")
        sheet.add(f"**{title}**：")
        text, marks = harmless(" ".join(plot.text.split()), plot.marks, site_url)
        start = sheet.add(text, marks)
        yield Placed(plot.slug, plot.kind, order.get(plot.section, len(order)), title, start, sheet.length)


def _preface(draft: Draft, imprint: Imprint, notice: str) -> str:
    lines = [f"**{headline(imprint.label)}**，{headline(imprint.note)}"]
    if draft.demo:
        lines.insert(0, f"**{headline(imprint.demo_label)}**：{headline(imprint.demo_note)}")
    if notice:
        lines.insert(0, f"**{say('更正', draft.script)}**：{notice}")
    return "\n>\n".join(f"> {line}" for line in lines) + "\n\n"


def _left_out(draft: Draft, imprint: Imprint) -> Iterator[str]:
    for slug, reason in draft.omitted.items():
        yield f"{headline(imprint.title_of(slug))}：{headline(reason)}"


def _colophon(draft: Draft, imprint: Imprint, left_out: tuple[str, ...]) -> str:
    lines = [
        ("免责声明", imprint.disclaimer),
        ("风险提示", imprint.risk),
        ("生成方式", f"{imprint.label}，{imprint.note}"),
    ]
    if left_out:
        lines.append(("本期从缺", "；".join(left_out) + "。"))
    told = "\n\n".join(f"**{say(head, draft.script)}**：{headline(line)}" for head, line in lines)
    return f"## {say(COLOPHON, draft.script)}\n\n{told}\n"


def _front_matter(draft: Draft, imprint: Imprint, summary: str, name: str, revision: int) -> str:
    rows: list[str] = []
    if imprint.slot is not None:
        rows.append(f"date: {quoted(datetime.combine(draft.day, imprint.slot, HONG_KONG).isoformat())}")
    else:
        rows.append(f"date: {quoted(draft.day.isoformat())}")
    rows.append(f"summary: {quoted(summary)}")
    rows += _list("categories", imprint.categories or ((imprint.name,) if imprint.name else ()))
    rows += _list("tags", imprint.tags)
    rows += [f"edition: {quoted(draft.edition)}", f"day: {quoted(draft.day.isoformat())}", f"revision: {revision}"]
    rows += [f"release: {quoted(name)}", f"lang: {quoted('zh-Hant' if draft.script == 'hant' else 'zh-Hans')}"]
    rows += ["ai_generated: true", f"ai_label: {quoted(imprint.label)}", "AIGC:"]
    rows += [f"  {key}: {quoted(value)}" for key, value in aigc(imprint.publisher, name).items()]
    rows += [f"disclaimer: {quoted(imprint.disclaimer)}", f"demo: {'true' if draft.demo else 'false'}"]
    rows += ["projections: true"] if imprint.projections else []
    return "\n".join(rows) + "\n"


def _list(key: str, values: tuple[str, ...]) -> list[str]:
    return [f"{key}:", *(f"  - {quoted(one_line(value))}" for value in values)] if values else [f"{key}: []"]
