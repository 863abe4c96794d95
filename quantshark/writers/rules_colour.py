"""What the day's closing reports say in words alone: 内银股走强，半导体股跟随隔夜海外同业走低.

It tells who moved and what with, where a figure only tells how far. A clause is quoted with its link, as the source said it,
and only where it is about a sector's or a group's move; what the report says with figures is told from facts elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quantshark.context import Story
from quantshark.context.tell import clean
from quantshark.editions import Tone
from quantshark.lexicon.figures import find_figures
from quantshark.model import SHANGHAI
from quantshark.writers.rules_lines import Pen, Told

LONGEST = 40
"""Characters of one clause of a source; a colour is no retelling."""
MOST = 2
"""Clauses of one report that stand together."""

_UP = re.compile(r"走强|走高|上涨|上扬|反弹|回升|回暖|拉升|活跃|领涨|居涨幅")
_DOWN = re.compile(r"走低|走弱|下跌|下挫|回落|领跌|受压|承压|居跌幅")
WAYS: tuple[tuple[Tone, re.Pattern[str]], ...] = (("good", _UP), ("bad", _DOWN))
_GROUP = re.compile(r"股|板块|概念|权重")
_PASSING = re.compile(r"早盘|午间|盘中|一度|现报|开盘|今日|昨日|明日|上周|本周|此前")
_POINTS_BACK = re.compile(r"^(?:其中|此外|同时|另外|该板块|其)")
_CLOSING = re.compile(r"收盘|收评|收市")


def colour_of(titles: Sequence[str], pen: Pen, about: str = "", tone: Tone | None = None) -> Told | None:
    """What a closing report of the session says of sectors, or of one that went one way; nothing that was told before."""
    for story in pen.context.stories:
        if not _is_close(story, titles, pen):
            continue
        key = (pen.section, f"colour:{story.document.doc_id}", about)
        fresh = [c for c, way in clauses(story.document.text) if about in c and tone in (None, way)]
        fresh = [clause for clause in fresh if clause not in pen.sentences][:MOST]
        if fresh and key not in pen.context.unsaid:
            pen.sentences.update(fresh)
            text = f"[{'，'.join(fresh)}]({pen.context.document_ref(story.document)})"
            pen.log.append((key, text))
            return Told(text, "calm", 0, line="colour")
    return None


def _is_close(story: Story, titles: Sequence[str], pen: Pen) -> bool:
    at, title = story.document.known_at, story.document.title
    return bool(
        at is not None
        and at.astimezone(SHANGHAI).date() == pen.context.session
        and _CLOSING.search(title)
        and any(word in title for word in titles)
    )


def clauses(text: str) -> Iterator[tuple[str, Tone]]:
    """Clauses about a group's move, and which way: no figure in them, no moment, nothing that points back."""
    for clause in re.split(r"[，,；;。！\n]", clean(text)):
        said = clause.strip()
        ways: list[Tone] = [tone for tone, words in WAYS if words.search(said)]
        if len(said) > LONGEST or len(ways) != 1 or not _GROUP.search(said):
            continue
        if _PASSING.search(said) or _POINTS_BACK.match(said):
            continue
        if not any(figure.exempt is None for figure in find_figures(said)):
            yield said, ways[0]


__all__ = ["clauses", "colour_of"]
