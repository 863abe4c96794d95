"""Does the document behind a link say what the linked words say? (链接有据)

A link cites the source whose id is its last path part or whose address it is. A figure inside the linked words must
stand in that very document; a link to a document that nobody gave proves nothing.

FACT d1  财联社12月11日电，小米集团-W连续11日获南向资金净买入。
FACT d2  财联社12月11日电，美团-W今日获净买入24.81亿港元。
PASS  [美团-W获净买入24.81亿港元](https://example.org/News/d2)
FAIL  [美团-W获净买入24.81亿港元](https://example.org/News/d1)
PASS  [美团-W获净买入24.81亿港元](https://example.org/News/elsewhere)
FAIL  [美团-W获净买入24.81亿港元](https://example.org/News/d9)，[小米集团-W连续11日获净买入](https://example.org/News/d1)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from quantshark.binder import Finding
from quantshark.binder.match import coverage
from quantshark.lexicon.page import Link, Page
from quantshark.lexicon.script import fold
from quantshark.model import Document, Verdict

ENOUGH = 0.5


def check(links: Sequence[Link], findings: Sequence[Finding], documents: Mapping[str, Document]) -> Iterator[Verdict]:
    """The verdicts again, those inside a link held against the document that it cites.

    Where no link of the report leads to any of the sources, its links cite another library and are not judged.
    """
    ours = any(_cited(link, documents) for link in links)
    for finding in findings:
        link = _around(finding.verdict, links) if ours else None
        yield finding.verdict if link is None else _held(finding, link, documents)


def _cited(link: Link, documents: Mapping[str, Document]) -> Document | None:
    return documents.get(link.target) or documents.get(_last_part(link.target))


def words(page: Page, findings: Sequence[Finding], documents: Mapping[str, Document]) -> Iterator[Verdict]:
    """Linked words without a figure must be told by the document that the link names."""
    for link in page.links:
        document = _cited(link, documents)
        if document is None or any(_within(finding.verdict, link) for finding in findings):
            continue
        surface = page.text[link.start : link.end]
        if coverage(fold(surface), fold(f"{document.title} {document.text}")) < ENOUGH:
            message = f"链接的文件{document.doc_id}没有讲“{surface}”。"
            yield Verdict(link.start, link.end, surface, "refuted", "cited", message)


def by_address(documents: Sequence[Document]) -> dict[str, Document]:
    """Documents by id and by address."""
    found = {document.doc_id: document for document in documents}
    return found | {document.url: document for document in documents if document.url}


def _around(verdict: Verdict, links: Sequence[Link]) -> Link | None:
    return next((link for link in links if _within(verdict, link)), None)


def _within(verdict: Verdict, link: Link) -> bool:
    return link.start <= verdict.start and verdict.end <= link.end


def _held(finding: Finding, link: Link, documents: Mapping[str, Document]) -> Verdict:
    verdict = finding.verdict
    if verdict.status != "supported":
        return verdict
    document = _cited(link, documents)
    if document is None:
        return _refuted(verdict, f"“{verdict.surface}”的链接指向资料以外的文件，无法核对：{link.target}")
    for match in finding.clean:
        source = match.proof.fact.source
        if source is not None and source.doc_id == document.doc_id:
            return replace(verdict, fact=match.proof.fact, source=source)
    return _refuted(verdict, f"链接的文件{document.doc_id}里没有“{verdict.surface}”，应引用{_where(verdict)}。")


def _last_part(target: str) -> str:
    return unquote(urlsplit(target).path.rstrip("/").rpartition("/")[2])


def _where(verdict: Verdict) -> str:
    return verdict.source.doc_id if verdict.source else "别的文件"


def _refuted(verdict: Verdict, message: str) -> Verdict:
    nearest = (verdict.fact,) if verdict.fact else ()
    return replace(verdict, status="refuted", reason="cited", message=message, nearest=nearest)
