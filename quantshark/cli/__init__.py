"""The command line: the newsroom's verbs for an editor at a terminal.

`--json` puts the result alone on stdout; progress and messages go to stderr. Exit codes: 0 fine, 1 not releasable (or
it does not verify), 2 bad usage or input. Everything heavy is imported inside the command that needs it, so that
`quantshark --help` is there at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from quantshark import errors
from quantshark.cli import channels, desk, exporting, feeds, house, lab, making, outgoing, reading, serve
from quantshark.cli.terminal import say

BAD_INPUT = 2

app = typer.Typer(
    name="quantshark",
    help="量子鲨鱼：写港股与 A 股市场报告，不放行任何一个证明不了的数字。",
    epilog="从这里开始：quantshark init，然后 quantshark doctor。每条命令都有例子：quantshark check --help",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"quantshark {version('quantshark')}")
        raise typer.Exit


@app.callback()
def _quantshark(  # pyright: ignore[reportUnusedFunction]
    *,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本")] = False,
) -> None:
    """What stands before every command."""


for command in (
    making.ingest,
    making.draft,
    reading.check,
    reading.figures,
    reading.facts,
    making.publish,
    making.verify,
    exporting.export,
    outgoing.releases,
    outgoing.correct,
    outgoing.withdraw,
    outgoing.halt,
    outgoing.resume,
    making.forget,
    serve.serve,
    house.init,
    house.doctor,
):
    app.command(command.__name__)(command)
app.add_typer(desk.app)
app.add_typer(feeds.app, name="feeds")
app.add_typer(channels.app, name="channels")
app.add_typer(lab.app)


KINDS: dict[type, str] = {
    errors.SourceError: "资料读不了",
    errors.DataError: "数据文件不对",
    errors.SettingsError: "设置不对",
    errors.EditionError: "报告定义不对",
    errors.PromptError: "提示词不对",
    errors.StoreError: "资料库",
    errors.ModelError: "模型端点",
    errors.WriterError: "撰写",
    errors.EditError: "修改做不了",
    errors.RightsError: "权限不够",
    errors.ReleaseError: "成品",
    errors.CancelledError: "已取消",
    errors.LabError: "实验室",
    errors.ExportError: "导出",
    errors.TargetError: "渠道",
}


def _kind(error: errors.QuantSharkError) -> str:
    """What an operator calls the trouble; the sentence behind it is the program's own."""
    return next((KINDS[kind] for kind in type(error).__mro__ if kind in KINDS), "出错")


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command; what can be expected to go wrong is one sentence with the way out, never a traceback."""
    try:
        app(args=list(argv) if argv is not None else None, prog_name="quantshark")
    except errors.QuantSharkError as error:
        refusal = error.details.get("refusal")  # a reader says it in Chinese as well
        told = error.details.get("notice") or getattr(refusal, "notice", None) or getattr(error, "notice", error)
        say(f"错误：{told}" if told is not error else f"错误（{_kind(error)}）：{error}")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        say("已中断。")
        sys.exit(130)
