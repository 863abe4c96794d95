"""Units of Chinese market prose: what stands after a numeral, what it is worth, and what kind of figure it makes.

One table. A unit is written in folded (simplified) characters; its code is what a `Figure` carries: ISO codes for money,
`%` `pp` `bp` 点 倍, and the counter itself (股 家 辆 天 …) for counts and durations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple


class Unit(NamedTuple):
    """What a unit means: its code, the kind of figure, and how many of the code one is worth."""

    code: str | None
    kind: str
    worth: Decimal | None = None


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one line of text."""
    return tuple(text.split())


MONEY = {
    "CNY": "元人民币 人民币 元 块钱 块 人民币元 RMB CNY CNH 圆 元整 元正",
    "HKD": "港元 港币 港纸 元港币 HKD 港元整 HK$ 港银",
    "USD": "美元 美金 美刀 USD 元美金 美圆 刀 US$ 美元整",
    "JPY": "日元 円 JPY 元日币 日币 日圆 日本円",
    "EUR": "欧元 EUR", "GBP": "英镑 镑 GBP", "KRW": "韩元 韩圆 韩币 KRW 韩国元", "TWD": "新台币 台币 元新台币 新台币元 TWD NT$",
    "CHF": "瑞士法郎 瑞郎 CHF", "AUD": "澳元 澳币 AUD 澳大利亚元", "CAD": "加元 加币 CAD 加拿大元", "NZD": "纽元 新西兰元 NZD",
    "SGD": "新加坡元 新元 新币 坡元 坡币 SGD", "MOP": "澳门元 葡币 MOP 澳门币", "RUB": "卢布 RUB", "INR": "卢比 印度卢比 INR", "THB": "泰铢 THB",
    "VND": "越南盾 VND", "IDR": "印尼盾 印尼卢比 IDR", "MYR": "林吉特 令吉 MYR", "PHP": "菲律宾比索 PHP", "MXN": "墨西哥比索 MXN",
    "BRL": "雷亚尔 BRL", "TRY": "里拉 土耳其里拉", "ZAR": "兰特 ZAR", "SEK": "瑞典克朗 SEK", "NOK": "挪威克朗 NOK", "DKK": "丹麦克朗 DKK",
    "SAR": "沙特里亚尔 里亚尔", "AED": "迪拉姆 AED", "ILS": "谢克尔", "HUF": "福林", "PLN": "兹罗提", "NGN": "奈拉", "KZT": "坚戈", "ARS": "阿根廷比索",
    "EGP": "埃及镑", "PKR": "巴基斯坦卢比", "KPW": "朝鲜元", "BTC": "比特币 枚比特币 个比特币 BTC", "ETH": "以太币 枚以太币 个以太币 枚以太坊 ETH",
    "USDT": "USDT", "USDC": "USDC",
}  # fmt: skip
COINS = {"角": ("CNY", "0.1"), "毛": ("CNY", "0.1"), "毛钱": ("CNY", "0.1"), "分钱": ("CNY", "0.01"), "美分": ("USD", "0.01"), "美仙": ("USD", "0.01"),
         "港仙": ("HKD", "0.01"), "仙": ("HKD", "0.01"), "欧分": ("EUR", "0.01"), "便士": ("GBP", "0.01"), "日本钱": ("JPY", "0.01")}  # fmt: skip
