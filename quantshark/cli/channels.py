"""Commands about where releases go: channels, what waits for them, and what only a person can decide."""

from __future__ import annotations

from typing import Annotated

import typer

from quantshark.cli.terminal import print_json, print_text, say

app = typer.Typer(
    help="发布渠道：看设置与待发，处理渠道说不清的发送。",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
STATES = {"waiting": "待发", "claimed": "正在发", "sent": "已送达", "failed": "失败", "unknown": "待人工确认"}
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]


@app.command()
def status(*, json: Json = False) -> None:
    """设置了哪些渠道，还有什么没有送达。

    \b
    例：
      quantshark channels status
    """
    from quantshark.newsroom import Newsroom

    newsroom = Newsroom()
    known = [{"name": name, "kind": told.kind} for name, told in sorted(newsroom.settings.channels.items())]
    open_parcels = [parcel for parcel in newsroom.store.parcels() if parcel.state != "sent"]
    if json:
        print_json({"channels": known, "open": open_parcels, "halted": newsroom.halted()})
        return
    for channel in known:
        print_text(f"{channel['name']}（{channel['kind']}）")
    if not known:
        say("还没有设置渠道；在 quantshark.toml 里写 [channels.名称]，或用 publish --target folder:文件夹")
    for parcel in open_parcels:
        print_text(
            f"{STATES[parcel.state]}  {parcel.release_id} → {parcel.channel}"
            + (f"：{parcel.error}" if parcel.error else "")
        )


@app.command()
def decide(
    release: Annotated[str, typer.Argument(metavar="ID", help="成品编号")],
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="渠道名称")],
    *,
    taken: Annotated[bool, typer.Option("--taken/--again", help="渠道里已经有了 / 没有，再发一次")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="谁看过，写进审计记录")] = "",
) -> None:
    """渠道说不清有没有收到（群机器人、邮件，发到一半断了）：看过之后告诉系统，系统自己绝不重发。

    \b
    例：
      quantshark channels decide radar-2025-12-12-hans-r1 feishu --taken --by 王编辑
      quantshark channels decide radar-2025-12-12-hans-r1 feishu --again
    """
    from quantshark.newsroom import Newsroom

    Newsroom().decide(release, channel, taken=taken, actor=by)
    say("记为已送达。" if taken else "会再发一次。")
