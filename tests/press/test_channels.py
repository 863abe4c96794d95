"""Channels on the real thing: a receiver on loopback, a Git repository on disk, apprise over HTTP, WeChat's wire format."""

from __future__ import annotations

import ipaddress
import json
import logging
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quantshark.errors import TargetError
from quantshark.press.release import bundle
from quantshark.press.targets import addresses
from quantshark.press.targets.bulletin import Bulletin, as_json, bulletin, event, pieces, words
from quantshark.press.targets.chat import ChatTarget
from quantshark.press.targets.git_site import GitTarget
from quantshark.press.targets.webhook import WebhookTarget, signature
from quantshark.press.targets.wechat_box import Account, WeChatTarget
from tests.press.sample import ARCHIVE, ORIGIN, SITE, sample
from tests.sources.feeds.server import Page, Site

MADE = sample()
BUNDLE = bundle(MADE.printed, MADE.verdicts, ARCHIVE, ORIGIN, SITE)
RELEASE, FILES = BUNDLE.release, BUNDLE.files
NOON = datetime(2025, 12, 12, 4, tzinfo=UTC)


# --- messages


def test_a_message_has_only_the_words_of_the_release() -> None:
    message = bulletin(RELEASE, SITE)
    assert message.headline == RELEASE.title
    assert message.address == f"{SITE}/{RELEASE.stem}.html"
    assert "人工智能" in message.label
    assert all("](" not in part and "**" not in part for part in message.parts)


def test_a_correction_and_a_withdrawal_are_told_by_their_text_not_by_their_number() -> None:
    second = replace(RELEASE, revision=2)
    assert (event(second), bulletin(second, SITE).headline) == ("published", RELEASE.title)
    front, _, body = RELEASE.text.partition("\n---\n")
    corrected = replace(second, text=f"{front}\n---\n\n> **更正**：南向资金净卖出52.87亿港元。\n{body}")
    assert (event(corrected), bulletin(corrected, SITE).headline) == ("corrected", f"【更正】{RELEASE.title}")
    assert as_json(corrected, SITE)["event"] == "corrected"
    withdrawn = replace(second, text=f"{front}\nwithdrawn: true\n---\n{body}")
    assert (event(withdrawn), bulletin(withdrawn, SITE).headline) == ("withdrawn", f"【撤回】{RELEASE.title}")


def test_markdown_as_a_chat_shows_it() -> None:
    told = "| 维度 | 状态 |\n| :-- | --- |\n| 资金面 | **净卖出[52.87亿港元](https://x.example/News/a)** |\n\n> 引用\n"
    assert words(told) == "维度｜状态\n资金面｜净卖出52.87亿港元\n\n引用"


@pytest.mark.parametrize("limit", [256, 500, 2048])
def test_pieces_fit_in_bytes_and_lose_nothing(limit: int) -> None:
    parts = tuple(f"第{n}节\n" + "南向资金净卖出52.87亿港元。" * n for n in range(1, 30, 4))
    message = Bulletin("标题", "摘要。", "https://x.example/a.html", "标识", parts)
    made = pieces(message, limit)
    assert all(len(piece.encode()) <= limit for piece in made)
    plain = "".join(piece.split("\n", 1)[1] if piece.startswith("（") else piece for piece in made).replace("\n", "")
    assert plain == "".join((message.short, *parts)).replace("\n", "")
    inside = [piece for piece in made if piece.rstrip()[-1] not in "。l"]
    assert inside == [], "cut at the end of a sentence"


# --- addresses

PRIVATE = "127.0.0.1 10.1.2.3 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1 fc00::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_no_private_address(address: str) -> None:
    assert not addresses.is_public(ipaddress.ip_address(address))


def test_a_public_address() -> None:
    assert addresses.is_public(ipaddress.ip_address("93.184.216.34"))
    assert addresses.is_public(ipaddress.ip_address("2606:2800:220:1::1"))


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://93.184.216.34/hook", "over https"),
        ("https://127.0.0.1/hook", "not public"),
        ("https://[::1]/hook", "not public"),
        ("https://2130706433/hook", "not public"),
        ("https://u:geheim@93.184.216.34/hook", "carries a password"),
        ("file:///etc/passwd", "over https"),
    ],
)
def test_a_webhook_cannot_call_the_house(url: str, told: str) -> None:
    with pytest.raises(TargetError, match=told) as caught:
        addresses.checked(url)
    assert "geheim" not in str(caught.value)