RATES = {
    "%": ("%", "percent", 1), "个%": ("%", "percent", 1), "‰": ("%", "percent", "0.1"), "巴仙": ("%", "percent", 1),
    "个百分点": ("pp", "point", 1), "百分点": ("pp", "point", 1), "个百分比": ("pp", "point", 1), "pp": ("pp", "point", 1),
    "pct": ("pp", "point", 1), "pcts": ("pp", "point", 1), "PCT": ("pp", "point", 1), "个pct": ("pp", "point", 1), "个PCT": ("pp", "point", 1),
    "个pp": ("pp", "point", 1), "ppt": ("pp", "point", 1), "ppts": ("pp", "point", 1), "%点": ("pp", "point", 1), "个%点": ("pp", "point", 1),
    "个基点": ("bp", "point", 1), "基点": ("bp", "point", 1), "个基本点": ("bp", "point", 1), "基本点": ("bp", "point", 1),
    "bp": ("bp", "point", 1), "bps": ("bp", "point", 1), "BP": ("bp", "point", 1), "BPs": ("bp", "point", 1), "BPS": ("bp", "point", 1),
    "Bp": ("bp", "point", 1), "个bp": ("bp", "point", 1), "个BP": ("bp", "point", 1), "个bps": ("bp", "point", 1),
    "厘": ("pp", "point", 1), "厘半": ("pp", "point", 1), "成": ("%", "percent", 10), "折": ("%", "percent", 10),
    "倍": ("倍", "multiple", 1), "x": ("倍", "multiple", 1), "X": ("倍", "multiple", 1), "×": ("倍", "multiple", 1), "番": ("番", "multiple", 1),
    "点": ("点", "index", 1), "点位": ("点", "index", 1), "个点": ("个点", "point", 1),
}  # fmt: skip
# A look-ahead says where the character after the counter makes another word of it: 20家电器 is not 20家.
COUNTERS = words(
    "股 手 家 只 辆 台 次 人 吨 个 款 项 件 户 名 位 张 份 笔 宗 桩 起 部 套 间 座 栋 幢 条 架 艘 枚 颗 片 种 类 批 批次 省 程 发 死 伤 英亩 弄 支 档 所 处 场 届 轮 度 期 "
    "米 亩 克 斤 升 瓦 伏 安 岁 级 层 楼 本 章 页 篇 字 行 列 代 幅 单 注 卡 寸 里 箱 盒 袋 瓶 桶 磅 门 股票 股份 股股份 人次 架次 班次 班 车次 标准箱 "
    "名员工 平方米 平方公里 平方千米 平米 平方英尺 平方呎 呎 英尺 尺 英里 海里 公里 千米 公顷 公斤 千克 公吨 盎司 克拉 立方米 立方英尺 方 加仑 蒲式耳 "
    "毫米 厘米 微米 纳米 毫升 毫克 微克 英寸 千瓦时 千瓦 兆瓦时 兆瓦 吉瓦时 吉瓦 度电 赫兹 兆赫兹 千卡 字节 兆字节 比特 像素 摄氏度 ℃ °C 度角 公分 "
    "单位 基金单位 份额 基金份额 份基金单位 席 例 宗交易 人民 家次 封 听 棵 株 头 匹 羽 尾 双 对 组 队 排 圈 步 遍 回 道 重 节 课 集 趟 帧 秒差 "
    "MW GW kW KW MWh GWh kWh KWh Wh TWh W V A mAh Hz MHz GHz THz nm um mm cm km kg KG t g ml mL GB TB MB KB PB EB Gbps Mbps Tbps Tops TOPS FLOPS PFLOPS EFLOPS "
    "TEU token tokens Token Tokens 参数 令牌 词元 L R Y TFLOPS USDT枚 桶油当量 当量 大卡 千焦 帕 兆帕 牛 马力 匹马力 转 公升 旅客 桶/日 dB fps 级台风"
)
DURATIONS = {
    "年": "年", "载": "年", "年期": "年", "周年": "年", "个年头": "年", "个财年": "财年", "个财政年度": "财年", "个财季": "季度", "个年度": "年", "个完整年度": "年", "个会计年度": "年", "整年": "年",
    "个月": "月", "个多月": "月", "月期": "月", "个整月": "月", "周": "周", "个星期": "周", "星期": "周", "个礼拜": "周", "礼拜": "周", "个周": "周", "个交易周": "周",
    "天": "天", "日": "天", "个交易日": "天", "交易日": "天", "个工作日": "天", "工作日": "天", "天期": "天", "日期": "天", "个自然日": "天", "自然日": "天", "晚": "晚", "夜": "晚",
    "个小时": "小时", "小时": "小时", "钟头": "小时", "个钟头": "小时", "个钟": "小时", "h": "小时", "分钟": "分钟", "min": "分钟", "mins": "分钟", "分": "分钟",
    "秒": "秒", "秒钟": "秒", "毫秒": "毫秒", "微秒": "微秒", "纳秒": "纳秒", "ms": "毫秒", "s": "秒", "个季度": "季度", "季度": "季度", "个季": "季度", "季": "季度",
    "个半月": "半月", "个世纪": "世纪", "世纪": "世纪", "个年": "年", "代人": "代",
}  # fmt: skip
_ALIASES = {
    "股票": "只",
    "股份": "股",
    "股股份": "股",
    "名员工": "名",
    "平米": "平方米",
    "度电": "度",
    "千米": "公里",
    "死": "人",
    "伤": "人",
    "公分": "厘米",
    "单": "单",
}

