"""核对: the report as a reader will see it, every figure with its verdict and, beside it, its evidence."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from quantshark.console.office import Here
from quantshark.console.page import respond
from quantshark.console.slots import SlotId
from quantshark.console.visitors import Signed

router = APIRouter(include_in_schema=False)


@router.get("/drafts/{draft_id}")
def proof(request: Request, draft_id: str, office: Here, visitor: Signed) -> Response:
    found = office.proofs.of(draft_id)
    saved = found.reread.saved
    draft = saved.draft
    newer = found.reread.newest if found.reread.newest != draft_id else ""
    return respond(
        request,
        visitor,
        "proof.html.j2",
        saved=saved,
        slot=SlotId(draft.edition, draft.day, draft.script),
        number=saved.number,
        edition=office.newsroom.edition(draft.edition),
        sheet=found.sheet,
        newer=newer,
        changed=found.reread.changed,
        held=draft.held,
        has_model=office.newsroom.settings.llm.configured,
    )
