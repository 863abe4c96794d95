"""The lab has no way out: it imports nothing that sends, releases or queues, and its database has no such verbs."""

from __future__ import annotations

from quantshark.store.work import Work
from tests.test_floors import HOUSE, imported

OUTGOING = (
    "quantshark.newsroom.outgoing",
    "quantshark.newsroom.Newsroom",
    "quantshark.press.targets",
    "quantshark.press.release",
    "quantshark.store.outbox",
    "quantshark.store.releases",
    "quantshark.desk",
)
BY_THEMSELVES = {"quantshark.newsroom", "quantshark.store"}
"""Importing the whole room would bring its outgoing verbs; the lab takes single modules."""


def test_no_outgoing_import() -> None:
    found = [
        f"{path.name} imports {module}"
        for path in sorted((HOUSE / "lab").rglob("*.py"))
        for module, _ in imported(path)
        if module.startswith(OUTGOING) or module in BY_THEMSELVES
    ]
    assert found == []


def test_the_fence_sees_what_the_lab_does_import() -> None:
    seen = {module for path in (HOUSE / "lab").rglob("*.py") for module, _ in imported(path)}
    assert {"quantshark.newsroom.drafting", "quantshark.store.work"} <= seen


def test_its_database_can_neither_release_nor_send() -> None:
    assert not {"save_release", "enqueue", "claim", "settle", "save_draft"} & set(dir(Work))
