"""The small words that say how a figure is meant: which way, compared with what, over what span, told as what.

Lists of the language, not of any text. Everything is folded (`script.fold`), so one spelling serves both scripts.
Kinds: `dir` (+1 -1), `basis` (yoy, qoq, prev_day …), `scope` (day, half_day, cumulative …), `modal` (plan, forecast,
done), `record` (high, low, first, most), `neg`, `say` (reporting verbs), `back` (该股, 其), `none` (words that carry no
content of their own when two statements are compared).
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


UP: Final = _words(
    "涨停 净买入 净流入 净买 净吸入 净申购 净增持 净加仓 净投放 净增 净增加 净买入额 净流入额 净买额 涨 升 增 增长 增加 上涨 上升 上调 调升 "
    "调高 提升 提高 扩大 放量 盈利 顺差 加息 收涨 收高 收升 大涨 急升 急涨 飙升 飙涨 暴涨 攀升 回升 反弹 走高 走强 走升 拉升 上扬 高开 增至 升至 "
    "涨至 增持 加仓 新增 增幅 涨幅 升幅 上浮 好转 增收 增厚 多增 急增 涨价 提价 加价 高收 增逾 增超 盈余 微涨 微升 涨超 涨逾 涨近 领涨 跟涨 累涨 倒升 冲高 跃升 激增 "
    "大增 猛增 剧增 翻红 高出 多出 溢价 高水 升水 升值 提速 加快 收复 抬升 走阔"
)
DOWN: Final = _words(
    "跌停 净卖出 净流出 净卖 净沽 净沽出 净赎回 净减持 净减仓 净抛售 净回笼 净减少 净卖出额 净流出额 净卖额 净偿还 跌 降 减 挫 下降 减少 下跌 下调 调降 "
    "调低 下滑 降低 收窄 缩小 缩量 亏损 净亏损 净亏 逆差 减息 降息 收跌 收低 大跌 急跌 暴跌 重挫 下挫 回落 走低 走弱 走贬 跳水 低开 减至 降至 "
    "跌至 减持 减仓 减幅 跌幅 降幅 亏 萎缩 缩减 锐减 下行 下浮 少增 贬值 微跌 跌超 跌逾 跌近 领跌 累跌 倒跌 骤降 骤减 大减 翻绿 折让 "
    "低水 贴水 赤字 折价 降价 低收 衰退 裁减 预亏 缩水 放缓 剔除 流失 遭卖出 被卖出 挫逾"
)

BASIS: Final = {
    "yoy": _words(
        "同比 按年 较上年同期 较去年同期 与去年同期相比 较上年 较去年 比上年同期 比去年同期 去年同期 上年同期 比上年 比去年 年增 年率 年减 年升 年跌 同期"
    ),
    "qoq": _words("环比 按季 较上季度 较上一季度 较上季 季增 较一季度 较二季度 较三季度 较四季度 较上季末"),
    "mom": _words("按月 较上月 较上个月 比上月 月增 较前月 较上月末 月率 比上月末"),
    "prev_day": _words(
        "较上个交易日 较上一交易日 较上一个交易日 较前一交易日 较前一个交易日 较昨日 较前日 比上个交易日 比上一交易日 比昨日 较上日 较昨日收市 "
        "较上日收市 较前收盘价 较昨收 较上一日 较昨天 较上日 较前一日 较前收 比前一交易日 较前收市价 较昨日收市价 较昨日收盘价 较周一 较周二 较周三 "
        "较周四 较周五 较前一天"
    ),
    "prev_week": _words("较上周 较上周同期 较前一周 比上周 较上周末 按周 周环比 较上周五 较一周前 较上周五收市"),
    "prev_month_mean": _words("较上月均值 较上月日均 较月均 较近一月均值"),
    "mean": _words("较近5日均值 较五日均值 较均值 较日均 较过去5日均值 较20日均值 较5日均值 较20日均量"),
    "year_start": _words(
        "比年初 比上年末 比去年末 比去年底 比上年底 较年初 较上年末 较去年末 较上年底 较年初以来 比年初 较去年底 较期初"
    ),
    "expected": _words("高于预期 低于预期 较预期 超预期 逊预期 好过预期 超出预期"),
}
SCOPE: Final = {
    "half_day": _words(
        "半日 午间 早盘 上午 半天 午市 中午 午盘 上半日 截至午间 上午收盘 午间收盘 中午收市 午评 截至午盘"
    ),
    "afternoon": _words("午后 下午 尾盘"),
    "open": _words("开盘 开市 早段 初段 盘初 早盘开盘 集合竞价 竞价 开盘后"),
    "intraday": _words("盘中 一度 最多 盘间 即市 日内 较早时 曾"),
    "close": _words("收盘 收市 收报 截至收盘"),
    "after": _words("盘后 夜盘 盘前"),
    "day": _words("全天 全日 单日 当日 当天 单天 今日全天"),
    "week": _words("单周 当周 全周 本周 周内 一周"),
    "month": _words("单月 当月 月内 本月 全月 月度"),
    "quarter": _words("单季 单季度 当季 季内 季度内"),
    "year": _words("年内 全年 今年以来 年初至今 年初以来 今年迄今 本年"),
    "cumulative": _words("累计 累积 累共"),
    "average": _words("日均 平均 月均 均值 年均 人均 平均每日 均价"),
}
PLAN: Final = _words("拟 计划 拟以 拟向 拟使用 拟用 拟投资 拟定 有望 目标是 力争 打算 准备 筹划 规划 即将 未来")
FORECAST: Final = _words(
    "预计 预期 料将 局料 行料 署料 院料 料会 料可 料去年 料今年 料全年 料明年 预测 估计 有分析师预计 分析师预计 或将 或会 或达 可能 预料 预估 展望 预示 估算 预告 认为 分析师认为 有望达 看好 看至 指引 料将 相信 前瞻"
)
DONE: Final = _words("已 已经 完成 已完成 实现 确认 录得 已投入 过去 落实 证实 已达 达成 业已 获批 实际 落地 了 正在")
RECORD: Final = {
    "high": _words(
        "新高 历史新高 历史最高 纪录高位 历史高位 历史高点 最高纪录 新纪录 历史峰值 峰值 高位纪录 历史纪录 有纪录以来最高 创纪录 纪录新高 破纪录 "
        "历来最高 历来最多 历来最大 史上最多 史上最大 史上最高 历年最高 创历年最多 历年最多 历年最好 历史最好 历史最高水平 创新高 最高水平 历年新高 超往届 超历届"
    ),
    "low": _words(
        "新低 历史新低 历史最低 历史低位 历史低点 最低纪录 有纪录以来最低 史上最低 创新低 历来最低 纪录低位 最低水平"
    ),
    "first": _words("首次 首度 第一次 头一次 史上首次 首现 为年内首次"),
    "most": _words(
        "最大 最多 最快 最强 最好 居首 首位 第一位 榜首 位居首位 位列第一 居首位 领涨 领跌 排名第一 位居第一 最高 最低 最差 最小 最少 最慢 以来最大"
    ),
    "since": _words("以来最高 以来最低 以来最大 以来最多 以来新高 以来新低 以来最好 以来首次 以来最快 以来最差"),
}
NEGATION: Final = _words("未 没有 并未 尚未 否认 并非 未能 不再 从未 不会 未曾 未有 无法 未曾")
SAY: Final = _words(
    "表示 称 指出 认为 指 显示 公布 发布 公告 公告称 披露 报道 报告 说 透露 宣布 介绍 强调 发布研报 研报 研报称 给予 给出 重申 维持 预计 预测 预期 "
    "发表 统计 数据显示 公布业绩 发布公告 发公告 据悉 获悉"
)
BACK: Final = _words(
    "该股 该公司 该行 该指数 该基金 该品种 公司 本公司 集团 其 前者 后者 其中 该 该集团 该企业 本行 此 该产品"
)
NONE: Final = _words(
    "的 了 为 是 在 于 达 达到 至 到 与 和 及 以及 并 且 而 此外 同时 本 被 遭 遭到 获 获得 受 有 约 近 超 逾 大约 左右 上下 接近 超过 不足 突破 逼近 将近 高于 低于 "
    "多 余 几 分别 依次 合计 共 共计 总 总共 均 各 等 也 则 仅 又 再 还 更 最新 按 以 由 从 对 向 比 较 截至 期间 方面 数据 来看 看 金额 数额 额 总额 规模 数量 "
    "数 量 水平 情况 报 录得 实现 完成 进行 开展 给予 位居 位列 居 居前 排名 排 位 列 名列 公布 业绩 当中 之 之后 之前 前 后 时 时段 区间 介乎 之间 全球 厂商 大 "
    "个股 只 家 元 公司 集团 股份 个 项 今 日 月 年 季 度 号 值 者 所 此 这 那 把 用于 用 每 最高 最低 资金 市场 方 面 渠道 通过 整体 总体 目前 当前 现 最 据 "
    "已经 已 曾 均为 仍 仍然 继续 持续 再度 再次 一度 其余 另外 另 以上 以下 内 中 上 下 里 间 ; ： ( ) 大幅 小幅 显著 明显 进一步 幅度 增速 "
    "同期 本期 上述 分析师 有分析师 短期 震荡 在线 电 讯 年度 报告期 报告期内 期内 报告 新股 财联社 记者 消息 人士 公开市场 上市公司 上市企业 上市券商 上市银行 上市险企 上市房企 上市车企 材料 原料 燃料 资料 饮料 塑料 涂料 规模化 规模以上 斥资 涉资 耗资 涉及 产品 两只 三只 只个股 家公司 行情 盘面 走势 个股中 研究机构 每股 每 征收 吸收 回收 过 将 会 或 可 能 应 需 让 使 令 来 去 自 出乎意料 意料之外 意料 创 创下 盘前机会 盘前必读 盘前要闻 盘前雷达 盘前内参 按不变价格计算 不变价格 可比价格 可比口径 不变价 生产商 制造商 供应商 价值最高达 总价值最高达 总值最高达 金额最高达 总额最高达 不低于 不超过 不少于 不高于 不多于 不到 暗盘 首销 开售 开卖 单计 扩至 总计 合共 全国 如期 意外 最终 正式 成功 顺利 随后 再度 又 亦 均 双双 集体 纷纷 首发 IPO 首次公开发行 首次公开募股 首次公开招股"
)


def kinds() -> dict[str, tuple[str, str]]:
    """Every marker with its kind and value; a later kind wins where lists overlap."""
    table: dict[str, tuple[str, str]] = dict.fromkeys(NONE, ("none", ""))
    table.update(dict.fromkeys(SAY, ("say", "")))
    for kind, groups in (("basis", BASIS), ("scope", SCOPE), ("record", RECORD)):
        for value, words in groups.items():
            table.update(dict.fromkeys(words, (kind, value)))
    for value, words in (("plan", PLAN), ("forecast", FORECAST), ("done", DONE)):
        table.update(dict.fromkeys(words, ("modal", value)))
    table.update(dict.fromkeys(NEGATION, ("neg", "")))
    table.update(dict.fromkeys(BACK, ("back", "")))
    table.update(dict.fromkeys(UP, ("dir", "+")))
    table.update(dict.fromkeys(DOWN, ("dir", "-")))
    return table
