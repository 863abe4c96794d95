"""The newsroom end to end, on the fixtures: in, written, judged, released, sent, proved again."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from quantshark import settings
from quantshark.errors import EditionError, NotFoundError, ReleaseError, SettingsError, TargetError
from quantshark.model import Event, Fact, Mark, Verdict
from quantshark.newsroom import Assignment, Newsroom, Outcome, drafting, staff
from quantshark.newsroom.writing import NO_MODEL
from tests.newsroom.conftest import DAY

RADAR = Assignment("radar", DAY, writer="rules")
PARTS = ("Part 1", "Part 2", "Part 3", "Part 4", "Part 5")


def drafted(newsroom: Newsroom, task: Assignment, heard: list[Event] | None = None) -> Outcome:
    return asyncio.run(newsroom.draft(task, (heard if heard is not None else []).append))


@pytest.fixture(scope="module")
def released(stocked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Path, tuple[str, ...]]:
    """The radar of the day, its folder, and what was told on the way; for tests that only read."""
    home = tmp_path_factory.mktemp("released")
    shutil.copytree(stocked, home / "home")
    heard: list[Event] = []
    outcome = drafted(Newsroom(settings.Settings(home=home / "home")), replace(RADAR, out=home / "out"), heard)
    return outcome, home / "out", tuple(event.name for event in heard)


def test_draft_of_the_radar_is_released_with_its_five_parts(released: tuple[Outcome, Path, tuple[str, ...]]) -> None:
    outcome, out, heard = released
    assert outcome.release is not None
    assert [part for part in PARTS if part in outcome.text] == list(PARTS)
    names = [f"radar-2025-12-12{ending}" for ending in (".html", ".ledger.json", ".md")]
    assert sorted(path.name for path in outcome.files) == names
    assert sorted(path.name for path in out.iterdir()) == names
    assert {"section_started", "section_written", "checked", "done"} <= set(heard)


def test_a_release_proves_what_it_says(released: tuple[Outcome, Path, tuple[str, ...]]) -> None:
    outcome, out, _ = released
    ledger = json.loads((out / "radar-2025-12-12.ledger.json").read_text("utf-8"))
    assert len([v for v in outcome.verdicts if v.status in {"supported", "derived"}]) >= 25
    assert len(ledger["documents"]) >= 10
    assert all(document["published_at"] < "2025-12-12T08:30" for document in ledger["documents"].values())
    assert "演示数据" in (out / "radar-2025-12-12.html").read_text("utf-8")


def test_draft_again_is_the_same_release(newsroom: Newsroom, tmp_path: Path) -> None:
    first = drafted(newsroom, replace(RADAR, out=tmp_path / "a"))
    second = drafted(newsroom, replace(RADAR, out=tmp_path / "b"))
    assert first.release == second.release
    for file in first.files:
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
    assert len(newsroom.store.releases("radar", DAY)) == 1


def test_draft_from_files_alone_stores_nothing(week: Path, tmp_path: Path) -> None:
    newsroom = Newsroom(settings.Settings(home=tmp_path / "home"))
    sources = (week,)
    outcome = drafted(newsroom, replace(RADAR, sources=sources, out=tmp_path / "out"))
    assert outcome.release is not None
    assert not (tmp_path / "home").exists()
    assert newsroom.verify(tmp_path / "out" / "radar-2025-12-12.md", sources) == ()


def test_draft_without_core_facts_is_held(newsroom: Newsroom, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "a.md").write_text(
        '---\ntitle: "无事"\ndate: "2025-12-11T10:00:00+08:00"\n---\n没有数字的一天。\n', "utf-8"
    )
    outcome = drafted(newsroom, replace(RADAR, sources=(empty,), out=tmp_path))
    assert outcome.release is None
    assert outcome.draft.held
    assert [path.name for path in outcome.files] == ["radar-2025-12-12.draft.md"]


def test_draft_in_traditional_characters(newsroom: Newsroom, tmp_path: Path) -> None:
    outcome = drafted(newsroom, replace(RADAR, script="hant", out=tmp_path))
    assert outcome.release is not None
    assert outcome.release.stem == "radar-2025-12-12-hant"
    assert "騰訊控股" in outcome.text
    assert "净" not in outcome.text


@pytest.mark.parametrize(
    ("task", "says"),
    [
        (replace(RADAR, edition="radr"), "no edition 'radr'"),
        (replace(RADAR, day=date(2025, 12, 13)), "no trading day of XHKG.*2025-12-12 or 2025-12-15"),
    ],
)
def test_draft_of_what_is_not_due(newsroom: Newsroom, task: Assignment, says: str) -> None:
    with pytest.raises(EditionError, match=says):
        drafted(newsroom, task)


def test_until_cuts_what_may_be_known(newsroom: Newsroom, tmp_path: Path) -> None:
    """At noon of the session that it is to tell, nobody knows yet how that ends: 52.87亿 was told after the close."""
    noon = datetime(2025, 12, 11, 12, 0)  # noqa: DTZ001 - a naive moment is Hong Kong's
    outcome = drafted(newsroom, replace(RADAR, until=noon, out=tmp_path))
    assert "52.87" not in outcome.text
    assert "12月11日收盘" not in outcome.text


def test_ingest_again_changes_nothing(newsroom: Newsroom, week: Path) -> None:
    again = newsroom.ingest([week]).counts
    assert (again.new, again.changed, again.reread, again.facts) == (0, 0, 0, 0)
    assert again.same > 50


def test_facts_by_name_and_by_code(newsroom: Newsroom) -> None:
    by_name = newsroom.facts(date(2025, 12, 11), "腾讯控股", "净流入")
    by_code = newsroom.facts(date(2025, 12, 11), "0700.HK", "net_flow")
    assert by_code
    assert {fact.fact_id for fact in by_code} <= {fact.fact_id for fact in by_name}
    assert newsroom.facts(entity="没有这家公司") == ()


def test_publish_once_and_again(newsroom: Newsroom, tmp_path: Path) -> None:
    outcome = drafted(newsroom, replace(RADAR, out=tmp_path))
    assert outcome.release
    target = f"folder:{tmp_path / 'site'}"
    first = newsroom.publish(str(tmp_path / "radar-2025-12-12.md"), target)
    second = newsroom.publish(outcome.release.release_id, target)
    assert (first.status, second.status) == ("sent", "unchanged")
    assert (tmp_path / "site" / "radar-2025-12-12.html").is_file()
    (tmp_path / "site" / "radar-2025-12-12.html").unlink()
    assert newsroom.publish(outcome.release.release_id, target).status == "sent"
    assert len(newsroom.store.receipts(outcome.release.release_id)) == 1


def test_publish_takes_up_what_a_crash_left(newsroom: Newsroom, tmp_path: Path) -> None:
    """The parcel was claimed by a worker that died before it sent anything."""
    outcome = drafted(newsroom, replace(RADAR, out=tmp_path))
    assert outcome.release
    channel = f"folder:{tmp_path / 'site'}"
    newsroom.store.enqueue(outcome.release.release_id, channel)
    newsroom.store.claim(channel, seconds=0)
    assert newsroom.publish(outcome.release.release_id, channel).status == "sent"
    assert [parcel.state for parcel in newsroom.store.parcels()] == ["sent"]


def test_publish_refuses_what_was_changed_by_hand(newsroom: Newsroom, tmp_path: Path) -> None:
    drafted(newsroom, replace(RADAR, out=tmp_path))
    file = tmp_path / "radar-2025-12-12.md"
    file.write_text(file.read_text("utf-8").replace("52.87亿港元", "52.78亿港元"), "utf-8")
    with pytest.raises(ReleaseError, match=r"is not what was released: .*52\.78亿港元"):
        newsroom.publish(str(file))


def test_publish_of_what_is_not_there(newsroom: Newsroom) -> None:
    with pytest.raises(NotFoundError):
        newsroom.publish("radar-2031-01-01-hans-r1")
    with pytest.raises(TargetError, match="write folder:PATH"):
        newsroom.publish("radar-2031-01-01-hans-r1", "pigeon:home")


def test_a_published_report_is_not_replaced_in_silence(week: Path, tmp_path: Path) -> None:
    """The same news, not marked as made up: what went out stands until it is corrected."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for file in week.iterdir():
        text = re.sub(r"(?m)^(?:# )?demo: .*\n", "", file.read_text("utf-8"))
        (inbox / file.name).write_text(text, "utf-8")
    newsroom = Newsroom(settings.Settings(home=tmp_path / "home"))
    newsroom.ingest([inbox])
    outcome = drafted(newsroom, replace(RADAR, out=tmp_path / "a"))
    assert outcome.release
    assert not outcome.release.demo
    newsroom.publish(outcome.release.release_id, f"folder:{tmp_path / 'site'}")
    other = drafted(newsroom, replace(RADAR, until=time(4, 0), out=tmp_path / "b"))
    assert other.text != outcome.text
    assert other.release is None
    assert any("已发布" in reason for reason in other.draft.held)


