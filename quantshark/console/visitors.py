"""Who is asking, and what they may: sessions, single sign-on behind a trusted proxy, tokens of programs, and form tokens.

A form carries a token made from its visitor's secret, so no other site can fill one in. Programs send a bearer token and
no cookie; they need no form token, and a cookie alone never reaches the API's writing verbs.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from quantshark.console.office import Office, office_of
from quantshark.newsroom.people import Person

SESSION = "quantshark"
BEFORE = "quantshark_door"
"""The cookie of somebody who has not signed in yet; it only ties the sign-in form to its browser."""
FIELD = "form_token"
WHILE_DUE = frozenset({"/me", "/me/password", "/sign-out"})
"""What is open to somebody with a one-time password: a token made with it would outlive it."""
RANK = {"writer": 0, "editor": 1, "chief": 2}
TRIES = 5
WINDOW = 300.0
MOST_FIELDS = 60
MOST_BYTES = 5_000_000
"""Of one field: a Chinese character takes nine bytes in a form."""


class SignInNeededError(Exception):
    """Nobody is signed in."""


class PasswordDueError(Exception):
    """Somebody came in with a one-time password and has to change it first."""


class NotAllowedError(Exception):
    """Somebody is signed in and may not do this; the message is for them."""


class StaleFormError(Exception):
    """The form's token is not this visitor's."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person. `secret` ties forms to the session; a program has none and needs none."""

    person: Person
    secret: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def form_token(self) -> str:
        return token_of(self.secret)

    def may(self, role: str) -> bool:
        return RANK[self.person.role] >= RANK[role]


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that its own visitor sent."""

    visitor: Visitor
    values: Mapping[str, str]
    files: tuple[UploadFile, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def token_of(secret: str) -> str:
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def is_token_of(secret: str, given: str) -> bool:
    """Is this the form token of that secret? Compared as bytes: what a form gives may hold any character."""
    return hmac.compare_digest(given.encode(errors="replace"), token_of(secret).encode())


async def visitor(request: Request) -> Visitor:
    """The signed-in person of this request. Raises SignInNeededError and PasswordDueError."""
    office = office_of(request)
    found = await run_in_threadpool(known, request, office)
    if found is None:
        raise SignInNeededError
    if found.person.must_change and request.url.path not in WHILE_DUE:
        raise PasswordDueError
    return found


def of_token(secret: str, office: Office) -> Visitor | None:
    """The person of a token."""
    person = office.people.of_token(secret)
    return Visitor(_vouched(person) if office.door.user_header else person) if person else None


def _vouched(person: Person) -> Person:
    """Who signs in elsewhere has no password here to change."""
    return replace(person, must_change=False)


def known(request: Request, office: Office) -> Visitor | None:
    """Who a request says it is from, as far as it can be believed."""
    people = office.people
    bearer = request.headers.get("authorization", "")
    if bearer.lower().startswith("bearer "):
        return of_token(bearer[7:].strip(), office)
    told = from_proxy(request, office)
    if told is not None:
        person = people.person(told)
        return Visitor(_vouched(person), _proxy_secret(office, told)) if person and not person.barred else None
    session = request.cookies.get(SESSION, "")
    person = people.of_session(session) if session else None
    return Visitor(person, session) if person else None


def address_of(request: Request, office: Office) -> str:
    """Where a request comes from: what a trusted proxy forwards for, else who connects."""
    host = request.client.host if request.client else ""
    for told in reversed(request.headers.get("x-forwarded-for", "").split(",")):
        if host not in office.door.proxies or not told.strip():
            break
        host = told.strip()
    return host


def from_proxy(request: Request, office: Office) -> str | None:
    """The name that a trusted proxy gives; from anyone else the header means nothing."""
    door = office.door
    host = request.client.host if request.client else ""
    if not door.user_header or host not in door.proxies:
        return None
    return request.headers.get(door.user_header) or None


def _proxy_secret(office: Office, name: str) -> str:
    return hmac.new(office.secret, name.encode(), hashlib.sha256).hexdigest()


Signed = Annotated[Visitor, Depends(visitor)]


def at_least(role: str) -> Callable[..., Awaitable[Visitor]]:
    """A dependency: the visitor, if they are of this role or above."""

    async def allowed(visitor: Signed) -> Visitor:
        require(visitor, role)
        return visitor

    return allowed


def require(visitor: Visitor, role: str) -> None:
    if not visitor.may(role):
        needed = {"editor": "编辑", "chief": "主编"}.get(role, role)
        raise NotAllowedError(f"这一步要{needed}来做；请找一位{needed}，或请主编改您的身份。")


async def posted(request: Request, visitor: Signed) -> AsyncGenerator[Posted]:
    """The form of a signed-in visitor, its files open as long as the request. Raises StaleFormError where its token is
    not theirs."""
    async with request.form(max_fields=MOST_FIELDS, max_files=8, max_part_size=MOST_BYTES) as form:
        values, files = _plain(form)
        if not visitor.secret or not is_token_of(visitor.secret, values.get(FIELD, "")):
            raise StaleFormError
        yield Posted(visitor, values, files)


def _plain(form: FormData) -> tuple[dict[str, str], tuple[UploadFile, ...]]:
    values: dict[str, str] = {}
    files: list[UploadFile] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.append(value)
        else:
            values[name] = value.replace("\r\n", "\n").replace("\0", "\ufffd")
    return values, tuple(files)


Form = Annotated[Posted, Depends(posted)]


class Turnstile:
    """Slows down who guesses a password: so many failures for one name from one address, then a pause.

    Neither alone is a key: an address may be that of a proxy before everybody, and a name must not be shut by a stranger.
    """

    def __init__(self, tries: int = TRIES, window: float = WINDOW) -> None:
        self._tries, self._window = tries, window
        self._failed: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, *keys: str) -> int:
        """Seconds until the next try, 0 for at once."""
        now = time.monotonic()
        with self._lock:
            self._failed = {key: times for key, times in self._failed.items() if times[-1] > now - self._window}
            full = [times for key in keys if len(times := self._failed.get(key, deque())) >= self._tries]
            return max((int(times[0] + self._window - now) + 1 for times in full), default=0)

    def failed(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                self._failed.setdefault(key, deque(maxlen=self._tries)).append(time.monotonic())

    def passed(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                self._failed.pop(key, None)


def new_secret() -> str:
    return secrets.token_urlsafe(32)
