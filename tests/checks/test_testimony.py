"""A document's testimony may be kept for the next report, but only where nobody has taught a name that bears on it."""

from __future__ import annotations

import random
from collections.abc import Hashable
from datetime import datetime
from functools import cache

import pytest

from quantshark import sources
from quantshark.checks import Evidence, judge, testimony
from quantshark.checks.testimony import hear
from quantshark.lexicon.names import Names
from quantshark.model import SHANGHAI, Document
from tests.conftest import ROOT

NOON = datetime(2025, 12, 11, 12, tzinfo=SHANGHAI)


class Kept:
    """Testimonies under what they depend on."""

    def __init__(self) -> None:
        self.known: dict[Hashable, testimony.Testimony] = {}
        self.again = 0

    def __call__(self, document: Document, names: Names) -> testimony.Testimony:
        key = (document, names.learned_in(f"{document.title}\n{document.text}"))
        self.again += key in self.known
        if key not in self.known:
            self.known[key] = hear(document, names)
        return self.known[key]


@cache
def morning() -> tuple[Document, ...]:
    return sources.read_all([ROOT / "fixtures" / "2025-12"], lambda _done, _total: None).documents[:240]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_reads_as_what_is_read_anew(seed: int) -> None:
    pick, kept = random.Random(seed), Kept()  # noqa: S311  no secret
    for _ in range(3):
        documents = pick.sample(morning(), 60)
        fresh, shared = Evidence(documents), Evidence(documents, hear=kept)
        assert shared.proofs == fresh.proofs
        assert (shared.statements, shared.days_told) == (fresh.statements, fresh.days_told)
    assert kept.again > 10


TAUGHT = [
    pytest.param("晨星机器人(02999.HK)今日上市。", "晨星机器人涨3.2%。", True, id="a name with its code"),
    pytest.param("晨 星 机器人(02999.HK)今日上市。", "晨星机器人涨3.2%。", True, id="a name with spaces"),
    pytest.param("晨星机器人(02999.HK)今日上市。", "2999.HK涨3.2%。", True, id="its code alone"),
    pytest.param("30年期特别国债(019999)今日上市。", "10年期国债收益率1.8%，30年期下行。", True, id="a tenor"),
    pytest.param("晨星机器人(02999.HK)今日上市。", "腾讯控股涨3.2%。", False, id="nobody of whom it speaks"),
]


@pytest.mark.parametrize(("teacher", "told", "bears"), TAUGHT)
def test_a_name_that_bears_on_a_text_changes_its_key(teacher: str, told: str, bears: bool) -> None:
    names = Names.load()
    before = names.learned_in(told)
    names.learn(teacher)
    assert (names.learned_in(told) != before) is bears


@pytest.mark.parametrize("first", [0, 1])
def test_who_stands_behind_a_learned_name_is_in_the_key(first: int) -> None:
    taught = ["晨星机器人(02999.HK)今日上市。", "晨星科技(02999.HK)今日上市。"]
    keys: list[tuple[object, ...]] = []
    for teacher in (taught[first], taught[1 - first]):
        names = Names.load()
        names.learn(teacher)
        names.learn(next(other for other in taught if other != teacher))
        keys.append(names.learned_in("晨星科技涨3.2%。"))
    assert keys[0] != keys[1]


def test_a_copy_knows_what_was_learned() -> None:
    names = Names.load()
    names.learn("晨星机器人(02999.HK)今日上市。")
    assert names.copy().learned_in("晨星机器人") == names.learned_in("晨星机器人")


def test_a_kept_document_is_read_anew_when_somebody_teaches_its_name() -> None:
    kept = Kept()
    told = Document("told", "晨星机器人涨3.2%。", published_at=NOON)
    teacher = Document("teacher", "晨星机器人(02999.HK)今日上市。", published_at=NOON)
    report = "晨星机器人(02999.HK)涨3.2%。"
    for documents in ([told], [told, teacher], [told]):
        assert judge(report, Evidence(documents, hear=kept)).verdicts == judge(report, Evidence(documents)).verdicts
    assert kept.again == 1
