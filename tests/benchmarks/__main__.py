"""Run the measurements and print one table: `make bench`, or `python -m tests.benchmarks [NAME …]`.

A file `bench_<name>.py` beside this one has a function `measure() -> Iterable[Row]`. Nothing here passes or fails a
build: a number that misses its target is shown as such.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measuring import Row, UnavailableError

HERE = Path(__file__).parent


def main(names: list[str]) -> None:
    found = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"no measurement called {', '.join(sorted(unknown))}; there are: {', '.join(found)}")
    table = Table(title=f"QuantShark · {os.cpu_count()} cores · Python {sys.version.split()[0]}")
    for heading in ("bench", "what", "measured", "target", "", "how"):
        table.add_column(heading, overflow="fold")
    for name in names or found:
        for row in rows_of(name):
            table.add_row(name, row.what, row.measured, row.target, row.verdict, row.how)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def rows_of(name: str) -> list[Row]:
    """What one file measures; a missing prerequisite is a row too, a bug is not."""
    started = time.perf_counter()
    print(f"{name} …", file=sys.stderr, end=" ", flush=True)
    rows: list[Row] = []
    try:
        rows.extend(importlib.import_module(f"tests.benchmarks.bench_{name}").measure())
    except UnavailableError as reason:
        rows.append(Row(what="not measured", measured="—", how=str(reason)))
    print(f"{time.perf_counter() - started:.1f} s", file=sys.stderr)
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
