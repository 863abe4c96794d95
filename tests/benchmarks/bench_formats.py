"""Every format of a report beside the page: how long each takes once warm, and how large it is."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from quantshark.newsroom import Assignment, Newsroom, exporting
from quantshark.press.export import FORMATS, Look, export
from quantshark.press.published import Published
from quantshark.press.site import site_files
from quantshark.settings import Settings
from tests.benchmarks.measuring import ROOT, Row, UnavailableError, at_most, seconds

DAY = date(2025, 12, 12)
EDITIONS = ("radar", "midday", "close", "scan", "theme")


def measure() -> Iterable[Row]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        reports = list(_reports(out))
        export(reports[-1], FORMATS, "warm", Look())
        how = "slowest of five editions, CPU, warm, best of three"
        rounds = [[_cpu(report, FORMATS) for report in reports] for _ in range(3)]  # no picture is kept for a round
        whole = {
            report.edition_name: min(took) for report, took in zip(reports, zip(*rounds, strict=True), strict=True)
        }
        yield at_most("all formats and charts of a report", max(whole.values()), 1, "s", how)
        yield Row(
            "the same, edition by edition", "  ".join(f"{name} {cpu:.2f}" for name, cpu in whole.items()), how="s"
        )
        yield Row("of it the PDF", f"{_worst(reports, ('pdf',)):.2f} s", how=f"{how}; WeasyPrint's layout")
        largest = max((out / f"{edition}-{DAY}.html").stat().st_size for edition in EDITIONS)
        yield at_most("largest page, charts included", largest / 1000, 300, "KB")
        yield Row("site of five reports", f"{seconds(lambda: site_files(out, 'https://example.org')):.2f} s")


def _worst(reports: Sequence[Published], names: Sequence[str]) -> float:
    return max(_cpu(report, names) for report in reports)


def _reports(out: Path) -> Iterable[Published]:
    newsroom = Newsroom(Settings(home=out / "home"))
    newsroom.ingest([ROOT / "fixtures" / "2025-12"])
    for edition in EDITIONS:
        outcome = asyncio.run(newsroom.draft(Assignment(edition, DAY, writer="rules", out=out)))
        if outcome.release is None:
            raise UnavailableError(f"{edition} of {DAY} was not released: {outcome.draft.held}")
        yield exporting.published(out / f"{outcome.release.stem}.md")
    newsroom.store.close()


def _cpu(report: Published, names: Iterable[str]) -> float:
    started = time.process_time()
    told = export(report, names, "bench", Look())
    if told.left_out:
        raise UnavailableError(told.left_out[0])
    return time.process_time() - started
