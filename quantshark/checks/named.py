"""Do names and codes agree? (名称有据)

A name with a code in brackets must be the name that registry or sources give that code.

FACT  财联社12月11日电，腾讯控股(00700.HK)今日回购104.4万股。
PASS  腾讯控股(00700.HK)回购104.4万股。
FAIL  腾讯控股(09988.HK)回购104.4万股。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quantshark.lexicon.clauses import Reading
from quantshark.lexicon.names import Names, listing
from quantshark.model import Verdict

_CODE = re.compile(r"\((?:[A-Z]{2,6}[:：])?(\d{4,6})(?:[.\-](HK|SH|SZ|BJ|SS))?\)")


def check(reading: Reading, names: Names) -> Iterator[Verdict]:
    """A refuted verdict for each code that is not its company's."""
    for name in reading.names:
        match = _CODE.match(reading.folded, name.end)
        if match is None or name.kind != "company":
            continue
        code = listing(match[1], match[2])
        if code not in name.codes:
            start, end = match.span(1)
            known = "、".join(c for c in name.codes if not c.startswith("~")) or "无代码"
            message = f"{name.text}的代码是{known}，不是{code}{_whose(code, names)}。"
            yield Verdict(start, end, reading.text[start:end], "refuted", "named", message)


def _whose(code: str, names: Names) -> str:
    entity = names.entities.get(code)
    return f"（{entity.hans}）" if entity else ""
