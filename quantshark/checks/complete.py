"""Has every numeral a verdict? (无一遗漏)

What a reader sees and nobody can read is unread, and blocks. Numerals in addresses, marks and names are not figures.

FACT  财联社12月11日电，腾讯控股今日回购104.4万股，参考编号20251211。
PASS  腾讯控股回购104.4万股，参见[公告](https://example.org/20251211/17)。
FAIL  腾讯控股回购104.4万股，另有88.8万股。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quantshark.lexicon.names import Names
from quantshark.lexicon.page import HIDDEN, Page
from quantshark.lexicon.script import fold
from quantshark.model import Verdict

DIGITS = re.compile(r"\d+")


def check(page: Page, names: Names, verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    """Numerals without a verdict: exempt where no reader sees them or a name holds them, unread elsewhere."""
    taken = {place for verdict in verdicts for place in range(verdict.start, verdict.end)}
    free = [m for m in DIGITS.finditer(page.text) if not any(place in taken for place in range(*m.span()))]
    if not free:
        return
    named = [(n.start, n.end) for n in names.find(fold(page.visible)) if DIGITS.search(n.text)]
    for match in free:
        start, end = match.span()
        if page.visible[start] == HIDDEN:
            yield Verdict(start, end, match[0], "exempt", "markup", "读者看不到的标记。")
        elif any(a < end and start < b for a, b in named):
            yield Verdict(start, end, match[0], "exempt", "name", "名称的一部分，不是市场数字。")
        else:
            yield Verdict(start, end, match[0], "unread", "unread", f"“{match[0]}”没有读出，无法核对。")
