"""The command line as an editor uses it: the right stream, the right exit code, one sentence where something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def quantshark(*arguments: str, cwd: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh process with nothing of the developer's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QUANTSHARK_")}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "quantshark", *arguments],
        cwd=cwd,
        env=clean | environment,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_version(tmp_path: Path) -> None:
    done = quantshark("--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("quantshark ")


def test_help_is_in_chinese_and_every_command_has_an_example(tmp_path: Path) -> None:
    from quantshark.cli import app  # noqa: PLC0415  (the names of the commands)

    for command in app.registered_commands:
        assert command.name
        done = quantshark(command.name, "--help", cwd=tmp_path)
        assert done.returncode == 0
        assert f"\n    quantshark {command.name}" in done.stdout or f"| quantshark {command.name}" in done.stdout


def test_unknown_command_is_bad_usage(tmp_path: Path) -> None:
    done = quantshark("drfat", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "drfat" in done.stderr


def test_init_writes_a_file_that_doctor_reads(tmp_path: Path) -> None:
    assert quantshark("init", cwd=tmp_path).returncode == 0
    done = quantshark("doctor", cwd=tmp_path)
    assert done.returncode == 0
    assert str(tmp_path / "quantshark.toml") in done.stdout


def test_init_leaves_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "quantshark.toml").write_text('site_url = "https://mine.example"\n')
    done = quantshark("init", cwd=tmp_path)
    assert done.returncode == 0
    assert "没有改动" in done.stderr
    assert (tmp_path / "quantshark.toml").read_text() == 'site_url = "https://mine.example"\n'


def test_every_setting_of_the_template_is_one(tmp_path: Path) -> None:
    """The commented lines of the template, uncommented, are accepted as they stand."""
    quantshark("init", cwd=tmp_path)
    file = tmp_path / "quantshark.toml"
    uncommented = [
        line.removeprefix("# ")
        for line in file.read_text().splitlines()
        if line.startswith("# ") and (" = " in line or "[" in line)
    ]
    lines = [line for line in uncommented if line.isascii()]
    assert len(lines) >= 8
    file.write_text("\n".join(lines))
    done = quantshark("doctor", "--json", cwd=tmp_path)
    assert not any(finding["what"].startswith("设置读不了") for finding in json.loads(done.stdout))


def test_doctor_names_a_typo_and_fails(tmp_path: Path) -> None:
    done = quantshark("doctor", cwd=tmp_path, QUANTSHARK_SITE_ULR="https://x.example")
    assert done.returncode == 1
    assert "QUANTSHARK_SITE_URL" in done.stdout


def test_doctor_says_what_to_do_for_a_model(tmp_path: Path) -> None:
    done = quantshark("doctor", cwd=tmp_path)
    assert "QUANTSHARK_LLM__MODEL" in done.stdout
    done = quantshark(
        "doctor",
        cwd=tmp_path,
        QUANTSHARK_LLM__MODEL="small",
        QUANTSHARK_LLM__BASE_URL="http://127.0.0.1:1/v1",
        QUANTSHARK_LLM__API_KEY="sk-secret",
    )
    assert "small" in done.stdout
    assert "sk-secret" not in done.stdout + done.stderr


def test_doctor_refuses_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = quantshark("doctor", cwd=tmp_path, QUANTSHARK_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 1
    assert "QUANTSHARK_HOME" in done.stdout


NEWS = """---
title: "南向资金12月11日净卖出52.87亿港元"
date: "2025-12-11T17:05:00+08:00"
id: "041ca5fc8a3ca68a849797e1400d837f"
source: "示例通讯"
---
12月11日收盘，南向资金净卖出52.87亿港元，其中腾讯控股遭净卖出6.93亿港元。
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A working folder with one news item in its inbox."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "flow.md").write_text(NEWS, "utf-8")
    return tmp_path


def test_check_tells_by_its_exit_code(desk: Path) -> None:
    (desk / "right.md").write_text("12月11日南向资金净卖出52.87亿港元。\n", "utf-8")
    (desk / "wrong.md").write_text("12月11日南向资金净卖出52.78亿港元。\n", "utf-8")
    right = quantshark("check", "right.md", "--sources", "inbox", cwd=desk)
    assert (right.returncode, "可以发布" in right.stderr) == (0, True)
    wrong = quantshark("check", "wrong.md", "--sources", "inbox", cwd=desk)
    assert (wrong.returncode, "不能发布" in wrong.stderr) == (1, True)
    assert "52.87亿港元" in wrong.stderr
    assert not (desk / ".quantshark").exists()


def test_check_json_has_the_shape_of_the_contract(desk: Path) -> None:
    done = quantshark(
        "check",
        "-",
        "--sources",
        "inbox",
        "--as-of",
        "2025-12-12",
        "--json",
        cwd=desk,
        stdin="南向资金净卖出52.87亿港元。",
    )
    result = json.loads(done.stdout)
    assert (result["releasable"], result["as_of"]) == (True, "2025-12-12")
    verdict = result["verdicts"][0]
    assert {"start", "end", "surface", "status", "reason", "message", "fact", "source"} <= verdict.keys()
    assert (verdict["surface"], verdict["status"]) == ("52.87亿港元", "supported")
    assert verdict["fact"]["value"] == "-5287000000"


