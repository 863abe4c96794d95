"""In and out: sign-in, sign-out, one's own password and tokens, and the lamp that says the console is up."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from quantshark.console.office import Here, Office, office_of, see_other
from quantshark.console.page import respond
from quantshark.console.visitors import (
    BEFORE,
    FIELD,
    SESSION,
    Form,
    Signed,
    Turnstile,
    address_of,
    is_token_of,
    known,
    new_secret,
    token_of,
)

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def lamp(office: Here) -> PlainTextResponse:
    """For a monitor: the console and its store answer."""
    office.newsroom.store.audit_trail(limit=1)
    return PlainTextResponse("ok")


@router.get("/favicon.ico")
def icon() -> RedirectResponse:
    return RedirectResponse("/static/icon.svg", status_code=301)


@router.get("/login")
def guessed(next: str = "/") -> RedirectResponse:  # noqa: A002  the address says `next`
    """Where people look for it who type the address."""
    return RedirectResponse(f"/sign-in?next={quote(own(next))}", status_code=303)


@router.get("/sign-in")
def ask(request: Request, office: Here, next: str = "/") -> Response:  # noqa: A002  the address says `next`
    if known(request, office) is not None:
        return RedirectResponse(own(next), status_code=303)
    return _form(request, own(next))


def _form(request: Request, back: str, refusal: str = "", name: str = "", status: int = 200) -> Response:
    secret = request.cookies.get(BEFORE) or new_secret()
    answer = respond(
        request, None, "sign_in.html.j2", status, back=back, refusal=refusal, name=name, door_token=token_of(secret)
    )
    _set(answer, office_of(request), BEFORE, secret, 3600)
    return answer


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    form = await request.form(max_fields=8, max_files=0)
    return await run_in_threadpool(_sign_in, request, {key: str(value) for key, value in form.items()})


def _sign_in(request: Request, given: dict[str, str]) -> Response:
    office = office_of(request)
    turnstile: Turnstile = request.app.state.turnstile
    back, name = own(given.get("next", "/")), given.get("name", "").strip()
    secret = request.cookies.get(BEFORE, "")
    if not secret or not is_token_of(secret, given.get(FIELD, "")):
        return _form(request, back, "页面放得太久了，请再填一次。", name, 403)
    key = f"{name.casefold()} from {address_of(request, office)}"
    wait = turnstile.wait(key)
    if wait:
        return _form(request, back, f"试错太多次，请等 {wait} 秒再试，或请主编重设密码。", name, 429)
    person = office.people.sign_in(name, given.get("password", ""))
    if person is None:
        turnstile.failed(key)
        office.newsroom.store.audit("sign-in refused", name[:60], "", "")
        return _form(request, back, "姓名或密码不对。忘了密码，请主编在“人员”页重设。", name, 403)
    turnstile.passed(key)
    session = office.people.open_session(person.name, timedelta(hours=office.door.session_hours))
    office.newsroom.store.audit("sign-in", person.name, "", person.name)
    answer = see_other("/me" if person.must_change else back, "请先换掉一次性密码。" if person.must_change else "")
    _set(answer, office, SESSION, session, office.door.session_hours * 3600)
    answer.delete_cookie(BEFORE)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, office: Here, form: Form) -> Response:
    office.people.close_session(request.cookies.get(SESSION, ""))
    office.newsroom.store.audit("sign-out", form.visitor.name, "", form.visitor.name)
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION)
    return answer


@router.get("/me")
def me(request: Request, office: Here, visitor: Signed) -> Response:
    tokens = office.people.tokens(visitor.name)
    return respond(request, visitor, "me.html.j2", tokens=tokens, made="")


@router.post("/me/password")
def change_password(request: Request, office: Here, form: Form) -> Response:
    people, name = office.people, form.visitor.name
    refusal = ""
    if form["new"] != form["again"]:
        refusal = "两次填的新密码不一样。"
    elif people.sign_in(name, form["old"]) is None:
        refusal = "原来的密码不对。"
    if refusal:
        tokens = people.tokens(name)
        return respond(request, form.visitor, "me.html.j2", 422, tokens=tokens, made="", refusal=refusal)
    people.set_password(name, form["new"], by=name)
    session = people.open_session(name, timedelta(hours=office.door.session_hours))
    answer = see_other("/", "密码已换。")
    _set(answer, office, SESSION, session, office.door.session_hours * 3600)
    return answer


@router.post("/me/tokens")
def make_token(request: Request, office: Here, form: Form) -> Response:
    made = office.people.add_token(form.visitor.name, form["label"].strip() or "未命名")
    tokens = office.people.tokens(form.visitor.name)
    return respond(request, form.visitor, "me.html.j2", tokens=tokens, made=made)


@router.post("/me/tokens/{number}/drop")
def drop_token(number: str, office: Here, form: Form) -> Response:
    office.people.drop_token(form.visitor.name, number)
    return see_other("/me", "令牌已作废。")


def _set(answer: Response, office: Office, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=office.door.https, path="/")


def own(address: str) -> str:
    """An address of this console; anything else leads to the first page."""
    parts = urlsplit(address)
    fine = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if fine and "\\" not in address and address.isprintable() else "/"
