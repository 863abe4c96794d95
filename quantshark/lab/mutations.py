"""Sentences of a frozen day made false, one thing at a time, and told otherwise but true: what a validator is tried on.

Each class changes exactly one thing of one figure that is bound to a fact. A false one is made so that it cannot be true
by chance: the new surface, or the new name beside the figure, stands nowhere in the day's documents. A true one says the
same in another notation: scale, rounding with its hedge, full-width digits, traditional script, a table row.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from quantshark.context.chinese import to_traditional
from quantshark.lexicon.figures import find_figures
from quantshark.model import Entity, Figure

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Subject:
    """A true sentence, the figure in it that is bound to a fact, and whom it is about."""

    day: date
    """When it was said: 今日 in it is that day, and no later one."""
    sentence: str
    figure: Figure
    entity: Entity | None
    others: tuple[str, ...]
    """Companies of the day that do not stand in this sentence."""
    library: str
    """Everything that was said that day."""

    @property
    def number(self) -> re.Match[str] | None:
        """The digits of the figure within its surface."""
        return _DIGITS.search(self.figure.surface)

    def saying(self, surface: str) -> str:
        return self.sentence[: self.figure.start] + surface + self.sentence[self.figure.end :]

    def with_number(self, digits: str) -> str:
        return _DIGITS.sub(digits, self.figure.surface, count=1)


Change = Callable[[Subject, random.Random], Iterator[str]]
"""New sentences of a subject; none where the class does not apply."""


@dataclass(frozen=True)
class Mutation:
    """A class of changes: its name, and whether what it makes is still true."""

    slug: str
    hans: str
    change: Change
    true: bool = False


def _new(subject: Subject, surface: str) -> Iterator[str]:
    """The sentence with another figure, unless that figure is said of anything that day."""
    if surface != subject.figure.surface and surface not in subject.library:
        yield subject.saying(surface)


# False


def one_digit(subject: Subject, rng: random.Random) -> Iterator[str]:
    found = subject.number
    if found is None or len(re.sub(r"\D", "", found[0])) < 2:
        return
    places = [place for place, char in enumerate(found[0]) if char.isdigit()]
    place = rng.choice(places)
    old = found[0][place]
    new = rng.choice([d for d in "123456789" if d != old])
    yield from _new(subject, subject.with_number(found[0][:place] + new + found[0][place + 1 :]))


def swapped_digits(subject: Subject, rng: random.Random) -> Iterator[str]:
    found = subject.number
    if found is None:
        return
    pairs = [m.start() for m in re.finditer(r"(?=(\d)(\d))", found[0]) if m[1] != m[2] and (m.start() or m[2] != "0")]
    if pairs:
        at = rng.choice(pairs)
        told = found[0][:at] + found[0][at + 1] + found[0][at] + found[0][at + 2 :]
        yield from _new(subject, subject.with_number(told))


def moved_point(subject: Subject, _rng: random.Random) -> Iterator[str]:
    found = subject.number
    if found is None or "." not in found[0] or "," in found[0]:
        return
    yield from _new(subject, subject.with_number(f"{Decimal(found[0]) * 10:f}"))


def other_scale(subject: Subject, _rng: random.Random) -> Iterator[str]:
    for old, new in (("亿", "万"), ("万", "亿")):
        surface = subject.figure.surface
        if surface.count(old) == 1 and "万亿" not in surface:
            yield from _new(subject, surface.replace(old, new))


def other_unit(subject: Subject, _rng: random.Random) -> Iterator[str]:
    for old, new in (("港元", "美元"), ("美元", "港元"), ("个百分点", "%"), ("%", "个百分点"), ("个基点", "个百分点")):
        if subject.figure.surface.endswith(old):
            yield subject.saying(subject.figure.surface.removesuffix(old) + new)
            return


VERBS = tuple(
    pair
    for one, other in (
        ("净买入", "净卖出"), ("净流入", "净流出"), ("上涨", "下跌"), ("收涨", "收跌"), ("增长", "下降"), ("上升", "下滑"),
        ("上调", "下调"), ("涨", "跌"),
    )
    for pair in ((one, other), (other, one))
)  # fmt: skip


def other_direction(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """The verb right before the figure, turned round."""
    before = subject.sentence[: subject.figure.start]
    for old, new in VERBS:
        if before.endswith(old):
            yield before.removesuffix(old) + new + subject.sentence[subject.figure.start :]
            return


def other_sign(subject: Subject, _rng: random.Random) -> Iterator[str]:
    surface = subject.figure.surface
    if subject.figure.direction == 0 and surface[0] in "+-":
        yield subject.saying(("-" if surface[0] == "+" else "+") + surface[1:])


def other_company(subject: Subject, rng: random.Random) -> Iterator[str]:
    """Another company of the day in the place of the one that the figure is about."""
    entity = subject.entity
    if entity is None or not subject.others:
        return
    said = next((name for name in _names(entity) if subject.sentence.count(name) == 1), "")
    if said:
        told = subject.sentence.replace(said, rng.choice(subject.others))
        # A code in brackets behind the name would give the swap away.
        yield re.sub(r"(?<=[\u3400-\u9fffA-Z])[（(]\d{4,6}(?:\.[A-Z]{2})?[）)]", "", told)


def other_day(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """A printed day moved by a month: it falls outside of what the sources tell."""
    found = re.search(r"(?<![\d年])(\d{1,2})月(\d{1,2})日", subject.sentence)
    if found and int(found[2]) <= 28:
        month = int(found[1]) - 1 or 12
        yield subject.sentence[: found.start()] + f"{month}月{found[2]}日" + subject.sentence[found.end() :]


MEASURES = (
    ("净买入", "成交"), ("净卖出", "成交"), ("成交额", "市值"), ("营收", "净利润"), ("收入", "净利润"), ("净利润", "营收"), ("回购", "减持"),
    ("市值", "成交额"), ("同比", "环比"), ("环比", "同比"),
)  # fmt: skip


def other_measure(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """Another thing measured: the nearest such word before the figure."""
    before, after = subject.sentence[: subject.figure.start], subject.sentence[subject.figure.start :]
    places = [(before.rfind(old), old, new) for old, new in MEASURES if old in before]
    if places:
        at, old, new = max(places)
        if "，" not in before[at:] and "。" not in before[at:]:
            yield before[:at] + new + before[at + len(old) :] + after


def other_hedge(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """A bound on the wrong side: 超 what it does not exceed by rounding, 不足 what it is exactly."""
    if subject.figure.hedge is None and subject.figure.kind == "money" and (found := subject.number):
        up = (Decimal(found[0].replace(",", "")) * Decimal("1.2")).quantize(Decimal(1), ROUND_HALF_EVEN)
        yield from _new(subject, f"超{subject.with_number(str(up))}")


# True


def as_it_is(subject: Subject, _rng: random.Random) -> Iterator[str]:
    yield subject.sentence


def rescaled(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """亿 as 万 and 万 as 亿, to the last digit."""
    found, surface = subject.number, subject.figure.surface
    if found is None or subject.figure.kind != "money" or "万亿" in surface:
        return
    number, tail = Decimal(found[0].replace(",", "")), surface[found.end() :]
    if tail.startswith("亿"):
        yield subject.saying(f"{surface[: found.start()]}{_plain(number * 10000)}万{tail[1:]}")
    elif tail.startswith("万"):
        yield subject.saying(f"{surface[: found.start()]}{_plain(number / 10000)}亿{tail[1:]}")


def rounded(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """约 and one digit less: 52.87 is about 52.9."""
    found = subject.number
    if found is None or "." not in found[0] or subject.figure.hedge or subject.figure.kind not in ("money", "percent"):
        return
    number = Decimal(found[0].replace(",", ""))
    places = -int(number.as_tuple().exponent)
    less = number.quantize(Decimal(1).scaleb(1 - places), ROUND_HALF_EVEN)
    if less and abs(less - number) <= number / 20:
        yield subject.saying(f"约{subject.with_number(f'{less:f}')}")


def full_width(subject: Subject, _rng: random.Random) -> Iterator[str]:
    if subject.number:
        yield subject.saying(subject.figure.surface.translate(FULL_WIDTH))


def traditional(subject: Subject, _rng: random.Random) -> Iterator[str]:
    yield to_traditional(subject.sentence)


def in_a_table(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """The sentence in a cell of a table, under the company's name."""
    if subject.entity is not None and "|" not in subject.sentence and "\n" not in subject.sentence:
        yield f"| 标的 | 动态 |\n| --- | --- |\n| {subject.entity.hans} | {subject.sentence} |\n"


