"""Hostile lines in every field: nothing of them acts, in our page or in our Markdown under another's renderer."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from quantshark.press.links import absolute, is_address
from quantshark.press.markdown import headline, one_line, quoted
from tests.press.hostile import active_in, attack_lines, hostile_page, hostile_print

BATCH = 100


def batches(lines: list[str]) -> list[list[str]]:
    return [lines[n : n + BATCH] for n in range(0, len(lines), BATCH)]


def test_the_finder_finds() -> None:
    """The test's own test: what is active is seen."""
    assert active_in("<p onclick=a>", scripts=0) == ["<p onclick='a'>"]
    assert active_in("<script>1</script>", scripts=0) != []
    assert active_in('<a href="javascript:alert(1)">', scripts=0) != []
    assert active_in('<a href="https://a.example/x">', scripts=0) == []
    assert active_in("<img src=x>", scripts=0) != []


@pytest.mark.slow
def test_no_line_acts_on_a_page(shared: Path) -> None:
    lines = attack_lines(shared)
    assert len(lines) > 7500
    assert [found for batch in batches(lines) for found in active_in(hostile_page(batch))] == []


def test_a_sample_of_lines_in_every_field(shared: Path) -> None:
    """Each of these is the first of its report, so it stands in title, summary, label, tags, notice and colophon too."""
    for line in attack_lines(shared)[::151]:
        assert active_in(hostile_page([line])) == [], line


@pytest.mark.slow
def test_our_markdown_is_harmless_to_a_renderer_that_trusts_html(shared: Path) -> None:
    careless = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")
    careless.validateLink = lambda url: bool(url) or True
    for batch in batches(attack_lines(shared)):
        body = hostile_print(batch).text.split("\n---\n", 1)[1]
        assert active_in(careless.render(body), scripts=0) == []


def test_front_matter_stays_a_mapping_of_ours(shared: Path) -> None:
    for line in attack_lines(shared)[::37]:
        text = hostile_print([line]).text
        front = yaml.safe_load(text.split("\n---\n", 1)[0].removeprefix("---\n"))
        assert front["ai_generated"] is True
        assert front["demo"] is True
        assert front["tags"] == [one_line(line)]


@pytest.mark.parametrize(
    "line", ["---\nx: 1", "a: b", "{{ 1 }}", "- a", "#", "null", "\u2028", "=", "!!python/object:os"]
)
def test_a_value_never_leaves_its_quotes(line: str) -> None:
    assert yaml.safe_load(quoted(headline(line))) == headline(line)


ADDRESSES = [
    ("https://news.example.com/a?b=1&c=%20#d", True),
    ("http://10.0.0.1/x", True),
    ("https://例子.example/", False),
    ("https://user:secret@news.example.com/", False),
    ("https:///x", False),
    ("https://", False),
    ("//news.example.com/", False),
    ("javascript:alert(1)", False),
    ("JaVaScRiPt:alert(1)", False),
    ("data:text/html,1", False),
    ('https://a.example/"onclick=1', False),
    ("https://a.example/<b>", False),
    ("https://a.example/a b", False),
    ("https://a.example/\nx", False),
    ("https://a.example\\@b.example/", False),
    ("https://[::1/", False),
    ("", False),
]


@pytest.mark.parametrize(("url", "fine"), ADDRESSES)
def test_addresses(url: str, fine: bool) -> None:
    assert is_address(url) is fine


def test_targets() -> None:
    assert absolute("/News/1", "https://example.org/") == "https://example.org/News/1"
    assert absolute("//evil.example/1", "https://example.org") is None
    assert absolute("News/1", "https://example.org") is None
