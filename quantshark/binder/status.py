"""The six things a verdict can say."""

from __future__ import annotations

from typing import Literal

Status = Literal["supported", "derived", "exempt", "refuted", "unsourced", "unread"]
