"""Whether a store on disk is whole."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from memory_store import catalog, schema
from memory_store.catalog import Entry
from memory_store.errors import MEND, StoreError, StoreTooNew
from memory_store.places import chroma_errors
from memory_store.prune import stray_collections
from memory_store.rows import line_id
from memory_store.salvage import DATABASE, open_database, readable

_PAGE = 500
_REBUILD = "rebuild the store from the captions that can be read"


@dataclass(frozen=True)
class Finding:
    """Something wrong with what is kept on disk."""

    what: str
    """In plain words."""
    repair: str
    """What repairing would do about it."""
    mendable: bool = True
    damaged: bool = False
    """Whether the store has to be rebuilt from what can be read of it."""


def database_problem(file: Path) -> str:
    """Return what SQLite says against a database file, or an empty string. A missing file is sound."""
    if not file.exists():
        return ""
    try:
        with closing(open_database(file)) as connection:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except (sqlite3.Error, OSError) as problem:
        return str(problem)
    return "" if said == "ok" else " ".join(str(said).split())


def check(folder: Path) -> list[Finding]:
    """Return what is wrong with the store in `folder`, reading only. The caller keeps other writers away.

    Takes as much temporary space as the store is large.
    """
    if not folder.exists():
        return []
    try:
        schema.check_folder(folder, migrates=False)
        found = []
    except StoreTooNew as problem:
        return [_too_new(problem)]
    except StoreError as problem:
        if MEND not in str(problem):
            return [Finding(str(problem), "bring it up to date")]
        found = [Finding(_bare(problem), "write it anew")]
    if said := database_problem(folder / DATABASE):
        return [*found, Finding(f"its database is damaged ({said})", _REBUILD, damaged=True)]
    if (folder / DATABASE).exists():
        found += _check_opened(folder)
    return found


def _check_opened(folder: Path) -> list[Finding]:
    """Check what only Chroma can read. It writes whenever it opens a store, so it is given a copy."""
    try:
        with TemporaryDirectory(prefix="videolucy-") as place:
            copy = shutil.copytree(folder, Path(place) / folder.name, ignore=shutil.ignore_patterns("store.*"))
            return _check_copy(folder, copy)
    except (OSError, shutil.Error) as problem:
        return [Finding(f"its vectors cannot be checked: no copy can be made ({problem})", "nothing", mendable=False)]


def _check_copy(folder: Path, copy: Path) -> list[Finding]:
    import chromadb
    from chromadb.config import Settings

    try:
        with chroma_errors(str(folder)):
            settings = Settings(_env_file=None, anonymized_telemetry=False)
            client: Any = chromadb.PersistentClient(str(copy), settings=settings)
            try:
                return list(_check_collections(client))
            finally:
                client.close()
    except StoreTooNew as problem:
        return [_too_new(problem)]
    except StoreError as problem:
        if MEND in str(problem):
            return [Finding(f"it cannot be opened ({_bare(problem)})", _REBUILD, damaged=True)]
        return [Finding(str(problem), "nothing: the store itself may be whole", mendable=False)]


def _check_collections(client: Any) -> Iterator[Finding]:
    for id, entry in catalog.entries(client).items():
        collection = catalog.collection_of(client, id)
        if collection is not None:
            yield from _check_recording(collection, entry)
    for collection in client.list_collections():
        if collection.name.startswith("pic-") and (problem := _vectors_problem(collection, 0)):
            yield Finding(f"pictures of the visual index, {collection.name}: {problem}", _REBUILD, damaged=True)
    if stray := stray_collections(client):
        yield Finding(f"collections that belong to no recording: {len(stray)}", "take them out")


def _check_recording(collection: Any, entry: Entry) -> Iterator[Finding]:
    name = entry.recording.name
    got = collection.get(where={"kind": "caption"}, include=["metadatas"])
    captions = list(readable(list(zip(got["ids"], got["metadatas"], strict=True))))
    lines = set(collection.get(where={"kind": "line"}, include=[])["ids"])
    if lost := len(got["ids"]) - len(captions):
        yield Finding(f"{name}: {lost} captions cannot be read", "take them out, to be made again", damaged=True)
    wanted = {line_id(caption.id, number) for caption in captions for number in range(len(caption.lines))}
    if missing := len(wanted - lines):
        yield Finding(f"{name}: {missing} lines have no vector", "make them from their captions")
    if stray := len(lines - wanted):
        yield Finding(f"{name}: {stray} lines belong to no caption", "take them out")
    if problem := _vectors_problem(collection, entry.dimension if entry.embedder else 0):
        yield Finding(f"{name}: {problem}", _REBUILD, damaged=True)


def _vectors_problem(collection: Any, dimension: int) -> str:
    """Return what is wrong with the vectors of a collection; `dimension` is 0 where any one will do."""
    lengths: Counter[int] = Counter()
    for at in range(0, collection.count(), _PAGE):
        try:
            lengths.update(map(len, collection.get(limit=_PAGE, offset=at, include=["embeddings"])["embeddings"]))
        except BaseException as problem:
            # What Chroma's Rust half cannot handle comes as a panic, which is no `Exception`.
            if isinstance(problem, (KeyboardInterrupt, SystemExit)):
                raise
            return f"its vectors cannot be read ({type(problem).__name__})"
    odd = set(lengths) - {dimension} if dimension else set()
    return f"{sum(lengths[length] for length in odd)} vectors of a wrong size" if odd else ""


def _too_new(problem: StoreError) -> Finding:
    return Finding(str(problem), "nothing: it needs a newer videolucy", mendable=False)


def _bare(problem: StoreError) -> str:
    """Return a message without the advice to repair, which is about to happen."""
    return str(problem).removesuffix(f"; {MEND}")
