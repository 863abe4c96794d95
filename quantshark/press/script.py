"""Simplified to traditional, for Hong Kong readers: the words change, the figures, links and marks do not.

OpenCC's `s2hk`, not `s2t`: it writes 為, 裏, 台 and 着 as Hong Kong prints them, and changes no vocabulary (`s2hkp` and
`s2twp` would: 信息 to 訊息), so that what was checked is what is said. Market terms come out as the exchanges write them:
净买入 淨買入, 占比 佔比, 回购 回購, 港股通 港股通. Names take the house form of the registry (阿里巴巴-W). A counter after a
figure is a measure word whatever OpenCC takes it for: 12只股票 is 12隻股票. The result is a draft again: it is printed
and checked once more before it goes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import cast

from quantshark.model import Draft, Entity, Mark, Plot, Section
from quantshark.press.imprint import Imprint, Script
from quantshark.press.sheet import Edit, edited

CONFIG = "s2hk"
_TARGET = re.compile(r"(?<=\]\()[^)\s]*(?=\))")
_COUNTER = re.compile(
    r"(?<=[0-9一二三四五六七八九十百千万亿两数几余多])只(?=[\u4e00-\u9fff、，。]|$)(?!有|是|能|要|会|不|需|想)"
)


class Traditional:
    """Turns text into Hong Kong's script; `names` are house forms, simplified to traditional."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = {plain: house for plain, house in (names or {}).items() if plain and house}
        longest_first = sorted(self._names, key=lambda name: (-len(name), name))
        kept = [_TARGET.pattern, *map(re.escape, longest_first)]
        self._kept = re.compile("|".join(kept))

    def text(self, text: str) -> str:
        return edited(text, (), [*self._edits(text)])[0]

    def marked(self, text: str, marks: tuple[Mark, ...]) -> tuple[str, tuple[Mark, ...]]:
        """The text in the other script, its marks on the same words."""
        return edited(text, marks, [*self._edits(text)])

    def draft(self, draft: Draft) -> Draft:
        """The draft in the other script; facts, prompts and context stay what they were."""
        return replace(
            draft,
            script="hant",
            title=self.text(draft.title),
            summary=self.text(draft.summary),
            sections=tuple(self._section(section) for section in draft.sections),
            omitted={slug: self.text(reason) for slug, reason in draft.omitted.items()},
            plots=tuple(self._plot(plot) for plot in draft.plots),
        )

    def imprint(self, imprint: Imprint) -> Imprint:
        """The lines of the edition in the other script."""
        return replace(
            imprint,
            name=self.text(imprint.name),
            publisher=self.text(imprint.publisher),
            categories=tuple(map(self.text, imprint.categories)),
            tags=tuple(map(self.text, imprint.tags)),
            label=self.text(imprint.label),
            note=self.text(imprint.note),
            demo_label=self.text(imprint.demo_label),
            demo_note=self.text(imprint.demo_note),
            disclaimer=self.text(imprint.disclaimer),
            risk=self.text(imprint.risk),
            section_titles=tuple((slug, self.text(title)) for slug, title in imprint.section_titles),
        )

    def _section(self, section: Section) -> Section:
        text, marks = self.marked(section.text, section.marks)
        return replace(section, title=self.text(section.title), text=text, marks=marks, note=self.text(section.note))

    def _plot(self, plot: Plot) -> Plot:
        text, marks = self.marked(plot.text, plot.marks)
        return replace(plot, title=self.text(plot.title), text=text, marks=marks)

    def _edits(self, text: str) -> Iterator[Edit]:
        here = 0
        for kept in self._kept.finditer(text):
            yield from _converted(text, here, kept.start())
            if kept[0] in self._names:
                yield Edit(kept.start(), kept.end(), self._names[kept[0]])
            here = kept.end()
        yield from _converted(text, here, len(text))


def house_names(entities: Iterable[Entity]) -> dict[str, str]:
    """Simplified names to the traditional ones of the registry, for names long enough to be nothing else."""
    return {entity.hans: entity.hant for entity in entities if entity.hant and len(entity.hans) > 1}


def say(words: str, script: Script) -> str:
    """Fixed words of the press (label, headings, notices) in a script."""
    return _converter()(words) if script == "hant" else words


def _converted(text: str, start: int, end: int) -> Iterator[Edit]:
    """Edits character by character where the length is kept, so that every mark stays on its word."""
    old = text[start:end]
    counted = _COUNTER.sub("隻", old)
    new = _converter()(counted)
    if len(new) != len(old):
        yield Edit(start, end, new)
        return
    for offset, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            yield Edit(start + offset, start + offset + 1, after)


@cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415 - its dictionaries are read only where traditional Chinese is printed

    return cast(Callable[[str], str], opencc.OpenCC(CONFIG).convert)  # pyright: ignore[reportUnknownMemberType] - it is untyped
