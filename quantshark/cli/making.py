"""Commands that take in, write and send out: ingest, draft, publish, verify, forget."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quantshark.cli.live import watching
from quantshark.cli.terminal import Tell, print_json, print_text, progress, say
from quantshark.cli.words import day_of, moment_of, tell_refusals

if TYPE_CHECKING:  # the newsroom is imported by the command that runs
    from quantshark.model import Draft, Listener
    from quantshark.newsroom import Assignment, Newsroom, Outcome

Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]
Sources = Annotated[
    list[Path] | None,
    typer.Option("--sources", metavar="PATH", help="只读这些文件和文件夹，不用资料库；可重复"),
]
MOST_UNSAID = 12
NOT_RELEASABLE = 1
BAD_INPUT = 2


class Writer(StrEnum):
    """Who writes."""

    auto = "auto"
    rules = "rules"
    llm = "llm"


class Script(StrEnum):
    """Simplified or traditional."""

    hans = "hans"
    hant = "hant"


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文件和文件夹")], *, json: Json = False
) -> None:
    """把资料读入资料库：新闻、文章、口播稿、网页、行情表、旧报告。

    \b
    认识 .md .txt .html .csv .json；读不了的文件会说明哪一行、怎么改，其余照常读入；重复读入不会有变化。
    例：
      quantshark ingest fixtures
      quantshark ingest inbox/2025-12-11 行情.csv
    """
    from quantshark.newsroom import Newsroom

    with progress("读入文件") as tell:
        done = Newsroom().ingest(paths, tell)
    tell_refusals(done.intake)
    if json:
        print_json({"counts": done.counts, "refusals": done.intake.refusals, "skipped": done.intake.skipped})
    else:
        counts = done.counts
        told = (
            (counts.new, "新"),
            (counts.changed, "有改动"),
            (counts.reread, "重读"),
            (counts.same, "已有"),
            (counts.forgotten, "已删除不再收"),
        )
        say(
            f"资料 {len(done.intake.documents)} 篇（{'，'.join(f'{name} {n}' for n, name in told if n)}），新增事实 {counts.facts} 条"
        )
    if not done.intake.documents:
        say("没有读到任何资料。")
        raise typer.Exit(BAD_INPUT)


def draft(  # noqa: PLR0913  an argument is an option of the command
    edition: Annotated[str, typer.Argument(help="哪一种报告：radar …")],
    *,
    day: Annotated[str | None, typer.Option(help="交易日，如 2025-12-12；默认今天")] = None,
    until: Annotated[str | None, typer.Option(help="只用这一刻之前的资料，如 08:30；默认该报告的出稿时间")] = None,
    sources: Sources = None,
    writer: Annotated[Writer, typer.Option(help="谁来写：有模型用模型，或规则，或只用模型")] = Writer.auto,
    script: Annotated[Script, typer.Option(help="简体 hans，繁体 hant")] = Script.hans,
    out: Annotated[Path, typer.Option(help="成品放在哪个文件夹")] = Path("out"),
    no_cache: Annotated[bool, typer.Option("--no-cache", help="不用以前付过费的模型回答，重新问")] = False,
    json: Json = False,
) -> None:
    """写一期报告并核对每一个数字；全部有据才成为成品，否则只留草稿（退出码 1）。

    \b
    例：
      quantshark draft radar --day 2025-12-12
      quantshark draft radar --day 2025-12-12 --sources 新闻文件夹 --out out
      quantshark draft radar --day 2025-12-12 --script hant --json
    """
    import asyncio

    from quantshark.newsroom import Assignment, Newsroom

    task = Assignment(
        edition=edition,
        day=day_of(day) if day else None,
        until=moment_of(until) if until else None,
        sources=tuple(sources or ()),
        writer=writer.value,
        script=script.value,
        out=out,
        cache=not no_cache,
        stream=sys.stderr.isatty(),
    )
    with watching() as (listen, tell):
        outcome = asyncio.run(_drafted(Newsroom(), task, listen, tell))
    if outcome.intake is not None:
        tell_refusals(outcome.intake)
    if json:
        print_json(as_object(outcome))
    else:
        tell_outcome(outcome)
    if outcome.release is None:
        raise typer.Exit(NOT_RELEASABLE)


async def _drafted(newsroom: Newsroom, task: Assignment, listen: Listener, tell: Tell) -> Outcome:
    try:
        return await newsroom.draft(task, listen, tell)
    finally:
        await newsroom.close()


def as_object(outcome: Outcome) -> dict[str, object]:
    """`draft --json`."""
    draft = outcome.draft
    return {
        "edition": draft.edition,
        "day": draft.day,
        "releasable": outcome.release is not None,
        "release": outcome.release.release_id if outcome.release else None,
        "held": draft.held,
        "sections": [
            {
                "slug": s.slug,
                "writer": s.writer,
                "rounds": s.rounds,
                "dropped": s.dropped,
                "note": s.note,
                "usage": s.usage,
            }
            for s in draft.sections
        ],
        "omitted": draft.omitted,
        "unsaid": draft.unsaid,
        "files": outcome.files,
        "verdicts": outcome.verdicts,
        "usage": draft.usage,
    }


def tell_outcome(outcome: Outcome) -> None:
    """For the editor: where it lies, what was proved, or what stands against it."""
    from quantshark.cli.verdicts import counted, show_attention

    draft = outcome.draft
    for slug, why in draft.omitted.items():
        say(f"略去 {slug}：{why}")
    if draft.unsaid:
        say(f"收回 {len(draft.unsaid)} 句（细读的人对不上它们的数字）：")
        for told in draft.unsaid[:MOST_UNSAID]:
            say(f"  {told}")
    if any(section.writer != "rules" for section in draft.sections) or draft.usage.calls:
        tell_writers(draft)
    if outcome.release is None:
        say("没有成为成品。")
        for missing in draft.held:
            say(f"  缺：{missing}")
        show_attention(outcome.text, outcome.verdicts)
        say(f"草稿：{outcome.files[0]}")
        return
    say(f"{outcome.release.release_id}：{counted(outcome.verdicts)}{'；演示数据' if draft.demo else ''}")
    for file in outcome.files:
        print_text(str(file))


def tell_writers(draft: Draft) -> None:
    """Which writer wrote each section, what was sent back or dropped, and what it cost."""
    for section in draft.sections:
        rounds = f"，返工 {section.rounds} 轮" if section.rounds else ""
        dropped = f"，删去 {len(section.dropped)} 句" if section.dropped else ""
        say(f"{section.slug}：{section.writer}{rounds}{dropped}{f'（{section.note}）' if section.note else ''}")
    used = draft.usage
    cost = f"，{used.cost:.4f} {used.currency}" if used.cost is not None else ""
    say(
        f"模型：{used.calls} 次，读 {used.tokens_in} 词元（缓存 {used.tokens_cached}），写 {used.tokens_out}，{used.seconds:.0f} 秒{cost}"
    )


def publish(
    release: Annotated[str, typer.Argument(metavar="ID|FILE", help="成品编号，或它的 .md 文件")],
    *,
    target: Annotated[
        str, typer.Option(help="渠道：folder:文件夹，或 site:文件夹（带首页和订阅）；默认资料库旁的 published")
    ] = "",
) -> None:
    """把成品送到渠道，每个渠道只送一次；中断后再运行会接着送。

    \b
    例：
      quantshark publish out/radar-2025-12-12.md --target site:out/site
      quantshark publish radar-2025-12-12-hans-r1
    """
    from quantshark.newsroom import Newsroom

    receipt = Newsroom().publish(release, target)
    say(f"{receipt.release_id} → {receipt.channel}：{'已送达' if receipt.status == 'sent' else '早已在那里，没有变化'}")
    for place in receipt.where:
        print_text(place)


def verify(
    release: Annotated[Path, typer.Argument(metavar="RELEASE.md", help="已发布的 .md 或 .html，旁边要有 .ledger.json")],
    *,
    sources: Sources = None,
    json: Json = False,
) -> None:
    """重新证明一份已发布的报告：正文、账本、资料三者必须一致，否则指出第一处不同（退出码 1）。

    \b
    例：
      quantshark verify out/radar-2025-12-12.md
      quantshark verify out/radar-2025-12-12.html --sources 新闻文件夹
    """
    from quantshark.newsroom import Newsroom

    with progress("读入资料") as tell:
        newsroom = Newsroom()
        differences = newsroom.verify(release, tuple(sources or ()), tell)
    confirmed = newsroom.confirmed(release)
    if json:
        print_json({"verified": not differences, "differences": differences, "confirmed": confirmed})
    elif differences:
        say(f"不一致：{differences[0]}")
        for other in differences[1:]:
            say(f"  {other}")
    else:
        say(f"{release}：逐一核对，{'其余' if confirmed else ''}全部一致。")
    for told in confirmed:
        say(f"  {told}")
    if differences:
        raise typer.Exit(NOT_RELEASABLE)


def forget(document: Annotated[str, typer.Argument(metavar="ID", help="资料编号")]) -> None:
    """从资料库永久删除一篇资料的文字和事实；同时列出引用过它的成品。

    \b
    例：
      quantshark forget 041ca5fc8a3ca68a849797e1400d837f
    """
    from quantshark.newsroom import Newsroom

    used = Newsroom().forget(document)
    say(f"已删除 {document}。" + (f"引用过它的成品：{'、'.join(used)}" if used else "没有成品引用过它。"))
