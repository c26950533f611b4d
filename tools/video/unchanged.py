"""Whether a file is still the one that was identified: else its pictures would be remembered as another's."""

from __future__ import annotations

import os
from dataclasses import dataclass

from memory_store.records import Part
from tools.video.errors import VideoError
from tools.video.identity import sampled


@dataclass(frozen=True)
class _Mark:
    """What tells at little cost that a file is the same."""

    status: tuple[int, ...]
    size: int
    content: bytes
    """Hash of samples of the first `size` bytes: a recording that still grows stays the same."""


_marks: dict[tuple[str, str], _Mark] = {}
"""By path and identity, of what this process identified."""


def remember(path: str, id: str, status: os.stat_result) -> None:
    """Keep what tells whether the file at `path` stays the part `id`. `status` is from before it was identified."""
    try:
        _marks[path, id] = _Mark(_key(status), status.st_size, sampled(path, status.st_size))
    except OSError:
        _marks.pop((path, id), None)


def ensure_unchanged(part: Part) -> None:
    """Raise `VideoError` where the part's file was replaced or edited since this process identified it."""
    mark = _marks.get((part.path, part.id))
    if mark is None:
        return
    try:
        status = os.stat(part.path)
        if _key(status) == mark.status:
            return
        if status.st_size >= mark.size and sampled(part.path, mark.size) == mark.content:
            _marks[part.path, part.id] = _Mark(_key(status), mark.size, mark.content)
            return
    except OSError:
        # A file that was removed can be read to its end by who has it open; the next to open it will say so.
        return
    raise VideoError(f"{part.path} was changed while it was being read; ask again")


def _key(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
