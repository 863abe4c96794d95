"""The command that makes other formats of a release: export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quantshark.cli.terminal import print_json, print_text, say

NOT_MADE = 1
ALL = "pdf,docx,wechat,png,card,plain,txt,srt"


def export(
    release: Annotated[Path, typer.Argument(metavar="RELEASE.md", help="成品的 .md，旁边要有 .ledger.json")],
    *,
    to: Annotated[str, typer.Option(help=f"哪些格式，用逗号分开：{ALL}")] = ALL,
    out: Annotated[Path | None, typer.Option(help="放在哪个文件夹；默认成品旁边")] = None,
    json: Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")] = False,
) -> None:
    """把成品做成别的格式：PDF、Word、公众号文章、图表和分享卡的 PNG、无前言的 Markdown、口播稿、字幕。

    \b
    先核对成品与账本是否一致；这台机器做不了的格式（没有中文字体、没装附加组件）会说明，其余照做（退出码 1）。
    例：
      quantshark export out/radar-2025-12-12.md
      quantshark export out/radar-2025-12-12.md --to pdf,docx --out 送审
      quantshark export out/midday-2026-01-15.md --to txt,srt
    """
    from quantshark.newsroom import exporting
    from quantshark.settings import load

    made = exporting.export(release, tuple(name.strip() for name in to.split(",") if name.strip()), out, load())
    if json:
        print_json({"files": made.paths, "left_out": made.left_out})
    else:
        for told in made.left_out:
            say(f"没有做成 {told}")
        for path in made.paths:
            print_text(str(path))
    if made.left_out:
        raise typer.Exit(NOT_MADE)
