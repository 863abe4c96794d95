"""Bytes to text that means what it shows: decoded without guessing blindly, without what nobody can see.

`open_text` is the only place that reads a file. Hidden characters (bidi controls, zero-width characters, tags) and the
control tokens of chat models are taken out here, before anything counts a code point, and the taking is counted.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from quantshark.sources.refused import refused


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold before it is refused unread."""

    max_bytes: int = 5_000_000
    max_lines: int = 100_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class RawText:
    """One file as text: `\\n` line ends, no hidden characters."""

    name: str
    """The path as it was given, for messages."""
    text: str
    removed: Counter[str] = field(default_factory=Counter[str])
    """A running tally, by kind: readers that take more out (escapes, page furniture) count it here."""

    @property
    def stem(self) -> str:
        return Path(self.name).stem


def open_text(path: Path, limits: Limits = LIMITS) -> RawText:
    """Read, decode and clean a file; raises SourceError."""
    name = str(path)
    return clean_text(name, decode(name, _bytes(path, limits)), limits)


def clean_text(name: str, text: str, limits: Limits = LIMITS) -> RawText:
    """Take out what nobody can see; raises SourceError on too many lines."""
    lines = text.count("\n") + 1
    if lines > limits.max_lines:
        raise refused("too_long", name, size=lines, limit=limits.max_lines)
    shown, removed = without_hidden(text)
    return RawText(name, shown, removed)


def _bytes(path: Path, limits: Limits) -> bytes:
    name = str(path)
    try:
        if not path.is_file():
            raise refused("not_a_file" if path.exists() else "missing", name)
        with path.open("rb") as stream:
            data = stream.read(limits.max_bytes + 1)
        size = path.stat().st_size
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise refused("unreadable", name, why=str(error)) from error
    if len(data) > limits.max_bytes:
        raise refused("too_big", name, size=max(size, len(data)), limit=limits.max_bytes)
    return data


# --- encodings -----------------------------------------------------------------------------------------------------

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
DECLARED = re.compile(rb"<meta[^<>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
DOUBLE_BYTE = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}


def decode(name: str, data: bytes) -> str:
    """UTF-8 (or UTF-16 behind its mark) where it is, else what a page declares, else the Chinese encoding that fits."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding) or _refuse_encoding(name, data[len(mark) :])
    if b"\0" in data:
        raise refused("binary", name, data[: data.index(b"\0")].count(b"\n") + 1)
    text = _strictly(data, "utf-8")
    return text if text is not None else _chinese(name, data)


def _refuse_encoding(name: str, data: bytes) -> str:
    if not data:
        return ""
    raise refused("encoding", name)


def _chinese(name: str, data: bytes) -> str:
    declared = DECLARED.search(data[:4096])
    if declared:
        encoding = DOUBLE_BYTE.get(declared.group(1).decode("ascii").lower())
        text = _strictly(data, encoding) if encoding else None
        if text is not None:
            return text
    candidates = [
        (_everyday(text, encoding), text)
        for encoding in ("gb18030", "big5hkscs")
        if (text := _strictly(data, encoding))
    ]
    share, text = max(candidates, default=(0.0, ""))
    if share < 0.75:
        raise refused("encoding", name)
    return text


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _everyday(text: str, encoding: str) -> float:
    """The share of Chinese characters that stand in the encoding's plane of everyday characters.

    Either encoding decodes nearly any bytes into something; the wrong one lands among the rare characters. GB2312
    level 1 and Big5 level 1 are ordered by use, so that is where real text lives.
    """
    wide = [char for char in text[:20_000] if char > "\x7f"]
    if not wide:
        return 0.0
    return sum(_is_everyday(char, encoding) for char in wide) / len(wide)


def _is_everyday(char: str, encoding: str) -> bool:
    code = char.encode(encoding)
    if len(code) != 2:
        return False
    if encoding == "gb18030":
        return (0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1) or char in PUNCTUATION
    return (0xA4 <= code[0] <= 0xC6 and code[1] >= 0x40) or char in PUNCTUATION


PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》【】—…％·　－／｜０１２３４５６７８９")

# --- what nobody can see -------------------------------------------------------------------------------------------

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
HIDDEN: dict[str, str] = {
    "bidi": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "zero_width": "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0",
    "tag": "\U000e0000-\U000e0fff\ufe00-\ufe0e",
    "control": "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff0-\uffff\ud800-\udfff",
}
ANY_HIDDEN = re.compile("[" + "".join(HIDDEN.values()) + "\u200d\ufe0f]")
OF_KIND = {kind: re.compile(f"[{chars}]") for kind, chars in HIDDEN.items()}
# A joiner or an emoji selector is honest behind an emoji (⚠️, 👨‍👩) and hidden anywhere else.
STRAY_JOINER = re.compile("(?<![\u203c-\u3299\U0001f000-\U0001faff\ufe0f#*0-9])[\u200d\ufe0f]")
# <|im_start|>, <｜begin▁of▁sentence｜>, [INST], <<SYS>>, <start_of_turn>: a reader never needs them, a model obeys them.
TOKEN = re.compile(
    r"<[|｜][^\s<>|｜]{1,64}[|｜]>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>|<(?:bos|eos|pad|unk)>"
)


def without_hidden(text: str) -> tuple[str, Counter[str]]:
    """The text as an eye reads it, and how many characters and tokens were taken out, by kind."""
    removed: Counter[str] = Counter()
    text = LINE_ENDS.sub("\n", text)
    if ANY_HIDDEN.search(text):
        for kind, pattern in OF_KIND.items():
            text, count = pattern.subn("", text)
            removed[kind] += count
        text, count = STRAY_JOINER.subn("", text)
        removed["zero_width"] += count
    # A blank takes a token's place: what closes up around it cannot be a token again.
    text, count = TOKEN.subn(" ", text)
    removed["token"] += count
    return text, +removed
