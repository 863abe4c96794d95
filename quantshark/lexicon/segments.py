"""What stands between two places of a text: its words, names and dates, and the rest that nobody knows.

Lists (A、B和C; x、y和z), the left edge of a figure's words, and what those words say of its role and form.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from quantshark.lexicon.claims import Reading, Time, Token
from quantshark.lexicon.masks import BLANK, DATE, FIGURE
from quantshark.lexicon.names import Name
from quantshark.model import Figure

JOINT = re.compile(
    r"(?:左右|上下|以上|多|余)?[、和与及或至跟以及到,\s\ue004~\-并]*"
    r"(?:超过|大约|将近|接近|逼近|不足|不到|高于|低于|至少|多达|高达|[约近逾超达仅])*"
)
_ITEM = re.compile(r"[、和与及跟]|以及")
_COUNTED = re.compile(rf"[^{FIGURE}、和与及跟]*{FIGURE}+")
_UNWRITTEN = re.compile(r"[^\u4e00-\u9fffA-Za-z]+")
_TO = re.compile(r"(?:[增升涨提扩翻攀]至|达到?|到|为|是|相当于|至|的)[^，]{0,12}$")
_BY = re.compile(
    r"(?:增长?|增加|提升|上升|提高|扩大|涨|升|多|激增|大增|飙升|暴增|猛增|增幅[达为]?|涨幅[达为]?|升幅[达为]?|翻)(?:了|约|近|逾|超过?|超|达|大约|多达|高达|将近|接近)*$"
)
_FROM = re.compile(
    r"(?:由|从|自|前值[为是]?|前值|此前(?:持股|持有|持仓)?[为是]?|原来?[为是]?|原先的?)(?:此前|原来|原先|前期|之前|上次)?的?(?:约|近|逾|超过?|接近|大约)*$"
)
_LEADS_TO = re.compile(r"\s*[至到]")
_EXPECTED = re.compile(r"(?:预期|预测|料)(?:值|中值)?[为是]?(?:约|近|逾|超)?$")
_HEDGES = r"(?:约|近|逾|超过?|大约|接近|将近|多达|高达|至少)*$"
_ONLY_TO = re.compile(r"\s*[至到]" + _HEDGES)
_REACHES = re.compile(r"[增升涨提扩降减跌缩调落][加高大少低水]?[至到]" + _HEDGES)
# Spans inside the name of a measure: 全天成交额, 半日成交, 累计回购.
_SPAN_HEADS = {
    "中午": "half_day", "半日": "half_day", "午间": "half_day", "全天": "day", "全日": "day", "单日": "day",
    "累计": "cumulative", "日均": "average",
}  # fmt: skip
_CLOSES = re.compile(r"^收[涨跌升降高低平报于在盘市]|收市|收盘")
_MOVES = re.compile(
    r"(?:增加|减少|上升|下降|增长|下跌|上涨|提升|提高|降低|上调|下调|回落|多增|少增|净增|扩大|收窄|增持|减持|缩水|激增|骤增|骤减|锐减|缩减)了?"
    + _HEDGES
)


@dataclass(slots=True)
class Segment:
    """What stands between two places: known words, names, times, and the rest that nobody knows."""

    start: int
    end: int
    tokens: list[Token]
    names: list[Name]
    times: list[Time]
    rest: str

    def has_content(self) -> bool:
        return bool(self.names or self.rest or any(t.meaning.slugs for t in self.tokens))

    def direction(self) -> int:
        for token in reversed(self.tokens):
            if token.meaning.kind == "dir":
                return 1 if token.meaning.value == "+" else -1
        return 0

    def last(self, kind: str) -> str:
        return next((t.meaning.value for t in reversed(self.tokens) if t.meaning.kind == kind), "")

    def basis(self) -> str:
        return self.last("basis")

    def compared_with(self, item: int, count: int) -> str:
        """同比、环比分别增长x、y: each figure has its own comparison."""
        told = [t.meaning.value for t in self.tokens if t.meaning.kind == "basis"]
        return told[item] if count > 1 and len(told) == count else self.basis()

    def scope(self) -> frozenset[str]:
        """Spans told by words of their own or inside a verb: 中午收市报 is the half day, 收涨 the close."""
        told = {t.meaning.value for t in self.tokens if t.meaning.kind == "scope"}
        for token in self.tokens:
            told |= _spans(token.text, measured=bool(token.meaning.slugs))
        return frozenset(told)

    def records(self) -> frozenset[str]:
        return frozenset(t.meaning.value for t in self.tokens if t.meaning.kind == "record")

    def negated(self) -> bool:
        return any(t.meaning.kind == "neg" for t in self.tokens)

    def modality(self) -> tuple[str, bool]:
        """("forecast" | "plan" | "", told as done)"""
        values = [t.meaning.value for t in self.tokens if t.meaning.kind == "modal"]
        future = next((v for v in values if v in ("forecast", "plan")), "")
        return future, "done" in values and not future


@lru_cache(maxsize=4096)
def _spans(word: str, *, measured: bool) -> frozenset[str]:
    """The spans inside a known word, some of which only the name of a measure holds."""
    told = {span for head, span in _SPAN_HEADS.items() if measured and word.startswith(head)}
    return frozenset(told | {"close"} if _CLOSES.search(word) else told)


_Spanned = TypeVar("_Spanned", Figure, Token, Name, Time)


def between(items: tuple[_Spanned, ...], span: tuple[int, int]) -> list[_Spanned]:
    """The items that lie within a span; items are in order, and each begins with its start and its end."""
    found: list[_Spanned] = []
    start, end = span
    for place in range(bisect_left(items, (start,)), len(items)):
        item = items[place]
        if item[0] >= end:
            break
        if item[1] <= end:
            found.append(item)
    return found


def starting(items: tuple[_Spanned, ...], span: tuple[int, int]) -> tuple[_Spanned, ...]:
    """The items that begin within a span: they are in order of their starts, which is what each tuple begins with."""
    first = bisect_left(items, (span[0],))
    return items[first : bisect_left(items, (span[1],), first)]


def left_edge(figures: list[Figure], figure: Figure, start: int) -> int:
    """Where the words of a figure begin: behind the figure before it, an ordinal excepted."""
    before = [f for f in figures[: figures.index(figure)] if f.kind != "rank"]
    return before[-1].end if before else start


def after(figures: list[Figure], figure: Figure) -> Figure | None:
    place = figures.index(figure) + 1
    return figures[place] if place < len(figures) else None


def cut(text: str, start: int, end: int, at: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for match in at.finditer(text, start, end):
        pieces.append((start, match.start()))
        start = match.end()
    pieces.append((start, end))
    return [(a, b) for a, b in pieces if text[a:b].strip(f" \t{BLANK}")]


def runs(masked: str, figures: list[Figure]) -> list[list[Figure]]:
    """Figures that only 、和与至 stand between share what stands before the first.

    增长12.9%至1041.86亿元 is no list: the second is the level that the first led to (a range is one figure).
    """
    runs = [[figures[0]]]
    for before, figure in pairwise(figures):
        level = _LEADS_TO.match(masked, before.end, figure.start)
        if not level and JOINT.fullmatch(masked, before.end, figure.start):
            runs[-1].append(figure)
        else:
            runs.append([figure])
    return runs


def listed(masked: str, names: list[Name]) -> list[Name]:
    """The last names that form one list (A、B和C); a single name is a list of one."""
    chosen: list[Name] = []
    for name in reversed(names):
        if chosen and not JOINT.fullmatch(masked, name.end, chosen[0].start):
            break
        chosen.insert(0, name)
    return chosen


def others(names: list[Name], listed: list[Name]) -> frozenset[str]:
    return frozenset(code for name in names if name not in listed and name.kind != "channel" for code in name.codes)


def items(reading: Reading, start: int, end: int, count: int) -> tuple[str, ...]:
    """The things of an enumeration that no registry knows: 通信ETF甲与通信ETF乙 before two figures."""
    masked = reading.masked
    if "、" not in masked[start:end] and not (count and _ITEM.search(masked, start, end)):
        return ()
    stop = next((t.start for t in between(reading.tokens, (start, end)) if stops(t)), end)
    counted = _COUNTED.match(masked[start:stop])
    start += counted.end() if counted and count else 0  # 两位创始人A和B
    figure = masked.find(FIGURE, start, stop)
    stop = figure if figure >= 0 else stop
    pieces = cut(masked, start, stop, _ITEM)
    items = tuple(reading.folded[a : a + len(masked[a:b].rstrip(f"{DATE}{BLANK} "))].strip() for a, b in pieces)
    if count and len(items) != count:
        return ()
    return items if len(items) > 1 and all(1 < len(item) < 24 for item in items) else ()


def stops(token: Token) -> bool:
    return (
        bool(token.meaning.slugs)
        or token.meaning.kind in ("dir", "basis", "say")
        or token.text in ("分别", "依次", "等", "均", "各")
    )


def timeless(masked: str, start: int, end: int, times: list[Time]) -> str:
    """The text of a span without its date words."""
    if not times:
        return masked[start:end]
    chars = list(masked[start:end])
    for figure in times:
        chars[figure.start - start : figure.end - start] = BLANK * (figure.end - figure.start)
    return "".join(chars)


def rest_of(text: str, start: int, tokens: list[Token]) -> str:
    """What no list knows, in order, pieces joined by a blank."""
    pieces: list[str] = []
    place = 0
    for token in (*tokens, None):
        stop = token.start - start if token else len(text)
        if place < stop and (piece := _UNWRITTEN.sub(" ", text[place:stop]).strip()):
            pieces.append(piece)
        if token:
            place = token.end - start
    return " ".join(pieces)


@lru_cache(maxsize=4096)
def role_of(left: str) -> str:
    """from: the value before (由x, 前值x); expected: what was expected of it."""
    if _FROM.search(left):
        return "from"
    return "expected" if _EXPECTED.search(left) else ""


@lru_cache(maxsize=4096)  # masked words repeat: names and figures in them are one sign each
def form_of(unit: str | None, left: str) -> str:
    """Does it grow by so much, or to so much?"""
    plain = left.rstrip(f"{BLANK} ")
    if unit == "倍":
        return "by" if _BY.search(plain) else "to" if _TO.search(left) else ""
    if _REACHES.search(plain) or _ONLY_TO.fullmatch(plain):
        return "to"
    return "by" if _MOVES.search(plain) else ""


_COUNTERPART = re.compile(
    r"(?:(?<![南北])向|[从自])([^，。；：]{2,16}?)(?:手中|处|方面)?(收购|购买|购入|采购|受让|出售|转让|卖出|增发|发行|配发|配售|定增|借款|贷款|供应|交付|提供)"
)
_UNNAMED = re.compile(r"[^\u4e00-\u9fffA-Za-z]")
_BUYS = frozenset({"收购", "购买", "购入", "采购", "受让"})


def counterpart(words: str) -> str:
    """From whom something is bought, or to whom sold, with the side taken: 向博世出售 is `-博世`."""
    match = _COUNTERPART.search(words)
    if match is None:
        return ""
    side = "+" if match[2] in _BUYS else "-"
    return side + _UNNAMED.sub("", match[1])
