"""The desk's deciding verbs for programs: mend, rewrite, bind, waive, approve, publish, correct, withdraw, stop. The person of the token answers for them."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from quantshark.console.office import Here
from quantshark.console.pages.api import PROBLEMS, DraftOut, Model, Program, ReleaseOut, as_draft, as_release
from quantshark.console.pages.publishing import same_or_refuse, send_to
from quantshark.console.visitors import require

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="正文指纹：读到的就是要发的")]
Reason = Annotated[str, Field(min_length=2, max_length=300)]


class MendIn(Model):
    """Another text for a section; `{f3}` is printed by code."""

    text: str = Field(min_length=1, max_length=20_000)
    note: str = Field(default="", max_length=200)


class SpotIn(Model):
    """A figure, as a verdict of the draft names it: code points of the text."""

    start: int = Field(ge=0, le=1_000_000)
    end: int = Field(ge=0, le=1_000_000)

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


class BindIn(SpotIn):
    """Which fact a figure is, and why."""

    fact: str = Field(min_length=1, max_length=200)
    reason: Reason


class WaiveIn(SpotIn):
    """Why a figure without a proof may stand."""

    reason: Reason


class SentenceIn(Model):
    """A sentence as it stands in its section."""

    section: str = Field(min_length=1, max_length=80)
    sentence: str = Field(min_length=1, max_length=2_000)


class StandingOut(Model):
    """How far a draft is from going out."""

    digest: str
    approved_by: tuple[str, ...]
    missing: int


class ApproveIn(Model):
    """What was read."""

    digest: Digest


class PublishIn(Model):
    """What was approved, and where it goes; by default to the small site beside the store."""

    digest: Digest
    channels: tuple[str, ...] = Field(default=(), max_length=20)


class PublishedOut(Model):
    """The release, and in words what the channels answered."""

    release: ReleaseOut
    told: str


class ReasonIn(Model):
    """Why; readers or colleagues will see it."""

    reason: Reason


class HaltOut(Model):
    """Do the channels stand still?"""

    halted: bool
    reason: str = ""
    by: str = ""


@router.put("/drafts/{draft_id}/sections/{section}", summary="修改一节，另存为一稿", tags=["修改"])
def mend(draft_id: str, section: str, given: MendIn, office: Here, visitor: Program) -> DraftOut:
    office.newsroom.store.draft(draft_id)
    return as_draft(office.newsroom.mend(draft_id, section, given.text, visitor.name, note=given.note))


@router.post("/drafts/{draft_id}/rewrite", summary="请模型改写一句", tags=["修改"])
def rewrite(draft_id: str, given: SentenceIn, office: Here, visitor: Program) -> DraftOut:
    return as_draft(asyncio.run(office.newsroom.rewrite(draft_id, given.section, given.sentence, visitor.name)))


@router.post("/drafts/{draft_id}/bind", summary="指明一个数字的出处", tags=["修改"])
def bind(draft_id: str, given: BindIn, office: Here, visitor: Program) -> DraftOut:
    return as_draft(office.newsroom.bind(draft_id, given.span, given.fact, given.reason, visitor.name))


@router.post("/drafts/{draft_id}/waive", summary="申请放行一个没有出处的数字", tags=["修改"])
def waive(draft_id: str, given: WaiveIn, office: Here, visitor: Program) -> DraftOut:
    return as_draft(office.newsroom.waive(draft_id, given.span, given.reason, visitor.name))


@router.post("/drafts/{draft_id}/confirm", summary="由第二人确认放行", tags=["修改"])
def confirm(draft_id: str, given: SpotIn, office: Here, visitor: Program) -> DraftOut:
    require(visitor, "editor")
    return as_draft(office.newsroom.confirm(draft_id, given.span, visitor.name))


@router.post("/drafts/{draft_id}/revoke", summary="撤回绑定或放行", tags=["修改"])
def revoke(draft_id: str, given: SpotIn, office: Here, visitor: Program) -> DraftOut:
    return as_draft(office.newsroom.revoke(draft_id, given.span, visitor.name))


@router.get("/drafts/{draft_id}/standing", summary="离发布还差什么", tags=["发布"])
def standing(draft_id: str, office: Here, _: Program) -> StandingOut:
    found = office.newsroom.standing(draft_id)
    names = tuple(given.actor for given in found.approvals)
    return StandingOut(digest=found.digest, approved_by=names, missing=found.missing)


@router.post("/drafts/{draft_id}/approve", summary="通过这一稿", tags=["发布"])
def approve(draft_id: str, given: ApproveIn, office: Here, visitor: Program) -> StandingOut:
    require(visitor, "editor")
    same_or_refuse(office, draft_id, given.digest)
    office.newsroom.approve(draft_id, visitor.name)
    return standing(draft_id, office, visitor)


@router.post("/drafts/{draft_id}/publish", summary="发布通过的这一稿", tags=["发布"])
def publish(draft_id: str, given: PublishIn, office: Here, visitor: Program) -> PublishedOut:
    require(visitor, "editor")
    same_or_refuse(office, draft_id, given.digest)
    release, told = send_to(office, draft_id, given.channels or (office.channels()[0].name,), visitor.name)
    return PublishedOut(release=as_release(office, release), told=told)


@router.post("/releases/{release_id}/correct", summary="开一稿更正", tags=["发布"])
def correct(release_id: str, office: Here, visitor: Program) -> DraftOut:
    require(visitor, "editor")
    return as_draft(office.newsroom.begin_correction(release_id, visitor.name))


@router.post("/releases/{release_id}/withdraw", summary="撤回，并告知读者", tags=["发布"])
def withdraw(release_id: str, given: ReasonIn, office: Here, visitor: Program) -> ReleaseOut:
    require(visitor, "editor")
    statement = office.newsroom.withdraw(release_id, given.reason, visitor.name)
    office.newsroom.send_waiting(statement.release_id, visitor.name)
    return as_release(office, statement)


@router.get("/channels/halt", summary="渠道是否停发", tags=["发布"])
def halted(office: Here, _: Program) -> HaltOut:
    halt = office.newsroom.halted()
    return HaltOut(halted=halt is not None, reason=halt.reason if halt else "", by=halt.actor if halt else "")


@router.put("/channels/halt", summary="停发全部渠道", tags=["发布"])
def halt(given: ReasonIn, office: Here, visitor: Program) -> HaltOut:
    require(visitor, "editor")
    office.newsroom.halt(given.reason, visitor.name)
    return halted(office, visitor)


@router.delete("/channels/halt", summary="恢复发送", tags=["发布"])
def resume(office: Here, visitor: Program) -> HaltOut:
    require(visitor, "editor")
    office.newsroom.resume(visitor.name)
    return halted(office, visitor)
