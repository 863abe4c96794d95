"""Chinese and Arabic numerals, read exactly: 五十二点八七亿, 貳仟壹佰, 3万4000, １１.92億, 𝟖𝟏𝟐𝟔.𝟎𝟗.

`fold` maps a text to one alphabet without moving a single code point (digits of every script to ASCII, full-width
signs to plain ones, the traditional characters of our vocabulary to simplified ones), so that spans found in the folded
text are spans of the text as given. `parse` gives the exact value of a numeral and None for anything else.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from quantshark.lexicon.script import SIMPLE

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
FINANCIAL = dict(zip("壹贰叁肆伍陆柒捌玖参倆俩", (1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 2, 2), strict=True))
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
TENS = {"廿": 20, "卅": 30, "卌": 40}
BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}
LATIN = {"k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "bn": 10**9, "b": 10**9, "B": 10**9, "T": 10**12, "G": 10**9}

_SIGNS = {
    "％": "%", "﹪": "%", "٪": "%", "．": ".", "٫": ".", "，": "，", "＋": "+", "﹢": "+", "－": "-", "−": "-", "﹣": "-", "⁻": "-",
    "‒": "–", "―": "—", "～": "~", "〜": "~", "∼": "~", "﹏": "~", "／": "/", "∕": "/", "⁄": "/", "：": ":", "∶": ":", "（": "(", "）": ")",
    "＄": "$", "￥": "¥", "￡": "£", "＃": "#", "＞": ">", "＜": "<", "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "٬": ",", "﹐": ",",
    "弍": "贰", "弎": "叁", "弐": "贰", "壱": "壹", "氺": "氺", "○": "〇", "◯": "〇", "Ｏ": "O",
}  # fmt: skip
_BLANK = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_NOTHING = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u180e\u2061\u2062\u2063\u2064"


class _Fold(dict[int, str | int]):
    """The table of `fold`; a code point is looked up in Unicode's own tables when it is first met."""

    def __missing__(self, code: int) -> str | int:
        char = chr(code)
        folded = str(unicodedata.decimal(char)) if char.isdecimal() else code
        self[code] = folded
        return folded


def _fold_table() -> _Fold:
    table = _Fold()
    table.update({0xFF21 + i: chr(65 + i) for i in range(26)} | {0xFF41 + i: chr(97 + i) for i in range(26)})
    table.update(SIMPLE)
    table.update({ord(c): "元" for c in "圓圆"} | {ord("飈"): "飙"})
    table.update({ord(a): b for a, b in _SIGNS.items()})
    table.update({ord(c): " " for c in _BLANK} | {ord(c): "\u200b" for c in _NOTHING})
    return table


_FOLD = _fold_table()
_WIDE = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


def fold(text: str) -> str:
    """The text in one alphabet, code point for code point."""
    folded = text.translate(_FOLD)
    if "，" in text and _WIDE.search(text):  # ４，５６５: full-width digits bring a full-width separator
        marks = [m.start() for m in _WIDE.finditer(text)]
        chars = list(folded)
        for mark in marks:
            chars[mark] = ","
        folded = "".join(chars)
    return folded


_GAPS = str.maketrans("", "", " \n\r\u200b,")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_FRACTION = re.compile(r"(?:(.+)又)?(.+)(?:分之|/)(.+)")
_POWER = re.compile(r"(\d+(?:\.\d+)?)(?:[eE]|\^)(--|[-+]?)(\d{1,3})")
_LONGEST = 4000  # the digits of a number that Decimal may be asked for; beyond, nobody wrote a quantity


def parse(surface: str) -> Decimal | None:
    """The exact value of a numeral without its unit: 五十二点八七亿, 3万4000, 1,234.5, -２．２, 三又二分之一; None if it is none."""
    text = fold(surface).translate(_GAPS)
    if not text or len(text) > _LONGEST:
        return None
    if text[0] in "-+负正":
        value = parse(text[1:]) if text[1:2] not in {"-", "+", ""} else None
        return -value if value is not None and text[0] in "-负" else value
    value = _plain(text)
    return value if value is not None else _fraction(text)


def _plain(text: str) -> Decimal | None:
    """A number without sign or fraction bar."""
    if text.isascii():
        return _ascii(text)
    head, point, tail = text.partition("点")
    if not point:
        return _integer(text)
    return _pointed(head, tail)


def _ascii(text: str) -> Decimal | None:
    number = _NUMBER.match(text)
    if number is None:
        return None
    rest = text[number.end() :]
    if not rest:
        return Decimal(number[0])
    return Decimal(number[0]) * LATIN[rest] if rest in LATIN else None


def _pointed(head: str, tail: str) -> Decimal | None:
    """五十二点八七亿: the digits after the point, then the scales of the whole."""
    cut = next((i for i, c in enumerate(tail) if c not in _DIGIT), len(tail))
    whole = _integer(head)
    if whole is None or not cut:
        return None
    value = whole + Decimal("0." + "".join(str(_DIGIT[c]) for c in tail[:cut]))
    for scale in tail[cut:]:
        if scale not in _SCALE:
            return None
        value *= _SCALE[scale]
    return value


