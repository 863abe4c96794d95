"""Simplified and traditional characters, as the mainland and Hong Kong print them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from quantshark.lexicon.script import is_traditional


def to_traditional(text: str) -> str:
    """The words of a report in traditional characters; figures keep their digits."""
    return _converter("s2hk")(text)


def to_simplified(text: str) -> str:
    """The words of a traditional source in simplified characters; what is simplified already stays untouched."""
    return _converter("t2s")(text) if is_traditional(text) else text


@lru_cache(maxsize=2)
def _converter(name: str) -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415 - only reports that change the script pay for its dictionaries

    return cast("Callable[[str], str]", OpenCC(name).convert)  # pyright: ignore[reportUnknownMemberType] - it ships no types
