"""A webhook: one signed POST a release, which the receiver can recognise when it comes twice.

The body is JSON. `Idempotency-Key` is the release and channel: a receiver that knows it answers 200 or 409 and does
nothing. `X-QuantShark-Signature: v1=…` is HMAC-SHA256 of `{timestamp}.{body}` under the channel's secret, `timestamp`
being that of `X-QuantShark-Timestamp` (seconds since 1970). No redirect is followed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime

import httpx

from quantshark.errors import TargetError
from quantshark.model import Receipt, Release
from quantshark.press.targets import utc_now
from quantshark.press.targets.addresses import checked
from quantshark.press.targets.bulletin import as_json
from quantshark.press.targets.folder import files_digest

SECONDS = 10.0
LONGEST_ANSWER = 65_536
KNOWN_ALREADY = 409


class WebhookTarget:
    """Tells an address of each release."""

    tells = True  # the key lets the receiver recognise what it has

    def __init__(
        self,
        url: str,
        secret: str,
        site_url: str,
        *,
        name: str,
        private: bool = False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        if not secret:
            raise TargetError(
                f"the webhook {name} has no secret; set one, so that the receiver can tell us from others"
            )
        self.name = name
        self._url = url
        self._secret = secret.encode()
        self._site_url = site_url
        self._private = private
        self._now = now

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        body = json.dumps(as_json(release, self._site_url), ensure_ascii=False).encode()
        status, where = self._post(release, body)
        return Receipt(
            release_id=release.release_id,
            channel=self.name,
            status="unchanged" if status == KNOWN_ALREADY else "sent",
            at=self._now(),
            where=(where,),
            digest=files_digest(files),
        )

    def _post(self, release: Release, body: bytes) -> tuple[int, str]:
        place = checked(self._url, private=self._private)
        stamp = str(int(self._now().timestamp()))
        headers = {
            "Host": place.host,
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": f"{release.release_id}@{self.name}",
            "X-QuantShark-Timestamp": stamp,
            "X-QuantShark-Signature": f"v1={signature(self._secret, stamp, body)}",
        }
        try:
            with (
                httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "POST", place.url, content=body, headers=headers, extensions={"sni_hostname": place.name}
                ) as response,
            ):
                answered = sum(len(piece) for piece in _limited(response))
        except httpx.HTTPError as error:
            raise TargetError(
                f"the webhook {self.name} at {place.name} did not answer ({type(error).__name__}); it is tried again",
            ) from error
        code = response.status_code
        if code // 100 == 2 or code == KNOWN_ALREADY:
            return code, f"https://{place.name}/…"
        raise TargetError(
            f"the webhook {self.name} at {place.name} answered {code} ({answered} bytes); look at the receiver",
            status=code,
        )


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What a receiver computes to see that a call is ours."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _limited(response: httpx.Response):
    size = 0
    for piece in response.iter_bytes(4096):
        size += len(piece)
        if size > LONGEST_ANSWER:
            return
        yield piece
