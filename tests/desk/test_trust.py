"""What an edition has earned is asked as far as the policy says, and what people let pass is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from quantshark import editions
from quantshark.desk.dossier import read_dossier
from quantshark.desk.policy import Moves
from quantshark.desk.trust import earned
from quantshark.model import Fact, Ruling, Verdict
from quantshark.newsroom import Outcome
from quantshark.store import Store
from tests.store.nouns import DRAFT, document, fact, release

NOW = datetime(2025, 12, 20, tzinfo=UTC)
WAIVER = Ruling("waived", "overview", "约三成", "三成", "公司口径", "甲", NOW, confirmed_by="乙", confirmed_at=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'news.db'}", lambda: NOW) as opened:
        yield opened


def approved(store: Store, many: int) -> None:
    for number in range(many):
        day = release().day - timedelta(days=number)
        made = replace(release(), release_id=f"radar-{day}-hans-r1", day=day)
        store.approve(store.save_draft(replace(DRAFT, day=day), made.text), "甲", "digest")
        store.save_release(made)


def test_trust_is_counted_as_far_as_the_policy_asks(store: Store) -> None:
    approved(store, 23)
    assert [earned(store, "radar", enough).approved for enough in (3, 20, 22, 30)] == [3, 20, 22, 23]


def test_a_figure_that_people_let_pass_is_counted(store: Store) -> None:
    verdict = Verdict(0, 2, "三成", "unsourced", "no_fact", "没有出处", ruling=WAIVER)
    outcome = Outcome(DRAFT, "三成", (verdict, replace(verdict, ruling=None)), None, ())
    assert read_dossier(outcome, editions.load("radar"), store, NOW, Moves()).waived == 1


def test_only_large_moves_are_asked_about_with_the_documents_that_tell_them(store: Store) -> None:
    def change(doc_id: str, percent: str, entity: str = "0700.HK") -> Fact:
        return replace(fact(doc_id, value=percent, entity=entity), measure="change", unit="%", ulp=Decimal("0.1"))

    told = [change("a", "25.3"), change("b", "25.3"), change("c", "3.2", "9988.HK")]
    store.put([(document(each.fact_id[0]), [each]) for each in told])
    verdicts = tuple(Verdict(n, n + 1, each.surface, "supported", "exact", "", each) for n, each in enumerate(told[1:]))
    dossier = read_dossier(Outcome(DRAFT, "", verdicts, None, ()), editions.load("radar"), store, NOW, Moves())
    assert [(move.kind, move.percent, move.sources) for move in dossier.moves] == [("stock", Decimal("25.3"), 2)]
