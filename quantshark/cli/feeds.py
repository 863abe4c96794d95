"""Commands about where documents come from by themselves: feeds, and what they brought that nobody believes yet."""

from __future__ import annotations

from typing import Annotated

import typer

from quantshark.cli.terminal import print_json, print_text, progress, say

app = typer.Typer(
    help="资料来源：看状态、立即刷新、处理存疑的资料。",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
MARKS = {"fresh": "✓", "stale": "·", "held": "？", "failed": "✗"}
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="谁决定的，写进审计记录")]
NOT_FRESH = 1


@app.command()
def refresh(*, json: Json = False) -> None:
    """立即读一遍所有来源；可疑的资料先扣下，其余入库。有来源不新鲜、存疑或失败时退出码为 1。

    \b
    例：
      quantshark feeds refresh
    """
    from quantshark.newsroom import Newsroom

    newsroom = Newsroom()
    if not newsroom.settings.feeds:
        say("还没有设置来源。在 quantshark.toml 里写 [feeds.名称]，例子见 quantshark init 生成的文件。")
        raise typer.Exit(2)
    with progress("刷新来源") as tell:
        reports = newsroom.refresh(progress=tell)
    if json:
        print_json(reports)
    else:
        for report in reports:
            print_text(
                f"{MARKS[report.state]} {report.name}：新收 {report.taken} 篇"
                + (f"；{report.reason}" if report.reason else "")
            )
            for refusal in report.refusals:
                say(f"  没有读入 {refusal.notice}")
            for held in report.held:
                say(f"  扣下 {held.document.doc_id} 《{held.document.title}》：{held.doubts[0].message}")
    if any(not report.ready for report in reports):
        raise typer.Exit(NOT_FRESH)


@app.command()
def status(*, json: Json = False) -> None:
    """各来源上次刷新的结果，以及还没有人处理的存疑资料。

    \b
    例：
      quantshark feeds status
      quantshark feeds status --json
    """
    from quantshark.newsroom import Newsroom

    store = Newsroom().store
    states, held = store.feed_states(), store.held()
    if json:
        print_json({"feeds": states, "held": held})
        return
    if not states:
        say("还没有刷新过任何来源：quantshark feeds refresh")
    for state in states:
        newest = f"最新 {state.newest:%m-%d %H:%M}Z" if state.newest else "没有带时间的资料"
        print_text(f"{MARKS[state.state]} {state.name}：{newest}" + (f"；{state.reason}" if state.reason else ""))
    for item in held:
        print_text(f"？ {item.document.doc_id} 《{item.document.title}》（{item.feed}）：{'；'.join(item.doubts[:3])}")
    if held:
        say("核实后：quantshark feeds accept 编号（照原样收下），或 quantshark feeds drop 编号（不收）")


@app.command()
def accept(document: Annotated[str, typer.Argument(metavar="ID", help="资料编号")], *, by: By = "") -> None:
    """核实过的存疑资料照原样收下。

    \b
    例：
      quantshark feeds accept 1f0c9a… --by 王编辑
    """
    from quantshark.newsroom import Newsroom

    say(f"已收下《{Newsroom().accept(document, by).title}》。")


@app.command()
def drop(document: Annotated[str, typer.Argument(metavar="ID", help="资料编号")], *, by: By = "") -> None:
    """存疑的资料不收；它改过之后会再被看一遍。

    \b
    例：
      quantshark feeds drop 1f0c9a… --by 王编辑
    """
    from quantshark.newsroom import Newsroom

    Newsroom().drop(document, by)
    say(f"已丢下 {document}。")
