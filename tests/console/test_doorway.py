"""In and out: who is not signed in sees nothing, who guesses waits, and no form of another site does anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from quantshark.console import Door, create_app, open_door
from quantshark.console.pages.doorway import own
from quantshark.newsroom import Newsroom
from quantshark.newsroom.people import People
from quantshark.settings import load
from tests.console.conftest import PASSWORD, SignIn, form_token


def test_a_stranger_is_sent_to_the_door_and_back(newsroom: Newsroom) -> None:
    client = TestClient(create_app(newsroom))
    answer = client.get("/people", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/people")


def test_the_address_that_people_guess_leads_to_the_door(newsroom: Newsroom) -> None:
    answer = TestClient(create_app(newsroom)).get("/login?next=/people", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/people")


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_back_stays_in_the_house(address: str) -> None:
    assert own(address) == "/"


def test_the_first_start_makes_the_chief_and_tells_the_password_once(tmp_path: Path) -> None:
    newsroom = Newsroom(load(home=tmp_path))
    chief = open_door(newsroom)
    assert chief is not None
    assert People(newsroom.store).sign_in(chief.name, chief.password) is not None
    assert open_door(newsroom) is None
    newsroom.store.close()


def test_guessing_is_slowed_down(newsroom: Newsroom) -> None:
    client = TestClient(create_app(newsroom))
    told = [_try(client, "编辑甲", f"wrong {number}") for number in range(6)]
    assert told == [403] * 5 + [429]
    assert _try(client, "编辑甲", PASSWORD) == 429


def _try(client: TestClient, name: str, password: str) -> int:
    page = client.get("/sign-in").text
    return client.post(
        "/sign-in", data={"form_token": form_token(page), "name": name, "password": password}, follow_redirects=False
    ).status_code


def test_a_session_cookie_is_not_for_scripts_or_other_sites(newsroom: Newsroom) -> None:
    client = TestClient(create_app(newsroom, Door(https=True)), base_url="https://testserver")
    page = client.get("/sign-in").text
    answer = client.post(
        "/sign-in",
        data={"form_token": form_token(page), "name": "编辑甲", "password": PASSWORD},
        follow_redirects=False,
    )
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("quantshark="))
    assert {"HttpOnly", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_form_without_its_token_does_nothing(sign_in: SignIn, newsroom: Newsroom) -> None:
    chief = sign_in("主编")
    answer = chief.client.post("/people/add", data={"name": "坏人", "role": "chief"})
    assert answer.status_code == 403
    assert "坏人" not in {person.name for person in People(newsroom.store).everyone()}


def test_another_persons_token_is_not_mine(sign_in: SignIn) -> None:
    chief, editor = sign_in("主编"), sign_in("编辑甲")
    stolen = form_token(editor.get("/me"))
    assert (
        chief.client.post("/people/add", data={"form_token": stolen, "name": "甲", "role": "writer"}).status_code == 403
    )


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_post_from_another_site_is_refused_before_anything_is_read(sign_in: SignIn, headers: dict[str, str]) -> None:
    chief = sign_in("主编")
    values = {"form_token": form_token(chief.get("/people")), "name": "甲", "role": "writer"}
    assert chief.client.post("/people/add", data=values, headers=headers).status_code == 403


def test_every_answer_forbids_foreign_scripts(sign_in: SignIn) -> None:
    answer = sign_in("编辑甲").client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text


def test_roles_decide_what_is_shown_and_done(sign_in: SignIn) -> None:
    writer = sign_in("撰稿人")
    assert "/people" not in writer.get("/")
    assert "这一步要主编来做" in writer.get("/people", 403)
    writer.post("/people/add", status=403, name="甲", role="chief")


def test_a_new_person_changes_the_one_time_password(sign_in: SignIn, newsroom: Newsroom) -> None:
    shown = sign_in("主编").post("/people/add", "/people", name="新来的", role="editor")
    password = shown.split("的一次性密码：<code>")[1].split("</code>")[0]
    client = TestClient(create_app(newsroom))
    page = client.get("/sign-in").text
    answer = client.post("/sign-in", data={"form_token": form_token(page), "name": "新来的", "password": password})
    assert answer.url.path == "/me"
    token = {"Authorization": f"Bearer {People(newsroom.store).add_token('新来的', '试')}"}
    assert client.get("/sources").url.path == "/me"
    assert client.post("/channels/halt", data={"form_token": form_token(answer.text), "reason": "试"}).url.path == "/me"
    assert newsroom.halted() is None
    assert TestClient(client.app, headers=token).get("/api/v1/slots").status_code == 403
    values = {"form_token": form_token(answer.text), "old": password, "new": PASSWORD, "again": PASSWORD}
    assert client.post("/me/password", data=values).url.path == "/"
    assert TestClient(client.app, headers=token).get("/api/v1/slots").status_code == 200
    assert People(newsroom.store).sign_in("新来的", password) is None


def test_a_barred_person_is_out_at_once(sign_in: SignIn) -> None:
    editor, chief = sign_in("编辑甲"), sign_in("主编")
    chief.post("/people/bar", "/people", name="编辑甲", barred="1")
    assert editor.client.get("/", follow_redirects=False).status_code == 303


def test_the_last_chief_stays(sign_in: SignIn) -> None:
    assert "最后一位主编" in sign_in("主编").post("/people/bar", "/people", 409, name="主编", barred="1")


def test_a_header_names_a_person_only_from_the_trusted_proxy(newsroom: Newsroom) -> None:
    door = Door(proxies=("10.0.0.2",), user_header="X-Forwarded-User")
    app = create_app(newsroom, door)
    People(newsroom.store).add("ling", "editor", "test")
    named = {"X-Forwarded-User": "ling"}
    assert TestClient(app, client=("10.0.0.9", 1)).get("/", headers=named, follow_redirects=False).status_code == 303
    assert TestClient(app, client=("10.0.0.2", 1)).get("/", headers=named).status_code == 200


def test_the_trail_names_who_did_what_and_holds_no_secret(sign_in: SignIn) -> None:
    chief = sign_in("主编")
    chief.post("/me/tokens", label="内容管理系统")
    page = chief.get("/audit")
    assert "生成令牌" in page
    assert "qs_" not in page
    assert PASSWORD not in page


def test_one_persons_tries_shut_out_nobody_else_behind_the_same_proxy(newsroom: Newsroom) -> None:
    client = TestClient(create_app(newsroom))
    assert [_try(client, "编辑甲", "wrong") for _ in range(6)][-1] == 429
    assert _try(client, "编辑乙", PASSWORD) == 303


def test_a_stranger_elsewhere_does_not_shut_a_persons_door(newsroom: Newsroom) -> None:
    client = TestClient(create_app(newsroom, Door(proxies=("10.0.0.2",))), client=("10.0.0.2", 1))
    client.headers["X-Forwarded-For"] = "198.51.100.7"
    assert [_try(client, "编辑甲", "wrong") for _ in range(6)][-1] == 429
    client.headers["X-Forwarded-For"] = "198.51.100.7, 203.0.113.5"  # what the proxy saw itself stands last
    assert _try(client, "编辑甲", PASSWORD) == 303


def test_an_address_that_no_trusted_proxy_forwards_means_nothing(newsroom: Newsroom) -> None:
    client = TestClient(create_app(newsroom))
    told: list[int] = []
    for number in range(6):
        client.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        told.append(_try(client, "编辑甲", "wrong"))
    assert told[-1] == 429


def test_a_form_token_of_any_characters_is_stale_and_no_error(sign_in: SignIn, newsroom: Newsroom) -> None:
    stranger, editor = TestClient(create_app(newsroom)), sign_in("编辑甲").client
    stranger.get("/sign-in")
    for client, path in ((stranger, "/sign-in"), (editor, "/me/tokens")):
        assert client.post(path, data={"form_token": "令牌", "name": "编辑甲"}).status_code == 403
