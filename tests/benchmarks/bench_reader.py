"""How fast figures are read, beside the libraries that read Chinese figures, and whether the cost stays linear.

The text is everything readable beside the checkout, repeated to 1 MB. JioNLP and Recognizers-Text are measured in this
run where they can be imported (`pip install jionlp`, `pip install recognizers-text-suite emoji==1.7.0`); they are no
dependency of ours. They are fed line by line, their fastest way, and only a sample of the text, since some need minutes.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from time import process_time

from quantshark.lexicon.figures import find_figures
from tests.benchmarks.measuring import SHARED, Row, UnavailableError, at_least, at_most

MEGABYTE = 1_000_000
SAMPLE = 40_000
HOSTILE = (
    "1", "1,", "1.", "1 ", "-1", "亿", "1亿", "万亿", "亿1", "一点", "一二三", "1-", "1/", "1:", "a1", "1%、", "1\u200b", "三分之", "每10股", "几十", "1万", "连续1日", "，累计",
)  # fmt: skip


def measure() -> Iterator[Row]:
    text = _text()
    one = _sized(text, MEGABYTE)
    speed = _speed(find_figures, one)
    yield at_least(
        "reader, 1 MB", speed, 1_000_000, "chars/s", f"{len(one):,} characters, {len(find_figures(one)):,} figures"
    )
    ten = _seconds(find_figures, one * 10) / _seconds(find_figures, one)
    yield at_most("reader, 10 MB / 1 MB", ten, 11, "x", "linear is 10")
    yield _hostile()
    yield from _attacks()
    sample = one[:SAMPLE]
    yield Row(
        "reader, by line",
        f"{_speed(_by_line(find_figures), sample):,.0f} chars/s",
        how="the sample that the libraries get",
    )
    yield from _others(sample)


def _text() -> str:
    paths = [p for folder in ("newsday", "seeds", "bench/corpus") for p in sorted((SHARED / folder).rglob("*.md"))]
    if not paths:
        raise UnavailableError("no texts beside the checkout")
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)


def _sized(text: str, size: int) -> str:
    repeated = text * (size // len(text.encode()) + 1)
    return repeated.encode()[:size].decode(errors="ignore")


def _seconds(read: Callable[[str], object], text: str, runs: int = 3) -> float:
    """The best of some runs in processor time: other work on the machine does not count."""
    times: list[float] = []
    for _ in range(runs):
        started = process_time()
        read(text)
        times.append(process_time() - started)
    return max(min(times), 1e-9)


def _speed(read: Callable[[str], object], text: str) -> float:
    return len(text) / _seconds(read, text)


def _hostile() -> Row:
    """The worst growth from n to 2n; linear is 2."""
    growth = {unit: _growth(unit) for unit in HOSTILE}
    worst = max(growth, key=lambda unit: growth[unit])
    return at_most(
        "hostile runs, 2n / n", growth[worst], 3, "x", f"worst of {len(HOSTILE)}: {worst!r} repeated; linear is 2"
    )


def _growth(unit: str) -> float:
    text = unit * (60_000 // len(unit))
    return _seconds(find_figures, text * 2) / _seconds(find_figures, text)


def _attacks() -> Iterator[Row]:
    path = SHARED / "attacks" / "strings" / "blns.json"
    if path.exists():
        strings = "\n".join(json.loads(path.read_text(encoding="utf-8")))
        yield at_least(
            "attack strings", _speed(find_figures, strings * 20), 1_000_000, "chars/s", "strings/blns.json, 20 times"
        )


def _by_line(read: Callable[[str], object]) -> Callable[[str], None]:
    def feed(text: str) -> None:
        for line in text.split("\n"):
            read(line)

    return feed


def _others(sample: str) -> Iterator[Row]:
    for name, load in (("JioNLP", _jionlp), ("Recognizers-Text", _recognizers)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                readers = load()
        except ImportError:
            yield Row(name, "not installed", how="pip install, see the head of this file")
            continue
        for what, read in readers.items():
            part = sample if name == "JioNLP" else sample[: SAMPLE // 8]
            yield Row(
                f"{name}, {what}",
                f"{len(part) / _seconds(_by_line(read), part, 1):,.0f} chars/s",
                how="same text, by line",
            )


def _jionlp() -> dict[str, Callable[[str], object]]:
    ner = import_module("jionlp").ner

    def both(text: str) -> None:
        ner.extract_money(text, with_parsing=False)
        ner.extract_time(text, with_parsing=False)

    return {"money": lambda text: ner.extract_money(text, with_parsing=False), "money and time": both}


def _recognizers() -> dict[str, Callable[[str], object]]:
    numbers, units = import_module("recognizers_number"), import_module("recognizers_number_with_unit")

    def four(text: str) -> None:
        for recognize in (
            numbers.recognize_number,
            numbers.recognize_percentage,
            units.recognize_currency,
            units.recognize_dimension,
        ):
            recognize(text, "zh-cn")

    return {
        "number": lambda text: numbers.recognize_number(text, "zh-cn"),
        "number, percent, currency, dimension": four,
    }
