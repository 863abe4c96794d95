"""What scraping brings along: image links, navigation, copyright and platform notices. Whole lines only, never words.

A line goes only when all of it is a known piece of page furniture; a sentence that mentions one stays.
"""

from __future__ import annotations

import re

from quantshark.sources.raw import RawText

IMAGE = re.compile(r"[*_\s>]*(?:!\[[^\]\n]{0,200}\]\([^)\s]{0,2000}\)[*_\s>]*)+")
LONE_LINK = re.compile(r"\[[^\]\n]{0,60}\]\((?P<url>https?://[^)\s]{1,2000})\)")
FURNITURE = re.compile(
    r"""
    (?:责任编辑|責任編輯|校对|校對)\s*[:：].{0,24}
    | (?:返回搜狐|返回首页|返回首頁|返回列表).{0,16}
    | (?:举报|舉報|举报/反馈|阅读原文|閱讀原文|查看更多|展开全文|展開全文|相关阅读|相關閱讀|相关推荐|相關推薦
       |收藏|点赞|點贊|打印|评论|評論|分享|分享到.{0,20}|打开APP.{0,12}|打開APP.{0,12}|扫码.{0,16}|掃碼.{0,16})[:：。>›»]?
    | (?:上一篇|下一篇)\s*[:：].{0,80}
    | (?:图片|圖片|图源|圖源)
    | (?:特别声明|特別聲明|版权声明|版權聲明)\s*[:：].{0,400}
    | Notice:\s+The\s+content\s+above.{0,400}
    | (?:copyright\s*(?:©|\(c\)|\d{4}|[:：])|©|\(c\)\s*\d{4}|all\s+rights\s+reserved).{0,160}
    | (?:版权所有|版權所有)(?:[\s,，:：©].{0,160})?
    | .{0,30}(?:ICP备|ICP備|ICP证|公网安备)\s*[\w-]{4,30}.{0,20}
    | (?:首页|首頁|主页|主頁|当前位置|當前位置)(?:\s*[>›»/|:：]\s*[^\s>›»/|]{1,14}){1,6}
    """,
    re.VERBOSE | re.IGNORECASE,
)
BLANKS = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*){2,}")
LONGEST_NOISE = 500


def without_noise(raw: RawText, text: str) -> str:
    """The text without page furniture; how many lines went is counted on `raw`."""
    lines = text.split("\n")
    kept = [line for line in lines if not is_noise(line)]
    raw.removed["furniture"] += len(lines) - len(kept)
    return BLANKS.sub("\n\n", "\n".join(kept)).strip("\n")


def is_noise(line: str) -> bool:
    bare = line.strip().strip("*_").strip()
    if not bare or len(line) > LONGEST_NOISE:
        return bool(bare) and len(line) < 4000 and IMAGE.fullmatch(bare) is not None
    return FURNITURE.fullmatch(bare) is not None or IMAGE.fullmatch(line.strip()) is not None


def origin(text: str) -> tuple[str, str]:
    """A scraped page keeps where it came from as a lone link in its last line: the text without it, and the address."""
    head, _, last = text.rstrip("\n").rpartition("\n")
    found = LONE_LINK.fullmatch(last.strip()) if len(last) < 4000 else None
    return (head.rstrip("\n"), found["url"]) if found and head else (text, "")