# After the counter: characters with which it makes another word.
_NOT_BEFORE = {
    "个": "股人别性案体税位中", "家": "电居庭族具用乐纺装", "名": "单义称牌列誉为下校", "股": "票价市指东权民息灾王比", "手": "机游术续段里中头工表动",
    "台": "湾风积海式阶", "次": "日级新要数贷", "只": "有是要能需会", "度": "假过", "元": "素件旦首老宵", "米": "兰家哈粉其", "层": "面次出", "位": "于居列置移",
    "部": "分门署长委队署属", "折": "扣叠合算射价旧腾返桂让损", "点": "评燃击拨名睛缀半整零一二三四五六七八九多",
    "人": "工民均口才事员力大类形民工气", "件": "套", "项": "目", "季": "度报节", "年": "报轻龄", "代": "表理替价码", "单": "一日边位周月季",
    "板": "块凳材", "成": "为立长功本员果交都绩就了品效型熟因材分", "期": "货间望待盼内权刊限指市债现",
    "本": "次周月报年季轮土地科身质来届币公", "行": "业情情政动长权情", "处": "理于在罚境置", "所": "有以谓在持", "场": "景所外内面均次馆地", "种": "子植", "类": "似型比别",
    "门": "店槛户", "组": "织成合建件", "方": "面向式案", "重": "新要点组大", "回": "购升落调报应收", "道": "路指琼达", "步": "伐入", "头": "部寸", "对": "于比手冲象外方",
    "节": "能后前日目", "字": "节", "起": "步家", "支": "持付出撑", "期货": "", "度角": "", "列": "车为入", "条": "件例款", "片": "区面", "里": "程拉", "安": "全排徽", "注": "册意入资",
    "级": "别", "卡": "车", "转": "股让型为", "牛": "市股", "分": "别析之类布红配行拆为支散子母化歧公享歧店羹时流拣辨", "晚": "间上报", "日": "本元经化圆", "天": "然津猫气",
    "周": "期一二三四五六日大边转刊", "星期": "一二三四五六日天", "里程": "", "份": "额", "批": "准发复评次", "程": "序度式控", "发": "展行布电生放改现起出表明送货达动酵射", "死": "亡伤", "伤": "害亡势者情", "弄": "清虚", "省": "份级内外电会", "档": "案期", "双": "方边", "打": "压击造破", "队": "伍列员", "排": "名队除放产",
    "圈": "子", "桶": "装", "箱": "体", "瓦": "斯楞", "升": "至到级幅温值破穿", "克": "服制隆", "斤": "斤", "楼": "市盘宇价", "章": "程", "页": "岩面", "架": "构", "班": "子",
    "封": "板闭顶测锁装", "尺": "寸度", "伏": "击", "旅客": "", "例": "如外会", "席": "位卷", "块": "状头儿", "刀": "具片", "镑": "", "毛": "利率", "角": "度色逐", "仙": "股", "x": "", "参数": "",
    "套": "现利保期餐", "幅": "度", "株": "洲", "夜": "盘间市", "秒": "杀", "厘": "米定清", "倍": "感", "番": "茄", "轮": "胎船动值", "款": "项式", "宗": "旨教商", "笔": "记者试", "届": "时满",
    "张": "力家某", "岁": "末", "座": "谈椅位", "间": "接谍隔", "吨": "位",
}  # fmt: skip


