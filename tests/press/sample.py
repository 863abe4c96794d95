"""A small report of our own words in the shape of the radar, with the documents, facts and verdicts behind it.

In the templates `⟦f1|净卖出52.87亿港元|52.87亿港元⟧` is what code prints for fact f1: the phrase, and the figure in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from quantshark.model import Document, Draft, Fact, Formula, Mark, Period, Plot, Section, Verdict
from quantshark.press.exhibits import SHANGHAI, Archive
from quantshark.press.imprint import Imprint
from quantshark.press.ledger import Origin, read
from quantshark.press.markdown import Printed, render
from quantshark.press.published import Published
from quantshark.press.release import bundle
from quantshark.sources.extract import prove, teach

SITE = "https://example.org"
DAY = date(2025, 12, 12)
SESSION = date(2025, 12, 11)
SIGN = re.compile(r"⟦(\w+)\|([^|⟧]*)\|([^⟧]*)⟧")

FLOW = Document(
    doc_id="a" * 32,
    title="港股通资金流向：科网股遭减持",
    text="12月11日港股收盘后，交易所披露港股通成交情况。当日南向资金净卖出52.87亿港元，其中阿里巴巴-W遭净卖出33.68亿港元，居首位。美团-W获净买入24.81亿港元。",
    published_at=datetime(2025, 12, 11, 17, 5, tzinfo=SHANGHAI),
    publisher="示例财经",
    demo=True,
)
XIAOMI = Document(
    doc_id="b" * 32,
    title="小米获南向资金连续增持",
    text="统计显示，小米集团-W已连续11日获南向资金净买入，期间累计净买入107.70亿港元，股价同期上涨4.53%。",
    published_at=datetime(2025, 12, 11, 18, 30, tzinfo=SHANGHAI),
    publisher="示例财经",
    url="https://news.example.com/xiaomi?id=7&lang=zh",
    demo=True,
)
PLAIN = Document(
    doc_id="c" * 32,
    title="央行公告",
    text="人民银行公告，12月15日将开展6000亿元买断式逆回购操作。",
    published_at=datetime(2025, 12, 11, 19, 0, tzinfo=SHANGHAI),
    publisher="示例通讯",
)
DOCUMENTS = (FLOW, XIAOMI, PLAIN)


SHARE = Fact(
    fact_id="f7",
    entity="9988.HK",
    entity_name="阿里巴巴-W",
    measure="~占当日净卖出额",
    measure_name="占当日净卖出额",
    value=Decimal("63.70"),
    unit="%",
    ulp=Decimal("0.01"),
    kind="percent",
    period=Period(SESSION, SESSION),
    surface="63.70%",
    formula=Formula("share", ("f2", "f1"), "3368000000 / 5287000000 * 100"),
)
SURFACES = {
    "52.87亿港元": "f1",
    "33.68亿港元": "f2",
    "11日": "f3",
    "107.70亿港元": "f4",
    "4.53%": "f5",
    "6000亿元": "f6",
    "63.70%": "f7",
}
_READ = {proof.fact.surface: proof.fact for document in DOCUMENTS for proof in prove(document, teach(DOCUMENTS))}
FACTS: dict[str, Fact] = {
    name: SHARE if surface == "63.70%" else replace(_READ[surface], fact_id=name) for surface, name in SURFACES.items()
}

OVERVIEW = """| 维度 | 状态 | 对你的直接影响 |
| :--- | :---: | :--- |
| **资金面** | 🔴南向净卖出 | 12月11日南向资金[⟦f1|净卖出52.87亿港元|52.87亿港元⟧](/News/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)，短线流动性偏紧 |
| **政策面** | 🟢呵护流动性 | [央行将开展⟦f6|6000亿元|6000亿元⟧买断式逆回购](/News/cccccccccccccccccccccccccccccccc)，跨月资金有保障 |"""
STOCKS = """**小米集团-W**：[⟦f3|连续11日|11日⟧获净买入，累计⟦f4|净买入107.70亿港元|107.70亿港元⟧](https://news.example.com/xiaomi?id=7&lang=zh)，同期股价⟦f5|上涨4.53%|4.53%⟧。

1. 阿里巴巴-W遭⟦f2|净卖出33.68亿港元|33.68亿港元⟧，**占当日净卖出额的⟦f7|63.70%|63.70%⟧。**其余个股变化不大
2. 关注“资金分歧”能否收敛"""
TRADES = (
    "12月11日，南向资金对小米集团-W⟦f4|净买入107.70亿港元|107.70亿港元⟧，阿里巴巴-W⟦f2|净卖出33.68亿港元|33.68亿港元⟧。"
)
LESSON = """**“南向资金”**是什么？它是内地投资者经港股通买卖港股的资金。

> 一句话心得：看方向，也看⟦f1|52.87亿港元|52.87亿港元⟧背后的结构。"""


def ink(template: str) -> tuple[str, tuple[Mark, ...]]:
    """A template as code would have printed it."""
    pieces: list[str] = []
    marks: list[Mark] = []
    here = length = 0
    for found in SIGN.finditer(template):
        before = template[here : found.start()]
        start = length + len(before)
        marks.append(Mark(start, start + len(found[2]), found[1]))
        pieces += (before, found[2])
        length, here = start + len(found[2]), found.end()
    return "".join((*pieces, template[here:])), tuple(marks)


def section(slug: str, title: str, template: str) -> Section:
    text, marks = ink(template)
    return Section(slug, title, text, marks)


def draft(script: Literal["hans", "hant"] = "hans", *, demo: bool = True, plots: tuple[Plot, ...] = ()) -> Draft:
    return Draft(
        edition="radar",
        day=DAY,
        script=script,
        title="12月12日盘前雷达：南向净卖出52.87亿港元，小米连续11日获净买入",
        summary="12月11日南向资金净卖出52.87亿港元，小米集团-W逆势获增持。",
        sections=(
            section("overview", "🌤️ 市场全景", OVERVIEW),
            section("stocks", "🎯 个股机会与风险雷达", STOCKS),
            section("lesson", "📚 每日投资一课", LESSON),
        ),
        context="c0ffee",
        prompts={"overview": "1" * 12, "stocks": "2" * 12},
        omitted={"themes": "当日资料不足以成篇"},
        demo=demo,
        plots=plots,
    )


IMPRINT = Imprint(
    name="盘前机会与风险雷达",
    slot=time(8, 30),
    categories=("盘前",),
    tags=("港股", "南向资金"),
    section_titles=(("themes", "主题追踪"),),
)
ORIGIN = Origin(
    datetime(2025, 12, 12, 8, 0, tzinfo=SHANGHAI), context="c0ffee", prompts={"overview": "1" * 12}, as_of=DAY
)

EXEMPT = {"12月12日": "日期", "12月11日": "日期", "1.": "列表序号", "2.": "列表序号"}
_CLAIM = re.compile(r"12月1[12]日|(?<=\n)[12]\.|" + "|".join(re.escape(surface) for surface in SURFACES))
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def verdicts(printed: Printed) -> tuple[Verdict, ...]:
    """What the check says of every figure of the sample: of the front matter, the title alone."""
    end = _FRONT.match(printed.text)
    head = printed.title_start + len(printed.title)
    shut = end.end() if end else 0
    return tuple(_verdict(found) for found in _CLAIM.finditer(printed.text) if not head <= found.start() < shut)


def _verdict(found: re.Match[str]) -> Verdict:
    surface = found[0]
    if surface in EXEMPT:
        return Verdict(found.start(), found.end(), surface, "exempt", "date", EXEMPT[surface])
    known = FACTS[SURFACES[surface]]
    status = "derived" if known.formula else "supported"
    return Verdict(found.start(), found.end(), surface, status, status, "", known, known.source)


ARCHIVE = Archive.of(DOCUMENTS, FACTS.values())


@dataclass(frozen=True, slots=True)
class Sample:
    printed: Printed
    verdicts: tuple[Verdict, ...]


def sample(*, demo: bool = True) -> Sample:
    printed = render(draft(demo=demo), IMPRINT, SITE)
    return Sample(printed, verdicts(printed))


def plot(kind: str = "names", template: str = TRADES, section_slug: str = "stocks") -> Plot:
    """A picture in words."""
    text, marks = ink(template)
    return Plot("trades", kind, section_slug, "个股净流向", text, marks)


def pictured(*plots: Plot) -> Sample:
    """The sample with pictures, by default one."""
    printed = render(draft(plots=plots or (plot(),)), IMPRINT, SITE)
    return Sample(printed, verdicts(printed))


def published(made: Sample | None = None) -> Published:
    """A sample as its files tell it."""
    made = made or sample()
    release = bundle(made.printed, made.verdicts, ARCHIVE, ORIGIN, SITE).release
    return Published(release.text, read(release.ledger))
