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


@pytest.mark.parametrize("command", [("doctor", "--json")])
def test_json_stands_alone_on_stdout(tmp_path: Path, command: tuple[str, ...]) -> None:
    json.loads(quantshark(*command, cwd=tmp_path).stdout)
