"""Feeds over a real server: what they bring, what they refuse, and that no server can hold them up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quantshark.errors import SourceError
from quantshark.model import SHANGHAI
from quantshark.sources.feeds import FeedSpec, Fetched, report
from quantshark.sources.feeds.atom import AtomFeed
from quantshark.sources.feeds.folder import FolderFeed
from quantshark.sources.feeds.http_file import HttpFeed
from quantshark.sources.feeds.wire import get
from tests.sources.feeds.server import Page, Site

NOW = datetime(2025, 12, 11, 9, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>量子快讯</title>
<item><title>央行公告</title><link>https://example.org/1</link><guid>a1</guid>
<pubDate>Thu, 11 Dec 2025 08:10:00 GMT</pubDate>
<description>&lt;p&gt;央行开展&lt;b&gt;1898亿元&lt;/b&gt;逆回购操作&lt;script&gt;alert(1)&lt;/script&gt;。&lt;/p&gt;</description></item>
<item><title>没有时间的一条</title><guid>a2</guid><description>南向资金净卖出52.87亿港元。</description></item>
</channel></rss>""".encode()
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
<entry><id>urn:1</id><title>标题</title><link href="https://example.org/x"/><updated>2025-12-11T16:45:00+08:00</updated>
<content type="html">&lt;p&gt;恒生指数收报25540.78点。&lt;/p&gt;</content></entry></feed>""".encode()
TABLE = (
    "# title: 指数; date: 2025-12-11 16:15\n日期,代码,名称,收盘(点)\n2025-12-11,IDX.HSI,恒生指数,25530.51\n".encode()
)


def spec(kind: str, where: str, seconds: float = 5) -> FeedSpec:
    return FeedSpec("f", kind, where, "量子快讯", timedelta(hours=2), seconds)  # pyright: ignore[reportArgumentType]


@pytest.mark.loopback
def test_rss_entries_are_news_in_beijing_time() -> None:
    with Site({"/rss": Page(RSS, headers={"Content-Type": "application/rss+xml"})}) as site:
        first, second = AtomFeed(spec("atom", f"{site.url}/rss")).fetch(NOW).documents
    assert first.title == "央行公告"
    assert first.text == "央行开展1898亿元逆回购操作。"
    assert first.published_at == datetime(2025, 12, 11, 16, 10, tzinfo=SHANGHAI)
    assert first.url == "https://example.org/1"
    assert first.publisher == "量子快讯"
    assert (second.published_at, second.text) == (None, "南向资金净卖出52.87亿港元。")


NEW_YORK = ZoneInfo("America/New_York")
CHANGES = [
    date(2024, 3, 10),
    date(2024, 11, 3),
    date(2025, 3, 9),
    date(2025, 11, 2),
    date(2026, 3, 8),
    date(2026, 11, 1),
]


def told_at(moments: list[datetime]) -> list[datetime | date | None]:
    """When news of those moments was known, from a feed that writes its own wall clock and its zone's name."""
    items = "".join(
        f"<item><title>第{n}条</title><guid>{n}</guid><description>收市。</description>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} {at.tzname()}</pubDate></item>"
        for n, at in enumerate(moments)
    )
    told = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()
    with Site({"/rss": Page(told, headers={"Content-Type": "application/rss+xml"})}) as site:
        found = AtomFeed(spec("atom", f"{site.url}/rss")).fetch(NOW).documents
    return [document.published_at for document in found]


@pytest.mark.loopback
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_wall_streets_clock_changes_and_its_news_stays_at_its_moment(change: date) -> None:
    """Its close is at 04:00 or 05:00 in Hong Kong: before the radar that tells it, after the evening that must not."""
    days = [change + timedelta(days=n) for n in range(-4, 5)]
    closes = [datetime.combine(day, time(16, 5), NEW_YORK) for day in days]
    assert told_at(closes) == closes
    for day, at in zip(days, closes, strict=True):
        evening = datetime.combine(day, time(20), SHANGHAI)
        morning = datetime.combine(day + timedelta(days=1), time(8, 30), SHANGHAI)
        assert evening < at < morning
    twice = [datetime.combine(change, time(1, 30), NEW_YORK).replace(fold=fold) for fold in (0, 1)]
    assert told_at(twice) == [at.astimezone(UTC) for at in twice]


