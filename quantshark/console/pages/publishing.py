"""发: preview per channel, approve what was read, publish exactly that; receipts, correction, withdrawal, kill switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from quantshark.console import difference
from quantshark.console.office import Here, Office, see_other
from quantshark.console.page import respond
from quantshark.console.previews import FRAMED, SANDBOX, VIEWS, page_of, text_of
from quantshark.console.visitors import Form, Signed, require
from quantshark.errors import EditError, HaltedError, NotFoundError, TargetError
from quantshark.model import Release
from quantshark.newsroom.room import Reread
from quantshark.press.ledger import digest as text_digest

router = APIRouter(include_in_schema=False)
PARCELS = {"waiting": "等着送", "claimed": "正在送", "failed": "没送成", "unknown": "不知道送到没有", "sent": "已送达"}


@dataclass(frozen=True, slots=True)
class Row:
    """A release in a list."""

    release: Release
    state: str
    channels: tuple[str, ...]


# Before it goes out


@router.get("/drafts/{draft_id}/publish")
def preview(request: Request, draft_id: str, office: Here, visitor: Signed, view: str = "site") -> Response:
    found = office.proofs.of(draft_id)
    reread, saved = found.reread, found.reread.saved
    shown = view if view in VIEWS else "site"
    standing = office.newsroom.standing(draft_id)
    blockers = tuple(_blockers(reread))
    return respond(
        request,
        visitor,
        "publish.html.j2",
        saved=saved,
        edition=office.newsroom.edition(saved.draft.edition),
        newer=reread.newest if reread.newest != draft_id else "",
        sheet=found.sheet,
        views=VIEWS,
        view=shown,
        preview="" if shown in FRAMED else text_of(reread.judged, shown, office.newsroom.settings.site_url),
        digest=standing.digest,
        approvals=standing.approvals,
        mine=any(given.actor == visitor.name for given in standing.approvals),
        missing=standing.missing,
        needed=standing.needed,
        blockers=blockers,
        ready=not blockers and not standing.missing,
        correcting=saved.draft.corrects,
        channels=office.channels(),
    )


def _blockers(reread: Reread) -> list[str]:
    told = list(reread.judged.draft.held)
    blocking = [verdict.surface for verdict in reread.verdicts if verdict.blocks]
    if blocking:
        told.append(f"{len(blocking)} 个数字要处理（{'、'.join(blocking[:5])}）")
    return told


@router.get("/drafts/{draft_id}/preview/{view}")
def framed(draft_id: str, view: str, office: Here, _: Signed) -> Response:
    if view not in FRAMED:
        raise NotFoundError(f"no preview {view!r}")
    judged = office.proofs.of(draft_id).reread.judged
    return _in_frame(page_of(judged, view, office.newsroom.settings.site_url))


def _in_frame(page: str) -> Response:
    headers = {"Content-Security-Policy": SANDBOX, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(page, headers=headers)


@router.post("/drafts/{draft_id}/approve")
def approve(draft_id: str, office: Here, form: Form) -> Response:
    require(form.visitor, "editor")
    same_or_refuse(office, draft_id, form["digest"])
    standing = office.newsroom.approve(draft_id, form.visitor.name)
    office.board.forget()
    said = "已通过，可以发布了。" if not standing.missing else f"已通过；还要 {standing.missing} 个人通过。"
    return see_other(f"/drafts/{draft_id}/publish", said)


def same_or_refuse(office: Office, draft_id: str, digest: str) -> None:
    """Raises EditError where the text is not the one that the editor saw."""
    if office.newsroom.standing(draft_id).digest != digest:
        raise EditError("the draft is not what was shown", notice="文字和您刚才看到的不一样了，请重新看一遍再通过。")


@router.post("/drafts/{draft_id}/publish")
def publish(draft_id: str, office: Here, form: Form) -> Response:
    require(form.visitor, "editor")
    same_or_refuse(office, draft_id, form["digest"])
    wanted = [value for name, value in form.values.items() if name.startswith("channel.")]
    release, said = send_to(office, draft_id, wanted, form.visitor.name)
    return see_other(f"/releases/{release.release_id}", said)


def send_to(office: Office, draft_id: str, wanted: Sequence[str], by: str) -> tuple[Release, str]:
    """Release what was approved and send it; gives the release and, in words, what the channels answered."""
    known_or_refuse(office, wanted)
    release = office.newsroom.release(draft_id, by)
    said = _sent(office, release.release_id, wanted, by)
    office.board.forget()
    return release, said


def known_or_refuse(office: Office, wanted: Sequence[str]) -> None:
    """Raises EditError unless channels were chosen, and only such as this console offers: a name may hold any path."""
    known = {channel.name for channel in office.channels()}
    if not wanted or not known.issuperset(wanted):
        raise EditError(
            f"channels {wanted} are not among {sorted(known)}", notice="请至少选一个渠道；可用的在“渠道”页。"
        )


def _sent(office: Office, release_id: str, channels: Sequence[str], by: str) -> str:
    """Send to one channel after the other: a refusal of one keeps nobody else waiting. Raises HaltedError."""
    refused: list[str] = []
    for channel in channels:
        try:
            office.newsroom.publish(release_id, channel, by)
        except HaltedError:
            raise
        except TargetError as error:
            refused.append(f"{channel}：{error}")
    done = len(channels) - len(refused)
    told = f"已发布，{done} 个渠道有回执。" if done else "没有送成。"
    return told + ("；".join(("没有送成的会再送：", *refused)) if refused else "")


# What is out


@router.get("/releases")
def releases(request: Request, office: Here, visitor: Signed) -> Response:
    rows = [Row(found, *_state(office, found)) for found in office.newsroom.store.releases(limit=100)]
    return respond(request, visitor, "releases.html.j2", rows=rows)


def _state(office: Office, release: Release) -> tuple[str, tuple[str, ...]]:
    channels = tuple(receipt.channel for receipt in office.newsroom.store.receipts(release.release_id))
    if office.newsroom.store.withdrawn(release.release_id) is not None:
        return "withdrawn", channels
    if not channels:
        return "ready", ()
    return ("corrected" if release.revision > 1 and not release.demo else "published"), channels


@router.get("/releases/{release_id}")
def release(request: Request, release_id: str, office: Here, visitor: Signed) -> Response:
    store = office.newsroom.store
    found = store.release(release_id)
    same_slot = [r for r in store.releases(found.edition, found.day, found.script) if r.revision < found.revision]
    parcels = [parcel for parcel in store.parcels(release_id=release_id) if parcel.state != "sent"]
    return respond(
        request,
        visitor,
        "release.html.j2",
        release=found,
        state=_state(office, found)[0],
        digest=text_digest(found.text),
        earlier=same_slot,
        difference=difference.of_texts(same_slot[0].text, found.text) if same_slot else "",
        receipts=store.receipts(release_id),
        waiting=parcels,
        parcel_states=PARCELS,
        cited=store.cited(release_id),
        channels=office.channels(),
        withdrawal=store.withdrawn(release_id),
    )


@router.get("/releases/{release_id}/page")
def public_page(release_id: str, office: Here, _: Signed) -> Response:
    """The very page that readers get, byte for byte from the shelf."""
    found = office.newsroom.store.release(release_id)
    return _in_frame(office.newsroom.shelf.files(found)[f"{found.stem}.html"].decode())


@router.post("/releases/{release_id}/publish")
def send(release_id: str, office: Here, form: Form) -> Response:
    require(form.visitor, "editor")
    found = office.newsroom.store.release(release_id)
    known_or_refuse(office, [form["channel"]])
    office.newsroom.publish(found.release_id, form["channel"], form.visitor.name)
    return see_other(f"/releases/{release_id}", "已送达。")


@router.post("/releases/{release_id}/withdraw")
def withdraw(release_id: str, office: Here, form: Form) -> Response:
    """Take a release back; a statement follows it to every channel."""
    require(form.visitor, "editor")
    statement = office.newsroom.withdraw(release_id, form["reason"], form.visitor.name)
    receipts = office.newsroom.send_waiting(statement.release_id, form.visitor.name)
    office.board.forget()
    return see_other(f"/releases/{statement.release_id}", f"已撤回，{len(receipts)} 个渠道换成了撤回说明。")


@router.post("/releases/{release_id}/correct")
def correct(release_id: str, office: Here, form: Form) -> Response:
    """Open a draft that will correct this release; readers see the notice."""
    require(form.visitor, "editor")
    opened = office.newsroom.begin_correction(release_id, form.visitor.name)
    office.board.forget()
    return see_other(f"/drafts/{opened.saved.draft_id}", "改好后照常核对、通过、发布；读者会看到旧数和新数。")


# The kill switch


@router.get("/channels")
def channels(request: Request, office: Here, visitor: Signed) -> Response:
    store = office.newsroom.store
    parcels = [parcel for parcel in store.parcels() if parcel.state != "sent"]
    return respond(
        request,
        visitor,
        "channels.html.j2",
        halt=store.halted(),
        channels=office.channels(),
        parcels=parcels,
        parcel_states=PARCELS,
    )


@router.post("/channels/decide")
def decide(office: Here, form: Form) -> Response:
    """A person looked into a channel that cannot tell whether it took a release."""
    require(form.visitor, "editor")
    office.newsroom.decide(form["release"], form["channel"], taken=form["taken"] == "1", actor=form.visitor.name)
    return see_other("/channels", "已记下。")


@router.post("/channels/halt")
def halt(office: Here, form: Form) -> Response:
    require(form.visitor, "editor")
    office.newsroom.halt(form["reason"], form.visitor.name)
    return see_other("/channels", "全部渠道已停发。")


@router.post("/channels/resume")
def resume(office: Here, form: Form) -> Response:
    require(form.visitor, "editor")
    office.newsroom.resume(form.visitor.name)
    return see_other("/channels", "已恢复发送。")
