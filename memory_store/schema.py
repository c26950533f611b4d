"""The version of what is written to a store, checked whenever one is opened."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from memory_store.errors import MEND, StoreError, StoreTooNew

SCHEMA = 1
"""Raised whenever older code could misread what newer code writes."""

STEPS: dict[int, Callable[[Any, Any], None]] = {}
"""How a collection of a version becomes one of the next: called with the client and the collection. A step may be
cut short and called again."""

_FILE = "schema.json"


def check_folder(folder: Path, migrates: bool = True) -> None:
    """Raise `StoreError` if the store in `folder` is of a newer version or its version cannot be read.

    Without `migrates` (the caller only reads) also if it is of an older one.
    """
    file = folder / _FILE
    try:
        version = json.loads(file.read_text())["schema"]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file} cannot be read, so the version of this memory is unknown; {MEND}") from error
    _check(version, str(folder))
    if version < SCHEMA and not migrates:
        raise StoreError(
            f"the memory in {folder} is of version {version}; `videolucy doctor --store --repair` brings it up to date"
        )


def _version(file: Path) -> Any:
    try:
        return json.loads(file.read_text())["schema"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stamp_folder(folder: Path) -> None:
    """Write the version beside the store; the caller holds the lock, and has migrated what is older."""
    file = folder / _FILE
    if _version(file) != SCHEMA:
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps({"schema": SCHEMA}))
        os.replace(unfinished, file)


def migrate(client: Any, prefixes: tuple[str, ...]) -> None:
    """Bring every collection of ours up to this version; the caller keeps other writers away."""
    for collection in client.list_collections():
        if not collection.name.startswith(prefixes):
            continue
        metadata = dict(collection.metadata or {})
        version = metadata.get("schema")
        while isinstance(version, int) and version in STEPS and version < SCHEMA:
            STEPS[version](client, collection)
            version += 1
            metadata = dict(client.get_collection(collection.name, embedding_function=None).metadata)
            collection.modify(metadata=metadata | {"schema": version})


def check_collection(name: str, metadata: Mapping[str, Any]) -> None:
    """Raise `StoreError` if a collection was written by a newer version."""
    _check(metadata.get("schema"), f"collection {name}")


def _check(version: Any, where: str) -> None:
    if not isinstance(version, int) or version < 1:
        raise StoreError(f"the memory in {where} has no version that can be read; {MEND}")
    if version > SCHEMA:
        raise StoreTooNew(
            f"the memory in {where} is of version {version}; this videolucy reads up to {SCHEMA}: update it"
        )
