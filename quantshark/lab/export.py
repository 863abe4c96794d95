"""Trials as a table for other programs: one row a trial, every measure a column; CSV, JSON or Parquet by the file's ending."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from quantshark.errors import LabError
from quantshark.lab.comparing import Measured
from quantshark.lab.grid import Experiment
from quantshark.lab.measures import MEASURES
from quantshark.lab.trials import Trial

Value = str | int | float | None
Row = Mapping[str, Value]


def rows(experiment: Experiment, measured: Measured) -> tuple[Row, ...]:
    """What was tried and what it came to; the text itself is in the last column."""
    return tuple(_row(experiment, trial, measured) for trial in experiment.trials)


def _row(experiment: Experiment, trial: Trial, measured: Measured) -> Row:
    values = measured(trial)
    told: dict[str, Value] = {
        "experiment": experiment.plan.name,
        "run": experiment.run_id,
        "contender": trial.contender,
        "model": trial.model,
        "temperature": trial.temperature,
        "day": trial.cell.day.isoformat(),
        "edition": trial.cell.edition,
        "section": trial.cell.section,
        "sample": trial.cell.sample,
        "frozen": trial.frozen,
        "prompts": json.dumps(dict(trial.prompts), sort_keys=True),
    }
    told |= {measure.slug: values[measure.slug] for measure in MEASURES}
    return told | {"paid_tokens": trial.spent.tokens_in + trial.spent.tokens_out, "text": trial.text}


def write(table: Sequence[Row], path: Path) -> Path:
    """The table in a file. Raises LabError for an ending that we do not write."""
    kinds: dict[str, Callable[[Sequence[Row]], bytes]] = {".csv": _csv, ".json": _json, ".parquet": _parquet}
    make = kinds.get(path.suffix.lower())
    if make is None:
        raise LabError(
            f"cannot export to {path.name}; end it in {', '.join(kinds)}",
            notice=f"不能导出为 {path.name}；文件名要以 {'、'.join(kinds)} 结尾",
        )
    if not table:
        raise LabError(
            "there is no finished trial to export; run the experiment first",
            notice="还没有做完的试写可以导出；先用 quantshark lab run 做完",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(make(table))
    return path


def _csv(table: Sequence[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    # With a mark, because spreadsheets take Chinese in a bare UTF-8 file for Latin letters.
    return out.getvalue().encode("utf-8-sig")


def _json(table: Sequence[Row]) -> bytes:
    return (json.dumps([dict(row) for row in table], ensure_ascii=False, indent=1) + "\n").encode()


def _parquet(table: Sequence[Row]) -> bytes:
    try:
        # Arrow is an extra, and heavy: only who writes Parquet waits for it.
        from pyarrow import BufferOutputStream, Table, parquet  # noqa: PLC0415
    except ImportError as error:
        raise LabError("Parquet needs pyarrow; install it with `pip install 'quantshark[notebook]'`") from error
    out = BufferOutputStream()
    parquet.write_table(  # pyright: ignore[reportUnknownMemberType]
        Table.from_pylist([dict(row) for row in table]), out
    )
    return out.getvalue().to_pybytes()
