"""Channels that take a release: an open set with one method. A receipt is what the channel answered, and a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from quantshark.model import Receipt, Release


class Target(Protocol):
    """Sending the same release twice leaves the channel as sending it once; a refusal is a `TargetError`."""

    @property
    def name(self) -> str: ...

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt: ...
