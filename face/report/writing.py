"""Puts the report of a session together, and writes it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from face.report.page import render
from face.stills import still
from face.told import Told
from face.videos import Videos
from tools.errors import BadInput
from tools.settings import Settings
from tools.video.errors import VideoError

_HEIGHT = 480
"""Pixels of a frame."""
_MOST_BYTES = 6_000_000
"""Of all frames together; the moments after that are shown without."""


def report(settings: Settings, thread: str) -> str:
    """Return the report of a session's newest question as HTML. Raises `BadInput` where there is no such session.

    A video that is gone, or memory that was deleted, leaves its pictures out; the rest is told all the same.
    """
    videos = Videos(settings)
    told = Told(settings, videos).session(thread)
    remembered = {recording.id for recording in videos.memory.recordings()}
    shown = [videos.timeline(one["id"]) for one in told["recordings"] if one["id"] in remembered]
    return render(told, shown, _pictures(videos, told["evidence"]))


def check_writable(file: Path) -> None:
    """Raise `BadInput` where a report cannot be written to `file`. Nothing is left behind."""
    if file.is_dir():
        raise BadInput(f"the report cannot be written: {file} is a folder")
    try:
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as problem:
        raise BadInput(f"the report cannot be written to {file}: {(problem.strerror or 'error').lower()}") from None


def write(text: str, file: Path) -> None:
    """Write a report; what stood there is replaced at once, or not at all. Raises `BadInput`."""
    check_writable(file)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    except OSError as problem:
        raise BadInput(f"the report cannot be written to {file}: {(problem.strerror or 'error').lower()}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _pictures(videos: Videos, evidence: list[dict[str, Any]]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for number, item in enumerate(evidence, 1):
        try:
            picture = still(videos.recording(item["recording"]), (item["start"] + item["end"]) / 2, _HEIGHT).jpeg
        except (BadInput, VideoError, OSError):
            continue  # gone, or sound only
        if sum(map(len, found.values())) + len(picture) <= _MOST_BYTES:
            found[number] = picture
    return found
