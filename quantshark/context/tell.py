"""News as it may be told: a headline or lead clause of the source, cleaned up, in which every figure is a fact.

A story is short enough to be quoted, names days and not 今天, and stops before the first figure that is not proved.
What a document is about comes from the edition's topics; what is noise for these markets is never told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from quantshark.editions import Edition, Tone, Topic
from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.names import Names
from quantshark.lexicon.script import fold
from quantshark.model import SHANGHAI, Document, Fact, Figure

LONGEST = 60
"""Characters of a source that a public page may quote."""
SHORTEST = 8
MORE = 3
"""How many sentences of a document are looked at for one that goes on."""
AGAIN = 0.38
"""A sentence that shares this part of its character pairs with what was told says it again."""

Piece = str | Fact

_LEAD = re.compile(
    r"^[^，。,：:；;]{2,12}?(?:\d{1,2}月\d{1,2}日|记者)?(?:电|讯|报道)(?:（[^）]*）|\([^)]*\))?[，,：:\s]+"
)
_BRACKETED = re.compile(r"^\s*【([^】]{4,80})】\s*")
_BULLET = re.compile(r"^\s*[①②③④⑤]|\n")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]|<\|[^|>]*\|>")
_CLAUSE = re.compile(r"(?:[^，,；;。！？!?]|(?<=\d),(?=\d))+[，,；;。！？!?]?")
_INTRADAY = re.compile(
    r"盘中|盘前|现报|现涨|现跌|最新报|一度|拉升|扩大至|收窄至|早盘|午盘|午后|盘初|开盘|异动|日内|短线(?=拉升|走高|走低|走强|走弱|跳水|下挫|下跌|上涨|回落|冲高|反弹|翻红|翻绿|快速)|触及|此时|截至发稿|直线|跟涨|持续走强|持续活跃|涨逾|跌逾"
)
_FINAL = re.compile(r"收涨|收跌|收报|收于|收盘|结算价|全天|尾市|收高|收低|收市|收平")
_DAYLESS = re.compile(
    r"本报|记者获悉|本周[一二三四五六日]|上周[一二三四五六日]?|下周|去年同期|这家公司|我部|我们|笔者|\+[\u4e00-\u9fff]{2,6}\+"
)
_UNFINISHED = re.compile(
    r"(?:以来|截至[^，]*|月末|年末|期间|显示|表示|称|预测|认为|指出|消息|据悉|获悉|方面|其中|数据计算|背景下|情况下|公告|宣布|发布通知|统计|提出|之际|的|[一二三四]季度|[上下]半年|(?:^|[，,至])\d{1,2}月\d{1,2}日)$"
)
_EASING = re.compile(r"下调[^，。；]{0,24}?(?:利率|准备金率|LPR)")
"""A lowered rate eases; a lowered rating or forecast does not."""
_VAGUE = re.compile(r"^(?:①|其中|此外|同时|另外|与此同时|对此|消息面上|该公司|公司|其|该股|他|她|报道说)")

_TODAY = re.compile(r"今日|今天|今早|今晨|今晚")
_YESTERDAY = re.compile(r"昨日|昨天|昨晚|昨夜")
_TOMORROW = re.compile(r"明日|明天")
_SAME_DAY = re.compile(r"当天|当日")
_BARE_DAY = re.compile(r"(?<![\d月.])(\d{1,2})日(?![内均前后])")
_WEEKDAY = re.compile(r"(?<![本上下每隔])(?:周|星期)([一二三四五六日天])(?![前后内至])")
_TWICE = re.compile(r"(\d{1,2}月\d{1,2}日)[（(]\1[）)]")
_FULL_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")


_GAP = re.compile(
    r"(?<=[\u4e00-\u9fff%”》）])[ \u3000]+(?=[\u4e00-\u9fff“《A-Z])|(?<=[%\w])[ \u3000]+(?=[\u4e00-\u9fff“《]{2})"
)
_HEADED_GAP = re.compile(r"^[ \u3000]+(?=[\u4e00-\u9fffA-Z“《])")


@dataclass(frozen=True, slots=True)
class Story:
    """A clause of a document with its figures as facts; `final` is a closing figure, `intraday` a passing one."""

    document: Document
    pieces: tuple[Piece, ...]
    topics: tuple[str, ...]
    entities: tuple[str, ...]
    score: int
    tone: Tone
    intraday: bool
    final: bool
    fresh: bool = True
    about: str = ""
    """The company that the told clause is about: the first that it names."""
    prose: tuple[Piece, ...] = ()
    """As running text tells it: the lead sentence where a headline only points at it."""
    more: tuple[Piece, ...] = ()
    """The sentence after it, for running text: no longer than a quotation, its figures proved."""

    @property
    def told(self) -> tuple[Piece, ...]:
        """Its pieces with the gaps of a headline as commas."""
        told = [_GAP.sub("，", piece) if isinstance(piece, str) else piece for piece in self.pieces]
        for at, piece in enumerate(told[1:], start=1):
            told[at] = _HEADED_GAP.sub("，", piece) if isinstance(piece, str) else piece
        return tuple(told)

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Fact))

    @property
    def plain(self) -> str:
        """As the source said it."""
        return words_of(self.pieces)


def named_in(document: Document, names: Names) -> tuple[str, ...]:
    """The registry's entities in headline and first lines, in the order of their naming."""
    text = clean(f"{document.title}。{document.text[:200]}")
    return tuple(dict.fromkeys(name.codes[0] for name in names.find(fold(text)) if name.codes))


