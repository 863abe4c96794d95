"""Notices reach people through real robots, and what feeds say reaches the desk."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quantshark.desk.messengers import messengers
from quantshark.settings import load
from quantshark.store import Notice
from tests.sources.feeds.server import Page, Site

NOW = datetime(2025, 12, 11, 9, tzinfo=UTC)


@pytest.mark.loopback
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise's own, at its first import
def test_a_notice_is_posted(tmp_path: Path) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: pip install 'quantshark[push]'")
    with Site({"/robot": Page(b"{}")}) as site:
        (robot,) = messengers(load(home=tmp_path, notify=[site.url.replace("http", "json") + "/robot"]))
        robot.carry(Notice("held radar", "held", "radar-2025-12-12-hans", "盘前雷达缺少上一交易日数据，等待编辑", NOW))
        told = json.loads(site.seen[0][3])
    assert "盘前雷达缺少上一交易日数据" in told["message"]
