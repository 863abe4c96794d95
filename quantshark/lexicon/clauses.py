"""Who, what, when: the clause in which a figure stands, read into a claim.

`read` turns a text into claims, one for each figure: whom it is about (named in the clause, or carried over commas and
sentences), what is measured, of which day or quarter, compared with what, over what span, told as fact, plan or
forecast, and by whom. The same reading makes facts of sources and claims of drafts.

A word that no registry knows is kept as it stands (`left`, `right`): two statements that differ there differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from quantshark.lexicon import markers, measures, periods
from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.names import Name, Names
from quantshark.lexicon.script import fold
from quantshark.lexicon.vocabulary import Vocabulary
from quantshark.model import Figure, Period

# Placeholders that keep the length of what they hide.
FIGURE, DATE, EXEMPT, NAME, BLANK = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_SENTENCE = re.compile(r"[。！？\n】]+")
_PART = re.compile(r"；")
_CLAUSE = re.compile(r"(?<![A-Za-z\s])\s+|\s+(?![A-Za-z\s])|[，：()\[\]「」『』“”\"‘’《》【】|]+|,(?!\d)|--+")
_JOINT = re.compile(
    r"(?:左右|上下|以上|多|余)?[、和与及或至跟以及到,\s\ue004~\-并]*"
    r"(?:超过|大约|将近|接近|逼近|不足|不到|高于|低于|至少|多达|高达|[约近逾超达仅])*"
)
_ITEM = re.compile(r"[、和与及跟]|以及")
_COMPARED = re.compile(
    r"(?:较(?!早|为|大|小|好|强)|(?<![占同环对正成可])比(?![例重率值亚特])|相比|对比|较之)([\u4e00-\u9fff\ue001A-Za-z0-9]{1,12}?)"
    r"(?=相比|大幅|小幅|略|再|多|少|高|低|增|减|放|缩|上[升涨调]|下[降跌滑调]|提|升|涨|跌|回|扩|收窄|折|溢|改)"
)
_TO = re.compile(r"(?:[增升涨提扩翻攀]至|达到?|到|为|是|相当于|至|的)[^，]{0,12}$")
_BY = re.compile(
    r"(?:增长?|增加|提升|上升|提高|扩大|涨|升|多|激增|大增|飙升|暴增|猛增|增幅[达为]?|涨幅[达为]?|升幅[达为]?|翻)(?:了|约|近|逾|超过?|超|达|大约|多达|高达|将近|接近)*$"
)
_LEVEL = re.compile(
    r"([涨升增跌降减])幅(?:一度|进一步|逐步|继续|再度|持续|不断)*(?:扩大|收窄|缩小|收缩|放大|扩|缩窄|增|升|达|超|逾)*(?:至|到)(?:约|近|逾|超过?|接近)*$"
)
_FROM = re.compile(
    r"(?:由|从|自|前值[为是]?|前值|此前[为是]?|原来?[为是]?|原先的?)(?:此前|原来|原先|前期|之前|上次)?的?(?:约|近|逾|超过?|接近|大约)*$"
)
_EXPECTED = re.compile(r"(?:预期|预测|料)(?:值|中值)?[为是]?(?:约|近|逾|超)?$")
# 财联社12月11日电, 《科创板日报》14日讯: who sent it and when, nobody that the sentence is about.
_DATELINE = re.compile(
    r"(?:^|(?<=[】。！？\n，()]))\s*(?:[\u4e00-\u9fffA-Za-z]{2,12}?|《[^》\n]{2,12}》)\s*(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:电|讯)(?=[，,：:(\s])",
    re.MULTILINE,
)
# A bracket without a figure interrupts its clause and does not end it.
_ASIDE = re.compile(r"\([^()\ue000\n。]*\)")
_PAST = re.compile(r"(?:上|前)(?:一)?(?:个)?交易日")
# The date of a report's own heading (12月12日盘前雷达：) is not that of what it tells.
_LABEL = re.compile(r"盘前|早报|晨报|晚报|日报|周报|雷达|简报")
_NUMERAL = re.compile(r"[\d零〇一二三四五六七八九十百千万两]")
_SLASHED = re.compile(r"\d{1,2}/\d{1,2}")
# Kinds that set the scene rather than own what follows.
SCENES = frozenset({"compound", "market", "index", "sector", "channel", "fund"})
_HEDGES = r"(?:约|近|逾|超过?|大约|接近|将近|多达|高达|至少)*$"
_REACHES = re.compile(r"[增升涨提扩降减跌缩调落][加高大少低]?[至到]" + _HEDGES)
_MOVES = re.compile(
    r"(?:增加|减少|上升|下降|增长|下跌|上涨|提升|提高|降低|上调|下调|回落|多增|少增|净增|扩大|收窄|增持|减持)了?"
    + _HEDGES
)
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


class Meaning(NamedTuple):
    """What a marker or measure word means; a word may be both (净买入, 涨)."""

    slugs: tuple[str, ...] = ()
    kind: str = ""
    value: str = ""


class Token(NamedTuple):
    """A known word in its place."""

    start: int
    end: int
    meaning: Meaning
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text says with one figure. Sets are empty and texts "" where it does not say."""

    figure: Figure
    sentence: tuple[int, int]
    clause: tuple[int, int]
    entities: tuple[str, ...] = ()
    entity_own: bool = False
    subject: str = ""
    topic: bool = False
    others: frozenset[str] = frozenset()
    measure: str = ""
    measure_word: str = ""
    measure_own: bool = False
    direction: int = 0
    toward: int = 0
    basis: str = ""
    scope: frozenset[str] = frozenset()
    periods: tuple[Period, ...] = ()
    period_own: bool = False
    yearless: bool = True
    past: bool = False
    modality: str = "actual"
    done: bool = False
    negated: bool = False
    via: str = ""
    form: str = ""
    role: str = ""
    loss: bool = False
    left: str = ""
    about: str = ""
    right: str = ""
    records: frozenset[str] = frozenset()
    item: int = 0
    said_by: str = ""
    mentions: frozenset[str] = frozenset()
    table: bool = False

    @property
    def start(self) -> int:
        return self.figure.start

    @property
    def end(self) -> int:
        return self.figure.end


