"""Which addresses a channel may call: public ones, over https, and the very one that was checked.

A name that resolves to a private, local, link-local, shared, multicast or translated address is refused, so that nobody
who may set a webhook can make the house call its own network. The connection goes to the checked address itself; what
the name resolves to a moment later does not matter.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from quantshark.errors import TargetError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TRANSLATED = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


@dataclass(frozen=True, slots=True)
class Checked:
    """A web address whose host was looked up and found fit: `url` has the address in the host's place."""

    url: str
    host: str
    """The `Host` header: the name, with the port where one is given."""
    name: str
    """The name that the certificate must bear."""


def checked(url: str, *, private: bool = False) -> Checked:
    """Look up and check; raises TargetError. `private` lets an operator call the house's own network, http included."""
    parts = urlsplit(url)
    if parts.scheme not in (("https", "http") if private else ("https",)) or not parts.hostname:
        raise TargetError(f"a channel is called over https; {_shown(url)} is not", url=_shown(url))
    if parts.username or parts.password:
        raise TargetError(f"{_shown(url)} carries a password; put it into the channel's `secret`", url=_shown(url))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = _looked_up(parts.hostname, port)
    bad = [address for address in found if not private and not is_public(address)]
    if bad:
        raise TargetError(
            f"{parts.hostname} is at {bad[0]}, which is not public; give another address, or set `private = true` for it",
            url=_shown(url),
        )
    place = f"[{found[0]}]" if found[0].version == 6 else str(found[0])
    query = f"?{parts.query}" if parts.query else ""
    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    return Checked(f"{parts.scheme}://{place}:{port}{parts.path or '/'}{query}", host, parts.hostname)


def is_public(address: Address) -> bool:
    """May anybody on the internet be at this address?"""
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(inner)
    if any(address in net for net in TRANSLATED if net.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def _looked_up(name: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TargetError(f"{name} cannot be looked up ({error}); check the name and the network", name=name) from error
    return [ipaddress.ip_address(str(each[4][0]).split("%")[0]) for each in found]


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}/…"
