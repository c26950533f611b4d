"""A file of the web: fetched in one piece or, where the connection breaks, in several."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tools.video.download import hosts
from tools.video.download.address import Address
from tools.video.download.errors import Denied, Refused, Unreachable

if TYPE_CHECKING:
    import httpx

MB = 1_000_000
_TRIES = 4
"""Requests in a row that may bring nothing before fetching is given up."""
_PAUSE = 0.5
"""Seconds to wait after a request that brought nothing; twice as long after each further one."""
_REDIRECTS = 10
_PAGES = frozenset(
    ("text/html", "application/xhtml+xml", "application/dash+xml", "application/x-mpegurl")
    + ("application/vnd.apple.mpegurl", "audio/mpegurl", "audio/x-mpegurl")
)
"""Content types of web pages and of lists of pieces, which are no videos themselves."""
_PAGE = re.compile(rb"\s*(<!doctype html|<html|<\?xml|#EXTM3U)", re.IGNORECASE)
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True)
class Version:
    """What a server says of a file, by which a later answer is known to be the same file."""

    etag: str = ""
    modified: str = ""
    size: int = 0
    """Bytes; 0 where the server does not say."""

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified or self.size)

    @property
    def strong(self) -> str:
        """What a request for the rest of a file may lean on (RFC 9110, 13.1.5), or an empty string."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified

    def same(self, other: Version) -> bool:
        """Tell whether both are of the same file as far as they say anything; nothing said is not the same."""
        pairs = [(getattr(self, name), getattr(other, name)) for name in ("etag", "modified", "size")]
        told = [one == two for one, two in pairs if one and two]
        return bool(told) and all(told)


@dataclass(frozen=True)
class Transfer:
    """A fetch in progress: `file` grows, and `note` beside it says of which version it is."""

    address: Address
    file: Path
    limit: int
    """Bytes at most."""
    tell: Callable[[str], None]
    private: bool = False
    """Whether hosts of this machine and its network may be asked."""

    @property
    def note(self) -> Path:
        return self.file.with_suffix(".json")

    def drop(self) -> None:
        """Remove what was fetched so far."""
        self.file.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


class Page(Exception):
    """The address gives a web page or a list of pieces, not a video."""


class Unchanged(Exception):
    """The server still has the version that is already here."""


def fetch(transfer: Transfer, known: Version) -> Version:
    """Fetch a file whole, going on with what `transfer.file` already holds of it.

    Raises `Unchanged` when the server has just the version `known`, `Page` when there is no file,
    `Refused` when it cannot be had; what was fetched stays for the next time unless it is of no use.
    """
    import httpx

    fruitless, furthest = 0, _size(transfer.file)
    with httpx.Client(
        follow_redirects=True,
        max_redirects=_REDIRECTS,
        timeout=httpx.Timeout(30.0, connect=15.0),
        auth=transfer.address.auth,
        headers={"Accept-Encoding": "identity", "User-Agent": "videolucy"},
        transport=None if transfer.private else hosts.transport(),
        event_hooks={} if transfer.private else hosts.hooks(),
    ) as client:
        while True:
            try:
                return _request(client, transfer, known)
            except (httpx.UnsupportedProtocol, httpx.InvalidURL):
                transfer.drop()
                raise Refused("it leads on to an address that is not http or https") from None
            except httpx.TooManyRedirects:
                raise Refused("it leads on from address to address without end") from None
            except (httpx.TransportError, _ServerFault) as problem:
                # What is begun anew has to get further than before: a server that lies would keep us for ever.
                fruitless = 0 if _size(transfer.file) > furthest else fruitless + 1
                furthest = max(furthest, _size(transfer.file))
                if fruitless == _TRIES or (fruitless and isinstance(problem, httpx.ConnectError)):
                    raise _given_up(problem, transfer) from None
                if fruitless:
                    time.sleep(_PAUSE * 2 ** (fruitless - 1))
                else:
                    transfer.tell(f"the connection broke off after {_mb(_size(transfer.file))}; going on")


