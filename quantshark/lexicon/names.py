"""Who a text is about: known names of companies, indices, channels and markets, and those the sources introduce.

`Names.load()` reads the registry; `learn` adds what documents teach by 名称(代码) or by the name and code columns of a
table. A learned name that no registry has gets a code of its own (`~沐曦股份`, or its listing code). Names are matched
in folded text, so one entry serves simplified, traditional and full-width spellings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from quantshark import data
from quantshark.lexicon.script import fold
from quantshark.lexicon.vocabulary import Vocabulary
from quantshark.model import Entity

# What makes another thing of a name that it follows: 恒指期货 is not 恒指, 科创50ETF is not 科创50.
COMPOUND = re.compile(
    r"(?:主力)?(?:ETF|LOF|REIT|期货|期指|夜期|夜盘|期权|概念|成分股|成份股|板块|产业链|波动率|连接基金|联接基金|一体机|转债|认股证|牛熊证|指数基金|专用席位|专用|席位)"
)
_BEFORE_CODE = re.compile(
    r"([A-Za-z0-9*·\u4e00-\u9fff][A-Za-z0-9*·\-& \u4e00-\u9fff]{0,18}?)"
    r"\((?:[^()]{0,12}[,，、:：])?(\d{6}|\d{5}|\d{4}|[A-Z]{1,5})(?:[.\-](HK|SH|SZ|BJ|SS|US|N|O|OQ))?\)"
)
_CODE = re.compile(r"(?<![\d.,A-Za-z])(\d{4,6})(?:\.(HK|SH|SZ|BJ|SS))?(?![\d.,]|[%万亿点元年月日股只家])")
# Four bare digits are a number of anything (2400多万, a plot 0001): a code only with its exchange or in brackets.
_FOUR = re.compile(r"(?<=\()\d{4}(?=\))|\d{4}\.HK|\d{5,6}(?:\.\w+)?")
_CLASS = re.compile(r"-(?:SW|S|W|B|P|R|U|UW)$")
_LEADING = re.compile(
    r"^.*(?:，|。|；|:|：|、|的|和|与|及|或|对|向|将|由|为|从|给予|其中|公司|发布|电|日讯|旗下|以及|控股股东|股东|获|购)(?=.{2,})"
)
_MARKET_BY_HEAD = {"6": "SH", "9": "SH", "0": "SZ", "3": "SZ", "2": "SZ", "4": "BJ", "8": "BJ"}


class Name(NamedTuple):
    """A name in a text: code points, the codes it may stand for, and its kind."""

    start: int
    end: int
    codes: tuple[str, ...]
    kind: str
    text: str


def listing(digits: str, exchange: str | None = None) -> str:
    """The registry's code of a listing: 00700 -> 0700.HK, 600519 -> 600519.SH."""
    if exchange == "SS":
        exchange = "SH"
    if exchange in ("N", "O", "OQ"):
        exchange = "US"
    if not digits.isdigit():
        return f"{digits}.{exchange or 'US'}"
    if len(digits) == 6 and exchange != "HK":
        return f"{digits}.{exchange or _MARKET_BY_HEAD.get(digits[0], 'SH')}"
    return f"{int(digits):04d}.{exchange or 'HK'}"


_SPACE = re.compile(r"\s+")
_BUSINESS = re.compile(r"(?:相关)?(?:业务|产品|服务|技术|应用|部门|分部)")


