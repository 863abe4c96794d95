"""The page in a real Chromium: what a click, a tap, a key and no script at all show, and that nothing else happens."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal
from pathlib import Path

import pytest

from quantshark.press.cards import card
from quantshark.press.charts import DRAWINGS, Bar, draw
from quantshark.press.exhibits import exhibits
from quantshark.press.html import page
from quantshark.press.paper import print_page
from quantshark.press.wechat import article
from tests.press.browser import Tab, browser, chromium
from tests.press.hostile import attack_lines, hostile_page, hostile_published
from tests.press.sample import ARCHIVE, SITE, pictured

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("chromium"),
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]

ALIVE = """(() => {
  const found = [];
  for (const node of document.querySelectorAll('*')) {
    for (const {name, value} of node.attributes)
      if (name.startsWith('on') || name === 'style' && !node.classList.contains('pop') || name === 'src') found.push(node.tagName + ' ' + name + '=' + value);
    if (/^(IFRAME|OBJECT|EMBED|FORM|BASE|LINK|IMG|VIDEO|AUDIO|MATH|INPUT|TEMPLATE|FRAME|APPLET)$/i.test(node.tagName)) found.push(node.tagName);
    if (node.protocol && !/^(https?|file):$/.test(node.protocol)) found.push(node.href);
  }
  if (document.scripts.length !== 1) found.push('scripts: ' + document.scripts.length);
  return found;
})()"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Generator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def shown(tab: Tab, tmp_path: Path) -> Tab:
    one = pictured()
    path = tmp_path / "page.html"
    path.write_text(page(one.printed, exhibits(one.verdicts, ARCHIVE), ARCHIVE, SITE), encoding="utf-8")
    tab.scripts(on=True)
    tab.size(1280, 900)
    tab.media()
    tab.open(path)
    return tab


def pop(tab: Tab) -> str | None:
    return tab.evaluate("document.querySelector('.pop')?.innerText ?? null")


def test_a_click_on_a_figure_shows_its_proof(shown: Tab) -> None:
    shown.click("#n13")
    told = pop(shown)
    assert told is not None
    assert "33.68亿港元" in told
    assert "其中阿里巴巴-W遭净卖出33.68亿港元" in told
    assert "港股通资金流向：科网股遭减持" in told
    assert "示例财经 · 2025-12-11 17:05" in told
    assert shown.evaluate("document.activeElement.className").endswith("pop")


def test_a_derived_figure_shows_formula_and_operands(shown: Tab) -> None:
    shown.click("#n14")
    told = pop(shown)
    assert told is not None
    assert "33.68亿港元 ÷ 52.87亿港元 = 63.70%" in told
    assert told.count("港股通资金流向：科网股遭减持") == 2


def test_enter_opens_and_escape_closes_and_focus_returns(shown: Tab) -> None:
    shown.evaluate("document.querySelector('#n13').focus()")
    shown.press("Enter")
    assert pop(shown) is not None
    shown.press("Escape")
    assert pop(shown) is None
    assert shown.evaluate("document.activeElement.id") == "n13"


def test_a_click_elsewhere_or_on_the_cross_closes(shown: Tab) -> None:
    shown.click("#n13")
    shown.click(".shut")
    assert pop(shown) is None
    shown.click("#n13")
    shown.click(".label")
    assert pop(shown) is None


def test_a_link_around_a_figure_opens_the_card_not_the_link(shown: Tab) -> None:
    before = shown.evaluate("location.href")
    shown.click("a.cite")
    assert shown.evaluate("location.href") == before
    assert "52.87亿港元" in (pop(shown) or "")


def test_without_script_the_card_comes_up_as_a_target(tab: Tab, shown: Tab) -> None:
    url = tab.evaluate("location.href")
    tab.scripts(on=False)
    tab.open(Path(url.removeprefix("file://")))
    tab.call("Page.navigate", url=f"{url}#e6")
    style = tab.evaluate(
        "(e => { const s = getComputedStyle(e), r = e.getBoundingClientRect(); return [s.position, r.bottom <= innerHeight, r.top >= 0, e.innerText]; })"
        "(document.querySelector('#e6'))"
    )
    assert style[:3] == ["fixed", True, True]
    assert "港股通资金流向：科网股遭减持" in style[3]


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_wider_than_the_screen(shown: Tab, width: int) -> None:
    shown.size(width, 844, phone=width < 700)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_a_table_is_read_as_cards_on_a_phone(shown: Tab) -> None:
    shown.size(390, 844, phone=True)
    assert shown.evaluate("getComputedStyle(document.querySelector('td')).display") == "block"
    label = "getComputedStyle(document.querySelectorAll('td')[1], '::before').content"
    assert shown.evaluate(label) == "attr(data-label)" or "状态" in shown.evaluate(label)
    shown.click("#n7")
    box = shown.evaluate("(r => [r.left, r.right, r.bottom])(document.querySelector('.pop').getBoundingClientRect())")
    assert box == [0, 390, 844]


