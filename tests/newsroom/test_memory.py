"""What a process keeps of its readings, and what makes it read again."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

from quantshark.checks import judge
from quantshark.context import Wishes
from quantshark.model import SHANGHAI
from quantshark.newsroom import Newsroom
from quantshark.newsroom.framing import make
from quantshark.newsroom.material import from_store
from quantshark.newsroom.memory import Kept, Memory
from tests.newsroom.conftest import DAY

UNTIL = datetime(2025, 12, 12, 8, 30, tzinfo=SHANGHAI)
SITE = "https://quantshark.io"


def test_what_was_made_once_is_not_made_again_and_the_oldest_goes_first() -> None:
    kept, made = Kept[str](2), list[str]()

    def make_of(key: str) -> str:
        return kept.of(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert make_of(key) == key
    assert made == ["a", "b", "c", "b"]


def test_of_those_who_ask_at_once_one_makes_it() -> None:
    kept, made, go = Kept[int](2), list[int](), threading.Event()

    def slow() -> int:
        assert go.wait(10)
        made.append(1)
        return 1

    askers = [threading.Thread(target=kept.of, args=("a", slow)) for _ in range(6)]
    for asker in askers:
        asker.start()
    go.set()
    for asker in askers:
        asker.join(10)
    assert made == [1]


def test_the_same_morning_is_read_once_and_a_changed_document_anew(newsroom: Newsroom) -> None:
    memory, radar = Memory(), newsroom.edition("radar")

    def frame():
        return memory.frame(radar, newsroom.store, DAY, UNTIL, SITE, Wishes())

    (first, known), (again, same) = frame(), frame()
    assert (first is again, known is same) == (True, True)
    document = known.documents[-1]
    newsroom.store.put([(replace(document, title=f"{document.title}（更新）"), ())])
    other, changed = frame()
    assert (other is first, changed is known) == (False, False)
    newsroom.store.forget(document.doc_id)
    assert document.doc_id not in {each.doc_id for each in frame()[1].documents}


def test_an_amended_fact_is_read_so_by_the_next_draft(newsroom: Newsroom) -> None:
    memory = Memory()
    before = memory.material(newsroom.store, UNTIL)
    fact = next(each for each in before.facts if each.entity == "FLOW.SOUTHBOUND" and each.measure == "net_flow")
    newsroom.amend(fact.fact_id, "说的是恒指", "陈", entity="IDX.HSI")
    after = memory.material(newsroom.store, UNTIL)
    assert next(each.entity for each in after.facts if each.fact_id == fact.fact_id) == "IDX.HSI"


def test_a_frame_from_memory_judges_as_one_that_was_made_anew(newsroom: Newsroom) -> None:
    radar, close = newsroom.edition("radar"), newsroom.edition("close")
    memory = Memory()
    memory.frame(close, newsroom.store, DAY, UNTIL, SITE, Wishes())
    kept, _ = memory.frame(radar, newsroom.store, DAY, UNTIL, SITE, Wishes())
    fresh = make(radar, from_store(newsroom.store, UNTIL), DAY, UNTIL, SITE, Wishes())
    assert kept.context == fresh.context
    report = "南向资金净卖出52.87亿港元，连续2日净卖出，恒生指数涨0.5%，腾讯控股获净买入3.20亿港元。"
    assert judge(report, kept.evidence, as_of=DAY) == judge(report, fresh.evidence, as_of=DAY)


def test_evidence_of_two_contexts_shares_its_documents_and_not_what_was_derived(newsroom: Newsroom) -> None:
    memory = Memory()
    known = memory.material(newsroom.store, UNTIL)
    shown, derived = known.documents[-3:], known.facts[:2]
    plain, beside = memory.evidence(shown, (), {}), memory.evidence(shown, derived, {})
    assert plain.index is beside.index
    assert beside.facts == plain.facts + derived
