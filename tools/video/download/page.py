"""A video on a web page, found and fetched by yt-dlp as a library: YouTube, Bilibili and whatever else it knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from memory_store.records import digest
from tools.errors import BadInput
from tools.video.download.address import Address, plain_name, redacted
from tools.video.download.direct import MB
from tools.video.download.errors import Refused, Unreachable
from tools.video.download.hosts import check_url
from tools.video.download.merge import merge

_FORMATS = "b[height<=720][height>=480]/bv*[height<=720]+ba/b[height<=720]/bv*+ba/b/bv*"
"""One file with picture and sound where it is fine enough to read text in, else two streams that are put together;
more than 720 lines would be scaled down again before anyone looks.
"""
_NOT_OVER = frozenset(("is_live", "is_upcoming", "post_live"))


@dataclass(frozen=True)
class Found:
    """The one video of a page, and the streams it is fetched as."""

    name: str
    key: str
    """Names the video and its streams whatever address led to it."""
    streams: tuple[dict[str, Any], ...]


def installed() -> bool:
    """Tell whether yt-dlp is here."""
    return find_spec("yt_dlp") is not None


class Pages:
    """yt-dlp, limited to what is wanted of it: one video, over http(s), no program started, nothing printed."""

    def __init__(self, limit: int, tell: Callable[[str], None], private: bool = False) -> None:
        if not installed():
            raise Refused("it gives a web page, and videos on pages need: pip install 'videolucy[download]'")
        self._limit = limit
        self._tell = tell
        self._private = private
        self._done = 0
        self._told = 0

    def find(self, address: Address) -> Found:
        """Return the video of a page. Raises `Refused` where there is none, more than one, or one not yet over."""
        with self._open() as ydl:
            info = ydl.extract_info(address.with_credentials, download=False)
            entries = list(info["entries"]) if info and "entries" in info else []
            title = (info or {}).get("title")
            if len(entries) == 1:
                info = ydl.process_ie_result(entries[0], download=False)
        if not info:
            raise Refused("no video was found on it")
        if len(entries) > 1 or "entries" in info:
            raise Refused("it is a list of videos; name one video of it")
        if info.get("is_live") or info.get("live_status") in _NOT_OVER:
            raise Refused("it is a live stream; it can be asked about when it is over")
        streams = tuple({**info, "requested_formats": None, **one} for one in info.get("requested_formats") or [info])
        if any(not str(one.get("url", "")).startswith(("http://", "https://")) for one in streams):
            raise Refused("its streams cannot be fetched over http")
        stated = sum(one.get("filesize") or 0 for one in streams)
        if stated > self._limit:
            raise self._too_large()
        # Generic pages call any video by its file name: the page belongs to what names it.
        page = Address.of(str(info.get("webpage_url") or address.url)).url
        facts = [info.get("extractor_key"), page, info.get("id")]
        key = digest("|".join(str(fact) for fact in [*facts, *(one.get("format_id") for one in streams)]))
        return Found(plain_name(str(title or info.get("title") or "")) or address.name, key, streams)

    def fetch(self, found: Found, file: Path) -> None:
        """Fetch the streams of a video into `file`, going on with what an earlier run left.

        Raises `Refused`; what is too large is removed, the rest stays for the next time.
        """
        self._tell(f"fetching {found.name}")
        pieces = [file.with_name(f"{found.key}-{index}.stream") for index in range(len(found.streams))]
        try:
            with self._open() as ydl:
                for stream, piece in zip(found.streams, pieces, strict=True):
                    done, _ = ydl.dl(str(piece), stream)
                    if not done or not piece.exists():
                        raise Refused("a stream of the video could not be fetched")
                    self._done += piece.stat().st_size
        except _TooLarge:
            for piece in file.parent.glob(f"{found.key}-*"):
                piece.unlink()
            raise self._too_large() from None
        if len(pieces) == 1:
            pieces[0].replace(file)
            return
        try:
            merge(pieces, file)
        except BadInput:
            raise Refused("its picture and sound cannot be put together") from None
        finally:
            for piece in pieces:
                piece.unlink()

    @contextmanager
    def _open(self) -> Iterator[Any]:
        import yt_dlp

        options: dict[str, Any] = {
            "quiet": True,
            "noprogress": True,
            "logger": _Silent(),
            "cachedir": False,
            "noplaylist": True,
            "playlist_items": "1:2",
            "extract_flat": "in_playlist",
            "format": _FORMATS,
            "check_formats": None,
            "continuedl": True,
            "retries": 3,
            "fragment_retries": 3,
            "skip_unavailable_fragments": False,
            "external_downloader": {"default": "native"},
            "fixup": "never",
            "socket_timeout": 30,
            "progress_hooks": [self._watch],
        }
        check = (lambda url: None) if self._private else check_url

        class Checked(yt_dlp.YoutubeDL):
            """Every request of extractors and downloaders comes through `urlopen`; redirects are followed below it."""

            def urlopen(self, request: Any) -> Any:
                check(request if isinstance(request, str) else request.url)
                return super().urlopen(request)

        try:
            with Checked(options) as ydl:
                yield ydl
        except yt_dlp.utils.YoutubeDLError as problem:
            raise _plain(problem) from None

    def _watch(self, event: dict[str, Any]) -> None:
        got = self._done + (event.get("downloaded_bytes") or 0)
        if self._done + (event.get("total_bytes") or 0) > self._limit or got > self._limit:
            raise _TooLarge
        if got - self._told >= 64 * MB:
            self._told = got
            self._tell(f"{got / MB:,.0f} MB")

    def _too_large(self) -> Refused:
        return Refused(f"it is larger than the {self._limit / MB:,.0f} MB that are fetched at most (--download-limit)")


class _TooLarge(Exception):
    """More bytes than allowed; no error of yt-dlp, so that it does not try again."""


class _Silent:
    def debug(self, text: str) -> None: ...

    def info(self, text: str) -> None: ...

    def warning(self, text: str) -> None: ...

    def error(self, text: str) -> None: ...


def _plain(problem: Exception) -> Refused:
    """Return what yt-dlp says in a few words, without addresses and without its advice."""
    from yt_dlp.networking.exceptions import TransportError
    from yt_dlp.utils import ExtractorError, UnsupportedError

    inner = getattr(problem, "exc_info", None) or (None, None, None)
    cause = inner[1] if isinstance(inner[1], Exception) else problem
    if isinstance(cause, UnsupportedError):
        return Refused("it gives a web page on which no video was found")
    said = cause.orig_msg if isinstance(cause, ExtractorError) else str(cause)
    said = re.sub(r"\x1b\[[0-9;]*m|^ERROR: ", "", redacted(said)).strip()
    text = plain_name(said.partition("\n")[0].partition("; please report")[0]).rstrip(".") or type(cause).__name__
    if isinstance(cause, TransportError) or isinstance(getattr(cause, "cause", None), TransportError):
        return Unreachable(text)
    return Refused(f"yt-dlp cannot fetch it: {text}")
