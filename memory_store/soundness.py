"""Whether a store on disk is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memory_store import catalog, schema
from memory_store.catalog import Entry
from memory_store.errors import StoreError
from memory_store.places import chroma_errors
from memory_store.rows import line_id
from memory_store.salvage import DATABASE, open_database, readable


@dataclass(frozen=True)
class Finding:
    """Something wrong with a store."""

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
    """Return what is wrong with the store in `folder`, reading only. The caller keeps other writers away."""
    found: list[Finding] = []
    if not folder.exists():
        return found
    try:
        schema.check_folder(folder)
    except StoreError as problem:
        if "update it" in str(problem):
            return [Finding(str(problem), "nothing: it needs a newer videolucy", mendable=False)]
        found.append(Finding(str(problem), "write it anew"))
    if problem_said := database_problem(folder / DATABASE):
        what = f"its database is damaged ({problem_said})"
        return [*found, Finding(what, "rebuild it from the captions that can be read", damaged=True)]
    if not (folder / DATABASE).exists():
        return found
    try:
        found += _check_collections(folder)
    except StoreError as problem:
        found.append(
            Finding(f"it cannot be opened ({problem})", "rebuild it from the captions that can be read", damaged=True)
        )
    return found


def _check_collections(folder: Path) -> list[Finding]:
    import chromadb
    from chromadb.config import Settings

    found: list[Finding] = []
    with chroma_errors(str(folder)):
        settings = Settings(_env_file=None, anonymized_telemetry=False)
        client: Any = chromadb.PersistentClient(str(folder), settings=settings)
        try:
            for id, entry in catalog.entries(client).items():
                collection = catalog.collection_of(client, id)
                if collection is not None:
                    found += _check_recording(collection, entry)
        finally:
            client.close()
    return found


def _check_recording(collection: Any, entry: Entry) -> list[Finding]:
    name = entry.recording.name
    got = collection.get(where={"kind": "caption"}, include=["metadatas"])
    captions = list(readable(list(zip(got["ids"], got["metadatas"], strict=True))))
    lines = set(collection.get(where={"kind": "line"}, include=[])["ids"])
    found: list[Finding] = []
    if lost := len(got["ids"]) - len(captions):
        found.append(
            Finding(f"{name}: {lost} captions cannot be read", "take them out, to be made again", damaged=True)
        )
    wanted = {line_id(caption.id, number) for caption in captions for number in range(len(caption.lines))}
    if missing := len(wanted - lines):
        found.append(Finding(f"{name}: {missing} lines have no vector", "make them from their captions"))
    if stray := len(lines - wanted):
        found.append(Finding(f"{name}: {stray} lines belong to no caption", "take them out"))
    try:
        sample = collection.get(include=["embeddings"])["embeddings"]
        odd = entry.embedder and any(len(vector) != entry.dimension for vector in sample)
    except Exception as problem:
        what = f"{name}: its vectors cannot be read ({type(problem).__name__})"
        return [*found, Finding(what, "make them from their captions", damaged=True)]
    return [*found, Finding(f"{name}: vectors of a wrong size", "make them anew", damaged=True)] if odd else found
