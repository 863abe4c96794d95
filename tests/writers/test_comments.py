"""The style for small models: the sentence that cites stays, the model writes what it means."""

from __future__ import annotations

import asyncio
import re

import pytest

from quantshark.context import Brief
from quantshark.errors import ReplyError
from quantshark.writers.calls import Ask, Budget, Endpoint
from quantshark.writers.form import COMMENT, Slot, accept, calls_of, form_of, pattern, tokens_of
from quantshark.writers.llm import ModelWriter
from quantshark.writers.repair import RepairingWriter
from quantshark.writers.rules import write_section
from quantshark.writers.tone import aimless, invention, retold
from tests.writers.conftest import Desk, Model, verdicts_of

PAGE = """| 维度 | 状态 | 影响 |
| :--- | :---: | :--- |
| **资金面** | 🔴南向净卖出 | 12月11日南向资金{f1}。港股流动性承压，先看流出是否收窄 |
| **政策面** | 🟢支持 | [央行将开展{f2:said}逆回购](d4)。关注落地节奏与后续的细则 |
| **美团-W** | 📉 | 当日股价{f3} | 先看净买入能否延续，再看股价与资金是否同向 |

小米集团-W 已{f3}，买盘的连贯性比单日金额更有说服力。
南向资金对阿里巴巴-W{f4}，在当日净卖出名单中居前。
"""


def test_only_what_comments_is_a_slot_and_knows_what_it_comments_on() -> None:
    slots = form_of(PAGE, "comments", "b").slots
    assert [(slot.key, slot.about, slot.text, slot.facts) for slot in slots] == [
        ("b1", "资金面", "港股流动性承压，先看流出是否收窄", ("f1",)),
        ("b2", "政策面", "关注落地节奏与后续的细则", ("f2",)),
        ("b3", "美团-W", "先看净买入能否延续，再看股价与资金是否同向", ("f3",)),
        ("b4", "", "买盘的连贯性比单日金额更有说服力", ("f3",)),
    ]


def test_a_rank_told_in_words_is_no_comment() -> None:
    assert all("名单" not in slot.text for slot in form_of(PAGE, "comments").slots)


def test_the_page_comes_back_whole_around_its_comments() -> None:
    form = form_of(PAGE, "comments")
    assert "".join(form.fill({})) == PAGE
    assert "小米集团-W 已{f3}，接着看它能否延续到下周。" in "".join(form.fill({"a4": "接着看它能否延续到下周"}))


SLOT = Slot("a1", "资金面", "先看流出是否收窄", (), "南向资金{f1}。")


@pytest.mark.parametrize("text", ["净卖出52亿，先看能否收窄", "{f1}之后先看能否收窄吧", "短", "好" * (COMMENT + 1)])
def test_a_grammar_takes_no_digit_no_reference_and_nothing_too_short_or_long(text: str) -> None:
    assert re.fullmatch(pattern(SLOT), "方向偏弱，先看流出是否收窄")
    assert not re.fullmatch(pattern(SLOT), text)


def test_a_grammar_takes_no_comment_that_begins_like_the_news_before_it() -> None:
    slot = Slot("a1", "行业面", "关注后续", (), "🟡分化 [创新性交易渐多](d1)；[惠普盘后跌{f1}](d2)。")
    assert re.fullmatch(pattern(slot), "方向不一，先看创新性交易能否扩散")
    assert not re.fullmatch(pattern(slot), "创新性交易渐多，惠普盘后下跌")
    assert not re.fullmatch(pattern(slot), "行业面出现分化，先看能否扩散")


def test_a_comment_that_was_sent_back_begins_otherwise_the_next_time(desk: Desk) -> None:
    model = Model()
    model.say = lambda _key, _ask: f"{'先方'[len(model.asked) == 1]}向偏强，接着看热度是否扩散到更多板块"
    inner = ModelWriter(Endpoint(model, attempts=1), Budget.of(60), style="comments")
    writer = RepairingWriter(inner, verdicts_of(desk), desk.evidence.names)
    brief = Brief(desk.context.edition.section("overview"), desk.context)
    asyncio.run(writer.write(brief, lambda _event: None))
    first, again = model.asked[0], [ask for ask in model.asked if "没有通过核对" in ask.messages[1][1]]
    told = [dict(ask.schema or {})["properties"]["a1"]["pattern"] for ask in (first, *again)]
    assert [bool(re.fullmatch(each, "方向偏弱，先等卖出收敛再说")) for each in told] == [True, False, False]
    assert [bool(re.fullmatch(each, "先等卖出收敛，方向偏弱再说")) for each in told] == [True, True, False]