class Time(NamedTuple):
    """A date word in its place."""

    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """A text read: the text folded, with names and figures hidden, and its claims in order."""

    text: str
    folded: str
    masked: str
    figures: tuple[Figure, ...]
    names: tuple[Name, ...]
    tokens: tuple[Token, ...]
    times: tuple[Time, ...]
    claims: list[Claim] = field(default_factory=list[Claim])
    sentences: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary[Meaning]:
    table: dict[str, Meaning] = {word: Meaning((), kind, value) for word, (kind, value) in markers.kinds().items()}
    for word, slugs in measures.words().items():
        known = table.get(word, Meaning())
        table[word] = Meaning(slugs, "" if known.kind == "none" else known.kind, known.value)
    for word, meaning in list(table.items()):
        stem = table.get(word[:-1])
        if meaning.kind == "dir" and not meaning.slugs and stem and stem.kind == "dir":
            table[word] = meaning._replace(slugs=stem.slugs)  # 跌约 measures what 跌 measures
    return Vocabulary({fold(word): meaning for word, meaning in table.items()})


def read(
    text: str, names: Names, *, day: date | None = None, subject: tuple[str, ...] = (), owned: bool = False
) -> Reading:
    """Read a text. `day` is what 今日 means; `subject` is whom it is about before it names anyone (a title's).

    `owned` says that all of it is about the subject, as the cells of a table row are.
    """
    folded = fold(text)
    figures = tuple(_dated(f, day, folded) for f in find_figures(_neutral(text, folded, names)))
    times = _times(folded, figures)
    hidden = list(folded)
    for figure in figures:
        if figure.exempt == "calendar word" and figure.kind == "date":
            continue  # its words are markers as well: 较上个交易日, 去年同期
        if figure.kind == "rank":
            continue  # 第二产业 and 第一季度 are words of what is measured
        mark = DATE if figure.kind in ("date", "time") else EXEMPT if figure.exempt else FIGURE
        hidden[figure.start : figure.end] = mark * (figure.end - figure.start)
    for sent in _DATELINE.finditer(folded):
        times = tuple(t for t in times if t.end <= sent.start() or t.start >= sent.end())
        hidden[sent.start() : sent.end()] = BLANK * (sent.end() - sent.start())
    unnamed = "".join(hidden)
    found = _names(folded, unnamed, names)
    for name in found:
        hidden[name.start : name.end] = NAME * (name.end - name.start)
    masked = _ASIDE.sub(lambda m: BLANK * len(m[0]), "".join(hidden))
    tokens = tuple(Token(w.start, w.end, w.meaning, masked[w.start : w.end]) for w in _vocabulary().find(masked))
    reading = Reading(text, folded, masked, figures, tuple(found), tokens, times)
    _Walk(reading, names, day, subject, owned=owned).run()
    return reading


