"""Web addresses: which may be fetched, and how much of one may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from memory_store.records import digest
from tools.errors import BadInput

_LOOKS_LIKE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_LONGEST_NAME = 120


def is_address(source: str) -> bool:
    """Tell whether what a user named is an address and not a path."""
    return bool(_LOOKS_LIKE.match(source))


def redacted(text: str) -> str:
    """Return `text` with every address in it cut to what may be shown."""
    return re.sub(r"[a-z][a-z0-9+.-]+://[^\s'\"<>]+", lambda match: shown(match.group()), text, flags=re.IGNORECASE)


def without_credentials(source: str) -> str:
    """Return what a user named as it may be stored: an address loses its credentials, a path stays."""
    return Address.of(source).url if is_address(source) else source


def shown(url: str) -> str:
    """Return an address as messages show it: without credentials, its query (often a signature) left out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("://")[0] + "://…"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" + ("?…" if parts.query else "")


@dataclass(frozen=True)
class Address:
    """An http or https address. Credentials are kept apart, and out of everything that is shown or stored."""

    url: str
    """What to request: scheme and host in lower case, no credentials, no default port."""
    auth: tuple[str, str] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, source: str) -> Address:
        """Return the address a user named. Raises `BadInput` where it cannot be fetched."""
        source = source.strip()
        if not source.isprintable() or " " in source:
            raise BadInput(f"{shown(re.sub(r'[^!-~]', '', source))} is not a web address: it holds spaces or worse")
        try:
            parts = urlsplit(source)
            scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        except ValueError:
            raise BadInput(f"{shown(source)} is not a web address") from None
        if scheme not in _PORTS:
            raise BadInput(f"{shown(source)}: only http and https addresses can be fetched")
        if not host:
            raise BadInput(f"{shown(source)} is not a web address: it names no host")
        host = f"[{host}]" if ":" in host else host
        place = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
        auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return cls(urlunsplit((scheme, place, parts.path or "/", parts.query, parts.fragment)), auth)

    @property
    def key(self) -> str:
        """The name the cache knows the address by."""
        return digest(self.url)

    @property
    def with_credentials(self) -> str:
        """The address with its credentials, for a client that takes them no other way. Never shown or stored."""
        if self.auth is None:
            return self.url
        user, password = (quote(word, safe="") for word in self.auth)
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{user}:{password}@{rest}"

    @property
    def name(self) -> str:
        """What to call the video when nothing better is known: the last part of the path, else the host."""
        parts = urlsplit(self.url)
        last = unquote(parts.path.rstrip("/").rpartition("/")[2])
        return plain_name(last) or parts.netloc

    def __str__(self) -> str:
        return shown(self.url)


def plain_name(text: str) -> str:
    """Return a name from the web as one short printable line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:_LONGEST_NAME]