def led_in(subject: Subject, _rng: random.Random) -> Iterator[str]:
    """Words before it that claim nothing."""
    yield f"资料显示，{subject.sentence}"


FALSE: tuple[Mutation, ...] = (
    Mutation("digit", "一位数字不同", one_digit),
    Mutation("swap", "两位数字对调", swapped_digits),
    Mutation("point", "小数点移位", moved_point),
    Mutation("scale", "万与亿", other_scale),
    Mutation("unit", "单位或币种", other_unit),
    Mutation("direction", "方向相反", other_direction),
    Mutation("sign", "正负号", other_sign),
    Mutation("company", "换了公司", other_company),
    Mutation("day", "换了日期", other_day),
    Mutation("measure", "换了指标", other_measure),
    Mutation("hedge", "界限不实", other_hedge),
)
TRUE: tuple[Mutation, ...] = (
    Mutation("same", "原句", as_it_is, true=True),
    Mutation("led", "加引语", led_in, true=True),
    Mutation("rescaled", "换算万亿", rescaled, true=True),
    Mutation("rounded", "约数", rounded, true=True),
    Mutation("wide", "全角数字", full_width, true=True),
    Mutation("hant", "繁体", traditional, true=True),
    Mutation("table", "放进表格", in_a_table, true=True),
)


def _plain(number: Decimal) -> str:
    told = f"{number:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def _names(entity: Entity) -> tuple[str, ...]:
    """What a sentence may call it, longest first."""
    return tuple(sorted({entity.hans, *entity.aliases, entity.hans.split("-")[0]} - {""}, key=len, reverse=True))


def figure_in(sentence: str, surface: str) -> Figure | None:
    """The figure of that surface, where it stands once and is read as one."""
    found = [figure for figure in find_figures(sentence) if figure.surface == surface]
    return found[0] if len(found) == 1 and sentence.count(surface) == 1 else None


def applied(
    mutation: Mutation, subjects: Iterable[Subject], rng: random.Random, most: int
) -> Sequence[tuple[Subject, str]]:
    """At most so many sentences of a class, drawn from all subjects, each sentence once."""
    made = [(subject, told) for subject in subjects for told in mutation.change(subject, rng)]
    unique = list({told: (subject, told) for subject, told in made}.values())
    return rng.sample(unique, most) if len(unique) > most else unique
