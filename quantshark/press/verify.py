"""Check a published report again: its text or page against the ledger, the ledger against itself and against the sources.

Anyone can do this with the three of them and nothing else. The answer is a list of differences in Chinese, first the one
that a reader would meet first; an empty list means verified. Nothing is repaired and nothing is excused: a source that
says the same in other words is another source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from quantshark.errors import ReleaseError
from quantshark.lexicon.figures import find_figures
from quantshark.model import Document, Fact, Figure, Verdict
from quantshark.press.exhibits import document_hash, moment
from quantshark.press.formulas import recompute
from quantshark.press.ledger import (
    DocumentEntry,
    FactEntry,
    FigureEntry,
    Ledger,
    QuoteEntry,
    digest,
    fingerprint,
    line_hashes,
    read,
)
from quantshark.press.notices import CORRECTED, is_quoted
from quantshark.press.page_reader import PageReading, read_page
from quantshark.press.waivers import BOUND, WAIVABLE
from quantshark.sources.extract import prove, teach

Judge = Callable[[str, Sequence[Document], Ledger], Iterable[Verdict]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not agree, as an editor reads it; `figure` is its number in the report where it is about one."""

    message: str
    figure: int | None = None

    def __str__(self) -> str:
        return self.message


def verify(
    published: str, ledger: Ledger, documents: Iterable[Document] | None = None, judge: Judge | None = None
) -> tuple[Difference, ...]:
    """Every difference between a published text or page, its ledger, and the sources (where they are given)."""
    found = (
        [*_page_differences(read_page(published), published, ledger)]
        if is_page(published)
        else [*_text_differences(published, ledger)]
    )
    found += _surface_differences(ledger)
    found += _formula_differences(ledger)
    if documents is not None:
        sources = {document.doc_id: document for document in documents}
        found += _source_differences(ledger, sources)
        shown = _shown(ledger, sources)
        if judge is not None and shown and not is_page(published):
            found += _judged(judge(published, shown, ledger), ledger, published)
    if ledger.seal != ledger.sealed():
        found.append(
            Difference(f"账本的封印不符：账本写 {ledger.seal[:12]}，重算得 {ledger.sealed()[:12]}，账本在发布后被改动")
        )
    return tuple(found)


def verify_file(
    path: Path, documents: Iterable[Document] | None = None, judge: Judge | None = None
) -> tuple[Difference, ...]:
    """As `verify`, for a published `.md` or `.html` with its `.ledger.json` beside it."""
    beside = path.with_suffix(".ledger.json")
    try:
        published, ledger = path.read_bytes().decode("utf-8"), beside.read_bytes()
    except OSError as error:
        raise ReleaseError(
            f"cannot read {error.filename}: {error.strerror}; verify takes the published .md or .html with its .ledger.json beside it",
            notice=f"读不到 {error.filename}。请给出已发布的 .md 或 .html，账本 .ledger.json 要在它旁边",
        ) from error
    except UnicodeDecodeError as error:
        raise ReleaseError(f"{path} is not UTF-8 at byte {error.start}; what we publish is") from error
    return verify(published, read(ledger), documents, judge)


def is_page(published: str) -> bool:
    return published[:200].lstrip("\ufeff \t\r\n").lower().startswith("<!doctype html")


# The text and the page against the ledger


def _text_differences(text: str, ledger: Ledger) -> Iterator[Difference]:
    for entry in ledger.figures:
        if text[entry.start : entry.end] != entry.surface:
            yield Difference(f"第{entry.number}处：正文 {_at(text, entry)}，账本 {entry.surface}", entry.number)
    lines = line_hashes(text)
    if len(lines) != len(ledger.hashes.lines):
        yield Difference(f"正文有 {len(lines)} 行，发布时有 {len(ledger.hashes.lines)} 行")
    for number, (now, then) in enumerate(zip(lines, ledger.hashes.lines, strict=False), 1):
        if now != then:
            yield Difference(f"正文第 {number} 行与发布时不同")
    if digest(text) != ledger.hashes.text:
        yield Difference(f"正文的指纹不符：账本写 {ledger.hashes.text[:12]}，重算得 {digest(text)[:12]}")