class _Node:
    """A letter of a trie: what may follow it, and the look-ahead of the word that ends here."""

    __slots__ = ("ends", "tail", "then")

    def __init__(self) -> None:
        self.then: dict[str, _Node] = {}
        self.ends, self.tail = False, ""

    def pattern(self) -> str:
        arms = [re.escape(char) + node.pattern() for char, node in sorted(self.then.items())]
        if not arms:
            return self.tail
        if not self.ends:
            return arms[0] if len(arms) == 1 else f"(?:{'|'.join(arms)})"
        return f"(?:{'|'.join(arms)}|{self.tail})" if self.tail else f"(?:{'|'.join(arms)})?"


def trie(words: Iterable[str], tail: Mapping[str, str] | None = None) -> str:
    """One regular expression for many words, longest first, that looks at each character once."""
    root = _Node()
    for word in words:
        node = root
        for char in word:
            node = node.then.setdefault(char, _Node())
        node.ends, node.tail = True, (tail or {}).get(word, "")
    return root.pattern()


def _ending(word: str) -> str:
    """What may not follow: a letter after a Latin unit; a character that makes another word after a counter."""
    if word in {"x", "X"}:  # 39.72xPE
        return "(?!(?!PE|PB|PS)[A-Za-z0-9])"
    if word[-1].isascii() and word[-1].isalpha():
        return "(?![A-Za-z0-9])"
    if word == "分":  # 三分之一 is a fraction, with blanks too
        return f"(?![{_NOT_BEFORE[word]}]| {{1,2}}之)"
    barred = _NOT_BEFORE.get(word) or (_NOT_BEFORE.get(word[1:], "") if word[0] == "个" else "")
    return f"(?![{barred}])" if barred else ""


def _table() -> dict[str, Unit]:
    table = {c: Unit(_ALIASES.get(c, c), "count") for c in COUNTERS if c not in _DROPPED}
    table |= {
        "打": Unit("个", "count", Decimal(12)),
        "板": Unit("板", "count"),
        "个板": Unit("板", "count"),
        "连板": Unit("连板", "streak"),
    }
    table |= {w: Unit(code, "duration") for w, code in DURATIONS.items()}
    table |= {w: Unit(code, kind, Decimal(worth)) for w, (code, kind, worth) in RATES.items()}
    table |= {w: Unit(code, "money", Decimal(worth)) for w, (code, worth) in COINS.items()}
    table |= {w: Unit(code, "money") for code, words in MONEY.items() for w in words.split()}
    return table


_DROPPED = frozenset(words("L R Y t g V A s 回 里 伏 安 牛 转"))
TABLE = _table()
UNIT = trie(TABLE, {w: _ending(w) for w in TABLE})
PER = r"(?:/|每)(?:股|桶|盎司|吨|公斤|千克|克|平方米|平米|平方公尺|斤|份|手|张|瓦|W|Wh|kWh|度|千瓦时|百万英热单位|百万英热|MMBtu|蒲式耳|磅|加仑|干吨|片|颗|月|年|天|日|人|小时|GB|百万tokens|平方英尺|呎|平方尺|枚|台|辆|kg|t|g|亩|立方米|只|次|张|箱|瓶|盒|单位|基点)"

PREFIXES = {
    "人民币": "CNY", "港币": "HKD", "港元": "HKD", "美元": "USD", "美金": "USD", "新台币": "TWD", "日元": "JPY", "欧元": "EUR", "英镑": "GBP",
    "US$": "USD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "RMB": "CNY", "CNY": "CNY", "USD": "USD", "HKD": "HKD",
    "EUR": "EUR", "JPY": "JPY", "GBP": "GBP", "$": "USD", "¥": "CNY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "HK¥": "HKD",
}  # fmt: skip
SYMBOLS = frozenset(w for w in PREFIXES if w[-1] in "$¥€£₩₹" or w.isascii())
