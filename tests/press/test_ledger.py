"""The ledger: complete, stable byte for byte, readable back."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from quantshark.errors import ReleaseError
from quantshark.model import Document, Fact, Source, Verdict
from quantshark.press.exhibits import QUOTE_LIMIT, Archive, document_hash, exhibits
from quantshark.press.ledger import Ledger, digest, read, record
from quantshark.sources.extract import prove, teach
from tests.press.sample import ARCHIVE, DOCUMENTS, FACTS, FLOW, ORIGIN, SITE, sample


def ledger(archive: Archive = ARCHIVE) -> Ledger:
    made = sample()
    return record(made.printed, exhibits(made.verdicts, archive), archive, origin=ORIGIN, site_url=SITE)


def test_every_figure_is_told_in_order() -> None:
    told = [(entry.number, entry.surface, entry.status, entry.fact) for entry in ledger().figures]
    assert told == [
        (1, "12月12日", "exempt", None),
        (2, "52.87亿港元", "supported", "f1"),
        (3, "11日", "supported", "f3"),
        (4, "12月11日", "exempt", None),
        (5, "52.87亿港元", "supported", "f1"),
        (6, "12月11日", "exempt", None),
        (7, "52.87亿港元", "supported", "f1"),
        (8, "6000亿元", "supported", "f6"),
        (9, "11日", "supported", "f3"),
        (10, "107.70亿港元", "supported", "f4"),
        (11, "4.53%", "supported", "f5"),
        (12, "1.", "exempt", None),
        (13, "33.68亿港元", "supported", "f2"),
        (14, "63.70%", "derived", "f7"),
        (15, "2.", "exempt", None),
        (16, "52.87亿港元", "supported", "f1"),
    ]
    assert [entry.number for entry in ledger().figures if entry.marked] == [7, 8, 9, 10, 11, 13, 14, 16]


def test_spans_are_those_of_the_text() -> None:
    text = sample().printed.text
    assert all(text[entry.start : entry.end] == entry.surface for entry in ledger().figures)


def test_a_fact_carries_its_proof() -> None:
    told = json.loads(ledger().dump())
    flow = told["facts"]["f1"]
    assert flow["value"] == "-5287000000"
    assert flow["unit"] == "HKD"
    assert flow["direction"] == -1
    assert flow["period"] == {"start": "2025-12-11", "end": "2025-12-11", "grain": "day"}
    quote = flow["quote"]
    assert FLOW.text[quote["start"] :].startswith(quote["text"])
    assert quote["text"][slice(*quote["mark"])] == "52.87亿港元"
    assert told["facts"]["f7"]["formula"] == {
        "op": "share",
        "operands": ["f2", "f1"],
        "text": "3368000000 / 5287000000 * 100",
    }
    assert told["documents"][FLOW.doc_id] == {
        "title": FLOW.title,
        "publisher": "示例财经",
        "kind": "news",
        "published_at": "2025-12-11T17:05:00+08:00",
        "url": f"https://example.org/News/{FLOW.doc_id}",
        "sha256": document_hash(FLOW),
        "demo": True,
    }


def test_operands_are_told_though_the_text_does_not_print_them() -> None:
    made = sample()
    only_share = tuple(v for v in made.verdicts if v.fact and v.fact.fact_id == "f7")
    told = record(made.printed, exhibits(only_share, ARCHIVE), ARCHIVE, origin=ORIGIN, site_url=SITE)
    assert sorted(told.facts) == ["f1", "f2", "f7"]


def test_the_bytes_are_the_same_each_time() -> None:
    assert ledger().dump() == ledger().dump()
    assert ledger(Archive.of(reversed(DOCUMENTS), reversed(FACTS.values()))).dump() == ledger().dump()


def test_it_reads_back_whole_and_sealed() -> None:
    again = read(ledger().dump())
    assert again.seal == again.sealed() == ledger().sealed()
    assert again.dump() == ledger().dump()


def test_hashes_name_what_went_in() -> None:
    told = ledger()
    assert told.hashes.text == digest(sample().printed.text)
    assert told.hashes.context == "c0ffee"
    assert told.hashes.prompts == {"overview": "1" * 12}
    assert told.demo is True


REFUSED = [
    (b"{}", "release"),
    (b"[]", "the whole"),
    (b"not json", "the whole"),
    (ledger().dump().replace(b'"edition"', b'"editionn"', 1), "edition"),
    (ledger().dump().replace(b'"quote_limit": 60', b'"quote_limit": "x"', 1), "quote_limit"),
]


@pytest.mark.parametrize(("data", "where"), REFUSED)
def test_what_is_no_ledger_is_refused_with_the_place(data: bytes, where: str) -> None:
    with pytest.raises(ReleaseError, match=where):
        read(data)


def located(document: Document, surface: str) -> Fact:
    """A fact whose source span is all of the document."""
    source = Source(document.doc_id, 0, len(document.text), document.text)
    return replace(FACTS["f1"], surface=surface, source=source)


LONG = "港股通" * 40 + "净卖出52.87亿港元，" + "其余" * 40 + "。后一句52.87亿港元。"


@pytest.mark.parametrize("limit", [12, 30, 60, 500])
def test_a_quotation_is_never_longer_than_allowed(limit: int) -> None:
    document = replace(FLOW, text=LONG)
    quote = Archive.of([document], limit=limit).quote(located(document, "52.87亿港元"))
    assert len(quote.text) <= limit
    assert quote.text[quote.mark_start : quote.mark_end] == "52.87亿港元"
    assert document.text[quote.start : quote.start + len(quote.text)] == quote.text
    assert quote.cut_before is (limit < 100)


def test_sixty_characters_are_the_default() -> None:
    assert QUOTE_LIMIT == 60
    assert all(len(fact.quote.text) <= 60 for fact in ledger().facts.values() if fact.quote)


def test_a_message_quotes_no_more_than_a_quotation() -> None:
    told = replace(sample().verdicts[1], message=f"来源：「{'话' * 90}」")
    (shown,) = exhibits([told], ARCHIVE)
    assert shown.verdict.message == f"来源：「{'话' * 59}…」"


def test_a_quotation_of_a_table_is_its_row_and_reads_aloud() -> None:
    table = replace(
        FLOW, kind="table", text="代码,名称,净买入(亿港元)\n9988.HK,阿里巴巴-W,-33.68\n3690.HK,美团-W,24.81\n"
    )
    proof = next(proof for proof in prove(table, teach([table])) if proof.fact.surface == "-33.68")
    quote = Archive.of([table]).quote(proof.fact)
    assert quote.text == "9988.HK,阿里巴巴-W,-33.68"
    assert quote.text[quote.mark_start : quote.mark_end] == "-33.68"
    assert quote.cell.endswith("阿里巴巴-W 净买入 -33.68")


def test_a_fact_of_the_title_is_quoted_from_the_title() -> None:
    document = replace(FLOW, title="南向资金12月11日净卖出52.87亿港元", text="详情待补。")
    proof = next(proof for proof in prove(document, teach([document])) if proof.fact.surface == "52.87亿港元")
    quote = Archive.of([document]).quote(proof.fact)
    assert (quote.where, quote.text) == ("title", document.title)
    assert quote.text[quote.mark_start : quote.mark_end] == "52.87亿港元"


def test_numerals_that_no_reader_sees_are_not_figures() -> None:
    hidden = Verdict(0, 1, "7", "exempt", "markup", "")
    assert exhibits([hidden], ARCHIVE) == ()


def test_what_cannot_be_shown_is_not_released() -> None:
    with pytest.raises(ReleaseError, match="which was not given"):
        Archive.of([]).quote(FACTS["f1"])
    with pytest.raises(ReleaseError, match="computed of f2"):
        Archive.of(DOCUMENTS, [FACTS["f1"]]).prove(FACTS["f7"])


def test_any_change_makes_another_document() -> None:
    changed = [
        replace(FLOW, text=FLOW.text.replace("52.87", "52.78")),
        replace(FLOW, title=FLOW.title + "1"),
        replace(FLOW, published_at=None),
        replace(FLOW, publisher="别家"),
        replace(FLOW, url="https://a.example/1"),
    ]
    assert len({document_hash(document) for document in [FLOW, *changed]}) == 6


def test_decimals_are_strings() -> None:
    assert json.loads(ledger().dump())["facts"]["f5"]["value"] == "4.53"
    assert read(ledger().dump()).facts["f5"].value == Decimal("4.53")


def test_a_title_that_the_text_repeats_is_quoted_from_the_text() -> None:
    document = replace(
        FLOW,
        title="南向资金12月11日净卖出52.87亿港元，阿里",
        text="快讯：南向资金12月11日净卖出52.87亿港元，阿里居首。",
    )
    proof = next(p for p in prove(document, teach([document])) if p.fact.source and not p.fact.source.end)
    quote = Archive.of([document]).quote(proof.fact)
    assert (quote.where, quote.text) == ("text", document.text)
    assert quote.text[quote.mark_start : quote.mark_end] == "52.87亿港元"
