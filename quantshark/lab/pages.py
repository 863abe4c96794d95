"""What a notebook shows: drafts with their figures coloured, differences marked, intervals as a chart. Plain HTML and SVG.

Everything a model wrote is escaped; nothing here runs a script or loads from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from html import escape

from quantshark.lab.comparing import Comparison, Row
from quantshark.lab.statistics import Difference
from quantshark.lab.trials import Trial
from quantshark.model import Verdict

COLOURS = {
    "supported": "#1a7f37",
    "derived": "#0969da",
    "exempt": "#6e7781",
    "refuted": "#cf222e",
    "unsourced": "#9a6700",
    "unread": "#8250df",
}
NAMES = {
    "supported": "有据",
    "derived": "推算",
    "exempt": "不核对",
    "refuted": "不符",
    "unsourced": "无据",
    "unread": "读不出",
}
STYLE = """<style>
.lab {font: 15px/1.75 "Noto Serif CJK SC", "Songti SC", serif; color: #1f2328; background: #fff}
.lab .pair {display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 20px}
.lab .draft {border: 1px solid #d0d7de; border-radius: 6px; padding: 12px 16px; white-space: pre-wrap; overflow-wrap: anywhere}
.lab h4 {margin: 0 0 8px; font: 600 14px/1.4 "Noto Sans CJK SC", sans-serif}
.lab mark.fig {background: none; color: inherit; border-bottom: 2px solid; font-weight: 600}
.lab mark.fig.bad {background: #ffebe9}
.lab ins {background: #dafbe1; text-decoration: none}
.lab del {background: #ffebe9; text-decoration: line-through}
.lab .key span {margin-right: 14px; font-size: 13px}
.lab .figure {font-weight: 600}
.lab table {border-collapse: collapse; font-size: 14px}
.lab td, .lab th {padding: 4px 12px; border-bottom: 1px solid #d8dee4; text-align: left; white-space: nowrap}
.lab td.n {text-align: right; font-variant-numeric: tabular-nums}
.lab .won {color: #1a7f37; font-weight: 600}
.lab .none {color: #6e7781}
@media (prefers-color-scheme: dark) {.lab {color: #e6edf3; background: #0d1117} .lab .draft {border-color: #30363d}
 .lab ins {background: #12361f} .lab del, .lab mark.fig.bad {background: #4b1a1a} .lab td, .lab th {border-color: #30363d}}
</style>"""

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_BREAK = re.compile(r"(?<=[。；，、|\n])")


def coloured(text: str, verdicts: Iterable[Verdict]) -> str:
    """A draft as text with each figure in its verdict's colour; links are left out, their words stay."""
    page = _Page(text)
    told, at = "", 0
    for verdict in sorted(verdicts, key=lambda found: (found.start, -found.end)):
        if verdict.start < at:
            continue
        told += page.said(at, verdict.start) + _figure(verdict, page.said(verdict.start, verdict.end))
        at = verdict.end
    return told + page.said(at, len(text))


class _Page:
    """A Markdown text without the brackets and addresses of its links, by places of the text as it is."""

    def __init__(self, text: str) -> None:
        self._text = text
        links = list(_LINK.finditer(text))
        self._hidden = {place for link in links for place in (link.start(), *range(link.end(1), link.end()))}

    def said(self, start: int, end: int) -> str:
        return escape("".join(self._text[at] for at in range(start, end) if at not in self._hidden))


def _figure(verdict: Verdict, said: str) -> str:
    if verdict.status == "exempt":
        return said
    bad = " bad" if verdict.blocks else ""
    title = escape(f"{NAMES[verdict.status]}：{verdict.message}", quote=True)
    colour = COLOURS[verdict.status]
    return f'<mark class="fig{bad}" style="border-color:{colour};color:{colour}" title="{title}">{said}</mark>'


def key() -> str:
    """What the colours mean."""
    shown = "".join(f'<span style="color:{COLOURS[status]}">■ {NAMES[status]}</span>' for status in COLOURS)
    return f'<div class="lab key">{shown}</div>'


def side_by_side(first: Trial, second: Trial, *, blind: bool = False) -> str:
    """Two drafts with their figures coloured; `blind` hides whose they are."""
    heads = ("甲", "乙") if blind else (_head(first), _head(second))
    drafts = "".join(
        f'<div class="draft"><h4>{head}</h4>{coloured(trial.text, trial.verdicts)}</div>'
        for head, trial in zip(heads, (first, second), strict=True)
    )
    return f'{STYLE}<div class="lab">{key()}<div class="pair">{drafts}</div></div>'


def _head(trial: Trial) -> str:
    writers = "、".join(dict.fromkeys(trial.writers.values()))
    return escape(f"{trial.contender} · {trial.cell.day} {trial.cell.section} · {writers or '没有写出'}")


def changes(first: str, second: str) -> str:
    """The second text with what it adds and what it leaves out, clause by clause."""
    one, other = (_BREAK.split(_LINK.sub(r"\1", text)) for text in (first, second))
    told = ""
    for op, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if op == "equal":
            told += escape("".join(one[a:b]))
            continue
        if gone := "".join(one[a:b]):
            told += f"<del>{escape(gone)}</del>"
        if come := "".join(other[c:d]):
            told += f"<ins>{escape(come)}</ins>"
    return f'{STYLE}<div class="lab"><div class="draft">{told}</div></div>'


def table(comparison: Comparison) -> str:
    """Every measure of two contenders with the interval of its difference, and what it says."""
    heads = "".join(
        f"<th>{escape(head)}</th>" for head in ("", comparison.first, comparison.second, "差（95% 区间）", "结论")
    )
    body = "".join(_row(row) for row in comparison.rows)
    warned = "".join(f"<p>⚠️ {escape(said)}</p>" for said in comparison.warnings)
    verdict = f"<p><b>{escape(comparison.why)}</b></p>"
    return f'{STYLE}<div class="lab">{verdict}{warned}<table><tr>{heads}</tr>{body}</table></div>'


def _row(row: Row) -> str:
    name = f"<b>{escape(row.measure.hans)}</b>" if row.measure.decides else escape(row.measure.hans)
    numbers = "".join(
        f'<td class="n">{said}</td>' for said in (row.measure.told(row.first), row.measure.told(row.second))
    )
    style = "won" if row.better else "none"
    return f'<tr><td>{name}</td>{numbers}<td class="n">{escape(row.told)}</td><td class="{style}">{escape(row.says)}</td></tr>'


WIDTH, LEFT, ROW = 760, 190, 26


def chart(comparison: Comparison) -> str:
    """The intervals of what has a better side, each on its own scale: right of the middle the second contender is better."""
    found = [(row, row.difference) for row in comparison.rows if row.measure.better != "neither" and row.difference]
    shown = [(row, difference) for row, difference in found if abs(difference.low) != float("inf")]
    if not shown:
        return ""
    lines = "".join(_bar(place, row, difference) for place, (row, difference) in enumerate(shown))
    height = ROW * len(shown) + 40
    middle = LEFT + (WIDTH - LEFT) / 2
    axis = f'<line x1="{middle}" x2="{middle}" y1="8" y2="{height - 28}" stroke="currentColor" stroke-dasharray="3 3"/>'
    ends = (
        f'<text x="{LEFT}" y="{height - 8}" font-size="12" fill="currentColor">← {escape(comparison.first)} 较好</text>'
        f'<text x="{WIDTH}" y="{height - 8}" font-size="12" fill="currentColor" text-anchor="end">{escape(comparison.second)} 较好 →</text>'
    )
    told = f"{comparison.second}与{comparison.first}的差，{len(shown)} 项指标的区间"
    return (
        f'{STYLE}<div class="lab"><svg role="img" aria-label="{escape(told, quote=True)}" viewBox="0 0 {WIDTH} {height}" '
        f'width="100%" style="max-width:{WIDTH}px">{axis}{lines}{ends}</svg></div>'
    )


def _bar(place: int, row: Row, difference: Difference) -> str:
    sign = 1 if row.measure.better == "more" else -1
    low, high = sorted((sign * difference.low, sign * difference.high))
    mean = sign * difference.mean
    reach = max(abs(low), abs(high), 1e-9)
    y = 20 + ROW * place
    low_x, mean_x, high_x = (_x(value / reach) for value in (low, mean, high))
    colour = COLOURS["supported"] if row.better else COLOURS["exempt"]
    weight = "600" if row.measure.decides else "400"
    return (
        f'<text x="0" y="{y + 5}" font-size="13" font-weight="{weight}" fill="currentColor">{escape(row.measure.hans)}</text>'
        f'<line x1="{low_x:.1f}" x2="{high_x:.1f}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3" stroke-linecap="round"/>'
        f'<circle cx="{mean_x:.1f}" cy="{y}" r="5" fill="{colour}"><title>{escape(row.told)}</title></circle>'
    )


def _x(share: float) -> float:
    """A place on the chart for a value between -1 and 1."""
    half = (WIDTH - LEFT) / 2
    return LEFT + half + share * (half - 16)


def summary(trials: Sequence[Trial]) -> str:
    """How many trials, tokens and seconds, in a line."""
    tokens = sum(trial.usage.tokens_in + trial.usage.tokens_out for trial in trials)
    return f"{len(trials)} 次试写，{tokens:,} 词元，模型用时 {sum(trial.usage.seconds for trial in trials):,.0f} 秒"
