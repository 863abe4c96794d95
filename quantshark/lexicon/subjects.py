"""Whom a figure is about: the names of its clause, listed or nearest, or those that the clauses before left behind.

A place (在港交所), a source (据央行), an agent (获高盛上调) or a speaker is not whom the clause is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from quantshark.lexicon.carried import Carried
from quantshark.lexicon.claims import Reading
from quantshark.lexicon.masks import ISSUES, ITS_OWN
from quantshark.lexicon.names import Name, Names
from quantshark.lexicon.segments import JOINT, Segment, items, listed, others
from quantshark.model import Figure

_PASSIVE = re.compile(r"(?:获得?|遭到?|被|受到?|得到)$")
_CLASS = re.compile(r"[AHB]股")

OWN, CARRIED = True, False


class Subjects(NamedTuple):
    """Whom each figure of a run is about, whether its clause says so, and who else is named."""

    codes: tuple[tuple[str, ...], ...]
    own: bool
    via: str
    others: frozenset[str]
    items: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...] = ()


def with_object(own: Segment, figure: Figure, tail: Segment) -> Segment:
    """南向资金连续11日净买入小米: what a channel buys is whom the streak is about; 上调腾讯目标价 is of 腾讯."""
    if figure.kind == "word":
        return replace(own, names=[*own.names, *(n for n in tail.names if n.start == figure.end)])
    if figure.kind != "streak" or not own.names or any(n.kind != "channel" for n in own.names):
        return own
    bought = [n for n in tail.names if any(t.end == n.start and t.meaning.kind == "dir" for t in tail.tokens)]
    return replace(own, names=[*own.names, *bought])


@dataclass(frozen=True, slots=True)
class Whom:
    """The subjects of the clauses of one text."""

    reading: Reading
    names: Names

    def told(self, own: Segment, count: int, start: int, end: int, state: Carried, *, topic: bool) -> Subjects:
        """Whom the figures are about: the names of the clause, listed or nearest; else those carried.

        `topic` says that all of the text is about somebody already, as the cells of a table row are.
        """
        speaker = self.speaker(own)
        real = [n for n in own.names if n.kind != "product" and n != speaker and not self.oblique(n)]
        real = [n for n in real if not self.agent(n, own.names[0], state)]
        channels = [n for n in real if n.kind == "channel"]
        plain = [n for n in real if n.kind != "channel"]
        agents = [n for n in plain if n.kind == "institution"]
        if len(plain) > len(agents):
            plain = [n for n in plain if n.kind != "institution"]
        via = channels[-1].codes[0] if channels and plain and plain != agents else ""
        if channels and not plain and (self.passive(channels[-1], state) or topic):
            return self.carried(count, channels[-1].codes[0], state)
        chosen = plain if plain and (via or not channels) else real
        named = listed(self.reading.masked, chosen)
        things = items(self.reading, start, end, count) if count > 1 else ()
        if count > 1 and len(named) != count and things:
            return Subjects(tuple(self.code(i) for i in things), OWN, via, frozenset(), things)
        if count > 1 and len(named) == count:
            return Subjects(tuple(n.codes for n in named), OWN, via, others(real, named), ())
        if count > 1 and things:
            return Subjects(tuple(self.code(i) for i in things), OWN, via, frozenset(), things)
        if named:
            codes = tuple(code for n in named for code in n.codes)
            groups = tuple(n.codes for n in named)
            return Subjects((codes,) * count, OWN, via, others(real, named), (), groups)
        return self.carried(count, state.via, state)

    def carried(self, count: int, via: str, state: Carried) -> Subjects:
        """Whom the clauses before were about."""
        if count > 1 and len(state.items) == count:
            return Subjects(tuple(self.code(i) for i in state.items), CARRIED, via, state.others, state.items)
        if count > 1 and len(state.groups) == count:
            return Subjects(state.groups, CARRIED, via, state.others, ())
        if count > 1 and len(state.told) >= count:
            return Subjects(state.told[-count:], CARRIED, via, state.others, ())
        return Subjects((state.entities,) * count, CARRIED, via, state.others, ())

    def passive(self, channel: Name, state: Carried) -> bool:
        """获南向资金净买入: the channel is the buyer, not whom the clause is about."""
        return bool(_PASSIVE.search(self.reading.masked[max(0, channel.start - 3) : channel.start])) and bool(
            state.entities
        )

    def agent(self, name: Name, first: Name, state: Carried) -> bool:
        """目标价获高盛上调: who does it to the one named before."""
        before = self.reading.masked[max(0, name.start - 3) : name.start]
        told = first.start < name.start or bool(state.entities)
        return name.kind != "channel" and told and bool(_PASSIVE.search(before))

    def oblique(self, name: Name) -> bool:
        """在港交所公告: a place or a means, not whom the clause is about."""
        before = self.reading.masked[max(0, name.start - 1) : name.start]
        if _CLASS.fullmatch(name.text) and (
            ISSUES.search(self.reading.masked, max(0, name.start - 6), name.start)
            or ITS_OWN.match(self.reading.masked, name.end)
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
                return name
        return None

    def code(self, item: str) -> tuple[str, ...]:
        return self.names.codes(item) or (f"~{item}",)
