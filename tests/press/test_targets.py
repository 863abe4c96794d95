"""The folder target: whole files, once; the ledger last."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quantshark.errors import ReleaseError, TargetError
from quantshark.model import Verdict
from quantshark.press.release import bundle
from quantshark.press.targets import Target
from quantshark.press.targets.folder import FolderTarget, put
from tests.press.sample import ARCHIVE, ORIGIN, SITE, sample

MADE = sample()
BUNDLE = bundle(MADE.printed, MADE.verdicts, ARCHIVE, ORIGIN, SITE)
NOON = datetime(2025, 12, 12, 4, tzinfo=UTC)


def target(folder: Path) -> Target:
    return FolderTarget(folder, now=lambda: NOON)


def test_the_files_of_a_release_are_written(tmp_path: Path) -> None:
    receipt = target(tmp_path / "out").send(BUNDLE.release, BUNDLE.files)
    names = ["radar-2025-12-12.html", "radar-2025-12-12.ledger.json", "radar-2025-12-12.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert all((tmp_path / "out" / name).read_bytes() == BUNDLE.files[name] for name in names)
    assert (receipt.release_id, receipt.channel, receipt.status) == ("radar-2025-12-12-hans-r1", "folder", "sent")
    assert receipt.at == NOON
    assert Path(receipt.where[-1]).name == "radar-2025-12-12.ledger.json"


def test_sending_twice_changes_nothing(tmp_path: Path) -> None:
    first = target(tmp_path).send(BUNDLE.release, BUNDLE.files)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    second = target(tmp_path).send(BUNDLE.release, BUNDLE.files)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert (first.status, second.status) == ("sent", "unchanged")
    assert first.digest == second.digest


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    put(path, b"old")

    def crash(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(KeyboardInterrupt):
        put(path, b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.md", b"old")]


def test_a_crash_between_files_leaves_no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger is the seal: where it stands, the rest stands too."""
    real = os.fsync
    calls: list[int] = []

    def crash(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 2:
            raise KeyboardInterrupt
        real(handle)

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(KeyboardInterrupt):
        target(tmp_path).send(BUNDLE.release, BUNDLE.files)
    assert [path.name for path in tmp_path.iterdir()] == ["radar-2025-12-12.html"]


@pytest.mark.parametrize("name", ["../a.md", "/etc/a.md", "a/b.md", ".hidden", "", "a\\b.md", "a\0.md"])
def test_a_release_writes_into_its_folder_only(tmp_path: Path, name: str) -> None:
    with pytest.raises(TargetError, match="plain file name"):
        target(tmp_path).send(BUNDLE.release, {name: b"x"})
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TargetError, match="cannot write release radar-2025-12-12-hans-r1"):
        target(tmp_path / "file").send(BUNDLE.release, BUNDLE.files)


def test_a_doubtful_figure_stops_the_press() -> None:
    start = MADE.printed.text.index("52.87亿港元")
    doubt = Verdict(start, start + 8, "52.87亿港元", "refuted", "value", "资料写 52.78亿港元")
    with pytest.raises(ReleaseError, match=r"first '52\.87亿港元'"):
        bundle(MADE.printed, (*MADE.verdicts, doubt), ARCHIVE, ORIGIN, SITE)


def test_the_release_carries_what_went_out() -> None:
    release = BUNDLE.release
    assert release.text.encode() == BUNDLE.files["radar-2025-12-12.md"]
    assert release.ledger.encode() == BUNDLE.files["radar-2025-12-12.ledger.json"]
    assert release.demo is True
    assert release.stem == "radar-2025-12-12"
