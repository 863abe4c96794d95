"""Channels by name: those of the settings, and folders and sites that are named where they are used."""

from __future__ import annotations

from pathlib import Path

from quantshark.errors import TargetError
from quantshark.model import Release
from quantshark.press.targets import Target
from quantshark.press.targets.folder import FolderTarget
from quantshark.press.targets.site import SiteTarget
from quantshark.settings import ChannelSettings, Settings


def target(told: str, settings: Settings) -> Target:
    """A channel: a name of the settings, `folder:PATH`, `site:PATH` (a folder with a front page and feeds), or by default
    a site beside the store. Raises TargetError."""
    if told in settings.channels:
        return _set(told, settings.channels[told], settings)
    name = told or f"site:{settings.home / 'published'}"
    kind, _, place = name.partition(":")
    if kind == "folder" and place:
        return FolderTarget(Path(place), name=name)
    if kind == "site" and place:
        return SiteTarget(Path(place), settings.site_url, name=name)
    known = f" or one of {', '.join(sorted(settings.channels))}" if settings.channels else ""
    raise TargetError(
        f"no channel {told!r}; write folder:PATH, site:PATH for a folder with a front page and feeds{known}, "
        "or set it in quantshark.toml under [channels.NAME]"
    )


def _set(name: str, told: ChannelSettings, settings: Settings) -> Target:
    """A channel of the settings; what it needs is imported when it is used."""
    where, secret, site = told.where.get_secret_value(), told.secret.get_secret_value(), settings.site_url
    match told.kind:
        case "folder":
            return FolderTarget(Path(where), name=name)
        case "site":
            return SiteTarget(Path(where), site, name=name)
        case "git":
            from quantshark.press.targets.git_site import GitTarget  # noqa: PLC0415

            clone = settings.home / "clones" / name
            return GitTarget(where, clone, name=name, branch=told.branch, section=told.section)
        case "webhook":
            from quantshark.press.targets.webhook import WebhookTarget  # noqa: PLC0415

            return WebhookTarget(where, secret, site, name=name, private=told.private)
        case "chat":
            from quantshark.press.targets.chat import ChatTarget  # noqa: PLC0415

            return ChatTarget(where, site, name=name, whole=told.whole)
        case "wechat":
            from quantshark.press.targets.wechat_box import Account, WeChatTarget  # noqa: PLC0415

            return WeChatTarget(Account(where, secret, told.cover, told.author), site, _article, name=name)


def _article(release: Release) -> str:
    """The WeChat article of a release, from its own text and ledger."""
    from quantshark.press import ledger as ledgers  # noqa: PLC0415  see above
    from quantshark.press.published import Published  # noqa: PLC0415
    from quantshark.press.wechat import article  # noqa: PLC0415

    return article(Published(release.text, ledgers.read(release.ledger)))