def test_figures_json_is_a_list_with_decimals_as_strings(tmp_path: Path) -> None:
    done = quantshark("figures", "-", "--json", cwd=tmp_path, stdin="南向资金净卖出52.87亿港元，占比63.7%。")
    figures = json.loads(done.stdout)
    assert [(f["surface"], f["value"], f["unit"]) for f in figures] == [
        ("52.87亿港元", "5287000000", "HKD"),
        ("63.7%", "63.7", "%"),
    ]


def test_from_inbox_to_proof(desk: Path) -> None:
    """ingest, facts, draft, publish, verify, as an editor does it in one morning."""
    assert quantshark("ingest", "inbox", cwd=desk).returncode == 0
    facts = json.loads(quantshark("facts", "--day", "2025-12-11", "--entity", "南向资金", "--json", cwd=desk).stdout)
    assert "-5287000000" in {fact["value"] for fact in facts}

    drafted = quantshark("draft", "radar", "--day", "2025-12-12", "--writer", "rules", "--json", cwd=desk)
    told = json.loads(drafted.stdout)
    assert drafted.returncode == 0
    assert (told["edition"], told["day"], told["releasable"], told["held"]) == ("radar", "2025-12-12", True, [])
    assert {"slug", "writer", "rounds", "dropped"} <= told["sections"][0].keys()
    assert {Path(file).name for file in told["files"]} == {
        "radar-2025-12-12.md",
        "radar-2025-12-12.html",
        "radar-2025-12-12.ledger.json",
    }

    published = quantshark("publish", "out/radar-2025-12-12.md", "--target", "folder:site", cwd=desk)
    assert published.returncode == 0, published.stderr
    assert quantshark("verify", "site/radar-2025-12-12.html", cwd=desk).returncode == 0
    page = desk / "site" / "radar-2025-12-12.md"
    page.write_text(page.read_text("utf-8").replace("52.87", "52.78"), "utf-8")
    verified = quantshark("verify", "site/radar-2025-12-12.md", "--json", cwd=desk)
    assert verified.returncode == 1
    assert "52.78" in json.loads(verified.stdout)["differences"][0]["message"]

    assert quantshark("forget", "041ca5fc8a3ca68a849797e1400d837f", cwd=desk).returncode == 0
    assert json.loads(quantshark("facts", "--json", cwd=desk).stdout) == []


def test_draft_that_is_not_a_release_leaves_a_draft_and_says_why(desk: Path) -> None:
    (desk / "inbox" / "flow.md").write_text(NEWS.replace("52.87亿", "若干"), "utf-8")
    done = quantshark("draft", "radar", "--day", "2025-12-12", "--sources", "inbox", "--writer", "rules", cwd=desk)
    assert done.returncode == 1
    assert "缺：" in done.stderr
    assert [path.name for path in (desk / "out").iterdir()] == ["radar-2025-12-12.draft.md"]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(desk: Path) -> None:
    (desk / "inbox" / "bad.csv").write_text("代码,名称\n0700\n", "utf-8")
    done = quantshark("ingest", "inbox", "--json", cwd=desk)
    assert done.returncode == 0
    assert "bad.csv:2" in done.stderr
    told = json.loads(done.stdout)
    assert (told["counts"]["new"], len(told["refusals"])) == (1, 1)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("draft", "radr"), "radr"),
        (("draft", "radar", "--day", "12/12"), "2025-12-12"),
        (("draft", "radar", "--day", "2025-12-13"), "2025-12-12"),
        (("draft", "radar", "--day", "2025-12-12", "--until", "soon"), "08:30"),
        (("draft", "radar", "--day", "2025-12-12", "--sources", "nowhere"), "nowhere"),
        (("draft", "radar", "--day", "2025-12-12", "--writer", "llm"), "QUANTSHARK_LLM__MODEL"),
        (("check", "nowhere.md", "--sources", "inbox"), "nowhere.md"),
        (("check", "inbox/flow.md", "--sources", "nowhere"), "nowhere"),
        (("figures", "nowhere.md"), "nowhere.md"),
        (("ingest", "nowhere"), "nowhere"),
        (("publish", "radar-2031-01-01-hans-r1"), "radar-2031-01-01-hans-r1"),
        (("publish", "inbox/flow.md"), "flow"),
        (("verify", "inbox/flow.md"), "ledger.json"),
        (("forget", "nobody"), "nobody"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_the_way_out(desk: Path, command: tuple[str, ...], says: str) -> None:
    done = quantshark(*command, cwd=desk)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    text = "南向资金净卖出52.87亿港元。" * 20_000
    with subprocess.Popen(
        [sys.executable, "-m", "quantshark", "figures", "-", "--json"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(text.encode())
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()
    assert process.returncode == 141
    assert complaints == b""


def test_a_database_url_that_is_none_is_one_sentence(desk: Path) -> None:
    done = quantshark("facts", cwd=desk, QUANTSHARK_DATABASE_URL="mysql://root:hunter2@localhost/x")
    assert done.returncode == 2
    assert "postgresql://" in done.stderr
    assert "hunter2" not in done.stderr
