"""The prompt lab at a terminal: freeze days, try variants, compare, promote; the gate for CI and the validator's report card."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from quantshark.cli.lab_book import Frozen, Json, Name, opened
from quantshark.cli.lab_book import measured as measured_by
from quantshark.cli.lab_days import days
from quantshark.cli.lab_judging import judge
from quantshark.cli.lab_report import BAD_INPUT, NOT_DONE, show_card, show_experiment, tell_gate
from quantshark.cli.terminal import Tell, print_json, print_text, progress, say
from quantshark.cli.words import day_of, tell_refusals

if TYPE_CHECKING:  # the lab is imported by the command that runs
    from quantshark.lab.frozen import FrozenDay
    from quantshark.lab.gate import Passage
    from quantshark.lab.grid import Experiment, Plan, Progress
    from quantshark.lab.trials import Bench, Trial
    from quantshark.lab.variants import Contender
    from quantshark.model import Usage
    from quantshark.settings import Settings
    from quantshark.store.work import Work
    from quantshark.writers.calls import Price

app = typer.Typer(
    name="lab",
    help="提示词实验室：在冻结的日子上比较提示词与模型，用和发布时同一个核对器，结果不会被发布。",
    epilog="从这里开始：quantshark lab run --help；在笔记本里用：marimo run notebooks/prompt_lab.py",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


@app.command()
def freeze(
    *,
    day: Annotated[str, typer.Option(help="交易日，如 2025-12-12")],
    edition: Annotated[list[str] | None, typer.Option(help="哪几种报告，可重复；默认资料够的全部")] = None,
    sources: Annotated[
        list[Path] | None, typer.Option("--sources", metavar="PATH", help="只读这些文件和文件夹，不用资料库")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="放在哪个文件夹；默认工作文件夹下的 frozen")] = None,
    json: Json = False,
) -> None:
    """把一天冻结成一个文件：资料、事实、每种报告的上下文，带指纹；改过的文件不会被读取。

    \b
    例：
      quantshark lab freeze --day 2025-12-12
      quantshark lab freeze --day 2025-12-12 --edition radar --sources fixtures/2025-12 --out frozen
    """
    from quantshark import editions
    from quantshark.lab import freezing, frozen, office
    from quantshark.settings import load

    settings = load()
    when = day_of(day)
    wanted = [office.edition_of(settings, slug) for slug in (edition or editions.slugs(settings.prompts_dir))]
    with progress("冻结") as tell:
        made, intake = freezing.freeze_day(settings, when, wanted, sources or (), tell)
    if intake is not None:
        tell_refusals(intake)
    path = frozen.write(made, out or office.own_days(settings))
    if json:
        print_json({"file": path, "digest": made.digest, "editions": made.editions, "documents": len(made.documents)})
        return
    say(
        f"{when}：资料 {len(made.documents)} 篇，事实 {len(made.fact_lines)} 条，报告 {'、'.join(made.editions)}；指纹 {made.digest[:12]}"
    )
    print_text(str(path))


@app.command()
def run(  # noqa: PLR0913  an argument is an option of the command
    *,
    edition: Annotated[str, typer.Option(help="哪一种报告")] = "radar",
    section: Annotated[list[str] | None, typer.Option(help="哪些栏目，可重复；* 是整期；默认 overview")] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(metavar="[NAME=]PATH", help="要比的提示词：文件（按文件名对应栏目）或文件夹，可重复"),
    ] = None,
    edit: Annotated[
        list[str] | None, typer.Option(metavar="NAME:旧=>新", help="在第一个栏目现有提示词上改一处，可重复")
    ] = None,
    no_current: Annotated[bool, typer.Option("--no-current", help="不把现有提示词算作第一个参赛者")] = False,
    model: Annotated[list[str] | None, typer.Option(help="哪些模型，可重复；默认设置里的")] = None,
    temperature: Annotated[list[float] | None, typer.Option(help="采样温度，可重复；默认提示词里写的")] = None,
    frozen: Frozen = None,
    day: Annotated[list[str] | None, typer.Option(help="只用这几天，可重复")] = None,
    samples: Annotated[int, typer.Option(min=1, help="同一题问几次")] = 1,
    parallel: Annotated[int, typer.Option(min=1, help="同时进行几个")] = 4,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="总词元上限，到了就停")] = None,
    max_money: Annotated[str | None, typer.Option(help="总费用上限，到了就停；需要 --price")] = None,
    price: Annotated[str | None, typer.Option(metavar="IN,OUT", help="每百万词元的价格，如 2,8")] = None,
    name: Annotated[str, typer.Option(help="实验的名字")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="接着做上次没做完的实验（--name 可指定哪一个）")] = False,
    json: Json = False,
) -> None:
    """在冻结的日子上试提示词：每个参赛者写同样的栏目，逐个核对、计量、比较。

    \b
    做完的不重做，付过费的回答不再付；中断后用 --resume 接着做。没做完退出码 1。
    例：
      quantshark lab run --section overview --variant short=drafts/overview.prompty
      quantshark lab run --section overview --section lesson --edit "plain:说清=>说明白" --samples 3
      quantshark lab run --section '*' --variant drafts/ --model big --model small --max-tokens 300000
      quantshark lab run --resume
    """
    from quantshark.lab import office
    from quantshark.settings import load

    settings = load()
    tariff = _price(price)
    caps = office.Caps(tokens=max_tokens, money=_number(max_money, "--max-money") if max_money else None)
    asked = Asked(variant or (), edit or (), model or (), temperature or (), no_current)
    wish = Wish(name, edition, section or ["overview"], asked, samples, frozen or (), day or ())
    with office.database(settings) as book:
        wanted = _unfinished(book, name) if resume else None
        bench = office.bench(settings, wanted.edition if wanted else edition, book.journal, caps, tariff)
        plan, days = _taken_up(wanted, wish, settings, bench) if wanted else _planned(wish, settings, bench)
        done = _try(plan, days, bench, book, parallel)
    show_experiment(done, measured_by(settings, days), json=json)
    if not done.finished:
        raise typer.Exit(NOT_DONE)


class Wish(NamedTuple):
    """What is to be tried, as it was typed."""

    name: str
    edition: str
    sections: Sequence[str]
    asked: Asked
    samples: int
    frozen: Sequence[Path]
    days: Sequence[str]


def _planned(wish: Wish, settings: Settings, bench: Bench) -> tuple[Plan, Sequence[FrozenDay]]:
    from quantshark.lab import grid, office

    days = office.find_days(settings, wish.frozen, wish.days)
    named = _contenders(settings, wish.edition, wish.sections[0], wish.asked)
    name = wish.name or _name(wish.edition, wish.sections)
    return grid.plan_of(name, wish.edition, wish.sections, named, days, bench, wish.samples, wish.frozen), days


def _taken_up(plan: Plan, wish: Wish, settings: Settings, bench: Bench) -> tuple[Plan, Sequence[FrozenDay]]:
    """The plan of a run that was cut off, on its very own days; the bench shows as much, in the same style, as before."""
    from quantshark.lab import office

    bench.context_tokens, bench.style = plan.context_tokens, plan.style
    return plan, office.find_days(settings, [Path(path) for path in plan.paths] or wish.frozen, list(plan.days))


def _try(plan: Plan, days: Sequence[FrozenDay], bench: Bench, book: Work, parallel: int) -> Experiment:
    import asyncio

    from quantshark.lab import office

    with progress("试写") as tell:
        told = _progress(tell, plain=not sys.stderr.isatty())
        return asyncio.run(office.carry_out(plan, days, bench, book, parallel, told))


def _progress(tell: Tell, *, plain: bool) -> Progress:
    """A bar where somebody looks, a line a trial where a log is kept."""

    def told(done: int, total: int, trial: Trial | None, spent: Usage) -> None:
        paid = f"，已付 {spent.tokens_in}+{spent.tokens_out} 词元" + (
            f" {spent.cost:.4f}" if spent.cost is not None else ""
        )
        tell(done, total, f"{trial.name if trial else '试写'}{paid}")
        if plain:
            say(f"{done}/{total} {trial.name if trial else '已有'}{paid}")

    return told


def _contenders(settings: Settings, edition: str, section: str, asked: Asked) -> tuple[Contender, ...]:
    from quantshark.errors import SettingsError
    from quantshark.lab import variants

    folder = settings.prompts_dir
    named = [] if asked.no_current else [variants.current()]
    named += [variants.from_path(told, edition, folder) for told in asked.paths]
    named += [variants.from_edit(told, section, edition, folder, settings.llm.style) for told in asked.edits]
    models = asked.models or [settings.llm.model]
    if not all(models):
        raise SettingsError(
            "no model is named; set QUANTSHARK_LLM__MODEL or give --model",
            notice="没有指定模型：设置 QUANTSHARK_LLM__MODEL，或用 --model 给出",
        )
    return variants.contenders(named, models, asked.heats or [None])


class Asked(NamedTuple):
    """The contenders as they were typed."""

    paths: Sequence[str]
    edits: Sequence[str]
    models: Sequence[str]
    heats: Sequence[float]
    no_current: bool


def _unfinished(book: Work, name: str) -> Plan:
    """The plan of the newest experiment that was not finished."""
    from quantshark.errors import LabError
    from quantshark.lab import grid

    open_runs = [record for record in grid.experiments(book) if record.state == "open"]
    wanted = [record for record in open_runs if not name or record.name.removeprefix(grid.EXPERIMENT) == name]
    if not wanted:
        raise LabError(
            "no experiment is unfinished; start one with `quantshark lab run`, see `quantshark lab list`",
            notice="没有未完成的实验；用 quantshark lab run 开始一次，quantshark lab list 列出全部",
        )
    return grid.read(wanted[0].run_id, book).plan


def _number(told: str, what: str) -> Decimal:
    try:
        value = Decimal(told)
    except InvalidOperation:
        raise typer.BadParameter(f"{what} {told!r} 不是数字") from None
    if not value.is_finite() or value < 0:
        raise typer.BadParameter(f"{what} {told!r} 要大于零")
    return value


def _price(told: str | None) -> Price | None:
    if told is None:
        return None
    from quantshark.writers.calls import Price

    tokens_in, comma, tokens_out = told.partition(",")
    if not comma:
        raise typer.BadParameter(f"--price {told!r} 要写成 输入价,输出价，如 2,8")
    first = _number(tokens_in, "--price")
    return Price(first, _number(tokens_out, "--price"), first, "")


def _name(edition: str, sections: Sequence[str]) -> str:
    return f"{edition}-{'-'.join(section.replace('*', 'all') for section in sections)}"


@app.command(name="list")
def list_(*, json: Json = False) -> None:
    """做过的实验，新的在前。

    \b
    例：
      quantshark lab list
    """
    from quantshark.lab import grid, office
    from quantshark.settings import load

    with office.database(load()) as book:
        found = grid.experiments(book)
        done = {record.run_id: len(book.steps(record.run_id)) - 1 for record in found}
    if json:
        print_json(
            [
                {
                    "run": r.run_id,
                    "name": r.name.removeprefix(grid.EXPERIMENT),
                    "state": r.state,
                    "trials": done[r.run_id],
                    "opened_at": r.opened_at,
                }
                for r in found
            ]
        )
        return
    if not found:
        say("还没有实验。从这里开始：quantshark lab run --help")
    for record in found:
        state = {"open": "未做完", "done": "做完", "failed": "失败"}[record.state]
        print_text(
            f"{record.run_id[:8]}  {record.opened_at:%m-%d %H:%M}  {state}  {done[record.run_id]} 次  {record.name.removeprefix(grid.EXPERIMENT)}"
        )


@app.command()
def show(
    name: Name = "",
    *,
    frozen: Frozen = None,
    export: Annotated[Path | None, typer.Option(help="把每次试写和指标写成 .csv、.json 或 .parquet")] = None,
    record: Annotated[Path | None, typer.Option(help="把模型的回答存成文件，以后没有模型也能重放")] = None,
    json: Json = False,
) -> None:
    """看一个实验的结果：指标、差别的区间、是否分出胜负。

    \b
    例：
      quantshark lab show
      quantshark lab show radar-overview --export trials.csv
    """
    from quantshark.lab import export as tables
    from quantshark.lab import recording
    from quantshark.settings import load

    settings = load()
    with opened(settings, name, frozen or ()) as (book, experiment, days):
        measured = measured_by(settings, days)
        show_experiment(experiment, measured, json=json)
        if export is not None:
            say(f"写好了 {tables.write(tables.rows(experiment, measured), export)}")
        if record is not None:
            recording.save(recording.record(experiment, book.journal), record)
            say(f"写好了 {record}")


@app.command()
def promote(
    name: Name = "",
    *,
    variant: Annotated[str, typer.Option(help="哪一个参赛者；默认第二个")] = "",
    baseline: Annotated[
        bool, typer.Option("--baseline", help="不换提示词，只把这个参赛者记为 lab gate 的基准")
    ] = False,
    frozen: Frozen = None,
    json: Json = False,
) -> None:
    """让胜出的提示词上岗：写进提示词文件，附上比较结果和一行改动记录，等你提交；分不出胜负就不写（退出码 1）。

    \b
    例：
      quantshark lab promote radar-overview
      quantshark lab promote radar-overview --variant current --baseline
    """
    from datetime import UTC, datetime

    from quantshark.editions import roots
    from quantshark.lab import promoting
    from quantshark.lab.comparing import compare
    from quantshark.settings import load

    settings = load()
    with opened(settings, name, frozen or ()) as (book, experiment, days):
        measured, folder = measured_by(settings, days), roots(settings.prompts_dir)
        names = [contender.name for contender in experiment.plan.contenders]
        wanted = variant or names[0 if baseline else -1]
        contender = promoting.contender_of(experiment, wanted)
        if baseline:
            kept = promoting.keep_baseline(experiment, contender, folder, book.journal, measured)
            say(f"{wanted} 记为基准：{kept}")
            return
        comparison = next((c for c in compare(experiment, measured) if c.second == wanted), None)
        if comparison is None or comparison.winner != wanted:
            why = comparison.why if comparison else f"{wanted} 是被比较的一方"
            if json:
                print_json({"promoted": False, "why": why})
            say(f"没有换上 {wanted}。{why}")
            raise typer.Exit(NOT_DONE)
        done = promoting.promote(experiment, comparison, folder, book.journal, measured, datetime.now(UTC).date())
    if json:
        print_json({"promoted": True, "files": done.files, "line": done.line})
        return
    say(done.line)
    for file in done.files:
        print_text(str(file))


@app.command()
def gate(
    *,
    frozen: Frozen = None,
    tolerance: Annotated[float, typer.Option(min=0, max=1, help="允许下降多少（占比）")] = 0.005,
    json: Json = False,
) -> None:
    """回归关：用现在的提示词和代码重做上次上岗的实验，准确或覆盖下降就退出 1，供 CI 使用。

    \b
    没有改动的问题用记录里的回答，不花钱；改了提示词要有模型才能重做，没有模型退出 2。
    例：
      quantshark lab gate
      quantshark lab gate --json
    """
    from quantshark.editions import roots
    from quantshark.lab import gate as gates
    from quantshark.lab import office, promoting, recording
    from quantshark.settings import load
    from quantshark.writers.prompt_book import PromptBook

    settings = load()
    folder = roots(settings.prompts_dir)
    found = promoting.baselines(folder)
    if not found:
        say(f"{folder / promoting.BASELINES} 里没有基准；先用 quantshark lab promote 换上或用 --baseline 记下一个")
        raise typer.Exit(BAD_INPUT)
    passed: list[Passage] = []
    with office.database(settings) as book, progress("过关") as tell:
        for place, known in enumerate(found):
            tell(place, len(found), known.edition)
            asking = None if settings.llm.configured else recording.replaying(recording.Recording())
            bench = office.bench(settings, known.edition, book.journal, office.Caps(), asking=asking)
            days = office.find_days(settings, frozen or (), list(known.days))
            files = PromptBook(folder).as_now(office.edition_of(settings, known.edition))
            passed.append(gates.pass_through(known, days, files, bench, book))
    tell_gate(passed, tolerance, json=json)


@app.command()
def fidelity(
    *,
    frozen: Frozen = None,
    day: Annotated[list[str] | None, typer.Option("--day", "--days", help="只用这几天，可重复")] = None,
    most: Annotated[int, typer.Option(min=1, help="每天每类最多几条")] = 40,
    seed: Annotated[int, typer.Option(help="抽样的种子")] = 20251212,
    json: Json = False,
) -> None:
    """核对器的成绩单：把冻结日里的真句子改错或换个说法，看核对器抓住多少、误伤多少。

    \b
    例：
      quantshark lab fidelity
      quantshark lab fidelity --day 2025-12-12 --json
    """
    from quantshark.lab import fidelity as cards
    from quantshark.lab import office
    from quantshark.settings import load

    days = office.find_days(load(), frozen or (), day or ())
    with progress("核对") as tell:
        card = cards.measure(days, most, seed, tell)
    if json:
        print_json(cards.as_object(card))
    else:
        show_card(card)


app.command()(days)
app.command()(judge)
