"""What the notebook shows of a text that anybody may have written."""

from __future__ import annotations

from quantshark.lab import pages
from quantshark.model import Verdict

TEXT = "[南向资金净卖出52.87亿港元](https://a.example/News/d1)，恒指<b>跌</b>0.04%。"


def verdict(surface: str, status: str) -> Verdict:
    start = TEXT.index(surface)
    return Verdict(start, start + len(surface), surface, status, "", "说明<1>")  # type: ignore[arg-type]


def test_figures_wear_their_colour_and_links_are_left_out() -> None:
    page = pages.coloured(TEXT, [verdict("0.04%", "refuted"), verdict("52.87亿港元", "supported")])
    assert "https://" not in page
    assert "](" not in page
    assert page.startswith('南向资金净卖出<mark class="fig" style="border-color:#1a7f37;color:#1a7f37"')
    assert '<mark class="fig bad"' in page
    assert "恒指&lt;b&gt;跌&lt;/b&gt;" in page
    assert "说明&lt;1&gt;" in page


def test_an_exempt_numeral_is_plain_text() -> None:
    assert "<mark" not in pages.coloured(TEXT, [verdict("0.04%", "exempt")])


def test_changes_mark_what_came_and_what_went() -> None:
    page = pages.changes("资金流出。指数回落。", "资金流出。指数走高。")
    assert "资金流出。<del>指数回落。</del><ins>指数走高。</ins>" in page
    assert "<ins>" not in pages.changes("一样。", "一样。").partition("</style>")[2]