def _at(text: str, entry: FigureEntry) -> str:
    """What a reader finds where the figure should be: the span, with all of any figure that it cuts."""
    left = max(0, entry.start - 20)
    start, end = entry.start, entry.end
    for figure in find_figures(text[left : entry.end + 20]):
        if figure.start + left < entry.end and entry.start < figure.end + left:
            start, end = min(start, figure.start + left), max(end, figure.end + left)
    return " ".join(text[start:end].split()) or "（正文已到结尾）"


def _page_differences(page: PageReading, published: str, ledger: Ledger) -> Iterator[Difference]:
    for entry in ledger.figures:
        shown = page.figures.get(entry.number)
        if shown is None and entry.shown and entry.status != "exempt":
            yield Difference(f"第{entry.number}处：网页上没有，账本 {entry.surface}", entry.number)
        elif shown is not None and shown != entry.surface:
            yield Difference(f"第{entry.number}处：网页 {shown}，账本 {entry.surface}", entry.number)
        yield from _card_differences(entry, page, ledger)
    if page.text_hash != ledger.hashes.text:
        yield Difference(f"网页所印的正文指纹是 {page.text_hash[:12] or '（无）'}，账本写 {ledger.hashes.text[:12]}")
    if ledger.hashes.page is None:
        yield Difference("账本没有网页的指纹，无法核对网页；请核对同名的 .md")
    elif digest(published) != ledger.hashes.page:
        yield Difference(
            f"网页的指纹不符：账本写 {ledger.hashes.page[:12]}，重算得 {digest(published)[:12]}，网页在发布后被改动"
        )


def _card_differences(entry: FigureEntry, page: PageReading, ledger: Ledger) -> Iterator[Difference]:
    fact = ledger.facts.get(entry.fact or "")
    shown = page.quotes.get(entry.number)
    if fact and fact.quote and shown is not None:
        told = fact.quote.cell or fact.quote.text
        if shown.strip("…") not in {told.strip("…"), fact.quote.text.strip("…")}:
            yield Difference(f"第{entry.number}处：网页引文“{shown}”，账本“{told}”", entry.number)


# The ledger against itself


def _surface_differences(ledger: Ledger) -> Iterator[Difference]:
    for entry in ledger.figures:
        if entry.waived and entry.status not in WAIVABLE:
            yield Difference(f"第{entry.number}处：{entry.surface} 不在可由编辑确认之列", entry.number)
        elif entry.status in {"refuted", "unsourced", "unread"} and entry.waived is None:
            yield Difference(f"第{entry.number}处：{entry.surface} 没有通过核对，不应发布", entry.number)
        if entry.status == "exempt" or entry.fact is None:
            continue
        fact = ledger.facts.get(entry.fact)
        if fact is None:
            yield Difference(f"第{entry.number}处：账本里没有事实 {entry.fact}", entry.number)
        elif not _prints(entry.surface, fact):
            yield Difference(f"第{entry.number}处：正文 {entry.surface}，账本的值 {_value(fact)}", entry.number)


def _prints(surface: str, fact: FactEntry) -> bool:
    """Would the fact be printed like this? A surface that alone says no value (翻倍) is left to the full check."""
    figure = _only(surface)
    if figure is None or figure.value is None:
        return True
    return _close(figure, abs(figure.value), abs(fact.value)) or (
        fact.high is not None and _close(figure, abs(figure.value), abs(fact.high))
    )


def _close(figure: Figure, printed: Decimal, value: Decimal) -> bool:
    """Within half of the last printed digit; a hedged figure within one of the last that is not zero, and 5%."""
    if figure.ulp is None:
        return printed == value
    if figure.hedge:
        return abs(printed - value) <= max(abs(printed) / 20, figure.ulp)
    return abs(printed - value) <= figure.ulp / 2


