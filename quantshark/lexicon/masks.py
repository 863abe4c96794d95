"""What a text is made of before anybody asks what it says: figures, names, dates and known words, each in its place.

`open_reading` hides names and figures behind placeholders of the same length, so that words are found between them and
never inside them, and every span stays one of the text as given.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from quantshark.lexicon import markers, measures, periods
from quantshark.lexicon.claims import Meaning, Reading, Time, Token
from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.names import Name, Names
from quantshark.lexicon.script import fold
from quantshark.lexicon.vocabulary import Vocabulary
from quantshark.model import Figure

# Placeholders that keep the length of what they hide.
FIGURE, DATE, EXEMPT, NAME, BLANK = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
# 财联社12月11日电, 《科创板日报》14日讯: who sent it and when, nobody that the sentence is about.
_DATELINE = re.compile(
    r"(?:^|(?<=[】。！？\n，()]))\s*(?:[\u4e00-\u9fffA-Za-z]{2,12}?|《[^》\n]{2,12}》)\s*(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:电|讯)(?=[，,：:(\s])",
    re.MULTILINE,
)
# A bracket without a figure interrupts its clause and does not end it.
_ASIDE = re.compile(r"\([^()\ue000\n。]*\)")
_NUMERAL = re.compile(r"[\d零〇一二三四五六七八九十百千万两]")
_SLASHED = re.compile(r"\d{1,2}/\d{1,2}")
_MARKED_YEAR = re.compile(r"\d{1,2}[.、]\s*(?:19|20)\d{2}年")
_MONTHS = re.compile(r"[-~至到]{1,2}\d{1,2}月")

_BARE_DAY = re.compile(r"(\d{1,2})日")
_STREAK = re.compile(r"[跌升涨]势")

_TENOR = re.compile(r"(?:\d{1,2}|[一二三五十]{1,2})年期")
_SHARE_CLASS = re.compile(r"([AH])股(?!市场|指数|股东|上市|主要|三大)")
_HOMES = {"A": (".SH", ".SZ", ".BJ"), "H": (".HK",)}
# 派发A股现金分红: a class of shares that is issued, not the market or the listing.
ISSUES = re.compile(r"(?:发行?|派发?|[增减]持|回购|购回|配售|认购)(?:其|公司|约|的)?$")
ITS_OWN = re.compile(r"权益分派|现金(?:分红|红利|股利)|股份|股本|股东")

# 首季增长, 今年减息: the time word ends before 季增, 年减 begin.
_UNSPLIT = re.compile(r"[年季月](?=[增减升跌])")


def open_reading(text: str, names: Names, day: date | None) -> Reading:
    """The text folded and masked, with what was found in it; no claims yet."""
    folded = fold(text)
    called = list(names.find(folded))
    figures = tuple(_dated(f, day, folded) for f in find_figures(_neutral(text, folded, called)))
    times = _times(folded, figures)
    hidden = list(folded)
    for figure in figures:
        if figure.exempt == "calendar word" and figure.kind == "date":
            continue  # its words are markers as well: 较上个交易日, 去年同期
        if figure.kind == "rank":
            continue  # 第二产业 and 第一季度 are words of what is measured
        if figure.exempt == "name" and folded[figure.start : figure.end] in measures.words():
            continue  # M2 is what is measured
        mark = DATE if figure.kind in ("date", "time") else EXEMPT if figure.exempt else FIGURE
        hidden[figure.start : figure.end] = mark * (figure.end - figure.start)
    for sent in _DATELINE.finditer(folded):
        times = tuple(t for t in times if t.end <= sent.start() or t.start >= sent.end())
        hidden[sent.start() : sent.end()] = BLANK * (sent.end() - sent.start())
    unnamed = "".join(hidden)
    found = _names(folded, unnamed, names, called)
    for name in found:
        hidden[name.start : name.end] = NAME * (name.end - name.start)
    masked = _ASIDE.sub(lambda m: BLANK * len(m[0]), "".join(hidden))
    tokens = tuple(
        Token(w.start, w.end, w.meaning, masked[w.start : w.end]) for w in _vocabulary().find(_unsplit(masked, times))
    )
    figures = _outside(figures, found)
    return Reading(text, folded, masked, figures, tuple(found), tokens, times)


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary[Meaning]:
    table: dict[str, Meaning] = {word: Meaning((), kind, value) for word, (kind, value) in markers.kinds().items()}
    for word, slugs in measures.words().items():
        known = table.get(word, Meaning())
        table[word] = Meaning(slugs, "" if known.kind == "none" else known.kind, known.value)
    for word, meaning in list(table.items()):
        stem = table.get(word[:-1])
        if meaning.kind == "dir" and not meaning.slugs and stem and stem.kind == "dir":
            table[word] = meaning._replace(slugs=stem.slugs)  # 跌约 measures what 跌 measures
    return Vocabulary({fold(word): meaning for word, meaning in table.items()})


def _times(folded: str, figures: tuple[Figure, ...]) -> tuple[Time, ...]:
    """Date words: those read as figures, and those without a numeral."""
    spans = [Time(f.start, f.end) for f in figures if f.kind == "date"]
    taken = [(f.start, f.end) for f in figures if f.kind != "date" and not f.exempt] + spans
    spans += [
        Time(*match.span())
        for match in periods.WORDS.finditer(folded)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    return tuple(sorted(spans))


def _neutral(text: str, folded: str, called: list[Name]) -> str:
    """The text with names that hold or touch a numeral hidden, so that 百度, 七匹狼 and 美团-W5月 are not misread."""
    chars: list[str] | None = None
    for name in called:
        touching = folded[name.end : name.end + 1].isdigit() and name.text[-1].isascii()
        if touching or _NUMERAL.search(name.text):
            chars = chars if chars is not None else list(text)
            chars[name.start : name.end] = "某" * (name.end - name.start)
    return "".join(chars) if chars is not None else text


def _dated(figure: Figure, day: date | None, folded: str) -> Figure:
    """3/5 is the fifth of March where that lies within a few days of the day spoken of."""
    if figure.unit is None and figure.kind == "number" and _MONTHS.match(folded, figure.end):
        return figure._replace(kind="date", value=None, ulp=None)  # 1—4月份
    if figure.kind == "date" and (days := _BARE_DAY.fullmatch(figure.surface)) and _STREAK.match(folded, figure.end):
        return figure._replace(kind="streak", value=Decimal(days[1]), unit="天", ulp=Decimal(1))  # 结束3日跌势
    if _MARKED_YEAR.fullmatch(figure.surface):
        return figure._replace(kind="date", value=None, unit=None, ulp=None)  # 1. 2025年
    match = _SLASHED.fullmatch(figure.surface) if figure.kind == "ratio" and day else None
    if match is None or day is None:
        return figure
    period = periods.resolve(figure.surface, day)
    if period is None or abs((period.start - day).days) > 10:
        return figure
    return figure._replace(kind="date", value=None, high=None, unit=None, ulp=None, hedge=None, direction=0)


def _names(folded: str, unnamed: str, names: Names, called: list[Name]) -> list[Name]:
    """Names outside figures; one that an identifier follows directly (理想L9) is a product, not the company."""
    found: list[Name] = []
    for name in called:
        if any(mark in unnamed[name.start : name.end] for mark in (FIGURE, DATE, BLANK)):
            continue
        end = name.end
        while end < len(unnamed) and unnamed[end] == EXEMPT:
            end += 1
        if end > name.end and name.kind != "compound" and folded[name.end] not in "(":
            text = folded[name.start : end]
            found.append(Name(name.start, end, (f"~{text}",), "product", text))
        else:
            found.append(name)
    taken = {place for name in found for place in range(name.start, name.end)}
    found += [name for name in names.find_codes(folded) if name.start not in taken]
    return _tenors(_classed(sorted(found), folded), folded, names)


def _outside(figures: tuple[Figure, ...], names: list[Name]) -> tuple[Figure, ...]:
    """The figures, but for the 30年期 of a name, which is none."""
    tenors = [(n.start, n.end) for n in names if _TENOR.fullmatch(n.text)]
    if not tenors:
        return figures
    inside = [any(a <= f.start and f.end <= b for a, b in tenors) for f in figures]
    return tuple(f._replace(exempt="name") if held else f for f, held in zip(figures, inside, strict=True))


def _tenors(found: list[Name], folded: str, names: Names) -> list[Name]:
    """10年期国债收益率…，30年期下行…: the yield of the other tenor."""
    rates = [name for name in found if _TENOR.match(name.text)]
    if not rates:
        return found
    kept = list(found)
    for place in _TENOR.finditer(folded):
        before = [name for name in rates if name.end <= place.start()]
        if any(name.start <= place.start() < name.end for name in found) or not before:
            continue
        codes = names.codes(place[0] + _TENOR.sub("", before[-1].text, count=1))
        if codes and not re.search(r"[。！？\n]", folded[before[-1].end : place.start()]):
            kept.append(Name(place.start(), place.end(), codes, before[-1].kind, place[0]))
    return sorted(kept)


def _classed(found: list[Name], folded: str) -> list[Name]:
    """比亚迪H股 is one of two listings; H股 alone is that of the company with two that the sentence named before."""
    places = [m for m in _SHARE_CLASS.finditer(folded) if not ITS_OWN.match(folded, m.end())]
    if not places:
        return found
    kept = {name.start: name for name in found}
    for place in places:
        homes = _HOMES[place[1]]
        low = max(folded.rfind(mark, 0, place.start()) for mark in "。！？\n")
        twins = [n for n in found if low < n.start and n.end <= place.start() and _listed_twice(n)]
        if not twins or ISSUES.search(folded, max(0, place.start() - 6), place.start()):
            continue
        codes = tuple(code for code in twins[-1].codes if code.endswith(homes))
        start = twins[-1].start if twins[-1].end == place.start() else place.start()
        kept.pop(place.start(), None)
        kept[start] = Name(start, place.end(), codes, "company", folded[start : place.end()])
    return sorted(kept.values())


def _listed_twice(name: Name) -> bool:
    return any(c.endswith(".HK") for c in name.codes) and any(c.endswith((".SH", ".SZ")) for c in name.codes)


def _unsplit(masked: str, times: tuple[Time, ...]) -> str:
    """The text with the last character of a time word hidden where it would begin another word."""
    chars: list[str] | None = None
    for time in times:
        if _UNSPLIT.match(masked, time.end - 1):
            chars = chars if chars is not None else list(masked)
            chars[time.end - 1] = BLANK
    return "".join(chars) if chars is not None else masked
