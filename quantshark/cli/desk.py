"""Commands of the night desk: plan, run, worker, status."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from quantshark.cli.terminal import console, print_json, say
from quantshark.cli.words import day_of

if TYPE_CHECKING:  # the desk is imported by the command that runs
    from rich.table import Table

    from quantshark.desk.timetable import Pause, Slot

Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]
STATES = {"due": "", "ask": "待确认"}
WEEKDAYS = "一二三四五六日"

app = typer.Typer(
    name="desk",
    help="夜班台：按交易日历自动出稿、核对、发布，每期只发一次。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def plan(
    *,
    days: Annotated[int, typer.Option(min=1, max=400, help="往后看几天")] = 7,
    since: Annotated[str | None, typer.Option("--from", metavar="DAY", help="从哪一天看起，默认今天")] = None,
    json: Json = False,
) -> None:
    """往后几天每种报告何时出稿；半日市、休市、延迟开市都算在内，日历没公布的日子要人确认。

    \b
    工作文件夹里的 desk.yaml 可以改时间、关掉某种报告、换发布规则和渠道：
      policy: standard              # supervised 全部等人，standard 合格的自动发，demo 演示
      channels: ["site:published"]
      editions:
        radar: {at: "08:20", scripts: [hans, hant]}
        theme: {off: true}
    某一天休市、延迟开市或确认开市，写进 registry/calendars/overrides.csv，改好即生效。
    例：
      quantshark desk plan
      quantshark desk plan --days 30 --json
      quantshark desk plan --from 2026-12-28
    """
    from quantshark.desk import house
    from quantshark.model import SHANGHAI
    from quantshark.settings import load

    start = day_of(since) if since else datetime.now(SHANGHAI).date()
    end = start + timedelta(days=days - 1)
    timetable = house.timetable(load())
    slots, pauses = timetable.slots(start, end), timetable.pauses(start, end)
    if json:
        print_json([_as_object(slot) for slot in slots])
        return
    if not slots:
        say(f"{start} 到 {end} 没有要出的报告。")
    _show(slots, pauses, start, end)


def _as_object(slot: Slot) -> dict[str, object]:
    return {
        "slot": slot.slot_id,
        "edition": slot.edition,
        "name": slot.name,
        "script": slot.script,
        "day": slot.day,
        "due_at": slot.due_at,
        "deadline": slot.deadline,
        "expires_at": slot.expires_at,
        "state": slot.state,
        "note": slot.note,
    }


def _show(slots: tuple[Slot, ...], pauses: tuple[Pause, ...], start: date, end: date) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("日期", "时间", "报告", "最晚", ""):
        table.add_column(title, no_wrap=bool(title), overflow="fold")
    day = start
    while day <= end:
        _show_day(table, day, [s for s in slots if s.due_at.date() == day], [p for p in pauses if p.day == day])
        day += timedelta(days=1)
    console().print(table)
    if any(slot.state == "ask" for slot in slots):
        say(
            "待确认：交易日历没公布到那天，不会自动发布。确认请在 registry/calendars/overrides.csv 写一行 open 或 closed。"
        )


def _show_day(table: Table, day: date, slots: list[Slot], pauses: list[Pause]) -> None:
    shown = f"{day} 周{WEEKDAYS[day.weekday()]}"
    for slot in slots:
        note = "，".join(part for part in (STATES[slot.state], _about(slot), slot.note) if part)
        script = "（繁）" if slot.script == "hant" else ""
        table.add_row(shown, f"{slot.due_at:%H:%M}", f"{slot.name}{script}", f"{slot.deadline:%H:%M}", note)
        shown = ""
    by_reason: dict[str, list[str]] = {}
    for pause in pauses:
        by_reason.setdefault(pause.reason, []).append(pause.edition)
    for reason, names in by_reason.items():
        table.add_row(shown, "—", f"不出 {'、'.join(names)}", "", reason)
        shown = ""


def _about(slot: Slot) -> str:
    return "" if slot.day == slot.due_at.date() else f"讲 {slot.day}"