_DIGIT: dict[str, int] = DIGITS | FINANCIAL | {str(i): i for i in range(10)}
_SCALE: dict[str, int] = SMALL | BIG
_CHINESE_DIGIT = frozenset(DIGITS) | frozenset(FINANCIAL)


def _integer(text: str) -> Decimal | None:
    """A numeral of digits and scales in any mixture: 一千零三, 5亿1万4千6百, 二〇二五, 廿三."""
    if all(c in _CHINESE_DIGIT for c in text):
        if len(text) > 1 and "两" in text:  # nobody spells digits with 两
            return None
        return Decimal("".join(str(_DIGIT[c]) for c in text)) if text else None
    sum_ = _Sum()
    i = 0
    while i < len(text):
        i = sum_.take(text, i)
        if i < 0:
            return None
    return sum_.close()


class _Sum:
    """The running value of a numeral: what is closed by 万 or 亿, the section below it, the digit that waits for its scale."""

    __slots__ = ("closed", "last", "pending", "plain", "section", "total", "zero")

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.section = Decimal(0)
        self.pending: Decimal | None = None
        self.last = 0  # the scale that came last
        self.closed = 0  # the scale that closed `total`
        self.plain = False  # the waiting digit is one Chinese digit: 一万三 is 13000
        self.zero = False

    def take(self, text: str, i: int) -> int:
        """Read one token at `i`; the place after it, or -1 where no numeral goes on."""
        char = text[i]
        if char in SMALL:
            return self._small(SMALL[char], i)
        if char in BIG:
            return self._big(BIG[char], i)
        if char in TENS:
            self.pending, self.section, self.last = None, self.section + TENS[char], 10
            return i + 1
        return self._digits(text, i)

    def _small(self, scale: int, i: int) -> int:
        if self.last and self.last <= scale and self.last < 10**4:
            return -1
        self.section += (1 if self.pending is None else self.pending) * scale
        self.pending, self.last, self.zero = None, scale, False
        return i + 1

    def _big(self, scale: int, i: int) -> int:
        self._settle(self.last < 10**4)
        if not self.section and not self.total:
            self.section = Decimal(1)  # 千亿, 万亿: a scale that stands alone counts one
        if self.closed and scale >= self.closed:  # 一万五千亿: the larger scale takes all before it
            self.total = (self.total + self.section) * scale
        else:
            self.total += self.section * scale
        self.section, self.last, self.closed, self.zero = Decimal(0), scale, scale, False
        return i + 1

    def _digits(self, text: str, i: int) -> int:
        char = text[i]
        if char in "零〇":
            self.zero = True
            return i + 1 if self.pending is None else -1
        if self.pending is not None:
            return -1
        if char in _CHINESE_DIGIT:
            self.pending, self.plain = Decimal(_DIGIT[char]), True
            return i + 1
        number = _NUMBER.match(text, i)
        if number is None:
            return -1
        self.pending, self.plain = Decimal(number[0]), False
        return number.end()

    def _settle(self, short: bool = True) -> None:
        """Close the waiting digit: after 零, or as an Arabic number, it counts ones; else a tenth of the last scale."""
        if self.pending is not None:
            tenth = short and self.plain and not self.zero and self.last > 10
            self.section += self.pending * (self.last // 10 if tenth else 1)
        self.pending = None

    def close(self) -> Decimal:
        self._settle()
        return self.total + self.section


def _fraction(text: str) -> Decimal | None:
    """三分之一, 一又二分之一, 4/3, 2e5, 1.1^23."""
    if power := _POWER.fullmatch(text):
        return _power(power)
    match = _FRACTION.fullmatch(text)
    if match is None:
        return None
    whole, below, above = match[1], match[2], match[3]
    if text.count("分之") + text.count("/") != 1:
        return None
    if "/" in text:
        below, above = above, below
    parts = [parse(x) for x in (below, above)]
    base = parse(whole) if whole else Decimal(0)
    if base is None or None in parts or not parts[0]:
        return None
    return base + parts[1] / parts[0]  # type: ignore[operator]


def _power(match: re.Match[str]) -> Decimal | None:
    mantissa, exponent = Decimal(match[1]), int(match[3]) * (-1 if match[2] == "-" else 1)
    base = mantissa if "^" in match[0] else Decimal(10)
    factor = base**exponent if base else Decimal(0)
    return factor if "^" in match[0] else mantissa * factor


def last_place(surface: str) -> Decimal:
    """The worth of the last printed digit, as the same number in Arabic digits would show it: 六千亿 to 1亿, 五点二万 to 1000."""
    text = fold(surface).translate(_GAPS)
    body = text.rstrip("万亿兆")
    worth = Decimal(1)
    for scale in text[len(body) :]:
        worth *= BIG[scale]
    head, point, tail = body.replace(".", "点").partition("点")
    if point:
        digits = sum(c in _DIGIT for c in tail)
        for scale in tail[digits:]:
            worth *= _SCALE.get(scale, 1)
        return worth.scaleb(-digits)
    return worth * _shorthand(head)


def _shorthand(text: str) -> int:
    """两万一 is known to a thousand: a digit straight after a scale stands for its tenth."""
    if len(text) > 1 and text[-1] in _CHINESE_DIGIT and text[-1] not in "零〇" and text[-2] in "百千佰仟万亿":
        return _SCALE[text[-2]] // 10
    return 1
