"""The JSON API: a program with a token triggers a draft, reads what came of it, and may no more than its person."""

from __future__ import annotations

import time

import pytest
from starlette.testclient import TestClient

from quantshark.console import create_app
from quantshark.newsroom import Newsroom
from quantshark.newsroom.people import People
from tests.console.conftest import DAY, DRAFT, WRONG, SignIn


@pytest.fixture
def program(newsroom: Newsroom) -> TestClient:
    client = TestClient(create_app(newsroom))
    client.headers["Authorization"] = f"Bearer {People(newsroom.store).add_token('编辑甲', '内容管理系统')}"
    return client


def test_without_a_token_nothing_is_told(newsroom: Newsroom) -> None:
    answer = TestClient(create_app(newsroom)).get("/api/v1/slots")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_cookie_is_no_token(sign_in: SignIn) -> None:
    assert sign_in("主编").client.get("/api/v1/slots").status_code == 401


def test_a_dropped_token_is_dead(program: TestClient, newsroom: Newsroom) -> None:
    people = People(newsroom.store)
    people.drop_token("编辑甲", people.tokens("编辑甲")[0].number)
    assert program.get("/api/v1/slots").status_code == 401


def test_a_draft_is_read_with_its_verdicts(program: TestClient) -> None:
    told = program.get(f"/api/v1/drafts/{DRAFT}").json()
    assert told["releasable"]
    verdict = next(found for found in told["verdicts"] if found["status"] == "supported")
    assert told["text"][verdict["start"] : verdict["end"]] == verdict["surface"]


def test_a_program_triggers_a_draft_and_fetches_it(program: TestClient) -> None:
    answer = program.post(f"/api/v1/slots/midday/{DAY}/hans/draft", json={"writer": "rules"})
    assert (answer.status_code, answer.json()["started"]) == (202, True)
    slot = f"/api/v1/slots/midday/{DAY}/hans"
    end = time.monotonic() + 90
    while time.monotonic() < end and program.get(slot).json()["state"] in {"due", "drafting"}:
        time.sleep(1)
    told = program.get(slot).json()
    assert told["draft"] == f"midday-{DAY}-hans-d1"
    assert program.get(f"/api/v1/drafts/{told['draft']}").json()["releasable"]


def test_any_text_is_checked(program: TestClient) -> None:
    told = program.post("/api/v1/check", json={"text": "12月11日，南向资金净卖出52.78亿港元。", "as_of": DAY}).json()
    assert not told["releasable"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/drafts/none", 404),
        ("/api/v1/releases/none", 404),
        (f"/api/v1/slots/nothing/{DAY}/hans", 404),
        ("/api/v1/slots?day=soon", 422),
        ("/api/v1/slots?day=9999-01-01", 403),
        ("/api/v1/nothing", 404),
    ],
)
def test_what_cannot_be_answered_says_why_in_one_form(program: TestClient, path: str, status: int) -> None:
    answer = program.get(path)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]


def test_the_manual_is_a_page_of_ours(sign_in: SignIn) -> None:
    page = sign_in("撰稿人").get("/api/docs")
    assert "/api/v1/check" in page
    assert "cdn" not in page


def test_a_program_mends_approves_and_publishes_what_was_approved(program: TestClient) -> None:
    text = {"text": "南向资金净卖出52.87亿港元。", "note": "由系统改"}
    made = program.put(f"/api/v1/drafts/{DRAFT}/sections/overview", json=text).json()
    draft = f"/api/v1/drafts/{made['draft_id']}"
    digest = program.get(f"{draft}/standing").json()["digest"]
    assert program.post(f"{draft}/approve", json={"digest": "0" * 64}).status_code == 409
    assert program.post(f"{draft}/publish", json={"digest": digest}).status_code == 409
    assert program.post(f"{draft}/approve", json={"digest": digest}).json()["missing"] == 0
    assert program.put("/api/v1/channels/halt", json={"reason": "试停"}).json()["halted"]
    assert program.post(f"{draft}/publish", json={"digest": digest}).status_code == 409
    assert not program.delete("/api/v1/channels/halt").json()["halted"]
    told = program.post(f"{draft}/publish", json={"digest": digest}).json()
    assert told["release"]["release_id"] == f"radar-{DAY}-hans-r1"
    assert told["release"]["channels"]