def test_dark_and_light_can_be_read(shown: Tab) -> None:
    """Contrast of body text and of quiet text against the page, by WCAG's formula."""
    for dark in (False, True):
        shown.media(dark=dark)
        for selector, least in (("main p", 7.0), (".label", 4.5), ("footer p", 4.5)):
            assert shown.evaluate(CONTRAST.replace("SELECTOR", selector)) >= least, (dark, selector)


CONTRAST = """(() => {
  const rgb = (c) => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (c) => rgb(c).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const a = light(getComputedStyle(document.querySelector('SELECTOR')).color), b = light(getComputedStyle(document.body).backgroundColor);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
})()"""


def test_the_page_asks_for_nothing_and_complains_of_nothing(shown: Tab) -> None:
    requested = [event["request"]["url"] for event in shown.happened("Network.requestWillBeSent")]
    assert [url for url in requested if not url.startswith(("file:", "data:"))] == []
    assert shown.happened("Log.entryAdded") == []
    assert shown.happened("Runtime.exceptionThrown") == []


def test_a_bar_shows_the_proof_of_its_figure(shown: Tab) -> None:
    shown.click(".chart a.fig rect")
    assert "107.70亿港元" in (pop(shown) or "")
    shown.press("Escape")
    assert pop(shown) is None


def test_the_words_of_a_picture_open_and_answer(shown: Tab) -> None:
    shown.click(".chart summary")
    shown.click(".chart details a.fig")
    assert "小米集团-W" in (pop(shown) or "")


def test_red_is_up_and_follows_the_light(shown: Tab) -> None:
    fill = "getComputedStyle(document.querySelector('.chart rect.up')).fill"
    light = shown.evaluate(fill)
    shown.media(dark=True)
    dark = shown.evaluate(fill)
    assert (light, dark) == ("rgb(194, 57, 47)", "rgb(255, 138, 126)")
    shown.evaluate("document.body.classList.replace('rise-red', 'rise-green')")
    assert shown.evaluate(fill) == "rgb(86, 194, 143)"


def test_what_is_exported_does_nothing(tab: Tab, tmp_path: Path, shared: Path) -> None:
    """The WeChat article, the page of the PDF, charts and card with a hostile line in every word of theirs."""
    tab.scripts(on=True)
    lines = attack_lines(shared)[::9]
    for n in range(0, len(lines), 200):
        told = hostile_published(lines[n : n + 200])
        drawn = [Bar(line, line, Decimal(number + 1), 1) for number, line in enumerate(lines[n : n + 20])]
        pictures = "".join(draw(kind, drawn) for kind in DRAWINGS)
        for name, html in (
            ("wechat", article(told)),
            ("paper", print_page(told)),
            ("charts", pictures),
            ("card", card(told)),
        ):
            path = tmp_path / f"{name}.html"
            path.write_text(
                f"<!doctype html><meta charset=utf-8><script></script>{html}", encoding="utf-8", errors="replace"
            )
            tab.open(path)
            alive = [found for found in tab.evaluate(ALIVE) if " style=" not in found]
            assert alive == [], name
            assert tab.happened("Page.javascriptDialogOpening") == []


def test_hostile_lines_do_nothing(tab: Tab, tmp_path: Path, shared: Path) -> None:
    """A third of the lines, in every field, in a browser that would run them (all of them take a minute, and pass)."""
    tab.scripts(on=True)
    lines = attack_lines(shared)[::3]
    for n in range(0, len(lines), 200):
        path = tmp_path / "hostile.html"
        path.write_text(hostile_page(lines[n : n + 200]), encoding="utf-8", errors="replace")
        tab.open(path)
        assert tab.evaluate(ALIVE) == []
        assert tab.happened("Page.javascriptDialogOpening") == []
        requested = [event["request"]["url"] for event in tab.happened("Network.requestWillBeSent")]
        assert [url for url in requested if not url.startswith(("file:", "data:image/svg"))] == []
