"""A real console and a real browser: the whole path of an editor, two editors at once, a server that is killed, no JavaScript."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from quantshark.newsroom import Newsroom
from quantshark.settings import load
from tests.console.browser import MILLISECONDS, chromium, editor_at, free_port, serving
from tests.console.conftest import DAY, DRAFT, RIGHT, WRONG, plant

pytestmark = pytest.mark.browser


def planted_in(home: Path) -> str:
    newsroom = Newsroom(load(home=home))
    draft = plant(newsroom)
    newsroom.store.close()
    return draft


def quiet(page: Page) -> list[str]:
    """What the page's scripts complained about; frames of previews run none and say so."""
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


def test_from_the_trigger_to_the_public_page(home: Path) -> None:
    with serving(home, 0, "--day", DAY) as (address, _), chromium() as browser:
        page = editor_at(browser, address, "编辑甲")
        complaints = quiet(page)
        page.goto(address)
        slot = page.locator(f"[data-slot='midday-{DAY}-hans']")
        slot.get_by_role("button", name="现在起草").click()
        page.wait_for_url("**/live/**")
        expect(page.locator("#progress")).to_be_visible()
        page.wait_for_url(f"**/drafts/midday-{DAY}-hans-d1", timeout=3 * MILLISECONDS)

        draft = planted_in(home)
        page.goto(f"{address}/drafts/{draft}")
        card = page.locator("details.proof.current")
        expect(card).to_contain_text(WRONG)
        card.get_by_role("button", name=f"改为 {RIGHT}").first.click()
        expect(page.locator(".said")).to_contain_text("已改")
        expect(page.locator(".report")).not_to_contain_text(WRONG)
        page.locator("details.proof.current").get_by_role("button", name="删去这一句").click()
        expect(page.locator(".said")).to_contain_text("已删去")
        page.get_by_role("link", name="预览和发布").click()
        page.get_by_role("button", name="我读过了，通过").click()
        page.get_by_role("button", name="发布", exact=True).click()
        page.wait_for_url("**/releases/**")
        expect(page.locator("main")).to_contain_text("已送达")
        public = home / "published" / f"radar-{DAY}.html"
        page.goto(public.as_uri())
        expect(page.locator("body")).to_contain_text(RIGHT)
        assert WRONG not in page.content()
        assert complaints == []


def test_keys_go_from_figure_to_figure_what_stops_first(home: Path) -> None:
    draft = planted_in(home)
    with serving(home) as (address, _), chromium() as browser:
        page = editor_at(browser, address, "编辑甲")
        page.goto(f"{address}/drafts/{draft}")
        current = page.locator("details.proof.current")
        expect(current).to_have_class(re.compile("unsourced|refuted|unread"))
        first = current.get_attribute("data-n")
        page.keyboard.press("n")
        assert current.get_attribute("data-n") != first
        page.keyboard.press("j")
        expect(page.locator(".report .fig.current").first).to_be_in_viewport()
        page.locator(f".report .fig[data-n='{first}']").first.click()
        assert current.get_attribute("data-n") == first
        page.locator("#mine").check()
        expect(page.locator("details.proof:not(.needs)").first).to_be_hidden()


def test_two_editors_see_the_same_and_neither_is_lost(home: Path) -> None:
    draft = planted_in(home)
    with serving(home) as (address, _), chromium() as browser:
        first, second = editor_at(browser, address, "编辑甲"), editor_at(browser, address, "编辑乙")
        for page in (first, second):
            page.goto(f"{address}/drafts/{draft}/sections/overview")
        watching = editor_at(browser, address, "撰稿人")
        watching.goto(f"{address}/drafts/{draft}")
        first.fill("#text", "甲的文字。")
        expect(first.locator("#preview")).to_contain_text("甲的文字")
        first.get_by_role("button", name="保存并核对").click()
        first.wait_for_url(re.compile(r"-d3"))
        expect(watching.locator(".newer")).to_contain_text("编辑甲")
        second.fill("#text", "乙的文字。")
        second.get_by_role("button", name="保存并核对").click()
        expect(second.locator("h1")).to_contain_text("编辑甲 先保存了同一节")
        second.fill("textarea", "甲和乙的文字。")
        second.get_by_role("button", name="保存合并后的").click()
        second.wait_for_url(re.compile(r"-d4"))


def test_a_killed_console_goes_on_where_it_stopped(home: Path) -> None:
    port = free_port()
    with chromium() as browser:
        with serving(home, port, "--day", DAY) as (address, process):
            page = editor_at(browser, address, "编辑甲")
            page.goto(address)
            page.locator(f"[data-slot='close-{DAY}-hans']").get_by_role("button", name="现在起草").click()
            page.wait_for_url("**/live/**")
            process.send_signal(signal.SIGKILL)
            process.wait()
        with serving(home, port, "--day", DAY) as (address, _):
            page.goto(f"{address}/live/close/{DAY}/hans")
            again = page.get_by_role("button", name="再写一次")
            if again.count():
                again.click()
            page.wait_for_url(f"**/drafts/close-{DAY}-hans-d1", timeout=3 * MILLISECONDS)


def test_without_javascript_a_figure_is_found_and_mended(home: Path) -> None:
    draft = planted_in(home)
    with serving(home) as (address, _), chromium() as browser:
        page = editor_at(browser, address, "编辑甲", scripts=False)
        page.goto(f"{address}/drafts/{draft}")
        page.locator(".report .fig.unsourced, .report .fig.refuted").first.click()
        card = page.locator("details.proof", has_text=WRONG).first
        expect(card.get_by_role("button", name=f"改为 {RIGHT}").first).to_be_visible()
        card.get_by_role("button", name=f"改为 {RIGHT}").first.click()
        expect(page.locator(".report")).not_to_contain_text(WRONG)


PAGES = (
    "/",
    f"/drafts/{DRAFT}",
    f"/drafts/{DRAFT}/sections/overview",
    f"/drafts/{DRAFT}/publish",
    f"/drafts/{DRAFT}/revisions",
    "/sources?q=南向资金&what=facts",
    "/sources/add",
    "/releases",
    "/channels",
    "/people",
    "/audit",
    "/me",
    "/api/docs",
)


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    answer: dict[str, list[dict[str, Any]]] = cast(Any, Axe()).run(page).response  # Any: axe's own JSON, half typed
    return [
        f"{v['id']} {v['nodes'][0]['target']}" for v in answer["violations"] if v["impact"] in {"serious", "critical"}
    ]


def test_nothing_serious_stands_in_anyones_way(home: Path) -> None:
    """axe over every page, and no page wider than a phone."""
    with serving(home, 0, "--day", DAY) as (address, _), chromium() as browser:
        page = editor_at(browser, address, "主编")
        found: list[str] = []
        page.goto(f"{address}/sources?q=南向资金&what=facts")
        fact = page.get_by_role("link", name="查看").first.get_attribute("href") or ""
        for path in (*PAGES, fact):
            page.set_viewport_size({"width": 1440, "height": 900})
            page.goto(address + path)
            found += [f"{path}: {told}" for told in serious(page)]
            page.set_viewport_size({"width": 390, "height": 844})
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                found.append(f"{path} is wider than a phone")
        assert found == []
