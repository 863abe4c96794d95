"""`quantshark lab judge`: a model reads the pairs of an experiment blind, and how far people agree with it is told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from quantshark.cli.lab_book import Frozen, Json, Name, opened
from quantshark.cli.terminal import Tell, print_json, print_text, progress

if TYPE_CHECKING:  # the lab is imported by the command that runs
    from collections.abc import Sequence

    from quantshark.lab.grid import Experiment
    from quantshark.lab.reading import Agreement, ModelJudge, Pair, Tally, Vote
    from quantshark.store.work import Work

STUB_ONLY = "模型评审只用替身测试过，没有用真实模型量过准不准；以人的盲读为准"


def judge(
    name: Name = "",
    *,
    model: Annotated[str, typer.Option(help="谁来评：同一端点上的另一个模型，不能是写稿的那个")],
    against: Annotated[str, typer.Option(help="与第一个参赛者比的是谁；默认最后一个")] = "",
    frozen: Frozen = None,
    json: Json = False,
) -> None:
    """请另一个模型盲读：每对读两遍、左右对调，两遍一致才算数；并报告它和人的投票有多一致。

    \b
    例：
      quantshark lab judge --model big
      quantshark lab judge radar-overview --model big --json
    """
    from quantshark.lab import office, reading
    from quantshark.settings import load

    settings = load()
    with opened(settings, name, frozen or ()) as (book, experiment, _days):
        names = [contender.name for contender in experiment.plan.contenders]
        pairs = reading.pairs(experiment, names[0], against or names[-1])
        reader = office.judge(settings, model, experiment, book)
        with progress("盲读") as tell:
            cast = asyncio.run(_read(reader, pairs, book, experiment, tell))
        told = reading.tally(cast, names[0], against or names[-1])
        agreed = reading.agreement(reading.votes(book, experiment))
    if json:
        print_json({"judge": reader.name, "pairs": len(pairs), "tally": told, "agreement": agreed, "note": STUB_ONLY})
        return
    _show(reader.name, names[0], against or names[-1], told, agreed)


async def _read(
    reader: ModelJudge, pairs: Sequence[Pair], book: Work, experiment: Experiment, tell: Tell
) -> tuple[Vote, ...]:
    from quantshark.lab import reading
    from quantshark.newsroom import staff

    try:
        cast: list[Vote] = []
        for place, pair in enumerate(pairs):
            tell(place, len(pairs), pair.name)
            cast.append(reading.vote(book, experiment, pair, await reader.prefers(pair), reader.name))
        return tuple(cast)
    finally:
        await staff.close()


def _show(judge_name: str, first: str, second: str, told: Tally, agreed: Agreement) -> None:
    shown = "" if told.shown else "，没有看出差别"
    print_text(
        f"{judge_name}：{first} {told.first}，{second} {told.second}，相当 {told.same}；符号检验 p={told.p:.3f}{shown}"
    )
    if agreed.pairs:
        kappa = "—" if agreed.kappa is None else f"{agreed.kappa:.2f}"
        print_text(f"与人的投票：{agreed.pairs} 对里 {agreed.agreed} 对一致，kappa {kappa}")
    else:
        print_text("还没有人盲读过：在笔记本里投几票，才知道它和人有多一致")
    print_text(f"注意：{STUB_ONLY}")
