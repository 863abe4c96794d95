"""The figure reader: every number of a Chinese market text, with its span, value, unit, hedge and direction.

`find_figures` reads left to right once. Every decimal digit of any script lies in the span of some figure: numerals that
are names (codes, products, list markers) come back with `exempt`, and a numeral that nobody can read comes back as kind
`unread`. It never raises, and its cost grows with the length of the text. Words for days (昨日, 上周五) come back as kind
`date` with `exempt` "calendar word": there is no numeral to prove in them.
"""

from __future__ import annotations

import re
from decimal import Decimal

from quantshark.lexicon import dateforms, identifiers, idioms, signs
from quantshark.lexicon.frames import (
    RANGE_SIGNS,
    Frame,
    chinese_ratio,
    counts_kinds,
    frame,
    listed_with_unit,
    part_of_day,
    per_ten_shares,
    range_from,
    ratio,
    runs_on,
    share_ratio,
    sign_holds,
)
from quantshark.lexicon.numerals import FINANCIAL, fold, last_place, parse
from quantshark.lexicon.quantities import NO_UNIT, PREFIX_END, Prefix, Quantity, prefix, read
from quantshark.lexicon.units import SYMBOLS, TABLE, Unit
from quantshark.model import Figure

_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟俩倆")
_RUN = re.compile("[" + "".join(_NUMERALS) + "]+")
_INT = re.compile(r"\d+")
_LETTERS, _DIGITS = identifiers.LETTERS, identifiers.DIGITS
_HAN = re.compile("[\u4e00-\u9fff]")


def find_figures(text: str) -> list[Figure]:
    """All figures of `text`, sorted by place, never overlapping."""
    return _Reader(text).read()


