"""Commands that read and judge, and change nothing: figures, check, facts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from quantshark.cli.terminal import console, print_json
from quantshark.errors import SourceError
from quantshark.model import Figure

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


def text_of(file: str) -> str:
    """The file as text, or standard input for `-`."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig") if file == "-" else Path(file).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{file} is not UTF-8 (byte {error.start}); save it as UTF-8 and try again") from None
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}); check the path") from None


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
