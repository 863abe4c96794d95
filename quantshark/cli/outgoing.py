"""Commands about what is out: releases, correct, withdraw, and the kill switch (halt, resume)."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from quantshark.cli.terminal import console, print_json, say
from quantshark.cli.words import day_of

if TYPE_CHECKING:  # the newsroom is imported by the command that runs
    from quantshark.model import Receipt, Release
    from quantshark.newsroom import Newsroom, Stale

Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]
By = Annotated[str, typer.Option("--by", help="署名；默认登录本机的用户名")]
NOT_RELEASABLE = 1
STATES = {"sent": "已送达", "unchanged": "没有变化"}


def releases(
    *,
    day: Annotated[str | None, typer.Option(help="哪一天，如 2025-12-12；默认最近的")] = None,
    edition: Annotated[str | None, typer.Option(help="哪一种报告：radar …")] = None,
    stale: Annotated[bool, typer.Option("--stale", help="只列资料后来有改动的")] = False,
    limit: Annotated[int, typer.Option(help="最多几条", min=1, max=1000)] = 30,
    json: Json = False,
) -> None:
    """列出成品：哪一版、送到了哪些渠道、是否撤回；--stale 指出资料后来有改动、需要更正的。

    \b
    例：
      quantshark releases --day 2025-12-12
      quantshark releases --stale
    """
    from quantshark.newsroom import Newsroom

    newsroom = Newsroom()
    if stale:
        tell_stale(newsroom.stale_releases(), json=json)
        return
    found = newsroom.store.releases(edition, day_of(day) if day else None, limit=limit)
    rows = [as_object(release, newsroom) for release in found]
    if json:
        print_json(rows)
        return
    if not rows:
        say("还没有成品。先写一期：quantshark draft radar")
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("成品", "标题", "状态", "渠道"):
        table.add_column(name, overflow="fold")
    for release, row in zip(found, rows, strict=True):
        told = "、".join(receipt.channel for receipt in newsroom.store.receipts(release.release_id))
        table.add_row(release.release_id, release.title[:40], str(row["state"]), told)
    console().print(table)


def as_object(release: Release, newsroom: Newsroom) -> dict[str, object]:
    """`releases --json`."""
    receipts = newsroom.store.receipts(release.release_id)
    taken = newsroom.store.withdrawn(release.release_id)
    stop = newsroom.stop(release.release_id)
    state = "已撤回" if taken else "已发布" if receipts else "未发布"
    return {
        "release": release.release_id,
        "edition": release.edition,
        "day": release.day,
        "script": release.script,
        "revision": release.revision,
        "title": release.title,
        "created_at": release.created_at,
        "demo": release.demo,
        "state": state,
        "withdrawn": taken.reason if taken else None,
        "channels": [receipt.channel for receipt in receipts],
        "stopped": stop.kind if stop else None,
    }


def tell_stale(found: tuple[Stale, ...], *, json: bool) -> None:
    """Which releases a changed source touches, and which figures differ."""
    if json:
        print_json(found)
        return
    if not found:
        say("没有成品用到后来改动过的资料。")
    for each in found:
        say(f"{each.release_id}：{len(each.documents)} 篇资料后来有改动")
        for change in each.changes:
            now = f"现为 {change.now}" if change.now else "资料中已没有"
            say(f"  第{change.number}处 {change.who}{change.what} {change.surface}，{now}（{change.doc_id[:12]}）")
        if not each.changes:
            say("  引用的数字没有变化。")
        say(f"  更正：quantshark correct {each.release_id}")


def correct(
    release: Annotated[str, typer.Argument(metavar="ID", help="成品编号，如 radar-2025-12-12-hans-r1")],
    *,
    writer: Annotated[str, typer.Option(help="谁来写：auto、rules 或 llm")] = "auto",
    by: By = "",
    json: Json = False,
) -> None:
    """按现在的资料重写并更正一份成品：新版本带更正说明（原数字与新数字），送到收到过旧版的每个渠道。

    \b
    新稿若有不能证明的数字，只留草稿等编辑处理（退出码 1）。
    例：
      quantshark releases --stale
      quantshark correct radar-2025-12-12-hans-r1
    """
    import asyncio

    from quantshark.cli.verdicts import show_attention
    from quantshark.newsroom import Newsroom

    if writer not in {"auto", "rules", "llm"}:
        raise typer.BadParameter(f"{writer!r} 不认识，请写 auto、rules 或 llm")
    newsroom, actor = Newsroom(), by or getpass.getuser()
    made = asyncio.run(
        newsroom.correct(release, actor, "rules" if writer == "rules" else "llm" if writer == "llm" else "auto")
    )
    out = newsroom.released(made)
    receipts = newsroom.send_waiting(out.release_id, actor) if out else ()
    if json:
        print_json(
            {
                "corrects": release,
                "draft": made.saved.draft_id,
                "release": out.release_id if out else None,
                "notice": made.saved.draft.notice,
                "receipts": receipts,
                "held": made.judged.draft.held,
            }
        )
    elif out is not None:
        say(f"{out.release_id}：{made.saved.draft.notice}")
        tell_receipts(receipts)
    else:
        say(f"更正稿 {made.saved.draft_id} 还不能发布。")
        for held in made.judged.draft.held:
            say(f"  缺：{held}")
        show_attention(made.printed.text, made.verdicts)
    if out is None:
        raise typer.Exit(NOT_RELEASABLE)


def withdraw(
    release: Annotated[str, typer.Argument(metavar="ID", help="成品编号")],
    *,
    reason: Annotated[str, typer.Option(help="撤回的理由，读者会看到")],
    by: By = "",
    json: Json = False,
) -> None:
    """撤回一份成品：不再发送，并把撤回声明送到收到过它的每个渠道。

    \b
    例：
      quantshark withdraw radar-2025-12-12-hans-r1 --reason 资料来源撤稿
    """
    from quantshark.newsroom import Newsroom

    newsroom, actor = Newsroom(), by or getpass.getuser()
    statement = newsroom.withdraw(release, reason, actor)
    receipts = newsroom.send_waiting(statement.release_id, actor)
    if json:
        print_json({"withdrawn": release, "statement": statement.release_id, "receipts": receipts})
        return
    say(f"{release} 已撤回，声明为 {statement.release_id}。")
    tell_receipts(receipts)


def halt(
    *,
    reason: Annotated[str, typer.Option(help="为什么停发")],
    by: By = "",
    json: Json = False,
) -> None:
    """停发：立即停止所有渠道，直到 resume。等待发送的成品留在原处，不会丢。

    \b
    例：
      quantshark halt --reason 行情源出错
    """
    from quantshark.newsroom import Newsroom

    halted = Newsroom().halt(reason, by or getpass.getuser())
    if json:
        print_json(halted)
    else:
        say(
            f"所有渠道已停发（{halted.actor}，{halted.at:%Y-%m-%d %H:%M:%S} UTC）：{halted.reason}。恢复：quantshark resume"
        )


def resume(*, by: By = "", json: Json = False) -> None:
    """恢复所有渠道；停发期间等待的成品由下一次发送带走。

    \b
    例：
      quantshark resume
    """
    from quantshark.newsroom import Newsroom

    resumed = Newsroom().resume(by or getpass.getuser())
    if json:
        print_json({"resumed": resumed})
    else:
        say("所有渠道已恢复。" if resumed else "渠道没有停发，无须恢复。")


def tell_receipts(receipts: tuple[Receipt, ...]) -> None:
    for receipt in receipts:
        say(f"  → {receipt.channel}：{STATES[receipt.status]}")
    if not receipts:
        say("  没有渠道收到过旧版，无须通知。")