class _Reader:
    """One pass over one text."""

    __slots__ = ("bound", "folded", "low", "out", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.out: list[Figure] = []
        self.low = 0  # nothing before this place may be read again
        self.bound = 0  # end of the last figure that is no date: words of direction before it belong to it

    def read(self) -> list[Figure]:
        folded, search, at = self.folded, _START.search, 0
        for address in identifiers.addresses(folded):
            at = self.until(at, address.start)
            at = self.exempt(identifiers.Name(max(address.start, self.low), address.end, address.reason))
        while hit := search(folded, at):
            place = hit.start()
            at = self.digits(place) if folded[place] <= "9" else self.chinese(place)
        return self.out

    def until(self, at: int, end: int) -> int:
        """Read on as far as an address begins."""
        while hit := _START.search(self.folded, at, end):
            place = hit.start()
            at = self.digits(place) if self.folded[place] <= "9" else self.chinese(place)
        return at

    # ------------------------------------------------------------------------------------------------ Arabic digits
    def digits(self, at: int) -> int:
        folded, low = self.folded, self.low
        before = folded[at - 1] if at > low else ""
        end = _INT.match(folded, at).end()  # type: ignore[union-attr]  # a digit stands there
        if before in _LETTERS or (before in "-+._" and at - 2 >= low and folded[at - 2] in _LETTERS):
            if done := self.glued(at):
                return done
        elif before == "." and (at - 2 < low or folded[at - 2] not in _DIGIT_OR_DOT):
            return self.fraction(at)
        after = folded[end : end + 1]
        if (after in _DATE_SIGNS or end - at == 8) and (done := self.dated(at, end, after)):
            return done
        if after in _MARKS and end - at <= 2 and identifiers.marks_date(folded, at, end):
            return self.exempt(identifiers.Name(at, end + 1, "list marker"))
        quantity = read(folded, at, part=before == "/")
        if quantity is None:
            return self.unreadable(at)
        if (
            quantity.word == "股"
            and folded[quantity.end : quantity.end + 1] in _SPLITS
            and (split := share_ratio(folded, at))
            and (done := self.per_ten(at, split))
        ):
            return done
        if quantity.unit is NO_UNIT and folded[quantity.end - 1] == "T" and before not in PREFIX_END:
            return self.exempt(identifiers.Name(at, quantity.end, "name"))  # a 1.6T module; money in T has its currency
        if quantity.unit is NO_UNIT and quantity.scale == 1:
            if shared := listed_with_unit(folded, at, quantity, self.low):
                return self.quantity(at, shared)
            if name := self.named(at, quantity):
                return name
        if quantity.unit.kind in _COUNTED and identifiers.index(folded, low, at, end):
            return self.exempt(identifiers.Name(at, end, "index"))  # 标普500年内 is not 500 years
        return self.quantity(at, quantity)

    def fraction(self, at: int) -> int:
        """.5 is 0.5."""
        quantity = read(self.folded, at)
        digits = _INT.match(self.folded, at)
        if quantity is None or digits is None or quantity.end < digits.end() or len(digits[0]) > 30:
            return self.unreadable(at)
        value = quantity.value.scaleb(-len(digits[0]))
        start = prefix(self.folded, self.low, at - 1)
        return self.add(start, quantity._replace(value=value, ulp=Decimal(1).scaleb(-len(digits[0]))), at - 1)

    def unreadable(self, at: int) -> int:
        match = identifiers.TOKEN.match(self.folded, at)
        end = match.end() if match else at + 1
        if end - at > 40:
            return self.exempt(identifiers.Name(at, end, "id"))
        return self.emit(Figure(at, end, self.text[at:end], "unread"))

    def glued(self, at: int) -> int:
        """Digits that touch a Latin word: a date (Q3), a rank (TOP10), money (RMB100), a name, or a quantity (CPI2.1%)."""
        folded = self.folded
        word = at
        while word > self.low and folded[word - 1] in _LETTERS:
            word -= 1
        letters = folded[word:at]
        if match := dateforms.LATIN_DATE.match(folded, word):
            return self.date(word, match.end())
        if letters in SYMBOLS:
            return 0
        if (date := dateforms.DATE.match(folded, at)) and date.lastgroup in {"year", "month"}:
            return self.date(at, date.end())
        quantity = read(folded, at)
        if letters.lower() in {"top", "no"} and quantity is not None:
            return self.add(Prefix(word, 0, None, ""), quantity._replace(unit=Unit(None, "rank")), at)
        name = identifiers.glued(folded, self.low, at, quantity)
        return self.exempt(name) if name else 0

    def named(self, at: int, quantity: Quantity) -> int:
        """A ratio, a year or a name; 0 where the digits are a number."""
        folded, end = self.folded, quantity.end
        if folded[end : end + 1] in _RATIO_SIGNS and (match := ratio(folded, at)):
            return self.ratio(at, match)
        if folded[end : end + 1] == "大" and end - at <= 2 and counts_kinds(folded, self.low, at, end):
            return self.exempt(identifiers.Name(at, end + 1, "name"))  # 3大指数, 10大屋苑: the kinds there are
        if folded[end : end + 1] in _SHARE_VERBS and (match := share_ratio(folded, at)):
            return self.per_ten(at, match)
        if dateforms.is_short_day(folded, at):
            return self.date(at, end)
        if folded[end : end + 1] == "连" and runs_on(folded, end):
            return 0
        if folded[end : end + 1] in _TO and end - at > 5 and self.opens_range(at, quantity):
            return 0  # 110547至110548.5点: the low end of a range, no code
        if name := identifiers.bare(folded, self.low, at, end):
            if name.reason == "name" and dateforms.is_year(folded, at, end):
                return self.date(at, end)
            return self.exempt(name)
        return self.date(at, end) if dateforms.is_year(folded, at, end) and folded[end : end + 1] not in _JOINS else 0

    def opens_range(self, at: int, quantity: Quantity) -> bool:
        """Is it the low end of a range whose unit stands at its high end?"""
        found = range_from(self.folded, self.low, at, quantity)
        return found is not None and found.last.unit is not NO_UNIT

    def ratio(self, at: int, match: re.Match[str]) -> int:
        """3:1 is 3; against nothing (2:0) it is a score."""
        first, second = parse(match["a"]), parse(match["b"])
        if first is None or not second:
            return self.exempt(identifiers.Name(at, match.end(), "score"))
        return self.emit(Figure(at, match.end(), self.text[at : match.end()], "ratio", first / second))

    # ------------------------------------------------------------------------------------------------ dates
    def dated(self, at: int, end: int, after: str) -> int:
        """A date or time that begins with these digits; 0 where none does."""
        if end - at > 8 or (after == "." and end - at != 4):
            return 0
        match = dateforms.match(self.folded, self.low, at)
        if match is None or not dateforms.holds(self.folded, self.low, at, match):
            return 0
        if match.lastgroup == "clock":
            return self.date(part_of_day(self.folded, self.low, at), match.end(), "time")
        return self.date(dateforms.begins(self.folded, self.low, at), match.end())

    def chinese_date(self, at: int) -> int:
        match = dateforms.match(self.folded, self.low, at)
        if match is None or match.lastgroup not in {"year", "quarter", "month", "clock"}:
            return 0
        start = at
        if match.lastgroup == "clock" and (start := part_of_day(self.folded, self.low, at)) == at:
            return 0
        if match.lastgroup == "month" and self.folded[at - 1 : at] == "个":
            return 0
        return self.date(dateforms.begins(self.folded, self.low, start), match.end(), "time" if start < at else "date")

    # ------------------------------------------------------------------------------------------------ Chinese characters
    def chinese(self, at: int) -> int:
        folded = self.folded
        if match := _WORD.match(folded, at):
            return self.word(match, at)
        if match := dateforms.WORDS.match(folded, at):
            return self.date(at, match.end(), reason="calendar word")
        first = folded[at]
        if first == "每" and (match := per_ten_shares(folded, at)):
            return self.per_ten(at, match) or at + 1
        if first not in _NUMERALS:
            return at + 1
        return self.numeral(at, first)

    def numeral(self, at: int, first: str) -> int:
        """A run that begins with a Chinese numeral: a word, a date, a vague amount, or a quantity."""
        folded = self.folded
        before = folded[at - 1] if at > self.low else ""
        if (
            before in _VAGUE
            and first in _VAGUE_SCALES
            and (before == "几" or folded[at - 2 : at - 1] not in _NUMBER_OF)
        ):
            return self.vague(at)
        if folded[at + 1 : at + 3] == "位数":
            return self.emit(Figure(at, at + 3, self.text[at : at + 3], "number", exempt="vague"))
        ordinal = before in _ORDINALS
        if passed := self.idiom(at, first, before, ordinal=ordinal):
            return passed
        if name := identifiers.chinese_marker(folded, at):
            return self.exempt(name)
        following = folded[at + 1 : at + 2]
        if following not in _AFTER_NUMERAL and not (ordinal and self.closes(at + 1)) and not self.alone(at, at + 1):
            return at + 1
        if done := self.chinese_date(at):
            return done
        if following == "比" and (match := chinese_ratio(folded, at)):
            return self.ratio(at, match)
        quantity = read(folded, at)
        if quantity is None:
            return _RUN.match(folded, at).end()  # type: ignore[union-attr]  # a numeral stands there
        return self.chinese_quantity(at, quantity, first, ordinal=ordinal)

    def idiom(self, at: int, first: str, before: str, *, ordinal: bool) -> int:
        """The end of a word in which the numeral is none (一带一路, 第一财经, 统一); 0 where it is no such word."""
        if ordinal:
            return at + 1 if idioms.AFTER_FIRST.match(self.folded, at) else 0
        if before in idioms.BEFORE.get(first, _NONE):
            return at + 1
        if first in _SCALE_SIGNS and self.over(at):
            return 0
        match = idioms.IDIOM.match(self.folded, at)
        return match.end() if match else 0

    def chinese_quantity(self, at: int, quantity: Quantity, first: str, *, ordinal: bool) -> int:
        folded, end = self.folded, quantity.end
        if first in _SCALE_SIGNS and folded[end : end + 1] == "级":
            return self.passed(at, end)  # 千万元级: an order of size
        if quantity.unit is NO_UNIT:
            if identifiers.index(folded, self.low, at, end):
                return self.exempt(identifiers.Name(at, end, "index"))
            short = end - at == 1 or first in _SCALE_SIGNS or (end - at == 2 and first in FINANCIAL)
            goes_on = (
                (ordinal and self.closes(end)) or runs_on(folded, end) or range_from(folded, self.low, at, quantity)
            )
            if short and not goes_on and not self.alone(at, end):
                return self.passed(at, end)
        elif quantity.unit.kind in _COUNTED and not ordinal:
            if first in _SCALE_SIGNS and not self.over(at):
                return self.passed(at, end)
            if (
                first == "一"
                and quantity.value == 1
                and quantity.unit.kind == "count"
                and folded[at - 1 : at] not in {"仅", "有", "达"}
            ):
                return self.add(Prefix(at, 0, None, ""), quantity, at, "article")
        return self.quantity(at, quantity)

    def over(self, at: int) -> bool:
        """逾千亿, 上百家: before a scale that stands alone a hedge makes it a number."""
        return self.folded[at - 1 : at] in _BEYOND or signs.hedge_before(self.folded, self.low, at) is not None

    def passed(self, at: int, end: int) -> int:
        """Go on behind a word of numeral characters, but never past a digit that nobody has read."""
        digit = _INT.search(self.folded, at, end)
        return digit.start() if digit else end

    def closes(self, end: int) -> bool:
        """Does nothing that belongs to a longer word follow an ordinal: 位居前三，第四大, 前三的?"""
        after = self.folded[end : end + 1]
        return after in _AFTER_ORDINAL or not _HAN.match(after)

    def alone(self, at: int, end: int) -> bool:
        """Does a numeral stand by itself, between signs or after a hedge or 是? Then it is a number and no part of a word."""
        folded = self.folded
        before, after = folded[at - 1 : at] if at else "", folded[end : end + 1]
        if after and _HAN.match(after):
            return before in {"是", "非"} and after in "不那而这却"
        if not before or not _HAN.match(before) or before in "是为":
            return True
        return signs.hedge_before(folded, self.low, at) is not None

    def vague(self, at: int) -> int:
        """几十亿, 数百家: a size without a value."""
        quantity = read(self.folded, at)
        if quantity is None:
            return at + 1
        end = quantity.end
        kind = "money" if quantity.unit is NO_UNIT else quantity.unit.kind
        return self.emit(
            Figure(at - 1, end, self.text[at - 1 : end], kind, unit=quantity.unit.code, hedge="about", exempt="vague")
        )

    def word(self, match: re.Match[str], at: int) -> int:
        """翻倍, 腰斩, 一半, 榜首: a number that is a word."""
        value, unit, kind, direction, hedge = _WORD_VALUES[match.lastgroup or ""]
        end = match.end()
        hedge = hedge or signs.hedge_before(self.folded, self.low, at) or signs.hedge_after(self.folded, end)
        if kind != "rank":
            direction = direction or signs.direction_before(self.folded, self.bound, at)
        return self.emit(Figure(at, end, self.text[at:end], kind, value, None, unit, None, hedge, direction))

    def per_ten(self, at: int, match: re.Match[str]) -> int:
        """每10股派5元, 10送3, 1拆5: so many for each one."""
        shares, amount = parse(match["n"]), parse(match["m"])
        if not shares or amount is None:
            return 0
        end = match.end()
        before = signs.hedge_before(self.folded, at, match.start("m"))
        hedge = before or signs.hedge_after(self.folded, end)
        ulp = last_place(match["m"]) / shares
        return self.emit(Figure(at, end, self.text[at:end], "ratio", amount / shares, None, None, ulp, hedge))

    # ------------------------------------------------------------------------------------------------ quantities
    def quantity(self, at: int, quantity: Quantity) -> int:
        before = self.folded[at - 1] if at > self.low else ""
        return self.add(
            prefix(self.folded, self.low, at) if before in PREFIX_END else Prefix(at, 0, None, ""), quantity, at
        )

    def add(self, before: Prefix, quantity: Quantity, at: int, exempt: str | None = None) -> int:
        """Emit a quantity with all that its sentence says about it."""
        folded, text = self.folded, self.text
        value, high, ulp, unit, end = quantity.value, quantity.high, quantity.ulp, quantity.unit, quantity.end
        start, sign, currency = self.opening(before, quantity, at)
        if folded[end : end + 1] in RANGE_SIGNS and (
            pair := range_from(folded, self.low, start, quantity, negative=sign < 0)
        ):
            value, high, last = pair
            quantity, unit, end, ulp = last, last.unit, last.end, last.ulp
        elif sign < 0:
            value = -value
        kind, code = unit.kind, unit.code
        if currency:
            kind, code = "money", currency
        elif kind == "number" and (quantity.scale >= 10000 or (quantity.chinese and value >= 10000)):
            kind = "money"
        if quantity.per:
            kind = "price"
        if folded[start - 1 : start] == "第" and folded[end : end + 1] in _ARTICLES:
            return self.exempt(
                identifiers.Name(start - 1, end + 1, "name")
            )  # 第12条, 第16区: the name of a place or clause
        framed = frame(folded, self.low, self.bound, Frame(start, end, kind, code), value, plain=quantity.scale == 1)
        start, end, kind, code = framed
        if kind in {"date", "time"}:
            return self.date(start, end, kind)
        if code in _SPECIAL:
            value, kind, code = _special(value, kind, code)
        hedge = quantity.hedge or self.hedge(start, end, kind, code)
        direction = 0 if exempt or kind == "rank" else self.direction(start, end, kind, code, sign)
        return self.emit(Figure(start, end, text[start:end], kind, value, high, code, ulp, hedge, direction, exempt))

    def opening(self, before: Prefix, quantity: Quantity, at: int) -> tuple[int, int, str | None]:
        """Where the figure begins, its printed sign, and the currency that stands before it."""
        start, sign, currency = before.start, before.sign, before.currency
        if sign:
            touching = self.out[-1].kind if self.out and self.out[-1].end == start else None
            if not sign_holds(self.folded, before, touching):
                return at, 0, None
        if currency is None:
            return start, sign, None
        takes = quantity.unit.kind == "number" and (quantity.scale != 1 or before.word in SYMBOLS)
        if takes or (quantity.unit.kind == "money" and quantity.unit.code == "CNY"):
            return start, sign, currency
        return at, 0, None

    def hedge(self, start: int, end: int, kind: str, code: str | None) -> str | None:
        if kind in {"streak", "rank"}:
            return None
        found = signs.hedge_before(self.folded, self.low, start)
        if found == "under" and kind == "duration" and self.folded[start - 1] == "近":
            found = None  # 近三周 is the last three weeks
        if found is None and self.folded[start - 1 : start] in _BEYOND and self.folded[start] in _SCALE_SIGNS:
            return "over"
        if found is None and end < len(self.folded):
            found = signs.hedge_after(self.folded, end)
        if found is None and (last := self.listed(start, kind, code)):
            found = last.hedge  # 约 before a list holds for all its items
        return found

    def listed(self, start: int, kind: str, code: str | None) -> Figure | None:
        """The figure before, where this one continues its list."""
        last = self.out[-1] if self.out else None
        if last is None or last.kind != kind or last.unit != code or last.end < start - 6:
            return None
        return last if signs.is_list(self.folded, last.end, start) else None

    def direction(self, start: int, end: int, kind: str, code: str | None, sign: int) -> int:
        if sign:
            return sign
        if (last := self.listed(start, kind, code)) and last.surface[0] not in _PRINTED_SIGNS:
            return last.direction
        if self.out and signs.is_apposition(self.folded, self.out[-1].end, start):
            return self.out[-1].direction  # 跌123点或0.5%
        found = 0
        if kind == "streak":
            found = signs.direction_after(self.folded, end, streak=True) or signs.direction_within(
                self.folded, start, end
            )
        if kind != "duration" and not found:
            found = signs.direction_before(self.folded, self.bound, start)
        return found or (0 if kind == "duration" else signs.direction_after(self.folded, end, streak=kind == "streak"))

    # ------------------------------------------------------------------------------------------------ results
    def emit(self, figure: Figure) -> int:
        self.out.append(figure)
        self.low = self.bound = figure.end
        return figure.end

    def exempt(self, name: identifiers.Name) -> int:
        start, end, reason = name
        return self.emit(Figure(start, end, self.text[start:end], "name", exempt=reason))

    def date(self, start: int, end: int, kind: str = "date", reason: str | None = None) -> int:
        self.out.append(Figure(start, end, self.text[start:end], kind, exempt=reason))
        self.low = end
        return end


_SPECIAL = frozenset(("个点", "番", "连板"))


def _special(value: Decimal, kind: str, code: str | None) -> tuple[Decimal, str, str | None]:
    """个点 is a point of an index or of a rate by its size; 翻n番 is 2^n; n连板 is a streak of days."""
    if code == "个点":
        return (value, "index", "点") if abs(value) >= 100 else (value, "point", "pp")
    if code == "连板":
        return value, "streak", "天"
    return (Decimal(2) ** int(value), kind, "倍") if 0 <= value <= 20 else (value, kind, "倍")


_TO = frozenset("至到~")
_MARKS = frozenset(".、)")
_DATE_SIGNS = frozenset("年月日号时点:/-.~至到 QH财季EA—–、会度")
_DIGIT_OR_DOT = _DIGITS | {"."}
_PRINTED_SIGNS = frozenset("-−－+＋负負")
_NONE: frozenset[str] = frozenset()
_ARTICLES = frozenset("号区条章款页")
_SPLITS = frozenset("拆合")
_JOINS = frozenset("-~至.,")
_RATIO_SIGNS = frozenset(":比")
_SHARE_VERBS = frozenset("派送转配供拆合")
_COUNTED = frozenset(("count", "duration"))
_BEYOND = frozenset("上过")
_VAGUE = frozenset("几数")
_VAGUE_SCALES = frozenset("十百千万亿")
_NUMBER_OF = frozenset("指系人户总个倍次参函分代岁度家只件")
_ORDINALS = frozenset("第前")
_SCALE_SIGNS = frozenset("百千万亿")
_AFTER_ORDINAL = frozenset("大名位高多低强甲的之为是和与及,并且分依合均占包有居排其都仍达共总集由")
_UNIT_FIRST = {w[0] for w in TABLE if "\u4e00" <= w[0] <= "\u9fff"} - set("方回里头注字节行道级代期队排圈步遍处例席")
_AFTER_NUMERAL = (
    frozenset(_UNIT_FIRST) | _NUMERALS | frozenset("点年月日号季时分成折倍个又余多几来 \u200b兆度大强甲连至到比~-")
)
_WORD = re.compile(
    r"(?P<two>翻(?:了|上)?(?:一)?[倍番]|倍增(?!长))|(?P<four>翻(?:了|上)?[两二]番)|(?P<eight>翻(?:了|上)?三番)|(?P<cut>腰斩)|(?P<halve>减半)|(?P<discount>(?<=打)对折|(?<=打了)对折)"
    r"|(?P<over>过半(?!导|年|月|天|日|小|个)|半数以上|一半以上)|(?P<half>一半|半数)|(?P<tenth>半成(?!品|本|熟))|(?P<fold>半折)|(?P<top>榜首|首位(?!次)|居首(?!位))"
)
# Where a figure may begin: at a numeral, or at the first sign of a word whose second sign some word has (上周, not 上海).
_FIRST = dateforms.WORD_FIRST | frozenset("半翻腰减过榜首居对")
_SECOND = "".join(sorted(set(_HAN.findall(_WORD.pattern + dateforms.WORDS.pattern))))
_NUMERAL_FIRST = "0-9每" + "".join(sorted(_NUMERALS))
_START = re.compile(f"[{_NUMERAL_FIRST}{''.join(sorted(_FIRST))}](?:(?<=[{_NUMERAL_FIRST}])|(?=[{_SECOND}]))")
_WORD_VALUES: dict[str, tuple[Decimal, str | None, str, int, str | None]] = {
    "two": (Decimal(2), "倍", "multiple", 1, None),
    "four": (Decimal(4), "倍", "multiple", 1, None),
    "eight": (Decimal(8), "倍", "multiple", 1, None),
    "cut": (Decimal("0.5"), "倍", "multiple", -1, None),
    "halve": (Decimal("0.5"), "倍", "multiple", -1, None),
    "discount": (Decimal(50), "%", "percent", 0, None),
    "over": (Decimal("0.5"), "倍", "multiple", 0, "over"),
    "half": (Decimal("0.5"), "倍", "multiple", 0, None),
    "tenth": (Decimal(5), "%", "percent", 0, None),
    "fold": (Decimal(50), "%", "percent", 0, None),
    "top": (Decimal(1), None, "rank", 0, None),
}
