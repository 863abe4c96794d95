"""A draft as each channel would show it, before it goes there: the site's page, the WeChat article, a feed item, a message."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

from quantshark.model import Release
from quantshark.newsroom.drafting import Judged
from quantshark.newsroom.outgoing import waivers_of
from quantshark.press import wechat
from quantshark.press.exhibits import Archive, exhibits
from quantshark.press.html import page
from quantshark.press.ledger import Origin, record
from quantshark.press.published import Published
from quantshark.press.targets.bulletin import bulletin

VIEWS = MappingProxyType({"site": "网站", "wechat": "公众号", "feed": "订阅", "message": "消息"})
FRAMED = frozenset({"site", "wechat"})
"""Views that are a page of their own."""
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
"""A preview is somebody's words in a frame: it runs nothing, loads nothing and leads nowhere."""


def page_of(judged: Judged, view: str, site_url: str) -> str:
    """The page of a framed view."""
    archive, printed = _archive(judged), judged.printed
    verdicts = judged.result.verdicts
    shown = exhibits(verdicts, archive, waivers_of(verdicts))
    if view != "wechat":
        return page(printed, shown, archive, site_url)
    context = judged.context
    until, seen = context.until.isoformat(), judged.evidence.documents
    origin = Origin(datetime.now(UTC), judged.draft.context, judged.draft.prompts, context.day, until, seen)
    return wechat.article(Published(printed.text, record(printed, shown, archive, origin=origin, site_url=site_url)))


def text_of(judged: Judged, view: str, site_url: str) -> str:
    """The words of a view without a page."""
    message = bulletin(_release(judged), site_url)
    if view == "feed":
        return f"{message.headline}\n\n{message.summary}\n\n{message.address}"
    return message.short


def _release(judged: Judged) -> Release:
    """What the draft would be called if it went out now."""
    printed, draft = judged.printed, judged.draft
    return Release(
        release_id=printed.release_id,
        edition=draft.edition,
        day=draft.day,
        script=draft.script,
        revision=printed.revision,
        title=printed.title,
        text=printed.text,
        created_at=datetime.now(UTC),
        demo=printed.demo,
    )


def _archive(judged: Judged) -> Archive:
    facts = (*judged.evidence.facts, *(item.fact for item in judged.context.items))
    return Archive(judged.context.documents, {fact.fact_id: fact for fact in facts})
