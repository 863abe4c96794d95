"""Drafts that are being written, each in a process of its own: a page never waits for a draft, and a draft can be stopped.

What a draft tells on its way stands in the store, so any console shows it. A child ends with its console; the run it
leaves behind is open, and `take_up` starts it again: finished sections are not written, nor paid for, twice.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from quantshark.errors import QuantSharkError
from quantshark.newsroom import Assignment, Newsroom
from quantshark.newsroom.slots import is_silent
from quantshark.settings import Settings

RUN_NAME = re.compile(r"draft (?P<edition>\S+) (?P<day>\d{4}-\d\d-\d\d) (?P<script>hans|hant)")
NICE = 15
"""Whoever reads a page goes before a draft: with less, five drafts on two cores make every tenth page wait."""
GRACE = 3.0
REMEMBERED = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Job:
    """A draft that this console started: waiting, running, or over, with what went wrong."""

    slot: str
    by: str
    started: datetime
    waiting: bool = True
    over: bool = False
    error: str = ""

    @property
    def running(self) -> bool:
        return not self.over


class Drafting:
    """At most `at_once` drafts side by side; the others wait their turn."""

    def __init__(self, settings: Settings, at_once: int = 2) -> None:
        self._settings = settings
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="draft")
        self._spawn = multiprocessing.get_context("spawn")
        self._jobs: dict[str, Job] = {}
        self._children: dict[str, BaseProcess] = {}
        self._lock = threading.Lock()

    def job(self, slot: str) -> Job | None:
        return self._jobs.get(slot)

    @property
    def running(self) -> tuple[Job, ...]:
        with self._lock:
            return tuple(job for job in self._jobs.values() if job.running)

    def start(self, slot: str, task: Assignment, by: str) -> bool:
        """Write this slot; False where it is being written already."""
        with self._lock:
            known = self._jobs.get(slot)
            if known is not None and known.running:
                return False
            self._jobs[slot] = Job(slot, by, datetime.now(UTC))
        self._pool.submit(self._write, slot, task, by)
        return True

    def stop(self, slot: str) -> bool:
        """End the draft of a slot at once; False where none is being written here."""
        with self._lock:
            job = self._jobs.get(slot)
            if job is None or job.over:
                return False
            self._jobs[slot] = replace(job, over=True, error="已取消")
            child = self._children.get(slot)
        if child is not None:
            child.terminate()
        return True

    def take_up(self, newsroom: Newsroom) -> tuple[str, ...]:
        """Start again what an earlier console left half done; a run that shows life is being written elsewhere."""
        left = {run.name: run for run in newsroom.store.runs(state="open") if _recent(run.opened_at) and is_silent(run)}
        return tuple(
            slot
            for name in left
            for slot, task in _task_of(name, newsroom.settings)
            if self.start(slot, task, left[name].actor)
        )

    def close(self) -> None:
        for job in self.running:
            self.stop(job.slot)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _write(self, slot: str, task: Assignment, by: str) -> None:
        ours, theirs = self._spawn.Pipe(duplex=False)
        with self._lock:
            if self._jobs[slot].over:
                return
            self._jobs[slot] = replace(self._jobs[slot], waiting=False)
            child = self._spawn.Process(target=write, args=(self._settings, task, by, theirs), daemon=True)
            self._children[slot] = child
        child.start()
        theirs.close()
        told = _answer(ours)
        child.join(GRACE)
        if child.is_alive():
            child.kill()
            child.join()
        with self._lock:
            self._children.pop(slot, None)
            job = self._jobs[slot]
            if not job.over:
                self._jobs[slot] = replace(job, over=True, error=told)


def _answer(pipe: Connection) -> str:
    """What the child says at its end: nothing where all went well."""
    try:
        return str(pipe.recv())
    except EOFError:
        return "写稿进程中断了，请再按一次“现在起草”，写好的段落会接着用"


def write(settings: Settings, task: Assignment, by: str, pipe: Connection) -> None:
    """What the child does: write one draft and say how it ended."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        asyncio.run(Newsroom(settings).draft(task, actor=by))
    except QuantSharkError as error:
        pipe.send(str(getattr(error, "notice", error)))
    else:
        pipe.send("")
    pipe.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _recent(opened: datetime) -> bool:
    return datetime.now(UTC) - opened < REMEMBERED


def _task_of(name: str, settings: Settings) -> Iterator[tuple[str, Assignment]]:
    found = RUN_NAME.fullmatch(name)
    if found is not None:
        day = date.fromisoformat(found["day"])
        script = "hant" if found["script"] == "hant" else "hans"
        task = Assignment(found["edition"], day, script=script, out=settings.home / "drafts", release=False)
        yield f"{found['edition']}-{day}-{script}", task
