"""The application: pages, API, static files, and what happens when something goes wrong.

`create_app` is the factory; `quantshark serve` runs what it makes. Pages are made by ordinary functions in threads (the
newsroom is synchronous); only streams of events live on the loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from quantshark.console import demonstration
from quantshark.console.board import Board
from quantshark.console.drafting import Drafting
from quantshark.console.guard import Guard
from quantshark.console.office import HERE, Door, Office, see_other
from quantshark.console.page import respond
from quantshark.console.pages import ROUTERS
from quantshark.console.proofs import Proofs
from quantshark.console.pulse import Pulse
from quantshark.console.visitors import (
    NotAllowedError,
    PasswordDueError,
    SignInNeededError,
    StaleFormError,
    Turnstile,
    known,
)
from quantshark.errors import NotFoundError, QuantSharkError
from quantshark.newsroom import Newsroom
from quantshark.newsroom.live import SILENT_SECONDS
from quantshark.newsroom.people import People, Welcome

API = "/api/"
log = logging.getLogger("quantshark.console")

TITLES = {
    400: "没有看懂这个请求",
    403: "不能这样做",
    404: "没有这一页",
    405: "不能这样做",
    409: "现在不能这样做",
    413: "太大了",
    422: "填的内容不合要求",
    500: "出了差错",
}


def open_door(newsroom: Newsroom) -> Welcome | None:
    """The chief's account of a new house with its one-time password; None where somebody has one already."""
    return People(newsroom.store).first_chief()


def create_app(newsroom: Newsroom, door: Door | None = None, *, first_drafts: bool = False) -> FastAPI:
    """The console over a newsroom. `first_drafts` writes what the door's day lacks, so that a demonstration has its drafts."""
    door = door or Door()
    drafting = Drafting(newsroom.settings, door.drafts_at_once)
    office = Office(
        newsroom,
        door,
        drafting,
        Pulse(newsroom.store),
        Proofs(newsroom),
        Board(newsroom, drafting),
        People(newsroom.store),
    )

    @asynccontextmanager
    async def open_and_close(_: FastAPI) -> AsyncGenerator[None]:
        await run_in_threadpool(office.drafting.take_up, newsroom)
        later = [asyncio.create_task(_take_up_later(office))]
        if first_drafts:
            later.append(asyncio.create_task(demonstration.prepare(office)))
        yield
        for task in later:
            task.cancel()
        office.pulse.stop()
        await run_in_threadpool(office.drafting.close)

    app = FastAPI(
        title="量子鲨鱼控制台",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=open_and_close,
    )
    app.state.office = office
    app.state.turnstile = Turnstile()
    app.add_middleware(Guard, https=door.https)
    app.mount("/static", _Static(directory=HERE / "static"), name="static")
    for router in ROUTERS:
        app.include_router(router)
    _answer_errors(app, office)
    return app


async def _take_up_later(office: Office) -> None:
    """What a console left that was killed just now still seems alive at the start."""
    await asyncio.sleep(SILENT_SECONDS + 1)
    await run_in_threadpool(office.drafting.take_up, office.newsroom)


class _Static(StaticFiles):
    """Files whose address changes with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def _answer_errors(app: FastAPI, office: Office) -> None:
    async def answer(request: Request, status: int, told: str) -> Response:
        if request.url.path.startswith(API):
            return JSONResponse({"error": told}, status_code=status)
        return await run_in_threadpool(page, request, status, told)

    def page(request: Request, status: int, told: str) -> Response:
        heading = TITLES.get(status, "出了差错")
        return respond(request, known(request, office), "error.html.j2", status, heading=heading, told=told)

    @app.exception_handler(SignInNeededError)
    async def _sign_in(request: Request, _: Exception) -> Response:
        if request.url.path.startswith(API):
            told = {"error": "请带上令牌：Authorization: Bearer …"}
            return JSONResponse(told, status_code=401, headers={"WWW-Authenticate": "Bearer"})
        back = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={quote(back)}", status_code=303)

    @app.exception_handler(PasswordDueError)
    async def _password_due(request: Request, _: Exception) -> Response:
        told = "请先换掉一次性密码。"
        return await answer(request, 403, told) if request.url.path.startswith(API) else see_other("/me", told)

    @app.exception_handler(NotAllowedError)
    async def _not_allowed(request: Request, error: Exception) -> Response:
        return await answer(request, 403, str(error))

    @app.exception_handler(StaleFormError)
    async def _stale(request: Request, _: Exception) -> Response:
        return await answer(
            request, 403, "这张表单已经过期，没有执行。请返回上一页，刷新后再提交；您填的内容可以先复制下来。"
        )

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        told = error.detail if error.status_code not in {404, 405} else "这个地址下没有内容，可能是链接写错了。"
        return await answer(request, error.status_code, told)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        where = "、".join(sorted({str(found["loc"][-1]) for found in error.errors()}))
        return await answer(request, 422, f"这些内容不合要求：{where}。")

    @app.exception_handler(NotFoundError)
    async def _not_found(request: Request, error: Exception) -> Response:
        return await answer(request, 404, f"资料库里没有您要的这一项（{error}）。")

    @app.exception_handler(QuantSharkError)
    async def _ours(request: Request, error: Exception) -> Response:
        return await answer(request, 409, str(getattr(error, "notice", error)))

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return await answer(request, 500, "程序出了差错，没有完成。已记入日志；请重试，或把时间告诉管理员。")