@pytest.mark.loopback
def test_atom_content_is_read_and_keeps_its_id_over_versions() -> None:
    with Site({"/a": Page(ATOM), "/b": Page(ATOM.replace(b"25540.78", b"25540.79"))}) as site:
        (one,) = AtomFeed(spec("atom", f"{site.url}/a")).fetch(NOW).documents
        site.pages["/a"] = site.pages["/b"]
        (other,) = AtomFeed(spec("atom", f"{site.url}/a")).fetch(NOW).documents
    assert (one.text, other.text) == ("恒生指数收报25540.78点。", "恒生指数收报25540.79点。")
    assert one.doc_id == other.doc_id


@pytest.mark.loopback
def test_a_page_in_the_place_of_a_feed_is_refused() -> None:
    with (
        Site({"/f": Page(b"<html><body>Maintenance")}) as site,
        pytest.raises(SourceError, match="neither RSS nor Atom"),
    ):
        AtomFeed(spec("atom", f"{site.url}/f")).fetch(NOW)


@pytest.mark.loopback
def test_an_unchanged_file_is_not_sent_again() -> None:
    with Site({"/t.csv": Page(TABLE, headers={"ETag": '"v1"'})}) as site:
        feed = HttpFeed(spec("http", f"{site.url}/t.csv"))
        first = feed.fetch(NOW)
        again = feed.fetch(NOW, first.tag)
    assert [document.title for document in first.documents] == ["指数"]
    assert (again.documents, again.unchanged, again.tag) == ((), True, '"v1"')


@pytest.mark.loopback
def test_json_and_csv_by_type_or_name() -> None:
    rows = '{"title": "指数", "rows": [{"代码": "IDX.HSI", "收盘(点)": 25530.51}]}'.encode()
    pages = {"/a": Page(rows, headers={"Content-Type": "application/json"}), "/b.json": Page(rows)}
    with Site(pages) as site:
        texts = {HttpFeed(spec("http", f"{site.url}{path}")).fetch(NOW).documents[0].text for path in pages}
    assert texts == {"代码,收盘(点)\nIDX.HSI,25530.51"}


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("page", "told"),
    [
        (Page(status=500, body=b"<h1>oops</h1>"), "answered 500"),
        (Page(status=302, headers={"Location": "/x"}), "TooManyRedirects"),
        (Page(b"x" * 6_000_000), "more than 5000000 bytes"),
        (Page(b"<html>", headers={"Content-Type": "text/html; charset=utf-8"}), "is a web page"),
    ],
    ids=["500", "redirect in circles", "too big", "a page"],
)
def test_what_is_no_file_is_refused(page: Page, told: str) -> None:
    with Site({"/x": page}) as site, pytest.raises(SourceError, match=told):
        HttpFeed(spec("http", f"{site.url}/x")).fetch(NOW)


@pytest.mark.loopback
def test_a_server_that_drips_is_given_up() -> None:
    ticks = iter(float(n) for n in range(1000))
    with Site({"/x": Page(b"a" * 200_000, drip=0.0001)}) as site, pytest.raises(SourceError, match="not done after 3"):
        get(f"{site.url}/x", seconds=3, clock=lambda: next(ticks))


def test_nobody_there_and_no_address() -> None:
    with pytest.raises(SourceError, match=r"is no web address|cannot be fetched"):
        HttpFeed(spec("http", "no address")).fetch(NOW)


def test_a_folder_goes_on_past_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TABLE)
    (tmp_path / "b.json").write_text("{", "utf-8")
    got = FolderFeed(spec("folder", str(tmp_path))).fetch(NOW)
    assert ([d.title for d in got.documents], [r.code for r in got.refusals]) == (["指数"], ["json"])
    with pytest.raises(SourceError, match="is no folder"):
        FolderFeed(spec("folder", str(tmp_path / "none"))).fetch(NOW)


def test_a_feed_is_fresh_stale_or_never_was() -> None:
    one = spec("atom", "https://example.org")
    nothing = Fetched()
    assert report(one, NOW, (), (), nothing, NOW - timedelta(minutes=5)).state == "fresh"
    old = report(one, NOW, (), (), nothing, NOW - timedelta(hours=3))
    assert (old.state, old.ready) == ("stale", False)
    assert "2 小时" in old.reason or "120 分钟" in old.reason
    assert report(one, NOW, (), (), nothing, None).state == "stale"
