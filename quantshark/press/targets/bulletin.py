"""A release as a short message: headline, summary, address, and its words in pieces that a chat can take.

Every word is the release's own: nothing is written here, so nothing here needs a proof of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quantshark.model import Release
from quantshark.press.imprint import AI_LABEL, DEMO_LABEL
from quantshark.press.markdown import sections_of
from quantshark.press.script import say

_KEY = re.compile(r'^(?P<key>summary|notice): (?P<value>".*")$', re.MULTILINE)
_LINK = re.compile(r"\[(?P<words>[^\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_NOTICE = re.compile(r"^(?:> )?\*\*更正\*\*：", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[。！？；\n])")

Event = Literal["published", "corrected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What a message says of a release. `parts` are its sections in plain words, each with its heading."""

    headline: str
    summary: str
    address: str
    label: str
    parts: tuple[str, ...]

    @property
    def short(self) -> str:
        """Headline, summary, label and address: what fits everywhere."""
        return "\n".join(line for line in (self.headline, self.summary, self.label, self.address) if line)


def bulletin(release: Release, site_url: str) -> Bulletin:
    """The message of a release whose page stands at `{site}/{stem}.html`."""
    told = {found["key"]: _unquoted(found["value"]) for found in _KEY.finditer(release.text)}
    label = say(AI_LABEL, release.script) + (f"　{say(DEMO_LABEL, release.script)}" if release.demo else "")
    parts = tuple(f"{part.title}\n{words(part.text)}".strip() for part in sections_of(release.text))
    return Bulletin(_headline(release), told.get("summary", ""), f"{site_url}/{release.stem}.html", label, parts)


def words(markdown: str) -> str:
    """Markdown as a chat shows it: links as their words, table rows with bars between, no marks."""
    lines: list[str] = []
    for line in _LINK.sub(lambda found: found["words"], markdown).split("\n"):
        if line.lstrip().startswith("|"):
            if not _RULE.match(line):
                lines.append("｜".join(cell.strip() for cell in line.strip().strip("|").split("|")))
        else:
            lines.append(re.sub(r"^\s*(?:#{1,6}|>)\s*", "", line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).replace("**", "").replace("\\", "")).strip()


def pieces(message: Bulletin, limit: int) -> tuple[str, ...]:
    """The whole message in pieces of at most `limit` bytes of UTF-8, cut at the ends of sections, else of paragraphs,
    else of sentences. The first one has headline and address; each says which of how many it is."""
    room = limit - len("（10/10）\n".encode())
    if room < 200:
        raise ValueError(f"a piece of {limit} bytes holds no sentence; allow at least 220")
    filled = list(_filled((message.short, *message.parts), room))
    if len(filled) == 1:
        return (filled[0],)
    return tuple(f"（{n}/{len(filled)}）\n{text}" for n, text in enumerate(filled, start=1))


def _filled(parts: Sequence[str], room: int) -> Iterator[str]:
    held = ""
    for part in _small_enough(parts, room):
        joined = f"{held}\n\n{part}" if held else part
        if len(joined.encode()) > room:
            yield held
            held = part
        else:
            held = joined
    if held:
        yield held


def _small_enough(parts: Sequence[str], room: int) -> Iterator[str]:
    for part in parts:
        if len(part.encode()) <= room:
            yield part
            continue
        held = ""
        for sentence in _SENTENCE.split(part):
            for bit in _hard(sentence, room):
                if len((held + bit).encode()) > room:
                    yield held.strip("\n")
                    held = ""
                held += bit
        if held.strip():
            yield held.strip("\n")


def _hard(sentence: str, room: int) -> Iterator[str]:
    """A sentence as it is; one that no piece can hold is cut between characters."""
    held = ""
    for char in sentence:
        if len((held + char).encode()) > room:
            yield held
            held = ""
        held += char
    yield held


def event(release: Release) -> Event:
    """What a release is to those who get it: the first one of a slot that goes out is none the less `published`, whatever
    its revision; a correction has its notice above the text, a withdrawal says so in its front matter."""
    front, _, body = release.text.partition("\n---\n")
    if "\nwithdrawn: true" in front:
        return "withdrawn"
    return "corrected" if _NOTICE.search(body) else "published"


def _headline(release: Release) -> str:
    told = event(release)
    if told == "published":
        return release.title
    mark = say("更正" if told == "corrected" else "撤回", release.script)
    return release.title if release.title.startswith(f"【{mark}】") else f"【{mark}】{release.title}"


def _unquoted(value: str) -> str:
    return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def as_json(release: Release, site_url: str) -> Mapping[str, object]:
    """What a program is told of a release: its names, address and whole Markdown."""
    message = bulletin(release, site_url)
    return {
        "event": event(release),
        "release": release.release_id,
        "edition": release.edition,
        "day": release.day.isoformat(),
        "script": release.script,
        "revision": release.revision,
        "title": release.title,
        "summary": message.summary,
        "url": message.address,
        "ai_generated": True,
        "demo": release.demo,
        "markdown": release.text,
    }
