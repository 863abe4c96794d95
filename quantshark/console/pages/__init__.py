"""The pages by what an editor does there; each module has its `router`."""

from __future__ import annotations

from quantshark.console.pages import (
    api,
    api_editing,
    api_sources,
    doorway,
    live,
    mending,
    proof,
    publishing,
    shelves,
    sources,
    staff,
    today,
)

ROUTERS = (
    doorway.router,
    today.router,
    live.router,
    proof.router,
    mending.router,
    publishing.router,
    sources.router,
    shelves.router,
    staff.router,
    api.router,
    api_editing.router,
    api_sources.router,
    api.manual,
)
