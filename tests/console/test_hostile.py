"""Naughty strings and script lines in every field: shown as they were typed, run by nobody, no page falls over."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from quantshark.newsroom import Newsroom
from tests.console.conftest import DAY, DRAFT, SignIn

OWN = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "' OR 1=1 --",
    "\u202e\u2066反转\u0000\ufffe",
    "</textarea><svg onload=alert(1)>",
    "%s%n${jndi:ldap://x}",
)
ADDRESSES = frozenset({"href", "src", "action", "formaction", "data"})


class Running(HTMLParser):
    """What a page would run, as a browser reads it: handlers, scripts that are not ours, addresses that are code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip().lower() for name, value in attrs}
        ours = tag == "script" and given.get("src", "").startswith("/static/")
        if (tag in {"script", "object", "embed", "base"} and not ours) or any(name.startswith("on") for name in given):
            self.found.append(self.get_starttag_text() or tag)
        for name in ADDRESSES & given.keys():
            if re.match(r"(?:javascript|vbscript|data):", re.sub(r"\s", "", given[name])):
                self.found.append(self.get_starttag_text() or tag)


def lines(shared: Path) -> list[str]:
    """A spread over the public lists, and our own."""
    naughty = json.loads((shared / "attacks" / "strings" / "blns.json").read_text(encoding="utf-8"))
    scripts = (shared / "attacks" / "xss" / "payloadbox.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    return [
        *OWN,
        *[line for line in naughty if line.strip()][::40],
        *[line for line in scripts if line.strip()][::150],
    ]


def harmless(page: str) -> None:
    reader = Running()
    reader.feed(page)
    assert reader.found == []


def test_hostile_words_in_every_field_run_nowhere(
    sign_in: SignIn, planted: str, newsroom: Newsroom, shared: Path
) -> None:
    editor = sign_in("主编")
    address = f"/drafts/{planted}/sections/overview"
    for line in lines(shared):
        pages = [
            editor.client.get("/sources", params={"q": line, "what": "facts"}).text,
            editor.client.get("/audit", params={"subject": line}).text,
            editor.client.get("/sign-in", params={"next": line}).text,
            editor.client.get(f"/drafts/{planted}/revisions", params={"old": line}).text,
            editor.client.get("/drafts/" + re.sub(r"[^\w<>'\"]", "", line)[:40]).text,
        ]
        for page in pages:
            harmless(page)
    token = _token(editor.get(address))
    for line in lines(shared)[::4]:
        answer = editor.client.post(f"{address}/check", data={"form_token": token, "text": f"说：{line}"})
        assert answer.status_code == 200
        harmless(answer.text)
    text = "\n\n".join(lines(shared)[::6])
    answer = editor.client.post(address, data={"form_token": token, "text": text, "do": "save"})
    assert answer.status_code in {200, 409}
    harmless(answer.text)
    newest = newsroom.drafts(DRAFT)[0].draft_id
    for view in (f"/drafts/{newest}", f"/drafts/{newest}/revisions", f"/drafts/{newest}/publish"):
        harmless(editor.get(view))


@pytest.mark.parametrize("line", OWN)
def test_hostile_names_and_documents_are_words(sign_in: SignIn, newsroom: Newsroom, line: str) -> None:
    chief = sign_in("主编")
    fact = next(fact for fact in newsroom.store.search_facts("南向资金 52.87") if fact.source)
    token = _token(chief.get("/people"))
    pages = [
        chief.client.post("/people/add", data={"form_token": token, "name": line, "role": "writer"}).text,
        chief.client.post("/me/tokens", data={"form_token": token, "label": line}).text,
        chief.client.post("/channels/halt", data={"form_token": token, "reason": line}).text,
        chief.get("/channels"),
        chief.client.post(
            "/sources/paste",
            data={
                "form_token": token,
                "title": line,
                "url": line,
                "publisher": line,
                "published_at": line,
                "text": line,
            },
        ).text,
        chief.client.post(
            "/sources/wishes",
            data={"form_token": token, "target": fact.fact_id, "day": DAY, "do": "pin", "reason": line},
        ).text,
        chief.client.post(
            f"/facts/{quote(fact.fact_id)}",
            data={"form_token": token, "do": "amend", "entity": line, "reason": line},
        ).text,
        chief.client.post(
            f"/drafts/{DRAFT}/sections/overview/sentence",
            data={"form_token": token, "do": "rewrite", "sentence": line},
        ).text,
        chief.get("/sources"),
        chief.get(f"/sources?day={DAY}"),
        chief.get("/audit"),
    ]
    for page in pages:
        harmless(page)


def _token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])
