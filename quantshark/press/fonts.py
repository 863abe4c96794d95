"""A font with Chinese in it, for pictures and PDF: the one that was set, else one that this machine is known to have.

A machine without one gets no pictures and is told so; a release never waits for a font.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from quantshark.errors import ExportError

SANS = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "PingFang.ttc", "Hiragino Sans GB.ttc",
    "msyh.ttc", "simhei.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf",
)  # fmt: skip


def no_font() -> ExportError:
    """What to say where there is none."""
    return ExportError(
        "this machine has no font with Chinese in it that we know; install Noto Sans CJK (Debian: fonts-noto-cjk) or name a "
        "file with QUANTSHARK_FONT",
        notice="没有找到中文字体；请安装 Noto Sans CJK（Debian：fonts-noto-cjk），或用 QUANTSHARK_FONT 指定一个字体文件",
    )


def chinese_font(wanted: Path | None = None) -> Path | None:
    """The file of a font that can write Chinese, or None."""
    if wanted is not None:
        return wanted if wanted.is_file() else None
    return known_font()


@lru_cache(maxsize=1)
def known_font() -> Path | None:
    """The first of our list that this machine has; looked for once."""
    there = {name: path for path in _files() if (name := path.name) in SANS}
    return next((there[name] for name in SANS if name in there), None)


def _files() -> Iterator[Path]:
    for folder in _folders():
        for root, _, names in os.walk(folder):
            yield from (Path(root) / name for name in names)


def _folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    return Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"
