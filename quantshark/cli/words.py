"""Words that an editor types (days, moments) and is told (what was not taken in)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import typer

from quantshark.cli.terminal import say

if TYPE_CHECKING:  # for the signature alone
    from quantshark.sources import Intake


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} 不是日期，请写成 2025-12-12") from None


def moment_of(text: str) -> datetime | time:
    for read in (time.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    raise typer.BadParameter(f"{text!r} 不是时间，请写成 08:30 或 2025-12-12T08:30")


def tell_refusals(intake: Intake) -> None:
    """What was not read, and why."""
    for refusal in intake.refusals:
        say(f"没有读入 {refusal.notice}")
    if intake.skipped:
        say(f"跳过 {len(intake.skipped)} 个不认识的文件，例如 {intake.skipped[0]}")
