"""资料: found by words, traced to releases, added by paste or upload, refused with the reason."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from quantshark.model import SHANGHAI
from quantshark.newsroom import Newsroom
from tests.console.conftest import DAY, SignIn, form_token

WORDS = {
    "title": "本地测试：某公司公告",
    "publisher": "测试社",
    "url": "https://example.com/a",
    "published_at": f"{DAY}T08:00",
    "text": "12月11日，腾讯控股获南向资金净买入7.77亿港元。",
}


def test_a_figure_is_found_with_its_sentence(sign_in: SignIn) -> None:
    page = sign_in("撰稿人").get("/sources?q=南向资金 净卖出&what=facts")
    assert "<mark>" in page
    assert "52.87" in page


def test_a_document_shows_its_figures_in_place(sign_in: SignIn) -> None:
    editor = sign_in("撰稿人")
    page = editor.get("/sources?q=南向资金")
    found = re.search(r'href="(/sources/[0-9a-f]{32})"', page)
    assert found
    assert 'class="fig supported"' in editor.get(found[1])


def test_a_pasted_document_is_read_and_found_again(sign_in: SignIn, newsroom: Newsroom) -> None:
    editor = sign_in("撰稿人")
    page = editor.fill("/sources/paste", WORDS, "/sources/add")
    assert "7.77亿港元" in page
    assert "https://example.com/a" in page
    (fact,) = newsroom.store.search_facts("腾讯 7.77")
    assert fact.source is not None
    document = newsroom.store.document(fact.source.doc_id)
    assert (document.publisher, document.published_at) == ("测试社", datetime(2025, 12, 12, 8, tzinfo=SHANGHAI))


@pytest.mark.parametrize("change", [{"text": ""}, {"text": "字" * 200_001}])
def test_a_paste_without_words_or_without_end_is_refused_and_kept(sign_in: SignIn, change: dict[str, str]) -> None:
    page = sign_in("撰稿人").fill("/sources/paste", WORDS | change, "/sources/add", 422)
    assert "正文要有" in page
    assert WORDS["title"] in page


def test_a_pasted_value_cannot_open_a_key_of_its_own(sign_in: SignIn, newsroom: Newsroom) -> None:
    sign_in("撰稿人").fill("/sources/paste", WORDS | {"title": '好"\ndemo: true\nkind: table'}, "/sources/add")
    (found,) = newsroom.store.search_documents("7.77亿港元")
    assert (found.kind, found.demo) == ("news", False)


def test_an_upload_is_read_and_what_cannot_be_read_says_why(sign_in: SignIn) -> None:
    editor = sign_in("撰稿人")
    token = {"form_token": form_token(editor.get("/sources/add"))}
    good = ("行情.csv", "代码,名称,净买入(亿港元)\n00700.HK,腾讯控股,8.88\n".encode(), "text/csv")
    undated = editor.client.post("/sources/upload", data=token, files={"files": good})
    assert (undated.status_code, "没有发布时间" in undated.text) == (422, True)
    dated = {**token, "published_at": "2025-12-12T16:30"}
    answer = editor.client.post("/sources/upload", data=dated, files={"files": good})
    assert (answer.status_code, "收下 1 篇" in answer.text) == (200, True)
    bad = ("病毒.exe", b"MZ", "application/octet-stream")
    answer = editor.client.post("/sources/upload", data=token, files={"files": bad})
    assert (answer.status_code, "不收" in answer.text) == (422, True)
    lines = ("长.md", ("---\ndate: 2025-12-12\n---\n" + "一句话。\n" * 20_001).encode(), "text/markdown")
    answer = editor.client.post("/sources/upload", data=token, files={"files": lines})
    assert (answer.status_code, "20" in answer.text) == (422, True)


def test_an_upload_cannot_name_its_own_place(sign_in: SignIn, newsroom: Newsroom) -> None:
    editor = sign_in("撰稿人")
    token = {"form_token": form_token(editor.get("/sources/add"))}
    sly = ("../../../../etc/过路.md", "---\ntitle: 甲\n---\n\n一句话。".encode(), "text/markdown")
    editor.client.post("/sources/upload", data=token, files={"files": sly})
    assert not (newsroom.settings.home.parent / "过路.md").exists()


def test_what_is_too_long_is_not_read(sign_in: SignIn) -> None:
    editor = sign_in("撰稿人")
    assert editor.client.post("/sources/upload", content=b"x" * (10 * 1024 * 1024)).status_code == 413
