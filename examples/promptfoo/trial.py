"""promptfoo's provider: a variant writes a section of a frozen day with the configured model. Replies are paid once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Any

from quantshark.errors import QuantSharkError
from quantshark.lab import grid, office, variants
from quantshark.lab.measures import measure
from quantshark.settings import load

Told = dict[str, Any]  # promptfoo speaks JSON


def call_api(prompt: str, options: Told, context: Told) -> Told:  # noqa: ARG001  promptfoo's signature
    """`prompt` is a variant (`current`, or NAME=PATH); the test's variables say what is written."""
    asked = context["vars"]
    try:
        return _trial(prompt.strip(), str(asked["day"]), str(asked["edition"]), str(asked["section"]))
    except QuantSharkError as error:
        return {"error": str(error)}


def _trial(told: str, day: str, edition: str, section: str) -> Told:
    settings = load()
    variant = (
        variants.current() if told == variants.CURRENT else variants.from_path(told, edition, settings.prompts_dir)
    )
    days = office.find_days(settings, (), [day])
    with office.database(settings) as book:
        bench = office.bench(settings, edition, book.journal, office.Caps())
        named = variants.contenders([variant], [settings.llm.model], [None])
        plan = grid.plan_of(f"promptfoo-{variant.name}", edition, [section], named, days, bench)
        done = asyncio.run(office.carry_out(plan, days, bench, book, 1, lambda *_told: None))
    if not done.trials:
        return {"error": done.stopped or next(iter(done.failed.values()), "the trial was not made")}
    trial = done.trials[0]
    values = measure(trial, days[0].context(edition, bench.folder))
    used = trial.usage
    return {
        "output": json.dumps(
            {
                "text": trial.text,
                "measures": values,
                "held": [f"{verdict.surface}：{verdict.message}" for verdict in trial.verdicts if verdict.blocks],
            },
            ensure_ascii=False,
        ),
        "tokenUsage": {
            "prompt": used.tokens_in,
            "completion": used.tokens_out,
            "total": used.tokens_in + used.tokens_out,
        },
        "cost": float(used.cost or 0),
        "metadata": {"usage": json.loads(json.dumps(asdict(used), default=str)), "run": done.run_id},
    }
