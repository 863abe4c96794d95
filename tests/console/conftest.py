"""A console over a small house: one day's material, an account for each role, and browsers that need no network."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from quantshark.console import Door, create_app
from quantshark.console.office import Office
from quantshark.newsroom import Assignment, Newsroom
from quantshark.newsroom.people import People
from quantshark.settings import load
from tests.conftest import ROOT

DAY = "2025-12-12"
MATERIAL = ROOT / "fixtures" / "2025-12"
LAST_DAYS = re.compile(r"12-1[12]")
PASSWORD = "long enough 密码"  # noqa: S105  made up
STAFF = {"主编": "chief", "编辑甲": "editor", "编辑乙": "editor", "撰稿人": "writer"}


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has read the fixtures of the day, made once and copied for every test that changes it."""
    home = tmp_path_factory.mktemp("stocked")
    newsroom = Newsroom(load(home=home))
    newsroom.ingest(sorted(path for path in MATERIAL.rglob("*.*") if LAST_DAYS.search(path.name)))
    people = People(newsroom.store)
    for name, role in STAFF.items():
        people.add(name, role, "test")
        people.set_password(name, PASSWORD, "test")
    task = Assignment("radar", date.fromisoformat(DAY), writer="rules", release=False, out=home / "drafts")
    asyncio.run(newsroom.draft(task, actor="编辑甲"))
    newsroom.store.close()
    return home


@pytest.fixture
def home(stocked: Path, tmp_path: Path) -> Path:
    place = tmp_path / "home"
    shutil.copytree(stocked, place)
    return place


@dataclass
class Desk:
    """An editor without JavaScript."""

    client: TestClient
    name: str

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    def post(self, path: str, page: str = "/me", status: int = 200, **values: str) -> str:
        """Send a form with the token that `page` gave."""
        return self.fill(path, values, page, status)

    def fill(self, path: str, values: Mapping[str, str], page: str = "/me", status: int = 200) -> str:
        """The same for names that are no words of Python."""
        answer = self.client.post(path, data={"form_token": form_token(self.get(page)), **values})
        assert answer.status_code == status, answer.text[:2000]
        return answer.text


def form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]*)"', page)
    assert found, page[:500]
    return unescape(found[1])


@pytest.fixture
def newsroom(home: Path) -> Generator[Newsroom]:
    room = Newsroom(load(home=home))
    yield room
    room.store.close()


SignIn = Callable[[str], Desk]


@pytest.fixture
def sign_in(newsroom: Newsroom) -> Generator[SignIn]:
    """Signs a person in at a console of its own kind: all of them share the house."""
    app = create_app(newsroom, Door())
    open_clients: list[TestClient] = []

    def signed(name: str) -> Desk:
        client = TestClient(app, base_url="http://testserver")
        if not open_clients:
            client.__enter__()
        open_clients.append(client)
        page = client.get("/sign-in").text
        answer = client.post(
            "/sign-in", data={"form_token": form_token(page), "name": name, "password": PASSWORD, "next": "/"}
        )
        assert answer.status_code == 200, answer.text[:2000]
        return Desk(client, name)

    yield signed
    if open_clients:
        open_clients[0].__exit__(None, None, None)


DRAFT = f"radar-{DAY}-hans-d1"
RIGHT, WRONG = "52.87亿港元", "25.87亿港元"


@pytest.fixture
def planted(newsroom: Newsroom) -> str:
    """A second draft whose first section says a wrong figure, and one that no source has."""
    return plant(newsroom)


def plant(newsroom: Newsroom) -> str:
    saved = newsroom.store.draft(DRAFT)
    first, *rest = saved.draft.sections
    assert RIGHT in first.text
    text = first.text.replace(RIGHT, WRONG, 1) + "\n\n本地某机构预计明年派息增加37.5亿港元。"
    draft = replace(saved.draft, sections=(replace(first, text=text, marks=()), *rest))
    return newsroom.store.save_draft(draft, saved.text, saved.run_id, parent=DRAFT, actor="撰稿人", note="种错")


def office_of(desk: Desk) -> Office:
    return desk.client.app.state.office  # type: ignore[attr-defined]
