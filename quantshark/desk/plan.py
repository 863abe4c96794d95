"""What the desk is asked to do: `desk.yaml` in the home folder, strictly read; without it, every edition as it ships.

policy: standard
channels: ["site:published"]
inbox: [/srv/news]
everywhere: 8
editions:
  radar: {at: "08:20", scripts: [hans, hant], policy: supervised}
  theme: {off: true}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quantshark import editions
from quantshark.editions import Edition
from quantshark.errors import SettingsError

FILE_NAME = "desk.yaml"
Script = Literal["hans", "hant"]


class Strict(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EditionPlan(Strict):
    """What is asked of one edition; what is left out is as the edition and the desk have it."""

    off: bool = False
    at: time | None = None
    deadline_minutes: int | None = Field(default=None, ge=3)
    scripts: tuple[Script, ...] = ("hans",)
    policy: str = ""
    channels: tuple[str, ...] = ()


class DeskPlan(Strict):
    """The whole desk. Empty `channels` are all of the settings, else the site in the home folder."""

    policy: str = "standard"
    channels: tuple[str, ...] = ()
    inbox: tuple[str, ...] = ()
    """Folders that others put files into, read before a slot, beside `inbox` in the home folder."""
    everywhere: int | None = Field(default=None, ge=1)
    """How many slots may be written at once by one model endpoint, on all machines together."""
    editions: Mapping[str, EditionPlan] = Field(default_factory=dict[str, EditionPlan])


@dataclass(frozen=True, slots=True)
class Entry:
    """One edition in one script, as the desk is asked to bring it out."""

    edition: Edition
    script: Script
    at: time
    deadline_minutes: int
    policy: str
    channels: tuple[str, ...]


def read(home: Path) -> DeskPlan:
    """The desk's file in `home`. Raises SettingsError that names key and way out."""
    path = home / FILE_NAME
    if not path.is_file():
        return DeskPlan()
    try:
        return DeskPlan.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} is no YAML ({str(error).splitlines()[0]}); mend it or move it away") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: {where}: {first['msg']}; see quantshark desk plan --help", key=where) from None


def entries(plan: DeskPlan, prompts: Path | None = None) -> tuple[Entry, ...]:
    """Every edition that is not off, in each of its scripts. Read again only where a file changed."""
    root = editions.roots(prompts)
    files = sorted(root.glob("*/*.yaml"))
    stamps = tuple((file.as_posix(), file.stat().st_mtime_ns) for file in files)
    return _cached(plan.model_dump_json(), prompts, stamps)


@lru_cache(maxsize=4)
def _cached(told: str, prompts: Path | None, _stamps: tuple[tuple[str, int], ...]) -> tuple[Entry, ...]:
    plan = DeskPlan.model_validate_json(told)
    known = editions.slugs(prompts)
    if stray := set(plan.editions) - set(known):
        raise SettingsError(
            f"{FILE_NAME} names the edition {min(stray)!r}; there are {', '.join(known)}", key=min(stray)
        )
    return tuple(_entries(plan, known, prompts))


def _entries(plan: DeskPlan, known: tuple[str, ...], prompts: Path | None) -> Iterator[Entry]:
    for slug in known:
        asked = plan.editions.get(slug, EditionPlan())
        if asked.off:
            continue
        edition = editions.load(slug, prompts)
        for script in asked.scripts:
            yield Entry(
                edition,
                script,
                asked.at or edition.slot.time,
                asked.deadline_minutes or edition.slot.deadline_minutes,
                asked.policy or plan.policy,
                asked.channels or plan.channels,
            )
