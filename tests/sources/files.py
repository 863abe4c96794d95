"""Write a file and read it, or read why it was refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantshark.errors import SourceError
from quantshark.model import Document
from quantshark.sources import LIMITS, Limits, Refusal, read
from quantshark.sources.refused import refusal_of


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_one(folder: Path, name: str, content: str | bytes) -> Document:
    (document,) = read(write(folder, name, content))
    return document


def refusal(folder: Path, name: str, content: str | bytes, limits: Limits = LIMITS) -> Refusal:
    path = write(folder, name, content)
    with pytest.raises(SourceError) as caught:
        read(path, limits)
    found = refusal_of(caught.value)
    assert found.path == str(path)
    assert str(path) in found.message
    assert str(path) in found.notice
    return found
