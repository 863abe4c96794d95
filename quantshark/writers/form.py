"""A section as a form: the bones stay, the sentences may be written anew.

The rules writer always has an answer. Its Markdown is read as a form: headings, table frames, labels and definitions are
bones; cells, and bullets and paragraphs that cite, are slots. A model fills the slots and may cite in each only the facts
that stand there, so that another company's figure cannot get into a row; a slot that it fills badly keeps the rules' words.
Quoted news, days of the calendar and names with digits are tokens in a slot ({s1}, {t1}): the model places them, it cannot
rewrite them.

There are two styles. `sentences`: the model writes whole sentences around the references, for models that follow
instructions. `comments`: the sentence that cites stays as it is, and the model writes what it means, without a reference:
a model of one or two billion parameters leaves references out or heaps them up at the end, but comments sensibly.

`schema` says the same to an endpoint that can hold a model to a grammar: text without numerals, the slot's references in
their order. Keys are ASCII only: llama.cpp's grammar lets a model leave a schema with Chinese ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol

from quantshark.data import load_entities
from quantshark.errors import ReplyError

SHORTEST = 8
"""Han characters that make a cell worth writing anew; below are labels and statuses."""

_FOREIGN = re.compile(r"[\u0370-\u1fff\u3040-\u30ff\u3130-\u318f\ua000-\udfff\U00010000-\U0001ffff\ufffd]")
"""Other scripts, lone surrogates, pictures: none of them is a word of a report."""
_LIKE_REFERENCE = re.compile(r"[【｛（(\[]\s*[fstd]\d+|(?<![\w{])[fstd]\d+\b", re.IGNORECASE)
LONGEST = 60
"""Characters that a slot may have for each of its references, and for its two ends."""

_REFERENCE = re.compile(r"\{([fst]\d+)(?::[a-z]+)?\}")
_FACT = re.compile(r"(\{f\d+(?::[a-z]+)?\})")
_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_STORY = re.compile(r"\[[^\[\]]*\]\([df]\d+\)")
_CITED = re.compile(rf"{_STORY.pattern}|{_DAY.pattern}|\{{f\d+(?::[a-z]+)?\}}")
_CLAUSE_END = re.compile(r"[，。；！？]")
_STATED = re.compile(r"名单|居前|居首|前列|连续|累计|合计|新高|新低")
"""What reads like a comment but states a fact in words: it stays."""
_BEGINNING = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEAD_IN = re.compile(r"(?:[^\w\u3400-\u9fff\[{]*\*\*[^*]+\*\*[：:]?\s*)?")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.、）)])\s+")
_FIXED = re.compile(r"\s*(?:#|>|---|\|?\s*:?-{3,}|!\[)")
_MARKUP = re.compile(r"[\[\]<>|`*#\n\r\t]|https?:|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A sentence or two to be written: `text` is the rules' wording, `tokens` what in it is quoted news, a day or a name with digits.

    `beside` is what stands before it in its line or row, with references: what a comment comments on.
    """

    key: str
    about: str
    text: str
    tokens: tuple[tuple[str, str], ...] = ()
    beside: str = ""

    @property
    def refs(self) -> tuple[str, ...]:
        """The references that stand here, in order, each once."""
        return tuple(dict.fromkeys(_REFERENCE.findall(self.text)))

    @property
    def facts(self) -> tuple[str, ...]:
        """The references to facts that it says or stands beside."""
        told = "".join((self.beside, self.text, *(said for _, said in self.tokens)))
        return tuple(dict.fromkeys(ref for ref in _REFERENCE.findall(told) if ref.startswith("f")))