def test_a_comment_brings_no_second_full_stop() -> None:
    assert "之一，接着看它能否延续。\n" in "".join(
        form_of("小米集团-W 已{f3}，买盘的连贯性比单日金额更有说服力。\n", "comments").fill(
            {"a1": "之一，接着看它能否延续。"}
        )
    )


def test_a_comment_that_the_bound_cut_off_is_refused() -> None:
    with pytest.raises(ReplyError, match="breaks off"):
        accept({"a1": "资金" * (COMMENT // 2)}, [SLOT])
    assert accept({"a1": "资金" * (COMMENT // 2 - 1) + "吧。"}, [SLOT])


def test_a_long_table_is_asked_for_in_several_calls() -> None:
    slots = [Slot(f"a{n}", "", "{f1}，{f2}，{f3}", ()) for n in range(9)]
    calls = calls_of(slots, 600)
    assert [slot for call in calls for slot in call] == slots
    assert all(sum(map(tokens_of, call)) <= 600 for call in calls)
    assert calls_of([Slot("a1", "", "".join(f"{{f{n}}}" for n in range(40)), ())], 600) != []


INVENTED = {
    "a cause": "受到外围降息影响，资金偏弱",
    "an event": "公司宣布新品发布，资金偏强",
    "a record": "成交创新高，资金偏强",
    "a streak": "资金持续流出，偏弱",
    "a view": "机构认为后市偏强",
}


@pytest.mark.parametrize("text", INVENTED.values(), ids=INVENTED.keys())
def test_what_no_source_told_is_found(text: str) -> None:
    assert invention(text, "南向资金净卖出")


@pytest.mark.parametrize("text", ["方向偏弱，连续净卖出，股价下跌", "方向偏强，市场看好，买盘活跃"])
def test_a_comment_that_points_at_nothing_to_watch_is_found(text: str) -> None:
    assert aimless(text)
    assert not aimless(f"{text}，先看成交")
    assert not aimless(f"{text}，能否延续")


@pytest.mark.parametrize(
    "text",
    ["接着看净买入能否持续", "若公司有公告再作判断", "资金方向偏弱，先看流出是否收窄", "留意业绩能否兑现"],
)
def test_asking_and_watching_invent_nothing(text: str) -> None:
    assert not invention(text, "南向资金净卖出")


def test_what_the_facts_tell_may_be_taken_up() -> None:
    assert not invention("连续买入之后，看能否站稳", "连续11天净买入")


def write(desk: Desk, model: Model, slug: str) -> str:
    inner = ModelWriter(Endpoint(model, attempts=1), Budget.of(60), style="comments")
    writer = RepairingWriter(inner, verdicts_of(desk), desk.evidence.names)
    import asyncio  # noqa: PLC0415

    return asyncio.run(writer.write(Brief(desk.context.edition.section(slug), desk.context), lambda _: None)).text


def test_what_a_small_model_says_stands_behind_the_facts(desk: Desk) -> None:
    text = write(
        desk, Model(say=lambda key, _ask: f"{'甲乙丙丁戊己庚辛'[int(key[1:]) % 8]}说先看方向能否得到确认"), "overview"
    )
    plain = write_section(Brief(desk.context.edition.section("overview"), desk.context)).text
    assert "说先看方向能否得到确认" in text
    assert re.findall(r"\[[^\]]+\]\([^)]+\)", text) == re.findall(r"\[[^\]]+\]\([^)]+\)", plain)


LIES = (
    "买盘汹涌，先看能否延续",
    "净买入超过九成，先看能否延续",
    "受央行降息影响，资金偏弱",
    "与宁德时代一样先看方向",
    "后市必涨，先看能否延续",
)


EXAMPLE = (
    "方向偏弱，接着看产区天气会不会打断收割",
    "偏弱，先看产区天气会不会打断交易",
    "短线偏弱，先等南向资金补货，再谈港股定价",
    "分量取决于细则，先弄清哪些资金真要停航",
    "方向偏弱，接着看产区天",
)
"""The prompt's own example, word for word and with other names put in."""


@pytest.mark.parametrize("said", [*LIES, *EXAMPLE])
def test_a_small_models_lie_or_copy_is_not_printed(desk: Desk, said: str) -> None:
    def say(key: str, ask: Ask) -> str:
        flows = f"{key}（资金面）" in ask.messages[-1][1]
        return said if flows else f"{'甲乙丙丁'[int(key[1:]) % 4]}方看，先等方向得到确认"

    text = write(desk, Model(say=say), "overview")
    assert said not in text
    assert "方看，先等方向得到确认" in text


def said_of(desk: Desk, texts: dict[str, str], slug: str = "overview") -> str:
    """The section of a model that says these things, by what the slot is about, and something harmless elsewhere."""

    def say(key: str, ask: Ask) -> str:
        line = next(line for line in ask.messages[-1][1].splitlines() if line.startswith(f"{key}（"))
        harmless = f"{'甲乙丙丁戊己'[int(key[1:]) % 6]}方看，先等方向得到确认"
        return texts.get(line.partition("（")[2].partition("）")[0], harmless)

    return write(desk, Model(say=say), slug)


def test_a_long_name_is_no_repetition(desk: Desk) -> None:
    told = "有强有弱，先看纳斯达克中国金龙指数能否跟上"
    assert told in said_of(desk, {"外围面": told})
    told = "方向偏弱，南向资金净卖出何时收窄，先看成交"
    assert told in said_of(desk, {"资金面": told})
    assert retold("隔夜美股，道指上涨，先看能否跟上", "隔夜美股，道指上涨1.34%", [(2, 4), (5, 7)])


def test_of_two_that_say_the_same_the_right_one_stays(desk: Desk) -> None:
    """The one about 华虹半导体 was sent back with the others, because another row had said it first."""
    told = "方向偏弱，先看华虹半导体何时能够企稳"
    rows = re.findall(r"^\| \*\*([^*]+)\*\*", said_of(desk, {}, "stocks"), re.MULTILINE)
    assert rows.index("华虹半导体") > 0
    text = said_of(desk, dict.fromkeys(rows, told), "stocks")
    assert [line.split("**")[1] for line in text.splitlines() if told in line] == ["华虹半导体"]


def test_a_turn_of_phrase_is_no_copy(desk: Desk) -> None:
    def say(key: str, ask: Ask) -> str:
        flows = f"{key}（资金面）" in ask.messages[-1][1]
        return "方向偏弱，接着看净卖出何时收窄" if flows else f"{'甲乙丙丁'[int(key[1:]) % 4]}方看，先等方向得到确认"

    assert "接着看净卖出何时收窄" in write(desk, Model(say=say), "overview")


def test_a_comment_on_several_companies_names_none_of_them(desk: Desk) -> None:
    def say(key: str, ask: Ask) -> str:
        line = next(line for line in ask.messages[-1][1].splitlines() if line.startswith(f"{key}（"))
        return (
            "美团-W与摩尔线程都在打理闲钱"
            if "行业面" in line
            else f"{'甲乙丙丁'[int(key[1:]) % 4]}方看，先等方向得到确认"
        )

    assert "打理闲钱" not in write(desk, Model(say=say), "overview")


def test_the_question_says_which_way_the_facts_point(desk: Desk) -> None:
    """A small model that was left to judge called net selling 偏强 in three rows of three."""
    model = Model()
    brief = Brief(desk.context.edition.section("overview"), desk.context)
    asyncio.run(ModelWriter(Endpoint(model, attempts=1), Budget.of(60), style="comments").write(brief, lambda _: None))
    lines = [line for ask in model.asked for line in ask.messages[1][1].splitlines() if "（资金面）：" in line]
    assert [line.endswith("（偏弱）") for line in lines] == [True]
