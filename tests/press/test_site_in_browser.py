"""The index in a real Chromium: the search finds by words of the reports, from a server and from disk, and without script all is there."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import replace
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from quantshark.press.targets.site import SiteTarget
from tests.press.browser import Tab, browser, chromium
from tests.press.sample import SITE, draft
from tests.press.test_site import made

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.loopback,
    pytest.mark.xdist_group("chromium"),
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]

COUNT = "document.getElementById('told').textContent"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - their name
        pass


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Generator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = SiteTarget(tmp_path, SITE)
    for day in (date(2025, 12, 11), date(2025, 12, 12)):
        ready = made(replace(draft(), day=day))
        target.send(ready.release, ready.files)
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Generator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
    server.shutdown()
    server.server_close()
    thread.join(5)


def search(tab: Tab, words: str) -> str:
    """What the page tells once it has looked."""
    return tab.evaluate(
        f"(async () => {{ const box = document.getElementById('words'); box.value = {words!r};"
        "box.dispatchEvent(new Event('input', {bubbles: true}));"
        f"for (let n = 0; n < 50; n++) {{ await new Promise((done) => setTimeout(done, 40)); if ({COUNT}.startsWith('找到')) break; }}"
        f"return {COUNT}; }})()"
    )


def test_words_of_the_text_are_found_on_a_server(tab: Tab, address: str) -> None:
    tab.open_at(address)
    assert search(tab, "买断式逆回购") == "找到 2 篇"
    assert "央行将开展6000亿元买断式逆回购" in tab.evaluate("document.querySelector('.found .gist').textContent")
    assert search(tab, "2025-12-11 逆回购") == "找到 1 篇"
    assert tab.evaluate("document.querySelector('.found a').getAttribute('href')") == "radar-2025-12-11.html"
    assert search(tab, "并不存在") == "找到 0 篇"
    assert tab.evaluate("document.getElementById('none').hidden") is False


def test_from_disk_the_list_itself_is_sifted(tab: Tab, folder: Path) -> None:
    tab.open(folder / "index.html")
    assert search(tab, "12月11日 小米") == "找到 2 篇（只搜了标题和摘要）"
    assert search(tab, "并不存在") == "找到 0 篇（只搜了标题和摘要）"


def test_without_script_everything_is_there(tab: Tab, folder: Path) -> None:
    tab.scripts(on=False)
    tab.open(folder / "index.html")
    tab.scripts(on=True)
    assert tab.evaluate("[...document.querySelectorAll('.day h3 a')].length") == 2
    assert tab.evaluate("getComputedStyle(document.querySelector('.finder')).display") == "none"
