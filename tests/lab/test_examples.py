"""The lab in other harnesses: Inspect AI runs the task with its own mock model; promptfoo's two functions are called as it calls them.

promptfoo itself is a Node program that is not installed here; its configuration is read, its provider and assertion run.
"""

from __future__ import annotations

import importlib.util
import json
import logging
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tiktoken
import yaml

from quantshark.lab import office
from quantshark.writers.calls import Ask
from tests.conftest import ROOT
from tests.lab.conftest import FROZEN, Lab
from tests.writers.conftest import Model

FOLDER = ROOT / "examples"


def always(value: object) -> Callable[..., object]:
    return lambda *_asked: value


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_promptfoo_reads_our_configuration() -> None:
    told = yaml.safe_load((FOLDER / "promptfoo/promptfooconfig.yaml").read_text("utf-8"))
    assert told["prompts"] == ["current"]
    files = [told["providers"][0]["id"], told["defaultTest"]["assert"][0]["value"]]
    assert all((FOLDER / "promptfoo" / file.removeprefix("file://")).is_file() for file in files)
    days = [test["vars"]["day"] for test in told["tests"]]
    assert all((FROZEN / f"{day}.frozen.jsonl.xz").is_file() for day in days)


def test_promptfoo_provider_and_assertion_make_a_trial(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("HOME", tmp_path), ("LLM__MODEL", "stub"), ("LLM__BASE_URL", "http://127.0.0.1:9/v1")):
        monkeypatch.setenv(f"QUANTSHARK_{name}", str(value))
    monkeypatch.setattr(office, "find_days", always(lab.days[1:]))
    monkeypatch.setattr(office, "_asking", always(lab.asking))
    provider, assertion = (module(FOLDER / "promptfoo" / f"{name}.py") for name in ("trial", "verdicts"))
    asked = {"vars": {"day": "2025-12-12", "edition": "radar", "section": "overview"}}
    told: dict[str, Any] = provider.call_api("current", {}, asked)
    assert set(told) == {"output", "tokenUsage", "cost", "metadata"}
    assert told["tokenUsage"]["total"] > 1000
    verdict = assertion.get_assert(told["output"], asked)
    assert (verdict["pass"], verdict["score"]) == (True, 1.0)
    assert set(verdict["namedScores"]) == {"proved", "coverage", "structure", "citations"}
    spoilt = json.dumps(json.loads(told["output"]) | {"held": ["52.78：资料中没有这个数字"]})
    assert assertion.get_assert(spoilt, asked)["pass"] is False
    assert provider.call_api("missing=nowhere.prompty", {}, asked)["error"].startswith("no prompt file at")


@pytest.fixture
def own_logs(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Inspect sets the level and the handlers of the whole process; they are put back."""
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(logging.getLogger(), "handlers", [*logging.getLogger().handlers])


BYTES = tiktoken.Encoding(
    "bytes", pat_str=r"[\s\S]", mergeable_ranks={bytes([n]): n for n in range(256)}, special_tokens={}
)
"""Inspect counts tokens by ranks that it would fetch from the network, which the suite keeps shut: a byte is one here."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("own_logs")
def test_inspect_runs_the_task_with_its_mock_model(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import inspect_ai  # noqa: PLC0415  four seconds of imports, for this test alone
    from inspect_ai.model import ModelOutput, get_model  # noqa: PLC0415

    evaluate: Callable[..., list[Any]] = vars(inspect_ai)["eval"]
    stub = Model()
    monkeypatch.setattr(office, "find_days", always(lab.days[1:]))
    monkeypatch.setattr(tiktoken, "get_encoding", always(BYTES))

    def answer(told: list[Any], _tools: object, _choice: object, config: Any) -> ModelOutput:
        properties = config.response_schema.json_schema.properties
        ask = Ask(tuple((message.role, message.text) for message in told))
        text = json.dumps({key: stub.say(key, ask) for key in properties}, ensure_ascii=False)
        return ModelOutput.from_content(model="mock", content=text)

    task = module(FOLDER / "inspect_lab.py").prompt_lab()
    (log,) = evaluate(
        task,
        model=get_model("mockllm/model", custom_outputs=answer),
        log_dir=str(tmp_path),
        display="none",
        log_level="error",
    )
    assert log.status == "success", log.error
    assert log.results
    scores = {score.name: score.metrics["mean"].value for score in log.results.scores}
    assert scores == {"proved": 1.0, "false": 0.0, "coverage": 1.0, "dropped": 0.0}
