"""What the terminal shows of a draft under way."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from quantshark.cli import live
from quantshark.cli.live import Board, watching
from quantshark.model import Event


def board(*events: Event) -> Board:
    made = Board()
    for event in events:
        made.hear(event)
    return made


STARTED = Event("section_started", "overview", {"title": "市场全景"})


def test_a_section_goes_from_its_first_word_to_its_writer() -> None:
    made = board(STARTED)
    assert (made.lines["overview"].title, made.lines["overview"].state) == ("市场全景", "等模型")
    for event, state in (
        (Event("tokens", "overview", {"call": 1, "characters": 4, "text": "南向资金"}), "写了 4 字"),
        (Event("answered", "overview", {"call": 1, "tokens_in": 900, "tokens_out": 40}), "核对"),
        (Event("checked", "overview", {"round": 0, "flagged": 2}), "查出 2 处"),
        (Event("repaired", "overview", {"round": 1, "slots": ["a1"]}), "返工第 1 轮"),
        (Event("checked", "overview", {"round": 1, "flagged": 0}), "核对无误"),
        (Event("section_written", "overview", {"writer": "qwen@http://x", "title": "芯片追踪"}), "完成（qwen）"),
    ):
        made.hear(event)
        assert made.lines["overview"].state == state
    assert made.lines["overview"].title == "芯片追踪"
    assert made.lines["overview"].tokens == 940


def test_an_answer_that_begins_anew_forgets_its_words() -> None:
    made = board(
        STARTED,
        Event("tokens", "overview", {"characters": 4, "text": "错的开头"}),
        Event("tokens", "overview", {"characters": 0, "text": ""}),
        Event("tokens", "overview", {"characters": 2, "text": "重来"}),
    )
    assert made.lines["overview"].words == "重来"


def test_an_event_of_a_later_version_changes_nothing() -> None:
    assert board(STARTED, Event("sang", "overview", {"song": 1})).lines == board(STARTED).lines


def test_a_models_words_cannot_paint_the_terminal() -> None:
    made = board(STARTED, Event("tokens", "overview", {"characters": 30, "text": "\x1b[31m[red]红[/red]\x07\u202e"}))
    shown = io.StringIO()
    Console(file=shown, width=120, force_terminal=True, color_system=None).print(live._table(made))  # pyright: ignore[reportPrivateUsage]  what is shown
    assert "[red]红[/red]" in shown.getvalue()
    assert not {"\x07", "\u202e"} & set(shown.getvalue())
    assert "\x1b[31m" not in shown.getvalue()


def test_a_notice_is_said_once_and_nothing_else_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with watching() as (listen, tell):
        tell(1, 2, "读入")
        listen(Event("notice", "", {"text": "没有配置模型"}))
        listen(Event("notice", "", {"text": "没有配置模型"}))
        listen(STARTED)
    assert capsys.readouterr().err == "没有配置模型\n"
