"""Who, what, when: the clause in which a figure stands, read into a claim.

`read` turns a text into claims, one for each figure: whom it is about (named in the clause, or carried over commas and
sentences), what is measured, of which day or quarter, compared with what, over what span, told as fact, plan or
forecast, and by whom. The same reading makes facts of sources and claims of drafts.

A word that no registry knows is kept as it stands (`left`, `right`): two statements that differ there differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from quantshark.lexicon import contrasts, measures, periods
from quantshark.lexicon.carried import Carried, Heading
from quantshark.lexicon.claims import Claim, Meaning, Reading, Time, Token
from quantshark.lexicon.masks import BLANK, DATE, EXEMPT, FIGURE, NAME, open_reading
from quantshark.lexicon.measured import PER_SHARE, Stretch, each, glued, measure_of
from quantshark.lexicon.names import Names
from quantshark.lexicon.segments import (
    Segment,
    after,
    between,
    counterpart,
    cut,
    form_of,
    items,
    left_edge,
    listed,
    rest_of,
    role_of,
    runs,
    timeless,
)
from quantshark.lexicon.subjects import OWN, Subjects, Whom, with_object
from quantshark.model import Figure, Period

__all__ = [
    "BLANK",
    "DATE",
    "EXEMPT",
    "FIGURE",
    "NAME",
    "Claim",
    "Meaning",
    "Reading",
    "Time",
    "Token",
    "open_reading",
    "read",
    "tellings",
]

_SENTENCE = re.compile(r"[。！？\n】]+")
_PART = re.compile(r"；")
# A blank ends a clause as a comma does, but for one between a name and its figure (腾讯控股 3.20亿港元).
_CLAUSE = re.compile(
    rf"(?!(?<={NAME})\s+{FIGURE})(?:(?<![A-Za-z\s])\s+|\s+(?![A-Za-z\s]))"
    r"|[，：()\[\]「」『』“”\"‘’《》【】|]+|,(?!\d)|--+"
)
_COMPARED = re.compile(
    r"(?:较(?!早|为|大|小|好|强)|(?<![占同环对正成可])比(?![例重率值亚特])|相比|对比|较之)([\u4e00-\u9fff\ue001A-Za-z0-9]{1,12}?)"
    r"(?=相比|大幅|小幅|略|再|多|少|高|低|增|减|放|缩|上[升涨调]|下[降跌滑调]|提|升|涨|跌|回|扩|收窄|折|溢|改)"
)
_LEVEL = re.compile(
    r"([涨升增跌降减])(?:幅|速|长率)(?:一度|进一步|逐步|继续|再度|持续|不断|向[上下])*(?:扩大|收窄|缩小|收缩|放大|放缓|加快|回落|回升|提高|修[订正]|扩|缩窄|增|升|降|达|超|逾)*(?:至|到)(?:约|近|逾|超过|接近)*$"
)
_NARROWS_TO = re.compile(r"(?:扩大|收窄|缩小|收缩|放大|缩窄|回落|回升)(?:至|到)(?:约|近|逾|超过?|接近)*$")
_PAST = re.compile(r"(?:上|前)(?:一)?(?:个)?交易日")
# 上年同期为10.7%: the value of a year ago; 较上年同期, 与去年同期相比 compare with it.
_YEAR_AGO = re.compile(r"(?<![较比与和于])(?:上年|去年)同期(?!相比|增|减|升|降|上|下|高|低|多|少)")
_COMPANY = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:地产|发展|股份|集团|科技|银行|证券|控股|汽车|置业|电子|医药|能源|集运|资本|保险|航空)"
)
# 20日合计 may be the twentieth, 十一月合计 a month: only what can be nothing but a span.
_TOTALLED = re.compile(
    r"(?:[两三四五六七八九](?:个?交易日|日|天|周|个月)|(?<!\d)\d{1,3}(?:个?交易日|天|周|个月)|十[一二三四五六七八九]?(?:个?交易日|天|周|个月))"
    r"(?:内|来|里)?(?:合计|共计|总计|合共|累计|连计|共)"
)
_ROLL = re.compile(r"[位名大家只]?的?(?:个股|股票|公司|板块|行业)?(?:分别|依次)?(?:是|为|有|包括)")
_WINDOW = re.compile(r"(?:近|过去|最近)[\d一二三四五六七八九十两]{1,3}个?(?:交易)?[日天周月年]\Z")
_MORE = re.compile(r"[比较][^，。；]{1,14}(多|少)(?:了|约|近|逾|超过?)*\Z")
_DAY_BEFORE = re.compile(r"(?:上|前)(?:一)?(?:个)?(?:交易日|日|天|月|周|季|年)[末底]?|昨[日天]|去年[末底]?|年初")
_AMONG = re.compile(r"[\s\u200b]*其中")
# The date of a report's own heading (12月12日盘前雷达：) is not that of what it tells.
_LABEL = re.compile(r"盘前|早报|晨报|晚报|日报|周报|雷达|简报")
# Kinds that set the scene rather than own what follows.
SCENES = frozenset({"compound", "market", "index", "sector", "channel", "fund"})
# What is planned, agreed and done: a clause tells of it without a figure too.
DEALS = frozenset(
    "acquisition buyback_amount buyback_shares placement_shares proceeds bond_issue investment stake holding_shares".split()
)
# Spans that a sentence may begin with, and what is summed up within them.
HEADS = frozenset({"week", "month", "quarter", "year"})
RUNNING = frozenset({"cumulative", "average"})
# What a moment of the session may be told of.
QUOTED = measures.MOVES | measures.PRICES | {"high", "low", "open", "amplitude", "change"}
# What has happened by its nature, whatever the clause before planned.
HAPPENED = frozenset({"bid"})


def read(
    text: str, names: Names, *, day: date | None = None, subject: tuple[str, ...] = (), owned: bool = False
) -> Reading:
    """Read a text. `day` is what 今日 means; `subject` is whom it is about before it names anyone (a title's).

    `owned` says that all of it is about the subject, as the cells of a table row are.
    """
    reading = open_reading(text, names, day)
    _Walk(reading, names, day, subject, owned=owned).run()
    return reading


def tellings(opened: Reading, names: Names, *, day: date | None = None) -> Reading:
    """What an opened text tells without a figure, about whom it names itself.

    Nothing is told behind the last word of a movement or a deal, so the walk ends with its sentence: of a table, mostly
    with the header. Claims are those up to there.
    """
    reading = replace(opened, claims=[], told=[])
    _Walk(reading, names, day, (), owned=False).run(max((t.end for t in opened.tokens if _tells(t)), default=0))
    return reading


def _tells(token: Token) -> bool:
    return token.meaning.kind == "dir" or not DEALS.isdisjoint(token.meaning.slugs)


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
        self.whom = Whom(reading, names)
        self.state = Carried(entities=subject)

    def run(self, until: int | None = None) -> None:
        """Through the text, or through the sentences that begin before a place."""
        masked = self.reading.masked
        self.reading.sentences = cut(self.reading.folded, 0, len(masked), _SENTENCE)
        for start, end in cut(masked, 0, len(masked), _SENTENCE):
            if until is not None and start >= until:
                break
            kept = self.state.periods if _AMONG.match(self.reading.folded, start) else ()
            self.state = Carried(entities=self.topic, periods=kept)
            self.named = False
            for part_start, part_end in cut(masked, start, end, _PART):
                self.part((start, end), part_start, part_end)
            if self.state.entities:
                self.topic = self.state.entities

    def part(self, sentence: tuple[int, int], start: int, end: int) -> None:
        clauses = self.clauses(start, end)
        self.state.part()
        self.part_start = start
        for clause in clauses:
            self.clause(sentence, clause)

    def clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        return cut(self.reading.masked, start, end, _CLAUSE)

    def clause(self, sentence: tuple[int, int], clause: tuple[int, int]) -> None:
        figures = [f for f in between(self.reading.figures, clause) if not f.exempt and f.kind not in ("date", "time")]
        if not figures:
            self.tell(sentence, clause)
            self.note(*clause)
            self.head(clause[1])
            return
        for run in runs(self.reading.masked, figures):
            left_from = left_edge(figures, run[0], clause[0])
            behind = after(figures, run[-1])
            right_to = behind.start if behind else clause[1]
            self.claims(sentence, clause, run, left_from, right_to)
        self.head(clause[1])

    def head(self, end: int) -> None:
        """净买入前三：A 3亿港元、B 2亿港元: what stands before a colon holds for each behind it."""
        if self.reading.masked[end : end + 1] == "：":
            self.state.heading = Heading(self.state.slugs, self.state.word, self.state.direction)

    def claims(
        self, sentence: tuple[int, int], clause: tuple[int, int], run: list[Figure], left_from: int, right_to: int
    ) -> None:
        """The claims of one run of figures (x、y和z share what stands before them)."""
        own = self.own(left_from, run[0].start)
        tail = self.own(run[-1].end, right_to)
        subjects = self.subjects(
            with_object(own, run[0], tail), len(run), self.enumeration(clause, left_from, len(run)), run[0].start
        )
        told = [
            self.claim(figure, sentence, clause, own, tail, subjects, item, len(run)) for item, figure in enumerate(run)
        ]
        self.reading.claims += told
        self.carry(own, subjects, left_from, run[0].start)
        self.roll(run[-1], tail)
        stuck = glued(run[-1], tail)
        if stuck:
            self.state.slugs, self.state.word = (stuck[0],), stuck[1]
        elif told[-1].measure_own and not self.state.slugs:
            self.state.slugs, self.state.word = (told[-1].measure,), told[-1].measure_word  # 6300万游客人次，增加15%

    def roll(self, figure: Figure, tail: Segment) -> None:
        """居前三位的是A、B、C，分别为x、y、z: whom a rank names, in order, is whom the figures behind are about."""
        if figure.kind not in ("rank", "count") or not _ROLL.match(self.reading.folded, figure.end):
            return
        named = listed(self.reading.masked, [name for name in tail.names if name.kind != "channel"])
        if named:
            self.state.groups = tuple(name.codes for name in named)
            self.state.entities = tuple(code for codes in self.state.groups for code in codes)
            self.state.items, self.state.told, self.named = (), (), True

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

    def tell(self, sentence: tuple[int, int], clause: tuple[int, int]) -> None:
        """What a clause without a figure says of a movement or a deal: its last word of that stands for the figure."""
        tokens = between(self.reading.tokens, clause)
        said = [t for t in tokens if t.meaning.kind == "dir"] or [t for t in tokens if DEALS & set(t.meaning.slugs)]
        if not said:
            return
        word = said[-1]
        own, tail = self.own(clause[0], word.end), self.own(word.end, clause[1])
        figure = Figure(word.start, word.end, self.reading.text[word.start : word.end], "word")
        subjects = self.subjects(with_object(own, figure, tail), 1, clause[0], word.end)
        self.reading.told.append(self.claim(figure, sentence, clause, own, tail, subjects, 0, 1))

    def note(self, start: int, end: int) -> None:
        """A clause without a figure: what it names holds for what follows."""
        own = self.own(start, end)
        before = self.state.entities
        self.carry(own, self.subjects(own, 1, start, end), start, end)
        if self.state.entities != before:
            self.state.scene = all(n.kind in SCENES for n in own.names)

    def subjects(self, own: Segment, count: int, start: int, end: int) -> Subjects:
        speaker = self.whom.speaker(own)
        if speaker is not None:
            self.state.said_by = speaker.codes[0]
        return self.whom.told(own, count, start, end, self.state, topic=self.owned and bool(self.topic))

    def claim(
        self,
        figure: Figure,
        sentence: tuple[int, int],
        clause: tuple[int, int],
        own: Segment,
        tail: Segment,
        subjects: Subjects,
        item: int,
        count: int,
    ) -> Claim:
        state = self.state
        measure, word, measured = measure_of(self.reading, state, Stretch(figure, own, tail, item, count))
        apiece = each(self.reading, own, figure)
        if apiece:
            measure = PER_SHARE.get(measure, measure)
        subjects = self.unknown(measure if measured else "", own, subjects, figure)
        modality, done = self.mode(own, tail, measure)
        own_periods = self.periods(own)
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
            direction=self.direction(figure, own, tail),
            toward=tail.direction(),
            behind=tail.basis(),
            basis=own.compared_with(item, count) or self.compared(own) or ("" if own.has_content() else state.against),
            scope=self.scope(own, measure, own_periods) | self.window(own, measure),
            periods=own_periods or state.periods,
            period_own=bool(own_periods),
            yearless=self.yearless(own) if own.times else state.yearless,
            past=self.past(own) or (state.past and not own.times),
            modality=modality,
            done=done,
            negated=own.negated(),
            via=subjects.via,
            form=form_of(figure.unit, masked[own.start : own.end]),
            role=role_of(masked[own.start : figure.start]),
            loss="亏" in word,
            left=own.rest,
            about=own.rest or ("" if measured else state.left),
            right=tail.rest,
            records=own.records() | tail.records(),
            item=item,
            said_by=state.said_by,
            mentions=self.mentions(clause, subjects),
            kinds=self.kinds(word, own, tail, subjects),
            counterpart=counterpart(self.reading.folded[self.part_start : clause[1]]),
            each=apiece,
        )

    def unknown(self, measure: str, own: Segment, subjects: Subjects, figure: Figure) -> Subjects:
        """晶门半导体涨超7%: somebody new, whom no registry knows; 短纤、尿素等涨超1%: each of them.

        中海地产166亿元 right behind another company's figure is another company's.
        """
        if own.names or subjects.own or len(own.rest) < 2:
            return subjects
        words = self.reading.folded[own.start : figure.start].strip()
        bare = not any(t.meaning.slugs for t in own.tokens) and _COMPANY.fullmatch(words)
        if measure not in measures.MOVES and not bare:
            return subjects
        new = (words,) if bare else items(self.reading, own.start, figure.start, 0) or (own.rest.replace(" ", ""),)
        return subjects._replace(codes=(tuple(f"~{name}" for name in new),) * len(subjects.codes), own=OWN)

    def mode(self, own: Segment, tail: Segment, measure: str) -> tuple[str, bool]:
        """Told as a fact, plan or forecast, and whether as done."""
        modality, done = own.modality()
        if not modality and not done and not any(t.meaning.slugs for t in own.tokens):
            modality = tail.modality()[0]  # 100%股权拟获收购
        told = modality or ("actual" if done or measure in HAPPENED else self.state.modality)
        return told, done or (self.state.done and not modality)

    def kinds(self, word: str, own: Segment, tail: Segment, subjects: Subjects) -> frozenset[tuple[str, str]]:
        """Which of a family of things; what the subject was called holds for the clauses behind it."""
        named = contrasts.kinds(f"{word} {self.reading.folded[own.start : tail.end]}")
        if subjects.own:
            self.state.kinds = frozenset(kind for kind in named if kind[0] in contrasts.OF_SUBJECTS)
        return named if subjects.own else named | self.state.kinds

    def window(self, own: Segment, measure: str) -> frozenset[str]:
        """近20日净流入, 两日合计净卖出: what follows a span of days is its total."""
        folded, low = self.reading.folded, max(self.part_start, own.start - 12)
        flows = measure in measures.FLOWS or measure == "inflow_count"
        spans = (flows and _WINDOW.search(folded, low, own.start)) or _TOTALLED.search(folded, low, own.end)
        return RUNNING - {"average"} if spans else frozenset()

    def leads(self, own: Segment) -> bool:
        """Does the date stand at the head of its clause, so that it holds for what follows?"""
        head = own.times[0].start
        if self.reading.folded[head - 1 : head] == "由":
            return False  # 由首季的1.6%加快至2.5%: what it was before
        before = self.own(own.start, head) if head > own.start else None
        return before is None or not (before.rest or any(t.meaning.kind == "dir" for t in before.tokens))

    def past(self, own: Segment) -> bool:
        """Is the figure told of the session before or of a year ago, not merely compared with it?"""
        folded = self.reading.folded
        for time in own.times:
            compared = (
                folded[time.start - 1 : time.start] in ("较", "比", "于", "对", "与") and folded[time.end] != "的"
            )
            if _PAST.fullmatch(folded, time.start, time.end) and not compared:
                return True
        if _YEAR_AGO.search(folded, own.start, own.end) is None:
            return False
        return not any(t.meaning.kind == "dir" and t.text.lstrip("净")[0] not in "亏盈" for t in own.tokens)

    def direction(self, figure: Figure, own: Segment, tail: Segment) -> int:
        """Which way, by the words before the figure, else those of the clause before it or right behind."""
        if own.has_content():
            heads = 0 if any(t.meaning.slugs for t in own.tokens) else self.state.heading.direction
            return self.level(own, figure) or figure.direction or own.direction() or self.more(own, figure) or heads
        told = self.level(own, figure) or figure.direction or own.direction() or self.more(own, figure)
        return told or self.state.direction or tail.direction()

    def more(self, own: Segment, figure: Figure) -> int:
        """比上年同期多3.99万亿元, 少: which way by a comparison."""
        match = _MORE.search(self.reading.folded, own.start, figure.start)
        return 0 if match is None else 1 if match[1] == "多" else -1

    def level(self, own: Segment, figure: Figure) -> int:
        """跌幅扩大至3%: the side of the movement, not of its growth; 收窄至1% after a rise is still a rise."""
        words = self.reading.folded[own.start : figure.start]
        match = _LEVEL.search(words)
        if match is None:
            return self.state.direction if _NARROWS_TO.search(words) else 0
        return 1 if match[1] in "涨升增" else -1

    def scope(self, own: Segment, measure: str, told: tuple[Period, ...]) -> frozenset[str]:
        """The span of a figure: of its own words, within the one that heads the sentence (本周以来，累计…)."""
        state, scope = self.state, own.scope()
        if scope:
            heads = state.scope & HEADS if state.headed and scope <= RUNNING and not told else frozenset[str]()
            return scope | heads
        if own.has_content() and own.names and not state.headed:
            return scope
        if own.has_content() and measure and measure not in QUOTED:
            return state.scope - {"intraday", "open", "close", "afternoon"}  # 盘中最高1432元，成交额41亿元
        if any(p.grain == "day" for p in told) or (own.has_content() and measure in measures.MOVES | measures.PRICES):
            return state.scope - RUNNING - HEADS  # 累计净买入5亿港元，股价涨2%; 其中今日净买入2亿港元
        return state.scope

    def mentions(self, clause: tuple[int, int], subjects: Subjects) -> frozenset[str]:
        """Everybody named from the start of this part of the sentence to the end of the clause."""
        near = between(self.reading.names, (self.part_start, clause[1]))
        return frozenset(code for n in near for code in n.codes) | {c for codes in subjects.codes for c in codes}

    def periods(self, own: Segment) -> tuple[Period, ...]:
        if not own.times:
            return ()
        folded = self.reading.folded  # 较去年同期, 较上一交易日: only compared with
        told = [
            f
            for f in own.times
            if "同期" not in folded[f.end - 2 : f.end + 2]
            and not (
                folded[f.start - 1 : f.start] in ("较", "比")
                and folded[f.end : f.end + 1] != "的"  # 较上一交易日的2015亿: its own value
                and _DAY_BEFORE.fullmatch(folded, f.start, f.end)
            )
        ]
        codes = [code for name in own.names for code in name.codes] or self.state.entities
        found = [p for p in (self.resolve(f, codes) for f in told) if p is not None]
        for period in found:
            if period.grain == "day":
                self.spoken = period
            elif period.grain == "year":
                self.year = period
        return tuple(found)

    def resolve(self, figure: Time, codes: Iterable[str]) -> Period | None:
        word = self.reading.folded[figure.start : figure.end]
        if word in ("当日", "当天", "同日"):
            return self.spoken  # the day last named, not the day of the text
        if word == "全年":
            return self.year
        return periods.resolve(word, self.day, codes)

    def yearless(self, own: Segment) -> bool:
        return all(periods.yearless(self.reading.text[f.start : f.end]) for f in own.times)

    def surface(self, own: Segment) -> str:
        return " ".join(n.text for n in own.names)

    def compared(self, own: Segment) -> str:
        """What a change is compared with where the registry has no word for it: 较上周同期, 比7月."""
        found = list(_COMPARED.finditer(self.reading.masked, own.start, own.end))
        return f"~{self.reading.folded[slice(*found[-1].span(1))]}" if found else ""

    def carry(self, own: Segment, subjects: Subjects, start: int, end: int) -> None:
        state = self.state
        modality, done = own.modality()
        if subjects.own:
            self.named = True
            state.scene = False
            state.entities = tuple(dict.fromkeys(code for codes in subjects.codes for code in codes))
            state.via, state.items = subjects.via, subjects.items
            state.groups = subjects.groups or subjects.codes
            state.told = (*state.told, *(codes for codes in dict.fromkeys(subjects.codes) if codes not in state.told))
            state.slugs, state.word = state.heading[:2]
        state.others = subjects.others | state.others
        slugs = [t for t in own.tokens if t.meaning.slugs]
        strong = [t for t in slugs if not set(t.meaning.slugs) <= measures.MOVEMENT or t.text[-1] in "幅价"]
        if strong:
            state.slugs, state.word = strong[-1].meaning.slugs, strong[-1].text
            state.measured = (*state.measured, (state.slugs, state.word))
        elif slugs and not state.slugs:
            state.slugs, state.word = slugs[-1].meaning.slugs, slugs[-1].text
        elif own.rest and not own.basis():
            state.slugs, state.word = (), ""
        state.direction = own.direction()
        state.against = own.basis() if self.reading.folded[end - 1 : end] == "的" else ""
        told = self.periods(own)
        if told and self.leads(own) and not _LABEL.search(self.reading.folded, start, end):
            state.periods = told
            state.past = self.past(own)
            state.yearless = self.yearless(own)
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
