"""The pages by what an editor does there; each module has its `router`."""

from __future__ import annotations

from quantshark.console.pages import api, api_editing, doorway, live, mending, proof, publishing, sources, staff, today

ROUTERS = (
    doorway.router,
    today.router,
    live.router,
    proof.router,
    mending.router,
    publishing.router,
    sources.router,
    staff.router,
    api.router,
    api_editing.router,
    api.manual,
)
