"""`quantshark lab` as a prompt engineer types it, with a scripted model behind the settings."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from quantshark import cli
from quantshark.lab import frozen, office
from quantshark.lab.frozen import FrozenDay
from quantshark.model import Journal
from quantshark.newsroom import staff
from quantshark.writers.calls import Ask, Endpoint, Reply
from tests.conftest import ROOT
from tests.lab.conftest import CALLS, FROZEN
from tests.writers.conftest import Model, dutiful

EDIT = "short:流入说支持=>流入说回暖"
Lab = Callable[..., tuple[int, str, str]]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    stub = Model()
    values = {"HOME": tmp_path / "home", "LLM__MODEL": "stub", "LLM__BASE_URL": "http://127.0.0.1:9/v1"}
    values["PROMPTS_DIR"] = shutil.copytree(
        ROOT / "prompts", tmp_path / "prompts", ignore=shutil.ignore_patterns("promoted")
    )
    for name, value in values.items():
        monkeypatch.setenv(f"QUANTSHARK_{name}", str(value))

    def ask(_who: object, _cell: object, journal: Journal) -> Endpoint:
        return Endpoint(stub, journal=journal, attempts=1)

    def asking(_settings: object, _price: object) -> Callable[..., Endpoint]:
        return ask

    monkeypatch.setattr(office, "_asking", asking)
    return stub


@pytest.fixture
def lab(model: Model, capsys: pytest.CaptureFixture[str]) -> Lab:
    def run(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            cli.main(["lab", *arguments])
        except SystemExit as error:
            status = int(error.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def one_day(*more: str) -> tuple[str, ...]:
    return ("run", "--day", "2025-12-12", "--frozen", str(FROZEN), "--edit", EDIT, "--name", "try", *more)


def test_run_show_export_and_a_refused_promotion(lab: Lab, model: Model, tmp_path: Path) -> None:
    status, out, _ = lab(*one_day("--json"))
    told: dict[str, Any] = json.loads(out)
    assert (status, told["done"], told["wanted"], told["stopped"]) == (0, 2, 2, "")
    assert told["comparisons"][0]["winner"] == ""
    assert len(model.asked) == 2 * CALLS

    assert lab(*one_day("--json"))[0] == 0
    assert len(model.asked) == 2 * CALLS, "nothing is paid twice"

    status, out, err = lab("show", "try", "--frozen", str(FROZEN), "--export", str(tmp_path / "trials.csv"))
    assert status == 0
    assert "没有看出差别" in out
    assert "只有 1 天" in out
    assert "trials.csv" in err
    rows = list(csv.DictReader((tmp_path / "trials.csv").read_text("utf-8-sig").splitlines()))
    assert [row["contender"] for row in rows] == ["current", "short"] or len(rows) >= 2
    for ending in ("json", "parquet"):
        lab("show", "try", "--frozen", str(FROZEN), "--export", str(tmp_path / f"trials.{ending}"))
    assert json.loads((tmp_path / "trials.json").read_text("utf-8"))[0]["proved"] == 1.0
    read_table: Callable[..., Any] = vars(parquet)["read_table"]
    assert read_table(tmp_path / "trials.parquet").num_rows == 2

    status, _, err = lab("promote", "try", "--frozen", str(FROZEN))
    assert status == 1
    assert "没有换上 short。不分胜负" in err


def test_a_baseline_passes_the_gate(lab: Lab) -> None:
    lab(*one_day())
    assert lab("promote", "try", "--baseline", "--frozen", str(FROZEN))[0] == 0
    status, out, _ = lab("gate", "--frozen", str(FROZEN))
    assert status == 0
    assert re.search(r"重放 [1-9]\d* 个回答，新问 0 个", out)
    assert "✓ 有据的数字占比 100.0% → 100.0%" in out


def test_the_baseline_that_ships_passes_the_gate_without_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUANTSHARK_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as done:
        cli.main(["lab", "gate"])
    assert not done.value.code
    assert re.search(r"radar：重放 [1-9]\d* 个回答，新问 0 个", capsys.readouterr().out)


def test_the_list_names_experiments(lab: Lab) -> None:
    assert "还没有实验" in lab("list")[2]
    lab(*one_day())
    assert json.loads(lab("list", "--json")[1])[0]["name"] == "try"


def test_the_days_that_ship_are_listed_with_what_their_drift_means(lab: Lab, tmp_path: Path) -> None:
    status, out, err = lab("days")
    assert status == 0
    assert [line.split()[0][-2:] for line in out.splitlines()] == ["10", "11", "12", "15", "16"]
    assert "自带的日子，共 5 天" in err
    told = json.loads(lab("days", "--json")[1])
    assert told[2]["digest"].startswith(out.splitlines()[2].split()[-1])
    reworded = [day["day"] for day in told if day["reworded"]]
    assert ("同一次比较里各方所见相同" in err) == bool(reworded)
    again = frozen.write(as_it_reads_today(frozen.read(FROZEN / "2025-12-12.frozen.jsonl.xz")), tmp_path)
    assert "措辞" not in lab("days", "--frozen", str(again))[2]


def as_it_reads_today(day: FrozenDay) -> FrozenDay:
    return replace(day, frozen_as={slug: context.digest for slug, context in day.contexts.items()})


WRONG = [
    (("gate",), "里没有基准"),
    (("run", "--resume"), "没有未完成的实验"),
    (("show", "nothing"), "quantshark lab run 开始一次"),
    (("freeze", "--day", "2025-12-13"), "2025-12-13 不是 close、midday、radar、scan、theme 的交易日"),
    (("run", "--day", "2024-01-02", "--frozen", str(FROZEN)), "没有冻结 2024-01-02；有的是 2025-12-10"),
    (("run", "--variant", "missing.prompty", "--frozen", str(FROZEN)), "missing.prompty 没有提示词文件"),
    (("run", "--price", "two", "--frozen", str(FROZEN)), "--price 'two'"),
    (("show", "--frozen", "nowhere"), "还没有实验；用 quantshark lab run 开始一次"),
    (("days", "--frozen", "nowhere"), "nowhere 不是冻结日文件；用 quantshark lab freeze"),
    (("run", "--edit", "short:没有这句=>有", "--frozen", str(FROZEN)), "出现 0 次；引用只出现一次的一段"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_what_cannot_be_done_is_said_with_the_way_out(arguments: tuple[str, ...], told: str, lab: Lab) -> None:
    status, _, err = lab(*arguments)
    assert status == 2
    assert told in err


def test_every_command_has_an_example(lab: Lab) -> None:
    for command in ("freeze", "run", "list", "show", "promote", "gate", "fidelity", "days", "judge"):
        status, out, _ = lab(command, "--help")
        assert status == 0
        assert f"quantshark lab {command}" in out


@dataclass
class Steady:
    """A judge that prefers the same draft in both positions: 甲, then 乙."""

    name: str
    asked: int = 0

    async def send(self, ask: Ask) -> Reply:  # noqa: ARG002
        self.asked += 1
        return Reply(json.dumps({"choice": "乙甲"[self.asked % 2]}))


def test_a_model_reads_blind_and_says_how_far_people_agree(
    lab: Lab, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worded(key: str, ask: Ask) -> str:
        return dutiful(key, ask).replace("资料显示", "数据显示" if "流入说回暖" in ask.messages[1][1] else "资料显示")

    def endpoint(_llm: object, name: str, journal: Journal) -> Endpoint:
        return Endpoint(Steady(name), journal=journal, attempts=1)

    model.say = worded
    lab(*one_day())
    monkeypatch.setattr(staff, "endpoint", endpoint)
    status, out, err = lab("judge", "--model", "big", "--json")
    assert status == 0, err
    told = json.loads(out)
    assert (told["judge"], told["pairs"]) == ("model:big", 1)
    assert told["tally"]["first"] + told["tally"]["second"] == 1
    assert told["agreement"]["pairs"] == 0
    status, out, err = lab("judge", "--model", "stub")
    assert status == 2
    assert "换一个模型来评" in err


def test_a_money_cap_needs_a_price(lab: Lab) -> None:
    status, _, err = lab(*one_day("--max-money", "5"))
    assert status == 2
    assert "限定费用要知道价格" in err
