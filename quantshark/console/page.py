"""Puts a page together: the template's own values, and what every page shows (who is here, the menu, what was just done)."""

from __future__ import annotations

from fastapi import Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from quantshark.console.office import CHIEF_MENU, MENU, SAID, hidden, office_of
from quantshark.console.visitors import FIELD, Visitor


def respond(
    request: Request, visitor: Visitor | None, template: str, status: int = 200, **values: object
) -> HTMLResponse:
    """The page of a template."""
    office = office_of(request)
    halt = office.newsroom.store.halted() if visitor else None

    def token() -> Markup:
        return hidden(FIELD, visitor.form_token if visitor else "")

    menu = (*MENU, *CHIEF_MENU) if visitor and visitor.may("chief") else MENU
    shared: dict[str, object] = {
        "person": visitor.person if visitor else None,
        "may_mend": visitor is not None,
        "may_publish": visitor is not None and visitor.may("editor"),
        "is_chief": visitor is not None and visitor.may("chief"),
        "menu": menu,
        "here": _section(request.url.path, menu),
        "token": token,
        "stopped": f"{halt.actor} {halt.reason}".strip() or "已停" if halt else "",
        "said": _said(request),
        "refusal": "",
    }
    answer = HTMLResponse(office.fill(template, shared | values), status_code=status)
    if request.cookies.get(SAID):
        answer.delete_cookie(SAID)
    return answer


def _section(path: str, menu: tuple[tuple[str, str], ...]) -> str:
    return next((href for href, _ in menu if href != "/" and path.startswith(href)), "/" if path == "/" else "")


def _said(request: Request) -> str:
    try:
        return bytes.fromhex(request.cookies.get(SAID, "")).decode()
    except ValueError:
        return ""