def _times(folded: str, figures: tuple[Figure, ...]) -> tuple[Time, ...]:
    """Date words: those read as figures, and those without a numeral."""
    spans = [Time(f.start, f.end) for f in figures if f.kind == "date"]
    taken = [(f.start, f.end) for f in figures if f.kind != "date" and not f.exempt] + spans
    spans += [
        Time(*match.span())
        for match in periods.WORDS.finditer(folded)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    return tuple(sorted(spans))


def _neutral(text: str, folded: str, names: Names) -> str:
    """The text with names that hold or touch a numeral hidden, so that 百度, 七匹狼 and 美团-W5月 are not misread."""
    chars: list[str] | None = None
    for name in names.find(folded):
        touching = folded[name.end : name.end + 1].isdigit() and name.text[-1].isascii()
        if touching or _NUMERAL.search(name.text):
            chars = chars if chars is not None else list(text)
            chars[name.start : name.end] = "某" * (name.end - name.start)
    return "".join(chars) if chars is not None else text


_MARKED_YEAR = re.compile(r"\d{1,2}[.、]\s*(?:19|20)\d{2}年")
_MONTHS = re.compile(r"[-~至到]{1,2}\d{1,2}月")


def _dated(figure: Figure, day: date | None, folded: str) -> Figure:
    """3/5 is the fifth of March where that lies within a few days of the day spoken of."""
    if figure.unit is None and figure.kind == "number" and _MONTHS.match(folded, figure.end):
        return figure._replace(kind="date", value=None, ulp=None)  # 1—4月份
    if _MARKED_YEAR.fullmatch(figure.surface):
        return figure._replace(kind="date", value=None, unit=None, ulp=None)  # 1. 2025年
    match = _SLASHED.fullmatch(figure.surface) if figure.kind == "ratio" and day else None
    if match is None or day is None:
        return figure
    period = periods.resolve(figure.surface, day)
    if period is None or abs((period.start - day).days) > 10:
        return figure
    return figure._replace(kind="date", value=None, high=None, unit=None, ulp=None, hedge=None, direction=0)


def _names(folded: str, unnamed: str, names: Names) -> list[Name]:
    """Names outside figures; one that an identifier follows directly (理想L9) is a product, not the company."""
    found: list[Name] = []
    for name in names.find(folded):
        if any(mark in unnamed[name.start : name.end] for mark in (FIGURE, DATE, BLANK)):
            continue
        end = name.end
        while end < len(unnamed) and unnamed[end] == EXEMPT:
            end += 1
        if end > name.end and name.kind != "compound" and folded[name.end] not in "(":
            text = folded[name.start : end]
            found.append(Name(name.start, end, (f"~{text}",), "product", text))
        else:
            found.append(name)
    taken = {place for name in found for place in range(name.start, name.end)}
    found += [name for name in names.find_codes(folded) if name.start not in taken]
    return sorted(found)


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
        self.reading.sentences = _cut(self.reading.folded, 0, len(masked), _SENTENCE)
        for start, end in _cut(masked, 0, len(masked), _SENTENCE):
            self.state = _State(entities=self.topic)
            self.named = False
            for part_start, part_end in _cut(masked, start, end, _PART):
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
        return _cut(self.reading.masked, start, end, _CLAUSE)

    def clause(self, sentence: tuple[int, int], clause: tuple[int, int]) -> None:
        figures = [f for f in _between(self.reading.figures, clause) if not f.exempt and f.kind not in ("date", "time")]
        if not figures:
            self.note(*clause)
            return
        for run in _runs(self.reading.masked, figures):
            left_from = _left_edge(figures, run[0], clause[0])
            after = _after(figures, run[-1])
            right_to = after.start if after else clause[1]
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

    def enumeration(self, clause: tuple[int, int], left_from: int, count: int) -> int:
        """Where a list of subjects may begin: before 两只产品分别 too."""
        counted = [f for f in _between(self.reading.figures, clause) if f.end == left_from and f.kind == "count"]
        return clause[0] if count > 1 and counted and counted[0].value == count else left_from

    def own(self, start: int, end: int) -> _Own:
        reading = self.reading
        tokens = _between(reading.tokens, (start, end))
        names = _between(reading.names, (start, end))
        times = _between(reading.times, (start, end))
        return _Own(
            start, end, tokens, names, times, _rest(_timeless(reading.masked, start, end, times), start, tokens)
        )

    def note(self, start: int, end: int) -> None:
        """A clause without a figure: what it names holds for what follows."""
        own = self.own(start, end)
        before = self.state.entities
        self.carry(own, self.subjects(own, 1, start, end), start, end)
        if self.state.entities != before:
            self.state.scene = all(n.kind in SCENES for n in own.names)

    def subjects(self, own: _Own, count: int, start: int, end: int) -> _Subjects:
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
        listed = _listed(self.reading.masked, chosen)
        items = _items(self.reading, start, end, count) if count > 1 else ()
        if count > 1 and len(listed) != count and items:
            return _Subjects(tuple(self.code(i) for i in items), OWN, via, frozenset(), items)
        if count > 1 and len(listed) == count:
            return _Subjects(tuple(n.codes for n in listed), OWN, via, _others(real, listed), ())
        if count > 1 and items:
            return _Subjects(tuple(self.code(i) for i in items), OWN, via, frozenset(), items)
        if listed:
            codes = tuple(code for n in listed for code in n.codes)
            groups = tuple(n.codes for n in listed)
            return _Subjects((codes,) * count, OWN, via, _others(real, listed), (), groups)
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
        return (
            before in tuple("在于据经向与") and not _JOINT.fullmatch(self.reading.masked, name.start - 1, name.start)
        ) or before in tuple("在于据经向")

    def speaker(self, own: _Own) -> Name | None:
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
        own: _Own,
        tail: _Own,
        subjects: _Subjects,
        item: int,
        count: int,
    ) -> Claim:
        state = self.state
        measure, word, measured = self.measure(figure, own, tail, item, count)
        if self.each(own, figure):
            measure = PER_SHARE.get(measure, measure)
        if measured and measure in measures.MOVES and not own.names and not subjects.own and len(own.rest) > 1:
            head = f"~{own.rest.replace(' ', '')}"  # 晶门半导体涨超7%: somebody new, whom no registry knows
            subjects = subjects._replace(codes=((head,),) * len(subjects.codes), own=OWN)
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
            form=_form(figure, masked[own.start : own.end]),
            role=_role(masked[own.start : figure.start]),
            loss="亏" in word,
            left=own.rest,
            about=own.rest or ("" if measured else state.left),
            right=tail.rest,
            records=own.records() | tail.records(),
            item=item,
            said_by=state.said_by,
            mentions=self.mentions(clause, subjects),
        )

    def leads(self, own: _Own) -> bool:
        """Does the date stand at the head of its clause, so that it holds for what follows?"""
        head = own.times[0].start
        before = self.own(own.start, head) if head > own.start else None
        return before is None or not (before.rest or any(t.meaning.kind == "dir" for t in before.tokens))

    def past(self, own: _Own) -> bool:
        """Is the figure told of the session before (上一交易日成交…), not merely compared with it?"""
        folded = self.reading.folded
        return any(
            _PAST.fullmatch(folded[t.start : t.end]) and folded[t.start - 1 : t.start] not in ("较", "比", "于", "对")
            for t in own.times
        )

    def each(self, own: _Own, figure: Figure) -> bool:
        """Is the amount told for one share (每股68.85港元, 53.5元/股)?"""
        return "每股" in self.reading.folded[
            max(own.start, figure.start - 8) : figure.start
        ] or figure.surface.endswith("/股")

    def level(self, own: _Own, figure: Figure) -> int:
        """跌幅扩大至3%: the side of the movement, not of its growth."""
        match = _LEVEL.search(self.reading.folded[own.start : figure.start])
        return 0 if match is None else 1 if match[1] in "涨升增" else -1

    def mentions(self, clause: tuple[int, int], subjects: _Subjects) -> frozenset[str]:
        """Everybody named from the start of this part of the sentence to the end of the clause."""
        near = _between(self.reading.names, (self.part_start, clause[1]))
        return frozenset(code for n in near for code in n.codes) | {c for codes in subjects.codes for c in codes}

    def measure(self, figure: Figure, own: _Own, tail: _Own, item: int, count: int) -> tuple[str, str, bool]:
        """The measure word nearest before the figure that fits its unit, else right behind it, else the carried one."""
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

    def periods(self, own: _Own) -> tuple[Period, ...]:
        found = [p for p in (self.resolve(f) for f in own.times) if p is not None]
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

    def surface(self, own: _Own) -> str:
        return " ".join(n.text for n in own.names)

    def compared(self, own: _Own) -> str:
        """What a change is compared with where the registry has no word for it: 较上周同期, 比7月."""
        found = list(_COMPARED.finditer(self.reading.masked, own.start, own.end))
        return f"~{self.reading.folded[slice(*found[-1].span(1))]}" if found else ""

    def carry(self, own: _Own, subjects: _Subjects, start: int, end: int) -> None:
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
        items = _items(self.reading, start, end, 0)
        if len(items) > len(subjects.groups):
            state.items = items
        if own.rest:
            state.left = own.rest


