"""Addresses that may be printed: http and https with a host, nothing else. What is not an address is not linked."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from quantshark.model import Document

_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?#@!$&*+,;=%\[\]]+")
_LENGTH = 2000


def is_address(url: str) -> bool:
    """Is this an absolute web address of harmless characters (no space, quote, angle bracket or backslash)?"""
    if len(url) > _LENGTH or _PLAIN.fullmatch(url) is None:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def document_url(document: Document, site_url: str) -> str:
    """Where a reader finds a document: its own address if it has a printable one, else our page of it."""
    return (
        document.url if is_address(document.url) else f"{site_url.rstrip('/')}/News/{quote(document.doc_id, safe='')}"
    )


def absolute(target: str, site_url: str) -> str | None:
    """A link's target as an absolute address; None when it is none that may be printed."""
    if target.startswith("/") and not target.startswith("//"):
        target = site_url.rstrip("/") + target
    return target if is_address(target) else None
