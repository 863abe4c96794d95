"""`quantshark serve`: the editor's desk in a browser."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quantshark.cli.terminal import progress, say
from quantshark.cli.words import day_of

if TYPE_CHECKING:  # the web stack is imported by the command that runs
    from quantshark.newsroom import Newsroom

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DEMO_DAY = date(2025, 12, 12)
KEEP_ALIVE_SECONDS = 75
"""An editor reads for a minute before the next click; reverse proxies close theirs after sixty seconds, so they go first."""
SWITCH_SECONDS = 0.001
"""A page waits for the interpreter after each of its reads; beside a thread that judges a draft, 5 ms each are a lot."""


def serve(
    *,
    host: Annotated[str, typer.Option(help="在哪个地址上听；默认只有本机能连")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口")] = 8000,
    https: Annotated[bool, typer.Option("--https", help="前面有 HTTPS 反向代理：会话只走加密连接")] = False,
    proxy: Annotated[
        list[str] | None, typer.Option(help="可信的反向代理地址，只信它转告的来访地址和姓名；可重复")
    ] = None,
    user_header: Annotated[str, typer.Option(help="单点登录：代理把姓名放在哪个请求头，如 X-Forwarded-User")] = "",
    day: Annotated[str | None, typer.Option(help="打开哪一天，如 2025-12-12；默认今天")] = None,
    drafts: Annotated[int, typer.Option(min=1, max=16, help="最多几份稿同时写")] = 2,
    demo: Annotated[bool, typer.Option("--demo", help="用自带的演示资料，放在单独的资料库里")] = False,
) -> None:
    """打开编辑台：起草、逐字核对、修改、发布，都在浏览器里。

    \b
    第一次启动会建好主编的账号，在这里印出一次性密码。按 Ctrl+C 停止；写到一半的稿，下次启动接着写。
    例：
      quantshark serve
      quantshark serve --demo
      quantshark serve --host 0.0.0.0 --https --proxy 10.0.0.2 --user-header X-Forwarded-User
    """
    if user_header and not proxy:
        raise typer.BadParameter("--user-header 要和 --proxy 一起给：没有可信的代理，谁都可以冒名。")
    import uvicorn

    from quantshark.console import Door, create_app, open_door
    from quantshark.newsroom import Newsroom

    newsroom = _demo() if demo else Newsroom()
    chief = open_door(newsroom)
    if chief is not None:
        say(f"主编账号：{chief.name}  一次性密码：{chief.password}（只印这一次，登录后请换掉）")
    first = day_of(day) if day else DEMO_DAY if demo else None
    door = Door(
        host=host,
        port=port,
        https=https,
        proxies=tuple(proxy or ()),
        user_header=user_header,
        drafts_at_once=drafts,
        day=first,
    )
    app = create_app(newsroom, door, first_drafts=demo)
    say(f"编辑台：http://{host}:{port}/  （Ctrl+C 停止）")
    if host not in LOOPBACK and not https:
        say("注意：别的机器也能连上，而连接没有加密；请放在 HTTPS 反向代理后面，并加 --https。")
    sys.setswitchinterval(SWITCH_SECONDS)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=3,
    )


def _demo() -> Newsroom:
    """A newsroom of its own with the material that comes along, read in once."""
    from quantshark.newsroom import Newsroom
    from quantshark.settings import load

    found = next((place for place in _fixtures() if place.is_dir()), None)
    if found is None:
        raise typer.BadParameter(
            "演示资料只随源码一起提供：请在源码目录里运行，或用自己的资料 quantshark ingest 文件夹。"
        )
    settings = load()
    newsroom = Newsroom(load(home=settings.home / "demo", database_url=""))
    with progress("读入演示资料") as tell:
        newsroom.ingest([found], tell)
    return newsroom


def _fixtures() -> tuple[Path, ...]:
    return Path("fixtures"), Path(__file__).resolve().parents[2] / "fixtures"
