"""One GET over HTTP, bounded in time, size and redirects: a server that drips, stalls or never ends is given up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import httpx

from quantshark.errors import SourceError
from quantshark.sources.raw import LIMITS

MAX_REDIRECTS = 3
OK, UNCHANGED = 200, 304
READ_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave: the body, its type, and the mark that it puts on this version of it."""

    url: str
    body: bytes
    content_type: str = ""
    tag: str = ""
    unchanged: bool = False


def get(
    url: str,
    *,
    seconds: float,
    tag: str = "",
    limit: int = LIMITS.max_bytes,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """The body behind an address. Raises SourceError on a refusal, a redirect in circles, a body over `limit` bytes, or
    when `seconds` of wall clock have passed, whatever dribbled in until then."""
    end = clock() + seconds
    headers = {"User-Agent": f"quantshark/{version('quantshark')}", "Accept-Encoding": "gzip"}
    if tag:
        headers |= {"If-None-Match": tag} if tag.startswith(('"', "W/")) else {"If-Modified-Since": tag}
    timeout = httpx.Timeout(min(seconds, READ_SECONDS))
    try:
        with (
            httpx.Client(
                follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=timeout, trust_env=False
            ) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            return _answer(response, end, limit, clock, seconds)
    except httpx.HTTPError as error:
        raise SourceError(
            f"{url} cannot be fetched ({type(error).__name__}: {error}); check the address and the network", url=url
        ) from error
    except httpx.InvalidURL as error:
        raise SourceError(f"{url!r} is no web address ({error}); mend the feed's `where`", url=url) from error


def _answer(response: httpx.Response, end: float, limit: int, clock: Callable[[], float], seconds: float) -> Answer:
    url = str(response.url)
    if response.status_code == UNCHANGED:
        return Answer(url, b"", unchanged=True)
    if response.status_code != OK:
        raise SourceError(f"{url} answered {response.status_code}; look at the address in a browser", url=url)
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_bytes(16_384):
        size += len(piece)
        if size > limit:
            raise SourceError(f"{url} sends more than {limit} bytes; ask it for less", url=url)
        if clock() > end:
            raise SourceError(f"{url} was not done after {seconds:g} seconds; try later or allow it more", url=url)
        pieces.append(piece)
    headers = response.headers
    tag = headers.get("etag") or headers.get("last-modified") or ""
    return Answer(url, b"".join(pieces), headers.get("content-type", ""), tag)
