"""From what a user names to the ordered files of a recording."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from memory_store.records import Part
from tools.errors import BadInput
from tools.video.container import require_file
from tools.video.identity import part_id
from tools.video.probe import probe

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg", "vob", "ogv"),
        *("flv", "f4v", "wmv", "asf", "3gp", "3g2", "mxf"),
    )
)
"""What counts as a video in a folder; a file named by the user may be called anything."""
LISTS = frozenset((".txt", ".m3u", ".lst"))
_LONGEST_LIST = 4 << 20
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def find_parts(source: str, full_hash: bool = False) -> tuple[str, tuple[Part, ...]]:
    """Return the display name and the parts of the recording that `source` names, in order.

    `source` is a video file, a folder (its video files in natural order, subfolders and hidden files
    left out), or a list file (one path a line, relative to the list; `#` begins a comment line).
    Raises `BadInput` with one line where it cannot be used.
    """
    if not isinstance(source, str) or not source.strip():
        raise BadInput("no video was given")
    if _URL.match(source):
        raise BadInput(f"{source}: URLs need the `download` extra, which is not part of this version")
    path = Path(os.path.abspath(os.path.expanduser(source)))
    if os.path.isdir(path):
        files = _in_folder(path)
    elif path.suffix.lower() in LISTS:
        files = _in_list(path)
    else:
        files = [path]
    return path.name or str(path), tuple(_parts(files, full_hash))


def _parts(files: list[Path], full_hash: bool) -> Iterator[Part]:
    start = 0.0
    for file in files:
        seen = probe(str(file))
        yield Part(
            id=part_id(str(file), full_hash),
            path=str(file),
            start=round(start, 6),
            duration=seen.duration,
            width=seen.width,
            height=seen.height,
            fps=seen.fps,
            codec=seen.codec,
        )
        start += seen.duration


def _in_folder(folder: Path) -> list[Path]:
    try:
        found = [
            entry
            for entry in folder.iterdir()
            if entry.suffix.lower() in SUFFIXES and not entry.name.startswith(".") and entry.is_file()
        ]
    except OSError as problem:
        raise BadInput(f"cannot read the folder {folder}: {problem.strerror}") from None
    if not found:
        raise BadInput(f"the folder {folder} holds no video files")
    return sorted(found, key=lambda entry: _natural(entry.name))


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a key that sorts `clip2` before `clip10`."""
    pieces = re.findall(r"\d+|\D+", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces], name


def _in_list(path: Path) -> list[Path]:
    if require_file(str(path)).st_size > _LONGEST_LIST:
        raise BadInput(f"{path} is too large for a list of videos")
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not a list of videos: it is not text") from None
    except OSError as problem:
        raise BadInput(f"cannot read {path}: {problem.strerror}") from None
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not entries:
        raise BadInput(f"the list {path} names no video")
    for entry in entries:
        if _URL.match(entry):
            raise BadInput(f"{path}: URLs need the `download` extra, which is not part of this version")
    return [Path(os.path.abspath(path.parent / os.path.expanduser(entry))) for entry in entries]