def _only(surface: str) -> Figure | None:
    figures = find_figures(surface)
    return figures[0] if len(figures) == 1 else None


def _formula_differences(ledger: Ledger) -> Iterator[Difference]:
    first = {entry.fact: entry.number for entry in reversed(ledger.figures) if entry.fact}
    for name, fact in ledger.facts.items():
        if fact.formula is None:
            continue
        told = _recomputed(fact, ledger.facts)
        if told is not None:
            where = f"第{first[name]}处：" if name in first else f"事实 {name}："
            yield Difference(where + told, first.get(name))


def _recomputed(fact: FactEntry, facts: Mapping[str, FactEntry]) -> str | None:
    """What is wrong with a derived fact, or None."""
    formula = fact.formula
    assert formula is not None  # noqa: S101 - the caller asked for derived facts
    missing = [name for name in formula.operands if name not in facts]
    if missing:
        return f"算式 {formula.text} 的一项 {missing[0]} 不在账本里"
    value = recompute(formula.op, [facts[name].value for name in formula.operands], formula.text)
    if value is None:
        return f"算式 {formula.text}（{formula.op}）无法重算"
    slack = fact.ulp / 2 if fact.ulp else Decimal(0)
    if abs(abs(value) - abs(fact.value)) > slack:
        return f"算式 {formula.text} 重算得 {round(value, 4).normalize():f}，账本 {fact.value.normalize():f}"
    return None


# The ledger against the sources


def _source_differences(ledger: Ledger, sources: Mapping[str, Document]) -> Iterator[Difference]:
    numbers = _numbers(ledger)
    reader = _Rereader([sources[name] for name in ledger.documents if name in sources])
    for name, fact in ledger.facts.items():
        if fact.quote is None and fact.formula is None:
            yield Difference(f"{numbers.get(name, '')}账本没有记下 {fact.surface or _value(fact)} 的出处")
        elif fact.quote is not None and fact.quote.document in sources:
            document = sources[fact.quote.document]
            yield from (
                Difference(numbers.get(name, "") + told) for told in reader.differences(fact, fact.quote, document)
            )
    for name, entry in ledger.documents.items():
        yield from (Difference(told) for told in _document_differences(name, entry, sources.get(name)))


def _numbers(ledger: Ledger) -> dict[str, str]:
    """`第12处：` for each fact, by the first figure that rests on it, operands under the figure they serve."""
    told: dict[str, str] = {}
    for entry in ledger.figures:
        waiting = [entry.fact] if entry.fact else []
        while waiting:
            name = waiting.pop()
            if name in told or name not in ledger.facts:
                continue
            told[name] = f"第{entry.number}处："
            formula = ledger.facts[name].formula
            waiting += formula.operands if formula else ()
    return told


class _Rereader:
    """The cited documents, read again as they were when the facts were made."""

    def __init__(self, documents: Sequence[Document]) -> None:
        names = teach(documents)
        self._facts = {document.doc_id: [proof.fact for proof in prove(document, names)] for document in documents}

    def differences(self, fact: FactEntry, quote: QuoteEntry, document: Document) -> Iterator[str]:
        """What the words quoted do not bear out: the words themselves, else what is read in them."""
        told = document.title if quote.where == "title" else document.text
        there = told[quote.start : quote.start + len(quote.text)]
        name = document.title or document.doc_id
        if there != quote.text:
            yield f"来源《{name}》现为“{there}”，账本“{quote.text}”"
            return
        here = [known for known in self._at(quote, document) if known.surface == fact.surface]
        if not here:
            yield f"来源《{name}》此处读不出 {fact.surface or '数字'}，账本的值 {_value(fact)}"
        elif not any(_same(known, fact) for known in here):
            yield f"来源《{name}》写 {here[0].surface}，读作 {_said(here[0])}，账本 {_told(fact)}"

    def _at(self, quote: QuoteEntry, document: Document) -> Iterator[Fact]:
        """The facts that stand where the quotation says."""
        start, end = quote.start + quote.mark[0], quote.start + quote.mark[1]
        for fact in self._facts[document.doc_id]:
            source = fact.source
            if source is None:
                continue
            titled = source.start == source.end
            if titled if quote.where == "title" else source.start < end and start < source.end:
                yield fact


