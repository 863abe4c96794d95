"""Two whole news days into the store: the first time with their facts, the second time when nothing is new."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from quantshark.sources import read_all
from quantshark.store import Store
from tests.benchmarks.measuring import SHARED, Finished, Row, UnavailableError, at_most, quantshark, seconds

NEWSDAY = SHARED / "newsday"


def measure() -> Iterator[Row]:
    if not NEWSDAY.is_dir():
        raise UnavailableError("the two news days ../shared/newsday are not here")
    files = f"{len(read_all([NEWSDAY]).documents)} files"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first, second = _ingest(home), _ingest(home)
        yield at_most("ingest, first time", first.seconds, 10, "s", f"fresh process, {files}, with facts")
        yield at_most("peak memory of it", first.megabytes, 300, "MB")
        yield at_most("ingest, second time", second.seconds, 2, "s", "fresh process, nothing is new")
        yield from _rooms(home / "rooms.db", files)


def _ingest(home: Path) -> Finished:
    done = quantshark("ingest", str(NEWSDAY), home=home)
    if done.status:
        raise UnavailableError(f"ingest failed: {done.output.strip().splitlines()[-1:]}")
    return done


def _rooms(database: Path, how: str) -> Iterator[Row]:
    """The shares of reading and storing in it."""
    intake = read_all([NEWSDAY])
    items = [(document, ()) for document in intake.documents]
    yield Row("read the files", f"{seconds(lambda: read_all([NEWSDAY])):.3g} s", how=how)
    with Store.open(str(database)) as store:
        yield Row(
            "store the documents", f"{seconds(lambda: store.put(items), runs=1):.3g} s", how="one transaction for 64"
        )
        yield Row("see that none is new", f"{seconds(lambda: store.unchanged(intake.documents)):.3g} s")
