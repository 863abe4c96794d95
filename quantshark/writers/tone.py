"""Does what a sentence makes of its facts agree with their sign?

净卖出52.87亿港元，港股流动性获得支持 has a right figure and a wrong sense. Words that praise or lament are held against
the signs of the facts beside them; a clause that asks, doubts or turns (能否, 若, 但) may say either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from quantshark.context import Context
from quantshark.context.wording import sign_of

GOOD = (
    "提振",
    "支持",
    "支撑",
    "利好",
    "走强",
    "回暖",
    "改善",
    "积极",
    "乐观",
    "看好",
    "偏暖",
    "信心增强",
    "流动性充裕",
    "受益",
)
BAD = (
    "承压",
    "走弱",
    "利空",
    "悲观",
    "拖累",
    "转弱",
    "恶化",
    "偏冷",
    "看淡",
    "恐慌",
    "受挫",
    "信心减弱",
    "信心不足",
    "消极",
)
SIGNED = frozenset({"net_flow", "change", "southbound_net_flow"})
"""Measures whose sign has one meaning for a holder; a falling cost or a rising inventory has not."""
_OPEN = re.compile(r"能否|是否|若|如果|一旦|但|不过|然而|尽管|虽|除非|可能|或|未必|不|未|缓解|缓和|扭转|收窄")
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")


def contradiction(text: str, refs: Iterable[str], context: Context) -> str:
    """In Chinese, what is contradicted; empty where nothing is, or where the facts point both ways."""
    signs = {sign_of(fact) for ref in refs if ref.startswith("f") and (fact := context.fact(ref)).measure in SIGNED}
    if len(signs) != 1 or 0 in signs:
        return ""
    wrong = BAD if 1 in signs else GOOD
    for clause in _CLAUSE.findall(text):
        word = next((word for word in wrong if word in clause), "")
        if word and not _OPEN.search(clause):
            way = "上升或流入" if 1 in signs else "下降或流出"
            return f"事实是{way}，却写成“{word}”"
    return ""
