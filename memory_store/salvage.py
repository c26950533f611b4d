"""What can be saved of a store that is damaged.

Captions are the truth, and lie in SQLite as text. Vectors are made from them, so a store is rebuilt from whatever
captions can still be read. Nothing that cannot be read is deleted: it is moved aside.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from memory_store.catalog import Entry, entry_of, without_row
from memory_store.embedders.base import Embedder
from memory_store.errors import StoreError, StoreTooNew
from memory_store.records import Caption
from memory_store.rows import caption_of

DATABASE = "chroma.sqlite3"
_PAGE = 256
_PREFIX = "rec-"
_SMALLEST_ROW = 48
"""Bytes of a row at least, where a table cannot tell how many it has."""


@dataclass
class Saved:
    """A recording as it was read from a damaged store."""

    entry: Entry
    captions: list[Caption]


def rebuild(folder: Path, embedder: Embedder, say: Callable[[str], None]) -> Path:
    """Move a damaged store aside and make a new one of its captions. Returns where the old one lies now.

    Vectors are made anew with `embedder`. Killed in between, the old store is in its place or whole beside it.
    Raises `StoreTooNew` where a newer version wrote parts of it, `StoreError` or `EmbedderError` where no new one can
    be made; the old one then stays as it is.
    """
    saved = _merged(salvage(folder / DATABASE))
    fresh = folder.with_name(f"{folder.name}.rebuilt-{os.getpid()}")
    try:
        _fill(fresh, saved, embedder, say)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    aside = set_aside(folder)
    os.replace(fresh, folder)
    captions = sum(len(recording.captions) for recording in saved)
    say(f"saved {captions} captions of {len(saved)} recordings; the damaged store lies in {aside}")
    return aside


def set_aside(path: Path, name: str = "") -> Path:
    """Rename a file or folder that cannot be used, with the time (`name` instead of its own), and return its place."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{name or path.name}.damaged-{stamp}")
    while aside.exists():
        aside = aside.with_name(f"{aside.name}+")
    os.replace(path, aside)
    for more in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.replace(f"{path}{more}", f"{aside}{more}")
    return aside


_TABLES = {
    "collections": "id, name",
    "collection_metadata": "collection_id, key, coalesce(str_value, int_value, float_value, bool_value)",
    "segments": "id, collection",
    "embeddings": "rowid, embedding_id, segment_id",
    "embedding_metadata": "id, key, coalesce(string_value, int_value, float_value, bool_value)",
}
"""What is read of Chroma's tables."""


def salvage(file: Path) -> Iterator[Saved]:
    """Yield the recordings and captions that can still be read of a database, page by page around what is damaged."""
    try:
        connection = open_database(file)
    except (sqlite3.Error, OSError):
        return
    with closing(connection):
        collections, about, segments, embeddings, values = (
            _rows(connection, file.stat().st_size, columns, table) for table, columns in _TABLES.items()
        )
        described, metadata = _grouped(about), _grouped(values)
        owners = dict(segments)
        of = {row: (id, owners.get(segment)) for row, id, segment in embeddings}
        for id, name in collections:
            if not str(name).startswith(_PREFIX):
                continue
            try:
                entry = entry_of(_Described(name, described.get(id, {})))
            except StoreTooNew:
                raise
            except StoreError:
                entry = without_row(name)
            mine = ((own, metadata.get(row, {})) for row, (own, owner) in of.items() if owner == id)
            yield Saved(entry, [replace(caption, recording=entry.recording.id) for caption in readable(mine)])


def _merged(saved: Iterable[Saved]) -> list[Saved]:
    """Return each recording once: a swap to another embedder that was cut short leaves two collections of it."""
    found: dict[str, Saved] = {}
    for one in sorted(saved, key=lambda one: not one.entry.recording.parts):
        standing = found.setdefault(one.entry.recording.id, Saved(one.entry, []))
        standing.captions += one.captions
    return list(found.values())


@dataclass(frozen=True)
class _Described:
    name: str
    metadata: dict[str, Any]


def readable(records: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[Caption]:
    """Yield the captions among records (id, metadata) that can be understood."""
    for id, metadata in records:
        if metadata.get("kind") == "caption":
            with suppress(StoreError):
                yield caption_of(id, metadata)


def _grouped(rows: list[tuple[Any, ...]]) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for owner, key, value in rows:
        found.setdefault(owner, {})[key] = value
    return found


def _rows(connection: sqlite3.Connection, file_size: int, columns: str, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table by ranges of rowid; a range that cannot be read is halved until it is one row."""
    try:
        last = connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0
    except sqlite3.Error:
        last = file_size // _SMALLEST_ROW
    query = f"SELECT {columns} FROM {table} WHERE rowid >= ? AND rowid < ?"
    found: list[tuple[Any, ...]] = []
    ranges = [(first, min(first + _PAGE, last + 1)) for first in range(0, last + 1, _PAGE)][::-1]
    while ranges:
        first, end = ranges.pop()
        try:
            found += connection.execute(query, (first, end)).fetchall()
        except sqlite3.Error:
            if end - first > 1:
                middle = (first + end) // 2
                ranges += [(middle, end), (first, middle)]
    return found


def open_database(file: Path) -> sqlite3.Connection:
    """Open for reading; a journal that a killed writer left is undone, which needs mode rw."""
    for mode in ("rw", "ro"):
        try:
            connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=10)
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            connection.execute("PRAGMA query_only = ON")
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError:
            if mode == "ro":
                raise
        else:
            return connection
    raise AssertionError("one of the two modes returned or raised")


def _fill(folder: Path, saved: list[Saved], embedder: Embedder, say: Callable[[str], None]) -> None:
    """Make a store of recordings and captions that were read from another."""
    from memory_store.store import Memory

    memory = Memory(str(folder), embedder)
    try:
        for recording in saved:
            memory.adopt(Entry(recording.entry.recording, notes=recording.entry.notes), recording.captions)
            say(f"{recording.entry.recording.name}: {len(recording.captions)} captions")
        if not saved:
            memory.recordings()
    finally:
        memory.close()
