"""Declared arithmetic: what a sentence announces as a sum, share, difference, multiple or ratio is computed again.

Only a declared computation counts (合计, 占, 比…多, 相差, 是…的n倍, 净利润/营业收入, 由…至…), never a lucky combination of
figures. Its operands are figures of the sources that the sentence names by entity and measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from quantshark.binder.computed import plain, verdict
from quantshark.binder.index import Index
from quantshark.binder.match import periods_agree, scopes_agree
from quantshark.binder.values import agrees_with
from quantshark.lexicon import measures
from quantshark.lexicon.clauses import Claim, Reading
from quantshark.model import Verdict
from quantshark.sources.extract import Proof, signed

TRIES = 200
_SUM = re.compile(r"合计|共计|总计|总共|合共|总和|之和|一共|加总|累计共")
_SHARE = re.compile(r"占(?:到|了)?")
_GAP = re.compile(r"相差|差额|差距|之差")
_MORE = re.compile(r"比(?=[^，]*(?:多|少|高|低|增|减))|较(?=[^，]*(?:多|少|高|低|增|减))")
_LESS = re.compile(r"[少低减]")
_TIMES = re.compile(r"(?:是|为|相当于|达)(?=[^，]*的?\s*$)")
_OVER = re.compile(r"([\u4e00-\u9fffA-Za-z]{2,10})[/÷]([\u4e00-\u9fffA-Za-z]{2,10})")
_BEFORE = re.compile(r"较?(?:上一?个?|前一?个?)(?:交易日|日)|昨[日天]")
_WHOLE = re.compile(r"其?(?:买卖总额|成交总额|买卖总成交额|总成交额|成交额|总交易额)")


class Term(NamedTuple):
    """An operand as the sentence names it: whose, and what."""

    entities: tuple[tuple[str, ...], ...]
    slugs: tuple[str, ...]


class Operand(NamedTuple):
    """A figure that may stand for a term."""

    value: Decimal
    proofs: tuple[Proof, ...]


def derived(claim: Claim, reading: Reading | None, index: Index) -> Verdict | None:
    """A verdict where the sentence declares how the figure comes about and the operands are known; else None."""
    if reading is None or claim.table:
        return None
    counted = _count(claim, reading)
    if counted is not None:
        return counted
    found = list(_results(claim, reading, index))
    if not found:
        return None
    for op, value, operands, text in found:
        if agrees_with(claim.figure, value) and _sides_agree(claim, op, value):
            return verdict(claim, "derived", op, f"由来源数字算得：{text} = {plain(value)}", op, operands, text)
    op, value, operands, text = found[0]
    return verdict(
        claim, "refuted", "arithmetic", f"“{claim.figure.surface}”算错：{text} = {plain(value)}", op, operands, text
    )


Result = tuple[str, Decimal, tuple[Proof, ...], str]


def _results(claim: Claim, reading: Reading, index: Index) -> Iterator[Result]:
    left = (claim.clause[0], claim.start)
    text = reading.masked[left[0] : left[1]]
    yield from _ratio_named(claim, reading, index)
    for pattern, compute in (
        (_SHARE, _shares),
        (_GAP, _gaps),
        (_MORE, _differences),
        (_TIMES, _multiples),
        (_SUM, _sums),
    ):
        match = pattern.search(text)
        if match is not None:
            results = list(compute(claim, reading, index, left, left[0] + match.start(), left[0] + match.end()))
            if results:
                yield from results[:TRIES]
                return


def _count(claim: Claim, reading: Reading) -> Verdict | None:
    """A、B、C三家公司 counts its own list, before it or in the bracket behind."""
    figure = claim.figure
    if figure.kind != "count" or figure.value is None or figure.value > 20 or figure.hedge:
        return None
    members = (
        _listed_before(reading, figure.start, claim.clause[0])
        or len(_group_after(reading, figure.end, claim.sentence[1]))
        or _told_after(reading, figure.end, claim.sentence[1])
    )
    if members < 2 or members != figure.value:
        return None
    return Verdict(figure.start, figure.end, figure.surface, "derived", "count", f"句中列出{members}个，数目相符。")


def _listed_before(reading: Reading, place: int, start: int) -> int:
    """How many names or things one list holds that ends right before a place."""
    count = 0
    edge = place
    for name in reversed([n for n in reading.names if start <= n.start and n.end <= place]):
        if not re.fullmatch(r"[、和与及]?", reading.masked[name.end : edge]):
            break
        count, edge = count + 1, name.start
    if count:
        return count
    pieces = [piece for piece in re.split(r"[、和与及]", reading.folded[start:place]) if piece.strip()]
    return len(pieces) if len(pieces) > 1 and all(len(piece) < 16 for piece in pieces) else 0


def _told_after(reading: Reading, place: int, end: int) -> int:
    """两家公司今日回购：A…，B…: how many different names the sentence tells of behind its colon."""
    colon = reading.folded.find("：", place, end)
    if colon < 0 or re.search(r"[，。；]", reading.folded[place:colon]):
        return 0
    return len({n.codes for n in reading.names if colon < n.start and n.end <= end})


def _group_after(reading: Reading, place: int, end: int) -> tuple[str, ...]:
    match = re.search(r"^[^()，]{0,6}\(([^()]+)\)", reading.folded[place:end])
    return tuple(re.split(r"[、和与及]", match[1])) if match else ()


# Operands


def _term(reading: Reading, start: int, end: int, fallback: Term | None = None) -> Term:
    """Names and measure between two places; what is not said is taken from the fallback."""
    names = [n for n in reading.names if start <= n.start and n.end <= end and n.kind != "product"]
    companies = [n for n in names if n.kind not in ("channel", "institution")]
    chosen = companies or names
    slugs = tuple(
        slug
        for t in reading.tokens
        if start <= t.start and t.end <= end
        for slug in t.meaning.slugs
        if slug not in measures.WEAK
    )
    if fallback is not None:
        slugs = slugs or fallback.slugs
        entities = tuple(n.codes for n in chosen) or fallback.entities
        return Term(entities, slugs)
    return Term(tuple(n.codes for n in chosen), slugs)


def _values(
    codes: tuple[str, ...], slugs: Sequence[str], claim: Claim, index: Index, *, when: bool = False
) -> list[Operand]:
    """Levels of a measure of one entity, that the claim's time and span allow; the same value counts once.

    `when` lets in the session before, which a claim without a date does not mean.
    """
    bare = claim._replace(basis="", left="", right="", others=frozenset())
    found: dict[Decimal, list[Proof]] = {}
    for slug in dict.fromkeys(slugs):
        proofs = index.about(codes, slug) if codes else index.free(slug)
        for proof in proofs:
            if (
                _is_level(proof)
                and (when or not proof.claim.past)
                and periods_agree(bare, proof) >= 0
                and _spans_agree(bare, proof)
            ):
                found.setdefault(signed(proof.claim)[0], []).append(proof)
    return [Operand(value, tuple(proofs)) for value, proofs in list(found.items())[:6]]


def _is_level(proof: Proof) -> bool:
    figure = proof.claim.figure
    return (
        measures.family(figure) not in ("rate", "multiple", "天", "rank")
        and figure.high is None
        and not proof.claim.basis
        and proof.claim.modality == "actual"
    )


def _spans_agree(claim: Claim, proof: Proof) -> bool:
    if "cumulative" in proof.claim.scope and "cumulative" not in claim.scope and not proof.claim.periods:
        return False
    return scopes_agree(claim._replace(scope=claim.scope - {"cumulative"}), proof)


def _each(term: Term, claim: Claim, index: Index) -> list[list[Operand]]:
    return [_values(codes, term.slugs, claim, index) for codes in term.entities]


def _combined(parts: Sequence[Sequence[Operand]]) -> Iterator[tuple[Operand, ...]]:
    if parts and all(parts):
        for count, combination in enumerate(product(*parts)):
            if count >= TRIES:
                return
            yield combination


def _proofs(operands: Iterable[Operand]) -> tuple[Proof, ...]:
    return tuple(operand.proofs[0] for operand in operands)


# The operations


def _sums(
    claim: Claim, reading: Reading, index: Index, span: tuple[int, int], start: int, end: int
) -> Iterator[Result]:
    term = _whole(_term(reading, span[0], start), _term(reading, end, span[1]))
    entities = term.entities if len(term.entities) > 1 else _carried(claim, reading, term)
    slugs = term.slugs or ((claim.measure,) if claim.measure else ())
    if len(entities) < 2 or not slugs:
        return
    for operands in _combined(_each(Term(entities, slugs), claim, index)):
        total = sum((o.value for o in operands), Decimal(0))
        yield "sum", total, _proofs(operands), " + ".join(plain(o.value) for o in operands)


def _whole(one: Term, other: Term) -> Term:
    return Term(one.entities or other.entities, other.slugs or one.slugs)


def _carried(claim: Claim, reading: Reading, term: Term) -> tuple[tuple[str, ...], ...]:
    """The list that an earlier clause of the sentence gave."""
    before = _term(reading, claim.sentence[0], claim.clause[0])
    return before.entities if len(before.entities) > 1 else term.entities


def _shares(
    claim: Claim, reading: Reading, index: Index, span: tuple[int, int], start: int, end: int
) -> Iterator[Result]:
    if measures.family(claim.figure) != "rate":
        return
    part = _term(reading, span[0], start, Term((claim.entities,), ()))
    slugs = part.slugs or ((claim.measure,) if claim.measure else ())
    part = Term(part.entities[:1], slugs)
    group = _group(reading, claim)
    rest = reading.masked[end : span[1]]
    if group and _SUM.search(rest + reading.masked[claim.clause[0] : claim.start]):
        yield from _group_shares(claim, index, part, group)
        return
    if _WHOLE.fullmatch(re.sub(r"[的约近逾超\s]+$", "", rest)) and set(slugs) <= {"buy_amount", "sell_amount"}:
        yield from _side_shares(claim, index, part)
        return
    whole = _term(reading, end, span[1], part)
    if not whole.slugs or (whole.entities == part.entities and whole.slugs == part.slugs):
        return
    if "net_flow" in part.slugs and not _partition(part, whole):
        return
    for one, total in _combined([*_each(part, claim, index)[:1], *_each(whole, claim, index)[:1]]):
        if total.value and (one.value > 0) == (total.value > 0) and abs(one.value) <= abs(total.value):
            yield (
                "share",
                one.value / total.value * 100,
                _proofs((one, total)),
                f"{plain(one.value)} / {plain(total.value)}",
            )


def _partition(part: Term, whole: Term) -> bool:
    """A leg of a net total is a share only where the legs make it up: the two channels do, single stocks do not."""
    parts = {code for codes in part.entities for code in codes}
    wholes = {code for codes in whole.entities for code in codes}
    return any(one.startswith(f"{total}.") for one in parts for total in wholes)


def _group(reading: Reading, claim: Claim) -> tuple[tuple[str, ...], ...]:
    """The members that a bracket lists: 三家合计（A、B、C）."""
    open_, close = (
        reading.folded.rfind("(", claim.sentence[0], claim.start),
        reading.folded.rfind(")", claim.sentence[0], claim.start),
    )
    if open_ < 0 or close < open_:
        return ()
    names = [n.codes for n in reading.names if open_ < n.start and n.end <= close]
    return tuple(names) if len(names) > 1 else ()


def _group_shares(claim: Claim, index: Index, part: Term, group: tuple[tuple[str, ...], ...]) -> Iterator[Result]:
    place = next((i for i, codes in enumerate(group) if any(set(codes) & set(mine) for mine in part.entities)), None)
    if place is None:
        return
    for operands in _combined(_each(Term(group, part.slugs), claim, index)):
        total = sum((o.value for o in operands), Decimal(0))
        if total:
            text = f"{plain(operands[place].value)} / ({' + '.join(plain(o.value) for o in operands)})"
            yield "share", operands[place].value / total * 100, _proofs(operands), text


def _side_shares(claim: Claim, index: Index, part: Term) -> Iterator[Result]:
    codes = part.entities[0] if part.entities else ()
    buys, sells = _values(codes, ("buy_amount",), claim, index), _values(codes, ("sell_amount",), claim, index)
    for buy, sell in _combined((buys, sells)):
        both = abs(buy.value) + abs(sell.value)
        mine = buy if "buy_amount" in part.slugs else sell
        if both:
            yield (
                "share",
                abs(mine.value) / both * 100,
                _proofs((buy, sell)),
                f"{plain(abs(mine.value))} / {plain(both)}",
            )


def _gaps(
    claim: Claim, reading: Reading, index: Index, span: tuple[int, int], start: int, end: int
) -> Iterator[Result]:
    term = _whole(_term(reading, span[0], start), _term(reading, end, span[1]))
    slugs = term.slugs or ((claim.measure,) if claim.measure else ())
    if len(term.entities) != 2:
        return
    for one, other in _combined(_each(Term(term.entities, slugs), claim, index)):
        text = f"{plain(one.value)} - {plain(other.value)}"
        yield "difference", abs(one.value - other.value), _proofs((one, other)), text


def _differences(
    claim: Claim, reading: Reading, index: Index, span: tuple[int, int], start: int, end: int
) -> Iterator[Result]:
    one = _term(reading, span[0], start, Term((claim.entities,), (claim.measure,) if claim.measure else ()))
    if _BEFORE.search(reading.folded[start : span[1]]):
        yield from _changes(claim, index, one)
        return
    other = _term(reading, end, span[1], one)
    if other.entities == one.entities and other.slugs == one.slugs:
        return
    if measures.family(claim.figure) in ("rate", "multiple"):
        return
    less = _LESS.search(reading.masked[end : span[1]]) is not None
    for mine, theirs in _combined([*_each(one, claim, index)[:1], *_each(other, claim, index)[:1]]):
        if (mine.value < 0) != (theirs.value < 0):
            continue
        gap = abs(mine.value) - abs(theirs.value)
        if (gap < 0) != less:
            continue
        yield "difference", gap, _proofs((mine, theirs)), f"{plain(mine.value)} - {plain(theirs.value)}"


def _changes(claim: Claim, index: Index, term: Term) -> Iterator[Result]:
    """较上一交易日增加: the level of the day less the level of the day before."""
    codes = term.entities[0] if term.entities else ()
    now: list[Operand] = []
    then: list[Operand] = []
    for operand in _values(codes, term.slugs, claim._replace(periods=(), past=True), index, when=True):
        days = [p for p in operand.proofs[0].claim.periods if p.grain == "day"]
        day = operand.proofs[0].day
        (then if days and day and days[-1].end < day else now).append(operand)
    for mine, before in _combined((now, then)):
        yield (
            "change",
            mine.value - before.value,
            _proofs((mine, before)),
            f"{plain(mine.value)} - {plain(before.value)}",
        )


def _multiples(
    claim: Claim, reading: Reading, index: Index, span: tuple[int, int], start: int, end: int
) -> Iterator[Result]:
    if measures.family(claim.figure) != "multiple":
        return
    one = _term(reading, span[0], start, Term((claim.entities,), ()))
    other = _term(reading, end, span[1], one)
    if other.entities == one.entities and other.slugs == one.slugs:
        return
    for mine, theirs in _combined([*_each(one, claim, index)[:1], *_each(other, claim, index)[:1]]):
        if theirs.value:
            yield (
                "multiple",
                mine.value / theirs.value,
                _proofs((mine, theirs)),
                f"{plain(mine.value)} / {plain(theirs.value)}",
            )


def _ratio_named(claim: Claim, reading: Reading, index: Index) -> Iterator[Result]:
    """净利率为15.2%（净利润/营业收入）: a ratio that spells out its operands."""
    match = _OVER.search(reading.folded, claim.end, claim.sentence[1])
    if match is None or not 0 <= match.start() - claim.end <= 4 or measures.family(claim.figure) != "rate":
        return
    words = measures.words()
    slugs = [words.get(match[1], ()), words.get(match[2], ())]
    if not all(slugs):
        return
    parts = [_values(claim.entities, s, claim, index) for s in slugs]
    for one, other in _combined(parts):
        if other.value:
            yield (
                "share",
                one.value / other.value * 100,
                _proofs((one, other)),
                f"{plain(one.value)} / {plain(other.value)}",
            )


# The verdict


def _sides_agree(claim: Claim, op: str, value: Decimal) -> bool:
    """A sum of outflows is told as an outflow, a difference by 少 is negative."""
    if not claim.direction or not value or op not in ("sum", "change"):
        return True
    return (value > 0) == (claim.direction > 0)
