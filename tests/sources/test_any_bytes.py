"""Whatever bytes a file holds: documents, or a refusal that names it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantshark.model import Document
from quantshark.sources import Limits, read_all
from quantshark.sources.raw import without_hidden

PIECES = st.sampled_from(
    ["---\n", "title: ", "date: 2025-12-11\n", "id: ", "#", "# a: b; ", '"', "'", ",", ";", "\t", "\n", "\r", "{", "}", "[", "]", ":", "rows", '"rows": ', "text", "columns", "null", "1e9", "-", "=", "<", ">", "<p>", "<table><tr><td>", "</td>", "<meta ", "content=", "<!--", "&#0;", "&#xd800;", "文件类型: video_transcription\n", "=" * 10 + "\n", "![](a)", "](https://a/News/" + "0" * 32 + ")", "南向资金净卖出52.87亿港元。", "\u202e", "\u200d", "\ufeff", "<|a|>", "&x", "*x", "!!int ", "? ", "<<: ", "+++\n"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join)
LIMITS = Limits(max_bytes=4000)


@pytest.mark.parametrize("ending", ["md", "txt", "html", "csv", "json"])
@given(data=st.binary(max_size=200) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=60, deadline=None)
def test_any_bytes(ending: str, data: bytes) -> None:
    for document in read_or_refuse(ending, data):
        assert document.text.strip()
        assert without_hidden(document.text) == (document.text, {})
        document.text.encode()


def read_or_refuse(ending: str, data: bytes) -> tuple[Document, ...]:
    """Documents, at least one, or none where the file was refused by its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{ending}")
        path.write_bytes(data)
        intake = read_all([path], limits=LIMITS)
        assert bool(intake.documents) != bool(intake.refusals)
        assert all(refusal.path == str(path) for refusal in intake.refusals)
    return intake.documents