class Names:
    """Names by spelling; `find` gives them from left to right, the longest first."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities: dict[str, Entity] = {}
        self._words: Vocabulary[tuple[str, ...]] = Vocabulary()
        self._learned: dict[str, tuple[str, ...]] = {}
        self._introduced: dict[str, str] = {}
        entries: dict[str, tuple[str, ...]] = {}
        for entity in entities:
            self.entities[entity.code] = entity
            # a country is the subject of what is measured of it (CPI), not of every sentence that names it
            for name in spellings(entity) if entity.kind != "country" else ():
                known = entries.get(name, ())
                if entity.code not in known:
                    entries[name] = (*known, entity.code)
        self._words.add(entries)

    @classmethod
    def load(cls) -> Names:
        """The registry's names, ready to learn from a set of documents."""
        return _registry(data.load_entities(), data.load_traps()).copy()

    def copy(self) -> Names:
        other = Names(())
        other.entities = dict(self.entities)
        other._words = self._words.copy()
        other._learned = dict(self._learned)
        other._introduced = dict(self._introduced)
        return other

    def kind(self, code: str) -> str:
        entity = self.entities.get(code)
        return entity.kind if entity else "company"

    def title(self, code: str) -> str:
        """The name to print for a code."""
        entity = self.entities.get(code)
        return entity.hans if entity else code.lstrip("~")

    def knows(self, spelling: str) -> bool:
        return bool(self._words.get(fold(spelling)))

    def codes(self, spelling: str) -> tuple[str, ...]:
        """The codes that exactly this spelling stands for, a listing code included."""
        folded = fold(spelling).strip()
        found = self._words.get(folded)
        if found:
            return found
        match = _CODE.fullmatch(folded)
        return (listing(match[1], match[2]),) if match else ()

    def add(self, name: str, code: str | None = None) -> str:
        """Learn a name; the code it now stands for."""
        folded = fold(name).strip()
        known = self._words.get(folded)
        if known and (code is None or code in known):
            return known[0]
        if code is None:
            code = f"~{folded}"
        if code not in self.entities:
            self.entities[code] = Entity(code=code, kind="company", market=_market(code), hans=name.strip())
            self._introduced[code] = code.lstrip("~0").partition(".")[0]
        entries: dict[str, tuple[str, ...]] = {}
        for spelling in {folded, _CLASS.sub("", folded)}:
            # a listing beside the name decides what the name stands for in these documents
            if len(spelling) > 1 and (spelling == folded or spelling not in self._words):
                before = self._words.get(spelling) or ()
                entries[spelling] = (code, *(c for c in before if c != code))
        self._words.add(entries)
        self._learned |= entries
        return code

    def learned_in(self, text: str) -> tuple[object, ...]:
        """What was learned and may bear on a text: two sets of names that agree in it read the text alike.

        Rather too much than too little: spaces do not count, and a name that begins with a digit bears on every text
        (30年期 alone may stand for its yield).
        """
        told = _SPACE.sub("", fold(text))
        words = [(w, codes) for w, codes in self._learned.items() if w[0].isdigit() or _SPACE.sub("", w) in told]
        met = {code for _, codes in words for code in codes}
        signs = self._introduced.items()
        codes = ((c, self.entities[c]) for c, sign in signs if c in met or _SPACE.sub("", sign) in told)
        return (*words, *codes)

    def learn(self, text: str) -> None:
        """Learn the names that a text introduces by 名称(代码)."""
        for match in _BEFORE_CODE.finditer(fold(text)):
            name = _LEADING.sub("", match[1]).strip(" 【】")
            code = listing(match[2], match[3])
            # bare letters in brackets are mostly an abbreviation (净资产收益率(ROE)), a ticker where one is known
            told = match[3] or match[2].isdigit() or code in self.entities
            if told and len(name) > 1 and not name.isdigit():
                self.add(name, code)

    def skip(self, words: Iterable[str]) -> None:
        """Longer words in which short names hide (北京东, 报道指): they are found whole and stand for nobody."""
        self._words.add({fold(word): () for word in words if not self._words.get(fold(word))})

    def find(self, folded: str) -> Iterator[Name]:
        """Names in folded text. A name inside a compound (恒指期货) becomes the compound's own."""
        for word in self._words.find(folded):
            start, end, codes = word
            if not codes:
                continue
            after = COMPOUND.match(folded, end)
            if after is None and _cut(folded, start, end):
                continue
            if codes[0].startswith("~") and _BUSINESS.match(folded, end):
                continue  # 人工智能业务收入: what a company does, though a table has a row for the sector of that name
            if after is not None:
                text = folded[start : after.end()]
                yield Name(start, after.end(), (f"~{text}",), "compound", text)
            else:
                yield Name(start, end, codes, self.kind(codes[0]), folded[start:end])

    def find_codes(self, folded: str) -> Iterator[Name]:
        """Listing codes of known companies that stand in a text like a name (00700.HK, 600519)."""
        for match in _CODE.finditer(folded):
            code = listing(match[1], match[2])
            if code in self.entities and _FOUR.match(folded, match.start()):
                yield Name(match.start(), match.end(), (code,), self.kind(code), match[0])


def _cut(folded: str, start: int, end: int) -> bool:
    """Is a Latin name part of a longer Latin word?"""
    head, tail = folded[start], folded[end - 1]
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    return (_latin(head) and _latin(before)) or (_latin(tail) and _latin(after) and not after.isdigit())


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _market(code: str) -> str:
    return code.rpartition(".")[2] if "." in code and not code.startswith("~") else ""


def spellings(entity: Entity) -> set[str]:
    """Every folded spelling of an entity, the one without a share class suffix included."""
    names = {fold(name) for name in (entity.hans, entity.hant, *entity.aliases) if name}
    if entity.english and len(entity.english) > 2:
        names.add(fold(entity.english))
    names |= {_CLASS.sub("", name) for name in names}
    names |= {name.replace("(", "（").replace(")", "）") for name in ()}
    return {name for name in names if len(name) > 1}


@lru_cache(maxsize=2)
def _registry(entities: tuple[Entity, ...], traps: tuple[str, ...]) -> Names:
    names = Names(entities)
    names.skip(traps)
    return names
