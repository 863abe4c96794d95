"""Does every strong word have a source? (用词有据)

新高, 新低, 首次, 纪录, 最大 and their like are claims without a numeral. A source must say the same of the same thing, over
the same span of time (历史新高 is not 年内新高).

FACT  南向资金今日净买入52.87亿港元，创年内新高。
PASS  南向资金净买入52.87亿港元，创年内新高。
FAIL  南向资金净买入52.87亿港元，创历史新高。
FACT  腾讯控股今日获净买入3.21亿港元。
PASS  腾讯控股获净买入3.21亿港元。
FAIL  腾讯控股获净买入3.21亿港元，为年内首次。
PASS  最大的风险：腾讯控股获净买入3.21亿港元之后能否延续。
PASS  最大的风险是资金转向，腾讯控股获净买入3.21亿港元。
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from quantshark.binder.match import coverage
from quantshark.lexicon.clauses import Claim, Reading, Token
from quantshark.lexicon.segments import between, starting
from quantshark.model import Verdict

_PLAIN = frozenset(
    {"最高", "最低", "最高水平", "最低水平", "峰值", "最好", "最差", "最快", "最慢", "最强", "最小", "最少"}
)
_WINDOW = re.compile(
    r"历史|史上|历来|历年|纪录|年内|今年以来|年初以来|上市以来|成立以来|月内|周内|盘中|阶段|近?[一二两三四五六七八九十\d]+(?:个)?(?:多)?(?:年|月|周|星期|交易日|日)"
    r"|(?:19|20)\d{2}年(?:\d{1,2}月)?(?:以来)?"
)
# 最大的机会, 最大的风险: the writer's weighing, which no series could prove or refute.
_WEIGHED = re.compile(r"的?(?:机会|风险|看点|变数|悬念|不确定性|挑战)")
_OF_SPAN = re.compile(r"(?:以来|来|内)?的?")
_SPANNED = re.compile(
    r"(?:为|是|创下?|系|刷新)(?:历史|史上|[本上当]?(?:年|月|周|季度?)内?|年初以来|今年以来|近?[一二两三四五六七八九十\d]+(?:个)?(?:年|月|周|交易日|日))(?:以来|来|内)?的?$"
)
_HEDGES = re.compile(r"[约近逾超达]{0,2}")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_EVER = re.compile(r"历来|历年|史上")
ENOUGH, HALF = 0.55, 0.5


class Statement(NamedTuple):
    """A sentence of a source that claims a record: what kind, its words, whom it names."""

    kinds: frozenset[str]
    words: str
    title: str
    names: frozenset[str]


def statements(reading: Reading, title: str) -> Iterator[Statement]:
    """The sentences of a source that claim a record of some kind."""
    for start, end in reading.sentences:
        told = starting(reading.tokens, (start, end))
        kinds = frozenset(token.meaning.value for token in told if token.meaning.kind == "record")
        if kinds:
            names = frozenset(code for name in starting(reading.names, (start, end)) for code in name.codes)
            yield Statement(kinds, reading.folded[start:end], title, names)


def check(reading: Reading, sources: Sequence[Statement], verdicts: Sequence[Verdict] = ()) -> Iterator[Verdict]:
    """A verdict for each strong word of the report; `verdicts` are those of its figures (近五日 may be proved by the days)."""
    proved = [verdict for verdict in verdicts if verdict.status == "derived" and verdict.reason == "record"]
    for token in reading.tokens:
        weighed = _WEIGHED.match(reading.folded, token.end)
        if token.meaning.kind != "record" or weighed or _bounds(token, reading):
            continue
        shown = next((v for v in proved if _OF_SPAN.fullmatch(reading.folded, v.end, token.start)), None)
        if shown is not None:
            surface = reading.text[token.start : token.end]
            yield Verdict(token.start, token.end, surface, "derived", "record", shown.message, shown.fact, shown.source)
        elif token.text not in _PLAIN or _over_a_span(token, reading):
            yield _judge(token, reading, sources)


def _over_a_span(token: Token, reading: Reading) -> bool:
    """为本周最高: a plain word is a strong one where a span of time heads it and no figure follows (年内最高20元)."""
    head = _SPANNED.search(reading.folded, max(0, token.start - 16), token.start)
    return head is not None and not any(f.start == token.end for f in reading.figures if f.exempt is None)


def _bounds(token: Token, reading: Reading) -> bool:
    """涉资最多56亿元: a bound of the figure behind it, which the figure's own verdict covers."""
    return token.text == "最多" and any(
        figure.hedge and _HEDGES.fullmatch(reading.folded, token.end, figure.start)
        for figure in reading.figures
        if figure.start >= token.end and figure.exempt is None
    )