def topics_of(document: Document, topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """What a document is about, best first: words in its title weigh more than words in its first lines."""
    title, lead = document.title, document.text[:160]
    found: list[tuple[int, int, Topic]] = []
    for place, topic in enumerate(topics):
        if any(word in title or word in lead for word in topic.unless):
            continue
        hits = sum(3 if word in title else 1 for word in topic.words if word in title or word in lead)
        if hits:
            found.append((-hits * topic.weight, place, topic))
    return tuple(topic for _, _, topic in sorted(found, key=lambda row: row[:2]))


def tell(
    document: Document,
    facts: Sequence[Fact],
    entities: Iterable[str],
    edition: Edition,
    *,
    fresh: bool = True,
) -> Story | None:
    """The best clause of a document, or None where none can be told with its figures proved."""
    about = topics_of(document, edition.topics)
    if any(topic.noise for topic in about[:1]) or document.kind not in ("news", "article"):
        return None
    known = {fact.surface: fact for fact in facts}
    told = [pieces for text in _candidates(document) if (pieces := _pieces(text, known, document))]
    if not told:
        return None
    # A headline with a figure says it best; without one, the lead sentence may have it.
    pieces = next((p for p in told if any(isinstance(x, Fact) for x in p)), told[0])
    plain = words_of(pieces)
    lead = _pieces(_candidates(document)[-1], known, document, whole=True) or ()
    prose = _prose(pieces, lead, about)
    return Story(
        document=document,
        pieces=pieces,
        topics=tuple(topic.slug for topic in about),
        entities=tuple(entities),
        score=_score(about, pieces, plain, edition) - DULL * _is_dull(plain + words_of(prose), edition),
        tone=_tone(plain, edition.tones) if all(topic.leans for topic in about[:1]) else "calm",
        intraday=bool(_INTRADAY.search(plain)) and not _FINAL.search(plain),
        final=bool(_FINAL.search(plain)),
        fresh=fresh,
        prose=prose,
        more=_more(document, plain + words_of(prose), known, edition.dull),
    )


ATTRIBUTED = frozenset({"view", "broker"})
"""A view is told by the sentence that says whose it is."""
FULLER = 4
"""Characters by which a lead sentence must say more than its headline."""


def _prose(pieces: tuple[Piece, ...], lead: tuple[Piece, ...], about: Sequence[Topic]) -> tuple[Piece, ...]:
    """The lead sentence, where it says more than a headline without figures does; else nothing."""
    if not lead or lead == pieces or any(isinstance(piece, Fact) for piece in pieces):
        return ()
    attributed = bool(about) and about[0].slug in ATTRIBUTED
    return lead if attributed or len(words_of(lead)) >= len(words_of(pieces)) + FULLER else ()


def words_of(pieces: Sequence[Piece]) -> str:
    """As the source said it."""
    return "".join(piece if isinstance(piece, str) else piece.surface for piece in pieces)


def _more(document: Document, told: str, known: Mapping[str, Fact], dull: Sequence[str]) -> tuple[Piece, ...]:
    """The first sentence of the body that goes beyond what was told and is of use; empty where none can be told."""
    body = _LEAD.sub("", _BRACKETED.sub("", clean(document.text)))
    for sentence in re.split(r"(?<=[。！？!?\n])", body)[:MORE]:
        text = sentence.strip()
        if len(text) < SHORTEST or _shares(text, told) or _DAYLESS.search(text) or any(word in text for word in dull):
            continue
        pieces = _pieces(text, known, document, vague=True)
        if pieces is not None:
            return pieces
    return ()


def _shares(text: str, told: str) -> bool:
    """Does a sentence mostly say again what was told?"""
    pairs, said = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (text, told))
    return len(pairs & said) >= AGAIN * min(len(pairs), len(said))


