"""The lab's trials as an Inspect AI task: any model that Inspect can reach writes, our check scores.

    pip install 'quantshark[eval]'
    inspect eval examples/inspect_lab.py --model openai/gpt-4o-mini -T section=overview
    inspect eval examples/inspect_lab.py --model openai/gpt-4o-mini -T variant=drafts/overview.prompty

A sample is a frozen day. The solver lets the house's own writer (form, repair, check) ask Inspect's model; the scores are
the measures that decide in `quantshark lab run`.
"""

from __future__ import annotations

from datetime import date

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    ResponseSchema,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import JSONSchema

from quantshark.lab import office, variants
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.measures import MEASURES, measure
from quantshark.lab.trials import Bench, Cell, Trial, attempt
from quantshark.lab.variants import Contender
from quantshark.model import Event, Usage
from quantshark.settings import load
from quantshark.writers.calls import Ask, Budget, Endpoint, Reply
from quantshark.writers.prompt_book import PromptBook

DECIDING = tuple(known.slug for known in MEASURES if known.decides)


class InspectChat:
    """Inspect's model behind the wire that our writers speak."""

    def __init__(self, model: Model) -> None:
        self.name = str(model)
        self._model = model

    async def send(self, ask: Ask) -> Reply:
        told: list[ChatMessage] = [
            ChatMessageSystem(content=text) if role == "system" else ChatMessageUser(content=text)
            for role, text in ask.messages
        ]
        schema = None
        if ask.schema is not None:
            schema = ResponseSchema(name=ask.schema_name, json_schema=JSONSchema.model_validate(ask.schema))
        config = GenerateConfig(max_tokens=ask.max_tokens, temperature=ask.temperature, response_schema=schema)
        output = await self._model.generate(told, config=config)
        return Reply(output.completion, _finish(output), output.model, _usage(output))


def _finish(output: ModelOutput) -> str:
    return "length" if output.stop_reason in ("max_tokens", "model_length") else "stop"


def _usage(output: ModelOutput) -> Usage:
    used = output.usage
    return Usage(tokens_in=used.input_tokens, tokens_out=used.output_tokens) if used else Usage()


class Forgetful:
    """Inspect caches and logs by itself; nothing is kept here beyond a sample."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self._kept.get(key)

    def put(self, key: str, reply: str) -> None:
        self._kept[key] = reply


@task
def prompt_lab(edition: str = "radar", section: str = "overview", variant: str = "") -> Task:
    """One section of an edition on every frozen day; `variant` is a prompt file, else the present prompt is tried."""
    settings = load()
    days = {day.day.isoformat(): day for day in office.find_days(settings, ())}
    tried = variants.from_path(variant, edition, settings.prompts_dir) if variant else variants.current()
    files = PromptBook.of(settings.prompts_dir).as_now(office.edition_of(settings, edition))
    samples = [Sample(input=f"{day} {edition}/{section}", id=day, target="") for day in days]
    return Task(
        dataset=MemoryDataset(samples, name="frozen days"),
        solver=write(days, Contender(tried, "inspect"), edition, section, files),
        scorer=check(days),
        name=f"prompt_lab_{edition}_{section}",
    )


@solver
def write(days: dict[str, FrozenDay], contender: Contender, edition: str, section: str, files: PromptBook) -> Solver:
    """Let the contender write the sample's day."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001  our writer asks in its own way
        chat = InspectChat(get_model())
        bench = Bench(lambda _who, _cell, journal: Endpoint(chat, journal=journal), Forgetful(), Budget.of(3600), files)
        cell = Cell(date.fromisoformat(str(state.sample_id)), edition, section)
        trial = await attempt(contender, cell, days[str(state.sample_id)], bench, _unheard)
        state.metadata["trial"] = trial
        state.output = ModelOutput.from_content(model=chat.name, content=trial.text)
        return state

    return solve


def _unheard(_event: Event) -> None:
    """Inspect has its own log."""


@scorer(metrics={"*": [mean(), stderr()]})
def check(days: dict[str, FrozenDay]) -> Scorer:
    """The measures that decide, from the same check that guards what is published."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001  the sources are the target
        trial: Trial = state.metadata["trial"]
        values = measure(trial, days[str(state.sample_id)].context(trial.cell.edition))
        told = {slug: float(value) for slug in DECIDING if (value := values[slug]) is not None}
        held = "；".join(f"{verdict.surface}：{verdict.message}" for verdict in trial.verdicts if verdict.blocks)
        return Score(value=told, answer=trial.text, explanation=held or "每个数字都有据")

    return score
