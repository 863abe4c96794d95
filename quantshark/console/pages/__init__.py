"""The pages by what an editor does there; each module has its `router`."""

from __future__ import annotations

from quantshark.console.pages import api, doorway, live, proof, staff, today

ROUTERS = (doorway.router, today.router, live.router, proof.router, staff.router, api.router, api.manual)
