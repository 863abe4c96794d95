"""人员 and 记录: who works here and as what, and the trail of who did what. For chiefs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from quantshark.console.office import Here, see_other
from quantshark.console.page import respond
from quantshark.console.visitors import Form, Posted, Visitor, at_least, require
from quantshark.console.words import ACTIONS

router = APIRouter(include_in_schema=False)
Chief = Annotated[Visitor, Depends(at_least("chief"))]


def chiefs_form(form: Form) -> Posted:
    require(form.visitor, "chief")
    return form


ChiefsForm = Annotated[Posted, Depends(chiefs_form)]


@router.get("/people")
def people(request: Request, office: Here, visitor: Chief) -> Response:
    return respond(request, visitor, "people.html.j2", everyone=office.people.everyone(), welcome=None)


@router.post("/people/add")
def add(request: Request, office: Here, form: ChiefsForm) -> Response:
    welcome = office.people.add(form["name"], form["role"], form.visitor.name)
    return respond(request, form.visitor, "people.html.j2", everyone=office.people.everyone(), welcome=welcome)


@router.post("/people/password")
def reset(request: Request, office: Here, form: ChiefsForm) -> Response:
    welcome = office.people.reset_password(form["name"], form.visitor.name)
    return respond(request, form.visitor, "people.html.j2", everyone=office.people.everyone(), welcome=welcome)


@router.post("/people/role")
def set_role(office: Here, form: ChiefsForm) -> Response:
    office.people.set_role(form["name"], form["role"], form.visitor.name)
    return see_other("/people", f"{form['name']} 的身份已改。")


@router.post("/people/bar")
def bar(office: Here, form: ChiefsForm) -> Response:
    barred = form["barred"] == "1"
    office.people.bar(form["name"], form.visitor.name, barred=barred)
    return see_other("/people", f"{form['name']} 已{'停用' if barred else '恢复'}。")


@router.get("/audit")
def audit(request: Request, office: Here, visitor: Chief, subject: str = "") -> Response:
    trail = office.newsroom.store.audit_trail(subject or None, limit=300)
    return respond(request, visitor, "audit.html.j2", trail=trail, subject=subject, actions=ACTIONS)
