from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from quantshark.model import SHANGHAI, Document
from quantshark.sources.sheet import is_formula
from tests.sources.files import read_one, refusal

TEXT = "代码,名称,净买入(亿港元),涨跌幅（%）\n00700,腾讯控股,-3.20,\n01810,小米集团-W,+4.53,--\n"


def test_reads_a_table_and_what_it_says_of_itself(tmp_path: Path) -> None:
    top = '# id: t1; title: "个股; 净买卖"; date: 2025-12-11 16:45\n# source: 港交所; url: https://example.org/x; demo: true\n'
    assert read_one(tmp_path, "a.csv", top + TEXT) == Document(
        doc_id="t1",
        text=TEXT.rstrip("\n"),
        title="个股; 净买卖",
        published_at=datetime(2025, 12, 11, 16, 45, tzinfo=SHANGHAI),
        kind="table",
        url="https://example.org/x",
        publisher="港交所",
        demo=True,
    )


VARIANTS = {
    "utf-8": TEXT.encode(),
    "bom": TEXT.encode("utf-8-sig"),
    "gbk": TEXT.encode("gbk"),
    "utf-16": TEXT.encode("utf-16"),
    "windows lines": TEXT.replace("\n", "\r\n").encode(),
    "tabs": TEXT.replace(",", "\t").encode(),
    "semicolons": TEXT.replace(",", ";").encode(),
    "quoted": TEXT.replace("腾讯控股", '"腾讯控股"').encode(),
    "blank lines": ("\n" + TEXT.replace("\n", "\n\n")).encode(),
    "lines of nothing": (TEXT + ",,,\n").encode(),
    "padded": TEXT.replace(",", " , ").encode(),
    "no last line end": TEXT.rstrip("\n").encode(),
}


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS.keys())
def test_one_table_in_many_dresses(tmp_path: Path, data: bytes) -> None:
    document = read_one(tmp_path, "southbound.csv", data)
    assert (document.text, document.title, document.demo) == (TEXT.rstrip("\n"), "southbound", False)


def test_a_line_break_in_a_cell_becomes_a_blank(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.csv", '名称,"净买入\n(亿港元)"\n腾讯,1\n').text == "名称,净买入 (亿港元)\n腾讯,1"


def test_a_comma_in_a_number_keeps_its_quotes(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.csv", '名称,成交额(元)\n腾讯,"1,234"\n').text == '名称,成交额(元)\n腾讯,"1,234"'


def test_a_comment_that_a_spreadsheet_filled_up(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.csv", "# id: t1; demo: true,,,\n" + TEXT).doc_id == "t1"


REFUSED = [
    ("a,b\n1,2\n1\n", "table_ragged", 3),
    ("a,b\n1,2,3\n", "table_ragged", 2),
    ("# demo: true\n\na,b\n1,2\n3\n", "table_ragged", 5),
    ('a,b\n"x\ny",2\n3\n', "table_ragged", 4),
    ("a,a\n1,2\n", "table_header", 1),
    ("a,\n1,2\n", "table_header", 1),
    ("a,b\n", "table_rows", 1),
    ("", "empty", None),
    ("# demo: true\n", "empty", None),
    ("a,b\n1,=1+1\n", "table_formula", 2),
    ("=a,b\n1,2\n", "table_formula", 1),
    ("a,b\n1,\u200b=1+1\n", "table_formula", 2),
    ("a,b\n1, =1+1\n", "table_formula", 2),
    ('a,b\n1,"2\n', "table_csv", 2),
    ('a,b\n1,"2"3\n', "table_csv", 2),
    ("a,b\n1," + "长" * 3000 + "\n", "table_long", 2),
    ("# 南向资金\na,b\n1,2\n", "table_comment", 1),
    ("# demo: true; demo: false\na,b\n1,2\n", "table_key", 1),
    ("# demo: true\n# demo: true\na,b\n1,2\n", "table_key", 2),
    ("# owner: x\na,b\n1,2\n", "table_key", 1),
    ("# demo: maybe\na,b\n1,2\n", "demo", 1),
    ("# date: 12月\na,b\n1,2\n", "date", 1),
]


@pytest.mark.parametrize(("text", "code", "line"), REFUSED)
def test_refuses_with_the_line(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    found = refusal(tmp_path, "a.csv", text)
    assert (found.code, found.line) == (code, line)


FORMULAS = ["=1", "@SUM(A1)", "+1+1", "-1+1", "＝1+1", "-cmd|' /C calc'!A0", "+A1", "-(3)", "=", "+", "－A1"]
VALUES = ["-3.20", "+4.53%", "-", "--", "—", "-52.87亿港元", "－5.2", "-1,234.5", "-.5", "-2E5", "+0.3个百分点", "3-1", "1E5", "00700", ""]  # fmt: skip


@pytest.mark.parametrize("cell", FORMULAS)
def test_formulas(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize("cell", VALUES)
def test_values(cell: str) -> None:
    assert not is_formula(cell)
