from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from quantshark.errors import NotFoundError, StoreError
from quantshark.model import SHANGHAI, Document, Fact, Period, Source
from quantshark.store import Counts, Store, version_of
from tests.store.nouns import DAY, NOON, derived, document, fact


def test_what_goes_in_comes_out(store: Store) -> None:
    given = document()
    store.put([(given, [fact()])])
    assert store.documents() == (given,)
    assert store.document("a") == given
    (out,) = store.facts()
    assert out == replace(fact(), source=replace(source_of(fact()), version=version_of(given)))


def source_of(of: Fact) -> Source:
    assert of.source is not None
    return of.source


DATES = [
    None,
    date(2025, 12, 11),
    datetime(2025, 12, 11, 8, 30),  # noqa: DTZ001  (naive is what it tests)
    datetime(2025, 12, 11, 8, 30, 5, 123, tzinfo=SHANGHAI),
    datetime.fromisoformat("2025-12-11T03:30:00-05:00"),
]


@pytest.mark.parametrize("published", DATES, ids=str)
def test_dates_come_out_as_they_went_in(store: Store, published: datetime | date | None) -> None:
    given = Document("a", "涨", published_at=published)
    store.put([(given, ())])
    out = store.document("a").published_at
    assert out == published
    assert type(out) is type(published)


EXACT = ["0.1", "-5287000000", "3.20", "1E+3", "0", "-0.00", "12345678901234567890.123456789", "1e-12"]


@pytest.mark.parametrize("value", EXACT)
def test_values_are_exact(store: Store, value: str) -> None:
    store.put([(document(), [fact(value=value)])])
    out = store.facts()[0].value
    assert str(out) == str(Decimal(value))


def test_every_field_of_a_fact_comes_back(store: Store) -> None:
    full = replace(
        fact(),
        high=Decimal("6E9"),
        hedge="about",
        period=Period(date(2025, 10, 1), date(2025, 12, 31), "quarter"),
        basis="yoy",
        scope="cumulative",
        via="FLOW.SOUTHBOUND",
        modality="forecast",
        said_by="某投行",
        status="estimated",
        kind="range",
    )
    store.put([(document(), [full])])
    assert replace(store.facts()[0], source=full.source) == full


def test_twice_is_once(store: Store) -> None:
    items = [(document(name), [fact(name)]) for name in "abc"]
    assert store.put(items) == Counts(new=3, facts=3)
    assert store.put(items) == Counts(same=3)
    assert store.unchanged([document(name) for name in "abcd"]) == {"a", "b", "c"}
    assert len(store.facts()) == 3


def test_another_text_is_another_version(store: Store) -> None:
    old, new = document(), document(text="南向资金净卖出53.87亿港元。")
    store.put([(old, [fact()])])
    assert store.put([(new, [fact(value="-5387000000")])]) == Counts(changed=1, facts=1)
    assert store.document("a") == new
    assert store.document("a", version_of(old)) == old
    assert store.versions("a") == (version_of(old), version_of(new))
    assert [out.value for out in store.facts()] == [Decimal(-5387000000)]
    assert sorted(out.value for out in store.facts(current=False)) == [Decimal(-5387000000), Decimal(-5287000000)]


@pytest.mark.parametrize("change", [{"title": "更正"}, {"url": "https://b.example"}, {"published_at": None}, {"demo": False}, {"publisher": ""}])  # fmt: skip
def test_whatever_a_document_says_is_part_of_its_version(store: Store, change: dict[str, str]) -> None:
    store.put([(document(), ())])
    changed = replace(document(), **change)
    assert store.put([(changed, ())]).changed == 1
    assert store.documents() == (changed,)


def test_a_version_that_comes_back_is_current_again(store: Store) -> None:
    first, second = document(), document(text="别的")
    for given in (first, second, first):
        store.put([(given, [fact()])])
    assert store.document("a") == first
    assert store.versions("a") == (version_of(second), version_of(first))
    assert [source_of(out).version for out in store.facts()] == [version_of(first)]
    assert store.unchanged([first, second]) == {"a"}
    assert store.unchanged([second]) == set()


def test_versions_within_one_ingest(store: Store) -> None:
    done = store.put([(document(text=str(number)), ()) for number in range(3)])
    assert done == Counts(new=1, changed=2)
    assert store.document("a").text == "2"


def test_another_reader_reads_again(store: Store) -> None:
    store.put([(document(), [fact(value="1")])], reader="v1")
    assert store.unchanged([document()], reader="v1") == {"a"}
    assert store.unchanged([document()], reader="v2") == set()
    assert store.put([(document(), [fact(value="2"), fact(number=2)])], reader="v2") == Counts(reread=1, facts=2)
    assert [out.value for out in store.facts(current=False)] == [Decimal(2), Decimal(-5287000000)]
    assert len(store.versions("a")) == 1


def test_a_forgotten_document_is_gone_and_stays_gone(store: Store) -> None:
    store.put([(document("a"), [fact("a")]), (document("b"), [fact("b")])])
    store.put([(document("a", text="又一版"), [fact("a")])])
    store.forget("a")
    assert [out.doc_id for out in store.documents()] == ["b"]
    assert [source_of(out).doc_id for out in store.facts(current=False)] == ["b"]
    for version in (None, *store.versions("a")):
        with pytest.raises(NotFoundError, match="forgotten"):
            store.document("a", version)
    assert len(store.versions("a")) == 2
    assert store.unchanged([document("a")]) == {"a"}
    assert store.put([(document("a"), [fact("a")])]) == Counts(forgotten=1)
    assert store.facts(doc_ids=["a"]) == ()


