"""A table or document behind an address: JSON or CSV as `quantshark.sources` reads it from a file."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from quantshark.errors import SourceError
from quantshark.sources import json_file, table_csv
from quantshark.sources.feeds import FeedSpec, Fetched
from quantshark.sources.feeds.wire import Answer, get
from quantshark.sources.raw import clean_text, decode


class HttpFeed:
    """One file of a web server, fetched again only when it has changed."""

    def __init__(self, spec: FeedSpec) -> None:
        self._spec = spec

    def fetch(self, now: datetime, tag: str = "") -> Fetched:  # noqa: ARG002  (the file says when it was published)
        answer = get(self._spec.where, seconds=self._spec.seconds, tag=tag)
        if answer.unchanged:
            return Fetched(unchanged=True, tag=tag)
        raw = clean_text(answer.url, decode(answer.url, answer.body))
        reader = json_file.read if _is_json(answer) else table_csv.read
        return Fetched(reader(raw), tag=answer.tag)


def _is_json(answer: Answer) -> bool:
    """By what the server says, else by the address; a page of HTML in the place of a file is refused."""
    told = answer.content_type.split(";")[0].strip().lower()
    if told == "text/html":
        raise SourceError(f"{answer.url} is a web page, not a table; ask for the file itself", url=answer.url)
    if told in {"application/json", "text/json"}:
        return True
    return told not in {"text/csv", "application/csv"} and urlsplit(answer.url).path.lower().endswith(".json")
