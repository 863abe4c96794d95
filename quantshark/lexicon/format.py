"""Print a value as a newsroom would: 5287000000 HKD is 52.87亿港元, 104.4万股, 63.7%, 5.2个百分点.

Nothing is rounded unless `places` says so: what is printed is what is known, and `find_figures` reads the same value
back. The sign is printed as a minus; who wants 净卖出 instead of it prints the magnitude behind the word.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
_CURRENCIES = {
    "CNY": "元", "HKD": "港元", "USD": "美元", "JPY": "日元", "EUR": "欧元", "GBP": "英镑", "KRW": "韩元", "TWD": "新台币", "CHF": "瑞士法郎",
    "AUD": "澳元", "CAD": "加元", "NZD": "新西兰元", "SGD": "新加坡元", "MOP": "澳门元", "RUB": "卢布", "INR": "印度卢比", "THB": "泰铢",
    "VND": "越南盾", "IDR": "印尼盾", "MYR": "林吉特", "BRL": "雷亚尔", "TRY": "土耳其里拉", "BTC": "枚比特币", "ETH": "枚以太币",
}  # fmt: skip
_PRINTED = {"pp": "个百分点", "bp": "个基点", "月": "个月", "小时": "小时", "季度": "个季度"}
_WHOLE = frozenset({"%", "pp", "bp", "点", "倍", "天", "周", "月", "年", "季度", "小时", "分钟", "秒", "晚", "财年"})
"""Units that are written out in full digits: nobody says 2.55万点."""

_TRADITIONAL = str.maketrans("亿万点个张辆台吨笔项户页层级条双对组队场届轮艘亩岁币镑欧韩时钟财区间栋枚颗种类支档处", "億萬點個張輛台噸筆項戶頁層級條雙對組隊場屆輪艘畝歲幣鎊歐韓時鐘財區間棟枚顆種類支檔處")  # fmt: skip


def format_value(
    value: Decimal,
    unit: str | None,
    *,
    high: Decimal | None = None,
    script: str = "hans",
    places: int | None = None,
) -> str:
    """`value` of `unit` (the code of a Figure) in Chinese, with `high` as a range; `places` rounds half up."""
    scale, word = _scale(max(abs(value), abs(high) if high is not None else Decimal(0)), unit)
    low = _digits(value / scale, places)
    said = low if high is None else f"{low}至{_digits(high / scale, places)}"
    text = f"{said}{word}{_name(unit)}"
    return text.translate(_TRADITIONAL) if script == "hant" else text


def _scale(size: Decimal, unit: str | None) -> tuple[Decimal, str]:
    if unit in _WHOLE:
        return Decimal(1), ""
    return next(((worth, word) for worth, word in _SCALES if size >= worth), (Decimal(1), ""))


def _digits(value: Decimal, places: int | None) -> str:
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return f"{value:f}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _name(unit: str | None) -> str:
    if unit is None:
        return ""
    return _CURRENCIES.get(unit) or _PRINTED.get(unit, unit)