def test_no_byte_of_a_forgotten_text_stays_on_the_disk(tmp_path: Path) -> None:
    secret = "独一无二的句子" * 50
    with Store.open(str(tmp_path / "news.db")) as store:
        store.put([(document(text=secret), [replace(fact(), source=Source("a", 0, 1, secret))])])
        assert any(secret.encode()[:60] in path.read_bytes() for path in tmp_path.iterdir())
        store.forget("a")
        assert not any("独一无二".encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_what_is_not_there_is_said(store: Store) -> None:
    for ask in (store.document, store.forget):
        with pytest.raises(NotFoundError, match="'nothing'"):
            ask("nothing")


HOURS = {"morning": -4.0, "noon": 0.0, "evening": 8.0}


def put_hours(store: Store) -> None:
    items = [(document(name, hours=hours), [fact(name)]) for name, hours in HOURS.items()]
    undated = [(document("undated", hours=None), [fact("undated")])]
    day = [(Document("day", "涨", published_at=DAY, kind="table"), [fact("day")])]
    store.put([*items, *undated, *day])


ASKED: list[tuple[dict[str, datetime | date], list[str]]] = [
    ({}, ["undated", "morning", "noon", "evening", "day"]),
    ({"until": NOON}, ["morning"]),
    ({"until": NOON + timedelta(seconds=1)}, ["morning", "noon"]),
    ({"since": NOON}, ["noon", "evening", "day"]),
    ({"until": DAY}, ["morning", "noon", "evening", "day"]),
    ({"since": DAY, "until": datetime(2025, 12, 11, 8, 30)}, ["morning"]),  # noqa: DTZ001
    ({"since": date(2025, 12, 12)}, []),
    ({"until": date(2025, 12, 10)}, []),
    ({"until": datetime(2025, 12, 12, 8, 30, tzinfo=SHANGHAI)}, ["morning", "noon", "evening", "day"]),
]


@pytest.mark.parametrize(("asked", "names"), ASKED)
def test_what_was_known_when(store: Store, asked: dict[str, datetime | date], names: list[str]) -> None:
    put_hours(store)
    since, until = asked.get("since"), asked.get("until")
    assert [out.doc_id for out in store.documents(since, until)] == names
    if since is None:
        assert [source_of(out).doc_id for out in store.facts(until=until)] == names


def test_kinds_and_ids(store: Store) -> None:
    put_hours(store)
    assert [out.doc_id for out in store.documents(kinds=["table"])] == ["day"]
    assert store.documents(kinds=[]) == ()
    assert [out.doc_id for out in store.documents(ids=["evening", "noon", "nothing"])] == ["noon", "evening"]
    assert store.documents(ids=[]) == ()


def test_more_ids_than_a_statement_takes(store: Store) -> None:
    store.put((document(f"{number:05}", hours=number / 3600), [fact(f"{number:05}")]) for number in range(1200))
    ids = [f"{number:05}" for number in reversed(range(1200))]
    assert [out.doc_id for out in store.documents(ids=ids)] == sorted(ids)
    assert [out.fact_id for out in store.facts(doc_ids=[*ids, *ids])] == [f"{name}:1" for name in sorted(ids)]
    assert len(store.unchanged(store.documents())) == 1200


def test_facts_by_what_they_say(store: Store) -> None:
    other = date(2025, 12, 10)
    facts = [
        fact(number=1),
        fact(number=2, entity="0700.HK"),
        fact(number=3, day=other),
        replace(fact(number=4), measure="turnover"),
        replace(fact(number=5), period=None),
        replace(fact(number=6), period=Period(date(2025, 1, 1), date(2025, 12, 31), "year"), as_of=None),
    ]
    store.put([(document(), facts)])

    def ids(*found: Fact) -> list[int]:
        return [int(out.fact_id.split(":")[1]) for out in found]

    assert ids(*store.facts(entity="0700.HK")) == [2]
    assert ids(*store.facts(measure="turnover")) == [4]
    assert ids(*store.facts(day=DAY)) == [1, 2, 4, 5]
    assert ids(*store.facts(day=other)) == [3]
    assert ids(*store.facts(day=DAY, entity="FLOW.SOUTHBOUND", measure="net_flow")) == [1, 5]
    assert ids(*store.facts(doc_ids=["b"])) == []


REFUSED: list[tuple[list[tuple[Document, list[Fact]]], str]] = [
    ([(document(), [fact("b")])], "was not read from"),
    ([(document(), [derived(fact())])], "was not read from"),
    ([(document(), [fact(), fact()])], "share an id"),
    ([(document(text="a\0b"), [])], "NUL"),
    ([(document(text="\ud800"), [])], "half a character"),
]


@pytest.mark.parametrize(("items", "says"), REFUSED)
def test_a_wrong_item_stores_nothing_of_its_batch(
    store: Store, items: list[tuple[Document, list[Fact]]], says: str
) -> None:
    with pytest.raises(StoreError, match=says):
        store.put([(document("good"), [fact("good")]), *items])
    assert store.documents() == ()
    assert store.facts() == ()


def test_order_is_by_code_point_on_every_database(store: Store) -> None:
    names = ["B", "a", "C", "b-1", "b.1", "b1", "Z", "z"]
    store.put([(document(name), ()) for name in names])
    assert [out.doc_id for out in store.documents()] == sorted(names)
