"""The proof view without JavaScript: every figure with its verdict, what needs an editor first, the evidence beside it."""

from __future__ import annotations

import re

from tests.console.conftest import DRAFT, RIGHT, WRONG, SignIn


def test_a_clean_draft_shows_each_figure_with_its_source_sentence(sign_in: SignIn) -> None:
    page = sign_in("撰稿人").get(f"/drafts/{DRAFT}")
    assert "没有待处理的数字" in page or "来源不一" in page
    assert re.search(r'<a class="fig (supported|disputed)" href="#v\d+" id="n\d+" data-n="\d+"[^>]*>', page)
    assert "<mark>" in page
    assert "原文链接" in page


def test_what_stops_a_release_comes_first(sign_in: SignIn, planted: str) -> None:
    page = sign_in("撰稿人").get(f"/drafts/{planted}")
    looks = re.findall(r'<details class="proof (\w+)', page)
    blocking = [look for look in looks if look in {"refuted", "unsourced", "unread"}]
    assert len(blocking) >= 2
    assert looks[: len(blocking)] == blocking


def test_a_wrong_figure_says_why_and_offers_what_was_meant(sign_in: SignIn, planted: str) -> None:
    page = sign_in("撰稿人").get(f"/drafts/{planted}")
    card = next(card for card in page.split("<details") if f"<strong>{WRONG}</strong>" in card)
    assert f"改为 {RIGHT}" in card or RIGHT in card
    assert "删去这一句" in card


def test_every_link_of_a_figure_leads_to_its_evidence(sign_in: SignIn, planted: str) -> None:
    page = sign_in("撰稿人").get(f"/drafts/{planted}")
    wanted = set(re.findall(r'href="#(v\d+)"', page))
    assert wanted <= set(re.findall(r'<div id="(v\d+)">', page))


def test_an_older_draft_points_to_the_newest(sign_in: SignIn, planted: str) -> None:
    assert f'href="/drafts/{planted}">更新的一稿' in sign_in("撰稿人").get(f"/drafts/{DRAFT}")


def test_a_draft_that_is_not_there_says_so(sign_in: SignIn) -> None:
    assert "资料库里没有您要的这一项" in sign_in("撰稿人").get("/drafts/radar-2000-01-01-hans-d9", 404)