def test_the_checked_address_is_the_one_called(monkeypatch: pytest.MonkeyPatch) -> None:
    public = ipaddress.ip_address("93.184.216.34")

    def looked_up(*_told: object) -> list[addresses.Address]:
        return [public]

    monkeypatch.setattr(addresses, "_looked_up", looked_up)
    place = addresses.checked("https://cms.example.com/hook?x=1")
    assert (place.url, place.host, place.name) == (
        "https://93.184.216.34:443/hook?x=1",
        "cms.example.com",
        "cms.example.com",
    )


# --- webhook


def hook(url: str) -> WebhookTarget:
    return WebhookTarget(url, "s3cret", SITE, name="hook", private=True, now=lambda: NOON)


@pytest.mark.loopback
def test_a_webhook_is_signed_and_recognisable() -> None:
    with Site({"/hook": Page(b"{}")}) as site:
        receipt = hook(f"{site.url}/hook").send(RELEASE, FILES)
        ((verb, path, headers, body),) = site.seen
    told = json.loads(body)
    assert (verb, path, receipt.status) == ("POST", "/hook", "sent")
    assert told["release"] == RELEASE.release_id
    assert told["markdown"] == RELEASE.text
    assert headers["idempotency-key"] == f"{RELEASE.release_id}@hook"
    stamp = headers["x-quantshark-timestamp"]
    assert headers["x-quantshark-signature"] == f"v1={signature(b's3cret', stamp, body)}"
    assert "s3cret" not in str(headers) + body.decode()


@pytest.mark.loopback
def test_a_receiver_that_has_it_already() -> None:
    with Site({"/hook": Page(status=409)}) as site:
        assert hook(f"{site.url}/hook").send(RELEASE, FILES).status == "unchanged"


@pytest.mark.loopback
@pytest.mark.parametrize(
    "page", [Page(status=302, headers={"Location": "http://127.0.0.1/x"}), Page(status=500), Page(status=401)]
)
def test_a_webhook_that_refuses(page: Page) -> None:
    with Site({"/hook": page}) as site, pytest.raises(TargetError, match=f"answered {page.status}") as caught:
        hook(f"{site.url}/hook").send(RELEASE, FILES)
    assert not caught.value.unknown, "the key makes sending again safe"


def test_a_webhook_without_a_secret_is_none() -> None:
    with pytest.raises(TargetError, match="has no secret"):
        WebhookTarget("https://x.example", "", SITE, name="hook")


