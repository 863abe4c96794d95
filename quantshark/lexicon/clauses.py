"""Who, what, when: the clause in which a figure stands, read into a claim.

`read` turns a text into claims, one for each figure: whom it is about (named in the clause, or carried over commas and
sentences), what is measured, of which day or quarter, compared with what, over what span, told as fact, plan or
forecast, and by whom. The same reading makes facts of sources and claims of drafts.

A word that no registry knows is kept as it stands (`left`, `right`): two statements that differ there differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from quantshark.lexicon import measures, periods
from quantshark.lexicon.claims import Claim, Meaning, Reading, Time, Token
from quantshark.lexicon.masks import BLANK, DATE, EXEMPT, FIGURE, NAME, open_reading
from quantshark.lexicon.names import Name, Names
from quantshark.lexicon.segments import (
    JOINT,
    Segment,
    after,
    between,
    cut,
    form_of,
    items,
    left_edge,
    listed,
    others,
    rest_of,
    role_of,
    runs,
    timeless,
)
from quantshark.model import Figure, Period

__all__ = ["BLANK", "DATE", "EXEMPT", "FIGURE", "NAME", "Claim", "Meaning", "Reading", "Time", "Token", "read"]

_SENTENCE = re.compile(r"[。！？\n】]+")
_PART = re.compile(r"；")
_CLAUSE = re.compile(r"(?<![A-Za-z\s])\s+|\s+(?![A-Za-z\s])|[，：()\[\]「」『』“”\"‘’《》【】|]+|,(?!\d)|--+")
_COMPARED = re.compile(
    r"(?:较(?!早|为|大|小|好|强)|(?<![占同环对正成可])比(?![例重率值亚特])|相比|对比|较之)([\u4e00-\u9fff\ue001A-Za-z0-9]{1,12}?)"
    r"(?=相比|大幅|小幅|略|再|多|少|高|低|增|减|放|缩|上[升涨调]|下[降跌滑调]|提|升|涨|跌|回|扩|收窄|折|溢|改)"
)
_LEVEL = re.compile(
    r"([涨升增跌降减])幅(?:一度|进一步|逐步|继续|再度|持续|不断)*(?:扩大|收窄|缩小|收缩|放大|扩|缩窄|增|升|达|超|逾)*(?:至|到)(?:约|近|逾|超过?|接近)*$"
)
_PAST = re.compile(r"(?:上|前)(?:一)?(?:个)?交易日")
# The date of a report's own heading (12月12日盘前雷达：) is not that of what it tells.
_LABEL = re.compile(r"盘前|早报|晨报|晚报|日报|周报|雷达|简报")
# Kinds that set the scene rather than own what follows.
SCENES = frozenset({"compound", "market", "index", "sector", "channel", "fund"})
_PASSIVE = re.compile(r"(?:获得?|遭到?|被|受到?|得到)$")
# What has happened by its nature, whatever the clause before planned.
HAPPENED = frozenset({"bid"})
PER_SHARE = {
    "proceeds": "placement_price",
    "placement_shares": "placement_price",
    "buyback_amount": "buyback_price",
    "dividend": "dps",
    "profit": "eps",
}

_CLASS = re.compile(r"[AHB]股")
_ISSUES = re.compile(r"(?:发行?|派发?|[增减]持|回购|购回|配售|认购)(?:其|公司|约|的)?$")
_HEDGED = re.compile(r"(?:大约|将近|接近|超过|不足|不到|至少|最多|多达|[约近逾超达])?")
_ITS_OWN = re.compile(r"权益分派|现金(?:分红|红利|股利)|股份|股本|股东")


def read(
    text: str, names: Names, *, day: date | None = None, subject: tuple[str, ...] = (), owned: bool = False
) -> Reading:
    """Read a text. `day` is what 今日 means; `subject` is whom it is about before it names anyone (a title's).

    `owned` says that all of it is about the subject, as the cells of a table row are.
    """
    reading = open_reading(text, names, day)
    _Walk(reading, names, day, subject, owned=owned).run()
    return reading


@dataclass(slots=True)
class _State:
    """What later clauses inherit."""

    entities: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    others: frozenset[str] = frozenset()
    items: tuple[str, ...] = ()
    measure: str = ""
    slugs: tuple[str, ...] = ()
    word: str = ""
    direction: int = 0
    basis: str = ""
    scope: frozenset[str] = frozenset()
    periods: tuple[Period, ...] = ()
    yearless: bool = True
    modality: str = "actual"
    done: bool = False
    via: str = ""
    said_by: str = ""
    left: str = ""
    scene: bool = False
    past: bool = False
    headed: bool = False


class _Walk:
    """One walk through a text, clause by clause."""

    def __init__(
        self, reading: Reading, names: Names, day: date | None, subject: tuple[str, ...], *, owned: bool
    ) -> None:
        self.reading = reading
        self.names = names
        self.day = day
        self.topic = subject
        self.owned = owned
        self.part_start = 0
        self.spoken: Period | None = None
        self.year: Period | None = None
        self.named = False
        self.state = _State(entities=subject)

    def run(self) -> None:
        masked = self.reading.masked
        self.reading.sentences = cut(self.reading.folded, 0, len(masked), _SENTENCE)
        for start, end in cut(masked, 0, len(masked), _SENTENCE):
            self.state = _State(entities=self.topic)
            self.named = False
            for part_start, part_end in cut(masked, start, end, _PART):
                self.part((start, end), part_start, part_end)
            if self.state.entities:
                self.topic = self.state.entities

    def part(self, sentence: tuple[int, int], start: int, end: int) -> None:
        clauses = self.clauses(start, end)
        self.state = replace(self.state, modality="actual", done=False, others=frozenset(), said_by="", left="")
        if self.state.past:
            self.state = replace(self.state, past=False, periods=())
        self.part_start = start
        for clause in clauses:
            self.clause(sentence, clause)

    def clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        return cut(self.reading.masked, start, end, _CLAUSE)

    def clause(self, sentence: tuple[int, int], clause: tuple[int, int]) -> None:
        figures = [f for f in between(self.reading.figures, clause) if not f.exempt and f.kind not in ("date", "time")]
        if not figures:
            self.note(*clause)
            return
        for run in runs(self.reading.masked, figures):
            left_from = left_edge(figures, run[0], clause[0])
            behind = after(figures, run[-1])
            right_to = behind.start if behind else clause[1]
            self.claims(sentence, clause, run, left_from, right_to)

    def claims(
        self, sentence: tuple[int, int], clause: tuple[int, int], run: list[Figure], left_from: int, right_to: int
    ) -> None:
        """The claims of one run of figures (x、y和z share what stands before them)."""
        own = self.own(left_from, run[0].start)
        tail = self.own(run[-1].end, right_to)
        subjects = self.subjects(own, len(run), self.enumeration(clause, left_from, len(run)), run[0].start)
        for item, figure in enumerate(run):
            claim = self.claim(figure, sentence, clause, own, tail, subjects, item, len(run))
            self.reading.claims.append(claim)
        self.carry(own, subjects, left_from, run[0].start)
        glued = _glued(run[-1], tail)
        if glued:
            self.state.slugs, self.state.word = (glued[0],), glued[1]

    def enumeration(self, clause: tuple[int, int], left_from: int, count: int) -> int:
        """Where a list of subjects may begin: before 两只产品分别 too."""
        counted = [f for f in between(self.reading.figures, clause) if f.end == left_from and f.kind == "count"]
        return clause[0] if count > 1 and counted and counted[0].value == count else left_from

    def own(self, start: int, end: int) -> Segment:
        reading = self.reading
        tokens = between(reading.tokens, (start, end))
        names = between(reading.names, (start, end))
        times = between(reading.times, (start, end))
        return Segment(
            start, end, tokens, names, times, rest_of(timeless(reading.masked, start, end, times), start, tokens)
        )

    def note(self, start: int, end: int) -> None:
        """A clause without a figure: what it names holds for what follows."""
        own = self.own(start, end)
        before = self.state.entities
        self.carry(own, self.subjects(own, 1, start, end), start, end)
        if self.state.entities != before:
            self.state.scene = all(n.kind in SCENES for n in own.names)

    def subjects(self, own: Segment, count: int, start: int, end: int) -> _Subjects:
        """Whom the figures are about: the names of the clause, listed or nearest; else those carried."""
        speaker = self.speaker(own)
        real = [n for n in own.names if n.kind != "product" and n != speaker and not self.oblique(n)]
        channels = [n for n in real if n.kind == "channel"]
        plain = [n for n in real if n.kind != "channel"]
        agents = [n for n in plain if n.kind == "institution"]
        if len(plain) > len(agents):
            plain = [n for n in plain if n.kind != "institution"]
        via = channels[-1].codes[0] if channels and plain and plain != agents else ""
        if channels and not plain and (self.passive(channels[-1]) or (self.owned and self.topic)):
            return self.carried(count, channels[-1].codes[0])
        chosen = plain if plain and (via or not channels) else real
        named = listed(self.reading.masked, chosen)
        things = items(self.reading, start, end, count) if count > 1 else ()
        if count > 1 and len(named) != count and things:
            return _Subjects(tuple(self.code(i) for i in things), OWN, via, frozenset(), things)
        if count > 1 and len(named) == count:
            return _Subjects(tuple(n.codes for n in named), OWN, via, others(real, named), ())
        if count > 1 and things:
            return _Subjects(tuple(self.code(i) for i in things), OWN, via, frozenset(), things)
        if named:
            codes = tuple(code for n in named for code in n.codes)
            groups = tuple(n.codes for n in named)
            return _Subjects((codes,) * count, OWN, via, others(real, named), (), groups)
        return self.carried(count, self.state.via)

    def carried(self, count: int, via: str) -> _Subjects:
        """Whom the clauses before were about."""
        state = self.state
        if count > 1 and len(state.items) == count:
            return _Subjects(tuple(self.code(i) for i in state.items), CARRIED, via, state.others, state.items)
        if count > 1 and len(state.groups) == count:
            return _Subjects(state.groups, CARRIED, via, state.others, ())
        return _Subjects((state.entities,) * count, CARRIED, via, state.others, ())

    def passive(self, channel: Name) -> bool:
        """获南向资金净买入: the channel is the buyer, not whom the clause is about."""
        return bool(_PASSIVE.search(self.reading.masked[max(0, channel.start - 3) : channel.start])) and bool(
            self.state.entities
        )

    def oblique(self, name: Name) -> bool:
        """在港交所公告: a place or a means, not whom the clause is about."""
        before = self.reading.masked[max(0, name.start - 1) : name.start]
        if _CLASS.fullmatch(name.text) and (
            _ISSUES.search(self.reading.masked, max(0, name.start - 6), name.start)
            or _ITS_OWN.match(self.reading.masked, name.end)
        ):
            return True  # 派发A股现金分红: a class of shares, not the market
        return (
            before in tuple("在于据经向与") and not JOINT.fullmatch(self.reading.masked, name.start - 1, name.start)
        ) or before in tuple("在于据经向")

    def speaker(self, own: Segment) -> Name | None:
        """An institution that a reporting verb follows says what comes after."""
        for name in own.names:
            if name.kind == "institution" and (
                self.reading.masked[own.end : own.end + 1] == "："
                or any(t.meaning.kind == "say" and t.start >= name.end for t in own.tokens)
            ):
                self.state.said_by = name.codes[0]
                return name
        return None

    def code(self, item: str) -> tuple[str, ...]:
        return self.names.codes(item) or (f"~{item}",)

    def claim(
        self,
        figure: Figure,
        sentence: tuple[int, int],
        clause: tuple[int, int],
        own: Segment,
        tail: Segment,
        subjects: _Subjects,
        item: int,
        count: int,
    ) -> Claim:
        state = self.state
        measure, word, measured = self.measure(figure, own, tail, item, count)
        if self.each(own, figure):
            measure = PER_SHARE.get(measure, measure)
        if measured and measure in measures.MOVES and not own.names and not subjects.own and len(own.rest) > 1:
            # 晶门半导体涨超7%: somebody new, whom no registry knows; 短纤、尿素等涨超1%: each of them
            new = items(self.reading, own.start, figure.start, 0) or (own.rest.replace(" ", ""),)
            subjects = subjects._replace(codes=(tuple(f"~{name}" for name in new),) * len(subjects.codes), own=OWN)
        direction = (
            self.level(own, figure)
            or figure.direction
            or own.direction()
            or (0 if own.has_content() else state.direction)
        )
        own_periods = self.periods(own)
        basis = own.basis() or self.compared(own)
        modality, done = own.modality()
        masked = self.reading.masked
        return Claim(
            figure=figure,
            sentence=sentence,
            clause=clause,
            entities=subjects.codes[item] if item < len(subjects.codes) else subjects.codes[-1],
            entity_own=subjects.own,
            subject=self.surface(own) if subjects.own else "",
            topic=(not subjects.own and bool(state.entities) and state.entities == self.topic and not self.named)
            or (not subjects.own and state.scene),
            others=subjects.others,
            measure=measure,
            measure_word=word,
            measure_own=measured,
            direction=direction,
            toward=tail.direction(),
            behind=tail.basis(),
            basis=basis,
            scope=own.scope() or (frozenset() if own.has_content() and own.names and not state.headed else state.scope),
            periods=own_periods or state.periods,
            period_own=bool(own_periods),
            yearless=all(periods.yearless(self.reading.text[f.start : f.end]) for f in own.times)
            if own.times
            else state.yearless,
            past=self.past(own) if own.times else state.past,
            modality=modality or ("actual" if done or measure in HAPPENED else state.modality),
            done=done or (state.done and not modality),
            negated=own.negated(),
            via=subjects.via,
            form=form_of(figure, masked[own.start : own.end]),
            role=role_of(masked[own.start : figure.start]),
            loss="亏" in word,
            left=own.rest,
            about=own.rest or ("" if measured else state.left),
            right=tail.rest,
            records=own.records() | tail.records(),
            item=item,
            said_by=state.said_by,
            mentions=self.mentions(clause, subjects),
        )

    def leads(self, own: Segment) -> bool:
        """Does the date stand at the head of its clause, so that it holds for what follows?"""
        head = own.times[0].start
        if self.reading.folded[head - 1 : head] == "由":
            return False  # 由首季的1.6%加快至2.5%: what it was before
        before = self.own(own.start, head) if head > own.start else None
        return before is None or not (before.rest or any(t.meaning.kind == "dir" for t in before.tokens))

    def past(self, own: Segment) -> bool:
        """Is the figure told of the session before (上一交易日成交…), not merely compared with it?"""
        folded = self.reading.folded
        return any(
            _PAST.fullmatch(folded[t.start : t.end]) and folded[t.start - 1 : t.start] not in ("较", "比", "于", "对")
            for t in own.times
        )

    def each(self, own: Segment, figure: Figure) -> bool:
        """Is the amount told for one share (每股68.85港元, 53.5元/股)?"""
        return "每股" in self.reading.folded[
            max(own.start, figure.start - 8) : figure.start
        ] or figure.surface.endswith("/股")

    def level(self, own: Segment, figure: Figure) -> int:
        """跌幅扩大至3%: the side of the movement, not of its growth."""
        match = _LEVEL.search(self.reading.folded[own.start : figure.start])
        return 0 if match is None else 1 if match[1] in "涨升增" else -1

    def mentions(self, clause: tuple[int, int], subjects: _Subjects) -> frozenset[str]:
        """Everybody named from the start of this part of the sentence to the end of the clause."""
        near = between(self.reading.names, (self.part_start, clause[1]))
        return frozenset(code for n in near for code in n.codes) | {c for codes in subjects.codes for c in codes}

    def moved(self, figure: Figure, own: Segment) -> str:
        """The verb right before points that it moves by: 高开533点, 反弹139点收市; 高开于24679点 is a level."""
        token = next((t for t in reversed(own.tokens) if t.meaning.slugs), None)
        if token is None or measures.family(figure) != "index" or "change_points" not in token.meaning.slugs:
            return ""
        return token.text if _HEDGED.fullmatch(self.reading.masked, token.end, figure.start) else ""

    def measure(self, figure: Figure, own: Segment, tail: Segment, item: int, count: int) -> tuple[str, str, bool]:
        """The measure word nearest before the figure that fits its unit, else right behind it, else the carried one."""
        moved = self.moved(figure, own)
        if moved:
            return "change_points", moved, True
        glued = _glued(figure, tail)
        if glued:
            return (*glued, True)
        fits = [
            (slug, t.text) for t in own.tokens if t.meaning.slugs and (slug := measures.choose(t.meaning.slugs, figure))
        ]
        strong = [
            pair for pair in fits if pair[0] not in measures.WEAK or (pair[0] == "change" and pair[1][-1] in "幅价")
        ]
        if count > 1 and len(strong) == count and not own.names:
            return (*strong[item], True)
        if strong and strong[-1][0] in measures.PRICES and fits[-1][0] in measures.MOVES:
            return (*fits[-1], True)  # 收市升136点
        if len(strong) > 1 and strong[-1][0] == "price" and strong[-1][1].endswith("至"):
            level = next((pair for pair in reversed(strong) if pair[0] not in measures.PRICES), strong[-1])
            return (*level, True)  # 外汇储备升至3.24万亿美元
        if strong:
            return (*strong[-1], True)
        behind = [
            (slug, t.text)
            for t in tail.tokens
            if t.meaning.slugs and (slug := measures.choose(t.meaning.slugs, figure)) and slug not in measures.WEAK
        ]
        if behind and not own.rest:
            return (*behind[0], True)
        carried = measures.choose(self.state.slugs, figure) if self.state.slugs else ""
        if carried in measures.PRICES | measures.FLOWS and fits and fits[-1][0] in measures.MOVES and not own.basis():
            carried = ""  # 收市报37580点，升424点
        if carried and not own.rest and not (own.names and fits):
            return carried, self.state.word, False
        if fits:
            return (*fits[-1], True)
        if behind:
            return (*behind[0], True)
        return (carried, self.state.word, False) if carried and not own.names else ("", "", False)

    def periods(self, own: Segment) -> tuple[Period, ...]:
        told = [f for f in own.times if "同期" not in self.reading.folded[f.end - 2 : f.end + 2]]  # only compared with
        found = [p for p in (self.resolve(f) for f in told) if p is not None]
        for period in found:
            if period.grain == "day":
                self.spoken = period
            elif period.grain == "year":
                self.year = period
        return tuple(found)

    def resolve(self, figure: Time) -> Period | None:
        word = self.reading.folded[figure.start : figure.end]
        if word in ("当日", "当天", "同日"):
            return self.spoken  # the day last named, not the day of the text
        if word == "全年":
            return self.year
        return periods.resolve(word, self.day)

    def surface(self, own: Segment) -> str:
        return " ".join(n.text for n in own.names)

    def compared(self, own: Segment) -> str:
        """What a change is compared with where the registry has no word for it: 较上周同期, 比7月."""
        found = list(_COMPARED.finditer(self.reading.masked, own.start, own.end))
        return f"~{self.reading.folded[slice(*found[-1].span(1))]}" if found else ""

    def carry(self, own: Segment, subjects: _Subjects, start: int, end: int) -> None:
        state = self.state
        modality, done = own.modality()
        if subjects.own:
            self.named = True
            state.scene = False
            state.entities = tuple(dict.fromkeys(code for codes in subjects.codes for code in codes))
            state.via, state.items = subjects.via, subjects.items
            state.groups = subjects.groups or subjects.codes
            state.slugs, state.word = (), ""
        state.others = subjects.others | state.others
        slugs = [t for t in own.tokens if t.meaning.slugs]
        strong = [t for t in slugs if not set(t.meaning.slugs) <= measures.WEAK or t.text[-1] in "幅价"]
        if strong:
            state.slugs, state.word = strong[-1].meaning.slugs, strong[-1].text
        elif slugs and not state.slugs:
            state.slugs, state.word = slugs[-1].meaning.slugs, slugs[-1].text
        elif own.rest and not own.basis():
            state.slugs, state.word = (), ""
        state.direction = own.direction()
        told = self.periods(own)
        if told and self.leads(own) and not _LABEL.search(self.reading.folded, start, end):
            state.periods = told
            state.past = self.past(own)
            state.yearless = all(periods.yearless(self.reading.text[f.start : f.end]) for f in own.times)
        scope = own.scope()
        if scope or (subjects.own and not state.headed):
            state.scope = scope if subjects.own else scope - {"after"}  # 盘前： heads a report
            state.headed = bool(scope) and not subjects.own
        if modality or done:
            state.modality, state.done = modality or "actual", done
        things = items(self.reading, start, end, 0)
        if len(things) > len(subjects.groups):
            state.items = things
        if own.rest:
            state.left = own.rest


OWN, CARRIED = True, False


class _Subjects(NamedTuple):
    codes: tuple[tuple[str, ...], ...]
    own: bool
    via: str
    others: frozenset[str]
    items: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...] = ()


def _glued(figure: Figure, tail: Segment) -> tuple[str, str] | None:
    """加征34%关税: the duty is named by the word that the rate stands before."""
    first = tail.tokens[0] if tail.tokens else None
    if first is None or first.start != figure.end or "tariff" not in first.meaning.slugs or figure.unit != "%":
        return None
    return "tariff", first.text
