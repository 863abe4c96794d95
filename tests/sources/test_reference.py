"""The material the product was conceived from, and hostile files: all of it is read, or refused in good order."""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path

import pytest

from quantshark.errors import SourceError
from quantshark.model import Document
from quantshark.sources import read, read_all
from quantshark.sources.raw import without_hidden
from tests.sources.files import write


def test_all_seeds_are_read(shared: Path) -> None:
    intake = read_all([shared / "seeds"])
    assert intake.refusals == ()
    assert [document.kind for document in intake.documents] == ["report", "report", "news", "article", "transcript"]
    assert all(len(document.text) > 1000 for document in intake.documents)
    reports = [document.text for document in intake.documents[:2]]
    assert [text.count("/News/") for text in reports] == [
        (shared / "seeds" / name).read_text().count("/News/")
        for name in ("000_463a31d22fc4a907.txt", "001_ee7dec1195b04a5e.txt")
    ]


def test_all_news_of_two_days_are_read(shared: Path) -> None:
    intake = read_all([shared / "newsday"])
    assert intake.refusals == ()
    assert len(intake.documents) == len({document.doc_id for document in intake.documents}) == 433
    assert Counter(document.kind for document in intake.documents) == {"news": 433}
    assert all(document.known_at and document.url and document.publisher for document in intake.documents)


def test_the_order_is_fixed(shared: Path) -> None:
    assert read_all([shared / "newsday"]) == read_all([shared / "newsday"])


def read_or_refuse(path: Path) -> tuple[Document, ...]:
    """Anything but documents or a SourceError fails the test."""
    try:
        return read(path)
    except SourceError:
        return ()


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_hostile_yaml(shared: Path, tmp_path: Path) -> None:
    for number, case in enumerate(lines(shared / "attacks/yaml/yaml_test_suite_src.jsonl")):
        for ending in ("md", "txt"):
            for document in read_or_refuse(write(tmp_path, f"{number}.{ending}", f"---\n{case['yaml']}\n---\n正文\n")):
                assert isinstance(document.title, str)


GENERATED = {
    "n_structure_100000_opening_arrays.json": b"[" * 100_000,
    "n_structure_open_array_object.json": b'[{"":' * 50_000 + b"\n",
}


def test_hostile_json(shared: Path, tmp_path: Path) -> None:
    bad = 0
    for case in lines(shared / "attacks/json/jsontestsuite.jsonl"):
        data = base64.b64decode(case["b64"]) if "b64" in case else GENERATED[case["name"]]
        documents = read_or_refuse(write(tmp_path, "case.json", data))
        if case["name"].startswith("n_"):
            bad += 1
            assert documents == (), case["name"]
        for ending in ("csv", "html", "txt", "md"):
            read_or_refuse(write(tmp_path, f"case.{ending}", data))
    assert bad > 100


def test_hostile_cells(shared: Path, tmp_path: Path) -> None:
    """No cell of a stored table begins a formula, whatever the file did to hide it."""
    cells = [case["cell"] for case in lines(shared / "attacks/csv/csv_formula_injection.jsonl")]
    kept = 0
    for cell in cells:
        quoted = '"' + cell.replace('"', '""') + '"'
        rows = (f"名称,值\n甲,{cell}\n", f"名称,值\n甲,{quoted}\n", f"名称,值\n{quoted},1\n")
        for text in rows:
            for document in read_or_refuse(write(tmp_path, "a.csv", text)):
                kept += 1
                assert not any(line.split(",")[0].startswith(("=", "@")) for line in document.text.splitlines())
                assert not any(
                    part.startswith(("=", "@", "＝")) for line in document.text.splitlines() for part in line.split(",")
                )
        read_or_refuse(write(tmp_path, "a.json", json.dumps([{"名称": "甲", "值": cell}])))
    assert kept > 20


def test_naughty_strings(shared: Path, tmp_path: Path) -> None:
    strings: list[str] = json.loads((shared / "attacks/strings/blns.json").read_text())
    for string in strings:
        for document in read_or_refuse(write(tmp_path, "a.txt", string.encode("utf-8", "surrogatepass"))):
            assert without_hidden(document.text) == (document.text, {})
        read_or_refuse(write(tmp_path, "a.md", f"---\ntitle: {string}\n---\n正文".encode("utf-8", "surrogatepass")))
        (document,) = read(write(tmp_path, "a.json", json.dumps({"text": f"正文{string}"})))
        assert document.text.startswith("正文")
        read_or_refuse(write(tmp_path, "a.csv", f"名称,值\n甲,{string}".encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize("folder", ["xss", "markdown"])
def test_hostile_pages(shared: Path, tmp_path: Path, folder: str) -> None:
    for path in sorted((shared / "attacks" / folder).iterdir()):
        for ending in ("html", "md"):
            if path.is_file():
                read_or_refuse(write(tmp_path, f"a.{ending}", path.read_bytes()))
