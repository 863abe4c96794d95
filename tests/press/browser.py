"""A real Chromium for the tests, spoken to through a pipe: no driver, no download, no socket.

It is Debian's own; where it is missing the tests that need it are skipped, saying so.
"""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--mute-audio",
    "--remote-debugging-pipe",
)
PATIENCE = 30.0

Message = dict[str, Any]  # the protocol's JSON, read key by key below


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Tab:
    """One page: what happened in it is kept in `events`, by the protocol's names."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = read, write
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session: str | None = None
        self.events: list[Message] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: object) -> Message:
        number = next(self._numbers)
        message: Message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._receive(end)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return cast(Message, answer["result"])

    def _receive(self, end: float) -> Message:
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError("Chromium does not answer")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise EOFError("Chromium has ended")
            self._buffer += piece
        raw, self._buffer = self._buffer.split(b"\0", 1)
        message = cast(Message, json.loads(raw))
        if "method" in message:
            self.events.append(message)
            if message["method"] == "Page.javascriptDialogOpening":
                self._dismiss()
        return message

    def _dismiss(self) -> None:
        message = {"id": next(self._numbers), "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}
        os.write(self._write, json.dumps(message | {"sessionId": self._session}).encode() + b"\0")

    def open(self, path: Path) -> None:
        self.open_at(path.resolve().as_uri())

    def open_at(self, address: str) -> None:
        self.events.clear()
        self.call("Page.navigate", url=address)
        end = time.monotonic() + PATIENCE
        while not self.happened("Page.loadEventFired"):
            self._receive(end)

    def happened(self, method: str) -> list[Message]:
        return [cast(Message, event["params"]) for event in self.events if event["method"] == method]

    def evaluate(self, expression: str) -> Any:  # whatever the page's JSON holds
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", answer["exceptionDetails"]))
        return answer["result"].get("value")

    def size(self, width: int, height: int, *, phone: bool = False) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def media(self, *, dark: bool = False, printed: bool = False) -> None:
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media="print" if printed else "screen", features=features)

    def scripts(self, *, on: bool) -> None:
        self.call("Emulation.setScriptExecutionDisabled", value=not on)

    def click(self, selector: str) -> None:
        self.evaluate(
            f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
        )
        box = self.evaluate(
            f"(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector({json.dumps(selector)}).getClientRects()[0])"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def press(self, key: str) -> None:
        text = "\r" if key == "Enter" else ""
        code = {"Enter": 13, "Escape": 27, "Tab": 9}.get(key, 0)
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, text=text, windowsVirtualKeyCode=code)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def picture(self, *, whole: bool = False) -> bytes:
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])


@contextmanager
def browser(profile: Path) -> Generator[Tab]:
    """A Chromium with an empty profile, ended at the end."""
    program = chromium()
    if program is None:
        raise FileNotFoundError("no chromium on this machine")
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    quiet = os.open(os.devnull, os.O_RDWR)
    process = os.posix_spawn(
        program,
        [program, *FLAGS, f"--user-data-dir={profile}"],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, quiet, 1),
            (os.POSIX_SPAWN_DUP2, quiet, 2),
            (os.POSIX_SPAWN_DUP2, theirs_in, 3),
            (os.POSIX_SPAWN_DUP2, theirs_out, 4),
        ],
    )
    for handle in (theirs_in, theirs_out, quiet):
        os.close(handle)
    try:
        yield Tab(ours_in, ours_out)
    finally:
        os.close(ours_in)
        os.close(ours_out)
        _end(process)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends have high numbers, out of the way of those that the browser wants."""
    low = os.pipe()
    high = (fcntl.fcntl(low[0], fcntl.F_DUPFD_CLOEXEC, 32), fcntl.fcntl(low[1], fcntl.F_DUPFD_CLOEXEC, 32))
    for handle in low:
        os.close(handle)
    return high


def _end(process: int) -> None:
    """A browser whose pipe is closed ends by itself; one that does not is ended."""
    for _ in range(50):
        if os.waitpid(process, os.WNOHANG)[0]:
            return
        time.sleep(0.1)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