def _score(about: Sequence[Topic], pieces: Sequence[Piece], plain: str, edition: Edition) -> int:
    """What it is about, how many figures it proves, how near it is to these markets, whether it is final."""
    figures = sum(isinstance(piece, Fact) for piece in pieces)
    points = (about[0].care if about else 0) + 3 * min(figures, 3)
    near, far = (any(word in plain for word in words) for words in (edition.home, edition.abroad))
    points += 10 * near - 14 * far
    points -= 5 * (not near and any(word in plain for word in edition.distant))
    return points + (6 if _FINAL.search(plain) else 0) - (8 if _INTRADAY.search(plain) else 0)


DULL = 18
"""What ceremony and praise cost a story, wherever it shows."""


def _is_dull(text: str, edition: Edition) -> bool:
    return any(word in text for word in edition.dull)


def _tone(plain: str, tones: Mapping[Tone, Sequence[str]]) -> Tone:
    """Which way the words lean; words of both kinds lean neither way."""
    plain = _EASING.sub("降息", plain)
    good = sum(word in plain for word in tones.get("good", ()))
    bad = sum(word in plain for word in tones.get("bad", ()))
    if good and bad:
        return "mixed"
    return "good" if good else "bad" if bad else "calm"


def _candidates(document: Document) -> list[str]:
    """Headline first where it is whole (sites cut it in the middle of the body), then the lead sentence."""
    body = clean(document.text)
    bracketed = _BRACKETED.match(body)
    headline = clean(bracketed[1] if bracketed else document.title)
    rest = _LEAD.sub("", body[bracketed.end() :] if bracketed else body)
    if _BULLET.search(rest[:60]) and _BULLET.match(rest):
        return []
    cut = not bracketed and body.startswith(headline[:12]) and not body.startswith(headline + "。")
    lead = re.split(r"(?<=[。！？!?\n])", rest.strip(), maxsplit=1)[0].strip()
    return [text for text in ("" if cut else _LEAD.sub("", headline), lead) if text]


def clean(text: str) -> str:
    """Without Markdown marks, invisible characters and what could be read as markup or a reference of ours."""
    bare = _INVISIBLE.sub("", text).replace("\u3000", " ").replace("|", "｜")
    bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", bare)
    bare = re.sub(r"[*_`#>{}\[\]<]+", "", bare.replace("*ST", "＊ST"))
    return re.sub(r"[ \t]{2,}", " ", bare).strip()


