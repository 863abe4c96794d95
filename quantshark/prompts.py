"""Prompt files to typed prompts: `.prompty` v2, read strictly.

A file is YAML front matter (description, inputs, output schema name, sampling) and `system:` / `user:` parts in Jinja2.
Roles are split before anything is rendered, so that no document can open a role. Inputs that are missing or spare are a
`PromptError` that lists the names; an undefined variable in the text is one too. The content hash goes into draft and
ledger.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quantshark.errors import PromptError

Role = Literal["system", "user", "assistant"]

KEPT = 256
"""Prompts and templates that are remembered by their text: an edition has some thirty."""

_FRONT = re.compile(r"\A﻿?---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_ROLE = re.compile(r"^[ \t]*(system|user|assistant)[ \t]*:[ \t]*$", re.MULTILINE)
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+")


class Input(BaseModel):
    """One input: its kind, and whether it may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["string", "array", "object", "number", "boolean"] = "string"
    description: str = ""
    default: Any = None  # whatever the file says; it goes into the template as it is
    required: bool = True


class Sampling(BaseModel):
    """How the model is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float = Field(default=0.3, ge=0, le=2)
    max_tokens: int = Field(default=800, gt=0)


class Head(BaseModel):
    """The front matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    description: str = Field(min_length=1)
    inputs: Mapping[str, Input] = Field(default_factory=dict[str, Input])
    output: str = ""
    sampling: Sampling = Sampling()
    comparison: Mapping[str, Any] = Field(default_factory=dict[str, Any])  # written by the lab, read by people
    """By which numbers this text took the place of the one before it."""


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered part."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file, read: `render` makes the messages."""

    name: str
    head: Head
    parts: tuple[tuple[Role, str], ...]
    digest: str
    path: Path = field(default_factory=Path)

    def render(self, inputs: Mapping[str, object]) -> tuple[Message, ...]:
        """The messages. Raises PromptError that lists missing and spare names."""
        needed = {name for name, spec in self.head.inputs.items() if spec.required and spec.default is None}
        if missing := needed - set(inputs):
            raise PromptError(f"{self.name} needs {_list(missing)}; pass them", missing=sorted(missing))
        if spare := set(inputs) - set(self.head.inputs):
            raise PromptError(
                f"{self.name} has no input {_list(spare)}; add them to `inputs` or leave them out", spare=sorted(spare)
            )
        values = {name: inputs.get(name, spec.default) for name, spec in self.head.inputs.items()}
        return tuple(Message(role, self._text(text, values)) for role, text in self.parts)

    def _text(self, text: str, values: Mapping[str, object]) -> str:
        try:
            return _template(text).render(values).strip()
        except TemplateError as problem:
            raise PromptError(f"{self.name} does not render: {problem}; look at its text", name=self.name) from problem


def load(path: Path) -> Prompt:
    """The prompt in `path`. Raises PromptError."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise PromptError(f"{path} cannot be read as UTF-8 ({problem}); check the path and the encoding") from problem
    return _read(text, path, hashlib.sha256(raw).hexdigest())


def parse(text: str, path: Path) -> Prompt:
    """A prompt that is not (yet) a file, held to the same rules; `path` is where it would lie. Raises PromptError."""
    return _read(text.replace("\r\n", "\n"), path, hashlib.sha256(text.encode()).hexdigest())


@lru_cache(maxsize=KEPT)
def _read(text: str, path: Path, digest: str) -> Prompt:
    """A report asks for its prompts at every call; what has been read is known by its text."""
    found = _FRONT.match(text)
    if not found:
        raise PromptError(f"{path.name} has no front matter; start with --- and close it with ---")
    prompt = Prompt(
        name=path.name,
        head=_head(found[1], path),
        parts=_split(text[found.end() :], path),
        digest=digest,
        path=path,
    )
    _declared(prompt)
    return prompt


def _head(text: str, path: Path) -> Head:
    try:
        return Head.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as problem:
        raise PromptError(f"{path.name}: the front matter is not YAML: {' '.join(str(problem).split())}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "front matter"
        raise PromptError(
            f"{path.name}: {key}: {first['msg']}; keep to description, inputs, output, sampling, comparison", key=key
        ) from problem


def _split(body: str, path: Path) -> tuple[tuple[Role, str], ...]:
    """Roles are lines of the file itself; what is rendered later cannot add one."""
    marks = list(_ROLE.finditer(body))
    if not marks or body[: marks[0].start()].strip():
        raise PromptError(f"{path.name}: the text must begin with `system:` or `user:` on a line of its own")
    ends = [*(mark.start() for mark in marks[1:]), len(body)]
    parts: tuple[tuple[Role, str], ...] = tuple(
        (_role(mark[1]), body[mark.end() : end].strip("\n")) for mark, end in zip(marks, ends, strict=True)
    )
    if empty := [role for role, text in parts if not text.strip()]:
        raise PromptError(f"{path.name}: the part {_list(empty)} is empty; write it or drop it")
    return parts


def _role(word: str) -> Role:
    return "system" if word == "system" else "user" if word == "user" else "assistant"


def _declared(prompt: Prompt) -> None:
    """Every variable of the text is an input, and every input is used: found when read, not when paid for."""
    used: set[str] = set()
    for _, text in prompt.parts:
        try:
            used |= meta.find_undeclared_variables(_environment().parse(text))
        except TemplateError as problem:
            raise PromptError(f"{prompt.name} is not Jinja2: {problem}; mend its text") from problem
    if missing := used - set(prompt.head.inputs):
        raise PromptError(
            f"{prompt.name} does not name {_list(missing)}; add them to `inputs` or drop them from the text",
            missing=sorted(missing),
        )
    if spare := set(prompt.head.inputs) - used:
        raise PromptError(
            f"{prompt.name} never uses {_list(spare)}; drop them from `inputs` or use them", spare=sorted(spare)
        )


@lru_cache(maxsize=KEPT)
def _template(text: str) -> Template:
    return _environment().from_string(text)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    # Prompts are plain text for a model, not HTML: escaping would put &quot; into Chinese prose.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)


def estimate_tokens(text: str) -> int:
    """About how many tokens: 0.75 a CJK character, 0.45 any other, rounded up."""
    wide = sum(map(len, _CJK.findall(text)))
    return math.ceil((75 * wide + 45 * (len(text) - wide)) / 100)


def count_tokens(text: str, encoding: str = "o200k_base") -> int:
    """Tokens by tiktoken where its ranks are at hand, else the estimate. Never fails a run for want of a download."""
    coder = _encoder(encoding)
    return estimate_tokens(text) if coder is None else len(coder.encode(text, disallowed_special=()))


@lru_cache(maxsize=4)
def _encoder(encoding: str) -> Any:  # tiktoken.Encoding, or None: importing it is heavy
    """The coder whose ranks are on this machine already: a run never waits for a download."""
    kept = Path(os.environ.get("TIKTOKEN_CACHE_DIR") or Path(tempfile.gettempdir()) / "data-gym-cache")
    if not kept.is_dir() or not any(kept.iterdir()):
        return None
    import tiktoken  # noqa: PLC0415 - only where its ranks are at hand

    try:
        return tiktoken.get_encoding(encoding)
    except (OSError, ValueError):
        return None


def _list(names: Iterable[object]) -> str:
    return ", ".join(sorted(str(name) for name in names))
