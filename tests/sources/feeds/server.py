"""A web server on loopback for feeds: answers by path, and misbehaves where it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Page:
    """What a path answers; `drip` sends a byte at a time with that many seconds between."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    drip: float = 0.0


class Site:
    """The server: `url` is its address, `seen` the requests with their headers."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = dict(pages)
        self.seen: list[tuple[str, str, Mapping[str, str], bytes]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                site.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                page = site.pages.get(self.path.split("?")[0], Page(status=404))
                tag = page.headers.get("ETag")
                if tag and self.headers.get("If-None-Match") == tag:
                    page = Page(status=304)
                self.send_response(page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if not page.drip:
                    self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                _send(self, page)

            do_GET = do_POST = do_PUT = _answer  # noqa: N815  (the base class names them)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _send(handler: BaseHTTPRequestHandler, page: Page) -> None:
    try:
        if not page.drip:
            handler.wfile.write(page.body)
            return
        for byte in page.body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(page.drip)
    except OSError:  # the client gave up, as it should
        handler.close_connection = True
