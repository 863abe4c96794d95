"""One page, whole in itself: no request leaves it, it works without JavaScript, and every figure answers for itself.

The page is made from the Markdown text and its exhibits, never from the draft, so what is seen is what was checked.
Its own style and script are allowed by their hashes; nothing else may run, load or be sent anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from quantshark.context.wording import BASES, sign_of, value_of, verb_of
from quantshark.data import load_measures
from quantshark.model import Fact, Measure, Period
from quantshark.press.charts import draw
from quantshark.press.exhibits import Archive, Exhibit, Proof, Quote, moment
from quantshark.press.formulas import formula_text
from quantshark.press.imprint import Script, aigc
from quantshark.press.ledger import digest
from quantshark.press.links import document_url
from quantshark.press.markdown import Placed, Printed, sections_of
from quantshark.press.pictures import Shown, bars
from quantshark.press.script import say
from quantshark.press.typeset import Inset, dressed, set_body, set_line
from quantshark.press.waivers import BOUND, WAIVED

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES: dict[str, str] = {"hans": "zh-Hans", "hant": "zh-Hant"}
HINTS = {
    "supported": "与来源原文一致的数字",
    "derived": "由有出处的数字按列明的算式算出",
    "exempt": "日期、编号、名称里的数字与观察条件中的阈值，不作市场数字核对",
    "refuted": "与来源不符",
    "unsourced": "资料中没有",
    "unread": "没有读懂，无法核对",
    "waived": "资料不能证明，由两位编辑写明理由后确认保留",
}
DOUBTFUL = frozenset({"refuted", "unsourced", "unread"})
MODALITIES = {"plan": "计划", "forecast": "预测"}
STATUS = {
    "supported": "有出处",
    "derived": "推算",
    "exempt": "免核",
    "refuted": "不符",
    "unsourced": "无出处",
    "unread": "读不出",
    "waived": "编辑确认",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A document as a card shows it."""

    title: str
    publisher: str
    time: str
    url: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Exhibited:
    """A fact as a card shows it: what it says, the words it was read in or the formula, and its document."""

    says: str
    value: str
    before: str = ""
    marked: str = ""
    after: str = ""
    formula: str = ""
    citation: Citation | None = None
    operands: tuple[Exhibited, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards that rest on one document; or, without a document, those that are computed or in doubt."""

    title: str
    citation: Citation | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """The proof of one fact, with the numbers of the figures that rest on it."""

    id: str
    surface: str
    status: str
    label: str
    message: str
    numbers: tuple[int, ...]
    shown: Exhibited | None


def page(printed: Printed, exhibits: Sequence[Exhibit], archive: Archive, site_url: str) -> str:
    """The page of a printed text."""
    cards, card_of = _cards(exhibits, archive, site_url)
    insets = tuple(_inset(exhibit, card_of) for exhibit in exhibits)
    style, script = asset("page.css"), asset("page.js")
    return template("page.html.j2").render(
        printed=printed,
        imprint=printed.imprint,
        lang=LANGUAGES[printed.script],
        dateline=dateline(printed),
        title=Markup(_line(printed, insets, printed.title_start, len(printed.title))),  # noqa: S704 - escaped by set_line
        lead=Markup(_line(printed, insets, printed.lead_start, len(printed.summary))),  # noqa: S704 - escaped by set_line
        sections=[*_sections(printed, insets, exhibits)],
        rise=printed.imprint.rise,
        shelves=_shelves(cards, printed.script),
        counts=_counts(exhibits),
        documents=_count_documents(exhibits),
        demo=printed.demo or any(archive.documents[name].demo for name in _cited(exhibits)),
        say=partial(say, script=printed.script),
        aigc=json.dumps(aigc(printed.imprint.publisher, printed.release_id), ensure_ascii=False),
        text_hash=digest(printed.text),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=policy(style, script),
    )


def _sections(printed: Printed, insets: Sequence[Inset], exhibits: Sequence[Exhibit]) -> Iterator[dict[str, object]]:
    for number, part in enumerate(sections_of(printed.text), 1):
        inside = _within(insets, part.start, part.end)
        yield {
            "id": f"s{number}",
            "title": Markup(_line(printed, insets, part.title_start, len(part.title))),  # noqa: S704 - escaped by set_line
            "plain": part.title,
            "body": Markup(dressed(set_body(part.text, inside))),  # noqa: S704 - cleaned by set_body
            "pictures": [_picture(plot, printed, insets, exhibits) for plot in printed.plots if plot.section == number],
        }


def _picture(plot: Placed, printed: Printed, insets: Sequence[Inset], exhibits: Sequence[Exhibit]) -> dict[str, object]:
    """A picture with its words: what it draws is what they print, and each bar leads to the same proof."""
    cards = {inset.number: inset.card for inset in insets}
    inside = [each for each in exhibits if plot.start <= each.verdict.start and each.verdict.end <= plot.end]
    shown = [
        Shown(each.proof.fact, each.verdict.surface, f"#{card}" if (card := cards.get(each.number)) else "")
        for each in inside
        if each.proof and each.verdict.status != "exempt"
    ]
    drawn = bars(plot.kind, shown, printed.script)
    return {
        "title": plot.title,
        "svg": Markup(draw(plot.kind, drawn)) if drawn else "",  # noqa: S704 - drawn by us, every word escaped
        "words": Markup(_line(printed, insets, plot.start, plot.end - plot.start)),  # noqa: S704 - escaped by set_line
    }


def _line(printed: Printed, insets: Sequence[Inset], start: int, length: int) -> str:
    return dressed(set_line(printed.text[start : start + length], _within(insets, start, start + length)))


def _within(insets: Sequence[Inset], start: int, end: int) -> tuple[Inset, ...]:
    """The insets of a stretch of the text, moved so that they count from its beginning."""
    return tuple(
        Inset(i.start - start, i.end - start, i.number, i.status, i.card, i.hint)
        for i in insets
        if start <= i.start and i.end <= end
    )


def _inset(exhibit: Exhibit, card_of: dict[int, str]) -> Inset:
    verdict = exhibit.verdict
    hint = "" if exhibit.number in card_of else verdict.message or STATUS[verdict.status]
    card = card_of.get(exhibit.number, "")
    return Inset(verdict.start, verdict.end, exhibit.number, exhibit.standing, card, hint)


def _cards(exhibits: Sequence[Exhibit], archive: Archive, site_url: str) -> tuple[list[Card], dict[int, str]]:
    """One card for each fact that figures rest on, and one for each figure that has none and should."""
    groups: dict[tuple[str, ...], list[Exhibit]] = {}
    for exhibit in exhibits:
        if exhibit.verdict.status != "exempt" or exhibit.proof:
            groups.setdefault(_ground(exhibit), []).append(exhibit)
    cards = [_card(f"e{n}", group, archive, site_url) for n, group in enumerate(groups.values(), 1)]
    return cards, {number: card.id for card in cards for number in card.numbers}


def _shelves(cards: Sequence[Card], script: Script) -> list[Shelf]:
    """What needs an editor first, then the documents in the order of their first figure, then what is computed."""
    doubtful = tuple(card for card in cards if card.status in DOUBTFUL)
    proved = [card for card in cards if card.status not in DOUBTFUL and card.status != WAIVED]
    computed = tuple(card for card in proved if not _document_of(card))
    cited = [card for card in proved if _document_of(card)]
    by_document: dict[Citation | None, list[Card]] = {}
    for card in cited:
        by_document.setdefault(_document_of(card), []).append(card)
    shelves = [Shelf(say("待处理", script), None, doubtful)]
    shelves += [Shelf(document.title, document, tuple(held)) for document, held in by_document.items() if document]
    shelves.append(Shelf(say("推算所得", script), None, computed))
    shelves.append(Shelf(say("编辑确认", script), None, tuple(card for card in cards if card.status == WAIVED)))
    return [shelf for shelf in shelves if shelf.cards]


def _document_of(card: Card) -> Citation | None:
    return card.shown.citation if card.shown else None


def _ground(exhibit: Exhibit) -> tuple[str, ...]:
    verdict = exhibit.verdict
    if exhibit.proof is None:
        return (str(exhibit.number),)
    return (exhibit.proof.fact.fact_id, verdict.status, verdict.surface)


def _card(name: str, group: Sequence[Exhibit], archive: Archive, site_url: str) -> Card:
    first = group[0]
    return Card(
        id=name,
        surface=first.verdict.surface,
        status=first.standing,
        label=STATUS[first.standing],
        message=_message(first),
        numbers=tuple(exhibit.number for exhibit in group),
        shown=_exhibited(first.proof, archive, site_url, first.verdict.surface) if first.proof else None,
    )


def _message(exhibit: Exhibit) -> str:
    """What is to be said of a figure beside its proof: doubt, dispute, or who let it stand and why."""
    verdict, waiver = exhibit.verdict, exhibit.waiver
    if waiver:
        return f"{waiver.reason}（{waiver.by} 提出，{waiver.confirmed_by} 确认，{moment(waiver.at).replace('T', ' ')[:16]}）"
    return verdict.message if verdict.blocks or verdict.reason in ("disputed", BOUND) else ""


def _exhibited(proof: Proof, archive: Archive, site_url: str, printed: str = "") -> Exhibited:
    fact, quote = proof.fact, proof.quote
    before, marked, after = _quoted(quote, fact) if quote else ("", "", "")
    return Exhibited(
        says=says(fact),
        value=value_of(fact),
        before=before,
        marked=marked,
        after=after,
        formula=formula_text(proof, printed),
        citation=_citation(quote.doc_id, archive, site_url) if quote else None,
        operands=tuple(_exhibited(operand, archive, site_url) for operand in proof.operands),
    )


def _quoted(quote: Quote, fact: Fact) -> tuple[str, str, str]:
    """The quotation around the figure; a cell of a table is read with its row and column."""
    at = quote.cell.rfind(fact.surface) if fact.surface else -1
    if at >= 0:
        end = at + len(fact.surface)
        return quote.cell[:at], quote.cell[at:end], quote.cell[end:]
    before, after = "…" if quote.cut_before else "", "…" if quote.cut_after else ""
    text = quote.text
    return before + text[: quote.mark_start], text[quote.mark_start : quote.mark_end], text[quote.mark_end :] + after


def _citation(doc_id: str, archive: Archive, site_url: str) -> Citation:
    document = archive.documents[doc_id]
    time = moment(document.published_at).replace("T", " ")[:16]
    return Citation(document.title or doc_id, document.publisher, time, document_url(document, site_url), document.demo)


def says(fact: Fact) -> str:
    """What a fact is about, in a line: 腾讯控股 · 净卖出 · 2025年12月11日."""
    measure = _measures().get(fact.measure)
    verb = verb_of(fact, _measures()) if measure is not None and measure.signed else fact.measure_name
    told = (fact.entity_name, verb, BASES.get(fact.basis, ""), when(fact.period), MODALITIES.get(fact.modality, ""))
    return " · ".join(part for part in told if part)


def way_of(fact: Fact) -> int:
    """+1 for what rose or was bought, -1 for what fell or was sold; 0 for what has no direction, such as a turnover."""
    measure = _measures().get(fact.measure)
    return sign_of(fact) if measure is not None and measure.signed else 0


def when(period: Period | None) -> str:
    """A period as a reader says it: a day by its date, a span by both ends."""
    if period is None:
        return ""
    first, last = period.start, period.end
    if first == last:
        return f"{first.year}年{first.month}月{first.day}日"
    return f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"


def dateline(printed: Printed) -> str:
    """2025年12月12日 星期五 08:30, the time only where the edition has its slot."""
    day, slot = date.fromisoformat(printed.day), printed.imprint.slot
    told = f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
    return f"{told} {slot:%H:%M}" if slot else told


def _counts(exhibits: Sequence[Exhibit]) -> list[dict[str, object]]:
    """How many figures of each kind, kinds that do not occur left out."""
    found = [exhibit.standing for exhibit in exhibits]
    return [
        {"status": status, "label": label, "hint": HINTS[status], "count": found.count(status)}
        for status, label in STATUS.items()
        if status in found
    ]


def _cited(exhibits: Iterable[Exhibit]) -> set[str]:
    proofs = [exhibit.proof for exhibit in exhibits if exhibit.proof]
    names: set[str] = set()
    while proofs:
        proof = proofs.pop()
        proofs += proof.operands
        if proof.quote:
            names.add(proof.quote.doc_id)
    return names


def _count_documents(exhibits: Iterable[Exhibit]) -> int:
    return len(_cited(exhibits))


def policy(style: str, script: str = "", *, reads: bool = False) -> str:
    """What the page may do: its own style, its own script; no image but inlined ones, no form, no base.

    It asks for nothing; one that `reads` may ask for files of its own site.
    """
    runs = f"'{_hash(script)}'" if script else "'none'"
    asks = "connect-src 'self'; " if reads else ""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src {runs}; img-src data:; "
        f"{asks}base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@cache
def _measures() -> dict[str, Measure]:
    return {measure.slug: measure for measure in load_measures()}


@cache
def asset(name: str) -> str:
    """A style or script of ours."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> Template:
    """One of our templates; everything put into it is escaped."""
    return _environment().get_template(name)
