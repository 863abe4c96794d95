from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quantshark.model import Document
from quantshark.sources import read
from tests.sources.files import read_one, refusal, write

TEXT = "代码,名称,净买入(亿港元)\n00700,腾讯控股,-3.20\n01810,小米集团-W,"
ROWS = '[{"代码": "00700", "名称": "腾讯控股", "净买入(亿港元)": -3.20}, {"名称": "小米集团-W", "代码": "01810", "净买入(亿港元)": null}]'

SHAPES = {
    "rows": f'{{"rows": {ROWS}}}',
    "bare": ROWS,
    "columns": '{"columns": ["代码", "名称", "净买入(亿港元)"], "rows": [["00700", "腾讯控股", -3.20], ["01810", "小米集团-W", null]]}',
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES.keys())
def test_a_table_in_three_shapes(tmp_path: Path, text: str) -> None:
    document = read_one(tmp_path, "a.json", text)
    assert (document.kind, document.text) == ("table", TEXT)


def test_a_table_says_of_itself_what_a_csv_says(tmp_path: Path) -> None:
    document = read_one(
        tmp_path, "a.json", f'{{"id": "t1", "title": "南向", "date": "2025-12-11", "demo": true, "rows": {ROWS}}}'
    )
    assert document == Document("t1", TEXT, "南向", date(2025, 12, 11), "table", demo=True)


def test_documents_come_as_they_are(tmp_path: Path) -> None:
    text = '[{"doc_id": "a", "text": "涨1%", "kind": "article"}, {"id": "b", "text": "跌1%", "published_at": "2025-12-11", "publisher": "某社"}]'
    assert read(write(tmp_path, "a.json", text)) == (
        Document("a", "涨1%", kind="article"),
        Document("b", "跌1%", published_at=date(2025, 12, 11), publisher="某社"),
    )


NUMBERS = [("3.20", "3.20"), ("-0", "-0"), ("3.2e9", "3200000000"), ("1E-3", "0.001"), ("12345678901234567890.123", "12345678901234567890.123")]  # fmt: skip


@pytest.mark.parametrize(("written", "kept"), NUMBERS)
def test_numbers_stay_exactly_as_written(tmp_path: Path, written: str, kept: str) -> None:
    assert read_one(tmp_path, "a.json", f'[{{"a": "x", "b": {written}}}]').text == f"a,b\nx,{kept}"


REFUSED = [
    ('{"rows": [{"a": 1, "a": 2}]}', "json_twice"),
    ('[{"a": NaN}]', "json_constant"),
    ('[{"a": -Infinity}]', "json_constant"),
    ('[{"a": 1e400}]', "json_number"),
    ('[{"a": 1e-99999999999}]', "json_number"),
    ('[{"a": ' + "1" * 5000 + "}]", "json_number"),
    ("[" * 100_000, "json_depth"),
    ('[{"a": ' + "[" * 8 + "]" * 8 + "}]", "json_depth"),
    ('[{"a": "\\ud800"}]', "json_surrogate"),
    ('{"rows": [{"\\udfff": 1}]}', "json_surrogate"),
    ('[{"a": true}]', "json_cell"),
    ('[{"a": [1]}]', "json_cell"),
    ('[{"a": 1}, {"b": 1}]', "json_shape"),
    ('{"rows": [], "a": 1}', "json_shape"),
    ('{"rows": []}', "table_rows"),
    ('{"columns": ["a"], "rows": [[1, 2]]}', "table_ragged"),
    ('{"columns": ["a"], "rows": [{"a": 1}]}', "json_shape"),
    ('[{"a": "=1+1"}]', "table_formula"),
    ('[{"a": "\\u200b=1+1"}]', "table_formula"),
    ('{"columns": ["a"], "title": [["x"]], "rows": [[1]]}', "json_shape"),
    ('{"columns": [["a"]], "rows": [[1]]}', "json_cell"),
    ('{"text": 5}', "json_shape"),
    ('{"text": "涨", "author": "x"}', "json_shape"),
    ('{"text": "涨", "id": "a", "doc_id": "b"}', "json_shape"),
    ('"涨"', "json_shape"),
    ("5", "json_shape"),
    ("[]", "json_shape"),
    ("", "json"),
    ("[{'a': 1}]", "json"),
    ('[{"a": 1},]', "json"),
    ('[{"a": 01}]', "json"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refuses(tmp_path: Path, text: str, code: str) -> None:
    assert refusal(tmp_path, "a.json", text).code == code


LINES = [
    '[\n{"a": 1},\n{"a" 2}\n]',
    '[{"a": 1},\n\n{"b": 2}]',
    '[{"a": 1},\n\n{"a": [2]}]',
    '[{"a": 1},\n\n{"a": "=1"}]',
    '[{"a": 1},\n\n{"a": 1e99}]',
    '[{"a": 1},\n\n{"a": NaN}]',
    '[{"a": 1,\n\n"b": 2, "b": 3}]',
    '{"columns": ["a"],\n"rows": [["x\\ny"],\n[1, 2]]}',
    '{"rows":\n[{"a": "[{"},\n{"a": true}]}',
]


@pytest.mark.parametrize("text", LINES)
def test_a_refusal_names_the_line(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, "a.json", text).line == 3