def _pieces(
    text: str, known: Mapping[str, Fact], document: Document, *, vague: bool = False, whole: bool = False
) -> tuple[Piece, ...] | None:
    """As many whole clauses as can be told, up to the longest quotation. None where the first one cannot, or where the
    `whole` is asked for and a figure on the way is not proved.
    """
    if (_VAGUE.match(text) and not vague) or _DAYLESS.search(text[:LONGEST]):
        return None
    dated = _with_days(text, document)
    if dated is None:
        return None
    done: list[Piece] = []
    length = 0
    for clause in _CLAUSE.findall(dated):
        found = _proved(clause, known)
        if found is None and whole:
            return None
        if found is None or length + len(clause) > LONGEST:
            break
        done += found
        length += len(clause)
    done = _closed(done)
    if done and isinstance(done[-1], str) and _UNFINISHED.search(done[-1]):
        return None
    return tuple(done) if length >= SHORTEST and _is_told(done) else None


def _is_told(pieces: Sequence[Piece]) -> bool:
    """A clause that only sets the scene (4月14日，) tells nothing."""
    plain = "".join(piece if isinstance(piece, str) else piece.surface for piece in pieces)
    return (
        len(_FULL_DAY.sub("", plain).strip("，。 ")) >= SHORTEST
        and plain.count("“") == plain.count("”")
        and plain.count("（") == plain.count("）")
    )


def _closed(pieces: list[Piece]) -> list[Piece]:
    """Without the comma on which it was cut."""
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip("，,；;。：: ！!")
    return [piece for piece in pieces if piece != ""]


def _proved(clause: str, known: Mapping[str, Fact]) -> list[Piece] | None:
    """The clause with its figures as facts; None where one of them is no fact. Days and spans (未来五年) are words."""
    pieces: list[Piece] = []
    at = 0
    for figure in _figures(clause):
        if figure.exempt is not None or figure.kind in ("date", "time"):
            continue
        fact = known.get(figure.surface)
        if fact is None and figure.kind == "duration":
            continue
        if fact is None or fact.status != "available":
            return None
        pieces += [clause[at : figure.start], fact]
        at = figure.end
    return [piece for piece in (*pieces, clause[at:]) if piece != ""]


@lru_cache(maxsize=4096)
def _figures(clause: str) -> tuple[Figure, ...]:
    """The editions of a morning quote from the same news."""
    return tuple(find_figures(clause))


# Days


def _with_days(text: str, document: Document) -> str | None:
    """今日, 14日 and 周三 as days of the calendar; None where the day cannot be known."""
    at = document.known_at
    if at is None:
        return None if any(p.search(text) for p in (_TODAY, _YESTERDAY, _TOMORROW, _BARE_DAY, _WEEKDAY)) else text
    day = at.astimezone(SHANGHAI).date()
    if _SAME_DAY.search(text) and not _FULL_DAY.search(text) and not _BARE_DAY.search(text):
        return None
    for pattern, shift in ((_TODAY, 0), (_YESTERDAY, -1), (_TOMORROW, 1)):
        text = pattern.sub(_say(day + timedelta(days=shift)), text)
    for found in reversed(list(_BARE_DAY.finditer(text))):
        near = next(
            (day + timedelta(days=shift) for shift in (0, -1, 1) if (day + timedelta(days=shift)).day == int(found[1])),
            None,
        )
        if near is None:  # 5日大涨 counts days, 14日 of a text of the 14th names one: what is neither near is not told
            return None
        text = text[: found.start()] + _say(near) + text[found.end() :]
    return _TWICE.sub(r"\1", _WEEKDAY.sub(lambda m: _say(_of_week(m[1], day)), text))


def _say(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _of_week(name: str, day: date) -> date:
    """The day of that name in the week of publication, the nearest one on or before it where it has passed."""
    wanted = "一二三四五六日".index("日" if name == "天" else name)
    return day - timedelta(days=day.weekday() - wanted)