def directions(claims: Sequence[Claim], verdicts: Sequence[Verdict], reading: Reading) -> Iterator[Verdict]:
    """The verb of a figure that is refuted for its direction is refuted too: 净买入 where the source says 净卖出."""
    for claim, verdict in zip(claims, verdicts, strict=True):
        if verdict.reason != "direction" or claim.table:
            continue
        near = [t for t in between(reading.tokens, (claim.clause[0], claim.start)) if t.meaning.kind == "dir"]
        if near:
            token = near[-1]
            surface = reading.text[token.start : token.end]
            yield Verdict(
                token.start, token.end, surface, "refuted", "direction", verdict.message, verdict.fact, verdict.source
            )


def _judge(token: Token, reading: Reading, sources: Sequence[Statement]) -> Verdict:
    surface = reading.text[token.start : token.end]
    if any(_says(token, reading, source) for source in sources):
        return Verdict(token.start, token.end, surface, "supported", "worded", "来源有同样的说法。")
    return Verdict(
        token.start, token.end, surface, "unsourced", "record", f"“{surface}”：没有来源这样说，也没有数列可以证明。"
    )


def _says(token: Token, reading: Reading, source: Statement) -> bool:
    text = _clause(token, reading)
    if not _same_kind(token, source) or not _windows_agree(token, reading, source):
        return False
    words = f"{source.words} {source.title}"
    start = next((a for a, b in reading.sentences if a <= token.start < b), token.start)
    if _repeats(token, start, reading, source):
        return True
    names = [n for n in reading.names if start <= n.start < token.end]
    if names and not any(set(n.codes) & source.names or n.text in words for n in names):
        return False
    blank = max(reading.folded.rfind(mark, start, token.start) for mark in (" ", "\u3000"))
    if not names and coverage(reading.folded[max(start, blank + 1) : token.end], words) < HALF:
        return False
    return coverage(text, words) >= ENOUGH


def _repeats(token: Token, start: int, reading: Reading, source: Statement) -> bool:
    """Are these the source's very words, from the figure before on? Whose figure that is, its own verdict tells."""
    before = [f.start for f in reading.figures if start <= f.start and f.end <= token.start and f.exempt is None]
    return bool(before) and reading.folded[before[-1] : token.end] in source.words


def _same_kind(token: Token, source: Statement) -> bool:
    kinds = {token.meaning.value} | ({"high", "low", "most", "first"} if token.meaning.value == "since" else set[str]())
    if token.meaning.value == "since":
        return token.text in source.words or token.text[2:] in source.words
    return bool(kinds & source.kinds) or ("since" in source.kinds and token.text[-2:] in source.words)


def _clause(token: Token, reading: Reading) -> str:
    """The words that the strong word is said of: its clause, or the one before where it is all there is."""
    head = reading.folded[max(0, token.start - 80) : token.start]
    pieces = re.split(r"[，；。：\n]|(?<![A-Za-z])\s+", head)
    own = pieces[-1]
    if len(own) < 5 and len(pieces) > 1:
        own = pieces[-2] + own
    tail = re.split(r"[，；。：\n\s]", reading.folded[token.end : token.end + 20])[0]
    return f"{own}{token.text}{tail}"


def _windows_agree(token: Token, reading: Reading, source: Statement) -> bool:
    """The span of time that the word is said to hold for must stand in the source too."""
    near = reading.folded[max(0, token.start - 10) : token.end]
    near = re.split(r"[，；。、]", near)[-1]
    told: Iterable[str] = _WINDOW.findall(near)
    return all(_plain(window) in _plain(source.words + source.title) for window in told)


def _plain(text: str) -> str:
    plain = _EVER.sub("历史", re.sub(r"[近个多]", "", text)).replace("星期", "周").replace("两", "二")
    return plain.translate(_DIGITS)
