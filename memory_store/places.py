"""Where a store lies: a folder of this machine, or a Chroma server that several writers share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from memory_store import schema
from memory_store.errors import MEND, StoreError, StoreFull, is_full, remedy
from memory_store.lock import StoreLock
from memory_store.peek import Peek

PREFIXES = ("rec-", "pic-")
"""Of the names of our collections; those of others on a server are none of our business."""


class Place(Protocol):
    """Gives out a Chroma client for one operation at a time."""

    mutex: threading.RLock
    """Held by operations that must not run side by side in this process."""
    shared: bool
    """Whether other processes may write between two operations without our noticing."""

    @contextmanager
    def use(self, on_wait: Callable[[str], None]) -> Iterator[tuple[Any, int]]:
        """Yield the client and a number that changes when what was cached may be outdated."""
        ...

    def release(self) -> None:
        """Let other processes in at once."""
        ...


class Folder:
    """An embedded store. The client is open only while the lock is held."""

    shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mutex = threading.RLock()
        self.lock = StoreLock(path, self._open, self._close)
        self._client: Any = None
        self._full: StoreFull | None = None

    @contextmanager
    def use(self, on_wait: Callable[[str], None]) -> Iterator[tuple[Any, int]]:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the memory cannot be kept in {self.path}: {error.strerror}") from error
        schema.check_folder(self.path)
        with chroma_errors(str(self.path)), self.lock.hold(on_wait) as generation, self.mutex:
            # After a write to a full disk Chroma's next one never returns: the client has to be opened anew first.
            if self._full is not None:
                raise StoreFull(str(self._full))
            try:
                with chroma_errors(str(self.path)):
                    yield self._client, generation
            except StoreFull as error:
                self._full = error
                self.lock.release()
                raise

    def release(self) -> None:
        self.lock.release()

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings

        # Chroma would read `.env` by itself, and wait for a pipe of that name.
        settings = Settings(_env_file=None, anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(str(self.path), settings=settings)
        schema.migrate(self._client, PREFIXES)
        schema.stamp_folder(self.path)

    def _close(self) -> None:
        client, self._client, self._full = self._client, None, None
        if client is not None:
            client.close()


class Server:
    """A Chroma server; it orders its writers itself."""

    shared = True

    def __init__(self, url: str) -> None:
        self.url = url
        self.mutex = threading.RLock()
        self._client: Any = None

    @contextmanager
    def use(self, on_wait: Callable[[str], None]) -> Iterator[tuple[Any, int]]:
        with chroma_errors(self.url):
            yield self._connected(), 0

    def release(self) -> None:
        with self.mutex:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self) -> Any:
        with self.mutex:
            if self._client is None:
                import chromadb
                from chromadb.config import Settings

                parts = urlsplit(self.url)
                try:
                    self._client = chromadb.HttpClient(
                        host=parts.hostname or "",
                        port=parts.port or (443 if parts.scheme == "https" else 8000),
                        ssl=parts.scheme == "https",
                        settings=Settings(_env_file=None, anonymized_telemetry=False),
                    )
                    schema.migrate(self._client, PREFIXES)
                except ValueError as error:
                    raise StoreError(f"no Chroma server answers at {self.url}: {_line(error)}") from error
            return self._client


_folders: dict[Path, Folder] = {}
_finding = threading.Lock()


def place(where: str, read_only: bool = False) -> Place:
    """Return the place named by a folder or an `http://HOST:PORT`; a folder is one object a process."""
    if where.startswith(("http://", "https://")):
        return Server(where)
    path = Path(where).expanduser().resolve()
    if read_only:
        return Peek(path)
    with _finding:
        return _folders.setdefault(path, Folder(path))


@contextmanager
def chroma_errors(where: str) -> Iterator[None]:
    """Turn what Chroma and its transport raise into `StoreError`."""
    try:
        yield
    except StoreError:
        raise
    except BaseException as error:
        # What Chroma's Rust half cannot handle comes as a panic, which is no `Exception`.
        if type(error).__name__ == "PanicException":
            raise StoreError(f"the memory in {where} is damaged: {_line(error)}; {MEND}") from None
        if type(error).__module__.partition(".")[0] in ("chromadb", "httpx", "httpcore"):
            # The disk of a server is not ours to look at.
            ours = not where.startswith(("http://", "https://"))
            todo = remedy(str(error), where) if ours else ""
            kind = StoreFull if ours and is_full(str(error), where) else StoreError
            raise kind(f"the memory in {where} cannot be used: {_line(error)}{todo and f'; {todo}'}") from error
        raise


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
