"""What every page of an edition says of itself: the AI label, the disclaimer, the risk text, the metadata for machines.

The label follows the Chinese labelling measures in force since 2025-09-01 (人工智能生成合成内容标识办法, GB 45438-2025): words
that a reader sees, and an `AIGC` entry in the metadata of each format. None of these texts holds a figure, so the
stranger's reading of a page finds only the report's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from quantshark.editions import Edition

_GENERATED = re.compile(r"(?:人工智[能慧]|AI).{0,4}(?:生成|合成)")

Script = Literal["hans", "hant"]

AI_LABEL = "本文由人工智能生成"
AI_NOTE = "由量子鲨鱼（QuantShark）依据所列资料自动撰写；市场数字均附出处，可逐一核对。"
DEMO_LABEL = "演示数据"
DEMO_NOTE = "本文使用虚构或示意的资料，其中的行情与数字不反映真实市场，请勿据此交易，也请勿转载。"
DISCLAIMER = "本文仅供参考，不构成任何投资建议，也不构成买卖任何证券的要约或邀请。资料来自公开渠道，力求准确，但不保证完整与及时；如与原文不符，以原文为准。"
RISK = "市场有风险，投资需谨慎。过往表现不预示未来收益，请结合自身的财务状况与风险承受能力独立判断。"
AIGC_NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
"""The namespace that the labelling standard's practice guide gives to the label in XML; its prefix is TC260."""
COLOPHON = "重要声明"


@dataclass(frozen=True, slots=True)
class Imprint:
    """The lines of an edition that do not change from day to day; `slot` is the Hong Kong time it is due.

    `section_titles` names sections by slug, so that a page can say which of them was left out.
    """

    name: str = ""
    publisher: str = "量子鲨鱼"
    slot: time | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    label: str = AI_LABEL
    note: str = AI_NOTE
    demo_label: str = DEMO_LABEL
    demo_note: str = DEMO_NOTE
    disclaimer: str = DISCLAIMER
    risk: str = RISK
    section_titles: tuple[tuple[str, str], ...] = ()
    rise: Literal["red", "green"] = "red"
    """The colour of what rises in pictures: red in China, green elsewhere."""
    projections: bool = False
    """Does the edition hold projections (推演)? Its front matter says so, and only then the check lets them pass."""

    def __post_init__(self) -> None:
        if _GENERATED.search(self.label) is None:
            raise ValueError(
                f"the AI label reads {self.label!r}; it has to say 人工智能 or AI, and 生成 or 合成, as the labelling measures ask"
            )

    @classmethod
    def of(cls, edition: Edition) -> Imprint:
        """What an edition file says of its pages."""
        return cls(
            name=edition.name,
            slot=edition.slot.time,
            categories=(edition.name,),
            label=edition.ai_label or AI_LABEL,
            disclaimer=edition.disclaimer or DISCLAIMER,
            risk=edition.risk or RISK,
            section_titles=tuple((spec.slug, spec.heading) for spec in edition.sections),
            projections=edition.projections,
        )

    def title_of(self, slug: str) -> str:
        """The heading a reader knows the section by, else its slug."""
        return dict(self.section_titles).get(slug, slug)


def release_id(edition: str, day: date, script: Script, revision: int) -> str:
    """`radar-2025-12-12-hans-r1`: slot, script and revision are what makes a release one of its kind."""
    return f"{edition}-{day.isoformat()}-{script}-r{revision}"


def aigc(producer: str, produce_id: str) -> dict[str, str]:
    """The metadata label of GB 45438-2025, annex E; `Label` "1" says that the content is AI-generated."""
    return {
        "Label": "1",
        "ContentProducer": producer,
        "ProduceID": produce_id,
        "ReservedCode1": "",
        "ContentPropagator": producer,
        "PropagateID": produce_id,
        "ReservedCode2": "",
    }
