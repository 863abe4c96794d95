"""Where the lab's parts meet: its database, its frozen days, and how a model is asked.

The database is the lab's own (`lab.db` in the home): journal, runs and steps, and no verb that could send anything out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from quantshark.editions import Edition, load
from quantshark.errors import LabError, SettingsError
from quantshark.lab import frozen as days
from quantshark.lab import grid
from quantshark.lab.frozen import FrozenDay
from quantshark.lab.grid import Experiment, Plan, Progress
from quantshark.lab.reading import ModelJudge
from quantshark.lab.trials import Asking, Bench, Cell
from quantshark.lab.variants import Contender
from quantshark.model import Journal
from quantshark.newsroom import staff
from quantshark.settings import Settings
from quantshark.store.work import Work
from quantshark.writers.calls import Ask, Budget, Chat, Endpoint, Price, Reply
from quantshark.writers.prompt_book import PromptBook

SHIPPED = Path(__file__).parent / "days"
"""The five days that ship, frozen from the fixtures, and recorded replies for them."""


@dataclass(frozen=True)
class Caps:
    """What a run may cost in all; None is no cap. A cap on money needs a price."""

    seconds: float = 24 * 3600.0
    tokens: int | None = None
    money: Decimal | None = None


def database(settings: Settings) -> Work:
    """The lab's own database."""
    return Work.open(f"sqlite:///{(settings.home / 'lab.db').as_posix()}")


def own_days(settings: Settings) -> Path:
    """Where `lab freeze` puts days, and `lab run` looks first."""
    return settings.home / "frozen"


def find_days(settings: Settings, paths: Sequence[Path], wanted: Sequence[str] = ()) -> tuple[FrozenDay, ...]:
    """The frozen days given, else the user's own, else the five that ship; `wanted` picks some by date. Raises LabError."""
    found = days.read_all(paths or _default(settings))
    if not wanted:
        return found
    known = {day.day.isoformat(): day for day in found}
    if missing := sorted(set(wanted) - set(known)):
        raise LabError(
            f"{', '.join(missing)} is not frozen there; there are {', '.join(known)}",
            notice=f"没有冻结 {'、'.join(missing)}；有的是 {'、'.join(known)}",
        )
    return tuple(known[day] for day in sorted(set(wanted)))


def _default(settings: Settings) -> tuple[Path, ...]:
    own = own_days(settings)
    if any(own.glob(f"*{days.ENDING}")):
        return (own,)
    return (SHIPPED,)


def edition_of(settings: Settings, slug: str) -> Edition:
    return load(slug, settings.prompts_dir)


def bench(
    settings: Settings,
    edition: str,
    journal: Journal,
    caps: Caps,
    price: Price | None = None,
    asking: Asking | None = None,
) -> Bench:
    """How trials are made with these settings. Raises SettingsError where no model is configured."""
    if asking is None and not settings.llm.configured:
        raise SettingsError(
            "no model is configured; set QUANTSHARK_LLM__BASE_URL and QUANTSHARK_LLM__MODEL, or look at what ran before "
            "with `quantshark lab show`",
            notice="没有配置模型：设置 QUANTSHARK_LLM__BASE_URL 和 QUANTSHARK_LLM__MODEL；看以前的结果用 quantshark lab show",
        )
    if caps.money is not None and price is None and asking is None:
        raise SettingsError(
            "a cap on money needs a price; give --price IN,OUT per million tokens",
            notice="限定费用要知道价格：用 --price 输入价,输出价 给出每百万词元的价格",
        )
    budget = Budget.of(caps.seconds, caps.tokens, caps.money)
    files = PromptBook.of(settings.prompts_dir).as_now(edition_of(settings, edition))
    return Bench(
        asking or _asking(settings, price), journal, budget, files, settings.llm.context_tokens, settings.llm.style
    )


def judge(settings: Settings, model: str, experiment: Experiment, book: Work) -> ModelJudge:
    """A model of the configured endpoint that wrote none of the drafts. Raises SettingsError or LabError."""
    if not settings.llm.configured:
        raise SettingsError(
            "no model is configured; set QUANTSHARK_LLM__BASE_URL and QUANTSHARK_LLM__MODEL",
            notice="没有配置模型：设置 QUANTSHARK_LLM__BASE_URL 和 QUANTSHARK_LLM__MODEL",
        )
    endpoint = staff.endpoint(settings.llm, model, book.journal)
    endpoint.chat = _Named(model, endpoint.chat)
    writers = {contender.model for contender in experiment.plan.contenders}
    return ModelJudge(endpoint, staff.budget_of(settings.llm), writers, settings.prompts_dir)


async def carry_out(
    plan: Plan, frozen: Sequence[FrozenDay], bench: Bench, book: Work, parallel: int, progress: Progress
) -> Experiment:
    """A grid from start to end, the connections given back before the event loop goes."""
    try:
        return await grid.run(plan, frozen, bench, book, parallel, progress)
    finally:
        await staff.close()


@dataclass(frozen=True)
class _Named:
    """A wire under the name of its model alone: with an address in it, a question could be replayed nowhere else."""

    name: str
    chat: Chat

    async def send(self, ask: Ask) -> Reply:
        return await self.chat.send(ask)


def _asking(settings: Settings, price: Price | None) -> Asking:
    def ask(contender: Contender, _cell: Cell, journal: Journal) -> Endpoint:
        endpoint = staff.endpoint(settings.llm, contender.model, journal)
        endpoint.chat = _Named(contender.model, endpoint.chat)
        endpoint.price = price or endpoint.price
        return endpoint

    return ask
