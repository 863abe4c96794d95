"""What people are told: kept in the store once, written to the log, and carried by whoever carries messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from quantshark.errors import QuantSharkError
from quantshark.store import Notice, Store

LOG = logging.getLogger(__name__)


class Messenger(Protocol):
    """Carries a notice to people: a chat robot, mail. A refusal is a QuantSharkError; the notice stays in the store."""

    def carry(self, notice: Notice) -> None: ...


class Notices:
    """Tells each thing once."""

    def __init__(self, store: Store, messengers: Callable[[], tuple[Messenger, ...]] = tuple) -> None:
        self._store = store
        self._messengers = messengers

    def tell(self, kind: str, subject: str, text: str) -> bool:
        """Keep and carry a notice; False where that was said of the subject before."""
        notice = Notice(f"{kind} {subject}", kind, subject, text, self._store.clock())
        if not self._store.notify(notice):
            return False
        LOG.warning(text, extra={"notice": kind, "subject": subject})
        return True

    def carry(self) -> None:
        """Hand what nobody was told yet to the messengers: at most once each, since a message cannot be taken back."""
        messengers = self._messengers()
        if not messengers:
            return
        for notice in reversed(self._store.notices(untold=True)):
            if self._store.mark_told(notice.key):
                for messenger in messengers:
                    self._carry(messenger, notice)

    def _carry(self, messenger: Messenger, notice: Notice) -> None:
        try:
            messenger.carry(notice)
        except QuantSharkError:
            LOG.exception("a message was not carried", extra={"notice": notice.key})
