"""Before a slot: feeds are read, the plausible is taken in, the doubtful is held until a person decides."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quantshark.errors import NotFoundError
from quantshark.newsroom import Newsroom
from quantshark.settings import load

NOW = datetime(2025, 12, 11, 9, tzinfo=UTC)
DAY = (
    "# title: 港股主要指数收盘（12月{0}日）; date: 2025-12-{0} 16:12; id: index{0}\n日期,代码,名称,收盘(点),涨跌幅(%)\n"
)
TENTH = DAY.format(10) + "2025-12-10,IDX.HSI,恒生指数,25540.78,0.42\n"
TRUE = DAY.format(11) + "2025-12-11,IDX.HSI,恒生指数,25530.51,-0.04\n"
BROKEN = TRUE.replace("25530.51", "255305.1")


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "10.csv").write_text(TENTH, "utf-8")
    feeds = {
        "inbox": {"kind": "folder", "where": str(inbox)},
        "gone": {"kind": "folder", "where": str(tmp_path / "no")},
    }
    return Newsroom(load(home=tmp_path / "home", feeds=feeds))


def put(newsroom: Newsroom, text: str) -> None:
    (Path(newsroom.settings.feeds["inbox"].where) / "11.csv").write_text(text, "utf-8")


def states(newsroom: Newsroom, now: datetime = NOW) -> dict[str, tuple[str, int]]:
    return {report.name: (report.state, report.taken) for report in newsroom.refresh(now)}


def test_a_feed_is_taken_in_once_and_one_that_fails_stops_no_other(newsroom: Newsroom) -> None:
    assert states(newsroom, datetime(2025, 12, 10, 9, tzinfo=UTC)) == {"inbox": ("fresh", 1), "gone": ("failed", 0)}
    assert states(newsroom, datetime(2025, 12, 10, 10, tzinfo=UTC)) == {"inbox": ("fresh", 0), "gone": ("failed", 0)}
    assert [fact.value for fact in newsroom.facts(entity="恒生指数", measure="close")] != []


def test_a_feed_grows_stale(newsroom: Newsroom) -> None:
    states(newsroom, datetime(2025, 12, 10, 9, tzinfo=UTC))
    (report,) = (one for one in newsroom.refresh(NOW.replace(day=13)) if one.name == "inbox")
    assert (report.state, report.ready) == ("stale", False)
    assert "最新一条是 12-10" in report.reason


def test_what_is_doubtful_is_held_and_makes_no_fact(newsroom: Newsroom) -> None:
    states(newsroom, datetime(2025, 12, 10, 9, tzinfo=UTC))
    put(newsroom, BROKEN)
    (report,) = (one for one in newsroom.refresh(NOW) if one.name == "inbox")
    assert report.state == "held"
    assert "恒生指数" in report.reason
    assert [item.document.doc_id for item in newsroom.store.held()] == ["index11"]
    assert not any("255305.1" in fact.surface for fact in newsroom.facts())
    assert states(newsroom)["inbox"] == ("held", 0), "until a person decides"


def test_a_corrected_file_is_taken(newsroom: Newsroom) -> None:
    states(newsroom, datetime(2025, 12, 10, 9, tzinfo=UTC))
    put(newsroom, BROKEN)
    states(newsroom)
    put(newsroom, TRUE)
    assert states(newsroom)["inbox"] == ("fresh", 1)


def test_a_person_accepts_or_drops(newsroom: Newsroom) -> None:
    states(newsroom, datetime(2025, 12, 10, 9, tzinfo=UTC))
    put(newsroom, BROKEN)
    states(newsroom)
    newsroom.drop("index11", actor="王编辑")
    assert states(newsroom)["inbox"] == ("stale", 0), "dropped, not asked again; the newest is of yesterday"
    with pytest.raises(NotFoundError, match="is held"):
        newsroom.accept("index11")
    put(newsroom, BROKEN.replace("255305.1", "255305.2"))
    assert states(newsroom)["inbox"][0] == "held", "another version is looked at anew"
    newsroom.accept("index11", actor="王编辑")
    assert any("255305.2" in fact.surface for fact in newsroom.facts())
    assert [entry.actor for entry in newsroom.store.audit_trail("index11")] == ["王编辑", "王编辑"]
