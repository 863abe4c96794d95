from __future__ import annotations

from pathlib import Path

import pytest

from quantshark.sources.front_matter import Value, parse
from tests.sources.files import read_one, refusal

# What PyYAML's safe_load makes of them stands behind: 448, 1, False, 968, datetime.date, None.
STAYS_TEXT = ["00700", "000001", "no", "16:08", "2025-12-11", "null", "1e5", "0x1F", "~", ".inf", "1_000"]


@pytest.mark.parametrize("written", STAYS_TEXT)
def test_every_value_is_a_string(written: str) -> None:
    assert parse("a.md", f"code: {written}\n") == {"code": written}


def test_lists_and_mappings_are_of_strings() -> None:
    read = parse("a.md", "tags: [00700, no]\nmenu:\n  main:\n    weight: 010\nempty:\n")
    expected: dict[str, Value] = {"tags": ("00700", "no"), "menu": {"main": {"weight": "010"}}, "empty": ""}
    assert read == expected


REFUSED = [
    ("title: a\ntitle: b\n", "front_twice", 3),
    ("menu:\n  a: 1\n  a: 2\n", "front_twice", 4),
    ("a: &x 1\nb: *x\n", "front_feature", 2),
    ("b: *x\n", "front_feature", 2),
    ("a: !!python/object/apply:os.system [ls]\n", "front_feature", 2),
    ("a: !!int 5\n", "front_feature", 2),
    ("base: 1\n<<: {a: 1}\n", "front_feature", 3),
    ("%YAML 1.2\n", "front_yaml", 3),
    ("a: b\n... \n%TAG ! x:\n", "front_yaml", 5),
    ("- a\n- b\n", "front_shape", 2),
    ("just words\n", "front_shape", 2),
    ("? [a]\n: b\n", "front_shape", 2),
    ("a: [b\n", "front_yaml", 3),
    ("a: 'b\n", "front_yaml", 3),
    ("a: b: c\n", "front_yaml", 2),
    ("\ta: b\n", "front_yaml", 2),
    ("a: {b: {c: {d: {e: {f: 1}}}}}\n", "front_depth", 2),
    ("a: " + "[" * 300 + "]" * 300 + "\n", "front_depth", 2),
]


@pytest.mark.parametrize(("head", "code", "line"), REFUSED)
def test_refuses(tmp_path: Path, head: str, code: str, line: int) -> None:
    found = refusal(tmp_path, "a.md", f"---\n{head}---\n正文。\n")
    assert (found.code, found.line) == (code, line)


def test_the_rest_of_the_house_of_front_matter(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.md", "---\ntitle: a\n正文\n").code == "front_open"
    assert refusal(tmp_path, "b.md", "---\n" + "summary: 长\n" * 4000 + "---\n正文").code == "front_size"
    assert refusal(tmp_path, "c.md", "+++\ntitle = 'a'\n+++\n正文").code == "front_toml"
    assert refusal(tmp_path, "d.md", "---\ntitle: [a, b]\n---\n正文").code == "front_value"


def test_a_rule_in_the_body_is_no_front_matter(tmp_path: Path) -> None:
    document = read_one(tmp_path, "a.md", "恒指收涨1%。\n\n---\n\n恒科收涨2%。\n")
    assert document.text == "恒指收涨1%。\n\n---\n\n恒科收涨2%。"
