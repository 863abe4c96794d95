"""The console under load: 50 editors who open a page every 5 s each, while drafts are written beside them.

A real console in a process of its own over the demonstration's material. What is told is the time from a request to its
last byte.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import httpx

from quantshark.newsroom import Assignment, Newsroom
from quantshark.newsroom.people import People
from quantshark.settings import load
from tests.benchmarks.measuring import Row, at_most
from tests.conftest import ROOT
from tests.console.browser import serving

DAY = "2025-12-12"
EDITORS = 50
EVERY = 5.0
SECONDS = 30.0
PASSWORD = "for the measuring only"  # noqa: S105  made up
EDITIONS = ("midday", "close", "scan", "theme", "radar")


def measure() -> Iterator[Row]:
    folder = Path(tempfile.mkdtemp())
    try:
        draft = _stock(folder)
        with serving(folder, 0, "--day", DAY, "--drafts", "5") as (address, _):
            times = asyncio.run(_load(address, draft))
    finally:
        shutil.rmtree(folder)
    p95 = 1000 * statistics.quantiles(times, n=20)[-1]
    how = f"{len(times)} pages in {SECONDS:.0f} s by {EDITORS} editors, 5 drafts at work all the time"
    yield at_most("console, p95 of a page", p95, 200, "ms", how)
    yield Row(
        what="console, median of a page", measured=f"{1000 * statistics.median(times):.0f} ms", how="the same pages"
    )


def _stock(home: Path) -> str:
    newsroom = Newsroom(load(home=home))
    newsroom.ingest([ROOT / "fixtures" / "2025-12"])
    people = People(newsroom.store)
    people.add("编辑", "editor", "bench")
    people.set_password("编辑", PASSWORD, "bench")
    task = Assignment("radar", date.fromisoformat(DAY), writer="rules", release=False, out=home / "drafts")
    made = asyncio.run(newsroom.draft(task))
    newsroom.store.close()
    return made.draft_id


async def _load(address: str, draft: str) -> list[float]:
    limits = httpx.Limits(max_connections=EDITORS, max_keepalive_connections=EDITORS, keepalive_expiry=60)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60, follow_redirects=True) as client:
        await _sign_in(client)
        pages = ("/", f"/drafts/{draft}", "/releases", f"/drafts/{draft}", "/channels")
        for page in dict.fromkeys(pages):
            await client.get(page)
        token = _token((await client.get("/me")).text)
        end = time.monotonic() + SECONDS
        drafting = asyncio.create_task(_keep_drafting(client, token, end))
        told = await asyncio.gather(*(_editor(client, pages, number, end) for number in range(EDITORS)))
        await drafting
    return [seconds for times in told for seconds in times]


async def _keep_drafting(client: httpx.AsyncClient, token: str, end: float) -> None:
    """Ask for five drafts, and again for each that is done: five are at work all the time."""
    while time.monotonic() < end:
        for edition in EDITIONS:
            await client.post(f"/slots/{edition}/{DAY}/hans/draft", data={"form_token": token}, follow_redirects=False)
        await asyncio.sleep(1)


async def _sign_in(client: httpx.AsyncClient) -> None:
    page = await client.get("/sign-in")
    given = {"form_token": _token(page.text), "name": "编辑", "password": PASSWORD, "next": "/"}
    (await client.post("/sign-in", data=given)).raise_for_status()


async def _editor(client: httpx.AsyncClient, pages: tuple[str, ...], number: int, end: float) -> list[float]:
    await asyncio.sleep(EVERY * number / EDITORS)
    times: list[float] = []
    while time.monotonic() < end:
        begun = time.monotonic()
        (await client.get(pages[(number + len(times)) % len(pages)])).raise_for_status()
        times.append(time.monotonic() - begun)
        await asyncio.sleep(max(0.0, EVERY - times[-1]))
    return times


def _token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]*)"', page)
    if found is None:
        raise ValueError("the page has no form")
    return unescape(found[1])
