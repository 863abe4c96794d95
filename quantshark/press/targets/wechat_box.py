"""The draft box of a WeChat official account: the article lies there until its editor sends it.

The account's API is asked first whether a draft with the release's address is there, so nothing is put twice. Errors
come as `errcode` in an answer of 200.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import httpx

from quantshark.errors import TargetError
from quantshark.model import Receipt, Release
from quantshark.press.targets import utc_now
from quantshark.press.targets.bulletin import bulletin
from quantshark.press.targets.folder import files_digest

API = "https://api.weixin.qq.com"
SECONDS = 20.0
LOOK_BACK = 20
LONGEST_TITLE, LONGEST_DIGEST, LONGEST_CONTENT = 64, 120, 20_000
HINTS = {
    40001: "the secret is wrong, or the token was taken over by another program",
    40164: "this machine's address is not on the account's list of allowed ones",
    45009: "the account's calls of today are used up",
    48001: "the account may not use this call; it needs to be verified",
    53404: "the account is limited for now; look into its message centre",
}


@dataclass(frozen=True, slots=True)
class Account:
    """An official account: its id and secret, the media id of the picture on every card, and who signs."""

    app_id: str
    secret: str
    cover: str
    author: str = ""


Article = Callable[[Release], str]


class WeChatTarget:
    """Puts each release as an article into the draft box; `cover` is the media id of the picture on its card."""

    tells = True

    def __init__(
        self,
        account: Account,
        site_url: str,
        article: Article,
        *,
        name: str,
        api: str = API,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        if not (account.app_id and account.secret and account.cover):
            raise TargetError(
                f"the WeChat channel {name} needs where (app id), secret and cover (a media id of the account)"
            )
        self.name = name
        self._account = account
        self._site_url = site_url
        self._article = article
        self._api = api
        self._now = now

    def send(self, release: Release, files: Mapping[str, bytes]) -> Receipt:
        message = bulletin(release, self._site_url)
        address = f"{message.address}?r={release.revision}"
        content = self._article(release)
        if len(content) > LONGEST_CONTENT:
            raise TargetError(
                f"the article of {release.release_id} has {len(content)} characters, WeChat takes {LONGEST_CONTENT}"
            )
        with httpx.Client(base_url=self._api, timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            token = str(self._call(client, "/cgi-bin/stable_token", self._keys()).get("access_token") or "")
            if not token:
                raise TargetError(f"WeChat gave {self.name} no access token; check app_id and secret")
            known = self._known(client, token, address)
            media = known or self._put(client, token, release, message.headline, message.summary, address, content)
        return Receipt(
            release_id=release.release_id,
            channel=self.name,
            status="unchanged" if known else "sent",
            at=self._now(),
            where=(media,),
            digest=files_digest(files),
        )

    def _keys(self) -> dict[str, object]:
        return {"grant_type": "client_credential", "appid": self._account.app_id, "secret": self._account.secret}

    def _known(self, client: httpx.Client, token: str, address: str) -> str:
        """The media id of the draft that has this address, where there is one."""
        asked = {"offset": 0, "count": LOOK_BACK, "no_content": 1}
        told = self._call(client, f"/cgi-bin/draft/batchget?access_token={token}", asked)
        for item in cast("list[dict[str, Any]]", told.get("item") or []):
            content = cast("dict[str, Any]", item.get("content") or {})
            articles = cast("list[dict[str, Any]]", content.get("news_item") or [])
            if any(one.get("content_source_url") == address for one in articles):
                return str(item.get("media_id"))
        return ""

    def _put(
        self, client: httpx.Client, token: str, release: Release, title: str, summary: str, address: str, content: str
    ) -> str:
        article = {
            "title": _fitting(title),
            "author": self._account.author,
            "digest": summary if len(summary) <= LONGEST_DIGEST else "",
            "content": content,
            "content_source_url": address,
            "thumb_media_id": self._account.cover,
            "need_open_comment": 0,
        }
        told = self._call(client, f"/cgi-bin/draft/add?access_token={token}", {"articles": [article]})
        media = str(told.get("media_id") or "")
        if not media:
            raise TargetError(
                f"WeChat took {release.release_id} and named no draft; look into the draft box", unknown=True
            )
        return media

    def _call(self, client: httpx.Client, path: str, asked: Mapping[str, object]) -> dict[str, Any]:
        """An answer as JSON; the token in the path is never told to anyone."""
        plain = path.partition("?")[0]
        try:
            response = client.post(path, json=asked)
            told = cast("dict[str, Any]", response.json()) if response.status_code == 200 else {}
        except (httpx.HTTPError, ValueError) as error:
            raise TargetError(f"WeChat did not answer {plain} ({type(error).__name__}); it is tried again") from None
        if response.status_code != 200:
            raise TargetError(f"WeChat answered {response.status_code} to {plain}; it is tried again")
        code = int(told.get("errcode") or 0)
        if code:
            raise TargetError(
                f"WeChat refused {plain} for {self.name} with {code}: {HINTS.get(code, told.get('errmsg'))}",
                status=code,
            )
        return told


def _fitting(title: str) -> str:
    """A headline that is too long ends at a mark of punctuation, never inside a figure; raises TargetError."""
    if len(title) <= LONGEST_TITLE:
        return title
    end = max(title.rfind(mark, 0, LONGEST_TITLE) for mark in "，；：。")
    if end <= 0:
        raise TargetError(
            f"the title {title!r} has more than {LONGEST_TITLE} characters, which WeChat refuses; shorten it"
        )
    return title[:end]
