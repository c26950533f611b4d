"""Which hosts of the web may be asked: not those of this machine or its network, unless somebody allows it.

A server that fetches what its users name would otherwise fetch from behind its own walls. A name is resolved once,
and the connection goes to an address that was checked, so that it cannot lead elsewhere a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tools.video.download.errors import Refused

if TYPE_CHECKING:
    import httpx

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REFUSED = "it leads to a host of this machine or its network, which is not asked (--private-hosts allows it)"


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet, also behind the ways to write IPv4 in IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> str:
    """Return an address of `host` to connect to. Raises `Refused` where one of its addresses is not public."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Refused("its host is not known") from None
    if not found or not all(map(is_public, found)):
        raise Refused(_REFUSED)
    return found[0]


def check_url(url: str) -> None:
    """Raise `Refused` unless an address is http(s) on public hosts. For clients that resolve names themselves."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("it leads on to what is no web address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("it leads on to an address that is not http or https")
    resolve(host, port or (443 if parts.scheme == "https" else 80))


def transport() -> httpx.BaseTransport | None:
    """Return what connects to checked addresses only; None where a proxy connects, which resolves names itself."""
    import httpx

    class Checked(httpx.HTTPTransport):
        """Every request of a client comes through here, redirects included."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            host = request.url.host
            address = resolve(host, request.url.port or (443 if request.url.scheme == "https" else 80))
            # The certificate is still checked against the name.
            request.extensions = {**request.extensions, "sni_hostname": host}
            request.url = request.url.copy_with(host=address)
            return super().handle_request(request)

    return None if _proxied() else Checked()


def hooks() -> dict[str, list[Any]]:
    """Return what checks the requests of a client behind a proxy."""
    return {"request": [lambda request: check_url(str(request.url))]} if _proxied() else {}


def _proxied() -> bool:
    return bool({"http", "https", "all"} & urllib.request.getproxies().keys())
