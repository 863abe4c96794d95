"""May this be said at all? (合规)

Not part of `check`, which judges figures on sources alone: these are rules of our own editions. Promises of profit, words
of the workshop (f3, JSON), leftovers of templates, orders to buy or sell where an edition only observes, a target price
that nobody is named for, and what contradicts the reviewed glossary block a release. The risk text that every edition prints may name what it denies.

PASS  南向资金净买入，观察能否延续。
PASS  高盛给予腾讯控股目标价700港元。
FAIL  腾讯控股目标价700港元。
FAIL  作为AI，我认为可以观察。
PASS  本报告不构成任何投资建议，不承诺收益，也不存在保本。
FAIL  这只股票后市必涨。
FAIL  稳赚不赔的机会来了。
FAIL  南向资金[f3]净买入。
FAIL  南向资金{{ flow }}净买入。
FAIL  南向资金净买入None亿港元。
FAIL  南向资金净卖出，说明国际投资者在减仓。
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from quantshark.lexicon import page
from quantshark.lexicon.script import fold
from quantshark.model import Concept, Verdict

_PROMISE = re.compile(
    r"稳赚|必涨|必跌|包赚|保赚|稳涨|必赚|只涨不跌|稳拿|包回本|保证回本|内幕消息|保本|保收益|保证收益|零风险|无风险套利|只赚不赔|稳赢|躺赚|翻倍可期|闭眼买|一定会涨|肯定会涨|百分之?百(?:上涨|盈利)"
)
_DENIED = re.compile(r"(?:不|非|没有|未|勿|莫|禁止|杜绝|不得|不存在|不承诺)[^，。；！？]{0,8}$")
_WORKSHOP = re.compile(
    r"[\[{（(【]\s*[fsdt]\d{1,3}(?::\w+)?\s*[\]}）)】]|(?<![A-Za-z])(?:JSON|prompt|提示词|system prompt|schema)(?![A-Za-z])"
    r"|作为(?:一个|一名|一款)?(?:AI|人工智能|大?语言模型)(?:助手|模型)?[，,我]|可引用的编号|初稿：",
    re.IGNORECASE,
)
_LEFTOVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|(?<![A-Za-z])(?:None|NaN|nan|null|NULL|undefined|TODO|FIXME|TBD|lorem ipsum)(?![A-Za-z])"
)
_TARGET = re.compile(r"目标(?:价|位)")
_SAID_BY = re.compile(
    r"证券|银行|高盛|摩根|大摩|小摩|花旗|瑞银|中金|汇丰|野村|里昂|杰富瑞|美银|巴克莱|机构|券商|投行|研报|资本|分析师"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+")


def check(report: str, concepts: Sequence[Concept] = (), forbidden: Iterable[str] = ()) -> Iterator[Verdict]:
    """What of a report may not be said; `concepts` is the glossary, `forbidden` the words that its edition does without."""
    opened = page.open_page(report)
    seen = opened.visible
    yield from _found(seen, _PROMISE, "promise", "“{}”是对收益的承诺，任何报告都不能写。", denied=True)
    yield from _found(seen, _WORKSHOP, "workshop", "“{}”是编写过程里的记号，不该出现在成品里。")
    yield from _found(seen, _LEFTOVER, "leftover", "“{}”是没有填好的模板或缺失的值。")
    yield from _targets(seen)
    words = [word for word in forbidden if word]
    if words:
        either = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
        own = _without_links(opened)  # 控股股东增持 in a quoted headline is news, not advice
        yield from _found(own, either, "advice", "“{}”是买卖指令，本报告只作观察。", denied=True)
    yield from _against(seen, concepts)


def _targets(text: str) -> Iterator[Verdict]:
    """A target price belongs to whoever set it, and a reader must be told who."""
    folded = fold(text)
    for sentence in _SENTENCE.finditer(folded):
        found = _TARGET.search(sentence[0])
        if found and not _SAID_BY.search(sentence[0]) and not _DENIED.search(sentence[0], 0, found.start()):
            start, end = sentence.start() + found.start(), sentence.start() + found.end()
            yield Verdict(start, end, text[start:end], "refuted", "target", "目标价没有写明是哪一家机构给的。")


def _without_links(opened: page.Page) -> str:
    text = opened.visible
    for link in opened.links:
        text = text[: link.start] + page.HIDDEN * (link.end - link.start) + text[link.end :]
    return text


def _found(
    text: str, pattern: re.Pattern[str], reason: str, message: str, *, denied: bool = False
) -> Iterator[Verdict]:
    for match in pattern.finditer(text):
        if denied and _DENIED.search(text, max(0, match.start() - 16), match.start()):
            continue
        yield Verdict(match.start(), match.end(), match[0], "refuted", reason, message.format(match[0]))


def _against(text: str, concepts: Sequence[Concept]) -> Iterator[Verdict]:
    """Sentences that say of a term what the glossary rules out."""
    rules = _rules(tuple((rule.pattern, rule.message) for concept in concepts for rule in concept.contradicts))
    folded = fold(text)
    for sentence in _SENTENCE.finditer(folded):
        for pattern, message in rules:
            found = pattern.search(sentence[0])
            if found:
                start = sentence.start() + found.start()
                end = sentence.start() + found.end()
                yield Verdict(start, end, text[start:end], "refuted", "glossary", message)


@lru_cache(maxsize=4)
def _rules(told: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), message) for pattern, message in told)