def test_a_writers_program_decides_nothing(newsroom: Newsroom) -> None:
    client = TestClient(create_app(newsroom))
    client.headers["Authorization"] = f"Bearer {People(newsroom.store).add_token('撰稿人', '试')}"
    assert client.put("/api/v1/channels/halt", json={"reason": "试停"}).status_code == 403
    assert client.post(f"/api/v1/drafts/{DRAFT}/approve", json={"digest": "0" * 64}).status_code == 403
    wish = {"target": "x", "kind": "pin", "reason": "试一试"}
    assert client.put(f"/api/v1/days/{DAY}/wishes", json=wish).status_code == 403
    assert client.put("/api/v1/facts/x/reading", json={"entity": "腾讯", "reason": "试一试"}).status_code == 403


def test_a_program_binds_and_waives_with_two_people(program: TestClient, newsroom: Newsroom, planted: str) -> None:
    told = program.get(f"/api/v1/drafts/{planted}").json()
    open_figures = {v["surface"]: v for v in told["verdicts"] if v["blocks"]}
    spot = {name: open_figures["37.5亿港元"][name] for name in ("start", "end")}
    asked = program.post(f"/api/v1/drafts/{planted}/waive", json=spot | {"reason": "公司电话确认"}).json()
    draft = f"/api/v1/drafts/{asked['draft_id']}"
    assert program.post(f"{draft}/confirm", json=spot).status_code == 409
    second = {"Authorization": f"Bearer {People(newsroom.store).add_token('编辑乙', '试')}"}
    confirmed = program.post(f"{draft}/confirm", json=spot, headers=second).json()
    verdict = next(v for v in confirmed["verdicts"] if v["surface"] == "37.5亿港元")
    assert (verdict["status"], verdict["blocks"]) == ("waived", False)
    wrong = {name: open_figures[WRONG][name] for name in ("start", "end")}
    fact = program.get("/api/v1/search", params={"q": "南向资金 52.87"}).json()["facts"][0]["fact_id"]
    bound = program.post(
        f"/api/v1/drafts/{confirmed['draft_id']}/bind", json=wrong | {"fact": fact, "reason": "就是它"}
    )
    assert (bound.status_code, "不能绑定" in bound.json()["error"]) == (409, True)


def test_without_a_model_a_program_is_told(program: TestClient) -> None:
    given = {"section": "overview", "sentence": "南向资金净卖出。"}
    assert program.post(f"/api/v1/drafts/{DRAFT}/rewrite", json=given).status_code == 409


def test_a_program_adds_a_document_finds_it_and_decides_about_it(program: TestClient, newsroom: Newsroom) -> None:
    given = {"text": "12月11日，腾讯控股获南向资金净买入7.77亿港元。", "title": "某公司公告"}
    refused = program.post("/api/v1/documents", json=given)
    assert (refused.status_code, "发布时间" in refused.json()["error"]) == (409, True)
    (added,) = program.post("/api/v1/documents", json=given | {"published_at": f"{DAY}T08:00:00"}).json()
    found = program.get("/api/v1/search", params={"q": "腾讯 7.77"}).json()
    assert [document["document"] for document in found["documents"]] == [added["document"]]
    (fact,) = found["facts"]
    wishes = f"/api/v1/days/{DAY}/wishes"
    wish = {"target": fact["fact_id"], "kind": "pin", "reason": "今天的主线"}
    assert program.put(wishes, json=wish).json()["by"] == "编辑甲"
    assert len(program.get(wishes).json()) == 1
    assert program.delete(wishes, params={"target": fact["fact_id"]}).json() == {"lifted": True}
    one = f"/api/v1/facts/{fact['fact_id']}"
    read = program.put(f"{one}/reading", json={"entity": "小米集团-W", "reason": "原文说的是小米"}).json()
    assert read["entity"] == "1810.HK"
    assert program.delete(f"{one}/reading").json()["entity"] == fact["entity"]
    assert program.get(f"{one}/uses").json() == {"releases": []}


def test_what_no_reader_takes_is_refused_in_chinese(program: TestClient) -> None:
    answer = program.post("/api/v1/documents", json={"text": "MZ", "name": "a.exe", "published_at": DAY})
    assert (answer.status_code, "没有对应的读法" in answer.json()["error"]) == (409, True)
