"""Commands of the night desk: plan, run, worker, status."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quantshark.cli.terminal import console, print_json, print_text, progress, say
from quantshark.cli.words import day_of

if TYPE_CHECKING:  # the desk is imported by the command that runs
    from rich.table import Table

    from quantshark.desk.house import Running
    from quantshark.desk.timetable import Pause, Slot
    from quantshark.store import Notice, SlotRecord

Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]
STATES = {"due": "", "ask": "待确认"}
WEEKDAYS = "一二三四五六日"
HOW = {
    "waiting": "排队",
    "asked": "待确认",
    "running": "进行中",
    "held": "等编辑",
    "sending": "发送中",
    "published": "已发布",
    "cancelled": "取消",
    "failed": "失败",
}
Listen = Annotated[
    int, typer.Option("--listen", metavar="PORT", help="在本机这个端口提供 /healthz 和 /metrics；0 不提供")
]
DEMO_HOME = Path("out/desk-demo")
STOP_SECONDS = 20
TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
"""The usual name: spans of runs and steps go there, where the extra `otel` is installed."""

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


@app.command()
def status(
    *,
    days: Annotated[int, typer.Option(min=1, max=400, help="往回看几天")] = 7,
    json: Json = False,
) -> None:
    """最近几天每一期怎么样了：何时开始、谁做的、发了没有、为什么没发；以及还没处理的通知。

    \b
    例：
      quantshark desk status
      quantshark desk status --days 30 --json
    """
    from quantshark.model import SHANGHAI
    from quantshark.settings import load
    from quantshark.store import Store

    with Store.open(load().store_url) as store:
        since = datetime.now(SHANGHAI) - timedelta(days=days)
        slots, notices = store.slots(since=since), [n for n in store.notices(limit=20) if n.at >= since]
        parcels = {state: len(store.parcels(state)) for state in ("waiting", "claimed", "failed", "unknown")}
    if json:
        print_json({"slots": slots, "notices": notices, "parcels": parcels})
        return
    if not slots:
        say(f"近 {days} 天夜班台没有出过报告；quantshark desk run 开始值班，quantshark desk plan 看何时出。")
    _show_status(slots, notices)
    waiting = [
        f"{name} {parcels[state]}"
        for state, name in (("waiting", "待发"), ("claimed", "在途"), ("failed", "失败"), ("unknown", "不明"))
        if parcels[state]
    ]
    if waiting:
        say(f"渠道：{'，'.join(waiting)}")


def _show_status(slots: Sequence[SlotRecord], notices: Sequence[Notice]) -> None:
    from rich.table import Table

    from quantshark.model import SHANGHAI

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("期", "应出", "状态", "开始", ""):
        table.add_column(title, no_wrap=bool(title), overflow="fold")
    for slot in sorted(slots, key=lambda slot: slot.due_at):
        begun = f"{slot.started_at.astimezone(SHANGHAI):%H:%M:%S}" if slot.started_at else ""
        note = slot.detail or slot.release_id
        table.add_row(slot.slot_id, f"{slot.due_at.astimezone(SHANGHAI):%m-%d %H:%M}", HOW[slot.state], begun, note)
    if slots:
        console().print(table)
    for notice in notices:
        say(f"通知 {notice.at.astimezone(SHANGHAI):%m-%d %H:%M}  {notice.text}")


@app.command()
def run(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="不等时间：用演示资料把一周五种报告发到一个文件夹站点")] = False,
    out: Annotated[Path, typer.Option(help="演示放在哪个文件夹")] = DEMO_HOME,
    listen: Listen = 0,
) -> None:
    """值班：按时间表出稿、核对、发布，直到停止（Ctrl-C 或 SIGTERM）；停在哪里，下次从哪里接着做。

    \b
    多台机器可以同时运行，每一期只会开始一次；只做事不排班的机器用 quantshark desk worker。
    例：
      quantshark desk run
      quantshark desk run --listen 9108
      quantshark desk run --demo
    """
    if demo:
        _demo(out)
    else:
        _serve(plans=True, listen=listen)


@app.command()
def worker(*, listen: Listen = 0) -> None:
    """只做事不排班：从同一个数据库领取到期的报告，写稿、核对、发布。可以在多台机器上运行。

    \b
    例：
      QUANTSHARK_DATABASE_URL=postgresql://… quantshark desk worker
    """
    _serve(plans=False, listen=listen)


@app.command()
def backup(folder: Annotated[Path, typer.Argument(metavar="DIR", help="放备份的新文件夹")]) -> None:
    """备份资料库、成品和自己的设置；值班时也可以做。PostgreSQL 请用 pg_dump。

    \b
    例：
      quantshark desk backup backups/2026-11-26
    """
    from quantshark.desk.backup import backup as copy
    from quantshark.settings import load

    print_text(str(copy(load(), folder)))


@app.command()
def restore(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="备份所在的文件夹；不写则整理已经恢复好的数据库")
    ] = None,
) -> None:
    """从备份恢复到空的工作文件夹；备份里没发完的一律不再自动发，留给人决定。

    \b
    例：
      QUANTSHARK_HOME=new quantshark desk restore backups/2026-11-26
      pg_restore … && quantshark desk restore
    """
    from quantshark.desk.backup import restore as put_back
    from quantshark.model import SHANGHAI
    from quantshark.settings import load

    left = put_back(load(), folder, datetime.now(SHANGHAI))
    say(
        f"恢复好了。{f'有 {left} 份在途的成品不知是否已发，请到渠道核实：quantshark desk status' if left else '没有在途的成品。'}"
    )


def _serve(*, plans: bool, listen: int) -> None:
    from dataclasses import replace

    from quantshark.desk import house, logs
    from quantshark.settings import load

    logs.to_stderr()
    made = replace(house.of(load()), stop_seconds=STOP_SECONDS, traces=os.environ.get(TRACES, ""))
    stopped = threading.Event()
    with (
        made.store,
        _on_signals(stopped),
        house.running(made, plans=plans, in_flight=made.settings.llm.in_flight) as desk,
        _watched(desk, listen),
    ):
        say(f"夜班台 {made.name} 开始值班（{'排班并做事' if plans else '只做事'}）；Ctrl-C 停止。")
        stopped.wait()
        say("正在停止：手上的做完为止，做不完的由别人或下次接着做。")


@contextmanager
def _on_signals(stopped: threading.Event) -> Generator[None]:
    """Let SIGTERM and Ctrl-C end the work in order."""
    import signal

    def stop(_number: int, _frame: object) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _watched(desk: Running, listen: int) -> Generator[None]:
    if not listen:
        yield
        return
    from quantshark.desk.watch import watched

    with watched(desk.house.store, desk.services, listen) as port:
        say(f"http://127.0.0.1:{port}/healthz 和 /metrics")
        yield


def _demo(out: Path) -> None:
    import shutil
    import time

    from quantshark.desk import demo
    from quantshark.settings import Settings

    begun = time.monotonic()
    if out.exists():
        if not (out / demo.MARK).exists():
            raise typer.BadParameter(f"{out} 已有别的内容；换一个文件夹", param_hint="--out")
        shutil.rmtree(out)
    settings = Settings.model_validate({"home": out})
    demo.mark(out)
    with progress("读入演示资料") as tell:
        newsroom, clock = demo.stocked(settings, tell)
    with demo.week(newsroom, clock) as (desk, slots):
        board = _Board(slots)
        with board:
            demo.play(desk, clock, slots, board.show)
    sent = sum(record.state == "published" for record in board.ended.values())
    say(f"一周 {len(slots)} 期，发布 {sent} 期，用时 {time.monotonic() - begun:.0f} 秒。")
    print_text(str(out / "site" / "index.html"))


class _Board:
    """The week's timetable while it is played: redrawn on a terminal, one line a slot elsewhere."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        from rich.live import Live

        self.slots = slots
        self.ended: dict[str, SlotRecord] = {}
        self._now = ""
        there = console(stderr=True)
        self._live = Live(console=there, refresh_per_second=8, transient=False) if there.is_terminal else None

    def __enter__(self) -> None:
        if self._live is not None:
            self._live.start()

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, slot: Slot, record: SlotRecord | None) -> None:
        self._now = slot.slot_id
        if record is not None:
            self.ended[slot.slot_id] = record
        if self._live is not None:
            self._live.update(self._drawn())
        elif record is not None:
            say(f"{_when(slot)}  {HOW[record.state]}  {slot.name}{f'  {record.detail}' if record.detail else ''}")

    def _drawn(self) -> Table:
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for title in ("时间", "报告", "状态", ""):
            table.add_column(title, no_wrap=bool(title), overflow="fold")
        for slot in self.slots:
            record = self.ended.get(slot.slot_id)
            how = HOW[record.state] if record else ("写稿" if slot.slot_id == self._now else "")
            table.add_row(_when(slot), slot.name, how, record.detail or record.release_id if record else "")
        return table


def _when(slot: Slot) -> str:
    return f"{slot.due_at:%m-%d} 周{WEEKDAYS[slot.due_at.weekday()]} {slot.due_at:%H:%M}"
