"""The desk put together from the settings: plan, timetable, staff, engine, and the services that keep it going."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from quantshark import editions
from quantshark.calendars import Calendar
from quantshark.desk import plan
from quantshark.desk.alarms import Alarms
from quantshark.desk.courier import Courier
from quantshark.desk.messengers import messengers
from quantshark.desk.notices import Messenger, Notices
from quantshark.desk.plan import DeskPlan, Entry
from quantshark.desk.planner import PROCEDURE, RULES_LANE, Book, Planner
from quantshark.desk.policy import Policy, Trust, policy
from quantshark.desk.reaper import Reaper
from quantshark.desk.refresh import Refresher, Sources, Together
from quantshark.desk.timetable import Timetable
from quantshark.desk.trust import earned
from quantshark.desk.worker import Drafting, SlotWork, Staff
from quantshark.desk.writing import Writing
from quantshark.editions import Edition
from quantshark.errors import StoreError
from quantshark.newsroom import Newsroom, channels, outgoing
from quantshark.press.targets import Target
from quantshark.runs.service import Service
from quantshark.settings import Settings
from quantshark.store import Store
from quantshark.store.presence import Presence, presence

if TYPE_CHECKING:  # the engine takes a second to import; a plan needs none
    from quantshark.runs.dbos import DurableEngine

Clock = Callable[[], datetime]
POLICIES = "policies.yaml"
PLAN_SECONDS, SWEEP_SECONDS, REAP_SECONDS = 2.0, 5.0, 2.0
ALARM_SECONDS = 60.0


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything that the desk's parts are made of; tests and the demonstration give their own."""

    settings: Settings
    store: Store
    drafting: Drafting
    refresher: Refresher
    clock: Clock = utc_now
    channel: Callable[[str], Target] | None = None
    messengers: Callable[[], tuple[Messenger, ...]] = tuple
    patience: float = 5.0
    look_seconds: float = 0.25
    stop_seconds: int = 0
    traces: str = ""
    plan: DeskPlan | None = None
    trust: Callable[[str, int], Trust] | None = None
    begins: datetime | None = None
    name: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}")

    def asked(self) -> DeskPlan:
        return self.plan or plan.read(self.settings.home)

    def timetable(self) -> Timetable:
        return timetable(self.settings, self.asked())

    def entries(self) -> Mapping[tuple[str, str], Entry]:
        found = plan.entries(self.asked(), self.settings.prompts_dir)
        return {(entry.edition.slug, entry.script): entry for entry in found}

    def policy(self, name: str) -> Policy:
        return policy(name, self.settings.home / POLICIES)

    def edition(self, slug: str) -> Edition:
        """As the entries have it, which are read once; an edition that is off by now is read for itself."""
        found = (entry.edition for (name, _), entry in self.entries().items() if name == slug)
        return next(found, None) or editions.load(slug, self.settings.prompts_dir)

    def channels(self, entry: Entry) -> tuple[str, ...]:
        return entry.channels or tuple(sorted(self.settings.channels)) or (f"site:{self.settings.home / 'published'}",)

    def target(self, name: str) -> Target:
        return channels.target(name, self.settings)

    @property
    def lane(self) -> str:
        """The queue of the endpoint that writes: its limit holds on all machines together."""
        llm = self.settings.llm
        return f"model:{llm.model}" if llm.configured else RULES_LANE

    def still_due(self, slot_id: str, day: date) -> bool:
        found = self.timetable().find(slot_id, day)
        return found is not None and found.state == "due"


def of(settings: Settings, newsroom: Newsroom | None = None) -> House:
    """The house as it is set up."""
    room = newsroom or Newsroom(settings)
    asked = plan.read(settings.home)
    return House(settings, room.store, room, refresher(room, asked), messengers=lambda: messengers(settings))


def refresher(newsroom: Newsroom, asked: DeskPlan) -> Refresher:
    """The feeds that are set, the inbox in the home folder, and the folders that the desk's file names."""
    home = newsroom.settings.home
    inbox = home / "inbox"
    return Sources(newsroom, [*([inbox] if inbox.is_dir() else []), *map(Path, asked.inbox)])


