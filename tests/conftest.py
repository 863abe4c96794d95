"""The suite runs offline, in any order, on all cores, and leaves nothing behind outside of its temporary folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests import postgres

# How long an example takes says something of the machine, not of the code; speed is measured in tests/benchmarks.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

LOOPBACK = ("loopback", "postgres", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need a server on this machine may speak to this machine; the others to nobody."""
    for item in items:
        if any(item.get_closest_marker(name) for name in LOOPBACK):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))


@pytest.fixture(autouse=True)
def _own_settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """No test sees what the developer has set; the live tests are about exactly that."""
    import os  # noqa: PLC0415

    if request.node.get_closest_marker("live"):
        return
    for name in [name for name in os.environ if name.startswith("QUANTSHARK_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def shared() -> Path:
    """The reference material beside the checkout; tests that read it are skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the reference material ../shared is not here")
    return SHARED


@pytest.fixture
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A server of the tests' own, gone when they are."""
    try:
        with postgres.server() as running:
            yield running
    except postgres.NoServer as why:
        pytest.skip(str(why))
