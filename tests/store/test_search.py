"""Found by words: every word counts, what is superseded or forgotten is not found."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from quantshark.model import SHANGHAI, Document
from quantshark.sources.extract import extract, teach
from quantshark.store import Store

DOCUMENTS = (
    Document("a", "12月11日，南向资金净卖出52.87亿港元。", "南向资金", datetime(2025, 12, 11, 16, tzinfo=SHANGHAI)),
    Document(
        "b", "12月12日，腾讯控股获净买入3.20亿港元，占比5%。", "腾讯 100%_", datetime(2025, 12, 12, 16, tzinfo=SHANGHAI)
    ),
)


@pytest.fixture
def stocked() -> Store:
    store = Store.open("sqlite://")
    names = teach(DOCUMENTS)
    store.put((document, extract(document, names)) for document in DOCUMENTS)
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [("南向资金", ["a"]), ("资金 52.87", ["a"]), ("资金 3.20", []), ("", ["b", "a"]), ("%_", ["b"]), ("'; --", [])],
)
def test_documents_hold_every_word(stocked: Store, words: str, found: list[str]) -> None:
    assert [document.doc_id for document in stocked.search_documents(words)] == found


def test_documents_of_a_day(stocked: Store) -> None:
    assert [document.doc_id for document in stocked.search_documents("", date(2025, 12, 12))] == ["b"]


def test_facts_are_found_by_name_and_figure(stocked: Store) -> None:
    (fact,) = stocked.search_facts("南向资金 52.87")
    assert stocked.fact(fact.fact_id) == fact
    assert stocked.search_facts("南向资金", date(2025, 12, 1)) == ()


def test_what_was_forgotten_is_not_found(stocked: Store) -> None:
    stocked.forget("a")
    assert stocked.search_documents("52.87") == ()
    assert stocked.search_facts("52.87") == ()