def test_a_demonstration_may_be_replaced(newsroom: Newsroom, tmp_path: Path) -> None:
    outcome = drafted(newsroom, replace(RADAR, out=tmp_path / "a"))
    assert outcome.release
    newsroom.publish(outcome.release.release_id, f"folder:{tmp_path / 'site'}")
    other = drafted(newsroom, replace(RADAR, until=time(4, 0), out=tmp_path / "b"))
    assert other.release
    assert other.release.revision == outcome.release.revision + 1


def test_another_text_before_publishing_is_the_next_revision(newsroom: Newsroom, tmp_path: Path) -> None:
    drafted(newsroom, replace(RADAR, out=tmp_path / "a"))
    other = drafted(newsroom, replace(RADAR, until=time(4, 0), out=tmp_path / "b"))
    assert other.release is not None
    assert other.release.release_id == "radar-2025-12-12-hans-r2"


def test_verify_names_one_changed_digit(newsroom: Newsroom, tmp_path: Path) -> None:
    drafted(newsroom, replace(RADAR, out=tmp_path))
    file = tmp_path / "radar-2025-12-12.md"
    assert newsroom.verify(file) == ()
    original = file.read_text("utf-8")
    file.write_text(original.replace("52.87亿港元", "52.78亿港元", 1), "utf-8")
    assert "52.78亿港元" in str(newsroom.verify(file)[0])
    file.write_text(original, "utf-8")
    ledger = tmp_path / "radar-2025-12-12.ledger.json"
    ledger.write_text(ledger.read_text("utf-8").replace("-5287000000", "-5278000000"), "utf-8")
    assert newsroom.verify(file)


