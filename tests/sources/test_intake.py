from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quantshark.errors import SourceError
from quantshark.sources import read, read_all
from tests.sources.files import write


def test_folders_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.md"):
        write(tmp_path, name, f"{name} 涨1%")
    assert [document.text.split()[0] for document in read_all([tmp_path]).documents] == [
        "a.txt",
        "c.md",
        "b/1.txt",
        "b/2.txt",
    ]


def test_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "1.md", "---\ndate: 昨日\n---\n涨1%")
    write(tmp_path, "2.csv", "a,b\n1\n")
    write(tmp_path, "3.txt", "涨1%")
    intake = read_all([tmp_path, tmp_path / "none.txt"])
    assert [document.text for document in intake.documents] == ["涨1%"]
    assert [(Path(found.path).name, found.line, found.code) for found in intake.refusals] == [
        ("1.md", 2, "date"),
        ("2.csv", 2, "table_ragged"),
        ("none.txt", None, "missing"),
    ]


def test_a_refusal_speaks_to_the_editor_and_to_the_log(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "a,b\n1\n")
    (found,) = read_all([path]).refusals
    assert found.notice == f"{path}:2：这一行有 1 格，表头有 2 格，请补上或删去逗号"
    assert found.message == f"{path}:2 has a row of 1 cells under a header of 2; add or remove commas"


def test_what_speaks_of_the_folder_is_passed_over(tmp_path: Path) -> None:
    for name in ("README.md", "LICENSE.txt", ".hidden.md", ".git/a.md", "radar-2025-12-12.ledger.json"):
        write(tmp_path, name, "涨1%")
    write(tmp_path, "chart.png", b"\x89PNG")
    intake = read_all([tmp_path])
    assert intake.documents == ()
    assert [Path(path).name for path in intake.skipped] == ["chart.png"]


def test_a_named_file_is_read_or_refused_whatever_it_is_called(tmp_path: Path) -> None:
    assert read_all([write(tmp_path, "README.md", "涨1%")]).documents[0].text == "涨1%"
    assert read_all([write(tmp_path, "a.docx", "涨1%")]).refusals[0].code == "suffix"


def test_one_file_comes_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "涨1%")
    (tmp_path / "b.txt").symlink_to(path)
    seen: list[tuple[int, int]] = []
    intake = read_all([path, tmp_path, str(path)], on_progress=lambda done, total: seen.append((done, total)))
    assert len(intake.documents) == 1
    assert seen == [(1, 1)]


def test_an_id_stands_for_one_content(tmp_path: Path) -> None:
    first = write(tmp_path, "1.md", "---\nid: x\n---\n涨1%")
    write(tmp_path, "2.md", "---\nid: x\n---\n涨1%")
    write(tmp_path, "3.md", "---\nid: x\n---\n涨2%")
    intake = read_all([tmp_path])
    assert [document.text for document in intake.documents] == ["涨1%"]
    assert [found.code for found in intake.refusals] == ["same_id"]
    assert str(first) in intake.refusals[0].message


def test_a_file_of_many_documents_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    write(tmp_path, "1.json", '{"id": "b", "text": "涨1%"}')
    write(tmp_path, "2.json", '[{"id": "a", "text": "涨2%"}, {"id": "b", "text": "涨3%"}]')
    write(tmp_path, "3.json", '[{"id": "c", "text": "涨4%"}, {"id": "c", "text": "涨5%"}]')
    intake = read_all([tmp_path])
    assert [document.text for document in intake.documents] == ["涨1%"]
    assert [found.code for found in intake.refusals] == ["same_id", "same_id"]


def test_a_folder_that_does_not_open_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "shut/a.txt", "涨1%")
    write(tmp_path, "b.txt", "涨2%")
    scan = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    intake = read_all([tmp_path])
    assert [document.text for document in intake.documents] == ["涨2%"]
    assert [(found.code, Path(found.path).name) for found in intake.refusals] == [("unreadable", "shut")]


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    for name in ("loop.txt", "gone.txt", "folder"):
        (tmp_path / "folder").mkdir(exist_ok=True)
        with pytest.raises(SourceError):
            read(tmp_path / name)


def test_the_package_is_light_until_a_file_is_read() -> None:
    heavy = (
        "import sys, quantshark.sources; print([name for name in ('yaml', 'nh3', 'pydantic') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)  # noqa: S603
    assert said.stdout.strip() == "[]"