class _ServerFault(Exception):
    """The server fails now (HTTP 5xx, 429), or gives a piece that was not asked for."""


def _given_up(problem: Exception, transfer: Transfer) -> Refused:
    if isinstance(problem, _ServerFault):
        return Unreachable(str(problem))
    held = _size(transfer.file)
    if held:
        return Unreachable(f"the connection breaks off after {_mb(held)}; the same command goes on from there")
    why = " ".join(str(problem).split())[:120]
    return Unreachable("it cannot be reached" + (f" ({why})" if why else ""))


def _request(client: httpx.Client, transfer: Transfer, known: Version) -> Version:
    held, of = _size(transfer.file), _noted(transfer)
    headers: dict[str, str] = {}
    if held and of:
        headers["Range"] = f"bytes={held}-"
        if of.strong:
            headers["If-Range"] = of.strong
    elif known:
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.modified} if known.modified else {}
    with client.stream("GET", transfer.address.url.partition("#")[0], headers=headers) as response:
        if response.status_code == 304:
            raise Unchanged
        if response.status_code == 416:
            transfer.drop()
            raise _ServerFault("the server gives no rest of the file (HTTP 416)")
        _check_status(response.status_code)
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind in _PAGES:
            transfer.drop()
            raise Page
        start, version = _described(response)
        if start and (start != held or not of.same(version)):
            transfer.drop()
            raise _ServerFault("the file changed while it was fetched")
        if not start and known and known.same(version):
            raise Unchanged
        _write(response, transfer, start, version)
    if version.size and _size(transfer.file) != version.size:
        transfer.drop()
        raise _ServerFault("the server sends more or less than it says")
    return replace(version, size=_size(transfer.file))


def _check_status(status: int) -> None:
    if status < 300:
        return
    if status in (404, 410):
        raise Refused(f"there is nothing there (HTTP {status})")
    if status >= 500 or status == 429:
        raise _ServerFault(f"the server fails (HTTP {status})")
    if status == 401:
        raise Unreachable("it wants other credentials than given (HTTP 401)")
    raise Denied(f"the server refuses (HTTP {status})")


def _described(response: httpx.Response) -> tuple[int, Version]:
    """Return the byte a reply begins at, and the version of the whole file it is of."""
    start, size = 0, int(response.headers.get("Content-Length") or 0)
    if response.status_code == 206:
        place = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if place is None:
            raise _ServerFault("the server does not say which piece it gives")
        start, size = int(place[1]), int(place[2])
    return start, Version(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""), size)


def _write(response: httpx.Response, transfer: Transfer, start: int, version: Version) -> None:
    if version.size > transfer.limit:
        raise _too_large(transfer, f"it is {_mb(version.size)}")
    held, told = start, start // _step(version)
    transfer.note.write_text(json.dumps(asdict(version)))
    with transfer.file.open("ab" if start else "wb") as file:
        for block in response.iter_raw():
            if not held and looks_like_page(block):
                transfer.drop()
                raise Page
            held += len(block)
            if held > transfer.limit:
                raise _too_large(transfer, "it goes on and on")
            file.write(block)
            if held // _step(version) > told:
                told = held // _step(version)
                transfer.tell(_mb(held) + (f" of {_mb(version.size)}" if version.size else ""))


def looks_like_page(data: bytes) -> bool:
    """Tell whether the beginning of a file is that of a web page or of a list of pieces."""
    return bool(_PAGE.match(data))


def _too_large(transfer: Transfer, how: str) -> Refused:
    transfer.drop()
    return Refused(f"{how}, and at most {_mb(transfer.limit)} are fetched (--download-limit)")


def _step(version: Version) -> int:
    """Return how many bytes lie between two progress lines."""
    return max(64 * MB, version.size // 10)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _noted(transfer: Transfer) -> Version:
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Version(**json.loads(transfer.note.read_text()))
    return Version()


def _mb(size: int) -> str:
    return f"{size / MB:,.1f} MB" if size < 100 * MB else f"{size / MB:,.0f} MB"
