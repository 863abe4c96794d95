"""What the store does not hold, said to a program and to an editor alike."""

from __future__ import annotations

from typing import Literal

from quantshark.errors import NotFoundError

What = Literal["document", "draft", "release", "run", "slot"]
_HINTS: dict[What, tuple[str, str, str]] = {
    "document": ("资料", "see its id in `quantshark facts --json`", "编号见 quantshark facts --json"),
    "draft": ("草稿", "see the desk's day page", "编辑台的当日页列出全部"),
    "release": ("成品", "see `quantshark releases`", "quantshark releases 列出全部"),
    "run": ("运行", "see `quantshark desk status`", "quantshark desk status 列出最近的"),
    "slot": ("期次", "`quantshark desk status` lists them", "quantshark desk status 列出全部"),
}


def missing(what: What, name: str) -> NotFoundError:
    """The error for a document, draft, release, run or slot that is not there."""
    called, hint, way = _HINTS[what]
    return NotFoundError(
        f"no {what} {name!r} in the store; {hint}", notice=f"资料库里没有编号为“{name}”的{called}；{way}"
    )
