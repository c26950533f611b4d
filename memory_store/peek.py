"""A look into an embedded store that another process may be using: no lock, no write, no Chroma.

Opening a store through Chroma may write to it (it catches up with its own log), which must not
happen beside a writer. Captions and recordings lie in its SQLite file; vectors do not, so there is
no search here. Only what `Memory` reads is offered, in the shape of Chroma's own calls.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from memory_store import schema
from memory_store.errors import MEND, StoreError, remedy

_VALUE = "coalesce(m.{0}, m.int_value, m.float_value, m.bool_value)"


class Peek:
    """A place to read from only."""

    shared = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mutex = threading.RLock()

    @contextmanager
    def use(self, on_wait: Callable[[str], None]) -> Iterator[tuple[Any, int]]:
        schema.check_folder(self.path, migrates=False)
        try:
            with closing(_open(self.path / "chroma.sqlite3")) as connection:
                yield _Client(connection), 0
        except sqlite3.Error as error:
            todo = remedy(str(error), str(self.path)) or MEND
            raise StoreError(f"the memory in {self.path} cannot be read: {error}; {todo}") from error

    def release(self) -> None:
        """Nothing is held."""


def _open(file: Path) -> sqlite3.Connection:
    if not file.exists():
        return _nothing()
    # A writer that was killed leaves a journal that only a connection of mode rw may undo.
    for mode in ("rw", "ro"):
        try:
            connection = sqlite3.connect(f"{file.as_uri()}?mode={mode}", uri=True, timeout=10)
            connection.execute("PRAGMA query_only = ON")
            started = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'embedding_metadata'").fetchone()
        except sqlite3.OperationalError:
            if mode == "ro":
                raise
        else:
            return connection if started else _nothing()
    raise AssertionError("one of the two modes returned or raised")


def _nothing() -> sqlite3.Connection:
    """Return what a store looks like that holds nothing yet."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE collections (id, name)")
    return connection


class _Client:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def list_collections(self) -> list[_Collection]:
        rows = self._connection.execute("SELECT id, name FROM collections").fetchall()
        return [_Collection(self._connection, id, name) for id, name in rows]


class _Collection:
    def __init__(self, connection: sqlite3.Connection, id: str, name: str) -> None:
        self._connection, self.id, self.name = connection, id, name

    @property
    def metadata(self) -> dict[str, Any]:
        query = f"SELECT m.key, {_VALUE.format('str_value')} FROM collection_metadata m WHERE m.collection_id = ?"
        return dict(self._connection.execute(query, (self.id,)).fetchall())

    def get(
        self, ids: Sequence[str] | None = None, where: dict[str, str] | None = None, include: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return records by id, or all whose one metadata key has the value of `where`."""
        query, values = self._narrowed(ids, where)
        found: dict[str, dict[str, Any]] = {}
        for id, key, value in self._connection.execute(query, values):
            found.setdefault(id, {})[key] = value
        return {"ids": list(found), "metadatas": list(found.values())}

    def _narrowed(self, ids: Sequence[str] | None, where: dict[str, str] | None) -> tuple[str, list[str]]:
        query = (
            f"SELECT e.embedding_id, m.key, {_VALUE.format('string_value')} FROM segments s "
            "JOIN embeddings e ON e.segment_id = s.id JOIN embedding_metadata m ON m.id = e.id "
            "WHERE s.scope = 'METADATA' AND s.collection = ?"
        )
        if ids is not None:
            return f"{query} AND e.embedding_id IN ({', '.join('?' * len(ids))})", [self.id, *ids]
        if where:
            ((key, value),) = where.items()
            chosen = "SELECT w.id FROM embedding_metadata w WHERE w.key = ? AND w.string_value = ?"
            return f"{query} AND e.id IN ({chosen})", [self.id, key, value]
        return query, [self.id]
