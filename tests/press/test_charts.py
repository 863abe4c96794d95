"""Charts: the same facts give the same picture, its labels are the figures as printed, its colours are classes."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quantshark.model import Fact, Period
from quantshark.press.charts import DRAWINGS, Bar, draw, standalone, style
from quantshark.press.pictures import Shown, bars
from tests.press.hostile import active_in, attack_lines
from tests.press.sample import FACTS, SESSION

FLOWS = (
    Bar("12/9", "6.34亿港元", Decimal("634000000"), 1, "#e1"),
    Bar("12/10", "10.18亿港元", Decimal("-1018000000"), -1, "#e2"),
    Bar("12/11", "52.87亿港元", Decimal("-5287000000"), -1, "#e3"),
)


def labels(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def heights(svg: str) -> list[float]:
    return [float(found) for found in re.findall(r'<rect class="(?:up|down)"[^>]* height="([\d.]+)"', svg)]


@pytest.mark.parametrize("kind", sorted(DRAWINGS))
def test_a_picture_is_sound_and_the_same_each_time(kind: str) -> None:
    assert draw(kind, FLOWS) == draw(kind, FLOWS)
    ElementTree.fromstring(draw(kind, FLOWS))  # noqa: S314 - our own
    ElementTree.fromstring(standalone(kind, FLOWS, "题", "标识"))  # noqa: S314 - our own


def test_days_tell_the_unit_once_and_the_sign_with_each_figure() -> None:
    assert labels(draw("days", FLOWS)) == ["单位：亿港元", "+6.34", "12/9", "−10.18", "12/10", "−52.87", "12/11"]


def test_bars_are_as_long_as_their_values() -> None:
    low, middle, high = heights(draw("days", FLOWS))
    assert high / low == pytest.approx(52.87 / 6.34, rel=0.01)
    assert high / middle == pytest.approx(52.87 / 10.18, rel=0.01)


def test_days_of_different_units_are_told_whole() -> None:
    mixed = (FLOWS[0], replace(FLOWS[1], printed="9300万港元"))
    assert labels(draw("days", mixed))[0] == "+6.34亿港元"


def test_names_stand_with_the_figure_as_printed() -> None:
    svg = draw(
        "names", [replace(bar, name=name) for bar, name in zip(FLOWS, ("腾讯控股", "美团-W", "快手-W"), strict=True)]
    )
    assert labels(svg) == ["腾讯控股", "+6.34亿港元", "美团-W", "−10.18亿港元", "快手-W", "−52.87亿港元"]
    assert re.findall(r'<rect class="(\w+)"', svg) == ["up", "down", "down"]


def test_every_label_stays_inside_the_picture() -> None:
    svg = draw("names", [replace(bar, name="一个非常长的板块名称之一二三四五六") for bar in FLOWS])
    assert all(label.endswith("…") or not label.startswith("一个") for label in labels(svg))
    starts = [float(found) for found in re.findall(r'<rect[^>]* x="(-?[\d.]+)"', svg)]
    assert min(starts) >= 0


def test_each_bar_leads_to_its_proof_and_a_file_of_its_own_does_not() -> None:
    assert re.findall(r'href="(#\w+)"', draw("days", FLOWS)) == ["#e1", "#e2", "#e3"]
    assert "href" not in standalone("days", FLOWS, "题", "标识")


def test_the_ai_label_is_as_high_as_the_standard_asks() -> None:
    svg = standalone("names", FLOWS * 3, "题", "本文由人工智能生成")
    size = float(re.findall(r'class="note"[^>]* font-size="([\d.]+)"', svg)[0])
    wide, high = map(float, re.findall(r'width="([\d.]+)" height="([\d.]+)"', svg)[0])
    assert size >= 0.05 * min(wide, high) - 0.01
    assert "本文由人工智能生成" in svg


def test_red_is_up_or_green_is() -> None:
    red, green = "#c2392f", "#1f8a5d"
    assert f".up{{fill:{red}}}.down{{fill:{green}}}" in style("red")
    assert f".up{{fill:{green}}}.down{{fill:{red}}}" in style("green")
    assert style("red", dark=True) != style("red")


def test_a_scale_points_where_the_percentile_is() -> None:
    scale = (Bar("指数", "32.66%", Decimal("32.66")), Bar("指数", "25.30倍", Decimal("25.30")))
    svg = draw("gauge", scale)
    assert "25.30倍　分位 32.66%" in labels(svg)
    left, long = map(float, re.findall(r'<rect class="scale" x="([\d.]+)"[^>]* width="([\d.]+)"', svg)[0])
    full = float(re.findall(r'<rect class="track"[^>]* width="([\d.]+)"', svg)[0])
    assert long / full == pytest.approx(0.3266)
    assert left == 10


def test_hostile_names_and_figures_stay_words(shared: Path) -> None:
    for line in attack_lines(shared)[::61]:
        hostile = [Bar(line, line, bar.value, bar.way) for bar in FLOWS]
        for kind in DRAWINGS:
            assert active_in(draw(kind, hostile), scripts=0) == [], line
            assert active_in(standalone(kind, hostile, line, line).replace("<style>", "<g>"), scripts=0) == [], line


# From facts


def shown(*names: str) -> list[Shown]:
    return [Shown(FACTS[name], FACTS[name].surface) for name in names]


def test_fewer_than_two_facts_are_no_picture() -> None:
    assert bars("names", shown("f1")) == ()
    assert len(bars("names", shown("f1", "f2"))) == 2


def test_a_bar_says_who_and_which_way() -> None:
    sold, run = bars("names", shown("f2", "f3"))
    assert (sold.name, sold.printed, sold.way) == ("阿里巴巴-W", "33.68亿港元", -1)
    assert (run.name, run.value, run.bare) == ("小米集团-W", Decimal(11), True)


def test_a_bar_of_days_says_when() -> None:
    assert [bar.name for bar in bars("days", shown("f1", "f2"))] == ["12/11", "12/11"]


def test_names_are_in_the_script_of_the_page() -> None:
    made = bars("names", shown("f1", "f3"), "hant")
    assert made[1].name == "小米集團-W"


def test_a_scale_begins_with_its_pointer() -> None:
    value = Fact(
        fact_id="pe", entity="IDX.HSTECH", entity_name="恒生科技指数", measure="pe", measure_name="市盈率",
        value=Decimal("25.3"), unit="倍", kind="multiple", period=Period(SESSION, SESSION),
    )  # fmt: skip
    percentile = replace(value, fact_id="rank", value=Decimal("32.66"), unit="%", kind="percent")
    made = bars("gauge", [Shown(value, "25.30倍"), Shown(percentile, "32.66%")])
    assert [bar.printed for bar in made] == ["32.66%", "25.30倍"]
