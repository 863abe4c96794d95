"""Publishing without JavaScript: what goes out is exactly what was read; the switch stops everything."""

from __future__ import annotations

import re

import pytest

from quantshark.newsroom import Newsroom
from tests.console.conftest import DAY, DRAFT, Desk, SignIn, form_token

RELEASE = f"radar-{DAY}-hans-r1"


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def release(desk: Desk, draft: str = DRAFT) -> str:
    address = f"/drafts/{draft}/publish"
    digest = digest_on(desk.get(address))
    desk.post(f"/drafts/{draft}/approve", address, digest=digest)
    page = desk.get(address)
    channel = re.search(r'name="channel.1" value="([^"]+)"', page)
    assert channel
    return desk.fill(address, {"digest": digest, "channel.1": channel[1]}, address)


def test_a_draft_that_was_read_goes_out_and_leaves_a_receipt(sign_in: SignIn, newsroom: Newsroom) -> None:
    page = release(sign_in("编辑甲"))
    assert "已送达" in page
    out = newsroom.store.release(RELEASE)
    assert out.text == newsroom.reread(DRAFT).printed.text
    assert (newsroom.settings.home / "published" / f"{out.stem}.html").is_file()


def test_a_draft_with_an_open_figure_does_not_go_out(sign_in: SignIn, planted: str, newsroom: Newsroom) -> None:
    editor = sign_in("编辑甲")
    page = editor.get(f"/drafts/{planted}/publish")
    assert "还不能通过" in page
    editor.post(f"/drafts/{planted}/approve", f"/drafts/{planted}/publish", 409, digest=digest_on(page))
    assert newsroom.store.releases() == ()


def test_another_text_than_the_one_shown_is_not_approved(sign_in: SignIn) -> None:
    told = sign_in("编辑甲").post(f"/drafts/{DRAFT}/approve", f"/drafts/{DRAFT}/publish", 409, digest="0" * 64)
    assert "不一样了" in told


def test_a_writer_publishes_nothing(sign_in: SignIn, newsroom: Newsroom) -> None:
    writer = sign_in("撰稿人")
    page = writer.get(f"/drafts/{DRAFT}/publish")
    assert "要编辑来做" in page
    writer.post(f"/drafts/{DRAFT}/approve", status=403, digest="0" * 64)
    assert newsroom.store.approvals(DRAFT) == ()


def test_every_channel_has_a_preview_that_runs_nothing(sign_in: SignIn) -> None:
    editor = sign_in("编辑甲")
    for view in ("site", "wechat"):
        answer = editor.client.get(f"/drafts/{DRAFT}/preview/{view}")
        assert answer.status_code == 200
        assert "sandbox" in answer.headers["content-security-policy"]
    for view in ("feed", "message"):
        assert "盘前机会与风险雷达" in editor.get(f"/drafts/{DRAFT}/publish?view={view}")


def test_the_switch_stops_every_channel_and_is_seen_on_every_page(sign_in: SignIn, newsroom: Newsroom) -> None:
    editor, other = sign_in("编辑甲"), sign_in("编辑乙")
    editor.post("/channels/halt", "/channels", reason="源头数据有误")
    assert "全部渠道已停发" in other.get("/")
    address = f"/drafts/{DRAFT}/publish"
    digest = digest_on(other.get(address))
    other.post(f"/drafts/{DRAFT}/approve", address, digest=digest)
    channel = re.search(r'name="channel.1" value="([^"]+)"', other.get(address))
    assert channel
    other.fill(address, {"digest": digest, "channel.1": channel[1]}, address, 409)
    assert newsroom.store.receipts() == ()
    other.post("/channels/resume", "/channels")
    assert "全部渠道已停发" not in other.get("/")


def test_the_public_page_is_shown_byte_for_byte(sign_in: SignIn, newsroom: Newsroom) -> None:
    editor = sign_in("编辑甲")
    release(editor)
    answer = editor.client.get(f"/releases/{RELEASE}/page")
    assert answer.content == newsroom.shelf.files(newsroom.store.release(RELEASE))[f"radar-{DAY}.html"]


def test_a_release_goes_only_to_a_channel_that_the_desk_offers(sign_in: SignIn, newsroom: Newsroom) -> None:
    editor = sign_in("编辑甲")
    release(editor)
    elsewhere = newsroom.settings.home / "elsewhere"
    told = editor.post(f"/releases/{RELEASE}/publish", "/channels", 409, channel=f"folder:{elsewhere}")
    assert "请至少选一个渠道" in told
    assert not elsewhere.exists()


def test_a_file_of_the_server_is_no_release(
    sign_in: SignIn, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own folder holds a published file of that name; only the store says what a release is."""
    editor = sign_in("编辑甲")
    release(editor)
    out = newsroom.store.release(RELEASE)
    monkeypatch.chdir(newsroom.settings.home / "published")
    values = {"form_token": form_token(editor.get("/me")), "channel": f"site:{newsroom.settings.home / 'published'}"}
    answer = editor.client.post(f"/releases/{out.stem}.md/publish", data=values, follow_redirects=False)
    assert answer.status_code == 404
