"""The figure reader, row by row. A table is named by where its rows come from.

A row is (text, surface, expected): the figure printed as `surface` in `text` reads as `expected`, written as
`kind value[..high] [unit]`, then `~about`/`~over`/`~under`, `↑`/`↓`, `!reason`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.lexicon.figures import find_figures
from quantshark.model import Figure

SHARED = Path(__file__).resolve().parents[3] / "shared"
Row = tuple[str, str, str]


def _said(figure: Figure) -> str:
    parts = [figure.kind]
    if figure.value is not None:
        parts.append(
            f"{figure.value.normalize():f}" + (f"..{figure.high.normalize():f}" if figure.high is not None else "")
        )
    if figure.unit:
        parts.append(figure.unit)
    parts += [f"~{figure.hedge}"] if figure.hedge else []
    parts += ["↑" if figure.direction > 0 else "↓"] if figure.direction else []
    parts += [f"!{figure.exempt}"] if figure.exempt else []
    return " ".join(parts)


def _expect(row: Row) -> None:
    text, surface, expected = row
    found = {figure.surface: _said(figure) for figure in find_figures(text)}
    assert found.get(surface) == expected, found


CONTRACT: list[Row] = [  # the table of what each kind looks like
    ("净买入52.87亿港元", "52.87亿港元", "money 5287000000 HKD ↑"),
    ("成交额1.68万亿", "1.68万亿", "money 1680000000000"),
    ("占比63.7%", "63.7%", "percent 63.7 %"),
    ("约六成", "六成", "percent 60 % ~about"),
    ("百分之三", "百分之三", "percent 3 %"),
    ("提高5.2个百分点", "5.2个百分点", "point 5.2 pp ↑"),
    ("上调0.25厘", "0.25厘", "point 0.25 pp ↑"),
    ("降息25个基点", "25个基点", "point 25 bp ↓"),
    ("增长2.6倍", "2.6倍", "multiple 2.6 倍 ↑"),
    ("利润翻倍", "翻倍", "multiple 2 倍 ↑"),
    ("每10股派5元", "每10股派5元", "ratio 0.5"),
    ("按3:1拆股", "3:1", "ratio 3"),
    ("上证收在4101点", "4101点", "index 4101 点"),
    ("每股420.5港元", "420.5港元", "price 420.5 HKD"),
    ("录得110547至110548.5点", "110547至110548.5点", "index 110547..110548.5 点"),
    ("1. 1月末M2同比增长10.2%", "1.", "name !list marker"),
    ("每10股派发现金股利人民币十一点五零元", "每10股派发现金股利人民币十一点五零元", "ratio 1.15"),
    ("现货99美元/盎司", "99美元/盎司", "price 99 USD"),
    ("回购104.4万股", "104.4万股", "count 1044000 股"),
    ("进行8次回购", "8次", "count 8 次"),
    ("共50家", "50家", "count 50 家"),
    ("两只新股", "两只", "count 2 只"),
    ("近三周新高", "三周", "duration 3 周"),
    ("停牌45分钟", "45分钟", "duration 45 分钟"),
    ("连续11日净买入", "11日", "streak 11 天 ↑"),
    ("录得14连升", "14连升", "streak 14 天 ↑"),
    ("位居前三，", "前三", "rank 3"),
    ("成为其第四大客户", "第四大", "rank 4"),
    ("12月17日收盘", "12月17日", "date"),
    ("昨日收跌", "昨日", "date !calendar word"),
    ("公司Q3净利润", "Q3", "date"),
    ("2025财年", "2025财年", "date"),
    ("14:30公布", "14:30", "time"),
    ("下午两点公布", "下午两点", "time"),
    ("理想L9", "L9", "name !name"),
    ("沪深300涨", "300", "name !index"),
    ("H200芯片", "H200", "name !name"),
    ("1. 机会", "1.", "name !list marker"),
    ("T+0交易", "T+0", "name !term"),
    ("腾讯(0700.HK)", "0700.HK", "name !code"),
]

FROM_SEEDS: list[Row] = [
    ("南向资金今日大幅净卖出52.87亿港元，港股承压", "52.87亿港元", "money 5287000000 HKD ↓"),
    ("连续11天净买入，累计净买入107.70亿港元", "107.70亿港元", "money 10770000000 HKD ↑"),
    ("已连续14日净买入，累计138.48亿港元", "138.48亿港元", "money 13848000000 HKD ↑"),
    ("小米却连续11天被净买入", "11天", "streak 11 天 ↑"),
    ("其中阿里被卖出33.68亿港元（占比63%）", "63%", "percent 63 %"),
    ("南向资金卖出最多的是阿里（33.68亿港元），", "33.68亿港元", "money 3368000000 HKD ↓"),
    ("若浮亏>15%，", "15%", "percent 15 % ~over ↓"),
    ("可在回调20-30%时考虑", "20-30%", "percent 20..30 % ↓"),
    ("拟使用最高75亿元闲置募集资金", "75亿元", "money 7500000000 CNY ~under"),
    ("上市首日涨幅过大（425%），", "425%", "percent 425 % ↑"),
    ("获Anthropic 11亿美元订单", "11亿美元", "money 1100000000 USD"),
    ("京东年薪200万招聘", "200万", "money 2000000"),
    ("准新车最高减2.2万元，", "2.2万元", "money 22000 CNY ↓"),
    ("小米17副屏销量244.1万台，", "17", "name !name"),
    ("小米17副屏销量244.1万台，", "244.1万台", "count 2441000 台"),
    ("总参数309B、激活参数15B的", "309B", "money 309000000000"),
    ("相比DeepSeek-V3.2提升2-2.6倍，", "2-2.6倍", "multiple 2..2.6 倍 ↑"),
    ("相比DeepSeek-V3.2提升2-2.6倍，", "DeepSeek-V3.2", "name !version"),
    ("API定价仅为对方的一半", "一半", "multiple 0.5 倍"),
    ("海豹08与海狮08官宣", "08", "name !name"),
    ("L3级自动驾驶内测超15万公里，", "15万公里", "count 150000 公里 ~over"),
    ("上市5日市值近4500亿，", "5日", "duration 5 天"),
    ("上市5日市值近4500亿，", "4500亿", "money 450000000000 ~under"),
    ("快手月内累计回购近4亿港元，", "4亿港元", "money 400000000 HKD ~under"),
    ("分别收涨2.64%及2.75%，", "2.75%", "percent 2.75 % ↑"),
    ("涨2.7%重回5200点。", "5200点", "index 5200 点 ~over"),
    ("仅在两万一点关口徘徊", "两万一点", "index 21000 点"),
    ("逼近22000点。", "22000点", "index 22000 点 ~under"),
    ("略高于近5日平均", "5日", "duration 5 天"),
    ("首度突破六千亿美元大关", "六千亿美元", "money 600000000000 USD ~over"),
    ("较上个交易日放量413亿。", "413亿", "money 41300000000 ↑"),
    ("新口徑下,9月-3.3%,12月已經轉正至+1.2%", "-3.3%", "percent -3.3 % ↓"),
    ("新口徑下,9月-3.3%,12月已經轉正至+1.2%", "+1.2%", "percent 1.2 % ↑"),
    ("凈流入3,018.1億港元,", "3,018.1億港元", "money 301810000000 HKD ↑"),
    ("(31.92x)較美股", "31.92x", "multiple 31.92 倍"),
    ("前估值 39.72xPETTM,", "39.72x", "multiple 39.72 倍"),
    ("ETF(513180)的", "513180", "name !code"),
    ("风险提示:1.上述基金", "1.", "name !list marker"),
    ("北向资金半日净流出接近490亿，", "490亿", "money 49000000000 ~under ↓"),
    ("跌了接近1.9%。", "1.9%", "percent 1.9 % ~under ↓"),
    ("浮亏瞬间超过五个点。", "五个点", "point 5 pp ~over ↓"),
    ("开盘后的45min左右，", "45min", "duration 45 分钟 ~about"),
    ("大概在1:45p.m.到2:30这个时间段", "1:45p.m.", "time"),
    ("4085~4105点之间", "4085~4105点", "index 4085..4105 点"),
    ("跌幅或许会扩大到2.5%左右", "2.5%", "percent 2.5 % ~about ↓"),
    ("释放了七成左右", "七成", "percent 70 % ~about"),
    ("科创五零的跌幅", "五零", "name !index"),
    ("01/15星期四五间的市场", "01/15", "date"),
]

BUGS_CAUGHT: list[Row] = [  # each defeated a number reader in use somewhere
    ("提高5.2个百分点", "5.2个百分点", "point 5.2 pp ↑"),
    ("报五十二点八七亿元", "五十二点八七亿元", "money 5287000000 CNY"),
    ("斥资1401.2739万美元", "1401.2739万美元", "money 14012739 USD"),
    ("回购104.4万股", "104.4万股", "count 1044000 股"),
    ("2026年Q1上市", "2026年Q1", "date"),
    ("四季度收入增速31.0%", "四季度", "date"),
    ("筹得US$11 billion。", "US$11 billion", "money 11000000000 USD"),
    ("筹得几十亿元", "几十亿元", "money CNY ~about !vague"),
    ("升七成。", "七成", "percent 70 % ↑"),
    ("增长两倍半。", "两倍半", "multiple 2.5 倍 ↑"),
    ("成交三点一三万亿元", "三点一三万亿元", "money 3130000000000 CNY"),
    ("人民币8800万元的合同", "人民币8800万元", "money 88000000 CNY"),
    ("售价2万至3万元", "2万至3万元", "money 20000..30000 CNY"),
    ("介于负1至负2", "负1至负2", "number -1..-2 ↓"),
    ("占47. 4%股权", "47. 4%", "percent 47.4 %"),
    ("质押14,400,00股", "14,400", "number 14400"),
    ("近千万元", "千万元", "money 10000000 CNY ~under"),
    ("逾千億元", "千億元", "money 100000000000 CNY ~over"),
    ("陆亿元整", "陆亿元整", "money 600000000 CNY"),
    ("三万元", "三万元", "money 30000 CNY"),
    ("报9 2 7 3 . 3 7点。", "9 2 7 3 . 3 7点", "index 9273.37 点"),
    ("占4\u200b.\u200b9\u200b6\u200b1\u200b6%。", "4\u200b.\u200b9\u200b6\u200b1\u200b6%", "percent 4.9616 %"),
    ("有4 0家公司", "4 0家", "count 40 家"),
    ("报𝟖𝟏𝟐𝟔.𝟎𝟗点", "𝟖𝟏𝟐𝟔.𝟎𝟗点", "index 8126.09 点"),
    ("下调至١٦٣.٢港元", "١٦٣.٢港元", "money 163.2 HKD ↓"),
    ("净卖出２９．６９亿港元", "２９．６９亿港元", "money 2969000000 HKD ↓"),
    ("增长贰仟壹佰玖拾壹点肆叁%", "贰仟壹佰玖拾壹点肆叁%", "percent 2191.43 % ↑"),
    ("重伍佰叁拾陆吨", "伍佰叁拾陆吨", "count 536 吨"),
    ("按年升百分之零點三一", "百分之零點三一", "percent 0.31 % ↑"),
    ("上证收在4101点。\n跌了0.6%", "0.6%", "percent 0.6 % ↓"),
    ("成交52.87亿\n港元", "52.87亿\n港元", "money 5287000000 HKD"),
    ("连板12天6板", "6板", "count 6 板"),
    ("結束4連升，", "4連升", "streak 4 天 ↑"),
    ("港股連升兩日，", "兩日", "streak 2 天 ↑"),
    ("跌幅收窄至3%", "3%", "percent 3 % ↓"),
    ("跌幅收窄3个百分点", "3个百分点", "point 3 pp ↓"),
    ("较6900元下跌两成", "6900元", "money 6900 CNY"),
    ("为78.71%,-32.70%,18.70%", "18.70%", "percent 18.7 %"),
    ("涨跌分布: 2729家", "2729家", "count 2729 家"),
    ("每千瓦时加价1分钱", "1分钱", "price 0.01 CNY ↑"),
    ("北京时间22时）", "北京时间22时", "time"),
    ("降雨量20～40毫米", "20～40毫米", "count 20..40 毫米"),
    ("20日均线位置", "20日", "duration 20 天"),
    ("策略-250219》", "250219", "date"),
    ("纯MDI10月份价格", "10月份", "date"),
    ("較預算增加17億2千多萬元", "17億2千多萬元", "money 1720000000 CNY ~over ↑"),
    ("追加約2億9千8百萬美元投資", "2億9千8百萬美元", "money 298000000 USD ~about"),
    ("去年少賺20%", "20%", "percent 20 % ↓"),
    ("派息16.29美仙", "16.29美仙", "money 0.1629 USD"),
    ("日圓跌穿150兌1美元", "150", "number 150 ~under"),
    ("《2025/26財政預算案》", "2025/26", "date"),
    ("下年度第三季起", "第三季", "date"),
    ("向全体股东每10股派发现金分红69.57元(含税)", "每10股派发现金分红69.57元", "ratio 6.957"),
    ("净利润为12.3/15.6/18.9亿元", "12.3", "money 1230000000 CNY"),
    ("对应PE为25/20/16倍", "20", "multiple 20 倍"),
    ("分别为12.3、15.6和18.9亿元", "15.6", "money 1560000000 CNY"),
    ("跌123.45点或0.51%", "0.51%", "percent 0.51 % ↓"),
    ("市盈率15.3倍", "15.3倍", "multiple 15.3 倍"),
    ("涨幅前三分别为", "前三", "rank 3"),
    ("标普500年内有望", "500", "name !index"),
    ("两千零二十五年", "两千零二十五年", "date"),
    ("1股拆5股", "1股拆5股", "ratio 5"),
    ("10派5元", "10派5元", "ratio 0.5"),
    ("24H1净利", "24H1", "date"),
    ("热线400-888-1234", "400-888-1234", "name !id"),
    ("第16区", "第16区", "name !name"),
    ("800G和1.6T光模块", "1.6T", "name !name"),
    ("市值US$3.5T", "US$3.5T", "money 3500000000000 USD"),
    ("过去一年上涨", "一年", "duration 1 年"),
    ("已进行过两次拍卖", "两次", "count 2 次"),
    ("规模过千亿元", "千亿元", "money 100000000000 CNY ~over"),
    ("致10死30伤", "30伤", "count 30 人"),
    ("1300余间房屋", "1300余间", "count 1300 间 ~over"),
    ("1—4月份", "1—4月份", "date"),
    ("碳-14同位素", "14", "name !name"),
    ("前值-2，", "-2", "number -2 ↓"),
    ("(2019)鲁02民初135号", "2019)鲁02民初135号", "name !id"),
    ("1供3供股", "1供3", "ratio 3"),
    ("决议:一、通过", "一、", "name !list marker"),
    ("恒生指数一度跌逾500点", "500点", "index 500 点 ~over ↓"),
    ("5个涨停、1个跌停", "5个", "count 5 个 ↑"),
    ("三分之一分之一", "三分之一", "ratio 0.3333333333333333333333333333"),
]

UNITS: list[Row] = [
    ("賣出3.5億港幣", "3.5億港幣", "money 350000000 HKD ↓"),
    ("1200亿日元", "1200亿日元", "money 120000000000 JPY"),
    ("5元3毛", "5元3毛", "money 5.3 CNY"),
    ("20 BP", "20 BP", "point 20 bp"),
    ("升5％", "5％", "percent 5 % ↑"),
    ("打75折", "75折", "percent 75 %"),
    ("打九折", "九折", "percent 90 %"),
    ("三成半", "三成半", "percent 35 %"),
    ("千分之五", "千分之五", "percent 0.5 %"),
    ("三分之一", "三分之一", "ratio 0.3333333333333333333333333333"),
    ("跌了200个点", "200个点", "index 200 点 ↓"),
    ("腰斩", "腰斩", "multiple 0.5 倍 ↓"),
    ("产能减半", "减半", "multiple 0.5 倍 ↓"),
    ("股东过半同意", "过半", "multiple 0.5 倍 ~over"),
    ("翻了两番", "翻了两番", "multiple 4 倍 ↑"),
    ("1.5bn美元", "1.5bn美元", "money 1500000000 USD"),
    ("HK$12m", "HK$12m", "money 12000000 HKD"),
    ("￥300", "￥300", "money 300 CNY"),
    ("120百万元", "120百万元", "money 120000000 CNY"),
    ("8亿元人民币", "8亿元人民币", "money 800000000 CNY"),
    ("11萬1700人", "11萬1700人", "count 111700 人"),
    ("一年期LPR", "一年期", "duration 1 年"),
    ("3个交易日", "3个交易日", "duration 3 天"),
    ("每10股转增4股", "每10股转增4股", "ratio 0.4"),
    ("三比一", "三比一", "ratio 3"),
    ("每10股派发现金分红逾69元(含税)", "每10股派发现金分红逾69元", "ratio 6.9 ~over"),
    ("每10股派70元左右", "每10股派70元", "ratio 7 ~about"),
    ("位列榜首", "榜首", "rank 1"),
    ("前10名", "前10名", "rank 10"),
    ("第3次回购", "第3次", "rank 3 次"),
    ("第三日下跌", "第三日", "streak 3 天 ↓"),
]

RANGES: list[Row] = [
    ("5%-10%", "5%-10%", "percent 5..10 %"),
    ("三至五成", "三至五成", "percent 30..50 %"),
    ("8000元至1.2万元", "8000元至1.2万元", "money 8000..12000 CNY"),
    ("8000至1.2万元", "8000至1.2万元", "money 8000..12000 CNY"),
    ("2-3亿港元", "2-3亿港元", "money 200000000..300000000 HKD"),
    ("三四家", "三四家", "count 3..4 家 ~about"),
    ("二三十亿元", "二三十亿元", "money 2000000000..3000000000 CNY ~about"),
    ("250.44港元至257.95港元", "250.44港元至257.95港元", "money 250.44..257.95 HKD"),
    ("由5%至3%，", "5%", "percent 5 %"),
]

HEDGES: list[Row] = [
    ("约31.5亿港元", "31.5亿港元", "money 3150000000 HKD ~about"),
    ("涨近4%", "4%", "percent 4 % ~under ↑"),
    ("涨超8%", "8%", "percent 8 % ~over ↑"),
    ("逾六成", "六成", "percent 60 % ~over"),
    ("不足50家", "50家", "count 50 家 ~under"),
    ("500余万元", "500余万元", "money 5000000 CNY ~over"),
    ("20多家", "20多家", "count 20 家 ~over"),
    ("100亿元左右", "100亿元", "money 10000000000 CNY ~about"),
    ("15%以上", "15%", "percent 15 % ~over"),
    ("至少50亿美元", "50亿美元", "money 5000000000 USD ~over"),
    ("不超过3000万元", "3000万元", "money 30000000 CNY ~under"),
    ("拟减持不超112万股", "112万股", "count 1120000 股 ~under ↓"),
    ("失守23000点", "23000点", "index 23000 点 ~under"),
    ("约26.83亿港元、8.59亿港元", "8.59亿港元", "money 859000000 HKD ~about"),
    ("上百家企业", "百家", "count 100 家 ~over"),
    ("近20名嘉宾", "20名", "count 20 名 ~under"),
    ("附近100元", "100元", "money 100 CNY"),
]

DATES = (
    "12月17日 17日 2025-02-12 2025/2/12 20250212 2025年10月10日 2025年 2024年全年 二〇二五年十二月十七日 十二月十七日 11月 1-11月 12月15日至17日 12月15-17日 "
    "三季度 前三季度 2025年第一季度 一季报 3Q25 1H25 FY2025 2024/25财年 2025财年 Q4 前11个月 11/19"
).split()
WORDS = "今日 昨日 周三 星期四 上周五 本周 上个交易日 年初至今 上半年 月内 年内 去年同期 当日".split()
TIMES = "14:30 10点30分 上午9点半 晚上8点 23时57分 下午两点".split()

NAMES = (
    "L9 H200 MiMo-V2 QwQ-32B F-35 5G 36Kr v2.1 600519 0700.HK 002078.sz SH600519 T+0 T+1 A50 RTX5090 GPT-4o https://a.b/c1 1.2.3 "
    "FF0102 192.168.0.1"
).split()
NO_FIGURE = (
    "半导体 两市 一带一路 第一股 四小龙 百度 进一步 一体 一些 统一 唯一 第一财经 第三方 三星 三峡 万科 亿纬锂能 二手房 二级市场 千方百计 十分重要 三元锂电池 "
    "多元化 一次性 百年老店 七匹狼 九州通 五粮液 四川 陆地 参股 队伍 收拾 放肆 三农 两会 两岸 两融 一般 十足 万物互联 单一 逐一 一波三折 恒生指数一度 陆一夫"
).split()


@pytest.mark.parametrize(
    "row", CONTRACT + FROM_SEEDS + BUGS_CAUGHT + UNITS + RANGES + HEDGES, ids=lambda row: f"{row[1]} in {row[0]}"
)
def test_a_figure_reads(row: Row) -> None:
    _expect(row)


@pytest.mark.parametrize("surface", DATES)
def test_a_date_is_one_figure_without_a_value(surface: str) -> None:
    found = find_figures(f"截至{surface}收盘")
    assert [(f.surface, f.kind, f.value, f.exempt) for f in found if f.exempt != "calendar word"] == [
        (surface, "date", None, None)
    ]


@pytest.mark.parametrize("surface", WORDS)
def test_a_day_word_is_a_date_without_a_numeral(surface: str) -> None:
    assert [(f.surface, f.kind, f.exempt) for f in find_figures(f"，{surface}，")] == [
        (surface, "date", "calendar word")
    ]


@pytest.mark.parametrize("surface", TIMES)
def test_a_time_has_no_value(surface: str) -> None:
    assert [(f.surface, f.kind, f.value) for f in find_figures(f"，{surface}，")] == [(surface, "time", None)]


@pytest.mark.parametrize("surface", NAMES)
def test_a_name_is_exempt_and_whole(surface: str) -> None:
    found = find_figures(f"，{surface}，")
    assert [(f.surface, f.value) for f in found] == [(surface, None)]
    assert found[0].exempt


@pytest.mark.parametrize("text", NO_FIGURE)
def test_an_idiom_is_no_figure(text: str) -> None:
    assert find_figures(f"市场对{text}的看法") == []


def test_yuan_of_an_article_is_no_count() -> None:
    (figure,) = find_figures("这是一款新车")
    assert (figure.value, figure.exempt) == (1, "article")


SPANS = "全市场上涨个股2163只，下跌1905只；沪指跌0.6%，报4101点。"


def test_spans_are_code_points_of_the_text_as_given() -> None:
    text = "𠮷" + SPANS
    assert all(text[f.start : f.end] == f.surface for f in find_figures(text))
    assert [f.surface for f in find_figures(text)] == ["2163只", "1905只", "0.6%", "4101点"]


ULPS = [
    ("52.87亿港元", "1000000"),
    ("6000亿元", "100000000"),
    ("0.6%", "0.1"),
    ("六千亿美元", "100000000"),
    ("七成", "10"),
    ("25个基点", "1"),
]


@pytest.mark.parametrize(("text", "ulp"), ULPS)
def test_the_last_printed_digit_has_its_worth(text: str, ulp: str) -> None:
    assert find_figures(text)[0].ulp == Decimal(ulp)


def test_a_word_has_no_last_digit() -> None:
    assert find_figures("接近一半")[0].ulp is None


# ---------------------------------------------------------------------------------------------------- properties
_DECIMAL = re.compile(r"\d")
_MARKET = "0123456789０１𝟖١..,,--+%％$¥ \n\u200b一二三四五十百千万亿萬億半两零点年月日时分股港元美元个個百分点基倍折成厘第前首连续近约逾几数每派比转aBQHxVkeE^/:：~至到()（）[]#*|<>@&;，。、负"


def _holds(text: str) -> None:
    """What is true of every text: in order, apart, as printed, every digit in some figure."""
    covered, end = set[int](), 0
    for figure in find_figures(text):
        assert end <= figure.start < figure.end
        assert figure.surface == text[figure.start : figure.end]
        assert figure.value is None or figure.value.is_finite()
        end = figure.end
        covered.update(range(figure.start, figure.end))
    missed = [match.start() for match in _DECIMAL.finditer(text) if match.start() not in covered]
    assert not missed


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    _holds(text)


@given(st.text(alphabet=_MARKET, max_size=60))
def test_any_market_text_is_read(text: str) -> None:
    _holds(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "12.5亿港元",
                "三分之一",
                "1:45p.m.",
                "沪深300",
                "前三",
                "2万至3万元",
                "-0.6%",
                "，",
                "12月17日",
                "每10股派5元",
                "T+0",
                "\n1. ",
            ]
        ),
        max_size=12,
    )
)
def test_figures_beside_figures_are_read(parts: list[str]) -> None:
    _holds("".join(parts))


def test_attack_strings_are_read() -> None:
    path = SHARED / "attacks" / "strings" / "blns.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the checkout")
    for text in json.loads(path.read_text(encoding="utf-8")):
        _holds(text)


def test_real_documents_are_read() -> None:
    folder = SHARED / "bench" / "corpus"
    if not folder.exists():
        pytest.skip("the corpus is not beside the checkout")
    for path in folder.glob("*.md"):
        _holds(path.read_text(encoding="utf-8"))


HOSTILE = [
    "1",
    "1,",
    "-1",
    "1亿",
    "亿",
    "万亿",
    "1.",
    "1 ",
    "1\u200b",
    "一点",
    "a1",
    "1/",
    "1:",
    "每10股",
    "三分之",
    "三又",
    "1-",
    "，累计",
    "1e",
    "几十",
    "(1)",
    "1万",
    "一 ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_run_is_read(unit: str) -> None:
    _holds(unit * (3000 // len(unit)))