def test_verify_names_a_changed_source(newsroom: Newsroom, week: Path, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(week, sources)
    drafted(newsroom, replace(RADAR, sources=(sources,), out=tmp_path))
    file = tmp_path / "radar-2025-12-12.md"
    changed = [path for path in sources.rglob("*") if path.is_file() and "52.87" in path.read_text("utf-8")]
    assert changed
    for path in changed:
        path.write_text(path.read_text("utf-8").replace("52.87", "52.78"), "utf-8")
    assert newsroom.verify(file, (sources,))


def test_forget_takes_facts_away_and_names_the_releases(newsroom: Newsroom, tmp_path: Path) -> None:
    outcome = drafted(newsroom, replace(RADAR, out=tmp_path))
    assert outcome.release
    cited = next(iter(newsroom.store.cited(outcome.release.release_id)))
    assert newsroom.forget(cited) == (outcome.release.release_id,)
    assert newsroom.store.facts(doc_ids=[cited]) == ()


def test_check_of_a_text_against_the_store(newsroom: Newsroom) -> None:
    assert newsroom.check("12月11日，南向资金净卖出52.87亿港元。", DAY).releasable
    assert not newsroom.check("12月11日，南向资金净卖出52.78亿港元。", DAY).releasable


def test_a_printed_figure_that_the_stranger_reads_otherwise_blocks(
    released: tuple[Outcome, Path, tuple[str, ...]],
) -> None:
    """Code printed one fact where the words around it, by accident, are proved by another: nobody may release that."""
    outcome, _, _ = released
    verdict = next(v for v in outcome.verdicts if v.surface == "52.87亿港元" and v.status == "supported")
    assert verdict.fact
    wrong = replace(verdict.fact, fact_id="other", value=verdict.fact.value * 2)
    settled = reconciled(outcome.text, [Mark(verdict.start, verdict.end, "other")], [verdict], [wrong])
    assert [v.reason for v in settled] == ["astray"]
    unread = reconciled(outcome.text, [Mark(0, 3, "other")], [verdict], [wrong])
    assert "mark_unread" in [v.reason for v in unread]


def reconciled(
    text: str, marks: Sequence[Mark], verdicts: Sequence[Verdict], facts: Sequence[Fact]
) -> tuple[Verdict, ...]:
    return drafting.reconciled(text, marks, verdicts, {fact.fact_id: fact for fact in facts})


def test_who_asks_for_a_model_that_nobody_configured_is_told_so_once(newsroom: Newsroom, tmp_path: Path) -> None:
    heard: list[Event] = []
    outcome = drafted(newsroom, replace(RADAR, writer="auto", out=tmp_path / "out"), heard)
    assert [event.data["text"] for event in heard if event.name == "notice"] == [NO_MODEL]
    assert {section.writer for section in outcome.draft.sections} == {"rules"}
    heard.clear()
    drafted(newsroom, replace(RADAR, out=tmp_path / "out"), heard)
    assert not [event for event in heard if event.name == "notice"]


def test_a_cap_on_money_that_nobody_can_count_is_refused_before_anything_is_asked() -> None:
    configured = settings.ModelSettings(model="house-9", base_url="http://127.0.0.1:9/v1", report_money=Decimal(1))
    with pytest.raises(SettingsError, match=r"house-9.*prices\.json"):
        staff.price_of(configured, "house-9")
    assert staff.price_of(configured, "gpt-4o-mini") is not None


def test_a_ledger_tells_who_wrote_each_section(released: tuple[Outcome, Path, tuple[str, ...]]) -> None:
    outcome, out, _ = released
    ledger = json.loads((out / "radar-2025-12-12.ledger.json").read_text("utf-8"))
    assert {slug: each["writer"] for slug, each in ledger["writing"].items()} == {
        section.slug: "rules" for section in outcome.draft.sections
    }
