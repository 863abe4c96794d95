"""How does it read? Plain counts over Chinese prose: sentence length, words said again, worn-out phrases.

These are hints for an editor, not judgements: each is a number that a person can check by looking.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

LONG = 60
"""A sentence of more characters is hard to take in at once."""
GRAM = 5
"""So many Han characters in a row that come again are a repetition: shorter ones are names and terms."""

CLICHES = tuple(
    "值得注意的是 总的来说 总体而言 综上所述 综合来看 不容忽视 不可忽视 有望迎来 持续发力 强势来袭 拭目以待 众所周知 "
    "毋庸置疑 在此背景下 与此同时 可谓 一方面 另一方面 保驾护航 注入强心剂 注入新动能 新动能 赋能 抓手 闭环 "
    "备受关注 引发关注 引发热议 重磅 利好频出 前景广阔 未来可期 大有可为 积极影响 带来积极 产生积极 起到重要作用 "
    "具有重要意义 一定程度上 进一步推动 进一步提升 进一步增强 稳步推进 稳中向好".split()
)

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_MARKUP = re.compile(r"[*_#>`|]+|^\s*(?:[-+]|\d+[.、])\s+|^\s*:?-{3,}:?\s*$", re.MULTILINE)
_END = re.compile(r"[。！？；!?;\n|]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Prose:
    """`sentence` is the mean length in characters, `long` the share of long ones, `repeated` the share of Han
    characters that stand in a passage said before, `cliches` how many there are in a thousand characters.
    """

    characters: int
    sentence: float
    long: float
    repeated: float
    cliches: float
    worn: tuple[str, ...] = ()


def read(text: str) -> Prose:
    """The prose of a Markdown text: links by their words, cells as sentences, no markup."""
    plain = _plain(text)
    lengths = [len(said) for said in map(str.strip, _END.split(plain)) if _HAN.search(said)]
    characters = sum(lengths)
    worn = tuple(word for word in CLICHES for _ in range(plain.count(word)))
    return Prose(
        characters=characters,
        sentence=characters / len(lengths) if lengths else 0.0,
        long=sum(length > LONG for length in lengths) / len(lengths) if lengths else 0.0,
        repeated=_repeated(plain),
        cliches=1000 * len(worn) / characters if characters else 0.0,
        worn=worn,
    )


def _plain(text: str) -> str:
    told = _LINK.sub(r"\1", text)
    # A cell ends a thought as a full stop does.
    return _MARKUP.sub(lambda found: "\n" if "|" in found[0] else "", told)


def _repeated(text: str) -> float:
    """The share of Han characters that lie in a run which stands in the text more than once."""
    runs = _HAN.findall(text)
    grams = Counter(run[at : at + GRAM] for run in runs for at in range(len(run) - GRAM + 1))
    again = total = 0
    for run in runs:
        covered: set[int] = set()
        for at in range(len(run) - GRAM + 1):
            if grams[run[at : at + GRAM]] > 1:
                covered.update(range(at, at + GRAM))
        again += len(covered)
        total += len(run)
    return again / total if total else 0.0
