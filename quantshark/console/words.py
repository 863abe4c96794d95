"""How the console says things: names of states and verdicts, times, sums. Everything an editor sees is Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from quantshark.model import SHANGHAI, Document, Usage


@dataclass(frozen=True, slots=True)
class Look:
    """A verdict's name and sign; the sign tells it from the others without colour."""

    label: str
    sign: str
    hint: str


LOOKS = {
    "refuted": Look("不符", "✗", "与来源不符"),
    "unsourced": Look("无出处", "?", "资料中没有这个数字"),
    "unread": Look("读不出", "…", "没有读懂，无法核对"),
    "disputed": Look("来源不一", "≠", "有来源支持，也有来源说的不同"),
    "waived": Look("编辑确认", "✎", "编辑写明理由、由第二人确认"),
    "supported": Look("有出处", "✓", "与来源原文一致"),
    "derived": Look("推算", "∑", "由有出处的数字按列明的算式算出"),
    "exempt": Look("免核", "·", "日期、编号、名称里的数字，不作市场数字核对"),
}
"""In the order in which an editor wants to see them: what needs a decision comes first."""
NEEDS = frozenset({"refuted", "unsourced", "unread", "disputed"})

STATES = {
    "off": "休市",
    "due": "待写",
    "drafting": "在写",
    "held": "待处理",
    "ready": "可发布",
    "published": "已发布",
    "corrected": "已更正",
    "withdrawn": "已撤回",
    "failed": "失败",
}
ROLES = {"writer": "撰稿", "editor": "编辑", "chief": "主编"}
KINDS = {"news": "新闻", "article": "文章", "transcript": "口播稿", "table": "行情表", "report": "旧报告"}
FEEDS = {"fresh": "新鲜", "stale": "过期", "held": "有疑问", "failed": "读不到"}
WISHES = {"pin": "置顶", "bar": "停用"}
CHANNELS = {
    "folder": "文件夹",
    "site": "网站",
    "git": "Git 网站",
    "webhook": "接口",
    "chat": "群消息",
    "wechat": "公众号草稿箱",
}
MODALITIES = {"actual": "", "plan": "计划", "forecast": "预测"}
WEEKDAYS = "一二三四五六日"


def clock(moment: datetime | date | None) -> str:
    """Hong Kong time as an editor reads it; a day without an hour stays a day."""
    if moment is None:
        return "时间不详"
    if not isinstance(moment, datetime):
        return moment.isoformat()
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return f"{zoned.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How old something is, roughly: 3分钟前, 2天前."""
    if moment is None:
        return "时间不详"
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    for size, name in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{int(seconds // size)}{name}前"
    return "刚刚"


def long_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def cost(usage: Usage) -> str:
    """What a model cost, in one line; a report by the rules cost nothing."""
    if not usage.calls:
        return "规则写成，未用模型"
    money = f"，{usage.cost:.4f} {usage.currency}" if usage.cost is not None else ""
    return f"模型 {usage.calls} 次，读 {usage.tokens_in:,} 词元，写 {usage.tokens_out:,}，{usage.seconds:.0f} 秒{money}"


def number(value: Decimal | int) -> str:
    return f"{value:,}"


def origin(document: Document) -> str:
    return " · ".join(part for part in (document.publisher, clock(document.published_at)) if part)


WRITERS = {"rules": "规则写成", "llm": "模型写成", "editor": "编辑改过"}

ACTIONS = {
    "ingest": "收资料",
    "draft": "起草",
    "cancel": "取消",
    "mend": "修改",
    "restore": "退回",
    "rewrite": "请模型重写",
    "bind": "指明出处",
    "waive": "申请放行",
    "confirm": "确认放行",
    "approve": "通过",
    "release": "做成成品",
    "publish": "发布",
    "correct": "更正",
    "withdraw": "撤回",
    "halt": "停发",
    "resume": "恢复发送",
    "embargo": "定时",
    "forget": "删除资料",
    "pin": "置顶",
    "bar": "停用",
    "lift": "撤销置顶或停用",
    "amend": "改正读法",
    "unamend": "恢复读法",
    "add_document": "添加资料",
    "sign-in": "登录",
    "sign-in refused": "登录被拒",
    "sign-out": "退出",
    "add person": "新账号",
    "set role": "改身份",
    "reset password": "重设密码",
    "set password": "换密码",
    "add token": "生成令牌",
    "drop token": "作废令牌",
    "edit": "修改",
    "decide": "确认送达情况",
    "unbar": "恢复账号",
    "accept": "采用存疑资料",
    "drop": "弃用存疑资料",
    "feed held": "来源存疑",
    "feed failed": "来源失败",
}
DETAILS = {
    "started": "开始",
    "already being written": "已经在写",
    "nothing was running": "没有在写",
    "lifted": "解除",
    **ROLES,
}
_DOCUMENTS = re.compile(r"(\d+) documents")


def detail(told: str) -> str:
    """What the trail notes beside an action: a code of ours in words, what people wrote as they wrote it."""
    return DETAILS.get(told) or _DOCUMENTS.sub(r"\1 篇", told)