@dataclass(frozen=True, slots=True)
class Form:
    """Bones and slots, in the order of the page."""

    pieces: tuple[str | Slot, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Slot))

    def fill(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        """The section with references, piece by piece; a slot that has no text keeps the rules' words."""
        behind = (*self.pieces, "")[1:]
        return tuple(
            piece if isinstance(piece, str) else _ended(with_tokens(texts.get(piece.key, piece.text), piece), then)
            for piece, then in zip(self.pieces, behind, strict=True)
        )


def _ended(text: str, then: str | Slot) -> str:
    """The text with one full stop where the page has its own behind it."""
    return text.rstrip("。；") if isinstance(then, str) and then.startswith(("。", "；", "！", "？")) else text


Style = Literal["sentences", "comments"]


def form_of(text: str, style: Style = "sentences", letter: str = "a") -> Form:
    """The form of a section that the rules wrote (references not yet printed).

    Keys begin with `letter`: each section has its own, so that the answer to another section fits no slot of this one.
    """
    pieces: list[str | Slot] = []
    number, row = 0, ""
    for line, about, part in _parts(text):
        if "\n" in line:
            row = ""
        lead = _LEAD_IN.match(line) if part else None
        bones = lead[0] if lead else ""
        stays, prose, stop = _split(line[len(bones) :], part, style) if part else (line, "", "")
        pieces.append(bones + stays)
        if prose:
            number += 1
            key = f"{letter}{number}"
            pieces += [_slot(key, _about(about, bones), prose, (row + stays) if style == "comments" else row), stop]
        row += f"{line} " if part and line else ""
    return Form(tuple(_joined(pieces)))


def _split(line: str, part: Part, style: Style) -> tuple[str, str, str]:
    """What stays before, the prose to be written (or nothing), and what stays behind."""
    if not _is_prose(line, part):
        return line, "", ""
    if style == "sentences":
        return "", line, ""
    cited = list(_CITED.finditer(line))
    end = _CLAUSE_END.search(line, cited[-1].end()) if cited else None
    if cited and end is None:
        return line, "", ""
    start = end.end() if end else 0
    words = line[start:].rstrip("。！？ ")
    if len(_HAN.findall(words)) < SHORTEST or (cited and _STATED.search(words)):
        return line, "", ""
    return line[:start], words, line[start + len(words) :]


def _about(label: str, bones: str) -> str:
    """Whom or what a slot is about: the label of its row, else the words that lead it in."""
    return label or bones.strip(" *：:！？")


Part = Literal["", "cell", "line"]


def _parts(text: str) -> Iterator[tuple[str, str, Part]]:
    """The page in pieces: (text, what it is about, what it may be)."""
    about, head = "", True
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\n")
        end = line[len(body) :]
        if not body.strip() or _FIXED.match(body):
            head = head and not body.strip().startswith("|")
            about = body.strip("# *") if body.startswith("#") else about
            yield line, about, ""
        elif body.lstrip().startswith("|"):
            yield from _cells(body, is_head=head)
            yield end, "", ""
            head = False
        else:
            mark = _BULLET.match(body)
            bones = mark[0] if mark else ""
            yield bones, "", ""
            yield body[len(bones) :], about, "line"
            yield end, "", ""


def _cells(row: str, *, is_head: bool) -> Iterator[tuple[str, str, Part]]:
    """A row of a table. The first cell says whom the row is about and stays; the heads of the columns stay too."""
    cells = row.split("|")
    label = cells[1].strip(" *") if len(cells) > 1 else ""
    for place, cell in enumerate(cells):
        inner = cell.strip()
        before, _, after = cell.partition(inner) if inner else (cell, "", "")
        yield ("|" if place else "") + before, "", ""
        yield inner, label, "cell" if place > 1 and not is_head else ""
        yield after, "", ""


def _is_prose(text: str, part: Part) -> bool:
    """Is there something to write? A line without a reference is a definition or a frame; a digit of ours is approved."""
    own = _tokens().sub("", text)
    enough = len(_HAN.findall(own)) >= (SHORTEST if part == "cell" else SHORTEST // 2)
    return (
        enough
        and "](http" not in text
        and not _DIGIT.search(_REFERENCE.sub("", own))
        and (part == "cell" or _cites(text))
    )


def _cites(text: str) -> bool:
    return bool(_REFERENCE.search(text) or _STORY.search(text))


@lru_cache(maxsize=1)
def _tokens() -> re.Pattern[str]:
    """Quoted news, days, and names that hold digits, the longer first: 标普500指数 is nobody's figure."""
    names = (name for entity in load_entities() for name in (entity.hans, *entity.aliases) if _DIGIT.search(name))
    return re.compile("|".join((_STORY.pattern, _DAY.pattern, *map(re.escape, sorted(names, key=len, reverse=True)))))


def _slot(key: str, about: str, text: str, beside: str) -> Slot:
    tokens: list[tuple[str, str]] = []

    def name(found: re.Match[str]) -> str:
        kind = "s" if found[0].startswith("[") else "t"
        tokens.append((f"{kind}{len(tokens) + 1}", found[0]))
        return f"{{{tokens[-1][0]}}}"

    return Slot(key, about, _tokens().sub(name, text), tuple(tokens), beside)


def with_tokens(text: str, slot: Slot) -> str:
    """The text with quoted news and days put back."""
    for name, said in slot.tokens:
        text = text.replace(f"{{{name}}}", said)
    return text


def _joined(pieces: Iterable[str | Slot]) -> Iterator[str | Slot]:
    bones = ""
    for piece in pieces:
        if isinstance(piece, str):
            bones += piece
            continue
        if bones:
            yield bones
        bones = ""
        yield piece
    if bones:
        yield bones


# What a model may answer


_NONE: Mapping[str, str] = {}


def schema(
    slots: Iterable[Slot], refused: Mapping[str, str] = _NONE, barred: Mapping[str, str] = _NONE
) -> dict[str, Any]:
    """The JSON schema of an answer: every slot, no other key, text that can hold no figure of the model's own.

    `refused` are answers, by slot, that were sent back; `barred` are characters that an answer may not use.
    """
    keys = {
        slot.key: {
            "type": "string",
            "pattern": pattern(slot, refused.get(slot.key, ""), barred.get(slot.key, "")),
        }
        for slot in slots
    }
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


GAP = 40
COMMENT = 48
"""Characters between two references, and of a slot that has none. Bounded, or a small model writes on to the token cap;
short, because a grammar spells a repeat out: llama.cpp took minutes over bounds of 90 and no time over 36."""


def pattern(slot: Slot, refused: str = "", barred: str = "") -> str:
    """Text, reference, text … each reference of the slot once, in order. A comment begins unlike the one refused."""
    words = rf'[^0-9%{{}}"\\|<>*#\[\]\n{barred}]'
    if not slot.refs:
        first = f"{words[:-1]}{''.join(_beginnings(f'{slot.about} {slot.beside} {refused}'))}]"
        return f"^{first}{words}{{{SHORTEST - 1},{COMMENT - 1}}}$"
    cited = "".join(rf"\{{{ref}\}}{words}{{1,{GAP}}}" for ref in slot.refs)
    return f"^{words}{{0,{GAP}}}{cited}$"


def _beginnings(text: str) -> Iterator[str]:
    """The first characters of its clauses: a comment that begins like a headline, or like the last one, goes on like it."""
    return iter(dict.fromkeys(_BEGINNING.findall(text)))


def tokens_of(slot: Slot) -> int:
    """About how many tokens a whole answer for a slot may take: its words, its references, its key."""
    return 70 + 30 * len(slot.refs)


def calls_of(slots: Iterable[Slot], most_tokens: int) -> list[tuple[Slot, ...]]:
    """The slots in as many calls as it takes for each answer to stay within `most_tokens`: a long answer gets cut off."""
    calls: list[list[Slot]] = []
    left = 0
    for slot in slots:
        cost = tokens_of(slot)
        if not calls or cost > left:
            calls.append([])
            left = most_tokens
        calls[-1].append(slot)
        left -= cost
    return [tuple(call) for call in calls]


def accept(answer: Mapping[str, object], slots: Iterable[Slot]) -> dict[str, str]:
    """The texts of an answer, held to the form. Raises ReplyError that names the slot and what to do."""
    known = {slot.key: slot for slot in slots}
    if stray := set(answer) - set(known):
        raise ReplyError(f"unknown keys {sorted(stray)}; answer with {sorted(known)} and no other key")
    if missing := set(known) - set(answer):
        raise ReplyError(
            f"keys {sorted(missing)} are missing; answer with every key", missing=sorted(missing), told="这一项没有回答"
        )
    return {key: _accepted(answer[key], known[key]) for key in known}


def _accepted(text: object, slot: Slot) -> str:
    if not isinstance(text, str) or len(_HAN.findall(text)) < SHORTEST // 2:
        raise ReplyError(f"{slot.key} is no Chinese sentence; write one", key=slot.key, told="要写一句完整的中文")
    if len(text) > LONGEST * (len(slot.refs) + 2):
        raise ReplyError(
            f"{slot.key} has {len(text)} characters; write one or two short sentences",
            key=slot.key,
            told="太长，写得短一些",
        )
    found = _MARKUP.search(text)
    if found:
        raise ReplyError(
            f"{slot.key} holds {found[0]!r}; write plain text, links and layout are ours",
            key=slot.key,
            told="只写文字，不写链接和标记",
        )
    strange = next((mark for mark in text if not mark.isprintable() or _FOREIGN.match(mark)), None)
    if strange is not None:
        raise ReplyError(
            f"{slot.key} holds {strange!a}; write Chinese and plain punctuation",
            key=slot.key,
            told="只用中文和普通标点",
        )
    if found := _LIKE_REFERENCE.search(text):
        raise ReplyError(
            f"{slot.key} holds {found[0]!r}; references look like {{f1}}", key=slot.key, told="编号写成 {f1} 这样"
        )
    if _breaks_off(text, slot):
        raise ReplyError(
            f"{slot.key} breaks off in the middle of a sentence; write a shorter one",
            key=slot.key,
            told="太长没有写完，写得短一些",
        )
    cited = set(_REFERENCE.findall(text))
    if stray := cited - set(slot.refs):
        raise ReplyError(
            f"{slot.key} cites {sorted(stray)}, which do not belong there; it may cite {list(slot.refs)}",
            key=slot.key,
            told=f"只能引用 {'、'.join(slot.refs) or '不带编号的文字'}",
        )
    if missing := [ref for ref in slot.refs if ref not in cited]:
        raise ReplyError(
            f"{slot.key} leaves out {missing}; cite each of {list(slot.refs)}",
            key=slot.key,
            told=f"漏了编号 {'、'.join(missing)}",
        )
    if re.search(r"[{}]", _REFERENCE.sub("", text)):
        raise ReplyError(
            f"{slot.key} has a stray brace; references look like {{f1}}", key=slot.key, told="编号写成 {f1} 这样"
        )
    return text.strip()


def _breaks_off(text: str, slot: Slot) -> bool:
    """Did the grammar's bound end it? A sentence that just fits ends in a full stop, or is one character shorter."""
    last = _REFERENCE.split(text)[-1]
    return len(last) >= (GAP if slot.refs else COMMENT) and not last.endswith(("。", "！", "？"))


# Where words and references meet


class Says(Protocol):
    """What a reference (`{f1}`, `{f1:value}`) will print, and the words for the other direction."""

    def said(self, ref: str) -> str: ...

    def opposites(self, ref: str) -> tuple[str, ...]: ...


def mend_seams(text: str, says: Says) -> str:
    """Without words that a reference prints again: 净卖出{f1}, where {f1} is 净卖出52.87亿港元, says it twice.

    A verb of the wrong direction before a reference goes as well: the reference knows its sign, the model does not.
    """
    parts = _FACT.split(text)
    for place in range(1, len(parts), 2):
        phrase = says.said(parts[place])
        before = _without_opposite(parts[place - 1], says.opposites(parts[place]))
        parts[place - 1] = before[: len(before) - _overlap(before, phrase)]
        parts[place + 1] = parts[place + 1][_overlap(phrase, parts[place + 1]) :]
    return "".join(parts)


_VERBS = frozenset("报涨跌升挫增减约超近")
"""The words of one character that a phrase begins with; any other single character may be the end of a longer word."""


def _overlap(before: str, after: str) -> int:
    """How many characters end the one and begin the other."""
    longest = min(len(before), len(after))
    return next(
        (size for size in range(longest, 0, -1) if before.endswith(after[:size]) and (size > 1 or after[0] in _VERBS)),
        0,
    )


def _without_opposite(before: str, opposites: Iterable[str]) -> str:
    for word in sorted(opposites, key=len, reverse=True):
        if before.endswith(word):
            return before.removesuffix(word)
    return before
