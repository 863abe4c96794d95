"""A table of sectors teaches their names, yet what a company does is no sector."""

from __future__ import annotations

from datetime import date

from quantshark import Document
from quantshark.sources.extract import extract, teach

SECTORS = Document(
    "sectors", "板块,涨跌幅(%)\n人工智能,1.32\n半导体,-0.84\n", published_at=date(2025, 12, 12), kind="table"
)
NEWS = Document("news", "阿里巴巴公布业绩，人工智能业务收入为96亿元，同比增长50%。", published_at=date(2025, 12, 12))


def test_the_business_of_a_company_is_its_own() -> None:
    read = extract(NEWS, teach([SECTORS, NEWS]))
    assert {fact.entity for fact in read} == {"9988.HK", "BABA.US"}
    assert read == extract(NEWS, teach([NEWS]))
