"""The concept base: complete, exact enough to print, and its forbidden wordings catch the error and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from quantshark.data import load_concepts, load_measures
from quantshark.errors import DataError
from quantshark.lexicon.figures import find_figures
from quantshark.lexicon.script import fold
from quantshark.model import Concept

CONCEPTS = load_concepts()
BY_SLUG = {concept.slug: concept for concept in CONCEPTS}

# what the founding documents got wrong
FROM_SEEDS = [
    ("southbound", "南向资金 = 通过港股通渠道进入香港股市的内地资金 + 国际投资者资金。"),
    ("southbound", "南向资金持续关注，说明国际投资者看好其生态协同"),
    ("southbound", "南向资金卖出最多的是阿里（33.68亿港元），这说明国际投资者可能在重新评估阿里的盈利能力。"),
    ("southbound", "南向資金大幅淨賣出，這說明外資看淡港股"),
]

WRONG = [
    ("southbound", "南向资金包括内地资金和海外投资者的资金"),
    ("southbound", "外资通过港股通大举买入"),
    ("northbound", "北向资金流出，说明内地投资者避险"),
    ("southbound_eligibility", "所有港股都可以通过港股通买入"),
    ("southbound_eligibility", "该股被调出港股通，内地投资者必须清仓"),
    ("net_buying", "阿里占南向净卖出总额的63.7%"),
    ("margin_requirement", "上调融资保证金最低比例后，存量合约须补保证金"),
    ("hk_settlement", "港股实行T+2，买入后两天才能卖出"),
    ("hk_day_trading", "经港股通买入的股票不能当日卖出"),
    ("a_share_t1", "A股实行T+0交易"),
    ("price_limit", "港股设有涨跌停板"),
    ("vcm", "触发市调机制后该股停牌"),
    ("board_lot", "港股每手都是100股"),
    ("odd_lot", "港股通可以买碎股"),
    ("half_day", "今天是A股半日市"),
    ("severe_weather", "受八号风球影响，港股全日停市"),
    ("severe_weather", "台风来袭港股停市"),
    ("short_selling", "港股允许裸卖空"),
    ("short_selling", "所有港股都能沽空"),
    ("short_ratio", "沽空比率说明总股本的两成被沽空"),
    ("stamp_duty", "A股印花税双边征收"),
    ("stamp_duty", "港股印花税只向卖方征收"),
    ("grey_market", "暗盘由港交所组织"),
    ("lockup", "解禁意味着减持"),
    ("listing_hearing", "通过聆讯即算正式上市"),
    ("wvr", "名称后缀的W代表第二上市"),
    ("dual_primary", "以第二上市身份也能纳入港股通"),
    ("ah_premium", "A股与H股可以自由互换"),
    ("buyback", "回购就是大股东增持"),
    ("treasury_shares", "港股公司回购的股份必须注销"),
    ("placing", "配售又称供股"),
    ("payout_ratio", "派息比率也叫股息率"),
    ("turnover", "成交额等于资金流入"),
    ("limit_up", "恒指成份股封涨停，港股封涨停"),
    ("fail_rate", "炸板率是指跌停股票的比例"),
    ("st_stock", "这家港股被ST"),
    ("hstech", "恒生科技指数共50只成份股"),
    ("hscei", "国企指数只包含H股"),
    ("etf", "ETF成交额说明资金净流入"),
    ("etf_t0", "所有ETF都可以T+0"),
    ("yoy_qoq", "环比是指与上年同期比较"),
    ("basis_point", "一个基点等于0.1个百分点"),
    ("growth_multiple", "净利润下降了3倍"),
    ("turnaround", "公司扭亏为盈，净利润同比增长350%"),
    ("lpr", "LPR由央行直接规定"),
    ("lpr", "LPR在MLF基础上加点"),
    ("reverse_repo", "央行以逆回购作为回笼资金的工具"),
    ("outright_reverse_repo", "买断式逆回购相当于量化宽松"),
    ("mlf", "MLF利率是现行政策利率"),
    ("rrr", "降准就是降息"),
    ("tsf", "社融就是新增贷款"),
    ("m1", "M1不包括个人活期存款"),
    ("retail_sales", "社零涵盖服务消费"),
    ("fed_funds", "概率升至九成说明美联储已决定降息"),
    ("on_rrp", "美联储通过隔夜逆回购投放流动性"),
    ("linked_exchange_rate", "港元触及弱方兑换保证，金管局卖出港元"),
    ("dollar_index", "美元指数的篮子包含人民币"),
    ("bond_yield", "国债收益率走高，债市走强"),
    ("target_price", "股价必将达到目标价"),
    ("maintenance_ratio", "维持担保比例就是保证金比例"),
    ("main_force_flow", "主力资金就是机构"),
]

RIGHT = [
    "南向资金是内地投资者经港股通买卖港股的资金，不包含国际投资者的资金",
    "南向资金净买入50亿港元，外资同期净流出",
    "南向资金净买入50亿港元，高盛的数据显示外资减持",
    "不是所有港股都能通过港股通买入",
    "港股通投资者不能买入碎股，只能卖出",
    "由第二上市转为主要上市后可以纳入港股通",
    "第二上市的股票不能纳入港股通",
    "港股没有涨跌停板，不像A股有涨跌停板",
    "港股T+2不是说过两天才能卖出",
    "2024年9月6日台风摩羯来袭，港股全日停市",
    "八号风球下港股照常交易，不会停市",
    "港股不允许无货沽空",
    "一个基点是一个百分点的百分之一",
    "1个基点等于0.01个百分点",
    "A股印花税由双边改为单边征收",
    "解禁不等于减持",
    "国企指数不只包含H股",
    "此前LPR在MLF利率上加点形成",
    "修订前的M1不包括个人活期存款",
    "美元指数不包含人民币和港元",
    "央行逆回购到期，净回笼资金",
    "触及弱方兑换保证，金管局买入港元",
    "仓位降低到两成",
    "新能源汽车出口同比增长2.6倍",
    "小米集团-W获南向资金连续净买入，累计138.48亿港元",
    "美国国债收益率上升，美股走低",
]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[。！？\n]", fold(text)) if part]


def hits(concept: Concept, text: str) -> list[str]:
    return [c.pattern for c in concept.contradicts for sentence in sentences(text) if re.search(c.pattern, sentence)]


def test_base_is_large_and_graded() -> None:
    levels = Counter(concept.level for concept in CONCEPTS)
    assert len(CONCEPTS) >= 90
    assert min(levels[1], levels[2], levels[3]) >= 15


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda c: c.slug)
def test_concept_is_fit_to_print(concept: Concept) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", concept.slug)
    for text in (concept.definition, concept.why, concept.misreading, concept.example):
        assert text.endswith("。")
        assert not re.search(r"[<>{}\[\]|#*`]|http|TODO", re.sub(r"\{\w+\}", "", text))
        assert not re.search(r"[,;:?!()]", text.replace("T+", "")), f"half-width punctuation in {text}"
    assert 25 <= len(concept.definition) <= 160
    assert concept.definition.count("。") <= 3


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda c: c.slug)
def test_example_takes_only_its_own_measures(concept: Concept) -> None:
    asked = set(re.findall(r"\{(\w+)\}", concept.example)) - {"entity", "day"}
    assert asked <= set(concept.measures)
    assert concept.measures


def test_measures_of_concepts_exist() -> None:
    known = {measure.slug for measure in load_measures()}
    assert {m for concept in CONCEPTS for m in concept.measures} <= known


def test_names_mean_one_concept() -> None:
    names = Counter(name for concept in CONCEPTS for name in {concept.hans, *concept.names})
    assert [name for name, n in names.items() if n > 1] == []


def test_lessons_print_no_figure_that_nothing_would_prove() -> None:
    """The basis point cannot be defined without a number, so it is left to the glossary."""
    with_figures = [
        concept.slug
        for concept in CONCEPTS
        if any(f.exempt is None for f in find_figures(f"{concept.definition}{concept.why}{concept.misreading}"))
    ]
    assert with_figures == ["basis_point"]


@pytest.mark.parametrize(("slug", "text"), [*FROM_SEEDS, *WRONG])
def test_wrong_wording_is_caught(slug: str, text: str) -> None:
    assert hits(BY_SLUG[slug], text)


@pytest.mark.parametrize("text", RIGHT)
def test_right_wording_is_left_alone(text: str) -> None:
    assert [(c.slug, hit) for c in CONCEPTS for hit in hits(c, text)] == []


def test_every_concept_that_forbids_has_a_sample() -> None:
    assert {c.slug for c in CONCEPTS if c.contradicts} - {slug for slug, _ in [*FROM_SEEDS, *WRONG]} == UNSAMPLED


UNSAMPLED = {
    "closing_auction", "warrant", "dividend_yield", "pe", "amplitude", "gross_margin",
}  # fmt: skip


def test_base_does_not_contradict_itself() -> None:
    own = [f"{c.definition}{c.why}{c.misreading}{c.example}" for c in CONCEPTS]
    assert [(c.slug, text[:20]) for c in CONCEPTS for text in own if hits(c, text)] == []


def test_real_news_is_left_alone(shared: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((shared / "newsday").rglob("*.md")))
    assert [(c.slug, hit) for c in CONCEPTS for hit in hits(c, text)] == []


def test_founding_reports_are_caught(shared: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((shared / "seeds").iterdir()))
    assert {c.slug for c in CONCEPTS if hits(c, text)} == {"southbound"}


def entry(**changes: object) -> str:
    fields: dict[str, object] = {
        "slug": "own", "hans": "自有词条", "level": 1, "definition": "一。", "why": "二。", "misreading": "三。",
        "example": "四。", "source": "五", **changes,
    }  # fmt: skip
    return "- " + "\n  ".join(f"{name}: {value}" for name, value in fields.items() if value is not None) + "\n"


def test_user_concept_is_added_or_changed(tmp_path: Path) -> None:
    (tmp_path / "concepts.yaml").write_text(entry() + "- slug: pe\n  level: 3\n", encoding="utf-8")
    concepts = {concept.slug: concept for concept in load_concepts(tmp_path)}
    assert concepts["own"].hans == "自有词条"
    assert (concepts["pe"].level, concepts["pe"].definition) == (3, BY_SLUG["pe"].definition)


BROKEN = [
    (entry(level=4), "level is 4"),
    (entry(why=None), "why is None"),
    (entry(author="我"), "author"),
    (entry(names="口径"), "list of texts"),
    (entry(contradicts="[{pattern: '(', message: 错}]"), "does not compile"),
    (entry(contradicts="[{pattern: a}]"), "message is None"),
    (entry() + entry(), "twice"),
    ("slug: own\n", "list of objects"),
    ("- slug: [\n", "mend the YAML"),
]


@pytest.mark.parametrize(("text", "what"), BROKEN)
def test_wrong_user_concept_is_told(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "concepts.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_concepts(tmp_path)
    assert "concepts.yaml" in str(caught.value)
    assert what in str(caught.value)
