"""The demonstration of `make report`: read the fixtures, write all five editions of a day, lay a small site down.

The same verbs as `quantshark ingest`, `draft` and `publish`, in one process because an interpreter takes a second to start.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path

from quantshark.newsroom import Assignment, Newsroom

EDITIONS = ("radar", "midday", "close", "scan", "theme")


def main(day: str, out: str) -> None:
    """Draft, release and publish; the first edition that is held ends it with what is missing."""
    newsroom, folder = Newsroom(), Path(out)
    done = newsroom.ingest([Path("fixtures")])
    print(f"资料 {len(done.intake.documents)} 篇，新增事实 {done.counts.facts} 条")
    for edition in EDITIONS:
        task = Assignment(edition, date.fromisoformat(day), writer="rules", out=folder)
        outcome = asyncio.run(newsroom.draft(task))
        if outcome.release is None:
            told = [*outcome.draft.held, *(verdict.message for verdict in outcome.verdicts if verdict.blocks)]
            sys.exit(f"{edition} 没有成为成品：{'；'.join(told)}")
        newsroom.publish(outcome.release.release_id, f"site:{folder / 'site'}")
        proved = sum(verdict.status in {"supported", "derived"} for verdict in outcome.verdicts)
        print(f"{outcome.release.release_id}：{proved} 个数字有据，{len(outcome.draft.plots)} 张图")
    print(f"用浏览器打开 {folder / 'site' / 'index.html'}；点任何一个数字或图里的一根柱，都能看到它的出处。")


if __name__ == "__main__":
    main(*sys.argv[1:])
