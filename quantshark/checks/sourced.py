"""Is every figure in the report sourced? (数字有据)

A figure is proved by a figure of the sources that agrees in value and contradicts it in nothing, or by arithmetic that
the sentence declares. Whoever, whatever, whenever and whichever way it is said of must be the same.

FACT  财联社12月11日电，南向资金今日净卖出52.87亿港元，其中阿里巴巴-W遭净卖出33.68亿港元。
PASS  南向资金净卖出52.87亿港元。
PASS  南向资金净卖出约53亿港元。
PASS  12月11日，南向资金净卖出528700万港元。
FAIL  南向资金净卖出52.78亿港元。
FAIL  南向资金净买入52.87亿港元。
FAIL  阿里巴巴-W遭净卖出52.87亿港元。
FAIL  12月10日，南向资金净卖出52.87亿港元。
"""

from __future__ import annotations

from quantshark.binder import Finding, Index, Report, bind


def check(report: Report, index: Index) -> list[Finding]:
    """A finding for each claim of the report, in the order of its claims."""
    return bind(report, index)