@dataclass(slots=True)
class _Own:
    """What stands between two places: known words, names, times, and the rest that nobody knows."""

    start: int
    end: int
    tokens: list[Token]
    names: list[Name]
    times: list[Time]
    rest: str

    def has_content(self) -> bool:
        return bool(self.names or self.rest or any(t.meaning.slugs for t in self.tokens))

    def direction(self) -> int:
        for token in reversed(self.tokens):
            if token.meaning.kind == "dir":
                return 1 if token.meaning.value == "+" else -1
        return 0

    def last(self, kind: str) -> str:
        return next((t.meaning.value for t in reversed(self.tokens) if t.meaning.kind == kind), "")

    def basis(self) -> str:
        return self.last("basis")

    def scope(self) -> frozenset[str]:
        """Spans told by words of their own or inside a verb: 中午收市报 is the half day, 收涨 the close."""
        told = {t.meaning.value for t in self.tokens if t.meaning.kind == "scope"}
        for token in self.tokens:
            if (token.text.startswith("收") and token.text != "收入") or "收市" in token.text or "收盘" in token.text:
                told.add("close")
            if token.text.startswith(("中午", "半日", "午间")):
                told.add("half_day")
        return frozenset(told)

    def records(self) -> frozenset[str]:
        return frozenset(t.meaning.value for t in self.tokens if t.meaning.kind == "record")

    def negated(self) -> bool:
        return any(t.meaning.kind == "neg" for t in self.tokens)

    def modality(self) -> tuple[str, bool]:
        """("forecast" | "plan" | "", told as done)"""
        values = [t.meaning.value for t in self.tokens if t.meaning.kind == "modal"]
        future = next((v for v in values if v in ("forecast", "plan")), "")
        return future, "done" in values and not future


