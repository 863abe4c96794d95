"""`quantshark lab days`: which frozen days there are, what is in them, and whether they read today as they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantshark.cli.lab_book import Frozen, Json
from quantshark.cli.terminal import print_json, print_text, say

if TYPE_CHECKING:  # the lab is imported by the command that runs
    from quantshark.lab.frozen import FrozenDay


def days(*, frozen: Frozen = None, json: Json = False) -> None:
    """有哪些冻结日：报告、资料、事实、指纹，以及程序今天的措辞与冻结时是否相同。

    \b
    例：
      quantshark lab days
      quantshark lab days --frozen frozen --json
    """
    from quantshark.lab import office
    from quantshark.settings import load

    settings = load()
    found = office.find_days(settings, frozen or ())
    if json:
        print_json([_as_object(day) for day in found])
        return
    if not frozen:
        own = any(office.own_days(settings).glob("*"))
        say(f"{'自己冻结的日子' if own else '自带的日子'}，共 {len(found)} 天")
    for day in found:
        demo = "，含演示数据" if day.demo else ""
        print_text(
            f"{day.day}  {'、'.join(day.editions)}  资料 {len(day.documents)} 篇，事实 {len(day.fact_lines)} 条{demo}  {day.digest[:12]}"
        )
    if drifted := [str(day.day) for day in found if day.drifted]:
        say(reworded(drifted))


def reworded(drifted: list[str]) -> str:
    """What it means that days read otherwise today than when they were frozen."""
    return (
        f"{'、'.join(drifted)}：冻结之后程序的措辞有改动，资料与事实未变。同一次比较里各方所见相同，不受影响；"
        "与措辞改动之前的实验不能直接比，记录的回答可能对不上问题。要按今天的措辞：quantshark lab freeze"
    )


def _as_object(day: FrozenDay) -> dict[str, object]:
    return {
        "day": day.day,
        "editions": day.editions,
        "documents": len(day.documents),
        "facts": len(day.fact_lines),
        "demo": day.demo,
        "digest": day.digest,
        "reworded": day.drifted,
    }
