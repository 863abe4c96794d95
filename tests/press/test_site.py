"""Front page and feeds of a folder of releases."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quantshark.errors import ReleaseError, TargetError
from quantshark.model import Draft
from quantshark.press.imprint import AIGC_NAMESPACE
from quantshark.press.markdown import render
from quantshark.press.notices import withdraw
from quantshark.press.release import Bundle, bundle
from quantshark.press.script import Traditional
from quantshark.press.site import ATOM, WHOLE_DAYS, entries, site_files
from quantshark.press.targets.site import SiteTarget
from tests.press.hostile import policy_hash
from tests.press.sample import ARCHIVE, IMPRINT, ORIGIN, SITE, draft, verdicts


def made(of: Draft, revision: int = 1) -> Bundle:
    printed = render(of, IMPRINT, SITE, revision=revision)
    found = verdicts(printed) if of.script == "hans" else ()
    return bundle(printed, found, ARCHIVE, ORIGIN, SITE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three releases: two days, and one of them in traditional script too."""
    target = SiteTarget(tmp_path, SITE)
    for one in (draft(), replace(draft(), day=date(2025, 12, 11)), Traditional().draft(draft())):
        ready = made(one)
        target.send(ready.release, ready.files)
    return tmp_path


def test_the_folder_lists_what_lies_in_it(folder: Path) -> None:
    listed = entries(folder)
    assert [(entry.stem, entry.proved, entry.demo) for entry in listed] == [
        ("radar-2025-12-12", 11, True),
        ("radar-2025-12-12-hant", 0, True),
        ("radar-2025-12-11", 11, True),
    ]
    assert listed[0].title == draft().title
    assert listed[0].summary == draft().summary
    assert listed[0].name == "盘前"


