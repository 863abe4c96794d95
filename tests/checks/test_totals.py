"""A total of some days is no day's figure, and what a list names is whose the figures behind it are."""

from __future__ import annotations

from datetime import datetime

import pytest

from quantshark import Document, check

FLOW = Document(
    "flow",
    "12月11日，南向资金全天净卖出52.87亿港元。南向资金连续第二日净卖出，两日合计净卖出63.05亿港元。",
    published_at=datetime(2025, 12, 11, 16, 30),  # noqa: DTZ001  Beijing time, as documents bring it
)
SHORTS = Document(
    "shorts",
    "港股全市场12月11日沽空金额324.66亿港元，占大市成交额的13.41%。沽空金额居前三位的是腾讯控股、阿里巴巴-W、中芯国际，"
    "分别为26.33亿港元、21.15亿港元、12.88亿港元。",
    published_at=datetime(2025, 12, 11, 16, 30),  # noqa: DTZ001
)

TRUE = [
    "12月11日，南向资金净卖出52.87亿港元。",
    "南向资金两日合计净卖出63.05亿港元。",
    "12月11日，港股大市沽空324.66亿港元。",
    "12月11日，阿里巴巴-W沽空金额21.15亿港元。",
]
WRONG = [
    "12月11日，南向资金净卖出63.05亿港元。",
    "12月11日，港股大市沽空26.33亿港元。",
    "12月11日，阿里巴巴-W沽空金额26.33亿港元。",
    "12月11日，中芯国际沽空金额21.15亿港元。",
]


@pytest.mark.parametrize("report", TRUE)
def test_what_is_true_passes_without_a_dispute(report: str) -> None:
    told = check(report, [FLOW, SHORTS])
    assert told.releasable
    assert [verdict.reason for verdict in told.verdicts if verdict.reason == "disputed"] == []


@pytest.mark.parametrize("report", WRONG)
def test_a_total_or_another_of_the_list_is_refuted(report: str) -> None:
    assert [verdict.status for verdict in check(report, [FLOW, SHORTS]).verdicts if verdict.blocks] == ["refuted"]
