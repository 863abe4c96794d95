"""What a headline leaves out and its body tells: each principle with a true headline and a false one."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from quantshark import check
from quantshark.model import Document

DAY = date(2025, 12, 11)


class Row(NamedTuple):
    """A body, a headline that it bears out, one that it does not."""

    name: str
    body: str
    true: str
    false: str


BUGS_CAUGHT = [
    Row("earns more", "腾讯控股去年盈利100亿元，按年升6.2%。", "腾讯控股去年多赚逾6%", "腾讯控股去年少赚逾6%"),
    Row("moves by points", "港股反弹，恒生指数收市报23412点，升128点。", "港股反弹128点收市", "港股反弹182点收市"),
    Row("opens higher by", "恒指竞价时段报24512点，升417点。", "恒指高开417点", "恒指低开417点"),
    Row("early session", "韩股早段受压，较早时报2571点，跌幅1.31%。", "韩股早段跌逾1%", "韩股早段升逾1%"),
    Row("quarter, not 季增", "内地首季经济按年增长5.1%，按季增长1.3%。", "内地首季增长5.1%", "内地首季增长5.6%"),
    Row("duty behind its rate", "对进口商品在现行关税税率基础上加征27%关税。", "对进口商品加征27%关税", "对进口商品加征37%关税"),
    Row("level reached", "截至11月底外汇储备3.217万亿美元。", "外汇储备升至3.22万亿美元", "外汇储备升至3.27万亿美元"),
    Row("most of a range", "公司计划增持股份，涉资31亿至62亿元。", "公司拟增持股份 涉资最多62亿元", "公司拟增持股份 涉资最多64亿元"),
    Row("intent stays intent", "公司计划向越南追加投资4亿美元。", "公司向越南追加4亿美元投资", "公司已向越南追加4亿美元投资"),
    Row("day within a month", "颁奖典礼将于今年10月8日在香港举行。", "颁奖典礼10月在香港举行", "颁奖典礼9月在香港举行"),
    Row("bare day ahead", "邮政宣布，空邮将于12月27日起暂停。", "空邮本月27日起暂停", "空邮本月26日起暂停"),
    Row("streak of days", "日经平均指数收市升6点，结束连续3日跌势。", "日经平均指数结束3日跌势", "日经平均指数结束4日跌势"),
    Row("class of shares", "宁德时代公告，实际派发A股现金分红总额约304.45亿元。", "宁德时代分红总额超304亿元", "宁德时代分红总额超340亿元"),
    Row("each of a list", "短纤、瓶片等涨超2%，尿素涨超1%。", "瓶片涨超2%", "尿素、短纤等涨超2%"),
    Row("range of tenths", "公司预计，去年度溢利将按年减少约30%至40%。", "公司料去年度溢利减少约3至4成", "公司料去年度溢利减少约4至5成"),
    Row("kinds counted", "纽约股市3大指数初段升逾2%。", "美股3大指数初段升逾2%", "美股3大指数初段跌逾2%"),
    Row("about, by rounding", "台湾加权指数收市报22345点，跌幅0.47%。", "台股低收约0.5%", "台股低收约0.7%"),
    Row("at least about", "公司预计去年盈利按年跌约45%至50%。", "公司料去年盈利至少跌约45%", "公司料去年盈利至少跌约54%"),
    Row("a level given up", "恒指一度跌穿24000点，较早时报24085点。", "恒指一度失守24000点", "恒指一度失守23000点"),
    Row("a rise by any word", "国泰航空上月载货量按年增长12.4%至14万吨。", "国泰航空上月载货量升逾12%", "国泰航空上月载货量跌逾12%"),
    Row("shares for a share", "公司公布供股，每2股供1股，集资4亿元。", "公司2供1集资4亿元", "公司2供3集资4亿元"),
    Row("many, not more", "港铁计划未来9个月左右招标三个项目。", "港铁：未来9个月多个项目推出市场", "港铁：未来6个月多个项目推出市场"),
    Row("record in other words", "去年共处置资产3.8万亿元，创历年最多。", "去年处置资产3.8万亿元历来最多", "去年处置资产3.8万亿元近十年最多"),
    Row("year so far", "2025年以来，机构合计调研沪市公司近1400次。", "年内机构合计调研沪市公司近1400次", "2024年机构合计调研沪市公司近1400次"),
    Row("compared year", "腾讯控股第三季度盈余7.1亿元，较去年同期增长2.4倍。", "腾讯控股第三季度盈余按年增逾2倍", "腾讯控股第二季度盈余按年增逾2倍"),
    Row("two unknown owners", "富豪榜显示，字节两位创始人张三风与李四海个人财富分别升至310亿元和280亿元。", "字节创始人张三风与李四海的个人财富分别升至310亿元和280亿元", "字节创始人张三风与李四海的个人财富分别升至280亿元和310亿元"),
    Row("growth of an economy is by the year", "机构预测，本港第3季经济增速，将由1.8%加快至2.6%。", "机构预测本港第3季经济按年增速加快至2.6%", "机构预测本港第3季经济按年增速加快至2.9%"),
    Row("noun counted behind a number", "房协表示，资助房屋目前已收到超过5000份申请。", "房协出售资助房屋收逾5千申请", "房协出售资助房屋收逾7千申请"),
    Row("level of growth revised", "日本第3季经济按季年率增速向下修订至2.1%。", "日本上季经济按季年率增长2.1%", "日本上季经济按季年率下降2.1%"),
    Row("named in the sentence before", "首季城镇调查失业率平均值5.3%。单计3月降至5.2%。", "3月城镇调查失业率降至5.2%", "3月城镇调查失业率降至5.1%"),
    Row("growth named behind its count", "景区去年接待超过610万游客人次，按年增加14%。", "景区游客按年增14%", "景区游客按年减14%"),
    Row("market and its name", "台湾股市在开市初段跌逾1%。", "台股初段跌逾1%", "日本股市初段跌逾1%"),
]  # fmt: skip


def flagged(row: Row, headline: str) -> list[str]:
    document = Document("d", row.body, published_at=DAY)
    return [f"{v.surface} {v.reason}" for v in check(headline, [document], as_of=DAY).verdicts if v.blocks]


@pytest.mark.parametrize("row", BUGS_CAUGHT, ids=lambda row: row.name)
def test_a_headline_that_its_body_bears_out_is_not_flagged(row: Row) -> None:
    assert flagged(row, row.true) == []


@pytest.mark.parametrize("row", BUGS_CAUGHT, ids=lambda row: row.name)
def test_a_headline_that_its_body_denies_is_flagged(row: Row) -> None:
    assert flagged(row, row.false)
