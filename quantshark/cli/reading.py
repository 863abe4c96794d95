"""Commands that read and judge, and change nothing: figures, check, facts."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quantshark.cli.terminal import console, print_json, progress, say
from quantshark.cli.words import day_of, tell_refusals
from quantshark.errors import SourceError
from quantshark.model import Figure

if TYPE_CHECKING:  # for the signature alone
    from quantshark.checks import CheckResult

Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]


def figures(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="要读的文件；- 表示标准输入")],
    *,
    json: Json = False,
) -> None:
    """列出文中读到的每一个数字：位置、种类、数值、单位、方向。

    \b
    例：
      quantshark figures 稿件.md
      echo '南向资金净卖出52.87亿港元' | quantshark figures - --json
    """
    from quantshark.lexicon.figures import find_figures

    text = text_of(file)
    found = find_figures(text)
    if json:
        print_json(found)
    else:
        _show(text, found)


def check(
    report: Annotated[str, typer.Argument(metavar="REPORT|-", help="要核对的稿件；- 表示标准输入")],
    *,
    sources: Annotated[
        list[Path] | None,
        typer.Option("--sources", metavar="PATH", help="资料：文件和文件夹，可重复；不写则用资料库"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="稿件写于哪一天，如 2025-12-12；默认看稿件的日期")
    ] = None,
    json: Json = False,
) -> None:
    """核对稿件里的每一个数字；全部有据退出码 0，否则 1。

    \b
    例：
      quantshark check 稿件.md --sources 新闻文件夹 --sources 行情.csv
      quantshark check 稿件.md --sources 新闻文件夹 --as-of 2025-12-12 --json
    """
    text = text_of(report)
    day = day_of(as_of) if as_of else None
    result = _judged_by_files(text, sources, day) if sources else _judged_by_store(text, day)
    if json:
        print_json({"releasable": result.releasable, "as_of": result.as_of, "verdicts": result.verdicts})
    else:
        from quantshark.cli.verdicts import counted, show_attention, show_text

        show_text(text, result.verdicts)
        show_attention(text, result.verdicts)
        say(f"{'可以发布' if result.releasable else '不能发布'}：{counted(result.verdicts)}")
    if not result.releasable:
        raise typer.Exit(1)


def _judged_by_files(text: str, paths: list[Path], day: date | None) -> CheckResult:
    """The sources as given: no settings, no store."""
    from quantshark.checks import Evidence, judge
    from quantshark.sources import read_all

    with progress("读入资料") as tell:
        intake = read_all(paths, lambda done, total: tell(done, total, "读入资料"))
    tell_refusals(intake)
    if not intake.documents:
        raise SourceError(
            "there is no document in what --sources names; give files or folders of .md .txt .html .csv .json"
        )
    return judge(text, Evidence(intake.documents), as_of=day)


def _judged_by_store(text: str, day: date | None) -> CheckResult:
    from quantshark.newsroom import Newsroom

    return Newsroom().check(text, day)


def facts(
    *,
    day: Annotated[str | None, typer.Option(help="关于哪一天，如 2025-12-11")] = None,
    entity: Annotated[str | None, typer.Option(help="公司、指数或渠道：代码或名称，如 0700.HK、腾讯控股")] = None,
    measure: Annotated[str | None, typer.Option(help="指标，如 net_flow、净流入")] = None,
    json: Json = False,
) -> None:
    """查资料库里的事实：谁、什么、多少、哪一天、出自哪句话。

    \b
    例：
      quantshark facts --day 2025-12-11 --entity 腾讯控股
      quantshark facts --measure net_flow --json
    """
    from quantshark.newsroom import Newsroom

    known = Newsroom().facts(day_of(day) if day else None, entity, measure)
    if json:
        print_json(known)
        return
    if not known:
        say(
            "没有这样的事实。"
            + ("请看日期、名称和指标是否写对。" if day or entity or measure else "先读入资料：quantshark ingest 文件夹")
        )
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("谁", "什么", "多少", "哪一天", "资料", "原文"):
        table.add_column(name, overflow="fold")
    for fact in known:
        table.add_row(
            fact.entity_name or fact.entity,
            fact.measure_name or fact.measure,
            fact.surface or f"{fact.value:,f} {fact.unit or ''}",
            fact.period.end.isoformat() if fact.period else "",
            fact.source.doc_id[:12] if fact.source else "",
            fact.source.quote[:60] if fact.source else fact.formula.text if fact.formula else "",
        )
    console().print(table)
    say(f"共 {len(known)} 条。")


def text_of(file: str) -> str:
    """The file as text, or standard input for `-`."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig") if file == "-" else Path(file).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{file} is not UTF-8 (byte {error.start}); save it as UTF-8 and try again",
            notice=f"{file} 不是 UTF-8 编码（第 {error.start} 字节），请另存为 UTF-8",
        ) from None
    except OSError as error:
        raise SourceError(
            f"{file} cannot be read ({error.strerror}); check the path", notice=f"读不到 {file}，请看路径是否写对"
        ) from None


def _show(text: str, found: list[Figure]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (
        ("行", "right"),
        ("数字", "left"),
        ("种类", "left"),
        ("数值", "right"),
        ("单位", "left"),
        ("说明", "left"),
    ):
        table.add_column(name, justify=justify)  # pyright: ignore[reportArgumentType]
    for figure in found:
        line = str(text.count("\n", 0, figure.start) + 1)
        table.add_row(line, figure.surface, figure.kind, _value(figure), figure.unit or "", _remarks(figure))
    console().print(table)


def _value(figure: Figure) -> str:
    if figure.value is None:
        return "—"
    low = f"{figure.value:,f}"
    return low if figure.high is None else f"{low} ~ {figure.high:,f}"


HEDGES = {"about": "约", "over": "以上", "under": "以下"}
DIRECTIONS = {1: "↑", -1: "↓"}


def _remarks(figure: Figure) -> str:
    exempt = f"不核对：{figure.exempt}" if figure.exempt else ""
    return " ".join(filter(None, (DIRECTIONS.get(figure.direction), HEDGES.get(figure.hedge or ""), exempt)))
