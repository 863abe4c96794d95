"""What a house says of its own mistakes: the notice above a corrected report, and the page of one that was taken back.

A notice names the wrong figure beside the right one. The wrong one is quoted, not claimed: `settled` lets it pass where
the earlier release printed it and the notice says it, and nowhere else. A withdrawal is a revision whose text is the
statement of it; it repeats no figure of what it takes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from markupsafe import Markup

from quantshark.errors import ReleaseError
from quantshark.model import Release, Verdict
from quantshark.press.exhibits import moment
from quantshark.press.html import LANGUAGES, asset, policy, template
from quantshark.press.imprint import Imprint, release_id
from quantshark.press.ledger import Hashes, Ledger, Withdrawal, digest, line_hashes, read
from quantshark.press.markdown import Printed, headline, quoted
from quantshark.press.release import Bundle
from quantshark.press.script import Traditional, say
from quantshark.press.targets.folder import files_of

CORRECTED = "corrected"


def settled(printed: Printed, verdicts: Sequence[Verdict], before: Ledger) -> tuple[Verdict, ...]:
    """The verdicts of a corrected text in which the notice may quote the figures of the release before."""
    start = printed.text.find(printed.notice) if printed.notice else -1
    said = {figure.surface for figure in before.figures}
    return tuple(
        _quoted(verdict)
        if start >= 0 and _inside(verdict, start, len(printed.notice)) and verdict.blocks and verdict.surface in said
        else verdict
        for verdict in verdicts
    )


def is_quoted(notice: str, text: str, start: int, end: int) -> bool:
    """Does this span stand in the notice of a published text?"""
    at = text.find(notice) if notice else -1
    return at >= 0 and at <= start and end <= at + len(notice)


def _inside(verdict: Verdict, start: int, length: int) -> bool:
    return start <= verdict.start and verdict.end <= start + length


def _quoted(verdict: Verdict) -> Verdict:
    return replace(verdict, status="exempt", reason=CORRECTED, message="更正前的数字，已不成立", fact=None, source=None)


def withdraw(release: Release, reason: str, imprint: Imprint, at: datetime, *, by: str = "") -> Bundle:
    """The revision that takes a release back: a statement in place of the text, the page and the ledger."""
    if not reason.strip():
        raise ReleaseError(f"{release.release_id} is to be withdrawn without a reason; readers are owed one", by=by)
    told = Traditional().imprint(imprint) if release.script == "hant" else imprint
    name = release_id(release.edition, release.day, release.script, release.revision + 1)
    taken_back = Withdrawal(reason=headline(reason), by=headline(by), at=moment(at))
    title = _title(release, told)
    text = _text(release, told, name, title, taken_back)
    html = _page(release, told, name, title, taken_back, digest(text))
    ledger = _ledger(release, name, title, taken_back, text, html)
    proof = ledger.dump()
    made = replace(
        release,
        release_id=name,
        revision=release.revision + 1,
        title=title,
        text=text,
        marks=(),
        ledger=proof.decode(),
        created_at=at,
    )
    return Bundle(made, files_of(made, html, proof))


def _title(release: Release, imprint: Imprint) -> str:
    day = release.day
    return say(f"【撤回】{imprint.name or release.edition}（{day.year}年{day.month}月{day.day}日）", release.script)


def _text(release: Release, imprint: Imprint, name: str, title: str, taken_back: Withdrawal) -> str:
    rows = [
        f"title: {quoted(title)}",
        f"date: {quoted(taken_back.at)}",
        f"summary: {quoted(taken_back.reason)}",
        f"categories:\n  - {quoted(imprint.name)}",
        f"edition: {quoted(release.edition)}",
        f"day: {quoted(release.day.isoformat())}",
        f"revision: {release.revision + 1}",
        f"release: {quoted(name)}",
        "withdrawn: true",
        f"demo: {'true' if release.demo else 'false'}",
    ]
    stated = f"**{say('撤回', release.script)}**：{taken_back.reason}"
    says = say("原报告不应再被引用；此处不再登载原文。", release.script)
    front = "\n".join(rows)
    return f"---\n{front}\n---\n\n> {stated}\n\n{says}\n\n{taken_back.at}\n"


def _page(release: Release, imprint: Imprint, name: str, title: str, taken_back: Withdrawal, text_hash: str) -> str:
    style = asset("page.css")
    return template("withdrawn.html.j2").render(
        imprint=imprint,
        lang=LANGUAGES[release.script],
        say=partial(say, script=release.script),
        release=release,
        name=name,
        title=title,
        withdrawn=taken_back,
        at=taken_back.at.replace("T", " ")[:16],
        text_hash=text_hash,
        style=Markup(style),  # noqa: S704 - our own file
        policy=policy(style),
    )


def _ledger(release: Release, name: str, title: str, taken_back: Withdrawal, text: str, html: str) -> Ledger:
    before = read(release.ledger)
    return before.model_copy(
        update={
            "release": name,
            "revision": release.revision + 1,
            "title": title,
            "created_at": taken_back.at,
            "hashes": Hashes(text=digest(text), lines=line_hashes(text), page=digest(html)),
            "figures": (),
            "facts": {},
            "documents": {},
            "evidence": {},
            "notice": "",
            "withdrawn": taken_back,
            "ai_generated": False,
        }
    )
