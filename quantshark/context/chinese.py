"""Simplified to traditional characters, as Hong Kong prints them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast


def to_traditional(text: str) -> str:
    """The words of a report in traditional characters; figures keep their digits."""
    return _converter()(text)


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415 - only reports in traditional characters pay for its dictionaries

    return cast("Callable[[str], str]", OpenCC("s2hk").convert)  # pyright: ignore[reportUnknownMemberType] - it ships no types
