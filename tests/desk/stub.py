"""A newsroom that writes at once: the desk's own steps on the real store, without reading a market's news.

What it is asked to write it "pays" for through the journal and counts, so that tests can tell what was paid twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from quantshark.desk.house import House
from quantshark.desk.plan import DeskPlan, EditionPlan
from quantshark.desk.policy import Trust
from quantshark.desk.refresh import Problem
from quantshark.model import Document, Draft, Receipt, Release, Section
from quantshark.newsroom import Assignment, Outcome
from quantshark.newsroom.outgoing import Shelf
from quantshark.press.release import Bundle
from quantshark.settings import Settings
from quantshark.store import Store, release_id

SECTIONS = ("overview", "stocks", "verdict")


@dataclass(slots=True)
class StubNewsroom:
    """Writes three sections, each a paid call of `seconds`."""

    store: Store
    shelf: Shelf
    seconds: float = 0.0
    held: tuple[str, ...] = ()
    calls: Path | None = None
    """A file that gets a line for each call that was paid."""
    limit: asyncio.Semaphore | None = None

    def begin(self, task: Assignment) -> Callable[[], Coroutine[Any, Any, Outcome]]:
        return lambda: self.draft(task)

    async def draft(self, task: Assignment) -> Outcome:
        assert task.day is not None
        texts = await asyncio.gather(*(self._paid(task, slug) for slug in SECTIONS))
        text = "\n".join(texts)
        sections = tuple(Section(slug, slug, text, writer="rules") for slug, text in zip(SECTIONS, texts, strict=True))
        draft = Draft(
            task.edition, task.day, task.script, f"{task.edition} {task.day}", "", sections, "", held=self.held
        )
        if self.held:
            return Outcome(draft, text, (), None, ())
        name = release_id(task.edition, task.day, task.script, 1)
        release = Release(
            release_id=name,
            edition=task.edition,
            day=task.day,
            script=task.script,
            revision=1,
            title=draft.title,
            text=text,
            ledger="{}",
            created_at=datetime.combine(task.day, datetime.min.time()).astimezone(),
        )
        stem = release.stem
        files = {f"{stem}.md": text.encode(), f"{stem}.html": b"<p>", f"{stem}.ledger.json": b"{}"}
        self.shelf.put(Bundle(release, files))
        self.store.save_release(release)
        return Outcome(draft, text, (), release, ())

    async def _paid(self, task: Assignment, slug: str) -> str:
        key = f"{task.edition} {task.day} {task.script} {slug}"
        if (kept := self.store.journal.get(key)) is not None:
            return kept
        if self.calls is not None:
            with self.calls.open("a", encoding="utf-8") as file:
                file.write(f"{key}\n")
        if self.limit is not None:
            async with self.limit:
                await asyncio.sleep(self.seconds)
        else:
            await asyncio.sleep(self.seconds)
        self.store.journal.put(key, f"{slug}：{task.edition}")
        return f"{slug}：{task.edition}"


@dataclass(slots=True)
class Keeper:
    """A channel that remembers in a file what it was sent: once each where it `tells`, every time where it cannot."""

    folder: Path
    name: str = "keeper"
    tells: bool = True
    sent: list[str] = field(default_factory=list[str])

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "arrivals").open("a", encoding="utf-8") as file:
            file.write(f"{release.release_id}\n")
        assert f"{release.stem}.md" in files
        there = self.folder / release.release_id
        status = "unchanged" if there.exists() else "sent"
        there.write_text(release.text, encoding="utf-8")
        return Receipt(release_id=release.release_id, channel=self.name, status=status, at=datetime.now().astimezone())


class Quiet:
    """Feeds that bring nothing new."""

    def refresh(self, now: datetime) -> Sequence[Problem]:  # noqa: ARG002
        return ()


def house(
    url: str,
    home: Path,
    clock: Callable[[], datetime],
    *channels: Keeper,
    newsroom: Callable[[Store, Shelf], StubNewsroom] = StubNewsroom,
    editions: Sequence[str] = ("radar",),
    name: str = "",
) -> House:
    """A desk over the stub, on a clock of one's own."""
    store = Store.open(url, clock)
    settings = Settings.model_validate({"home": home, "database_url": url})
    off = {
        slug: EditionPlan(off=True) for slug in ("radar", "scan", "close", "theme", "midday") if slug not in editions
    }
    made = House(
        settings,
        store,
        newsroom(store, Shelf(home / "releases")),
        Quiet(),
        clock,
        lambda name: next(channel for channel in channels if channel.name == name),
        patience=0.5,
        look_seconds=0.05,
        plan=DeskPlan(policy="trusting", channels=tuple(channel.name for channel in channels), editions=off),
        trust=lambda _edition, _enough: Trust(approved=99),
    )
    return replace(made, name=name) if name else made


def stock(store: Store, day: datetime) -> None:
    """News of an hour before, so that there is something fresh."""
    store.put([(Document(f"n{day:%Y%m%d%H}", "新闻", "新闻", day - timedelta(hours=1)), [])])
