"""Folders that commands write to."""

from __future__ import annotations

from pathlib import Path

from tools.errors import BadInput


def made(folder: Path) -> Path:
    """Return the folder of a run, made where there was none. Raises `BadInput`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadInput(f"the folder of the run, {folder}, cannot be made: {problem.strerror}") from None
    return folder
