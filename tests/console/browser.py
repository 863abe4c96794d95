"""A real console on a free port of this machine, and Debian's Chromium to look at it. Both end with the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.console.conftest import PASSWORD

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 120.0
MILLISECONDS = 60_000
expect.set_options(timeout=MILLISECONDS)  # its own five seconds measure the machine


@contextmanager
def serving(home: Path, port: int = 0, *options: str) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    """`quantshark serve` over a home, as an editor would start it."""
    port = port or free_port()
    command = [sys.executable, "-m", "quantshark", "serve", "--port", str(port), *options]
    environment = {**os.environ, "QUANTSHARK_HOME": str(home)}
    process = subprocess.Popen(  # noqa: S603
        command, env=environment, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process)
        yield address, process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the console ended with {process.returncode}")
        try:
            if httpx.get(f"{address}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError("the console does not answer")


@contextmanager
def chromium() -> Generator[Browser]:
    """Skips, saying so, where there is none."""
    program = shutil.which("chromium") or CHROMIUM
    if not Path(program).exists():
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def editor_at(browser: Browser, address: str, name: str, *, scripts: bool = True) -> Page:
    """A browser of its own in which somebody has signed in."""
    context: BrowserContext = browser.new_context(java_script_enabled=scripts, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page
