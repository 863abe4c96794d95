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

What a transcript says is proved only as somebody's words.

FACT talk:transcript  今天恒生指数收涨1.21%，报25530点。
PASS  主持人称，恒生指数收涨1.21%。
FAIL  恒生指数收涨1.21%。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from quantshark.binder import Finding, Index, Report, bind
from quantshark.binder.match import Match
from quantshark.model import Document

_ATTRIBUTED = re.compile(r"据|称|表示|认为|指出|提到|说|看来|介绍|透露|强调|口播|观点|引述|原文|原话")


def check(report: Report, index: Index, documents: Mapping[str, Document]) -> list[Finding]:
    """A finding for each claim of the report, in the order of its claims."""
    return list(_attributed(report, bind(report, index), documents))


def _attributed(report: Report, findings: list[Finding], documents: Mapping[str, Document]) -> Iterator[Finding]:
    for claim, finding in zip(report.claims, findings, strict=True):
        spoken = bool(finding.clean) and all(_is_spoken(match, documents) for match in finding.clean)
        words = report.folded[claim.sentence[0] : claim.sentence[1]]
        yield _unattributed(finding) if spoken and not _ATTRIBUTED.search(words) else finding


def _is_spoken(match: Match, documents: Mapping[str, Document]) -> bool:
    source = match.proof.fact.source
    return source is not None and documents[source.doc_id].kind == "transcript"


def _unattributed(finding: Finding) -> Finding:
    verdict = finding.verdict
    message = f"“{verdict.surface}”只见于口播稿；须写明是谁说的，或另找来源。"
    return Finding(replace(verdict, status="refuted", reason="attribution", message=message))
