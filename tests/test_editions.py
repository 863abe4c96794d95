"""Editions are data: read strictly, blamed by file and key, and one more needs no Python."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from quantshark import editions
from quantshark.context import Brief, Wishes, build
from quantshark.editions import Edition, load, roots, slugs
from quantshark.errors import EditionError
from quantshark.writers.rules import headline, write_section
from tests.writing import DAY, market, stocks, table

SIXTH = """
slug: brief
name: 晨间短讯
title: "{day}晨间短讯：{headline}"
slot: {time: "08:00"}
disclaimer: 不构成投资建议。
risk: 市场有风险。
ai_label: 人工智能生成
core: [{name: 南向资金, cues: [southbound]}]
headlines: [short]
lines:
  - {id: short, needs: [southbound], when: [southbound < 0], tone: bad, say: ["上一交易日南向资金{southbound}"]}
sections:
  - slug: flows
    heading: 资金
    block: prose
    rows: [{lines: [short], take: 1, effects: {bad: [先看流出能否收窄]}}]
  - {slug: list, heading: 清单, block: bullets, lines: [short]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A prompts folder of the user's with the shared banks and the radar in it."""
    for name in ("shared", "radar"):
        shutil.copytree(roots() / name, tmp_path / name)
    return tmp_path


def change(folder: Path, old: str, new: str, file: str = "radar/edition.yaml") -> None:
    """Replace a text that must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_edition_is_read_once_and_again_when_a_file_of_it_changed(folder: Path) -> None:
    first = load("radar", folder)
    assert load("radar", folder) is first
    change(folder, "slug: radar", "slug: radar ")
    assert load("radar", folder) is not first


def test_radar_has_the_five_parts_of_its_seed() -> None:
    radar = load("radar")
    assert [spec.block for spec in radar.sections] == ["table", "radar_table", "tracker", "verdict", "lesson"]
    assert radar.advice == "observe"
    assert radar.until(date(2025, 12, 12)).isoformat() == "2025-12-12T08:30:00+08:00"
    assert radar.expires(DAY) > radar.until(DAY)


def test_slugs_list_what_ships() -> None:
    assert "radar" in slugs()
    assert "shared" not in slugs()


def test_sections_that_summarise_come_after() -> None:
    order = [spec.slug for spec in load("radar").in_order()]
    assert order.index("verdict") > max(order.index("overview"), order.index("stocks"), order.index("theme"))


def test_a_sixth_edition_needs_no_python(folder: Path) -> None:
    (folder / "brief").mkdir()
    (folder / "brief" / "edition.yaml").write_text(SIXTH, encoding="utf-8")
    edition = load("brief", folder)
    context = build(edition, [*market(), *stocks()], [table()], DAY, wishes=Wishes(), site="https://example.com")
    texts = [write_section(Brief(spec, context)).text for spec in edition.sections]
    assert not context.held
    assert "净卖出52.87亿港元" in texts[0]
    assert headline(context).title == "12月12日晨间短讯：上一交易日南向资金净卖出52.87亿港元"


def test_digest_changes_with_any_file(folder: Path) -> None:
    before = load("radar", folder).digest
    change(folder, "增量资金转弱", "增量资金走弱")
    assert load("radar", folder).digest != before


WRONG = (
    # old text, new text, file, what the message must name
    ("slug: radar", "slug: other", "radar/edition.yaml", "slug"),
    ("shelf_life_hours: 1", "shelf_life_hours: soon", "radar/edition.yaml", "shelf_life_hours"),
    ("advice: observe", "advise: observe", "radar/edition.yaml", "advise"),
    ("    block: tracker", "    block: trakcer", "radar/edition.yaml", "block"),
    ("summarises: [overview, stocks, theme]", "summarises: [overview, nowhere]", "radar/edition.yaml", "nowhere"),
    ("cues: [southbound,", "cues: [northbound_net,", "radar/edition.yaml", "northbound_net"),
    ("cases: [run_in,", "cases: [runs_in,", "radar/edition.yaml", "runs_in"),
    ("when: [southbound < 0]", "when: [southbound is low]", "radar/lines.yaml", "southbound is low"),
    ("needs: [southbound, southbound_sh, southbound_sz]", "needs: [southbound]", "radar/lines.yaml", "southbound_sh"),
    ("measure: [net_flow], kind: [money]", "measures: [net_flow], kind: [money]", "shared/cues.yaml", "measures"),
    ("{on}南向资金{southbound}，其中", "{on}南向资金卖出52亿，其中", "radar/lines.yaml", "52亿"),
    ("增量资金转弱，短期宜以观察为主", "增量资金转弱，可逢低建仓", "radar/edition.yaml", "建仓"),
    ("phrases:", "phrase:", "shared/phrases.yaml", "phrase"),
    ("kind: days, section: overview", "kind: days, section: nowhere", "radar/edition.yaml", "nowhere"),
    ("section: stocks, cue: flow,", "section: stocks, cue: stream,", "radar/edition.yaml", "stream"),
    ("section: stocks, cue: flow,", "section: stocks, cue: southbound,", "radar/edition.yaml", "one thing alone"),
    ("cue: southbound, take: 8", "cue: flow, take: 8", "radar/edition.yaml", "names no entity"),
    ("{slug: runs,", "{slug: flow,", "radar/edition.yaml", "stands twice"),
    ("title: 南向资金逐日净流向", "title: 南向资金近10日净流向", "radar/edition.yaml", "10日"),
)


@pytest.mark.parametrize(("old", "new", "file", "named"), WRONG)
def test_what_does_not_fit_is_named(folder: Path, old: str, new: str, file: str, named: str) -> None:
    change(folder, old, new, file)
    with pytest.raises(EditionError) as caught:
        load("radar", folder)
    assert named in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_key_may_stand_once(folder: Path) -> None:
    path = folder / "radar" / "edition.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nrisk: 再说一遍\n", encoding="utf-8")
    with pytest.raises(EditionError, match=r"risk.*twice"):
        load("radar", folder)


def test_on_is_a_word_and_not_a_truth(folder: Path) -> None:
    assert load("radar", folder).cues["southbound"].on == "session"


def test_an_edition_that_is_not_there_names_those_that_are(folder: Path) -> None:
    with pytest.raises(EditionError, match="radar"):
        load("noon", folder)
    with pytest.raises(EditionError):
        load("../radar", folder)


def test_a_ring_of_summaries_is_broken_by_nobody(folder: Path) -> None:
    change(folder, "    block: table\n", "    block: table\n    summarises: [verdict]\n")
    with pytest.raises(EditionError, match="ring"):
        load("radar", folder)


def test_a_user_folder_need_not_copy_the_shared_banks(tmp_path: Path) -> None:
    (tmp_path / "brief").mkdir()
    (tmp_path / "brief" / "edition.yaml").write_text(SIXTH, encoding="utf-8")
    assert "southbound" in load("brief", tmp_path).cues


def test_every_line_of_the_radar_can_be_reached() -> None:
    radar: Edition = load("radar")
    used = {slug for spec in radar.sections for slug in (*spec.lines, *spec.watch, *spec.cases)}
    used |= {slug for spec in radar.sections for row in spec.rows for slug in row.lines}
    used |= {slug for spec in radar.sections for side in spec.sides for slug in side.lines} | set(radar.headlines)
    used |= {slug for line in radar.lines for slug in (*line.because, *line.against)}
    assert {line.id for line in radar.lines} - used == set()


def test_yaml_of_all_shipped_files_is_a_mapping() -> None:
    for path in editions.roots().glob("*/*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict), path