OWN, CARRIED = True, False


class _Subjects(NamedTuple):
    codes: tuple[tuple[str, ...], ...]
    own: bool
    via: str
    others: frozenset[str]
    items: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...] = ()


_Spanned = TypeVar("_Spanned", Figure, Token, Name, Time)


def _between(items: tuple[_Spanned, ...], span: tuple[int, int]) -> list[_Spanned]:
    """The items that lie within a span; items are in order."""
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        if items[middle].start < span[0]:
            low = middle + 1
        else:
            high = middle
    found: list[_Spanned] = []
    for item in items[low:]:
        if item.start >= span[1]:
            break
        if item.end <= span[1]:
            found.append(item)
    return found


def _left_edge(figures: list[Figure], figure: Figure, start: int) -> int:
    """Where the words of a figure begin: behind the figure before it, an ordinal excepted."""
    before = [f for f in figures[: figures.index(figure)] if f.kind != "rank"]
    return before[-1].end if before else start


def _after(figures: list[Figure], figure: Figure) -> Figure | None:
    place = figures.index(figure) + 1
    return figures[place] if place < len(figures) else None


def _cut(text: str, start: int, end: int, at: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for match in at.finditer(text, start, end):
        pieces.append((start, match.start()))
        start = match.end()
    pieces.append((start, end))
    return [(a, b) for a, b in pieces if text[a:b].strip(f" \t{BLANK}")]


def _runs(masked: str, figures: list[Figure]) -> list[list[Figure]]:
    """Figures that only 、和与至 stand between share what stands before the first."""
    runs = [[figures[0]]]
    for before, figure in pairwise(figures):
        if _JOINT.fullmatch(masked, before.end, figure.start):
            runs[-1].append(figure)
        else:
            runs.append([figure])
    return runs


def _listed(masked: str, names: list[Name]) -> list[Name]:
    """The last names that form one list (A、B和C); a single name is a list of one."""
    chosen: list[Name] = []
    for name in reversed(names):
        if chosen and not _JOINT.fullmatch(masked, name.end, chosen[0].start):
            break
        chosen.insert(0, name)
    return chosen


def _others(names: list[Name], listed: list[Name]) -> frozenset[str]:
    return frozenset(code for name in names if name not in listed and name.kind != "channel" for code in name.codes)


def _items(reading: Reading, start: int, end: int, count: int) -> tuple[str, ...]:
    """The things of an enumeration that no registry knows: 通信ETF甲与通信ETF乙 before two figures."""
    masked = reading.masked
    if "、" not in masked[start:end] and not (count and _ITEM.search(masked, start, end)):
        return ()
    stop = next((t.start for t in _between(reading.tokens, (start, end)) if _stops(t)), end)
    figure = masked.find(FIGURE, start, stop)
    stop = figure if figure >= 0 else stop
    pieces = _cut(masked, start, stop, _ITEM)
    items = tuple(reading.folded[a:b].strip() for a, b in pieces)
    if count and len(items) != count:
        return ()
    return items if len(items) > 1 and all(1 < len(item) < 24 for item in items) else ()


def _stops(token: Token) -> bool:
    return (
        bool(token.meaning.slugs)
        or token.meaning.kind in ("dir", "basis", "say")
        or token.text in ("分别", "依次", "等", "均", "各")
    )


def _timeless(masked: str, start: int, end: int, times: list[Time]) -> str:
    """The text of a span without its date words."""
    chars = list(masked[start:end])
    for figure in times:
        chars[figure.start - start : figure.end - start] = BLANK * (figure.end - figure.start)
    return "".join(chars)


def _rest(text: str, start: int, tokens: list[Token]) -> str:
    """What no list knows, in order, pieces joined by a blank."""
    pieces: list[str] = []
    place = 0
    for token in (*tokens, None):
        stop = token.start - start if token else len(text)
        piece = re.sub(r"[^\u4e00-\u9fffA-Za-z]+", " ", text[place:stop]).strip()
        if piece:
            pieces.append(piece)
        if token:
            place = token.end - start
    return " ".join(pieces)


def _role(left: str) -> str:
    """from: the value before (由x, 前值x); expected: what was expected of it."""
    if _FROM.search(left):
        return "from"
    return "expected" if _EXPECTED.search(left) else ""


def _form(figure: Figure, left: str) -> str:
    """Does it grow by so much, or to so much?"""
    plain = left.rstrip(f"{BLANK} ")
    if figure.unit == "倍":
        return "by" if _BY.search(plain) else "to" if _TO.search(left) else ""
    if _REACHES.search(plain):
        return "to"
    return "by" if _MOVES.search(plain) else ""
