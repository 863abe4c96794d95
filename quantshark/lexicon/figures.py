"""The figure reader: every number of a Chinese market text, with its span, value, unit, hedge and direction.

`find_figures` reads left to right once. Every decimal digit of any script lies in the span of some figure: numerals that
are names (codes, products, list markers) come back with `exempt`, and a numeral that nobody can read comes back as kind
`unread`. It never raises and its cost grows with the length of the text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from quantshark.lexicon import dates, identifiers, signs
from quantshark.lexicon.numerals import fold
from quantshark.lexicon.quantities import NO_UNIT, PREFIX_END, Prefix, Quantity, prefix, read
from quantshark.lexicon.units import Unit
from quantshark.model import Figure

_CHINESE = "〇零一二三四五六七八九十百千万亿两廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟"
_START = re.compile("[0-9" + _CHINESE + "半翻腰减过榜对倍" + "".join(sorted(dates.WORD_FIRST)) + "]")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_NUMERALS = frozenset(_CHINESE)


def find_figures(text: str) -> list[Figure]:
    """All figures of `text`, sorted by place, never overlapping."""
    return _Reader(text).read()


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.size = len(text)
        self.out: list[Figure] = []
        self.low = 0  # nothing before this place may be read again
        self.bound = 0  # end of the last figure that is no date: words of direction before it belong to it
        self.skips = identifiers.addresses(self.folded)

    def read(self) -> list[Figure]:
        at, skip = 0, 0
        search, folded = _START.search, self.folded
        while hit := search(folded, at):
            place = hit.start()
            while skip < len(self.skips) and self.skips[skip].end <= place:
                skip += 1
            if skip < len(self.skips) and self.skips[skip].start <= place:
                name = self.skips[skip]
                self.exempt(max(name.start, self.low), name.end, name.reason)
                at = name.end
                continue
            at = self.digits(place) if folded[place] <= "9" else self.chinese(place)
        return self.out

    # ---------------------------------------------------------------------------------------------- results
    def exempt(self, start: int, end: int, reason: str, kind: str = "name") -> int:
        self.out.append(Figure(start, end, self.text[start:end], kind, exempt=reason))
        self.low = self.bound = end
        return end

    def date(self, start: int, end: int, kind: str = "date", reason: str | None = None) -> int:
        self.out.append(Figure(start, end, self.text[start:end], kind, exempt=reason))
        self.low = end
        return end

    def unread(self, start: int, end: int) -> int:
        self.out.append(Figure(start, end, self.text[start:end], "unread"))
        self.low = self.bound = end
        return end

    # ---------------------------------------------------------------------------------------------- arabic
    def digits(self, at: int) -> int:
        folded, low = self.folded, self.low
        before = folded[at - 1] if at > low else ""
        if before in _LETTERS or (before in "-+._" and at - 2 >= low and folded[at - 2] in _LETTERS):
            if end := self.glued(at):
                return end
        end = _after_digits(folded, at)
        after = folded[end] if end < self.size else ""
        if after in _DATE_TRIGGER or end - at == 8:
            if done := self.dated(at):
                return done
        quantity = read(folded, at)
        if quantity is None:
            return self.too_long(at)
        if quantity.unit is NO_UNIT and (done := self.named(at, quantity)):
            return done
        return self.quantity(at, quantity)

    def too_long(self, at: int) -> int:
        end = _TOKEN.match(self.folded, at).end()  # type: ignore[union-attr]
        if end - at > 40:
            return self.exempt(at, end, "id")
        return self.unread(at, end)

    def glued(self, at: int) -> int:
        """Digits that touch a Latin word: Q3, H200, T+0, RMB100, CPI2.1%."""
        folded = self.folded
        start = at
        while start > self.low and (folded[start - 1] in _LETTERS or folded[start - 1] in "0123456789-+._&"):
            start -= 1
        word_start = at
        while word_start > start and folded[word_start - 1] in _LETTERS:
            word_start -= 1
        if match := dates.LATIN_DATE.match(folded, word_start):
            return self.date(word_start, match.end())
        word = folded[word_start:at]
        if word in _MONEY_WORDS:
            return 0
        if match := _RANKED.fullmatch(folded[start:at]):
            quantity = read(folded, at)
            if quantity is not None:
                return self.add(Prefix(start, 0, None, ""), quantity._replace(unit=Unit(None, "rank")), at)
        quantity = read(folded, at)
        if (
            quantity is not None
            and quantity.unit is not NO_UNIT
            and quantity.word not in _MODEL_UNITS
            and len(word) > 1
            and not quantity.word.isascii() | (quantity.word == "%")
        ):
            return 0
        end = _TOKEN.match(folded, at).end()  # type: ignore[union-attr]
        reason = "term" if "+" in folded[start:at] else "version" if _VERSION.fullmatch(folded[start:end]) else "name"
        if identifiers.CODE.match(folded, word_start):
            reason = "code"
        return self.exempt(start, end, reason)

    def named(self, at: int, quantity: Quantity) -> int:
        """Bare digits that are a code, a list marker, a product or an index; 0 where they are a number."""
        folded, end = self.folded, quantity.end
        before = folded[at - 1] if at > self.low else ""
        after = folded[end] if end < self.size else ""
        if match := identifiers.CODE.match(folded, at):
            return self.exempt(at, match.end(), "code")
        if quantity.scale != 1:
            return 0
        length = end - at
        if after in _MARKS and length <= 3 and self.marker(at, end, before):
            return self.exempt(at, end + 1, "list marker")
        if (after in _LETTERS or (after == "-" and folded[end + 1 : end + 2] in _LETTERS)) and after not in "xX":
            return self.exempt(at, _TOKEN.match(folded, at).end(), "name")  # type: ignore[union-attr]
        if after == "." and folded[end + 1 : end + 2] in _DIGITS:
            return self.exempt(at, _TOKEN.match(folded, at).end(), "version")  # type: ignore[union-attr]
        if "." in folded[at:end]:
            return 0
        if before in "((" and after == ")" and 4 <= length <= 6:
            return self.exempt(at, end, "code")
        if identifiers.index(folded, self.low, at, end):
            return self.exempt(at, end, "index")
        if length > 12 or (folded[at] == "0" and length > 1):
            return self.exempt(at, end, "id" if length > 4 else "name")
        if length <= 4 and "\u4e00" <= before <= "\u9fff" and before not in _BEFORE_NUMBER and after not in "-~—–至到:":
            return self.exempt(at, end, "name")
        if before == " " and at - 2 >= self.low and folded[at - 2] in _LETTERS:
            return self.exempt(at, end, "name")
        return 0

    def marker(self, at: int, end: int, before: str) -> bool:
        if self.folded[end + 1 : end + 2] in _DIGITS and self.folded[end] == ".":
            return False
        if before in _SENTENCE_END or before == "":
            return True
        line = self.folded[max(0, at - 14, self.low) : at]
        return bool(_LINE_HEAD.search(line)) and (at - len(line) == 0 or "\n" in line)

    # ---------------------------------------------------------------------------------------------- dates
    def dated(self, at: int) -> int:
        match = dates.DATE.match(self.folded, at)
        if match is None:
            return 0
        kind, end = match.lastgroup, match.end()
        if kind in {"iso", "year", "quarter", "month", "compact"}:
            return self.date(self.first(at), end)
        if kind == "clock":
            return self.clock(at, end)
        if kind == "slash":
            return self.date(at, end) if dates.is_day(self.folded, at, end) else 0
        return self.day(at, end)

    def first(self, at: int) -> int:
        """前三季度, 第三季度: the word before the numeral belongs to the date."""
        return at - 1 if at > self.low and self.folded[at - 1] in "前第首" else at

    def day(self, at: int, end: int) -> int:
        folded = self.folded
        if _LASTS_BEFORE.search(folded[max(self.low, at - 4) : at]) or _LASTS_AFTER.match(folded, end):
            return 0
        return self.date(at, end)

    def clock(self, at: int, end: int) -> int:
        if ":" in self.folded[at:end] and _RATIO_BEFORE.search(self.folded[max(self.low, at - 5) : at]):
            return 0
        start = self.part_of_day(at)
        return self.date(start, end, "time")

    def part_of_day(self, at: int) -> int:
        match = _PART_OF_DAY.search(self.folded, max(self.low, at - 4), at)
        return match.start() if match else at

    # ---------------------------------------------------------------------------------------------- chinese
    def chinese(self, at: int) -> int:
        folded = self.folded
        if match := _WORD.match(folded, at):
            return self.word(match, at)
        if match := dates.WORDS.match(folded, at):
            return self.date(at, match.end(), reason="calendar word")
        if folded[at] not in _NUMERALS:
            return at + 1
        if match := _IDIOM.match(folded, at):
            return match.end()
        following = folded[at + 1 : at + 2]
        if following not in _AFTER_NUMERAL and not self.alone(at, at + 1):
            return at + 1
        if following in "年月日号季时点" or folded[at] in "二十":
            match = dates.DATE.match(folded, at)
            if match and (done := self.chinese_date(at, match)):
                return done
        quantity = read(folded, at)
        if quantity is None:
            return _RUN.match(folded, at).end()  # type: ignore[union-attr]
        return self.chinese_quantity(at, quantity)

    def chinese_date(self, at: int, match: re.Match[str]) -> int:
        kind, end = match.lastgroup, match.end()
        if kind == "clock":
            return self.clock(at, end) if self.part_of_day(at) < at else 0
        if kind in {"year", "quarter"} or (kind == "month" and self.folded[at - 1 : at] != "个"):
            return self.date(self.first(at), end)
        return 0

    def chinese_quantity(self, at: int, quantity: Quantity) -> int:
        folded = self.folded
        length = quantity.end - at
        digits_only = all(c in "一二三四五六七八九两零〇" for c in folded[at : quantity.end])
        before = folded[at - 1 : at]
        if quantity.unit is NO_UNIT:
            if (
                before not in {"第", "前"}
                and (folded[at] in "万亿百千" or length == 1)
                and not self.alone(at, quantity.end)
            ):
                return quantity.end
            if digits_only and length > 1 and identifiers.index(folded, self.low, at, quantity.end, "50"):
                return self.exempt(at, quantity.end, "index")
        elif (
            folded[at] == "一"
            and folded[at + 1 : at + 2] not in _NUMERALS
            and quantity.unit.kind == "count"
            and before not in {"第", "前", "仅"}
        ):
            return self.add(Prefix(at, 0, None, ""), quantity, at, "article")
        elif folded[at] in "万亿" and quantity.unit.kind == "count":
            return quantity.end
        return self.quantity(at, quantity)

    def alone(self, at: int, end: int) -> bool:
        """Does a numeral stand by itself, between signs, or after a hedge? Then it is a number and no part of a word."""
        before, after = self.folded[at - 1 : at], self.folded[end : end + 1]
        return (
            not ("\u4e00" <= before <= "\u9fff" or "\u4e00" <= after <= "\u9fff")
            or signs.hedge_before(self.folded, self.low, at) is not None
            and not "\u4e00" <= after <= "\u9fff"
        )

    def word(self, match: re.Match[str], at: int) -> int:
        """翻倍, 腰斩, 一半, 榜首: a number that is a word."""
        value, unit, kind, direction, hedge = _WORD_VALUES[match.lastgroup or ""]
        hedge = hedge or signs.hedge_before(self.folded, self.low, at)
        direction = direction or signs.direction_before(self.folded, self.bound, at)
        end = match.end()
        self.out.append(Figure(at, end, self.text[at:end], kind, Decimal(value), None, unit, None, hedge, direction))
        self.low = self.bound = end
        return end

    # ---------------------------------------------------------------------------------------------- quantities
    def quantity(self, at: int, quantity: Quantity) -> int:
        before = (
            prefix(self.folded, self.low, at) if self.folded[at - 1 : at] in PREFIX_END else Prefix(at, 0, None, "")
        )
        return self.add(before, quantity, at)

    def add(self, before: Prefix, quantity: Quantity, at: int, exempt: str | None = None) -> int:
        folded = self.folded
        start, value, high, ulp, unit, end = (
            before.start,
            quantity.value,
            None,
            quantity.ulp,
            quantity.unit,
            quantity.end,
        )
        hedge = quantity.hedge
        kind, code = unit.kind, unit.code
        if before.sign and not self.signed(before):
            start = at
        elif before.sign < 0:
            value = -value
        if before.currency and (kind == "number" or (kind == "money" and code == "CNY")):
            if kind == "number" and quantity.scale == 1 and before.word not in _SYMBOL_WORDS:
                start = at
            else:
                kind, code = "money", before.currency
        if folded[end : end + 1] in _RANGE_SIGNS and (pair := self.range_end(at, quantity)):
            other, value2 = pair
            scale = (
                other.scale
                if quantity.scale == 1 and unit is NO_UNIT and quantity.value <= other.value / other.scale
                else Decimal(1)
            )
            worth = other.unit.worth or Decimal(1)
            if unit is NO_UNIT and other.unit is not NO_UNIT:
                value = value * scale * worth
                unit = other.unit
                if kind == "number":
                    kind, code = unit.kind, unit.code
            elif unit is NO_UNIT:
                value = value * scale
            high, end, ulp, quantity = value2, other.end, other.ulp, other
        if kind == "number" and quantity.scale >= 10000:
            kind = "money"
        start, end, kind, code = self.context(start, end, kind, code, value, quantity)
        if code == "个点":
            kind, code = ("index", "点") if abs(value) >= 100 else ("point", "pp")
        elif code == "番":
            value, code = Decimal(2) ** int(value) if value <= 20 else value, "倍"
        if kind == "time":
            return self.date(start, end, "time")
        if quantity.per or (kind == "money" and _EACH.search(folded, max(self.bound, start - 12), start)):
            kind = "price" if kind == "money" else kind
        if start > self.low and hedge is None and kind not in {"streak", "rank"}:
            hedge = signs.hedge_before(folded, self.low, start)
            if hedge == "under" and kind == "duration" and folded[start - 1] == "近":
                hedge = None
        if hedge is None and end < self.size:
            hedge = signs.hedge_after(folded, end)
        direction = self.direction(start, end, kind, code, before.sign, exempt)
        self.out.append(
            Figure(start, end, self.text[start:end], kind, value, high, code, ulp, hedge, direction, exempt)
        )
        self.low = self.bound = end
        return end

    def signed(self, before: Prefix) -> bool:
        """Is the sign before a numeral its sign? Not where it joins words or figures."""
        char = self.folded[before.start]
        if char in "负正":
            return char == "负"
        previous = self.folded[before.start - 1 : before.start]
        if previous in _LETTERS or previous in _DIGITS:
            return False
        if self.out and self.out[-1].end == before.start:
            return self.out[-1].kind in {"date", "time"}
        return self.folded[before.start + 1 : before.start + 2] != " "

    def range_end(self, at: int, first: Quantity) -> tuple[Quantity, Decimal] | None:
        folded = self.folded
        match = _RANGE.match(folded, first.end)
        if match is None or match.end() >= self.size:
            return None
        place = match.end()
        if folded[place] not in _DIGITS and folded[place] not in _NUMERALS:
            return None
        if folded[place] in _DIGITS and _after_digits(folded, place) - place == 4 and dates.DATE.match(folded, place):
            return None
        other = read(folded, place)
        if other is None or (other.unit.kind == "duration" and first.unit.kind not in {"duration", "number"}):
            return None
        if first.unit is not NO_UNIT and (other.unit.code != first.unit.code):
            return None
        negative = match["sign"] in {"-", "负"}
        value = -other.value if negative else other.value
        if first.unit is NO_UNIT and other.unit is NO_UNIT and match["bar"] in {"-", "—", "–"} and value <= first.value:
            return None
        if (
            match["bar"] in {"至", "到"}
            and _FROM.search(folded[max(self.low, at - 2) : at])
            and not _ANY.match(folded, other.end)
        ):
            return None
        return other, value

    def context(
        self, start: int, end: int, kind: str, code: str | None, value: Decimal, quantity: Quantity
    ) -> tuple[int, int, str, str | None]:
        """What the characters that touch a figure make of it: 第四大, 前三, 连续11日, 14连升, 下午两点."""
        folded = self.folded
        before = folded[start - 1] if start > self.low else ""
        if before == "第":
            start -= 1
            if kind == "duration":
                return start, end, "streak", code
            end += folded[end : end + 1] in "大名位" if kind == "number" else 0
            return start, end, "rank", code if code not in {"名", "位"} else None
        if (
            before == "前"
            and kind in {"number", "count"}
            and folded[start - 2 : start - 1] not in _NOT_FRONT
            and code in {None, "名", "位", "家", "只"}
        ):
            end += folded[end : end + 1] in "大强甲位名" if kind == "number" else 0
            return start - 1, end, "rank", None
        if before in "续连" and before and (kind == "duration" or code in {"次", "板", "场", "期", "届"}):
            return start, end, "streak", code
        if folded[end : end + 1] == "连" and kind in {"number", "duration"} and (match := _RUNS.match(folded, end)):
            return start, match.end(), "streak", "天" if kind == "number" else code
        if (
            kind == "index"
            and code == "点"
            and value <= 24
            and quantity.scale == 1
            and (match := _PART_OF_DAY.search(folded, max(self.low, start - 4), start))
        ):
            return match.start(), end, "time", None
        return start, end, kind, code

    def direction(self, start: int, end: int, kind: str, code: str | None, sign: int, exempt: str | None) -> int:
        if sign and kind in {"percent", "point", "money", "index", "number"}:
            return sign
        if exempt or kind == "rank":
            return 0
        if (
            self.out
            and (last := self.out[-1]).end >= start - 6
            and last.unit == code
            and last.kind == kind
            and signs.is_list(self.folded, last.end, start)
        ):
            return last.direction
        found = 0 if kind == "duration" else signs.direction_before(self.folded, self.bound, start)
        return found or signs.direction_after(self.folded, end, kind == "streak")


def _after_digits(folded: str, at: int) -> int:
    return _INT.match(folded, at).end()  # type: ignore[union-attr]


_INT = re.compile(r"\d+")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_.+/][A-Za-z0-9]+)*")
_VERSION = re.compile(r"(?:[A-Za-z]+-)?[vV]\d+(?:\.\d+)*")
_RUN = re.compile(f"[{_CHINESE}]+")
_DATE_TRIGGER = frozenset("年月日号时点:/-.~至到 QH财季EA—–、")
_MONEY_WORDS = frozenset(("RMB", "USD", "HKD", "CNY", "EUR", "JPY", "GBP", "CNH"))
_SYMBOL_WORDS = _MONEY_WORDS | frozenset("$¥€£₩₹") | {"US$", "HK$", "NT$", "S$", "A$", "C$", "HK¥"}
_MODEL_UNITS = frozenset("级 代 款 号 档 系列 部 个 期 次 架 点 层 日 年 届 批 型 项 台 行".split())
_RANKED = re.compile(r"(?:TOP|Top|top|No\.?|NO\.?|no\.)[ -]?")
_MARKS = frozenset(".、):]")
_SENTENCE_END = frozenset("。；;:：？！?!\n》】 ")
_LINE_HEAD = re.compile(r"(?:^|\n)[ >#*|·•(\[-]*(?:\*\*|__)?[(\[]?\Z")
_BEFORE_NUMBER = frozenset(
    "为是达至到约近超逾共有报收录得计第前后于在较比从由增减升跌涨降挫多少过破足仅每即及和与或但并又只剩余数率比值分均价列居排第满逢每需要合占了含除乘加减等以由不"
)
_LASTS_BEFORE = re.compile(
    r"(?:连续|连|近|过去|最近|未来|此前|之前|上市|历时|为期|持续|前|后|达|共|满|第|长达|逾|超|超过|约|每|仅|用时|耗时|间隔|再|需|停牌|经过)\Z"
)
_LASTS_AFTER = re.compile(
    r"内|期|均|线|移动|年化|平均|新高|新低|无理由|滚动|间|以上|以内|后将|游|[0-9一二三四五六七八九两]板|\d*连|逆回购|反弹|跌幅|涨幅|累计"
)
_RATIO_BEFORE = re.compile(r"(?:比例|比|按|拆|配|缩|率|赔率|杠杆)(?:为|是|约|达)?\Z")
_PART_OF_DAY = re.compile(
    r"(?:上午|下午|凌晨|早上|晚上|中午|傍晚|今早|清晨|午后|午间|深夜|晚间|夜间|晚|早|晨)(?:的|约|近)?\Z"
)
_RANGE_SIGNS = frozenset("-~—–至到 ")
_RANGE = re.compile(
    r" ?(?P<bar>-|~|—{1,2}|–|至|到) ?(?:约|近|逾|超过|少于|US\$|HK\$|\$|¥|€|人民币|港币)?(?P<sign>[-+负]?)"
)
_FROM = re.compile(r"[由从自]\Z")
_ANY = re.compile("不等|之间|区间|以内|左右|的区间")
_EACH = re.compile(
    r"每(?:股|桶|盎司|吨|公斤|千克|平方米|平米|单位|份|手|张|瓦|度|枚|辆|台|斤|呎|平方呎|加仑|磅|克|克拉|股的?价)[^，。；;\n\d]{0,8}\Z"
)
_NOT_FRONT = frozenset("目此之以年日月盘空赛提当先午节会天早跟眼面生史饭")
_RUNS = re.compile("连(?:升|涨|跌|阳|阴|板|胜|挫|降|增|冠|红|绿|亏)")
_AFTER_NUMERAL = frozenset(_CHINESE) | frozenset(
    "点 年月日号季时分成折倍个元港美欧日英韩加澳块家只款次名股手台辆艘架座栋条项种类批宗起份张件套部枚颗位人届轮期天周星小秒百基厘多余几来大强甲档桶吨米公平亩瓦兆千度支间所单处笔户口本倍半角毛仙克斤盎厘连台人新瑞英"
)
_IDIOM = re.compile("一带一路")
_WORD = re.compile(
    r"(?P<double>翻(?:了)?(?:一)?(?:倍|番)|倍增(?!长))|(?P<quad>翻(?:了)?两番)|(?P<eight>翻(?:了)?三番)|(?P<third>翻(?:了)?两倍)|(?P<cut>腰斩)|(?P<halve>减半)"
    r"|(?P<over>过半(?!导|年|月|天|日|小|个)|半数以上)|(?P<half>一半|半数|一半以上)|(?P<top>榜首|首位(?!次)|居首(?!位))"
)
_WORD_VALUES: dict[str, tuple[str, str | None, str, int, str | None]] = {
    "double": ("2", "倍", "multiple", 1, None), "quad": ("4", "倍", "multiple", 1, None), "eight": ("8", "倍", "multiple", 1, None), "third": ("2", "倍", "multiple", 1, None),
    "cut": ("0.5", "倍", "multiple", -1, None), "halve": ("0.5", "倍", "multiple", -1, None), "over": ("0.5", "倍", "multiple", 0, "over"),
    "half": ("0.5", "倍", "multiple", 0, None), "top": ("1", None, "rank", 0, None),
}  # fmt: skip
