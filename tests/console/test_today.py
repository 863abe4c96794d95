"""今日: the slots of a day with their state, the material, and one button per slot."""

from __future__ import annotations

import time

from tests.console.conftest import DAY, SignIn


def test_the_day_shows_every_edition_and_what_is_known(sign_in: SignIn) -> None:
    page = sign_in("撰稿人").get(f"/?day={DAY}")
    for told in ("盘前机会与风险雷达", "午间复盘口播稿", "现在起草", "恒生指数", "南向资金", "可发布"):
        assert told in page


def test_a_day_without_material_says_what_to_do(sign_in: SignIn) -> None:
    page = sign_in("撰稿人").get("/?day=2024-06-12")
    assert "这一天还没有资料" in page
    assert "quantshark ingest" in page


def test_a_holiday_says_why_nothing_is_due(sign_in: SignIn) -> None:
    assert "港股休市" in sign_in("撰稿人").get("/?day=2025-12-25")


def test_a_slot_that_is_drafted_is_seen_by_everyone_and_ends_on_its_proof_page(sign_in: SignIn) -> None:
    writer, other = sign_in("撰稿人"), sign_in("编辑乙")
    page = writer.post(f"/slots/midday/{DAY}/hans/draft", f"/?day={DAY}")
    assert "午间复盘口播稿" in page
    drafted = f"/drafts/midday-{DAY}-hans-d1"
    end = time.monotonic() + 90
    seen = ""
    while time.monotonic() < end and "在写" not in seen and drafted not in seen:  # the child may take its time to begin
        time.sleep(0.2)
        seen = other.get(f"/?day={DAY}")
    assert "在写" in seen or drafted in seen
    while time.monotonic() < end and f"/drafts/midday-{DAY}-hans-d1" not in other.get(f"/?day={DAY}"):
        time.sleep(1)
    assert writer.client.get(f"/live/midday/{DAY}/hans").url.path == f"/drafts/midday-{DAY}-hans-d1"


def test_an_edition_that_is_not_there_is_refused(sign_in: SignIn) -> None:
    sign_in("撰稿人").post(f"/slots/nothing/{DAY}/hans/draft", status=409)
