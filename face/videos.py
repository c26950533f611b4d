"""The videos of the page and of reports: opened by name, dropped onto the page, or known to memory."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from face.checks import find
from face.timeline import Timeline, timeline
from memory_store.catalog import recognise
from memory_store.records import Part, Recording
from memory_store.store import Memory
from tools.clients import allowed_folders, check_paths
from tools.errors import BadInput
from tools.live import peek
from tools.settings import Settings
from tools.video.sources import LISTS, SOUNDS, SUFFIXES

_UNSAFE = re.compile(r"[^\w. -]+")
_LISTED = 500
"""Entries of a folder that are shown."""


class Videos:
    """What may be shown. Everything is named by the recording's id once it was opened here or is remembered."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: dict[str, Recording] = {}

    @property
    def memory(self) -> Memory:
        """What is remembered, opened for reading only: it waits for no lock."""
        return peek(self._settings).memory

    def open(self, source: str) -> dict[str, Any]:
        """Open a video by path or address (which may download it) and describe it. Raises `BadInput`."""
        name, parts = find(self._settings, source)
        recording = recognise(self.memory.recordings(), name, parts, self._settings.scopes)
        self._opened[recording.id] = recording
        return self.describe(recording, source)

    def known(self) -> list[dict[str, Any]]:
        """Describe the recordings that memory holds, with how many captions of each level."""
        memory = self.memory
        told = []
        for recording in memory.recordings():
            levels = Counter(caption.level for caption in memory.captions(recording.id) if caption.lines)
            told.append(self.describe(recording) | {"captions": dict(levels)})
        return told

    def describe(self, recording: Recording, source: str = "") -> dict[str, Any]:
        """Return a recording as the page knows it; `source` is what names it in a question."""
        return {
            "id": recording.id,
            "name": recording.name,
            "source": source or _source(recording),
            "duration": recording.duration,
            "here": all(self._readable(part) for part in recording.parts) and bool(recording.parts),
            "parts": [
                {"start": part.start, "duration": part.duration, "picture": part.picture, "codec": part.codec}
                for part in recording.parts
            ],
        }

    def recording(self, id: str) -> Recording:
        """Return a recording that was opened here or is remembered. Raises `BadInput`."""
        if id not in self._opened:
            for known in self.memory.recordings():
                self._opened.setdefault(known.id, known)
        if id not in self._opened:
            raise BadInput("that video is not known here; open it first")
        return self._opened[id]

    def file(self, id: str, number: int) -> str:
        """Return the path of a part. Raises `BadInput` where it is gone or may not be read here."""
        parts = self.recording(id).parts
        if not 0 <= number < len(parts):
            raise BadInput("the video has no such part")
        if not self._readable(parts[number]):
            raise BadInput(f"{parts[number].path} cannot be read any more")
        return parts[number].path

    def timeline(self, id: str) -> Timeline:
        """Return what is remembered of a recording, at a glance. Raises `BadInput`."""
        recording, memory = self.recording(id), self.memory
        known = any(one.id == id for one in memory.recordings())
        return timeline(recording, memory.captions(id) if known else ())

    def folder(self, path: str) -> dict[str, Any]:
        """List the folders and videos in a folder of this machine. Raises `BadInput`."""
        place = Path(path or os.getcwd()).expanduser()
        check_paths([place], allowed_folders(self._settings))
        try:
            entries = sorted(place.resolve().iterdir(), key=lambda entry: entry.name.casefold())
            shown = [entry for entry in entries if not entry.name.startswith(".")]
            folders = [entry.name for entry in shown if entry.is_dir()][:_LISTED]
            files = [entry.name for entry in shown if entry.suffix.lower() in SUFFIXES | SOUNDS | LISTS][:_LISTED]
        except OSError as problem:
            raise BadInput(f"folder {path!r} cannot be read: {(problem.strerror or 'error').lower()}") from None
        return {"folder": str(place.resolve()), "folders": folders, "files": files}

    async def keep(self, name: str, pieces: AsyncIterator[bytes]) -> str:
        """Keep a video that was dropped onto the page, under the home folder; return its path. Raises `BadInput`."""
        plain = _UNSAFE.sub("_", Path(name).name).strip(". ")[-100:]
        if Path(plain).suffix.lower() not in SUFFIXES | SOUNDS:
            raise BadInput(f"{name!r} is called neither like a video nor like a sound recording")
        folder = self._settings.home_path / "dropped"
        unfinished = folder / f".{os.urandom(8).hex()}"
        most, size = self._settings.download_limit * 1_000_000, 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                async for piece in pieces:
                    size += len(piece)
                    if size > most:
                        raise BadInput(f"{name!r} is larger than {self._settings.download_limit:g} MB (download_limit)")
                    file.write(piece)
            target = _free(folder / plain)
            unfinished.replace(target)
            return str(target)
        except OSError as problem:
            raise BadInput(f"{name!r} cannot be kept in {folder}: {(problem.strerror or 'error').lower()}") from None
        finally:
            unfinished.unlink(missing_ok=True)

    def _readable(self, part: Part) -> bool:
        try:
            check_paths([part.path], allowed_folders(self._settings))
        except BadInput:
            return False
        return os.path.isfile(part.path) and os.access(part.path, os.R_OK)


def _source(recording: Recording) -> str:
    """Return what names a remembered recording in a question: its file; of several parts, their folder."""
    if not recording.parts:
        return ""
    first = recording.parts[0].path
    return first if len(recording.parts) == 1 else str(Path(first).parent)


def _free(path: Path) -> Path:
    """Return `path`, or the first numbered one like it that is free."""
    number, free = 1, path
    while free.exists():
        number, free = number + 1, path.with_name(f"{path.stem}-{number + 1}{path.suffix}")
    return free
