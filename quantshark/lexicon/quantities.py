"""A numeral with its scale and unit, read at a place of folded text: 52.87亿港元, 三百五十万股, 两倍半, 人民币8800万元.

`read` knows nothing of what stands before the numeral but its sign and currency; what kind of figure it is in its
sentence (a date, a rank, a name) is for `figures`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from quantshark.lexicon.numerals import last_place, parse
from quantshark.lexicon.units import PER, PREFIXES, TABLE, UNIT, Unit, trie, words

ONE, ZERO = Decimal(1), Decimal(0)
NO_UNIT = Unit(None, "number")


class Quantity(NamedTuple):
    """What was read: the place after it, value and last place in its own unit, the unit, and the scale as printed."""

    end: int
    value: Decimal
    ulp: Decimal | None
    unit: Unit
    scale: Decimal
    word: str  # the unit as printed
    hedge: str | None = None
    per: bool = False
    chinese: bool = False
    high: Decimal | None = None  # 三四家: the upper end that the numeral itself names


_SCALES = words("十万亿 万亿 千亿 百亿 十亿 亿 千万亿 百万亿 亿万 千万 百万 十万 万 万万 百 千 兆 万兆 千兆 百兆 十兆")
_LATIN = {"billion": 9, "bn": 9, "b": 9, "B": 9, "million": 6, "mn": 6, "m": 6, "M": 6, "trillion": 12, "tn": 12, "T": 12,
          "k": 3, "K": 3, "thousand": 3, "Bn": 9, "BN": 9, "Mn": 6, "Billion": 9, "Million": 6, "Trillion": 12, "bln": 9, "mln": 6, "trn": 12}  # fmt: skip
_FACTOR = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8, "兆": 12}
_POWER = {s: sum(_FACTOR[c] for c in s) for s in _SCALES} | _LATIN
TEN = [Decimal(10**p) for p in range(33)]
_PLACE = {p: Decimal(10**p) if p >= 0 else Decimal(1).scaleb(p) for p in range(-12, 20)}
SCALE = {s: TEN[p] for s, p in _POWER.items()}
_BAR = dict.fromkeys(_LATIN, "(?![A-Za-z0-9²³])") | {"千": "(?![瓦克米卡伏赫帕焦字兆比里焦])", "百": "(?!分)", **{s: "(?![瓦赫帕伏欧字比])" for s in _SCALES if s[-1] == "兆"}, "万": "(?!分之)"}  # fmt: skip
NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<f>\.\d+)?"
_GAP = r"(?:[ \u200b]{0,2}|\n)"
_UNIT_FIRST = "".join(sorted({w[0] for w in TABLE if "\u4e00" <= w[0] <= "\u9fff"}))
ARABIC = re.compile(
    rf"{NUMBER}(?:{_GAP}(?P<s>{trie(SCALE, _BAR)}))?(?P<more>[余多来几](?=[万亿千百%{_UNIT_FIRST}]))?(?P<s2>亿|万)?(?:{_GAP}(?P<u>{UNIT}))?"
)
_TAIL = re.compile(
    rf"(?: {{0,2}}(?P<more>[余多来几]))?(?: {{0,2}}(?P<s2>万亿|亿|千万|百万|万))?(?P<more2>[余多来几])?(?:{_GAP}(?P<u>{UNIT}|个? *百 *分 *点))?"
)
_PER = re.compile(PER)
_TENTH = re.compile(r" {0,2}([一二三四五六七八九])(?![成\u4e00-\u9fff])")
_HALF = re.compile("半(?![年导日数天山岛])")
_COINS = re.compile(
    r"(?:又)?(?P<a>[\d零一二两三四五六七八九十]+)(?:角|毛|美分|仙|分)(?:(?P<b>[\d一二三四五六七八九])分)?"
)
_MAX_DIGITS = 40
_CN = "〇零一二两三四五六七八九十百千万亿兆廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟参俩"
_CN_DIGIT = "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖"
CHINESE = re.compile(  # one more than may be read, so that a longer run is seen to be too long
    rf"[{_CN}](?:[ \u200b]{{0,2}}[{_CN}\d]){{0,{_MAX_DIGITS}}}"
    rf"(?:[ \u200b]?点[ \u200b]?[{_CN_DIGIT}](?:[ \u200b]{{0,2}}[{_CN_DIGIT}]){{0,30}}[十百千万亿兆]{{0,4}})?"
)
_MIXED = re.compile(
    r"[\d,.]{1,30}(?: {0,2}[百千万亿兆] {0,2}[零〇]? {0,2}(?:[\d,.]{1,30}|[一二两三四五六七八九](?![个成]))){1,6}(?: {0,2}[百千万亿兆]){0,3}"
)
_SPLIT = re.compile(
    r"\d{1,20}(?:\u200b{1,3}[\d.,]{1,20}){1,40}|\d(?: [\d.](?![\d.])){1,40}|\d{1,20}(?: \.|\. | \. )\d{1,20}"
)
_POWER_OF = re.compile(r"\d+(?:\.\d+)?(?:[eE]|\^)(?:--|[-+]?)\d{1,3}(?![A-Za-z0-9.])")
_BAR_OF = re.compile(r"(?:\d+ )?\d+ ?/ ?\d+(?![\d/.%])")
_PARTS = re.compile(
    rf"(?:(?P<whole>[\d{_CN}点. ]{{1,24}}?) ?又 ?)?(?P<below>[\d{_CN} ]{{1,24}}?) {{0,2}}分 {{0,2}}之 {{0,2}}(?P<sign>负|-)?"
)
_NEIGHBOURS = re.compile(r"([一二三四五六七八])([二三四五六七八九])([十百千])?(?![一二三四五六七八九零〇点])")
_PART_SIGNS = frozenset("分又 ")
_NUMERAL_FIRST = frozenset("0123456789" + _CN)
DIGIT = {c: Decimal(i) for i, c in enumerate("零一二三四五六七八九")}


def read(folded: str, at: int, *, part: bool = False) -> Quantity | None:
    """The quantity whose numeral begins at `at`; None where no numeral that makes sense begins.

    `part` is a part of something larger, where no fraction may begin: the numerator of one (三分之一), an item of 25/20/16倍.
    """
    if folded[at] <= "9":
        return _arabic(folded, at, part=part)
    return _chinese(folded, at, part=part)


def _arabic(folded: str, at: int, *, part: bool = False) -> Quantity | None:
    match = ARABIC.match(folded, at)
    if match is None:
        return None
    number, decimals, scale, more, second, word = match.groups()
    end = match.end()
    if len(number) > _MAX_DIGITS or (decimals and len(decimals) > _MAX_DIGITS):
        return None
    after = folded[end : end + 1]
    if word is None and after and after in " \u200b\n.0123456789零〇一二两三四五六七八九点分又/eE^":
        other = _unusual(folded, at, match, part=part)
        if other is not None:
            return other
    digits = number.replace(",", "") if "," in number else number
    power = (_POWER[scale] if scale else 0) + (_POWER[second] if second else 0)
    places = len(decimals) - 1 if decimals else 0
    value = (
        Decimal(digits + decimals)
        if decimals and not power
        else _shift(int(digits + (decimals or ".")[1:]), power - places)
    )
    ulp = _PLACE.get(power - places) or Decimal(1).scaleb(power - places)
    factor = TEN[power]
    hedge = "over" if more else None
    if word is None:
        return Quantity(end, value, ulp, NO_UNIT, factor, "", hedge)
    return finish(folded, end, value, ulp, factor, word, hedge)


def _shift(number: int, power: int) -> Decimal:
    """number x 10^power, printed without needless zeros where it is whole."""
    return Decimal(number * 10**power) if power >= 0 else Decimal(number).scaleb(power)


def finish(
    folded: str,
    end: int,
    value: Decimal,
    ulp: Decimal | None,
    factor: Decimal,
    word: str,
    hedge: str | None,
    *,
    chinese: bool = False,
) -> Quantity:
    """Apply the unit: its worth, a half after it (两倍半), what it is per (元/股), coins (五元三毛)."""
    unit = TABLE.get(word) or TABLE["个百分点"]
    after = folded[end : end + 1]
    per = False
    if after == "半" and _HALF.match(folded, end):
        value, end, ulp = value + factor / 2, end + 1, None
    if unit.kind == "money" and after and after in "/每又0123456789一二三四五六七八九两":
        if per_ := _PER.match(folded, end):
            end, per = per_.end(), True
        elif factor == 1 and (coins := _COINS.match(folded, end)):
            value, end, ulp = value + _coins(coins), coins.end(), Decimal("0.01")
    if word == "成" and (digit := _TENTH.match(folded, end)):
        value, ulp, end = value + DIGIT[digit[1]] / 10, (ulp or ONE) / 10, digit.end()
    if word == "折" and value >= 10:
        value, ulp = value / 10, None
    if unit.worth is not None and unit.worth != 1:
        value, ulp = value * unit.worth, ulp * unit.worth if ulp is not None else None
    return Quantity(end, value, ulp, unit, factor, word, hedge, per=per, chinese=chinese)


def _coins(match: re.Match[str]) -> Decimal:
    cents = "分" in match[0] and match["b"] is None and "角" not in match[0] and "毛" not in match[0]
    first = parse(match["a"]) or ZERO
    second = parse(match["b"]) if match["b"] else None
    return first / (100 if cents or "仙" in match[0] else 10) + (second or ZERO) / 100


def _unusual(folded: str, at: int, plain: re.Match[str], *, part: bool) -> Quantity | None:
    """Fractions and powers, digits that OCR or ASR pulled apart (5 2 . 8亿), mixed numerals (3万4000)."""
    if not part and (fraction := _fraction(folded, at, plain.end())):
        return fraction
    for pattern in (_SPLIT, _MIXED) if part else (_POWER_OF, _BAR_OF, _SPLIT, _MIXED):
        match = pattern.match(folded, at)
        if match is None or match.end() <= plain.end() or len(match[0]) > _MAX_DIGITS:
            continue
        text = (
            match[0]
            if pattern is not _BAR_OF
            else match[0].replace(" ", "又", match[0].count(" ") - match[0].count(" /"))
        )
        value = parse(text)
        tail = _TAIL.match(folded, match.end())
        if value is None or tail is None or (pattern is _SPLIT and not _joins(match[0], tail)):
            continue
        if pattern in (_POWER_OF, _BAR_OF):
            return Quantity(match.end(), value, None, Unit(None, "ratio" if pattern is _BAR_OF else "number"), ONE, "")
        return _with_tail(folded, match[0], value, tail, chinese=False)
    return None


def _fraction(folded: str, at: int, end: int) -> Quantity | None:
    """三分之一, 百分之三点二, 千分之五, 一又二分之一: the part is named after the whole."""
    match = _PARTS.match(folded, at)
    if match is None or match.end() < end:
        return None
    below = parse(match["below"])
    above = read(folded, match.end(), part=True) if folded[match.end() : match.end() + 1] in _NUMERAL_FIRST else None
    if not below or above is None or above.unit is not NO_UNIT:
        return None
    whole = (parse(match["whole"]) or ZERO) if match["whole"] else ZERO
    value = (-above.value if match["sign"] else above.value) / below
    if match["below"][0] in "百千万佰仟" and not match["whole"]:
        rate = 100 / below
        return Quantity(
            above.end,
            above.value * rate,
            above.ulp * rate if above.ulp else None,
            TABLE["%"],
            ONE,
            "%",
            above.hedge,
            chinese=True,
        )
    return Quantity(above.end, whole + value, None, Unit(None, "ratio"), ONE, "", chinese=True)


def _pair(folded: str, at: int) -> Quantity | None:
    """三四家, 二三十亿, 七八成: two digits in a row name the ends of a rough range."""
    match = _NEIGHBOURS.match(folded, at)
    if match is None or "二三四五六七八九"["一二三四五六七八".index(match[1])] != match[2]:
        return None
    tail = _TAIL.match(folded, match.end())
    if tail is None or not tail[0]:
        return None
    scale = Decimal(10 ** _FACTOR.get(match[3], 0))
    low = _with_tail(folded, match[1] + (match[3] or ""), DIGIT[match[1]] * scale, tail, chinese=True)
    if low.unit.code in {"%"} and low.word == "折":
        return None
    worth = low.unit.worth or ONE
    return low._replace(high=DIGIT[match[2]] * scale * low.scale * worth, hedge="about", ulp=None)


def _joins(text: str, tail: re.Match[str]) -> bool:
    """A blank inside a number is an accident only where single digits stand apart or a unit closes the number."""
    if "\u200b" in text:
        return True
    return bool(tail[0].strip()) or "." in text or len(text) > 4


def _whole(value: Decimal) -> Decimal:
    """Without the needless zeros of 52.87 x 10^8."""
    return value.to_integral_value() if value == value.to_integral_value() else value


def _with_tail(folded: str, text: str, value: Decimal, tail: re.Match[str], *, chinese: bool) -> Quantity:
    scale = SCALE[tail["s2"]] if tail["s2"] else ONE
    whole = parse(text + tail["s2"]) if tail["s2"] else None  # 17亿2千多万: the scale takes the last section, not all
    value, ulp = _whole(value * scale if whole is None else whole), last_place(text) * scale
    hedge = "over" if tail["more"] or tail["more2"] else None
    if tail["u"] is None:
        return Quantity(tail.end(), value, ulp, NO_UNIT, scale, "", hedge, chinese=chinese)
    return finish(folded, tail.end(), value, ulp, scale, tail["u"], hedge, chinese=chinese)


def _chinese(folded: str, at: int, *, part: bool = False) -> Quantity | None:
    match = CHINESE.match(folded, at)
    if match is None or len(match[0]) > _MAX_DIGITS:
        return None
    text = match[0]
    if (
        folded[match.end() : match.end() + 1] in _PART_SIGNS
        and not part
        and (fraction := _fraction(folded, at, match.end()))
    ):
        return fraction
    if pair := _pair(folded, at):
        return pair
    value = parse(text)
    tail = _TAIL.match(folded, match.end())
    if value is None or tail is None:
        return None
    return _with_tail(folded, text, value, tail, chinese=True)


_PREFIX = re.compile(rf"(?:(?P<c>{trie(PREFIXES)})[ :]?)?(?P<s>[-+负正])?[ ]?(?:(?P<c2>US\$|HK\$|\$|¥|€|£))?\Z")
PREFIX_END = frozenset("币元金圆D B Y R P $¥€£₩₹ -+负正:\u200b".replace(" ", "")) | {" "}


class Prefix(NamedTuple):
    """What stands before a numeral and belongs to it: where it begins, its sign, its currency and how that was written."""

    start: int
    sign: int
    currency: str | None
    word: str


def prefix(folded: str, low: int, at: int) -> Prefix:
    """The sign and currency before the numeral at `at`, not looking before `low`."""
    if at <= low or folded[at - 1] not in PREFIX_END:
        return Prefix(at, 0, None, "")
    base = max(low, at - 7)
    match = _PREFIX.search(folded, base, at)
    if match is None or match.start() == at or not match[0].strip():
        return Prefix(at, 0, None, "")
    sign = 0 if not match["s"] else -1 if match["s"] in "-负" else 1
    word = match["c"] or match["c2"] or ""
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return Prefix(start, sign, PREFIXES.get(word), word)