def timetable(settings: Settings, asked: DeskPlan | None = None) -> Timetable:
    """The timetable as `desk.yaml` and the calendars have it now."""

    @cache
    def calendar(name: str) -> Calendar:
        return Calendar(name, settings.user_registry)

    return Timetable(plan.entries(asked or plan.read(settings.home), settings.prompts_dir), calendar)


@dataclass(frozen=True, slots=True)
class Running:
    """A desk at work."""

    house: House
    engine: DurableEngine
    planner: Planner
    courier: Courier
    notices: Notices
    reaper: Reaper
    services: tuple[Service, ...]


@contextmanager
def running(
    house: House, *, plans: bool = True, works: bool = True, in_flight: int | None = None
) -> Generator[Running]:
    """A desk that holds its lock, has its engine up, and (unless both are off) plans and works until the block ends.

    `in_flight` slots at once are worked on here; the desk's file limits those of an endpoint on all machines together.
    """
    from quantshark.runs.dbos import DurableEngine, Lane, system_url  # noqa: PLC0415  a second: only who runs pays

    notices = Notices(house.store, house.messengers)
    courier = Courier(house.store, shelf(house), house.channel or house.target, notices, house.name)
    lock = presence(house.store, house.name)
    if not lock.take():
        raise StoreError(f"another worker is called {house.name}; give this one a name of its own")
    with ExitStack() as stack:
        stack.callback(lock.drop)
        writing = stack.enter_context(Writing())
        work = SlotWork(_staff(house, writing, courier, notices))
        limits = {RULES_LANE: None, house.lane: house.asked().everywhere}
        lanes = [Lane(name, everywhere, in_flight) for name, everywhere in limits.items()]
        url = system_url(house.settings.store_url, (house.settings.home / "runs.db").as_posix())
        engine = stack.enter_context(
            DurableEngine(
                url,
                house.name,
                {PROCEDURE: work},
                lanes,
                look_seconds=house.look_seconds,
                stop_seconds=house.stop_seconds,
                traces=house.traces,
            )
        )
        book = Book(
            house.store, house.timetable, house.entries, house.policy, house.channels, notices, house.lane, house.begins
        )
        planner = Planner(book, engine)
        reaper = Reaper(house.store, engine, house.name, house.patience)
        services = [Service("presence", lambda: _keep(lock), REAP_SECONDS)] if works else []
        if works:
            services += [
                Service("reaper", reaper.look, REAP_SECONDS),
                Service("courier", courier.sweep, SWEEP_SECONDS),
                Service("notices", notices.carry, SWEEP_SECONDS),
            ]
        if plans:
            alarms = Alarms(house.store, house.timetable, notices)
            services.append(Service("alarms", lambda: alarms.look(house.clock()), ALARM_SECONDS))
            services.append(Service("planner", lambda: planner.look(house.clock()), PLAN_SECONDS))
        for service in services:
            stack.enter_context(service)
        yield Running(house, engine, planner, courier, notices, reaper, tuple(services))


def _staff(house: House, writing: Writing, courier: Courier, notices: Notices) -> Staff:
    llm = house.settings.llm
    return Staff(
        store=house.store,
        newsroom=house.drafting,
        writing=writing,
        courier=courier,
        refresher=Together(house.refresher),
        notices=notices,
        editions=house.edition,
        policies=house.policy,
        still_due=house.still_due,
        trust=house.trust or (lambda edition, enough: earned(house.store, edition, enough)),
        clock=house.clock,
        holder=house.name,
        out=house.settings.home / "drafts",
        model=llm.model if llm.configured else "",
    )


def shelf(house: House) -> outgoing.Shelf:
    return outgoing.Shelf(house.settings.home / "releases")


def _keep(lock: Presence) -> None:
    if not lock.keep():
        raise StoreError("this worker's lock is lost and cannot be taken again now")