# --- git


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    bare = tmp_path / "remote.git"
    git("init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    return bare


def git(*told: str) -> str:
    return subprocess.run(["git", *told], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607


def log(remote: Path) -> list[str]:
    return git("-C", str(remote), "log", "--format=%s", "main").strip().split("\n")


def test_a_release_is_one_commit_once(remote: Path, tmp_path: Path) -> None:
    site = GitTarget(str(remote), tmp_path / "clone", name="hugo", now=lambda: NOON)
    assert site.send(RELEASE, FILES).status == "sent"
    assert site.send(RELEASE, FILES).status == "unchanged"
    assert log(remote) == [f"{RELEASE.release_id}: {RELEASE.title}"]
    text = git("-C", str(remote), "show", f"main:content/posts/{RELEASE.stem}.md")
    assert text == RELEASE.text


def test_a_push_whose_answer_was_lost_is_recognised(remote: Path, tmp_path: Path) -> None:
    GitTarget(str(remote), tmp_path / "one", name="hugo").send(RELEASE, FILES)
    assert GitTarget(str(remote), tmp_path / "two", name="hugo").send(RELEASE, FILES).status == "unchanged"


def test_somebody_else_pushed_in_between(remote: Path, tmp_path: Path) -> None:
    site = GitTarget(str(remote), tmp_path / "clone", name="hugo")
    site.send(RELEASE, FILES)
    other = tmp_path / "other"
    git("clone", "--quiet", str(remote), str(other))
    (other / "about.md").write_text("关于", "utf-8")
    git("-C", str(other), "add", "-A")
    git("-C", str(other), "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "about")
    git("-C", str(other), "push", "--quiet", "origin", "main")
    changed = replace(RELEASE, text=f"{RELEASE.text}\n")
    files = {**FILES, f"{RELEASE.stem}.md": changed.text.encode()}
    assert site.send(changed, files).status == "sent"
    assert len(log(remote)) == 3
    assert git("-C", str(remote), "show", "main:about.md") == "关于"


@pytest.mark.parametrize("url", ["--upload-pack=touch /tmp/x", "ext::sh -c id", "http://x.example/a.git"])
def test_an_address_that_would_run_something_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="is no address"):
        GitTarget(url, tmp_path, name="hugo")


def test_a_repository_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="git for hugo failed"):
        GitTarget(str(tmp_path / "none.git"), tmp_path / "clone", name="hugo").send(RELEASE, FILES)


# --- chat


@pytest.mark.loopback
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise's own, at its first import
def test_a_robot_gets_headline_and_address_through_apprise() -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: pip install 'quantshark[push]'")
    with Site({"/robot": Page(b"{}")}) as site:
        robot = ChatTarget(site.url.replace("http", "json") + "/robot", SITE, name="robot", now=lambda: NOON)
        receipt = robot.send(RELEASE, FILES)
        told = json.loads(site.seen[0][3])
    assert (receipt.status, receipt.where) == ("sent", (f"{SITE}/{RELEASE.stem}.html",))
    assert RELEASE.title in told["message"]


@pytest.mark.loopback
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise's own, at its first import
@pytest.mark.parametrize(
    ("status", "told", "unknown"),
    [
        pytest.param(502, "broke off", True, id="fails inside: it may have posted"),
        pytest.param(403, "refused", False, id="says no: it may be asked again"),
    ],
)
@pytest.mark.parametrize("level", [logging.WARNING, logging.CRITICAL])
def test_a_robot_that_does_not_take_it(
    status: int, told: str, unknown: bool, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: pip install 'quantshark[push]'")
    caplog.set_level(level)  # of the root: a process may want its logs quiet
    with Site({"/robot": Page(status=status)}) as site:
        robot = ChatTarget(site.url.replace("http", "json") + "/robot", SITE, name="robot")
        with pytest.raises(TargetError, match=told) as caught:
            robot.send(RELEASE, FILES)
    assert caught.value.unknown is unknown


class Breaks:
    """A robot that takes `good` pieces and then is gone."""

    def __init__(self, good: int) -> None:
        self.good = good

    def add(self, services: str) -> bool:
        return bool(services)

    def notify(self, body: str, title: str, **more: Any) -> bool:  # noqa: ARG002  (apprise's words)
        self.good -= 1
        return self.good >= 0


@pytest.mark.parametrize("good", [0, 1])
def test_what_may_have_been_posted_is_unknown(good: int) -> None:
    robot = ChatTarget("wecombot://x", SITE, name="robot", whole=True, sender=Breaks(good))
    long = replace(RELEASE, text=RELEASE.text + "\n## 补充\n\n" + "恒生指数收跌。" * 200)
    with pytest.raises(TargetError, match="broke off") as caught:
        robot.send(long, FILES)
    assert caught.value.unknown


# --- wechat


def answer(told: Mapping[str, object]) -> Page:
    return Page(json.dumps(told).encode())


def box(site: Site) -> WeChatTarget:
    account = Account("wx1", "geheim", "cover1", "量子鲨鱼")
    return WeChatTarget(
        account, SITE, lambda release: f"<p>{release.title}</p>", name="wechat", api=site.url, now=lambda: NOON
    )


@pytest.mark.loopback
def test_an_article_lies_in_the_draft_box_once() -> None:
    pages = {
        "/cgi-bin/stable_token": answer({"access_token": "t0ken"}),
        "/cgi-bin/draft/batchget": answer({"item": []}),
        "/cgi-bin/draft/add": answer({"media_id": "m1"}),
    }
    with Site(pages) as site:
        first = box(site).send(RELEASE, FILES)
        (article,) = json.loads(site.seen[-1][3])["articles"]
        there = {"media_id": "m1", "content": {"news_item": [{"content_source_url": article["content_source_url"]}]}}
        site.pages["/cgi-bin/draft/batchget"] = answer({"item": [there]})
        again = box(site).send(RELEASE, FILES)
    assert (first.status, first.where, again.status, again.where) == ("sent", ("m1",), "unchanged", ("m1",))
    assert article["title"] == RELEASE.title
    assert [path.split("?")[0] for _, path, _, _ in site.seen].count("/cgi-bin/draft/add") == 1


@pytest.mark.loopback
def test_an_error_code_is_a_sentence_without_secrets() -> None:
    refusal = {"/cgi-bin/stable_token": answer({"errcode": 40164, "errmsg": "invalid ip"})}
    with Site(refusal) as site, pytest.raises(TargetError, match="40164: this machine's address") as caught:
        box(site).send(RELEASE, FILES)
    assert "geheim" not in str(caught.value)
