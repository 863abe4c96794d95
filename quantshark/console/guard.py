"""What stands before every page: headers that allow nothing foreign, no request from another site, no endless body.

Plain ASGI, so that it costs nothing on a stream. No page needs an inline script or style, so none is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BYTES = 9 * 1024 * 1024
"""An upload of 8 MB with its form around it."""


class Guard:
    """Wraps the application. `https` adds the header that keeps browsers on it."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = self._dressed(send)
        if scope["method"] not in SAFE and is_foreign(headers):
            told = "这个请求来自别的网站，没有执行。请回到控制台页面，重新操作一次。"
            await PlainTextResponse(told, status_code=403)(scope, receive, answer)
        elif _announced(headers) > MOST_BYTES:
            told = "提交的内容超过 8 MB，没有收下。请分成几份再传。"
            await PlainTextResponse(told, status_code=413)(scope, receive, answer)
        else:
            await self._app(scope, _Counted(receive), answer)

    def _dressed(self, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    found.setdefault(name, value)
                if self._https:
                    found.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        return dressed


class _Counted:
    """A body that does not say how long it is, cut off where it is too long."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > MOST_BYTES:
                return {"type": "http.disconnect"}
        return message


def is_foreign(headers: Headers) -> bool:
    """Was this sent by a page of another site? Browsers say so in one of two headers; programs say neither."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _announced(headers: Headers) -> int:
    told = headers.get("content-length", "0")
    return int(told) if told.isdecimal() else 0
