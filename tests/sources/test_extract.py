"""Facts of prose and tables: whom, what, when and which way, and what is left unbound because its sentence leaves it open."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from quantshark.model import SHANGHAI, Document, Fact
from quantshark.sources.extract import Proof, extract, prove, teach


def clock(hour: int, minute: int, day: int = 11) -> datetime:
    return datetime(2025, 12, day, hour, minute, tzinfo=SHANGHAI)


EVENING = clock(16, 22)


def proofs(text: str, title: str = "", at: datetime = EVENING, kind: str = "news") -> tuple[Proof, ...]:
    document = Document("d", text, title=title, published_at=at, kind=kind)
    return prove(document, teach((document,)))


def told(text: str, surface: str, title: str = "", at: datetime = EVENING) -> Fact:
    """The one bound fact of a text whose figure is printed so; the last where it is printed twice."""
    found = [proof for proof in proofs(text, title, at) if surface in proof.claim.figure.surface]
    assert found, f"no figure {surface}"
    assert found[-1].bound, f"{surface} is unbound: {found[-1].unbound}"
    return found[-1].fact


def spelled(fact: Fact, names: str) -> str:
    """The fields of a fact that a row speaks of, as one line."""
    return " ".join(str(_field(fact, name)) for name in names.split())


def _field(fact: Fact, name: str) -> object:
    if name != "when":
        return getattr(fact, name)
    if fact.period is None:
        return "-"
    start, end = fact.period.start.isoformat(), fact.period.end.isoformat()
    return start if start == end else f"{start}..{end}"


# entity measure value unit via when
FLOWS = [
    ("南向资金今日净卖出52.87亿港元。", "52.87", "FLOW.SOUTHBOUND net_flow -5287000000 HKD  2025-12-11"),
    ("其中港股通（沪）净卖出46.25亿港元，港股通（深）净卖出6.62亿港元。", "6.62", "FLOW.SOUTHBOUND.SZ net_flow -662000000 HKD  2025-12-11"),
    ("南向资金净买入8亿港元。小米集团-W获净买入8.16亿港元。", "8.16", "1810.HK net_flow 816000000 HKD FLOW.SOUTHBOUND 2025-12-11"),
    ("南向资金方面，美团-W、快手-W分别获净买入24.81亿港元、9.27亿港元。", "9.27", "1024.HK net_flow 927000000 HKD FLOW.SOUTHBOUND 2025-12-11"),
    ("南向资金方面，美团-W、快手-W分别遭净卖出24.81亿港元、9.27亿港元。", "24.81", "3690.HK net_flow -2481000000 HKD FLOW.SOUTHBOUND 2025-12-11"),
    ("个股方面，工业富联大涨，主力资金净买入超18.14亿元。", "18.14", "601138.SH net_flow 1814000000 CNY FLOW.MAIN 2025-12-11"),
    ("主力资金净流出电子等板块，其中电子板块净流出超57亿元。", "57", "~电子板块 net_flow -5700000000 CNY FLOW.MAIN 2025-12-11"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "surface", "expected"), FLOWS)
def test_money_of_a_channel(text: str, surface: str, expected: str) -> None:
    assert spelled(told(text, surface), "entity measure value unit via when") == expected


def test_money_of_a_stock_belongs_to_the_channel_of_the_title() -> None:
    fact = told("美团-W遭净卖出3亿港元。", "3亿", title="南向资金12月11日净卖出52.87亿港元")
    assert spelled(fact, "entity measure value via") == "3690.HK net_flow -300000000 FLOW.SOUTHBOUND"


# entity measure value unit kind via
STREAKS = [
    ("南向资金净买入8亿港元。小米集团-W已连续11日净买入。", "11日", "1810.HK net_flow 11 天 streak FLOW.SOUTHBOUND"),
    ("南向资金净买入8亿港元。中芯国际已连续3日净卖出。", "3日", "0981.HK net_flow -3 天 streak FLOW.SOUTHBOUND"),
    ("南向资金连续第二日净卖出。", "第二日", "FLOW.SOUTHBOUND net_flow -2 天 streak "),
    ("纳指实现连续十个交易日上涨。", "十个交易日", "IDX.IXIC change 10 天 streak "),
]


@pytest.mark.parametrize(("text", "surface", "expected"), STREAKS)
def test_streaks(text: str, surface: str, expected: str) -> None:
    assert spelled(told(text, surface), "entity measure value unit kind via") == expected


def test_a_sum_of_several_days_is_not_the_day() -> None:
    fact = told("南向资金连续第二日净卖出，两日合计净卖出63.05亿港元。", "63.05")
    assert spelled(fact, "entity value scope") == "FLOW.SOUTHBOUND -6305000000 cumulative"


# entity measure value unit basis
RATES = [
    ("恒生指数收跌0.6%。", "0.6%", "IDX.HSI change -0.6 % "),
    ("小米集团-W股价涨3%。", "3%", "1810.HK change 3 % "),
    ("小米集团-W股价累计上涨4.53%。", "4.53%", "1810.HK change 4.53 % "),
    ("大市个股方面，联想集团涨超12%。", "12%", "0992.HK change 12 % "),
    ("立讯精密营收同比增长24.2%。", "24.2%", "002475.SZ revenue 24.2 % yoy"),
    ("立讯精密净利润10亿元，同比下降5.4%。", "5.4%", "002475.SZ profit -5.4 % yoy"),
    ("宝马集团第一季度交付量为565748辆，同比下降3.5%。", "3.5%", "BMW.DE deliveries -3.5 % yoy"),
    ("立讯精密一季度净利润环比增长4%。", "4%", "002475.SZ profit 4 % qoq"),
    ("港股全市场沽空金额215亿港元，占大市成交额的10.97%。", "10.97%", "MKT.HK short_ratio 10.97 % "),
    ("港股全市场沽空比率为12.51%。", "12.51%", "MKT.HK short_ratio 12.51 % "),
    ("摩尔线程收报906.55元，较发行价上涨692.95%。", "692.95%", "688795.SH change 692.95 % ~发行价"),
    ("立讯精密一季度归属于上市公司股东的净利润亏损1.58亿元。", "1.58", "002475.SZ profit -158000000 CNY "),
    ("联想集团公告，配售价较前收盘价折让9.6%。", "9.6%", "0992.HK discount 9.6 % prev_day"),
    ("台湾加权指数上涨2.1%至36187.73点。", "36187.73点", "IDX.TAIEX price 36187.73 点 "),
    ("WTI原油收涨2.6%，上涨2.51美元，报99.08美元/桶。", "2.51", "CMD.WTI change_amount 2.51 USD "),
    ("韩国失业率降至2.7%。", "2.7%", "KR unemployment 2.7 % "),
]


@pytest.mark.parametrize(("text", "surface", "expected"), RATES)
def test_percentages_levels_and_movements(text: str, surface: str, expected: str) -> None:
    assert spelled(told(text, surface), "entity measure value unit basis") == expected


# entity measure value when
COUNTRIES = [
    ("中国11月CPI同比上涨0.7%。", "0.7%", "CN cpi 0.7 2025-11-01..2025-11-30"),
    ("国家统计局发布，11月CPI同比上涨0.7%，环比下降0.1%。", "0.1%", "CN cpi -0.1 2025-11-01..2025-11-30"),
    ("西班牙3月CPI同比增长3.4%。", "3.4%", "ES cpi 3.4 2025-03-01..2025-03-31"),
    ("据海关总署，11月我国出口3303亿美元。", "3303", "CN exports 330300000000 2025-11-01..2025-11-30"),
    ("一季度我国跨境电商出口4735亿元。", "4735", "CN ~跨境电商出口 473500000000 2025-01-01..2025-03-31"),
    ("韩国3月半导体出口同比增长151%。", "151%", "KR ~半导体出口 151 2025-03-01..2025-03-31"),
    ("美国上周原油库存减少91.3万桶。", "91.3", "US oil_inventory -913000 2025-12-01..2025-12-07"),
    ("中国人民银行开展1186亿元7天期逆回购操作。", "1186", "ORG.PBOC omo 118600000000 2025-12-11"),
    ("央行12月11日净投放378亿元。", "378", "ORG.PBOC omo_net 37800000000 2025-12-11"),
    ("1欧元兑换1.1728美元。", "1.1728", "FX.EURUSD fx_rate 1.1728 2025-12-11"),
]


@pytest.mark.parametrize(("text", "surface", "expected"), COUNTRIES)
def test_countries_and_institutions(text: str, surface: str, expected: str) -> None:
    assert spelled(told(text, surface), "entity measure value when") == expected


# entity measure
PARTS = [
    ("阿里巴巴集团经营利润同比下降85%，人工智能业务收入为96亿元。", "96", "9988.HK ~人工智能业务收入"),
    ("美国银行第一季度净利息收入达157.5亿美元。", "157.5", "BAC.US ~净利息收入"),
    ("美国银行第一季度收入达280亿美元。", "280", "BAC.US revenue"),
    ("摩根大通在阿里巴巴-W的持股比例降至7.90%。", "7.90%", "9988.HK ~摩根大通持股比例"),
    ("美联储4月维持利率不变的概率为98.4%。", "98.4%", "ORG.FED ~维持利率不变的概率"),
    ("腾讯控股公告，回购104.4万股，耗资6.32亿港元，每股价格介乎600.50港元至609.00港元。", "6.32", "0700.HK buyback_amount"),
    ("腾讯控股公告，回购104.4万股，耗资6.32亿港元，每股价格介乎600.50港元至609.00港元。", "609.00", "0700.HK buyback_price"),
    ("基石药业公告，将以每股8.97港元的价格配售1.18亿股股份。", "8.97", "2616.HK placement_price"),
    ("中远海能：拟10.18亿元投资建造两艘油轮。", "10.18", "600026.SH investment"),
    ("沪深两市成交额突破1.5万亿元。", "1.5万亿", "MKT.A turnover"),
    ("开云集团称，第一季度古驰的可比营收同比下降8%。", "8%", "KER.PA ~古驰的可比营收"),
    ("361度公告，主品牌产品于2026年第一季度的零售额同比增长10%。", "10%", "1361.HK ~主品牌产品零售额"),
    ("一季度，全国铁路累计完成旅客发送量11.33亿人。", "11.33", "CN ~铁路旅客发送量"),
    ("美国上周天然气库存同比增加6.8%。", "6.8%", "US ~天然气库存"),
    ("中赋科技(300692)公告，需支付3000万元收购意向金。", "3000", "300692.SZ ~收购意向金"),
    ("恒生指数收报22941点，主板成交额减至2695亿港元。", "2695", "MKT.HK turnover"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "surface", "expected"), PARTS)
def test_a_part_is_not_the_whole(text: str, surface: str, expected: str) -> None:
    if "中远海能" in text:
        text = f"中远海能(600026.SH)公告。{text}"
    assert spelled(told(text, surface), "entity measure") == expected


# entity measure value said_by modality
SAID = [
    ("富国银行将强生目标价从240美元上调至263美元。", "263", "~强生 target_price 263 WFC.US actual"),
    (
        "摩根士丹利给予宝丰能源平配的初始评级，目标价32.50元人民币。",
        "32.50",
        "600989.SH target_price 32.50 MS.US actual",
    ),
    ("派杰投资将微软目标价从600美元下调至500美元。", "500", "MSFT.US target_price 500 ~派杰投资 actual"),
    ("阿斯麦预计2026年销售额将在360亿欧元至400亿欧元之间。", "360", "ASML.US sales 36000000000  forecast"),
    ("韩国11月失业率为2.7%，预期2.8%。", "2.8%", "KR unemployment 2.8  forecast"),
    ("韩国11月失业率为2.7%，预期2.8%，前值2.9%。", "2.9%", "KR unemployment 2.9  actual"),
    ("高盛寻求通过发行债券筹资至少50亿美元。", "50亿", "GS.US proceeds 5000000000  plan"),
    ("央行12月15日将开展买断式逆回购6000亿元。", "6000", "ORG.PBOC omo 600000000000  plan"),
    ("爱马仕第一季度总收入为40.7亿欧元，不及预期。", "40.7", "RMS.PA revenue 4070000000  actual"),
]


@pytest.mark.parametrize(("text", "surface", "expected"), SAID)
def test_who_says_it_and_how(text: str, surface: str, expected: str) -> None:
    assert spelled(told(text, surface), "entity measure value said_by modality") == expected


# when scope
DAYS = [
    ("恒生指数半日跌0.23%。", "0.23%", clock(12, 5), "2025-12-11 half_day"),
    ("今日午间收盘，恒生指数跌0.23%，报25480.93点。", "25480.93", clock(12, 5), "2025-12-11 half_day"),
    ("创业板指涨逾2%。", "2%", clock(10, 30), "2025-12-11 intraday"),
    ("创业板指收涨2%。", "2%", clock(15, 6), "2025-12-11 "),
    ("美股收盘，道指涨0.63%。", "0.63%", clock(5, 12), "2025-12-10 "),
    ("美东时间12月10日，美股收盘，道指涨0.63%。", "0.63%", clock(5, 12), "2025-12-10 "),
    ("美股收盘，道指涨0.63%。", "0.63%", clock(5, 12, 15), "2025-12-12 "),
    ("耐克盘前涨2.5%。", "2.5%", clock(18, 0), "2025-12-11 after"),
    ("11月26日收盘至12月11日收盘，小米集团-W股价累计上涨4.53%。", "4.53%", EVENING, "2025-11-26..2025-12-11 cumulative"),
    ("美元指数10日下跌，当天下跌0.28%。", "0.28%", clock(6, 0), "2025-12-10 day"),
    ("立讯精密Q4净利润50亿元，Q3净利润48亿元。", "48", EVENING, "2025-07-01..2025-09-30 "),
    ("港股今日成交1963亿港元，上一交易日成交1800亿港元；沽空总额337亿港元。", "1800", EVENING, "2025-12-10 "),
    ("港股今日成交1963亿港元，上一交易日成交1800亿港元；沽空总额337亿港元。", "337", EVENING, "2025-12-11 "),
    ("港股今日成交1963亿港元，较上一交易日增加28亿港元。", "28亿", EVENING, "2025-12-11 "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "surface", "at", "expected"), DAYS)
def test_days_and_spans(text: str, surface: str, at: datetime, expected: str) -> None:
    assert spelled(told(text, surface, at=at), "when scope") == expected


# entity
NAMES = [
    ("小米集团-W12月11日回购380.0万股。", "380.0", "1810.HK"),
    ("快讯12月11日电，阿里巴巴-W33.68亿港元成交。阿里巴巴-W成交33.68亿港元。", "33.68", "9988.HK"),
    ("宁德时代(300750.SZ)公告，一季度净利润207亿元。", "207", "300750.SZ"),
    ("宁德时代港股跌7%。", "7%", "3750.HK"),
    ("A股收盘，比亚迪涨2%。", "2%", "002594.SZ"),
    ("港股收盘，比亚迪涨2%。", "2%", "1211.HK"),
    ("恒指夜期收涨1.01%。", "1.01%", "~恒指夜期"),
    ("现货黄金涨0.68%。", "0.68%", "CMD.GOLD"),
    ("标普500指数涨1.02%。", "1.02%", "IDX.SPX"),
    ("美股收盘，某某矿业涨超3%。", "3%", "~某某矿业"),
    ("大华股份、海森药业解禁量居前，解禁股数分别为2.93亿股、8066万股。", "8066", "~海森药业"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "surface", "entity"), NAMES)
def test_names(text: str, surface: str, entity: str) -> None:
    fact = told(text, surface)
    if entity == "~恒指夜期":
        assert fact.entity not in ("IDX.HSI", ""), "the night session is not the index"
    else:
        assert fact.entity == entity


def test_a_subject_is_carried_from_the_headline() -> None:
    fact = told("公司一季度净利润50.81亿元。", "50.81", title="立讯精密：一季度净利润50.81亿元")
    assert fact.entity == "002475.SZ"


def test_nobody_is_about_whom_sent_the_news() -> None:
    assert not extract(Document("d", "财联社12月11日电，油价上涨3%。", published_at=EVENING))


# Left open by the sentence: the reason must say so.
DOUBTFUL = [
    ("美联储官员表示，如果通胀率为4%，利率就不该降至2%。", "2%", "假设"),
    ("美联储4月加息25个基点的概率为1.6%。", "25个基点", "假设"),
    ("派杰投资将微软目标价从600美元下调至500美元。", "600", "旧值"),
    ("商品价格不得低于官方价3折。", "3折", "折扣"),
    ("25家上市券商营收、净利润同比分别增长31.03%、45.54%。", "31.03%", ""),
    ("13家上市银行金融科技投入超1800亿元。", "1800", ""),
    ("单月半导体出口额首次突破300亿美元大关。", "300亿", ""),
    ("智利国家铜业公司称一季度公司自产铜为27万吨，同比下降8.3%。", "8.3%", "什么同比环比不明"),
    ("沪深两市成交额1.5万亿元，此时放量900亿元。", "900", "比什么增减不明"),
    ("完成旅客周转量4146.83亿人公里。", "4146", ""),
    ("阿斯麦此前预计销售额在340亿欧元。", "340", "旧值"),
    ("国内商品期货收盘，20号胶涨超3%。", "3%", ""),
    ("韩股早段跌逾1%，失守2600点。", "2600", "市场没有价格"),
    ("合并后的新公司将由某东日本持股60%，高盛持股40%。", "60%", ""),
]


@pytest.mark.parametrize(("text", "surface", "reason"), DOUBTFUL)
def test_what_is_not_sure_is_left_unbound(text: str, surface: str, reason: str) -> None:
    found = [proof for proof in proofs(text) if surface in proof.claim.figure.surface]
    assert found
    assert not found[-1].bound, found[-1].fact
    assert reason in found[-1].unbound


# Dates and numbers in names measure nothing.
NO_FACT = [
    "公司将于12月11日公布业绩。",
    "标普500指数、科创50与中证1000走势分化。",
    "百度旗下昆仑芯筹备上市。",
    "第139届广交会今天开展。",
]


@pytest.mark.parametrize("text", NO_FACT)
def test_no_fact(text: str) -> None:
    assert not extract(Document("d", text, published_at=EVENING))


def test_bare_yuan_of_hong_kong_is_its_dollar_or_nobodys() -> None:
    assert told("本港財政年度首10個月赤字599億元。", "599").unit == "HKD"
    (proof,) = [p for p in proofs("華潤電力派末期息每股0.691元。") if "0.691" in p.claim.figure.surface]
    assert proof.unbound == "币种不明"


def test_a_title_that_the_feed_cut_off_tells_nothing_of_its_own() -> None:
    text = "快讯12月11日电，WTI原油期货跌幅扩大至3%，报96.07美元/桶。"
    found = extract(Document("d", text, title=text[:-7], published_at=EVENING))
    assert [fact.surface for fact in found] == ["3%", "96.07美元/桶"]


# Tables: title, CSV, and the facts of its row

TOP = """日期,代码,名称,买入金额(亿港元),卖出金额(亿港元),净买入(亿港元),连续净买入(天),连续净卖出(天),连续期间累计净买入(亿港元)
2025-12-11,01810,小米集团-W,12.33,3.06,9.27,11,,107.70
2025-12-11,00700,腾讯控股,24.35,31.28,-6.93,,3,-17.17"""

SHEETS = [
    ("南向资金重点个股净买卖", TOP, "1810.HK net_flow 11 天 streak FLOW.SOUTHBOUND "),
    ("南向资金重点个股净买卖", TOP, "0700.HK net_flow -3 天 streak FLOW.SOUTHBOUND "),
    ("南向资金重点个股净买卖", TOP, "1810.HK net_flow 10770000000 HKD money FLOW.SOUTHBOUND cumulative"),
    ("南向资金重点个股净买卖", TOP, "0700.HK net_flow -693000000 HKD money FLOW.SOUTHBOUND "),
    ("主要指数午间收盘", "代码,名称,半日收报(点)\nIDX.HSI,恒生指数,25480.93", "IDX.HSI close 25480.93 点 index  half_day"),
    ("港股主要指数", "代码,名称,涨跌幅(%)\nIDX.HSI,恒生指数,3.29", "IDX.HSI change 3.29 % percent  "),
    ("港股主要指数", "代码,名称,涨跌幅(%)\nIDX.HSI,恒生指数,-0.04", "IDX.HSI change -0.04 % percent  "),
    ("港股公司回购", "代码,名称,回购数量(万股),最高价(港元)\n00700,腾讯控股,104.4,609.00", "0700.HK buyback_high 609.00 HKD money  "),
    ("11月物价指数", "项目,报告期,同比涨跌幅(%)\n居民消费价格指数CPI,2025年11月,0.7", "CN cpi 0.7 % percent  "),
    ("日本11月物价指数", "项目,报告期,同比涨跌幅(%)\n居民消费价格指数CPI,2025年11月,2.9", "JP cpi 2.9 % percent  "),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "expected"), SHEETS)
def test_tables(title: str, text: str, expected: str) -> None:
    found = [proof.fact for proof in proofs(text, title, kind="table") if proof.bound]
    assert expected in [spelled(fact, "entity measure value unit kind via scope") for fact in found]


def test_a_row_tells_its_own_day() -> None:
    (fact,) = extract(Document("d", "日期,代码,涨跌幅(%)\n2025-12-10,IDX.DJI,1.05", published_at=EVENING, kind="table"))
    assert fact.period is not None
    assert (fact.period.start, fact.as_of, fact.value) == (date(2025, 12, 10), date(2025, 12, 11), Decimal("1.05"))