def _same(known: Fact, fact: FactEntry) -> bool:
    """The same quantity of the same measure; whose it is may depend on names that other documents teach."""
    return (known.value, known.high, known.unit, known.measure) == (fact.value, fact.high, fact.unit, fact.measure)


def _said(fact: Fact) -> str:
    return f"{fact.entity_name} {fact.measure_name} {fact.value:f} {fact.unit or ''}".rstrip()


def _told(fact: FactEntry) -> str:
    return f"{fact.entity_name} {fact.measure_name} {fact.value:f} {fact.unit or ''}".rstrip()


def _document_differences(name: str, entry: DocumentEntry, document: Document | None) -> Iterator[str]:
    if document is None:
        yield f"来源《{entry.title or name}》（{name}）不在所给的资料里"
    elif document.title != entry.title:
        yield f"来源 {name} 的标题现为《{document.title}》，账本《{entry.title}》"
    elif moment(document.published_at) != entry.published_at:
        yield f"来源《{entry.title}》的时间现为 {moment(document.published_at) or '未知'}，账本 {entry.published_at or '未知'}"
    elif document_hash(document) != entry.sha256:
        yield f"来源《{entry.title or name}》与发布时不同：指纹现为 {document_hash(document)[:12]}，账本 {entry.sha256[:12]}"


def _shown(ledger: Ledger, sources: Mapping[str, Document]) -> tuple[Document, ...]:
    """The documents that the check was shown, all of them or none: with fewer it would be another check.

    What is cited is proved without it; who has the sources of the day can repeat the whole check.
    """
    names = ledger.evidence or ledger.documents
    there = tuple(sources[name] for name in names if name in sources)
    same = len(there) == len(names) and all(
        fingerprint(document) == ledger.evidence.get(document.doc_id, fingerprint(document)) for document in there
    )
    return there if same else ()


def _judged(verdicts: Iterable[Verdict], ledger: Ledger, text: str) -> Iterator[Difference]:
    """The whole check once more, from the sources alone. What people let stand and what a notice quotes is not asked again."""
    entries = {entry.start: entry for entry in ledger.figures}
    for verdict in sorted(verdicts, key=lambda verdict: verdict.start):
        entry = entries.get(verdict.start)
        if verdict.blocks and not _let_stand(verdict, entry, ledger, text):
            number = entry.number if entry else None
            where = f"第{number}处：" if number else ""
            yield Difference(f"{where}重新核对 {verdict.surface}：{verdict.message}", number)


def _let_stand(verdict: Verdict, entry: FigureEntry | None, ledger: Ledger, text: str) -> bool:
    if entry is None:
        return False
    if entry.waived:
        return verdict.status in WAIVABLE
    if entry.reason == BOUND:  # its value was held against the fact above, with every other's
        return entry.fact in ledger.facts
    return entry.reason == CORRECTED and is_quoted(ledger.notice, text, entry.start, entry.end)


def confirmed(ledger: Ledger) -> tuple[str, ...]:
    """编辑确认: each figure that stands without a proof, with the reason and the two people, as an editor reads it; and
    each that an editor bound to its fact by hand.
    """
    bound = (
        f"第{entry.number}处：{entry.surface} {entry.message}" for entry in ledger.figures if entry.reason == BOUND
    )
    return *bound, *(
        f"第{entry.number}处：{entry.surface} 编辑确认：{told.reason}（{told.by} 提出，{told.confirmed_by} 确认，"
        f"{moment(told.at).replace('T', ' ')[:16]}）"
        for entry in ledger.figures
        if (told := entry.waived)
    )


def _value(fact: FactEntry) -> str:
    return f"{fact.value:f}{' ' + fact.unit if fact.unit else ''}"
