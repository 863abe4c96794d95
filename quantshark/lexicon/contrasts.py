"""Words of one family that exclude each other though they share a measure: 末期股息 is not 中期股息, 日活 is not 月活.

`kinds` names those that stand in a piece of folded text. Two statements that name different members of one family are
not about the same thing; where one of them names none, nothing is known.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_FAMILIES: Final[dict[str, dict[str, str]]] = {
    "dividend": {"中期": "中期(?:股?息|派息|分红|现金分红)", "末期": "末期(?:股?息|派息|分红)", "特别": "特别(?:股?息|派息|分红)", "全年": "全年(?:股?息|派息|分红)"},
    "active": {"日": "日活|DAU", "月": "月活|MAU", "付费": "付费用户|付费会员", "注册": "注册用户"},
    "assets": {"净": "净资产(?!收益)", "总": "总资产|资产总额", "管理": "管理(?:资产)?规模|资产管理规模|管理资产"},
    "debt": {"净": "净负债|净债务", "总": "总负债|负债总额", "有息": "有息负债|有息债务"},
    "stocks": {"原油": "原油库存", "汽油": "(?<!精)汽油库存", "精炼油": "精炼油库存", "成品油": "成品油库存", "库欣": "库欣"},
    "built": {"房地产": "房地产开发投资", "基建": "基础设施投资|基建投资", "制造业": "制造业投资", "全部": "固定资产投资"},
    "cap": {"流通": "流通(?:总)?市值", "总": "(?<!流通)总市值"},
    "orders": {"在手": "在手订单", "新签": "新签(?:订单|合同)|新增订单"},
    "financing": {"增量": "社会?融资?(?:规模)?增量", "存量": "社会?融资?(?:规模)?存量"},
    "cashflow": {"自由": "自由现金流", "经营": "经营(?:性|活动)?(?:产生的)?现金流"},
    "homes": {"新屋": "新屋销售|新房", "成屋": "成屋销售|二手房", "许可": "营建许可", "开工": "新屋开工"},
    "reserves": {"黄金": "黄金储备", "外汇": "外汇储备|外储"},
    "sold": {"批发": "批发(?:销)?量|批发销售", "零售": "零售(?:销)?量|零售销量"},
    "margin": {"融资": "(?<!两融)融资余额", "两融": "两融余额|融资融券余额", "融券": "(?<!融资)融券余额"},
    "pe": {"动态": "动态市盈率", "静态": "静态市盈率", "滚动": "市盈率TTM|滚动市盈率"},
    "prices": {"进口": "进口价格", "出口": "出口价格", "出厂": "出厂价格", "购进": "购进价格"},
    "votes": {"赞成": "赞成|支持(?=票|$)|同意票", "反对": "反对", "弃权": "弃权"},
    "lpr": {"1年": "(?:1|一)年期LPR|(?:1|一)年期(?:贷款市场)", "5年": "(?:5|五)年期(?:以上)?LPR|(?:5|五)年期(?:以上)?(?:贷款市场)"},
    "share": {"总股本": "总股本|已发行股本", "流通": "流通股本|流通股(?!东)|流通盘"},
    "delivered": {"出货": "出货", "交付": "交付", "产量": "产量|生产"},
    "omo": {"开展": "开展|操作", "到期": "到期"},
    "tranche": {"公开": "公开(?:发售|认购|招股)", "国际": "国际(?:发售|配售)"},
    "line": {"网上": "网上", "网下": "网下"},
    "where": {"全球": "全球|世界", "国内": "国内(?!生产|外)|内地市场|中国市场", "海外": "海外|境外|国外"},
    "pair": {
        "美元": "[兑对]美元(?!指数)|美元[兑对]", "欧元": "[兑对]欧元|欧元[兑对](?!美元)", "日元": "[兑对]日元", "港元": "[兑对]港元", "英镑": "[兑对]英镑|英镑[兑对](?!美元)",
    },
    "spot": {"现货": "现货", "期货": "期货|主力合约|期指"},
    "dwelling": {"一手": "一手住宅|一手楼|新盘", "二手": "二手住宅|二手楼"},
}  # fmt: skip
# Families that say what kind of thing the subject is: 碳酸锂期货 stays one in the clauses behind.
OF_SUBJECTS: Final = frozenset({"spot"})
_MEMBERS: Final = {
    f"{name}_{place}": (name, value) for name, members in _FAMILIES.items() for place, value in enumerate(members)
}


def _heads(pattern: str) -> str:
    """The characters that a match of the pattern may begin with, and a few more: what opens each of its pieces."""
    pieces = re.split(r"\||\(\?:|\(\?<[!=][^)]*\)", pattern)
    return "".join(piece[1 : piece.index("]")] if piece.startswith("[") else piece[:1] for piece in pieces)


# Most places of a text begin none of the words; one look at a character spares a try at each.
_WORDS = re.compile(
    f"(?=[{re.escape(''.join(_heads(pattern) for members in _FAMILIES.values() for pattern in members.values()))}])(?:"
    + "|".join(
        f"(?P<{name}_{place}>{pattern})"
        for name, members in _FAMILIES.items()
        for place, pattern in enumerate(members.values())
    )
    + ")"
)


@lru_cache(maxsize=4096)
def kinds(text: str) -> frozenset[tuple[str, str]]:
    """The members, by family, that a folded text names."""
    return frozenset(_MEMBERS[match.lastgroup] for match in _WORDS.finditer(text) if match.lastgroup)


def exclude(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    """Do two statements name different members of one family, and none in common?"""
    families = {family for family, _ in one} & {family for family, _ in other}
    return any(not {m for m in one if m[0] == family} & {m for m in other if m[0] == family} for family in families)
