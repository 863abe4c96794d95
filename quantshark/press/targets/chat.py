"""Chat robots and mail through apprise: Feishu, WeCom, DingTalk, Telegram, e-mail and whatever else it speaks.

A robot cannot be asked what it has posted. So a message of which a part went out, or whose answer was lost, is
`unknown`: a person looks and decides. Only a robot that said no in so many words is asked again.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol, cast

from quantshark.errors import TargetError
from quantshark.model import Receipt, Release
from quantshark.press.targets import utc_now
from quantshark.press.targets.bulletin import Bulletin, bulletin, pieces
from quantshark.press.targets.folder import files_digest

# What one message may hold, in bytes of UTF-8; apprise counts characters, these services count bytes.
LIMITS = {
    "wecombot": 2048,
    "dingtalk": 18_000,
    "feishu": 18_000,
    "lark": 18_000,
    "tgram": 3800,
    "mailto": 200_000,
    "mailtos": 200_000,
}
USUAL = 3800
# A 4xx is a no. A 5xx says nothing of what happened to the message.
_REFUSED = re.compile(r"error[=: ]+(?P<code>4\d\d)\b")
# All robots speak through one logger: what is heard while one posts must be of that one.
_ONE_AT_A_TIME = threading.Lock()


class Sender(Protocol):
    """What of apprise is needed."""

    def add(self, services: str) -> bool: ...

    def notify(self, body: str, title: str, **more: Any) -> object: ...  # Any: apprise's own


class ChatTarget:
    """Posts headline, summary and address, or with `whole` the report in pieces."""

    tells = False

    def __init__(
        self,
        url: str,
        site_url: str,
        *,
        name: str,
        whole: bool = False,
        sender: Sender | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.name = name
        self._limit = LIMITS.get(url.partition("://")[0].lower(), USUAL)
        self._site_url = site_url
        self._whole = whole
        self._sender = sender or connect(url, name)
        self._now = now

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        message = bulletin(release, self._site_url)
        self.tell(message, release.release_id)
        return Receipt(
            release_id=release.release_id,
            channel=self.name,
            status="sent",
            at=self._now(),
            where=(message.address,),
            digest=files_digest(files),
        )

    def tell(self, message: Bulletin, subject: str) -> None:
        """Post a message; raises TargetError, `unknown` where some or all of it may have been posted."""
        texts = pieces(message, self._limit) if self._whole else (_cut(message.short, self._limit),)
        for done, text in enumerate(texts):
            refusal = _posted(self._sender, text)
            if refusal is None:
                continue
            if done or not refusal:
                told = f"{done} of {len(texts)} pieces were posted" if done else "it may have been posted"
                raise TargetError(
                    f"{self.name} broke off over {subject}: {told}; look into the chat, then decide", unknown=True
                )
            raise TargetError(f"{self.name} refused {subject} ({refusal}); check the robot's address", status=refusal)


def _posted(sender: Sender, text: str) -> str | None:
    """None where the robot took it; the code with which it refused; empty where nobody knows."""
    with _ONE_AT_A_TIME, _heard() as heard:
        taken = bool(sender.notify(body=text, title=""))
    return None if taken else heard.refusal


@contextmanager
def _heard() -> Generator[_Listener]:
    """Listen to apprise, however quiet the process wants its logs: a refusal unheard would be taken for unknown."""
    heard = _Listener()
    logger = logging.getLogger("apprise")
    level, disabled = logger.level, logger.disabled
    logger.addHandler(heard)
    logger.setLevel(logging.WARNING)
    logger.disabled = False
    try:
        yield heard
    finally:
        logger.removeHandler(heard)
        logger.setLevel(level)
        logger.disabled = disabled


class _Listener(logging.Handler):
    """What apprise logs while it posts: only there does it say how a robot answered."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.refusal = ""

    def emit(self, record: logging.LogRecord) -> None:
        found = _REFUSED.search(record.getMessage())
        if found:
            self.refusal = found["code"]


def connect(url: str, name: str) -> Sender:
    """apprise for one address; raises TargetError where it is not installed or does not know the address."""
    try:
        import apprise  # noqa: PLC0415  an extra, and slow to load
    except ImportError:
        raise TargetError(f"the channel {name} needs apprise: pip install 'quantshark[push]'") from None
    robot = cast("Sender", apprise.Apprise())
    if not robot.add(url):
        raise TargetError(f"the address of {name} is none that apprise knows; see its list of services")
    return robot


def _cut(text: str, limit: int) -> str:
    """A short message is never cut inside of its address: the summary gives way."""
    if len(text.encode()) <= limit:
        return text
    head, *middle, tail = text.split("\n")
    room = limit - len(f"{head}\n…\n{tail}".encode())
    kept = "\n".join(middle).encode()[: max(room, 0)].decode(errors="ignore")
    # A figure must not lose its end: whole sentences or nothing.
    whole = kept[: kept.rfind("。") + 1]
    return "\n".join(part for part in (head, whole, tail) if part)