def test_the_front_page_links_every_release_and_loads_nothing(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    for stem in ("radar-2025-12-12", "radar-2025-12-12-hant", "radar-2025-12-11"):
        for ending in (".html", ".md", ".ledger.json"):
            assert f'href="{stem}{ending}"' in html
            assert (folder / f"{stem}{ending}").is_file()
    assert html.index("2025年12月12日") < html.index("2025年12月11日")
    assert html.count("演示数据</span>") == 3
    assert "报告由人工智能生成" in html
    assert "src=" not in html
    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert content
        assert policy_hash(content[1]) in html


def test_the_feeds_name_the_same(folder: Path) -> None:
    feed = ElementTree.fromstring((folder / "atom.xml").read_bytes())  # noqa: S314 - our own file
    links = [link.attrib["href"] for link in feed.iterfind(f"{{{ATOM}}}entry/{{{ATOM}}}link")]
    items = json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"]
    assert links == [item["url"] for item in items]
    assert links[0] == "https://example.org/radar-2025-12-12.html"
    assert all(item["title"].startswith("【演示数据】") for item in items)
    assert items[0]["_quantshark"] == {
        "release": "radar-2025-12-12-hans-r1",
        "proved": 11,
        "ai_generated": True,
        "demo": True,
    }


def test_a_correction_keeps_its_place_in_the_feed(folder: Path) -> None:
    before = json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"]
    ready = made(draft(), revision=2)
    SiteTarget(folder, SITE).send(ready.release, ready.files)
    after = json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"]
    assert [item["id"] for item in after] == [item["id"] for item in before]
    assert after[0]["_quantshark"]["release"] == "radar-2025-12-12-hans-r2"


def test_a_correction_and_a_withdrawal_are_marked(folder: Path) -> None:
    ready = made(replace(draft(), day=date(2025, 12, 11)))
    taken = withdraw(ready.release, "来源有误", IMPRINT, ORIGIN.created_at)
    SiteTarget(folder, SITE).send(taken.release, taken.files)
    printed = render(draft(), IMPRINT, SITE, revision=2, notice="标题有误，现已改正")
    mended = bundle(printed, verdicts(printed), ARCHIVE, ORIGIN, SITE)
    SiteTarget(folder, SITE).send(mended.release, mended.files)
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert index.count('<span class="flag">撤回</span>') == index.count('<span class="flag">更正</span>') == 1
    assert "标题有误，现已改正" in index
    items = json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"]
    told = {item["_quantshark"]["release"]: item for item in items}
    assert told["radar-2025-12-12-hans-r2"]["title"].startswith("【演示数据】【更正】")
    assert told["radar-2025-12-12-hans-r2"]["_quantshark"]["correction"] == "标题有误，现已改正"
    assert told["radar-2025-12-11-hans-r2"]["_quantshark"]["withdrawn"] == "来源有误"
    assert "【撤回】" in told["radar-2025-12-11-hans-r2"]["title"]


def test_sending_twice_changes_nothing(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    ready = made(Traditional().draft(draft()))
    assert SiteTarget(folder, SITE).send(ready.release, ready.files).status == "unchanged"
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_torn_release_is_named(folder: Path) -> None:
    (folder / "radar-2025-12-11.md").unlink()
    with pytest.raises(ReleaseError, match=r"radar-2025-12-11\.ledger\.json lies without"):
        site_files(folder, SITE)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert "还没有报告" in site_files(tmp_path, SITE)["index.html"].decode()


def test_each_edition_has_a_page_and_older_days_are_a_line_each(tmp_path: Path) -> None:
    target = SiteTarget(tmp_path, SITE)
    days = [date(2025, 12, 12) - timedelta(days=n) for n in range(WHOLE_DAYS + 2)]
    for day in days:
        ready = made(replace(draft(), day=day))
        target.send(ready.release, ready.files)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    page = (tmp_path / "edition-radar.html").read_text(encoding="utf-8")
    assert '<a href="edition-radar.html">盘前</a>' in index
    assert '<a href="edition-radar.html" aria-current="page">盘前</a>' in page
    for html in (index, page):
        assert html.count('<p class="gist">') == WHOLE_DAYS
        assert html.index('class="month"') < html.index(f'datetime="{days[-1]}"')
        assert all(f'href="radar-{day}.html"' in html for day in days)
        assert f"共 {len(days)} 篇" in html


def test_of_one_day_the_later_edition_comes_first(folder: Path) -> None:
    late = render(replace(draft(), edition="close"), replace(IMPRINT, slot=time(16, 35)), SITE)
    ready = bundle(late, verdicts(late), ARCHIVE, ORIGIN, SITE)
    SiteTarget(folder, SITE).send(ready.release, ready.files)
    assert [entry.stem for entry in entries(folder)][:2] == ["close-2025-12-12", "radar-2025-12-12"]


def test_the_search_looks_through_the_words_of_what_stands(folder: Path) -> None:
    taken = withdraw(made(replace(draft(), day=date(2025, 12, 11))).release, "来源有误", IMPRINT, ORIGIN.created_at)
    SiteTarget(folder, SITE).send(taken.release, taken.files)
    rows = json.loads((folder / "search.json").read_text(encoding="utf-8"))
    assert [row["page"] for row in rows] == ["radar-2025-12-12.html", "radar-2025-12-12-hant.html"]
    assert "央行将开展6000亿元买断式逆回购" in rows[0]["words"]
    assert "](" not in rows[0]["words"]
    assert rows[0]["summary"] == draft().summary


def test_the_feeds_carry_the_label(folder: Path) -> None:
    feed = ElementTree.fromstring((folder / "atom.xml").read_bytes())  # noqa: S314 - our own file
    told = [json.loads(label.text or "") for label in feed.iter(f"{{{AIGC_NAMESPACE}}}AIGC")]
    items = json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"]
    assert told == [item["_AIGC"] for item in items]
    assert told[0]["Label"] == "1"
    assert told[0]["ContentProducer"] == "量子鲨鱼"
    assert told[0]["ProduceID"] == "radar-2025-12-12-hans-r1"


def test_other_formats_beside_a_release_are_linked(folder: Path) -> None:
    assert ">PDF</a>" not in (folder / "index.html").read_text(encoding="utf-8")
    (folder / "radar-2025-12-12.pdf").write_bytes(b"%PDF")
    assert '<a href="radar-2025-12-12.pdf">PDF</a>' in site_files(folder, SITE)["index.html"].decode()


def test_a_list_may_ask_its_own_site_and_nobody_else(folder: Path) -> None:
    assert "connect-src &#39;self&#39;;" in (folder / "index.html").read_text(encoding="utf-8")
    assert "connect-src" not in (folder / "radar-2025-12-12.html").read_text(encoding="utf-8")


def test_a_front_page_that_cannot_be_written_is_the_channels_refusal(tmp_path: Path) -> None:
    (tmp_path / "index.html").mkdir()
    ready = made(draft())
    with pytest.raises(TargetError, match="front page"):
        SiteTarget(tmp_path, SITE).send(ready.release, ready.files)
