"""Channels that take a release: an open set with one method. A receipt is what the channel answered, and a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from quantshark.model import Receipt, Release


def utc_now() -> datetime:
    """The clock of receipts; tests give their own."""
    return datetime.now(UTC)


class Target(Protocol):
    """Sending the same release twice leaves the channel as sending it once; a refusal is a `TargetError`.

    A channel that cannot be asked what it has (a chat robot, a mailbox) says so with `tells = False`: what was cut off
    in the middle of sending is then for a person to decide, and never sent again by itself.
    """

    @property
    def name(self) -> str: ...

    @property
    def tells(self) -> bool: ...

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt: ...
