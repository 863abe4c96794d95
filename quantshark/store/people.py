"""Who may come in: accounts, sessions and the tokens of programs. Passwords and secrets are here as hashes only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from quantshark.store import schema
from quantshark.store.database import STORING, Database, moment, stamp


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account; `password` is the hash as `newsroom.people` writes it."""

    name: str
    role: str
    password: str = field(repr=False)
    must_change: bool
    barred: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What a program shows instead of a password; `number` tells it from its owner's others."""

    number: str
    name: str
    label: str
    made_at: datetime
    used_at: datetime | None


class Accounts(Database):
    """Accounts, sessions and tokens, in and out."""

    def accounts(self) -> tuple[Account, ...]:
        """By name."""
        with self.reading() as connection:
            rows = connection.execute(select(schema.people).order_by(schema.people.c.name))
            return tuple(_account(row) for row in rows)

    def account(self, name: str) -> Account | None:
        with self.reading() as connection:
            row = connection.execute(select(schema.people).where(schema.people.c.name == name)).one_or_none()
        return None if row is None else _account(row)

    def add_account(self, name: str, role: str, password: str) -> bool:
        """A new account whose password is to be changed at the first sign-in; False where the name is taken."""
        row = {
            "name": name,
            "role": role,
            "password": password,
            "must_change": 1,
            "barred": 0,
            "made_at": self.now(),
        }
        with self.writing(STORING) as connection:
            return self.insert_new(connection, schema.people, row)

    def first_account(self, name: str, role: str, password: str) -> bool:
        """The very first account; False where there is one already, whichever process made it."""
        row = {"name": name, "role": role, "password": password, "must_change": 1, "barred": 0, "made_at": self.now()}
        with self.writing(STORING) as connection:
            if connection.execute(select(func.count()).select_from(schema.people)).scalar_one():
                return False
            return self.insert_new(connection, schema.people, row)

    def change_account(
        self,
        name: str,
        *,
        role: str | None = None,
        password: str | None = None,
        must_change: bool = False,
        barred: bool | None = None,
    ) -> bool:
        """Change what is given. A new password and a bar end the sessions; a bar ends the tokens as well."""
        values: dict[str, Any] = {}
        if role is not None:
            values["role"] = role
        if password is not None:
            values |= {"password": password, "must_change": int(must_change)}
        if barred is not None:
            values["barred"] = int(barred)
        with self.writing(STORING) as connection:
            found = connection.execute(update(schema.people).where(schema.people.c.name == name).values(values))
            if password is not None or barred:
                connection.execute(delete(schema.sessions).where(schema.sessions.c.name == name))
            if barred:
                connection.execute(delete(schema.tokens).where(schema.tokens.c.name == name))
            return found.rowcount == 1

    def open_session(self, digest: str, name: str, lasts: timedelta) -> None:
        row = {"digest": digest, "name": name, "made_at": self.now(), "expires_at": stamp(self.clock() + lasts)}
        with self.writing() as connection:
            connection.execute(delete(schema.sessions).where(schema.sessions.c.expires_at < self.now()))
            self.insert_new(connection, schema.sessions, row)

    def close_session(self, digest: str) -> None:
        with self.writing() as connection:
            connection.execute(delete(schema.sessions).where(schema.sessions.c.digest == digest))

    def of_session(self, digest: str) -> Account | None:
        """Whose session it is, while it lasts."""
        people, sessions = schema.people, schema.sessions
        query = select(people).join(sessions, sessions.c.name == people.c.name)
        mine = query.where(sessions.c.digest == digest, sessions.c.expires_at > self.now(), people.c.barred == 0)
        with self.reading() as connection:
            row = connection.execute(mine).one_or_none()
        return None if row is None else _account(row)

    def add_token(self, digest: str, number: str, name: str, label: str) -> None:
        row = {
            "digest": digest,
            "number": number,
            "name": name,
            "label": label,
            "made_at": self.now(),
            "used_at": None,
        }
        with self.writing() as connection:
            self.insert_new(connection, schema.tokens, row)

    def drop_token(self, name: str, number: str) -> bool:
        columns = schema.tokens.c
        with self.writing() as connection:
            mine = delete(schema.tokens).where(columns.name == name, columns.number == number)
            return connection.execute(mine).rowcount == 1

    def tokens(self, name: str) -> tuple[Token, ...]:
        """Newest first."""
        columns = schema.tokens.c
        query = select(schema.tokens).where(columns.name == name).order_by(columns.made_at.desc(), columns.number)
        with self.reading() as connection:
            return tuple(_token(row) for row in connection.execute(query))

    def of_token(self, digest: str) -> Account | None:
        """Whose token it is; when it was used is kept to the minute."""
        people, tokens = schema.people, schema.tokens
        query = select(people, tokens.c.used_at).join(tokens, tokens.c.name == people.c.name)
        with self.reading() as connection:
            row = connection.execute(query.where(tokens.c.digest == digest, people.c.barred == 0)).one_or_none()
        if row is None:
            return None
        if row.used_at is None or self.clock() - moment(row.used_at) > timedelta(minutes=1):
            with self.writing() as connection:
                connection.execute(update(tokens).where(tokens.c.digest == digest).values(used_at=self.now()))
        return _account(row)


def _account(row: Any) -> Account:  # Any: a row
    return Account(row.name, row.role, row.password, bool(row.must_change), bool(row.barred), moment(row.made_at))


def _token(row: Any) -> Token:  # Any: a row
    used = None if row.used_at is None else moment(row.used_at)
    return Token(row.number, row.name, row.label, moment(row.made_at), used)
