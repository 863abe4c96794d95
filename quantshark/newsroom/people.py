"""People: accounts by role, passwords (scrypt), sessions, and tokens for programs.

A secret is shown once, when it is made; what is kept is its hash. A wrong name takes as long to refuse as a wrong password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Literal, cast

from quantshark.errors import EditError, NotFoundError, RightsError
from quantshark.store import Account, Store, Token

Role = Literal["writer", "editor", "chief"]
ROLES: tuple[Role, ...] = ("writer", "editor", "chief")
"""From the least to the most that they may."""
CHIEF = "主编"
LEAST = 10
MOST = 200
LONGEST_NAME = 40
# 16 MB and some 50 ms a try: cheap for a person, dear for a guesser.
COST, BLOCK, PARALLEL = 2**14, 8, 1


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here."""

    name: str
    role: Role
    must_change: bool = False
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Welcome:
    """A new account with its one-time password, to be told once."""

    name: str
    password: str


class People:
    """Who may come in, and as what."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def everyone(self) -> tuple[Person, ...]:
        return tuple(_person(account) for account in self._store.accounts())

    def person(self, name: str) -> Person | None:
        account = self._store.account(name)
        return _person(account) if account else None

    def first_chief(self) -> Welcome | None:
        """The first account of a new house; None where there is one already."""
        password = new_password()
        if not self._store.first_account(CHIEF, "chief", hashed(password)):
            return None
        self._store.audit("add person", CHIEF, "chief", "")
        return Welcome(CHIEF, password)

    def add(self, name: str, role: str, by: str) -> Welcome:
        """A new account. Raises EditError for a name that is empty, too long, or taken."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise EditError(f"{name!r} is no name for an account", notice=f"姓名要有 1 到 {LONGEST_NAME} 个字。")
        password = new_password()
        if not self._store.add_account(name, _role(role), hashed(password)):
            raise EditError(f"there is an account {name!r} already", notice=f"已经有“{name}”的账号了，请换一个姓名。")
        self._store.audit("add person", name, role, by)
        return Welcome(name, password)

    def set_role(self, name: str, role: str, by: str) -> None:
        self._keep_a_chief(name, losing=role != "chief")
        if not self._store.change_account(name, role=_role(role)):
            raise NotFoundError(f"no account {name!r}")
        self._store.audit("set role", name, role, by)

    def bar(self, name: str, by: str, *, barred: bool = True) -> None:
        """Shut somebody out, sessions and tokens included, or let them in again."""
        self._keep_a_chief(name, losing=barred)
        if not self._store.change_account(name, barred=barred):
            raise NotFoundError(f"no account {name!r}")
        self._store.audit("bar" if barred else "unbar", name, "", by)

    def reset_password(self, name: str, by: str) -> Welcome:
        """A new one-time password; the old one and all sessions end."""
        password = new_password()
        if not self._store.change_account(name, password=hashed(password), must_change=True):
            raise NotFoundError(f"no account {name!r}")
        self._store.audit("reset password", name, "", by)
        return Welcome(name, password)

    def set_password(self, name: str, password: str, by: str) -> None:
        """Raises EditError for one that is too short."""
        if not LEAST <= len(password) <= MOST:
            raise EditError("the password is too short or too long", notice=f"密码要有 {LEAST} 到 {MOST} 个字符。")
        self._store.change_account(name, password=hashed(password))
        self._store.audit("set password", name, "", by)

    def sign_in(self, name: str, password: str) -> Person | None:
        """The person, if name and password are right and nobody barred them."""
        account = self._store.account(name)
        fits = matches(password, account.password if account else _nobody())
        return _person(account) if account and fits and not account.barred else None

    def open_session(self, name: str, lasts: timedelta) -> str:
        """The secret of a new session."""
        secret = secrets.token_urlsafe(32)
        self._store.open_session(digest(secret), name, lasts)
        return secret

    def of_session(self, secret: str) -> Person | None:
        account = self._store.of_session(digest(secret))
        return _person(account) if account else None

    def close_session(self, secret: str) -> None:
        self._store.close_session(digest(secret))

    def add_token(self, name: str, label: str) -> str:
        """The secret of a new token."""
        secret, number = f"qs_{secrets.token_urlsafe(32)}", secrets.token_hex(4)
        self._store.add_token(digest(secret), number, name, label[:60])
        self._store.audit("add token", name, f"{number} {label[:60]}", name)
        return secret

    def of_token(self, secret: str) -> Person | None:
        account = self._store.of_token(digest(secret))
        return _person(account) if account else None

    def tokens(self, name: str) -> tuple[Token, ...]:
        return self._store.tokens(name)

    def drop_token(self, name: str, number: str) -> bool:
        dropped = self._store.drop_token(name, number)
        if dropped:
            self._store.audit("drop token", name, number, name)
        return dropped

    def _keep_a_chief(self, name: str, *, losing: bool) -> None:
        chiefs = {person.name for person in self.everyone() if person.role == "chief" and not person.barred}
        if losing and chiefs == {name}:
            raise RightsError("the last chief stays", notice="这是最后一位主编；请先让另一个人做主编。")


def new_password() -> str:
    """Four groups that can be read over a telephone: no 0, O, 1, l."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${COST}${BLOCK}${PARALLEL}${_b64(salt)}${_b64(_scrypt(password, salt, COST, BLOCK, PARALLEL))}"


def matches(password: str, kept: str) -> bool:
    _, cost, block, parallel, salt, wanted = kept.split("$")
    made = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(made, base64.b64decode(wanted))


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    told = password[:MOST].encode("utf-8", "surrogatepass")
    return hashlib.scrypt(told, salt=salt, n=cost, r=block, p=parallel, maxmem=64 * 2**20)


@cache
def _nobody() -> str:
    """The hash that a name without an account is held against."""
    return hashed(secrets.token_urlsafe(16))


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def digest(secret: str) -> str:
    """Secrets of ours are long and random, so a plain hash keeps them."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _role(told: str) -> Role:
    if told not in ROLES:
        raise EditError(f"no role {told!r}", notice="身份只有撰稿、编辑、主编三种。")
    return told


def _person(account: Account) -> Person:
    return Person(account.name, cast(Role, account.role), account.must_change, account.barred)
