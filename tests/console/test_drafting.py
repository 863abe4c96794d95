"""Drafts in processes of their own: what was interrupted is taken up, what is being written elsewhere is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quantshark.console.drafting import Drafting
from quantshark.newsroom import Assignment, Newsroom
from quantshark.newsroom.live import SILENT_SECONDS
from tests.console.conftest import DAY


@pytest.mark.parametrize(("silent", "taken"), [(0.0, ()), (SILENT_SECONDS + 5, (f"midday-{DAY}-hans",))])
def test_only_a_silent_run_is_taken_up(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, silent: float, taken: tuple[str, ...]
) -> None:
    seen = datetime.now(UTC) - timedelta(seconds=silent)
    with monkeypatch.context() as then:
        then.setattr(newsroom.store, "clock", lambda: seen)
        newsroom.store.open_run(f"draft midday {DAY} hans", "inputs", "编辑甲")
    drafting = Drafting(newsroom.settings)

    def start(_slot: str, _task: Assignment, _by: str) -> bool:
        return True

    monkeypatch.setattr(drafting, "start", start)
    assert drafting.take_up(newsroom) == taken
    drafting.close()
