"""编辑确认: a figure that nobody could prove and that two people let stand, with their reason. It is shown, never hidden.

Only what is unsourced or unread may be waived: a figure that the sources contradict is false, whoever confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from quantshark.errors import ReleaseError
from quantshark.model import WAIVABLE, Verdict

WAIVED = "waived"
BOUND = "bound_by_hand"
"""The reason of a verdict whose fact an editor named; value, unit and sign were compared all the same."""


class Waiver(BaseModel):
    """Why a figure may stand without a proof, who asked for it, who confirmed it and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    confirmed_by: str = Field(min_length=1)
    at: datetime

    @model_validator(mode="after")
    def _takes_two(self) -> Self:
        if self.by == self.confirmed_by:
            raise ValueError(f"{self.by} asked for this waiver and confirmed it; a second person has to confirm")
        return self


Waivers = Mapping[tuple[int, int], Waiver]
"""Waivers by the span of the figure in the printed text."""


def standing(verdicts: Iterable[Verdict], waivers: Waivers) -> tuple[Verdict, ...]:
    """The verdicts that still block once the waivers are counted. A waiver that nothing asks for is a ReleaseError."""
    held = tuple(verdicts)
    stray = set(waivers) - {(each.start, each.end) for each in held if each.status in WAIVABLE}
    if stray:
        raise ReleaseError(
            f"the waiver at {min(stray)} stands on no unsourced or unread figure; waive the span of a verdict of this text",
            spans=tuple(sorted(stray)),
        )
    return tuple(each for each in held if each.blocks and (each.start, each.end) not in waivers)
