"""The version of what is written to a store, checked whenever one is opened."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memory_store.errors import StoreError

SCHEMA = 1
"""Raised whenever older code could misread what newer code writes."""

_FILE = "schema.json"


def check_folder(folder: Path) -> None:
    """Raise `StoreError` if the store in `folder` is of a newer version or its version cannot be read."""
    file = folder / _FILE
    try:
        version = json.loads(file.read_text())["schema"]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file} cannot be read, so the version of this memory is unknown") from error
    _check(version, str(folder))


def stamp_folder(folder: Path) -> None:
    """Write the version beside the store, once; the caller holds the lock."""
    file = folder / _FILE
    if not file.exists():
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps({"schema": SCHEMA}))
        os.replace(unfinished, file)


def check_collection(name: str, metadata: Mapping[str, Any]) -> None:
    """Raise `StoreError` if a collection was written by a newer version."""
    _check(metadata.get("schema"), f"collection {name}")


def _check(version: Any, where: str) -> None:
    if not isinstance(version, int):
        raise StoreError(f"the memory in {where} has no version that can be read")
    if version > SCHEMA:
        raise StoreError(
            f"the memory in {where} is of version {version}; this videolucy reads up to {SCHEMA}: update it"
        )
