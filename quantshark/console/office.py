"""What every page is given: the newsroom, the running drafts, the templates, and where this console stands."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse

from quantshark import editions
from quantshark.console import words
from quantshark.console.board import Board
from quantshark.console.drafting import Drafting
from quantshark.console.proofs import Proofs
from quantshark.console.pulse import Pulse
from quantshark.model import SHANGHAI
from quantshark.newsroom import Newsroom
from quantshark.newsroom.people import People

HERE = Path(__file__).parent
MENU = (("/", "今日"), ("/sources", "资料"), ("/releases", "成品"), ("/channels", "渠道"))
CHIEF_MENU = (("/people", "人员"), ("/audit", "记录"))
SAID = "said"


@dataclass(frozen=True, slots=True)
class Door:
    """How the console is reached. Names in `user_header` are believed only from `proxies`."""

    host: str = "127.0.0.1"
    port: int = 8000
    https: bool = False
    proxies: tuple[str, ...] = ()
    user_header: str = ""
    session_hours: int = 12
    day: date | None = None
    """The day that the desk opens on; None is today."""
    drafts_at_once: int = 2


@dataclass(frozen=True, slots=True)
class Channel:
    """A place that releases go to, and what it is in words."""

    name: str
    label: str


def templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = words.number
    shared: dict[str, Any] = {  # Any: whatever a template names
        "clock": words.clock,
        "long_day": words.long_day,
        "ago": words.ago,
        "cost": words.cost,
        "looks": words.LOOKS,
        "states": words.STATES,
        "roles": words.ROLES,
        "kinds": words.KINDS,
        "writers": words.WRITERS,
        "detail": words.detail,
        "feed_states": words.FEEDS,
        "kinds_of_wish": words.WISHES,
        "stamp": _stamp(),
    }
    made.globals.update(shared)
    return made


def _stamp() -> str:
    """Changes when a static file does, so that browsers may keep them."""
    files = sorted((HERE / "static").iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


@dataclass(frozen=True)
class Office:
    """One console over one newsroom."""

    newsroom: Newsroom
    door: Door
    drafting: Drafting
    pulse: Pulse
    proofs: Proofs
    board: Board
    people: People
    pages: Environment = field(default_factory=templates)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def today(self) -> date:
        """The day that the desk opens on: the day of the newest material in a demonstration, else today."""
        return self.door.day or datetime.now(SHANGHAI).date()

    def editions(self) -> tuple[str, ...]:
        return editions.slugs(self.newsroom.settings.prompts_dir)

    def channels(self) -> tuple[Channel, ...]:
        """Where a release can be sent from here."""
        settings = self.newsroom.settings
        named = (Channel(name, f"{name}（{words.CHANNELS[told.kind]}）") for name, told in settings.channels.items())
        return (Channel(f"site:{settings.home / 'published'}", "本机的小网站（首页和订阅）"), *named)

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """A page from its template; values are escaped."""
        return self.pages.get_template(template).render(values)


def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


async def _here(request: Request) -> Office:
    """On the loop: a plain function would cost each page a trip to a thread and back."""
    return office_of(request)


Here = Annotated[Office, Depends(_here)]


def see_other(url: str, said: str = "") -> RedirectResponse:
    """Where a form leads when it is done; what was done is told there once."""
    answer = RedirectResponse(url, status_code=303)
    if said:
        answer.set_cookie(SAID, said.encode().hex(), max_age=30, httponly=True, samesite="lax")
    return answer


def hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


def html(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status_code=status)
