"""Files of JSON lines that grow: a line added is kept for good, and one that a kill cut short is taken off."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def add_line(path: Path, held: Mapping[str, Any]) -> None:
    """Add an object as a line, for good once this returns. Raises `OSError`."""
    with path.open("ab") as file:
        file.write((json.dumps(held, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())


def take_off_cut(path: Path) -> None:
    """Take a last line that a kill cut short off a file, before anything is added to it. Raises `OSError`."""
    data = path.read_bytes() if path.exists() else b""
    if data and not data.endswith(b"\n"):
        os.truncate(path, data.rfind(b"\n") + 1)
