"""The videos fetched so far: files named by their content, and an index from addresses to them."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.errors import BadInput
from tools.video.container import open_container
from tools.video.download.address import Address
from tools.video.download.direct import MB, Page, Transfer, Unchanged, Version, fetch, looks_like_page
from tools.video.download.errors import Denied, Refused, Unreachable
from tools.video.download.page import Pages, installed
from tools.video.identity import part_id


@dataclass(frozen=True)
class Download:
    """A video of the web as a local file."""

    name: str
    """What to call it: the page's title, else the last part of the address."""
    path: Path


@dataclass(frozen=True)
class _Entry:
    """What the index says of one address."""

    content: str
    name: str
    bytes: int
    page: bool = False
    etag: str = ""
    modified: str = ""
    size: int = 0

    @property
    def version(self) -> Version:
        return Version(self.etag, self.modified, self.size)


class Downloads:
    """Fetches videos into a folder, each content once; safe to use from several threads and processes.

    Args:
        folder: where the files lie.
        limit: MB a video may have.
        tell: is given one line at every step worth telling.
        private: whether hosts of this machine and its network may be asked.
    """

    def __init__(self, folder: Path, limit: float, tell: Callable[[str], None], private: bool = False) -> None:
        self._folder = folder
        self._index = folder / "index"
        self._limit = int(limit * MB)
        self._tell = tell
        self._private = private

    def get(self, source: str) -> Download:
        """Return the video at an address, fetched now unless it is here already.

        A file is asked after (only its version) each time; when nobody answers, or the server will give
        it no longer, the copy that is here serves. A page is not asked again. Raises `BadInput` with one
        line, which shows neither credentials nor the query of the address.
        """
        address = Address.of(source)
        try:
            self._index.mkdir(parents=True, exist_ok=True)
            with self._alone(address.key, f"{address}"):
                return self._get(address)
        except Refused as problem:
            raise BadInput(f"{address}: {problem}") from None
        except OSError as problem:
            raise BadInput(f"cannot keep downloads in {self._folder}: {problem.strerror or problem}") from None

    @contextmanager
    def _alone(self, key: str, what: str) -> Iterator[None]:
        """Let one thread of one process at a time fetch what `key` names."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._folder / f"{key}.lock")
        try:
            held = lock.acquire(timeout=0)
        except Timeout:
            self._tell(f"{what} is being fetched already; waiting for it")
            held = lock.acquire()
        with held:
            yield

    def _get(self, address: Address) -> Download:
        known = self._known(address.key)
        if known and known.page:
            return self._download(known)
        try:
            return self._direct(address, known)
        except Page:
            pass
        except Refused as problem:
            # Some sites turn clients away that they do not know; yt-dlp knows how to speak to them.
            if known or not isinstance(problem, Denied) or not installed():
                return self._fall_back(address, known, problem)
        return self._page(address)

    def _fall_back(self, address: Address, known: _Entry | None, problem: Refused) -> Download:
        if known is None:
            raise problem
        self._tell(f"{address}: {problem}; the copy fetched earlier is used")
        return self._download(known)

    def _direct(self, address: Address, known: _Entry | None) -> Download:
        transfer = Transfer(address, self._folder / f"{address.key}.part", self._limit, self._tell, self._private)
        try:
            version = fetch(transfer, known.version if known else Version())
            entry = self._adopt(transfer.file, address.name, version)
        except Unchanged:
            assert known is not None
            return self._download(known)
        except Refused as problem:
            if not isinstance(problem, Unreachable):
                transfer.drop()
            raise
        transfer.drop()
        self._note(address.key, entry)
        return self._download(entry)

    def _page(self, address: Address) -> Download:
        pages = Pages(self._limit, self._tell, self._private)
        found = pages.find(address)
        with self._alone(found.key, found.name):
            entry = self._known(found.key)
            if entry is None:
                whole = self._folder / f"{found.key}.whole"
                pages.fetch(found, whole)
                entry = self._adopt(whole, found.name, Version(), page=True)
                self._note(found.key, entry)
        self._note(address.key, entry)
        return self._download(entry)

    def _adopt(self, file: Path, name: str, version: Version, page: bool = False) -> _Entry:
        """Give a fetched file the name of its content. Raises `Refused` where it is no video."""
        try:
            open_container(str(file)).close()
            content = part_id(str(file))
        except BadInput:
            what = "is a web page," if looks_like_page(_beginning(file)) else "is"
            file.unlink(missing_ok=True)
            raise Refused(f"what it gives {what} not a video that can be read") from None
        size = file.stat().st_size
        os.replace(file, self._folder / content)
        return _Entry(content, name, size, page, **asdict(version))

    def _download(self, entry: _Entry) -> Download:
        return Download(entry.name, self._folder / entry.content)

    def _known(self, key: str) -> _Entry | None:
        """Return what the index says of a key, unless the file is gone or was changed."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            entry = _Entry(**json.loads((self._index / f"{key}.json").read_text("utf-8")))
            if (self._folder / entry.content).stat().st_size == entry.bytes:
                return entry
        return None

    def _note(self, key: str, entry: _Entry) -> None:
        file = self._index / f"{key}.json"
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(entry), ensure_ascii=False), "utf-8")
        os.replace(fresh, file)


class Kept(Downloads):
    """The videos fetched so far, and no others."""

    def get(self, source: str) -> Download:
        """Return the video at an address as it was fetched; nothing is asked of the web. Raises `BadInput`."""
        address = Address.of(source)
        known = self._known(address.key)
        if known is None:
            raise BadInput(f"{address} is not here yet and is not downloaded for this; `videolucy ingest` fetches it")
        return self._download(known)


def _beginning(file: Path) -> bytes:
    with file.open("rb") as data:
        return data.read(512)
