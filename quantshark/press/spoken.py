"""A script for the voice: the sections of a release as plain words, every numeral written as it is read aloud, and subtitles.

`plain` is what a teleprompter scrolls, `subtitles` the same in SRT, timed by the pace of reading. Nothing is rounded away
in silence: a figure is spoken whole, and only amounts of more than 万亿 are said to the 亿, which then begin with 约:
24694.57亿元 is 约两万四千六百九十五亿元, 2.48万亿元 is 两万四千八百亿元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from quantshark.press.markdown import sections_of

PACE = 4.2
"""Characters a second: a calm reading of the news, about 250 a minute."""
LINE = 22
"""Characters of a subtitle that fit one line of a phone."""

DIGITS = "零一二三四五六七八九"
TWO = "两"
"""How 2 is said before 万, 亿 and, at the head of a number, 千."""
SMALL = ("", "十", "百", "千")
LARGE = ("", "万", "亿", "万亿")

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_`>#]+|^\s*-\s+", re.MULTILINE)
_NAMES = (
    (re.compile(r"(科创|恒生|上证)50"), r"\1五零"),
    (re.compile(r"(沪深)300"), r"\1三百"),
    (re.compile(r"(标普)500"), r"\1五百"),
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_MINUS = re.compile(r"(?<![\d\w])[-−](?=\d)")
_PERCENT = re.compile(r"(\d[\d,]*(?:\.\d+)?)%")
_WIDE = re.compile(r"(约?)(\d{5,}(?:\.\d+)?)亿")
_TRILLIONS = re.compile(r"(\d+)\.(\d{1,4})万亿")
_TWO = re.compile(r"(?<![\d.,点])2(?=[家只个天次倍年月周种类项条成分档])")
_YEAR = re.compile(r"(\d{4})(?=年)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_CLAUSE = re.compile(r"[^，；：。！？!?]+[，；：。！？!?]?")


def plain(text: str) -> str:
    """The sections of a printed report to be read aloud, a heading in brackets before each."""
    parts = (f"【{part.title}】\n\n{aloud(_bare(part.text))}" for part in sections_of(text))
    return "\n\n".join(parts) + "\n"


def subtitles(text: str) -> str:
    """The same as SRT: one line after the other, each as long as it takes to say."""
    lines: list[str] = []
    at = 0.0
    for number, words in enumerate(_lines(text), start=1):
        until = at + max(1.0, len(words) / PACE)
        lines.append(f"{number}\n{_stamp(at)} --> {_stamp(until)}\n{words}\n")
        at = until
    return "\n".join(lines)


def seconds(text: str) -> float:
    """How long the script takes to read."""
    return sum(max(1.0, len(words) / PACE) for words in _lines(text))


def _lines(text: str) -> Iterator[str]:
    for part in sections_of(text):
        for sentence in _SENTENCE.findall(aloud(_bare(part.text))):
            yield from _wrapped(sentence.strip())


def _wrapped(sentence: str) -> Iterator[str]:
    """A sentence in pieces of a line each, cut where one breathes."""
    line = ""
    for clause in _CLAUSE.findall(sentence):
        if line and len(line) + len(clause) > LINE:
            yield line
            line = ""
        line += clause
    if line:
        yield line


def _bare(markdown: str) -> str:
    """Markdown without marks and addresses."""
    return _MARKS.sub("", _LINK.sub(r"\1", markdown)).strip()


def _stamp(at: float) -> str:
    whole = timedelta(seconds=int(at))
    hours, rest = divmod(int(whole.total_seconds()), 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02},{int(at * 1000) % 1000:03}"


# Numerals


def aloud(text: str) -> str:
    """The text with its numerals as they are read: 0.60% is 百分之零点六, 14:30 is 下午两点三十分."""
    for pattern, words in _NAMES:
        text = pattern.sub(words, text)
    text = _CLOCK.sub(lambda m: _clock(int(m[1]), int(m[2])), text)
    text = _MINUS.sub("负", text)
    text = _TRILLIONS.sub(lambda m: f"{_whole(int(m[1]) * 10000 + int(m[2].ljust(4, '0')))}亿", text)
    text = _WIDE.sub(lambda m: f"约{_whole(_rounded(m[2]))}亿" if "." in m[2] else f"{m[1]}{_whole(int(m[2]))}亿", text)
    text = _TWO.sub("两", text).replace("为约", "约为")
    text = _PERCENT.sub(lambda m: f"百分之{_read(m[1])}", text)
    text = _YEAR.sub(lambda m: "".join(DIGITS[int(digit)] for digit in m[1]), text)
    return _NUMBER.sub(lambda m: _read(m[0]), text)


def _rounded(number: str) -> int:
    return int(Decimal(number).quantize(Decimal(1), ROUND_HALF_UP))


def _clock(hour: int, minute: int) -> str:
    """下午两点半, 上午九点零五分."""
    name = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    spoken = hour if hour <= 12 else hour - 12
    head = "两" if spoken == 2 else _whole(spoken)
    past = "半" if minute == 30 else f"{DIGITS[0] if minute < 10 else ''}{_whole(minute)}分" if minute else ""
    return f"{name}{head}点{past}"


def _read(number: str) -> str:
    """A decimal as it is read; zeros that only pad are not."""
    whole, _, fraction = number.replace(",", "").partition(".")
    tail = "".join(DIGITS[int(digit)] for digit in fraction.rstrip("0"))
    return _whole(int(whole)) + (f"点{tail}" if tail else "")


def _whole(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 10000)
        groups.append(rest)
    words = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group:
            gap = DIGITS[0] if words and group < 1000 and not words.endswith(DIGITS[0]) else ""
            head = TWO if group == 2 and place and not words else _group(group, first=not words)
            words += gap + head + LARGE[place]
        elif words and any(groups[:place]) and not words.endswith(DIGITS[0]):
            words += DIGITS[0]
    return words[1:] if words.startswith("一十") else words


def _group(number: int, *, first: bool = True) -> str:
    """Up to four digits, a single 零 for a gap; 2 at the head of thousands is 两."""
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said = TWO if digit == 2 and place == 3 and first else DIGITS[digit]
            words += (DIGITS[0] if gap and words else "") + said + SMALL[place]
            gap = False
        else:
            gap = True
    return words
