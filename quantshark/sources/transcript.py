"""Speech as a recogniser typed it: a header of `键: 值` lines, a line of ====, and speech cut wherever a segment ended.

The cuts mean nothing (上证收在4101点。↵跌了0.6%), so the lines of a paragraph are joined before the text is stored: every
span counts in the joined text, and a sentence can be quoted whole. Not a character of the speech is changed.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from quantshark.model import Document
from quantshark.sources.identity import About, document
from quantshark.sources.raw import RawText
from quantshark.sources.refused import refused

HEADER_LINE = re.compile(
    r"(?P<key>原始文件|处理时间|處理時間|文件类型|文件類型|标题|標題|来源|來源|日期|链接|鏈接|编号|編號|演示)\s*[:：]\s*(?P<value>.*)"
)
RULE = re.compile(r"[=＝]{8,}\s*")
MEANING = {
    "标题": "title", "標題": "title", "来源": "source", "來源": "source", "链接": "url", "鏈接": "url",
    "编号": "id", "編號": "id", "演示": "demo",
}  # fmt: skip
LONGEST_HEADER = 20


def recognises(raw: RawText) -> bool:
    head = raw.text[:4000].split("\n", LONGEST_HEADER)[:LONGEST_HEADER]
    found = (HEADER_LINE.fullmatch(line.strip()) for line in head)
    return any(
        line is not None and line["key"] in {"文件类型", "文件類型"} and "transcri" in line["value"] for line in found
    )


def read(raw: RawText) -> tuple[Document, ...]:
    """One document; it may not be told before the time it was transcribed, unless the header gives its 日期."""
    lines = raw.text.split("\n")
    rule = next((number for number, line in enumerate(lines[: LONGEST_HEADER + 1]) if RULE.fullmatch(line)), None)
    if rule is None:
        raise refused("transcript", raw.name, 1)
    return (document(raw, join_segments(lines[rule + 1 :]), _about(lines[:rule]), default_kind="transcript"),)


def join_segments(lines: list[str]) -> str:
    """Paragraphs are set apart by blank lines; inside one, a line end is only where a segment was cut."""
    parts: list[str] = []
    before = ""
    for line in (line.strip() for line in lines):
        parts += [_seam(before, line), line]
        before = line
    return "".join(parts).strip("\n")


def _seam(before: str, after: str) -> str:
    """Between two segments nothing, between two words of an alphabet a blank, around a blank line a paragraph's end."""
    if not before or not after:
        return "\n" if bool(before) != bool(after) else ""
    words = before[-1].isascii() and before[-1].isalnum() and after[0].isascii() and after[0].isalnum()
    return " " if words else ""


def _about(header: list[str]) -> About:
    found = [match for line in header if (match := HEADER_LINE.fullmatch(line.strip()))]
    written = {match["key"]: match["value"].strip() for match in found}
    words = {MEANING[key]: value for key, value in written.items() if key in MEANING}
    words["date"] = next((written[key] for key in ("日期", "处理时间", "處理時間") if written.get(key)), "")
    words.setdefault("title", _name(written.get("原始文件", "")))
    return About.of(words)


def _name(recording: str) -> str:
    """午间复盘_489亿外资疯狂出逃__1月157595.mp4 is called 午间复盘 489亿外资疯狂出逃: the tail is the recorder's."""
    stem = PurePosixPath(recording).stem if recording else ""
    return " ".join(stem.split("__")[0].replace("_", " ").split())
