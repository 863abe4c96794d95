"""Figures as a newsroom prints them: 5287000000 HKD is 52.87亿港元, 1044000 股 is 104.4万股, 0.25 pp is 0.25个百分点.

What is printed here is read back by `find_figures` as the same value and unit. A sign is printed where there is one
(-0.6%); who wants the verb to say it passes the magnitude. Nothing is rounded unless `places` asks for it: then the
value is rounded half to even at that place of the printed scale.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

_WAN, _YI, _WAN_YI = Decimal(10**4), Decimal(10**8), Decimal(10**12)
_NAMES = {
    "HKD": ("港元", "港元"), "CNY": ("元", "元"), "USD": ("美元", "美元"), "JPY": ("日元", "日圓"), "EUR": ("欧元", "歐元"), "GBP": ("英镑", "英鎊"),
    "KRW": ("韩元", "韓元"), "TWD": ("新台币", "新台幣"), "CHF": ("瑞士法郎", "瑞士法郎"), "AUD": ("澳元", "澳元"), "CAD": ("加元", "加元"),
    "NZD": ("纽元", "紐元"), "SGD": ("新加坡元", "新加坡元"), "MOP": ("澳门元", "澳門元"), "RUB": ("卢布", "盧布"), "INR": ("印度卢比", "印度盧比"),
    "THB": ("泰铢", "泰銖"), "VND": ("越南盾", "越南盾"), "IDR": ("印尼盾", "印尼盾"), "MYR": ("林吉特", "令吉"), "BRL": ("雷亚尔", "雷亞爾"),
    "TRY": ("土耳其里拉", "土耳其里拉"), "ZAR": ("兰特", "蘭特"), "SAR": ("沙特里亚尔", "沙特里亞爾"), "AED": ("迪拉姆", "迪拉姆"), "BTC": ("比特币", "比特幣"), "ARS": ("阿根廷比索", "阿根廷比索"), "EGP": ("埃及镑", "埃及鎊"), "HUF": ("福林", "福林"), "ILS": ("谢克尔", "謝克爾"),
    "KPW": ("朝鲜元", "朝鮮元"), "KZT": ("坚戈", "堅戈"), "NGN": ("奈拉", "奈拉"), "PKR": ("巴基斯坦卢比", "巴基斯坦盧比"), "PLN": ("兹罗提", "茲羅提"), "SEK": ("瑞典克朗", "瑞典克朗"),
    "NOK": ("挪威克朗", "挪威克朗"), "DKK": ("丹麦克朗", "丹麥克朗"), "MXN": ("墨西哥比索", "墨西哥比索"), "PHP": ("菲律宾比索", "菲律賓比索"), "ETH": ("以太币", "以太幣"),
    "pp": ("个百分点", "個百分點"), "bp": ("个基点", "個基點"), "点": ("点", "點"), "月": ("个月", "個月"), "小时": ("小时", "小時"), "分钟": ("分钟", "分鐘"),
    "季度": ("个季度", "個季度"), "财年": ("个财年", "個財年"), "半月": ("个半月", "個半月"), "世纪": ("个世纪", "個世紀"), "个": ("个", "個"), "辆": ("辆", "輛"),
    "台": ("台", "台"), "只": ("只", "隻"), "吨": ("吨", "噸"), "户": ("户", "戶"), "项": ("项", "項"), "件": ("件", "件"), "笔": ("笔", "筆"), "张": ("张", "張"),
    "周": ("周", "周"), "种": ("种", "種"), "类": ("类", "類"), "级": ("级", "級"), "层": ("层", "層"), "届": ("届", "屆"), "轮": ("轮", "輪"), "场": ("场", "場"),
    "条": ("条", "條"), "栋": ("栋", "棟"), "颗": ("颗", "顆"), "亩": ("亩", "畝"), "公顷": ("公顷", "公頃"), "平方米": ("平方米", "平方米"), "千瓦时": ("千瓦时", "千瓦時"),
    "兆瓦": ("兆瓦", "兆瓦"), "岁": ("岁", "歲"), "处": ("处", "處"), "页": ("页", "頁"), "单": ("单", "單"), "毫秒": ("毫秒", "毫秒"), "纳米": ("纳米", "納米"),
    "厘米": ("厘米", "厘米"), "参数": ("参数", "參數"), "词元": ("词元", "詞元"),
}  # fmt: skip
_SCALES = {"hans": ("万", "亿", "万亿"), "hant": ("萬", "億", "萬億")}
_UNSCALED = frozenset(
    (
        "%",
        "pp",
        "bp",
        "点",
        "倍",
        "天",
        "周",
        "月",
        "年",
        "小时",
        "分钟",
        "秒",
        "岁",
        "级",
        "季度",
        "财年",
        "晚",
        "夜",
        "毫秒",
    )
)


def format_value(
    value: Decimal, unit: str | None, *, high: Decimal | None = None, script: str = "hans", places: int | None = None
) -> str:
    """`value` (to `high`) in `unit`, in 万 or 亿 where it is large; `script` is hans or hant."""
    scale = _scale(max(abs(value), abs(high or value)), unit)
    first = _digits(value, scale, places)
    name = _scale_name(scale, script) + unit_name(unit, script)
    if high is None:
        return first + name
    return (
        f"{first}至{_digits(high, scale, places)}{name}"
        if "-" not in first
        else f"{first}{name}至{_digits(high, scale, places)}{name}"
    )


def unit_name(unit: str | None, script: str = "hans") -> str:
    """How a unit is printed: HKD is 港元, pp is 个百分点."""
    if unit is None:
        return ""
    return _NAMES.get(unit, (unit, unit))[script == "hant"]


def _scale(size: Decimal, unit: str | None) -> Decimal:
    """The scale a newsroom prints: 万 from ten thousand, 亿 from a hundred million, 万亿 from a million million."""
    if unit in _UNSCALED:
        return Decimal(1)
    return next((scale for scale in (_WAN_YI, _YI, _WAN) if size >= scale), Decimal(1))


def _scale_name(scale: Decimal, script: str) -> str:
    names = dict(zip((_WAN, _YI, _WAN_YI), _SCALES[script], strict=True))
    return names.get(scale, "")


def _digits(value: Decimal, scale: Decimal, places: int | None) -> str:
    shown = value / scale
    if places is not None:
        shown = shown.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".") if "." in text and places is None else text
