"""Robots and mailboxes that tell editors and operators what waits for them, through apprise."""

from __future__ import annotations

from quantshark.desk.notices import Messenger
from quantshark.press.targets.bulletin import Bulletin
from quantshark.press.targets.chat import ChatTarget
from quantshark.settings import Settings
from quantshark.store import Notice


class ChatMessenger:
    """Posts a notice to one robot or mailbox; raises TargetError."""

    def __init__(self, url: str, name: str, site_url: str) -> None:
        self._chat = ChatTarget(url, site_url, name=name)

    def carry(self, notice: Notice) -> None:
        self._chat.tell(Bulletin(f"量子鲨鱼：{notice.text}", "", "", "", ()), notice.key)


def messengers(settings: Settings) -> tuple[Messenger, ...]:
    """One for each address of `notify`; numbered, because an address may hold a key and is never printed."""
    return tuple(
        ChatMessenger(url.get_secret_value(), f"notify {n}", settings.site_url)
        for n, url in enumerate(settings.notify, start=1)
    )
