"""Replies that were paid once, in a file: an experiment can be played again without a model.

A recording holds which replies each trial used, in order. A question that is asked again word for word gets the very reply
it got; where the wording of a prompt has changed since, the trial gets its replies in their order (`loose`), the last one
again where the check asks more often than it did, or fails.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from quantshark.errors import LabError, ModelError
from quantshark.lab.grid import Experiment
from quantshark.lab.trials import Asking, Cell
from quantshark.lab.variants import Contender
from quantshark.model import Journal, Usage
from quantshark.writers.calls import Ask, Endpoint, Reply, paid_for


@dataclass(frozen=True)
class Recording:
    """Replies by the hash of what was asked, and the hashes of each trial in order."""

    replies: Mapping[str, str] = field(default_factory=dict[str, str])
    trials: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


_RECORDING = TypeAdapter(Recording)


def record(experiment: Experiment, journal: Journal) -> Recording:
    """What an experiment was answered."""
    trials = {trial.name: trial.keys for trial in experiment.trials}
    kept = {key: journal.get(key) for keys in trials.values() for key in keys}
    return Recording({key: reply for key, reply in kept.items() if reply is not None}, trials)


def save(recording: Recording, path: Path) -> None:
    told = json.dumps(_RECORDING.dump_python(recording, mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(told + "\n", "utf-8")


def load(path: Path) -> Recording:
    """Raises LabError."""
    try:
        return _RECORDING.validate_json(path.read_bytes())
    except (OSError, ValidationError) as problem:
        why = " ".join(str(problem).split())[:160]
        raise LabError(
            f"{path} is no recording ({why}); record one with `quantshark lab show --record FILE`",
            notice=f"{path} 不是回答的记录；用 quantshark lab show --record 文件 存一份",
        ) from problem


def replaying(recording: Recording, *, loose: bool = False) -> Asking:
    """How to ask nobody: replies come from the recording."""

    def ask(contender: Contender, cell: Cell, journal: Journal) -> Endpoint:
        if not loose:
            return Endpoint(_Silent(contender.model, ()), journal=_Over(journal, recording.replies), attempts=1)
        name = f"{contender.name}/{cell.name}"
        said = [recording.replies[key] for key in recording.trials.get(name, ()) if key in recording.replies]
        # Two contenders may ask the same by now; each gets what it was told then.
        return Endpoint(_Silent(contender.model, said), journal=_Apart(journal, name), attempts=1)

    return ask


class _Over:
    """A journal that knows a recording as well."""

    def __init__(self, journal: Journal, replies: Mapping[str, str]) -> None:
        self._journal = journal
        self._replies = replies

    def get(self, key: str) -> str | None:
        kept = self._journal.get(key)
        if kept is None and key in self._replies:
            kept = self._replies[key]
            self._journal.put(key, kept)
        return kept

    def put(self, key: str, reply: str) -> None:
        self._journal.put(key, reply)


class _Apart:
    """A journal in which a trial finds its own replies alone."""

    def __init__(self, journal: Journal, name: str) -> None:
        self._journal = journal
        self._name = name

    def get(self, key: str) -> str | None:
        return self._journal.get(f"{self._name}:{key}")

    def put(self, key: str, reply: str) -> None:
        self._journal.put(f"{self._name}:{key}", reply)


class _Silent:
    """A model that says again what it said in this trial, in order; asked on, it repeats itself, as small models do."""

    def __init__(self, name: str, said: Sequence[str]) -> None:
        self.name = name
        self._said = list(said)

    async def send(self, ask: Ask) -> Reply:
        if not self._said:
            raise ModelError(
                f"no recorded reply for this question to {self.name} ({len(ask.messages)} messages); "
                "the prompt or the facts have changed since: configure a model and run it again",
                final=True,
                notice="没有这个问题的记录：提示词、措辞或事实改过，要有模型才能重做",
            )
        told = self._said.pop(0) if len(self._said) > 1 else self._said[0]
        kept = json.loads(told)
        used = paid_for(told)
        return Reply(
            kept["text"], kept["finish"], kept["model"], Usage(1, used.tokens_in, used.tokens_out, used.tokens_cached)
        )
